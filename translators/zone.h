/* Time zones of places: which offsets were or will be in force there on a day. The rules come from the
 * system's zone data through libical, the list of zones by country from zone.tab; nothing is typed in. */
#ifndef MARQUEE_ZONE_H
#define MARQUEE_ZONE_H

#include <stdbool.h>

#include "when.h"

struct place;

/* The offset of an IANA zone at a moment's wall time, in minutes east of UTC. False for an unknown zone or a
 * moment without time. Back thread only: libical keeps its zones in one table. */
bool zone_offset_at(const char *tzid, const struct moment *moment, int *ret_offset_min);

/* The zone of a country that has exactly one; NULL otherwise. `country` is alpha-2. */
const char *zone_of_country(const char *country);

/* Could the moment's offset be in force at the place? By the zones of its country, and where it has
 * coordinates, of those only the ones whose principal location is not much farther away than the nearest.
 * True when nothing is known about the place: then there is nothing to contradict. */
bool zone_offset_possible(const struct place *place, const struct moment *moment);

/* Drops the moment's offset where the place contradicts it; gives a moment with time but without offset the
 * one of the place's only zone. */
void zone_settle(const struct place *place, struct moment *moment);

#endif
