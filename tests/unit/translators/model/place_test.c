/* Names and codes of countries and regions, and what counts as coordinates. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "translators/model/place.h"
#include "translators/model/place_key.h"
#include "translators/model/place_tables.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

struct naming {
    const char *name, *code; /* NULL: no code is expected */
};

static void expect_countries(const struct naming *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *code = place_country(cases[i].name);
        if (cases[i].code == NULL ? code != NULL : code == NULL || strcmp(code, cases[i].code) != 0)
            fail_msg("\"%s\" gave %s", cases[i].name, code != NULL ? code : "nothing");
    }
}

static void countries_are_known_by_iso_name_common_name_official_name_and_codes(void **state)
{
    (void)state;
    const struct naming cases[] = {
        {"Germany", "DE"},
        {"Federal Republic of Germany", "DE"},
        {"DE", "DE"},
        {"DEU", "DE"},
        {"Bolivia", "BO"},
        {"Bolivia, Plurinational State of", "BO"},
        {"Plurinational State of Bolivia", "BO"},
        {"United States", "US"},
        {"United States of America", "US"},
        {"US", "US"},
        {"USA", "US"},
        {"Georgia", "GE"},
        {"Republic of Korea", "KR"},
        {"Falkland Islands (Malvinas)", "FK"},
    };
    expect_countries(cases, COUNT(cases));
}

static void countries_are_known_by_their_names_in_their_own_languages(void **state)
{
    (void)state;
    const struct naming cases[] = {
        {"日本", "JP"},         {"España", "ES"},   {"Česko", "CZ"},     {"Česká republika", "CZ"},
        {"Österreich", "AT"},   {"Suisse", "CH"},   {"Svizzera", "CH"},  {"Nederland", "NL"},
        {"België", "BE"},       {"Polska", "PL"},   {"Suomi", "FI"},     {"Norge", "NO"},
        {"Россия", "RU"},       {"РОССИЯ", "RU"},   {"대한민국", "KR"},  {"中国", "CN"},
        {"台灣", "TW"},         {"香港", "HK"},     {"Ελλάδα", "GR"},    {"Україна", "UA"},
        {"Éire", "IE"},         {"Srbija", "RS"},   {"Србија", "RS"},    {"Brasil", "BR"},
        {"México", "MX"},       {"Schweden", "SE"}, {"Allemagne", "DE"}, {"Alemania", "DE"},
        {"Magyarország", "HU"}, {"Türkiye", "TR"},
    };
    expect_countries(cases, COUNT(cases));
}

static void countries_are_known_by_the_names_upstreams_use(void **state)
{
    (void)state;
    const struct naming cases[] = {
        {"UK", "GB"},
        {"U.K.", "GB"},
        {"Great Britain", "GB"},
        {"England", "GB"},
        {"Scotland", "GB"},
        {"Wales", "GB"},
        {"Northern Ireland", "GB"},
        {"U.S.", "US"},
        {"U.S.A.", "US"},
        {"Russia", "RU"},
        {"Russian Federation", "RU"},
        {"Czech Republic", "CZ"},
        {"Czechia", "CZ"},
        {"South Korea", "KR"},
        {"Korea", "KR"},
        {"Korea, Republic of", "KR"},
        {"North Korea", "KP"},
        {"Vietnam", "VN"},
        {"Viet Nam", "VN"},
        {"Venezuela", "VE"},
        {"Iran", "IR"},
        {"Iran, Islamic Republic of", "IR"},
        {"Moldova", "MD"},
        {"Macedonia", "MK"},
        {"North Macedonia", "MK"},
        {"Taiwan", "TW"},
        {"Tanzania", "TZ"},
        {"Laos", "LA"},
        {"Syria", "SY"},
        {"Palestine", "PS"},
        {"Ivory Coast", "CI"},
        {"Cape Verde", "CV"},
        {"Swaziland", "SZ"},
        {"Eswatini", "SZ"},
        {"Burma", "MM"},
        {"Myanmar", "MM"},
        {"Hong Kong", "HK"},
        {"Hong Kong SAR", "HK"},
        {"Macau", "MO"},
        {"Macao", "MO"},
        {"Turkey", "TR"},
        {"Holland", "NL"},
        {"The Netherlands", "NL"},
        {"UAE", "AE"},
        {"Brunei", "BN"},
        {"DR Congo", "CD"},
        {"Democratic Republic of the Congo", "CD"},
        {"Congo", "CG"},
        {"Kosovo", "XK"},
        {"Bosnia & Herzegovina", "BA"},
        {"Vatican City", "VA"},
        {"Falkland Islands", "FK"},
        {"US Virgin Islands", "VI"},
        {"British Virgin Islands", "VG"},
    };
    expect_countries(cases, COUNT(cases));
}

