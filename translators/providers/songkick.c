/* Songkick API v3 (https://www.songkick.com/developer): calendars of artists and venues, single events.
 *
 * An artist's calendar comes in pages of 50. Page 1 tells how many there are, so the others and the details
 * of page 1's venues are asked for together; only venue details have street and postal code. What the API
 * does otherwise than it says is noted where it is dealt with.
 *
 * Longer than 400 lines because one provider is one file: asking and reading change together. */
#include <string.h>

#include "identity.h"
#include "translators/ask/answer.h"
#include "translators/ask/jget.h"
#include "translators/ask/mbid.h"
#include "translators/ask/paging.h"
#include "translators/ask/plan.h"
#include "translators/ask/provider_url.h"
#include "translators/base/arena.h"
#include "translators/base/text.h"
#include "translators/base/word_key.h"
#include "translators/curate/placeholders.h"
#include "translators/curate/select.h"
#include "translators/curate/title_words.h"
#include "translators/model/model.h"
#include "translators/model/place.h"
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

/* An id out of an answer; it goes into paths of further questions, so it is what was promised or none. */
static const char *read_id(struct arena *arena, const json_t *object)
{
    const char *id = jget_id(arena, object, "id");

    return id && text_is_number(id) ? id : NULL;
}

/* ---- places ---- */

static void set_text(const char **field, const char *text)
{
    if (text)
        *field = text;
}

static void read_geo(struct place *place, const json_t *object)
{
    double latitude, longitude;

    if (!jget_number(object, "lat", &latitude) || !jget_number(object, "lng", &longitude) ||
        !place_geo_ok(latitude, longitude))
        return;
    place->has_geo = true;
    place->latitude = latitude;
    place->longitude = longitude;
}

/* `area` is a metroArea or a city: {displayName, country: {displayName}, state: {displayName}}. A region that
 * the country does not have is none. */
static void read_country(struct arena *arena, struct place *place, const json_t *area)
{
    const char *country = jget_text(arena, area, "country.displayName");
    const char *state = jget_text(arena, area, "state.displayName");

    set_text(&place->country, country ? place_country(country) : NULL);
    set_text(&place->region, state);
    place->region = place->country && place->region ? place_region(place->country, place->region) : NULL;
}

/* A venue of an event, or in full from venues/{id}.json: what it has wins over what is there, field by
 * field. An unknown venue has the name "Unknown venue", no id, and the coordinates of the city. */
static void read_venue(struct arena *arena, struct place *place, const json_t *venue)
{
    const char *name = jget_text(arena, venue, "displayName");
    bool is_known = !placeholders_is_venue(name, NULL);
    int capacity = jget_count(venue, "capacity");

    if (!place->id)
        place->id = read_id(arena, venue);
    set_text(&place->name, is_known ? name : NULL);
    set_text(&place->url, jget_url(arena, venue, "uri"));
    set_text(&place->website, jget_url(arena, venue, "website"));
    set_text(&place->phone, jget_text(arena, venue, "phone"));
    set_text(&place->street, placeholders_street(arena, jget_text(arena, venue, "street")));
    set_text(&place->postal_code, jget_text(arena, venue, "zip"));
    if (!place->locality)
        place->locality = jget_text(arena, venue, "metroArea.displayName");
    set_text(&place->locality, jget_text(arena, venue, "city.displayName"));
    if (!place->country)
        read_country(arena, place, jget(venue, "metroArea"));
    read_country(arena, place, jget(venue, "city"));
    if (is_known)
        read_geo(place, venue);
    if (capacity > 0)
        place->capacity = capacity;
}

/* "Berlin, Germany", or "Austin, TX, US" in countries with states: the town itself, where the metro area may
 * be a bigger neighbour in the next state, and all there is for some old venues. */
static void read_city(struct arena *arena, struct place *place, const char *city)
{
    const char *first = strchr(city, ','), *last = strrchr(city, ',');
    const char *country, *region;

    if (!first)
        return;
    country = text_clean(arena, last + 1, strlen(last + 1), strlen(city));
    region = first < last ? text_clean(arena, first + 1, (size_t)(last - first - 1), strlen(city)) : NULL;
    place->locality = text_clean(arena, city, (size_t)(first - city), strlen(city));
    place->country = country ? place_country(country) : NULL;
    place->region = place->country && region ? place_region(place->country, region) : NULL;
}

