/* Two lanes on one account: the configuration before a reload, and that after. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lane_words.h"

struct pair {
    struct ledger ledger;
    struct lane old, new;
};

static const struct provider_config paired = {
    .max_concurrent = 2, .max_queue = 4, .requests_per_day = 4, .section = "songkick"};

static int set_up_pair(void **state)
{
    struct pair *pair = calloc(1, sizeof(*pair));
    assert_non_null(pair);
    pair->old = lane_new(&paired, &pair->ledger);
    pair->new = lane_new(&paired, &pair->ledger);
    *state = pair;
    return 0;
}

static int tear_down_pair(void **state)
{
    struct pair *pair = *state;
    lane_done(&pair->new, &pair->ledger);
    free(pair);
    return 0;
}

static void what_either_configuration_asks_counts_against_one_quota(void **state)
{
    struct pair *pair = *state;
    struct verdict refusal = {0};
    for (int i = 0; i < 3; i++) {
        go(i == 1 ? &pair->new : &pair->old, 0);
        end(i == 1 ? &pair->new : &pair->old, PROBLEM_NONE, 0, 0);
    }
    assert_false(lane_quota_warns(&pair->new, 0));
    go(&pair->new, 0);
    assert_true(lane_quota_warns(&pair->old, 0));
    assert_false(lane_quota_warns(&pair->new, 0));
    assert_false(join(&pair->new, 0, &refusal));
    assert_int_equal(refusal.retry_after_s, 86400);
    lane_done(&pair->old, &pair->ledger);
    assert_false(join(&pair->new, 0, &refusal));
}

static void a_pause_that_one_configuration_was_asked_for_is_the_others_too(void **state)
{
    struct pair *pair = *state;
    struct verdict refusal = {0};
    go(&pair->old, 0);
    assert_int_equal(end(&pair->old, PROBLEM_UPSTREAM_LIMIT, 30, 0), 30);
    lane_done(&pair->old, &pair->ledger);
    assert_false(join(&pair->new, 1000, &refusal));
    assert_int_equal(refusal.retry_after_s, 29);
}

static void retries_of_both_configurations_come_out_of_one_budget(void **state)
{
    struct pair *pair = *state;
    assert_true(lane_retry(&pair->old));
    assert_false(lane_retry(&pair->new));
    lane_done(&pair->old, &pair->ledger);
}

/* Each configuration had places of its own: twice max_concurrent for as long as both were at work. */
static void requests_of_both_configurations_are_together_at_most_max_concurrent(void **state)
{
    struct pair *pair = *state;
    struct verdict refusal;
    go(&pair->old, 0);
    go(&pair->new, 0);
    assert_true(join(&pair->old, 0, &refusal));
    assert_true(join(&pair->new, 0, &refusal));
    assert_int_equal(start(&pair->old, 0), LANE_WAIT);
    assert_int_equal(start(&pair->new, 0), LANE_WAIT);
    lane_done(&pair->old, &pair->ledger);
}

/* The end of a request in another thread wakes nobody here. */
static void nobody_waits_for_ever_for_a_place_of_the_other_configuration(void **state)
{
    struct pair *pair = *state;
    struct verdict refusal;
    int64_t wait_ms = -1;
    go(&pair->old, 0);
    go(&pair->old, 0);
    assert_true(join(&pair->new, 0, &refusal));
    assert_int_equal(lane_start(&pair->new, 0, 0, &wait_ms, &latest_ticket, &refusal), LANE_WAIT);
    assert_in_range(wait_ms, 1, 100);
    end(&pair->old, PROBLEM_NONE, 0, 0);
    assert_int_equal(start(&pair->new, 0), LANE_GO);
    lane_done(&pair->old, &pair->ledger);
}

