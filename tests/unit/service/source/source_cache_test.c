/* Tests of service/source/source.c: what it takes from the cache and leaves there, and the last good copy. */
#include "tests/unit/service/stage.h"

#include "tests/unit/service/asker.h"

#define HOUR_S 3600

static struct cache_value *value_of(const char *text, enum problem_kind status, int64_t stored_s,
                                    int64_t fresh_until_s, int64_t keep_until_s)
{
    struct cache_value *value =
        cache_value_new(strlen(text), (uint16_t)status, stored_s, fresh_until_s, keep_until_s);
    memcpy(value->bytes, text, strlen(text));
    return value;
}

/* Leaves an answer in memory that came an hour ago and is fresh and kept for so long from now on. */
static void leave(struct stage *stage, const char *path, const char *name, int64_t fresh_s, int64_t keep_s)
{
    char text[256];
    struct cache_key key = stage_answer_key(stage, path, text);
    struct cache_value *value = value_of(tour_venue(name), PROBLEM_NONE, stage->now_s - HOUR_S,
                                         stage->now_s + fresh_s, stage->now_s + keep_s);
    cache_put(stage->cache, &key, value, stage->now_s);
    cache_value_unref(value);
}

/* The same behind the slow tier, as old as the test says. */
static void hold(struct stage *stage, const char *path, const char *name, int64_t age_s, int64_t fresh_s)
{
    char text[256];
    struct cache_key key = stage_answer_key(stage, path, text);
    struct cache_value *value = value_of(tour_venue(name), PROBLEM_NONE, stage->now_s - age_s,
                                         stage->now_s + fresh_s, stage->now_s + HOUR_S);
    fake_memcached_hold(stage->memcached, &key, value);
    cache_value_unref(value);
}

static bool peek(struct stage *stage, const char *path, int64_t horizon_s, struct source_answer *ret)
{
    bool found = source_peek(stage->source, stage->provider, RESOURCE_EVENTS, path, horizon_s, ret);
    if (found)
        json_decref(ret->body);
    return found;
}

static void only_what_stays_fresh_beyond_the_horizon_is_there_at_once(void **state)
{
    struct stage *stage = *state;
    struct source_answer answer;
    leave(stage, "a", "A", 100, HOUR_S);
    assert_true(peek(stage, "a", stage->now_s, &answer));
    assert_int_equal(answer.fresh_until_s, stage->now_s + 100);
    assert_int_equal(answer.keep_until_s, stage->now_s + HOUR_S);
    assert_false(answer.asked_upstream);
    assert_true(peek(stage, "a", stage->now_s + 99, &answer));
    assert_false(peek(stage, "a", stage->now_s + 100, &answer));
    leave(stage, "stale", "B", 0, HOUR_S);
    assert_false(peek(stage, "stale", stage->now_s, &answer));
    assert_false(peek(stage, "never asked", stage->now_s, &answer));
    assert_int_equal(fake_upstream_asked_in_all(stage->upstream), 0);
}

static void what_is_no_answer_any_more_is_not_there(void **state)
{
    struct stage *stage = *state;
    struct source_answer answer;
    char text[256];
    struct cache_key key = stage_answer_key(stage, "a", text);
    struct cache_value *value =
        value_of("torn {", PROBLEM_NONE, stage->now_s, stage->now_s + 100, stage->now_s + 100);
    cache_put(stage->cache, &key, value, stage->now_s);
    cache_value_unref(value);
    assert_false(peek(stage, "a", stage->now_s, &answer));
}

/* An answer to a question about a venue that holds none. */
#define MISSHAPEN "{\"resultsPage\":{\"status\":\"ok\",\"results\":{}}}"

/* One who asks now, and what he was told. */
static struct asker told(struct stage *stage, const char *path)
{
    static struct asker asker;
    asker = (struct asker){0};
    ask(stage, &asker, path, stage->now_s);
    stage_turn(stage);
    assert_int_equal(asker.told, 1);
    return asker;
}

