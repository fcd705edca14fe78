/* The names of countries that are written down by hand, for make_tables.c alone. */
#ifndef MARQUEE_COUNTRY_ALIASES_H
#define MARQUEE_COUNTRY_ALIASES_H

#include <stdbool.h>
#include <stddef.h>

struct country_alias {
    const char *name, *country;
    bool is_shown; /* the name to show, where ISO's own is one for treaties */
};

extern const struct country_alias country_aliases[];
extern const size_t n_country_aliases;

#endif
