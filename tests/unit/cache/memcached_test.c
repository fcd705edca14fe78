/* Tests of cache/memcached.c with a healthy memcached; memcached_trouble_test.c has the others. */
#include "real_memcached.h"

#include "cache/entry.h"

struct fixture {
    struct real_memcached server;
    struct memcached_tier *tier;
};

static struct memcached_tier *healthy_tier(const char *servers)
{
    const char *why = NULL;
    struct memcached_tier *tier = memcached_tier_new(&(struct memcached_options){.servers = servers,
                                                                                 .threads = 2,
                                                                                 .timeout_ms = 5000,
                                                                                 .probe_ms = 100,
                                                                                 .max_queue = 1000,
                                                                                 .max_value_bytes = 4u << 20},
                                                     &why);
    assert_non_null(tier);
    assert_null(why);
    return tier;
}

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    real_memcached_start(&fixture->server);
    fixture->tier = healthy_tier(fixture->server.socket);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    memcached_tier_free(fixture->tier);
    real_memcached_end(&fixture->server);
    free(fixture);
    return 0;
}

static void what_was_put_comes_back_as_it_was(void **state)
{
    struct fixture *fixture = *state;
    struct question question;
    question_init(&question, 1, 1);
    struct cache_value *value = cache_value_new(5, 404, NOW_S - 10, NOW_S + 10, NOW_S + 100);
    memcpy(value->bytes, "a\0b\r\n", 5);
    memcached_tier_put(fixture->tier, &question.items[0].key, value, NOW_S);
    WAIT_UNTIL(memcached_tier_stats(fixture->tier).puts == 1);
    cache_value_unref(value);

    assert_true(memcached_tier_get(fixture->tier, &question.batch, NOW_S));
    WAIT_UNTIL(question.done == 1);
    struct cache_value *found = question.items[0].value;
    assert_non_null(found);
    assert_int_equal(found->len, 5);
    assert_memory_equal(found->bytes, "a\0b\r\n", 5);
    assert_int_equal(found->status, 404);
    assert_int_equal(found->stored_s, NOW_S - 10);
    assert_int_equal(found->fresh_until_s, NOW_S + 10);
    assert_int_equal(found->keep_until_s, NOW_S + 100);
    question_clear(&question);
}

static void one_batch_gets_hits_and_misses_of_more_keys_than_one_request_holds(void **state)
{
    struct fixture *fixture = *state;
    for (unsigned i = 0; i < 250; i += 2)
        store(fixture->tier, i, 1, NOW_S, HOUR_S);
    struct question question;
    question_init(&question, 0, 250);
    assert_true(memcached_tier_get(fixture->tier, &question.batch, NOW_S));
    WAIT_UNTIL(question.done == 1);
    for (unsigned i = 0; i < 250; i++) {
        assert_int_equal(question.items[i].value != NULL, i % 2 == 0);
        assert_true(question.items[i].is_answered);
    }
    question_clear(&question);
    struct memcached_stats stats = memcached_tier_stats(fixture->tier);
    assert_int_equal(stats.gets, 250);
    assert_int_equal(stats.hits, 125);
    assert_int_equal(stats.puts, 125);
    assert_int_equal(stats.failures, 0);
}

static void a_key_asked_for_twice_is_answered_twice(void **state)
{
    struct fixture *fixture = *state;
    store(fixture->tier, 7, 1, NOW_S, HOUR_S);
    struct question question;
    question_init(&question, 7, 3);
    question.items[2].key = question.items[0].key;
    assert_true(memcached_tier_get(fixture->tier, &question.batch, NOW_S));
    WAIT_UNTIL(question.done == 1);
    assert_non_null(question.items[0].value);
    assert_null(question.items[1].value);
    assert_non_null(question.items[2].value);
    question_clear(&question);
}

static void an_empty_value_is_a_hit(void **state)
{
    struct fixture *fixture = *state;
    struct key_text text;
    struct cache_key key = key_of(&text, 1);
    struct cache_value *value = value_of("", NOW_S, NOW_S + HOUR_S);
    memcached_tier_put(fixture->tier, &key, value, NOW_S);
    cache_value_unref(value);
    WAIT_UNTIL(memcached_tier_stats(fixture->tier).puts == 1);
    assert_int_equal(count_hits(fixture->tier, 1, 1, NOW_S), 1);
}

