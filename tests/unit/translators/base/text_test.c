/* Tests of translators/base/text.c and entity.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "translators/base/arena.h"
#include "translators/base/entity.h"
#include "translators/base/text.h"

static int setup(void **state)
{
    *state = arena_new(16 << 20);
    return 0;
}

static int teardown(void **state)
{
    arena_free(*state);
    return 0;
}

/* What is written and what is to become of it; NULL: nothing. */
struct pair {
    const char *from, *to;
};

static void assert_cleaned(struct arena *arena, const struct pair *pairs, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *clean = text_clean(arena, pairs[i].from, strlen(pairs[i].from), 4096);
        if (pairs[i].to == NULL)
            assert_null(clean);
        else
            assert_string_equal(clean == NULL ? "(nothing)" : clean, pairs[i].to);
    }
}

#define ASSERT_CLEANED(...)                                              \
    do {                                                                 \
        static const struct pair pairs[] = {__VA_ARGS__};                \
        assert_cleaned(*state, pairs, sizeof(pairs) / sizeof(pairs[0])); \
    } while (0)

static void good_names_stay_as_they_are(void **state)
{
    ASSERT_CLEANED({"Milky Chance", "Milky Chance"},
                   {"Bj\xC3\xB6rk \xE2\x80\x93 \xE6\x9D\xB1\xE4\xBA\xAC",
                    "Bj\xC3\xB6rk \xE2\x80\x93 \xE6\x9D\xB1\xE4\xBA\xAC"},
                   {"\xF0\x9F\x8E\xB8", "\xF0\x9F\x8E\xB8"}, {"R&B; Soul", "R&B; Soul"}, {"AT&T", "AT&T"},
                   {"AC<DC", "AC<DC"}, {"I <3 you > me", "I <3 you > me"}, {"a < b > c", "a < b > c"},
                   {"!!!", "!!!"}, {"<", "<"}, {"&", "&"}, {"&#;", "&#;"}, {"&#x;", "&#x;"},
                   {"&bogus;", "&bogus;"}, {"&amp", "&amp"}, {"&#12a;", "&#12a;"});
}

static void white_space_becomes_one_space_and_none_at_the_ends(void **state)
{
    ASSERT_CLEANED({"  a \t\r\n b  ", "a b"},
                   {"a\xC2\xA0\xE3\x80\x80"
                    "b",
                    "a b"},
                   {"a&nbsp;&#10;b&nbsp;", "a b"},
                   {"a\xE2\x80\xA8"
                    "b",
                    "a b"},
                   {" \n ", NULL}, {"", NULL}, {"&nbsp;", NULL}, {"Tour (CANCELLED) ", "Tour (CANCELLED)"});
}

static void what_no_text_may_hold_is_removed(void **state)
{
    ASSERT_CLEANED({"a\x01\x1F\x7F"
                    "b",
                    "ab"},
                   {"a\xC2\x80\xC2\x9F"
                    "b",
                    "ab"},
                   {"\xEF\xBB\xBFName", "Name"},
                   {"a\xEF\xBF\xBD"
                    "b",
                    "ab"},
                   {"\xE2\x80\xAE"
                    "evil\xE2\x80\xAC",
                    "evil"},
                   {"\xE2\x81\xA6x\xE2\x81\xA9", "x"},
                   {"a\xEF\xB7\x90\xEF\xBF\xBE\xF4\x8F\xBF\xBF"
                    "b",
                    "ab"},
                   {"\xE2\x80\x8B", NULL}, {"\x01\x02", NULL});
}

static void bytes_that_are_no_utf8_are_removed(void **state)
{
    ASSERT_CLEANED({"Bj\xF6rk", "Bjrk"},
                   {"\xFF\xFE"
                    "a",
                    "a"},
                   {"a\xC0\x80"
                    "b",
                    "ab"},
                   {"a\xED\xA0\x80"
                    "b",
                    "ab"},
                   {"a\xF4\x90\x80\x80"
                    "b",
                    "ab"},
                   {"a\xE2\x82", "a"}, {"\x80\x80", NULL});
}

