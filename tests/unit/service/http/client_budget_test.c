/* A client's budget of cold work, with time as an argument. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "service/http/client_budget.h"

#define NOW_MS 1000000

static struct client client_number(unsigned n)
{
    struct client client = {{0x20, 0x01}};
    memcpy(client.bytes + 2, &n, sizeof(n));
    return client;
}

/* Asks and is done at once. */
static struct client_budget_grant ask(struct client_budget *quota, const struct client_budget_limits *limits,
                                      unsigned number, int64_t now_ms)
{
    struct client client = client_number(number);
    struct client_budget_grant grant = client_budget_enter(quota, &client, limits, now_ms);
    if (grant.result == BUDGET_GRANTED)
        client_budget_leave(quota, &client);
    return grant;
}

static void a_quiet_client_has_a_burst_and_then_a_rate(void **state)
{
    (void)state;
    const struct client_budget_limits limits = {.per_minute = 60, .burst = 3};
    struct client_budget *quota = client_budget_new(100);
    for (unsigned left = 3; left-- > 0;) {
        struct client_budget_grant grant = ask(quota, &limits, 1, NOW_MS);
        assert_int_equal(grant.result, BUDGET_GRANTED);
        assert_int_equal(grant.remaining, left);
        assert_int_equal(grant.reset_s, 3 - left);
    }
    struct client_budget_grant grant = ask(quota, &limits, 1, NOW_MS);
    assert_int_equal(grant.result, BUDGET_SPENT);
    assert_int_equal(grant.retry_after_s, 1);
    assert_int_equal(ask(quota, &limits, 1, NOW_MS + 999).result, BUDGET_SPENT);
    assert_int_equal(ask(quota, &limits, 1, NOW_MS + 1000).result, BUDGET_GRANTED);
    assert_int_equal(ask(quota, &limits, 1, NOW_MS + 1001).result, BUDGET_SPENT);
    client_budget_free(quota);
}

static void a_look_says_what_would_come_and_takes_nothing(void **state)
{
    (void)state;
    const struct client_budget_limits limits = {.per_minute = 60, .burst = 1, .max_parallel = 1};
    struct client_budget *quota = client_budget_new(100);
    struct client client = client_number(1);
    for (int i = 0; i < 3; i++)
        assert_int_equal(client_budget_look(quota, &client, &limits, NOW_MS).result, BUDGET_GRANTED);
    assert_int_equal(client_budget_enter(quota, &client, &limits, NOW_MS).result, BUDGET_GRANTED);
    assert_int_equal(client_budget_look(quota, &client, &limits, NOW_MS).result, BUDGET_PARALLEL);
    client_budget_leave(quota, &client);
    struct client_budget_grant grant = client_budget_look(quota, &client, &limits, NOW_MS);
    assert_int_equal(grant.result, BUDGET_SPENT);
    assert_int_equal(grant.retry_after_s, 1);
    assert_int_equal(grant.remaining, 0);
    assert_int_equal(client_budget_look(quota, &client, &limits, NOW_MS + 1000).result, BUDGET_GRANTED);
    assert_int_equal(ask(quota, &limits, 1, NOW_MS + 1000).result, BUDGET_GRANTED);
    client_budget_free(quota);
}

static void whoever_waits_as_long_as_told_is_granted(void **state)
{
    (void)state;
    for (unsigned per_minute = 1; per_minute < 200; per_minute += 7) {
        const struct client_budget_limits limits = {.per_minute = per_minute, .burst = 2};
        struct client_budget *quota = client_budget_new(8);
        int64_t now_ms = NOW_MS;
        for (int i = 0; i < 50; i++) {
            struct client_budget_grant grant = ask(quota, &limits, 1, now_ms);
            now_ms += 137;
            if (grant.result == BUDGET_GRANTED)
                continue;
            assert_true(grant.retry_after_s > 0);
            now_ms += grant.retry_after_s * 1000;
            assert_int_equal(ask(quota, &limits, 1, now_ms).result, BUDGET_GRANTED);
        }
        client_budget_free(quota);
    }
}

static void the_policy_says_how_much_in_how_long(void **state)
{
    (void)state;
    const struct client_budget_limits limits = {.per_minute = 60, .burst = 30};
    struct client_budget *quota = client_budget_new(8);
    struct client_budget_grant grant = ask(quota, &limits, 1, NOW_MS);
    assert_int_equal(grant.quota, 30);
    assert_int_equal(grant.window_s, 30);
    assert_int_equal(grant.remaining, 29);
    assert_int_equal(grant.reset_s, 1);
    assert_int_equal(grant.retry_after_s, 0);
    client_budget_free(quota);
}

static void a_rate_of_nothing_is_no_limit_and_no_policy(void **state)
{
    (void)state;
    const struct client_budget_limits limits = {.burst = 1};
    struct client_budget *quota = client_budget_new(8);
    for (int i = 0; i < 1000; i++) {
        struct client_budget_grant grant = ask(quota, &limits, 1, NOW_MS);
        assert_int_equal(grant.result, BUDGET_GRANTED);
        assert_int_equal(grant.window_s, 0);
    }
    client_budget_free(quota);
}

static void clients_do_not_spend_each_others_budget(void **state)
{
    (void)state;
    const struct client_budget_limits limits = {.per_minute = 1, .burst = 1};
    struct client_budget *quota = client_budget_new(4096);
    for (unsigned client = 0; client < 100; client++)
        assert_int_equal(ask(quota, &limits, client, NOW_MS).result, BUDGET_GRANTED);
    for (unsigned client = 0; client < 100; client++)
        assert_int_equal(ask(quota, &limits, client, NOW_MS).result, BUDGET_SPENT);
    client_budget_free(quota);
}

