/* The in-memory tier. It holds references to values under copies of their keys and drops the least recently
 * used beyond its budget. It does no I/O, reads no clock and never looks into a value's bytes.
 *
 * A key's hash picks the shard by its upper bits and the bucket by its lower ones. A shard is a mutex, a
 * table of chains and a list in order of use. The table is sized once, from the budget: a bucket for every
 * BYTES_A_BUCKET keeps chains at three entries when all values are tiny and costs under two per cent. A
 * smaller budget has fewer shards, because a value must fit into one.
 *
 * Pages in the variants of style and image that anybody can ask for are guests (value.h): they have a list of
 * their own, and once they hold a quarter of a shard it is one of them that gives way to the next.
 *
 * An entry moves to the front of the list once a second at most, so that a popular one does not drag its
 * neighbours' cache lines about with every hit. Among entries hit in the same second the order is therefore
 * that of their first hits.
 */
#include "memory.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "translators/base/memory.h"
#include "translators/base/must.h"

#define MEMORY_MAGIC    0x6d716d65u
#define MIN_SHARD_BITS  2
#define MAX_SHARD_BITS  4
#define SHARE_TO_SPLIT  ((size_t)32 << 20) /* of a shard: halves of it still hold every usual document */
#define BYTES_A_BUCKET  512
#define GUESTS_SHARE    4  /* a quarter of a shard */
#define MALLOC_OVERHEAD 16 /* glibc's header and rounding, near enough */

struct node {
    struct node *chain;         /* next in the bucket; next to be freed once it is out */
    struct node *newer, *older; /* in the order of use */
    struct cache_value *value;  /* one reference */
    uint64_t hash;
    int64_t moved_s; /* when a hit last moved it to the front */
    uint32_t key_len;
    char key[];
};

/* Nodes in the order of their use. */
struct use {
    struct node *newest, *oldest;
    size_t bytes;
};

struct shard {
    pthread_mutex_t mutex; /* guards everything below */
    struct node **buckets;
    struct use residents, guests;
    size_t entries, bytes;
    uint64_t evictions, refused;
} __attribute__((aligned(64)));

/* How a budget is divided. */
struct layout {
    unsigned shard_bits;
    size_t buckets;            /* of a shard */
    size_t shard_budget_bytes; /* without the table */
};

struct memory_tier {
    struct shard shards[1u << MAX_SHARD_BITS]; /* the first n_shards of them */
    unsigned magic, shard_bits, n_shards;
    size_t shard_budget_bytes;
    size_t bucket_mask;
    uint8_t secret[16];
};

static struct layout layout_of(size_t budget_bytes)
{
    struct layout layout = {.shard_bits = MIN_SHARD_BITS, .buckets = 16};
    while (layout.shard_bits < MAX_SHARD_BITS && budget_bytes >> layout.shard_bits >= SHARE_TO_SPLIT)
        layout.shard_bits++;
    const size_t share = budget_bytes >> layout.shard_bits;
    while (layout.buckets * BYTES_A_BUCKET < share)
        layout.buckets *= 2;
    const size_t table = layout.buckets * sizeof(struct node *);
    layout.shard_budget_bytes = share > table ? share - table : 0;
    return layout;
}

static size_t node_cost(const struct node *node)
{
    return sizeof(*node) + node->key_len + MALLOC_OVERHEAD + sizeof(*node->value) + node->value->len +
           MALLOC_OVERHEAD;
}

static size_t put_cost(const struct cache_key *key, const struct cache_value *value)
{
    return sizeof(struct node) + key->len + MALLOC_OVERHEAD + sizeof(*value) + value->len + MALLOC_OVERHEAD;
}

size_t memory_tier_max_value_bytes(size_t budget_bytes)
{
    const size_t room = layout_of(budget_bytes).shard_budget_bytes;
    const struct cache_value empty = {.len = 0};
    const size_t cost = put_cost(&(struct cache_key){.len = CACHE_KEY_MAX_BYTES}, &empty);
    return room > cost ? room - cost : 0;
}

struct memory_tier *memory_tier_new(size_t budget_bytes)
{
    struct memory_tier *tier = must(aligned_alloc(64, sizeof(*tier)));
    memset(tier, 0, sizeof(*tier));
    tier->magic = MEMORY_MAGIC;
    /* So few bytes never come short: getrandom(2). */
    must(getrandom(tier->secret, sizeof(tier->secret), 0) == (ssize_t)sizeof(tier->secret));

