/* Ticketmaster's Discovery API v2
 * (https://developer.ticketmaster.com/products-and-docs/apis/discovery-api/v2/): events of attractions
 * (artists) and venues, single events, search.
 *
 * Events come in pages that hold all there is to say, venues and attractions included, so a document needs
 * nothing else. Page 0 tells how many there are and the others are asked for together, as far as the API
 * lets anyone page. An attraction's events are more than its concerts: parking, passes, packages and resale
 * listings are events of their own. What the API does otherwise than it says is noted where it is dealt with.
 */
#include <string.h>

#include "identity.h"
#include "ticketmaster_kind.h"
#include "ticketmaster_read.h"
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

#define SAME_MINUTE_S   59 /* an hour apart are two shows: each is sold by itself */
#define PER_PAGE        100
#define MAX_PAGES       10  /* page * size must be under 1,000 */
#define MAX_PAGE_EVENTS 500 /* a page that holds five times what was asked for is read no further */
#define MAX_CANDIDATES  20
#define MAX_ACTS        200 /* of one event; the longest line-up seen has 10 */

/* ---- ids ---- */

static bool is_artist_id(const char *id)
{
    return ticketmaster_read_is_id(id) || mbid_of_id(id) != NULL;
}

/* ---- answers ---- */

/* The record of what the request is about, among those that events embed. */
static void find_subject(struct ticketmaster_reading *reading, const json_t *record)
{
    bool is_venue = reading->out->subject == SUBJECT_VENUE;
    const json_t *list = jget_list(record, is_venue ? "_embedded.venues" : "_embedded.attractions");

    for (size_t i = 0; i < jget_size(list) && i < MAX_ACTS && reading->subject == NULL; i++) {
        const char *id = jget_raw(jget_at(list, i), "id");

        if (id != NULL && reading->asked_id != NULL && strcmp(id, reading->asked_id) == 0)
            reading->subject = jget_at(list, i);
    }
}

/* The record that no event embeds. An artist or venue without events and one that does not exist have the
 * same empty list, so there it has to be known; where there are events they do without. */
static void ask_subject(struct ticketmaster_reading *reading, enum resource kind, const char *resource)
{
    const char *path = arena_printf(reading->arena, "%s/%s.json?locale=*", resource, reading->asked_id);

    if (reading->subject == NULL && reading->is_whole)
        reading->subject = reading->out->n_events == 0 ? plan_need(reading->plan, kind, "%s", path)
                                                       : plan_want(reading->plan, kind, "%s", path);
}

static void note_left_out(struct ticketmaster_reading *reading, const json_t *record, enum curation_rule rule)
{
    struct curated curated = {.id = ticketmaster_read_id(reading->arena, record),
                              .name = jget_text(reading->arena, record, "name"),
                              .rule = rule};

    when_parse_date(jget_raw(record, "dates.start.localDate"), &curated.start);
    if (curated.id != NULL)
        document_note(reading->arena, reading->out, &curated);
}

static void add_records(struct ticketmaster_reading *reading, const json_t *records)
{
    struct document *out = reading->out;
    size_t n, n_added = 0, n_left_out = 0;
    struct event *events = document_open_events(reading->arena, out, jget_size(records), MAX_PAGE_EVENTS, &n);
    enum curation_rule rule;

    for (size_t i = 0; i < n; i++) {
        const json_t *record = jget_at(records, i);

        find_subject(reading, record);
        if (json_is_object(record) && ticketmaster_kind_is_left_out(reading->arena, record, &rule)) {
            note_left_out(reading, record, rule);
            n_left_out++;
        } else if (json_is_object(record) && ticketmaster_read_event(reading, record, &events[n_added]))
            n_added++;
        else if (ticketmaster_kind_is_dayless(reading->arena, record))
            n_left_out++;
    }
    document_close_events(out, n, n_added, n_left_out);
}

#define EVENTS_PATH "_embedded.events"

static const struct paging events_paging = {
    .list = EVENTS_PATH,
    .holder = "_embedded",
    .mark = "dates",
    .size = "page.size",
    .count = "page.totalElements",
    .per_page = PER_PAGE,
    .max_pages = MAX_PAGES,
};

/* Has an answer the shape for its question? Events are asked for by the page, or one by its id. */
static bool is_of_kind(enum resource kind, const json_t *answer)
{
    bool is_list = json_is_object(jget(answer, "page"));

    if (kind == RESOURCE_EVENTS && is_list)
        return paging_is_page(&events_paging, answer);
    return kind == RESOURCE_SEARCH ? is_list : jget_raw(answer, "id") != NULL;
}

