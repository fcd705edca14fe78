/* Breaker, rate, queue and retry budget of one provider together. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "service/lane.h"

static const struct provider_config provider = {.max_concurrent = 2, .max_queue = 4};

static enum lane_word start(struct lane *lane, int64_t now_ms)
{
    struct upstream_verdict refusal;
    int64_t wait_ms;
    return lane_start(lane, now_ms, 0, &wait_ms, &refusal);
}

static bool join(struct lane *lane, int64_t now_ms, struct upstream_verdict *ret_refusal)
{
    return lane_join(lane, false, now_ms, 0, ret_refusal);
}

static void at_most_max_concurrent_are_under_way(void **state)
{
    struct lane lane = lane_new(&provider);
    struct upstream_verdict refusal;
    (void)state;
    for (int i = 0; i < 3; i++)
        assert_true(join(&lane, 0, &refusal));
    assert_int_equal(start(&lane, 0), LANE_GO);
    assert_int_equal(start(&lane, 0), LANE_GO);
    assert_int_equal(start(&lane, 0), LANE_WAIT);
    lane_end(&lane, PROBLEM_NONE, 0, 0);
    assert_int_equal(start(&lane, 0), LANE_GO);
}

static void a_full_queue_refuses_with_a_time_to_come_back(void **state)
{
    struct lane lane = lane_new(&provider);
    struct upstream_verdict refusal = {0};
    (void)state;
    for (unsigned i = 0; i < provider.max_queue; i++)
        assert_true(join(&lane, 0, &refusal));
    assert_false(join(&lane, 0, &refusal));
    assert_int_equal(refusal.problem, PROBLEM_UPSTREAM_LIMIT);
    assert_true(refusal.retry_after_s > 0);
    lane_leave(&lane);
    assert_true(join(&lane, 0, &refusal));
}

static void an_open_breaker_refuses_what_is_queued_and_what_comes(void **state)
{
    struct lane lane = lane_new(&provider);
    struct upstream_verdict refusal = {0};
    (void)state;
    assert_true(join(&lane, 0, &refusal));
    assert_true(join(&lane, 0, &refusal));
    assert_int_equal(start(&lane, 0), LANE_GO);
    assert_true(lane_end(&lane, PROBLEM_UPSTREAM_LIMIT, 30, 0));
    assert_int_equal(start(&lane, 0), LANE_REFUSE);
    assert_false(join(&lane, 0, &refusal));
    assert_int_equal(refusal.retry_after_s, 30);
    assert_int_equal(lane.queued, 0);
}

static void while_one_request_probes_the_others_wait(void **state)
{
    struct lane lane = lane_new(&provider);
    struct upstream_verdict refusal;
    (void)state;
    assert_true(join(&lane, 0, &refusal));
    assert_int_equal(start(&lane, 0), LANE_GO);
    lane_end(&lane, PROBLEM_UPSTREAM_ERROR, 1, 0);
    assert_true(join(&lane, 1000, &refusal));
    assert_true(join(&lane, 1000, &refusal));
    assert_int_equal(start(&lane, 1000), LANE_GO);
    assert_int_equal(start(&lane, 1000), LANE_WAIT);
    lane_end(&lane, PROBLEM_NONE, 0, 1001);
    assert_int_equal(start(&lane, 1001), LANE_GO);
}

static void a_refused_key_stays_a_refused_key_while_the_breaker_is_open(void **state)
{
    struct lane lane = lane_new(&provider);
    struct upstream_verdict refusal = {0};
    (void)state;
    for (int i = 0; i < BREAKER_FAILURES; i++) {
        assert_true(join(&lane, 0, &refusal));
        assert_int_equal(start(&lane, 0), LANE_GO);
        lane_end(&lane, PROBLEM_UPSTREAM_KEY, 0, 0);
    }
    assert_false(join(&lane, 0, &refusal));
    assert_int_equal(refusal.problem, PROBLEM_UPSTREAM_KEY);
}

static void not_found_speaks_for_the_upstream(void **state)
{
    struct lane lane = lane_new(&provider);
    struct upstream_verdict refusal;
    (void)state;
    for (int i = 0; i < 3 * BREAKER_FAILURES; i++) {
        assert_true(join(&lane, 0, &refusal));
        assert_int_equal(start(&lane, 0), LANE_GO);
        assert_false(lane_end(&lane, PROBLEM_NOT_FOUND, 0, 0));
    }
    assert_true(join(&lane, 0, &refusal));
}

static void retries_stay_within_a_fifth_of_the_requests(void **state)
{
    struct lane lane = lane_new(&provider);
    struct upstream_verdict refusal;
    unsigned retries = 0;
    (void)state;
    for (int i = 0; i < 500; i++) {
        assert_true(join(&lane, 0, &refusal));
        assert_int_equal(start(&lane, 0), LANE_GO);
        retries += lane_retry(&lane);
        lane_end(&lane, PROBLEM_NONE, 0, 0);
    }
    assert_in_range(retries, 90, 101);
}

static void what_is_sent_again_counts_against_the_days_quota(void **state)
{
    const struct provider_config scarce = {.max_concurrent = 9, .max_queue = 9, .requests_per_day = 3};
    struct lane lane = lane_new(&scarce);
    struct upstream_verdict refusal = {0};
    (void)state;
    assert_true(join(&lane, 0, &refusal));
    assert_int_equal(start(&lane, 0), LANE_GO);
    lane_resend(&lane);
    assert_true(lane_retry(&lane));
    assert_false(join(&lane, 0, &refusal));
}

static void the_days_quota_refuses_until_the_day_is_over(void **state)
{
    const struct provider_config scarce = {.max_concurrent = 9, .max_queue = 9, .requests_per_day = 1};
    struct lane lane = lane_new(&scarce);
    struct upstream_verdict refusal = {0};
    (void)state;
    assert_true(join(&lane, 0, &refusal));
    assert_int_equal(start(&lane, 0), LANE_GO);
    assert_false(join(&lane, 0, &refusal));
    assert_int_equal(refusal.retry_after_s, 86400);
    assert_true(lane_join(&lane, false, 0, 86400, &refusal));
}

static void a_quota_that_the_upstream_calls_spent_refuses_until_the_time_it_names(void **state)
{
    struct lane lane = lane_new(&provider);
    struct upstream_verdict refusal = {0};
    int64_t wait_ms;
    (void)state;
    assert_true(lane_join(&lane, false, 0, 1000, &refusal));
    assert_true(lane_join(&lane, false, 0, 1000, &refusal));
    assert_int_equal(lane_start(&lane, 0, 1000, &wait_ms, &refusal), LANE_GO);
    limiter_told_spent(&lane.limiter, 1000 + 7200, 1000);
    lane_end(&lane, PROBLEM_UPSTREAM_LIMIT, 7200, 0);
    assert_int_equal(lane_start(&lane, 0, 1000, &wait_ms, &refusal), LANE_REFUSE);
    assert_int_equal(refusal.retry_after_s, 7200);
    assert_false(lane_join(&lane, false, 0, 1000, &refusal));
    assert_int_equal(refusal.problem, PROBLEM_UPSTREAM_LIMIT);
    assert_int_equal(refusal.retry_after_s, 7200);
    assert_true(lane_join(&lane, false, 7200 * 1000, 1000 + 7200, &refusal));
}

static void the_last_of_the_quota_is_for_what_nobody_has_a_copy_of(void **state)
{
    const struct provider_config scarce = {.max_concurrent = 99, .max_queue = 99, .requests_per_day = 40};
    struct lane lane = lane_new(&scarce);
    struct upstream_verdict refusal = {0};
    (void)state;
    for (int i = 0; i < 38; i++) {
        assert_false(lane_quota_low(&lane, 0));
        assert_true(lane_join(&lane, true, 0, 0, &refusal));
        assert_int_equal(start(&lane, 0), LANE_GO);
    }
    assert_true(lane_quota_low(&lane, 0));
    assert_false(lane_join(&lane, true, 0, 0, &refusal));
    assert_int_equal(refusal.problem, PROBLEM_UPSTREAM_LIMIT);
    assert_true(lane_join(&lane, false, 0, 0, &refusal));
    assert_false(lane_quota_low(&lane, 86400));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(at_most_max_concurrent_are_under_way),
        cmocka_unit_test(a_full_queue_refuses_with_a_time_to_come_back),
        cmocka_unit_test(an_open_breaker_refuses_what_is_queued_and_what_comes),
        cmocka_unit_test(while_one_request_probes_the_others_wait),
        cmocka_unit_test(a_refused_key_stays_a_refused_key_while_the_breaker_is_open),
        cmocka_unit_test(not_found_speaks_for_the_upstream),
        cmocka_unit_test(retries_stay_within_a_fifth_of_the_requests),
        cmocka_unit_test(what_is_sent_again_counts_against_the_days_quota),
        cmocka_unit_test(the_days_quota_refuses_until_the_day_is_over),
        cmocka_unit_test(a_quota_that_the_upstream_calls_spent_refuses_until_the_time_it_names),
        cmocka_unit_test(the_last_of_the_quota_is_for_what_nobody_has_a_copy_of),
    };
    return cmocka_run_group_tests_name("service/lane", tests, NULL, NULL);
}
