/* Upstream dates -> moments that can be published: local wall time, and an offset only where it is known.
 *
 * Nothing here knows the clock or invents a zone. Which offsets a place may have: zone.h. */
#ifndef MARQUEE_WHEN_H
#define MARQUEE_WHEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct moment {
    int year, month, day;     /* year 0: the moment is not known at all */
    int hour, minute, second; /* 0 to 23, 0 to 59, 0 to 60 */
    int offset_min;           /* minutes east of UTC */
    bool has_time;            /* false: the day alone */
    bool has_offset;
};

/* All parsers take NULL for text that is not there. The years are 1900 to 2200: what is outside is a
 * sentinel. False from the two that return a new moment leaves it unknown. */

/* "2027-03-12". False for anything else, and for a day the calendar does not have. */
bool when_parse_date(const char *text, struct moment *ret_moment);

/* "20:00:00" or "20:00" into a moment that has its date; second 60 is let through. False leaves the moment as
 * it was. */
bool when_parse_time(const char *text, struct moment *moment);

/* "2027-03-12T20:00:00" or "2027-03-12T20:00", with nothing, Z, +01:00, +0100 or +01 behind it, at most 14
 * hours from UTC. */
bool when_parse_datetime(const char *text, struct moment *ret_moment);

#define WHEN_TEXT_BYTES 40

/* ISO 8601: 2027-03-12, 2027-03-12T20:00:00, 2027-03-12T20:00:00+01:00 (UTC
 * is +00:00). Returns `text`; "" for an unknown moment. */
const char *when_format(const struct moment *moment, char text[WHEN_TEXT_BYTES]);

bool when_known(const struct moment *moment);

bool when_same_day(const struct moment *a, const struct moment *b);

/* <0, 0, >0 by local date, then by local time (a day without time first). */
int when_compare(const struct moment *a, const struct moment *b);

/* Midnight is how an unknown hour is written where an upstream says no more: it is taken away, with its
 * offset. For translators to call on what they read; of a moment at another time nothing changes. */
void when_distrust_midnight(struct moment *moment);

/* An event's start and end as they are published: of one granularity, so days where one of them has no hour;
 * no end where it is not known or not after the start. */
void when_span(const struct moment *start, const struct moment *end, struct moment *ret_start,
               struct moment *ret_end);

/* The days of an event, without hours. There is no last one where one day is all, or one night: what has
 * hours and ends within 24 of them. */
void when_days(const struct moment *start, const struct moment *end, struct moment *ret_first,
               struct moment *ret_last);

/* Seconds since 1970 of the moment's wall time as if it were UTC; a day without time counts from 00:00, an
 * unknown moment as 0. */
int64_t when_wall_s(const struct moment *moment);

/* The inverse: a moment with time and without offset. */
struct moment when_of_wall_s(int64_t wall_s);

/* True when the moment's local day is over everywhere it may be at `now_s`: by its offset, or, where none is
 * known, in the last zone on earth (UTC-12). An unknown moment is never over. */
bool when_day_is_over(const struct moment *moment, int64_t now_s);

#endif
