/* Looks keys up in the slow tier of the cache, and takes its locks: all that one turn of the back thread asks
 * for in one multi-get, and never longer than a bound: what has not come by then counts as a miss. Back
 * thread only.
 *
 *     struct lookup *lookup = lookups_add(lookups, &key, on_value, arg);   // on_value comes later, once
 *     lookup_forget(lookup);                                               // … or never, after this */
#ifndef MARQUEE_LOOKUP_H
#define MARQUEE_LOOKUP_H

#include <stdbool.h>
#include <stdint.h>

#include "cache/cache.h"

struct lookup;
struct lookups;

/* `value` is NULL for a miss; otherwise borrowed for the call, fresh or stale. `is_known`: the slow tier said
 * so; false: it gave no answer, or not in time, and may have one. */
typedef void lookup_done_fn(void *arg, struct cache_value *value, bool is_known);

/* `wake(wake_arg)` is called on a memcached thread when an answer is there for lookups_run(). `cache` is
 * borrowed. */
struct lookups *lookups_new(struct cache *cache, unsigned timeout_ms, void (*wake)(void *wake_arg),
                            void *wake_arg);

/* Does not wait, and no callback comes afterwards. What is under way uses only the cache until that is freed.
 * NULL is a no-op. */
void lookups_free(struct lookups *lookups);

/* Is there a slow tier at all? Without one, neither lookups_add() nor lookups_lock() is to be called. */
bool lookups_enabled(const struct lookups *lookups);

/* Joins the round that the next lookups_flush() sends. The key is copied. The lookup is borrowed until its
 * on_value, lookup_forget() or lookups_free(). */
struct lookup *lookups_add(struct lookups *lookups, const struct cache_key *key, lookup_done_fn *on_value,
                           void *arg);

/* Its on_value will not come. May be called from the on_value of another. */
void lookup_forget(struct lookup *lookup);

struct lock;

/* `number`: what lookups_unlock() knows the lock by. */
typedef void lock_done_fn(void *arg, bool taken, uint64_t number);

/* Tries to take a lock with a life of `life_s` that all instances see. on_lock comes later, once: `taken` is
 * also true when no slow tier can tell in time. The key is copied. The struct is borrowed until its on_lock,
 * lock_forget() or lookups_free(). */
struct lock *lookups_lock(struct lookups *lookups, const struct cache_key *key, unsigned life_s,
                          int64_t now_ms, lock_done_fn *on_lock, void *arg);

/* Its on_lock will not come. If the lock is taken all the same it is let go without lookups_unlock(). */
void lock_forget(struct lock *lock);

/* Lets go of a lock whose on_lock came with `taken`, even when its life may be over; once, and before
 * lookups_free(). Waits for nothing and tells nobody. The key is borrowed for the call. */
void lookups_unlock(struct lookups *lookups, const struct cache_key *key, uint64_t number);

/* Sends the round; at the end of a turn. */
void lookups_flush(struct lookups *lookups, int64_t now_ms, int64_t now_s);

/* Hands out what has arrived and what has taken too long. */
void lookups_run(struct lookups *lookups, int64_t now_ms);

/* When lookups_run() must be called at the latest, in monotonic ms; -1: nothing is under way. */
int64_t lookups_due_ms(const struct lookups *lookups);

#endif
