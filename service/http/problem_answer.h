/* Problems as answers: a kind of problem -> status, header fields, and a body that is problem+json (RFC
 * 9457), or a comment in the formats that are included in pages. problem_answer.c holds the one table of what
 * each kind looks like to a client. Not here: the page that the types lead to (home.h), and who decides that
 * there is a problem.
 *
 * Each problem_respond...() fills a response that the caller hands to exchange_reply() (or to
 * response_done()). The body is the response's own; of what it was made of only `format` must outlive the
 * call, and formats are static. Pure, so any thread may ask; without memory the program aborts. */
#ifndef MARQUEE_PROBLEM_ANSWER_H
#define MARQUEE_PROBLEM_ANSWER_H

#include "request.h"
#include "response.h"
#include "service/document/outcome.h"
#include "service/document/route.h"

/* A kind that this version does not know looks like PROBLEM_INTERNAL. Texts are static. */
int problem_status(enum problem_kind kind);
const char *problem_title(enum problem_kind kind, const struct strings *strings);
const char *problem_slug(enum problem_kind kind); /* "not-found": in types and Cache-Status */

/* A problem that no provider is concerned in. `detail` is for people; what does not fit struct outcome is cut
 * off. */
void problem_respond(const struct request *request, enum problem_kind kind, const char *detail,
                     struct response *ret);

/* An outcome without a document. `format` (may be NULL) decides the form: problem+json, or a comment for html
 * and js. `strings` is the language of the outcome's detail. */
void problem_respond_outcome(const struct request *request, const struct outcome *outcome,
                             const struct format *format, const struct strings *strings,
                             struct response *ret);

/* What route_parse() found wrong. */
void problem_respond_route(const struct request *request, const struct route_result *route,
                           struct response *ret);

/* What a guard found wrong (guard.h), or libh2o itself: 400, 405, 413, 414, 417, 431; or 503. */
void problem_respond_refusal(const struct request *request, int status, const char *detail,
                             struct response *ret);

/* Adds Proxy-Status (RFC 9209) of an upstream trouble, also to a document that is served in spite of it;
 * nothing for other kinds. `next_hop` may be NULL. */
void problem_add_proxy_status(enum problem_kind trouble, const char *next_hop, struct response *ret);

#endif
