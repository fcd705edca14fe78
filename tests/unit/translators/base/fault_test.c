/* translators/base/fault.h */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "translators/base/fault.h"

static void a_place_can_be_put_in_front_of_what_was_said(void **state)
{
    struct fault fault;
    (void)state;
    assert_false(fault_say(&fault, "[%s] %s: must be yes or no", "cache", "shared"));
    assert_false(fault_say(&fault, "%s:%u: %s", "marquee.ini", 7u, fault.text));
    assert_string_equal(fault.text, "marquee.ini:7: [cache] shared: must be yes or no");
}

static void what_is_too_long_is_cut(void **state)
{
    char text[2 * FAULT_MAX_BYTES];
    struct fault fault;
    (void)state;
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    fault_say(&fault, "%s", text);
    fault_say(&fault, "here: %s", fault.text);
    assert_int_equal(strlen(fault.text), FAULT_MAX_BYTES - 1);
    assert_memory_equal(fault.text, "here: xxx", 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_place_can_be_put_in_front_of_what_was_said),
        cmocka_unit_test(what_is_too_long_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
