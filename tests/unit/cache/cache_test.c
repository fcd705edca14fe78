/* Tests of cache/cache.c: the stack, with a real memcached behind. */
#include "cache/cache.h"

#include "real_memcached.h"

struct fixture {
    struct real_memcached server;
    struct cache *cache;
};

static struct cache *cache_with(const char *servers)
{
    const char *why = NULL;
    const struct memcached_options memcached = {.servers = servers,
                                                .threads = 2,
                                                .timeout_ms = 5000,
                                                .probe_ms = 60000,
                                                .max_queue = 1000,
                                                .max_value_bytes = 1u << 20};
    struct cache *cache =
        cache_new(&(struct cache_options){.memory_bytes = 1u << 20, .memcached = &memcached}, &why);
    assert_non_null(cache);
    return cache;
}

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    real_memcached_start(&fixture->server);
    fixture->cache = cache_with(fixture->server.socket);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    cache_free(fixture->cache);
    real_memcached_end(&fixture->server);
    free(fixture);
    return 0;
}

static void put(struct cache *cache, const struct cache_key *key, const char *text, int64_t stored_s)
{
    const bool stored = cache_memcached(cache) != NULL;
    const uint64_t before = stored ? memcached_tier_stats(cache_memcached(cache)).puts : 0;
    struct cache_value *value = value_of(text, stored_s, stored_s + HOUR_S);
    cache_put(cache, key, value, NOW_S);
    cache_value_unref(value);
    if (stored)
        WAIT_UNTIL(memcached_tier_stats(cache_memcached(cache)).puts == before + 1);
}

static void assert_peek(struct cache *cache, const struct cache_key *key, const char *text)
{
    struct cache_value *value = cache_peek(cache, key, NOW_S);
    assert_non_null(value);
    assert_int_equal(value->len, strlen(text));
    assert_memory_equal(value->bytes, text, value->len);
    cache_value_unref(value);
}

static void what_was_put_is_seen_at_once(void **state)
{
    struct fixture *fixture = *state;
    struct key_text text;
    struct cache_key key = key_of(&text, 1);
    assert_null(cache_peek(fixture->cache, &key, NOW_S));
    put(fixture->cache, &key, "value", NOW_S);
    assert_peek(fixture->cache, &key, "value");
    assert_int_equal(cache_memory_stats(fixture->cache).entries, 1);
    assert_null(cache_peek(fixture->cache, &key, NOW_S + HOUR_S));
}

static void what_one_instance_put_another_gets_and_then_has(void **state)
{
    struct fixture *fixture = *state;
    struct cache *other = cache_with(fixture->server.socket);
    struct question question;
    question_init(&question, 1, 2);
    put(other, &question.items[0].key, "from afar", NOW_S);

    assert_null(cache_peek(fixture->cache, &question.items[0].key, NOW_S));
    assert_true(cache_get(fixture->cache, &question.batch, NOW_S));
    WAIT_UNTIL(question.done == 1);
    assert_non_null(question.items[0].value);
    assert_null(question.items[1].value);
    assert_ptr_equal(question.batch.on_done, on_answered);
    assert_peek(fixture->cache, &question.items[0].key, "from afar");
    assert_null(cache_peek(fixture->cache, &question.items[1].key, NOW_S));
    question_clear(&question);
    cache_free(other);
}

static void what_memcached_finds_does_not_displace_what_is_as_new(void **state)
{
    struct fixture *fixture = *state;
    struct cache *other = cache_with(fixture->server.socket);
    struct question question;
    question_init(&question, 1, 1);
    const struct cache_key *key = &question.items[0].key;
    put(fixture->cache, key, "newer", NOW_S);
    put(other, key, "older", NOW_S - 1);
    assert_true(cache_get(fixture->cache, &question.batch, NOW_S));
    WAIT_UNTIL(question.done == 1);
    assert_peek(fixture->cache, key, "newer");
    question_clear(&question);

    put(other, key, "newest", NOW_S + 1);
    question_init(&question, 1, 1);
    assert_true(cache_get(fixture->cache, &question.batch, NOW_S));
    WAIT_UNTIL(question.done == 1);
    assert_peek(fixture->cache, key, "newest");
    question_clear(&question);
    cache_free(other);
}