static void a_place_of_its_own_is_waited_for_without_looking(void **state)
{
    struct pair *pair = *state;
    struct verdict refusal;
    int64_t wait_ms = 0;
    go(&pair->new, 0);
    go(&pair->new, 0);
    assert_true(join(&pair->new, 0, &refusal));
    assert_int_equal(lane_start(&pair->new, 0, 0, &wait_ms, &latest_ticket, &refusal), LANE_WAIT);
    assert_int_equal(wait_ms, -1);
    lane_done(&pair->old, &pair->ledger);
}

/* Whose request ends is there before who looks from time to time, and would take every place. */
static void the_next_place_is_kept_for_the_configuration_that_waits_for_it(void **state)
{
    struct pair *pair = *state;
    struct verdict refusal;
    int64_t wait_ms = -1;
    go(&pair->new, 0);
    go(&pair->new, 0);
    assert_true(join(&pair->new, 0, &refusal));
    assert_true(join(&pair->old, 0, &refusal));
    assert_int_equal(start(&pair->old, 0), LANE_WAIT);
    end(&pair->new, PROBLEM_NONE, 0, 0);
    assert_int_equal(lane_start(&pair->new, 0, 0, &wait_ms, &latest_ticket, &refusal), LANE_WAIT);
    assert_in_range(wait_ms, 1, 100);
    assert_int_equal(start(&pair->old, 50), LANE_GO);
    end(&pair->old, PROBLEM_NONE, 0, 60);
    assert_int_equal(start(&pair->new, 60), LANE_GO);
    lane_done(&pair->old, &pair->ledger);
}

static void no_place_is_kept_for_what_does_not_wait_any_more(void **state)
{
    struct pair *pair = *state;
    struct verdict refusal;
    go(&pair->new, 0);
    go(&pair->new, 0);
    assert_true(join(&pair->new, 0, &refusal));
    assert_true(join(&pair->old, 0, &refusal));
    assert_int_equal(start(&pair->old, 0), LANE_WAIT);
    lane_leave(&pair->old);
    end(&pair->new, PROBLEM_NONE, 0, 0);
    assert_int_equal(start(&pair->new, 0), LANE_GO);
    assert_true(join(&pair->new, 0, &refusal));
    assert_true(join(&pair->old, 0, &refusal));
    assert_int_equal(start(&pair->old, 0), LANE_WAIT);
    lane_done(&pair->old, &pair->ledger);
    end(&pair->new, PROBLEM_NONE, 0, 0);
    assert_int_equal(start(&pair->new, 0), LANE_GO);
}

static void places_of_what_is_under_way_are_free_when_its_configuration_ends(void **state)
{
    struct pair *pair = *state;
    struct verdict refusal;
    go(&pair->old, 0);
    go(&pair->old, 0);
    assert_true(join(&pair->new, 0, &refusal));
    assert_int_equal(start(&pair->new, 0), LANE_WAIT);
    lane_done(&pair->old, &pair->ledger);
    assert_int_equal(start(&pair->new, 0), LANE_GO);
}

static void a_new_max_concurrent_is_in_force_for_both_configurations(void **state)
{
    struct provider_config narrow = paired;
    struct pair *pair = *state;
    struct verdict refusal;
    narrow.max_concurrent = 1;
    go(&pair->old, 0);
    struct lane newest = lane_new(&narrow, &pair->ledger);
    assert_true(join(&newest, 0, &refusal));
    assert_true(join(&pair->old, 0, &refusal));
    assert_int_equal(start(&newest, 0), LANE_WAIT);
    assert_int_equal(start(&pair->old, 0), LANE_WAIT);
    end(&pair->old, PROBLEM_NONE, 0, 0);
    assert_int_equal(start(&newest, 0), LANE_GO);
    lane_done(&newest, &pair->ledger);
    lane_done(&pair->old, &pair->ledger);
}

