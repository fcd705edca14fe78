/* Tests of translators/formats/jput.c, beside json_dumps(). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "translators/formats/jput.h"

#define MAX_BYTES 4096

static const size_t layouts[] = {0, JSON_COMPACT, JSON_INDENT(2), JSON_INDENT(3) | JSON_REAL_PRECISION(6)};

static void it_writes_as_jansson_does(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{}",
        "[]",
        "\"\"",
        "[[],{},[{}],{\"a\":[]}]",
        "{\"b\":1,\"a\":{\"c\":[1,-2,9223372036854775807,true,false,null]},\"d e\":\"f\"}",
        "[0.5,52.524412345678,1e300,-1e-5,3.0]",
        "[\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f/\x7F\"]",
        "{\"\xC3\xA9\\n\":\"\xE2\x82\xAC \xE2\x80\xA6 \xF0\x9F\x98\x80\"}",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        json_t *value = json_loads(texts[i], JSON_DECODE_ANY, NULL);
        for (size_t l = 0; l < sizeof(layouts) / sizeof(layouts[0]); l++) {
            struct buffer out = BUFFER_INIT(MAX_BYTES);
            char *expected = json_dumps(value, layouts[l] | JSON_ENCODE_ANY);
            jput(value, layouts[l] | JSON_ENCODE_ANY, &out);
            assert_string_equal(out.bytes, expected);
            free(expected);
            buffer_done(&out);
        }
        json_decref(value);
    }
}

static void nothing_in_it_ends_a_script_or_begins_a_tag(void **state)
{
    (void)state;
    struct buffer out = BUFFER_INIT(MAX_BYTES);
    json_t *value = json_pack("{s:s}", "<&>", "</script>&\xE2\x80\xA8\xE2\x80\xA9\xE2\x80\xAA");
    jput(value, JSON_COMPACT, &out);
    assert_string_equal(
        out.bytes, "{\"\\u003c\\u0026\\u003e\":\"\\u003c/script\\u003e\\u0026\\u2028\\u2029\xE2\x80\xAA\"}");
    json_decref(value);
    buffer_done(&out);
}

static void what_is_too_long_overflows(void **state)
{
    (void)state;
    struct buffer out = BUFFER_INIT(8);
    json_t *value = json_string("0123456789");
    jput(value, JSON_ENCODE_ANY, &out);
    assert_true(out.overflowed);
    json_decref(value);
    buffer_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_writes_as_jansson_does),
        cmocka_unit_test(nothing_in_it_ends_a_script_or_begins_a_tag),
        cmocka_unit_test(what_is_too_long_overflows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
