/* Concurrency, breaker, rate, queue and retry budget of one provider together. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gate_words.h"

static const struct provider_config provider = {.max_concurrent = 2, .max_queue = 4};

static void at_most_max_concurrent_are_under_way(void **state)
{
    struct gate gate = gate_new(&provider);
    struct upstream_refusal refusal;
    (void)state;
    for (int i = 0; i < 3; i++)
        assert_true(join(&gate, 0, &refusal));
    assert_int_equal(start(&gate, 0), GATE_GO);
    assert_int_equal(start(&gate, 0), GATE_GO);
    assert_int_equal(start(&gate, 0), GATE_WAIT);
    end(&gate, PROBLEM_NONE, 0, 0);
    assert_int_equal(start(&gate, 0), GATE_GO);
}

static void a_full_queue_refuses_with_a_time_to_come_back(void **state)
{
    struct gate gate = gate_new(&provider);
    struct upstream_refusal refusal = {0};
    (void)state;
    for (unsigned i = 0; i < provider.max_queue; i++)
        assert_true(join(&gate, 0, &refusal));
    assert_false(join(&gate, 0, &refusal));
    assert_int_equal(refusal.problem, PROBLEM_UPSTREAM_LIMIT);
    assert_true(refusal.retry_after_s > 0);
    assert_non_null(gate_drop(&gate));
    assert_true(join(&gate, 0, &refusal));
}

static void an_open_breaker_refuses_what_is_queued_and_what_comes(void **state)
{
    struct gate gate = gate_new(&provider);
    struct upstream_refusal refusal = {0};
    (void)state;
    assert_true(join(&gate, 0, &refusal));
    go(&gate, 0);
    assert_int_equal(end(&gate, PROBLEM_UPSTREAM_LIMIT, 30, 0), 30);
    assert_int_equal(start(&gate, 0), GATE_REFUSE);
    assert_false(join(&gate, 0, &refusal));
    assert_int_equal(refusal.retry_after_s, 30);
    assert_int_equal(gate.queued, 0);
}

static void while_one_request_probes_the_others_wait(void **state)
{
    struct gate gate = gate_new(&provider);
    struct upstream_refusal refusal;
    (void)state;
    go(&gate, 0);
    end(&gate, PROBLEM_UPSTREAM_ERROR, 1, 0);
    assert_true(join(&gate, 1000, &refusal));
    go(&gate, 1000);
    assert_int_equal(start(&gate, 1000), GATE_WAIT);
    end(&gate, PROBLEM_NONE, 0, 1001);
    assert_int_equal(start(&gate, 1001), GATE_GO);
}

/* Requests that hang end one by one, for as long as they were sent one by one. */
static void requests_that_were_sent_before_the_pause_do_not_decide_for_the_probe(void **state)
{
    const struct provider_config wide = {.max_concurrent = 9, .max_queue = 9};
    struct gate gate = gate_new(&wide);
    struct upstream_refusal refusal;
    (void)state;
    for (int i = 0; i < 3; i++) {
        go(&gate, 0);
    }
    unsigned old = latest_ticket;
    assert_int_equal(gate_end(&gate, old, PROBLEM_UPSTREAM_ERROR, 1, 0), 1);
    assert_true(join(&gate, 1000, &refusal));
    go(&gate, 1000);
    assert_int_equal(gate_end(&gate, old, PROBLEM_UPSTREAM_SLOW, 0, 1001), 0);
    assert_int_equal(gate_end(&gate, old, PROBLEM_NONE, 0, 1002), 0);
    assert_int_equal(start(&gate, 1002), GATE_WAIT);
    end(&gate, PROBLEM_NONE, 0, 1003);
    assert_int_equal(start(&gate, 1003), GATE_GO);
}

