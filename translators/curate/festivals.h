/* One festival told by several records: whole and by the day, under two names, with and without its place.
 *
 * Records are in the order of their days; each call sets `into` and `rule` of those that give way, to a
 * record that has no `into` itself. */
#ifndef MARQUEE_FESTIVALS_H
#define MARQUEE_FESTIVALS_H

#include <stdbool.h>

#include "alike.h"

#define FESTIVALS_MAX_DAYS 31 /* a longer span is not compared with its days */

/* Do both records tell of one festival, whatever its days? By name or bill, in one place or city. */
bool festivals_are_one(const struct record *a, const struct record *b);

/* Is the day of `record` one of the days of the festival? */
bool festivals_have_day(const struct record *festival, const struct record *record);

/* Folds festivals of the same days into the richest record, day tickets into the festival, a first day into
 * the whole, and a whole whose days are all there into the first of them. A day ticket beside no festival
 * becomes that day of it. */
void festivals_settle(struct records *records);

#endif