static void nobody_waits_for_ever_for_the_probe_of_the_other_configuration(void **state)
{
    struct pair *pair = *state;
    struct verdict refusal;
    int64_t wait_ms = -1;
    go(&pair->old, 0);
    end(&pair->old, PROBLEM_UPSTREAM_ERROR, 1, 0);
    go(&pair->old, 1000);
    assert_true(join(&pair->new, 1000, &refusal));
    assert_int_equal(lane_start(&pair->new, 1000, 0, &wait_ms, &latest_ticket, &refusal), LANE_WAIT);
    assert_in_range(wait_ms, 1, 100);
    end(&pair->old, PROBLEM_NONE, 0, 1001);
    assert_int_equal(start(&pair->new, 1001), LANE_GO);
    lane_done(&pair->old, &pair->ledger);
}

static void a_probe_that_ends_with_its_configuration_is_given_back(void **state)
{
    struct pair *pair = *state;
    struct verdict refusal;
    go(&pair->old, 0);
    end(&pair->old, PROBLEM_UPSTREAM_ERROR, 1, 0);
    go(&pair->old, 1000);
    assert_true(join(&pair->new, 1000, &refusal));
    assert_int_equal(start(&pair->new, 1000), LANE_WAIT);
    lane_done(&pair->old, &pair->ledger);
    assert_int_equal(start(&pair->new, 1000), LANE_GO);
    assert_int_equal(pair->new.account->breaker.state, BREAKER_PROBING);
}

static void the_end_of_a_configuration_gives_back_no_probe_but_its_own(void **state)
{
    struct pair *pair = *state;
    struct verdict refusal;
    go(&pair->old, 0);
    go(&pair->new, 0);
    end(&pair->new, PROBLEM_UPSTREAM_ERROR, 1, 0);
    go(&pair->new, 1000);
    assert_true(join(&pair->new, 1000, &refusal));
    lane_done(&pair->old, &pair->ledger);
    assert_int_equal(start(&pair->new, 1000), LANE_WAIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_either_configuration_asks_counts_against_one_quota, set_up_pair,
                                        tear_down_pair),
        cmocka_unit_test_setup_teardown(a_pause_that_one_configuration_was_asked_for_is_the_others_too,
                                        set_up_pair, tear_down_pair),
        cmocka_unit_test_setup_teardown(retries_of_both_configurations_come_out_of_one_budget, set_up_pair,
                                        tear_down_pair),
        cmocka_unit_test_setup_teardown(requests_of_both_configurations_are_together_at_most_max_concurrent,
                                        set_up_pair, tear_down_pair),
        cmocka_unit_test_setup_teardown(nobody_waits_for_ever_for_a_place_of_the_other_configuration,
                                        set_up_pair, tear_down_pair),
        cmocka_unit_test_setup_teardown(a_place_of_its_own_is_waited_for_without_looking, set_up_pair,
                                        tear_down_pair),
        cmocka_unit_test_setup_teardown(the_next_place_is_kept_for_the_configuration_that_waits_for_it,
                                        set_up_pair, tear_down_pair),
        cmocka_unit_test_setup_teardown(no_place_is_kept_for_what_does_not_wait_any_more, set_up_pair,
                                        tear_down_pair),
        cmocka_unit_test_setup_teardown(places_of_what_is_under_way_are_free_when_its_configuration_ends,
                                        set_up_pair, tear_down_pair),
        cmocka_unit_test_setup_teardown(a_new_max_concurrent_is_in_force_for_both_configurations, set_up_pair,
                                        tear_down_pair),
        cmocka_unit_test_setup_teardown(nobody_waits_for_ever_for_the_probe_of_the_other_configuration,
                                        set_up_pair, tear_down_pair),
        cmocka_unit_test_setup_teardown(a_probe_that_ends_with_its_configuration_is_given_back, set_up_pair,
                                        tear_down_pair),
        cmocka_unit_test_setup_teardown(the_end_of_a_configuration_gives_back_no_probe_but_its_own,
                                        set_up_pair, tear_down_pair),
    };
    return cmocka_run_group_tests_name("service/lane_reload", tests, NULL, NULL);
}
