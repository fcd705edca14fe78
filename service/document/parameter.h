/* The parameters of the service URL: names, bounds and checks, in one table. Pure. Only route.c reads it;
 * callers have the indices. */
#ifndef MARQUEE_PARAMETER_H
#define MARQUEE_PARAMETER_H

#include "document_request.h"

#define FOR_DOCUMENTS 1u /* of artists, venues and events */
#define FOR_SEARCHES  2u
#define FOR_PAGES     4u /* of a tour */
#define FOR_FILES     8u /* pages by arguments, which have no path to hold an id */

struct parameter {
    const char *name;
    size_t max_bytes; /* decoded */
    unsigned where;   /* FOR_DOCUMENTS and others: elsewhere it is unknown */
    bool required;
    /* Takes a decoded value without control characters, NUL-terminated. False: *ret_why (static) is the
     * fault, NULL for an unknown format or id. `again`: the parameter was given before, and the value must be
     * the same. */
    bool (*take)(struct document_request *request, char *value, size_t len, bool again, const char **ret_why);
};

extern const struct parameter parameters[PARAMETERS];

#endif