static void country_names_are_compared_without_case_accents_and_punctuation(void **state)
{
    (void)state;
    const struct naming cases[] = {
        {"germany", "DE"},
        {"GERMANY", "DE"},
        {"de", "DE"},
        {" Germany ", "DE"},
        {"united  kingdom", "GB"},
        {"Curaçao", "CW"},
        {"Curacao", "CW"},
        {"CURAÇAO", "CW"},
        {"Réunion", "RE"},
        {"Reunion", "RE"},
        {"Côte d'Ivoire", "CI"},
        {"Cote d’Ivoire", "CI"},
        {"Türkiye", "TR"},
        {"Turkiye", "TR"},
        {"The Gambia", "GM"},
        {"The Bahamas", "BS"},
        {"St. Lucia", "LC"},
        {"Åland Islands", "AX"},
        {"Aland Islands", "AX"},
        {"Co\xcc\x82te d'Ivoire", "CI"},
        {"São Tomé and Príncipe", "ST"},
    };
    expect_countries(cases, COUNT(cases));
}

static void what_names_no_country_gives_none(void **state)
{
    (void)state;
    char endless[5000];
    memset(endless, 'a', sizeof(endless) - 1);
    endless[sizeof(endless) - 1] = '\0';
    const struct naming cases[] = {
        {"", NULL},
        {" ", NULL},
        {"-", NULL},
        {"The", NULL},
        {"the ", NULL},
        {"Atlantis", NULL},
        {"ZZ", NULL},
        {"Germanyy", NULL},
        {"G", NULL},
        {"Virgin Islands", NULL},
        {"\xff\xfe", NULL},
        {"German\xc3", NULL},
        {"Fran\xe7"
         "a",
         NULL},
        {"Germany\xe2\x82", NULL},
        {endless, NULL},
    };
    expect_countries(cases, COUNT(cases));
    assert_null(place_country(NULL));
}

