/* What happens when memory runs out (promise 13: an allocation may fail once). Inputs are bounded, so it does
 * not happen for what a client or an upstream sends; and a document that silently lacks what there was no
 * memory for would be worse than none.
 *
 * On the back thread and those of its task pool: what documents are made of (translators/base/memory.h),
 * jansson and the handles of libcurl. The thread goes on with memory that it has put by. The document that it
 * was at ends with 503, or with its last good copy, marked. The next turn or task puts memory by again.
 *
 * When nothing is put by, on all other threads, and for every other allocation of our own: the program ends
 * with one line (must.h). It has nothing to give up, and whoever started it starts it again.
 *
 * In libraries: in libcurl a transfer fails. libmemcached has an allocator of ours that ends the program with
 * one line. libh2o, OpenSSL, libical, zlib and Brotli end the program, or do not look.
 *
 * tests/unit/torture/ has each allocation fail in turn. */
#ifndef MARQUEE_EXHAUSTION_H
#define MARQUEE_EXHAUSTION_H

#include <stddef.h>

/* What each of these threads puts by: as much as the largest single piece that it asks for (max_answer_bytes
 * twice, by the defaults). It is not touched, so that it costs address space alone. */
#define EXHAUSTION_RESERVE_BYTES ((size_t)32 << 20)

/* Holds jansson to that too, which by itself leaves things out. Main thread, before the first JSON. */
void exhaustion_holds_for_jansson(void);

#endif
