/* URLs and arguments -> checked requests, faults and keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "service/document/route.h"

#define ARTIST "/api/songkick/artist?"

static struct route_result *parse(const char *target)
{
    static const char poison = 0x5a;
    struct route_result *result = malloc(sizeof(*result));
    assert_non_null(result);
    memset(result, poison, sizeof(*result)); /* nothing may depend on what the struct held before */
    route_parse(target, strlen(target), result);
    return result;
}

static struct route_result *parse_document(const char *target)
{
    struct route_result *result = parse(target);
    if (result->target != ROUTE_DOCUMENT)
        fail_msg("%s: %s", target, result->detail);
    return result;
}

/* The key as text, the caller's to free. */
static char *key_of(const char *target)
{
    struct route_result *result = parse_document(target);
    struct cache_key key = route_key(&result->document);
    char *text = strndup(key.text, key.len);
    free(result);
    return text;
}

static void assert_same_key(const char *a, const char *b)
{
    char *key_a = key_of(a), *key_b = key_of(b);
    assert_string_equal(key_a, key_b);
    free(key_a);
    free(key_b);
}

static void assert_other_key(const char *a, const char *b)
{
    char *key_a = key_of(a), *key_b = key_of(b);
    assert_string_not_equal(key_a, key_b);
    free(key_a);
    free(key_b);
}

/* Exactly one fault, of that parameter, whose reason holds `why`. */
static void assert_fault(const char *target, const char *name, const char *why)
{
    struct route_result *result = parse(target);
    assert_int_equal(result->target, ROUTE_PROBLEM);
    assert_int_equal(result->problem, PROBLEM_PARAMETERS);
    assert_int_equal(result->n_faults, 1);
    assert_string_equal(result->faults[0].name, name);
    if (strstr(result->faults[0].reason, why) == NULL)
        fail_msg("%s: the reason is: %s", target, result->faults[0].reason);
    assert_non_null(strstr(result->detail, name));
    free(result);
}

static void assert_no_such_path(const char *target, const char *hint)
{
    struct route_result *result = parse(target);
    assert_int_equal(result->target, ROUTE_PROBLEM);
    assert_int_equal(result->problem, PROBLEM_NO_SUCH_PATH);
    if (strstr(result->detail, hint) == NULL)
        fail_msg("%s: the detail is: %s", target, result->detail);
    free(result);
}

static void the_url_of_2014_still_means_the_same(void **state)
{
    (void)state;
    struct route_result *result =
        parse_document(ARTIST "skid=6395144&name=Milky+Chance&weburl=https%3A%2F%2Fmilkychanceofficial.com");
    const struct document_request *request = &result->document;
    assert_string_equal(request->translator->name, "songkick");
    assert_string_equal(subject_name(request->route->subject), "artist");
    assert_string_equal(request->format->name, "jsonld");
    assert_string_equal(request->id, "6395144");
    assert_string_equal(request->name, "Milky Chance");
    assert_string_equal(request->weburl, "https://milkychanceofficial.com");
    assert_string_equal(request->eventurl, "");
    assert_int_equal(request->limit, 0);
    assert_false(request->indent);
    free(result);
}

static void a_search_takes_words_instead_of_an_id(void **state)
{
    (void)state;
    struct route_result *result =
        parse_document("/api/songkick/search?q=+Milky+Chance&id=7&format=ics&name=X");
    assert_true(route_is_search(&result->document));
    assert_string_equal(result->document.query, "Milky Chance");
    assert_string_equal(result->document.id, "");
    assert_ptr_equal(result->document.format, &format_candidates);
    free(result);
    char *key = key_of("/api/songkick/search?q=Milky%20Chance&format=ics");
    assert_string_equal(key, "doc 3 songkick search q=12:Milky Chance format=10:candidates");
    free(key);
    assert_fault("/api/songkick/search", "q", "is required");
    assert_fault("/api/songkick/search?q=%20", "q", "is empty");
    result = parse_document("/api/songkick/artist?id=1&q=Milky");
    assert_string_equal(result->document.query, "");
    free(result);
}

