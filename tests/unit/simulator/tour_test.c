/* The invented world: stable, of the sizes that the numbers promise, with offsets that are right. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/simulator/tour.h"

#define EVENTS_MAX 1200

static const struct tour_date today = {2027, 1, 15};

static int setup(void **state)
{
    *state = tour_world_new(today);
    return *state == NULL;
}

static int teardown(void **state)
{
    tour_world_free(*state);
    return 0;
}

static int compare_ids(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

struct tally {
    unsigned events, venues, unknown_venues, incomplete, not_ok, festivals, most_performers;
};

/* Walks a whole tour; fails when its events are not in order of date, or begin before today. */
static struct tally walk(const struct tour_world *world, uint64_t artist_id)
{
    static uint64_t venues[EVENTS_MAX];
    struct tally tally = {0};
    struct tour_artist artist;
    struct tour_event event;
    unsigned n = 0;
    long last_day = tour_day_number(today);

    assert_true(tour_artist(world, artist_id, &artist));
    for (; tour_artist_event(world, &artist, tally.events, &event); tally.events++) {
        assert_true(tally.events < EVENTS_MAX);
        assert_true(tour_day_number(event.start) >= last_day);
        last_day = tour_day_number(event.start);
        if (event.venue.id != 0)
            venues[n++] = event.venue.id;
        tally.unknown_venues += event.venue.id == 0;
        tally.incomplete += !event.has_time || !event.venue.has_geo || event.venue.street[0] == '\0';
        tally.not_ok += event.status != TOUR_OK;
        tally.festivals += event.festival;
        if (event.n_performers > tally.most_performers)
            tally.most_performers = event.n_performers;
    }
    assert_int_equal(tally.events, artist.n_events);
    qsort(venues, n, sizeof(venues[0]), compare_ids);
    for (unsigned i = 0; i < n; i++)
        tally.venues += i == 0 || venues[i] != venues[i - 1];
    return tally;
}

static void the_same_number_and_day_give_the_same_tour(void **state)
{
    struct tour_world *again = tour_world_new(today);
    struct tour_artist artist;

    for (uint64_t id = 6395140; id < 6395200; id++) {
        assert_true(tour_artist(*state, id, &artist));
        for (unsigned i = 0; i < artist.n_events; i++) {
            struct tour_event a, b;

            assert_true(tour_artist_event(*state, &artist, i, &a));
            assert_true(tour_artist_event(again, &artist, i, &b));
            assert_memory_equal(&a, &b, sizeof(a));
        }
    }
    tour_world_free(again);
}

static void another_number_gives_another_tour(void **state)
{
    struct tour_artist a, b;
    struct tour_event first, second;

    assert_true(tour_artist(*state, 90054050001, &a));
    assert_true(tour_artist(*state, 90054050002, &b));
    assert_true(tour_artist_event(*state, &a, 0, &first));
    assert_true(tour_artist_event(*state, &b, 0, &second));
    assert_int_not_equal(first.id, second.id);
    assert_int_not_equal(first.venue.id, second.venue.id);
}

static void a_number_with_a_size_has_exactly_that_size(void **state)
{
    static const struct {
        uint64_t id;
        unsigned events, venues;
    } cases[] = {{90054050, 54, 50}, {90054050123, 54, 50}, {80054050, 54, 50},
                 {90000000, 0, 0},   {90001001, 1, 1},      {91083999, 1083, 999},
                 {90050000, 50, 0},  {90010999, 10, 10},    {TOUR_DEMO_ARTIST, 54, 50}};

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct tally tally = walk(*state, cases[i].id);

        assert_int_equal(tally.events, cases[i].events);
        assert_int_equal(tally.venues, cases[i].venues);
    }
}

static void a_good_tour_has_nothing_missing_and_nothing_cancelled(void **state)
{
    struct tally tally = walk(*state, 90200150);

    assert_int_equal(tally.unknown_venues, 0);
    assert_int_equal(tally.incomplete, 0);
    assert_int_equal(tally.not_ok, 0);
}

static void an_odd_tour_has_some_of_everything_odd(void **state)
{
    struct tally tally = walk(*state, 80400300);

    assert_true(tally.unknown_venues > 0);
    assert_true(tally.incomplete > 0);
    assert_true(tally.not_ok > 0);
    assert_true(tally.festivals > 0);
}

static void a_tour_of_festivals_has_as_many_performers_as_its_number_says(void **state)
{
    struct tally tally = walk(*state, 70003400);

    assert_int_equal(tally.events, 3);
    assert_int_equal(tally.festivals, 3);
    assert_int_equal(tally.most_performers, 400);
}

static void nobody_is_twice_on_a_bill(void **state)
{
    static uint64_t ids[400];
    struct tour_artist artist;
    struct tour_event event;

    assert_true(tour_artist(*state, 70003400, &artist));
    assert_true(tour_artist_event(*state, &artist, 0, &event));
    for (unsigned i = 0; i < event.n_performers; i++)
        ids[i] = tour_performer(&event, i);
    qsort(ids, event.n_performers, sizeof(ids[0]), compare_ids);
    for (unsigned i = 1; i < event.n_performers; i++)
        assert_int_not_equal(ids[i - 1], ids[i]);
}

