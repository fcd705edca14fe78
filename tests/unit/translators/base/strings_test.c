/* Tests of translators/base/strings.c, and of every language: all texts are there, with the gaps that they
 * need.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "translators/base/arena.h"
#include "translators/formats/report.h"

static const struct strings *const languages[] = {&strings_english};

static unsigned gaps_of(const char *text)
{
    unsigned gaps = 0;

    for (; *text != '\0'; text++) {
        if (strings_gap(text) > 0)
            gaps |= 1u << strings_gap(text);
    }
    return gaps;
}

static void every_language_has_every_text_with_its_gaps(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++) {
        assert_non_null(languages[i]->language);
        for (int id = STRING_NONE + 1; id < STRINGS; id++) {
            const char *text = languages[i]->texts[id], *name = strings_name((enum string_id)id);

            if (text == NULL || text[0] == '\0') {
                fail_msg("%s has no %s", languages[i]->language, name);
                continue; /* for the analyser, which does not know fail_msg() */
            }
            if (gaps_of(text) != gaps_of(strings_english.texts[id]))
                fail_msg("%s has other gaps in %s", languages[i]->language, name);
            if (strstr(text, "{{") != NULL)
                fail_msg("%s: braces of templates in %s", languages[i]->language, name);
        }
    }
    assert_non_null(strings_chosen());
}

static void a_text_is_found_by_its_name(void **state)
{
    (void)state;
    assert_int_equal(strings_find("Q_LABEL", 7), STRING_Q_LABEL);
    assert_int_equal(strings_find("Q_LABEL", 6), STRING_NONE);
    assert_int_equal(strings_find("", 0), STRING_NONE);
    assert_string_equal(strings_name(STRING_Q_LABEL), "Q_LABEL");
}

static void texts_that_are_counted_stand_in_order(void **state)
{
    (void)state;
    assert_int_equal(STRING_SATURDAY - STRING_SUNDAY, 6);
    assert_int_equal(STRING_DECEMBER - STRING_JANUARY, 11);
    assert_int_equal(STRING_LABEL_END - STRING_LABEL_PAGE, REPORT_FIELDS - 1);
    assert_int_equal(STRING_WHY_END - STRING_WHY_PAGE, REPORT_FIELDS - 1);
    assert_int_equal(STRING_LABEL_IMAGE - STRING_LABEL_PAGE, REPORT_IMAGE);
    assert_int_equal(STRING_WHY_IMAGE - STRING_WHY_PAGE, REPORT_IMAGE);
}

static void gaps_are_filled_in_any_order(void **state)
{
    struct arena *arena = arena_new(4096);

    (void)state;
    assert_string_equal(strings_fill(arena, "{2}{1}, {x} {", "a", "b", NULL), "ba, {x} {");
    assert_string_equal(strings_fill(arena, "{1}{3}", "{2}", "b", NULL), "{2}");
    arena_free(arena);
}

static void what_is_too_long_is_cut_between_characters(void **state)
{
    char text[8];

    (void)state;
    strings_write(text, sizeof(text), "{1}!", "abc", NULL);
    assert_string_equal(text, "abc!");
    strings_write(text, sizeof(text), "{1}{1}", "abcd", NULL);
    assert_string_equal(text, "abcdabc");
    strings_write(text, sizeof(text), "abcdef{1}", "\xc3\xa9", NULL);
    assert_string_equal(text, "abcdef");
    strings_write(text, sizeof(text), "abcde{1}", "\xe2\x82\xac", NULL);
    assert_string_equal(text, "abcde");
    strings_write(text, sizeof(text), "abcd{1}", "\xe2\x82\xac", NULL);
    assert_string_equal(text, "abcd\xe2\x82\xac");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_language_has_every_text_with_its_gaps),
        cmocka_unit_test(a_text_is_found_by_its_name),
        cmocka_unit_test(texts_that_are_counted_stand_in_order),
        cmocka_unit_test(gaps_are_filled_in_any_order),
        cmocka_unit_test(what_is_too_long_is_cut_between_characters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
