/* The breaker: closed, open, one probe, growing pause, the upstream's own word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "service/upstream/breaker.h"

/* Sends and says which ticket it got. */
static unsigned send(struct breaker *breaker, int64_t now_ms)
{
    unsigned ticket = 99;
    assert_true(breaker_admit(breaker, now_ms, &ticket));
    return ticket;
}

static void assert_sends_nothing(struct breaker *breaker, int64_t now_ms)
{
    unsigned ticket;
    assert_false(breaker_admit(breaker, now_ms, &ticket));
}

static void fail_times(struct breaker *breaker, unsigned n, int64_t now_ms)
{
    for (unsigned i = 0; i < n; i++)
        breaker_failed(breaker, send(breaker, now_ms), PROBLEM_UPSTREAM_ERROR, 0, now_ms);
}

static void opens_after_failures_in_a_row(void **state)
{
    struct breaker breaker = {0};
    (void)state;
    fail_times(&breaker, BREAKER_FAILURES - 1, 100);
    assert_true(breaker_failed(&breaker, send(&breaker, 100), PROBLEM_UPSTREAM_ERROR, 0, 100));
    assert_sends_nothing(&breaker, 100);
    assert_int_equal(breaker_retry_after_s(&breaker, 100), 1);
}

static void a_success_in_between_starts_the_count_anew(void **state)
{
    struct breaker breaker = {0};
    (void)state;
    fail_times(&breaker, BREAKER_FAILURES - 1, 100);
    breaker_succeeded(&breaker, send(&breaker, 100));
    fail_times(&breaker, BREAKER_FAILURES - 1, 100);
    send(&breaker, 100);
}

static void lets_one_probe_out_after_the_pause(void **state)
{
    struct breaker breaker = {0};
    (void)state;
    fail_times(&breaker, BREAKER_FAILURES, 0);
    assert_sends_nothing(&breaker, BREAKER_FIRST_PAUSE_MS - 1);
    unsigned probe = send(&breaker, BREAKER_FIRST_PAUSE_MS);
    assert_sends_nothing(&breaker, BREAKER_FIRST_PAUSE_MS);
    breaker_succeeded(&breaker, probe);
    send(&breaker, BREAKER_FIRST_PAUSE_MS);
}

static void the_pause_grows_with_every_failed_probe_up_to_its_maximum(void **state)
{
    struct breaker breaker = {0};
    int64_t now_ms = 0, pause_ms = BREAKER_FIRST_PAUSE_MS;
    (void)state;
    fail_times(&breaker, BREAKER_FAILURES, now_ms);
    for (int i = 0; i < 12; i++) {
        assert_sends_nothing(&breaker, now_ms + pause_ms - 1);
        now_ms += pause_ms;
        assert_true(breaker_failed(&breaker, send(&breaker, now_ms), PROBLEM_UPSTREAM_SLOW, 0, now_ms));
        pause_ms = pause_ms * 2 < BREAKER_MAX_PAUSE_MS ? pause_ms * 2 : BREAKER_MAX_PAUSE_MS;
    }
    assert_int_equal(pause_ms, BREAKER_MAX_PAUSE_MS);
}

static void retry_after_opens_at_once_and_is_clamped(void **state)
{
    struct breaker breaker = {0};
    (void)state;
    assert_true(breaker_failed(&breaker, send(&breaker, 0), PROBLEM_UPSTREAM_LIMIT, 7, 0));
    assert_int_equal(breaker_retry_after_s(&breaker, 0), 7);
    unsigned probe = send(&breaker, 7000);
    assert_true(breaker_failed(&breaker, probe, PROBLEM_UPSTREAM_LIMIT, 999999999, 7000));
    assert_int_equal(breaker_retry_after_s(&breaker, 7000), BREAKER_MAX_RETRY_AFTER_S);
}

static void a_shorter_retry_after_does_not_cut_a_longer_one_short(void **state)
{
    struct breaker breaker = {0};
    (void)state;
    unsigned ticket = send(&breaker, 0);
    assert_true(breaker_failed(&breaker, ticket, PROBLEM_UPSTREAM_LIMIT, 600, 0));
    assert_false(breaker_failed(&breaker, ticket, PROBLEM_UPSTREAM_ERROR, 2, 10));
    assert_int_equal(breaker_retry_after_s(&breaker, 0), 600);
    assert_int_equal(breaker.reason, PROBLEM_UPSTREAM_LIMIT);
    assert_false(breaker_failed(&breaker, ticket, PROBLEM_UPSTREAM_LIMIT, 700, 20));
    assert_int_equal(breaker_retry_after_s(&breaker, 20), 700);
}

