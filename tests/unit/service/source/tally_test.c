/* Tests of service/source/tally.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "service/source/tally.h"

#define NOW_S  INT64_C(1800000000)
#define SOON_S 60

static struct tally of_one_answer(int64_t fresh_until_s, int64_t keep_until_s)
{
    struct tally tally = tally_new(NOW_S + 14400, NOW_S + 86400);
    tally_answer(&tally,
                 &(struct source_answer){.fresh_until_s = fresh_until_s, .keep_until_s = keep_until_s});
    return tally;
}

static void assert_times(const struct tally *tally, bool incomplete, int64_t fresh_s, int64_t keep_s)
{
    struct representation_times times = tally_times(tally, incomplete, SOON_S, NOW_S);
    assert_int_equal(times.stored_s, NOW_S);
    assert_int_equal(times.fresh_until_s - NOW_S, fresh_s);
    assert_int_equal(times.keep_until_s - NOW_S, keep_s);
}

static void a_document_is_as_fresh_as_its_least_fresh_answer(void **state)
{
    (void)state;
    struct tally tally = of_one_answer(NOW_S + 100, NOW_S + 1000);
    tally_answer(&tally, &(struct source_answer){.fresh_until_s = NOW_S + 5000, .keep_until_s = NOW_S + 500});
    assert_times(&tally, false, 100, 500);
}

static void a_problem_says_nothing_of_how_long_the_document_holds(void **state)
{
    (void)state;
    struct tally tally = of_one_answer(NOW_S + 100, NOW_S + 1000);
    tally_answer(&tally, &(struct source_answer){.problem = PROBLEM_UPSTREAM_SLOW, .retry_after_s = 7});
    assert_times(&tally, false, 100, 1000);
    assert_int_equal(tally.retry_after_s, 7);
}

static void what_is_incomplete_is_fresh_for_a_short_time_only(void **state)
{
    (void)state;
    struct tally tally = of_one_answer(NOW_S + 5000, NOW_S + 10000);
    assert_times(&tally, true, SOON_S, 10000);
    tally = of_one_answer(NOW_S + 5, NOW_S + 10000);
    assert_times(&tally, true, 5, 10000);
}

static void what_has_a_stale_part_is_fresh_for_a_short_time_but_never_past_its_end(void **state)
{
    (void)state;
    struct tally tally = tally_new(NOW_S + 14400, NOW_S + 86400);
    tally_answer(&tally, &(struct source_answer){.trouble = PROBLEM_UPSTREAM_ERROR,
                                                 .fresh_until_s = NOW_S - 100,
                                                 .keep_until_s = NOW_S + 20});
    assert_times(&tally, false, 20, 20);
    assert_int_equal(tally.trouble, PROBLEM_UPSTREAM_ERROR);
}

/* It had a negative max-age, and memcached's reader took it for torn. */
static void
an_answer_that_went_stale_while_others_were_awaited_ends_no_earlier_than_the_document_began(void **state)
{
    (void)state;
    struct tally tally = of_one_answer(NOW_S - 2, NOW_S + 1000);
    assert_times(&tally, false, 0, 1000);
    tally = of_one_answer(NOW_S - 3, NOW_S - 1);
    assert_times(&tally, false, 0, 0);
}

static void assert_made(const struct tally *tally, int64_t age_s)
{
    assert_int_equal(NOW_S - tally_times(tally, false, SOON_S, NOW_S).made_s, age_s);
}

static void add(struct tally *tally, int64_t age_s, enum problem_kind trouble)
{
    tally_answer(tally, &(struct source_answer){.stored_s = NOW_S - age_s,
                                                .fresh_until_s = NOW_S + 100,
                                                .keep_until_s = NOW_S + 1000,
                                                .trouble = trouble});
}

static void a_document_is_as_old_as_its_latest_answer_while_all_are_fresh(void **state)
{
    (void)state;
    struct tally tally = tally_new(NOW_S + 14400, NOW_S + 86400);
    assert_made(&tally, 0);
    add(&tally, 500, PROBLEM_NONE);
    assert_made(&tally, 500);
    add(&tally, 30, PROBLEM_NONE);
    add(&tally, 90, PROBLEM_NONE);
    assert_made(&tally, 30);
    add(&tally, -5, PROBLEM_NONE);
    assert_made(&tally, 0);
}

/* It was given out as if it were new. */
static void a_document_remade_of_stale_copies_is_as_old_as_the_oldest_of_them(void **state)
{
    (void)state;
    struct tally tally = tally_new(NOW_S + 14400, NOW_S + 86400);
    add(&tally, 700, PROBLEM_UPSTREAM_LIMIT);
    add(&tally, 800, PROBLEM_UPSTREAM_LIMIT);
    add(&tally, 600, PROBLEM_UPSTREAM_LIMIT);
    assert_made(&tally, 800);
    add(&tally, 0, PROBLEM_NONE);
    add(&tally, 5000, PROBLEM_NONE);
    assert_made(&tally, 800);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_is_as_fresh_as_its_least_fresh_answer),
        cmocka_unit_test(a_problem_says_nothing_of_how_long_the_document_holds),
        cmocka_unit_test(what_is_incomplete_is_fresh_for_a_short_time_only),
        cmocka_unit_test(what_has_a_stale_part_is_fresh_for_a_short_time_but_never_past_its_end),
        cmocka_unit_test(a_document_is_as_old_as_its_latest_answer_while_all_are_fresh),
        cmocka_unit_test(a_document_remade_of_stale_copies_is_as_old_as_the_oldest_of_them),
        cmocka_unit_test(
            an_answer_that_went_stale_while_others_were_awaited_ends_no_earlier_than_the_document_began),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
