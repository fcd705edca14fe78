/* Accept-Encoding, Accept-Language and If-None-Match as clients really send them, and as they should not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "service/http/negotiate.h"

static struct slice slice(const char *text)
{
    return (struct slice){text, text != NULL ? strlen(text) : 0};
}

static struct representation all_encodings(void)
{
    static const uint8_t body[] = "x";
    return (struct representation){.body = {{body, 3}, {body, 2}, {body, 1}}};
}

static void assert_encoding(const char *accept, enum encoding want)
{
    struct representation representation = all_encodings();
    enum encoding got = negotiate_encoding(slice(accept), &representation);
    if (got != want)
        fail_msg("%s: got %d, want %d", accept != NULL ? accept : "(none)", got, want);
}

static void the_best_common_encoding_is_chosen(void **state)
{
    (void)state;
    static const struct {
        const char *accept;
        enum encoding want;
    } cases[] = {
        {NULL, ENCODING_IDENTITY},
        {"", ENCODING_IDENTITY},
        {"gzip, deflate, br", ENCODING_BR},
        {"gzip, deflate, br, zstd", ENCODING_BR},
        {"gzip", ENCODING_GZIP},
        {"x-gzip", ENCODING_GZIP},
        {"deflate", ENCODING_IDENTITY},
        {"GZIP", ENCODING_GZIP},
        {"br;q=0.5,gzip;q=0.8", ENCODING_GZIP},
        {"br;q=1.0, gzip;q=0.8, *;q=0.1", ENCODING_BR},
        {"gzip;q=1, br;q=1", ENCODING_BR},
        {"br;q=0, gzip", ENCODING_GZIP},
        {"br;q=0, gzip;q=0", ENCODING_IDENTITY},
        {"br;q=0.000, gzip;q=0.001", ENCODING_GZIP},
        {"*", ENCODING_BR},
        {"*;q=0.5, br;q=0", ENCODING_GZIP},
        {"*;q=0", ENCODING_IDENTITY},
        {"identity", ENCODING_IDENTITY},
        {"identity;q=0", ENCODING_IDENTITY},
        {"identity;q=0, gzip;q=0.1", ENCODING_GZIP},
        {"identity, gzip;q=0.5", ENCODING_IDENTITY},
        {"identity;q=0.5, gzip;q=0.5", ENCODING_GZIP},
        {"gzip ; q=0.3 , br ; q=0.2", ENCODING_GZIP},
        {"gzip;Q=0.3,br;Q=0.2", ENCODING_GZIP},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_encoding(cases[i].accept, cases[i].want);
}

static void malformed_members_do_no_harm(void **state)
{
    (void)state;
    assert_encoding(",,, gzip,,", ENCODING_GZIP);
    assert_encoding(";;;", ENCODING_IDENTITY);
    assert_encoding("gzip;q=", ENCODING_IDENTITY);
    assert_encoding("gzip;q=x", ENCODING_IDENTITY);
    assert_encoding("gzip;q=9", ENCODING_IDENTITY);
    assert_encoding("gzip;q=1.9999999", ENCODING_GZIP);
    assert_encoding("gzip;q", ENCODING_GZIP);
    assert_encoding("gzipped, brx", ENCODING_IDENTITY);
}

static void an_encoding_that_is_not_stored_is_not_chosen(void **state)
{
    (void)state;
    struct representation representation = all_encodings();
    representation.body[ENCODING_BR].bytes = NULL;
    assert_int_equal(negotiate_encoding(slice("br, gzip"), &representation), ENCODING_GZIP);
    representation.body[ENCODING_GZIP].bytes = NULL;
    assert_int_equal(negotiate_encoding(slice("br, gzip"), &representation), ENCODING_IDENTITY);
    assert_int_equal(negotiate_encoding(slice("br, identity;q=0"), &representation), ENCODING_IDENTITY);
}

static bool match(const char *if_none_match)
{
    return negotiate_none_match(slice(if_none_match), "\"abc-br\"", 8);
}

static void an_entity_tag_matches_alone_in_a_list_and_weakly(void **state)
{
    (void)state;
    assert_true(match("\"abc-br\""));
    assert_true(match("W/\"abc-br\""));
    assert_true(match("\"x\", W/\"y\" ,\"abc-br\""));
    assert_true(match("\"\",\"abc-br\",\"z\""));
    assert_true(match("*"));
    assert_true(match(" * "));
}

static void anything_else_does_not_match(void **state)
{
    (void)state;
    assert_false(match(NULL));
    assert_false(match(""));
    assert_false(match("\"abc\""));
    assert_false(match("\"abc-gzip\""));
    assert_false(match("abc-br"));
    assert_false(match("\"abc-br"));
    assert_false(match("\"ABC-BR\""));
    assert_false(match("w/\"abc-br\""));
    assert_false(match("junk, \"abc-br\""));
    assert_false(match("*, \"x\""));
    assert_false(match("W/"));
    assert_false(match("\""));
}

static void a_language_of_ours_is_chosen(void **state)
{
    static const struct {
        const char *accept;
        const struct strings *want;
    } cases[] = {
        {NULL, &strings_english},
        {"", &strings_english},
        {"de", &strings_german},
        {"DE-at", &strings_german},
        {"de-AT-1996, de;q=0.9, en;q=0.8", &strings_german},
        {"tlh, fr-CA;q=0.3, es;q=0.2", &strings_french},
        {"en-US,en;q=0.9,de;q=0.8", &strings_english},
        {"en;q=0.1, es-419", &strings_spanish},
        {"de;q=0.5, fr;q=0.5", &strings_german},
        {"de ; q=0, fr; q=0.001", &strings_french},
        {"*", &strings_english},
        {"*, de;q=0.1", &strings_german},
        {"deu, den, d, -de, de_AT", &strings_english},
        {"de;q=2", &strings_english},
        {"de;q=x, es;q=0.2", &strings_spanish},
        {",,;,; ;q=, de", &strings_german},
        {";q=1;de", &strings_english},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct strings *got = negotiate_language(slice(cases[i].accept));
        if (got != cases[i].want)
            fail_msg("%s: got %s", cases[i].accept != NULL ? cases[i].accept : "(none)", got->language);
    }
    char many[16384];
    memset(many, ',', sizeof(many));
    memcpy(many + sizeof(many) - 2, "fr", 2);
    assert_ptr_equal(negotiate_language((struct slice){many, sizeof(many)}), &strings_french);
    assert_ptr_equal(negotiate_language((struct slice){"dex", 2}), &strings_german);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_common_encoding_is_chosen),
        cmocka_unit_test(a_language_of_ours_is_chosen),
        cmocka_unit_test(malformed_members_do_no_harm),
        cmocka_unit_test(an_encoding_that_is_not_stored_is_not_chosen),
        cmocka_unit_test(an_entity_tag_matches_alone_in_a_list_and_weakly),
        cmocka_unit_test(anything_else_does_not_match),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
