/* The query of a URL, or what a form sends (application/x-www-form-urlencoded), pair by pair. Nothing is
 * decoded and nothing copied. */
#ifndef MARQUEE_QUERY_H
#define MARQUEE_QUERY_H

#include <stdbool.h>
#include <stddef.h>

struct query_pair { /* borrowed from the query; not NUL-terminated */
    const char *name;
    size_t name_len;
    const char *value; /* NULL: there is no "=" */
    size_t value_len;
};

/* The pair at *at, which moves behind it. False: *at is `end`. A pair may be empty, as between "&&".
 *
 *     struct query_pair pair;
 *     while (query_next(&at, end, &pair)) ... */
bool query_next(const char **at, const char *end, struct query_pair *ret);

#endif
