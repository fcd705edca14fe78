/* Tests of translators/model/revisions.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "translators/base/arena.h"
#include "translators/model/revisions.h"

#define NOW_S    (REVISIONS_EPOCH_S + 1000 * 60)
#define MAX_TEXT 65536

struct fixture {
    struct arena *arena;
    struct act acts[2];
    struct offer offer;
    struct event events[2];
    struct document document;
    struct buffer memory;
};

static int set_up(void **state)
{
    struct fixture *fixture = test_calloc(1, sizeof(*fixture));

    fixture->arena = arena_new(1 << 22);
    fixture->acts[0] = (struct act){.name = "Mira Vale", .headliner = true, .asked = true};
    fixture->acts[1] = (struct act){.name = "Glass Kites"};
    for (int i = 0; i < 2; i++)
        fixture->events[i] =
            (struct event){.id = i == 0 ? "1" : "2",
                           .start = {.year = 2027, .month = 3, .day = 12, .has_time = true, .hour = 20},
                           .place = {.name = "Hall", .locality = "Berlin", .country = "DE"},
                           .acts = fixture->acts,
                           .n_acts = 2};
    fixture->document = (struct document){.events = fixture->events, .n_events = 2};
    fixture->memory = BUFFER_INIT(MAX_TEXT);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    buffer_done(&fixture->memory);
    arena_free(fixture->arena);
    test_free(fixture);
    return 0;
}

/* A document is made at a minute since 2026, as the driver does it. */
static void make(struct fixture *fixture, int minute)
{
    struct buffer after = BUFFER_INIT(MAX_TEXT);
    int64_t now_s = REVISIONS_EPOCH_S + minute * 60 + 30;

    revisions_apply(fixture->arena, &fixture->document, fixture->memory.bytes, now_s);
    revisions_write(fixture->arena, &fixture->document, fixture->memory.bytes, now_s, &after);
    buffer_append(&after, "", 1);
    buffer_done(&fixture->memory);
    fixture->memory = after;
}

static void an_event_is_new_once_and_stays_as_it_is(void **state)
{
    struct fixture *fixture = *state;

    make(fixture, 1000);
    assert_int_equal(fixture->events[0].seen_s, NOW_S);
    assert_int_equal(fixture->events[0].changed_s, NOW_S);
    assert_int_equal(revisions_number(&fixture->events[0]), 1000);
    make(fixture, 5000);
    assert_int_equal(revisions_number(&fixture->events[0]), 1000);
    assert_int_equal(fixture->events[0].seen_s, NOW_S);
}

/* Each change, and each change back. */
static void every_change_is_a_later_revision(void **state)
{
    struct fixture *fixture = *state;
    struct event *event = &fixture->events[0];
    int minute = 1000;

    make(fixture, minute);
    for (int i = 0; i < 11; i++) {
        event->status = i == 0 ? EVENT_POSTPONED : i == 2 ? EVENT_CANCELLED : EVENT_SCHEDULED;
        event->start.hour = i == 4 ? 21 : 20;
        event->start.day = i == 5 ? 13 : i == 6 ? 14 : 12;
        event->place.name = i == 7 ? "Other Hall" : "Hall";
        event->place.street = i == 8 ? "1 Road" : NULL;
        event->doors = i == 9 ? event->start : (struct moment){0};
        event->offers = &fixture->offer;
        event->n_offers = i == 10;
        minute += 10;
        make(fixture, minute);
        assert_int_equal(revisions_number(event), minute);
        assert_int_equal(event->seen_s, NOW_S);
    }
    assert_int_equal(revisions_number(&fixture->events[1]), 1000);
}

static void
two_changes_of_one_minute_are_two_revisions_and_a_clock_that_is_set_back_makes_none_earlier(void **state)
{
    struct fixture *fixture = *state;

    make(fixture, 1000);
    fixture->events[0].start.hour = 19;
    make(fixture, 1000);
    assert_int_equal(revisions_number(&fixture->events[0]), 1001);
    fixture->events[0].start.hour = 18;
    make(fixture, 500);
    assert_int_equal(revisions_number(&fixture->events[0]), 1002);
    make(fixture, 1002);
    assert_int_equal(revisions_number(&fixture->events[0]), 1002);
}

static void the_name_that_a_client_gives_is_no_change(void **state)
{
    struct fixture *fixture = *state;

    make(fixture, 1000);
    fixture->acts[0].name = "MIRA VALE (official)";
    make(fixture, 2000);
    assert_int_equal(revisions_number(&fixture->events[0]), 1000);
    fixture->acts[1].name = "Paper Wolves";
    make(fixture, 3000);
    assert_int_equal(revisions_number(&fixture->events[0]), 3000);
}

static void a_lost_memory_takes_the_present(void **state)
{
    struct fixture *fixture = *state;

    make(fixture, 1000);
    buffer_done(&fixture->memory);
    fixture->memory = (struct buffer)BUFFER_INIT(MAX_TEXT);
    make(fixture, 2000);
    assert_int_equal(revisions_number(&fixture->events[0]), 2000);
}

static void an_event_that_is_away_for_a_while_is_remembered_until_its_day_is_over(void **state)
{
    struct fixture *fixture = *state;

    make(fixture, 1000);
    fixture->document.n_events = 1;
    make(fixture, 2000);
    fixture->document.n_events = 2;
    make(fixture, 3000);
    assert_int_equal(revisions_number(&fixture->events[1]), 1000);
    fixture->document.n_events = 0;
    make(fixture, 700000); /* in May 2027 */
    assert_string_equal(fixture->memory.bytes, "");
}

static void lines_that_make_no_sense_say_nothing(void **state)
{
    static const char *const lines[] = {
        "1",
        "1 2027-03-12 0123456789abcdef 5",
        "1 2027-03-12 0123456789abcdef 5 x",
        "1 2027-03-12 0123456789abcdef 6 5",
        "1 2027-03-12 0123456789abcdef 5 6 7",
        "1 2027-03-12 0123456789ABCDEF 5 6",
        "1 2027-13-12 0123456789abcdef 5 6",
        "1 2027-03-12 0123456789abcdef 5 99999999999999999999",
        "1 2027-03-12 0123456789abcdef -5 6",
        "\n\n  \n",
    };
    struct fixture *fixture = *state;

    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        revisions_apply(fixture->arena, &fixture->document, lines[i], NOW_S);
        assert_int_equal(fixture->events[0].seen_s, NOW_S);
    }
    revisions_apply(fixture->arena, &fixture->document, "1 2027-03-12 0123456789abcdef 5 6\n", NOW_S);
    assert_int_equal(fixture->events[0].seen_s, REVISIONS_EPOCH_S + 300);
}

static void before_2026_it_is_the_first_minute(void **state)
{
    struct fixture *fixture = *state;

    revisions_apply(fixture->arena, &fixture->document, NULL, 0);
    assert_int_equal(revisions_number(&fixture->events[0]), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_event_is_new_once_and_stays_as_it_is),
        TEST(every_change_is_a_later_revision),
        TEST(two_changes_of_one_minute_are_two_revisions_and_a_clock_that_is_set_back_makes_none_earlier),
        TEST(the_name_that_a_client_gives_is_no_change),
        TEST(a_lost_memory_takes_the_present),
        TEST(an_event_that_is_away_for_a_while_is_remembered_until_its_day_is_over),
        TEST(lines_that_make_no_sense_say_nothing),
        TEST(before_2026_it_is_the_first_minute),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
