/* URL -> what is asked for: resource, checked parameters, canonical key. The parameter table lives in
 * parameter.c; every fault is found at once. Pure. */
#ifndef MARQUEE_ROUTE_H
#define MARQUEE_ROUTE_H

#include <stdbool.h>
#include <stddef.h>

#include "cache/key.h"
#include "translators/ask/translator.h"
#include "translators/base/problem.h"
#include "translators/formats/format.h"

#define ROUTE_MAX_FAULTS     16
#define ROUTE_ID_MAX_BYTES   128
#define ROUTE_NAME_MAX_CHARS 200
#define ROUTE_URL_MAX_BYTES  2048
#define ROUTE_LIMIT_MAX      500

struct route_fault {
    const char *name; /* of the parameter; static, or one of route_parse_arguments()'s arguments */
    char reason[240]; /* a sentence */
};

/* One request for a document, checked. Holds copies of all it says: outlives the URL. */
struct document_request {
    const struct translator *translator;
    const struct route *route;
    const struct format *format;
    bool indent;
    enum markup markup;
    unsigned limit;                           /* 0: not given */
    char id[ROUTE_ID_MAX_BYTES + 1];          /* "" of a search */
    char query[ROUTE_NAME_MAX_CHARS * 4 + 1]; /* of a search: what for */
    char name[ROUTE_NAME_MAX_CHARS * 4 + 1];  /* "": not given */
    char weburl[ROUTE_URL_MAX_BYTES + 1];     /* "": not given */
    char eventurl[ROUTE_URL_MAX_BYTES + 1];   /* "": not given */
    size_t key_len;
    char key[CACHE_KEY_MAX_BYTES]; /* canonical text, not NUL-terminated */
};

enum route_target {
    ROUTE_DOCUMENT,
    ROUTE_HOME,
    ROUTE_ROBOTS,
    ROUTE_FAVICON,
    ROUTE_PROBLEMS,
    ROUTE_STATIC,
    ROUTE_PROBLEM
};

struct route_result {
    enum route_target target;
    enum problem_kind problem; /* with ROUTE_PROBLEM */
    char detail[256];          /* with ROUTE_PROBLEM */
    size_t n_faults;           /* with PROBLEM_PARAMETERS */
    struct route_fault faults[ROUTE_MAX_FAULTS];
    struct document_request document; /* with ROUTE_DOCUMENT */
};

/* `target` is path and query as they stood in the request line. Fills only what the outcome needs: the struct
 * is large, and a warm request must not pay for it. */
void route_parse(const char *target, size_t len, struct route_result *ret);

/* The same checks for `marquee get PROVIDER RESOURCE name=value …`: arguments instead of a query. What is no
 * parameter is a fault here: it is a typing error, not a tracking parameter. */
void route_parse_arguments(const char *provider, const char *resource, char *const *arguments, size_t n,
                           struct route_result *ret);

/* Appends the key of a request whose other members are filled: each that is not at its default, in one order,
 * so that requests for one document have one key. */
void route_build_key(struct document_request *request);

/* Is it a search for artists, /api/{provider}/search?q=...? */
bool route_is_search(const struct document_request *request);

struct cache_key route_key(const struct document_request *request); /* borrowed view */

#endif
