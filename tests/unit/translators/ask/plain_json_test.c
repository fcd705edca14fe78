/* Tests of translators/ask/plain_json.c, beside jansson. tests/fuzz/answer_fuzz.c has them read the same,
 * too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "translators/ask/plain_json.h"

#define DEPTH  4
#define VALUES 8

static json_t *read_text(const char *text)
{
    return plain_json_read(text, strlen(text), DEPTH, VALUES);
}

static void what_it_reads_jansson_reads_the_same(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{}",
        "[]",
        " [ 1 , -2,0,-0 ]\r\n\t",
        "{\"a\":{\"b\":[true,false,null]},\"a b\":\"\"}",
        "{\"a\":1,\"b\":2,\"a\":3}",
        "[0.5,-1.25e2,1E-5,2e+3,52.5244]",
        "[999999999999999999,-999999999999999999]",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
        "\"\\u0041\\u00e9\\u20AC\\uffff tail\"",
        "\"\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80\"",
        "{\"\xC3\xA9\":\"\x7F\"}",
        "1.5",
        "null",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        json_t *mine = read_text(texts[i]);
        json_t *theirs = json_loadb(texts[i], strlen(texts[i]), JSON_DECODE_ANY, NULL);
        if (mine == NULL || theirs == NULL || !json_equal(mine, theirs))
            fail_msg("read otherwise: %s", texts[i]);
        json_decref(mine);
        json_decref(theirs);
    }
}

static void what_is_wrong_rare_or_too_much_is_left_to_jansson(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        " ",
        "{",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[1]]",
        "[1}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{\"a\" 1}",
        "tru",
        "truer",
        "nul",
        "NaN",
        "01",
        "-",
        "+1",
        ".5",
        "1.",
        "1e",
        "1e+",
        "1e999",
        "1234567890123456789",
        "\"a",
        "\"\\",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"\\u0000\"",
        "\"\\ud83d\\ude00\"",
        "\"\x01\"",
        "\"\xFF\"",
        "\"\xED\xA0\x80\"",
        "{\"\xC3\":1}",
        "{\"\\u0061\":1}",
        "[[[[[]]]]]",
        "[1,2,3,4,5,6,7,8]",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (read_text(texts[i]) != NULL)
            fail_msg("read: %s", texts[i]);
    }
}

static void a_NUL_ends_nothing(void **state)
{
    (void)state;
    assert_null(plain_json_read("1\0", 2, DEPTH, VALUES));
    assert_null(plain_json_read("\"a\0b\"", 5, DEPTH, VALUES));
    assert_null(plain_json_read("\"\\\0\"", 4, DEPTH, VALUES));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_it_reads_jansson_reads_the_same),
        cmocka_unit_test(what_is_wrong_rare_or_too_much_is_left_to_jansson),
        cmocka_unit_test(a_NUL_ends_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