static void late_answers_neither_close_nor_prolong_what_is_open(void **state)
{
    struct breaker breaker = {0};
    (void)state;
    unsigned old = send(&breaker, 0);
    fail_times(&breaker, BREAKER_FAILURES, 0);
    breaker_succeeded(&breaker, old);
    assert_sends_nothing(&breaker, BREAKER_FIRST_PAUSE_MS - 1);
    assert_false(breaker_failed(&breaker, old, PROBLEM_UPSTREAM_SLOW, 0, BREAKER_FIRST_PAUSE_MS - 1));
    send(&breaker, BREAKER_FIRST_PAUSE_MS);
}

/* Of many requests that time out, the last end seconds after the first. */
static void late_failures_do_not_drown_the_probe(void **state)
{
    struct breaker breaker = {0};
    int64_t now_ms = BREAKER_FIRST_PAUSE_MS;
    (void)state;
    unsigned old = send(&breaker, 0);
    fail_times(&breaker, BREAKER_FAILURES, 0);
    unsigned probe = send(&breaker, now_ms);
    for (unsigned i = 0; i < 3 * BREAKER_FAILURES; i++)
        assert_false(breaker_failed(&breaker, old, PROBLEM_UPSTREAM_SLOW, 0, now_ms));
    assert_sends_nothing(&breaker, now_ms);
    breaker_succeeded(&breaker, probe);
    for (unsigned i = 0; i < 3 * BREAKER_FAILURES; i++)
        assert_false(breaker_failed(&breaker, old, PROBLEM_UPSTREAM_SLOW, 0, now_ms));
    send(&breaker, now_ms);
}

static void a_late_success_does_not_speak_for_the_probe(void **state)
{
    struct breaker breaker = {0};
    (void)state;
    unsigned old = send(&breaker, 0);
    fail_times(&breaker, BREAKER_FAILURES, 0);
    unsigned probe = send(&breaker, BREAKER_FIRST_PAUSE_MS);
    breaker_succeeded(&breaker, old);
    assert_sends_nothing(&breaker, BREAKER_FIRST_PAUSE_MS);
    assert_true(breaker_failed(&breaker, probe, PROBLEM_UPSTREAM_ERROR, 0, BREAKER_FIRST_PAUSE_MS));
    assert_int_equal(breaker_retry_after_s(&breaker, BREAKER_FIRST_PAUSE_MS), 2);
}

static void a_pause_that_is_asked_for_late_is_kept_although_a_probe_is_under_way(void **state)
{
    struct breaker breaker = {0};
    (void)state;
    unsigned old = send(&breaker, 0);
    fail_times(&breaker, BREAKER_FAILURES, 0);
    unsigned probe = send(&breaker, 1000);
    assert_true(breaker_failed(&breaker, old, PROBLEM_UPSTREAM_LIMIT, 30, 1000));
    breaker_succeeded(&breaker, probe);
    assert_sends_nothing(&breaker, 30999);
    send(&breaker, 31000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opens_after_failures_in_a_row),
        cmocka_unit_test(a_success_in_between_starts_the_count_anew),
        cmocka_unit_test(lets_one_probe_out_after_the_pause),
        cmocka_unit_test(the_pause_grows_with_every_failed_probe_up_to_its_maximum),
        cmocka_unit_test(retry_after_opens_at_once_and_is_clamped),
        cmocka_unit_test(a_shorter_retry_after_does_not_cut_a_longer_one_short),
        cmocka_unit_test(late_answers_neither_close_nor_prolong_what_is_open),
        cmocka_unit_test(late_failures_do_not_drown_the_probe),
        cmocka_unit_test(a_late_success_does_not_speak_for_the_probe),
        cmocka_unit_test(a_pause_that_is_asked_for_late_is_kept_although_a_probe_is_under_way),
    };
    return cmocka_run_group_tests_name("service/breaker", tests, NULL, NULL);
}