static void an_answer_of_another_shape_than_its_question_wants_leaves_the_last_good_copy_in_use(void **state)
{
    struct stage *stage = *state;
    struct asker asker = {0}, later = {0};
    leave(stage, "a", "A", -10, HOUR_S);
    ask(stage, &asker, "a", stage->now_s);
    fake_upstream_answer(stage->upstream, "a", 200, MISSHAPEN);
    stage_turn(stage);
    assert_answered(&asker, "A");
    assert_int_equal(asker.answer.trouble, PROBLEM_UPSTREAM_RUBBISH);
    later = told(stage, "a");
    assert_answered(&later, "A");
    assert_int_equal(fake_upstream_asked(stage->upstream, "a"), 1);
}

static void what_nothing_can_be_made_of_is_stale_and_for_a_moment_not_asked_for_again(void **state)
{
    struct stage *stage = *state;
    struct source_answer answer;
    struct asker late = {0};
    leave(stage, "a", "A", HOUR_S, HOUR_S);
    source_reject(stage->source, stage->provider, "a");
    source_reject(stage->source, stage->provider, "never asked");
    assert_false(peek(stage, "a", stage->now_s, &answer));
    struct asker asker = told(stage, "a");
    assert_answered(&asker, "A");
    assert_int_equal(asker.answer.trouble, PROBLEM_UPSTREAM_RUBBISH);
    assert_int_equal(fake_upstream_asked_in_all(stage->upstream), 0);
    stage_sleep(stage, INT64_C(1000) * stage->config->cache.incomplete_fresh_s);
    stage_turn(stage);
    ask(stage, &late, "a", stage->now_s);
    assert_int_equal(fake_upstream_asked(stage->upstream, "a"), 1);
}

/* Each client that asked for the one odd id was a request, and a failure to the breaker of all others. */
static void an_odd_answer_without_a_copy_is_not_asked_for_again_for_a_moment(void **state)
{
    struct stage *stage = *state;
    struct asker first = {0};
    ask(stage, &first, "a", stage->now_s);
    fake_upstream_answer(stage->upstream, "a", 200, MISSHAPEN);
    stage_turn(stage);
    assert_int_equal(first.answer.problem, PROBLEM_UPSTREAM_RUBBISH);
    struct asker next = told(stage, "a");
    assert_int_equal(next.answer.problem, PROBLEM_UPSTREAM_RUBBISH);
    assert_int_equal(next.answer.retry_after_s, stage->config->cache.incomplete_fresh_s);
    assert_int_equal(fake_upstream_asked(stage->upstream, "a"), 1);
}

static void a_page_of_another_server_is_no_answer_and_may_be_over_at_once(void **state)
{
    struct stage *stage = *state;
    struct asker first = {0}, next = {0};
    ask(stage, &first, "a", stage->now_s);
    fake_upstream_answer(stage->upstream, "a", 200, "<html>Back soon</html>");
    stage_turn(stage);
    assert_int_equal(first.answer.problem, PROBLEM_UPSTREAM_RUBBISH);
    ask(stage, &next, "a", stage->now_s);
    fake_upstream_answer(stage->upstream, "a", 200, tour_venue("A"));
    stage_turn(stage);
    assert_answered(&next, "A");
}

static void when_the_upstream_fails_the_last_good_copy_is_the_answer_and_says_so(void **state)
{
    struct stage *stage = *state;
    struct asker asker = {0};
    leave(stage, "a", "Old", -10, HOUR_S);
    ask(stage, &asker, "a", stage->now_s);
    assert_true(fake_upstream_had_copy(stage->upstream, "a"));
    fake_upstream_fail(stage->upstream, "a", PROBLEM_UPSTREAM_SLOW, 7);
    stage_turn(stage);
    assert_answered(&asker, "Old");
    assert_int_equal(asker.answer.trouble, PROBLEM_UPSTREAM_SLOW);
    assert_int_equal(asker.answer.retry_after_s, 7);
    assert_int_equal(asker.answer.fresh_until_s, stage->now_s - 10);
    assert_non_null(asker.answer.why);
    assert_false(asker.answer.asked_upstream);
}

static void a_refused_question_is_answered_with_the_copy_too(void **state)
{
    struct stage *stage = *state;
    struct asker asker = {0};
    leave(stage, "a", "Old", -10, HOUR_S);
    fake_upstream_refuse(stage->upstream, PROBLEM_UPSTREAM_LIMIT, 9);
    ask(stage, &asker, "a", stage->now_s);
    stage_turn(stage);
    assert_answered(&asker, "Old");
    assert_int_equal(asker.answer.trouble, PROBLEM_UPSTREAM_LIMIT);
}

