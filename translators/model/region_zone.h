/* The zone that a region keeps: what zone.tab, which goes by country, does not say. Pure, any thread. */
#ifndef MARQUEE_REGION_ZONE_H
#define MARQUEE_REGION_ZONE_H

#include <stdbool.h>

struct place;

/* The IANA zone of a place by its country and region and, where a region has several zones, by its
 * coordinates; static. NULL: the region is not listed, or *ret_is_border: the place may lie on either side of
 * a border between zones of its region. */
const char *region_zone(const struct place *place, bool *ret_is_border);

#endif