    const struct layout layout = layout_of(budget_bytes);
    tier->shard_bits = layout.shard_bits;
    tier->n_shards = 1u << layout.shard_bits;
    tier->bucket_mask = layout.buckets - 1;
    tier->shard_budget_bytes = layout.shard_budget_bytes;
    for (unsigned i = 0; i < tier->n_shards; i++) {
        struct shard *shard = &tier->shards[i];
        pthread_mutex_init(&shard->mutex, NULL);
        shard->buckets = memory_new_zeroed(layout.buckets, sizeof(struct node *));
    }
    return tier;
}

static void free_chain(struct node *node)
{
    while (node != NULL) {
        struct node *next = node->chain;
        cache_value_unref(node->value);
        free(node);
        node = next;
    }
}

static void free_use(const struct use *use)
{
    for (struct node *node = use->newest, *older; node != NULL; node = older) {
        older = node->older;
        cache_value_unref(node->value);
        free(node);
    }
}

/* By the lists: most of a large table has never been touched, and looking at it would take seconds. */
void memory_tier_free(struct memory_tier *tier)
{
    if (tier == NULL)
        return;
    must(tier->magic == MEMORY_MAGIC);
    for (unsigned i = 0; i < tier->n_shards; i++) {
        struct shard *shard = &tier->shards[i];
        free_use(&shard->residents);
        free_use(&shard->guests);
        free(shard->buckets);
        pthread_mutex_destroy(&shard->mutex);
    }
    tier->magic = 0;
    free(tier);
}

static struct shard *shard_of(struct memory_tier *tier, uint64_t hash)
{
    return &tier->shards[hash >> (64 - tier->shard_bits)];
}

/* The place that points to the key's node, or to NULL at the end of its chain. Under the mutex. */
static struct node **find(const struct memory_tier *tier, const struct shard *shard,
                          const struct cache_key *key, uint64_t hash)
{
    struct node **at = &shard->buckets[hash & tier->bucket_mask];
    while (*at != NULL && ((*at)->hash != hash || (*at)->key_len != key->len ||
                           memcmp((*at)->key, key->text, key->len) != 0))
        at = &(*at)->chain;
    return at;
}

static struct use *use_of(struct shard *shard, const struct node *node)
{
    return node->value->is_guest ? &shard->guests : &shard->residents;
}

static void list_remove(struct use *use, struct node *node)
{
    use->bytes -= node_cost(node);
    *(node->newer != NULL ? &node->newer->older : &use->newest) = node->older;
    *(node->older != NULL ? &node->older->newer : &use->oldest) = node->newer;
}

static void list_push(struct use *use, struct node *node)
{
    use->bytes += node_cost(node);
    node->newer = NULL;
    node->older = use->newest;
    *(use->newest != NULL ? &use->newest->newer : &use->oldest) = node;
    use->newest = node;
}

/* Takes the node at `at` out of the shard and puts it in front of `out`, for the caller to free once the
 * mutex is released: freeing a large value may be a system call. */
static struct node *take_out(struct shard *shard, struct node **at, struct node *out)
{
    struct node *node = *at;
    *at = node->chain;
    list_remove(use_of(shard, node), node);
    shard->entries--;
    shard->bytes -= node_cost(node);
    node->chain = out;
    return node;
}

static struct cache_value *get(struct memory_tier *tier, const struct cache_key *key, uint64_t hash,
                               int64_t now_s)
{
    struct shard *shard = shard_of(tier, hash);
    struct cache_value *value = NULL;
    struct node *out = NULL;

    pthread_mutex_lock(&shard->mutex);
    struct node **at = find(tier, shard, key, hash), *node = *at;
    if (node != NULL && cache_judge(node->value, now_s) == CACHE_GONE) {
        out = take_out(shard, at, NULL);
    } else if (node != NULL) {
        value = cache_value_ref(node->value);
        if (node->moved_s != now_s) {
            node->moved_s = now_s;
            list_remove(use_of(shard, node), node);
            list_push(use_of(shard, node), node);
        }
    }
    pthread_mutex_unlock(&shard->mutex);
    free_chain(out);
    return value;
}

struct cache_value *memory_tier_get(struct memory_tier *tier, const struct cache_key *key, int64_t now_s)
{
    must(tier->magic == MEMORY_MAGIC);
    return get(tier, key, cache_key_hash(key, tier->secret), now_s);
}

struct cache_value *memory_tier_get_again(struct memory_tier *tier, const struct cache_key *key,
                                          uint64_t *hash, int64_t now_s)
{
    must(tier->magic == MEMORY_MAGIC);
    if (*hash == 0)
        *hash = cache_key_hash(key, tier->secret);
    return get(tier, key, *hash, now_s);
}

