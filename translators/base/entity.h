/* HTML character references, "eacute" and "#233" -> the character they stand for. */
#ifndef MARQUEE_ENTITY_H
#define MARQUEE_ENTITY_H

#include <stddef.h>
#include <stdint.h>

#define ENTITY_MAX_BYTES 10      /* of what stands between & and ; */
#define ENTITY_NOTHING   0xFFFDu /* a number that is no character: U+FFFD, as in HTML */

/* The code point of what stands between & and ; (not NUL-terminated); 0 when that is no reference: then it is
 * text. Never a surrogate. */
uint32_t entity_code_point(const char *name, size_t len);

#endif
