/* Songkick's JSON objects, made of the simulator's world. Each returns a new reference. */
#ifndef SIMULATOR_SONGKICK_SHAPES_H
#define SIMULATOR_SONGKICK_SHAPES_H

#include <jansson.h>

#include "tests/simulator/kinds.h"

/* `detailed`: as a search and the artist's own resource give it, not as an event does. */
json_t *songkick_artist(const struct tour_artist *artist, bool old_links, bool detailed);

/* What the venue's own resource says; a calendar says less. */
json_t *songkick_venue_details(const struct tour_venue *venue);

/* `detailed`: with the whole venue, as the event's own resource gives it. */
json_t *songkick_event(const struct tour_world *world, const struct kinds_record *record, bool detailed);

#endif
