/* The tiers of the cache, with every allocation failing once, and with all failing from one on. The memcached
 * tier has a server that nobody runs, so that its threads, batches and queues come and go without one. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cache/cache.h"
#include "cache/entry.h"
#include "tests/unit/torture/torture.h"

#define NOW_S  1000
#define VALUES 40

struct wait {
    pthread_mutex_t mutex;
    pthread_cond_t arrival;
    bool over;
};

static void on_done(struct memcached_batch *batch)
{
    struct wait *wait = batch->arg;
    pthread_mutex_lock(&wait->mutex);
    wait->over = true;
    pthread_cond_signal(&wait->arrival);
    pthread_mutex_unlock(&wait->mutex);
}

static void ask(struct cache *cache, const struct cache_key *key)
{
    struct wait wait = {.mutex = PTHREAD_MUTEX_INITIALIZER, .arrival = PTHREAD_COND_INITIALIZER};
    struct memcached_item item = {.key = *key};
    struct memcached_batch batch = {.items = &item, .n = 1, .on_done = on_done, .arg = &wait};
    if (!cache_get(cache, &batch, NOW_S))
        return;
    pthread_mutex_lock(&wait.mutex);
    while (!wait.over)
        pthread_cond_wait(&wait.arrival, &wait.mutex);
    pthread_mutex_unlock(&wait.mutex);
    cache_value_unref(item.value);
}

/* What is in memory must be what was put there; the newest must be there. */
static bool put_and_peek(struct cache *cache)
{
    bool right = true, found = false;
    for (int i = 0; i < VALUES; i++) {
        char text[16];
        struct cache_key key = {.text = text, .len = (size_t)snprintf(text, sizeof(text), "key %d", i)};
        struct cache_value *value = cache_value_new(3000, 0, NOW_S, NOW_S + 10, NOW_S + 20);
        memset(value->bytes, 'a' + i % 26, value->len);
        cache_put(cache, &key, value, NOW_S);
        cache_value_unref(value);
        value = cache_peek(cache, &key, NOW_S);
        found = value != NULL;
        right &= value == NULL || (value->len == 3000 && value->bytes[2999] == 'a' + i % 26);
        cache_value_unref(value);
        if (i % 10 == 0)
            ask(cache, &key);
    }
    return right && found;
}

static bool cache_is_right(void)
{
    const struct memcached_options memcached = {.servers = "/nonexistent/memcached.sock",
                                                .threads = 1,
                                                .timeout_ms = 100,
                                                .probe_ms = 1000,
                                                .max_queue = 4,
                                                .max_value_bytes = 100000};
    const char *why = NULL;
    struct cache *cache =
        cache_new(&(struct cache_options){.memory_bytes = 1u << 20, .memcached = &memcached}, &why);
    if (cache == NULL)
        return false;
    bool right = put_and_peek(cache);
    cache_free(cache);
    return right;
}

static bool entry_is_right(void)
{
    struct cache_key key = {.text = "a key", .len = 5};
    struct cache_value *value = cache_value_new(100, 7, NOW_S, NOW_S + 10, NOW_S + 20);
    memset(value->bytes, 'x', value->len);
    size_t size = entry_size(&key, value);
    uint8_t bytes[1024];
    if (size > sizeof(bytes))
        return false;
    entry_write(&key, value, bytes);
    struct cache_value *read = entry_read(&key, bytes, size);
    bool right =
        read != NULL && read->len == 100 && read->status == 7 && memcmp(read->bytes, value->bytes, 100) == 0;
    cache_value_unref(read);
    cache_value_unref(value);
    return right;
}

static void torture(bool (*run)(void), bool for_ever, long least)
{
    char complaint[256];
    if (!TORTURE_POSSIBLE)
        skip();
    assert_true(run());
    long k = torture_sweep(run, for_ever, complaint);
    if (complaint[0] != '\0')
        fail_msg("%s", complaint);
    assert_in_range(k, least, TORTURE_MAX_CALLS);
}

static void an_allocation_that_fails_in_the_tiers_ends_the_program_in_order(void **state)
{
    (void)state;
    torture(cache_is_right, false, 80);
}

static void so_do_all_that_fail_from_one_on(void **state)
{
    (void)state;
    torture(cache_is_right, true, 80);
}

static void an_allocation_that_fails_in_an_entry_ends_the_program_in_order(void **state)
{
    (void)state;
    torture(entry_is_right, false, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_allocation_that_fails_in_the_tiers_ends_the_program_in_order),
        cmocka_unit_test(so_do_all_that_fail_from_one_on),
        cmocka_unit_test(an_allocation_that_fails_in_an_entry_ends_the_program_in_order),
    };
    return cmocka_run_group_tests_name("torture/cache", tests, NULL, NULL);
}
