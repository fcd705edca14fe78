/* Pages from templates: the part of Mustache (https://mustache.github.io/mustache.5.html) that ours use.
 *
 *     {{name}}              the text, number or address, with all that HTML takes for its own escaped
 *     {{{name}}}            as it is: for HTML made by us
 *     {{#name}} ... {{/name}}    once for each element of a list, once for an object or true, else not at all
 *     {{^name}} ... {{/name}}    only where {{#name}} would write nothing
 *     {{.}}                 the element itself, in a list of texts
 *
 * A name is looked up in the innermost object first. Anything else between braces stands for itself: names
 * have no blanks around them, so templates of other tools can be inside. Pure. */
#ifndef MARQUEE_TEMPLATE_H
#define MARQUEE_TEMPLATE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "translators/base/buffer.h"

/* Appends the template filled with `data`, an object. False: a section is not closed, or they are nested too
 * deep. */
bool template_expand(const char *text, size_t len, const json_t *data, struct buffer *out);

/* Appends text with all that HTML takes for its own escaped. */
void template_escape(struct buffer *out, const char *text, size_t len);

#endif
