/* Bandsintown's public API v3.0: an artist and the artist's events, with what its recordings show to be odd.
 * Errors are mostly no JSON and come with status 200; every address holds the key of whoever asked first;
 * only the first event holds the artist; hours that are not known are 19:00; cancelled events are not there.
 * Not played: dates in the past, artists by Facebook page. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tests/simulator/kinds.h"
#include "tests/simulator/provider.h"

#define BANDSINTOWN_SITE        "https://www.bandsintown.com"
#define BANDSINTOWN_NAMED_FIRST 1000u
#define BANDSINTOWN_NAMED_LAST  4999u
#define BANDSINTOWN_KEY_BYTES   (3 * REQUEST_VALUE_BYTES)

/* ---- answers ---- */

static struct reply *bandsintown_send(json_t *body)
{
    char *text = json_dumps(body, JSON_COMPACT);

    if (text == NULL)
        abort(); /* out of memory, or a name that is not UTF-8: a fault of the simulator */
    json_decref(body);
    return reply_new(200, text, strlen(text));
}

static struct reply *bandsintown_refuse(void)
{
    return reply_text(
        403, "{\"Message\":\"User is not authorized to access this resource with an explicit deny\"}");
}

/* All that were seen between 2017 and 2026; which of them is the artist's for ever. */
static struct reply *bandsintown_not_found(const char *artist, size_t len)
{
    static const struct {
        unsigned status;
        const char *body;
    } forms[] = {{200, "{warn=Not found}\n"},
                 {200, "\n{warn=Not found}\n"},
                 {200, "{error=Not Found}\n"},
                 {404, "{\"errorMessage\":\"[NotFound] The artist was not found\"}"},
                 {200, "\"\""}};
    size_t form = (unsigned char)artist[len - 1] % (sizeof(forms) / sizeof(forms[0]));

    return reply_text(forms[form].status, forms[form].body);
}

/* ---- addresses ---- */

static void bandsintown_escape(const char *key, char escaped[BANDSINTOWN_KEY_BYTES])
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";
    size_t len = 0;

    for (; *key != '\0'; key++) {
        if (strchr(plain, *key) != NULL)
            escaped[len++] = *key;
        else
            len += (size_t)snprintf(escaped + len, 4, "%%%02X", (unsigned char)*key);
    }
    escaped[len] = '\0';
}

/* The page of an artist (a), an event (e) or its tickets (t). */
static json_t *bandsintown_page(char what, uint64_t id, const char *campaign, const char *key)
{
    char escaped[BANDSINTOWN_KEY_BYTES];

    bandsintown_escape(key, escaped);
    if (what == 'a')
        return json_sprintf(BANDSINTOWN_SITE "/a/%llu?came_from=267&app_id=%s", (unsigned long long)id,
                            escaped);
    return json_sprintf(
        BANDSINTOWN_SITE
        "/%c/%llu?app_id=%s&came_from=267&utm_medium=api&utm_source=public_api&utm_campaign=%s",
        what, (unsigned long long)id, escaped, campaign);
}

/* ---- artists ---- */

static json_t *bandsintown_artist(const struct tour_artist *artist, const char *key)
{
    char id[24], slug[NAME_BYTES];
    json_t *links = json_array();

    snprintf(id, sizeof(id), "%llu", (unsigned long long)artist->id);
    names_slug(artist->name, slug);
    json_array_append_new(
        links, json_pack("{s:s, s:o}", "type", "website", "url", json_sprintf("https://%s.example/", slug)));
    json_array_append_new(links, json_pack("{s:s, s:s}", "type", "instagram", "url", slug));
    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:s, s:s, s:i, s:[], s:i, s:o}", "id", id, "name",
                     artist->name, "url", bandsintown_page('a', artist->id, NULL, key), "image_url",
                     json_sprintf("https://photos.bandsintown.example/large/%s.jpeg", id), "thumb_url",
                     json_sprintf("https://photos.bandsintown.example/thumb/%s.jpeg", id),
                     "facebook_page_url", "", "mbid", artist->n_mbids == 1 ? artist->mbids[0] : "",
                     "tracker_count", 4711, "tracking", "upcoming_event_count", (int)artist->n_events,
                     "links", links);
}

/* ---- events ---- */

/* Bandsintown writes country names in full, where the world has Songkick's. */
static const char *bandsintown_country(const struct city *city)
{
    if (strcmp(city->country->name, "UK") == 0)
        return "United Kingdom";
    return strcmp(city->country->name, "US") == 0 ? "United States" : city->country->name;
}

