/* Ticketmaster's Discovery API v2: attractions, venues, events, search; errors, limits and paging. The ids
 * hold the world's numbers: attraction K8vZ6395144, venue KovZ17, event G5dIZ9; the same event resold is
 * Z7r9jZ9 and its parking G5dIZ9-P. Not played: suggestions, classifications, presales. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tests/simulator/kinds.h"
#include "tests/simulator/provider.h"

#define TICKETMASTER_SIZE_MAX     199
#define TICKETMASTER_DEEPEST      1000 /* page * size must be less */
#define TICKETMASTER_SEARCH_FIRST 1000u
#define TICKETMASTER_SEARCH_LAST  4999u
#define TICKETMASTER_SEARCH_MAX   200
#define TICKETMASTER_MUSIC        "KZFzniwnSyZfZ7v7nJ"
#define TICKETMASTER_MISC         "KZFzniwnSyZfZ7v7n1"

/* ---- answers ---- */

/* Takes `body`. Every answer says how much of the quota is left. */
static struct reply *ticketmaster_send(unsigned status, json_t *body)
{
    char *text = json_dumps(body, JSON_COMPACT | JSON_REAL_PRECISION(10));
    struct reply *reply;

    if (text == NULL)
        abort(); /* out of memory, or a name that is not UTF-8: a fault of the simulator */
    json_decref(body);
    reply = reply_new(status, text, strlen(text));
    snprintf(reply->rate_left, sizeof(reply->rate_left), "4999");
    snprintf(reply->rate_reset_ms, sizeof(reply->rate_reset_ms), "4102444800000");
    return reply;
}

static struct reply *ticketmaster_error(unsigned status, const char *code, const char *detail)
{
    return ticketmaster_send(status, json_pack("{s:[{s:s, s:s, s:o}]}", "errors", "code", code, "detail",
                                               detail, "status", json_sprintf("%u", status)));
}

static struct reply *ticketmaster_not_found(void)
{
    return ticketmaster_error(404, "DIS1004", "Resource not found with provided criteria (locale=en-us)");
}

static struct reply *ticketmaster_refuse(void)
{
    return ticketmaster_send(401, json_pack("{s:{s:s, s:{s:s}}}", "fault", "faultstring", "Invalid ApiKey",
                                            "detail", "errorcode", "oauth.v2.InvalidApiKey"));
}

/* ---- shapes ---- */

static json_t *ticketmaster_classification(bool is_music, const char *sub_type)
{
    return json_pack("[{s:b, s:{s:s, s:s}, s:{s:s}, s:{s:s}, s:{s:s}, s:b}]", "primary", 1, "segment", "id",
                     is_music ? TICKETMASTER_MUSIC : TICKETMASTER_MISC, "name",
                     is_music ? "Music" : "Miscellaneous", "genre", "name", is_music ? "Rock" : "Undefined",
                     "type", "name", is_music ? "Undefined" : "Parking", "subType", "name", sub_type,
                     "family", 0);
}

/* As an event embeds it; without pictures, which are most of a true answer's bytes. */
static json_t *ticketmaster_attraction(const struct tour_artist *artist)
{
    char slug[NAME_BYTES];
    json_t *links = json_object(), *out;

    names_slug(artist->name, slug);
    if (artist->n_mbids > 0)
        json_object_set_new(links, "musicbrainz", json_pack("[{s:s}]", "id", artist->mbids[0]));
    json_object_set_new(links, "homepage",
                        json_pack("[{s:o}]", "url", json_sprintf("https://%s.example/", slug)));
    json_object_set_new(links, "twitter", json_pack("[{s:s}]", "url", slug));
    out = json_pack(
        "{s:s, s:s, s:o, s:b, s:o, s:s, s:o, s:o, s:{s:i}}", "name", artist->name, "type", "attraction", "id",
        json_sprintf("K8vZ%lld", (long long)artist->id), "test", 0, "url",
        json_sprintf("https://www.ticketmaster.com/%s-tickets/artist/%lld", slug, (long long)artist->id),
        "locale", "en-us", "externalLinks", links, "classifications",
        ticketmaster_classification(true, "Undefined"), "upcomingEvents", "_total", (int)artist->n_events);
    return out;
}

