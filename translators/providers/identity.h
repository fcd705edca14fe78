/* One identity for an artist, whatever the provider: the MusicBrainz id, and the pages that MusicBrainz knows
 * of that artist. */
#ifndef MARQUEE_IDENTITY_H
#define MARQUEE_IDENTITY_H

#include <jansson.h>
#include <stdbool.h>

struct act;
struct arena;
struct document;
struct plan;
struct recognised;
struct translator;

/* The source of all that follows. */
extern const struct translator musicbrainz_translator;

/* Says that the act is this artist of MusicBrainz; NULL: nothing is known. */
void identity_set_mbid(struct arena *arena, struct act *act, const char *mbid);

/* What MusicBrainz says of the artist: wanted, or needed. NULL: open, refused or switched off. */
const json_t *identity_artist(struct plan *plan, const char *mbid, bool needed);

/* Is `other` the MusicBrainz id of the artist that `mbid` stands for? Artists are merged: then MusicBrainz
 * answers a question for the old id under the new one, and others know the new one alone. Wants that answer
 * where the two differ. False for NULL. */
bool identity_is(struct plan *plan, const char *mbid, const char *other);

/* The id that the artist has now: `mbid` itself unless MusicBrainz has answered under another one. Asks
 * nothing. */
const char *identity_current(struct plan *plan, const json_t *artist, const char *mbid);

/* The artist's name at MusicBrainz, which is needed; NULL: open, or the plan has failed. */
const char *identity_name(struct plan *plan, const char *mbid);

/* The first page of those that MusicBrainz knows of an artist, and that have not ended, that a provider's
 * recognise() takes for its own; false: there is none. `artist` is from identity_artist(). */
bool identity_linked_page(struct arena *arena, const json_t *artist,
                          bool (*recognise)(const char *url, struct recognised *ret),
                          struct recognised *ret_page);

/* Completes same_as of a document's artist, and of the asked act of its events, with official site, Wikidata
 * and providers' pages, when the artist has an mbid. A host that is there already gets no second page.
 * MusicBrainz is asked for `asked_mbid`, the id of the request (NULL: for the artist's own). To be called
 * last, in every run. */
void identity_complete(struct plan *plan, struct document *document, const char *asked_mbid);

#endif
