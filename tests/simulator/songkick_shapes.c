/* The invented world in Songkick's words: artists, venues, events as its recordings show them (2010 to 2023),
 * and https://www.songkick.com/developer. Which of them is asked for is songkick.c's. */
#include "tests/simulator/songkick_shapes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SONGKICK_UTM "utm_source=99999&utm_medium=partner"

static const char *songkick_site(bool old_links)
{
    return old_links ? "http://www.songkick.com" : "https://www.songkick.com";
}

static json_t *songkick_coordinate(bool known, double degrees)
{
    if (!known)
        return json_null();
    /* Whole degrees are JSON integers in the recordings. */
    return degrees == round(degrees) ? json_integer((json_int_t)degrees) : json_real(degrees);
}

static json_t *songkick_or_null(const char *text, bool null)
{
    return null ? json_null() : json_string(text);
}

/* ---- artists ---- */

static json_t *songkick_identifiers(const struct tour_artist *artist, bool old_links, bool detailed)
{
    json_t *list = json_array();

    for (unsigned i = 0; i < artist->n_mbids; i++) {
        const char *scheme = old_links ? "http" : "https", *mbid = artist->mbids[i];
        json_t *one =
            json_pack("{s:s, s:o}", "mbid", mbid, "href",
                      json_sprintf("%s://api.songkick.com/api/3.0/artists/mbid:%s.json", scheme, mbid));

        if (detailed) {
            json_object_set_new(
                one, "eventsHref",
                json_sprintf("%s://api.songkick.com/api/3.0/artists/mbid:%s/calendar.json", scheme, mbid));
            json_object_set_new(
                one, "setlistsHref",
                json_sprintf("%s://api.songkick.com/api/3.0/artists/mbid:%s/setlists.json", scheme, mbid));
        }
        json_array_append_new(list, one);
    }
    return list;
}

json_t *songkick_artist(const struct tour_artist *artist, bool old_links, bool detailed)
{
    char slug[NAME_BYTES];
    json_t *out;

    names_slug(artist->name, slug);
    out = json_pack("{s:I, s:s, s:o, s:o}", "id", (json_int_t)artist->id, "displayName", artist->name, "uri",
                    json_sprintf("%s/artists/%lld-%s?" SONGKICK_UTM, songkick_site(old_links),
                                 (long long)artist->id, slug),
                    "identifier", songkick_identifiers(artist, old_links, detailed));
    if (detailed)
        json_object_set_new(out, "onTourUntil",
                            artist->on_tour ? json_sprintf("%04d-%02d-%02d", artist->last_day.year,
                                                           artist->last_day.month, artist->last_day.day)
                                            : json_null());
    return out;
}

/* ---- places ---- */

static void songkick_set_country(json_t *place, const struct city *city)
{
    json_object_set_new(place, "country", json_pack("{s:s}", "displayName", city->country->name));
    if (city->state != NULL)
        json_object_set_new(place, "state", json_pack("{s:s}", "displayName", city->state));
}

static json_t *songkick_metro(const struct city *city, bool old_links)
{
    char slug[NAME_BYTES];
    json_t *metro;

    names_slug(city->metro, slug);
    metro = json_pack("{s:s, s:i, s:o}", "displayName", city->metro, "id", city->metro_id, "uri",
                      json_sprintf("%s/%s/%d-%s-%s?" SONGKICK_UTM, songkick_site(old_links),
                                   old_links ? "metro_areas" : "metro-areas", city->metro_id,
                                   city->country->slug, slug));
    songkick_set_country(metro, city);
    return metro;
}

/* What a calendar says of a venue. */
static json_t *songkick_venue(const struct tour_venue *venue)
{
    char slug[NAME_BYTES];
    json_t *uri = json_null(), *id = json_null();

    if (venue->id != 0) {
        names_slug(venue->name, slug);
        id = json_integer((json_int_t)venue->id);
        uri = json_sprintf("%s/venues/%lld-%s?" SONGKICK_UTM, songkick_site(venue->old_links),
                           (long long)venue->id, slug);
    }
    return json_pack("{s:o, s:s, s:o, s:o, s:o, s:o}", "id", id, "displayName", venue->name, "uri", uri,
                     "metroArea", songkick_metro(venue->city, venue->old_links), "lat",
                     songkick_coordinate(venue->has_geo, venue->lat), "lng",
                     songkick_coordinate(venue->has_geo, venue->lng));
}

