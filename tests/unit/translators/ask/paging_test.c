/* Pages of events: which answers are one, and how many a tour has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "translators/ask/paging.h"

static const struct paging paging = {
    .list = "held.events",
    .holder = "held",
    .mark = "start",
    .size = "size",
    .count = "count",
    .per_page = 3,
    .max_pages = 4,
};

static json_t *read_json(const char *text)
{
    json_t *answer = json_loads(text, 0, NULL);

    assert_non_null(answer);
    return answer;
}

static bool is_page(const char *text)
{
    json_t *answer = read_json(text);
    bool is = paging_is_page(&paging, answer);

    json_decref(answer);
    return is;
}

static unsigned n_pages(const char *text)
{
    json_t *answer = read_json(text);
    unsigned n = paging_count(&paging, answer);

    json_decref(answer);
    return n;
}

#define EVENT "{\"id\": 1, \"start\": {}}"

static void a_page_holds_a_record_with_id_and_mark_or_nothing(void **state)
{
    (void)state;
    assert_true(is_page("{}"));
    assert_true(is_page("{\"held\": {\"events\": []}}"));
    assert_true(is_page("{\"held\": {\"events\": [" EVENT "]}}"));
    assert_true(is_page("{\"held\": {\"events\": [{}, " EVENT "]}}"));
    assert_true(is_page("{\"held\": {\"events\": " EVENT "}}"));
    assert_false(is_page("{\"held\": {}}"));
    assert_false(is_page("{\"held\": {\"events\": \"none\"}}"));
    assert_false(is_page("{\"held\": {\"events\": [{\"id\": 1}]}}"));
    assert_false(is_page("{\"held\": {\"events\": [{\"start\": {}}]}}"));
    assert_false(is_page("{\"held\": {\"events\": [{\"id\": 1, \"start\": \"today\"}]}}"));
}

static void a_full_page_says_how_many_records_there_are(void **state)
{
    (void)state;
    assert_true(is_page("{\"held\": {\"events\": [" EVENT ", " EVENT "]}}"));
    assert_false(is_page("{\"held\": {\"events\": [" EVENT ", " EVENT ", " EVENT "]}}"));
    assert_true(is_page("{\"count\": 3, \"held\": {\"events\": [" EVENT ", " EVENT ", " EVENT "]}}"));
    assert_false(is_page("{\"size\": 2, \"held\": {\"events\": [" EVENT ", " EVENT "]}}"));
    assert_true(is_page("{\"size\": 2, \"count\": 2, \"held\": {\"events\": [" EVENT ", " EVENT "]}}"));
}

static void the_first_page_tells_how_many_there_are(void **state)
{
    (void)state;
    assert_int_equal(n_pages("{}"), 1);
    assert_int_equal(n_pages("{\"count\": 0}"), 1);
    assert_int_equal(n_pages("{\"count\": -7}"), 1);
    assert_int_equal(n_pages("{\"count\": 3}"), 1);
    assert_int_equal(n_pages("{\"count\": 4}"), 2);
    assert_int_equal(n_pages("{\"count\": \"7\"}"), 3);
    assert_int_equal(n_pages("{\"count\": 12}"), 4);
    assert_int_equal(n_pages("{\"count\": 1e300}"), 4);
}

static void a_page_is_never_bigger_than_asked_for(void **state)
{
    (void)state;
    assert_int_equal(n_pages("{\"count\": 6, \"size\": 2}"), 3);
    assert_int_equal(n_pages("{\"count\": 6, \"size\": 1}"), 4);
    assert_int_equal(n_pages("{\"count\": 6, \"size\": 0}"), 2);
    assert_int_equal(n_pages("{\"count\": 6, \"size\": 50}"), 2);
    assert_int_equal(n_pages("{\"count\": 6, \"size\": \"all\"}"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_holds_a_record_with_id_and_mark_or_nothing),
        cmocka_unit_test(a_full_page_says_how_many_records_there_are),
        cmocka_unit_test(the_first_page_tells_how_many_there_are),
        cmocka_unit_test(a_page_is_never_bigger_than_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
