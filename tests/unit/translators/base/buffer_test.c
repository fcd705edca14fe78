/* Tests of translators/base/buffer.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "translators/base/buffer.h"

static void what_is_appended_stands_one_behind_the_other_with_a_nul(void **state)
{
    (void)state;
    struct buffer buffer = BUFFER_INIT(100);
    assert_null(buffer.bytes);
    buffer_puts(&buffer, "ab");
    buffer_append(&buffer, "c\0d", 3);
    buffer_printf(&buffer, "%d%s", 12, "x");
    assert_int_equal(buffer.len, 8);
    assert_memory_equal(buffer.bytes, "abc\0d12x", 9);
    assert_false(buffer.overflowed);
    buffer_done(&buffer);
}

static void appending_nothing_still_gives_a_string(void **state)
{
    (void)state;
    struct buffer buffer = BUFFER_INIT(0);
    buffer_append(&buffer, NULL, 0);
    assert_string_equal(buffer.bytes, "");
    assert_false(buffer.overflowed);
    buffer_done(&buffer);
}

static void it_grows_to_exactly_its_maximum(void **state)
{
    (void)state;
    struct buffer buffer = BUFFER_INIT(100000);
    for (int i = 0; i < 100000; i++)
        buffer_append(&buffer, "x", 1);
    assert_int_equal(buffer.len, 100000);
    assert_int_equal(strlen(buffer.bytes), 100000);
    assert_false(buffer.overflowed);
    buffer_append(&buffer, "y", 1);
    assert_true(buffer.overflowed);
    assert_int_equal(buffer.len, 100000);
    assert_int_equal(buffer.bytes[99999], 'x');
    buffer_done(&buffer);
}

static void after_an_overflow_nothing_more_is_taken(void **state)
{
    (void)state;
    struct buffer buffer = BUFFER_INIT(5);
    buffer_puts(&buffer, "abc");
    buffer_printf(&buffer, "%s", "def");
    assert_true(buffer.overflowed);
    buffer_puts(&buffer, "g");
    assert_string_equal(buffer.bytes, "abc");
    buffer_done(&buffer);
}

static void a_length_near_the_end_of_size_t_overflows_and_does_not_wrap(void **state)
{
    (void)state;
    struct buffer buffer = BUFFER_INIT(10);
    buffer_puts(&buffer, "abc");
    buffer_append(&buffer, "x", SIZE_MAX - 1);
    assert_true(buffer.overflowed);
    assert_int_equal(buffer.len, 3);
    buffer_done(&buffer);
}

static void done_empties_it_and_keeps_the_maximum(void **state)
{
    (void)state;
    struct buffer buffer = BUFFER_INIT(4);
    buffer_puts(&buffer, "abcde");
    buffer_done(&buffer);
    assert_null(buffer.bytes);
    assert_int_equal(buffer.len, 0);
    assert_false(buffer.overflowed);
    buffer_puts(&buffer, "abcd");
    assert_string_equal(buffer.bytes, "abcd");
    buffer_puts(&buffer, "e");
    assert_true(buffer.overflowed);
    buffer_done(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_appended_stands_one_behind_the_other_with_a_nul),
        cmocka_unit_test(appending_nothing_still_gives_a_string),
        cmocka_unit_test(it_grows_to_exactly_its_maximum),
        cmocka_unit_test(after_an_overflow_nothing_more_is_taken),
        cmocka_unit_test(a_length_near_the_end_of_size_t_overflows_and_does_not_wrap),
        cmocka_unit_test(done_empties_it_and_keeps_the_maximum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
