/* Songkick API v3 (https://www.songkick.com/developer): calendars of artists and venues, single events.
 *
 * An artist's calendar comes in pages of 50. Page 1 tells how many there are, so the others and the details
 * of page 1's venues are asked for together; only venue details have street and postal code. What the API
 * does otherwise than it says is noted where it is dealt with. */
#include <string.h>

#include "identity.h"
#include "songkick_read.h"
#include "translators/ask/answer.h"
#include "translators/ask/jget.h"
#include "translators/ask/mbid.h"
#include "translators/ask/paging.h"
#include "translators/ask/plan.h"
#include "translators/ask/provider_url.h"
#include "translators/base/arena.h"
#include "translators/base/text.h"
#include "translators/curate/curate.h"
#include "translators/curate/repetitions.h"
#include "translators/model/model.h"
#include "translators/model/zone.h"

#define PER_PAGE        50
#define MAX_PAGES       20  /* 1,000 upcoming events; the longest artist calendar seen has 47 */
#define MAX_PAGE_EVENTS 500 /* a page that holds ten times what was asked for is read no further */
#define MAX_CANDIDATES  10
#define MAX_COUNTED     5 /* candidates on tour whose concerts are counted */

/* ---- ids ---- */

static bool is_artist_id(const char *id)
{
    return text_is_number(id) || mbid_of_id(id) != NULL;
}

/* ---- answers ---- */

#define EVENTS_PATH "resultsPage.results.event"
#define COUNT_PATH  "resultsPage.totalEntries"

static const struct paging calendar_paging = {
    .list = EVENTS_PATH,
    .holder = EVENTS_PATH,
    .mark = "start",
    .size = "resultsPage.perPage",
    .count = COUNT_PATH,
    .per_page = PER_PAGE,
    .max_pages = MAX_PAGES,
};

/* Has an answer the shape for its question? */
static bool is_of_kind(enum resource kind, const json_t *answer)
{
    if (!json_is_object(jget(answer, "resultsPage.results")))
        return false;
    if (kind == RESOURCE_VENUE)
        return json_is_object(jget(answer, "resultsPage.results.venue"));
    if (kind == RESOURCE_ARTIST)
        return json_is_object(jget(answer, "resultsPage.results.artist"));
    return kind != RESOURCE_EVENTS || paging_is_page(&calendar_paging, answer);
}

/* Adds the events of one answer: a list, a single object, or nothing. */
static void add_events(struct plan *plan, const struct route_args *args, const json_t *answer,
                       struct document *out)
{
    const json_t *records = jget_list(answer, EVENTS_PATH);
    size_t n, n_added = 0, n_online = 0;
    struct event *events =
        document_open_events(plan_arena(plan), out, jget_size(records), MAX_PAGE_EVENTS, &n);

    for (size_t i = 0; i < n; i++) {
        struct event event = {0};
        struct curated curated;

        if (songkick_read_is_online(plan_arena(plan), jget_at(records, i), &curated)) {
            n_online++;
            if (curated.id != NULL)
                document_note(plan_arena(plan), out, &curated);
        } else if (songkick_read_event(plan, args, out, jget_at(records, i), &event)) {
            events[n_added++] = event;
        }
    }
    document_close_events(out, n, n_added, n_online);
}

/* All pages are needed: half a tour would look like a whole one. False: not all are here. */
static bool add_calendar(struct plan *plan, const struct route_args *args, const char *whose,
                         struct document *out)
{
    unsigned n_pages = 1;
    bool is_whole = true;

    for (unsigned page = 1; page <= n_pages; page++) {
        const json_t *answer = plan_need(plan, RESOURCE_EVENTS, "%s/%s/calendar.json?page=%u&per_page=%d",
                                         whose, args->id, page, PER_PAGE);

        if (answer == NULL) {
            is_whole = false;
            continue;
        }
        if (page == 1)
            n_pages = paging_count(&calendar_paging, answer);
        add_events(plan, args, answer, out);
    }
    if (is_whole && document_is_rubbish(out))
        plan_fail(plan, PROBLEM_UPSTREAM_RUBBISH, STRING_EVENTS_WITHOUT_ID_OR_DATE);
    return is_whole;
}

/* Details of a venue by its id; NULL when they are not here, or are none. A venue that Songkick does not know
 * makes no document incomplete: asking again changes nothing, and what its events say of it is good. */
static const json_t *venue_details(struct plan *plan, const char *id)
{
    return jget(plan_want(plan, RESOURCE_VENUE, "venues/%s.json", id), "resultsPage.results.venue");
}

