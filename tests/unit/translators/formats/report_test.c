/* The report: what is missing from which events, and the formats made of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <string.h>

#include "translators/base/arena.h"
#include "translators/formats/report.h"

#define MAX_BYTES 262144

static const struct translator provider = {.name = "gigbook", .title = "Gigbook"};

/* Two events: the first has everything, the second what is required alone. */
struct fixture {
    struct act act;
    struct offer offer;
    const char *image;
    struct event events[2];
    struct document document;
    struct render_options options;
    struct arena *arena;
};

static int set_up(void **state)
{
    struct fixture *fixture = test_calloc(1, sizeof(*fixture));
    const struct moment start = {.year = 2027, .month = 3, .day = 12, .has_time = true, .hour = 20};
    struct moment end = start;

    end.hour = 23;
    fixture->act = (struct act){.name = "Mira Vale", .headliner = true};
    fixture->offer = (struct offer){.url = "https://tickets.example/",
                                    .has_price = true,
                                    .price = 20,
                                    .currency = "EUR",
                                    .availability = AVAILABILITY_IN_STOCK};
    fixture->image = "https://gigbook.example/i.jpg";
    fixture->events[0] = (struct event){
        .id = "7",
        .url = "https://gigbook.example/7",
        .start = start,
        .end = end,
        .description = "With strings.",
        .organizer_name = "Hall & Sons",
        .place = {.name = "Gasometer Hall", .street = "Ring 1", .locality = "Berlin", .country = "DE"},
        .acts = &fixture->act,
        .n_acts = 1,
        .offers = &fixture->offer,
        .n_offers = 1,
        .images = {&fixture->image, 1}};
    fixture->events[1] = (struct event){.id = "8",
                                        .name = "A </script> night",
                                        .start = {.year = 2027, .month = 3, .day = 13},
                                        .place = {.name = "Cellar", .locality = "Berlin"}};
    fixture->document = (struct document){.provider = "gigbook", .events = fixture->events, .n_events = 2};
    fixture->options = (struct render_options){
        .public_url = "https://s.example", .eventurl = "https://a.example/{date}", .translator = &provider};
    fixture->arena = arena_new(MAX_BYTES);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    arena_free(fixture->arena);
    test_free(fixture);
    return 0;
}

static bool lacks(const struct report *report, size_t event, enum report_field field)
{
    return report->missing[event] >> field & 1;
}

static struct report *make(struct fixture *fixture)
{
    return report_make(fixture->arena, &fixture->document, &fixture->options);
}

static void an_event_with_everything_lacks_nothing(void **state)
{
    struct fixture *fixture = *state;

    assert_int_equal(make(fixture)->missing[0], 0);
    fixture->options.eventurl = NULL;
    assert_int_equal(make(fixture)->missing[0], UINT32_C(1) << REPORT_PAGE);
}

static void one_address_for_all_events_is_no_page_of_their_own(void **state)
{
    static const char *const same[] = {"https://a.example/", "https://a.example/tour#{id}"};
    static const char *const different[] = {"https://a.example/tour?on={date}#{id}",
                                            "https://a.example/{venue}/"};
    struct fixture *fixture = *state;

    for (size_t i = 0; i < 2; i++) {
        fixture->options.eventurl = same[i];
        assert_true(lacks(make(fixture), 0, REPORT_PAGE));
        fixture->options.eventurl = different[i];
        assert_false(lacks(make(fixture), 0, REPORT_PAGE));
    }
}

static void an_address_is_a_page_of_its_own_where_no_other_event_has_it(void **state)
{
    struct fixture *fixture = *state;
    struct event events[3] = {fixture->events[0], fixture->events[1], fixture->events[0]};

    fixture->document.events = events;
    fixture->document.n_events = 3;
    fixture->options.eventurl = "https://a.example/tour/{name}#{id}";
    assert_true(lacks(make(fixture), 0, REPORT_PAGE));
    assert_false(lacks(make(fixture), 1, REPORT_PAGE));
    assert_true(lacks(make(fixture), 2, REPORT_PAGE));
    assert_non_null(itemlist_fault(&fixture->document, &fixture->options, &strings_english, fixture->arena));
    events[2].acts = NULL;
    events[2].n_acts = 0;
    events[2].name = "Another";
    assert_int_equal(make(fixture)->n_missing[REPORT_PAGE], 0);
    assert_null(itemlist_fault(&fixture->document, &fixture->options, &strings_english, fixture->arena));
}

static void the_one_event_of_a_document_needs_no_placeholder(void **state)
{
    struct fixture *fixture = *state;

    fixture->document.n_events = 1;
    fixture->options.eventurl = "https://a.example/tour/boston";
    assert_false(lacks(make(fixture), 0, REPORT_PAGE));
}

