/* Tests of cache/memory.c. */
#include "cache/memory.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#define MB      ((size_t)1 << 20)
#define SHARDS  4 /* of a small tier, as in memory.c: what one value may cost at most follows from it */
#define THREADS 4
#define ROUNDS  20000
#define KEYS    256

struct key_text {
    char text[64];
};

static struct cache_key key_of(struct key_text *text, unsigned number)
{
    int len = snprintf(text->text, sizeof(text->text), "key number %u", number);
    return (struct cache_key){.text = text->text, .len = (size_t)len};
}

static void put(struct memory_tier *tier, unsigned number, size_t len, int64_t keep_until_s)
{
    struct key_text text;
    struct cache_key key = key_of(&text, number);
    struct cache_value *value = cache_value_new(len, 0, 0, keep_until_s / 2, keep_until_s);
    memset(value->bytes, (int)(number & 0xff), len);
    memory_tier_put(tier, &key, value);
    cache_value_unref(value);
}

static struct cache_value *get(struct memory_tier *tier, unsigned number, int64_t now_s)
{
    struct key_text text;
    struct cache_key key = key_of(&text, number);
    return memory_tier_get(tier, &key, now_s);
}

static bool has(struct memory_tier *tier, unsigned number, int64_t now_s)
{
    struct cache_value *value = get(tier, number, now_s);
    cache_value_unref(value);
    return value != NULL;
}

static void what_was_put_is_given_out_fresh_and_stale_but_not_gone(void **state)
{
    (void)state;
    struct memory_tier *tier = memory_tier_new(MB);
    assert_false(has(tier, 1, 0));
    put(tier, 1, 10, 100);
    struct cache_value *value = get(tier, 1, 10);
    assert_non_null(value);
    assert_int_equal(value->len, 10);
    assert_int_equal(value->bytes[9], 1);
    cache_value_unref(value);
    assert_true(has(tier, 1, 99));
    assert_false(has(tier, 1, 100));
    assert_int_equal(memory_tier_stats(tier).entries, 0);
    memory_tier_free(tier);
}

static void a_value_outlives_its_place_in_the_tier(void **state)
{
    (void)state;
    struct memory_tier *tier = memory_tier_new(MB);
    put(tier, 1, 10, 100);
    struct cache_value *value = get(tier, 1, 0);
    memory_tier_free(tier);
    assert_int_equal(value->bytes[0], 1);
    assert_int_equal(atomic_load(&value->refs), 1);
    cache_value_unref(value);
}

static void a_put_takes_the_place_of_what_was_there(void **state)
{
    (void)state;
    struct memory_tier *tier = memory_tier_new(MB);
    put(tier, 1, 1000, 100);
    uint64_t bytes = memory_tier_stats(tier).bytes;
    put(tier, 1, 10, 200);
    assert_int_equal(memory_tier_stats(tier).entries, 1);
    assert_int_equal(memory_tier_stats(tier).bytes, bytes - 990);
    assert_int_equal(memory_tier_stats(tier).evictions, 0);
    assert_true(has(tier, 1, 150));
    memory_tier_free(tier);
}

static void removed_is_gone_and_nothing_else_is(void **state)
{
    (void)state;
    struct memory_tier *tier = memory_tier_new(MB);
    const uint64_t empty = memory_tier_stats(tier).bytes;
    struct key_text text;
    struct cache_key key = key_of(&text, 1);
    put(tier, 1, 10, 100);
    put(tier, 2, 10, 100);
    memory_tier_remove(tier, &key);
    memory_tier_remove(tier, &key);
    assert_false(has(tier, 1, 0));
    assert_true(has(tier, 2, 0));
    key = key_of(&text, 2);
    memory_tier_remove(tier, &key);
    assert_int_equal(memory_tier_stats(tier).bytes, empty);
    memory_tier_free(tier);
}

static void keys_are_compared_whole(void **state)
{
    (void)state;
    struct memory_tier *tier = memory_tier_new(MB);
    struct cache_value *value = cache_value_new(0, 0, 0, 1, 2);
    const struct cache_key with_nul = {.text = "a\0b", .len = 3}, other_end = {.text = "a\0c", .len = 3},
                           prefix = {.text = "a", .len = 1};
    memory_tier_put(tier, &with_nul, value);
    assert_null(memory_tier_get(tier, &other_end, 0));
    assert_null(memory_tier_get(tier, &prefix, 0));
    struct cache_value *found = memory_tier_get(tier, &with_nul, 0);
    assert_ptr_equal(found, value);
    cache_value_unref(found);
    cache_value_unref(value);
    memory_tier_free(tier);
}

static void the_budget_is_kept_whatever_the_size_of_values(void **state)
{
    (void)state;
    static const size_t lens[] = {0, 100, 5000};
    for (size_t i = 0; i < sizeof(lens) / sizeof(*lens); i++) {
        struct memory_tier *tier = memory_tier_new(MB);
        for (unsigned number = 0; number < 20000; number++)
            put(tier, number, lens[i], 100);
        struct memory_stats stats = memory_tier_stats(tier);
        assert_true(stats.bytes <= MB);
        assert_true(stats.bytes > MB * 9 / 10 - 6000 * SHARDS);
        assert_int_equal(stats.entries + stats.evictions, 20000);
        assert_int_equal(stats.refused, 0);
        memory_tier_free(tier);
    }
}