/* The alpha-2 code out of the domain of the country: "co.uk", "de". */
static json_t *ticketmaster_country(const struct country *country)
{
    const char *dot = strrchr(country->domain, '.'), *label = dot != NULL ? dot + 1 : country->domain;
    char code[3] = {0};

    for (int i = 0; i < 2 && label[i] != '\0'; i++)
        code[i] = (char)(label[i] >= 'a' && label[i] <= 'z' ? label[i] - 'a' + 'A' : label[i]);
    if (strcmp(code, "UK") == 0)
        memcpy(code, "GB", 3);
    return json_pack("{s:s, s:s}", "name", country->name, "countryCode",
                     strcmp(country->name, "US") == 0 ? "US" : code);
}

/* A tour that has a page like an act. */
static json_t *ticketmaster_tour(const char *name)
{
    return json_pack("{s:s, s:s, s:s, s:b, s:s, s:o}", "name", name, "type", "attraction", "id", "K8vT1",
                     "test", 0, "locale", "en-us", "classifications",
                     ticketmaster_classification(true, "Tour"));
}

/* An act that has a page and is nobody. */
static json_t *ticketmaster_guest(const char *name)
{
    return json_pack("{s:s, s:s, s:s, s:b, s:s, s:o}", "name", name, "type", "attraction", "id", "K8vG1",
                     "test", 0, "locale", "en-us", "classifications",
                     ticketmaster_classification(true, "Undefined"));
}

/* Coordinates are text, and names may have spaces around them. */
static json_t *ticketmaster_venue(const struct tour_venue *venue)
{
    const struct city *city = venue->city;
    json_t *out = json_pack("{s:o, s:s, s:b, s:s, s:s, s:{s:s}, s:o}", "name",
                            json_sprintf("%s%s", venue->name, venue->id % 3 == 0 ? " " : ""), "type", "venue",
                            "test", 0, "locale", "en-us", "timezone", city->zone, "city", "name", city->name,
                            "country", ticketmaster_country(city->country));

    json_object_set_new(out, "id", json_sprintf("KovZ%lld", (long long)venue->id));
    json_object_set_new(out, "url",
                        json_sprintf("https://www.ticketmaster.com/venue/%lld", (long long)venue->id));
    if (city->state != NULL)
        json_object_set_new(out, "state", json_pack("{s:s}", "stateCode", city->state));
    if (venue->street[0] != '\0')
        json_object_set_new(out, "address", json_pack("{s:s}", "line1", venue->street));
    if (venue->zip[0] != '\0')
        json_object_set_new(out, "postalCode", json_string(venue->zip));
    if (venue->has_geo)
        json_object_set_new(out, "location",
                            json_pack("{s:o, s:o}", "longitude", json_sprintf("%.6f", venue->lng), "latitude",
                                      json_sprintf("%.6f", venue->lat)));
    return out;
}

/* A venue that is not known is left out; then the event has a place. */
static json_t *ticketmaster_place(const struct city *city)
{
    json_t *out = json_pack("{s:{s:s}, s:o}", "city", "name", city->name, "country",
                            ticketmaster_country(city->country));

    if (city->state != NULL)
        json_object_set_new(out, "state", json_pack("{s:s}", "stateCode", city->state));
    return out;
}

/* The venue of a record, which may tell another city or id than the venue's own resource. */
static json_t *ticketmaster_venue_of(const struct kinds_record *record)
{
    json_t *out = ticketmaster_venue(&record->event.venue);

    if (record->has_other_venue_id)
        json_object_set_new(out, "id", json_sprintf("ZFr9jZ%lld", (long long)record->event.venue.id));
    if (record->city != NULL)
        json_object_set_new(out, "city", json_pack("{s:s}", "name", record->city));
    if (record->country != NULL)
        json_object_set_new(
            out, "country",
            json_pack("{s:s, s:s}", "name", record->country, "countryCode", record->country_code));
    return out;
}

