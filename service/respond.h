/* A document or a problem -> status, header fields, body. The table from problem kind to status, title and
 * whether trying again helps lives in respond.c. Pure: time and request are arguments.
 *
 * Each function fills a response that the caller hands to exchange_reply() (or to response_done()). */
#ifndef MARQUEE_RESPOND_H
#define MARQUEE_RESPOND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "outcome.h"
#include "request.h"
#include "response.h"
#include "route.h"

/* 200, or 304 when If-None-Match names the document, or 422 when it is the sentence why a format is
 * impossible. `document` is a representation; a reference of it is taken. `outcome` is NULL for a hit of this
 * thread. */
void respond_document(const struct request *request, struct cache_value *document,
                      const struct outcome *outcome, struct response *ret);

/* An outcome without a document. `format` (may be NULL) decides the form: problem+json, or a comment for html
 * and js. */
void respond_outcome_problem(const struct request *request, const struct outcome *outcome,
                             const struct format *format, struct response *ret);

/* What route_parse() or a guard found wrong. */
void respond_route_problem(const struct request *request, const struct route_result *route,
                           struct response *ret);
void respond_problem(const struct request *request, enum problem_kind kind, const char *detail,
                     struct response *ret);

void respond_options(const struct request *request,
                     struct response *ret); /* CORS preflight and OPTIONS: 204 */
void respond_text(const struct request *request, int status, const char *media_type, const char *text,
                  size_t len, struct response *ret); /* copies `text`; no-store */

int problem_status(enum problem_kind kind);
const char *problem_title(enum problem_kind kind);

/* Frees what a response holds. exchange_reply() does it. */
void response_done(struct response *response);

#endif