/* ---- acts ---- */

/* The one MusicBrainz id of an artist. Where Songkick is not sure it lists all candidates: then there is
 * none. */
static const char *single_mbid(struct arena *arena, const json_t *artist)
{
    const json_t *identifiers = jget_list(artist, "identifier");
    const char *mbid = jget_size(identifiers) == 1 ? jget_id(arena, jget_at(identifiers, 0), "mbid") : NULL;

    return mbid && mbid_is(mbid) ? mbid : NULL;
}

static bool has_mbid(struct arena *arena, const json_t *artist, const char *asked)
{
    const json_t *identifiers = jget_list(artist, "identifier");

    for (size_t i = 0; i < jget_size(identifiers); i++) {
        const char *mbid = jget_id(arena, jget_at(identifiers, i), "mbid");

        if (mbid && text_equal_fold(mbid, asked))
            return true;
    }
    return false;
}

/* An artist is asked for by id; on the page of an event or a venue it can only be known by its name. */
static bool is_asked(struct plan *plan, const struct route_args *args, enum subject subject,
                     const struct act *act, const json_t *artist)
{
    const char *mbid = mbid_of_id(args->id);

    if (subject != SUBJECT_ARTIST)
        return args->name && act->name && text_equal_fold(args->name, act->name);
    if (mbid)
        return has_mbid(plan_arena(plan), artist, mbid);
    return act->id && strcmp(act->id, args->id) == 0;
}

static void read_act(struct plan *plan, const struct route_args *args, enum subject subject,
                     const json_t *performance, struct act *act)
{
    struct arena *arena = plan_arena(plan);
    const json_t *artist = jget(performance, "artist");
    const char *billing = jget_raw(performance, "billing");

    act->id = read_id(arena, artist);
    act->name = jget_text(arena, artist, "displayName");
    if (!act->name)
        act->name = jget_text(arena, performance, "displayName");
    act->headliner = billing && strcmp(billing, "headline") == 0;
    act->asked = is_asked(plan, args, subject, act, artist);
    if (act->asked) {
        set_text(&act->name, args->name);
        act->url = args->weburl;
        text_list_add(arena, &act->same_as, args->weburl);
    }
    text_list_add(arena, &act->same_as, jget_url(arena, artist, "uri"));
    identity_set_mbid(arena, act,
                      act->asked && mbid_of_id(args->id) ? mbid_of_id(args->id) : single_mbid(arena, artist));
}

/* What is known of the artist without any event. */
static struct act asked_artist(struct arena *arena, const struct route_args *args)
{
    struct act act = {.id = args->id, .name = args->name, .url = args->weburl, .asked = true};

    text_list_add(arena, &act.same_as, args->weburl);
    identity_set_mbid(arena, &act, mbid_of_id(args->id));
    return act;
}

static void read_acts(struct plan *plan, const struct route_args *args, const struct document *out,
                      const json_t *performances, struct event *event)
{
    struct arena *arena = plan_arena(plan);
    size_t n = jget_size(performances);
    struct act *acts = arena_alloc(arena, n * sizeof(*acts)), asked = asked_artist(arena, args);

    for (size_t i = 0; i < n; i++) {
        read_act(plan, args, out->subject, jget_at(performances, i), &acts[i]);
        if (placeholders_is_act(acts[i].name) && !(acts[i].asked && args->name))
            acts[i].name = NULL;
    }
    event_set_acts(arena, event, acts, n, args->max_performers,
                   out->subject == SUBJECT_ARTIST && args->name ? &asked : NULL);
}

/* ---- events ---- */

/* A name without one suffix and the space before it; the name itself where it ends otherwise. */
static const char *without_suffix(struct arena *arena, const char *name, const char *suffix)
{
    size_t len = strlen(name), suffix_len = strlen(suffix);

    if (len < suffix_len || !text_equal_fold(name + len - suffix_len, suffix))
        return name;
    len -= suffix_len;
    while (len > 0 && name[len - 1] == ' ')
        len--;
    return arena_strndup(arena, name, len);
}

