/* Tests of translators/curate/curate.c: the id of a show lasts, whichever of its records comes first. */
#include "translators/curate/curate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "translators/base/arena.h"
#include "translators/model/model.h"

static struct act lanterns[] = {{.id = "101", .name = "The Paper Lanterns", .asked = true}};

static struct event show(const char *id, int hour, int minute)
{
    return (struct event){
        .id = id,
        .start = {.year = 2027, .month = 3, .day = 12, .has_time = true, .hour = hour, .minute = minute},
        .place = {.id = "501", .name = "Gasometer Hall", .locality = "Berlin"},
        .acts = lanterns,
        .n_acts = 1};
}

static struct document curate(struct arena *arena, const struct event *events, size_t n, const char *history)
{
    struct document document = {0};

    memcpy(document_add_events(arena, &document, n), events, n * sizeof(*events));
    curate_events(arena, &document, &(struct curation){.apart_s = CURATION_DOORS_S, .history = history});
    return document;
}

static void the_smallest_id_of_a_show_is_its_id(void **state)
{
    const struct event events[] = {show("900", 20, 0), show("1000", 18, 30)};
    const struct event reversed[] = {show("1000", 20, 0), show("900", 18, 30)};
    struct document document = curate(*state, events, 2, NULL);

    assert_int_equal(document.n_events, 1);
    assert_string_equal(document.events[0].id, "900");
    assert_string_equal(document.events[0].folded_ids.items[0], "1000");
    document = curate(*state, reversed, 2, NULL);
    assert_string_equal(document.events[0].id, "900");
    assert_int_equal(document.events[0].start.hour, 20);
    assert_string_equal(document.events[0].folded_ids.items[0], "1000");
}

static void the_id_that_the_history_knows_wins(void **state)
{
    const struct event events[] = {show("900", 20, 0), show("1000", 18, 30), show("800", 19, 0)};
    struct document document = curate(*state, events, 3, "7 2027-01-01 -\n1000 2027-03-12 -\n");

    assert_int_equal(document.n_events, 1);
    assert_string_equal(document.events[0].id, "1000");
    assert_int_equal(document.events[0].folded_ids.n, 2);
    document = curate(*state, events, 3, "1000 2027-03-12 -\n900 2027-03-12 -\n");
    assert_string_equal(document.events[0].id, "900");
    document = curate(*state, events, 3, "10001 2027-03-12 -\nx1000 2027-03-12 -\n");
    assert_string_equal(document.events[0].id, "800");
}

static void a_resale_listing_gives_no_id_unless_it_was_the_show(void **state)
{
    struct event events[] = {show("1000", 20, 0), show("900", 20, 0)};
    struct document document;

    events[1].listing = LISTING_RESALE;
    document = curate(*state, events, 2, NULL);
    assert_string_equal(document.events[0].id, "1000");
    document = curate(*state, events, 2, "900 2027-03-12 -\n");
    assert_string_equal(document.events[0].id, "900");
}

static void notes_name_the_event_and_the_others(void **state)
{
    const struct event events[] = {show("1000", 20, 0), show("900", 18, 30), show("7", 23, 30)};
    struct document document = curate(*state, events, 3, NULL);

    assert_int_equal(document.n_curated, 1);
    assert_string_equal(document.curated[0].event_id, "900");
    assert_string_equal(document.curated[0].id, "1000");
    assert_int_equal(document.curated[0].rule, CURATION_SAME_SHOW);
}

static void a_record_that_two_pages_hold_is_one_event_without_a_note(void **state)
{
    const struct event events[] = {show("1000", 20, 0), show("1000", 20, 0)};
    struct document document = curate(*state, events, 2, NULL);

    assert_int_equal(document.n_events, 1);
    assert_int_equal(document.n_curated, 0);
    assert_int_equal(document.events[0].folded_ids.n, 0);
}

static void an_early_and_a_late_show_are_separate(void **state)
{
    struct event events[] = {show("1", 19, 0), show("2", 20, 30)};
    struct document document;

    events[0].name = "The Paper Lanterns - Early Show";
    events[1].name = "The Paper Lanterns - Late Show";
    document = curate(*state, events, 2, NULL);
    assert_int_equal(document.n_events, 2);
    assert_int_equal(document.n_curated, 1);
    assert_int_equal(document.curated[0].rule, CURATION_SEPARATE);
    assert_string_equal(document.curated[0].id, "2");
    assert_string_equal(document.curated[0].event_id, "1");
}

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

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_smallest_id_of_a_show_is_its_id),
        TEST(the_id_that_the_history_knows_wins),
        TEST(a_resale_listing_gives_no_id_unless_it_was_the_show),
        TEST(notes_name_the_event_and_the_others),
        TEST(a_record_that_two_pages_hold_is_one_event_without_a_note),
        TEST(an_early_and_a_late_show_are_separate),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