/* Chooses what will be shown and completes it with details of the venues. */
static void finish(struct plan *plan, const struct route_args *args, bool ask_venues, struct document *out)
{
    curate_events(plan_arena(plan), out,
                  &(struct curation){.now_s = args->now_s,
                                     .apart_s = CURATION_DOORS_S,
                                     .limit = args->limit,
                                     .max_acts = args->max_performers,
                                     .history = args->history});
    for (size_t i = 0; i < out->n_events && ask_venues; i++) {
        struct event *event = &out->events[i];
        const json_t *venue = event->place.id != NULL ? venue_details(plan, event->place.id) : NULL;

        if (venue == NULL)
            continue;
        songkick_read_venue(plan_arena(plan), &event->place, venue);
        zone_settle(&event->place, &event->start);
        zone_settle(&event->place, &event->end);
    }
    repetitions_drop(out);
    if (document_drop_unusable(out))
        plan_mark_incomplete(plan);
}

/* ---- routes ---- */

/* A calendar is the artist's: who plays where nobody is named ("Special Guest") is the artist. */
static void fill_empty_bills(struct plan *plan, const struct route_args *args, struct document *out)
{
    for (size_t i = 0; i < out->n_events && out->artist.name != NULL; i++) {
        if (out->events[i].n_acts == 0)
            event_set_acts(plan_arena(plan), &out->events[i], NULL, 0, args->max_performers, &out->artist);
    }
}

/* The artist is known by its events, those that are over among them. Where none names it, as without any, its
 * own resource does. */
static void find_artist(struct plan *plan, const struct route_args *args, bool is_whole, struct document *out)
{
    out->artist = songkick_read_asked_artist(plan, args);
    document_find_artist(out);
    if (out->artist.name == NULL && is_whole)
        songkick_read_artist(
            plan, args,
            jget(plan_want(plan, RESOURCE_ARTIST, "artists/%s.json", args->id), "resultsPage.results.artist"),
            &out->artist);
}

static void songkick_artist(struct plan *plan, const struct route_args *args, struct document *out)
{
    bool is_whole;

    out->subject = SUBJECT_ARTIST;
    is_whole = add_calendar(plan, args, "artists", out);
    find_artist(plan, args, is_whole, out);
    finish(plan, args, true, out);
    fill_empty_bills(plan, args, out);
    identity_complete(plan, out, mbid_of_id(args->id));
}

static void songkick_venue(struct plan *plan, const struct route_args *args, struct document *out)
{
    const json_t *details = venue_details(plan, args->id);

    out->subject = SUBJECT_VENUE;
    out->venue.id = args->id;
    add_calendar(plan, args, "venues", out);
    finish(plan, args, true, out);
    if (details != NULL) {
        songkick_read_venue(plan_arena(plan), &out->venue, details);
        return;
    }
    for (size_t i = 0; i < out->n_events; i++) {
        if (out->events[i].place.id != NULL && strcmp(out->events[i].place.id, args->id) == 0) {
            out->venue = out->events[i].place;
            return;
        }
    }
}

static void keep_only(struct document *out, const char *id)
{
    size_t n = out->n_events;

    out->n_events = 0;
    for (size_t i = 0; i < n && out->n_events == 0; i++) {
        if (strcmp(out->events[i].id, id) == 0)
            out->events[out->n_events++] = out->events[i];
    }
}

static void songkick_event(struct plan *plan, const struct route_args *args, struct document *out)
{
    const json_t *answer = plan_need(plan, RESOURCE_EVENTS, "events/%s.json", args->id);

    out->subject = SUBJECT_EVENT;
    if (answer == NULL)
        return;
    add_events(plan, args, answer, out);
    keep_only(out, args->id);
    if (out->n_events == 0 && out->n_bad_records > 0)
        plan_fail(plan, PROBLEM_UPSTREAM_RUBBISH, STRING_EVENT_WITHOUT_ID_OR_DATE);
    else if (out->n_events == 0)
        plan_fail(plan, PROBLEM_NOT_FOUND, STRING_KNOWS_NOT_THIS_EVENT);
    finish(plan, args, false, out);
}

/* ---- search and pages ---- */

/* How many concerts an artist on tour has: page 1 of its calendar says so, which is what will be asked for
 * next when that artist is chosen. */
static int count_upcoming(struct plan *plan, const json_t *artist, const char *id, size_t *n_counted)
{
    const json_t *answer;

    if (jget_raw(artist, "onTourUntil") == NULL)
        return 0;
    if ((*n_counted)++ >= MAX_COUNTED)
        return -1;
    answer = plan_want(plan, RESOURCE_EVENTS, "artists/%s/calendar.json?page=1&per_page=%d", id, PER_PAGE);
    return jget_count(answer, COUNT_PATH);
}

