/* The last step of a document: a finished plan -> rendered, compressed bytes that a cache can hold. Pure;
 * time is an argument. */
#ifndef MARQUEE_RENDER_H
#define MARQUEE_RENDER_H

#include <stdint.h>

#include "cache/value.h"
#include "service/document/representation.h"
#include "service/document/route.h"

struct config;
struct plan;

/* New value: the document of a plan that is DONE, or the sentence why it cannot be had in the request's
 * format (status PROBLEM_UNPROCESSABLE). `previous` (may be NULL) is the one it takes the place of. NULL: it
 * would pass max_document_bytes. */
struct cache_value *render_document(const struct config *config, const struct document_request *request,
                                    const struct plan *plan, const struct cache_value *previous,
                                    const struct representation_times *times);

/* New value: the sentence why there is no such document (status PROBLEM_NOT_FOUND). */
struct cache_value *render_absence(const struct config *config, const char *why, int64_t now_s);

#endif
