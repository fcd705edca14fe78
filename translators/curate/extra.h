/* What is sold beside concerts under names of its own: parking, passes, packages, upgrades. Names alone
 * decide here; a provider may know more, and a band may be called Hall Pass. */
#ifndef MARQUEE_EXTRA_H
#define MARQUEE_EXTRA_H

enum extra {
    EXTRA_NONE,
    EXTRA_THING,   /* nobody plays: a place to park, a seat in a bus, a better ticket to a concert */
    EXTRA_PASS,    /* admission to all days of a festival: no event, but it proves one */
    EXTRA_DOUBTFUL /* a thing, or a show that is called like one: only what else is sold that day can tell */
};

/* What a listing with this name sells. EXTRA_NONE also where the name does not tell, or where the thing comes
 * with the show: "free parking", "incl. VIP package". Admission to one day of a festival is a show. */
enum extra extra_of_name(const char *name);

#endif
