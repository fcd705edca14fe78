/* An answer, complete and immutable once it is made; shared between threads by counted references. */
#ifndef SIMULATOR_REPLY_H
#define SIMULATOR_REPLY_H

#include <stdatomic.h>
#include <stddef.h>

#define REPLY_FIELD_BYTES 256

struct reply {
    atomic_uint refs;
    unsigned status;
    const char *content_type;            /* static; NULL: none is sent */
    const char *content_encoding;        /* static; NULL: none is sent */
    int max_age_s;                       /* -1: no Cache-Control */
    char location[REPLY_FIELD_BYTES];    /* "": none is sent */
    char retry_after[REPLY_FIELD_BYTES]; /* "": none is sent */
    char rate_left[24];                  /* Ticketmaster's count of requests left; "": none is sent */
    char rate_reset_ms[24];              /* and when it begins anew, Unix time in milliseconds */
    char *body;                          /* owned; never NULL */
    size_t len;
};

#define REPLY_JSON "application/json; charset=utf-8"

/* New: one reference, status and JSON body. Takes `body`, which comes from malloc. */
struct reply *reply_new(unsigned status, char *body, size_t len);
struct reply *reply_text(unsigned status, const char *body); /* the same of a copy */

struct reply *reply_ref(struct reply *reply); /* another reference to it */
void reply_unref(struct reply *reply);        /* NULL is a no-op */

#define REPLY_HEADERS_MAX 7

/* The header fields of an answer beyond status and length, for whoever writes it; borrowed. */
struct reply_header {
    const char *name, *value;
};

/* Fills `headers` and returns their number. `scratch` holds what has to be written first. */
size_t reply_headers(const struct reply *reply, struct reply_header headers[REPLY_HEADERS_MAX],
                     char scratch[64]);

/* malloc and friends that abort: the simulator's memory is bounded, and a test without it has no meaning. */
void *reply_alloc(size_t bytes);
char *reply_copy(const void *bytes, size_t len); /* NUL-terminated */

#endif
