/* Which event is of which kind, and what the tables share. */
#include "tests/simulator/kinds.h"

#include <stdio.h>
#include <string.h>

#define KINDS_SHARE  3 /* of so many events one is of a kind */
#define MINUTES_HOUR 60
#define MINUTES_DAY  1440

static bool kind_suits(const struct kind *kind, const struct tour_event *event)
{
    return kind->of == KIND_OF_ANY || (kind->of == KIND_OF_FESTIVAL) == event->festival;
}

/* NULL: the event is told plainly. The events of venues' calendars are. */
static const struct kind *kind_of(const struct kinds *kinds, const struct tour_artist *artist,
                                  const struct tour_event *event)
{
    uint64_t h = names_mix(event->id, 0x417d5);

    if (!artist->has_kinds || event->id / TOUR_INDEX_LIMIT != artist->id || event->status != TOUR_OK ||
        h % KINDS_SHARE != 0)
        return NULL;
    for (size_t i = 0; i < kinds->n; i++) {
        const struct kind *kind = &kinds->all[((h >> 8) + i) % kinds->n];

        if (kind_suits(kind, event))
            return kind;
    }
    return NULL;
}

unsigned kinds_count(const struct kinds *kinds, const struct tour_artist *artist,
                     const struct tour_event *event)
{
    const struct kind *kind = kind_of(kinds, artist, event);

    return kind != NULL ? kind->n_records : 1;
}

void kinds_tell(const struct kinds *kinds, const struct tour_artist *artist, const struct tour_event *event,
                unsigned part, struct kinds_record *ret_record)
{
    const struct kind *kind = kind_of(kinds, artist, event);

    memset(ret_record, 0, sizeof(*ret_record));
    ret_record->id = event->id + (uint64_t)part * KINDS_PART;
    ret_record->event = *event;
    if (kind == NULL)
        return;
    ret_record->kind = kind->name;
    kind->tell(ret_record, part, artist);
}

/* A tour without kinds is as many records as events: none of them is walked over. */
unsigned kinds_total(const struct kinds *kinds, const struct tour_world *world,
                     const struct tour_artist *artist)
{
    struct tour_event event;
    unsigned total = 0;

    if (!artist->has_kinds)
        return artist->n_events;
    for (unsigned i = 0; tour_artist_event(world, artist, i, &event); i++)
        total += kinds_count(kinds, artist, &event);
    return total;
}

bool kinds_at(const struct kinds *kinds, const struct tour_world *world, const struct tour_artist *artist,
              unsigned index, struct kinds_record *ret_record)
{
    unsigned i = artist->has_kinds ? 0 : index, left = artist->has_kinds ? index : 0;
    struct tour_event event;

    for (; tour_artist_event(world, artist, i, &event); i++) {
        unsigned n = kinds_count(kinds, artist, &event);

        if (left < n) {
            kinds_tell(kinds, artist, &event, left, ret_record);
            return true;
        }
        left -= n;
    }
    return false;
}

bool kinds_find(const struct kinds *kinds, const struct tour_world *world, uint64_t id,
                struct kinds_record *ret_record)
{
    unsigned part = (unsigned)(id % TOUR_INDEX_LIMIT / KINDS_PART);
    struct tour_artist artist = {.has_kinds = false};
    struct tour_event event;

    tour_artist(world, id / TOUR_INDEX_LIMIT, &artist);
    if (!artist.has_kinds)
        part = 0;
    if (!tour_event(world, id - (uint64_t)part * KINDS_PART, &event) ||
        part >= kinds_count(kinds, &artist, &event))
        return false;
    kinds_tell(kinds, &artist, &event, part, ret_record);
    return true;
}

/* ---- for the tables ---- */

void kinds_move_days(struct tour_event *event, long days)
{
    event->start = tour_day_date(tour_day_number(event->start) + days);
    event->end = tour_day_date(tour_day_number(event->end) + days);
    event->has_time = false;
}

void kinds_set_days(struct tour_event *event, long n_days)
{
    event->end = tour_day_date(tour_day_number(event->start) + n_days - 1);
}

void kinds_move_minutes(struct tour_event *event, int minutes)
{
    int at = (event->hour * MINUTES_HOUR + event->minute + minutes + MINUTES_DAY) % MINUTES_DAY;

    event->has_time = true;
    event->hour = at / MINUTES_HOUR;
    event->minute = at % MINUTES_HOUR;
}

void kinds_set_venue(struct tour_event *event, const char *name)
{
    const struct city *city = event->venue.city;

    memset(&event->venue, 0, sizeof(event->venue));
    snprintf(event->venue.name, sizeof(event->venue.name), "%s", name);
    event->venue.city = city;
    event->venue.description = "";
    event->location_geo = true;
}
