/* Reads a record of Ticketmaster's Discovery API v2 into the neutral model. Pure; records may be of any
 * shape, NULL too. Texts are of the answer or in `arena`. The source is the documentation that ticketmaster.c
 * names. */
#ifndef MARQUEE_TICKETMASTER_READ_H
#define MARQUEE_TICKETMASTER_READ_H

#include <jansson.h>
#include <stdbool.h>

#include "translators/model/model.h"

struct arena;
struct plan;
struct route_args;

/* One run over the answers. */
struct ticketmaster_reading {
    struct plan *plan;
    struct arena *arena;
    const struct route_args *args;
    struct document *out;
    const char *asked_id;  /* attraction or venue that the request is about */
    const json_t *subject; /* its record, as the first event that has it embeds it; NULL: none does */
    bool is_whole;         /* all pages are here */
};

/* "K8vZ9175Wff", "Z7r9jZ1AeOOb_", "G5diZfkn0B-bh". A number alone is what page addresses hold, and the API
 * does not know it. */
bool ticketmaster_read_is_id(const char *text);

/* An id out of an answer; it goes into paths of further questions, so it is what was promised or NULL. */
const char *ticketmaster_read_id(struct arena *arena, const json_t *object);

/* The one MusicBrainz id that an attraction has; NULL: none, for of several none is believed. */
const char *ticketmaster_read_mbid(struct arena *arena, const json_t *attraction);

/* A venue, or the `place` of an event that has none. Regions and coordinates come as text. Of a venue that is
 * not known yet they are the city's. */
void ticketmaster_read_place(struct arena *arena, const json_t *venue, struct place *ret_place);

/* An attraction as an act, the asked one by the name and the site of the request. */
void ticketmaster_read_act(const struct ticketmaster_reading *reading, const json_t *attraction,
                           struct act *ret_act);

/* What is known of the artist without any attraction. */
struct act ticketmaster_read_asked_artist(const struct ticketmaster_reading *reading);

/* False: the record cannot be used. */
bool ticketmaster_read_event(const struct ticketmaster_reading *reading, const json_t *record,
                             struct event *ret_event);

#endif