/* One picture of the event in two sizes, and one of its genre. */
static json_t *ticketmaster_images(const char *id, bool is_plain)
{
    json_t *list = json_array(), *one;
    size_t i;

    for (unsigned width = 205; width <= 2048; width += 819)
        json_array_append_new(
            list,
            json_pack("{s:s, s:o, s:i, s:i, s:b}", "ratio", "16_9", "url",
                      json_sprintf("https://s1.ticketm.example/%s_%u.jpg", width < 2048 ? id : "rock", width),
                      "width", (int)width, "height", (int)(width * 9 / 16), "fallback", width > 1100));
    json_array_foreach(list, i, one)
    {
        if (is_plain)
            json_object_del(one, "ratio");
    }
    return list;
}

/* What of an event a record is. */
enum variant { VARIANT_EVENT, VARIANT_RESALE, VARIANT_PARKING };

/* The last evening of a festival: there is no local day in an end. */
static json_t *ticketmaster_end(const struct tour_event *event)
{
    long minutes = tour_day_number(event->end) * 1440 + 22 * 60 - event->offset_min;
    struct tour_date utc = tour_day_date(minutes / 1440);

    return json_pack("{s:s, s:o, s:b}", "localTime", "22:00:00", "dateTime",
                     json_sprintf("%04d-%02d-%02dT%02ld:%02ld:00Z", utc.year, utc.month, utc.day,
                                  minutes % 1440 / 60, minutes % 60),
                     "approximate", 0);
}

static json_t *ticketmaster_day(const struct tour_date *day)
{
    return json_sprintf("%04d-%02d-%02d", day->year, day->month, day->day);
}

static void ticketmaster_set_hour(json_t *start, const struct tour_event *event)
{
    long minutes =
        tour_day_number(event->start) * 1440 + event->hour * 60 + event->minute - event->offset_min;
    struct tour_date utc = tour_day_date(minutes / 1440);

    json_object_set_new(start, "localTime", json_sprintf("%02d:%02d:00", event->hour, event->minute));
    json_object_set_new(start, "dateTime",
                        json_sprintf("%04d-%02d-%02dT%02ld:%02ld:00Z", utc.year, utc.month, utc.day,
                                     minutes % 1440 / 60, minutes % 60));
}

/* Of what is postponed the start is emptied, and the day before is kept beside it. */
static json_t *ticketmaster_start(const struct kinds_record *record)
{
    const struct tour_event *event = &record->event;
    json_t *start =
        json_pack("{s:b, s:b, s:b, s:b}", "dateTBD", record->is_dayless, "dateTBA", record->is_dayless,
                  "timeTBA", record->is_dayless || !event->has_time, "noSpecificTime", 0);

    if (record->is_dayless)
        return start;
    json_object_set_new(start, "localDate", ticketmaster_day(&event->start));
    if (event->has_time)
        ticketmaster_set_hour(start, event);
    return start;
}

static json_t *ticketmaster_dates(const struct kinds_record *record, enum variant variant)
{
    static const char *const codes[] = {"onsale", "canceled", "postponed"};
    const struct tour_event *event = &record->event;
    json_t *out = json_pack("{s:o, s:{s:s}, s:b}", "start", ticketmaster_start(record), "status", "code",
                            record->status != NULL ? record->status : codes[event->status],
                            "spanMultipleDays", event->festival);

    if (record->first_day.year != 0)
        json_object_set_new(out, "initialStartDate",
                            json_pack("{s:o}", "localDate", ticketmaster_day(&record->first_day)));
    if (event->festival)
        json_object_set_new(out, "end", ticketmaster_end(event));
    if (variant == VARIANT_EVENT)
        json_object_set_new(out, "timezone", json_string(event->venue.city->zone));
    return out;
}

static json_t *ticketmaster_attractions(const struct tour_world *world, const struct kinds_record *record)
{
    json_t *list = json_array();

    if (record->tour[0] != '\0')
        json_array_append_new(list, ticketmaster_tour(record->tour));
    for (unsigned i = 0; i < record->event.n_performers; i++) {
        struct tour_artist artist;

        if (tour_artist(world, tour_performer(&record->event, i), &artist))
            json_array_append_new(list, ticketmaster_attraction(&artist));
    }
    if (record->guest != NULL)
        json_array_append_new(list, ticketmaster_guest(record->guest));
    return list;
}

