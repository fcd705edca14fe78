/* What is remembered of events' dates, and what is made of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "translators/base/arena.h"
#include "translators/curate/history.h"

#define MAY_FIRST_S 1809129600 /* 2027-05-01T00:00:00Z */

struct fixture {
    struct arena *arena;
    struct document document;
};

static int setup(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){.arena = arena_new(1 << 20)};
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    arena_free(fixture->arena);
    return 0;
}

static struct event *add_event(struct fixture *fixture, const char *id, int month, int day)
{
    struct event *event = document_add_events(fixture->arena, &fixture->document, 1);
    event->id = id;
    event->start = (struct moment){.year = 2027, .month = month, .day = day, .has_time = true, .hour = 20};
    return event;
}

static const char *written(struct fixture *fixture, const char *history)
{
    struct buffer out = BUFFER_INIT(1 << 16);
    history_write(fixture->arena, &fixture->document, history, MAY_FIRST_S, &out);
    const char *text = arena_strndup(fixture->arena, out.bytes != NULL ? out.bytes : "", out.len);
    buffer_done(&out);
    return text;
}

static void an_event_on_another_day_is_rescheduled_from_the_old_one(void **state)
{
    struct fixture *fixture = *state;
    const struct event *event = add_event(fixture, "7", 6, 12);
    history_apply(fixture->arena, &fixture->document, "7 2027-05-30 -\n");
    assert_int_equal(event->status, EVENT_RESCHEDULED);
    assert_int_equal(event->previous_start.month, 5);
    assert_int_equal(event->previous_start.day, 30);
    assert_false(event->previous_start.has_time);
    assert_string_equal(written(fixture, "7 2027-05-30 -\n"), "7 2027-06-12 2027-05-30\n");
}

static void it_stays_rescheduled_when_nothing_changes_any_more(void **state)
{
    struct fixture *fixture = *state;
    const struct event *event = add_event(fixture, "7", 6, 12);
    history_apply(fixture->arena, &fixture->document, "7 2027-06-12 2027-05-30\n");
    assert_int_equal(event->status, EVENT_RESCHEDULED);
    assert_int_equal(event->previous_start.day, 30);
}

static void an_event_that_moves_back_is_as_planned(void **state)
{
    struct fixture *fixture = *state;
    const struct event *event = add_event(fixture, "7", 5, 30);
    history_apply(fixture->arena, &fixture->document, "7 2027-05-30 2027-05-30\n");
    assert_int_equal(event->status, EVENT_SCHEDULED);
    assert_int_equal(event->previous_start.year, 0);
}

static void another_hour_of_the_same_day_is_no_other_date(void **state)
{
    struct fixture *fixture = *state;
    struct event *event = add_event(fixture, "7", 6, 12);
    event->start.hour = 19;
    history_apply(fixture->arena, &fixture->document, "7 2027-06-12 -\n");
    assert_int_equal(event->status, EVENT_SCHEDULED);
}

static void cancelled_and_postponed_events_keep_their_status(void **state)
{
    struct fixture *fixture = *state;
    add_event(fixture, "7", 6, 12)->status = EVENT_CANCELLED;
    add_event(fixture, "8", 6, 12)->status = EVENT_POSTPONED;
    history_apply(fixture->arena, &fixture->document, "7 2027-05-30 -\n8 2027-05-30 -\n");
    assert_int_equal(fixture->document.events[0].status, EVENT_CANCELLED);
    assert_int_equal(fixture->document.events[1].status, EVENT_POSTPONED);
}

static void what_the_document_lacks_is_remembered_until_its_day_is_over(void **state)
{
    struct fixture *fixture = *state;
    add_event(fixture, "7", 6, 12);
    assert_string_equal(written(fixture, "5 2027-06-01 -\n6 2027-04-01 -\n7 2027-06-12 -\n"),
                        "7 2027-06-12 -\n5 2027-06-01 -\n");
}

static void lines_that_make_no_sense_say_nothing(void **state)
{
    struct fixture *fixture = *state;
    const struct event *event = add_event(fixture, "7", 6, 12);
    history_apply(fixture->arena, &fixture->document,
                  "\n7\n7 \n7 2027-05-30\n7 2027-02-30 -\n7 x -\n7 2027-05-30 - more\n 2027-05-30 -\n7  -");
    assert_int_equal(event->status, EVENT_SCHEDULED);
    history_apply(fixture->arena, &fixture->document, NULL);
    assert_int_equal(event->status, EVENT_SCHEDULED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_event_on_another_day_is_rescheduled_from_the_old_one, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(it_stays_rescheduled_when_nothing_changes_any_more, setup, teardown),
        cmocka_unit_test_setup_teardown(an_event_that_moves_back_is_as_planned, setup, teardown),
        cmocka_unit_test_setup_teardown(another_hour_of_the_same_day_is_no_other_date, setup, teardown),
        cmocka_unit_test_setup_teardown(cancelled_and_postponed_events_keep_their_status, setup, teardown),
        cmocka_unit_test_setup_teardown(what_the_document_lacks_is_remembered_until_its_day_is_over, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(lines_that_make_no_sense_say_nothing, setup, teardown),
    };
    return cmocka_run_group_tests_name("translators/history", tests, NULL, NULL);
}