static void a_refused_key_stays_a_refused_key_while_the_breaker_is_open(void **state)
{
    struct gate gate = gate_new(&provider);
    struct upstream_refusal refusal = {0};
    (void)state;
    for (int i = 0; i < BREAKER_FAILURES; i++) {
        go(&gate, 0);
        end(&gate, PROBLEM_UPSTREAM_KEY, 0, 0);
    }
    assert_false(join(&gate, 0, &refusal));
    assert_int_equal(refusal.problem, PROBLEM_UPSTREAM_KEY);
}

static void an_upstream_that_failed_is_paused_and_one_that_named_a_limit_is_at_its_limit(void **state)
{
    static const enum problem_kind kinds[][2] = {
        {PROBLEM_UPSTREAM_ERROR, PROBLEM_UPSTREAM_PAUSED},
        {PROBLEM_UPSTREAM_SLOW, PROBLEM_UPSTREAM_PAUSED},
        {PROBLEM_UPSTREAM_LIMIT, PROBLEM_UPSTREAM_LIMIT},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        struct gate gate = gate_new(&provider);
        struct upstream_refusal refusal = {0};
        go(&gate, 0);
        end(&gate, kinds[i][0], 30, 0);
        assert_false(join(&gate, 0, &refusal));
        assert_int_equal(refusal.problem, kinds[i][1]);
        assert_int_equal(refusal.retry_after_s, 30);
    }
}

static void not_found_speaks_for_the_upstream(void **state)
{
    struct gate gate = gate_new(&provider);
    struct upstream_refusal refusal;
    (void)state;
    for (int i = 0; i < 3 * BREAKER_FAILURES; i++) {
        go(&gate, 0);
        assert_int_equal(end(&gate, PROBLEM_NOT_FOUND, 0, 0), 0);
    }
    assert_true(join(&gate, 0, &refusal));
}

static void retries_stay_within_a_fifth_of_the_requests(void **state)
{
    struct gate gate = gate_new(&provider);
    unsigned retries = 0;
    (void)state;
    for (int i = 0; i < 500; i++) {
        go(&gate, 0);
        retries += gate_retry(&gate);
        end(&gate, PROBLEM_NONE, 0, 0);
    }
    assert_in_range(retries, 90, 101);
}

static void what_is_sent_again_counts_against_the_days_quota(void **state)
{
    const struct provider_config scarce = {.max_concurrent = 9, .max_queue = 9, .requests_per_day = 3};
    struct gate gate = gate_new(&scarce);
    struct upstream_refusal refusal = {0};
    (void)state;
    go(&gate, 0);
    gate_resend(&gate);
    assert_true(gate_retry(&gate));
    assert_false(join(&gate, 0, &refusal));
}

static void the_days_quota_refuses_until_the_day_is_over(void **state)
{
    const struct provider_config scarce = {.max_concurrent = 9, .max_queue = 9, .requests_per_day = 1};
    struct gate gate = gate_new(&scarce);
    struct upstream_refusal refusal = {0};
    (void)state;
    go(&gate, 0);
    assert_false(join(&gate, 0, &refusal));
    assert_int_equal(refusal.retry_after_s, 86400);
    assert_true(gate_join(&gate, somebody(), false, 0, 86400, &refusal));
}

static void a_quota_that_the_upstream_calls_spent_refuses_until_the_time_it_names(void **state)
{
    struct gate gate = gate_new(&provider);
    struct upstream_refusal refusal = {0};
    (void)state;
    assert_true(gate_join(&gate, somebody(), false, 0, 1000, &refusal));
    assert_true(gate_join(&gate, somebody(), false, 0, 1000, &refusal));
    gate_begin_turn(&gate);
    struct gate_turn first = gate_next(&gate, 0, 1000);
    assert_int_equal(first.word, GATE_GO);
    assert_int_equal(gate_set_exhausted_until(&gate, 1000 + 7200, 1000), 7200);
    gate_end(&gate, first.request->ticket, PROBLEM_UPSTREAM_LIMIT, 7200, 0);
    struct gate_turn second = gate_next(&gate, 0, 1000);
    assert_int_equal(second.word, GATE_REFUSE);
    assert_int_equal(second.refusal.retry_after_s, 7200);
    assert_false(gate_join(&gate, somebody(), false, 0, 1000, &refusal));
    assert_int_equal(refusal.problem, PROBLEM_UPSTREAM_LIMIT);
    assert_int_equal(refusal.retry_after_s, 7200);
    assert_true(gate_join(&gate, somebody(), false, 7200 * 1000, 1000 + 7200, &refusal));
    /* Nor does a clock that is set back lock it out for as long as it jumps. */
    assert_true(gate_join(&gate, somebody(), false, 7200 * 1000, 1000 - LIMITER_MAX_BACK_S - 1, &refusal));
}