static json_t *ticketmaster_name(const struct kinds_record *record, const char *artist, enum variant variant)
{
    if (variant == VARIANT_PARKING)
        return json_sprintf("Parking: %s", artist);
    if (record->name[0] != '\0')
        return json_string(record->name);
    if (record->event.festival)
        return json_sprintf("%s %d", record->event.series, record->event.start.year);
    return json_string(artist);
}

static void ticketmaster_add_sales(json_t *out, const struct kinds_record *record, enum variant variant)
{
    const bool is_resale = variant == VARIANT_RESALE || record->is_resale;
    json_t *sale = json_pack("{s:s, s:b}", "startDateTime",
                             is_resale ? "1900-01-01T18:00:00Z" : "2026-09-04T08:00:00Z", "startTBD", 0);

    if (record->is_sale_over)
        json_object_set_new(sale, "endDateTime", json_string("2026-09-05T08:00:00Z"));
    json_object_set_new(out, "sales", json_pack("{s:o}", "public", sale));
    if (variant == VARIANT_EVENT)
        json_object_set_new(out, "priceRanges",
                            json_pack("[{s:s, s:s, s:f, s:f}]", "type", "standard including fees", "currency",
                                      "EUR", "min", 20.0 + (double)(record->id % 60), "max", 120.0));
    if (record->upsell_id != 0)
        json_object_set_new(out, "products",
                            json_pack("[{s:o, s:s, s:s}]", "id",
                                      json_sprintf("G5dIZ%lld", (long long)record->upsell_id), "name",
                                      "Experiencia Dorada", "type", "Upsell"));
}

static json_t *ticketmaster_event(const struct tour_world *world, const struct kinds_record *record,
                                  enum variant variant)
{
    const struct tour_event *event = &record->event;
    const bool is_resale = variant == VARIANT_RESALE || record->is_resale;
    struct tour_artist artist = {.name = ""};
    char id[48];
    json_t *out;

    tour_artist(world, event->artist_id, &artist);
    snprintf(id, sizeof(id), "%s%lld%s", is_resale ? "Z7r9jZ" : "G5dIZ", (long long)record->id,
             variant == VARIANT_PARKING ? "-P" : "");
    out = json_pack(
        "{s:o, s:s, s:s, s:b, s:o, s:s, s:o, s:o, s:o, s:{s:o}}", "name",
        ticketmaster_name(record, artist.name, variant), "type", "event", "id", id, "test", 0, "url",
        json_sprintf("https://www.ticketmaster.com/event/%s", id), "locale", "en-us", "dates",
        ticketmaster_dates(record, variant), "classifications",
        ticketmaster_classification(variant != VARIANT_PARKING, event->festival ? "Festival" : "Undefined"),
        "images", ticketmaster_images(id, record->has_plain_images), "_embedded", "attractions",
        ticketmaster_attractions(world, record));
    if (event->venue.id != 0)
        json_object_set_new(json_object_get(out, "_embedded"), "venues",
                            json_pack("[o]", ticketmaster_venue_of(record)));
    else
        json_object_set_new(out, "place", ticketmaster_place(event->venue.city));
    ticketmaster_add_sales(out, record, variant);
    return out;
}

/* ---- lists ---- */

struct window {
    long page, size, first, total;
    struct reply *refusal; /* new; NULL: the window is good */
};

static struct window ticketmaster_window(const struct request *request, long total)
{
    struct window window = {.page = request_number(request, "page", 0),
                            .size = request_number(request, "size", 20),
                            .total = total};

    window.first = window.page * window.size;
    if (window.size < 1 || window.size > TICKETMASTER_SIZE_MAX)
        window.refusal = ticketmaster_error(400, "DIS1036", "Query param \"size\" must be less than 200");
    else if (window.first >= TICKETMASTER_DEEPEST)
        window.refusal = ticketmaster_error(
            400, "DIS1035",
            "API Limits Exceeded: Max paging depth exceeded. (page * size) must be less than 1,000");
    return window;
}

/* Takes `list`. Without members there is no _embedded. */
static struct reply *ticketmaster_page(const struct window *window, const char *member, json_t *list)
{
    json_t *body = json_object();

