/* Allocating with something put by. */
#include "memory.h"

#include <stdlib.h>

/* Allocators get no argument, so that what a thread has put by is found by the thread. */
static _Thread_local struct {
    void *bytes;
    bool is_needed;
} put_by;

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