/* "A with B at Venue (March 12, 2027)" -> "A with B": all there is where a concert names no acts. */
static const char *without_place_and_date(struct arena *arena, const char *name, const json_t *record)
{
    const char *venue = jget_text(arena, record, "venue.displayName");
    const char *date = strrchr(name, '(');

    if (date && date[strlen(date) - 1] == ')')
        name = without_suffix(arena, name, date);
    return venue ? without_suffix(arena, name, arena_printf(arena, " at %s", venue)) : name;
}

/* Only the displayName of a festival is a name. A concert's is made of acts, place and date, which have
 * properties of their own. */
static const char *event_name(struct arena *arena, const json_t *record, const struct event *event,
                              const char *name)
{
    if (event->kind == EVENT_CONCERT)
        name = event->n_acts == 0 && name ? without_place_and_date(arena, name, record) : NULL;
    else if (!name)
        name = jget_text(arena, record, "series.displayName");
    return name && *name != '\0' ? name : NULL;
}

/* A cancelled event says so in its status or in its displayName. "ok" says nothing: the displayName may. */
static void read_name_and_status(struct arena *arena, const json_t *record, struct event *event)
{
    const char *shown = jget_text(arena, record, "displayName");
    const char *act = event->n_acts > 0 ? event->acts[0].name : NULL;
    const char *status = jget_raw(record, "status");
    struct title_words words;
    const char *bare = title_without_words(arena, shown, act, &words);

    event->status = words.status;
    if (status && strcmp(status, "cancelled") == 0)
        event->status = EVENT_CANCELLED;
    else if (status && strcmp(status, "postponed") == 0)
        event->status = EVENT_POSTPONED;
    if (words.sold_out)
        title_sells_out(arena, event);
    event->name = event_name(arena, record, event, bare);
}

/* {date, time, datetime}: the local date and time are what the posters say; of `datetime` only the offset is
 * new, where it agrees with them. */
static bool read_moment(const json_t *object, struct moment *ret_moment)
{
    struct moment moment = {0}, exact = {0};

    when_parse_datetime(jget_raw(object, "datetime"), &exact);
    if (when_parse_date(jget_raw(object, "date"), &moment)) {
        when_parse_time(jget_raw(object, "time"), &moment);
        if (when_same_day(&exact, &moment) && (!moment.has_time || when_compare(&moment, &exact) == 0))
            moment = exact;
    } else {
        moment = exact;
    }
    when_distrust_midnight(&moment);
    *ret_moment = moment;
    return when_known(&moment);
}

/* Only a bare age is one: "18+", "18" and "18 and up" -> "18-", as schema.org writes a range without an end;
 * anything longer is a sentence. "+" is the word "and" in a key. */
static const char *age_range(struct arena *arena, const char *text)
{
    static const char *const before[] = {"age", "ages", "aged", "over", "strictly"};
    static const char *const behind[] = {
        "",          "and",     "and only", "only",           "and up",          "and over", "and older",
        "and above", "or over", "or older", "years and over", "years and older", "plus",     "or above"};
    struct word_key key;
    const char *age, *rest;
    size_t digits;

    word_key_make(text ? text : "", text ? strlen(text) : 0, &key);
    age = word_key_past_one_of(key.text, before, sizeof(before) / sizeof(before[0]));
    age = age ? age : key.text;
    digits = strspn(age, "0123456789");
    rest = age + digits + (age[digits] == ' ');
    if (digits < 1 || digits > 2 || age[0] == '0' || (rest == age + digits && *rest != '\0') ||
        !word_key_is_one_of(rest, behind, sizeof(behind) / sizeof(behind[0])))
        return NULL;
    return arena_printf(arena, "%.*s-", (int)digits, age);
}

/* A show that is sent over the net is at no place. */
static bool is_online(struct arena *arena, const json_t *record)
{
    return placeholders_is_online(jget_text(arena, record, "venue.displayName"));
}

