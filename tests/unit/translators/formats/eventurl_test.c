/* Tests of translators/formats/eventurl.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "translators/base/arena.h"
#include "translators/formats/eventurl.h"
#include "translators/model/model.h"

static bool is_ok(const char *text)
{
    enum string_id reason = STRING_NONE;
    bool ok = eventurl_check(text, strlen(text), &reason);

    assert_true(ok || reason != STRING_NONE);
    return ok;
}

static void a_template_is_an_absolute_web_address(void **state)
{
    (void)state;
    assert_true(is_ok("https://artist.example/tour/{date}-{city}"));
    assert_true(is_ok("http://artist.example:8080/?e={id}&v={venue}&n={name}#{id}"));
    assert_true(is_ok("https://artist.example/tour"));
    assert_false(is_ok(""));
    assert_false(is_ok("/tour/{date}"));
    assert_false(is_ok("//artist.example/tour/{date}"));
    assert_false(is_ok("javascript:alert({id})"));
    assert_false(is_ok("https://user:secret@artist.example/{id}"));
    assert_false(is_ok("https://artist.example/a b/{id}"));
    assert_false(is_ok("https://artist.example/\"{id}"));
}

static void only_the_five_placeholders_are_known(void **state)
{
    (void)state;
    assert_false(is_ok("https://artist.example/{artist}"));
    assert_false(is_ok("https://artist.example/{Date}"));
    assert_false(is_ok("https://artist.example/{}"));
    assert_false(is_ok("https://artist.example/{date"));
    assert_false(is_ok("https://artist.example/date}"));
    assert_false(is_ok("https://artist.example/{{date}}"));
}

static void the_host_is_the_same_for_every_event(void **state)
{
    (void)state;
    assert_false(is_ok("https://{city}.artist.example/"));
    assert_false(is_ok("{name}://artist.example/"));
    assert_false(is_ok("{id}"));
}

static void a_template_is_bounded(void **state)
{
    char text[4000] = "https://artist.example/";

    (void)state;
    memset(text + strlen(text), 'x', 1000);
    assert_true(is_ok(text));
    memset(text + strlen(text), 'x', 1500);
    assert_false(is_ok(text));
}

static void expect(const char *eventurl, const struct event *event, const char *expected)
{
    struct arena *arena = arena_new(1 << 20);

    assert_string_equal(eventurl_expand(arena, eventurl, event), expected);
    arena_free(arena);
}

static void values_are_slugs_and_ids_stay(void **state)
{
    struct event event = {.id = "vvG1_iZ",
                          .name = "Söhne & Töchter: Live!",
                          .start = {.year = 2027, .month = 3, .day = 12, .has_time = true, .hour = 20},
                          .place = {.name = "Café Übel", .locality = "São Paulo"}};

    (void)state;
    expect("https://a.example/{date}-{city}/{venue}?e={id}#{name}", &event,
           "https://a.example/2027-03-12-sao-paulo/cafe-ubel?e=vvG1_iZ#sohne-tochter-live");
    expect("https://a.example/tour", &event, "https://a.example/tour");
    expect("https://a.example/x--y-/{id}", &event, "https://a.example/x--y-/vvG1_iZ");
}

static void an_unknown_value_leaves_no_hyphen_behind(void **state)
{
    struct event event = {.id = "7", .start = {.year = 2027, .month = 3, .day = 12}};

    (void)state;
    expect("https://a.example/{date}-{city}", &event, "https://a.example/2027-03-12");
    expect("https://a.example/{city}-{date}", &event, "https://a.example/2027-03-12");
    expect("https://a.example/{date}-{city}-{venue}-{id}", &event, "https://a.example/2027-03-12-7");
    expect("https://a.example/{date}-{city}-{venue}/x", &event, "https://a.example/2027-03-12/x");
    expect("https://a.example/{city}/{id}.html", &event, "https://a.example//7.html");
    expect("https://a.example/{date}-{city}.html", &event, "https://a.example/2027-03-12.html");
    expect("https://a.example/?c={city}&d={date}", &event, "https://a.example/?c=&d=2027-03-12");
    expect("https://a.example/{city}{venue}{name}", &event, "https://a.example/");
}

static void a_long_name_is_cut_between_words(void **state)
{
    struct event event = {.id = "7",
                          .name = "one two three four five six seven eight nine ten eleven twelve thirteen "
                                  "fourteen fifteen sixteen"};

    (void)state;
    expect("https://a.example/{name}", &event,
           "https://a.example/one-two-three-four-five-six-seven-eight-nine-ten-eleven-twelve-thirteen-"
           "fourteen");
}

static void a_page_whose_address_would_be_too_long_is_none(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    struct event event = {.id = "7", .start = {.year = 2027, .month = 3, .day = 12}};
    char text[2048] = "https://a.example/";

    (void)state;
    while (strlen(text) < 2000)
        memcpy(text + strlen(text), "{date}", 7);
    assert_true(is_ok(text));
    assert_null(eventurl_expand(arena, text, &event));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_template_is_an_absolute_web_address),
        cmocka_unit_test(only_the_five_placeholders_are_known),
        cmocka_unit_test(the_host_is_the_same_for_every_event),
        cmocka_unit_test(a_template_is_bounded),
        cmocka_unit_test(values_are_slugs_and_ids_stay),
        cmocka_unit_test(an_unknown_value_leaves_no_hyphen_behind),
        cmocka_unit_test(a_long_name_is_cut_between_words),
        cmocka_unit_test(a_page_whose_address_would_be_too_long_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
