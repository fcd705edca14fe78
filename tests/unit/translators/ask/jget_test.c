/* Tests of translators/ask/jget.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "translators/ask/jget.h"
#include "translators/base/arena.h"

struct fixture {
    struct arena *arena;
    json_t *json;
};

static const char sample[] =
    "{\"venue\":{\"metroArea\":{\"country\":{\"displayName\":\"  Caf\\u00e9 &amp; Bar\\n\"}},\"id\":17522,"
    "\"lat\":\"41.38\",\"lng\":2.17,\"zip\":null,\"empty\":\"\",\"list\":[1,{\"a\":2}],\"yes\":true,"
    "\"capacity\":600.0,\"half\":0.5,\"huge\":1e300,\"slug\":\"a_B-9\",\"spaced\":\"a b\","
    "\"rough\":\"41.38 N\",\"overflow\":\"1e999\",\"array\":\"[1]\",\"one\":1,\"date\":\"2027-03-12\"},"
    "\"url\":\" https://example.com/a?b=c#d \",\"bad\":\"javascript:alert(1)\"}";

static int setup(void **state)
{
    static struct fixture fixture;
    fixture.arena = arena_new(1 << 20);
    fixture.json = json_loads(sample, 0, NULL);
    *state = &fixture;
    return fixture.json == NULL;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    json_decref(fixture->json);
    arena_free(fixture->arena);
    return 0;
}

static void a_path_leads_through_objects_or_nowhere(void **state)
{
    struct fixture *f = *state;
    assert_true(json_is_object(jget(f->json, "venue.metroArea.country")));
    assert_ptr_equal(jget(f->json, ""), f->json);
    assert_null(jget(f->json, "venue.metroArea.state"));
    assert_null(jget(f->json, "venue.list.a"));
    assert_null(jget(f->json, "venue.id.more"));
    assert_null(jget(f->json, "venue.zip"));
    assert_null(jget(NULL, "venue"));
    assert_null(jget(f->json, "venu"));
    assert_null(jget(f->json, ".venue"));
}

static void a_list_is_an_array_or_one_object(void **state)
{
    struct fixture *f = *state;
    const json_t *list = jget_list(f->json, "venue.list");
    assert_int_equal(jget_size(list), 2);
    assert_int_equal(json_integer_value(jget_at(list, 0)), 1);
    assert_null(jget_at(list, 2));
    const json_t *one = jget_list(f->json, "venue");
    assert_int_equal(jget_size(one), 1);
    assert_ptr_equal(jget_at(one, 0), one);
    assert_null(jget_at(one, 1));
    assert_null(jget_list(f->json, "venue.id"));
    assert_int_equal(jget_size(NULL), 0);
    assert_null(jget_at(NULL, 0));
}

static void text_comes_out_clean_or_not_at_all(void **state)
{
    struct fixture *f = *state;
    assert_string_equal(jget_text(f->arena, f->json, "venue.metroArea.country.displayName"),
                        "Caf\xC3\xA9 & Bar");
    assert_null(jget_text(f->arena, f->json, "venue.empty"));
    assert_null(jget_text(f->arena, f->json, "venue.id"));
    assert_null(jget_text(f->arena, f->json, "venue.zip"));
    assert_null(jget_text(f->arena, NULL, "venue"));
}

static void ids_come_as_integers_whole_reals_or_plain_strings(void **state)
{
    struct fixture *f = *state;
    assert_string_equal(jget_id(f->arena, f->json, "venue.id"), "17522");
    assert_string_equal(jget_id(f->arena, f->json, "venue.capacity"), "600");
    assert_string_equal(jget_id(f->arena, f->json, "venue.slug"), "a_B-9");
    assert_null(jget_id(f->arena, f->json, "venue.half"));
    assert_null(jget_id(f->arena, f->json, "venue.huge"));
    assert_null(jget_id(f->arena, f->json, "venue.spaced"));
    assert_null(jget_id(f->arena, f->json, "venue.empty"));
    assert_null(jget_id(f->arena, f->json, "venue.yes"));
}

static void an_id_has_at_most_64_bytes(void **state)
{
    struct fixture *f = *state;
    char id[66];
    memset(id, 'a', 65);
    id[65] = '\0';
    json_object_set_new(f->json, "long", json_string(id));
    assert_null(jget_id(f->arena, f->json, "long"));
    json_object_set_new(f->json, "long", json_string(id + 1));
    assert_string_equal(jget_id(f->arena, f->json, "long"), id + 1);
}

static void urls_are_absolute_or_not_there(void **state)
{
    struct fixture *f = *state;
    assert_string_equal(jget_url(f->arena, f->json, "url"), "https://example.com/a?b=c#d");
    assert_null(jget_url(f->arena, f->json, "bad"));
    assert_null(jget_url(f->arena, f->json, "venue.empty"));
    assert_null(jget_url(f->arena, f->json, "venue.id"));
}

static void numbers_come_as_numbers_or_whole_strings(void **state)
{
    struct fixture *f = *state;
    double number = -1;
    assert_true(jget_number(f->json, "venue.lat", &number));
    assert_true(number == 41.38);
    assert_true(jget_number(f->json, "venue.lng", &number));
    assert_true(number == 2.17);
    assert_true(jget_number(f->json, "venue.one", &number));
    assert_true(number == 1);
    static const char *const none[] = {"venue.rough", "venue.overflow", "venue.array", "venue.empty",
                                       "venue.zip",   "venue.yes",      "venue.list"};
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
        assert_false(jget_number(f->json, none[i], &number));
    assert_true(number == 1);
}

static void counts_are_whole_and_no_more_than_a_million(void **state)
{
    static const struct {
        const char *text;
        int count;
    } cases[] = {{"0", 0},    {"47", 47},   {"\"47\"", 47},    {"4.9", 4},    {"1000000", 1000000},
                 {"-1", -1},  {"-0.5", -1}, {"1000000.5", -1}, {"1e300", -1}, {"\"many\"", -1},
                 {"[3]", -1}, {"true", -1}, {"null", -1}};
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        json_t *value = json_loads(cases[i].text, JSON_DECODE_ANY, NULL);
        assert_non_null(value);
        assert_int_equal(jget_count(value, ""), cases[i].count);
        json_decref(value);
    }
    assert_int_equal(jget_count(NULL, "venue"), -1);
}

static void only_true_is_true(void **state)
{
    struct fixture *f = *state;
    assert_true(jget_bool(f->json, "venue.yes"));
    assert_false(jget_bool(f->json, "venue.one"));
    assert_false(jget_bool(f->json, "venue.none"));
}

static void a_raw_string_comes_as_it_is(void **state)
{
    struct fixture *f = *state;
    assert_string_equal(jget_raw(f->json, "venue.date"), "2027-03-12");
    assert_string_equal(jget_raw(f->json, "venue.empty"), "");
    assert_null(jget_raw(f->json, "venue.id"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_path_leads_through_objects_or_nowhere, setup, teardown),
        cmocka_unit_test_setup_teardown(a_list_is_an_array_or_one_object, setup, teardown),
        cmocka_unit_test_setup_teardown(text_comes_out_clean_or_not_at_all, setup, teardown),
        cmocka_unit_test_setup_teardown(ids_come_as_integers_whole_reals_or_plain_strings, setup, teardown),
        cmocka_unit_test_setup_teardown(an_id_has_at_most_64_bytes, setup, teardown),
        cmocka_unit_test_setup_teardown(urls_are_absolute_or_not_there, setup, teardown),
        cmocka_unit_test_setup_teardown(numbers_come_as_numbers_or_whole_strings, setup, teardown),
        cmocka_unit_test(counts_are_whole_and_no_more_than_a_million),
        cmocka_unit_test_setup_teardown(only_true_is_true, setup, teardown),
        cmocka_unit_test_setup_teardown(a_raw_string_comes_as_it_is, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