static void the_key_says_everything_that_shapes_the_document(void **state)
{
    (void)state;
    char *key = key_of(ARTIST "indent=1&limit=3&eventurl=https://a.example/%7Bid%7D&weburl=https://a.example"
                              "&name=A&format=jsonld&id=1");
    assert_string_equal(key,
                        "doc 3 songkick artist id=1:1 format=6:jsonld name=1:A weburl=17:https://a.example "
                        "eventurl=22:https://a.example/{id} limit=3 indent");
    free(key);
}

static void order_encoding_alias_and_unknown_parameters_are_not_part_of_the_key(void **state)
{
    (void)state;
    const char *plain = ARTIST "id=1&name=A+B";
    assert_same_key(plain, ARTIST "name=A%20B&id=1");
    assert_same_key(plain, ARTIST "skid=1&name=%41+B");
    assert_same_key(plain, ARTIST "id=1&skid=1&name=A+B&name=A%20B");
    assert_same_key(plain, ARTIST "utm_source=x&id=1&&=&ver=%zz&name=+A+B+");
    assert_same_key(plain, "/api/songkick/artist/?id=1&name=A+B&format=jsonld");
    assert_same_key(ARTIST "id=mbid:5b11f4ce-a62d-471e-81fc-a69a8278c7da",
                    ARTIST "id=mbid:5B11F4CE-A62D-471E-81FC-a69a8278c7da");
}

static void whatever_differs_in_meaning_has_another_key(void **state)
{
    (void)state;
    assert_other_key(ARTIST "id=1", ARTIST "id=2");
    assert_other_key(ARTIST "id=1", "/api/songkick/venue?id=1");
    assert_other_key(ARTIST "id=1", ARTIST "id=1&limit=1");
    assert_other_key(ARTIST "id=1", ARTIST "id=1&indent=1");
    assert_other_key(ARTIST "id=1", ARTIST "id=1&markup=only");
    assert_other_key(ARTIST "id=1&markup=none", ARTIST "id=1&markup=only");
    assert_other_key(ARTIST "id=1&name=A", ARTIST "id=1&name=a");
    /* A value that looks like the rest of a key. */
    assert_other_key(ARTIST "id=1&name=A&weburl=https://a.example",
                     ARTIST "id=1&name=A+weburl%3D17:https://a.example");
}

static void the_longest_values_fit_into_a_key(void **state)
{
    (void)state;
    static char target[3 * ROUTE_NAME_MAX_CHARS * 4 + 3 * ROUTE_URL_MAX_BYTES + 256];
    size_t len = 0;
    const char *head = ARTIST "id=1&name=";
    memcpy(target, head, len = strlen(head));
    for (int i = 0; i < ROUTE_NAME_MAX_CHARS; i++, len += 12)
        memcpy(target + len, "%F0%9F%8E%B8", 13);
    for (int url = 0; url < 2; url++) {
        const char *begin = url == 0 ? "&weburl=https://a.example/" : "&eventurl=https://a.example/";
        memcpy(target + len, begin, strlen(begin));
        len += strlen(begin);
        memset(target + len, 'a', ROUTE_URL_MAX_BYTES - strlen("https://a.example/"));
        len += ROUTE_URL_MAX_BYTES - strlen("https://a.example/");
    }
    target[len] = '\0';
    struct route_result *result = parse_document(target);
    assert_int_equal(strlen(result->document.name), ROUTE_NAME_MAX_CHARS * 4);
    assert_int_equal(strlen(result->document.weburl), ROUTE_URL_MAX_BYTES);
    assert_int_equal(strlen(result->document.eventurl), ROUTE_URL_MAX_BYTES);
    assert_true(result->document.key_len > 2 * ROUTE_URL_MAX_BYTES);
    free(result);
}

