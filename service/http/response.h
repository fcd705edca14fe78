/* An answer to a client as plain data: what respond.c and problem_answer.c make and exchange.c writes; and
 * how one is put together without allocating. */
#ifndef MARQUEE_RESPONSE_H
#define MARQUEE_RESPONSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cache/value.h"

#define RESPONSE_MAX_HEADERS   24
#define RESPONSE_SCRATCH_BYTES 1024

/* The fields that responses have. */
enum response_field {
    FIELD_ACCESS_CONTROL_ALLOW_HEADERS,
    FIELD_ACCESS_CONTROL_ALLOW_METHODS,
    FIELD_ACCESS_CONTROL_ALLOW_ORIGIN,
    FIELD_ACCESS_CONTROL_EXPOSE_HEADERS,
    FIELD_ACCESS_CONTROL_MAX_AGE,
    FIELD_AGE,
    FIELD_ALLOW,
    FIELD_CACHE_CONTROL,
    FIELD_CACHE_STATUS,
    FIELD_CONTENT_ENCODING,
    FIELD_CONTENT_SECURITY_POLICY,
    FIELD_CONTENT_TYPE,
    FIELD_CROSS_ORIGIN_RESOURCE_POLICY,
    FIELD_ETAG,
    FIELD_LAST_MODIFIED,
    FIELD_LOCATION,
    FIELD_PROXY_STATUS,
    FIELD_RATELIMIT,
    FIELD_RATELIMIT_POLICY,
    FIELD_REFERRER_POLICY,
    FIELD_RETRY_AFTER,
    FIELD_SERVER_TIMING,
    FIELD_STRICT_TRANSPORT_SECURITY,
    FIELD_TIMING_ALLOW_ORIGIN,
    FIELD_VARY,
    FIELD_WWW_AUTHENTICATE,
    FIELD_X_CONTENT_TYPE_OPTIONS,
    FIELD_X_ROBOTS_TAG,
    FIELDS
};

/* In lower case, as HTTP/2 wants it; static. */
const char *response_field_name(enum response_field field);

struct response_header {
    enum response_field field;
    const char *value; /* static, in scratch, in `owned`, or in what `hold` keeps */
    size_t value_len;
};

struct response {
    int status;
    struct response_header headers[RESPONSE_MAX_HEADERS];
    size_t n_headers;
    const uint8_t *body;      /* in what `hold` keeps, static, or in `owned` */
    size_t body_len;          /* also of a HEAD, whose body is not written */
    struct cache_value *hold; /* one reference; NULL: nothing to keep */
    char *owned;              /* malloc()ed; freed with the response; may be NULL */
    size_t scratch_len;
    char scratch[RESPONSE_SCRATCH_BYTES];
};

/* Makes it empty. The struct is large and not cleared. */
void response_begin(struct response *response, int status);

/* Frees what a response holds. exchange_reply() does it. */
void response_done(struct response *response);

/* Adds a field whose value is borrowed: see struct response_header. Aborts past RESPONSE_MAX_HEADERS. */
void response_add(struct response *response, enum response_field field, const char *value, size_t value_len);
void response_add_text(struct response *response, enum response_field field,
                       const char *value); /* up to its NUL */

/* The fields every answer has: nosniff, and Strict-Transport-Security over HTTPS. */
void response_add_common(struct response *response, bool https);

/* A value written piece by piece into scratch:
 *     char *value = response_open(response);
 *     response_put(response, "max-age="); response_put_number(response, 60);
 *     response_close(response, FIELD_CACHE_CONTROL, value);
 * Aborts past RESPONSE_SCRATCH_BYTES: every piece is bounded by its writer. */
char *response_open(struct response *response);
void response_put(struct response *response, const char *text);
void response_put_bytes(struct response *response, const char *bytes, size_t len);
void response_put_number(struct response *response, int64_t number);
void response_put_date(struct response *response, int64_t time_s); /* RFC 9110 section 5.6.7 */
void response_close(struct response *response, enum response_field field, const char *value);

/* Writes a path and query as a URI may have them (RFC 3986 section 3.3): what is not allowed there, raw UTF-8
 * as much as what is none, is percent-encoded; what is encoded already stays. `ret_uri` has room for three
 * times `len`; no NUL. Returns the length. */
size_t response_write_uri(const char *target, size_t len, char *ret_uri);

#endif
