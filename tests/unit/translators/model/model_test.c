/* Tests of translators/model/model.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "translators/ask/translator.h"
#include "translators/base/arena.h"
#include "translators/curate/select.h"
#include "translators/model/model.h"

#define NOON_S 1800014400 /* 2027-01-15T12:00:00Z */

static int set_up(void **state)
{
    *state = arena_new(1 << 20);
    return 0;
}

static int tear_down(void **state)
{
    arena_free(*state);
    return 0;
}

static struct moment day(int month, int day_of_month)
{
    return (struct moment){.year = 2027, .month = month, .day = day_of_month};
}

static void add(struct arena *arena, struct document *document, const char *id, struct moment start,
                const char *name)
{
    struct event *event = document_add_events(arena, document, 1);

    event->id = id;
    event->start = start;
    event->name = name;
}

/* The ids of the events in order, joined. */
static const char *ids(struct arena *arena, const struct document *document)
{
    const char *joined = "";

    for (size_t i = 0; i < document->n_events; i++)
        joined = arena_printf(arena, "%s %s", joined, document->events[i].id);
    return joined;
}

static void events_are_sorted_by_day_and_then_by_id_as_a_number(void **state)
{
    struct document document = {0};
    struct route_args args = {.now_s = NOON_S};

    add(*state, &document, "100", day(3, 2), NULL);
    add(*state, &document, "20", day(3, 2), NULL);
    add(*state, &document, "3", day(4, 1), NULL);
    add(*state, &document, "4", day(3, 1), NULL);
    select_events(*state, &document, args.now_s, args.limit, args.history);
    assert_string_equal(ids(*state, &document), " 4 20 100 3");
}

static void the_first_of_two_events_with_one_id_stays(void **state)
{
    struct document document = {0};
    struct route_args args = {.now_s = NOON_S};

    add(*state, &document, "7", day(3, 2), "first");
    add(*state, &document, "8", day(3, 1), "other");
    add(*state, &document, "7", day(2, 1), "second");
    select_events(*state, &document, args.now_s, args.limit, args.history);
    assert_string_equal(ids(*state, &document), " 8 7");
    assert_string_equal(document.events[1].name, "first");
}

static void an_event_is_over_when_its_last_day_is(void **state)
{
    struct document document = {0};
    struct route_args args = {.now_s = NOON_S};

    add(*state, &document, "1", day(1, 10), NULL);
    add(*state, &document, "2", day(1, 10), NULL);
    document.events[1].end = day(1, 16);
    add(*state, &document, "3", day(1, 15), NULL);
    select_events(*state, &document, args.now_s, args.limit, args.history);
    assert_string_equal(ids(*state, &document), " 2 3");
}

static void a_limit_keeps_the_soonest(void **state)
{
    struct document document = {0};
    struct route_args args = {.now_s = NOON_S, .limit = 2};

    add(*state, &document, "1", day(5, 1), NULL);
    add(*state, &document, "2", day(1, 1), NULL);
    add(*state, &document, "3", day(3, 1), NULL);
    add(*state, &document, "4", day(2, 1), NULL);
    select_events(*state, &document, args.now_s, args.limit, args.history);
    assert_string_equal(ids(*state, &document), " 4 3");
}

static void choosing_twice_changes_nothing(void **state)
{
    struct document document = {0};
    struct route_args args = {.now_s = NOON_S, .limit = 2};

    add(*state, &document, "2", day(3, 1), NULL);
    add(*state, &document, "1", day(3, 1), NULL);
    add(*state, &document, "3", day(3, 3), NULL);
    select_events(*state, &document, args.now_s, args.limit, args.history);
    select_events(*state, &document, args.now_s, args.limit, args.history);
    assert_string_equal(ids(*state, &document), " 1 2");
}

static void every_record_counts_as_good_or_bad(void **state)
{
    struct document document = {0};
    struct event *events;
    size_t n;

    add(*state, &document, "1", day(3, 1), NULL);
    events = document_open_events(*state, &document, 7, 5, &n);
    assert_int_equal(n, 5);
    events[0].id = "2";
    events[1].id = "3";
    document_close_events(&document, n, 2, 1);
    assert_string_equal(ids(*state, &document), " 1 2 3");
    assert_int_equal(document.n_good_records, 3);
    assert_int_equal(document.n_bad_records, 4);
    document_open_events(*state, &document, 0, 5, &n);
    document_close_events(&document, n, 0, 0);
    assert_int_equal(document.n_events, 3);
    assert_int_equal(document.n_bad_records, 4);
}

static void a_document_without_events_can_be_chosen_from(void **state)
{
    struct document document = {0};
    struct route_args args = {.now_s = NOON_S};

    select_events(*state, &document, args.now_s, args.limit, args.history);
    assert_false(document_drop_unusable(&document));
    assert_int_equal(document.n_events, 0);
    assert_int_equal(document.n_bad_records, 0);
}

