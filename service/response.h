/* An answer to a client as plain data: what respond.c makes and front.c writes. */
#ifndef MARQUEE_RESPONSE_H
#define MARQUEE_RESPONSE_H

#include <stddef.h>
#include <stdint.h>

#include "../cache/value.h"

#define RESPONSE_MAX_HEADERS   24
#define RESPONSE_SCRATCH_BYTES 1024

struct response_header {
    const char *name;  /* lower case, static */
    const char *value; /* static, in scratch, or in what `hold` keeps */
    size_t value_len;
};

struct response {
    int status;
    struct response_header headers[RESPONSE_MAX_HEADERS];
    size_t n_headers;
    const uint8_t *body;      /* in what `hold` keeps, static, or in `owned` */
    size_t body_len;          /* also of a HEAD, whose body is not written */
    struct cache_value *hold; /* one reference; NULL: nothing to keep */
    char *owned;              /* malloc()ed body of a problem; freed with the response; may be NULL */
    size_t scratch_len;
    char scratch[RESPONSE_SCRATCH_BYTES];
};

#endif