/* False: the record cannot be used. */
static bool read_event(struct plan *plan, const struct route_args *args, const struct document *out,
                       const json_t *record, struct event *event)
{
    struct arena *arena = plan_arena(plan);
    const char *type = jget_raw(record, "type"), *city = jget_text(arena, record, "location.city");
    struct place nearby;

    event->id = read_id(arena, record);
    if (!event->id || !read_moment(jget(record, "start"), &event->start))
        return false;
    event->kind = type && strcmp(type, "Festival") == 0 ? EVENT_FESTIVAL : EVENT_CONCERT;
    read_acts(plan, args, out, jget_list(record, "performance"), event);
    read_name_and_status(arena, record, event);
    event->url = jget_url(arena, record, "uri");
    event->age_range = age_range(arena, jget_text(arena, record, "ageRestriction"));
    if (!read_moment(jget(record, "end"), &event->end) || when_compare(&event->end, &event->start) < 0)
        event->end = (struct moment){0};
    if (city)
        read_city(arena, &event->place, city);
    read_venue(arena, &event->place, jget(record, "venue"));

    /* `location` is the middle of the city: no address of the venue, but near enough to know its zone. */
    nearby = event->place;
    if (!nearby.has_geo)
        read_geo(&nearby, jget(record, "location"));
    if (!nearby.has_geo)
        read_geo(&nearby, jget(record, "venue"));
    zone_settle(&nearby, &event->start);
    zone_settle(&nearby, &event->end);
    return true;
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

        if (is_online(plan_arena(plan), jget_at(records, i)))
            n_online++;
        else if (read_event(plan, args, out, jget_at(records, i), &event))
            events[n_added++] = event;
    }
    document_close_events(out, n, n_added, n_online);
}

/* All pages are needed: half a tour would look like a whole one. */
static void add_calendar(struct plan *plan, const struct route_args *args, const char *whose,
                         struct document *out)
{
    unsigned n_pages = 1;
    bool is_whole = true;

    for (unsigned page = 1; page <= n_pages; page++) {
        const json_t *answer = plan_need(plan, RESOURCE_EVENTS, "%s/%s/calendar.json?page=%u&per_page=%d",
                                         whose, args->id, page, PER_PAGE);

        if (!answer) {
            is_whole = false;
            continue;
        }
        if (page == 1)
            n_pages = paging_count(&calendar_paging, answer);
        add_events(plan, args, answer, out);
    }
    if (is_whole && document_is_rubbish(out))
        plan_fail(plan, PROBLEM_UPSTREAM_RUBBISH, STRING_EVENTS_WITHOUT_ID_OR_DATE);
}

/* Details of a venue by its id; NULL when they are not here, or are none. That a calendar names a venue which
 * is not found is a fault of Songkick's, so it counts as one. */
static const json_t *venue_details(struct plan *plan, const char *id)
{
    const char *path = arena_printf(plan_arena(plan), "venues/%s.json", id);
    const json_t *answer = plan_want(plan, RESOURCE_VENUE, "%s", path);

    if (plan_refused(plan, path))
        plan_mark_incomplete(plan);
    return jget(answer, "resultsPage.results.venue");
}

/* Chooses what will be shown and completes it with details of the venues. */
static void finish(struct plan *plan, const struct route_args *args, bool ask_venues, struct document *out)
{
    select_events(plan_arena(plan), out, args->now_s, args->limit, args->history);
    for (size_t i = 0; i < out->n_events && ask_venues; i++) {
        struct event *event = &out->events[i];
        const json_t *venue = event->place.id ? venue_details(plan, event->place.id) : NULL;

        if (!venue)
            continue;
        read_venue(plan_arena(plan), &event->place, venue);
        zone_settle(&event->place, &event->start);
        zone_settle(&event->place, &event->end);
    }
    if (document_drop_unusable(out))
        plan_mark_incomplete(plan);
}

/* ---- routes ---- */

static void songkick_artist(struct plan *plan, const struct route_args *args, struct document *out)
{
    out->subject = SUBJECT_ARTIST;
    add_calendar(plan, args, "artists", out);
    finish(plan, args, true, out);
    out->artist = asked_artist(plan_arena(plan), args);
    document_find_artist(out);
    identity_complete(plan, out);
}

