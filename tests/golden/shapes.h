/* What holds for every document of a format, whatever is in it. */
#ifndef MARQUEE_TESTS_SHAPES_H
#define MARQUEE_TESTS_SHAPES_H

#include <jansson.h>

#include "translators/formats/format.h"

/* NULL when `text` (NUL-terminated) is what the format promises, otherwise what is wrong with it (static).
 * *ret_json is the JSON-LD that it is or holds (new); NULL: there is none, or it is none. */
const char *shape_fault(const struct format *format, const char *text, json_t **ret_json);

#endif
