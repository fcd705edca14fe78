/* The in-memory tier: a sharded hash table with a budget in bytes and least-recently-used eviction.
 * Thread-safe; the only mutable structure that all threads share. Neither JSON nor HTTP is known here. */
#ifndef MARQUEE_CACHE_MEMORY_H
#define MARQUEE_CACHE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "key.h"
#include "value.h"

struct memory_tier;

struct memory_stats {
    uint64_t entries, bytes, evictions, refused; /* refused: larger than a shard may hold */
};

/* `budget_bytes` counts values, keys and bookkeeping. A value larger than its shard's share is refused, and
 * evicts nothing. */
struct memory_tier *memory_tier_new(size_t budget_bytes);
void memory_tier_free(struct memory_tier *tier);

/* The largest value that a tier of this budget keeps, whatever its key: a fourth of the budget or less. */
size_t memory_tier_max_value_bytes(size_t budget_bytes);

/* New reference, or NULL. What is gone at `now_s` is not given out, and dropped. Never blocks on I/O. */
struct cache_value *memory_tier_get(struct memory_tier *tier, const struct cache_key *key, int64_t now_s);

/* The same for a caller that keeps the key with its hash: *hash is 0 before the first call, which fills it.
 */
struct cache_value *memory_tier_get_again(struct memory_tier *tier, const struct cache_key *key,
                                          uint64_t *hash, int64_t now_s);

/* Stores the value under a copy of the key, in the place of what was there. Keeps a reference of its own.
 * When the value is refused, what was there is gone all the same: it is not what the key means any more. */
void memory_tier_put(struct memory_tier *tier, const struct cache_key *key, struct cache_value *value);

void memory_tier_remove(struct memory_tier *tier, const struct cache_key *key);

/* True: the entry of this key and value is meant. Under the lock of its shard. */
typedef bool memory_matches_fn(void *arg, const struct cache_key *key, const struct cache_value *value);

/* Removes every entry that `matches`; returns how many. Each shard is locked while it is looked through. */
size_t memory_tier_remove_if(struct memory_tier *tier, memory_matches_fn *matches, void *arg);

struct memory_stats memory_tier_stats(struct memory_tier *tier);

#endif