/* All pages are needed: half a tour would look like a whole one. Without locale=* only what is written in
 * English is found. */
static void add_events(struct ticketmaster_reading *reading, const char *filter)
{
    unsigned n_pages = 1;

    reading->is_whole = true;
    for (unsigned page = 0; page < n_pages; page++) {
        const json_t *answer =
            plan_need(reading->plan, RESOURCE_EVENTS,
                      "events.json?%s=%s&includeTBA=yes&includeTBD=yes&includeTest=no&locale=*"
                      "&sort=date,asc&size=%d&page=%u",
                      filter, reading->asked_id, PER_PAGE, page);

        if (answer == NULL) {
            reading->is_whole = false;
            continue;
        }
        if (page == 0)
            n_pages = paging_count(&events_paging, answer);
        add_records(reading, jget_list(answer, EVENTS_PATH));
    }
    if (reading->is_whole && document_is_rubbish(reading->out))
        plan_fail(reading->plan, PROBLEM_UPSTREAM_RUBBISH, STRING_EVENTS_WITHOUT_ID_OR_DATE);
}

static void finish(struct ticketmaster_reading *reading)
{
    const struct route_args *args = reading->args;

    curate_events(reading->arena, reading->out,
                  &(struct curation){.now_s = args->now_s,
                                     .apart_s = SAME_MINUTE_S,
                                     .limit = args->limit,
                                     .max_acts = args->max_performers,
                                     .history = args->history});
    repetitions_drop(reading->out);
    if (document_drop_unusable(reading->out))
        plan_mark_incomplete(reading->plan);
}

/* ---- search ---- */

static const json_t *find_attractions(struct plan *plan, const char *name)
{
    return plan_need(
        plan, RESOURCE_SEARCH,
        "attractions.json?keyword=%s&classificationName=music&locale=*&sort=relevance,desc&size=%d"
        "&page=0",
        text_escape(plan_arena(plan), name), MAX_CANDIDATES);
}

static void ticketmaster_search(struct plan *plan, const struct route_args *args, struct document *out)
{
    struct arena *arena = plan_arena(plan);
    const json_t *found = jget_list(find_attractions(plan, args->query), "_embedded.attractions");

    out->subject = SUBJECT_SEARCH;
    out->candidates = arena_alloc(arena, MAX_CANDIDATES * sizeof(*out->candidates));
    for (size_t i = 0; i < jget_size(found) && out->n_candidates < MAX_CANDIDATES; i++) {
        const json_t *attraction = jget_at(found, i);
        struct candidate candidate = {.id = ticketmaster_read_id(arena, attraction),
                                      .name = jget_text(arena, attraction, "name"),
                                      .url = jget_url(arena, attraction, "url"),
                                      .detail = ticketmaster_kind_genre(arena, attraction),
                                      .n_upcoming = jget_count(attraction, "upcomingEvents._total")};

        if (candidate.id == NULL || candidate.name == NULL ||
            ticketmaster_kind_segment(attraction) == SEGMENT_OTHER)
            continue;
        out->candidates[out->n_candidates++] = candidate;
    }
}

/* ---- routes ---- */

/* The attraction of this name that has this MusicBrainz id; NULL: none, or the search is open. */
static const char *attraction_of(struct plan *plan, const char *name, const char *mbid, bool *ret_open)
{
    const json_t *answer = find_attractions(plan, name);
    const json_t *found = jget_list(answer, "_embedded.attractions");

    *ret_open = answer == NULL;
    for (size_t i = 0; i < jget_size(found) && i < MAX_CANDIDATES; i++) {
        const char *is = ticketmaster_read_mbid(plan_arena(plan), jget_at(found, i));

        if (identity_is(plan, mbid, is))
            return ticketmaster_read_id(plan_arena(plan), jget_at(found, i));
    }
    return NULL;
}

/* The API finds names, not MusicBrainz ids: the caller's name for the artist, or MusicBrainz' own, is
 * searched for, and the id confirms what is found. */
static const char *find_artist(struct plan *plan, const struct route_args *args)
{
    const char *mbid = mbid_of_id(args->id), *id = NULL, *name;
    bool open = false;

    if (mbid == NULL)
        return args->id;
    if (args->name != NULL)
        id = attraction_of(plan, args->name, mbid, &open);
    if (id != NULL || open)
        return id;
    name = identity_name(plan, mbid);
    if (name == NULL)
        return NULL;
    id = attraction_of(plan, name, mbid, &open);
    if (id == NULL && !open)
        plan_fail(plan, PROBLEM_NOT_FOUND, STRING_KNOWS_NO_MBID);
    return id;
}

