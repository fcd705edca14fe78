/* A growing run of bytes, born with its maximum. Rendering writes into it; what would pass the maximum is
 * dropped and remembered, so that writers need not check every append. */
#ifndef MARQUEE_BUFFER_H
#define MARQUEE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

struct buffer {
    char *bytes; /* owned; NUL-terminated once something was appended; NULL before */
    size_t len, capacity, max;
    bool overflowed; /* something was dropped: the content is not to be used */
};

#define BUFFER_INIT(max_bytes) ((struct buffer){.max = (max_bytes)})

/* Aborts when memory runs out, as arena_alloc() does. */
void buffer_append(struct buffer *buffer, const char *bytes, size_t len);
void buffer_puts(struct buffer *buffer, const char *text);
void buffer_printf(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Frees the bytes and makes the buffer empty; its maximum stays. */
void buffer_done(struct buffer *buffer);

#endif
