/* Hints: what outlives a document and makes the next one better. One hint is the questions that it needed:
 * the next time all of them are asked in one round. The other is the days that its events were on
 * (translators/curate/history.h). Both lie in the cache under keys of their own; formats, names and addresses
 * make no difference to them. Back thread only. */
#ifndef MARQUEE_HINTS_H
#define MARQUEE_HINTS_H

#include <stdint.h>

#include "cache/cache.h"
#include "service/document/route.h"

struct document;
struct plan;

enum hint { HINT_QUESTIONS, HINT_DAYS, HINT_KINDS };

/* Holds the longest query and all before it. */
#define HINTS_KEY_MAX_BYTES 1152

/* The key of a hint for what a request asks upstream. The text is written into `text`. */
struct cache_key hints_key(enum hint hint, const struct document_request *request,
                           char text[HINTS_KEY_MAX_BYTES]);

/* Tells the plan what to expect. `hints` is borrowed; NULL or not understood: nothing. */
void hints_expect(struct plan *plan, const struct cache_value *hints);

/* The history in a cached value, borrowed from it; NULL when it is none. */
const char *hints_history(const struct cache_value *history);

/* Keeps what a finished plan used: for `keep_s`, and no longer than the terms of any provider allow to keep
 * the answers that its paths were taken from. */
void hints_questions(struct cache *cache, const struct document_request *request, const struct plan *plan,
                     unsigned keep_s, int64_t now_s);

/* Keeps the days of the document's events. `history` is the one before; may be NULL. */
void hints_days(struct cache *cache, const struct document_request *request, const struct document *document,
                const char *history, unsigned keep_s, int64_t now_s);

#endif
