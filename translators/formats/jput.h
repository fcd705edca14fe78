/* Writing JSON that can be pasted into HTML and into scripts as it is. */
#ifndef MARQUEE_JPUT_H
#define MARQUEE_JPUT_H

#include <jansson.h>
#include <stddef.h>

#include "translators/base/buffer.h"

/* Appends `value` as JSON (as json_dumps() writes it with the same `flags`: JSON_COMPACT, JSON_INDENT,
 * JSON_REAL_PRECISION) in which nothing can end a script or begin a tag, a comment or an entity: < > & and
 * the line separators U+2028 and U+2029 are escapes. */
void jput(const json_t *value, size_t flags, struct buffer *out);

#endif
