/* Many keys asked for at once, of the slow tier: cache_get() of cache.h, memcached_tier_get() of memcached.h.
 */
#ifndef MARQUEE_CACHE_BATCH_H
#define MARQUEE_CACHE_BATCH_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "key.h"
#include "value.h"

struct cache;

struct memcached_item {
    struct cache_key key;      /* borrowed until on_done */
    struct cache_value *value; /* result: new reference, or NULL for a miss */
    bool is_answered;          /* result: the server said so; false: it may have one */
};

struct memcached_batch {
    struct memcached_item *items; /* owned by the caller, borrowed until on_done */
    size_t n;
    void (*on_done)(struct memcached_batch *batch); /* memcached thread; may free the batch */
    void *arg;                                      /* the caller's */
    atomic_uint _open; /* hands off, here and below: bookkeeping while it is under way */
    int64_t _now_s;
    struct cache *_cache; /* see cache_get() */
    void (*_on_done)(struct memcached_batch *batch);
};

#endif
