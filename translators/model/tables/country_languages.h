/* The languages in which the names of countries are looked for, as directories of iso-codes' translations. */
#ifndef MARQUEE_COUNTRY_LANGUAGES_H
#define MARQUEE_COUNTRY_LANGUAGES_H

#include <stddef.h>

/* A language, and the countries where it is official, "" for all: people write names of any country in it. */
struct country_language {
    const char *language;
    const char *countries; /* ISO 3166-1 alpha-2, a space between them */
};

extern const struct country_language country_languages[];
extern const size_t n_country_languages;

#endif