static void a_country_has_the_name_people_use(void **state)
{
    (void)state;
    const struct naming cases[] = {
        {"Germany", "DE"}, {"United Kingdom", "GB"}, {"Russia", "RU"},   {"South Korea", "KR"},
        {"Bolivia", "BO"}, {"Türkiye", "TR"},        {"DR Congo", "CD"}, {"Vatican City", "VA"},
        {"Kosovo", "XK"},  {"Zimbabwe", "ZW"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(place_country_name(cases[i].code), cases[i].name);
    assert_null(place_country_name("ZZ"));
    assert_null(place_country_name("de"));
    assert_null(place_country_name(""));
    assert_null(place_country_name(NULL));
}

static void the_name_shown_of_every_country_leads_back_to_it(void **state)
{
    (void)state;
    assert_in_range(place_n_country_names, 240, 300);
    for (size_t i = 0; i < place_n_country_names; i++) {
        const struct country_name *row = &place_country_names[i];
        assert_string_equal(place_country(row->name), row->country);
        assert_string_equal(place_country(row->country), row->country);
        assert_string_equal(place_country_name(row->country), row->name);
    }
}

static void the_tables_are_sorted_without_doubles(void **state)
{
    (void)state;
    for (size_t i = 1; i < place_n_country_keys; i++)
        assert_true(strcmp(place_country_keys[i - 1].key, place_country_keys[i].key) < 0);
    for (size_t i = 1; i < place_n_region_keys; i++) {
        const struct region_key *a = &place_region_keys[i - 1], *b = &place_region_keys[i];
        int order = strcmp(a->country, b->country);
        assert_true(order < 0 || (order == 0 && strcmp(a->key, b->key) < 0));
    }
}

static void regions_are_known_by_code_and_name(void **state)
{
    (void)state;
    const struct {
        const char *country, *region, *code;
    } cases[] = {
        {"US", "CA", "CA"},
        {"US", "ca", "CA"},
        {"US", "California", "CA"},
        {"US", "US-CA", "CA"},
        {"US", "DC", "DC"},
        {"US", "District of Columbia", "DC"},
        {"CA", "QC", "QC"},
        {"CA", "Québec", "QC"},
        {"CA", "quebec", "QC"},
        {"CA", "Newfoundland and Labrador", "NL"},
        {"AU", "NSW", "NSW"},
        {"AU", "Victoria", "VIC"},
        {"DE", "DE-BE", "BE"},
        {"DE", "Berlin", "BE"},
        {"DE", "Baden-Württemberg", "BW"},
        {"AT", "Wien", "9"},
        {"AT", "9", "9"},
        {"GB", "England", "ENG"},
        {"GB", "SCT", "SCT"},
        {"ES", "Cantabria", "CB"},
        {"BR", "São Paulo", "SP"},
        {"BR", "Sao Paulo", "SP"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *code = place_region(cases[i].country, cases[i].region);
        if (code == NULL || strcmp(code, cases[i].code) != 0)
            fail_msg("\"%s\" in %s gave %s", cases[i].region, cases[i].country,
                     code != NULL ? code : "nothing");
    }
}

static void a_region_the_country_does_not_have_gives_none(void **state)
{
    (void)state;
    const char *cases[][2] = {{"US", "BE"},  {"US", "DE-BE"},      {"US", "Bavaria"}, {"US", ""},
                              {"US", "US-"}, {"DE", "California"}, {"ZZ", "CA"},      {"", "CA"},
                              {"USA", "CA"}, {"us", "CA"}};
    for (size_t i = 0; i < COUNT(cases); i++)
        if (place_region(cases[i][0], cases[i][1]) != NULL)
            fail_msg("%s was found in %s", cases[i][1], cases[i][0]);
    assert_null(place_region(NULL, "CA"));
    assert_null(place_region("US", NULL));
}

static void a_name_of_two_regions_of_a_country_gives_none(void **state)
{
    (void)state;
    /* Veszprém is a county of Hungary and a city with county rights. */
    assert_string_equal(place_region("MX", "DF"), "CMX");
    assert_null(place_region("HU", "Veszprém"));
    assert_string_equal(place_region("HU", "VE"), "VE");
}

static void names_become_keys_of_plain_words(void **state)
{
    (void)state;
    const char *cases[][2] = {{"Côte d'Ivoire", "cote divoire"},
                              {"St. Lucia", "saint lucia"},
                              {"The Netherlands", "netherlands"},
                              {"Þórshöfn", "thorshofn"},
                              {"Đà Nẵng", "da nang"},
                              {"  A--B  ", "a b"},
                              {"Straße 9", "strasse 9"},
                              {"A&B", "a and b"},
                              {"ŁÓDŹ", "lodz"},
                              {"ΕΛΛΆΔΑ", "ελλάδα"},
                              {"Κύπρος", "κύπροσ"},
                              {"Россия", "россия"},
                              {"日本", "日本"},
                              {"Theale", "theale"},
                              {"Stad", "stad"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        char key[PLACE_KEY_BYTES];
        assert_true(place_key(cases[i][0], key));
        assert_string_equal(key, cases[i][1]);
    }
}

static void a_name_that_does_not_fit_a_key_is_refused(void **state)
{
    (void)state;
    char name[PLACE_KEY_BYTES + 10], key[PLACE_KEY_BYTES];
    for (size_t len = 1; len < sizeof(name); len++) {
        memset(name, 'x', len);
        name[len] = '\0';
        assert_int_equal(place_key(name, key), len < PLACE_KEY_BYTES);
        assert_int_equal(strlen(key), len < PLACE_KEY_BYTES ? len : 0);
        if (len < 4)
            continue;
        memcpy(name, "st ", 3);
        assert_int_equal(place_key(name, key), len + 3 < PLACE_KEY_BYTES);
        assert_int_equal(strlen(key), len + 3 < PLACE_KEY_BYTES ? len + 3 : 0);
    }
}

static void any_text_has_words(void **state)
{
    (void)state;
    const char *cases[][2] = {{"The St. Tropez Tour", "the st tropez tour"},
                              {"Beyoncé & Jay-Z… “On the Run”", "beyonce and jay z on the run"},
                              {"🎸 Rock 🎸", "rock"},
                              {"a\xff\xc3", "a"},
                              {"🎸", ""},
                              {"", ""}};
    char words[64];
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(place_key_words(cases[i][0], words, sizeof(words)), strlen(cases[i][1]));
        assert_string_equal(words, cases[i][1]);
    }
    assert_int_equal(place_key_words("abcd", words, 4), 0);
    assert_string_equal(words, "");
    assert_int_equal(place_key_words("abcd", words, 5), 4);
}

static void coordinates_are_real_when_in_range_and_not_null_island(void **state)
{
    (void)state;
    assert_true(place_geo_ok(52.52, 13.4));
    assert_true(place_geo_ok(-90, -180));
    assert_true(place_geo_ok(90, 180));
    assert_true(place_geo_ok(0, 6.7));
    assert_true(place_geo_ok(51.48, 0));
    assert_false(place_geo_ok(0, 0));
    assert_false(place_geo_ok(-0.0, 0));
    assert_false(place_geo_ok(90.1, 0));
    assert_false(place_geo_ok(0, 180.1));
    assert_false(place_geo_ok(-91, 10));
    assert_false(place_geo_ok(10, -181));
    assert_false(place_geo_ok(NAN, 10));
    assert_false(place_geo_ok(10, NAN));
    assert_false(place_geo_ok(INFINITY, 10));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(countries_are_known_by_iso_name_common_name_official_name_and_codes),
        cmocka_unit_test(countries_are_known_by_their_names_in_their_own_languages),
        cmocka_unit_test(countries_are_known_by_the_names_upstreams_use),
        cmocka_unit_test(country_names_are_compared_without_case_accents_and_punctuation),
        cmocka_unit_test(what_names_no_country_gives_none),
        cmocka_unit_test(a_country_has_the_name_people_use),
        cmocka_unit_test(the_name_shown_of_every_country_leads_back_to_it),
        cmocka_unit_test(the_tables_are_sorted_without_doubles),
        cmocka_unit_test(regions_are_known_by_code_and_name),
        cmocka_unit_test(a_region_the_country_does_not_have_gives_none),
        cmocka_unit_test(a_name_of_two_regions_of_a_country_gives_none),
        cmocka_unit_test(names_become_keys_of_plain_words),
        cmocka_unit_test(a_name_that_does_not_fit_a_key_is_refused),
        cmocka_unit_test(any_text_has_words),
        cmocka_unit_test(coordinates_are_real_when_in_range_and_not_null_island),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