static void an_event_without_name_or_place_is_dropped_and_counted(void **state)
{
    struct document document = {0};
    struct act act = {.name = "Mira Vale"};

    add(*state, &document, "1", day(3, 1), "Titled");
    document.events[0].place.locality = "Berlin";
    add(*state, &document, "2", day(3, 1), "Nowhere");
    add(*state, &document, "3", day(3, 1), NULL);
    document.events[2].place.country = "DE";
    add(*state, &document, "4", day(3, 1), NULL);
    document.events[3].place.name = "Gasometer Hall";
    document.events[3].acts = &act;
    document.events[3].n_acts = 1;
    assert_true(document_drop_unusable(&document));
    assert_string_equal(ids(*state, &document), " 1 4");
    assert_int_equal(document.n_bad_records, 2);
}

static void an_event_is_called_after_its_headliners(void **state)
{
    struct act acts[] = {{.name = "A", .headliner = true}, {.name = "B"}, {.name = "C", .headliner = true}};
    struct event event = {.acts = acts, .n_acts = 3};

    assert_string_equal(event_display_name(*state, &event), "A, C");
    acts[0].headliner = acts[2].headliner = false;
    assert_string_equal(event_display_name(*state, &event), "A, B, C");
    event.name = "Harbour Sounds";
    assert_string_equal(event_display_name(*state, &event), "Harbour Sounds");
}

static void a_name_made_of_acts_has_at_most_ten(void **state)
{
    struct act acts[400];
    struct event event = {.acts = acts, .n_acts = 400};

    for (size_t i = 0; i < event.n_acts; i++)
        acts[i] = (struct act){.name = "N", .headliner = true};
    assert_string_equal(event_display_name(*state, &event), "N, N, N, N, N, N, N, N, N, N");
}

static void an_event_that_nobody_names_has_no_name(void **state)
{
    struct act act = {.id = "1"};
    struct event event = {.acts = &act, .n_acts = 1};

    assert_null(event_display_name(*state, &event));
}

static void a_list_of_texts_takes_each_once_and_32_at_most(void **state)
{
    struct text_list list = {0};

    text_list_add(*state, &list, "a");
    text_list_add(*state, &list, NULL);
    text_list_add(*state, &list, "b");
    text_list_add(*state, &list, "a");
    assert_int_equal(list.n, 2);
    assert_string_equal(list.items[1], "b");
    for (int i = 0; i < 100; i++)
        text_list_add(*state, &list, arena_printf(*state, "%d", i));
    assert_int_equal(list.n, 32);
    assert_string_equal(list.items[31], "29");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static void a_line_up_is_cut_but_keeps_the_asked_artist(void **state)
{
    const struct act acts[] = {{.name = "A"}, {.name = NULL}, {.name = "B"}, {.name = "C", .asked = true}};
    const struct act asked = {.name = "Missing", .asked = true};
    struct arena *arena = arena_new(1 << 16);
    struct event event = {0};

    (void)state;
    event_set_acts(arena, &event, acts, 4, 2, &asked);
    assert_int_equal(event.n_acts, 2);
    assert_string_equal(event.acts[1].name, "C");
    assert_int_equal(event.n_acts_left_out, 1);
    event_set_acts(arena, &event, acts, 3, 2, &asked);
    assert_string_equal(event.acts[0].name, "Missing");
    assert_string_equal(event.acts[1].name, "A");
    assert_int_equal(event.n_acts_left_out, 1);
    event_set_acts(arena, &event, acts, 3, 0, NULL);
    assert_int_equal(event.n_acts, 2);
    assert_int_equal(event.n_acts_left_out, 0);
    arena_free(arena);
}

static void an_act_that_is_named_twice_performs_once(void **state)
{
    const struct act acts[] = {{.name = "A"},
                               {.name = "B", .id = "1"},
                               {.name = "a", .asked = true, .id = "2"},
                               {.name = "B", .id = "3"},
                               {.name = "b", .headliner = true}};
    const struct act asked = {.name = "A", .asked = true};
    struct event event = {0};

    event_set_acts(*state, &event, acts, 5, 0, &asked);
    assert_int_equal(event.n_acts, 3);
    assert_int_equal(event.n_acts_left_out, 0);
    assert_string_equal(event.acts[0].id, "2");
    assert_string_equal(event.acts[1].id, "1");
    assert_true(event.acts[1].headliner);
    assert_string_equal(event.acts[2].id, "3");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(events_are_sorted_by_day_and_then_by_id_as_a_number),
        TEST(the_first_of_two_events_with_one_id_stays),
        TEST(an_event_is_over_when_its_last_day_is),
        TEST(a_limit_keeps_the_soonest),
        TEST(choosing_twice_changes_nothing),
        TEST(every_record_counts_as_good_or_bad),
        TEST(a_document_without_events_can_be_chosen_from),
        TEST(an_event_without_name_or_place_is_dropped_and_counted),
        TEST(an_event_is_called_after_its_headliners),
        TEST(a_name_made_of_acts_has_at_most_ten),
        TEST(an_event_that_nobody_names_has_no_name),
        cmocka_unit_test(a_line_up_is_cut_but_keeps_the_asked_artist),
        TEST(an_act_that_is_named_twice_performs_once),
        TEST(a_list_of_texts_takes_each_once_and_32_at_most),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