    if (json_array_size(list) > 0)
        json_object_set_new(body, "_embedded", json_pack("{s:O}", member, list));
    json_decref(list);
    json_object_set_new(body, "page",
                        json_pack("{s:I, s:I, s:I, s:I}", "size", (json_int_t)window->size, "totalElements",
                                  (json_int_t)window->total, "totalPages",
                                  (json_int_t)((window->total + window->size - 1) / window->size), "number",
                                  (json_int_t)window->page));
    return ticketmaster_send(200, body);
}

/* Of artists whose tours are odd in other ways every seventh event is resold, every tenth has parking. */
static bool ticketmaster_has_variant(const struct tour_artist *artist, long index, enum variant variant)
{
    if (!artist->odd)
        return false;
    return variant == VARIANT_RESALE ? index % 7 == 3 : index % 10 == 5;
}

/* Resale and parking know nothing of what came of the show. */
static void ticketmaster_forget_news(struct kinds_record *record)
{
    record->status = NULL;
    record->is_dayless = false;
    record->first_day.year = 0;
    record->upsell_id = 0;
}

/* All records of event `index`: appends those that are in the window; `*total` counts all of them. */
static void ticketmaster_add_records(const struct tour_world *world, const struct tour_artist *artist,
                                     long index, const struct window *window, long *total, json_t *list)
{
    const long end = window->first + window->size;
    struct kinds_record record;
    struct tour_event event;

    if (!tour_artist_event(world, artist, (unsigned)index, &event))
        return;
    for (unsigned part = 0; part < kinds_count(&kinds_ticketmaster, artist, &event); part++, (*total)++) {
        if (*total < window->first || *total >= end)
            continue;
        kinds_tell(&kinds_ticketmaster, artist, &event, part, &record);
        json_array_append_new(list, ticketmaster_event(world, &record, VARIANT_EVENT));
    }
    for (int v = VARIANT_RESALE; v <= VARIANT_PARKING; v++) {
        if (!ticketmaster_has_variant(artist, index, (enum variant)v))
            continue;
        if (*total >= window->first && *total < end) {
            kinds_tell(&kinds_ticketmaster, artist, &event, 0, &record);
            ticketmaster_forget_news(&record);
            json_array_append_new(list, ticketmaster_event(world, &record, (enum variant)v));
        }
        (*total)++;
    }
}

static struct reply *ticketmaster_artist_events(const struct tour_world *world, uint64_t id,
                                                const struct request *request)
{
    struct window window = ticketmaster_window(request, 0);
    struct tour_artist artist;
    json_t *list;

    if (window.refusal != NULL)
        return window.refusal;
    if (!tour_artist(world, id, &artist))
        artist.n_events = 0; /* an unknown attraction has an empty list, not an error */
    list = json_array();
    for (long i = 0; i < (long)artist.n_events; i++)
        ticketmaster_add_records(world, &artist, i, &window, &window.total, list);
    return ticketmaster_page(&window, "events", list);
}

static struct reply *ticketmaster_venue_events(const struct tour_world *world, uint64_t id,
                                               const struct request *request)
{
    struct kinds_record record = {.kind = NULL};
    struct tour_venue venue;
    bool known = tour_venue(id, &venue);
    struct window window = ticketmaster_window(request, known ? TOUR_VENUE_CALENDAR : 0);
    json_t *list;

    if (window.refusal != NULL)
        return window.refusal;
    list = json_array();
    for (long i = window.first; i < window.total && i < window.first + window.size; i++)
        if (tour_venue_event(world, id, (unsigned)i, &record.event)) {
            record.id = record.event.id;
            json_array_append_new(list, ticketmaster_event(world, &record, VARIANT_EVENT));
        }
    return ticketmaster_page(&window, "events", list);
}

/* The same artists as Songkick's search finds. */
static struct reply *ticketmaster_search(const struct tour_world *world, const struct request *request)
{
    char value[REQUEST_VALUE_BYTES];
    const char *keyword = request_param(request, "keyword", value);
    struct tour_artist artist;
    json_t *list = json_array();
    struct window window = ticketmaster_window(request, 0);

