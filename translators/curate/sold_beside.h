/* What is sold beside concerts under names of its own: parking, passes, packages, upgrades. Names alone
 * decide here; a provider may know more, and a band may be called Hall Pass. */
#ifndef MARQUEE_SOLD_BESIDE_H
#define MARQUEE_SOLD_BESIDE_H

#include "translators/model/model.h"

enum sold_beside {
    SOLD_BESIDE_NONE,
    SOLD_BESIDE_THING,   /* nobody plays: a place to park, a seat in a bus, a better ticket to a concert */
    SOLD_BESIDE_PASS,    /* admission to all days of a festival: no event, but it proves one */
    SOLD_BESIDE_SEASON,  /* admission to many shows of a house or a year, on a made-up day */
    SOLD_BESIDE_DOUBTFUL /* a thing, or a show that is called like one: only what else is sold that day can
                            tell */
};

/* What a listing with this name sells. SOLD_BESIDE_NONE also where the name does not tell, or where the thing
 * comes with the show: "free parking", "incl. VIP package". Admission to one day of a festival is a show. */
enum sold_beside sold_beside_of_name(const char *name);

/* What an event with a name of its own is by that name, where the provider knows no more: a thing gives way
 * to a show beside it, and alone it is one. */
enum listing sold_beside_listing(const struct event *event);

#endif
