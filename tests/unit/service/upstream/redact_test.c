/* Tests of service/upstream/redact.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "service/upstream/redact.h"

#define KEY "0123456789abcdef0123456789abcdef"

/* The copy has no byte behind its end, so that a sanitizer sees who reads on. */
static void assert_redacted(const char *key, const char *text, const char *expected)
{
    struct redactor *redactor = redactor_new(key);
    size_t len = strlen(text);
    char *bytes = malloc(len > 0 ? len : 1);
    assert_int_equal(strlen(expected), len);
    memcpy(bytes, text, len);
    redactor_run(redactor, bytes, len);
    assert_memory_equal(bytes, expected, len);
    free(bytes);
    redactor_free(redactor);
}

static void a_key_is_overwritten_wherever_it_stands(void **state)
{
    (void)state;
    assert_redacted(KEY, KEY, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
    assert_redacted(KEY, "[{\"u\":\"https://a.example/e/1?k=" KEY "&l=2\",\"k\":\"" KEY "\"}]",
                    "[{\"u\":\"https://a.example/e/1?k=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx&l=2\",\"k\":\""
                    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}]");
    assert_redacted(KEY, KEY KEY, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
}

static void a_part_of_a_key_is_none(void **state)
{
    (void)state;
    assert_redacted(KEY, "k=0123456789abcdef0123456789abcde", "k=0123456789abcdef0123456789abcde");
    assert_redacted(KEY, "", "");
    assert_redacted(KEY, "k=", "k=");
}

static void escapes_of_urls_and_of_json_hide_no_key(void **state)
{
    (void)state;
    assert_redacted("a/b+0123456789&=", "=a/b+0123456789&=.", "=xxxxxxxxxxxxxxxx.");
    assert_redacted("a/b+0123456789&=", "=a%2Fb%2B0123456789%26%3D.", "=xxxxxxxxxxxxxxxxxxxxxxxx.");
    assert_redacted("a/b+0123456789&=", "=a%2fb%2b0123456789%26%3d.", "=xxxxxxxxxxxxxxxxxxxxxxxx.");
    assert_redacted("a/b+0123456789&=", "=a\\/b+0123456789&=.", "=xxxxxxxxxxxxxxxxx.");
}

/* Some have the name of their artist for a key, which is in other places by right. */
static void a_key_that_is_a_word_is_overwritten_only_as_a_value(void **state)
{
    (void)state;
    assert_redacted("milky-chance-official", "{\"name\":\"milky-chance-official\"}",
                    "{\"name\":\"milky-chance-official\"}");
    assert_redacted("milky-chance", "https://a.example/milky-chance?app=milky-chance&b=1",
                    "https://a.example/milky-chance?app=xxxxxxxxxxxx&b=1");
    assert_redacted("milky-chance", "?app=milky-chance\"", "?app=xxxxxxxxxxxx\"");
    assert_redacted("milky-chance", "?app=milky-chance", "?app=xxxxxxxxxxxx");
    assert_redacted("milky-chance", "?tag=milky-chance-live", "?tag=milky-chance-live");
    assert_redacted("milky-chance", "?u=%3Fapp%3Dmilky-chance%26b", "?u=%3Fapp%3Dxxxxxxxxxxxx%26b");
    assert_redacted("milky-chance", "?u=%253Fapp%253dmilky-chance%2526", "?u=%253Fapp%253dxxxxxxxxxxxx%2526");
    assert_redacted("milky-chance", "?app\\u003dmilky-chance\"", "?app\\u003dxxxxxxxxxxxx\"");
    assert_redacted("7", "{\"id\":7,\"u\":\"?n=70&k=7\"}", "{\"id\":7,\"u\":\"?n=70&k=x\"}");
    assert_redacted("7", "7", "7");
    assert_redacted("7", "3D7", "3D7");
}

static void without_a_key_nothing_is_done(void **state)
{
    (void)state;
    char bytes[] = "?k=1";
    redactor_run(NULL, bytes, strlen(bytes));
    assert_string_equal(bytes, "?k=1");
    assert_redacted("", "?k=&l=", "?k=&l=");
    struct redactor *redactor = redactor_new(KEY);
    redactor_run(redactor, NULL, 0);
    redactor_free(redactor);
    redactor_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_is_overwritten_wherever_it_stands),
        cmocka_unit_test(a_part_of_a_key_is_none),
        cmocka_unit_test(escapes_of_urls_and_of_json_hide_no_key),
        cmocka_unit_test(a_key_that_is_a_word_is_overwritten_only_as_a_value),
        cmocka_unit_test(without_a_key_nothing_is_done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
