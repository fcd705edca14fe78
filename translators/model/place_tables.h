/* The tables that tables/make_tables.c makes at build time from iso-codes and zone.tab. For place.c and
 * zone.c. */
#ifndef MARQUEE_PLACE_TABLES_H
#define MARQUEE_PLACE_TABLES_H

#include <stddef.h>

/* A name of a country, as place_key() writes it. Sorted by key. */
struct country_key {
    const char *key;
    char country[3]; /* ISO 3166-1 alpha-2 */
};

/* A country and the name people use for it. Sorted by code. */
struct country_name {
    char country[3];
    const char *name;
};

/* A code or name of a subdivision, as place_key() writes it. Sorted by country, then key. */
struct region_key {
    char country[3];
    const char *key;
    const char *region; /* ISO 3166-2 without the country */
};

/* A zone and its principal location. Sorted by country, then name. */
struct zone_row {
    char country[3];
    const char *tzid;
    double latitude, longitude; /* degrees */
};

extern const struct country_key place_country_keys[];
extern const size_t place_n_country_keys;
extern const struct country_name place_country_names[];
extern const size_t place_n_country_names;
extern const struct region_key place_region_keys[];
extern const size_t place_n_region_keys;
extern const struct zone_row place_zones[];
extern const size_t place_n_zones;

#endif