/* It was newer by its own time: clients got it, stale, until it ran out. */
static void a_copy_from_the_future_gives_way_to_a_fresh_one_and_not_the_reverse(void **state)
{
    struct fixture *fixture = *state;
    struct cache *other = cache_with(fixture->server.socket);
    struct question question;
    question_init(&question, 1, 2);
    const struct cache_key *key = &question.items[0].key, *other_key = &question.items[1].key;
    put(fixture->cache, key, "from the future", NOW_S + HOUR_S);
    put(other, key, "fresh", NOW_S);
    put(fixture->cache, other_key, "fresh", NOW_S);
    put(other, other_key, "from the future", NOW_S + HOUR_S);
    assert_true(cache_get(fixture->cache, &question.batch, NOW_S));
    WAIT_UNTIL(question.done == 1);
    assert_int_equal(question_hits(&question), 2);
    assert_peek(fixture->cache, key, "fresh");
    assert_peek(fixture->cache, other_key, "fresh");
    question_clear(&question);
    cache_free(other);
}

static void without_memcached_memory_serves_alone(void **state)
{
    (void)state;
    const char *why = NULL;
    struct cache *cache = cache_new(&(struct cache_options){.memory_bytes = 1u << 20}, &why);
    assert_non_null(cache);
    assert_null(cache_memcached(cache));
    struct question question;
    question_init(&question, 1, 1);
    put(cache, &question.items[0].key, "value", NOW_S);
    assert_peek(cache, &question.items[0].key, "value");
    assert_false(cache_get(cache, &question.batch, NOW_S));
    assert_null(question.items[0].value);
    assert_int_equal(question.done, 0);
    cache_free(cache);
}

static void with_memcached_down_memory_serves_alone(void **state)
{
    struct fixture *fixture = *state;
    real_memcached_kill(&fixture->server);
    struct question question;
    question_init(&question, 1, 1);
    struct cache_value *value = value_of("value", NOW_S, NOW_S + HOUR_S);
    cache_put(fixture->cache, &question.items[0].key, value, NOW_S);
    WAIT_UNTIL(memcached_tier_stats(cache_memcached(fixture->cache)).servers_down == 1);
    assert_peek(fixture->cache, &question.items[0].key, "value");
    assert_false(cache_get(fixture->cache, &question.batch, NOW_S));
    assert_ptr_equal(question.batch.on_done, on_answered);
    cache_value_unref(value);
}

static void a_server_list_that_is_wrong_is_refused_with_a_reason(void **state)
{
    (void)state;
    const char *why = NULL;
    const struct memcached_options wrong = {.servers = "host:port", .threads = 2, .timeout_ms = 50};
    assert_null(cache_new(&(struct cache_options){.memory_bytes = 1u << 20, .memcached = &wrong}, &why));
    assert_non_null(why);
    cache_free(NULL);
}

/* ---- what is forgotten, by all that share a memcached ---- */

static uint64_t n_puts(struct cache *cache)
{
    return memcached_tier_stats(cache_memcached(cache)).puts;
}

#define LATER_S (NOW_S + 11) /* when it is time for another look */

static void look(struct cache *cache, int64_t now_s)
{
    cache_learn_purges(cache, now_s);
    cache_wait_for_purges(cache, PATIENCE_MS);
}

/* Until memcached knows of it. */
static void purge(struct cache *cache, const char *number)
{
    const uint64_t before = n_puts(cache);
    cache_purge(cache, "number", number, NOW_S);
    WAIT_UNTIL(n_puts(cache) == before + 1);
}

/* How many of these two keys come from memcached. */
static size_t get(struct cache *cache, unsigned first)
{
    struct question question;
    question_init(&question, first, 2);
    assert_true(cache_get(cache, &question.batch, NOW_S));
    WAIT_UNTIL(question.done == 1);
    size_t hits = question_hits(&question);
    question_clear(&question);
    return hits;
}

static void what_one_instance_forgets_the_others_forget_when_it_is_time_to_look(void **state)
{
    struct fixture *fixture = *state;
    struct cache *other = cache_with(fixture->server.socket);
    struct key_text text;
    struct cache_key key = key_of(&text, 1);
    put(fixture->cache, &key, "value", NOW_S);
    look(other, NOW_S);
    assert_int_equal(get(other, 1), 1);
    assert_peek(other, &key, "value");
    purge(fixture->cache, "1");
    look(other, LATER_S - 2);
    assert_peek(other, &key, "value");
    look(other, LATER_S);
    assert_null(cache_peek(other, &key, NOW_S));
    assert_int_equal(get(other, 1), 0);
    put(fixture->cache, &key, "anew", NOW_S + 1);
    assert_int_equal(get(other, 1), 1);
    look(other, LATER_S + 100);
    assert_peek(other, &key, "anew");
    cache_free(other);
}