static void songkick_venue(struct plan *plan, const struct route_args *args, struct document *out)
{
    const json_t *details = venue_details(plan, args->id);

    out->subject = SUBJECT_VENUE;
    out->venue.id = args->id;
    add_calendar(plan, args, "venues", out);
    finish(plan, args, true, out);
    if (details) {
        read_venue(plan_arena(plan), &out->venue, details);
        return;
    }
    for (size_t i = 0; i < out->n_events; i++) {
        if (out->events[i].place.id && strcmp(out->events[i].place.id, args->id) == 0) {
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
    if (!answer)
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

    if (!jget_raw(artist, "onTourUntil"))
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
        const char *until = jget_text(arena, artist, "onTourUntil");
        struct candidate found = {
            .id = read_id(arena, artist),
            .name = jget_text(arena, artist, "displayName"),
            .url = jget_url(arena, artist, "uri"),
            .detail = until ? strings_fill(arena, strings_say(STRING_ON_TOUR_UNTIL), until, NULL) : NULL};

        if (!found.id || !found.name)
            continue;
        found.n_upcoming = count_upcoming(plan, artist, found.id, &n_counted);
        out->candidates[out->n_candidates++] = found;
    }
}

/* /artists/6395144-name, /venues/…, /concerts/…, /festivals/12-name/id/41234567-name-2027 */
static bool songkick_recognise(const char *url, struct recognised *ret)
{
    static const struct {
        const char *path, *resource;
    } pages[] = {{"/artists/", "artist"}, {"/venues/", "venue"}, {"/concerts/", "event"}, {"/id/", "event"}};
    char whole[PROVIDER_URL_PATH_BYTES];
    const char *path, *id;

    if (!provider_url_path(url, "songkick.com", whole))
        return false;
    path = provider_url_past_language(whole);
    id = strncmp(path, "/festivals/", 11) == 0 ? strstr(path, "/id/") : path;

    for (size_t i = 0; id && i < sizeof(pages) / sizeof(pages[0]); i++) {
        size_t len = strlen(pages[i].path);
        size_t n_digits = strncmp(id, pages[i].path, len) == 0 ? strspn(id + len, "0123456789") : 0;

        if (n_digits > 0 && n_digits <= TEXT_MAX_DIGITS)
            return provider_url_found(ret, pages[i].resource, id + len, n_digits);
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
    if (state && strcmp(state, "error") == 0 && message) {
        if (strstr(message, "apikey"))
            return PROBLEM_UPSTREAM_KEY;
        if (strstr(message, "not found"))
            return PROBLEM_NOT_FOUND;
    }
    if (problem != PROBLEM_NONE)
        return problem;
    if (state && strcmp(state, "error") == 0)
        return PROBLEM_UPSTREAM_ERROR;
    return state && strcmp(state, "ok") == 0 && is_of_kind(kind, body) ? PROBLEM_NONE
                                                                       : PROBLEM_UPSTREAM_RUBBISH;
}

static const struct route songkick_routes[] = {
    {
        .resource = "artist",
        .step = songkick_artist,
        .id_ok = is_artist_id,
        .id_form = STRING_ID_DIGITS_OR_MBID,
        .id_alias = "skid",
    },
    {
        .resource = "venue",
        .step = songkick_venue,
        .id_ok = text_is_number,
        .id_form = STRING_ID_DIGITS,
        .id_alias = "skid",
    },
    {
        .resource = "event",
        .step = songkick_event,
        .id_ok = text_is_number,
        .id_form = STRING_ID_DIGITS,
        .id_alias = "skid",
    },
    {0},
};

static const struct route songkick_search_route = {.resource = "search", .step = songkick_search};

const struct translator songkick_translator = {
    .name = "songkick",
    .title = "Songkick",
    .attribution = "Concerts by Songkick",
    .attribution_url = "https://www.songkick.com/",
    .keep_ceiling_s = 24 * 3600,
    .fresh_s =
        {
            [RESOURCE_EVENTS] = 4 * 3600,
            [RESOURCE_VENUE] = 12 * 3600,
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