    if (window.refusal != NULL) {
        json_decref(list);
        return window.refusal;
    }
    for (uint64_t id = TICKETMASTER_SEARCH_FIRST - 1; keyword != NULL && id <= TICKETMASTER_SEARCH_LAST;
         id++) {
        uint64_t real = id < TICKETMASTER_SEARCH_FIRST ? TOUR_DEMO_ARTIST : id;

        if (!tour_artist(world, real, &artist) || strcasestr(artist.name, keyword) == NULL)
            continue;
        if (window.total >= window.first && window.total < window.first + window.size)
            json_array_append_new(list, ticketmaster_attraction(&artist));
        if (++window.total == TICKETMASTER_SEARCH_MAX)
            break;
    }
    return ticketmaster_page(&window, "attractions", list);
}

/* ---- routes ---- */

/* The number in an id: "K8vZ17" -> 17, and what follows it. */
static bool ticketmaster_id(const char *text, const char *prefix, uint64_t *ret_id, const char **ret_rest)
{
    size_t len = strlen(prefix),
           digits = strncmp(text, prefix, len) == 0 ? strspn(text + len, "0123456789") : 0;

    if (digits == 0 || digits > 18)
        return false;
    *ret_id = strtoull(text + len, NULL, 10);
    *ret_rest = text + len + digits;
    return true;
}

static struct reply *ticketmaster_events(const struct tour_world *world, const struct request *request)
{
    char value[REQUEST_VALUE_BYTES];
    const char *text, *rest;
    uint64_t id;

    text = request_param(request, "attractionId", value);
    if (text != NULL)
        return ticketmaster_artist_events(
            world, ticketmaster_id(text, "K8vZ", &id, &rest) && *rest == '\0' ? id : 4040000, request);
    text = request_param(request, "venueId", value);
    if (text != NULL && ticketmaster_id(text, "KovZ", &id, &rest))
        return ticketmaster_venue_events(world, id, request);
    return ticketmaster_artist_events(world, 4040000, request);
}

static struct reply *ticketmaster_answer(const struct tour_world *world, const char *path,
                                         const struct request *request)
{
    struct tour_artist artist;
    struct kinds_record record;
    struct tour_venue venue;
    const char *rest;
    uint64_t id;

    if (strcmp(path, "/events.json") == 0)
        return ticketmaster_events(world, request);
    if (strcmp(path, "/attractions.json") == 0)
        return ticketmaster_search(world, request);
    if (strncmp(path, "/attractions/", 13) == 0 && ticketmaster_id(path + 13, "K8vZ", &id, &rest) &&
        strcmp(rest, ".json") == 0 && tour_artist(world, id, &artist))
        return ticketmaster_send(200, ticketmaster_attraction(&artist));
    if (strncmp(path, "/venues/", 8) == 0 && ticketmaster_id(path + 8, "KovZ", &id, &rest) &&
        strcmp(rest, ".json") == 0 && tour_venue(id, &venue))
        return ticketmaster_send(200, ticketmaster_venue(&venue));
    if (strncmp(path, "/events/", 8) == 0 && ticketmaster_id(path + 8, "G5dIZ", &id, &rest) &&
        strcmp(rest, ".json") == 0 && kinds_find(&kinds_ticketmaster, world, id, &record))
        return ticketmaster_send(200, ticketmaster_event(world, &record, VARIANT_EVENT));
    return ticketmaster_not_found();
}

static enum path_class ticketmaster_classify(const char *path)
{
    if (strcmp(path, "/events.json") == 0)
        return CLASS_CALENDAR;
    if (strcmp(path, "/attractions.json") == 0)
        return CLASS_SEARCH;
    if (strncmp(path, "/attractions/", 13) == 0)
        return CLASS_ARTIST;
    if (strncmp(path, "/venues/", 8) == 0)
        return CLASS_VENUE;
    return strncmp(path, "/events/", 8) == 0 ? CLASS_EVENT : CLASS_OTHER;
}

const struct provider provider_ticketmaster = {
    .prefix = "/ticketmaster/discovery/v2",
    .classify = ticketmaster_classify,
    .answer = ticketmaster_answer,
    .refuse = ticketmaster_refuse,
};
