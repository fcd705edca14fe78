/* Artists and their tours, computed from numbers. Knows no provider's format and no HTTP. */
#include "tests/simulator/tour.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define TOUR_ID_MAX         99999999999u
#define TOUR_UNKNOWN_MIN    4040000u
#define TOUR_UNKNOWN_MAX    4049999u
#define TOUR_TRIBUTES_FIRST 3000u /* 3000 to 4999: tribute bands of 1000 to 2999 */
#define TOUR_TRIBUTES_LAST  4999u
#define TOUR_DEMO_TRIBUTE   (TOUR_DEMO_ARTIST + 1)
#define TOUR_VENUE_EVENTS   2000000000000000u /* events of venues' calendars begin here */
#define TOUR_SIZED_FIRST    70000000u         /* numbers from here on say how large the tour is */
#define TOUR_PRIME          10007u            /* above any number of events, so it shares no factor */
#define TOUR_FIRST_DAY      2                 /* days from today to the first event */
#define TOUR_SPAN_MAX_DAYS  540
#define TOUR_DAYS           (TOUR_FIRST_DAY + TOUR_SPAN_MAX_DAYS + 1)
#define TOUR_CITIES_MAX     64

struct tour_world {
    long today;
    int offset_min[TOUR_CITIES_MAX][TOUR_DAYS];
};

enum flavour { GOOD, MIXED, FESTIVALS };

struct sizes {
    enum flavour flavour;
    unsigned n_events, n_venues, n_performers;
};

long tour_day_number(struct tour_date date)
{
    struct tm tm = {.tm_year = date.year - 1900, .tm_mon = date.month - 1, .tm_mday = date.day};

    return (long)(timegm(&tm) / 86400);
}

struct tour_date tour_day_date(long number)
{
    time_t at = (time_t)number * 86400;
    struct tm tm;

    gmtime_r(&at, &tm);
    return (struct tour_date){tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday};
}

/* Offsets come from libc, not from libical: the service's own table of zones is checked against them. */
static bool tour_load_zone(struct tour_world *world, size_t city)
{
    char path[160];

    snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", cities[city].zone);
    if (access(path, R_OK) != 0 || setenv("TZ", cities[city].zone, 1) != 0)
        return false;
    tzset();
    for (int day = 0; day < TOUR_DAYS; day++) {
        struct tour_date date = tour_day_date(world->today + day);
        struct tm tm = {.tm_year = date.year - 1900,
                        .tm_mon = date.month - 1,
                        .tm_mday = date.day,
                        .tm_hour = 19,
                        .tm_isdst = -1};

        if (mktime(&tm) == (time_t)-1)
            return false;
        world->offset_min[city][day] = (int)(tm.tm_gmtoff / 60);
    }
    return true;
}

struct tour_world *tour_world_new(struct tour_date today)
{
    struct tour_world *world = calloc(1, sizeof(*world));
    const char *zone = getenv("TZ");
    char *zone_before = zone != NULL ? strdup(zone) : NULL;
    bool ok = world != NULL && n_cities <= TOUR_CITIES_MAX;

    if (ok)
        world->today = tour_day_number(today);
    for (size_t i = 0; ok && i < n_cities; i++)
        ok = tour_load_zone(world, i);
    if (zone_before != NULL)
        setenv("TZ", zone_before, 1);
    else
        unsetenv("TZ");
    tzset();
    free(zone_before);
    if (!ok) {
        free(world);
        return NULL;
    }
    return world;
}

void tour_world_free(struct tour_world *world)
{
    free(world);
}

