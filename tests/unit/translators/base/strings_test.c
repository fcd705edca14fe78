/* Tests of translators/base/strings.c, and of every language: all texts are there, with the gaps that they
 * need.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "translators/base/arena.h"
#include "translators/formats/report.h"

static const struct strings *const languages[] = {&strings_english, &strings_english_us, &strings_german,
                                                  &strings_french, &strings_spanish};

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
            /* A 12-hour clock says AM or PM. */
            if (gaps_of(text) != gaps_of(strings_english.texts[id]) && id != STRING_TIME)
                fail_msg("%s has other gaps in %s", languages[i]->language, name);
            if (strstr(text, "{{") != NULL)
                fail_msg("%s: braces of templates in %s", languages[i]->language, name);
        }
    }
    assert_non_null(strings_chosen());
}

/* Names of things, and what two languages happen to say alike. */
static bool may_be_equal(const char *language, enum string_id id)
{
    static const struct {
        const char *language;
        enum string_id id;
    } rows[] = {{"de", STRING_APRIL},           {"de", STRING_AUGUST},        {"de", STRING_SEPTEMBER},
                {"de", STRING_NOVEMBER},        {"de", STRING_NAME_AND_CITY}, {"es", STRING_TOUR_GOOGLE},
                {"es", STRING_SUBSCRIBE_GOOGLE}};
    bool is_form =
        gaps_of(strings_english.texts[id]) != 0 && strpbrk(strings_english.texts[id], "abcdefghij") == NULL;
    /* A language is called what its own speakers call it. */
    bool is_language = id >= STRING_LANG_EN && id <= STRING_LANG_FR;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (strcmp(rows[i].language, language) == 0 && rows[i].id == id)
            return true;
    return is_form || is_language || id == STRING_SUBSCRIBE_OUTLOOK || id == STRING_TOUR_OUTLOOK ||
           id == STRING_AM || id == STRING_PM || id == STRING_CLOCK;
}

/* What operators alone read, and what refuses a request that no browser sends, is English. */
static bool is_for_operators(enum string_id id)
{
    return (id >= STRING_PURGE_BY_COMMAND && id <= STRING_HTTPS_ONLY) ||
           (id >= STRING_GUARD_LINE_END && id <= STRING_GUARD_PATH);
}

static void what_is_read_is_translated_and_no_longer_than_half_as_much_again(void **state)
{
    (void)state;
    for (size_t i = 2; i < sizeof(languages) / sizeof(languages[0]); i++) {
        for (int id = STRING_SUNDAY; id < STRINGS; id++) {
            const char *text = languages[i]->texts[id], *english = strings_english.texts[id];
            const char *name = strings_name((enum string_id)id), *language = languages[i]->language;

            if (is_for_operators((enum string_id)id))
                continue;
            if (strcmp(text, english) == 0 && !may_be_equal(language, (enum string_id)id))
                fail_msg("%s: %s is English: %s", language, name, text);
            if (strlen(text) > strlen(english) * 3 / 2 + 8)
                fail_msg("%s: %s is too long: %s", language, name, text);
        }
    }
}

/* English is as ever, which is how ICU writes dates in Britain. */
static void english_dates_are_those_of_the_locale_data(void **state)
{
    static const struct {
        enum string_id id;
        const char *text;
    } rows[] = {
#define TEXT(name, text) {STRING_##name, text},
#include "translators/base/tables/dates_en_GB.def"
#undef TEXT
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (rows[i].id != STRING_DATE_AND_TIME && rows[i].id != STRING_AM && rows[i].id != STRING_PM)
            assert_string_equal(strings_english.texts[rows[i].id], rows[i].text);
}

static void a_language_is_found_by_its_tag(void **state)
{
    (void)state;
    assert_ptr_equal(strings_of_tag("en"), &strings_english);
    assert_ptr_equal(strings_of_tag("en-US"), &strings_english_us);
    assert_ptr_equal(strings_of_tag("es"), &strings_spanish);
    assert_null(strings_of_tag("DE"));
    assert_null(strings_of_tag("de-AT"));
    assert_null(strings_of_tag(""));
    for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++)
        assert_non_null(strstr(strings_tags(), languages[i]->language));
    assert_string_equal(strings_country(&strings_german, "DE"), "Deutschland");
    assert_string_equal(strings_country(&strings_spanish, "ZW"), "Zimbabue");
    assert_null(strings_country(&strings_german, "XX"));
    assert_null(strings_country(&strings_english, "DE"));
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
        cmocka_unit_test(what_is_read_is_translated_and_no_longer_than_half_as_much_again),
        cmocka_unit_test(english_dates_are_those_of_the_locale_data),
        cmocka_unit_test(a_language_is_found_by_its_tag),
        cmocka_unit_test(a_text_is_found_by_its_name),
        cmocka_unit_test(texts_that_are_counted_stand_in_order),
        cmocka_unit_test(gaps_are_filled_in_any_order),
        cmocka_unit_test(what_is_too_long_is_cut_between_characters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