/* What the venue's own resource adds. */
json_t *songkick_venue_details(const struct tour_venue *venue)
{
    json_t *out = songkick_venue(venue);
    json_t *city = json_pack("{s:s}", "displayName", venue->city->name);
    json_t *capacity = json_null();

    songkick_set_country(city, venue->city);
    if (strcmp(venue->city->name, venue->city->metro) == 0) {
        json_t *metro = json_object_get(out, "metroArea");

        json_object_set(city, "id", json_object_get(metro, "id"));
        json_object_set(city, "uri", json_object_get(metro, "uri"));
    }
    if (venue->capacity_kind == TOUR_CAPACITY_NUMBER)
        capacity = json_integer(venue->capacity);
    else if (venue->capacity_kind == TOUR_CAPACITY_EMPTY)
        capacity = json_string("");
    json_object_update_new(out, json_pack("{s:o, s:s, s:s, s:o, s:o, s:o, s:s}", "city", city, "street",
                                          venue->street, "zip", venue->zip, "phone",
                                          songkick_or_null(venue->phone, venue->phone_null), "website",
                                          songkick_or_null(venue->website, venue->website_null), "capacity",
                                          capacity, "description", venue->description));
    return out;
}

/* ---- events ---- */

static json_t *songkick_start(const struct tour_event *event)
{
    char date[32], time[16], datetime[64];
    int offset = abs(event->offset_min);

    snprintf(date, sizeof(date), "%04d-%02d-%02d", event->start.year, event->start.month, event->start.day);
    if (!event->has_time)
        return json_pack("{s:s, s:n, s:n}", "date", date, "datetime", "time");
    snprintf(time, sizeof(time), "%02d:%02d:00", event->hour, event->minute);
    snprintf(datetime, sizeof(datetime), "%sT%s%c%02d%02d", date, time, event->offset_min < 0 ? '-' : '+',
             offset / 60, offset % 60);
    return json_pack("{s:s, s:s, s:s}", "date", date, "datetime", datetime, "time", time);
}

/* An act that has a page at Songkick and is nobody. */
static json_t *songkick_guest(const char *name)
{
    struct tour_artist artist = {.id = names_mix(1, (unsigned char)name[0]) % 1000};

    snprintf(artist.name, sizeof(artist.name), "%s", name);
    return json_pack("{s:I, s:s, s:s, s:i, s:o}", "id", (json_int_t)artist.id, "displayName", name, "billing",
                     "support", "billingIndex", 99, "artist", songkick_artist(&artist, false, false));
}

static json_t *songkick_performances(const struct tour_world *world, const struct kinds_record *record)
{
    const struct tour_event *event = &record->event;
    json_t *list = json_array();

    for (unsigned i = 0; i < event->n_performers; i++) {
        bool headline = i == 0 || (event->festival && i < event->n_performers / 3);
        struct tour_artist artist;

        if (!tour_artist(world, tour_performer(event, i), &artist))
            continue;
        json_array_append_new(list, json_pack("{s:I, s:s, s:s, s:i, s:o}", "id",
                                              (json_int_t)(names_mix(event->id, i) % 90000000 + 10000000),
                                              "displayName", artist.name, "billing",
                                              headline ? "headline" : "support", "billingIndex", (int)i + 1,
                                              "artist", songkick_artist(&artist, event->old_links, false)));
    }
    if (record->guest != NULL)
        json_array_append_new(list, songkick_guest(record->guest));
    return list;
}

