/* Reads records of the Songkick API v3 into the neutral model. Pure; records may be of any shape, NULL too.
 * Texts are of the answer or in the arena. The source is the documentation that songkick.c names. */
#ifndef MARQUEE_SONGKICK_READ_H
#define MARQUEE_SONGKICK_READ_H

#include <jansson.h>
#include <stdbool.h>

#include "translators/model/model.h"

struct arena;
struct plan;
struct route_args;

/* An id out of an answer; it goes into paths of further questions, so it is what was promised or NULL. */
const char *songkick_read_id(struct arena *arena, const json_t *object);

/* A venue of an event, or in full from venues/{id}.json: what it has wins over what is there, field by
 * field. An unknown venue has the name "Unknown venue", no id, and the coordinates of the city. */
void songkick_read_venue(struct arena *arena, struct place *place, const json_t *venue);

/* What is known of the artist without any event. */
struct act songkick_read_asked_artist(struct plan *plan, const struct route_args *args);

/* The asked artist in full, from artists/{id}.json. False: it is another one, or has no name. */
bool songkick_read_artist(struct plan *plan, const struct route_args *args, const json_t *artist,
                          struct act *ret_act);

/* Does it take place over the net alone? Then *ret_curated says so; its id may be NULL. */
bool songkick_read_is_online(struct arena *arena, const json_t *record, struct curated *ret_curated);

/* Fills *event, which is zeroed. False: the record cannot be used. */
bool songkick_read_event(struct plan *plan, const struct route_args *args, const struct document *out,
                         const json_t *record, struct event *event);

#endif
