/* Paths below /tour/ -> pages of tours, their parameters and their keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "service/document/route.h"

static struct route_result *parse(const char *target)
{
    static const char poison = 0x5a;
    struct route_result *result = malloc(sizeof(*result));
    assert_non_null(result);
    memset(result, poison, sizeof(*result)); /* nothing may depend on what the struct held before */
    route_parse(target, strlen(target), result);
    return result;
}

static void assert_page(const char *target, enum subject subject, const char *id, const char *page)
{
    struct route_result *result = parse(target);
    if (result->target != ROUTE_DOCUMENT)
        fail_msg("%s: %s", target, result->detail);
    assert_true(route_is_page(&result->document));
    assert_int_equal(result->document.route->subject, subject);
    assert_string_equal(result->document.id, id);
    assert_string_equal(result->document.page, page);
    free(result);
}

static void assert_none(const char *target)
{
    struct route_result *result = parse(target);
    if (result->target != ROUTE_PROBLEM || result->problem != PROBLEM_NO_SUCH_PATH)
        fail_msg("%s is not refused", target);
    free(result);
}

static void assert_told(const char *target, const char *form)
{
    struct route_result *result = parse(target);
    assert_int_equal(result->problem, PROBLEM_NO_SUCH_PATH);
    assert_true(result->is_page);
    if (strstr(result->detail, form) == NULL || strstr(result->detail, "/api/") != NULL)
        fail_msg("%s: %s", target, result->detail);
    free(result);
}

static void assert_fault(const char *target, const char *name)
{
    struct route_result *result = parse(target);
    assert_int_equal(result->target, ROUTE_PROBLEM);
    assert_int_equal(result->problem, PROBLEM_PARAMETERS);
    assert_int_equal(result->n_faults, 1);
    assert_string_equal(result->faults[0].name, name);
    free(result);
}

static void assert_moved(const char *target, const char *location)
{
    struct route_result *result = parse(target);
    assert_int_equal(result->target, ROUTE_MOVED);
    assert_string_equal(result->location, location);
    free(result);
}

static void a_path_below_tour_is_a_page(void **state)
{
    (void)state;
    assert_page("/tour/songkick/41/", SUBJECT_ARTIST, "41", "");
    assert_page("/tour/songkick/venue/41/", SUBJECT_VENUE, "41", "");
    assert_page("/tour/songkick/41/?skid=42&id=43&limit=0&format=x", SUBJECT_ARTIST, "41", "");
    assert_page("/tour/songkick/41/dates.ics?name=a", SUBJECT_ARTIST, "41", "dates.ics");
    assert_page("/tour/songkick/41/2027-03-12-berlin-7/", SUBJECT_ARTIST, "41", "2027-03-12-berlin-7/");
    assert_page("/tour/bandsintown/id_41/x-7/date.ics", SUBJECT_ARTIST, "id_41", "x-7/date.ics");
    assert_page("/tour/ticketmaster/K8vZ9175Wff/x-G5-_9/", SUBJECT_ARTIST, "K8vZ9175Wff", "x-G5-_9/");
    assert_page("/tour/songkick/mbid%3A4bd95eea-b9f6-4d70-a36c-cfea77431553/", SUBJECT_ARTIST,
                "mbid:4bd95eea-b9f6-4d70-a36c-cfea77431553", "");
}

static void other_paths_are_no_pages(void **state)
{
    (void)state;
    assert_none("/tour/");
    assert_none("/tour/songkick");
    assert_none("/tour/songkick/");
    assert_none("/tour/nobody/41/");
    assert_none("/tour/songkick/abc/");
    assert_none("/tour/songkick/41/x/y/");
    assert_none("/tour/songkick/41/../42/");
    assert_none("/tour/songkick/41/%2e%2e/");
    assert_none("/tour/bandsintown/name:Mira%20Vale/");
    assert_none("/tour/bandsintown/venue/41/");
    assert_none("/tour/songkick/event/41/");
}

static void a_path_below_tour_is_told_where_tours_are(void **state)
{
    (void)state;
    static const char form[] = "/tour/{provider}/{id}/; the providers are: bandsintown songkick";
    assert_told("/tour/foo/1/", form);
    assert_told("/tour/foo", form);
    assert_told("/tour/", form);
    assert_told("/tour", form);
    assert_told("/tour?x", form);
    assert_told("/tour/bandsintown/venue/41/", form);
    assert_none("/tourist");
    assert_told("/tour/songkick/", form);
    assert_told("/tour/songkick/abc/", "no such page");
}

static void feeds_have_an_address_only_where_the_pages_have_one(void **state)
{
    (void)state;
    assert_none("/tour/songkick/41/feed.xml");
    assert_none("/tour/songkick/41/sitemap.xml?name=a");
    assert_page("/tour/songkick/41/feed.xml?pages=https://a.example/tour", SUBJECT_ARTIST, "41", "feed.xml");
}

