/* Rules and counters: what tests of the service rely on when they say how often something was asked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "tests/simulator/control.h"

struct fixture {
    struct counters *counters;
    struct control *control;
};

/* One for all tests: neither has an end. Every test begins with a reset. */
static int setup(void **state)
{
    static struct fixture fixture;

    fixture.counters = counters_new();
    fixture.control = control_new(fixture.counters, 0);
    *state = &fixture;
    return 0;
}

static struct request request_of(const char *target)
{
    struct request request;

    assert_true(request_parse(target, strlen(target), &request));
    return request;
}

static unsigned tell(const struct fixture *fixture, const char *target)
{
    struct request request = request_of(target);
    struct reply *reply = control_answer(fixture->control, &request);
    unsigned status;

    assert_non_null(reply);
    status = reply->status;
    reply_unref(reply);
    return status;
}

static int begin(void **state)
{
    return tell(*state, "/control/reset?all=1") != 200;
}

static struct orders orders_for(const struct fixture *fixture, const char *target, uint64_t connection)
{
    struct request request = request_of(target);

    return control_orders(fixture->control, &request, connection);
}

static json_t *counters_of(const struct fixture *fixture)
{
    struct reply *reply = counters_reply(fixture->counters, true);
    json_t *all = json_loadb(reply->body, reply->len, 0, NULL);

    reply_unref(reply);
    assert_non_null(all);
    return all;
}

static void without_rules_nothing_is_hostile(void **state)
{
    assert_false(orders_for(*state, "/a", 1).hostile);
    assert_int_equal(orders_for(*state, "/a", 1).latency_ms, 0);
}

static void a_rule_applies_where_it_matches_and_as_often_as_it_says(void **state)
{
    assert_int_equal(tell(*state, "/control/set?mode=503&match=venues&times=2"), 200);
    assert_false(orders_for(*state, "/artists", 1).hostile);
    assert_true(orders_for(*state, "/venues/1", 1).hostile);
    assert_int_equal(orders_for(*state, "/venues/1", 1).fault.status, 503);
    assert_false(orders_for(*state, "/venues/1", 1).hostile);
}

static void the_rule_set_last_wins(void **state)
{
    assert_int_equal(tell(*state, "/control/set?mode=503"), 200);
    assert_int_equal(tell(*state, "/control/set?mode=404&match=page%3D2"), 200);
    assert_int_equal(orders_for(*state, "/a?page=2", 1).fault.status, 404);
    assert_int_equal(orders_for(*state, "/a?page=1", 1).fault.status, 503);
}

static void a_latency_may_be_general_or_a_rules_own(void **state)
{
    assert_int_equal(tell(*state, "/control/set?latency_ms=100"), 200);
    assert_int_equal(tell(*state, "/control/set?latency_ms=5&match=venues"), 200);
    assert_int_equal(orders_for(*state, "/artists", 1).latency_ms, 100);
    assert_int_equal(orders_for(*state, "/venues", 1).latency_ms, 5);
}

static void third_strikes_every_third_request(void **state)
{
    assert_int_equal(tell(*state, "/control/set?mode=third"), 200);
    for (int i = 1; i <= 9; i++)
        assert_int_equal(orders_for(*state, "/a", 1).hostile, i % 3 == 0);
}

static void stall_strikes_only_connections_seen_before_it(void **state)
{
    assert_false(orders_for(*state, "/a", 1000).hostile);
    assert_int_equal(tell(*state, "/control/set?mode=stall"), 200);
    assert_true(orders_for(*state, "/a", 1000).hostile);
    assert_false(orders_for(*state, "/a", 1001).hostile);
}

static void unknown_modes_and_too_many_rules_are_refused(void **state)
{
    assert_int_equal(tell(*state, "/control/set?mode=nonsense"), 400);
    assert_int_equal(tell(*state, "/control/set?mode=600"), 400);
    assert_int_equal(tell(*state, "/control/set"), 400);
    for (int i = 0; i < 32; i++)
        assert_int_equal(tell(*state, "/control/set?mode=hang"), 200);
    assert_int_equal(tell(*state, "/control/set?mode=hang"), 409);
}

static void requests_are_counted_by_class_path_and_peak(void **state)
{
    const struct fixture *fixture = *state;
    struct request request = request_of("/a?apikey=secret&page=2");
    struct counted first = counters_begin(fixture->counters, CLASS_VENUE, &request, 1, true);
    struct counted second = counters_begin(fixture->counters, CLASS_VENUE, &request, 1, true);
    json_t *all;
    int peak, now, requests;

    counters_end(fixture->counters, &first);
    all = counters_of(fixture);
    assert_int_equal(json_unpack(all, "{s:{s:{s:i, s:i, s:i}}}", "paths", "/a?page=2", "requests", &requests,
                                 "peak", &peak, "concurrency", &now),
                     0);
    assert_int_equal(requests, 2);
    assert_int_equal(peak, 2);
    assert_int_equal(now, 1);
    assert_int_equal(json_integer_value(json_object_get(all, "connections_used")), 1);
    json_decref(all);
    counters_end(fixture->counters, &second);
}

static void a_request_after_an_answer_opens_a_round(void **state)
{
    const struct fixture *fixture = *state;
    struct request request = request_of("/a");
    struct counted one = counters_begin(fixture->counters, CLASS_CALENDAR, &request, 1, true);
    struct counted two = counters_begin(fixture->counters, CLASS_CALENDAR, &request, 1, true);
    struct counted three, four;
    json_t *all;

    counters_answered(fixture->counters, &one);
    three = counters_begin(fixture->counters, CLASS_VENUE, &request, 1, true);
    /* A late answer of the round before does not end this one. */
    counters_answered(fixture->counters, &two);
    four = counters_begin(fixture->counters, CLASS_VENUE, &request, 1, true);
    all = counters_of(fixture);
    assert_int_equal(json_array_size(json_object_get(all, "rounds")), 2);
    json_decref(all);
    counters_end(fixture->counters, &one);
    counters_end(fixture->counters, &two);
    counters_end(fixture->counters, &three);
    counters_end(fixture->counters, &four);
}

static void a_reset_forgets_paths_and_keeps_what_is_under_way(void **state)
{
    const struct fixture *fixture = *state;
    struct request request = request_of("/a");
    struct counted counted = counters_begin(fixture->counters, CLASS_OTHER, &request, 1, false);
    json_t *all;

    counters_reset(fixture->counters);
    all = counters_of(fixture);
    assert_int_equal(json_integer_value(json_object_get(all, "requests")), 0);
    assert_int_equal(json_integer_value(json_object_get(all, "concurrency")), 1);
    assert_int_equal(json_object_size(json_object_get(all, "paths")), 0);
    json_decref(all);
    counters_end(fixture->counters, &counted);
    all = counters_of(fixture);
    assert_int_equal(json_integer_value(json_object_get(all, "concurrency")), 0);
    json_decref(all);
}

#define TEST(name) cmocka_unit_test_setup(name, begin)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(without_rules_nothing_is_hostile),
        TEST(a_rule_applies_where_it_matches_and_as_often_as_it_says),
        TEST(the_rule_set_last_wins),
        TEST(a_latency_may_be_general_or_a_rules_own),
        TEST(third_strikes_every_third_request),
        TEST(stall_strikes_only_connections_seen_before_it),
        TEST(unknown_modes_and_too_many_rules_are_refused),
        TEST(requests_are_counted_by_class_path_and_peak),
        TEST(a_request_after_an_answer_opens_a_round),
        TEST(a_reset_forgets_paths_and_keeps_what_is_under_way),
    };

    return cmocka_run_group_tests(tests, setup, NULL);
}
