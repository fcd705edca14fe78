/* The bump allocator behind one run of a plan. Not for anything that outlives the run, and not for single
 * pieces to be given back. */
#include "arena.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "must.h"

/* Holds most documents in one piece. */
#define CHUNK_BYTES (64 * 1024)

struct chunk {
    struct chunk *next; /* the one filled before */
    size_t size, used;  /* of `bytes` */
    _Alignas(max_align_t) char bytes[];
};

struct arena {
    struct chunk *chunks; /* the one being filled first; never NULL */
    size_t max_bytes, handed_out;
};

static struct chunk *chunk_new(size_t size, struct chunk *next)
{
    must(size <= SIZE_MAX - sizeof(struct chunk));
    struct chunk *chunk = memory_new(sizeof(*chunk) + size);
    *chunk = (struct chunk){.next = next, .size = size};
    return chunk;
}

/* Frees `chunk` and all filled before it, up to and without `last`. */
static void chunks_free(struct chunk *chunk, const struct chunk *last)
{
    while (chunk != last) {
        struct chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
}

struct arena *arena_new(size_t max_bytes)
{
    struct arena *arena = memory_new(sizeof(*arena));
    *arena = (struct arena){.chunks = chunk_new(CHUNK_BYTES, NULL), .max_bytes = max_bytes};
    return arena;
}

void arena_free(struct arena *arena)
{
    if (arena == NULL)
        return;
    chunks_free(arena->chunks, NULL);
    free(arena);
}

void arena_reset(struct arena *arena)
{
    /* The first chunk is the last of the list: it stays for the next run. */
    struct chunk *first = arena->chunks;
    while (first->next != NULL)
        first = first->next;
    chunks_free(arena->chunks, first);
    first->used = 0;
    arena->chunks = first;
    arena->handed_out = 0;
}

void *arena_alloc(struct arena *arena, size_t bytes)
{
    const size_t align = _Alignof(max_align_t);
    must(bytes <= SIZE_MAX - align - arena->handed_out);
    memory_step(1);
    /* Nothing asked for is still a pointer of its own. */
    size_t rounded = bytes == 0 ? align : (bytes + align - 1) / align * align;
    if (rounded > arena->chunks->size - arena->chunks->used)
        arena->chunks = chunk_new(rounded > CHUNK_BYTES ? rounded : CHUNK_BYTES, arena->chunks);
    char *piece = arena->chunks->bytes + arena->chunks->used;
    arena->chunks->used += rounded;
    arena->handed_out += bytes;
    return memset(piece, 0, rounded);
}

char *arena_strndup(struct arena *arena, const char *text, size_t len)
{
    must(len != SIZE_MAX);
    char *copy = arena_alloc(arena, len + 1);
    if (len > 0)
        memcpy(copy, text, len);
    return copy;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    must(len >= 0);
    char *text = arena_alloc(arena, (size_t)len + 1);
    vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    return text;
}

bool arena_exceeded(const struct arena *arena)
{
    return arena->handed_out > arena->max_bytes;
}
