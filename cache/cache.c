/* The stack of tiers: what is in front, what is behind, and that hits behind come to the front. Threads,
 * servers and bytes are the tiers' business. */
#include "cache.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "purge.h"
#include "translators/base/must.h"

#define CACHE_MAGIC        0x6d716361u
#define PURGES_BATCH_MAGIC 0x6d717062u

/* Where instances tell each other what they forget. */
static const struct cache_key purges_key = {.text = "purges 1", .len = sizeof("purges 1") - 1};

struct cache {
    unsigned magic;
    struct memory_tier *memory;
    struct memcached_tier *memcached; /* NULL: memory only */
    struct purges *purges;
    _Atomic int64_t told_s; /* when what others lack was told; 0: never */
};

struct thing {
    const char *group, *name;
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

/* ---- what is forgotten ---- */

static bool is_about(const struct cache_key *key, void *arg)
{
    const struct thing *thing = arg;
    return purge_matches(key, thing->group, thing->name);
}

static void on_purge_of_another(void *arg, const char *group, const char *name)
{
    struct cache *cache = arg;
    memory_tier_remove_if(cache->memory, is_about, &(struct thing){group, name});
}

static void tell_others(struct cache *cache, int64_t now_s)
{
    size_t len;
    char *text = purges_write(cache->purges, now_s, &len);
    struct cache_value *value = cache_value_new(len, 0, now_s, now_s + PURGES_KEEP_S, now_s + PURGES_KEEP_S);
    memcpy(value->bytes, text, len);
    memcached_tier_put(cache->memcached, &purges_key, value, now_s);
    cache_value_unref(value);
    free(text);
}

/* Takes what others have forgotten, and tells them what they do not know of. `said`: what they told; NULL:
 * nothing. */
static bool learn(struct cache *cache, struct cache_value *said, int64_t now_s)
{
    const char *text = said != NULL ? (const char *)said->bytes : "";
    bool lacks =
        purges_learn(cache->purges, text, said != NULL ? said->len : 0, now_s, on_purge_of_another, cache);
    cache_value_unref(said);
    return lacks;
}

/* Before the batch's own: one of them may have been forgotten. */
static void learn_with(struct cache *cache, struct memcached_batch *batch)
{
    const int64_t now_s = batch->_now_s;
    int64_t told_s = atomic_load(&cache->told_s);
    bool lacks = learn(cache, batch->_purges.value, now_s);
    batch->_purges.value = NULL;
    if (lacks && told_s != now_s && atomic_compare_exchange_strong(&cache->told_s, &told_s, now_s))
        tell_others(cache, now_s);
}

static void on_got(struct memcached_batch *batch)
{
    struct cache *cache = batch->_cache;
    must(cache->magic == CACHE_MAGIC);
    learn_with(cache, batch);
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
    batch->_purges = (struct memcached_item){.key = purges_key};
    batch->also = &batch->_purges;
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
    if (cache->memcached != NULL && !value->is_unsure)
        memcached_tier_put(cache->memcached, key, value, now_s);
}

/* A batch of its own, which asks what others have told before this adds to it. */
struct telling {
    unsigned magic;
    struct cache *cache;
    struct memcached_batch batch;
    struct memcached_item item;
};

static void on_told(struct memcached_batch *batch)
{
    struct telling *telling = CAST(struct telling, batch->arg, PURGES_BATCH_MAGIC);
    if (learn(telling->cache, telling->item.value, batch->_now_s))
        tell_others(telling->cache, batch->_now_s);
    free(telling);
}

static void begin_to_tell(struct cache *cache, int64_t now_s)
{
    struct telling *telling = must(calloc(1, sizeof(*telling)));
    *telling = (struct telling){.magic = PURGES_BATCH_MAGIC, .cache = cache, .item = {.key = purges_key}};
    telling->batch =
        (struct memcached_batch){.items = &telling->item, .n = 1, .on_done = on_told, .arg = telling};
    if (!memcached_tier_get(cache->memcached, &telling->batch, now_s))
        free(telling); /* the next batch that is answered tells them */
}

size_t cache_purge(struct cache *cache, const char *group, const char *name, int64_t now_s)
{
    struct thing thing = {group, name};
    must(cache->magic == CACHE_MAGIC);
    /* First, so that nothing comes back in between. */
    purges_add(cache->purges, group, name, now_s);
    if (cache->memcached != NULL)
        begin_to_tell(cache, now_s);
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
