/* The world that every provider of the simulator shows: artists, their tours, venues. Any number is an artist
 * with a stable, plausible tour; the same number, seed and day give the same bytes for ever.
 *
 * Everything is computed on demand from the number: nothing is stored, and event 1082 of 1083 costs as much
 * as the first. After tour_world_new() all of it may be used from any thread.
 *
 * Numbers with a meaning (README.md shows them as a table):
 *   9NNNNVVV[S...]  NNNN events on exactly VVV distinct venues, every value well-formed and complete
 *   8NNNNVVV[S...]  the same sizes, with everything odd that the recordings show; VVV counts venues with an
 * id 7NNNNPPP[S...]  NNNN festivals with PPP performers each 6395144         "Velvet Harbour", the
 * demonstration: 54 events on 50 venues, odd ones among them 404NNNN         unknown S... is up to three
 * digits that make another artist of the same size. */
#ifndef SIMULATOR_TOUR_H
#define SIMULATOR_TOUR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/simulator/cities.h"
#include "tests/simulator/names.h"

#define TOUR_DEMO_ARTIST    6395144u
#define TOUR_MBIDS_MAX      3
#define TOUR_MBID_BYTES     37
#define TOUR_INDEX_LIMIT    10000u /* event id = artist id * this + index */
#define TOUR_UNKNOWN_VENUE  "Unknown venue"
#define TOUR_VENUE_CALENDAR 12 /* events of every venue's own calendar */

struct tour_world;

struct tour_date {
    int year, month, day;
};

struct tour_artist {
    uint64_t id;
    char name[NAME_BYTES];
    char mbids[TOUR_MBIDS_MAX][TOUR_MBID_BYTES];
    unsigned n_mbids;
    unsigned n_events, n_venues; /* venues with an id, all of them in the tour */
    bool odd;                    /* of its values some are missing or strange */
    bool has_kinds;              /* of its events some are told as kinds.h says */
    bool on_tour;
    struct tour_date last_day; /* of the tour, when on tour */
};

enum tour_capacity { TOUR_CAPACITY_NUMBER, TOUR_CAPACITY_NULL, TOUR_CAPACITY_EMPTY };

struct tour_venue {
    uint64_t id; /* 0: unknown; then only city and coordinates mean something */
    char name[NAME_BYTES];
    const struct city *city;
    bool has_geo;
    double lat, lng;
    char street[NAME_BYTES], zip[24];
    char phone[40], website[NAME_BYTES + 64]; /* "" when there is none */
    bool phone_null, website_null;            /* none is written as null rather than "" */
    enum tour_capacity capacity_kind;
    int capacity;
    const char *description;
    bool old_links; /* http, not https, and the old form of metro areas */
};

enum tour_status { TOUR_OK, TOUR_CANCELLED, TOUR_POSTPONED };

struct tour_event {
    uint64_t id, artist_id;
    bool festival;
    char series[NAME_BYTES]; /* of a festival: "Lantern Festival" */
    enum tour_status status;
    struct tour_date start, end; /* end: of festivals */
    bool has_time;
    int hour, minute, offset_min; /* east of UTC, right for the city on that day */
    struct tour_venue venue;
    bool location_geo;           /* the city's coordinates are known even where the venue's are not */
    unsigned n_performers;       /* may be 0 for a festival */
    const char *age_restriction; /* NULL: none */
    double popularity;
    bool old_links;
};

/* New: `today` is the day before which no event lies. Reads the system's zone data through libc's TZ, so it
 * must be called before any thread is started; the environment is as before when it returns. */
struct tour_world *tour_world_new(struct tour_date today);
void tour_world_free(struct tour_world *world); /* NULL is a no-op */

/* False: there is no such artist, venue or event. */
bool tour_artist(const struct tour_world *world, uint64_t id, struct tour_artist *ret_artist);
bool tour_artist_of_mbid(const char *mbid, uint64_t *ret_id);
bool tour_venue(uint64_t id, struct tour_venue *ret_venue);
bool tour_event(const struct tour_world *world, uint64_t event_id, struct tour_event *ret_event);

/* Event `index` of an artist's tour, by date. False at the end. */
bool tour_artist_event(const struct tour_world *world, const struct tour_artist *artist, unsigned index,
                       struct tour_event *ret_event);
bool tour_venue_event(const struct tour_world *world, uint64_t venue_id, unsigned index,
                      struct tour_event *ret_event);

/* The artist who is number `index` on the bill; 0 is the first named. */
uint64_t tour_performer(const struct tour_event *event, unsigned index);

/* Days since 1970-01-01 and back. */
long tour_day_number(struct tour_date date);
struct tour_date tour_day_date(long number);

#endif
