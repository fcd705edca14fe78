/* Documents, pages and plain answers -> status, header fields, body. Pure: time and request are arguments.
 * Problems are in problem_answer.h, and a document that cannot be given out becomes one.
 *
 * Each function fills a response that the caller hands to exchange_reply() (or to response_done()). */
#ifndef MARQUEE_RESPOND_H
#define MARQUEE_RESPOND_H

#include <stddef.h>

#include "client_budget.h"
#include "request.h"
#include "response.h"
#include "service/document/outcome.h"
#include "service/document/representation.h"

/* 200, or 304 when If-None-Match names the document, or 422 when it is the sentence why a format is
 * impossible. `document` is a representation; a reference of it is taken; one that is damaged is a 500.
 * `outcome` is NULL for a hit of this thread. */
void respond_document(const struct request *request, struct cache_value *document,
                      const struct outcome *outcome, struct response *ret);

/* Adds the ETag of `text`, which is made for this request and is sent in `encoding`. True: If-None-Match
 * names it, and the response has become a 304 that is to get no body. */
bool respond_validate(const struct request *request, const char *text, size_t len, enum encoding encoding,
                      struct response *ret);

/* RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers-11), added to an answer to cold work.
 * Nothing where there is no policy. */
void respond_rate_limit(const struct client_budget_grant *grant, struct response *ret);

void respond_options(const struct request *request,
                     struct response *ret); /* OPTIONS: 204; CORS fields for a preflight alone */
void respond_text(const struct request *request, int status, const char *media_type, const char *text,
                  size_t len, struct response *ret); /* copies `text`; no-store */

/* A page compiled in: `body` is static. It may be kept for an hour. `csp` (static) is its policy. */
void respond_page(const struct request *request, const char *media_type, const char *csp, const char *body,
                  size_t len, struct response *ret);

/* 308 to `base` (an origin without a slash at its end) and the request's own path and query, as
 * response_write_uri() puts them. */
void respond_redirect(const struct request *request, const char *base, size_t base_len, struct response *ret);

#endif
