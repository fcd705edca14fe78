/* Tests of translators/curate/duplicates.c: which records of one show give way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "translators/base/arena.h"
#include "translators/curate/duplicates.h"
#include "translators/model/model.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static struct act lanterns[] = {{.id = "K1", .name = "The Paper Lanterns"}};
static struct act kites[] = {{.id = "K2", .name = "Copper Kites"}};

static struct event show(const char *id, enum listing listing, int day, int hour, int minute)
{
    return (struct event){
        .id = id,
        .listing = listing,
        .start = {.year = 2027, .month = 3, .day = day, .has_time = hour > 0, .hour = hour, .minute = minute},
        .place = {.name = "Gasometer Hall", .street = "Lantern Lane 5", .locality = "Berlin"},
        .acts = lanterns,
        .n_acts = 1};
}

/* The ids that stay, joined. */
static const char *settle(struct arena *arena, const struct event *events, size_t n)
{
    struct document document = {0};
    struct event *added = document_add_events(arena, &document, n);
    const char *joined = "";

    for (size_t i = 0; i < n; i++)
        added[i] = events[i];
    duplicates_settle(arena, &document, 59, 0);
    for (size_t i = 0; i < document.n_events; i++)
        joined = arena_printf(arena, "%s%s ", joined, document.events[i].id);
    return joined;
}

static void a_matinee_and_an_evening_are_two_shows(void **state)
{
    const struct event events[] = {
        show("G1", LISTING_SHOW, 12, 15, 0),    show("G2", LISTING_SHOW, 12, 20, 0),
        show("Z1", LISTING_RESALE, 12, 15, 30), show("Z2", LISTING_RESALE, 12, 20, 0),
        show("Z3", LISTING_RESALE, 13, 15, 0),  show("Z4", LISTING_RESALE, 13, 20, 0),
    };

    assert_string_equal(settle(*state, events, COUNT(events)), "G1 G2 Z3 Z4 ");
}

static void an_hour_apart_is_one_show_and_more_is_two(void **state)
{
    struct event events[] = {show("Z1", LISTING_RESALE, 12, 19, 0), show("G1", LISTING_SHOW, 12, 20, 0)};

    assert_string_equal(settle(*state, events, 2), "G1 ");
    events[0].start.hour = 18;
    events[0].start.minute = 59;
    assert_string_equal(settle(*state, events, 2), "Z1 G1 ");
    events[0].start.has_time = false;
    assert_string_equal(settle(*state, events, 2), "G1 ");
}

/* Without a show beside them, what differs may be two shows. */
static void of_two_resale_listings_at_one_minute_one_stays(void **state)
{
    struct event events[] = {show("Z1", LISTING_RESALE, 12, 20, 0), show("Z2", LISTING_RESALE, 12, 20, 0)};

    assert_string_equal(settle(*state, events, 2), "Z1 ");
    events[0].start.minute = 1;
    assert_string_equal(settle(*state, events, 2), "Z1 Z2 ");
    events[0].start.has_time = false;
    assert_string_equal(settle(*state, events, 2), "Z1 Z2 ");
    events[1].start.has_time = false;
    assert_string_equal(settle(*state, events, 2), "Z1 ");
    events[1].name = "The Paper Lanterns (Late Show)";
    assert_string_equal(settle(*state, events, 2), "Z1 Z2 ");
}

static void nothing_gives_way_to_what_gives_way(void **state)
{
    struct event events[] = {show("P1", LISTING_PASS, 10, 12, 0), show("P2", LISTING_PASS, 12, 12, 0),
                             show("P3", LISTING_PASS, 14, 12, 0)};

    for (size_t i = 0; i < 3; i++)
        events[i].kind = EVENT_FESTIVAL;
    assert_string_equal(settle(*state, events, 3), "P1 P3 ");
}

static void a_show_that_is_off_is_none_that_goes_on_at_another_hour(void **state)
{
    struct event events[] = {show("G1", LISTING_SHOW, 12, 20, 0), show("G2", LISTING_SHOW, 12, 20, 0)};

    events[0].status = EVENT_CANCELLED;
    events[1].name = "The Paper Lanterns with Guests";
    assert_string_equal(settle(*state, events, 2), "G2 ");
    events[1].start.minute = 30;
    assert_string_equal(settle(*state, events, 2), "G1 G2 ");
    events[1].listing = LISTING_RESALE;
    assert_string_equal(settle(*state, events, 2), "G1 ");
    events[0].status = EVENT_POSTPONED;
    assert_string_equal(settle(*state, events, 2), "G1 ");
    events[1].start.minute = 0;
    events[1].place.name = "Copper Hall";
    events[1].place.street = NULL;
    assert_string_equal(settle(*state, events, 2), "G1 G2 ");
    events[0].status = EVENT_SCHEDULED;
    assert_string_equal(settle(*state, events, 2), "G1 ");
}

