/* Addresses within the pages of a tour: what an event's page is called, what a path asks for, and the index
 * of a tour, which leads from any address that a page ever had to the one that it has. Pure.
 *
 * An event's page is {date}-{city}-{id}: the id makes it unique and never changes, so it alone decides. */
#ifndef MARQUEE_ADDRESSES_H
#define MARQUEE_ADDRESSES_H

#include <stdbool.h>
#include <stddef.h>

#include "site.h"
#include "translators/base/buffer.h"
#include "translators/model/model.h"

#define ADDRESS_MAX_BYTES 256 /* of a slug: a date, a city, an id and hyphens */

/* "2027-03-12-berlin-41234567", new in `arena`. NULL: the event has no page, because its id has characters
 * other than letters, digits, - and _, or is too long. */
const char *address_slug(struct arena *arena, const struct event *event);

/* What a path below the tour's own asks for. */
struct page_path {
    enum page_kind kind;
    const char *slug; /* of PAGE_DATE and PAGE_DATE_ICS; not NUL-terminated, borrowed from the path */
    size_t slug_len;
    bool whole; /* false: the slash at its end is missing */
};

/* Reads a path: "" is the tour page, "dates.ics", "SLUG/", "SLUG/date.ics" and so on. False: there can be no
 * such page. */
bool address_parse(const char *path, size_t len, struct page_path *ret);

/* One line of an index. Strings are borrowed from it, not NUL-terminated. */
struct address_line {
    const char *id, *slug;
    size_t id_len, slug_len;
    bool is_over;  /* the tour has it no more, because its day is over */
    bool is_alias; /* of a record that was folded into the event that `slug` is of: no page of its own */
};

/* Appends a line: "id slug", and "over" behind that of an event whose day is over. */
void address_write(struct buffer *index, const char *id, const char *slug, bool is_over);

/* Reads the line at *at and moves *at behind it. Lines of another form are skipped. False: there are no more.
 */
bool address_next(const char **at, const char *end, struct address_line *ret);

/* The event that an address is of: the longest id of the index that ends `slug` after a hyphen, with nothing
 * but lower case letters, digits and hyphens before it. False: it is none of this tour's. */
bool address_find(const char *index, size_t len, const char *slug, size_t slug_len, struct address_line *ret);

/* The day at the beginning of a slug. False: it begins with none. */
bool address_day(const char *slug, size_t len, struct moment *ret_day);

#endif