static void a_missing_id_is_named(void **state)
{
    (void)state;
    assert_fault("/api/songkick/artist", "id", "required");
    assert_fault(ARTIST "name=A", "id", "required");
}

static void ids_are_checked_by_the_route(void **state)
{
    (void)state;
    assert_fault(ARTIST "skid=abc", "skid", "digits");
    assert_fault(ARTIST "id=", "id", "digits");
    assert_fault(ARTIST "id=1&skid=2", "skid", "different");
    assert_fault(ARTIST "id=1%002", "id", "control");
    free(parse_document(ARTIST "id=mbid:5b11f4ce-a62d-471e-81fc-a69a8278c7da"));
}

static void an_id_of_the_right_kind_is_told_what_is_wrong_with_it(void **state)
{
    (void)state;
    assert_fault(ARTIST "id=1234567890123456789", "id", "more than 18 digits");
    assert_fault(ARTIST "id=00006395144", "id", "begins with 0");
    assert_fault("/api/songkick/event?id=0", "id", "begins with 0");
    assert_fault("/api/bandsintown/artist?id=id_007", "id", "begins with 0");
    assert_fault("/api/bandsintown/artist?id=id_1234567890123456789", "id", "more than 18 digits");
    assert_fault("/api/bandsintown/artist?id=007", "id", "expected: id_");
    assert_fault("/api/ticketmaster/artist?id=007", "id", "expected: letters");
    assert_fault(ARTIST "id=mbid:xyz", "id", "no UUID");
    assert_fault("/api/ticketmaster/artist?id=mbid:5b11f4ce", "id", "no UUID");
    assert_fault("/api/songkick/venue?id=mbid:xyz", "id", "expected: digits");
}

static void names_are_bounded_utf8_without_control_characters(void **state)
{
    (void)state;
    char long_name[512] = ARTIST "id=1&name=";
    memset(long_name + strlen(long_name), 'x', ROUTE_NAME_MAX_CHARS + 1);
    assert_fault(long_name, "name", "200 characters");
    long_name[strlen(long_name) - 1] = '\0';
    free(parse_document(long_name));
    assert_fault(ARTIST "id=1&name=", "name", "empty");
    assert_fault(ARTIST "id=1&name=++", "name", "empty");
    assert_fault(ARTIST "id=1&name=A%0AB", "name", "control");
    assert_fault(ARTIST "id=1&name=A%C2%85B", "name", "control");
    assert_fault(ARTIST "id=1&name=%ff", "name", "UTF-8");
    assert_fault(ARTIST "id=1&name=%C2", "name", "UTF-8");
    assert_fault(ARTIST "id=1&name=100%", "name", "percent");
    assert_fault(ARTIST "id=1&name=%4", "name", "percent");
}

static void urls_must_be_web_urls_of_bounded_length(void **state)
{
    (void)state;
    assert_fault(ARTIST "id=1&weburl=javascript:alert(1)", "weburl", "http");
    assert_fault(ARTIST "id=1&weburl=", "weburl", "http");
    assert_fault(ARTIST "id=1&weburl=https://user:pass@a.example", "weburl", "user");
    assert_fault(ARTIST "id=1&eventurl=https://a.example/%7Bslug%7D", "eventurl", "");
    static char target[4096] = ARTIST "id=1&weburl=https://a.example/";
    memset(target + strlen(target), 'a', ROUTE_URL_MAX_BYTES);
    assert_fault(target, "weburl", "long");
}