static void what_is_gone_by_now_is_a_miss_and_not_stored(void **state)
{
    struct fixture *fixture = *state;
    store(fixture->tier, 1, 1, NOW_S, HOUR_S);
    assert_int_equal(count_hits(fixture->tier, 1, 1, NOW_S + HOUR_S - 1), 1);
    assert_int_equal(count_hits(fixture->tier, 1, 1, NOW_S + HOUR_S), 0);

    struct key_text text;
    struct cache_key key = key_of(&text, 2);
    struct cache_value *value = value_of("late", NOW_S, NOW_S + 10);
    memcached_tier_put(fixture->tier, &key, value, NOW_S + 10);
    cache_value_unref(value);
    store(fixture->tier, 3, 1, NOW_S, HOUR_S); /* puts keep their order */
    assert_int_equal(memcached_tier_stats(fixture->tier).puts, 2);
    assert_int_equal(count_hits(fixture->tier, 2, 1, NOW_S), 0);
}

static void a_life_longer_than_memcacheds_longest_is_cut_not_lost(void **state)
{
    struct fixture *fixture = *state;
    store(fixture->tier, 1, 1, NOW_S, 60 * 86400);
    assert_int_equal(count_hits(fixture->tier, 1, 1, NOW_S), 1);
}

static void what_others_wrote_under_our_name_is_a_miss(void **state)
{
    struct fixture *fixture = *state;
    struct key_text text, other_text;
    const struct cache_key key = key_of(&text, 1), other = key_of(&other_text, 2);
    char wire[CACHE_KEY_WIRE_BYTES];
    cache_key_wire(&key, wire);

    struct cache_value *value = value_of("value", NOW_S, NOW_S + HOUR_S);
    uint8_t entry[256] = {0};
    const size_t size = entry_size(&key, value);
    assert_true(size <= sizeof(entry));
    static const char garbage[] = "garbage";
    real_memcached_store(&fixture->server, wire, garbage, sizeof(garbage));
    assert_int_equal(count_hits(fixture->tier, 1, 1, NOW_S), 0);
    real_memcached_store(&fixture->server, wire, "", 0);
    assert_int_equal(count_hits(fixture->tier, 1, 1, NOW_S), 0);
    entry_write(&other, value, entry);
    real_memcached_store(&fixture->server, wire, entry, size);
    assert_int_equal(count_hits(fixture->tier, 1, 1, NOW_S), 0);
    entry_write(&key, value, entry);
    real_memcached_store(&fixture->server, wire, entry, size - 1);
    assert_int_equal(count_hits(fixture->tier, 1, 1, NOW_S), 0);
    real_memcached_store(&fixture->server, wire, entry, size);
    assert_int_equal(count_hits(fixture->tier, 1, 1, NOW_S), 1);
    cache_value_unref(value);
    assert_int_equal(memcached_tier_stats(fixture->tier).failures, 0);
}

static void tiers_of_different_spaces_share_nothing(void **state)
{
    struct fixture *fixture = *state;
    const char *why = NULL;
    struct memcached_options options = {.servers = fixture->server.socket,
                                        .threads = 1,
                                        .timeout_ms = 1000,
                                        .probe_ms = 100,
                                        .max_queue = 100,
                                        .max_value_bytes = 1000,
                                        .space = "https://one.example 60"};
    struct memcached_tier *one = memcached_tier_new(&options, &why);
    options.space = "https://two.example 60";
    struct memcached_tier *two = memcached_tier_new(&options, &why);
    assert_non_null(one);
    assert_non_null(two);
    store(one, 1, 1, NOW_S, HOUR_S);
    assert_int_equal(count_hits(one, 1, 1, NOW_S), 1);
    assert_int_equal(count_hits(two, 1, 1, NOW_S), 0);
    assert_int_equal(count_hits(fixture->tier, 1, 1, NOW_S), 0);
    memcached_tier_free(one);
    memcached_tier_free(two);
}

