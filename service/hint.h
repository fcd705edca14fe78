/* The memory of the last answer: which questions a document needed, kept beside it, so that the next time all
 * of them are asked in one round. Page counts and ids only, nothing that is shown. Back thread only. */
#ifndef MARQUEE_HINT_H
#define MARQUEE_HINT_H

#include <stdint.h>

#include "../cache/cache.h"
#include "route.h"

struct plan;

#define HINT_KEY_MAX_BYTES 256

/* The key of the hints for what a request asks upstream: formats, names and addresses make no difference. The
 * text is written into `text`. */
struct cache_key hint_cache_key(const struct document_request *request, char text[HINT_KEY_MAX_BYTES]);

/* Tells the plan what to expect. `hints` is borrowed; NULL or not understood: nothing. */
void hint_expect(struct plan *plan, const struct cache_value *hints);

/* Remembers what a finished plan used. */
void hint_remember(struct cache *cache, const struct document_request *request, const struct plan *plan,
                   unsigned keep_s, int64_t now_s);

#endif
