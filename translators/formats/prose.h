/* What the model knows about an event, in words for people: the parts that the list in a page and the
 * calendar have in common. Plain text, to be escaped by whoever writes it; new in the arena or borrowed from
 * the event. NULL: there is nothing to say. */
#ifndef MARQUEE_PROSE_H
#define MARQUEE_PROSE_H

#include "translators/base/arena.h"
#include "translators/base/strings.h"
#include "translators/model/model.h"

struct prose {
    const struct strings *strings;
    struct arena *arena;
    int64_t now_s; /* of the document; 0: not known */
};

/* "Friday, 12 March 2027" or "Friday, 12 March 2027, 20:00", as it is on the wall there. */
const char *prose_date(const struct prose *prose, const struct moment *moment);

/* When an event is, as its markup has it: "Friday, 12 March 2027, 20:00 to 23:00", "Friday, 24 August 2012 to
 * Sunday, 26 August 2012". */
const char *prose_when(const struct prose *prose, const struct event *event);

/* The same without hours, for titles. */
const char *prose_days(const struct prose *prose, const struct event *event);

/* What stands behind "to": the hour of an end on the day of the start, otherwise its date. */
const char *prose_end(const struct prose *prose, const struct moment *start, const struct moment *end);

/* "Friday 12", below the name of its month, and that, "March 2027". */
const char *prose_day(const struct prose *prose, const struct moment *moment);
const char *prose_month(const struct prose *prose, const struct moment *moment);

/* "20:00". */
const char *prose_time(const struct prose *prose, const struct moment *moment);

/* "Cancelled", "Rescheduled from Monday, 1 February 2027"; NULL for an event as planned. */
const char *prose_status(const struct prose *prose, const struct event *event);

/* Does the event's own name hold that of the act: all its words, case and accents aside? */
bool prose_names_act(const struct event *event, const struct act *act);

/* Who else plays: "with Glass Kites, Low Tide and 3 more", the acts that the event's name is not made of and
 * does not hold. */
const char *prose_acts(const struct prose *prose, const struct event *event);

/* "Germany" of "DE"; the code itself where it has no name. */
const char *prose_country(const struct prose *prose, const char *code);

/* "Columbiadamm 13-21, Berlin, Germany": the address without postal code and venue. */
const char *prose_address(const struct prose *prose, const struct place *place);

/* The lines of an address between street and country, in the order that the country's post has them. What
 * stands in a line above has none of its own: NULL, as what is not known. */
struct town_lines {
    const char *town;        /* "10965 Berlin", "Chicago, IL 33243", "London" */
    const char *postal_code; /* "SW1A 1AA" */
    const char *region;
};
struct town_lines prose_town_lines(const struct prose *prose, const struct place *place);

/* "Ages 18+" of the range "18-". */
const char *prose_ages(const struct prose *prose, const char *age_range);

/* "from 42.50 EUR", "Free". */
const char *prose_price(const struct prose *prose, const struct offer *offer);

/* "Sold out", "On sale from Friday, 1 January 2027": that it has begun is no news. */
const char *prose_availability(const struct prose *prose, const struct offer *offer);

/* Whose dates they are: "Mira Vale: upcoming dates". */
const char *prose_title(const struct prose *prose, const struct document *document);

#endif
