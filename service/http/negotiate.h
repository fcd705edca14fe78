/* What a client's header fields ask for: content encodings and conditions. Pure. */
#ifndef MARQUEE_NEGOTIATE_H
#define MARQUEE_NEGOTIATE_H

#include <stdbool.h>

#include "request.h"
#include "service/document/representation.h"

/* The best encoding of those a representation has, by Accept-Encoding (RFC 9110 section 12.5.3). Ties go to
 * br, then gzip. Identity when the field is not there, and as a last resort even where it was excluded: a
 * document that came out no smaller is better than none. */
enum encoding negotiate_encoding(struct slice accept_encoding, const struct representation *representation);

/* As in Content-Encoding; NULL for identity. Static. */
const char *encoding_name(enum encoding encoding);

/* Does If-None-Match name the entity tag `etag` (with its quotes)? Weak comparison, lists and * (RFC 9110
 * section 13.1.2). A malformed field names nothing from there on. */
bool negotiate_none_match(struct slice if_none_match, const char *etag, size_t etag_len);

#endif