/* memcached kept it longer than the instance. */
static void what_is_forgotten_stays_so_after_a_restart(void **state)
{
    struct fixture *fixture = *state;
    struct key_text text;
    struct cache_key key = key_of(&text, 1);
    put(fixture->cache, &key, "value", NOW_S);
    purge(fixture->cache, "1");
    cache_free(fixture->cache);
    fixture->cache = cache_with(fixture->server.socket);
    look(fixture->cache, NOW_S + 1);
    assert_int_equal(get(fixture->cache, 1), 0);
}

static void who_forgets_something_first_asks_what_others_have_forgotten(void **state)
{
    struct fixture *fixture = *state;
    struct cache *second = cache_with(fixture->server.socket), *third = cache_with(fixture->server.socket);
    struct key_text texts[2];
    struct cache_key one = key_of(&texts[0], 1), two = key_of(&texts[1], 2);
    put(fixture->cache, &one, "value", NOW_S);
    put(fixture->cache, &two, "value", NOW_S);
    purge(fixture->cache, "1");
    purge(second, "2");
    look(third, NOW_S);
    assert_int_equal(get(third, 1), 0);
    cache_free(second);
    cache_free(third);
}

static void what_memcached_has_lost_it_is_told_again(void **state)
{
    struct fixture *fixture = *state;
    purge(fixture->cache, "1");
    look(fixture->cache, LATER_S);
    const uint64_t before = n_puts(fixture->cache);
    real_memcached_kill(&fixture->server);
    real_memcached_run(&fixture->server);
    look(fixture->cache, LATER_S + 100);
    WAIT_UNTIL(n_puts(fixture->cache) == before + 1);
    look(fixture->cache, LATER_S + 200); /* and not once more */
    struct cache *other = cache_with(fixture->server.socket);
    struct key_text text;
    struct cache_key key = key_of(&text, 1);
    put(other, &key, "value", NOW_S);
    look(other, LATER_S);
    assert_int_equal(n_puts(fixture->cache), before + 1);
    assert_int_equal(get(other, 1), 0);
    cache_free(other);
}

/* It would have been written over by what one instance alone knows. */
static void a_memcached_that_gives_no_answer_is_told_nothing_and_asked_again(void **state)
{
    struct fixture *fixture = *state;
    purge(fixture->cache, "1");
    real_memcached_kill(&fixture->server);
    look(fixture->cache, LATER_S);
    const uint64_t before = n_puts(fixture->cache);
    cache_purge(fixture->cache, "number", "2", LATER_S);
    cache_wait_for_purges(fixture->cache, PATIENCE_MS);
    assert_int_equal(n_puts(fixture->cache), before);
    assert_int_equal(memcached_tier_stats(cache_memcached(fixture->cache)).servers_down, 1);
}

/* With two servers a look at one of them ends while the other one is freed already. */
static void the_end_comes_while_others_are_looked_up(void **state)
{
    struct real_memcached one, other;
    char list[200];
    (void)state;
    real_memcached_start(&one);
    real_memcached_start(&other);
    for (unsigned turn = 0; turn < 2; turn++) {
        snprintf(list, sizeof(list), "%s,%s", turn == 0 ? one.socket : other.socket,
                 turn == 0 ? other.socket : one.socket);
        struct cache *cache = cache_with(list);
        real_memcached_freeze(&one);
        real_memcached_freeze(&other);
        cache_purge(cache, "number", "1", NOW_S);
        real_memcached_thaw(&one);
        real_memcached_thaw(&other);
        cache_free(cache);
    }
    real_memcached_end(&one);
    real_memcached_end(&other);
}

int main(void)
{
#define WITH_SERVER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        WITH_SERVER(what_was_put_is_seen_at_once),
        WITH_SERVER(what_one_instance_put_another_gets_and_then_has),
        WITH_SERVER(what_memcached_finds_does_not_displace_what_is_as_new),
        WITH_SERVER(a_copy_from_the_future_gives_way_to_a_fresh_one_and_not_the_reverse),
        cmocka_unit_test(without_memcached_memory_serves_alone),
        WITH_SERVER(with_memcached_down_memory_serves_alone),
        WITH_SERVER(what_one_instance_forgets_the_others_forget_when_it_is_time_to_look),
        WITH_SERVER(what_is_forgotten_stays_so_after_a_restart),
        WITH_SERVER(who_forgets_something_first_asks_what_others_have_forgotten),
        WITH_SERVER(what_memcached_has_lost_it_is_told_again),
        WITH_SERVER(a_memcached_that_gives_no_answer_is_told_nothing_and_asked_again),
        cmocka_unit_test(the_end_comes_while_others_are_looked_up),
        cmocka_unit_test(a_server_list_that_is_wrong_is_refused_with_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