static void only_so_much_is_under_way_at_once(void **state)
{
    (void)state;
    const struct client_budget_limits limits = {.max_parallel = 2};
    struct client_budget *quota = client_budget_new(8);
    struct client client = client_number(1);
    assert_int_equal(client_budget_enter(quota, &client, &limits, NOW_MS).result, BUDGET_GRANTED);
    assert_int_equal(client_budget_enter(quota, &client, &limits, NOW_MS).result, BUDGET_GRANTED);
    struct client_budget_grant grant = client_budget_enter(quota, &client, &limits, NOW_MS);
    assert_int_equal(grant.result, BUDGET_PARALLEL);
    assert_int_equal(grant.retry_after_s, 1);
    client_budget_leave(quota, &client);
    assert_int_equal(client_budget_enter(quota, &client, &limits, NOW_MS).result, BUDGET_GRANTED);
    client_budget_free(quota);
}

static void a_refusal_costs_nothing(void **state)
{
    (void)state;
    const struct client_budget_limits limits = {.per_minute = 60, .burst = 1};
    struct client_budget *quota = client_budget_new(8);
    assert_int_equal(ask(quota, &limits, 1, NOW_MS).result, BUDGET_GRANTED);
    for (int i = 0; i < 500; i++)
        assert_int_equal(ask(quota, &limits, 1, NOW_MS + i).result, BUDGET_SPENT);
    assert_int_equal(ask(quota, &limits, 1, NOW_MS + 1000).result, BUDGET_GRANTED);
    client_budget_free(quota);
}

static void a_full_table_forgets_who_has_spent_least(void **state)
{
    (void)state;
    const struct client_budget_limits limits = {.per_minute = 1, .burst = 10};
    struct client_budget *quota = client_budget_new(8); /* one set */
    for (int i = 0; i < 10; i++)
        assert_int_equal(ask(quota, &limits, 1, NOW_MS).result, BUDGET_GRANTED);
    for (unsigned client = 2; client < 1000; client++)
        assert_int_equal(ask(quota, &limits, client, NOW_MS).result, BUDGET_GRANTED);
    assert_int_equal(ask(quota, &limits, 1, NOW_MS).result, BUDGET_SPENT);
    client_budget_free(quota);
}

static void nobody_with_work_under_way_is_forgotten(void **state)
{
    (void)state;
    const struct client_budget_limits limits = {.max_parallel = 1};
    struct client_budget *quota = client_budget_new(8);
    for (unsigned number = 0; number < 8; number++) {
        struct client client = client_number(number);
        assert_int_equal(client_budget_enter(quota, &client, &limits, NOW_MS).result, BUDGET_GRANTED);
    }
    struct client_budget_grant grant = ask(quota, &limits, 99, NOW_MS);
    assert_int_equal(grant.result, BUDGET_FULL);
    assert_int_equal(grant.retry_after_s, 1);
    struct client gone = client_number(3);
    client_budget_leave(quota, &gone);
    assert_int_equal(ask(quota, &limits, 99, NOW_MS).result, BUDGET_GRANTED);
    client_budget_free(quota);
}

static void lower_limits_apply_to_who_has_spent_more(void **state)
{
    (void)state;
    const struct client_budget_limits wide = {.per_minute = 60, .burst = 100},
                                      narrow = {.per_minute = 60, .burst = 2};
    struct client_budget *quota = client_budget_new(8);
    for (int i = 0; i < 50; i++)
        ask(quota, &wide, 1, NOW_MS);
    struct client_budget_grant grant = ask(quota, &narrow, 1, NOW_MS);
    assert_int_equal(grant.result, BUDGET_SPENT);
    assert_int_equal(grant.retry_after_s, 1);
    assert_int_equal(ask(quota, &narrow, 1, NOW_MS + 1000).result, BUDGET_GRANTED);
    client_budget_free(quota);
}

static void a_year_of_quiet_and_time_that_stands_still_do_no_harm(void **state)
{
    (void)state;
    const struct client_budget_limits limits = {.per_minute = 1000000, .burst = 1000000};
    struct client_budget *quota = client_budget_new(8);
    for (int i = 0; i < 100; i++)
        ask(quota, &limits, 1, NOW_MS);
    assert_int_equal(ask(quota, &limits, 1, NOW_MS + INT64_C(31536000000)).remaining, 999999);
    assert_int_equal(ask(quota, &limits, 1, NOW_MS).remaining, 999998);
    client_budget_free(quota);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_quiet_client_has_a_burst_and_then_a_rate),
        cmocka_unit_test(a_look_says_what_would_come_and_takes_nothing),
        cmocka_unit_test(whoever_waits_as_long_as_told_is_granted),
        cmocka_unit_test(the_policy_says_how_much_in_how_long),
        cmocka_unit_test(a_rate_of_nothing_is_no_limit_and_no_policy),
        cmocka_unit_test(clients_do_not_spend_each_others_budget),
        cmocka_unit_test(only_so_much_is_under_way_at_once),
        cmocka_unit_test(a_refusal_costs_nothing),
        cmocka_unit_test(a_full_table_forgets_who_has_spent_least),
        cmocka_unit_test(nobody_with_work_under_way_is_forgotten),
        cmocka_unit_test(lower_limits_apply_to_who_has_spent_more),
        cmocka_unit_test(a_year_of_quiet_and_time_that_stands_still_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