static void a_copy_that_was_only_asked_for_ahead_of_time_is_no_trouble(void **state)
{
    struct stage *stage = *state;
    struct asker asker = {0};
    leave(stage, "a", "Old", 50, HOUR_S);
    ask(stage, &asker, "a", stage->now_s + 100);
    fake_upstream_fail(stage->upstream, "a", PROBLEM_UPSTREAM_ERROR, 0);
    stage_turn(stage);
    assert_answered(&asker, "Old");
    assert_int_equal(asker.answer.trouble, PROBLEM_NONE);
}

static void a_copy_that_may_not_be_kept_any_longer_is_no_answer(void **state)
{
    struct stage *stage = *state;
    struct asker asker = {0};
    leave(stage, "a", "Old", -10, 2);
    ask(stage, &asker, "a", stage->now_s);
    stage_sleep(stage, 2000);
    fake_upstream_fail(stage->upstream, "a", PROBLEM_UPSTREAM_ERROR, 0);
    stage_turn(stage);
    assert_failed(&asker, PROBLEM_UPSTREAM_ERROR);
}

/* What was kept for two hours was kept for the week of the jump as well. */
static void a_copy_from_before_the_clock_was_set_back_is_kept_for_one_life_more(void **state)
{
    struct stage *stage = *state;
    struct asker asker = {0};
    leave(stage, "a", "Old", HOUR_S, HOUR_S);
    stage->now_s -= 7 * 24 * HOUR_S;
    ask(stage, &asker, "a", stage->now_s);
    fake_upstream_fail(stage->upstream, "a", PROBLEM_UPSTREAM_ERROR, 0);
    stage_turn(stage);
    assert_answered(&asker, "Old");
    assert_int_equal(asker.answer.trouble, PROBLEM_UPSTREAM_ERROR);
    assert_int_equal(asker.answer.stored_s, stage->now_s);
    assert_int_equal(asker.answer.keep_until_s, stage->now_s + 2 * HOUR_S);
}

static void assert_absent(struct stage *stage, int64_t after_s, bool is_believed, enum problem_kind trouble)
{
    struct asker asker = {0};
    stage_sleep(stage, 1000 * after_s);
    stage_turn(stage);
    ask(stage, &asker, "a", stage->now_s + 2 * HOUR_S);
    fake_upstream_answer(stage->upstream, "a", 404, "{}");
    stage_turn(stage);
    if (is_believed) {
        assert_failed(&asker, PROBLEM_NOT_FOUND);
    } else {
        assert_answered(&asker, "Old");
        assert_int_equal(asker.answer.trouble, trouble);
    }
}

static void a_good_copy_is_used_until_the_upstream_has_said_for_long_that_there_is_no_such_thing(void **state)
{
    struct stage *stage = *state;
    stage->config->cache.gone_after_s = 100;
    leave(stage, "a", "Old", -10, HOUR_S);
    assert_absent(stage, 0, false, PROBLEM_NOT_FOUND);
    assert_absent(stage, 99, false, PROBLEM_NOT_FOUND);
    assert_absent(stage, 1, true, PROBLEM_NOT_FOUND);
}

static void a_copy_that_is_still_fresh_is_no_trouble(void **state)
{
    struct stage *stage = *state;
    stage->config->cache.gone_after_s = 100;
    leave(stage, "a", "Old", HOUR_S, HOUR_S);
    assert_absent(stage, 0, false, PROBLEM_NONE);
}

static void a_good_answer_in_between_begins_the_time_anew(void **state)
{
    struct stage *stage = *state;
    struct asker asker = {0};
    stage->config->cache.gone_after_s = 100;
    leave(stage, "a", "Old", -10, HOUR_S);
    assert_absent(stage, 0, false, PROBLEM_NOT_FOUND);
    stage_sleep(stage, 50000);
    stage_turn(stage);
    ask(stage, &asker, "a", stage->now_s + 2 * HOUR_S);
    fake_upstream_answer(stage->upstream, "a", 200, "{" TOUR_SHAPE ",\"name\":\"Old\"}");
    stage_turn(stage);
    assert_answered(&asker, "Old");
    assert_absent(stage, 60, false, PROBLEM_NONE);
    assert_absent(stage, 99, false, PROBLEM_NONE);
    assert_absent(stage, 1, true, PROBLEM_NONE);
}

