/* The form at /: what a person pasted and chose -> the document to show. Pure. */
#ifndef MARQUEE_FORM_H
#define MARQUEE_FORM_H

#include <stddef.h>

#include "form_fields.h"

struct config;

/* `target` is the path and query of a request for /. `preferred` is the language of its reader, where the
 * form's own fields choose none. The struct is large: fill one of your own. */
void form_parse(const struct config *config, const char *target, size_t len, const struct strings *preferred,
                struct form *ret);

/* The language alone, of any page that takes the form's fields of it. */
const struct strings *form_language(const char *target, size_t len, const struct strings *preferred);

const char *form_field_name(enum form_field field);

#endif
