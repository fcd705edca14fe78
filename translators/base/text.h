/* Text from outside -> text that may be published: the one place where names are repaired. */
#ifndef MARQUEE_TEXT_H
#define MARQUEE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* Cleaned copy. Removed: invalid UTF-8 and surrogates, U+FFFD, noncharacters, control characters, marks that
 * turn the direction of text, U+FEFF, U+200B and U+2060; HTML tags, where `<` and a letter, `/` or `!` begin
 * and a `>` ends one. HTML entities are decoded once, after that: "&lt;b&gt;" becomes the text "<b>". Runs of
 * white space become one space, ends are trimmed. A result over `max_bytes` is cut at a character. NULL when
 * nothing is left. */
const char *text_clean(struct arena *arena, const char *text, size_t len, size_t max_bytes);

/* The first character of `text` as UTF-8 (RFC 3629): its 1 to 4 bytes, or 0 when they are ill-formed or `len`
 * is 0; then *ret_code_point is untouched. */
size_t text_decode(const char *text, size_t len, uint32_t *ret_code_point);

/* True for well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates). */
bool text_is_utf8(const char *text, size_t len);

/* True when every byte is a visible ASCII character: "!" to "~". Eight bytes at a time. */
bool text_is_visible(const char *text, size_t len);
bool text_is_printable(const char *text, size_t len); /* the same, and the space */

/* The value of a hexadecimal digit in either case; -1: it is none. */
int text_hex_value(char c);

/* A byte as URLs write it (RFC 3986 section 2.1): "%C3". No NUL. */
void text_write_percent(unsigned char byte, char ret[3]);

/* `n` bytes as 2 * `n` digits in lower case. No NUL. */
void text_write_hex(const unsigned char *bytes, size_t n, char *ret);

#define TEXT_MAX_DIGITS 18

/* True for 1 to TEXT_MAX_DIGITS digits, the first of them no 0: a number that is an id has one form, for an
 * upstream answers to 007 as well, and the thing in its answer would be taken for another. */
bool text_is_number(const char *text);

/* True for an absolute http or https URL of RFC 3986 with a host name (no address in brackets), without user
 * info, at most 2,048 bytes: nothing in it but the characters a URL may hold, all escapes whole. */
bool text_is_web_url(const char *url, size_t len);

/* `text` as one URL path part: lower case ASCII letters and digits joined by single hyphens, accents folded
 * where the letter has a plain base, apostrophes dropped; at most 80 bytes, "" when nothing is left. */
const char *text_slug(struct arena *arena, const char *text);

/* `text` percent-encoded for one value of a query (RFC 3986: all but unreserved characters). */
const char *text_escape(struct arena *arena, const char *text);

/* Case-insensitive equality of ASCII letters, byte equality of all else. */
bool text_equal_fold(const char *a, const char *b);

/* Do these words stand in `text`, one after the other and whole? Compared as text_equal_fold() does; a word
 * ends where no ASCII letter, digit or byte beyond ASCII follows. */
bool text_has_words(const char *text, const char *words);

#endif