static void that_there_is_no_such_thing_takes_the_place_of_the_copy_for_a_while(void **state)
{
    struct stage *stage = *state;
    struct source_answer answer;
    struct asker asker = {0};
    stage->config->cache.gone_after_s = 0;
    leave(stage, "a", "Old", -10, HOUR_S);
    ask(stage, &asker, "a", stage->now_s);
    fake_upstream_answer(stage->upstream, "a", 404, "{}");
    stage_turn(stage);
    assert_failed(&asker, PROBLEM_NOT_FOUND);

    assert_true(peek(stage, "a", stage->now_s, &answer));
    assert_int_equal(answer.problem, PROBLEM_NOT_FOUND);
    assert_int_equal(answer.keep_until_s, answer.fresh_until_s);
    stage_sleep(stage, (int64_t)(stage->config->cache.not_found_fresh_s - 1) * 1000);
    stage_turn(stage);
    assert_true(peek(stage, "a", stage->now_s, &answer));
    stage_sleep(stage, 1000);
    stage_turn(stage);
    assert_false(peek(stage, "a", stage->now_s, &answer));
}

static void no_absence_is_remembered_longer_than_answers_may_be_kept(void **state)
{
    struct stage *stage = *state;
    struct source_answer answer;
    struct asker asker = {0};
    stage->provider->keep_s = 5;
    ask(stage, &asker, "a", stage->now_s);
    fake_upstream_answer(stage->upstream, "a", 404, "{}");
    stage_turn(stage);
    assert_true(peek(stage, "a", stage->now_s, &answer));
    assert_int_equal(answer.keep_until_s, stage->now_s + 5);
}

static void what_failed_leaves_nothing_in_the_cache(void **state)
{
    struct stage *stage = *state;
    struct source_answer answer;
    struct asker asker = {0};
    ask(stage, &asker, "a", stage->now_s);
    fake_upstream_answer(stage->upstream, "a", 500, "{}");
    stage_turn(stage);
    assert_failed(&asker, PROBLEM_UPSTREAM_ERROR);
    assert_false(peek(stage, "a", stage->now_s, &answer));
    assert_int_equal(cache_memory_stats(stage->cache).entries, 0);
}

static void what_came_together_goes_stale_one_after_the_other_within_a_tenth(void **state)
{
    enum { N = 200 };
    struct stage *stage = *state;
    const int64_t fresh_s = config_fresh_s(stage->provider, RESOURCE_VENUE);
    int64_t shortest_s = INT64_MAX, longest_s = 0;
    for (unsigned i = 0; i < N; i++) {
        struct asker asker = {0};
        char path[32];
        snprintf(path, sizeof(path), "venues/%u", i);
        ask(stage, &asker, path, stage->now_s);
        fake_upstream_answer(stage->upstream, path, 200, tour_venue("A"));
        stage_turn(stage);
        int64_t life_s = asker.answer.fresh_until_s - stage->now_s;
        assert_in_range(life_s, fresh_s - fresh_s / 10, fresh_s);
        assert_int_equal(asker.answer.keep_until_s, stage->now_s + stage->provider->keep_s);
        shortest_s = life_s < shortest_s ? life_s : shortest_s;
        longest_s = life_s > longest_s ? life_s : longest_s;
    }
    assert_true(longest_s - shortest_s > fresh_s / 20);
}

/* ---- with a slow tier ---- */

static void the_slow_tier_is_looked_into_before_the_upstream_is_asked(void **state)
{
    struct stage *stage = *state;
    struct asker there = {0}, not_there = {0};
    hold(stage, "there", "A", 10, 100);
    ask(stage, &there, "there", stage->now_s);
    ask(stage, &not_there, "not there", stage->now_s);
    lookups_flush(stage->lookups, stage->now_ms, stage->now_s);
    assert_int_equal(fake_upstream_asked_in_all(stage->upstream), 0);
    fake_memcached_answer(stage->memcached);
    stage_turn(stage);
    assert_answered(&there, "A");
    assert_false(there.answer.asked_upstream);
    assert_int_equal(fake_upstream_asked(stage->upstream, "there"), 0);
    assert_int_equal(fake_upstream_asked(stage->upstream, "not there"), 1);
    assert_int_equal(not_there.told, 0);
}