/* A festival's venue is its title. */
static const char *bandsintown_venue_name(const struct tour_event *event, const char *title)
{
    if (event->festival)
        return title;
    return strcmp(event->venue.name, TOUR_UNKNOWN_VENUE) != 0 ? event->venue.name : "TBA";
}

/* The coordinates are the city's. */
static json_t *bandsintown_venue(const struct kinds_record *record, const char *title)
{
    const struct tour_venue *venue = &record->event.venue;
    const bool titled = record->event.festival;
    const char *country = record->country != NULL ? record->country : bandsintown_country(venue->city);
    const char *city = record->city != NULL ? record->city : venue->city->name;
    const char *state = venue->city->state != NULL ? venue->city->state : "";

    return json_pack(
        "{s:s, s:o, s:s, s:s, s:s, s:o, s:o, s:s, s:s}", "name",
        bandsintown_venue_name(&record->event, title), "location",
        json_sprintf("%s, %s", record->location_city != NULL ? record->location_city : city, country), "city",
        city, "region", record->region != NULL ? record->region : state, "country", country, "latitude",
        json_sprintf("%.5f", venue->city->lat), "longitude", json_sprintf("%.5f", venue->city->lng),
        "street_address", titled ? country : venue->street, "postal_code", titled ? "" : venue->zip);
}

static json_t *bandsintown_stream(const char *name)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "name", name, "location", "Live Stream", "city", "",
                     "region", "", "country", "", "type", "Virtual");
}

static json_t *bandsintown_lineup(const struct tour_world *world, const struct kinds_record *record)
{
    const struct tour_event *event = &record->event;
    json_t *list = json_array();
    struct tour_artist artist;

    for (unsigned i = 0; i < event->n_performers; i++)
        if (tour_artist(world, tour_performer(event, i), &artist))
            json_array_append_new(list, json_string(artist.name));
    if (record->guest != NULL)
        json_array_append_new(list, json_string(record->guest));
    return list;
}

static json_t *bandsintown_offers(uint64_t id, bool odd, const char *key)
{
    json_t *list = json_array();

    if (!odd || names_mix(id, 0x0ffe) % 5 != 0)
        json_array_append_new(list,
                              json_pack("{s:s, s:o, s:s}", "type", "Tickets", "url",
                                        bandsintown_page('t', id, "ticket", key), "status", "available"));
    return list;
}

/* "…T19:00:00" where the hour is not known, and the three ways to say when a festival ends. */
static void bandsintown_set_times(json_t *out, const struct tour_event *event)
{
    const struct tour_date *start = &event->start, *end = &event->end;
    const bool range = event->festival && event->id % 3 != 0;
    char first[16], last[16];
    json_t *at;

    snprintf(first, sizeof(first), "%04u-%02u-%02u", (unsigned)start->year % 10000,
             (unsigned)start->month % 100, (unsigned)start->day % 100);
    snprintf(last, sizeof(last), "%04u-%02u-%02u", (unsigned)end->year % 10000, (unsigned)end->month % 100,
             (unsigned)end->day % 100);
    at = json_sprintf("%sT%02d:%02d:00", first, event->has_time ? event->hour : 19,
                      event->has_time ? event->minute : 0);
    json_object_set(out, "starts_at", at);
    json_object_set_new(out, "datetime", at);
    json_object_set_new(out, "datetime_display_rule", json_string(range ? "range" : "datetime"));
    json_object_set_new(out, "ends_at", range ? json_sprintf("%sT23:59:59", last) : json_string(""));
    json_object_set_new(out, "festival_start_date",
                        json_string(event->festival && event->id % 3 != 1 ? first : ""));
    json_object_set_new(out, "festival_end_date",
                        json_string(event->festival && event->id % 3 != 1 ? last : ""));
    json_object_set_new(out, "festival_datetime_display_rule", json_string(event->festival ? "date" : ""));
    json_object_set_new(out, "on_sale_datetime",
                        json_string(event->id % 4 == 0 ? "0001-01-01T00:00:00" : "2026-01-09T10:00:00"));
}