static void limit_indent_format_and_markup_have_few_values(void **state)
{
    (void)state;
    static const char *const limits[] = {"0", "501", "-1",       "1.5",
                                         "",  "1x",  "99999999", "999999999999999999999"};
    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        char target[128] = ARTIST "id=1&limit=";
        memcpy(target + strlen(target), limits[i], strlen(limits[i]) + 1);
        assert_fault(target, "limit", i < 7 ? "1 to 500" : "long");
    }
    struct route_result *result = parse_document(ARTIST "id=1&limit=500&indent=1");
    assert_int_equal(result->document.limit, 500);
    assert_true(result->document.indent);
    assert_int_equal(result->document.markup, MARKUP_BOTH);
    free(result);
    result = parse_document(ARTIST "id=1&format=html&markup=none&markup=none");
    assert_int_equal(result->document.markup, MARKUP_NONE);
    free(result);
    assert_fault(ARTIST "id=1&indent=2", "indent", "1");
    assert_fault(ARTIST "id=1&markup=both", "markup", "neither only");
    assert_fault(ARTIST "id=1&markup=only&markup=none", "markup", "different");
    assert_fault(ARTIST "id=1&format=xml", "format", "jsonld");
    assert_fault(ARTIST "id=1&limit=1&limit=2", "limit", "different");
}

static void the_language_is_part_of_what_holds_words(void **state)
{
    (void)state;
    assert_other_key(ARTIST "id=1&format=html&lang=de", ARTIST "id=1&format=html");
    assert_other_key(ARTIST "id=1&format=ics&lang=de", ARTIST "id=1&format=ics&lang=en-US");
    assert_same_key(ARTIST "id=1&format=js&lang=en", ARTIST "id=1&format=js");
    assert_same_key(ARTIST "id=1&lang=de", ARTIST "id=1");
    assert_same_key(ARTIST "id=1&format=graph&lang=fr", ARTIST "id=1&format=graph");
    assert_fault(ARTIST "id=1&lang=tlh", "lang", "there are: en, en-US, de, fr, es");
    assert_fault(ARTIST "id=1&lang=", "lang", "there are: en, en-US, de, fr, es");
    assert_fault(ARTIST "id=1&lang=de&lang=fr", "lang", "twice");
}

static void links_to_subscribe_are_part_of_the_document(void **state)
{
    (void)state;
    assert_other_key(ARTIST "id=1&format=html&calendar=1", ARTIST "id=1&format=html");
    assert_same_key(ARTIST "id=1&format=html&calendar=1", ARTIST "calendar=1&calendar=1&id=1&format=html");
    assert_fault(ARTIST "id=1&calendar=yes", "calendar", "It is not 1");
    assert_fault(ARTIST "id=1&calendar=", "calendar", "It is not 1");
}

static void a_link_that_was_escaped_too_often_means_the_same(void **state)
{
    (void)state;
    assert_same_key(ARTIST "id=1&amp;format=js&amp;name=A", ARTIST "id=1&format=js&name=A");
    assert_same_key(ARTIST "id=1&amp;amp;format=js", ARTIST "id=1&format=js");
    assert_same_key(ARTIST "id=1&amp;&amp;=js&amp", ARTIST "id=1");
    assert_fault(ARTIST "id=1&amp;limit=0", "limit", "whole number");
}

static void the_ending_of_a_path_says_the_format(void **state)
{
    (void)state;
    assert_same_key("/api/songkick/artist.ics?id=1", ARTIST "id=1&format=ics");
    assert_same_key("/api/songkick/artist.js?id=1&name=A", ARTIST "id=1&format=js&name=A");
    assert_same_key("/api/songkick/artist.json?id=1", ARTIST "id=1");
    assert_same_key("/api/songkick/venue.html?id=1", "/api/songkick/venue?id=1&format=html");
    assert_same_key("/api/songkick/artist.html/?id=1&markup=none", ARTIST "id=1&format=html&markup=none");
    assert_same_key("/api/songkick/artist.ics?format=ics&id=1", ARTIST "id=1&format=ics");
    assert_fault("/api/songkick/artist.ics?id=1&format=js", "format", "contradicts the ending");
    assert_fault("/api/songkick/artist.json?id=1&format=graph", "format", "contradicts the ending");
    assert_fault("/api/songkick/artist.js?id=1&format=x", "format", "not a known format");
    assert_no_such_path("/api/songkick/artist.xml?id=1", "artist venue event search");
    assert_no_such_path("/api/songkick/artist.ics.ics?id=1", "artist venue event search");
    assert_no_such_path("/api/songkick/.ics?id=1", "artist venue event search");
    assert_no_such_path("/api/songkick/search.json?q=a", "artist venue event search");
}

