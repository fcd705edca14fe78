/* The stack of tiers: what is in front, what is behind, and that hits behind come to the front. Threads,
 * servers and bytes are the tiers' business. */
#include "cache.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "purge.h"
#include "translators/base/must.h"

#define CACHE_MAGIC 0x6d716361u
#define LOOK_MAGIC  0x6d716c6bu

#define LOOK_S       10 /* between two looks at what others have forgotten */
#define LOOK_AGAIN_S 5  /* when memcached gave no answer */

/* Where instances tell each other what they forget. */
static const struct cache_key purges_key = {.text = "purges 1", .len = sizeof("purges 1") - 1};

struct cache {
    unsigned magic;
    struct memory_tier *memory;
    struct memcached_tier *memcached; /* NULL: memory only */
    struct purges *purges;
    _Atomic int64_t look_after_s;
    atomic_bool is_untold; /* something was forgotten since the latest look began to be taken */
    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t looked;
    bool is_looking;
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
    pthread_mutex_init(&cache->mutex, NULL);
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&cache->looked, &attributes);
    pthread_condattr_destroy(&attributes);
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
    pthread_cond_destroy(&cache->looked);
    pthread_mutex_destroy(&cache->mutex);
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
        for (size_t i = 0; i < batch->n; i++) {
            batch->items[i].value = NULL;
            batch->items[i].is_answered = false;
        }
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
    if (cache->memcached != NULL && !value->is_unsure)
        memcached_tier_put(cache->memcached, key, value, now_s);
}

/* ---- what is forgotten ---- */

/* One look at what others have forgotten: on the heap, because a memcached thread that hangs keeps it. */
struct look {
    unsigned magic;
    struct cache *cache;
    struct memcached_batch batch;
    struct memcached_item item;
};

struct swept {
    struct purge purges[PURGES_SWEPT_AT_ONCE];
    size_t n;
};

static bool is_swept(void *arg, const struct cache_key *key, const struct cache_value *value)
{
    const struct swept *swept = arg;
    for (size_t i = 0; i < swept->n; i++) {
        const struct purge *purge = &swept->purges[i];
        if (value->stored_s <= purge->purged_s && purge_matches(key, purge->group, purge->name))
            return true;
    }
    return false;
}

/* Looks through memory for what others have forgotten. True: there is more to look for. */
static bool sweep(struct cache *cache)
{
    struct swept swept = {.n = 0};
    swept.n = purges_take_unswept(cache->purges, swept.purges);
    if (swept.n > 0)
        memory_tier_remove_if(cache->memory, is_swept, &swept);
    return swept.n == PURGES_SWEPT_AT_ONCE;
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

/* Returns when to look again. */
static int64_t take_look(struct cache *cache, const struct look *look)
{
    const struct cache_value *said = look->item.value; /* NULL: nothing */
    const int64_t now_s = look->batch._now_s;
    if (!look->item.is_answered) /* that it told nothing would be no reason to write over what it has */
        return now_s + LOOK_AGAIN_S;
    atomic_store(&cache->is_untold, false);
    const char *text = said != NULL ? (const char *)said->bytes : "";
    if (purges_learn(cache->purges, text, said != NULL ? said->len : 0, now_s))
        tell_others(cache, now_s);
    bool is_more = sweep(cache) || atomic_load(&cache->is_untold);
    return now_s + (is_more ? 1 : LOOK_S);
}

static void end_look(struct cache *cache, struct look *look, int64_t look_after_s)
{
    cache_value_unref(look->item.value);
    free(look);
    atomic_store(&cache->look_after_s, look_after_s);
    pthread_mutex_lock(&cache->mutex);
    cache->is_looking = false;
    pthread_cond_broadcast(&cache->looked);
    pthread_mutex_unlock(&cache->mutex);
}

static void on_looked(struct memcached_batch *batch)
{
    struct look *look = CAST(struct look, batch->arg, LOOK_MAGIC);
    struct cache *cache = look->cache;
    end_look(cache, look, take_look(cache, look));
}

static void begin_look(struct cache *cache, int64_t now_s)
{
    pthread_mutex_lock(&cache->mutex);
    bool is_looking = cache->is_looking;
    cache->is_looking = true;
    pthread_mutex_unlock(&cache->mutex);
    if (is_looking)
        return;
    struct look *look = must(calloc(1, sizeof(*look)));
    *look = (struct look){.magic = LOOK_MAGIC, .cache = cache, .item = {.key = purges_key}};
    look->batch = (struct memcached_batch){.items = &look->item, .n = 1, .on_done = on_looked, .arg = look};
    if (!memcached_tier_get(cache->memcached, &look->batch, now_s))
        end_look(cache, look, now_s + LOOK_AGAIN_S);
}

void cache_learn_purges(struct cache *cache, int64_t now_s)
{
    must(cache->magic == CACHE_MAGIC);
    const int64_t after_s = atomic_load(&cache->look_after_s);
    const bool is_due = now_s >= after_s || after_s > now_s + LOOK_S; /* the clock was set back */
    if (cache->memcached != NULL && is_due)
        begin_look(cache, now_s);
}

void cache_wait_for_purges(struct cache *cache, unsigned max_ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    const int64_t ns = until.tv_nsec + (int64_t)max_ms * 1000000;
    until.tv_sec += ns / 1000000000;
    until.tv_nsec = ns % 1000000000;
    pthread_mutex_lock(&cache->mutex);
    while (cache->is_looking && pthread_cond_timedwait(&cache->looked, &cache->mutex, &until) == 0)
        ;
    pthread_mutex_unlock(&cache->mutex);
}

size_t cache_purge(struct cache *cache, const char *group, const char *name, int64_t now_s)
{
    struct swept swept = {.n = 1};
    must(cache->magic == CACHE_MAGIC);
    /* First, so that nothing comes back in between. */
    purges_add(cache->purges, group, name, now_s, &swept.purges[0]);
    atomic_store(&cache->is_untold, true);
    atomic_store(&cache->look_after_s, now_s);
    cache_learn_purges(cache, now_s);
    return memory_tier_remove_if(cache->memory, is_swept, &swept);
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
