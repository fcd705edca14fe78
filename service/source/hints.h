/* Hints: what outlives a document and makes the next one better. They lie in the cache under keys of their
 * own, and formats, names and addresses make no difference to them; but the addresses are the index of the
 * very pages. Back thread only.
 *
 *     questions   that it needed: the next time all of them are asked in one round
 *     days        that its events were on (translators/curate/history.h)
 *     revisions   when its events were first seen and last changed (translators/model/revisions.h)
 *     addresses   that its pages had (translators/pages/addresses.h): of pages alone, and kept by their job
 */
#ifndef MARQUEE_HINTS_H
#define MARQUEE_HINTS_H

#include <stdint.h>

#include "cache/cache.h"
#include "service/document/route.h"

struct document;
struct plan;

enum hint { HINT_QUESTIONS, HINT_DAYS, HINT_REVISIONS, HINT_ADDRESSES, HINT_KINDS };

/* Holds the longest query and all before it. */
#define HINTS_KEY_MAX_BYTES 1152

/* The key of a hint for what a request asks upstream. Its text is in `text`; that of the addresses is
 * borrowed from the request. */
struct cache_key hints_key(enum hint hint, const struct document_request *request,
                           char text[HINTS_KEY_MAX_BYTES]);

/* Tells the plan what to expect. `hints` is borrowed; NULL or not understood: nothing. */
void hints_expect(struct plan *plan, const struct cache_value *hints);

/* The text in the cached value of days or revisions, borrowed from it; NULL when it is none. */
const char *hints_text(const struct cache_value *value);

/* Keeps what a finished plan used: for `keep_s`, and no longer than the terms of any provider allow to keep
 * the answers that its paths were taken from. */
void hints_questions(struct cache *cache, const struct document_request *request, const struct plan *plan,
                     unsigned keep_s, int64_t now_s);

/* Keeps the days of the document's events. `history` is the one before; may be NULL. `is_unsure`, here and
 * below: the slow tier has not said whether it has one that knows more, and is not to lose that. */
void hints_days(struct cache *cache, const struct document_request *request, const struct document *document,
                const char *history, bool is_unsure, unsigned keep_s, int64_t now_s);

/* Gives the document's events the times that the memory of revisions knows, and keeps that memory. `found` is
 * what the slow tier had; may be NULL. What another job has kept since then wins, if that is
 * not unsure. */
void hints_revisions(struct cache *cache, const struct document_request *request,
                     const struct document *document, const struct cache_value *found, bool is_unsure,
                     int64_t now_s);

#endif