static void the_last_of_the_quota_is_for_what_nobody_has_a_copy_of(void **state)
{
    const struct provider_config scarce = {.max_concurrent = 99, .max_queue = 99, .requests_per_day = 40};
    struct gate gate = gate_new(&scarce);
    struct upstream_refusal refusal = {0};
    (void)state;
    for (int i = 0; i < 38; i++) {
        assert_false(gate_quota_warns(&gate, 0));
        assert_true(gate_join(&gate, somebody(), true, 0, 0, &refusal));
        assert_int_equal(start(&gate, 0), GATE_GO);
    }
    assert_true(gate_quota_warns(&gate, 0));
    assert_false(gate_join(&gate, somebody(), true, 0, 0, &refusal));
    assert_int_equal(refusal.problem, PROBLEM_UPSTREAM_LIMIT);
    assert_true(gate_join(&gate, somebody(), false, 0, 0, &refusal));
    assert_false(gate_quota_warns(&gate, 86400));
}

/* A reload used to make a second gate, with an account that both shared. */
static void new_limits_are_in_force_and_what_is_spent_and_under_way_still_counts(void **state)
{
    const struct provider_config before = {.max_concurrent = 3, .max_queue = 9, .requests_per_day = 3};
    const struct provider_config after = {.max_concurrent = 2, .max_queue = 9, .requests_per_day = 4};
    struct gate gate = gate_new(&before);
    struct upstream_refusal refusal;
    (void)state;
    for (int i = 0; i < 3; i++)
        go(&gate, 0);
    assert_false(join(&gate, 0, &refusal));
    gate_reload(&gate, &after);
    assert_true(join(&gate, 0, &refusal));
    assert_int_equal(start(&gate, 0), GATE_WAIT);
    end(&gate, PROBLEM_NONE, 0, 0);
    assert_int_equal(start(&gate, 0), GATE_WAIT);
    end(&gate, PROBLEM_NONE, 0, 0);
    assert_int_equal(start(&gate, 0), GATE_GO);
    assert_false(join(&gate, 0, &refusal));
}

static void a_pause_outlasts_new_limits(void **state)
{
    struct gate gate = gate_new(&provider);
    struct upstream_refusal refusal = {0};
    (void)state;
    go(&gate, 0);
    end(&gate, PROBLEM_UPSTREAM_LIMIT, 30, 0);
    gate_reload(&gate, &provider);
    assert_false(join(&gate, 0, &refusal));
    assert_int_equal(refusal.retry_after_s, 30);
}

/* ---- whose turn it is ---- */

#define MAX_STANDING 16

/* Everybody whose name is in the text asks, in its order. */
static void line_up(struct gate *gate, struct gate_request requests[MAX_STANDING], const char *names)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    struct upstream_refusal refusal;
    for (size_t i = 0; names[i] != '\0'; i++) {
        requests[i] = (struct gate_request){.asker = strchr(letters, names[i]), .deadline_ms = FOREVER_MS};
        assert_true(gate_join(gate, &requests[i], false, 0, 0, &refusal));
    }
}

/* They start, in this order. */
static void assert_start(struct gate *gate, const char *want)
{
    gate_begin_turn(gate);
    for (; *want != '\0'; want++) {
        struct gate_turn turn = gate_next(gate, 0, 0);
        assert_int_equal(turn.word, GATE_GO);
        assert_int_equal(*(const char *)turn.request->asker, *want);
    }
}