static void values_too_large_are_dropped_and_harm_nobody(void **state)
{
    struct fixture *fixture = *state;
    struct key_text text;
    struct cache_key key = key_of(&text, 1);
    static const size_t lens[] = {2u << 20 /* more than the server takes */,
                                  4u << 20 /* more than the tier does */};
    for (size_t i = 0; i < 2; i++) {
        struct cache_value *value = cache_value_new(lens[i], 0, NOW_S, NOW_S + 1, NOW_S + HOUR_S);
        memset(value->bytes, 'x', lens[i]);
        memcached_tier_put(fixture->tier, &key, value, NOW_S);
        cache_value_unref(value);
    }
    assert_int_equal(memcached_tier_stats(fixture->tier).dropped, 1);
    store(fixture->tier, 2, 1, NOW_S, HOUR_S);
    assert_int_equal(count_hits(fixture->tier, 1, 2, NOW_S), 1);
    struct memcached_stats stats = memcached_tier_stats(fixture->tier);
    assert_int_equal(stats.puts, 1);
    assert_int_equal(stats.failures, 0);
    assert_int_equal(stats.breaker_opened, 0);
}

static void a_value_of_nearly_a_megabyte_comes_back_whole(void **state)
{
    struct fixture *fixture = *state;
    const size_t len = 1000000;
    struct question question;
    question_init(&question, 1, 1);
    struct cache_value *value = cache_value_new(len, 0, NOW_S, NOW_S + 1, NOW_S + HOUR_S);
    for (size_t i = 0; i < len; i++)
        value->bytes[i] = (uint8_t)(i % 251);
    memcached_tier_put(fixture->tier, &question.items[0].key, value, NOW_S);
    WAIT_UNTIL(memcached_tier_stats(fixture->tier).puts == 1);
    assert_true(memcached_tier_get(fixture->tier, &question.batch, NOW_S));
    WAIT_UNTIL(question.done == 1);
    assert_non_null(question.items[0].value);
    assert_int_equal(question.items[0].value->len, len);
    assert_memory_equal(question.items[0].value->bytes, value->bytes, len);
    question_clear(&question);
    cache_value_unref(value);
}

/* The number of the lock; 0: somebody else has it. */
static uint64_t take_lock(struct memcached_tier *tier, const struct cache_key *key, unsigned life_s)
{
    struct lock_answer answer = {0};
    const uint64_t number = memcached_tier_lock(tier, key, life_s, on_lock, &answer);
    assert_true(number > 0);
    WAIT_UNTIL(answer.done == 1);
    return answer.taken == 1 ? number : 0;
}

static void a_lock_is_held_by_one_of_many_instances_until_it_is_let_go(void **state)
{
    struct fixture *fixture = *state;
    struct memcached_tier *other = healthy_tier(fixture->server.socket);
    struct key_text text;
    struct cache_key key = key_of(&text, 1);
    const uint64_t number = take_lock(fixture->tier, &key, 1000);
    assert_true(number > 0);
    assert_int_equal(take_lock(other, &key, 1000), 0);
    assert_int_equal(take_lock(fixture->tier, &key, 1000), 0);
    memcached_tier_unlock(fixture->tier, &key, number);
    WAIT_UNTIL(take_lock(other, &key, 1000) > 0);
    assert_int_equal(take_lock(fixture->tier, &key, 1000), 0);
    assert_int_equal(memcached_tier_stats(fixture->tier).failures, 0);
    memcached_tier_free(other);
}

static void a_lock_ends_with_its_life(void **state)
{
    struct fixture *fixture = *state;
    struct key_text text;
    struct cache_key key = key_of(&text, 1);
    assert_true(take_lock(fixture->tier, &key, 1) > 0);
    WAIT_UNTIL(take_lock(fixture->tier, &key, 1000) > 0);
}

/* A slow instance let go of what another had taken since, and a third asked upstream too. */
static void a_lock_is_let_go_by_nobody_but_its_owner(void **state)
{
    struct fixture *fixture = *state;
    struct memcached_tier *other = healthy_tier(fixture->server.socket);
    struct key_text text;
    struct cache_key key = key_of(&text, 1);
    const uint64_t ended = take_lock(fixture->tier, &key, 1);
    WAIT_UNTIL(take_lock(other, &key, 1000) > 0);
    for (uint64_t number = ended; number < ended + 4; number++)
        memcached_tier_unlock(fixture->tier, &key, number);
    store(fixture->tier, 1, 1, NOW_S, HOUR_S); /* after the unlocks, in order */
    assert_int_equal(take_lock(fixture->tier, &key, 1000), 0);
    assert_int_equal(memcached_tier_stats(fixture->tier).failures, 0);
    memcached_tier_free(other);
}

