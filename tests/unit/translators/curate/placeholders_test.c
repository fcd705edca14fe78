/* Tests of translators/curate/placeholders.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "translators/base/arena.h"
#include "translators/curate/placeholders.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static void check(bool (*is)(const char *), const char *const *names, size_t n, bool expected)
{
    for (size_t i = 0; i < n; i++) {
        if (is(names[i]) != expected)
            fail_msg("%s", names[i]);
    }
}

static void words_for_an_act_are_no_act(void **state)
{
    static const char *const names[] = {"Various Artists",
                                        "VARIOUS ARTISTS",
                                        "Special Guest",
                                        "+ special guests",
                                        "Special Guest(s)",
                                        "Guest TBA",
                                        "*Guest TBA*",
                                        "And More",
                                        "& more",
                                        "more to be announced",
                                        "TBA",
                                        "T.B.A.",
                                        "To Be Announced",
                                        "Support: TBA",
                                        "TBA (support)",
                                        "plus support",
                                        "w/ guests",
                                        "and many more...",
                                        "Opening Act TBC",
                                        "Surprise Guest",
                                        "Artists TBA",
                                        "[Support act]",
                                        "Lineup TBA",
                                        "Not Announced Yet",
                                        "Lineup not yet announced",
                                        "Pas encore annonc\303\251",
                                        "very special guests",
                                        "\303\234berraschungsgast"};
    static const char *const bands[] = {"Electric Guest",
                                        "Guests",
                                        "More",
                                        "Support Lesbians",
                                        "Special",
                                        "DJ Unknown",
                                        "Coming Soon",
                                        "TBA Orchestra",
                                        "The Specials",
                                        "!!!",
                                        "Friends",
                                        "Various Artists Of Sorrow",
                                        "Special Guests: Paper Lanterns",
                                        ""};

    (void)state;
    check(placeholders_is_act, names, COUNT(names), true);
    check(placeholders_is_act, bands, COUNT(bands), false);
    assert_false(placeholders_is_act(NULL));
}

static bool is_venue(const char *name)
{
    return placeholders_is_venue(name, "Austin");
}

static void words_for_a_venue_are_no_venue(void **state)
{
    static const char *const names[] = {"tba",
                                        "Location TBA",
                                        "*VENUE TBA*",
                                        "Venue TBA",
                                        "To Be Determined",
                                        "TBD",
                                        "Various Venues",
                                        "Secret Location",
                                        "Unknown venue",
                                        "Venue To Be Announced",
                                        "Venue TBC",
                                        "Multiple Venues",
                                        "TBA - Venue",
                                        "Venue TBA, Austin",
                                        "Secret Location (Austin)",
                                        "Venue (TBA)",
                                        "venue: t.b.a.",
                                        "Undisclosed Location",
                                        "Venue not announced yet"};
    static const char *const venues[] = {
        "Paradiso", "TBA Brooklyn",          "The Venue", "Secret Garden Stage",
        "Austin",   "Unknown Pleasures Bar", "!"};

    (void)state;
    check(is_venue, names, COUNT(names), true);
    check(is_venue, venues, COUNT(venues), false);
    assert_false(placeholders_is_venue(NULL, "Austin"));
    assert_false(placeholders_is_venue("Venue TBA, Austin", NULL));
}

static void what_is_online_is_at_no_place(void **state)
{
    static const char *const nets[] = {"Online",      "ONLINE",   "Livestream",     "Live Stream",
                                       "Live-Stream", "(Online)", "Streaming Live", "Virtual Event"};
    static const char *const venues[] = {"Online Cafe", "Zoom", "The Stream", "Virtuoso", ""};

    (void)state;
    check(placeholders_is_online, nets, COUNT(nets), true);
    check(placeholders_is_online, venues, COUNT(venues), false);
    assert_false(placeholders_is_online(NULL));
}

static void a_box_for_letters_is_no_street(void **state)
{
    static const char *const none[] = {
        "P.O. Box 99",   "PO Box 99", "Mailing Address: P.O. Box 99 ", "TBA", "-", "Address TBA", ", ",
        "Postfach 12, ", "N/A"};
    static const char *const streets[][2] = {{"1 Example Street", "1 Example Street"},
                                             {"78 Example High Street, ", "78 Example High Street"},
                                             {"7 Example Ave S., PO Box 12", "7 Example Ave S."},
                                             {"P.O. Box 12, 7 Example Ave S.", "7 Example Ave S."},
                                             {"Suite 5, 7 Box Lane", "Suite 5, 7 Box Lane"}};
    struct arena *arena = arena_new(100000);

    (void)state;
    for (size_t i = 0; i < COUNT(none); i++) {
        if (placeholders_street(arena, none[i]) != NULL)
            fail_msg("%s", none[i]);
    }
    for (size_t i = 0; i < COUNT(streets); i++)
        assert_string_equal(placeholders_street(arena, streets[i][0]), streets[i][1]);
    assert_null(placeholders_street(arena, NULL));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_for_an_act_are_no_act),
        cmocka_unit_test(words_for_a_venue_are_no_venue),
        cmocka_unit_test(what_is_online_is_at_no_place),
        cmocka_unit_test(a_box_for_letters_is_no_street),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
