/* The rules of every zone, which tables/make_zones.c makes at build time from tzdata. For zone.c. */
#ifndef MARQUEE_ZONE_TABLES_H
#define MARQUEE_ZONE_TABLES_H

#include <stddef.h>

#include "zone_rules.h"

/* A name of a zone, old names too, and its rules. */
struct zone_name {
    const char *tzid;
    const struct zone_rules *rules;
};

extern const struct zone_name zone_names[]; /* sorted by strcmp() */
extern const size_t zone_n_names;

#endif
