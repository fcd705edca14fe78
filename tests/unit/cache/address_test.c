/* Tests of cache/address.c. */
#include "cache/address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void every_form_of_address_is_understood(void **state)
{
    (void)state;
    struct address list[ADDRESS_MAX];
    const char *why = NULL;
    const size_t n = address_parse_list(
        " one.example:1234  two.example\t[::1]:11212 [2001:db8::1] /run/mc.sock ", list, &why);
    static const struct address expected[] = {{"one.example", 1234},
                                              {"two.example", 11211},
                                              {"::1", 11212},
                                              {"2001:db8::1", 11211},
                                              {"/run/mc.sock", 0}};
    assert_int_equal(n, 5);
    for (size_t i = 0; i < n; i++) {
        assert_string_equal(list[i].host, expected[i].host);
        assert_int_equal(list[i].port, expected[i].port);
    }
}

static void what_is_wrong_is_refused_with_a_reason(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",
                                        "  ",
                                        "h:0",
                                        "h:65536",
                                        "h:",
                                        "h:12x",
                                        ":11211",
                                        "h:-1",
                                        "::1",
                                        "[::1",
                                        "[::1]11211",
                                        "[]:1",
                                        "a b a",
                                        "h h:11211",
                                        "h:99999",
                                        "h:123456789",
                                        "/a.sock /a.sock"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        struct address list[ADDRESS_MAX];
        const char *why = NULL;
        assert_int_equal(address_parse_list(wrong[i], list, &why), 0);
        assert_non_null(why);
    }
}

static void names_too_long_and_lists_too_long_are_refused(void **state)
{
    (void)state;
    struct address list[ADDRESS_MAX];
    const char *why = NULL;
    char text[1024];
    memset(text, 'a', 300);
    text[300] = '\0';
    assert_int_equal(address_parse_list(text, list, &why), 0);
    text[253] = '\0';
    assert_int_equal(address_parse_list(text, list, &why), 1);
    memset(text, 'a', 108);
    text[0] = '/';
    text[108] = '\0';
    assert_int_equal(address_parse_list(text, list, &why), 0);
    text[107] = '\0';
    assert_int_equal(address_parse_list(text, list, &why), 1);

    size_t len = 0;
    for (int i = 0; i <= ADDRESS_MAX; i++)
        len += (size_t)snprintf(text + len, sizeof(text) - len, "h%d ", i);
    assert_int_equal(address_parse_list(text, list, &why), 0);
    *strrchr(text, 'h') = '\0';
    assert_int_equal(address_parse_list(text, list, &why), ADDRESS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_of_address_is_understood),
        cmocka_unit_test(what_is_wrong_is_refused_with_a_reason),
        cmocka_unit_test(names_too_long_and_lists_too_long_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