static void ticketmaster_artist(struct plan *plan, const struct route_args *args, struct document *out)
{
    struct ticketmaster_reading reading = {.plan = plan, .arena = plan_arena(plan), .args = args, .out = out};

    out->subject = SUBJECT_ARTIST;
    reading.asked_id = find_artist(plan, args);
    if (reading.asked_id == NULL)
        return;
    plan_is_for(plan, reading.asked_id);
    add_events(&reading, "attractionId");
    ask_subject(&reading, RESOURCE_ARTIST, "attractions");
    finish(&reading);
    ticketmaster_read_act(&reading, reading.subject, &out->artist);
    if (!out->artist.asked)
        out->artist = ticketmaster_read_asked_artist(&reading);
    identity_complete(plan, out, mbid_of_id(args->id));
}

static void ticketmaster_venue(struct plan *plan, const struct route_args *args, struct document *out)
{
    struct ticketmaster_reading reading = {
        .plan = plan, .arena = plan_arena(plan), .args = args, .out = out, .asked_id = args->id};

    out->subject = SUBJECT_VENUE;
    add_events(&reading, "venueId");
    ask_subject(&reading, RESOURCE_VENUE, "venues");
    finish(&reading);
    ticketmaster_read_place(reading.arena, reading.subject, &out->venue);
    out->venue.id = args->id;
}

static void ticketmaster_event(struct plan *plan, const struct route_args *args, struct document *out)
{
    struct ticketmaster_reading reading = {.plan = plan, .arena = plan_arena(plan), .args = args, .out = out};
    const json_t *answer = plan_need(plan, RESOURCE_EVENTS, "events/%s.json?locale=*", args->id);
    const char *id = jget_raw(answer, "id");

    out->subject = SUBJECT_EVENT;
    if (answer == NULL)
        return;
    add_records(&reading, answer);
    if (id == NULL || strcmp(id, args->id) != 0 || out->n_bad_records > 0)
        plan_fail(plan, PROBLEM_UPSTREAM_RUBBISH, STRING_EVENT_OF_ANOTHER_ID);
    else if (out->n_events == 0 || out->events[0].listing == LISTING_DAYLESS)
        plan_fail(plan, PROBLEM_NOT_FOUND, STRING_NO_CONCERT);
    finish(&reading);
}

/* ---- pages ---- */

/* What the ids of artists begin with. */
static bool ticketmaster_own_id(const char *text)
{
    return ticketmaster_read_is_id(text) && strncmp(text, "K8vZ", 4) == 0;
}

/* A name as addresses write it, "the-kooks-tickets", to be searched for. */
static bool name_found(struct recognised *ret, const char *name, size_t len)
{
    static const char tickets[] = "-tickets";
    size_t n_tickets = strlen(tickets);

    if (len >= n_tickets && memcmp(name + len - n_tickets, tickets, n_tickets) == 0)
        len -= n_tickets;
    return memchr(name, '/', len) == NULL && provider_url_words_found(ret, SUBJECT_SEARCH, name, len);
}

/* The path of a page on the site of any country. Anybody may have the name under another ending. */
static bool read_path(const char *url, char ret_path[PROVIDER_URL_PATH_BYTES])
{
    static const char *const sites[] = {
        "ticketmaster.com",   "ticketmaster.ca",     "ticketmaster.com.mx", "ticketmaster.com.br",
        "ticketmaster.cl",    "ticketmaster.co.uk",  "ticketmaster.ie",     "ticketmaster.de",
        "ticketmaster.at",    "ticketmaster.ch",     "ticketmaster.nl",     "ticketmaster.be",
        "ticketmaster.fr",    "ticketmaster.es",     "ticketmaster.it",     "ticketmaster.dk",
        "ticketmaster.no",    "ticketmaster.se",     "ticketmaster.fi",     "ticketmaster.pl",
        "ticketmaster.cz",    "ticketmaster.gr",     "ticketmaster.co.il",  "ticketmaster.ae",
        "ticketmaster.co.za", "ticketmaster.com.au", "ticketmaster.co.nz",  "ticketmaster.sg"};

    for (size_t i = 0; i < sizeof(sites) / sizeof(sites[0]); i++) {
        if (provider_url_path(url, sites[i], ret_path))
            return true;
    }
    return false;
}

/* /the-kooks-tickets/artist/1098654, or in other countries /artist/the-kooks-tickets/1098654; /venue/…,
 * /…/event/Z7r9jZ1AeqbGa. The numbers are no ids of the API, so of an artist's page only the name in it can
 * be searched for. */
