/* Who may have which document: signed links, artists that are served and that are not, and the password of
 * the form. Pure: keys and time are arguments. Immutable after access_new(), so any thread may ask.
 *
 * A signature is HMAC-SHA256, its first 16 bytes as 32 hexadecimal digits, over the canonical text of the
 * request, a line feed, and the digits of `expires` ("" when the link never ends). The canonical text is what
 * the document is cached by: the same for all orders, aliases and spellings of parameters, and without those
 * that are not known. A signature of one page of a tour holds for all of its pages. */
#ifndef MARQUEE_ACCESS_H
#define MARQUEE_ACCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "request.h"
#include "service/document/document_request.h"

#define ACCESS_MAX_KEY_BYTES    256
#define ACCESS_MIN_KEY_BYTES    16
#define ACCESS_MAX_PATTERNS     256 /* of each list */
#define ACCESS_SIGNATURE_DIGITS 32

struct access;

struct access_options {
    const char *key, *next_key; /* secrets; NULL: links need no signature, or there is no second key */
    const char *artists;        /* words of provider/id, where a star is any characters; NULL: all */
    const char *deny;           /* the same, and host names of `pages`; NULL: none */
    const char *password;       /* secret, of the form; NULL: none */
};

/* New; copies what it needs. NULL: *ret_why (static) says what is wrong, and *ret_setting (static) with which
 * setting of [access]. */
struct access *access_new(const struct access_options *options, const char **ret_setting,
                          const char **ret_why);
void access_free(struct access *access); /* wipes the keys; NULL is a no-op */

/* What a link says of itself. */
struct access_claim {
    char signature[ACCESS_SIGNATURE_DIGITS + 1]; /* "": none, or none that can be right */
    int64_t expires_s;                           /* Unix time; 0: it never ends */
    bool is_malformed;                           /* sig or expires is given twice, or is none */
};

/* Reads `sig` and `expires` of the query of a target. */
void access_claim_read(struct slice target, struct access_claim *ret);

enum access_result {
    ACCESS_GRANTED,
    ACCESS_DENIED,   /* this artist, or these pages, whatever the link says */
    ACCESS_UNSIGNED, /* a signature is needed, and there is none */
    ACCESS_CHANGED,  /* the signature is of another link */
    ACCESS_EXPIRED
};

/* May this document be had by a link that claims this? `access` may be NULL: all may be had. */
enum access_result access_check(const struct access *access, const struct document_request *request,
                                const struct access_claim *claim, int64_t now_s);

/* The same for whoever may use the form: without a signature. */
enum access_result access_check_form(const struct access *access, const struct document_request *request);

/* The same for a tour that the operator has set up: neither signature nor list, only what is denied. */
enum access_result access_check_configured(const struct access *access,
                                           const struct document_request *request);

/* Do links need a signature? */
bool access_signs(const struct access *access);

/* The signature of a link with this path and query that ends at `expires_s` (0: never). Only where
 * access_signs(). False: it is no document's. */
bool access_sign_target(const struct access *access, const char *target, size_t len, int64_t expires_s,
                        char ret_signature[ACCESS_SIGNATURE_DIGITS + 1]);

/* Is the field Authorization that of the form's password (RFC 7617, any name)? True where there is none. */
bool access_admits_form(const struct access *access, struct slice authorization);

#endif