static void what_may_be_an_extra_gives_way_to_a_show_of_that_day_alone(void **state)
{
    struct event events[] = {show("E1", LISTING_EXTRA, 12, 18, 0), show("G1", LISTING_SHOW, 12, 20, 0)};

    assert_string_equal(settle(*state, events, 1), "E1 ");
    assert_string_equal(settle(*state, events, 2), "G1 ");
    events[1].listing = LISTING_RESALE;
    assert_string_equal(settle(*state, events, 2), "E1 G1 ");
    events[1] = show("G1", LISTING_SHOW, 13, 20, 0);
    assert_string_equal(settle(*state, events, 2), "E1 G1 ");
    events[1] = show("G1", LISTING_SHOW, 12, 20, 0);
    events[1].acts = kites;
    assert_string_equal(settle(*state, events, 2), "E1 G1 ");
}

static void a_hall_or_street_of_that_name_in_another_city_is_another(void **state)
{
    struct event events[] = {show("Z1", LISTING_RESALE, 12, 20, 0), show("G1", LISTING_SHOW, 12, 20, 0)};

    events[0].place.locality = "Hamburg";
    assert_string_equal(settle(*state, events, 2), "Z1 G1 ");
    events[0].place.locality = NULL;
    assert_string_equal(settle(*state, events, 2), "G1 ");
    events[0].place.locality = "Berlin-Kreuzberg";
    events[0].place.has_geo = events[1].place.has_geo = true;
    events[0].place.latitude = 0.04;
    assert_string_equal(settle(*state, events, 2), "G1 ");
    events[0].place.latitude = 0.06;
    assert_string_equal(settle(*state, events, 2), "Z1 G1 ");
}

static void a_shared_support_does_not_make_one_bill(void **state)
{
    struct act first[] = {{.id = "K3", .name = "Act One"}, lanterns[0]};
    struct act second[] = {{.id = "K4", .name = "Act Two"}, lanterns[0]};
    struct event events[] = {show("Z1", LISTING_RESALE, 12, 20, 0), show("G1", LISTING_SHOW, 12, 20, 0)};

    events[0].acts = first;
    events[1].acts = second;
    events[0].n_acts = events[1].n_acts = 2;
    events[0].name = events[1].name = "Jazz Night";
    assert_string_equal(settle(*state, events, 2), "Z1 G1 ");
    events[0].acts = lanterns;
    events[0].n_acts = 1;
    assert_string_equal(settle(*state, events, 2), "G1 ");
    events[0].n_acts = 0;
    assert_string_equal(settle(*state, events, 2), "G1 ");
    events[0].name = "Open Mic";
    assert_string_equal(settle(*state, events, 2), "Z1 G1 ");
}

/* The last of them would give way, but the work is spent before its turn. */
static void the_work_for_a_document_is_bounded(void **state)
{
    static struct event events[1000];
    struct document document = {0};
    char even[480], odd[260];

    for (size_t i = 0; i < sizeof(even); i++)
        even[i] = "a "[i % 2];
    for (size_t i = 0; i < sizeof(odd); i++)
        odd[i] = "a "[i % 2];
    even[sizeof(even) - 1] = odd[sizeof(odd) - 1] = '\0';
    odd[sizeof(odd) - 2] = 'b';
    for (size_t i = 0; i < COUNT(events); i++) {
        events[i] = show(arena_printf(*state, "G%zu", i), LISTING_SHOW, 12, 20, 0);
        events[i].name = arena_printf(*state, "%s %zu", i % 2 == 0 ? even : odd, i);
        events[i].n_acts = 0;
    }
    events[998] = show("G998", LISTING_SHOW, 13, 20, 0);
    events[999] = show("G999", LISTING_SHOW, 13, 20, 0);
    events[998].name = "a";
    events[999].name = even;
    assert_string_equal(settle(*state, &events[998], 2), "G998 ");
    document.events = events;
    document.n_events = COUNT(events);
    duplicates_settle(*state, &document, 59, 0);
    assert_int_equal(document.n_events, COUNT(events));
}

static void one_house_has_many_names_but_one_street_or_city(void **state)
{
    struct event events[] = {show("Z1", LISTING_RESALE, 12, 19, 30), show("G1", LISTING_SHOW, 12, 20, 0)};

    events[0].place.name = "The Old Gasworks";
    assert_string_equal(settle(*state, events, 2), "G1 ");
    events[0].place.street = NULL;
    assert_string_equal(settle(*state, events, 2), "Z1 G1 ");
    events[0].place.name = "Gasometer Hall - BE";
    assert_string_equal(settle(*state, events, 2), "G1 ");
    events[0].place.name = "The Old Gasworks";
    events[0].start = events[1].start;
    assert_string_equal(settle(*state, events, 2), "G1 ");
    events[0].place.country = "US";
    events[1].place.country = "DE";
    assert_string_equal(settle(*state, events, 2), "Z1 G1 ");
    events[0].place = (struct place){.locality = "Hamburg"};
    assert_string_equal(settle(*state, events, 2), "Z1 G1 ");
}

