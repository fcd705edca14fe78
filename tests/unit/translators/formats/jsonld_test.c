/* Tests of translators/formats/jsonld.c and format.c: what no golden case of a provider can bring about. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <string.h>

#include "translators/base/arena.h"
#include "translators/formats/format.h"

#define MAX_BYTES 65536

/* One event that has all that is required. */
struct fixture {
    struct act act;
    struct event event;
    struct document document;
    struct render_options options;
    struct arena *arena;
    struct buffer out;
    json_t *root; /* after render() */
};

static int set_up(void **state)
{
    struct fixture *fixture = test_calloc(1, sizeof(*fixture));

    fixture->act = (struct act){.name = "Mira Vale", .headliner = true};
    fixture->event =
        (struct event){.id = "7",
                       .start = {.year = 2027, .month = 3, .day = 12, .has_time = true, .hour = 20},
                       .place = {.name = "Gasometer Hall", .locality = "Berlin", .country = "DE"},
                       .acts = &fixture->act,
                       .n_acts = 1};
    fixture->document = (struct document){.provider = "songkick", .events = &fixture->event, .n_events = 1};
    fixture->options = (struct render_options){.public_url = "https://marquee.example"};
    fixture->arena = arena_new(1 << 20);
    fixture->out = BUFFER_INIT(MAX_BYTES);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    json_decref(fixture->root);
    buffer_done(&fixture->out);
    arena_free(fixture->arena);
    test_free(fixture);
    return 0;
}

/* Renders anew; returns the one event of the array. */
static const json_t *render(struct fixture *fixture)
{
    const char *why = NULL;

    buffer_done(&fixture->out);
    json_decref(fixture->root);
    assert_true(
        formats[0]->render(&fixture->document, &fixture->options, fixture->arena, &fixture->out, &why));
    fixture->root = json_loadb(fixture->out.bytes, fixture->out.len, JSON_REJECT_DUPLICATES, NULL);
    assert_int_equal(json_array_size(fixture->root), 1);
    return json_array_get(fixture->root, 0);
}

static const char *text(const json_t *node, const char *key)
{
    const char *value = json_string_value(json_object_get(node, key));

    return value != NULL ? value : "(none)";
}

static void the_bytes_are_these(void **state)
{
    struct fixture *fixture = *state;

    render(fixture);
    assert_string_equal(
        fixture->out.bytes,
        "[{\"@context\":\"https://schema.org\",\"@type\":\"MusicEvent\","
        "\"@id\":\"https://marquee.example/songkick/event/7#event\",\"name\":\"Mira Vale\","
        "\"startDate\":\"2027-03-12T20:00:00\",\"eventStatus\":\"https://schema.org/EventScheduled\","
        "\"location\":{\"@type\":\"MusicVenue\",\"name\":\"Gasometer Hall\",\"address\":{\"@type\":"
        "\"PostalAddress\",\"addressLocality\":\"Berlin\",\"addressCountry\":\"DE\"}},"
        "\"performer\":[{\"@type\":\"MusicGroup\",\"name\":\"Mira Vale\"}]}]");
}

static void a_rescheduled_event_gives_its_earlier_date(void **state)
{
    struct fixture *fixture = *state;
    const json_t *event;

    fixture->event.status = EVENT_RESCHEDULED;
    fixture->event.previous_start = (struct moment){.year = 2027, .month = 2, .day = 1};
    event = render(fixture);
    assert_string_equal(text(event, "eventStatus"), "https://schema.org/EventRescheduled");
    assert_string_equal(text(event, "previousStartDate"), "2027-02-01");
    assert_string_equal(text(event, "startDate"), "2027-03-12T20:00:00");
}

static void no_other_status_gives_an_earlier_date(void **state)
{
    static const struct {
        enum event_status status;
        const char *url;
    } recipes[] = {
        {EVENT_SCHEDULED, "https://schema.org/EventScheduled"},
        {EVENT_CANCELLED, "https://schema.org/EventCancelled"},
        {EVENT_POSTPONED, "https://schema.org/EventPostponed"},
    };
    struct fixture *fixture = *state;

    fixture->event.previous_start = (struct moment){.year = 2027, .month = 2, .day = 1};
    for (size_t i = 0; i < sizeof(recipes) / sizeof(recipes[0]); i++) {
        const json_t *event;

        fixture->event.status = recipes[i].status;
        event = render(fixture);
        assert_string_equal(text(event, "eventStatus"), recipes[i].url);
        assert_string_equal(text(event, "startDate"), "2027-03-12T20:00:00");
        assert_null(json_object_get(event, "previousStartDate"));
    }
}

static void start_and_end_are_of_one_granularity(void **state)
{
    struct fixture *fixture = *state;
    const json_t *event;

    fixture->event.end = (struct moment){.year = 2027, .month = 3, .day = 14};
    event = render(fixture);
    assert_string_equal(text(event, "startDate"), "2027-03-12");
    assert_string_equal(text(event, "endDate"), "2027-03-14");
    fixture->event.end.has_time = true;
    fixture->event.end.hour = 23;
    event = render(fixture);
    assert_string_equal(text(event, "startDate"), "2027-03-12T20:00:00");
    assert_string_equal(text(event, "endDate"), "2027-03-14T23:00:00");
    fixture->event.end = (struct moment){.year = 2027, .month = 3, .day = 12};
    assert_null(json_object_get(render(fixture), "endDate"));
}

