/* Countries and regions: names as upstreams write them -> ISO 3166 codes. The tables are made at build time
 * from iso-codes; only the aliases that upstreams use and ISO does not know are written down here. */
#ifndef MARQUEE_PLACE_H
#define MARQUEE_PLACE_H

#include <stdbool.h>
#include <stddef.h>

/* Alpha-2 code (static) of a country by any of its names, common or official, or its alpha-2 or alpha-3 code,
 * compared without case; NULL when it is unknown. */
const char *place_country(const char *name);

/* The name people use for an alpha-2 code; NULL when unknown. */
const char *place_country_name(const char *country);

/* Code of a subdivision without its country, "BE" of "DE-BE" (static), by code or name; NULL when the country
 * has no such part. */
const char *place_region(const char *country, const char *region);

/* Real coordinates: in range and not 0,0. */
bool place_geo_ok(double latitude, double longitude);

#endif