static bool tour_sizes(uint64_t id, struct sizes *ret)
{
    uint64_t h = names_mix(id, 0x512e), head = id;

    if (id == 0 || id > TOUR_ID_MAX || (id >= TOUR_UNKNOWN_MIN && id <= TOUR_UNKNOWN_MAX))
        return false;
    while (head > 99999999)
        head /= 10;
    *ret = (struct sizes){MIXED, 1 + (unsigned)(h >> 8) % 90, 0, 0};
    if (h % 8 == 0)
        ret->n_events = 0;
    ret->n_venues = ret->n_events - ret->n_events / 12;
    if (id == TOUR_DEMO_ARTIST) {
        ret->n_events = 54;
        ret->n_venues = 50;
    } else if (id == TOUR_DEMO_TRIBUTE || (id >= TOUR_TRIBUTES_FIRST && id <= TOUR_TRIBUTES_LAST)) {
        ret->n_events = ret->n_venues = 0;
    } else if (head >= TOUR_SIZED_FIRST) {
        ret->flavour = head >= 90000000 ? GOOD : head >= 80000000 ? MIXED : FESTIVALS;
        ret->n_events = (unsigned)(head / 1000 % 10000);
        ret->n_venues = (unsigned)(head % 1000);
        if (ret->flavour == FESTIVALS) {
            ret->n_performers = ret->n_venues;
            ret->n_venues = ret->n_events < 40 ? ret->n_events : 40;
        }
    }
    if (ret->n_venues > ret->n_events)
        ret->n_venues = ret->n_events;
    return true;
}

/* Numbers that promise a size keep it, and the demonstration is told plainly. */
static bool tour_has_kinds(uint64_t id, const struct sizes *sizes)
{
    return sizes->flavour == MIXED && id < TOUR_SIZED_FIRST && id != TOUR_DEMO_ARTIST;
}

static unsigned tour_span_days(unsigned n_events)
{
    if (n_events < 10)
        return 30;
    return n_events * 3 < TOUR_SPAN_MAX_DAYS ? n_events * 3 : TOUR_SPAN_MAX_DAYS;
}

/* Days from today to event `index` of `n`: rises with the index, whatever the chance in it. */
static long tour_day_of(unsigned index, unsigned n_events, uint64_t h)
{
    unsigned span = tour_span_days(n_events);

    return TOUR_FIRST_DAY + (long)((uint64_t)index * span + h % span) / n_events;
}

static void tour_mbid(uint64_t artist_id, unsigned variant, char ret_mbid[TOUR_MBID_BYTES])
{
    uint64_t h = names_mix(artist_id, 0x3b1d + variant);

    snprintf(ret_mbid, TOUR_MBID_BYTES, "%08x-%04x-4%03x-8%03x-%012llx", (unsigned)(h & 0xffffffff),
             (unsigned)(h >> 32) & 0xffff, (unsigned)(h >> 48) & 0xfff, variant,
             (unsigned long long)artist_id & 0xffffffffffff);
}

static void tour_artist_name(uint64_t id, bool odd, char ret_name[NAME_BYTES])
{
    if (id == TOUR_DEMO_ARTIST || id == TOUR_DEMO_TRIBUTE) {
        snprintf(ret_name, NAME_BYTES, "Velvet Harbour%s", id == TOUR_DEMO_TRIBUTE ? " Tribute" : "");
    } else if (id >= TOUR_TRIBUTES_FIRST && id <= TOUR_TRIBUTES_LAST) {
        names_artist(id - 2000, true, ret_name);
        snprintf(ret_name + strlen(ret_name), NAME_BYTES - strlen(ret_name), " Tribute");
    } else {
        names_artist(id, odd, ret_name);
    }
}

