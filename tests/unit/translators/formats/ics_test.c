/* Tests of translators/formats/ics.c: what no golden case of a provider can bring about. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "translators/base/arena.h"
#include "translators/base/text.h"
#include "translators/formats/format.h"
#include "translators/model/revisions.h"

#define MAX_BYTES 65536

/* One event that has all that is required. */
struct fixture {
    struct act act;
    struct offer offer;
    struct event event;
    struct document document;
    struct render_options options;
    struct arena *arena;
    struct buffer out;
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
    fixture->document = (struct document){.provider = "gigbook", .events = &fixture->event, .n_events = 1};
    fixture->options = (struct render_options){.public_url = "https://marquee.example:8443"};
    fixture->arena = arena_new(1 << 20);
    fixture->out = BUFFER_INIT(MAX_BYTES);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    buffer_done(&fixture->out);
    arena_free(fixture->arena);
    test_free(fixture);
    return 0;
}

static const char *render(struct fixture *fixture)
{
    const char *why = NULL;

    buffer_done(&fixture->out);
    assert_true(
        format_ics.render(&fixture->document, &fixture->options, fixture->arena, &fixture->out, &why));
    assert_false(fixture->out.overflowed);
    return fixture->out.bytes;
}

/* Content lines, between CR LF, unfolded. */
static const char *unfolded(struct fixture *fixture)
{
    const char *text = render(fixture), *fold;
    struct buffer out = BUFFER_INIT(MAX_BYTES);

    while ((fold = strstr(text, "\r\n ")) != NULL) {
        buffer_append(&out, text, (size_t)(fold - text));
        text = fold + 3;
    }
    buffer_puts(&out, text);
    text = arena_strndup(fixture->arena, out.bytes, out.len);
    buffer_done(&out);
    return text;
}

static void assert_line(struct fixture *fixture, const char *line)
{
    const char *text = unfolded(fixture);

    if (strstr(text, arena_printf(fixture->arena, "\r\n%s\r\n", line)) == NULL)
        fail_msg("%s is not a line of %s", line, text);
}

static void assert_no_line(struct fixture *fixture, const char *begin)
{
    const char *text = unfolded(fixture);

    if (strstr(text, arena_printf(fixture->arena, "\r\n%s", begin)) != NULL)
        fail_msg("a line of %s begins with %s", text, begin);
}

static void the_bytes_are_these(void **state)
{
    struct fixture *fixture = *state;

    assert_string_equal(
        render(fixture),
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//marquee//upcoming events//EN\r\n"
        "NAME:Upcoming dates\r\nX-WR-CALNAME:Upcoming dates\r\nBEGIN:VEVENT\r\n"
        "UID:gigbook-7@marquee.example\r\nDTSTAMP:19700101T000000Z\r\n"
        "STATUS:CONFIRMED\r\nDTSTART:20270312T190000Z\r\nDTEND:20270312T220000Z\r\nSUMMARY:Mira Vale "
        "at Gasometer Hall\r\nLOCATION:Gasometer Hall\\, Berlin\\, Germany\r\nTRANSP:TRANSPARENT\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n");
}

static void hours_are_in_utc_where_the_offset_is_known(void **state)
{
    struct fixture *fixture = *state;
    struct moment *start = &fixture->event.start;

    start->has_offset = true;
    start->offset_min = -480;
    assert_line(fixture, "DTSTART:20270313T040000Z");
    start->offset_min = 14 * 60;
    assert_line(fixture, "DTSTART:20270312T060000Z");
    *start = (struct moment){.year = 2027,
                             .month = 12,
                             .day = 31,
                             .has_time = true,
                             .hour = 23,
                             .minute = 59,
                             .second = 60,
                             .has_offset = true};
    assert_line(fixture, "DTSTART:20280101T000000Z");
}

static void an_event_without_an_end_takes_three_hours(void **state)
{
    struct fixture *fixture = *state;

    assert_line(fixture, "DTEND:20270312T220000Z");
    fixture->event.start.hour = 23;
    assert_line(fixture, "DTEND:20270313T010000Z");
}

