/* Values from a URL or the command line, decoded and checked: UTF-8 without control characters, of bounded
 * length. False: *ret_why is a sentence about what is wrong. */
#ifndef MARQUEE_DECODE_H
#define MARQUEE_DECODE_H

#include <stdbool.h>
#include <stddef.h>

#include "translators/base/strings.h"

/* application/x-www-form-urlencoded: + and %20 are both a space. `ret_value` has room for max_bytes and a
 * NUL. */
bool decode_form(const char *text, size_t len, char *ret_value, size_t max_bytes, size_t *ret_len,
                 enum string_id *ret_why);

/* The same of what a person typed or pasted: a control character is a space. */
bool decode_typed(const char *text, size_t len, char *ret_value, size_t max_bytes, size_t *ret_len,
                  enum string_id *ret_why);

/* An argument as it stands, by the same rules. */
bool decode_plain(const char *text, char *ret_value, size_t max_bytes, size_t *ret_len,
                  enum string_id *ret_why);

#endif
