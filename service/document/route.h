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
    const char *name; /* of the parameter; static, or one of route_parse_arguments()'s arguments */
    char reason[240]; /* a sentence */
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

#endif