static void entities_are_decoded_once(void **state)
{
    ASSERT_CLEANED({"Rock &amp; Roll", "Rock & Roll"}, {"&amp;amp;", "&amp;"}, {"&quot;x&apos;", "\"x'"},
                   {"Caf&eacute; &Eacute;", "Caf\xC3\xA9 \xC3\x89"},
                   {"&#233;&#xE9;&#XE9;", "\xC3\xA9\xC3\xA9\xC3\xA9"}, {"&#128512;", "\xF0\x9F\x98\x80"},
                   {"&hellip;&mdash;&rsquo;", "\xE2\x80\xA6\xE2\x80\x94\xE2\x80\x99"},
                   {"don&#146;t", "don\xE2\x80\x99t"}, {"&lstrok;&Zcaron;", "\xC5\x82\xC5\xBD"},
                   {"a&#0;b&#xD800;c&#x110000;d&#129;e", "abcde"}, {"a&#x202E;b", "ab"});
}

static void tags_are_removed_and_breaks_part_words(void **state)
{
    ASSERT_CLEANED({"<b>Loud</b>er", "Louder"}, {"one<br>two<BR/>three", "one two three"},
                   {"<p>one</p><p>two</p>", "one two"}, {"<!-- x -->y", "y"},
                   {"<a href=\"https://example.com/\">x</a>", "x"}, {"<script>", NULL},
                   {"<i><b></b></i>", NULL}, {"<brave>x</brave>", "x"},
                   {"x <img src=x onerror=", "x <img src=x onerror="});
}

static void what_an_entity_hid_is_text_and_no_tag(void **state)
{
    ASSERT_CLEANED({"&lt;script&gt;", "<script>"}, {"&#60;b&#62;x", "<b>x"}, {"&lt;b>x", "<b>x"});
}

static void long_text_is_cut_at_a_character(void **state)
{
    static const char text[] = "ab \xC3\xA9\xE2\x82\xAC";
    static const char *const cut[] = {
        NULL, "a", "ab", "ab", "ab", "ab \xC3\xA9", "ab \xC3\xA9", "ab \xC3\xA9", "ab \xC3\xA9\xE2\x82\xAC"};
    for (size_t max = 0; max < sizeof(cut) / sizeof(cut[0]); max++) {
        const char *clean = text_clean(*state, text, strlen(text), max);
        if (cut[max] == NULL)
            assert_null(clean);
        else
            assert_string_equal(clean, cut[max]);
    }
}

static void the_length_counts_and_not_the_nul(void **state)
{
    assert_string_equal(text_clean(*state, "a\0b", 3, 100), "ab");
    assert_string_equal(text_clean(*state, "abc&amp;", 3, 100), "abc");
    assert_string_equal(text_clean(*state, "abc<b>", 5, 100), "abc<b");
    assert_null(text_clean(*state, "abc", 0, 100));
}

static void a_megabyte_of_open_tags_is_read_in_one_go(void **state)
{
    static char text[1 << 20];
    for (size_t i = 0; i < sizeof(text); i += 2)
        memcpy(text + i, "<a", 2);
    const char *clean = text_clean(*state, text, sizeof(text), sizeof(text));
    assert_int_equal(strlen(clean), sizeof(text));
}

static void every_entity_of_the_table_is_found(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint32_t code_point;
    } known[] = {{"AElig", 0xC6},   {"amp", '&'},     {"lt", '<'},       {"gt", '>'},       {"quot", '"'},
                 {"apos", '\''},    {"nbsp", 0xA0},   {"yuml", 0xFF},    {"zwnj", 0x200C},  {"zwj", 0x200D},
                 {"eth", 0xF0},     {"ETH", 0xD0},    {"frac12", 0xBD},  {"copy", 0xA9},    {"reg", 0xAE},
                 {"trade", 0x2122}, {"euro", 0x20AC}, {"ndash", 0x2013}, {"ldquo", 0x201C}, {"szlig", 0xDF}};
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        assert_int_equal(entity_code_point(known[i].name, strlen(known[i].name)), known[i].code_point);
    assert_int_equal(entity_code_point("", 0), 0);
    assert_int_equal(entity_code_point("AMPERSANDS", 10), 0);
    assert_int_equal(entity_code_point("am", 2), 0);
    assert_int_equal(entity_code_point("#", 1), 0);
}

