/* What raw targets meant when they were asked for last, so that a warm document costs no decoding, checking
 * and hashing again. It holds what a target alone says, and nothing that a configuration or the time decides.
 * Bounded; one thread's own. */
#ifndef MARQUEE_ROUTE_MEMO_H
#define MARQUEE_ROUTE_MEMO_H

#include <stddef.h>
#include <stdint.h>

#include "document_request.h"

#define ROUTE_MEMO_SLOTS     512
#define ROUTE_MEMO_MAX_BYTES 2048 /* of a target with its key; larger ones are not remembered */

struct route_memo;

struct route_known {
    const struct translator *translator;
    struct cache_key key; /* route_key() of the request; borrowed until the next route_memo_add() */
    uint64_t hash;        /* for cache_peek_again(), which fills it */
};

struct route_memo *route_memo_new(void);
void route_memo_free(struct route_memo *memo); /* NULL is a no-op */

/* Borrowed until the next route_memo_add(). NULL: not known. */
struct route_known *route_memo_find(struct route_memo *memo, const char *target, size_t len);

/* `target` is a request for this document. What was in its slot is forgotten. */
void route_memo_add(struct route_memo *memo, const char *target, size_t len,
                    const struct document_request *request);

#endif
