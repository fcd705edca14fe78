/* Tests of service/source/source.c: who asks, who follows, who is told. What the cache has to do with it:
 * source_cache_test.c. */
#include "tests/unit/service/stage.h"

#include "tests/unit/service/asker.h"

static void however_many_ask_the_upstream_is_asked_once(void **state)
{
    struct stage *stage = *state;
    struct asker askers[5] = {0};
    for (size_t i = 0; i < 5; i++) {
        askers[i].question = i;
        ask(stage, &askers[i], "a", NOW_S);
    }
    assert_int_equal(fake_upstream_asked(stage->upstream, "a"), 1);
    fake_upstream_answer(stage->upstream, "a", 200, tour_venue("Hall"));
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(askers[i].told, 0);
    stage_turn(stage);
    for (size_t i = 0; i < 5; i++) {
        assert_answered(&askers[i], "Hall");
        assert_true(askers[i].answer.asked_upstream);
        assert_int_equal(askers[i].question, i);
    }
}

static void each_path_is_a_question_of_its_own_whatever_order_answers_come_in(void **state)
{
    struct stage *stage = *state;
    struct asker one = {0}, other = {0};
    ask(stage, &one, "a", NOW_S);
    ask(stage, &other, "b", NOW_S);
    fake_upstream_answer(stage->upstream, "b", 200, tour_venue("B"));
    stage_turn(stage);
    assert_int_equal(one.told, 0);
    assert_answered(&other, "B");
    fake_upstream_answer(stage->upstream, "a", 200, tour_venue("A"));
    stage_turn(stage);
    assert_answered(&one, "A");
}

static void whoever_asks_after_the_answer_asks_anew(void **state)
{
    struct stage *stage = *state;
    struct asker first = {0}, second = {0};
    ask(stage, &first, "a", NOW_S);
    fake_upstream_answer(stage->upstream, "a", 200, tour_venue("A"));
    stage_turn(stage);
    ask(stage, &second, "a", NOW_S);
    assert_int_equal(fake_upstream_asked(stage->upstream, "a"), 2);
    assert_true(fake_upstream_had_copy(stage->upstream, "a"));
}

static void one_who_leaves_is_not_told_and_the_others_are(void **state)
{
    struct stage *stage = *state;
    struct asker askers[3] = {0};
    for (size_t left = 0; left < 3; left++) {
        for (size_t i = 0; i < 3; i++) {
            askers[i] = (struct asker){0};
            ask(stage, &askers[i], "a", NOW_S);
        }
        source_forget(askers[left].follower);
        fake_upstream_answer(stage->upstream, "a", 200, tour_venue("A"));
        stage_turn(stage);
        for (size_t i = 0; i < 3; i++)
            assert_int_equal(askers[i].told, i != left);
    }
}

/* Every asker of three, while it is told, makes another one leave who has not been told yet. */
static void one_may_be_made_to_leave_while_others_are_told(void **state)
{
    struct stage *stage = *state;
    for (size_t victim = 0; victim < 3; victim++) {
        struct asker askers[3] = {0};
        unsigned told = 0;
        for (size_t i = 0; i < 3; i++) {
            askers[i].victim = i != victim ? &askers[victim] : NULL;
            ask(stage, &askers[i], "a", NOW_S);
        }
        fake_upstream_answer(stage->upstream, "a", 200, tour_venue("A"));
        stage_turn(stage);
        for (size_t i = 0; i < 3; i++)
            told += askers[i].told;
        assert_int_equal(told, askers[victim].told + 2);
        assert_int_equal(askers[victim].told, !askers[victim].left);
    }
}

static void when_everybody_has_left_the_fetch_runs_to_its_end_and_fills_the_cache(void **state)
{
    struct stage *stage = *state;
    struct asker first = {0}, second = {0};
    struct source_answer answer;
    ask(stage, &first, "a", NOW_S);
    ask(stage, &second, "a", NOW_S);
    source_forget(first.follower);
    source_forget(second.follower);
    assert_false(source_peek(stage->source, stage->provider, RESOURCE_EVENTS, "a", NOW_S, &answer));
    fake_upstream_answer(stage->upstream, "a", 200, tour_venue("A"));
    stage_turn(stage);
    assert_int_equal(first.told + second.told, 0);
    assert_true(source_peek(stage->source, stage->provider, RESOURCE_EVENTS, "a", NOW_S, &answer));
    assert_string_equal(name_in(answer.body), "A");
    json_decref(answer.body);
}

static void whoever_asks_after_all_have_left_joins_the_fetch_that_still_runs(void **state)
{
    struct stage *stage = *state;
    struct asker gone = {0}, late = {0};
    ask(stage, &gone, "a", NOW_S);
    source_forget(gone.follower);
    ask(stage, &late, "a", NOW_S);
    assert_int_equal(fake_upstream_asked(stage->upstream, "a"), 1);
    fake_upstream_answer(stage->upstream, "a", 200, tour_venue("A"));
    stage_turn(stage);
    assert_answered(&late, "A");
}

static void a_refusal_is_handed_out_by_the_next_run_and_not_while_one_asks(void **state)
{
    struct stage *stage = *state;
    struct asker first = {0}, second = {0};
    fake_upstream_refuse(stage->upstream, PROBLEM_UPSTREAM_LIMIT, 30);
    assert_false(source_busy(stage->source));
    ask(stage, &first, "a", NOW_S);
    ask(stage, &second, "a", NOW_S);
    assert_int_equal(first.told + second.told, 0);
    assert_true(source_busy(stage->source));
    source_run(stage->source, stage->now_s);
    assert_failed(&first, PROBLEM_UPSTREAM_LIMIT);
    assert_failed(&second, PROBLEM_UPSTREAM_LIMIT);
    assert_int_equal(first.answer.retry_after_s, 30);
    assert_false(first.answer.asked_upstream);
    assert_non_null(first.answer.why);
    assert_false(source_busy(stage->source));
}

