/* Memory for what a document is made of. Where there is none left, a thread that has put some by goes on
 * with that for the moment, and finds out with memory_ran_out(), so that it can give up what it is at. On any
 * other thread, and where what was put by is not enough, the program ends (must.h). */
#ifndef MARQUEE_MEMORY_H
#define MARQUEE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#include "must.h"

/* malloc(), calloc() and realloc() that do not return NULL. For free(). */
void *memory_new(size_t size);
void *memory_new_zeroed(size_t n, size_t size);
void *memory_resize(void *memory, size_t size);

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

/* Did the calling thread need what it had put by, since it asked this last? */
bool memory_ran_out(void);

#endif