static struct node *node_new(const struct cache_key *key, uint64_t hash, struct cache_value *value)
{
    must(key->len > 0 && key->len <= CACHE_KEY_MAX_BYTES);
    struct node *node = memory_new(sizeof(*node) + key->len);
    node->value = cache_value_ref(value);
    node->hash = hash;
    node->moved_s = INT64_MIN; /* so the first hit moves it */
    node->key_len = (uint32_t)key->len;
    memcpy(node->key, key->text, key->len);
    return node;
}

/* Guests give way when they hold more than their share, and when there is nobody else. */
static struct node *victim_of(const struct memory_tier *tier, const struct shard *shard)
{
    bool guests =
        shard->guests.bytes > tier->shard_budget_bytes / GUESTS_SHARE || shard->residents.oldest == NULL;
    return guests ? shard->guests.oldest : shard->residents.oldest;
}

static struct node *evict_over(struct memory_tier *tier, struct shard *shard, struct node *out)
{
    while (shard->bytes > tier->shard_budget_bytes) {
        const struct node *victim = victim_of(tier, shard);
        struct node **at = &shard->buckets[victim->hash & tier->bucket_mask];
        while (*at != victim)
            at = &(*at)->chain;
        out = take_out(shard, at, out);
        shard->evictions++;
    }
    return out;
}

void memory_tier_put(struct memory_tier *tier, const struct cache_key *key, struct cache_value *value)
{
    must(tier->magic == MEMORY_MAGIC && value->magic == CACHE_VALUE_MAGIC);
    const uint64_t hash = cache_key_hash(key, tier->secret);
    struct shard *shard = shard_of(tier, hash);
    const bool fits = put_cost(key, value) <= tier->shard_budget_bytes;
    struct node *fresh = fits ? node_new(key, hash, value) : NULL, *out = NULL;

    pthread_mutex_lock(&shard->mutex);
    struct node **at = find(tier, shard, key, hash);
    if (*at != NULL)
        out = take_out(shard, at, NULL);
    if (fits) {
        struct node **bucket = &shard->buckets[hash & tier->bucket_mask];
        fresh->chain = *bucket;
        *bucket = fresh;
        list_push(use_of(shard, fresh), fresh);
        shard->entries++;
        shard->bytes += node_cost(fresh);
        out = evict_over(tier, shard, out);
    } else {
        shard->refused++;
    }
    pthread_mutex_unlock(&shard->mutex);
    free_chain(out);
}

void memory_tier_remove(struct memory_tier *tier, const struct cache_key *key)
{
    must(tier->magic == MEMORY_MAGIC);
    const uint64_t hash = cache_key_hash(key, tier->secret);
    struct shard *shard = shard_of(tier, hash);
    struct node *out = NULL;

    pthread_mutex_lock(&shard->mutex);
    struct node **at = find(tier, shard, key, hash);
    if (*at != NULL)
        out = take_out(shard, at, NULL);
    pthread_mutex_unlock(&shard->mutex);
    free_chain(out);
}

/* Of one list; what it takes out comes before `out`. */
static struct node *take_out_if(struct memory_tier *tier, struct shard *shard, const struct use *use,
                                memory_matches_fn *matches, void *arg, struct node *out, size_t *n)
{
    for (struct node *node = use->newest, *older; node != NULL; node = older) {
        const struct cache_key key = {.text = node->key, .len = node->key_len};
        older = node->older;
        if (matches(arg, &key, node->value)) {
            struct node **at = find(tier, shard, &key, node->hash);
            must(*at == node);
            out = take_out(shard, at, out);
            (*n)++;
        }
    }
    return out;
}

size_t memory_tier_remove_if(struct memory_tier *tier, memory_matches_fn *matches, void *arg)
{
    size_t n = 0;
    for (unsigned i = 0; i < tier->n_shards; i++) {
        struct shard *shard = &tier->shards[i];
        pthread_mutex_lock(&shard->mutex);
        struct node *out = take_out_if(tier, shard, &shard->residents, matches, arg, NULL, &n);
        out = take_out_if(tier, shard, &shard->guests, matches, arg, out, &n);
        pthread_mutex_unlock(&shard->mutex);
        free_chain(out);
    }
    return n;
}

struct memory_stats memory_tier_stats(struct memory_tier *tier)
{
    must(tier->magic == MEMORY_MAGIC);
    const size_t table = (tier->bucket_mask + 1) * sizeof(struct node *);
    struct memory_stats stats = {0};
    for (unsigned i = 0; i < tier->n_shards; i++) {
        struct shard *shard = &tier->shards[i];
        pthread_mutex_lock(&shard->mutex);
        stats.entries += shard->entries;
        stats.bytes += shard->bytes + table;
        stats.evictions += shard->evictions;
        stats.refused += shard->refused;
        pthread_mutex_unlock(&shard->mutex);
    }
    return stats;
}
