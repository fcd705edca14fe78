/* Tests of service/source/store.c: for how long answers, absences and refusals are kept, and that they are
 * kept apart. */
#include "tests/unit/service/stage.h"

#include "service/source/store.h"

#define HOUR_S 3600

static const char body[] = "{\"name\":\"A\"}";

/* Leaves a good answer to "a" and its key's text, which is the caller's. */
static char *leave_answer(struct stage *stage, struct cache_key *ret_key)
{
    char *text = store_key_new(stage->provider, "a", ret_key);
    cache_value_unref(store_answer(stage->cache, stage->provider, RESOURCE_EVENTS, ret_key, body,
                                   strlen(body), stage->now_s));
    return text;
}

static void a_refusal_leaves_the_answer_where_it_is(void **state)
{
    struct stage *stage = *state;
    struct cache_key key;
    char *text = leave_answer(stage, &key);
    store_refusal(stage->cache, stage->config, stage->provider, "a", stage->now_s);
    struct cache_value *value = cache_peek(stage->cache, &key, stage->now_s);
    assert_non_null(value);
    assert_int_equal(value->status, PROBLEM_NONE);
    assert_int_equal(cache_judge(value, stage->now_s), CACHE_FRESH);
    cache_value_unref(value);
    free(text);
}

static void a_refusal_is_of_one_question_and_for_a_while(void **state)
{
    struct stage *stage = *state;
    int64_t for_s = stage->config->cache.incomplete_fresh_s;
    assert_int_equal(store_refused_s(stage->cache, stage->provider, "a", stage->now_s), 0);
    store_refusal(stage->cache, stage->config, stage->provider, "a", stage->now_s);
    assert_int_equal(store_refused_s(stage->cache, stage->provider, "a", stage->now_s), for_s);
    assert_int_equal(store_refused_s(stage->cache, stage->provider, "a", stage->now_s + for_s - 1), 1);
    assert_int_equal(store_refused_s(stage->cache, stage->provider, "b", stage->now_s), 0);
    assert_int_equal(store_refused_s(stage->cache, stage->provider, "a", stage->now_s + for_s), 0);
}

static void nothing_brief_lasts_longer_than_answers_may_be_kept(void **state)
{
    struct stage *stage = *state;
    struct cache_key key;
    char *text = store_key_new(stage->provider, "a", &key);
    stage->config->cache.incomplete_fresh_s = stage->config->cache.not_found_fresh_s = HOUR_S;
    stage->provider->keep_s = 7;
    store_refusal(stage->cache, stage->config, stage->provider, "a", stage->now_s);
    store_absence(stage->cache, stage->config, stage->provider, &key, stage->now_s);
    assert_int_equal(store_refused_s(stage->cache, stage->provider, "a", stage->now_s), 7);
    struct cache_value *absence = cache_peek(stage->cache, &key, stage->now_s);
    assert_int_equal(absence->status, PROBLEM_NOT_FOUND);
    assert_int_equal(absence->keep_until_s, stage->now_s + 7);
    cache_value_unref(absence);
    free(text);
}

static void what_is_made_stale_keeps_its_bytes_and_its_end(void **state)
{
    struct stage *stage = *state;
    struct cache_key key;
    char *text = leave_answer(stage, &key);
    store_as_stale(stage->cache, &key, stage->now_s + 5);
    struct cache_value *value = cache_peek(stage->cache, &key, stage->now_s + 5);
    assert_int_equal(cache_judge(value, stage->now_s + 5), CACHE_STALE);
    assert_int_equal(value->keep_until_s, stage->now_s + stage->provider->keep_s);
    assert_int_equal(value->len, strlen(body));
    assert_memory_equal(value->bytes, body, strlen(body));
    cache_value_unref(value);
    free(text);
}

static void an_absence_is_no_answer_to_be_made_stale(void **state)
{
    struct stage *stage = *state;
    struct cache_key key;
    char *text = store_key_new(stage->provider, "a", &key);
    store_as_stale(stage->cache, &key, stage->now_s);
    assert_null(cache_peek(stage->cache, &key, stage->now_s));
    store_absence(stage->cache, stage->config, stage->provider, &key, stage->now_s);
    store_as_stale(stage->cache, &key, stage->now_s);
    struct cache_value *absence = cache_peek(stage->cache, &key, stage->now_s);
    assert_int_equal(cache_judge(absence, stage->now_s), CACHE_FRESH);
    cache_value_unref(absence);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAGE_TEST(a_refusal_leaves_the_answer_where_it_is),
        STAGE_TEST(a_refusal_is_of_one_question_and_for_a_while),
        STAGE_TEST(nothing_brief_lasts_longer_than_answers_may_be_kept),
        STAGE_TEST(what_is_made_stale_keeps_its_bytes_and_its_end),
        STAGE_TEST(an_absence_is_no_answer_to_be_made_stale),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