static void another_act_in_the_same_house_is_another_show(void **state)
{
    struct event events[] = {show("Z1", LISTING_RESALE, 12, 20, 0), show("G1", LISTING_SHOW, 12, 20, 0)};

    events[0].acts = kites;
    assert_string_equal(settle(*state, events, 2), "Z1 G1 ");
}

static void a_day_that_is_not_published_has_no_resale_either(void **state)
{
    const struct event events[] = {show("G1", LISTING_DAYLESS, 12, 0, 0),
                                   show("Z1", LISTING_RESALE, 12, 20, 0),
                                   show("G2", LISTING_SHOW, 13, 20, 0)};

    assert_string_equal(settle(*state, events, COUNT(events)), "G2 ");
}

static void whatever_it_is_called_one_bill_at_one_minute_is_one_show(void **state)
{
    struct event events[] = {show("G1", LISTING_SHOW, 12, 20, 0), show("G2", LISTING_SHOW, 12, 20, 0)};

    events[0].name = "The Paper Lanterns: Lounge Deck";
    assert_string_equal(settle(*state, events, 2), "G2 ");
    events[0].name = "A Night of Kites and Lanterns";
    assert_string_equal(settle(*state, events, 2), "G2 ");
    events[0].start.minute = 30;
    assert_string_equal(settle(*state, events, 2), "G1 G2 ");
    events[0].start.has_time = events[1].start.has_time = false;
    assert_string_equal(settle(*state, events, 2), "G1 G2 ");
    events[0].name = NULL;
    assert_string_equal(settle(*state, events, 2), "G1 ");
}

static void a_pass_gives_way_to_whatever_else_shows_the_festival(void **state)
{
    struct event events[] = {show("P1", LISTING_PASS, 12, 12, 0), show("P2", LISTING_PASS, 12, 12, 0),
                             show("G1", LISTING_SHOW, 14, 20, 0)};

    events[2].kind = EVENT_FESTIVAL;
    assert_string_equal(settle(*state, events, 3), "G1 ");
    assert_string_equal(settle(*state, events, 2), "P1 ");
    events[2].start.day = 16;
    assert_string_equal(settle(*state, events, 3), "P1 G1 ");
    events[2].start.day = 14;
    events[2].place = (struct place){.name = "Elsewhere", .locality = "Hamburg"};
    assert_string_equal(settle(*state, events, 3), "P1 G1 ");
}

static void a_concert_near_a_festival_does_not_show_it(void **state)
{
    struct event events[] = {show("P1", LISTING_PASS, 12, 12, 0), show("G1", LISTING_SHOW, 14, 20, 0)};

    events[0].name = "Harbour Lights";
    assert_string_equal(settle(*state, events, 2), "P1 G1 ");
    events[0].end = (struct moment){.year = 2027, .month = 3, .day = 14};
    assert_string_equal(settle(*state, events, 2), "G1 ");
    events[1].start.day = 11;
    assert_string_equal(settle(*state, events, 2), "P1 G1 ");
    events[1].name = "Harbour Lights: Opening Night";
    assert_string_equal(settle(*state, events, 2), "G1 ");
}

static void a_festival_by_the_day_is_one_festival(void **state)
{
    struct event events[] = {show("1", LISTING_SHOW, 12, 20, 0), show("2", LISTING_SHOW, 12, 0, 0)};

    for (size_t i = 0; i < 2; i++) {
        events[i].kind = EVENT_FESTIVAL;
        events[i].name = "Harbour Lights";
        events[i].end = (struct moment){.year = 2027, .month = 3, .day = 14};
    }
    assert_string_equal(settle(*state, events, 2), "1 ");
    events[1].end.day = 15;
    assert_string_equal(settle(*state, events, 2), "2 ");
    events[1].end.day = 14;
    events[1].kind = EVENT_CONCERT;
    assert_string_equal(settle(*state, events, 2), "1 2 ");
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
        TEST(a_matinee_and_an_evening_are_two_shows),
        TEST(an_hour_apart_is_one_show_and_more_is_two),
        TEST(of_two_resale_listings_at_one_minute_one_stays),
        TEST(nothing_gives_way_to_what_gives_way),
        TEST(a_show_that_is_off_is_none_that_goes_on_at_another_hour),
        TEST(what_may_be_an_extra_gives_way_to_a_show_of_that_day_alone),
        TEST(a_hall_or_street_of_that_name_in_another_city_is_another),
        TEST(a_shared_support_does_not_make_one_bill),
        TEST(the_work_for_a_document_is_bounded),
        TEST(one_house_has_many_names_but_one_street_or_city),
        TEST(another_act_in_the_same_house_is_another_show),
        TEST(a_day_that_is_not_published_has_no_resale_either),
        TEST(whatever_it_is_called_one_bill_at_one_minute_is_one_show),
        TEST(a_pass_gives_way_to_whatever_else_shows_the_festival),
        TEST(a_concert_near_a_festival_does_not_show_it),
        TEST(a_festival_by_the_day_is_one_festival),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