static void an_address_without_its_slash_leads_to_the_one_with_it(void **state)
{
    (void)state;
    assert_moved("/tour/songkick/41", "./41/");
    assert_moved("/tour/songkick/venue/41?name=x", "./41/");
    assert_moved("/tour/songkick/mbid:4bd95eea-b9f6-4d70-a36c-cfea77431553",
                 "./mbid:4bd95eea-b9f6-4d70-a36c-cfea77431553/");
}

static void slashes_that_end_the_address_of_the_pages_say_nothing(void **state)
{
    struct route_result *result = parse("/tour/songkick/41/?pages=https://a.example/tour//");
    (void)state;
    assert_string_equal(result->document.pages, "https://a.example/tour");
    free(result);
}

static void addresses_that_visitors_load_are_https(void **state)
{
    (void)state;
    assert_fault("/tour/songkick/41/?pages=http://a.example/tour", "pages");
    assert_fault("/tour/songkick/41/?pages=https://a.example/tour?x=1", "pages");
    assert_fault("/tour/songkick/41/?pages=https://a.example/%23tour", "pages");
    assert_fault("/tour/songkick/41/?pages=https://u:p@a.example/", "pages");
    assert_page("/tour/songkick/41/?name=&weburl=&image=&style=&pages=", SUBJECT_ARTIST, "41", "");
    assert_fault("/tour/songkick/41/?image=javascript:1", "image");
    assert_fault("/tour/songkick/41/?image=https://a.example/a%23b", "image");
}

static void a_style_sheet_is_on_the_host_of_the_pages(void **state)
{
    (void)state;
    assert_page("/tour/songkick/41/?pages=https://a.example/tour&style=https://A.example/s.css",
                SUBJECT_ARTIST, "41", "");
    assert_fault("/tour/songkick/41/?style=https://a.example/s.css", "style");
    assert_fault("/tour/songkick/41/?pages=https://a.example/t&style=https://b.example/s.css", "style");
    assert_fault("/tour/songkick/41/?pages=https://a.example/t&style=https://a.example.evil.example/",
                 "style");
    assert_fault("/tour/songkick/41/?pages=https://a.example/t&style=https://a.example:1/", "style");
}

static void pages_of_one_tour_share_the_beginning_of_their_keys(void **state)
{
    struct route_result *tour = parse("/tour/songkick/41/?pages=https://a.example/tour/");
    struct route_result *date = parse("/tour/songkick/41/x-7/?pages=https://a.example/tour&limit=3&utm_x=1");
    struct cache_key tour_key = route_job_key(&tour->document), date_key = route_job_key(&date->document);
    (void)state;
    assert_int_equal(tour_key.len, date_key.len);
    assert_memory_equal(tour_key.text, date_key.text, tour_key.len);
    tour_key = route_key(&tour->document);
    date_key = route_key(&date->document);
    assert_true(tour_key.len > route_job_key(&tour->document).len);
    assert_int_not_equal(tour_key.len, date_key.len);
    free(tour);
    free(date);
}

static void the_longest_request_has_a_key(void **state)
{
    static char target[16384];
    static const char *const urls[] = {"weburl", "pages", "image", "style"};
    size_t at = (size_t)snprintf(target, sizeof(target), "/tour/songkick/41/?name=");
    (void)state;
    for (int i = 0; i < 200; i++)
        at += (size_t)snprintf(target + at, sizeof(target) - at, "%%F0%%9F%%8E%%B8");
    for (size_t i = 0; i < 4; i++) {
        at += (size_t)snprintf(target + at, sizeof(target) - at, "&%s=https://a.example/", urls[i]);
        for (int n = 0; n < ROUTE_URL_MAX_BYTES - 18; n++)
            target[at++] = 'a';
    }
    target[at] = '\0';
    struct route_result *result = parse(target);
    assert_int_equal(result->target, ROUTE_DOCUMENT);
    assert_true(route_key(&result->document).len > 4 * ROUTE_URL_MAX_BYTES);
    free(result);
}

static void a_page_is_known_or_its_pattern_is_given_not_both(void **state)
{
    (void)state;
    assert_fault("/api/songkick/artist?id=1&pages=https://a.example/tour&eventurl=https://a.example/{id}",
                 "eventurl");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_below_tour_is_a_page),
        cmocka_unit_test(other_paths_are_no_pages),
        cmocka_unit_test(a_path_below_tour_is_told_where_tours_are),
        cmocka_unit_test(feeds_have_an_address_only_where_the_pages_have_one),
        cmocka_unit_test(an_address_without_its_slash_leads_to_the_one_with_it),
        cmocka_unit_test(slashes_that_end_the_address_of_the_pages_say_nothing),
        cmocka_unit_test(addresses_that_visitors_load_are_https),
        cmocka_unit_test(a_style_sheet_is_on_the_host_of_the_pages),
        cmocka_unit_test(pages_of_one_tour_share_the_beginning_of_their_keys),
        cmocka_unit_test(the_longest_request_has_a_key),
        cmocka_unit_test(a_page_is_known_or_its_pattern_is_given_not_both),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
