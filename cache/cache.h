/* The stack of tiers: memory in front, memcached behind it. Bytes by key with freshness; knows neither JSON
 * nor HTTP nor providers. `now_s` is Unix time, an argument everywhere. Thread-safe.
 *
 * The life of a value:
 *
 *     stored_s                  fresh_until_s                     keep_until_s
 *     |--------- fresh ---------|--------------- stale ---------------|------ gone ------>
 *                      horizon_s ^
 *
 * Fresh: used as it is. Stale: used as the last good copy, while a new one is made or when none can be. Gone:
 * not found. A horizon is a time not before now; a value that is not fresh beyond it is asked for again, as
 * the one drawn above would be, though it is fresh now. */
#ifndef MARQUEE_CACHE_H
#define MARQUEE_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "key.h"
#include "memcached.h"
#include "memory.h"
#include "value.h"

struct cache;

struct cache_options {
    size_t memory_bytes;
    const struct memcached_options *memcached; /* borrowed for the call; NULL: memory only */
};

/* NULL when memcached cannot be had as asked for; *ret_why (static) is for the operator. */
struct cache *cache_new(const struct cache_options *options, const char **ret_why);
void cache_free(struct cache *cache); /* NULL is a no-op */

/* From memory, now or never: new reference to a fresh or stale value, or NULL. */
struct cache_value *cache_peek(struct cache *cache, const struct cache_key *key, int64_t now_s);

/* The same for a caller that keeps the key with its hash: *hash is 0 before the first call, which fills it.
 */
struct cache_value *cache_peek_again(struct cache *cache, const struct cache_key *key, uint64_t *hash,
                                     int64_t now_s);

/* From memcached, later; what is found is put into memory too before on_done is called, unless memory got
 * something at least as new meanwhile. False: not started, all are misses. See memcached_tier_get(). */
bool cache_get(struct cache *cache, struct memcached_batch *batch, int64_t now_s);

/* Into memory alone: what other instances are to find out for themselves. Keeps a reference of its own. */
void cache_note(struct cache *cache, const struct cache_key *key, struct cache_value *value);

/* Into every tier; what is unsure, into memory alone. Keeps references of its own. */
void cache_put(struct cache *cache, const struct cache_key *key, struct cache_value *value, int64_t now_s);

/* Forgets all that is stored now and whose key is about this (purge_matches()): in memory at once, and what
 * memcached has of it is a miss from now on. Other instances that share it are told through it, and so is
 * this one after a restart (purge.h). Returns how many entries memory had. */
size_t cache_purge(struct cache *cache, const char *group, const char *name, int64_t now_s);

/* Asks memcached what others have forgotten, when it is time: to be called now and then. Does not wait. */
void cache_learn_purges(struct cache *cache, int64_t now_s);

/* Waits until that is known, or memcached gives no answer, for `max_ms` at most: before the first value of
 * memcached's is believed. */
void cache_wait_for_purges(struct cache *cache, unsigned max_ms);

/* The memcached tier for locks and figures; NULL when there is none. Borrowed. */
struct memcached_tier *cache_memcached(struct cache *cache);
struct memory_stats cache_memory_stats(struct cache *cache);

#endif
