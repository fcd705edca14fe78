/* Growth and the maximum of a buffer. Not for text that needs escaping: the formats do that. */
#include "buffer.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "must.h"

#define FIRST_CAPACITY 256

/* Makes room for `len` more bytes and a NUL. False when that would pass the maximum; then and ever after
 * nothing is taken, lest the content have a hole in it. */
static bool buffer_reserve(struct buffer *buffer, size_t len)
{
    memory_step(1);
    if (buffer->overflowed || len > buffer->max - buffer->len) {
        buffer->overflowed = true;
        return false;
    }
    must(len != SIZE_MAX - buffer->len);
    size_t needed = buffer->len + len + 1;
    if (needed <= buffer->capacity)
        return true;
    size_t capacity = buffer->capacity == 0 ? FIRST_CAPACITY : buffer->capacity;
    while (capacity < needed)
        capacity = capacity > SIZE_MAX / 2 ? needed : capacity * 2;
    char *bytes = memory_resize(buffer->bytes, capacity);
    buffer->bytes = bytes;
    buffer->capacity = capacity;
    return true;
}

void buffer_append(struct buffer *buffer, const char *bytes, size_t len)
{
    if (!buffer_reserve(buffer, len))
        return;
    if (len > 0)
        memcpy(buffer->bytes + buffer->len, bytes, len);
    buffer->len += len;
    buffer->bytes[buffer->len] = '\0';
}

void buffer_puts(struct buffer *buffer, const char *text)
{
    buffer_append(buffer, text, strlen(text));
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    must(len >= 0);
    if (buffer_reserve(buffer, (size_t)len)) {
        vsnprintf(buffer->bytes + buffer->len, (size_t)len + 1, format, again);
        buffer->len += (size_t)len;
    }
    va_end(again);
}

void buffer_done(struct buffer *buffer)
{
    free(buffer->bytes);
    *buffer = BUFFER_INIT(buffer->max);
}
