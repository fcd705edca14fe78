/* The stack of tiers: what is in front, what is behind, and that hits behind come to the front. Threads,
 * servers and bytes are the tiers' business. */
#include "cache.h"

#include <stdlib.h>

#include "purge.h"
#include "translators/base/must.h"

#define CACHE_MAGIC 0x6d716361u

struct cache {
    unsigned magic;
    struct memory_tier *memory;
    struct memcached_tier *memcached; /* NULL: memory only */
    struct purges *purges;
};

struct cache *cache_new(const struct cache_options *options, const char **ret_why)
{
    struct memcached_tier *memcached = NULL;
    if (options->memcached != NULL) {
        memcached = memcached_tier_new(options->memcached, ret_why);
        if (memcached == NULL)
            return NULL;
    }
    struct cache *cache = must(malloc(sizeof(*cache)));
    *cache = (struct cache){.magic = CACHE_MAGIC,
                            .memory = memory_tier_new(options->memory_bytes),
                            .memcached = memcached,
                            .purges = purges_new()};
    return cache;
}

void cache_free(struct cache *cache)
{
    if (cache == NULL)
        return;
    must(cache->magic == CACHE_MAGIC);
    memcached_tier_free(cache->memcached); /* first: its threads put hits into memory to the end */
    memory_tier_free(cache->memory);
    purges_free(cache->purges);
    cache->magic = 0;
    free(cache);
}

struct cache_value *cache_peek(struct cache *cache, const struct cache_key *key, int64_t now_s)
{
    must(cache->magic == CACHE_MAGIC);
    return memory_tier_get(cache->memory, key, now_s);
}

struct cache_value *cache_peek_again(struct cache *cache, const struct cache_key *key, uint64_t *hash,
                                     int64_t now_s)
{
    must(cache->magic == CACHE_MAGIC);
    return memory_tier_get_again(cache->memory, key, hash, now_s);
}

/* A copy in memory that is as good keeps its place, and with it its marks. */
static void put_in_front(struct cache *cache, const struct memcached_item *item, int64_t now_s)
{
    struct cache_value *there = memory_tier_get(cache->memory, &item->key, now_s);
    if (there == NULL || cache_better(item->value, there, now_s))
        memory_tier_put(cache->memory, &item->key, item->value);
    cache_value_unref(there);
}

static void on_got(struct memcached_batch *batch)
{
    struct cache *cache = batch->_cache;
    must(cache->magic == CACHE_MAGIC);
    for (size_t i = 0; i < batch->n; i++) {
        struct memcached_item *item = &batch->items[i];
        if (item->value != NULL && purges_have(cache->purges, &item->key, item->value->stored_s)) {
            cache_value_unref(item->value);
            item->value = NULL;
        }
        if (item->value != NULL)
            put_in_front(cache, item, batch->_now_s);
    }
    batch->on_done = batch->_on_done;
    batch->on_done(batch);
}

bool cache_get(struct cache *cache, struct memcached_batch *batch, int64_t now_s)
{
    must(cache->magic == CACHE_MAGIC);
    if (cache->memcached == NULL) {
        for (size_t i = 0; i < batch->n; i++)
            batch->items[i].value = NULL;
        return false;
    }
    batch->_cache = cache;
    batch->_on_done = batch->on_done;
    batch->on_done = on_got;
    if (memcached_tier_get(cache->memcached, batch, now_s))
        return true;
    batch->on_done = batch->_on_done;
    return false;
}

void cache_note(struct cache *cache, const struct cache_key *key, struct cache_value *value)
{
    must(cache->magic == CACHE_MAGIC);
    memory_tier_put(cache->memory, key, value);
}

void cache_put(struct cache *cache, const struct cache_key *key, struct cache_value *value, int64_t now_s)
{
    must(cache->magic == CACHE_MAGIC);
    memory_tier_put(cache->memory, key, value);
    if (cache->memcached != NULL)
        memcached_tier_put(cache->memcached, key, value, now_s);
}

struct thing {
    const char *group, *name;
};

static bool is_about(const struct cache_key *key, void *arg)
{
    const struct thing *thing = arg;
    return purge_matches(key, thing->group, thing->name);
}

size_t cache_purge(struct cache *cache, const char *group, const char *name, int64_t now_s)
{
    struct thing thing = {group, name};
    must(cache->magic == CACHE_MAGIC);
    /* First, so that nothing comes back in between. */
    purges_add(cache->purges, group, name, now_s);
    return memory_tier_remove_if(cache->memory, is_about, &thing);
}

struct memcached_tier *cache_memcached(struct cache *cache)
{
    must(cache->magic == CACHE_MAGIC);
    return cache->memcached;
}

struct memory_stats cache_memory_stats(struct cache *cache)
{
    must(cache->magic == CACHE_MAGIC);
    return memory_tier_stats(cache->memory);
}