static bool ticketmaster_recognise(const char *url, struct recognised *ret)
{
    static const char artist[] = "/artist/", event[] = "/event/";
    char whole[PROVIDER_URL_PATH_BYTES];
    const char *path, *at;
    size_t len;

    if (!read_path(url, whole))
        return false;
    path = provider_url_past_language(whole);
    at = strstr(path, event);
    len = at != NULL ? strcspn(at += strlen(event), "/") : 0;
    if (at != NULL && (at[len] == '\0' || at[len + 1] == '\0') && len > strspn(at, "0123456789ABCDEF"))
        return provider_url_found(ret, SUBJECT_EVENT, at, len) && ticketmaster_read_is_id(ret->text);
    at = strstr(path, artist);
    if (at == NULL)
        return false;
    if (at > path)
        return name_found(ret, path + 1, (size_t)(at - path - 1));
    at += strlen(artist);
    len = strcspn(at, "/");
    return at[len] == '/' && strspn(at + len + 1, "0123456789") > 0 && name_found(ret, at, len);
}

/* ---- terms ---- */

/* The gateway has "fault" for keys and limits, the API itself "errors" with a status that is text. */
static enum problem_kind ticketmaster_judge(enum resource kind, int status, const json_t *body,
                                            const char *text, size_t len)
{
    const char *fault = jget_raw(body, "fault.detail.errorcode");
    const char *error = jget_raw(jget_at(jget_list(body, "errors"), 0), "code");
    enum problem_kind problem = answer_judge_status(status);

    (void)text;
    (void)len;
    if (fault != NULL && strncmp(fault, "oauth.", 6) == 0)
        return PROBLEM_UPSTREAM_KEY;
    if (fault != NULL && strncmp(fault, "policies.ratelimit.", 19) == 0)
        return PROBLEM_UPSTREAM_LIMIT;
    if (error != NULL && strcmp(error, "DIS1004") == 0)
        return PROBLEM_NOT_FOUND;
    if (problem != PROBLEM_NONE)
        return problem;
    return fault != NULL || error != NULL || !is_of_kind(kind, body) ? PROBLEM_UPSTREAM_RUBBISH
                                                                     : PROBLEM_NONE;
}

/* Asking too fast is over in a second; a spent quota holds until the time that the header names. */
static unsigned ticketmaster_limit_s(const json_t *body)
{
    const char *fault = jget_raw(body, "fault.detail.errorcode");

    if (fault != NULL && strstr(fault, "QuotaViolation") != NULL)
        return LIMIT_TO_RESET;
    return fault != NULL && strstr(fault, "SpikeArrest") != NULL ? 1 : 0;
}

static const struct route ticketmaster_routes[] = {
    {
        .subject = SUBJECT_ARTIST,
        .step = ticketmaster_artist,
        .id_ok = is_artist_id,
        .id_form = STRING_ID_WORD_OR_MBID,
    },
    {
        .subject = SUBJECT_VENUE,
        .step = ticketmaster_venue,
        .id_ok = ticketmaster_read_is_id,
        .id_form = STRING_ID_WORD,
    },
    {
        .subject = SUBJECT_EVENT,
        .step = ticketmaster_event,
        .id_ok = ticketmaster_read_is_id,
        .id_form = STRING_ID_WORD,
    },
    {0},
};

static const struct route ticketmaster_search_route = {.subject = SUBJECT_SEARCH,
                                                       .step = ticketmaster_search};

/* Terms of use: kept "for reasonable periods"; what an owner wants removed is gone within 24 hours. */
const struct translator ticketmaster_translator = {
    .name = "ticketmaster",
    .title = "Ticketmaster",
    .key_note = "Keys are free: https://developer.ticketmaster.com/",
    .attribution = "Events by Ticketmaster",
    .attribution_url = "https://www.ticketmaster.com/",
    .keep_ceiling_s = 24 * 3600,
    .fresh_s =
        {
            [RESOURCE_EVENTS] = 4 * 3600,
            [RESOURCE_VENUE] = 12 * 3600,
            [RESOURCE_ARTIST] = 12 * 3600,
            [RESOURCE_SEARCH] = 12 * 3600,
        },
    .may_mix = true,
    .requests_per_s = 2,
    .requests_per_day = 5000,
    .base_url = "https://app.ticketmaster.com/discovery/v2",
    .key_parameter = "apikey",
    .judge = ticketmaster_judge,
    .limit_s = ticketmaster_limit_s,
    .left_field = "Rate-Limit-Available",
    .reset_field = "Rate-Limit-Reset",
    .routes = ticketmaster_routes,
    .search = &ticketmaster_search_route,
    .own_id = ticketmaster_own_id,
    .recognise = ticketmaster_recognise,
};
