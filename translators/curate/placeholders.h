/* Words that stand where a name should: an act that is nobody, a venue that is not known yet, a street that
 * is none. Words alone decide here, by tables; a provider may know more.
 *
 * Compared without case, punctuation, asterisks and brackets. Only whole names are placeholders: a band may
 * be called Electric Guest. */
#ifndef MARQUEE_PLACEHOLDERS_H
#define MARQUEE_PLACEHOLDERS_H

#include <stdbool.h>

struct arena;

/* "Various Artists", "+ special guests", "Support TBA": is this no performer? False for NULL. */
bool placeholders_is_act(const char *name);

/* "Venue TBA", "Secret Location", "Unknown venue": is this no name of a place? `city` (NULL: not known) may
 * stand behind it: "Various Venues, Austin". False for NULL. */
bool placeholders_is_venue(const char *name, const char *city);

/* "Online", "Livestream": does what has this for a venue or a city take place over the net alone? False for
 * NULL. */
bool placeholders_is_online(const char *name);

/* The part of an address that is a street, without commas around it: `street` itself or new in `arena`. NULL
 * for NULL, and where nothing of it is one: "TBA", "-", "P.O. Box 99". */
const char *placeholders_street(struct arena *arena, const char *street);

#endif
