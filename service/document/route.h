/* URL -> what is asked for: resource, checked parameters, canonical key. The parameter table lives in
 * parameter.c; every fault is found at once. Pure. */
#ifndef MARQUEE_ROUTE_H
#define MARQUEE_ROUTE_H

#include <stdbool.h>
#include <stddef.h>

#include "document_request.h"
#include "translators/base/problem.h"

#define ROUTE_MAX_FAULTS 16

struct route_fault {
    enum parameter_index index; /* PARAMETERS: it is none */
    const char *name;           /* as it was given; static, or one of route_parse_arguments()'s arguments */
    char reason[240];           /* a sentence */
};

enum route_target {
    ROUTE_DOCUMENT,
    ROUTE_HOME,
    ROUTE_ROBOTS,
    ROUTE_FAVICON,
    ROUTE_PROBLEMS,
    ROUTE_STATIC,
    ROUTE_MOVED,
    ROUTE_OPENAPI, /* the description for programs, and the one for language models */
    ROUTE_LLMS,
    ROUTE_PROBLEM
};

struct route_result {
    enum route_target target;
    enum problem_kind problem; /* with ROUTE_PROBLEM */
    char detail[256];          /* with ROUTE_PROBLEM */
    size_t n_faults;           /* with PROBLEM_PARAMETERS */
    struct route_fault faults[ROUTE_MAX_FAULTS];
    bool is_page;       /* of a tour, on whatever host: a problem is said on a page, too */
    bool is_configured; /* a tour that the operator set up, which needs no leave */
    char location[640]; /* with ROUTE_MOVED: relative to what was asked for, or an address of ours */
    struct document_request document; /* with ROUTE_DOCUMENT */
};

/* The path of a document may say the format: calendars and caches in front of the service go by the ending. A
 * format that contradicts it is a fault. The list ends with NULL. */
struct route_ending {
    const char *ending; /* with its dot */
    const struct format *format;
};

extern const struct route_ending route_endings[];

/* `target` is path and query as they stood in the request line. Fills only what the outcome needs: the struct
 * is large, and a warm request must not pay for it. */
void route_parse(const char *target, size_t len, struct route_result *ret);

/* The same checks for what was given in another way than as a URL, value by value. What a request is being
 * made of:
 *
 *     struct route_parse parse;
 *     if (route_begin(&parse, translator, subject, &result)) {
 *         route_take(&parse, PARAMETER_ID, "7"); // for each value
 *         route_end(&parse);
 *     } */
struct route_parse {
    struct route_result *result;
    const struct strings *strings; /* the language of faults; at first the program's */
    bool seen[PARAMETERS], faulty[PARAMETERS];
    bool is_strict;              /* what is no parameter is a fault */
    const struct format *ending; /* the path ends in its name: ".ics"; NULL: the path says no format */
};

/* False: the provider has no such documents, and *ret says so. `ret` is borrowed until route_end(). */
bool route_begin(struct route_parse *parse, const struct translator *translator, enum subject subject,
                 struct route_result *ret);

/* The same for the page with all dates of a tour. */
bool route_begin_page(struct route_parse *parse, const struct translator *translator, enum subject subject,
                      struct route_result *ret);

/* A value as it stands, not encoded. A fault of it is in the result afterwards. */
void route_take(struct route_parse *parse, enum parameter_index index, const char *value);

/* Fills the request's key, or the result's problem. */
void route_end(struct route_parse *parse);

/* The same for `marquee get PROVIDER RESOURCE name=value …`: arguments instead of a query. What is no
 * parameter is a fault here: it is a typing error, not a tracking parameter. */
void route_parse_arguments(const char *provider, const char *resource, char *const *arguments, size_t n,
                           struct route_result *ret);

/* The same for `marquee pages`: the request is for the page with all dates. */
void route_parse_page_arguments(const char *provider, const char *resource, char *const *arguments, size_t n,
                                struct route_result *ret);

#endif