static void utf8_is_what_rfc_3629_says(void **state)
{
    (void)state;
    static const char *const good[] = {"",
                                       "a",
                                       "\xC2\x80",
                                       "\xDF\xBF",
                                       "\xE0\xA0\x80",
                                       "\xED\x9F\xBF",
                                       "\xEE\x80\x80",
                                       "\xEF\xBF\xBF",
                                       "\xF0\x90\x80\x80",
                                       "\xF4\x8F\xBF\xBF"};
    static const char *const bad[] = {"\x80",
                                      "\xC0\xAF",
                                      "\xC1\xBF",
                                      "\xE0\x9F\xBF",
                                      "\xED\xA0\x80",
                                      "\xED\xBF\xBF",
                                      "\xF0\x8F\xBF\xBF",
                                      "\xF4\x90\x80\x80",
                                      "\xF5\x80\x80\x80",
                                      "\xC2",
                                      "\xE2\x82",
                                      "\xF0\x9F\x98",
                                      "a\xFF",
                                      "\xC2\x41"};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        assert_true(text_is_utf8(good[i], strlen(good[i])));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(text_is_utf8(bad[i], strlen(bad[i])));
}

static void web_urls_are_absolute_and_well_formed(void **state)
{
    (void)state;
    static const char *const good[] = {
        "http://example.com",
        "HTTPS://Example.COM/",
        "https://www.songkick.com/concerts/1-x?utm_source=1&utm_medium=partner#top",
        "https://example.com:8443/a%20b/(c);d=1,2/~e?f=g?h/@i",
        "https://example.com?x",
        "https://example.com#x",
        "http://localhost:80/",
        "https://a_b.example.com./",
    };
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        assert_true(text_is_web_url(good[i], strlen(good[i])));
}

static void nothing_else_is_a_web_url(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "h",
        "http",
        "https",
        "http:",
        "http:/",
        "http://",
        "https:///x",
        "http:example.com",
        "//example.com/",
        "example.com",
        "javascript:alert(1)",
        "ftp://example.com/",
        "httpx://example.com/",
        "data:text/html,x",
        "http://user@example.com/",
        "http://user:pass@example.com/",
        "http://a b/",
        "http://example.com/a b",
        "http://example.com/\n",
        " http://example.com/",
        "http://example.com/<",
        "http://example.com/\"",
        "http://example.com/\\",
        "http://example.com/|",
        "http://example.com/%zz",
        "http://example.com/%2",
        "http://example.com/#a#b",
        "http://example.com:0/",
        "http://example.com:65536/",
        "http://example.com:/",
        "http://example.com:80x/",
        "http://example.com:123456/",
        "http://.example.com/",
        "http://a..b/",
        "http://[::1]/",
        "http://b\xC3\xB6rse.example/",
        "http://example.com/\xC3\xB6",
        "http://example.com/{id}",
        "http://-/",
        "http://.",
        "http://example.com\\@evil.example/",
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        if (text_is_web_url(bad[i], strlen(bad[i])))
            fail_msg("taken for a URL: %s", bad[i]);
    assert_false(text_is_web_url("http://example.com/\0", 20));
}

static void a_url_has_at_most_2048_bytes_and_a_host_253(void **state)
{
    (void)state;
    char url[2050] = "http://example.com/";
    memset(url + strlen(url), 'a', 2049 - strlen(url));
    assert_true(text_is_web_url(url, 2048));
    assert_false(text_is_web_url(url, 2049));
    memcpy(url, "http://aaaaaaaaaaaaaaaaaaaaaa", 29);
    assert_true(text_is_web_url(url, 7 + 253));
    assert_false(text_is_web_url(url, 7 + 254));
}

static void slugs_are_plain_letters_joined_by_single_hyphens(void **state)
{
    static const struct pair pairs[] = {
        {"Milky Chance", "milky-chance"},
        {"  --A  &  B--  ", "a-b"},
        {"Bj\xC3\xB6rk", "bjork"},
        {"Stra\xC3\x9F"
         "e \xC3\x86r\xC3\xB8 \xC5\x81\xC3\xB3"
         "d\xC5\xBA",
         "strasse-aero-lodz"},
        {"\xC3\x9E\xC3\xB3r \xC5\x92uvre \xC4\xB2ssel", "thor-oeuvre-ijssel"},
        {"Bucure\xC8\x99ti", "bucuresti"},
        {"Vi\xE1\xBB\x87t", "viet"},
        {"Cafe\xCC\x81", "cafe"},
        {"Guns N\xE2\x80\x99 Roses", "guns-n-roses"},
        {"Don't", "dont"},
        {"\xE6\x9D\xB1\xE4\xBA\xAC", ""},
        {"", ""},
        {"!!!", ""},
        {"3\xC3\x97"
         "3 \xE2\x82\xAC"
         "5",
         "3-3-5"},
        {"a\xFF"
         "b",
         "a-b"},
        {"\xE1\xBA\x9E", "ss"},
    };
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
        assert_string_equal(text_slug(*state, pairs[i].from), pairs[i].to);
}

