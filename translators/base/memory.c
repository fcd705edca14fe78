/* Allocating with something put by. */
#include "memory.h"

#include <stdlib.h>

/* Allocators get no argument, so that what a thread has put by is found by the thread. */
static _Thread_local struct {
    void *bytes;
    bool is_needed;
} put_by;

_Thread_local struct memory_quantum memory_quantum;

void memory_set_quantum(unsigned steps, void (*on_end)(void))
{
    must(steps > 0 && on_end != NULL);
    memory_quantum = (struct memory_quantum){.left = steps, .steps = steps, .on_end = on_end};
}

void memory_end_quantum(void)
{
    memory_quantum.left = memory_quantum.steps;
    memory_quantum.on_end();
}

bool memory_give_back(void)
{
    if (put_by.bytes == NULL)
        return false;
    memory_let_go();
    put_by.is_needed = true;
    return true;
}

void *memory_new(size_t size)
{
    memory_step(1);
    return memory_try(malloc(size));
}

void *memory_new_zeroed(size_t n, size_t size)
{
    return memory_try(calloc(n, size));
}

void *memory_resize(void *memory, size_t size)
{
    return memory_try(realloc(memory, size));
}

void memory_free(void *memory)
{
    memory_step(1);
    free(memory);
}

bool memory_put_by(size_t bytes)
{
    if (put_by.bytes == NULL)
        put_by.bytes = malloc(bytes);
    return put_by.bytes != NULL;
}

void memory_let_go(void)
{
    free(put_by.bytes);
    put_by.bytes = NULL;
}

bool memory_ran_out(void)
{
    bool was_needed = put_by.is_needed;
    put_by.is_needed = false;
    return was_needed;
}
