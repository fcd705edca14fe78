/* Texts of a record that only say again what another member is for: a title that is the venue's name, a venue
 * that is the city, a description that is the address. By words and tables. */
#ifndef MARQUEE_REPETITIONS_H
#define MARQUEE_REPETITIONS_H

#include <stdbool.h>

struct document;
struct place;

/* "Postcard Nightclub": is a name that stands for title and venue both the venue's? Of a tour, a festival or
 * a party it is not. False for NULL. */
bool repetitions_is_venue(const char *name);

/* "Las Vegas, NV", "Lyon", "Tickets at the box office": does a description say no more than where it is, or
 * where tickets are? False for NULL. */
bool repetitions_is_description(const char *text, const struct place *place);

/* "Rio De Janeiro" is "Rio de Janeiro" where `location`, "Rio de Janeiro, Brazil", begins with the same name
 * in a better spelling. `city` or the beginning of `location`, new in `arena`; either may be NULL. */
struct arena;
const char *repetitions_city(struct arena *arena, const char *city, const char *location);

/* Takes the names of venues away that are the event's title or the city, with coordinates that are the
 * city's then. To be called when all details of the venues are in. */
void repetitions_drop(struct document *document);

#endif