static void a_slow_tier_that_is_down_costs_no_answer(void **state)
{
    struct stage *stage = *state;
    struct asker asker = {0};
    fake_memcached_set_down(stage->memcached, true);
    ask(stage, &asker, "a", stage->now_s);
    lookups_flush(stage->lookups, stage->now_ms, stage->now_s);
    stage_turn(stage);
    assert_int_equal(fake_upstream_asked(stage->upstream, "a"), 1);
}

/* What the answer is when memory holds a copy of an hour ago and the slow tier one of another age. */
static const char *copy_of_two(struct stage *stage, int64_t age_s)
{
    static struct asker asker;
    asker = (struct asker){0};
    leave(stage, "a", "memory", -10, HOUR_S);
    hold(stage, "a", "slow tier", age_s, -10);
    ask(stage, &asker, "a", stage->now_s);
    lookups_flush(stage->lookups, stage->now_ms, stage->now_s);
    fake_memcached_answer(stage->memcached);
    stage_turn(stage);
    assert_true(fake_upstream_had_copy(stage->upstream, "a"));
    fake_upstream_fail(stage->upstream, "a", PROBLEM_UPSTREAM_ERROR, 0);
    stage_turn(stage);
    assert_int_equal(asker.answer.trouble, PROBLEM_UPSTREAM_ERROR);
    return asker.name;
}

static void of_two_copies_the_later_one_is_the_last_good(void **state)
{
    assert_string_equal(copy_of_two(*state, HOUR_S + 1), "memory");
}

static void of_two_copies_the_later_one_may_be_in_the_slow_tier(void **state)
{
    assert_string_equal(copy_of_two(*state, HOUR_S - 1), "slow tier");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAGE_TEST(only_what_stays_fresh_beyond_the_horizon_is_there_at_once),
        STAGE_TEST(what_is_no_answer_any_more_is_not_there),
        STAGE_TEST(an_answer_of_another_shape_than_its_question_wants_leaves_the_last_good_copy_in_use),
        STAGE_TEST(what_nothing_can_be_made_of_is_stale_and_for_a_moment_not_asked_for_again),
        STAGE_TEST(an_odd_answer_without_a_copy_is_not_asked_for_again_for_a_moment),
        STAGE_TEST(a_page_of_another_server_is_no_answer_and_may_be_over_at_once),
        STAGE_TEST(when_the_upstream_fails_the_last_good_copy_is_the_answer_and_says_so),
        STAGE_TEST(a_refused_question_is_answered_with_the_copy_too),
        STAGE_TEST(a_copy_that_was_only_asked_for_ahead_of_time_is_no_trouble),
        STAGE_TEST(a_copy_that_may_not_be_kept_any_longer_is_no_answer),
        STAGE_TEST(a_copy_from_before_the_clock_was_set_back_is_kept_for_one_life_more),
        STAGE_TEST(a_good_copy_is_used_until_the_upstream_has_said_for_long_that_there_is_no_such_thing),
        STAGE_TEST(a_copy_that_is_still_fresh_is_no_trouble),
        STAGE_TEST(a_good_answer_in_between_begins_the_time_anew),
        STAGE_TEST(that_there_is_no_such_thing_takes_the_place_of_the_copy_for_a_while),
        STAGE_TEST(no_absence_is_remembered_longer_than_answers_may_be_kept),
        STAGE_TEST(what_failed_leaves_nothing_in_the_cache),
        STAGE_TEST(what_came_together_goes_stale_one_after_the_other_within_a_tenth),
        STAGE_TEST_SLOW(the_slow_tier_is_looked_into_before_the_upstream_is_asked),
        STAGE_TEST_SLOW(a_slow_tier_that_is_down_costs_no_answer),
        STAGE_TEST_SLOW(of_two_copies_the_later_one_is_the_last_good),
        STAGE_TEST_SLOW(of_two_copies_the_later_one_may_be_in_the_slow_tier),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