static void what_is_used_stays_and_what_is_not_goes(void **state)
{
    (void)state;
    struct memory_tier *tier = memory_tier_new(MB);
    for (unsigned number = 0; number < 10; number++)
        put(tier, number, 100, 1000000);
    for (unsigned number = 10; number < 20000; number++) {
        put(tier, number, 100, 1000000);
        for (unsigned used = 0; used < 5; used++)
            assert_true(has(tier, used, number));
    }
    for (unsigned unused = 5; unused < 10; unused++)
        assert_false(has(tier, unused, 20000));
    memory_tier_free(tier);
}

static void a_value_too_large_is_refused_and_evicts_nothing(void **state)
{
    (void)state;
    struct memory_tier *tier = memory_tier_new(MB);
    for (unsigned number = 0; number < 100; number++)
        put(tier, number, 100, 100);
    put(tier, 1000, MB / SHARDS, 100);
    put(tier, 1001, 100 * MB, 100);
    struct memory_stats stats = memory_tier_stats(tier);
    assert_int_equal(stats.refused, 2);
    assert_int_equal(stats.evictions, 0);
    assert_int_equal(stats.entries, 100);
    assert_false(has(tier, 1000, 0));
    put(tier, 1002, MB / SHARDS * 9 / 10, 100);
    assert_true(has(tier, 1002, 0));
    memory_tier_free(tier);
}

/* With 64 MB nothing over 4 MB was kept, though a document may have 8. */
static void the_default_budget_keeps_the_largest_document_with_its_encodings(void **state)
{
    (void)state;
    assert_true(memory_tier_max_value_bytes(64 * MB) > 12 * MB);
    assert_true(memory_tier_max_value_bytes(64 * MB) < 16 * MB);
}

static void the_largest_value_is_kept_under_the_longest_key_and_one_byte_more_is_not(void **state)
{
    (void)state;
    static const size_t budgets[] = {MB / 4, MB, 64 * MB, 100 * MB, 128 * MB, 256 * MB, 1024 * MB};
    static char text[CACHE_KEY_MAX_BYTES] = "key";
    const struct cache_key key = {.text = text, .len = sizeof(text)};
    for (size_t i = 0; i < sizeof(budgets) / sizeof(*budgets); i++) {
        struct memory_tier *tier = memory_tier_new(budgets[i]);
        const size_t max = memory_tier_max_value_bytes(budgets[i]);
        assert_true(max > 0);
        for (size_t more = 0; more < 2; more++) {
            struct cache_value *value = cache_value_new(max + more, 0, 0, 50, 100);
            memory_tier_put(tier, &key, value);
            cache_value_unref(value);
            assert_int_equal(memory_tier_stats(tier).entries, 1 - more);
            assert_int_equal(memory_tier_stats(tier).refused, more);
        }
        memory_tier_free(tier);
    }
    assert_int_equal(memory_tier_max_value_bytes(0), 0);
}

static void a_value_too_large_still_ends_the_older_one_of_its_key(void **state)
{
    (void)state;
    struct memory_tier *tier = memory_tier_new(MB);
    put(tier, 1, 100, 100);
    put(tier, 1, MB, 100);
    assert_false(has(tier, 1, 0));
    memory_tier_free(tier);
}

static void a_tier_without_a_budget_holds_nothing(void **state)
{
    (void)state;
    struct memory_tier *tier = memory_tier_new(0);
    put(tier, 1, 0, 100);
    assert_false(has(tier, 1, 0));
    assert_int_equal(memory_tier_stats(tier).refused, 1);
    memory_tier_free(tier);
    memory_tier_free(NULL);
}

struct hammer {
    struct memory_tier *tier;
    unsigned seed;
    unsigned wrong, hits;
};

/* Gets, puts and removes of the same few keys, in an order of its own. */
static void *hammer(void *arg)
{
    struct hammer *me = arg;
    uint64_t random = me->seed;
    for (int64_t round = 0; round < ROUNDS; round++) {
        random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        const unsigned number = random >> 40 & (KEYS - 1), what = random >> 60;
        struct key_text text;
        struct cache_key key = key_of(&text, number);
        if (what == 0) {
            memory_tier_remove(me->tier, &key);
        } else if (what < 5) {
            put(me->tier, number, random >> 48 & 0x7ff, round + 1000);
        } else {
            struct cache_value *value = memory_tier_get(me->tier, &key, round);
            me->hits += value != NULL;
            me->wrong += value != NULL && value->len > 0 && value->bytes[value->len - 1] != (number & 0xff);
            cache_value_unref(value);
        }
    }
    return NULL;
}

