/* The slow tier that a test plays. */
#include "fake_memcached.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MAX_UNDER_WAY 64
#define MAX_HELD      16
#define MAX_PUT       256

struct held {
    char key[CACHE_KEY_MAX_BYTES];
    size_t len;
    struct cache_value *value;
};

struct put {
    char key[CACHE_KEY_MAX_BYTES];
    size_t len;
};

struct waiting_lock {
    void (*on_done)(void *arg, bool taken);
    void *arg;
};

struct memcached_tier {
    char space[FAKE_MEMCACHED_SPACE_BYTES];
    bool down;
    struct memcached_batch *batches[MAX_UNDER_WAY];
    size_t n_batches;
    struct waiting_lock locks[MAX_UNDER_WAY];
    size_t n_locks;
    struct held held[MAX_HELD];
    size_t n_held;
    size_t gets, keys, locks_asked, unlocks, puts;
    uint64_t unlocked; /* the number of the last */
    struct put put[MAX_PUT];
};

/* ---- what memcached.h declares ---- */

struct memcached_tier *memcached_tier_new(const struct memcached_options *options, const char **ret_why)
{
    (void)ret_why;
    struct memcached_tier *tier = calloc(1, sizeof(*tier));
    assert_non_null(tier);
    snprintf(tier->space, sizeof(tier->space), "%s", options->space != NULL ? options->space : "");
    return tier;
}

void memcached_tier_free(struct memcached_tier *tier)
{
    if (tier == NULL)
        return;
    assert_int_equal(tier->n_batches + tier->n_locks, 0); /* somebody would wait for ever */
    for (size_t i = 0; i < tier->n_held; i++)
        cache_value_unref(tier->held[i].value);
    free(tier);
}

bool memcached_tier_get(struct memcached_tier *tier, struct memcached_batch *batch, int64_t now_s)
{
    for (size_t i = 0; i < batch->n; i++) {
        batch->items[i].value = NULL;
        batch->items[i].is_answered = false;
    }
    if (tier->down)
        return false;
    assert_true(tier->n_batches < MAX_UNDER_WAY);
    tier->batches[tier->n_batches++] = batch;
    batch->_now_s = now_s;
    tier->gets++;
    tier->keys += batch->n;
    return true;
}

void memcached_tier_put(struct memcached_tier *tier, const struct cache_key *key, struct cache_value *value,
                        int64_t now_s)
{
    (void)value;
    (void)now_s;
    assert_true(tier->puts < MAX_PUT);
    struct put *put = &tier->put[tier->puts++];
    memcpy(put->key, key->text, key->len);
    put->len = key->len;
}

uint64_t memcached_tier_lock(struct memcached_tier *tier, const struct cache_key *key, unsigned life_s,
                             void (*on_done)(void *arg, bool taken), void *arg)
{
    (void)key;
    (void)life_s;
    if (tier->down)
        return 0;
    assert_true(tier->n_locks < MAX_UNDER_WAY);
    tier->locks[tier->n_locks++] = (struct waiting_lock){on_done, arg};
    return ++tier->locks_asked;
}

void memcached_tier_unlock(struct memcached_tier *tier, const struct cache_key *key, uint64_t number)
{
    (void)key;
    tier->unlocks++;
    tier->unlocked = number;
}

struct memcached_stats memcached_tier_stats(struct memcached_tier *tier)
{
    return (struct memcached_stats){.gets = tier->gets, .puts = tier->puts};
}

/* ---- what the test sees and says ---- */

const char *fake_memcached_space(const struct memcached_tier *tier)
{
    return tier->space;
}

void fake_memcached_set_down(struct memcached_tier *tier, bool down)
{
    tier->down = down;
}

void fake_memcached_hold(struct memcached_tier *tier, const struct cache_key *key, struct cache_value *value)
{
    assert_true(tier->n_held < MAX_HELD && key->len <= CACHE_KEY_MAX_BYTES);
    struct held *held = &tier->held[tier->n_held++];
    memcpy(held->key, key->text, key->len);
    held->len = key->len;
    held->value = cache_value_ref(value);
}

size_t fake_memcached_gets(const struct memcached_tier *tier)
{
    return tier->gets;
}

size_t fake_memcached_keys(const struct memcached_tier *tier)
{
    return tier->keys;
}

size_t fake_memcached_locks(const struct memcached_tier *tier)
{
    return tier->locks_asked;
}

size_t fake_memcached_unlocks(const struct memcached_tier *tier)
{
    return tier->unlocks;
}

uint64_t fake_memcached_unlocked(const struct memcached_tier *tier)
{
    return tier->unlocked;
}

size_t fake_memcached_puts(const struct memcached_tier *tier)
{
    return tier->puts;
}

bool fake_memcached_was_put(const struct memcached_tier *tier, const struct cache_key *key)
{
    for (size_t i = 0; i < tier->puts; i++) {
        if (tier->put[i].len == key->len && memcmp(tier->put[i].key, key->text, key->len) == 0)
            return true;
    }
    return false;
}

static struct cache_value *find(const struct memcached_tier *tier, const struct cache_key *key)
{
    for (size_t i = 0; i < tier->n_held; i++) {
        const struct held *held = &tier->held[i];
        if (held->len == key->len && memcmp(held->key, key->text, key->len) == 0)
            return cache_value_ref(held->value);
    }
    return NULL;
}

void fake_memcached_answer(struct memcached_tier *tier)
{
    size_t n = tier->n_batches;
    tier->n_batches = 0;
    for (size_t i = 0; i < n; i++) {
        struct memcached_batch *batch = tier->batches[i];
        for (size_t k = 0; k < batch->n; k++) {
            batch->items[k].value = find(tier, &batch->items[k].key);
            batch->items[k].is_answered = true;
        }
        batch->on_done(batch);
    }
}

void fake_memcached_answer_last_lock(struct memcached_tier *tier, bool taken)
{
    assert_true(tier->n_locks > 0);
    tier->n_locks--;
    tier->locks[tier->n_locks].on_done(tier->locks[tier->n_locks].arg, taken);
}

void fake_memcached_answer_locks(struct memcached_tier *tier, bool taken)
{
    size_t n = tier->n_locks;
    tier->n_locks = 0;
    for (size_t i = 0; i < n; i++)
        tier->locks[i].on_done(tier->locks[i].arg, taken);
}

bool memcached_tier_server(struct memcached_tier *tier, size_t index, struct memcached_server_status *ret)
{
    (void)tier;
    (void)index;
    (void)ret;
    return false;
}
