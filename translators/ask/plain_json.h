/* The JSON that APIs send nearly always -> jansson's values, with a fifth of the instructions that
 * json_loadb() takes for it: jansson reads a byte at a time through several calls. What is rare, wrong or out
 * of range is not read here: whoever asks has jansson read it, or say that it is none. */
#ifndef MARQUEE_PLAIN_JSON_H
#define MARQUEE_PLAIN_JSON_H

#include <jansson.h>
#include <stddef.h>

/* What json_loadb() with JSON_DECODE_ANY gives for these bytes, a new reference. NULL: it may give none, or
 * the text is deeper than `max_depth`, or has more than `max_values` values, or is not plain: integers of
 * over 18 digits, escaped surrogates and NUL, escapes in names. */
json_t *plain_json_read(const char *bytes, size_t len, size_t max_depth, size_t max_values);

#endif
