/* Words in a title that are about the show and no part of its name: "CANCELLED - ", " - SOLD OUT". By tables;
 * an upstream that has a status knows better. */
#ifndef MARQUEE_TITLE_WORDS_H
#define MARQUEE_TITLE_WORDS_H

#include <stdbool.h>

#include "translators/model/model.h"

struct title_words {
    enum event_status status; /* EVENT_SCHEDULED: nothing is said */
    bool sold_out;
};

/* A title without words about the show, in brackets, between asterisks or set apart by dashes, colons or
 * bars; a single word in capitals at an end needs no more. `title` itself or new in `arena`; NULL for NULL,
 * and where nothing else is in it. `act` (NULL: not known) is never such a word, whatever the band is called.
 * *ret_words is always set. */
const char *title_without_words(struct arena *arena, const char *title, const char *act,
                                struct title_words *ret_words);

/* The show is sold out, by its title: all offers that say nothing of it are; without any there is one that
 * says only that. A cancelled show has none. */
void title_sells_out(struct arena *arena, struct event *event);

#endif
