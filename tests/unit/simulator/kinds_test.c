/* The kinds of records: each of them in some tour, none where a number promises a size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/simulator/kinds.h"

#define FIRST_NUMBER 100000u /* those of the conformance tests */
#define STEP         37u
#define N_TOURS      60u
#define LONG         60 /* events */

static const struct kinds *const all_kinds[] = {&kinds_bandsintown, &kinds_songkick, &kinds_ticketmaster};

#define N_PROVIDERS (sizeof(all_kinds) / sizeof(all_kinds[0]))

static int setup(void **state)
{
    *state = tour_world_new((struct tour_date){2027, 1, 15});
    return *state == NULL;
}

static int teardown(void **state)
{
    tour_world_free(*state);
    return 0;
}

/* The first record of this kind in the tours; the next ones of its event have the same number plus 1, 2. */
static bool find_kind(void **state, const struct kinds *kinds, const char *name,
                      struct tour_artist *ret_artist, unsigned *ret_index)
{
    struct kinds_record record;

    for (unsigned n = 0; n < N_TOURS; n++) {
        assert_true(tour_artist(*state, FIRST_NUMBER + STEP * n, ret_artist));
        for (*ret_index = 0; kinds_at(kinds, *state, ret_artist, *ret_index, &record); (*ret_index)++)
            if (record.kind != NULL && strcmp(record.kind, name) == 0)
                return true;
    }
    return false;
}

static void every_kind_is_told_with_all_of_its_records(void **state)
{
    for (size_t p = 0; p < N_PROVIDERS; p++) {
        for (size_t i = 0; i < all_kinds[p]->n; i++) {
            const struct kind *kind = &all_kinds[p]->all[i];
            struct kinds_record record;
            struct tour_artist artist;
            unsigned index;

            if (!find_kind(state, all_kinds[p], kind->name, &artist, &index))
                fail_msg("no tour has \"%s\"", kind->name);
            assert_in_range(kind->n_records, 1, KINDS_MAX_RECORDS);
            for (unsigned part = 0; part < kind->n_records; part++) {
                assert_true(kinds_at(all_kinds[p], *state, &artist, index + part, &record));
                assert_string_equal(record.kind, kind->name);
                assert_int_equal(record.id, record.event.id + (uint64_t)part * KINDS_PART);
            }
        }
    }
}

static void a_record_is_found_by_its_own_number(void **state)
{
    for (size_t p = 0; p < N_PROVIDERS; p++) {
        struct kinds_record listed, found;
        struct tour_artist artist;
        unsigned n;

        for (uint64_t number = FIRST_NUMBER; tour_artist(*state, number, &artist); number++)
            if (artist.n_events >= LONG)
                break;
        for (n = 0; kinds_at(all_kinds[p], *state, &artist, n, &listed); n++) {
            assert_true(kinds_find(all_kinds[p], *state, listed.id, &found));
            assert_memory_equal(&listed, &found, sizeof(found));
        }
        assert_int_equal(n, kinds_total(all_kinds[p], *state, &artist));
        assert_true(n >= artist.n_events);
        assert_false(kinds_find(all_kinds[p], *state, listed.event.id + 9 * (uint64_t)KINDS_PART, &found));
    }
}

static void numbers_that_promise_a_size_keep_it_and_the_demonstration_is_told_plainly(void **state)
{
    static const uint64_t numbers[] = {TOUR_DEMO_ARTIST, 70006003, 80054050, 80054050123, 90054050};

    for (size_t p = 0; p < N_PROVIDERS; p++) {
        for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
            struct kinds_record record;
            struct tour_artist artist;

            assert_true(tour_artist(*state, numbers[i], &artist));
            assert_int_equal(kinds_total(all_kinds[p], *state, &artist), artist.n_events);
            for (unsigned n = 0; kinds_at(all_kinds[p], *state, &artist, n, &record); n++)
                assert_null(record.kind);
        }
    }
}

static int minutes_of(const struct tour_event *event)
{
    return event->hour * 60 + event->minute;
}

static void doors_are_an_hour_before_the_start_and_have_no_support(void **state)
{
    struct kinds_record start, doors;
    struct tour_artist artist;
    unsigned index;

    assert_true(find_kind(state, &kinds_songkick, "doors and start", &artist, &index));
    assert_true(kinds_at(&kinds_songkick, *state, &artist, index, &start));
    assert_true(kinds_at(&kinds_songkick, *state, &artist, index + 1, &doors));
    assert_int_equal(minutes_of(&start.event) - minutes_of(&doors.event), 60);
    assert_int_equal(start.event.n_performers, 2);
    assert_int_equal(doors.event.n_performers, 1);
}

static void a_day_ticket_is_called_by_its_day_and_lies_within_the_festival(void **state)
{
    struct kinds_record whole, ticket;
    struct tour_artist artist;
    unsigned index;

    assert_true(find_kind(state, &kinds_songkick, "day ticket", &artist, &index));
    assert_true(kinds_at(&kinds_songkick, *state, &artist, index, &whole));
    assert_true(kinds_at(&kinds_songkick, *state, &artist, index + 1, &ticket));
    assert_int_equal(tour_day_number(whole.event.end) - tour_day_number(whole.event.start), 2);
    assert_int_equal(tour_day_number(ticket.event.start) - tour_day_number(whole.event.start), 1);
    assert_memory_equal(&ticket.event.start, &ticket.event.end, sizeof(ticket.event.end));
    assert_int_equal(strncmp(ticket.event.series, whole.event.series, strlen(whole.event.series)), 0);
    assert_non_null(strstr(ticket.event.series, "day Ticket"));
}

static void a_show_names_what_is_sold_beside_it_by_its_id(void **state)
{
    struct kinds_record show, thing;
    struct tour_artist artist;
    unsigned index;

    assert_true(
        find_kind(state, &kinds_ticketmaster, "named by the show as sold beside it", &artist, &index));
    assert_true(kinds_at(&kinds_ticketmaster, *state, &artist, index, &show));
    assert_true(kinds_at(&kinds_ticketmaster, *state, &artist, index + 1, &thing));
    assert_int_equal(show.upsell_id, thing.id);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_is_told_with_all_of_its_records),
        cmocka_unit_test(a_record_is_found_by_its_own_number),
        cmocka_unit_test(numbers_that_promise_a_size_keep_it_and_the_demonstration_is_told_plainly),
        cmocka_unit_test(doors_are_an_hour_before_the_start_and_have_no_support),
        cmocka_unit_test(a_day_ticket_is_called_by_its_day_and_lies_within_the_festival),
        cmocka_unit_test(a_show_names_what_is_sold_beside_it_by_its_id),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
