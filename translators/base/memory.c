/* Allocating with something put by. */
#include "memory.h"

#include <stdlib.h>

#include "must.h"

/* Allocators get no argument, so that what a thread has put by is found by the thread. */
static _Thread_local struct {
    void *bytes;
    bool is_needed;
} put_by;

/* True: some memory has become free. */
static bool give_back(void)
{
    if (put_by.bytes == NULL)
        return false;
    memory_let_go();
    put_by.is_needed = true;
    return true;
}

void *memory_new(size_t size)
{
    void *memory = malloc(size);
    if (memory == NULL && give_back())
        memory = malloc(size);
    return must(memory);
}

void *memory_resize(void *memory, size_t size)
{
    void *resized = realloc(memory, size);
    if (resized == NULL && give_back())
        resized = realloc(memory, size);
    return must(resized);
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
