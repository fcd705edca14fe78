/* Writing HTML: the one way a text from outside gets into a list, a page or a feed. */
#ifndef MARQUEE_HPUT_H
#define MARQUEE_HPUT_H

#include "translators/base/buffer.h"

/* Appends `text` as it may stand between tags or in a quoted attribute, of HTML and of XML. */
void hput_text(struct buffer *out, const char *text);

/* Appends <tag attributes>text</tag>. `attributes` are ours ("": none), `text` may be from outside; NULL:
 * nothing is written. */
void hput_element(struct buffer *out, const char *tag, const char *attributes, const char *text);

/* Appends a link; where `url` is NULL or no address on the web, a span with the text alone. Names from
 * outside may run from right to left, so each element around one has a direction of its own (dir). */
void hput_link(struct buffer *out, const char *attributes, const char *url, const char *text);

/* The same of an address that may be a parameter's: the link is rel=nofollow, which no span can be. */
void hput_nofollow_link(struct buffer *out, const char *attributes, const char *url, const char *text);

#endif
