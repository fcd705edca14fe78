/* Templates of pages in a language: the texts of translators/base/strings.h are put into them once, at start;
 * what is left is a template for template.h. Names of texts are in capitals:
 *
 *     {{Q_LABEL}}                                  a text without gaps
 *     {{#WITH}}{{name}}{{/WITH}}                   what stands for {1} in it
 *     {{#DATE}}{{FRIDAY}}{{|}}12{{|}}…{{/DATE}}    for {1}, {2} …; other texts and markup may be in it
 *     {{LANGUAGE}}                                 the language, for lang
 *
 * A text is never markup: what HTML takes for its own is escaped. Pure. */
#ifndef MARQUEE_TEXTS_H
#define MARQUEE_TEXTS_H

#include <stdbool.h>
#include <stddef.h>

#include "translators/base/buffer.h"
#include "translators/base/fault.h"
#include "translators/base/strings.h"

/* Appends the template with its texts. False: ret_fault says which text there is not, is not closed, or has
 * not as many gaps as are filled here. */
bool texts_put(const char *text, size_t len, const struct strings *strings, struct buffer *out,
               struct fault *ret_fault);

#endif
