/* One wish for a document, checked, as plain data, and the key that all wishes for the same document have.
 * What fills it: route.h. */
#ifndef MARQUEE_DOCUMENT_REQUEST_H
#define MARQUEE_DOCUMENT_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "cache/key.h"
#include "translators/ask/translator.h"
#include "translators/formats/format.h"
#include "translators/pages/pages.h"

#define ROUTE_ID_MAX_BYTES   128
#define ROUTE_NAME_MAX_CHARS 200
#define ROUTE_URL_MAX_BYTES  2048
#define ROUTE_PAGE_MAX_BYTES 270 /* ADDRESS_MAX_BYTES and "/date.ics" */
#define ROUTE_LIMIT_MAX      500

/* The parameters of the service URL; what they may hold: parameter.h. */
enum parameter_index {
    PARAMETER_ID,
    PARAMETER_Q,
    PARAMETER_NAME,
    PARAMETER_WEBURL,
    PARAMETER_EVENTURL,
    PARAMETER_PAGES,
    PARAMETER_IMAGE,
    PARAMETER_STYLE,
    PARAMETER_FORMAT,
    PARAMETER_LIMIT,
    PARAMETER_INDENT,
    PARAMETER_MARKUP,
    PARAMETER_CALENDAR,
    PARAMETER_LANG,
    PARAMETERS
};

/* One request for a document, checked. Holds copies of all it says: outlives the URL. */
struct document_request {
    const struct translator *translator;
    const struct route *route;
    const struct format *format;
    bool indent;
    enum markup markup;
    bool has_no_memory;              /* revisions are not asked for: of one document for a file */
    const struct strings *strings;   /* the language; NULL: not given, or English */
    const struct strings *reader;    /* the language of who looks at /, for what is shown there alone;
                                        NULL: the program's */
    bool calendar;                   /* subscribe links below the list */
    unsigned limit;                  /* 0: not given */
    char id[ROUTE_ID_MAX_BYTES + 1]; /* "" of a search */
    char query[ROUTE_NAME_MAX_CHARS * 4 + 1]; /* of a search: what for */
    char name[ROUTE_NAME_MAX_CHARS * 4 + 1];  /* "": not given */
    char weburl[ROUTE_URL_MAX_BYTES + 1];     /* "": not given */
    char eventurl[ROUTE_URL_MAX_BYTES + 1];   /* "": not given; never with `pages` */
    char pages[ROUTE_URL_MAX_BYTES + 1];      /* "": not given; without a slash at the end */
    char image[ROUTE_URL_MAX_BYTES + 1];      /* "": not given */
    char style[ROUTE_URL_MAX_BYTES + 1];      /* "": not given; of pages alone */
    char page[ROUTE_PAGE_MAX_BYTES + 1];      /* of pages: the path below the tour; "": all dates */
    size_t tour_key_len;                      /* of pages: so much of the key all pages of the tour share */
    size_t key_len;
    char key[CACHE_KEY_MAX_BYTES]; /* canonical text, not NUL-terminated */
};

/* The language in which problems with this request are said: of a page its own. Never NULL. */
const struct strings *route_problem_language(const struct document_request *request);

/* Appends the key of a request whose other members are filled: each that is not at its default, in one order,
 * so that requests for one document have one key. */
void route_build_key(struct document_request *request);

/* Is it a search for artists, /api/{provider}/search?q=...? */
bool route_is_search(const struct document_request *request);

/* Is it a page of a tour, /tour/{provider}/{id}/...? */
bool route_is_page(const struct document_request *request);

struct cache_key route_key(const struct document_request *request); /* borrowed view */

/* What one job makes at once: a document, or all pages of a tour; of these the key of their index too. */
struct cache_key route_job_key(const struct document_request *request); /* borrowed view */

#endif