static void a_lock_and_a_value_of_one_key_do_not_meet(void **state)
{
    struct fixture *fixture = *state;
    struct key_text text;
    struct cache_key key = key_of(&text, 1);
    store(fixture->tier, 1, 1, NOW_S, HOUR_S);
    const uint64_t number = take_lock(fixture->tier, &key, 1000);
    assert_int_equal(count_hits(fixture->tier, 1, 1, NOW_S), 1);
    memcached_tier_unlock(fixture->tier, &key, number);
    store(fixture->tier, 2, 1, NOW_S, HOUR_S); /* after the unlock, in order */
    assert_int_equal(count_hits(fixture->tier, 1, 1, NOW_S), 1);
}

static void an_empty_batch_is_not_started(void **state)
{
    struct fixture *fixture = *state;
    struct question question;
    question_init(&question, 0, 0);
    assert_false(memcached_tier_get(fixture->tier, &question.batch, NOW_S));
    assert_int_equal(question.done, 0);
}

static void what_is_queued_is_done_before_the_end(void **state)
{
    struct fixture *fixture = *state;
    static struct question questions[50];
    struct memcached_tier *tier = healthy_tier(fixture->server.socket);
    store(tier, 0, 10, NOW_S, HOUR_S);
    for (size_t i = 0; i < 50; i++) {
        question_init(&questions[i], 0, 10);
        assert_true(memcached_tier_get(tier, &questions[i].batch, NOW_S));
    }
    struct key_text text;
    struct cache_key key = key_of(&text, 77);
    struct cache_value *value = value_of("last", NOW_S, NOW_S + HOUR_S);
    memcached_tier_put(tier, &key, value, NOW_S);
    memcached_tier_free(tier);
    assert_int_equal(atomic_load(&value->refs), 1);
    cache_value_unref(value);
    for (size_t i = 0; i < 50; i++) {
        assert_int_equal(questions[i].done, 1);
        assert_int_equal(question_hits(&questions[i]), 10);
        question_clear(&questions[i]);
    }
    assert_int_equal(count_hits(fixture->tier, 77, 1, NOW_S), 1);
}

static void settings_that_make_no_sense_are_refused_with_a_reason(void **state)
{
    (void)state;
    static const struct memcached_options wrong[] = {
        {.servers = "", .threads = 2, .timeout_ms = 50},
        {.servers = "host:no", .threads = 2, .timeout_ms = 50},
        {.servers = "/a.sock", .threads = 0, .timeout_ms = 50},
        {.servers = "/a.sock", .threads = 1000, .timeout_ms = 50},
        {.servers = "/a.sock", .threads = 2, .timeout_ms = 0},
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        const char *why = NULL;
        assert_null(memcached_tier_new(&wrong[i], &why));
        assert_non_null(why);
    }
    memcached_tier_free(NULL);
}

int main(void)
{
#define WITH_SERVER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        WITH_SERVER(what_was_put_comes_back_as_it_was),
        WITH_SERVER(one_batch_gets_hits_and_misses_of_more_keys_than_one_request_holds),
        WITH_SERVER(a_key_asked_for_twice_is_answered_twice),
        WITH_SERVER(an_empty_value_is_a_hit),
        WITH_SERVER(what_is_gone_by_now_is_a_miss_and_not_stored),
        WITH_SERVER(a_life_longer_than_memcacheds_longest_is_cut_not_lost),
        WITH_SERVER(what_others_wrote_under_our_name_is_a_miss),
        WITH_SERVER(tiers_of_different_spaces_share_nothing),
        WITH_SERVER(values_too_large_are_dropped_and_harm_nobody),
        WITH_SERVER(a_value_of_nearly_a_megabyte_comes_back_whole),
        WITH_SERVER(a_lock_is_held_by_one_of_many_instances_until_it_is_let_go),
        WITH_SERVER(a_lock_ends_with_its_life),
        WITH_SERVER(a_lock_is_let_go_by_nobody_but_its_owner),
        WITH_SERVER(a_lock_and_a_value_of_one_key_do_not_meet),
        WITH_SERVER(an_empty_batch_is_not_started),
        WITH_SERVER(what_is_queued_is_done_before_the_end),
        cmocka_unit_test(settings_that_make_no_sense_are_refused_with_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