static json_t *bandsintown_event(const struct tour_world *world, const struct kinds_record *record, bool odd,
                                 const char *key)
{
    const struct tour_event *event = &record->event;
    const uint64_t h = names_mix(event->id, 0xb17);
    const bool streaming = odd && h % 25 == 1;
    char title[NAME_BYTES + 16] = "";
    json_t *out;

    if (event->festival)
        snprintf(title, sizeof(title), "%s %d", event->series, event->start.year);
    out = json_pack(
        "{s:o, s:o, s:o, s:s, s:s, s:o, s:o, s:o, s:b, s:b, s:b, s:s}", "id",
        json_sprintf("%llu", (unsigned long long)record->id), "artist_id",
        json_sprintf("%llu", (unsigned long long)event->artist_id), "url",
        bandsintown_page('e', record->id, "event", key), "title",
        record->name[0] != '\0' ? record->name : title, "description", record->description, "venue",
        streaming ? bandsintown_stream("From the Attic") : bandsintown_venue(record, title), "lineup",
        bandsintown_lineup(world, record), "offers", bandsintown_offers(record->id, odd, key), "sold_out",
        odd && (h >> 8) % 12 == 1, "free", record->is_free, "bandsintown_plus", streaming, "presale", "");
    bandsintown_set_times(out, event);
    return out;
}

static struct reply *bandsintown_events(const struct tour_world *world, const struct tour_artist *artist,
                                        const char *key)
{
    json_t *list = json_array();
    struct kinds_record record;
    struct tour_event event;

    for (unsigned i = 0; tour_artist_event(world, artist, i, &event); i++) {
        if (event.status == TOUR_CANCELLED)
            continue;
        for (unsigned part = 0; part < kinds_count(&kinds_bandsintown, artist, &event); part++) {
            kinds_tell(&kinds_bandsintown, artist, &event, part, &record);
            json_array_append_new(list, bandsintown_event(world, &record, artist->odd, key));
        }
    }
    if (json_array_size(list) > 0)
        json_object_set_new(json_array_get(list, 0), "artist", bandsintown_artist(artist, key));
    return bandsintown_send(list);
}

/* ---- routes ---- */

/* By "id_17", or by a name that was escaped twice where it holds what a path cannot. */
static bool bandsintown_find(const struct tour_world *world, const char *text, size_t len,
                             struct tour_artist *ret_artist)
{
    char name[REQUEST_PATH_BYTES] = "";
    size_t n = 0;

    if (len > 3 && strncmp(text, "id_", 3) == 0)
        return strspn(text + 3, "0123456789") == len - 3 && len <= 20 &&
               tour_artist(world, strtoull(text + 3, NULL, 10), ret_artist);
    for (size_t i = 0; i < len && n + 1 < sizeof(name); i++) {
        unsigned byte = (unsigned char)text[i];

        if (text[i] == '%' && i + 2 < len && strspn(text + i + 1, "0123456789ABCDEFabcdef") >= 2) {
            byte = (unsigned)strtoul((char[]){text[i + 1], text[i + 2], '\0'}, NULL, 16);
            i += 2;
        }
        name[n++] = (char)byte;
    }
    for (uint64_t id = BANDSINTOWN_NAMED_FIRST - 1; id <= BANDSINTOWN_NAMED_LAST; id++) {
        uint64_t real = id < BANDSINTOWN_NAMED_FIRST ? TOUR_DEMO_ARTIST : id;

        if (tour_artist(world, real, ret_artist) && strcasecmp(ret_artist->name, name) == 0)
            return true;
    }
    return false;
}

static struct reply *bandsintown_answer(const struct tour_world *world, const char *path,
                                        const struct request *request)
{
    struct tour_artist artist;
    const char *part = path + strlen("/artists/"), *rest;

    if (strncmp(path, "/artists/", strlen("/artists/")) != 0 || *part == '\0' || *part == '/')
        return reply_text(403, "{\"message\":\"Missing Authentication Token\"}");
    rest = strchr(part, '/');
    if (rest == NULL)
        rest = part + strlen(part);
    if (!bandsintown_find(world, part, (size_t)(rest - part), &artist))
        return bandsintown_not_found(part, (size_t)(rest - part));
    if (strcmp(rest, "/events") == 0)
        return bandsintown_events(world, &artist, request->key);
    if (*rest == '\0')
        return bandsintown_send(bandsintown_artist(&artist, request->key));
    return reply_text(403, "{\"message\":\"Missing Authentication Token\"}");
}

static enum path_class bandsintown_classify(const char *path)
{
    size_t len = strlen(path);

    if (len > 7 && strcmp(path + len - 7, "/events") == 0)
        return CLASS_CALENDAR;
    return strncmp(path, "/artists/", 9) == 0 ? CLASS_ARTIST : CLASS_OTHER;
}

const struct provider provider_bandsintown = {
    .prefix = "/bandsintown",
    .classify = bandsintown_classify,
    .answer = bandsintown_answer,
    .refuse = bandsintown_refuse,
};