static void doors_need_an_hour(void **state)
{
    struct fixture *fixture = *state;

    fixture->event.doors = (struct moment){.year = 2027, .month = 3, .day = 12};
    assert_null(json_object_get(render(fixture), "doorTime"));
    fixture->event.doors.has_time = fixture->event.doors.has_offset = true;
    fixture->event.doors.hour = 19;
    fixture->event.doors.offset_min = 60;
    assert_string_equal(text(render(fixture), "doorTime"), "2027-03-12T19:00:00+01:00");
}

static void a_price_and_its_currency_come_together_or_not(void **state)
{
    struct fixture *fixture = *state;
    struct offer offers[] = {
        {.url = "https://tickets.example/7", .has_price = true, .price = 42.5, .currency = "EUR"},
        {.url = "https://tickets.example/8", .has_price = true, .price = 42.5},
        {.currency = "EUR"},
    };
    const json_t *list;

    fixture->event.offers = offers;
    fixture->event.n_offers = 3;
    list = json_object_get(render(fixture), "offers");
    assert_int_equal(json_array_size(list), 2);
    assert_non_null(strstr(fixture->out.bytes, "\"price\":42.5,\"priceCurrency\":\"EUR\""));
    assert_null(json_object_get(json_array_get(list, 1), "price"));
    assert_null(json_object_get(json_array_get(list, 1), "priceCurrency"));
}

static void an_offer_says_how_it_stands(void **state)
{
    struct fixture *fixture = *state;
    struct offer offer = {.availability = AVAILABILITY_SOLD_OUT,
                          .valid_from = {.year = 2027, .month = 1, .day = 2}};
    const json_t *node;

    fixture->event.offers = &offer;
    fixture->event.n_offers = 1;
    node = json_object_get(render(fixture), "offers");
    assert_string_equal(text(node, "availability"), "https://schema.org/SoldOut");
    assert_string_equal(text(node, "validFrom"), "2027-01-02");
}

static void images_and_organizer_come_from_data_alone(void **state)
{
    struct fixture *fixture = *state;
    const json_t *event = render(fixture);
    const char *image = "https://images.example/7.jpg";

    assert_null(json_object_get(event, "image"));
    assert_null(json_object_get(event, "organizer"));
    fixture->event.images = (struct text_list){.items = &image, .n = 1};
    fixture->event.organizer_name = "Hall Ltd";
    event = render(fixture);
    assert_int_equal(json_array_size(json_object_get(event, "image")), 1);
    assert_string_equal(text(json_object_get(event, "organizer"), "@type"), "Organization");
    assert_null(json_object_get(json_object_get(event, "organizer"), "url"));
}

static void an_address_is_never_empty(void **state)
{
    struct fixture *fixture = *state;
    const json_t *address;

    fixture->event.place = (struct place){.name = "Gasometer Hall"};
    address = json_object_get(json_object_get(render(fixture), "location"), "address");
    assert_string_equal(text(address, "@type"), "PostalAddress");
    assert_string_equal(text(address, "name"), "Gasometer Hall");
}

static void coordinates_keep_nine_digits(void **state)
{
    struct fixture *fixture = *state;

    fixture->event.place.has_geo = true;
    fixture->event.place.latitude = 52.1;
    fixture->event.place.longitude = -122.584747;
    render(fixture);
    assert_non_null(strstr(fixture->out.bytes, "\"latitude\":52.1,\"longitude\":-122.584747}"));
}

static void what_html_could_read_is_escaped(void **state)
{
    struct fixture *fixture = *state;

    fixture->event.name = "</script>&\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaa";
    assert_string_equal(text(render(fixture), "name"), fixture->event.name);
    assert_non_null(strstr(fixture->out.bytes, "\"\\u003c/script\\u003e\\u0026\\u2028\\u2029\xe2\x80\xaa\""));
}

static void a_document_over_its_maximum_is_known_as_such(void **state)
{
    struct fixture *fixture = *state;
    const char *why = NULL;

    fixture->out = BUFFER_INIT(64);
    formats[0]->render(&fixture->document, &fixture->options, fixture->arena, &fixture->out, &why);
    assert_true(fixture->out.overflowed);
}

static void the_default_format_is_the_first_and_all_have_a_name(void **state)
{
    (void)state;
    assert_ptr_equal(formats[0], format_find("jsonld", 6));
    assert_null(format_find("jsonl", 5));
    assert_null(format_find("", 0));
    for (size_t i = 0; formats[i] != NULL; i++) {
        assert_ptr_equal(format_find(formats[i]->name, strlen(formats[i]->name)), formats[i]);
        assert_non_null(strstr(format_names(), formats[i]->name));
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_bytes_are_these),
        TEST(a_rescheduled_event_gives_its_earlier_date),
        TEST(no_other_status_gives_an_earlier_date),
        TEST(start_and_end_are_of_one_granularity),
        TEST(doors_need_an_hour),
        TEST(a_price_and_its_currency_come_together_or_not),
        TEST(an_offer_says_how_it_stands),
        TEST(images_and_organizer_come_from_data_alone),
        TEST(an_address_is_never_empty),
        TEST(coordinates_keep_nine_digits),
        TEST(what_html_could_read_is_escaped),
        TEST(a_document_over_its_maximum_is_known_as_such),
        TEST(the_default_format_is_the_first_and_all_have_a_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
