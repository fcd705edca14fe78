/* Tests of cache/value.c. */
#include "cache/value.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define THREADS 4

static void a_value_is_fresh_then_stale_then_gone(void **state)
{
    (void)state;
    struct cache_value *value = cache_value_new(0, 0, 100, 200, 300);
    assert_int_equal(cache_judge(value, 100), CACHE_FRESH);
    assert_int_equal(cache_judge(value, 199), CACHE_FRESH);
    assert_int_equal(cache_judge(value, 200), CACHE_STALE);
    assert_int_equal(cache_judge(value, 299), CACHE_STALE);
    assert_int_equal(cache_judge(value, 300), CACHE_GONE);
    cache_value_unref(value);
}

static void a_value_from_the_future_is_stale_because_the_clock_was_set_back(void **state)
{
    (void)state;
    struct cache_value *value = cache_value_new(0, 0, 5000, 6000, 7000);
    assert_int_equal(cache_judge(value, 5000 - CACHE_MAX_SKEW_S), CACHE_FRESH);
    assert_int_equal(cache_judge(value, 5000 - CACHE_MAX_SKEW_S - 1), CACHE_STALE);
    assert_false(cache_fresh_beyond(value, 1000, 1000));
    cache_value_unref(value);
}

static void assert_times(struct cache_value *value, int64_t now_s, int64_t stored_s, int64_t fresh_until_s,
                         int64_t keep_until_s)
{
    struct cache_times times = cache_times(value, now_s);
    assert_int_equal(times.stored_s, stored_s);
    assert_int_equal(times.fresh_until_s, fresh_until_s);
    assert_int_equal(times.keep_until_s, keep_until_s);
}

/* It was kept for as long as the jump, and a life more. */
static void a_value_from_the_future_is_kept_for_one_life_from_when_it_is_noticed(void **state)
{
    (void)state;
    struct cache_value *value = cache_value_new(0, 0, 900000, 900100, 902000);
    assert_times(value, 900050, 900000, 900100, 902000);
    assert_times(value, 1000, 1000, 1000, 3000);
    assert_times(value, 1010, 1000, 1000, 3000);
    assert_int_equal(cache_judge(value, 2999), CACHE_STALE);
    assert_int_equal(cache_judge(value, 3000), CACHE_GONE);
    assert_int_equal(cache_judge(value, 900000), CACHE_GONE);
    cache_value_unref(value);
}

static void a_value_from_the_future_is_not_fresh_when_the_clock_comes_to_its_time(void **state)
{
    (void)state;
    struct cache_value *value = cache_value_new(0, 0, 5000, 8000, 9000);
    assert_int_equal(cache_judge(value, 4000), CACHE_STALE);
    assert_int_equal(cache_judge(value, 5000), CACHE_STALE);
    assert_false(cache_fresh_beyond(value, 5001, 5001));
    assert_int_equal(cache_judge(value, 7999), CACHE_STALE);
    assert_int_equal(cache_judge(value, 8000), CACHE_GONE);
    cache_value_unref(value);
}

static void a_clock_that_is_set_back_twice_is_noticed_twice(void **state)
{
    (void)state;
    struct cache_value *value = cache_value_new(0, 0, 900000, 900100, 902000);
    assert_times(value, 500000, 500000, 500000, 502000);
    assert_times(value, 499999, 499999, 499999, 501999);
    assert_times(value, 1000, 1000, 1000, 3000);
    assert_int_equal(cache_judge(value, 999), CACHE_STALE);
    cache_value_unref(value);
}

static void a_value_is_fresh_beyond_what_lies_before_its_end(void **state)
{
    (void)state;
    struct cache_value *value = cache_value_new(0, 0, 100, 200, 300);
    assert_true(cache_fresh_beyond(value, 199, 150));
    assert_false(cache_fresh_beyond(value, 200, 150));
    assert_false(cache_fresh_beyond(value, 0, 200));
    cache_value_unref(value);
}

static void a_fresh_copy_is_better_than_one_from_the_future_and_a_later_one_than_an_earlier(void **state)
{
    (void)state;
    struct cache_value *future = cache_value_new(0, 0, 5000, 6000, 9000);
    struct cache_value *fresh = cache_value_new(0, 0, 1000, 2000, 9000);
    struct cache_value *later = cache_value_new(0, 0, 1001, 2000, 9000);
    assert_true(cache_better(fresh, future, 1100));
    assert_false(cache_better(future, fresh, 1100));
    assert_true(cache_better(later, fresh, 1100));
    assert_false(cache_better(fresh, later, 1100));
    assert_false(cache_better(fresh, fresh, 1100));
    assert_true(cache_better(later, fresh, 2000)); /* both are stale */
    assert_false(cache_better(fresh, later, 2000));
    cache_value_unref(future);
    cache_value_unref(fresh);
    cache_value_unref(later);
}