static void an_end_is_after_the_start_on_earth(void **state)
{
    struct fixture *fixture = *state;

    fixture->event.end = fixture->event.start;
    fixture->event.end.hour = 22;
    assert_line(fixture, "DTEND:20270312T210000Z");
    fixture->event.place = (struct place){.locality = "Springfield"};
    fixture->event.start.has_offset = true;
    assert_line(fixture, "DTEND:20270312T230000Z"); /* of the end no offset is known */
    fixture->event.end.has_offset = true;
    assert_line(fixture, "DTEND:20270312T220000Z");
    fixture->event.end.offset_min = 240; /* on the wall it is later, on earth it is earlier */
    assert_line(fixture, "DTEND:20270312T230000Z");
    fixture->event.end.has_time = false;
    fixture->event.end.day = 14;
    assert_line(fixture, "DTSTART;VALUE=DATE:20270312");
    assert_line(fixture, "DTEND;VALUE=DATE:20270315");
}

static void an_hour_of_an_unknown_zone_is_a_day_and_words(void **state)
{
    struct fixture *fixture = *state;

    fixture->event.place.country = NULL;
    assert_line(fixture, "DTSTART;VALUE=DATE:20270312");
    assert_line(fixture, "DTEND;VALUE=DATE:20270313");
    assert_line(fixture, "SUMMARY:Mira Vale at Gasometer Hall\\, 20:00 local time");
    assert_line(fixture, "DESCRIPTION:Begins at 20:00\\, local time");
    fixture->event.end = (struct moment){.year = 2027, .month = 3, .day = 13, .has_time = true, .hour = 4};
    assert_line(fixture, "DTEND;VALUE=DATE:20270313");
    fixture->event.end.day = 14;
    assert_line(fixture, "DTEND;VALUE=DATE:20270315");
}

static void a_region_decides_the_zone(void **state)
{
    struct fixture *fixture = *state;

    fixture->event.place.country = "US";
    fixture->event.place.region = "IL";
    assert_line(fixture, "DTSTART:20270313T020000Z");
    fixture->event.place.region = "TX"; /* has two zones */
    assert_line(fixture, "DTSTART;VALUE=DATE:20270312");
    fixture->event.place.has_geo = true;
    fixture->event.place.latitude = 30.27;
    fixture->event.place.longitude = -97.74;
    assert_line(fixture, "DTSTART:20270313T020000Z");
    fixture->event.place.has_geo = false;
    assert_line(fixture, "DTSTART;VALUE=DATE:20270312");
    fixture->event.place.has_city_geo = true;
    fixture->event.place.city_latitude = 31.76; /* El Paso */
    fixture->event.place.city_longitude = -106.49;
    assert_line(fixture, "DTSTART:20270313T030000Z");
    assert_no_line(fixture, "GEO");
}

static void a_day_ends_where_the_next_one_begins(void **state)
{
    struct fixture *fixture = *state;

    fixture->event.start = (struct moment){.year = 2028, .month = 2, .day = 28};
    assert_line(fixture, "DTEND;VALUE=DATE:20280229");
    fixture->event.start.day = 29;
    assert_line(fixture, "DTEND;VALUE=DATE:20280301");
    fixture->event.start = (struct moment){.year = 2027, .month = 12, .day = 31};
    assert_line(fixture, "DTEND;VALUE=DATE:20280101");
}

static void a_status_has_a_word(void **state)
{
    static const struct {
        enum event_status status;
        const char *lines[2];
    } stages[] = {
        {EVENT_SCHEDULED, {"STATUS:CONFIRMED", "SUMMARY:Mira Vale at Gasometer Hall"}},
        {EVENT_POSTPONED, {"STATUS:TENTATIVE", "SUMMARY:Postponed: Mira Vale at Gasometer Hall"}},
        {EVENT_RESCHEDULED, {"STATUS:CONFIRMED", "SUMMARY:Mira Vale at Gasometer Hall"}},
        {EVENT_CANCELLED, {"TRANSP:TRANSPARENT", "SUMMARY:Cancelled: Mira Vale at Gasometer Hall"}},
    };
    struct fixture *fixture = *state;

    for (size_t i = 0; i < sizeof(stages) / sizeof(stages[0]); i++) {
        fixture->event.status = stages[i].status;
        for (size_t j = 0; j < 2; j++)
            assert_line(fixture, stages[i].lines[j]);
    }
    fixture->event.status = EVENT_CANCELLED;
    assert_no_line(fixture, "STATUS"); /* Google Calendar would hide it */
    fixture->event.status = EVENT_RESCHEDULED;
    fixture->event.previous_start = (struct moment){.year = 2027, .month = 2, .day = 1};
    assert_line(fixture, "DESCRIPTION:Rescheduled from Monday\\, 1 February 2027");
}

