/* How orders end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "service/document/order.h"

struct client {
    unsigned told;
    struct outcome outcome;
};

static void on_done(void *arg, struct outcome *outcome)
{
    struct client *client = arg;
    client->told++;
    client->outcome = *outcome;
}

static struct outcome outcome_with(struct cache_value *document)
{
    return (struct outcome){.document = cache_value_ref(document), .problem = PROBLEM_UPSTREAM_SLOW};
}

static void whoever_waits_is_told_once_and_gets_the_reference(void **state)
{
    (void)state;
    struct cache_value *document = cache_value_new(2, 0, 1, 2, 3);
    const struct document_request request = {.id = "1"};
    struct client client = {0};
    struct outcome outcome = outcome_with(document);
    struct order *order = order_new(&request, on_done, &client);
    assert_false(order->refresh);
    assert_int_equal(client.told, 0);
    order_finish(order, &outcome);
    assert_int_equal(client.told, 1);
    assert_ptr_equal(client.outcome.document, document);
    assert_int_equal(client.outcome.problem, PROBLEM_UPSTREAM_SLOW);
    assert_int_equal(atomic_load(&document->refs), 2);
    outcome_done(&client.outcome);
    cache_value_unref(document);
}

static void what_comes_of_a_refresh_is_released(void **state)
{
    (void)state;
    struct cache_value *document = cache_value_new(2, 0, 1, 2, 3);
    struct outcome outcome = outcome_with(document);
    const struct document_request request = {.id = "1"};
    struct order *order = order_new(&request, NULL, NULL);
    assert_true(order->refresh);
    order_finish(order, &outcome);
    assert_null(outcome.document);
    assert_int_equal(atomic_load(&document->refs), 1);
    cache_value_unref(document);
}

static void an_order_outlives_the_request_it_was_made_from(void **state)
{
    (void)state;
    struct document_request request = {.id = "1", .limit = 7};
    struct order *order = order_new(&request, NULL, NULL);
    memset(&request, 0xff, sizeof(request));
    assert_string_equal(order->request.id, "1");
    assert_int_equal(order->request.limit, 7);
    order_free(order);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whoever_waits_is_told_once_and_gets_the_reference),
        cmocka_unit_test(what_comes_of_a_refresh_is_released),
        cmocka_unit_test(an_order_outlives_the_request_it_was_made_from),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
