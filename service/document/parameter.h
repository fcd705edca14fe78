/* The parameters of the service URL: names, bounds and checks, in one table. Pure. Read by route.c and by
 * what describes the service; callers have the indices. */
#ifndef MARQUEE_PARAMETER_H
#define MARQUEE_PARAMETER_H

#include "document_request.h"
#include "translators/base/strings.h"

#define FOR_DOCUMENTS 1u /* of artists, venues and events */
#define FOR_SEARCHES  2u
#define FOR_PAGES     4u /* of a tour */
#define FOR_FILES     8u /* pages by arguments, which have no path to hold an id */

struct parameter {
    const char *name;
    size_t max_bytes; /* decoded */
    unsigned where;   /* FOR_DOCUMENTS and others: elsewhere it is unknown */
    bool required;
    /* Takes a decoded value without control characters, NUL-terminated. False: *ret_why is the fault,
     * STRING_NONE for an unknown format, language or id. `again`: the parameter was given before, and the
     * value must be the same. */
    bool (*take)(struct document_request *request, char *value, size_t len, bool again,
                 enum string_id *ret_why);
    unsigned max;        /* a number from 1 to this; 0: it is a text */
    const char *choices; /* all values that it may have, separated by blanks; NULL: by its kind */
    const char *help;    /* a sentence for descriptions of the service (describe.h) */
};

extern const struct parameter parameters[PARAMETERS];

#endif
