/* What is to be forgotten although it is not gone: entries about one thing, by their keys. Thread-safe.
 *
 * A tier behind the first cannot be searched, so it is remembered what was forgotten and when, and what comes
 * from there and is older counts as a miss. */
#ifndef MARQUEE_CACHE_PURGE_H
#define MARQUEE_CACHE_PURGE_H

#include <stdbool.h>
#include <stdint.h>

#include "key.h"

#define PURGES_MAX           256 /* remembered; beyond, the oldest is not any more */
#define PURGE_MAX_WORD_BYTES 192 /* with the NUL */

struct purges;

struct purges *purges_new(void);
void purges_free(struct purges *purges); /* NULL is a no-op */

/* Is the key about this: the word `group`, between blanks, and behind it `name`, between characters that are
 * neither letters nor digits of ASCII? Pure. */
bool purge_matches(const struct cache_key *key, const char *group, const char *name);

/* From now on purges_have() is true for what is about this and was stored at `now_s` or before. */
void purges_add(struct purges *purges, const char *group, const char *name, int64_t now_s);
bool purges_have(struct purges *purges, const struct cache_key *key, int64_t stored_s);

#endif
