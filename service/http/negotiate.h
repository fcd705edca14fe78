/* What a client's header fields ask for: content encodings, languages and conditions. Pure. */
#ifndef MARQUEE_NEGOTIATE_H
#define MARQUEE_NEGOTIATE_H

#include <stdbool.h>

#include "request.h"
#include "service/document/representation.h"
#include "translators/base/strings.h"

/* The best encoding of those a representation has, by Accept-Encoding (RFC 9110 section 12.5.3). Ties go to
 * br, then gzip. Identity when the field is not there, and as a last resort even where it was excluded: a
 * document that came out no smaller is better than none. */
enum encoding negotiate_encoding(struct slice accept_encoding, const struct representation *representation);

/* The language of the page at / by Accept-Language (RFC 9110 section 12.5.4, the lookup of RFC 4647 section
 * 3.4): the best liked range that begins with a language of ours, so that "de-AT" is German. Of equal ones
 * the first. The program's where the field is not
 * there or names none of ours; what is malformed names none. */
const struct strings *negotiate_language(struct slice accept_language);

/* As in Content-Encoding; NULL for identity. Static. */
const char *encoding_name(enum encoding encoding);

/* Does If-None-Match name the entity tag `etag` (with its quotes)? Weak comparison, lists and * (RFC 9110
 * section 13.1.2). A malformed field names nothing from there on. */
bool negotiate_none_match(struct slice if_none_match, const char *etag, size_t etag_len);

#endif
