/* Texts of a record that only say again what another member is for: a title that is the venue's name, a venue
 * that is the city, a description that is the address or a notice about tickets. By words and tables. */
#ifndef MARQUEE_REPETITIONS_H
#define MARQUEE_REPETITIONS_H

#include <stdbool.h>

struct arena;
struct document;
struct place;

/* "Postcard Nightclub": is a name that stands for title and venue both the venue's? Of a tour, a festival or
 * a party it is not. False for NULL. */
bool repetitions_is_venue(const char *name);

/* A description without what says nothing of the event: NULL for NULL, and for no more than where it is ("Las
 * Vegas, NV") or where tickets are ("Tickets at the box office"). Sentences at its ends about the delivery of
 * tickets, what is not permitted and whom to call are cut off. New in `arena`. */
const char *repetitions_cut_description(struct arena *arena, const char *text, const struct place *place);

/* "Rio De Janeiro" is "Rio de Janeiro" where `location`, "Rio de Janeiro, Brazil", begins with the same name
 * in a better spelling. `city` or the beginning of `location`, new in `arena`; either may be NULL. */
const char *repetitions_city(struct arena *arena, const char *city, const char *location);

/* Takes the names of venues away that are the event's title or the city, with coordinates that are the
 * city's then. To be called when all details of the venues are in. */
void repetitions_drop(struct document *document);

#endif