static const struct provider_config wide = {.max_concurrent = 99, .max_queue = 99};

/* A document of one venue waited for the 400 venues of another one. */
static void those_who_ask_take_turns(void **state)
{
    static const struct {
        const char *asked, *want;
    } cases[] = {
        {"", ""},
        {"aaaa", "aaaa"},
        {"abc", "abc"},
        {"aaaab", "abaaa"},
        {"aaaabb", "ababaa"},
        {"aabbcc", "abcabc"},
        {"aaaabcb", "abcabaa"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct gate gate = gate_new(&wide);
        struct gate_request requests[MAX_STANDING];
        line_up(&gate, requests, cases[i].asked);
        assert_int_equal(gate.queued, strlen(cases[i].asked));
        assert_start(&gate, cases[i].want);
        assert_int_equal(gate_next(&gate, 0, 0).word, GATE_WAIT);
        assert_int_equal(gate.queued, 0);
    }
}

static void who_asks_again_and_again_is_not_before_those_who_wait(void **state)
{
    struct gate gate = gate_new(&wide);
    struct gate_request requests[MAX_STANDING], again[MAX_STANDING];
    (void)state;
    line_up(&gate, requests, "abb");
    assert_start(&gate, "a");
    line_up(&gate, again, "aa");
    assert_start(&gate, "baba");
}

static void who_waits_too_long_is_late_whoever_comes_next(void **state)
{
    const struct provider_config narrow = {.max_concurrent = 1, .max_queue = 99};
    struct gate gate = gate_new(&narrow);
    struct gate_request requests[MAX_STANDING];
    (void)state;
    line_up(&gate, requests, "aaab");
    assert_start(&gate, "a");
    requests[3].deadline_ms = 70;
    requests[1].deadline_ms = 90;
    assert_int_equal(gate_next(&gate, 0, 0).until_ms, 70);
    assert_int_equal(gate_next(&gate, 69, 0).word, GATE_WAIT);
    struct gate_turn turn = gate_next(&gate, 70, 0);
    assert_int_equal(turn.word, GATE_LATE);
    assert_ptr_equal(turn.request, &requests[3]);
    assert_int_equal(gate_next(&gate, 70, 0).until_ms, 90);
    assert_ptr_equal(gate_next(&gate, 90, 0).request, &requests[1]);
    assert_int_equal(gate.queued, 1);
}

static void who_is_late_does_not_lose_its_turn(void **state)
{
    struct gate gate = gate_new(&wide);
    struct gate_request requests[MAX_STANDING];
    (void)state;
    line_up(&gate, requests, "aab");
    requests[0].deadline_ms = 70;
    assert_int_equal(gate_next(&gate, 70, 0).word, GATE_LATE);
    assert_start(&gate, "ab");
}

/* It was noticed when all that had joined before it had gone. */
static void where_a_redirect_leads_comes_first_of_its_asker(void **state)
{
    struct gate gate = gate_new(&wide);
    struct gate_request requests[MAX_STANDING], led;
    struct upstream_refusal refusal;
    (void)state;
    line_up(&gate, requests, "baa");
    led = (struct gate_request){.asker = requests[1].asker, .deadline_ms = 50};
    assert_true(gate_join(&gate, &led, false, 0, 0, &refusal));
    assert_int_equal(gate_next(&gate, 50, 0).word, GATE_LATE);
    assert_true(gate_join(&gate, &led, false, 0, 0, &refusal));
    assert_start(&gate, "b");
    assert_ptr_equal(gate_next(&gate, 0, 0).request, &led);
    assert_start(&gate, "aa");
    assert_int_equal(gate.queued, 0);
}

static void after_so_many_starts_the_rest_waits_for_the_next_turn(void **state)
{
    struct gate gate = gate_new(&wide);
    struct upstream_refusal refusal;
    (void)state;
    for (unsigned i = 0; i < GATE_STARTS_A_TURN + 1; i++)
        assert_true(join(&gate, 0, &refusal));
    gate_begin_turn(&gate);
    for (unsigned i = 0; i < GATE_STARTS_A_TURN; i++)
        assert_int_equal(gate_next(&gate, 7, 0).word, GATE_GO);
    struct gate_turn rest = gate_next(&gate, 7, 0);
    assert_int_equal(rest.word, GATE_WAIT);
    assert_int_equal(rest.until_ms, 7); /* at once */
    gate_begin_turn(&gate);
    assert_int_equal(gate_next(&gate, 7, 0).word, GATE_GO);
    assert_int_equal(gate_next(&gate, 7, 0).until_ms, -1);
}

static void the_next_look_is_due_when_the_rate_allows_one_or_somebody_is_late(void **state)
{
    static const struct {
        int64_t deadline_ms, want_ms;
    } cases[] = {{300, 300}, {FOREVER_MS, 1001}};
    const struct provider_config slow = {.max_concurrent = 9, .max_queue = 9, .requests_per_s = 1};
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct gate gate = gate_new(&slow);
        struct gate_request requests[MAX_STANDING];
        assert_int_equal(gate_next(&gate, 0, 0).until_ms, -1);
        line_up(&gate, requests, "ab");
        assert_start(&gate, "a");
        requests[1].deadline_ms = cases[i].deadline_ms;
        assert_int_equal(gate_next(&gate, 0, 0).until_ms, cases[i].want_ms);
    }
}