static void a_revision_is_the_minute_of_the_last_change(void **state)
{
    struct fixture *fixture = *state;

    assert_no_line(fixture, "SEQUENCE");
    assert_no_line(fixture, "LAST-MODIFIED");
    assert_line(fixture, "DTSTAMP:19700101T000000Z");
    fixture->event.changed_s = REVISIONS_EPOCH_S + 86400 + 60;
    assert_line(fixture, "DTSTAMP:20260102T000100Z");
    assert_line(fixture, "LAST-MODIFIED:20260102T000100Z");
    assert_line(fixture, "SEQUENCE:1441");
}

static void a_description_leads_to_tickets_unless_there_is_nothing_to_go_to(void **state)
{
    struct fixture *fixture = *state;

    fixture->event.offers = &fixture->offer;
    fixture->event.n_offers = 1;
    fixture->offer.url = "https://tickets.example/7,8;9";
    fixture->event.description = "One; two, three\\four\nfive";
    assert_line(fixture, "DESCRIPTION:One\\; two\\, three\\\\four\\nfive\\nTickets: "
                         "https://tickets.example/7\\,8\\;9");
    fixture->event.status = EVENT_CANCELLED;
    assert_line(fixture, "DESCRIPTION:Cancelled\\nOne\\; two\\, three\\\\four\\nfive");
    fixture->event.status = EVENT_SCHEDULED;
    fixture->offer.url = "javascript:alert(1)";
    assert_line(fixture, "DESCRIPTION:One\\; two\\, three\\\\four\\nfive");
}

static void only_addresses_on_the_web_are_given(void **state)
{
    struct fixture *fixture = *state;

    fixture->event.url = "https://gigbook.example/7;a=1,2?b";
    assert_line(fixture, "URL:https://gigbook.example/7;a=1,2?b");
    fixture->event.url = "https://gigbook.example/\r\nBEGIN:VALARM";
    assert_no_line(fixture, "URL");
}

/* At every length, as libical 3.0 breaks lines of some lengths between their CR and LF. */
static void no_line_is_too_long_or_folded_within_a_character(void **state)
{
    static const char *const characters[] = {"a", "\xc3\xa9", "\xe6\x97\xa5", "\xf0\x9f\x98\x80", " ", ","};
    struct fixture *fixture = *state;

    for (size_t i = 0; i < 6 * 160; i++) {
        struct buffer name = BUFFER_INIT(MAX_BYTES);

        buffer_puts(&name, "x");
        for (size_t j = 0; j < i / 6; j++)
            buffer_puts(&name, characters[(i + j * (j % 3)) % 6]);
        buffer_puts(&name, "x");
        fixture->event.name = name.bytes;
        for (const char *line = render(fixture); *line != '\0';) {
            size_t len = strcspn(line, "\r\n");

            assert_in_range(len, 2, 75);
            assert_true(text_is_utf8(line, len));
            assert_memory_equal(line + len, "\r\n", 2);
            line += len + 2;
        }
        fixture->event.name = NULL;
        buffer_done(&name);
    }
}

static void the_name_of_the_calendar_is_whose_dates_they_are(void **state)
{
    struct fixture *fixture = *state;

    fixture->document.artist.name = "Vale, Mira";
    assert_line(fixture, "NAME:Vale\\, Mira: upcoming dates");
    assert_line(fixture, "X-WR-CALNAME:Vale\\, Mira: upcoming dates");
}

static void a_calendar_over_its_maximum_is_known_as_such(void **state)
{
    struct fixture *fixture = *state;
    const char *why = NULL;

    fixture->out = BUFFER_INIT(300);
    format_ics.render(&fixture->document, &fixture->options, fixture->arena, &fixture->out, &why);
    assert_true(fixture->out.overflowed);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_bytes_are_these),
        TEST(hours_are_in_utc_where_the_offset_is_known),
        TEST(an_event_without_an_end_takes_three_hours),
        TEST(an_end_is_after_the_start_on_earth),
        TEST(an_hour_of_an_unknown_zone_is_a_day_and_words),
        TEST(a_region_decides_the_zone),
        TEST(a_day_ends_where_the_next_one_begins),
        TEST(a_status_has_a_word),
        TEST(a_revision_is_the_minute_of_the_last_change),
        TEST(a_description_leads_to_tickets_unless_there_is_nothing_to_go_to),
        TEST(only_addresses_on_the_web_are_given),
        TEST(no_line_is_too_long_or_folded_within_a_character),
        TEST(the_name_of_the_calendar_is_whose_dates_they_are),
        TEST(a_calendar_over_its_maximum_is_known_as_such),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
