/* What happens when memory runs out (promise 13: an allocation may fail once). Inputs are bounded, so it does
 * not happen for what a client or an upstream sends; and a document that silently lacks what there was no
 * memory for would be worse than none.
 *
 *     where                                                  what happens
 *     jansson, arenas and buffers on the back thread         the thread goes on with memory that it has put
 * by (translators/base/memory.h); the document that it was at ends with 503, or with its last good copy,
 * marked; the next turn of the thread puts memory by again the same when nothing is put by, on other threads,
 * the program ends with one line (must.h): it has nothing to and every other allocation of our own give up,
 * and whoever started it starts it again libcurl                                                a transfer
 * fails; what sets one up ends the program libh2o, OpenSSL, libical, zlib, Brotli, uthash         they end
 * the program, or do not look libmemcached                                           the program ends with
 * one line (memcached_wire.c)
 *
 * tests/unit/torture/ has each allocation fail in turn. */
#ifndef MARQUEE_EXHAUSTION_H
#define MARQUEE_EXHAUSTION_H

#include <stddef.h>

/* What the back thread puts by: as much as the largest single piece that it asks for (max_answer_bytes twice,
 * by the defaults). It is not touched, so that it costs address space alone. */
#define EXHAUSTION_RESERVE_BYTES ((size_t)32 << 20)

/* Holds jansson to that too, which by itself leaves things out. Main thread, before the first JSON. */
void exhaustion_holds_for_jansson(void);

#endif
