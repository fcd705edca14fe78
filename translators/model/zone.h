/* Time zones of places: which offsets were or will be in force there on a day. The rules are
 * tables that are made at build time from tzdata, as is the list of zones by country; nothing is typed in.
 * Any thread.
 *
 * Where there are no rules (a zone that tzdata does not have, a moment without time or outside of 1970 to
 * 2099) an offset is unknown: none is given and none is contradicted. */
#ifndef MARQUEE_ZONE_H
#define MARQUEE_ZONE_H

#include <stdbool.h>

#include "when.h"

struct place;

/* The offset of an IANA zone at a moment's wall time, in minutes east of UTC; of a wall time that the clocks
 * show twice or leave out, that of standard time. The moment's own offset does not matter. False where it is
 * unknown. */
bool zone_offset_at(const char *tzid, const struct moment *moment, int *ret_offset_min);

/* Says the same instant in the local time of an IANA zone. False, and the moment is as it was, where its own
 * offset or the zone's is unknown. */
bool zone_localise(const char *tzid, struct moment *moment);

/* The same at a place: in the zone it names, otherwise where all zones of its country have one offset at that
 * instant. */
bool zone_localise_at(const struct place *place, struct moment *moment);

/* Is this zone one of the country's, or of a territory that is filed under it, as Puerto Rico is under the
 * US? `country` is alpha-2 or NULL. */
bool zone_is_kept_in(const char *country, const char *tzid);

/* Could the moment's offset be in force at the place? By its named zone; otherwise by the zones of its
 * country, and where it has coordinates, of those only the ones whose principal location is not much farther
 * away than the nearest; without a known country by all zones around. True when nothing is known about the
 * place or its zones: then there is nothing to contradict. */
bool zone_offset_possible(const struct place *place, const struct moment *moment);

/* Drops the moment's offset where the place contradicts it; gives a moment with time but without offset the
 * one of the zone that the place names, otherwise the one that all zones of its country have at that wall
 * time: Germany's two never differ. */
void zone_settle(const struct place *place, struct moment *moment);

/* For a calendar, which must know the instant: gives a moment with time but without offset the one of
 * zone_settle(), otherwise that of the region's zone (region_zone.h), otherwise the one that all zones around
 * the place's coordinates, or its city's, have at that wall time. False: the offset is not known, and the
 * moment is as it was. */
bool zone_settle_nearby(const struct place *place, struct moment *moment);

#endif