static void every_fault_is_found_at_once(void **state)
{
    (void)state;
    struct route_result *result =
        parse(ARTIST "skid=abc&name=&weburl=ftp://a&eventurl=x&format=y&limit=z&indent=no&limit=q&markup=");
    static const char *const names[] = {"skid",   "name",  "weburl", "eventurl",
                                        "format", "limit", "indent", "markup"};
    assert_int_equal(result->n_faults, 8);
    for (size_t i = 0; i < 8; i++)
        assert_string_equal(result->faults[i].name, names[i]);
    free(result);
}

static void unknown_paths_are_told_what_there_is(void **state)
{
    (void)state;
    static const char *const nowhere[] = {
        "/api", "/api/", "/api/nobody/artist?id=1", "/index.html",     "/API/songkick/artist", "",
        "x",    "//",    "/api/songkickx/artist",   "/api/song/artist"};
    for (size_t i = 0; i < sizeof(nowhere) / sizeof(nowhere[0]); i++)
        assert_no_such_path(nowhere[i], "songkick");
    assert_no_such_path("/api/songkick", "artist");
    assert_no_such_path("/api/songkick/", "venue");
    assert_no_such_path("/api/songkick/tour?id=1", "artist");
    assert_no_such_path("/api/songkick/artist/x?id=1", "artist");
    assert_no_such_path("/api/songkick/artist//?id=1", "artist");
}

static void pages_have_targets_of_their_own(void **state)
{
    (void)state;
    static const struct {
        const char *target;
        enum route_target want;
    } cases[] = {{"/", ROUTE_HOME},
                 {"/?id=1", ROUTE_HOME},
                 {"/robots.txt", ROUTE_ROBOTS},
                 {"/favicon.ico", ROUTE_FAVICON}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct route_result *result = parse(cases[i].target);
        assert_int_equal(result->target, cases[i].want);
        free(result);
    }
}

static void arguments_pass_the_same_checks_and_make_the_same_key(void **state)
{
    (void)state;
    char id[] = "id=6395144", name[] = "name=Milky Chance";
    char *arguments[] = {name, id};
    struct route_result *result = malloc(sizeof(*result));
    assert_non_null(result);
    route_parse_arguments("songkick", "artist", arguments, 2, result);
    assert_int_equal(result->target, ROUTE_DOCUMENT);
    char *key = key_of(ARTIST "id=6395144&name=Milky+Chance");
    assert_int_equal(result->document.key_len, strlen(key));
    assert_memory_equal(result->document.key, key, strlen(key));
    free(key);
    free(result);
}

static void a_typing_error_is_told_what_there_is(void **state)
{
    (void)state;
    char typo[] = "nmae=A", *bad[] = {typo};
    struct route_result *result = malloc(sizeof(*result));
    assert_non_null(result);
    route_parse_arguments("songkick", "venue", bad, 1, result);
    assert_string_equal(result->faults[0].reason,
                        "There is no such parameter; there are: id, name, weburl, eventurl, pages, "
                        "image, format, limit, indent, markup, calendar, lang.");
    route_parse_arguments("songkick", "search", bad, 1, result);
    assert_string_equal(result->faults[0].reason, "There is no such parameter; there are: q, indent.");
    free(result);
}

static void arguments_are_not_decoded_and_typing_errors_are_faults(void **state)
{
    (void)state;
    char id[] = "id=1", plus[] = "name=A+B%20", typo[] = "nmae=A", bare[] = "indent";
    char *good[] = {id, plus}, *bad[] = {id, typo, bare};
    struct route_result *result = malloc(sizeof(*result));
    assert_non_null(result);
    route_parse_arguments("songkick", "artist", good, 2, result);
    assert_int_equal(result->target, ROUTE_DOCUMENT);
    assert_string_equal(result->document.name, "A+B%20");
    route_parse_arguments("songkick", "artist", bad, 3, result);
    assert_int_equal(result->problem, PROBLEM_PARAMETERS);
    assert_int_equal(result->n_faults, 2);
    assert_string_equal(result->faults[0].name, "nmae=A");
    assert_string_equal(result->faults[1].name, "indent");
    route_parse_arguments("nobody", "artist", good, 2, result);
    assert_int_equal(result->problem, PROBLEM_NO_SUCH_PATH);
    free(result);
}