static void what_is_not_known_is_missing(void **state)
{
    static const enum report_field missing[] = {REPORT_STREET,    REPORT_HOUR,      REPORT_TICKETS,
                                                REPORT_IMAGE,     REPORT_PERFORMER, REPORT_DESCRIPTION,
                                                REPORT_ORGANIZER, REPORT_END};
    struct fixture *fixture = *state;
    const struct report *report = make(fixture);
    uint32_t all = 0;

    for (size_t i = 0; i < sizeof(missing) / sizeof(missing[0]); i++)
        all |= UINT32_C(1) << missing[i];
    assert_int_equal(report->missing[1], all);
    assert_int_equal(report->n_ready, 2);
    assert_int_equal(report->n_missing[REPORT_HOUR], 1);
}

static void an_event_without_any_address_is_not_ready(void **state)
{
    struct fixture *fixture = *state;

    fixture->events[1].place.locality = NULL;
    assert_true(lacks(make(fixture), 1, REPORT_ADDRESS));
    assert_int_equal(make(fixture)->n_ready, 1);
}

static void only_what_applies_is_asked_of_an_event(void **state)
{
    struct fixture *fixture = *state;

    fixture->events[1].kind = EVENT_FESTIVAL;
    assert_false(lacks(make(fixture), 1, REPORT_HOUR));
    fixture->events[1].status = EVENT_CANCELLED;
    assert_false(lacks(make(fixture), 1, REPORT_TICKETS));
    assert_int_equal(make(fixture)->n_asked[REPORT_TICKETS], 1);
    fixture->offer.has_price = false;
    assert_true(lacks(make(fixture), 0, REPORT_PRICE));
    assert_true(report_everywhere(make(fixture), REPORT_PRICE));
    assert_false(lacks(make(fixture), 1, REPORT_PRICE));
}

static json_t *rendered(struct fixture *fixture, const struct format *format)
{
    struct buffer out = BUFFER_INIT(MAX_BYTES);
    const char *why = NULL;
    json_t *root;

    assert_true(format->render(&fixture->document, &fixture->options, fixture->arena, &out, &why));
    assert_null(memchr(out.bytes, '<', out.len));
    root = json_loadb(out.bytes, out.len, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    buffer_done(&out);
    return root;
}

static void every_missing_property_is_explained(void **state)
{
    json_t *root = rendered(*state, &format_report), *field;
    size_t i;

    assert_int_equal(json_integer_value(json_object_get(root, "events")), 2);
    assert_int_equal(
        json_array_size(json_object_get(json_array_get(json_object_get(root, "list"), 1), "missing")), 8);
    assert_int_equal(json_array_size(json_object_get(root, "fields")), 8);
    json_array_foreach(json_object_get(root, "fields"), i, field)
    {
        assert_true(json_string_length(json_object_get(field, "why")) > 0);
        assert_true(json_string_length(json_object_get(field, "fix")) > 0);
        assert_true(json_string_length(json_object_get(field, "label")) > 0);
    }
    json_decref(root);
}

static void the_preview_shows_list_data_and_report(void **state)
{
    json_t *root = rendered(*state, &format_preview);
    const json_t *rows = json_object_get(root, "rows");

    assert_non_null(strstr(json_string_value(json_object_get(root, "list")), "marquee-event"));
    assert_null(strstr(json_string_value(json_object_get(root, "list")), "application/ld+json"));
    assert_non_null(strstr(json_string_value(json_object_get(root, "jsonld")), "MusicEvent"));
    assert_int_equal(json_array_size(rows), 1);
    assert_string_equal(json_string_value(json_object_get(json_array_get(rows, 0), "name")),
                        "A </script> night");
    assert_int_equal(json_integer_value(json_object_get(root, "n_ready")), 2);
    json_decref(root);
}

static void candidates_say_what_tells_them_apart(void **state)
{
    struct fixture *fixture = *state;
    struct candidate candidates[] = {
        {.id = "1", .name = "A<b>", .url = "https://g.example/1", .detail = "rock", .n_upcoming = 0},
        {.id = "2", .name = "A", .n_upcoming = -1}};
    json_t *root, *first, *second;

    fixture->document =
        (struct document){.subject = SUBJECT_SEARCH, .candidates = candidates, .n_candidates = 2};
    root = rendered(fixture, &format_candidates);
    first = json_array_get(json_object_get(root, "candidates"), 0);
    second = json_array_get(json_object_get(root, "candidates"), 1);
    assert_string_equal(json_string_value(json_object_get(first, "name")), "A<b>");
    assert_int_equal(json_integer_value(json_object_get(first, "upcoming")), 0);
    assert_null(json_object_get(second, "upcoming"));
    assert_int_equal(json_object_size(second), 2);
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_event_with_everything_lacks_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_address_for_all_events_is_no_page_of_their_own, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_address_is_a_page_of_its_own_where_no_other_event_has_it, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_one_event_of_a_document_needs_no_placeholder, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_not_known_is_missing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_event_without_any_address_is_not_ready, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_what_applies_is_asked_of_an_event, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_missing_property_is_explained, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_preview_shows_list_data_and_report, set_up, tear_down),
        cmocka_unit_test_setup_teardown(candidates_say_what_tells_them_apart, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