static void a_claim_from_before_the_clock_was_set_back_does_not_last(void **state)
{
    (void)state;
    struct cache_value *value = cache_value_new(0, 0, 0, 10, 10000);
    assert_true(cache_claim_refresh(value, 8000, 30));
    assert_true(cache_claim_refresh(value, 1000, 30));
    assert_false(cache_claim_refresh(value, 1000, 30));
    cache_value_unref(value);
}

static void a_value_never_fresh_is_gone_at_its_end(void **state)
{
    (void)state;
    struct cache_value *value = cache_value_new(0, 0, 100, 500, 300);
    assert_int_equal(cache_judge(value, 299), CACHE_FRESH);
    assert_int_equal(cache_judge(value, 300), CACHE_GONE);
    cache_value_unref(value);
}

static void a_new_value_has_what_it_was_given_and_no_marks(void **state)
{
    (void)state;
    struct cache_value *value = cache_value_new(5, 404, 1, 2, 3);
    assert_int_equal(value->len, 5);
    assert_int_equal(value->status, 404);
    assert_int_equal(value->stored_s, 1);
    assert_int_equal(value->fresh_until_s, 2);
    assert_int_equal(value->keep_until_s, 3);
    assert_int_equal(atomic_load(&value->trouble), 0);
    assert_int_equal((uintptr_t)value->bytes % 16, 0);
    cache_value_unref(value);
}

static void a_refresh_is_claimed_once_a_pause(void **state)
{
    (void)state;
    struct cache_value *value = cache_value_new(0, 0, 0, 10, 1000);
    assert_true(cache_claim_refresh(value, 10, 30));
    assert_false(cache_claim_refresh(value, 10, 30));
    assert_false(cache_claim_refresh(value, 39, 30));
    assert_true(cache_claim_refresh(value, 40, 30));
    assert_false(cache_claim_refresh(value, 41, 30));
    cache_value_unref(value);
}

struct claimers {
    struct cache_value *value;
    pthread_barrier_t barrier;
    atomic_int claims;
};

static void *claim(void *arg)
{
    struct claimers *claimers = arg;
    pthread_barrier_wait(&claimers->barrier);
    for (int i = 0; i < 1000; i++)
        claimers->claims += cache_claim_refresh(claimers->value, 7, CACHE_MAX_SKEW_S);
    cache_value_unref(claimers->value);
    return NULL;
}

static void of_many_threads_one_claims_the_refresh(void **state)
{
    (void)state;
    struct claimers claimers = {.value = cache_value_new(0, 0, 0, 0, 1000)};
    pthread_t threads[THREADS];
    assert_int_equal(pthread_barrier_init(&claimers.barrier, NULL, THREADS), 0);
    for (int i = 0; i < THREADS; i++) {
        cache_value_ref(claimers.value);
        assert_int_equal(pthread_create(&threads[i], NULL, claim, &claimers), 0);
    }
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_int_equal(claimers.claims, 1);
    assert_int_equal(atomic_load(&claimers.value->refs), 1);
    cache_value_unref(claimers.value);
    pthread_barrier_destroy(&claimers.barrier);
}

static void letting_go_of_nothing_is_fine(void **state)
{
    (void)state;
    struct cache_value *value = cache_value_new(1, 0, 0, 0, 0);
    assert_ptr_equal(cache_value_ref(value), value);
    cache_value_unref(NULL);
    cache_value_unref(value);
    assert_int_equal(atomic_load(&value->refs), 1);
    cache_value_unref(value);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_is_fresh_then_stale_then_gone),
        cmocka_unit_test(a_value_from_the_future_is_stale_because_the_clock_was_set_back),
        cmocka_unit_test(a_value_from_the_future_is_kept_for_one_life_from_when_it_is_noticed),
        cmocka_unit_test(a_value_from_the_future_is_not_fresh_when_the_clock_comes_to_its_time),
        cmocka_unit_test(a_clock_that_is_set_back_twice_is_noticed_twice),
        cmocka_unit_test(a_value_is_fresh_beyond_what_lies_before_its_end),
        cmocka_unit_test(a_fresh_copy_is_better_than_one_from_the_future_and_a_later_one_than_an_earlier),
        cmocka_unit_test(a_claim_from_before_the_clock_was_set_back_does_not_last),
        cmocka_unit_test(a_value_never_fresh_is_gone_at_its_end),
        cmocka_unit_test(a_new_value_has_what_it_was_given_and_no_marks),
        cmocka_unit_test(a_refresh_is_claimed_once_a_pause),
        cmocka_unit_test(of_many_threads_one_claims_the_refresh),
        cmocka_unit_test(letting_go_of_nothing_is_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
