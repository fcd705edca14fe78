/* Reads records of Bandsintown's public API v3.0 into the neutral model. Pure; records may be of any shape,
 * NULL too. Texts are of the answer or in the arena. The source is the documentation that bandsintown.c
 * names. */
#ifndef MARQUEE_BANDSINTOWN_READ_H
#define MARQUEE_BANDSINTOWN_READ_H

#include <jansson.h>
#include <stdbool.h>

#include "translators/model/model.h"

struct arena;
struct plan;
struct route_args;

/* What ids of artists begin with here, and the parameter of every address that holds the key. */
#define BANDSINTOWN_ID_PREFIX     "id_"
#define BANDSINTOWN_NAME_PREFIX   "name:"
#define BANDSINTOWN_KEY_PARAMETER "app_id"

/* The name in "name:…"; NULL when the id is of another form. */
const char *bandsintown_read_name_of_id(const char *id);

/* An address without the key, which every address of an answer holds; NULL: none. */
const char *bandsintown_read_url(struct arena *arena, const json_t *object, const char *path);

/* "id_4711"; NULL: the artist has no number. */
const char *bandsintown_read_artist_id(struct arena *arena, const json_t *artist);

/* NULL: the artist has no MusicBrainz id. */
const char *bandsintown_read_mbid(struct arena *arena, const json_t *artist);

/* `artist` may be NULL: then what the request says is all that is known. A name has no id of its own, and
 * stands in for one. `mbid` is what was asked for, if it was; NULL: it was not. */
struct act bandsintown_read_artist(struct plan *plan, const struct route_args *args, const char *mbid,
                                   const json_t *artist);

/* Is this no show at a place: a stream, or tickets for many shows? Then *ret_curated says so; its id may be
 * NULL. */
bool bandsintown_read_is_left_out(struct arena *arena, const json_t *record, struct curated *ret_curated);

/* Fills *event, which is zeroed. `upstream_name` is what the line-up calls `artist`; NULL: not known. False:
 * the record cannot be used. */
bool bandsintown_read_event(struct plan *plan, const struct route_args *args, const char *upstream_name,
                            const struct act *artist, const json_t *record, struct event *event);

#endif
