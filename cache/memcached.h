/* The memcached tier: many keys in one multi-get, stores and locks, from threads of its own, because
 * libmemcached blocks. Servers share the keys by ketama; each has a circuit breaker, so that one that hangs
 * costs `timeout_ms` once and nothing until a probe finds it back.
 *
 * The loop a caller writes:
 *     batch->n = …; batch->items[i].key = …; batch->on_done = wake_me;
 *     if (!memcached_tier_get(tier, batch)) treat all as misses;   // off, overloaded, or every server is
 * down … on_done(batch) runs on a memcached thread; items[i].value is a new reference or NULL … */
#ifndef MARQUEE_CACHE_MEMCACHED_H
#define MARQUEE_CACHE_MEMCACHED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "key.h"
#include "value.h"

struct memcached_tier;

struct memcached_options {
    const char
        *servers; /* "host:port host:port …" or "/path/to.sock", separated by spaces; port default 11211 */
    unsigned threads;    /* 2 unless there is a reason */
    unsigned timeout_ms; /* of one operation on one server */
    unsigned probe_ms;   /* a server that failed is tried again after this long */
    size_t max_queue;    /* operations waiting for a thread; beyond, gets are misses and puts are dropped */
    size_t max_value_bytes; /* larger values are not stored (memcached's -I, 1 MB by default) */
};

struct memcached_stats {
    uint64_t gets, hits, puts, failures, dropped, breaker_opened;
    unsigned servers, servers_down;
};

struct memcached_item {
    struct cache_key key;      /* borrowed until on_done */
    struct cache_value *value; /* result: new reference, or NULL for a miss */
};

struct memcached_batch {
    struct memcached_item *items; /* owned by the caller, borrowed until on_done */
    size_t n;
    void (*on_done)(struct memcached_batch *batch); /* memcached thread; may free the batch */
    void *arg;                                      /* the caller's */
    void *_tier;                                    /* hands off: bookkeeping while it is under way */
    unsigned _open;
};

/* New tier with running threads; no connection is made before the first operation, so a server that is down
 * is no error. NULL when `servers` cannot be understood: *ret_why (static) says why. */
struct memcached_tier *memcached_tier_new(const struct memcached_options *options, const char **ret_why);

/* Runs what is queued to its end (each operation is bounded by timeout_ms), then ends the threads. */
void memcached_tier_free(struct memcached_tier *tier); /* NULL is a no-op */

/* One multi-get per server that holds any of the keys. False: nothing was started and on_done will not be
 * called. Otherwise on_done is called once, never before this returns; entries that are gone at `now_s` are
 * misses. */
bool memcached_tier_get(struct memcached_tier *tier, struct memcached_batch *batch, int64_t now_s);

/* Stores the value until its keep_until_s, later, by a thread; keeps a reference until then. `now_s` gives
 * the remaining life. Dropped silently (and counted) when the server is down or the queue is full. */
void memcached_tier_put(struct memcached_tier *tier, const struct cache_key *key, struct cache_value *value,
                        int64_t now_s);

/* Tries to take a lock with a life of `life_s` for one instance of many: later on_done(arg, taken) on a
 * memcached thread. False: not started (no memcached): the caller behaves as if it had the lock. */
bool memcached_tier_lock(struct memcached_tier *tier, const struct cache_key *key, unsigned life_s,
                         void (*on_done)(void *arg, bool taken), void *arg);
void memcached_tier_unlock(struct memcached_tier *tier, const struct cache_key *key);

struct memcached_stats memcached_tier_stats(struct memcached_tier *tier);

#endif
