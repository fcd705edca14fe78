/* MusicBrainz ids, which every provider takes in place of its own. Pure. */
#ifndef MARQUEE_MBID_H
#define MARQUEE_MBID_H

#include <stdbool.h>

struct arena;

/* The form of MusicBrainz' ids: a UUID, in any case. */
bool mbid_is(const char *text);

/* The MusicBrainz id in "mbid:…", borrowed; NULL when the id is of another form. */
const char *mbid_of_id(const char *id);

/* Does the id say that it is one of MusicBrainz', whether or not it has the form? */
bool mbid_is_meant(const char *id);

/* Writes "mbid:…" as MusicBrainz does, in lower case: both cases are one id. Other ids stay as they are. */
void mbid_fold_id(char *id);

/* The MusicBrainz id in lower case, new in `arena`. */
const char *mbid_lower_case(struct arena *arena, const char *mbid);

#endif
