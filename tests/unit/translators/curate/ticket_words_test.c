/* Tests of translators/curate/ticket_words.c: words about tickets leave the name of what they admit to, and
 * line-ups. */
#include "translators/curate/ticket_words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "translators/base/arena.h"
#include "translators/model/model.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static const struct {
    const char *name;
    bool is_festival;
    enum ticket ticket;
    const char *left;
} names[] = {
    {"Lantern Festival Weekend Ticket 2027", true, TICKET_DAYS, "Lantern Festival 2027"},
    {"Lantern Festival 2027 Weekend Ticket", true, TICKET_DAYS, "Lantern Festival 2027"},
    {"Lantern Festival Weekend Camping 2027", true, TICKET_DAYS, "Lantern Festival 2027"},
    {"Lantern Festival Saturday Ticket", true, TICKET_DAY, "Lantern Festival"},
    {"Lantern Festival 2027: Sunday Day Ticket 2027", true, TICKET_DAY, "Lantern Festival 2027"},
    {"Lantern Festival (Single Day Pass)", true, TICKET_DAY, "Lantern Festival"},
    {"Lantern Festival (Gold 3 Day Pass)", true, TICKET_DAYS, "Lantern Festival"},
    {"Lantern Festival 3-Day Pass", true, TICKET_DAYS, "Lantern Festival"},
    {"Lantern Festival - Samstag", true, TICKET_NONE, "Lantern Festival - Samstag"},
    {"Lantern Festival Tagesticket", true, TICKET_DAY, "Lantern Festival"},
    {"Lantern Festival - VIP Weekend Wristband", true, TICKET_DAYS, "Lantern Festival"},
    {"Saturday Ticket", true, TICKET_DAY, NULL},
    {"Lantern Camping", true, TICKET_NONE, "Lantern Camping"},
    {"Lantern Festival 2027 - Camping", true, TICKET_DAYS, "Lantern Festival 2027"},
    {"Lantern Saturday", true, TICKET_NONE, "Lantern Saturday"},
    {"Lantern Weekend", true, TICKET_NONE, "Lantern Weekend"},
    {"Violet Harbour - VIP", false, TICKET_TIER, "Violet Harbour"},
    {"Violet Harbour - General Admission", false, TICKET_TIER, "Violet Harbour"},
    {"Violet Harbour \xE2\x80\x93 General Admission Standing", false, TICKET_TIER, "Violet Harbour"},
    {"Violet Harbour (Reserved Seating)", false, TICKET_TIER, "Violet Harbour"},
    {"Violet Harbour - Seated", false, TICKET_TIER, "Violet Harbour"},
    {"Violet Harbour - 2 DAY TICKET", false, TICKET_DAYS, "Violet Harbour"},
    {"Violet Harbour: Gold", false, TICKET_NONE, "Violet Harbour: Gold"},
    {"Violet Harbour - All Day", false, TICKET_NONE, "Violet Harbour - All Day"},
    {"Violet Harbour: Friday", false, TICKET_NONE, "Violet Harbour: Friday"},
    {"Violet Harbour: Last Standing", false, TICKET_NONE, "Violet Harbour: Last Standing"},
    {"Golden Ticket", false, TICKET_NONE, "Golden Ticket"},
    {"Hall Pass", false, TICKET_NONE, "Hall Pass"},
    {"VIP", false, TICKET_NONE, "VIP"},
};

static void words_about_tickets_leave_the_name(void **state)
{
    struct arena *arena = arena_new(1 << 16);
    enum ticket ticket;

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        const char *left = ticket_words_cut(arena, names[i].name, names[i].is_festival, &ticket);

        if (ticket != names[i].ticket)
            fail_msg("%s: ticket %d, wanted %d", names[i].name, ticket, names[i].ticket);
        if (names[i].left != NULL)
            assert_string_equal(left, names[i].left);
        else
            assert_null(left);
    }
    arena_free(arena);
}

static void no_name_has_no_ticket(void **state)
{
    enum ticket ticket;

    (void)state;
    assert_null(ticket_words_cut(NULL, NULL, true, &ticket));
    assert_int_equal(ticket, TICKET_NONE);
}

/* Up to six acts; `left` of them, bit by bit from the first one, keep their names. */
static const struct {
    const char *names[6];
    unsigned left;
} line_ups[] = {
    {{"Violet Harbour", "The Postmen", "Arena", "Vip Premium Cocktail Package", "Vip Premium Dinner Package"},
     3},
    {{"Violet Harbour", "Allocated", "Restricted View"}, 1},
    {{"General Admission", "Violet Harbour", "Balcony", "Early Entry", "Meet & Greet"}, 2},
    {{"Violet Harbour", "Stehplatz", "Innenraum"}, 1},
    {{"Violet Harbour", "Visibilit\303\251 r\303\251duite", "Fosse"}, 1},
    {{"Violet Harbour", "ENTRADA GENERAL", "Pista"}, 1},
    {{"Violet Harbour", "Vip"}, 3}, /* nothing is sure */
    {{"Arena", "Standing", "Balcony"}, 7},
    {{"Package", "Tickets", "Violet Harbour"}, 7},
    {{"Arena Rock", "Total Package", "Golden Ticket", "Restricted View"}, 7}, /* other words */
    {{"The Restricted View", "Standing"}, 3},
};

static void ticket_types_leave_a_line_up(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(line_ups); i++) {
        struct act acts[6] = {{.name = NULL}};
        unsigned left = 0;

        for (size_t j = 0; j < COUNT(acts); j++)
            acts[j].name = line_ups[i].names[j];
        ticket_words_drop_acts(acts, COUNT(acts));
        for (size_t j = 0; j < COUNT(acts); j++)
            left |= acts[j].name != NULL ? 1U << j : 0;
        if (left != line_ups[i].left)
            fail_msg("%s: %u are left, wanted %u", line_ups[i].names[0], left, line_ups[i].left);
    }
}

static void the_asked_artist_stays_whatever_it_is_called(void **state)
{
    struct act acts[] = {{.name = "Arena", .asked = true}, {.name = "Restricted View"}};

    (void)state;
    ticket_words_drop_acts(acts, 2);
    assert_non_null(acts[0].name);
    assert_null(acts[1].name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_about_tickets_leave_the_name),
        cmocka_unit_test(no_name_has_no_ticket),
        cmocka_unit_test(ticket_types_leave_a_line_up),
        cmocka_unit_test(the_asked_artist_stays_whatever_it_is_called),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
