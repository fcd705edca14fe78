/* Digits: what a hexadecimal one is worth, and when several are a number that is an id. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "translators/base/text.h"

static void a_hexadecimal_digit_has_a_value_in_either_case(void **state)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    (void)state;
    for (int i = 0; digits[i] != '\0'; i++)
        assert_int_equal(text_hex_value(digits[i]), i % 16);
}

static void no_other_byte_is_a_hexadecimal_digit(void **state)
{
    (void)state;
    for (int c = 0; c < 256; c++)
        assert_int_equal(text_hex_value((char)c) >= 0, c != 0 && strchr("0123456789abcdefABCDEF", c) != NULL);
}

static void a_number_has_one_form(void **state)
{
    static const char *const numbers[] = {"1", "9", "10", "6395144", "999999999999999999"};
    static const char *const others[] = {
        "", "0", "007", "1234567890123456789", "-1", "+1", " 1", "1 ", "1.0", "12a", "0x10", "\xD9\xA1"};
    (void)state;
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        assert_true(text_is_number(numbers[i]));
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        assert_false(text_is_number(others[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hexadecimal_digit_has_a_value_in_either_case),
        cmocka_unit_test(no_other_byte_is_a_hexadecimal_digit),
        cmocka_unit_test(a_number_has_one_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
