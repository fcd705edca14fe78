/* JSON with values that jansson refuses -> JSON without them. */
#ifndef MARQUEE_REPAIR_H
#define MARQUEE_REPAIR_H

#include <stdbool.h>
#include <stddef.h>

#include "translators/base/buffer.h"

/* Copies JSON token by token into `out` (empty, and owned by the caller whatever comes back):
 *   - in strings, bytes that are no UTF-8 and lone surrogates become U+FFFD, \u0000 goes, control characters
 *     become spaces, a backslash that escapes nothing goes;
 *   - numbers that neither int64 nor double can hold, that JSON has no such form for, NaN and Infinity become
 *     null.
 * Nothing is added or closed: what was cut off or was no JSON at all stays that, so the result must be parsed
 * like any other. False when it is plain here already, or `out` is full. */
bool repair_json(const char *bytes, size_t len, struct buffer *out);

#endif
