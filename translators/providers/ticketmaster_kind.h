/* What a record of Ticketmaster's Discovery API v2 is: a concert, or one of the things that are events there
 * as well (parking, passes, packages, resale listings). Pure; records may be of any shape, NULL too. Texts
 * are of the answer or in `arena`. The source is the documentation that ticketmaster.c names, and what
 * answers were seen to hold. */
#ifndef MARQUEE_TICKETMASTER_KIND_H
#define MARQUEE_TICKETMASTER_KIND_H

#include <jansson.h>
#include <stdbool.h>

#include "translators/curate/ticket_words.h"
#include "translators/curate/title_words.h"
#include "translators/model/model.h"

struct arena;

enum ticketmaster_segment { SEGMENT_UNKNOWN, SEGMENT_MUSIC, SEGMENT_OTHER };

/* Of an event or an attraction. */
enum ticketmaster_segment ticketmaster_kind_segment(const json_t *object);

/* "Rock, Alternative Rock"; NULL: none is given. */
const char *ticketmaster_kind_genre(struct arena *arena, const json_t *attraction);

/* Is an event or an attraction classified as a festival, as a tour? */
bool ticketmaster_kind_is_festival(const json_t *object);
bool ticketmaster_kind_is_tour(const json_t *object);

/* The record's own name, without words about the show and about tickets; NULL: it has none. */
struct ticketmaster_title {
    const char *text;
    struct title_words words; /* about the show */
    enum ticket ticket;
};
struct ticketmaster_title ticketmaster_kind_title(struct arena *arena, const json_t *record);

/* "onsale" and "offsale" are no news of a show: then its title, `words`, may have some. */
enum event_status ticketmaster_kind_status(const json_t *record, const struct title_words *words);

/* The name of the festival that a record admits to, by its attractions; its own, where it says itself that it
 * is of one; NULL: none. */
const char *ticketmaster_kind_festival(struct arena *arena, const json_t *record);

/* Is an attraction the very festival that a record admits to, though nothing classifies it so: "Lantern Aid"
 * of "Lantern Aid 2027", beside two acts or more? A band may name its tour so: it has many dates, or is on
 * Spotify.
 */
bool ticketmaster_kind_is_own_festival(struct arena *arena, const json_t *record, const json_t *attraction);

/* Is this none of the records that may be events? Only concerts are, and the pass to a festival that nothing
 * else shows. What is doubtful is judged when all is read. Of what is left out *ret_rule is the reason. */
bool ticketmaster_kind_is_left_out(struct arena *arena, const json_t *record, enum curation_rule *ret_rule);

/* Is the day to be announced? What is postponed keeps its old one until then, and Ticketmaster says so in the
 * same way. */
bool ticketmaster_kind_is_dayless(struct arena *arena, const json_t *record);

/* Of a record that is wanted; `event`, read from it, has id and address. */
enum listing ticketmaster_kind_listing(struct arena *arena, const json_t *record, const struct event *event);

#endif
