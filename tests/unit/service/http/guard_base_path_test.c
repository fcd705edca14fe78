/* Where a target lies below the path of the public URL. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "service/http/guard.h"

static size_t length(const char *target, const char *path)
{
    return guard_base_path((struct slice){target, strlen(target)}, path);
}

static void a_target_below_the_path_is_ours_with_and_without_it(void **state)
{
    static const char *const targets[] = {"/",
                                          "/?q=7",
                                          "",
                                          "?q=7",
                                          "/api/songkick/artist?id=7",
                                          "/static/x.js",
                                          "/problems#x",
                                          "/robots.txt",
                                          "/tour/songkick/7/"};
    char below[64] = "/events";
    (void)state;
    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
        snprintf(below + 7, sizeof(below) - 7, "%s", targets[i]);
        assert_int_equal(length(below, "/events"), 7);
        assert_int_equal(length(targets[i], "/events"), 0);
        assert_int_equal(length(below, ""), 0);
    }
}

static void another_path_that_begins_alike_is_not_below(void **state)
{
    (void)state;
    assert_int_equal(length("/eventsx/api/", "/events"), 0);
    assert_int_equal(length("/events2", "/events"), 0);
    assert_int_equal(length("/events/other", "/events"), 0);
    assert_int_equal(length("/event", "/events"), 0);
    assert_int_equal(length("*", "/events"), 0);
}

static void a_path_may_have_a_name_of_ours(void **state)
{
    (void)state;
    assert_int_equal(length("/api/songkick/artist?id=7", "/api"), 0);
    assert_int_equal(length("/api/api/songkick/artist?id=7", "/api"), 4);
    assert_int_equal(length("/api/", "/api"), 4);
    assert_int_equal(length("/tour/songkick/7/", "/tour"), 0);
    assert_int_equal(length("/tour/tour/songkick/7/", "/tour"), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_target_below_the_path_is_ours_with_and_without_it),
        cmocka_unit_test(another_path_that_begins_alike_is_not_below),
        cmocka_unit_test(a_path_may_have_a_name_of_ours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
