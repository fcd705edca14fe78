/* The budgets of a client and of the host its pages are for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "service/http/client_budget.h"

static struct client_budget *quota;

static int set_up(void **state)
{
    (void)state;
    quota = client_budget_new(100);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    client_budget_free(quota);
    return 0;
}

static struct payers payers_of(uint8_t client, const char *host, unsigned burst, unsigned max_parallel)
{
    struct payers payers = {.clients = {{.bytes = {client}}},
                            .n = 1,
                            .limits = {.per_minute = 1, .burst = burst, .max_parallel = max_parallel}};
    if (host != NULL)
        payers.clients[payers.n++] = client_of_host(host, strlen(host));
    return payers;
}

static enum budget_result enter(uint8_t client, const char *host)
{
    struct payers payers = payers_of(client, host, 2, 0);
    return payers_enter(quota, &payers, 1000).result;
}

static void clients_together_are_held_to_the_budget_of_a_host(void **state)
{
    (void)state;
    for (uint8_t client = 1; client <= PAYERS_HOST_SHARE; client++) {
        assert_int_equal(enter(client, "a.example"), BUDGET_GRANTED);
        assert_int_equal(enter(client, "A.example"), BUDGET_GRANTED);
    }
    assert_int_equal(enter(100, "a.example"), BUDGET_SPENT);
    assert_int_equal(enter(100, "b.example"), BUDGET_GRANTED);
}

static void a_client_that_is_refused_spends_nothing_of_the_host_nor_the_host_of_it(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++)
        assert_int_equal(enter(1, NULL), BUDGET_GRANTED);
    for (int i = 0; i < 5; i++)
        assert_int_equal(enter(1, "a.example"), BUDGET_SPENT);
    for (int i = 0; i < 2 * PAYERS_HOST_SHARE; i++)
        assert_int_equal(enter((uint8_t)(2 + i), "a.example"), BUDGET_GRANTED);
    for (int i = 0; i < 5; i++)
        assert_int_equal(enter(100, "a.example"), BUDGET_SPENT);
    assert_int_equal(enter(100, NULL), BUDGET_GRANTED);
    assert_int_equal(enter(100, NULL), BUDGET_GRANTED);
}

/* Anybody can name the host of a stranger. */
static void one_client_cannot_spend_the_budget_of_a_stranger_s_host(void **state)
{
    (void)state;
    for (int i = 0; i < 100; i++)
        enter(1, "a.example");
    assert_int_equal(enter(1, "a.example"), BUDGET_SPENT);
    for (uint8_t client = 2; client <= PAYERS_HOST_SHARE; client++)
        assert_int_equal(enter(client, "a.example"), BUDGET_GRANTED);
}

static void what_is_under_way_is_given_back_to_both(void **state)
{
    struct payers one = payers_of(1, "a.example", 10, 1), other = payers_of(100, "a.example", 10, 1);
    (void)state;
    assert_int_equal(payers_enter(quota, &one, 1000).result, BUDGET_GRANTED);
    for (uint8_t client = 2; client <= PAYERS_HOST_SHARE; client++) {
        struct payers more = payers_of(client, "a.example", 10, 1);
        assert_int_equal(payers_enter(quota, &more, 1000).result, BUDGET_GRANTED);
    }
    assert_int_equal(payers_look(quota, &other, 1000).result, BUDGET_PARALLEL);
    assert_int_equal(payers_enter(quota, &other, 1000).result, BUDGET_PARALLEL);
    payers_leave(quota, &one);
    assert_int_equal(payers_enter(quota, &other, 1000).result, BUDGET_GRANTED);
    payers_leave(quota, &other);
}

/* The host was charged for each try, though there was no room for the client. */
static void a_client_without_room_spends_nothing_of_the_host(void **state)
{
    struct payers known = payers_of(1, "a.example", 2, 0), stranger = payers_of(2, "a.example", 2, 0);
    (void)state;
    assert_int_equal(payers_enter(quota, &known, 1000).result, BUDGET_GRANTED);
    for (unsigned i = 0; i < 5000; i++) {
        struct payers one = payers_of(3, NULL, 2, 0);
        one.clients[0].bytes[1] = (uint8_t)i;
        one.clients[0].bytes[2] = (uint8_t)(i >> 8);
        payers_enter(quota, &one, 1000);
    }
    for (unsigned i = 0; i < 2 * 2 * PAYERS_HOST_SHARE; i++)
        assert_int_equal(payers_enter(quota, &stranger, 1000).result, BUDGET_FULL);
    assert_int_equal(payers_enter(quota, &known, 1000).result, BUDGET_GRANTED);
}

static void the_grant_is_the_client_s(void **state)
{
    struct payers payers = payers_of(1, NULL, 5, 0);
    (void)state;
    assert_int_equal(payers_enter(quota, &payers, 1000).remaining, 4);
    payers = payers_of(1, "a.example", 5, 0);
    assert_int_equal(payers_enter(quota, &payers, 1000).remaining, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(clients_together_are_held_to_the_budget_of_a_host, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_client_that_is_refused_spends_nothing_of_the_host_nor_the_host_of_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_client_cannot_spend_the_budget_of_a_stranger_s_host, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_is_under_way_is_given_back_to_both, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_client_without_room_spends_nothing_of_the_host, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_grant_is_the_client_s, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
