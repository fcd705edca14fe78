/* What is to be forgotten although it is not gone: entries about one thing, by their keys. Thread-safe.
 *
 * A tier behind the first cannot be searched, so it is remembered what was forgotten and when, and what comes
 * from there and is older counts as a miss. Instances that share such a tier, and those that come after a
 * restart, tell each other by a text that they keep there: each takes from it what it did not know, and
 * writes it anew when it knows more. Of two that write at the same time one is lost, until the other one
 * looks again. */
#ifndef MARQUEE_CACHE_PURGE_H
#define MARQUEE_CACHE_PURGE_H

#include <stdbool.h>
#include <stdint.h>

#include "key.h"

#define PURGES_MAX           256          /* remembered; beyond, the oldest is not any more */
#define PURGES_MAX_NEW       16           /* learned from one text, after the first */
#define PURGES_KEEP_S        (31 * 86400) /* no longer than that: no entry of a tier behind is older */
#define PURGE_MAX_WORD_BYTES 192          /* with the NUL */

struct purges;

struct purges *purges_new(void);
void purges_free(struct purges *purges); /* NULL is a no-op */

/* Is the key about this: the word `group`, between blanks, and behind it `name`, between characters that are
 * neither letters nor digits of ASCII? Pure. */
bool purge_matches(const struct cache_key *key, const char *group, const char *name);

/* From now on purges_have() is true for what is about this and was stored at `now_s` or before. */
void purges_add(struct purges *purges, const char *group, const char *name, int64_t now_s);
bool purges_have(struct purges *purges, const struct cache_key *key, int64_t stored_s);

/* What is remembered, as text for other instances; new, with its length. */
char *purges_write(struct purges *purges, int64_t now_s, size_t *ret_len);

/* Takes what another instance wrote, which may be anything: what is no purge, or is from the future, is
 * passed over. Calls on_new for each that was not known, after purges_have() goes by it; so that nobody who
 * writes there can keep a thread busy, for PURGES_MAX_NEW at most but the first time, when nothing is in
 * memory yet. True: more is known than the text says. */
bool purges_learn(struct purges *purges, const char *text, size_t len, int64_t now_s,
                  void (*on_new)(void *arg, const char *group, const char *name), void *arg);

#endif