static void a_slug_ends_after_80_bytes_and_never_with_a_hyphen(void **state)
{
    char name[200];
    memset(name, 'a', sizeof(name));
    name[79] = ' ';
    name[199] = '\0';
    assert_int_equal(strlen(text_slug(*state, name)), 79);
    name[79] = 'a';
    assert_int_equal(strlen(text_slug(*state, name)), 80);
    memcpy(name + 79, "\xC3\x9F", 2);
    assert_int_equal(strlen(text_slug(*state, name)), 79);
}

static void folding_compares_ascii_letters_without_case(void **state)
{
    (void)state;
    assert_true(text_equal_fold("Germany", "gERMANY"));
    assert_true(text_equal_fold("", ""));
    assert_false(text_equal_fold("a", ""));
    assert_false(text_equal_fold("", "a"));
    assert_false(text_equal_fold("ab", "ac"));
    assert_false(text_equal_fold("\xC3\x89", "\xC3\xA9"));
    assert_false(text_equal_fold("@", "`"));
}

static void a_value_of_a_query_holds_unreserved_characters_alone(void **state)
{
    struct arena *arena = *state;
    assert_string_equal(text_escape(arena, "AZaz09-._~"), "AZaz09-._~");
    assert_string_equal(text_escape(arena, "a b&c=d+e/%"), "a%20b%26c%3Dd%2Be%2F%25");
    assert_string_equal(text_escape(arena, "\xC3\x9C\x7F"), "%C3%9C%7F");
    assert_string_equal(text_escape(arena, ""), "");
}

static void what_is_not_visible_is_found_wherever_it_stands(void **state)
{
    char text[40];
    (void)state;
    assert_true(text_is_visible("", 0));
    for (size_t len = 1; len <= sizeof(text); len++) {
        for (size_t at = 0; at < len; at++) {
            for (int c = 0; c < 256; c++) {
                memset(text, "!~"[at % 2], sizeof(text));
                text[at] = (char)c;
                if (text_is_visible(text, len) != (c > ' ' && c <= '~') ||
                    text_is_printable(text, len) != (c >= ' ' && c <= '~'))
                    fail_msg("byte %d at %zu of %zu", c, at, len);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_visible_is_found_wherever_it_stands),
        cmocka_unit_test_setup_teardown(good_names_stay_as_they_are, setup, teardown),
        cmocka_unit_test_setup_teardown(white_space_becomes_one_space_and_none_at_the_ends, setup, teardown),
        cmocka_unit_test_setup_teardown(what_no_text_may_hold_is_removed, setup, teardown),
        cmocka_unit_test_setup_teardown(bytes_that_are_no_utf8_are_removed, setup, teardown),
        cmocka_unit_test_setup_teardown(entities_are_decoded_once, setup, teardown),
        cmocka_unit_test_setup_teardown(tags_are_removed_and_breaks_part_words, setup, teardown),
        cmocka_unit_test_setup_teardown(what_an_entity_hid_is_text_and_no_tag, setup, teardown),
        cmocka_unit_test_setup_teardown(long_text_is_cut_at_a_character, setup, teardown),
        cmocka_unit_test_setup_teardown(the_length_counts_and_not_the_nul, setup, teardown),
        cmocka_unit_test_setup_teardown(a_megabyte_of_open_tags_is_read_in_one_go, setup, teardown),
        cmocka_unit_test(every_entity_of_the_table_is_found),
        cmocka_unit_test(utf8_is_what_rfc_3629_says),
        cmocka_unit_test(web_urls_are_absolute_and_well_formed),
        cmocka_unit_test(nothing_else_is_a_web_url),
        cmocka_unit_test(a_url_has_at_most_2048_bytes_and_a_host_253),
        cmocka_unit_test_setup_teardown(slugs_are_plain_letters_joined_by_single_hyphens, setup, teardown),
        cmocka_unit_test_setup_teardown(a_slug_ends_after_80_bytes_and_never_with_a_hyphen, setup, teardown),
        cmocka_unit_test(folding_compares_ascii_letters_without_case),
        cmocka_unit_test_setup_teardown(a_value_of_a_query_holds_unreserved_characters_alone, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
