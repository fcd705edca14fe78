/* The form at /: what a person pasted and chose -> the document to show. Pure. */
#ifndef MARQUEE_FORM_H
#define MARQUEE_FORM_H

#include <stddef.h>

#include "form_fields.h"

struct config;

/* `target` is the path and query of a request for /. The struct is large: fill one of your own. */
void form_parse(const struct config *config, const char *target, size_t len, struct form *ret);

const char *form_field_name(enum form_field field);

#endif
