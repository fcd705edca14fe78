/* Looking names of countries and regions up in the tables made at build time. Guesses nothing: a name that
 * fits two places has no row. Time zones are zone.c's. */
#include "place.h"

#include <stdlib.h>
#include <string.h>

#include "place_key.h"
#include "place_tables.h"

static int compare_country_keys(const void *key, const void *row)
{
    return strcmp(key, ((const struct country_key *)row)->key);
}

static int compare_country_names(const void *country, const void *row)
{
    return strcmp(country, ((const struct country_name *)row)->country);
}

static int compare_region_keys(const void *wanted, const void *row)
{
    const struct region_key *a = wanted, *b = row;
    int order = strcmp(a->country, b->country);
    return order != 0 ? order : strcmp(a->key, b->key);
}

const char *place_country(const char *name)
{
    char key[PLACE_KEY_BYTES];
    if (name == NULL || !place_key(name, key))
        return NULL;
    const struct country_key *row = bsearch(key, place_country_keys, place_n_country_keys,
                                            sizeof(place_country_keys[0]), compare_country_keys);
    return row != NULL ? row->country : NULL;
}

const char *place_country_name(const char *country)
{
    if (country == NULL)
        return NULL;
    const struct country_name *row = bsearch(country, place_country_names, place_n_country_names,
                                             sizeof(place_country_names[0]), compare_country_names);
    return row != NULL ? row->name : NULL;
}

const char *place_region(const char *country, const char *region)
{
    if (country == NULL || strlen(country) != 2 || region == NULL)
        return NULL;
    bool is_full_code = strncmp(region, country, 2) == 0 && region[2] == '-';
    char key[PLACE_KEY_BYTES];
    if (!place_key(is_full_code ? region + 3 : region, key))
        return NULL;
    struct region_key wanted = {.country = {country[0], country[1]}, .key = key};
    const struct region_key *row = bsearch(&wanted, place_region_keys, place_n_region_keys,
                                           sizeof(place_region_keys[0]), compare_region_keys);
    return row != NULL ? row->region : NULL;
}

bool place_geo_ok(double latitude, double longitude)
{
    return latitude >= -90 && latitude <= 90 && longitude >= -180 && longitude <= 180 &&
           (latitude != 0 || longitude != 0);
}
