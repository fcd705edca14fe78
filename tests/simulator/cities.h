/* The real cities that the invented tours visit, and how a postal address looks in their countries. */
#ifndef SIMULATOR_CITIES_H
#define SIMULATOR_CITIES_H

#include <stddef.h>

struct affix {
    const char *before, *after;
};

#define COUNTRY_AFFIXES 3

struct country {
    const char *name;                     /* as Songkick writes it: "UK", "Czech Republic" */
    const char *slug;                     /* "uk", "czech-republic" */
    const char *domain;                   /* "co.uk" */
    const char *zip;                      /* 9: a digit, A: a letter */
    const char *phone;                    /* 9: a digit */
    struct affix street;                  /* around the street's word */
    int number_first;                     /* "12 High Street", not "Hauptstrasse 12" */
    struct affix venues[COUNTRY_AFFIXES]; /* around the venue's word */
};

struct city {
    const char *name;  /* of the place itself */
    const char *metro; /* of the metro area: mostly the same */
    const char *state; /* NULL except in US, Canada and Australia */
    const struct country *country;
    const char *zone; /* IANA */
    int metro_id;
    double lat, lng;
};

/* Ordered as a tour may travel: neighbours in the list are neighbours on the map, more or less. */
extern const struct city cities[];
extern const size_t n_cities;

#endif