static void what_is_asked_again_when_the_refusal_is_told_waits_for_the_run_after(void **state)
{
    struct stage *stage = *state;
    struct asker asker = {.stage = stage, .ask_again = "a"};
    fake_upstream_refuse(stage->upstream, PROBLEM_UPSTREAM_LIMIT, 1);
    ask(stage, &asker, "a", NOW_S);
    source_run(stage->source, stage->now_s);
    assert_int_equal(asker.told, 1);
    assert_true(source_busy(stage->source));
    source_run(stage->source, stage->now_s);
    assert_int_equal(asker.told, 2);
}

static void what_was_refused_and_left_is_forgotten_without_a_word(void **state)
{
    struct stage *stage = *state;
    struct asker asker = {0};
    fake_upstream_refuse(stage->upstream, PROBLEM_UPSTREAM_LIMIT, 1);
    ask(stage, &asker, "a", NOW_S);
    source_forget(asker.follower);
    source_run(stage->source, stage->now_s);
    assert_int_equal(asker.told, 0);
    fake_upstream_refuse(stage->upstream, PROBLEM_NONE, 0);
    ask(stage, &asker, "a", NOW_S);
    assert_int_equal(fake_upstream_asked(stage->upstream, "a"), 1);
}

static void whoever_asked_is_told_what_the_answer_was_worth(void **state)
{
    struct stage *stage = *state;
    static const struct {
        int status;
        const char *text;
        enum problem_kind problem;
    } cases[] = {{200, "{" TOUR_SHAPE "}", PROBLEM_NONE},   {404, "{}", PROBLEM_NOT_FOUND},
                 {403, "{}", PROBLEM_UPSTREAM_KEY},         {429, "{}", PROBLEM_UPSTREAM_LIMIT},
                 {500, "{}", PROBLEM_UPSTREAM_ERROR},       {200, "<html>", PROBLEM_UPSTREAM_RUBBISH},
                 {200, "{\"a\":", PROBLEM_UPSTREAM_RUBBISH}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct asker asker = {0};
        char path[16] = "a0";
        path[1] = (char)('0' + i);
        ask(stage, &asker, path, NOW_S);
        fake_upstream_answer(stage->upstream, path, cases[i].status, cases[i].text);
        stage_turn(stage);
        assert_int_equal(asker.answer.problem, cases[i].problem);
    }
}

static void what_the_upstream_said_of_coming_back_is_handed_on(void **state)
{
    struct stage *stage = *state;
    struct asker asker = {0};
    ask(stage, &asker, "a", NOW_S);
    fake_upstream_fail(stage->upstream, "a", PROBLEM_UPSTREAM_LIMIT, 17);
    stage_turn(stage);
    assert_failed(&asker, PROBLEM_UPSTREAM_LIMIT);
    assert_int_equal(asker.answer.retry_after_s, 17);
}

static void what_had_to_be_repaired_is_used_and_counted(void **state)
{
    struct stage *stage = *state;
    struct asker asker = {0};
    ask(stage, &asker, "a", NOW_S);
    fake_upstream_answer(stage->upstream, "a", 200, "{" TOUR_SHAPE ",\"name\":\"A\",\"n\":1e999}");
    stage_turn(stage);
    assert_answered(&asker, "A");
    assert_int_equal(stage->stats.answers_repaired, 1);
}

static void the_end_of_the_source_calls_nobody(void **state)
{
    struct stage *stage = *state;
    struct asker asked = {0}, refused = {0};
    ask(stage, &asked, "a", NOW_S);
    fake_upstream_refuse(stage->upstream, PROBLEM_UPSTREAM_LIMIT, 1);
    ask(stage, &refused, "b", NOW_S);
    source_free(stage->source);
    stage->source = NULL;
    assert_int_equal(asked.told + refused.told, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAGE_TEST(however_many_ask_the_upstream_is_asked_once),
        STAGE_TEST(each_path_is_a_question_of_its_own_whatever_order_answers_come_in),
        STAGE_TEST(whoever_asks_after_the_answer_asks_anew),
        STAGE_TEST(one_who_leaves_is_not_told_and_the_others_are),
        STAGE_TEST(one_may_be_made_to_leave_while_others_are_told),
        STAGE_TEST(when_everybody_has_left_the_fetch_runs_to_its_end_and_fills_the_cache),
        STAGE_TEST(whoever_asks_after_all_have_left_joins_the_fetch_that_still_runs),
        STAGE_TEST(a_refusal_is_handed_out_by_the_next_run_and_not_while_one_asks),
        STAGE_TEST(what_is_asked_again_when_the_refusal_is_told_waits_for_the_run_after),
        STAGE_TEST(what_was_refused_and_left_is_forgotten_without_a_word),
        STAGE_TEST(whoever_asked_is_told_what_the_answer_was_worth),
        STAGE_TEST(what_the_upstream_said_of_coming_back_is_handed_on),
        STAGE_TEST(what_had_to_be_repaired_is_used_and_counted),
        STAGE_TEST(the_end_of_the_source_calls_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