static void values_without_a_url_are_checked_by_the_same_table(void **state)
{
    (void)state;
    const struct translator *songkick = translator_find("songkick", 8);
    struct route_parse parse;
    struct route_result *result = malloc(sizeof(*result)), *same = malloc(sizeof(*same));
    assert_non_null(result);
    assert_non_null(same);
    assert_true(route_begin(&parse, songkick, SUBJECT_ARTIST, result));
    route_take(&parse, PARAMETER_ID, "1");
    route_take(&parse, PARAMETER_NAME, "A+B%20");
    route_end(&parse);
    assert_int_equal(result->target, ROUTE_DOCUMENT);
    static const char target[] = "/api/songkick/artist?id=1&name=A%2BB%2520";
    route_parse(target, strlen(target), same);
    assert_int_equal(result->document.key_len, same->document.key_len);
    assert_memory_equal(result->document.key, same->document.key, same->document.key_len);
    assert_true(route_begin(&parse, songkick, SUBJECT_VENUE, result));
    route_take(&parse, PARAMETER_LIMIT, "many");
    route_take(&parse, PARAMETER_LIMIT, "few"); /* the first fault of a parameter is enough */
    route_end(&parse);
    assert_int_equal(result->problem, PROBLEM_PARAMETERS);
    assert_int_equal(result->n_faults, 2);
    assert_int_equal(result->faults[0].index, PARAMETER_LIMIT);
    assert_int_equal(result->faults[1].index, PARAMETER_ID);
    assert_false(route_begin(&parse, translator_find("bandsintown", 11), SUBJECT_EVENT, result));
    assert_int_equal(result->problem, PROBLEM_NO_SUCH_PATH);
    free(same);
    free(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_without_a_url_are_checked_by_the_same_table),
        cmocka_unit_test(the_url_of_2014_still_means_the_same),
        cmocka_unit_test(a_search_takes_words_instead_of_an_id),
        cmocka_unit_test(the_key_says_everything_that_shapes_the_document),
        cmocka_unit_test(order_encoding_alias_and_unknown_parameters_are_not_part_of_the_key),
        cmocka_unit_test(whatever_differs_in_meaning_has_another_key),
        cmocka_unit_test(the_longest_values_fit_into_a_key),
        cmocka_unit_test(a_missing_id_is_named),
        cmocka_unit_test(ids_are_checked_by_the_route),
        cmocka_unit_test(an_id_of_the_right_kind_is_told_what_is_wrong_with_it),
        cmocka_unit_test(names_are_bounded_utf8_without_control_characters),
        cmocka_unit_test(urls_must_be_web_urls_of_bounded_length),
        cmocka_unit_test(limit_indent_format_and_markup_have_few_values),
        cmocka_unit_test(the_language_is_part_of_what_holds_words),
        cmocka_unit_test(links_to_subscribe_are_part_of_the_document),
        cmocka_unit_test(a_link_that_was_escaped_too_often_means_the_same),
        cmocka_unit_test(the_ending_of_a_path_says_the_format),
        cmocka_unit_test(every_fault_is_found_at_once),
        cmocka_unit_test(unknown_paths_are_told_what_there_is),
        cmocka_unit_test(pages_have_targets_of_their_own),
        cmocka_unit_test(arguments_pass_the_same_checks_and_make_the_same_key),
        cmocka_unit_test(a_typing_error_is_told_what_there_is),
        cmocka_unit_test(arguments_are_not_decoded_and_typing_errors_are_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
