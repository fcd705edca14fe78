/* A finished document as one run of bytes that a cache can hold: the rendered text, its compressed encodings,
 * its validators. Opening one copies nothing. */
#ifndef MARQUEE_REPRESENTATION_H
#define MARQUEE_REPRESENTATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cache/value.h"

/* Part of the keys of documents: it changes with the layout of the bytes, so that instances of two versions
 * that share a memcached do not find what they cannot read. */
#define REPRESENTATION_LAYOUT "3"

enum encoding { ENCODING_IDENTITY, ENCODING_GZIP, ENCODING_BR, ENCODINGS };

/* What a page of a tour has beside its text. */
struct representation_page {
    const char *policy; /* its content security policy, at most REPRESENTATION_MAX_POLICY_BYTES */
    bool is_listed;     /* search engines may list it */
    bool is_foreign;    /* visitors see it on another host than ours */
};

#define REPRESENTATION_MAX_POLICY_BYTES 1024

struct representation {
    const char *media_type;          /* NUL-terminated */
    char etag[33];                   /* hex; the same for equal text. An encoding's ETag adds its name */
    int64_t modified_s;              /* when the text last changed */
    int64_t made_s;                  /* from when its age counts */
    bool incomplete;                 /* poorer than the upstream could have made it */
    bool unprocessable;              /* no document but the sentence why this format cannot hold it */
    struct representation_page page; /* its policy is NULL: it is no page */
    struct {
        const uint8_t *bytes; /* NULL: not stored, because it would not be smaller */
        size_t len;
    } body[ENCODINGS];
};

/* made_s is not after stored_s: what is put together of old answers is old (tally.h). */
struct representation_times {
    int64_t made_s, stored_s, fresh_until_s, keep_until_s;
};

/* New value (one reference): `text` and its encodings, compressed here. `previous` (may be NULL) is the value
 * this one takes the place of: where the text is the same its modified_s is kept. `status` goes into the
 * value. */
struct cache_value *representation_new(const char *media_type, const char *text, size_t len, bool incomplete,
                                       uint16_t status, const struct cache_value *previous,
                                       const struct representation_times *times);

/* The same of a page of a tour. */
struct cache_value *representation_new_page(const struct representation_page *page, const char *media_type,
                                            const char *text, size_t len, bool incomplete,
                                            const struct cache_value *previous,
                                            const struct representation_times *times);

/* The etag that `text` has in a representation, NUL-terminated, for what is made for one client. */
void representation_etag(const char *text, size_t len, char ret_etag[33]);

/* `text` as gzip, for what is made for one client. New bytes for free(); NULL: they would not be fewer. */
uint8_t *representation_gzip(const char *text, size_t len, size_t *ret_len);

/* Views into `value`, valid as long as a reference to it. False when the bytes are no representation. */
bool representation_open(const struct cache_value *value, struct representation *ret);

#endif
