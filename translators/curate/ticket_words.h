/* Words in a name that are about a ticket and no part of what it admits to: "Lantern Festival Saturday
 * Ticket", "Violet Harbour - General Admission". By tables. */
#ifndef MARQUEE_TICKET_WORDS_H
#define MARQUEE_TICKET_WORDS_H

#include <stdbool.h>
#include <stddef.h>

struct act;
struct arena;

enum ticket {
    TICKET_NONE,
    TICKET_TIER, /* a place or a price in the room: "VIP", "Seated" */
    TICKET_DAY,  /* one day of a festival */
    TICKET_DAYS  /* all of it, or several nights */
};

/* A name without the words about a ticket at its end: what is set apart there, and of a festival also what is
 * not; a year behind them stays. `name` itself or new in `arena`; NULL for NULL, and where nothing else is in
 * it. *ret_ticket is always set. */
const char *ticket_words_cut(struct arena *arena, const char *name, bool is_festival,
                             enum ticket *ret_ticket);

/* Takes the names off the acts of one event that are no acts but ways in: "Vip Dinner Package", "Restricted
 * View". Bands are called "Arena" and "Standing", so such words count only beside a name that is sure. The
 * asked artist stays, and so does a name that holds any other word. */
void ticket_words_drop_acts(struct act *acts, size_t n);

#endif
