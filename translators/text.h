/* Text from outside -> text that may be published: the one place where names are repaired. */
#ifndef MARQUEE_TEXT_H
#define MARQUEE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Cleaned copy: invalid UTF-8 and lone surrogates (U+FFFD is dropped too), control characters and U+FEFF
 * removed; HTML entities decoded once and tags removed; runs of white space made one space; ends trimmed. A
 * result over `max_bytes` is cut at a character. NULL when nothing is left. */
const char *text_clean(struct arena *arena, const char *text, size_t len, size_t max_bytes);

/* True for well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates). */
bool text_is_utf8(const char *text, size_t len);

/* True for an absolute http or https URL with a host, without user info, spaces, control or non-ASCII
 * characters that a URL cannot hold, at most 2,048 bytes (RFC 3986). */
bool text_is_web_url(const char *url, size_t len);

/* `text` as one URL path part: lower case ASCII letters and digits joined by single hyphens, accents folded
 * where the letter has a plain base; "" when nothing is left. */
const char *text_slug(struct arena *arena, const char *text);

/* Case-insensitive equality of ASCII letters, byte equality of all else. */
bool text_equal_fold(const char *a, const char *b);

#endif
