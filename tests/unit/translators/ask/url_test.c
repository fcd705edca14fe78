/* Tests of translators/ask/url.c: the key of the caller is in no address that is given out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "translators/ask/url.h"
#include "translators/base/arena.h"

static int setup(void **state)
{
    *state = arena_new(1 << 20);
    return 0;
}

static int teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static void assert_without(void **state, const char *url, const char *expected)
{
    assert_string_equal(url_without_parameter(*state, url, "app_id"), expected);
}

static void the_parameter_goes_wherever_it_stands(void **state)
{
    assert_without(state, "https://b.example/e/1?app_id=k&came_from=267",
                   "https://b.example/e/1?came_from=267");
    assert_without(state, "https://b.example/e/1?came_from=267&app_id=k",
                   "https://b.example/e/1?came_from=267");
    assert_without(state, "https://b.example/e/1?a=1&app_id=k&b=2", "https://b.example/e/1?a=1&b=2");
    assert_without(state, "https://b.example/e/1?app_id=k&a=1&app_id=l", "https://b.example/e/1?a=1");
}

static void a_query_of_nothing_else_goes_with_its_question_mark(void **state)
{
    assert_without(state, "https://b.example/e/1?app_id=k", "https://b.example/e/1");
    assert_without(state, "https://b.example/e/1?app_id=k#part", "https://b.example/e/1#part");
    assert_without(state, "https://b.example/e/1?app_id", "https://b.example/e/1");
}

static void the_name_may_be_escaped_and_in_capitals(void **state)
{
    assert_without(state, "https://b.example/?app%5Fid=k&a=1", "https://b.example/?a=1");
    assert_without(state, "https://b.example/?%61pp%5fid=k&a=1", "https://b.example/?a=1");
    assert_without(state, "https://b.example/?App_ID=k&a=1", "https://b.example/?a=1");
}

static void other_addresses_stay_as_they_are(void **state)
{
    assert_without(state, "https://b.example/e/1?my_app=k&app_ids=2&a=%26",
                   "https://b.example/e/1?my_app=k&app_ids=2&a=%26");
    assert_without(state, "https://b.example/app_id/1", "https://b.example/app_id/1");
    assert_without(state, "https://b.example/", "https://b.example/");
    assert_null(url_without_parameter(*state, NULL, "app_id"));
}

static void an_address_that_holds_it_elsewhere_is_none(void **state)
{
    assert_null(url_without_parameter(*state, "https://b.example/?u=https%3A%2F%2Fc.example%2F%3Fapp_id%3Dk",
                                      "app_id"));
    assert_null(url_without_parameter(*state, "https://b.example/?u=x%253Fapp%255Fid%253Dk", "app_id"));
    assert_null(url_without_parameter(*state, "https://b.example/#app_id=k", "app_id"));
    assert_null(url_without_parameter(*state, "https://b.example/app_id=k", "app_id"));
    assert_null(url_without_parameter(*state, "https://b.example/?a=%00app_id=k", "app_id"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_parameter_goes_wherever_it_stands, setup, teardown),
        cmocka_unit_test_setup_teardown(a_query_of_nothing_else_goes_with_its_question_mark, setup, teardown),
        cmocka_unit_test_setup_teardown(the_name_may_be_escaped_and_in_capitals, setup, teardown),
        cmocka_unit_test_setup_teardown(other_addresses_stay_as_they_are, setup, teardown),
        cmocka_unit_test_setup_teardown(an_address_that_holds_it_elsewhere_is_none, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
