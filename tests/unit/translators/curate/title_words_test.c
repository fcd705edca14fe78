/* Tests of translators/curate/title_words.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "translators/base/arena.h"
#include "translators/curate/title_words.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

struct row {
    const char *title, *rest;
    enum event_status status;
    bool sold_out;
};

static void check(const struct row *rows, size_t n, const char *act)
{
    struct arena *arena = arena_new(1000000);

    for (size_t i = 0; i < n; i++) {
        struct title_words words;
        const char *rest = title_without_words(arena, rows[i].title, act, &words);
        bool is_rest =
            rest != NULL && rows[i].rest != NULL ? strcmp(rest, rows[i].rest) == 0 : rest == rows[i].rest;

        if (!is_rest || words.status != rows[i].status || words.sold_out != rows[i].sold_out)
            fail_msg("%s: %s, %d, %d", rows[i].title, rest ? rest : "(none)", (int)words.status,
                     words.sold_out);
    }
    arena_free(arena);
}

static void words_about_a_show_are_no_part_of_its_name(void **state)
{
    static const struct row rows[] = {
        {"CANCELLED - Violet Harbour", "Violet Harbour", EVENT_CANCELLED, false},
        {"CANCELED: Violet Harbour", "Violet Harbour", EVENT_CANCELLED, false},
        {"Violet Harbour (Cancelled)", "Violet Harbour", EVENT_CANCELLED, false},
        {"Violet Harbour - Show Cancelled", "Violet Harbour", EVENT_CANCELLED, false},
        {"Violet Harbour [CANCELLED due to illness]", "Violet Harbour", EVENT_CANCELLED, false},
        {"CANCELLED Violet Harbour", "Violet Harbour", EVENT_CANCELLED, false},
        {"Violet Harbour (Rescheduled from 3/1/27)", "Violet Harbour", EVENT_RESCHEDULED, false},
        {"Violet Harbour - Rescheduled Date", "Violet Harbour", EVENT_RESCHEDULED, false},
        {"Violet Harbour: Postponed, new date TBA", "Violet Harbour", EVENT_POSTPONED, false},
        {"(POSTPONED) Violet Harbour", "Violet Harbour", EVENT_POSTPONED, false},
        {"POSTPONED: Violet Harbour", "Violet Harbour", EVENT_POSTPONED, false},
        {"***POSTPONED*** Violet Harbour", "Violet Harbour", EVENT_POSTPONED, false},
        {"POSTPONED - Violet Harbour (Rescheduled to 5/1/27)", "Violet Harbour", EVENT_RESCHEDULED, false},
        {"Violet Harbour - SOLD OUT", "Violet Harbour", EVENT_SCHEDULED, true},
        {"Violet Harbour SOLD OUT", "Violet Harbour", EVENT_SCHEDULED, true},
        {"Violet Harbour - Sold Out - Tour of Tours", "Violet Harbour - Tour of Tours", EVENT_SCHEDULED,
         true},
        {"SOLD OUT | Violet Harbour: Live | One Night", "Violet Harbour: Live | One Night", EVENT_SCHEDULED,
         true},
        {"Violet Harbour - MOVED TO THE HALL", "Violet Harbour", EVENT_SCHEDULED, false},
        {"Violet Harbour *NEW DATE*", "Violet Harbour", EVENT_SCHEDULED, false},
        {"NEW DATE: March 3, 2027 - Violet Harbour", "Violet Harbour", EVENT_SCHEDULED, false},
        {"Wham! - SOLD OUT", "Wham!", EVENT_SCHEDULED, true},
        {"ABGESAGT: Violet Harbour", "Violet Harbour", EVENT_CANCELLED, false},
        {"CANCELLED", NULL, EVENT_CANCELLED, false},
        {"*** SOLD OUT ***", NULL, EVENT_SCHEDULED, true},
        {NULL, NULL, EVENT_SCHEDULED, false},
    };

    (void)state;
    check(rows, COUNT(rows), "Violet Harbour");
    check(rows, COUNT(rows), NULL);
}

static void names_that_sound_like_news_stay(void **state)
{
    static const char *const titles[] = {"Violet Harbour",
                                         "Panic! At The Pier",
                                         "Violet Harbour - Cancelled Culture",
                                         "Violet Harbour - Moved to Tears Tour",
                                         "The Sold Out Tour",
                                         "Violet Harbour: The Postponed Tour",
                                         "Violet Harbour (Live) [Late Show]",
                                         "P*nk Noise * Violet",
                                         "Violet Harbour - New Dates Tour",
                                         "VIOLET HARBOUR SOLD OUT",
                                         "Postponed Dreams with Violet Harbour",
                                         "(((",
                                         "- : -",
                                         ""};

    (void)state;
    for (size_t i = 0; i < COUNT(titles); i++)
        check(&(struct row){titles[i], titles[i], EVENT_SCHEDULED, false}, 1, NULL);
}

static void a_band_may_be_called_like_news(void **state)
{
    static const struct row rows[] = {
        {"Sold Out", "Sold Out", EVENT_SCHEDULED, false},
        {"Sold Out - Live", "Sold Out - Live", EVENT_SCHEDULED, false},
        {"Sold Out: CANCELLED", "Sold Out", EVENT_CANCELLED, false},
    };

    (void)state;
    check(rows, COUNT(rows), "Sold Out");
}

static void a_title_says_that_a_show_is_sold_out_where_no_offer_does(void **state)
{
    struct offer offers[] = {{.url = "https://a.example/"},
                             {.url = "https://b.example/", .availability = AVAILABILITY_IN_STOCK}};
    struct event event = {.offers = offers, .n_offers = 2}, bare = {.n_offers = 0};
    struct event cancelled = {.status = EVENT_CANCELLED};
    struct arena *arena = arena_new(100000);

    (void)state;
    title_sells_out(arena, &event);
    assert_int_equal(offers[0].availability, AVAILABILITY_SOLD_OUT);
    assert_int_equal(offers[1].availability, AVAILABILITY_IN_STOCK);
    title_sells_out(arena, &bare);
    assert_int_equal(bare.n_offers, 1);
    assert_int_equal(bare.offers[0].availability, AVAILABILITY_SOLD_OUT);
    title_sells_out(arena, &cancelled);
    assert_int_equal(cancelled.n_offers, 0);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_about_a_show_are_no_part_of_its_name),
        cmocka_unit_test(names_that_sound_like_news_stay),
        cmocka_unit_test(a_band_may_be_called_like_news),
        cmocka_unit_test(a_title_says_that_a_show_is_sold_out_where_no_offer_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