static void many_threads_get_their_own_keys_values_and_the_budget_holds(void **state)
{
    (void)state;
    const size_t budget = 160 * 1024; /* too little for all keys, so that there are evictions too */
    struct memory_tier *tier = memory_tier_new(budget);
    struct hammer hammers[THREADS];
    pthread_t threads[THREADS];
    for (unsigned i = 0; i < THREADS; i++) {
        hammers[i] = (struct hammer){.tier = tier, .seed = i + 1};
        assert_int_equal(pthread_create(&threads[i], NULL, hammer, &hammers[i]), 0);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(hammers[i].wrong, 0);
        assert_true(hammers[i].hits > 0);
    }
    struct memory_stats stats = memory_tier_stats(tier);
    assert_true(stats.evictions > 0);
    assert_true(stats.bytes <= budget);
    const struct memory_stats empty = {0};
    for (unsigned number = 0; number < KEYS; number++) {
        struct key_text text;
        struct cache_key key = key_of(&text, number);
        memory_tier_remove(tier, &key);
    }
    assert_int_equal(memory_tier_stats(tier).entries, empty.entries);
    memory_tier_free(tier);
}

static void put_one(struct memory_tier *tier, char kind, unsigned number, bool is_guest)
{
    char text[32];
    struct cache_key key = {text, (size_t)snprintf(text, sizeof(text), "%c %u", kind, number)};
    struct cache_value *value = cache_value_new(10000, 0, 1000, 2000, 3000);
    memset(value->bytes, 'x', value->len);
    value->is_guest = is_guest;
    memory_tier_put(tier, &key, value);
    cache_value_unref(value);
}

static unsigned count(struct memory_tier *tier, char kind, unsigned n)
{
    unsigned found = 0;
    for (unsigned i = 0; i < n; i++) {
        char text[32];
        struct cache_key key = {text, (size_t)snprintf(text, sizeof(text), "%c %u", kind, i)};
        struct cache_value *value = memory_tier_get(tier, &key, 1500);
        found += value != NULL;
        cache_value_unref(value);
    }
    return found;
}

static void guests_push_out_a_quarter_of_the_others_at_most(void **state)
{
    (void)state;
    struct memory_tier *tier = memory_tier_new(8 * MB);
    for (unsigned i = 0; i < 2000; i++) /* it is full */
        put_one(tier, 'r', i, false);
    unsigned before = count(tier, 'r', 2000);
    for (unsigned i = 0; i < 10000; i++)
        put_one(tier, 'g', i, true);
    assert_true(count(tier, 'r', 2000) >= before * 7 / 10);
    assert_true(count(tier, 'g', 10000) > before / 10); /* and they are no less welcome up to there */
    for (unsigned i = 0; i < 2000; i++)
        put_one(tier, 's', i, false);
    assert_true(count(tier, 's', 2000) >= before * 6 / 10);
    memory_tier_free(tier);
}

static void guests_alone_may_have_all_the_room(void **state)
{
    (void)state;
    struct memory_tier *tier = memory_tier_new(8 * MB);
    for (unsigned i = 0; i < 10000; i++)
        put_one(tier, 'g', i, true);
    assert_true(memory_tier_stats(tier).bytes > 6 * MB);
    assert_true(memory_tier_stats(tier).bytes <= 8 * MB);
    memory_tier_free(tier);
}

/* With memory_mb = 86401 the service took half a minute to end. */
static void the_end_of_a_large_tier_does_not_read_its_tables(void **state)
{
    (void)state;
#ifdef __SANITIZE_THREAD__
    skip(); /* it touches pages of its own for what is freed */
#endif
    struct memory_tier *tier = memory_tier_new(8192 * MB); /* 128 MB of tables: 32,768 pages */
    struct rusage before, after;
    put(tier, 1, 100, 100);
    getrusage(RUSAGE_SELF, &before);
    memory_tier_free(tier);
    getrusage(RUSAGE_SELF, &after);
    assert_in_range(after.ru_minflt - before.ru_minflt, 0, 10000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_put_is_given_out_fresh_and_stale_but_not_gone),
        cmocka_unit_test(a_value_outlives_its_place_in_the_tier),
        cmocka_unit_test(a_put_takes_the_place_of_what_was_there),
        cmocka_unit_test(removed_is_gone_and_nothing_else_is),
        cmocka_unit_test(keys_are_compared_whole),
        cmocka_unit_test(the_budget_is_kept_whatever_the_size_of_values),
        cmocka_unit_test(what_is_used_stays_and_what_is_not_goes),
        cmocka_unit_test(a_value_too_large_is_refused_and_evicts_nothing),
        cmocka_unit_test(the_default_budget_keeps_the_largest_document_with_its_encodings),
        cmocka_unit_test(the_largest_value_is_kept_under_the_longest_key_and_one_byte_more_is_not),
        cmocka_unit_test(a_value_too_large_still_ends_the_older_one_of_its_key),
        cmocka_unit_test(a_tier_without_a_budget_holds_nothing),
        cmocka_unit_test(many_threads_get_their_own_keys_values_and_the_budget_holds),
        cmocka_unit_test(guests_push_out_a_quarter_of_the_others_at_most),
        cmocka_unit_test(guests_alone_may_have_all_the_room),
        cmocka_unit_test(the_end_of_a_large_tier_does_not_read_its_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
