/* The rate and the day's quota of an upstream. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "service/upstream/limiter.h"

static unsigned take_all(struct limiter *limiter, int64_t now_ms, int64_t now_s, int64_t *ret_wait_ms)
{
    unsigned n = 0;
    while (n < 1000 && limiter_take(limiter, now_ms, now_s, ret_wait_ms))
        n++;
    return n;
}

static void lets_one_seconds_allowance_through_and_says_when_the_next_is_due(void **state)
{
    struct limiter limiter = limiter_new(5, 0);
    int64_t wait_ms = 0;
    (void)state;
    assert_int_equal(take_all(&limiter, 10000, 0, &wait_ms), 5);
    assert_in_range(wait_ms, 1, 201);
    assert_int_equal(take_all(&limiter, 10000 + wait_ms, 0, &wait_ms), 1);
    assert_int_equal(take_all(&limiter, 20000, 0, &wait_ms), 5);
}

static void a_limit_of_zero_is_none(void **state)
{
    struct limiter limiter = limiter_new(0, 0);
    int64_t wait_ms = 0;
    (void)state;
    assert_int_equal(take_all(&limiter, 0, 0, &wait_ms), 1000);
}

static void the_days_quota_ends_with_the_utc_day(void **state)
{
    struct limiter limiter = limiter_new(0, 3);
    int64_t wait_ms = 0, noon_s = 1800014400;
    (void)state;
    assert_int_equal(take_all(&limiter, 0, noon_s, &wait_ms), 3);
    assert_int_equal(wait_ms, -1);
    int64_t left_s = limiter_day_left_s(noon_s);
    assert_in_range(left_s, 1, 86400);
    assert_int_equal(take_all(&limiter, 1, noon_s + left_s - 1, &wait_ms), 0);
    assert_int_equal(take_all(&limiter, 2, noon_s + left_s, &wait_ms), 3);
}

static void a_clock_that_stands_still_gives_nothing(void **state)
{
    struct limiter limiter = limiter_new(2, 0);
    int64_t wait_ms = 0;
    (void)state;
    take_all(&limiter, 5000, 0, &wait_ms);
    assert_int_equal(take_all(&limiter, 5000, 0, &wait_ms), 0);
}

static void what_the_upstream_says_is_spent_stays_so_until_its_time(void **state)
{
    struct limiter limiter = limiter_new(0, 0);
    int64_t wait_ms = 0, noon_s = 1800014400;
    (void)state;
    assert_int_equal(limiter_spent_s(&limiter, noon_s), 0);
    limiter_set_exhausted_until(&limiter, noon_s + 600, noon_s);
    assert_int_equal(limiter_spent_s(&limiter, noon_s), 600);
    assert_int_equal(take_all(&limiter, 0, noon_s + 599, &wait_ms), 0);
    assert_int_equal(wait_ms, -1);
    assert_int_equal(take_all(&limiter, 0, noon_s + 600, &wait_ms), 1000);
}

static void no_upstream_can_stop_the_asking_for_ever(void **state)
{
    struct limiter limiter = limiter_new(0, 0);
    (void)state;
    limiter_set_exhausted_until(&limiter, INT64_MAX, 1800014400);
    assert_int_equal(limiter_spent_s(&limiter, 1800014400), 2 * 86400);
    limiter_set_exhausted_until(&limiter, 5, 1800014400);
    assert_int_equal(limiter_spent_s(&limiter, 1800014400), 0);
}

/* The upstream was locked out for as long as the jump: for a month and an hour. */
static void what_was_said_before_the_clock_was_set_back_locks_nobody_out(void **state)
{
    struct limiter limiter = limiter_new(0, 0);
    int64_t wait_ms = 0, noon_s = 1800014400;
    (void)state;
    limiter_set_exhausted_until(&limiter, noon_s + 3600, noon_s);
    assert_int_equal(limiter_spent_s(&limiter, noon_s - LIMITER_MAX_BACK_S), 3600 + LIMITER_MAX_BACK_S);
    assert_int_equal(limiter_spent_s(&limiter, noon_s - LIMITER_MAX_BACK_S - 1), 0);
    assert_int_equal(limiter_exhausted_s(&limiter, noon_s - 30 * 86400), 0);
    assert_int_equal(take_all(&limiter, 1000, noon_s - 30 * 86400, &wait_ms), 1000);
    limiter_set_exhausted_until(&limiter, noon_s - 30 * 86400 + 600, noon_s - 30 * 86400);
    assert_int_equal(limiter_spent_s(&limiter, noon_s - 30 * 86400), 600);
    assert_int_equal(limiter_spent_s(&limiter, noon_s), 0);
}

/* The quota of a day that is not today's says nothing, whichever way the clock went. */
static void a_clock_that_jumps_a_day_begins_the_days_quota_anew(void **state)
{
    struct limiter limiter = limiter_new(0, 3);
    int64_t wait_ms = 0, noon_s = 1800014400;
    (void)state;
    assert_int_equal(take_all(&limiter, 0, noon_s, &wait_ms), 3);
    assert_int_equal(limiter_spent_s(&limiter, noon_s - 86400), 0);
    assert_int_equal(take_all(&limiter, 1, noon_s - 86400, &wait_ms), 3);
    assert_int_equal(take_all(&limiter, 2, noon_s + 30 * 86400, &wait_ms), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lets_one_seconds_allowance_through_and_says_when_the_next_is_due),
        cmocka_unit_test(a_limit_of_zero_is_none),
        cmocka_unit_test(the_days_quota_ends_with_the_utc_day),
        cmocka_unit_test(a_clock_that_stands_still_gives_nothing),
        cmocka_unit_test(what_the_upstream_says_is_spent_stays_so_until_its_time),
        cmocka_unit_test(no_upstream_can_stop_the_asking_for_ever),
        cmocka_unit_test(what_was_said_before_the_clock_was_set_back_locks_nobody_out),
        cmocka_unit_test(a_clock_that_jumps_a_day_begins_the_days_quota_anew),
    };
    return cmocka_run_group_tests_name("service/limiter", tests, NULL, NULL);
}
