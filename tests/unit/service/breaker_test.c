/* The breaker: closed, open, one probe, growing pause, the upstream's own word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "service/breaker.h"

static void fail_times(struct breaker *breaker, unsigned n, int64_t now_ms)
{
    for (unsigned i = 0; i < n; i++)
        breaker_failed(breaker, PROBLEM_UPSTREAM_ERROR, 0, now_ms);
}

static void opens_after_failures_in_a_row(void **state)
{
    struct breaker breaker = {0};
    (void)state;
    fail_times(&breaker, BREAKER_FAILURES - 1, 100);
    assert_true(breaker_admit(&breaker, 100));
    assert_true(breaker_failed(&breaker, PROBLEM_UPSTREAM_ERROR, 0, 100));
    assert_false(breaker_admit(&breaker, 100));
    assert_int_equal(breaker_retry_after_s(&breaker, 100), 1);
}

static void a_success_in_between_starts_the_count_anew(void **state)
{
    struct breaker breaker = {0};
    (void)state;
    fail_times(&breaker, BREAKER_FAILURES - 1, 100);
    breaker_succeeded(&breaker);
    fail_times(&breaker, BREAKER_FAILURES - 1, 100);
    assert_true(breaker_admit(&breaker, 100));
}

static void lets_one_probe_out_after_the_pause(void **state)
{
    struct breaker breaker = {0};
    (void)state;
    fail_times(&breaker, BREAKER_FAILURES, 0);
    assert_false(breaker_admit(&breaker, BREAKER_FIRST_PAUSE_MS - 1));
    assert_true(breaker_admit(&breaker, BREAKER_FIRST_PAUSE_MS));
    assert_false(breaker_admit(&breaker, BREAKER_FIRST_PAUSE_MS));
    breaker_succeeded(&breaker);
    assert_true(breaker_admit(&breaker, BREAKER_FIRST_PAUSE_MS));
}

static void the_pause_grows_with_every_failed_probe_up_to_its_maximum(void **state)
{
    struct breaker breaker = {0};
    int64_t now_ms = 0, pause_ms = BREAKER_FIRST_PAUSE_MS;
    (void)state;
    fail_times(&breaker, BREAKER_FAILURES, now_ms);
    for (int i = 0; i < 12; i++) {
        assert_false(breaker_admit(&breaker, now_ms + pause_ms - 1));
        now_ms += pause_ms;
        assert_true(breaker_admit(&breaker, now_ms));
        assert_true(breaker_failed(&breaker, PROBLEM_UPSTREAM_SLOW, 0, now_ms));
        pause_ms = pause_ms * 2 < BREAKER_MAX_PAUSE_MS ? pause_ms * 2 : BREAKER_MAX_PAUSE_MS;
    }
    assert_int_equal(pause_ms, BREAKER_MAX_PAUSE_MS);
}

static void retry_after_opens_at_once_and_is_clamped(void **state)
{
    struct breaker breaker = {0};
    (void)state;
    assert_true(breaker_failed(&breaker, PROBLEM_UPSTREAM_LIMIT, 7, 0));
    assert_int_equal(breaker_retry_after_s(&breaker, 0), 7);
    assert_true(breaker_admit(&breaker, 7000));
    assert_true(breaker_failed(&breaker, PROBLEM_UPSTREAM_LIMIT, 999999999, 7000));
    assert_int_equal(breaker_retry_after_s(&breaker, 7000), BREAKER_MAX_RETRY_AFTER_S);
}

static void late_answers_do_not_close_what_is_open(void **state)
{
    struct breaker breaker = {0};
    (void)state;
    fail_times(&breaker, BREAKER_FAILURES, 0);
    breaker_succeeded(&breaker);
    assert_false(breaker_admit(&breaker, 1));
}

static void a_probe_that_said_nothing_is_given_back(void **state)
{
    struct breaker breaker = {0};
    (void)state;
    fail_times(&breaker, BREAKER_FAILURES, 0);
    assert_true(breaker_admit(&breaker, BREAKER_FIRST_PAUSE_MS));
    breaker_withdrew(&breaker);
    assert_true(breaker_admit(&breaker, BREAKER_FIRST_PAUSE_MS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opens_after_failures_in_a_row),
        cmocka_unit_test(a_success_in_between_starts_the_count_anew),
        cmocka_unit_test(lets_one_probe_out_after_the_pause),
        cmocka_unit_test(the_pause_grows_with_every_failed_probe_up_to_its_maximum),
        cmocka_unit_test(retry_after_opens_at_once_and_is_clamped),
        cmocka_unit_test(late_answers_do_not_close_what_is_open),
        cmocka_unit_test(a_probe_that_said_nothing_is_given_back),
    };
    return cmocka_run_group_tests_name("service/breaker", tests, NULL, NULL);
}