static void all_who_wait_are_dropped_one_by_one(void **state)
{
    struct gate gate = gate_new(&wide);
    struct gate_request requests[MAX_STANDING];
    (void)state;
    line_up(&gate, requests, "aaab");
    for (unsigned i = 0; i < 4; i++)
        assert_non_null(gate_drop(&gate));
    assert_null(gate_drop(&gate));
    assert_int_equal(gate.queued, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(at_most_max_concurrent_are_under_way),
        cmocka_unit_test(a_full_queue_refuses_with_a_time_to_come_back),
        cmocka_unit_test(an_open_breaker_refuses_what_is_queued_and_what_comes),
        cmocka_unit_test(while_one_request_probes_the_others_wait),
        cmocka_unit_test(requests_that_were_sent_before_the_pause_do_not_decide_for_the_probe),
        cmocka_unit_test(a_refused_key_stays_a_refused_key_while_the_breaker_is_open),
        cmocka_unit_test(an_upstream_that_failed_is_paused_and_one_that_named_a_limit_is_at_its_limit),
        cmocka_unit_test(not_found_speaks_for_the_upstream),
        cmocka_unit_test(retries_stay_within_a_fifth_of_the_requests),
        cmocka_unit_test(what_is_sent_again_counts_against_the_days_quota),
        cmocka_unit_test(the_days_quota_refuses_until_the_day_is_over),
        cmocka_unit_test(a_quota_that_the_upstream_calls_spent_refuses_until_the_time_it_names),
        cmocka_unit_test(the_last_of_the_quota_is_for_what_nobody_has_a_copy_of),
        cmocka_unit_test(new_limits_are_in_force_and_what_is_spent_and_under_way_still_counts),
        cmocka_unit_test(a_pause_outlasts_new_limits),
        cmocka_unit_test(those_who_ask_take_turns),
        cmocka_unit_test(who_asks_again_and_again_is_not_before_those_who_wait),
        cmocka_unit_test(who_waits_too_long_is_late_whoever_comes_next),
        cmocka_unit_test(who_is_late_does_not_lose_its_turn),
        cmocka_unit_test(where_a_redirect_leads_comes_first_of_its_asker),
        cmocka_unit_test(after_so_many_starts_the_rest_waits_for_the_next_turn),
        cmocka_unit_test(the_next_look_is_due_when_the_rate_allows_one_or_somebody_is_late),
        cmocka_unit_test(all_who_wait_are_dropped_one_by_one),
    };
    return cmocka_run_group_tests_name("service/gate", tests, NULL, NULL);
}
