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
#define PURGES_KEEP_S        (31 * 86400) /* no longer than that: no entry of a tier behind is older */
#define PURGES_SWEPT_AT_ONCE 16
#define PURGE_MAX_WORD_BYTES 192 /* with the NUL */

/* What is about this and was stored by then is forgotten. Plain data. */
struct purge {
    char group[PURGE_MAX_WORD_BYTES], name[PURGE_MAX_WORD_BYTES];
    int64_t purged_s;
    bool is_swept; /* the first tier has been looked through for it */
};

struct purges;

struct purges *purges_new(void);
void purges_free(struct purges *purges); /* NULL is a no-op */

/* Is the key about this: the word `group`, between blanks, and behind it `name`, between characters that are
 * neither letters nor digits of ASCII? Pure. */
bool purge_matches(const struct cache_key *key, const char *group, const char *name);

/* From now on purges_have() is true for what is about this and was stored at `now_s` or before. *ret is the
 * purge, for which the caller looks through the first tier. */
void purges_add(struct purges *purges, const char *group, const char *name, int64_t now_s, struct purge *ret);
bool purges_have(struct purges *purges, const struct cache_key *key, int64_t stored_s);

/* What is remembered, as text for other instances; new, with its length. */
char *purges_write(struct purges *purges, int64_t now_s, size_t *ret_len);

/* Takes what another instance wrote, which may be anything: what is no purge, or is from the future, is
 * passed over. True: more is known than the text says. */
bool purges_learn(struct purges *purges, const char *text, size_t len, int64_t now_s);

/* Some of what was learned, for which the caller looks through the first tier, each once. Returns how many.
 */
size_t purges_take_unswept(struct purges *purges, struct purge ret[PURGES_SWEPT_AT_ONCE]);

#endif
