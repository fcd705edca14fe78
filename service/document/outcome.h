/* What came of one request for a document: a document or a problem, and how it was come by. Read on the
 * thread that answers the client, which need not be the one that made it. */
#ifndef MARQUEE_OUTCOME_H
#define MARQUEE_OUTCOME_H

#include <stdbool.h>
#include <stdint.h>

#include "cache/value.h"
#include "translators/base/problem.h"

enum outcome_source { OUTCOME_MEMORY, OUTCOME_MEMCACHED, OUTCOME_UPSTREAM, OUTCOME_STALE };

struct outcome {
    struct cache_value
        *document; /* a representation (representation.h), one reference; NULL: there is a problem */
    enum outcome_source source;
    enum problem_kind problem; /* with a document: the trouble it was served in spite of */
    char detail[256];          /* of the problem, for people; no secret in it */
    const char *provider;      /* name of the translator the problem comes from, static; NULL: from none */
    int64_t retry_after_s;     /* 0: not known */
    bool collapsed;            /* another request had already asked for the same document */
    unsigned rounds, upstream_requests;
    unsigned upstream_us; /* from the order to the last answer */
};

/* Fills document, problem and detail from a cached value: a representation, or the sentence why there is none
 * (value->status PROBLEM_NOT_FOUND). Takes a reference of its own. */
void outcome_read(struct outcome *outcome, struct cache_value *value);

/* Releases what the outcome holds; the struct itself is the owner's. */
void outcome_done(struct outcome *outcome);

#endif