bool tour_artist(const struct tour_world *world, uint64_t id, struct tour_artist *ret_artist)
{
    uint64_t h = names_mix(id, 0xa3);
    struct sizes sizes;

    if (!tour_sizes(id, &sizes))
        return false;
    memset(ret_artist, 0, sizeof(*ret_artist));
    ret_artist->id = id;
    ret_artist->n_events = sizes.n_events;
    ret_artist->n_venues = sizes.n_venues;
    ret_artist->odd = sizes.flavour == MIXED;
    ret_artist->has_kinds = tour_has_kinds(id, &sizes);
    tour_artist_name(id, ret_artist->odd, ret_artist->name);
    ret_artist->n_mbids = 1;
    if (ret_artist->odd && id != TOUR_DEMO_ARTIST && h % 8 < 3)
        ret_artist->n_mbids = (const unsigned[]){0, 2, 3}[h % 8];
    for (unsigned i = 0; i < ret_artist->n_mbids; i++)
        tour_mbid(id, i, ret_artist->mbids[i]);
    ret_artist->on_tour = sizes.n_events > 0;
    if (ret_artist->on_tour) {
        unsigned last = sizes.n_events - 1;

        ret_artist->last_day =
            tour_day_date(world->today + tour_day_of(last, sizes.n_events, names_mix(id, last)));
    }
    return true;
}

bool tour_artist_of_mbid(const char *mbid, uint64_t *ret_id)
{
    char expected[TOUR_MBID_BYTES];
    uint64_t id;

    if (strlen(mbid) != TOUR_MBID_BYTES - 1)
        return false;
    id = strtoull(mbid + 24, NULL, 16);
    for (unsigned i = 0; i < TOUR_MBIDS_MAX; i++) {
        tour_mbid(id, i, expected);
        if (strcmp(mbid, expected) == 0) {
            *ret_id = id;
            return true;
        }
    }
    return false;
}

/* The venue of event `index`; a permutation spreads the `n_venues` distinct ones over the tour, and what is
 * left has one of them again, or in a mixed tour mostly an unknown one. */
static uint64_t tour_venue_id(uint64_t artist_id, const struct sizes *sizes, unsigned index, uint64_t h)
{
    uint64_t block = names_mix(artist_id, 0xb10c);
    uint64_t slot = (uint64_t)index * TOUR_PRIME % sizes->n_events;

    if (sizes->n_venues == 0)
        return 0;
    if (slot >= sizes->n_venues) {
        if (sizes->flavour == MIXED && (h >> 5) % 4 != 0)
            return 0;
        slot = (h >> 8) % sizes->n_venues;
    }
    return sizes->flavour == MIXED ? 10000000 + block % 40000 * 1000 + slot
                                   : 100000000 + block % 400000 * 1000 + slot;
}

static void tour_set_venue(struct tour_event *event, uint64_t venue_id, uint64_t h)
{
    event->location_geo = true;
    if (venue_id != 0 && tour_venue(venue_id, &event->venue)) {
        event->location_geo = event->venue.has_geo || h % 8 != 0;
        return;
    }
    snprintf(event->venue.name, sizeof(event->venue.name), TOUR_UNKNOWN_VENUE);
    event->venue.city = &cities[h % n_cities];
    event->venue.description = "";
}

static void tour_set_time(const struct tour_world *world, struct tour_event *event, long day, uint64_t h)
{
    event->has_time = true;
    event->hour = 18 + (int)(h % 4);
    event->minute = (int)((h >> 4) % 3) * 15;
    if (event->festival)
        event->hour = 12 + (int)(h % 5);
    event->offset_min = world->offset_min[event->venue.city - cities][day];
    event->start = event->end = tour_day_date(world->today + day);
    if (event->festival)
        event->end = tour_day_date(world->today + day + (long)(h >> 8) % 4);
}

/* What the recordings lack or write strangely, each for some events. */
static void tour_event_oddities(struct tour_event *event, uint64_t h)
{
    static const char *const ages[] = {
        "18+", "14+", "18", "", "14+ (under 16s must be accompanied by an adult)", "All Ages / Licensed"};

    if (h % 10 < 3)
        event->has_time = false;
    if ((h >> 8) % 20 == 1)
        event->status = TOUR_CANCELLED;
    else if ((h >> 8) % 40 == 2)
        event->status = TOUR_POSTPONED;
    if ((h >> 16) % 4 == 1)
        event->age_restriction = ages[(h >> 20) % 6];
    if ((h >> 24) % 8 == 1)
        event->popularity = (h >> 30) % 2 ? 0 : 3.1e-05;
    event->old_links = (h >> 32) % 3 == 1;
    if (event->festival)
        event->n_performers = (h >> 36) % 12 == 1 ? 0 : (unsigned)(h >> 40) % 14 + 1;
    if (event->festival && (h >> 48) % 25 == 1)
        event->n_performers = 60;
}

