/* What a document is about, and what it is called in URLs: /api/{provider}/{resource}. */
#ifndef MARQUEE_SUBJECT_H
#define MARQUEE_SUBJECT_H

#include <stdbool.h>
#include <stddef.h>

enum subject { SUBJECT_ARTIST, SUBJECT_VENUE, SUBJECT_EVENT, SUBJECT_SEARCH, SUBJECTS };

/* "artist", "venue", "event", "search"; static. */
const char *subject_name(enum subject subject);

/* False: none has that name. `name` need not be NUL-terminated. */
bool subject_find(const char *name, size_t len, enum subject *ret_subject);

#endif
