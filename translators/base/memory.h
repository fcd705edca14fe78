/* Memory for what a document is made of. Where there is none left, a thread that has put some by goes on
 * with that for the moment, and finds out with memory_ran_out(), so that it can give up what it is at. On any
 * other thread, and where what was put by is not enough, the program ends (must.h).
 *
 * Nearly all work on a document allocates or appends to buffers. So this counts what a thread has done, too,
 * in steps of about 0.4 us, and calls back after each quantum of them, so that the thread can let others in.
 * memory_new(), memory_free(), arenas, buffers and memory_step() count; memory_new_zeroed() and
 * memory_resize() do not. No step is made under a lock that a front thread takes. */
#ifndef MARQUEE_MEMORY_H
#define MARQUEE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#include "must.h"

/* For memory_step() alone. */
extern _Thread_local struct memory_quantum {
    unsigned left; /* 0: the thread has no quantum */
    unsigned steps;
    void (*on_end)(void);
} memory_quantum;
void memory_end_quantum(void);

/* malloc(), calloc() and realloc() that do not return NULL. For free(). */
void *memory_new(size_t size);
void *memory_new_zeroed(size_t n, size_t size);
void *memory_resize(void *memory, size_t size);

/* free(), counted as a step: for jansson, which frees a value piece by piece. */
void memory_free(void *memory);

/* The value of an expression that is NULL or false when a library has no memory: it is evaluated once more
 * then. */
#define memory_try(expression)                              \
    ({                                                      \
        __typeof__(expression) memory_value = (expression); \
        if (!memory_value && memory_give_back())            \
            memory_value = (expression);                    \
        must(memory_value);                                 \
    })

/* Gives back what the calling thread has put by, because it is needed. False: nothing was. */
bool memory_give_back(void);

/* Puts so many bytes by for the calling thread, if it has none. False: not now. */
bool memory_put_by(size_t bytes);

/* Gives back what the calling thread has put by. At its end. */
void memory_let_go(void);

/* From now on the calling thread calls `on_end` each time it has done so many steps, 1 or more: in the middle
 * of an allocation, or of a library that makes one. `on_end` may allocate. A thread begins without a quantum:
 * nothing is called. */
void memory_set_quantum(unsigned steps, void (*on_end)(void));

/* The calling thread has done so many steps: for what takes longer than its allocations tell. */
static inline void memory_step(unsigned steps)
{
    if (memory_quantum.left > steps)
        memory_quantum.left -= steps;
    else if (memory_quantum.left > 0)
        memory_end_quantum();
}

/* Did the calling thread need what it had put by, since it asked this last? */
bool memory_ran_out(void);

#endif