static void tour_make_event(const struct tour_world *world, const struct sizes *sizes, uint64_t venue_id,
                            long day, uint64_t h, struct tour_event *event)
{
    event->popularity = (double)(h % 1000000) / 1000000;
    event->festival =
        sizes->flavour == FESTIVALS || (h >> 20) % 12 == 1 || (venue_id == 0 && (h >> 24) % 10 != 0);
    event->n_performers = sizes->flavour == FESTIVALS ? sizes->n_performers : 1 + (unsigned)(h >> 28) % 3;
    if (event->festival)
        snprintf(event->series, sizeof(event->series), "%s %s", names_word(h),
                 (h >> 32) % 2 ? "Festival" : "Open Air");
    tour_set_venue(event, venue_id, h >> 12);
    tour_set_time(world, event, day, h >> 16);
    if (sizes->flavour == MIXED)
        tour_event_oddities(event, names_mix(h, 0x0dd));
}

bool tour_artist_event(const struct tour_world *world, const struct tour_artist *artist, unsigned index,
                       struct tour_event *ret_event)
{
    uint64_t h = names_mix(artist->id, index);
    struct sizes sizes;

    if (!tour_sizes(artist->id, &sizes) || index >= sizes.n_events)
        return false;
    memset(ret_event, 0, sizeof(*ret_event));
    ret_event->id = artist->id * TOUR_INDEX_LIMIT + index;
    ret_event->artist_id = artist->id;
    tour_make_event(world, &sizes, tour_venue_id(artist->id, &sizes, index, h),
                    tour_day_of(index, sizes.n_events, h), h, ret_event);
    return true;
}

bool tour_venue_event(const struct tour_world *world, uint64_t venue_id, unsigned index,
                      struct tour_event *ret_event)
{
    uint64_t h = names_mix(venue_id, index);
    struct sizes sizes = {MIXED, TOUR_VENUE_CALENDAR, 1, 0};
    struct tour_venue venue;

    if (index >= TOUR_VENUE_CALENDAR || !tour_venue(venue_id, &venue))
        return false;
    memset(ret_event, 0, sizeof(*ret_event));
    ret_event->id = TOUR_VENUE_EVENTS + venue_id * TOUR_INDEX_LIMIT + index;
    ret_event->artist_id = 20000000 + h % 1000000;
    tour_make_event(world, &sizes, venue_id, tour_day_of(index, TOUR_VENUE_CALENDAR, h), h, ret_event);
    return true;
}

bool tour_event(const struct tour_world *world, uint64_t event_id, struct tour_event *ret_event)
{
    unsigned index = (unsigned)(event_id % TOUR_INDEX_LIMIT);
    struct tour_artist artist;

    if (event_id >= TOUR_VENUE_EVENTS)
        return tour_venue_event(world, (event_id - TOUR_VENUE_EVENTS) / TOUR_INDEX_LIMIT, index, ret_event);
    return tour_artist(world, event_id / TOUR_INDEX_LIMIT, &artist) &&
           tour_artist_event(world, &artist, index, ret_event);
}

uint64_t tour_performer(const struct tour_event *event, unsigned index)
{
    uint64_t h = names_mix(event->id, 0xbee);
    unsigned own = event->n_performers > 1 && h % 6 == 1 ? 1 : 0; /* sometimes only support */
    uint64_t other = 30000000 + (h >> 8) % 8000000 + index * 1013;

    if (index == own)
        return event->artist_id;
    return other == event->artist_id ? other + 7 : other;
}