static void unknown_numbers_are_unknown(void **state)
{
    static const uint64_t unknown[] = {0, 4040000, 4040404, 4049999, 999999999999u, UINT64_MAX};
    struct tour_artist artist;
    struct tour_venue venue;

    for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
        assert_false(tour_artist(*state, unknown[i], &artist));
        assert_false(tour_venue(unknown[i], &venue));
    }
}

static void an_event_is_found_by_its_own_number(void **state)
{
    struct tour_artist artist;
    struct tour_event listed, found;

    assert_true(tour_artist(*state, 80054050, &artist));
    for (unsigned i = 0; tour_artist_event(*state, &artist, i, &listed); i++) {
        assert_true(tour_event(*state, listed.id, &found));
        assert_memory_equal(&listed, &found, sizeof(found));
    }
    assert_true(tour_venue_event(*state, 10000123, 3, &listed));
    assert_true(tour_event(*state, listed.id, &found));
    assert_memory_equal(&listed, &found, sizeof(found));
}

static void a_venue_in_a_tour_is_the_venue_of_its_own_number(void **state)
{
    struct tour_artist artist;
    struct tour_event event;
    struct tour_venue venue;

    assert_true(tour_artist(*state, 80054050, &artist));
    assert_true(tour_artist_event(*state, &artist, 0, &event));
    assert_true(tour_venue(event.venue.id, &venue));
    assert_memory_equal(&venue, &event.venue, sizeof(venue));
}

static void an_artist_is_found_by_each_of_its_mbids(void **state)
{
    struct tour_artist artist;
    unsigned several = 0;
    uint64_t id;

    for (uint64_t i = 100; i < 200; i++) {
        assert_true(tour_artist(*state, i, &artist));
        several += artist.n_mbids > 1;
        for (unsigned j = 0; j < artist.n_mbids; j++) {
            assert_true(tour_artist_of_mbid(artist.mbids[j], &id));
            assert_int_equal(id, i);
        }
    }
    assert_true(several > 0);
    assert_false(tour_artist_of_mbid("8bfac288-ccc5-448d-9573-c33ea2aa5c30", &id));
    assert_false(tour_artist_of_mbid("", &id));
}

/* What the zones did and will do by their rules of 2024, winter and summer. */
static void offsets_are_those_of_the_city_on_the_day(void **state)
{
    static const struct {
        const char *city;
        int january_min, july_min;
    } expected[] = {{"London", 0, 60},       {"Berlin", 60, 120},        {"New York", -300, -240},
                    {"Phoenix", -420, -420}, {"Mumbai", 330, 330},       {"Sydney", 660, 600},
                    {"Adelaide", 630, 570},  {"St. John's", -210, -150}, {"Honolulu", -600, -600}};
    unsigned seen = 0;
    struct tour_artist artist;
    struct tour_event event;

    assert_true(tour_artist(*state, 91000999, &artist));
    for (unsigned i = 0; tour_artist_event(*state, &artist, i, &event); i++) {
        for (size_t j = 0; j < sizeof(expected) / sizeof(expected[0]); j++) {
            if (strcmp(event.venue.city->name, expected[j].city) != 0)
                continue;
            if (event.start.month == 1 || event.start.month == 7) {
                assert_int_equal(event.offset_min,
                                 event.start.month == 1 ? expected[j].january_min : expected[j].july_min);
                seen++;
            }
        }
    }
    assert_true(seen > 10);
}

static void making_a_world_leaves_the_environment_as_it_was(void **state)
{
    (void)state;
    assert_int_equal(setenv("TZ", "Asia/Tokyo", 1), 0);
    struct tour_world *world = tour_world_new(today);

    assert_non_null(world);
    assert_string_equal(getenv("TZ"), "Asia/Tokyo");
    unsetenv("TZ");
    tour_world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_number_and_day_give_the_same_tour),
        cmocka_unit_test(another_number_gives_another_tour),
        cmocka_unit_test(a_number_with_a_size_has_exactly_that_size),
        cmocka_unit_test(a_good_tour_has_nothing_missing_and_nothing_cancelled),
        cmocka_unit_test(an_odd_tour_has_some_of_everything_odd),
        cmocka_unit_test(a_tour_of_festivals_has_as_many_performers_as_its_number_says),
        cmocka_unit_test(nobody_is_twice_on_a_bill),
        cmocka_unit_test(unknown_numbers_are_unknown),
        cmocka_unit_test(an_event_is_found_by_its_own_number),
        cmocka_unit_test(a_venue_in_a_tour_is_the_venue_of_its_own_number),
        cmocka_unit_test(an_artist_is_found_by_each_of_its_mbids),
        cmocka_unit_test(offsets_are_those_of_the_city_on_the_day),
        cmocka_unit_test(making_a_world_leaves_the_environment_as_it_was),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