static void songkick_search(struct plan *plan, const struct route_args *args, struct document *out)
{
    struct arena *arena = plan_arena(plan);
    const json_t *answer = plan_need(plan, RESOURCE_SEARCH, "search/artists.json?query=%s&page=1&per_page=%d",
                                     text_escape(arena, args->query), PER_PAGE);
    const json_t *artists = jget_list(answer, "resultsPage.results.artist");
    size_t n_counted = 0;

    out->subject = SUBJECT_SEARCH;
    out->candidates = arena_alloc(arena, MAX_CANDIDATES * sizeof(*out->candidates));
    for (size_t i = 0; i < jget_size(artists) && out->n_candidates < MAX_CANDIDATES; i++) {
        const json_t *artist = jget_at(artists, i);
        struct candidate found = {.id = songkick_read_id(arena, artist),
                                  .name = jget_text(arena, artist, "displayName"),
                                  .url = jget_url(arena, artist, "uri"),
                                  .on_tour_until = jget_text(arena, artist, "onTourUntil")};

        if (found.id == NULL || found.name == NULL)
            continue;
        found.n_upcoming = count_upcoming(plan, artist, found.id, &n_counted);
        out->candidates[out->n_candidates++] = found;
    }
}

/* /artists/6395144-name, /venues/…, /concerts/…, /festivals/12-name/id/41234567-name-2027 */
static bool songkick_recognise(const char *url, struct recognised *ret)
{
    static const struct {
        const char *path;
        enum subject subject;
    } pages[] = {{"/artists/", SUBJECT_ARTIST},
                 {"/venues/", SUBJECT_VENUE},
                 {"/concerts/", SUBJECT_EVENT},
                 {"/id/", SUBJECT_EVENT}};
    char whole[PROVIDER_URL_PATH_BYTES];
    const char *path, *id;

    if (!provider_url_path(url, "songkick.com", whole))
        return false;
    path = provider_url_past_language(whole);
    id = strncmp(path, "/festivals/", 11) == 0 ? strstr(path, "/id/") : path;

    for (size_t i = 0; id != NULL && i < sizeof(pages) / sizeof(pages[0]); i++) {
        size_t len = strlen(pages[i].path);
        size_t n_digits = strncmp(id, pages[i].path, len) == 0 ? strspn(id + len, "0123456789") : 0;

        if (n_digits > 0 && n_digits <= TEXT_MAX_DIGITS)
            return provider_url_found(ret, pages[i].subject, id + len, n_digits);
    }
    return false;
}

/* ---- terms ---- */

/* Errors come with a status and a message, but some come with 200 and some proxies' with another body: the
 * message counts first. */
static enum problem_kind songkick_judge(enum resource kind, int status, const json_t *body, const char *text,
                                        size_t len)
{
    const char *state = jget_raw(body, "resultsPage.status");
    const char *message = jget_raw(body, "resultsPage.error.message");
    enum problem_kind problem = answer_judge_status(status);

    (void)text;
    (void)len;
    if (state != NULL && strcmp(state, "error") == 0 && message != NULL) {
        if (strstr(message, "apikey") != NULL)
            return PROBLEM_UPSTREAM_KEY;
        if (strstr(message, "not found") != NULL)
            return PROBLEM_NOT_FOUND;
    }
    if (problem != PROBLEM_NONE)
        return problem;
    if (state != NULL && strcmp(state, "error") == 0)
        return PROBLEM_UPSTREAM_ERROR;
    return state != NULL && strcmp(state, "ok") == 0 && is_of_kind(kind, body) ? PROBLEM_NONE
                                                                               : PROBLEM_UPSTREAM_RUBBISH;
}

static const struct route songkick_routes[] = {
    {
        .subject = SUBJECT_ARTIST,
        .step = songkick_artist,
        .id_ok = is_artist_id,
        .id_form = STRING_ID_DIGITS_OR_MBID,
        .digits_behind = "",
        .id_alias = "skid",
    },
    {
        .subject = SUBJECT_VENUE,
        .step = songkick_venue,
        .id_ok = text_is_number,
        .id_form = STRING_ID_DIGITS,
        .digits_behind = "",
        .id_alias = "skid",
    },
    {
        .subject = SUBJECT_EVENT,
        .step = songkick_event,
        .id_ok = text_is_number,
        .id_form = STRING_ID_DIGITS,
        .digits_behind = "",
        .id_alias = "skid",
    },
    {0},
};

static const struct route songkick_search_route = {.subject = SUBJECT_SEARCH, .step = songkick_search};

const struct translator songkick_translator = {
    .name = "songkick",
    .title = "Songkick",
    .key_note = "Songkick gives out no new keys.",
    .attribution = "Concerts by Songkick",
    .attribution_url = "https://www.songkick.com/",
    .keep_ceiling_s = 24 * 3600,
    .fresh_s =
        {
            [RESOURCE_EVENTS] = 4 * 3600,
            [RESOURCE_VENUE] = 12 * 3600,
            [RESOURCE_ARTIST] = 12 * 3600,
            [RESOURCE_SEARCH] = 12 * 3600,
        },
    .may_mix = false,
    .base_url = "https://api.songkick.com/api/3.0",
    .key_parameter = "apikey",
    .judge = songkick_judge,
    .routes = songkick_routes,
    .search = &songkick_search_route,
    .recognise = songkick_recognise,
};