/* "A with B and C at Venue (March 12, 2027)", and a festival's own name and year. */
static void songkick_event_name(const struct tour_event *event, const json_t *performances, char *name,
                                size_t name_bytes)
{
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    const char *cancelled = event->status == TOUR_CANCELLED ? " (CANCELLED) " : "";
    size_t count = json_array_size(performances), at = 0;

    if (event->festival) {
        snprintf(name, name_bytes, "%s %d%s", event->series, event->start.year, cancelled);
        return;
    }
    name[0] = '\0';
    for (size_t i = 0; i < count && at < name_bytes; i++) {
        const char *between = i == 0 ? "" : i == 1 ? " with " : i + 1 == count ? " and " : ", ";

        at += (size_t)snprintf(
            name + at, name_bytes - at, "%s%s", between,
            json_string_value(json_object_get(json_array_get(performances, i), "displayName")));
    }
    if (at < name_bytes)
        snprintf(name + at, name_bytes - at, " at %s (%s %d, %d)%s", event->venue.name,
                 months[event->start.month - 1], event->start.day, event->start.year, cancelled);
}

static json_t *songkick_event_uri(const struct kinds_record *record, const char *name)
{
    const struct tour_event *event = &record->event;
    char slug[NAME_BYTES], series_slug[NAME_BYTES], short_name[NAME_BYTES];
    unsigned series = (unsigned)(names_mix(event->id, 0x5e71e5) % 3000000);

    /* The slug has neither the date nor what follows it. */
    snprintf(short_name, sizeof(short_name), "%.*s", (int)strcspn(name, "("), name);
    names_slug(short_name, slug);
    names_slug(event->series, series_slug);
    if (event->festival)
        return json_sprintf("%s/festivals/%u%s%s/id/%lld-%s?" SONGKICK_UTM, songkick_site(event->old_links),
                            series, event->old_links ? "" : "-", event->old_links ? "" : series_slug,
                            (long long)record->id, slug);
    return json_sprintf("%s/concerts/%lld-%s?" SONGKICK_UTM, songkick_site(event->old_links),
                        (long long)record->id, slug);
}

static json_t *songkick_location(const struct tour_event *event)
{
    const struct city *city = event->venue.city;
    const bool exact = event->venue.has_geo;
    json_t *name = city->state != NULL
                       ? json_sprintf("%s, %s, %s", city->name, city->state, city->country->name)
                       : json_sprintf("%s, %s", city->name, city->country->name);

    return json_pack("{s:o, s:o, s:o}", "city", name, "lat",
                     songkick_coordinate(event->location_geo, exact ? event->venue.lat : city->lat), "lng",
                     songkick_coordinate(event->location_geo, exact ? event->venue.lng : city->lng));
}

json_t *songkick_event(const struct tour_world *world, const struct kinds_record *record, bool detailed)
{
    static const char *const status[] = {"ok", "cancelled", "postponed"};
    const struct tour_event *event = &record->event;
    json_t *performances = songkick_performances(world, record);
    char name[8 * NAME_BYTES];
    json_t *out;

    songkick_event_name(event, performances, name, sizeof(name));
    out = json_pack("{s:I, s:s, s:s, s:o, s:s, s:f, s:o, s:o, s:s?, s:b, s:o, s:o}", "id",
                    (json_int_t)record->id, "displayName", name, "type",
                    event->festival ? "Festival" : "Concert", "uri", songkick_event_uri(record, name),
                    "status", status[event->status], "popularity", event->popularity, "start",
                    songkick_start(event), "performance", performances, "ageRestriction",
                    event->age_restriction, "flaggedAsEnded", 0, "venue",
                    detailed && event->venue.id != 0 ? songkick_venue_details(&event->venue)
                                                     : songkick_venue(&event->venue),
                    "location", songkick_location(event));
    if (event->festival) {
        char date[32];

        snprintf(date, sizeof(date), "%04d-%02d-%02d", event->end.year, event->end.month, event->end.day);
        json_object_set_new(out, "end", json_pack("{s:s, s:n, s:n}", "date", date, "datetime", "time"));
        json_object_set_new(out, "series", json_pack("{s:s}", "displayName", event->series));
    }
    return out;
}
