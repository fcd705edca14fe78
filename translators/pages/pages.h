/* The pages of a tour: one with all dates, one for each date, calendars, feeds and a sitemap. The model and a
 * `struct site` go in, bytes come out. Pure: equal input is equal bytes.
 *
 * Who asks for which page, and where it is kept, is the service's business. */
#ifndef MARQUEE_PAGES_H
#define MARQUEE_PAGES_H

#include <stdbool.h>
#include <stddef.h>

#include "site.h"
#include "translators/base/buffer.h"
#include "translators/formats/format.h"

/* What a request for a page asks for in place of a format; it renders nothing by itself. */
extern const struct format format_pages;

/* As in Content-Type. Static. */
const char *pages_media_type(enum page_kind kind);

/* Feeds and sitemap are for public pages alone. */
bool pages_has(const struct site *site, enum page_kind kind);

/* Appends a page. `event` is the index of the event that a PAGE_DATE or PAGE_DATE_ICS is about. */
void pages_put(const struct document *document, const struct render_options *options, const struct site *site,
               enum page_kind kind, size_t event, struct arena *arena, struct buffer *out);

/* Does it say more of its date than the day? */
bool page_copy_tells(const struct page_copy *copy);

/* Appends the page of a date that is over: what `copy`, the last page of it, told of the event, without
 * tickets and markup; the day alone where it tells nothing. */
void pages_put_over(const struct document *document, const struct render_options *options,
                    const struct site *site, const struct moment *day, const char *slug,
                    const struct page_copy *copy, struct arena *arena, struct buffer *out);

/* Appends a page that says what went wrong, in our style sheet and in the language of `title`. `back` is
 * where all dates are, relative; NULL: they cannot be had either. */
void pages_put_trouble(const struct strings *strings, const char *title, const char *detail, const char *back,
                       struct buffer *out);

/* The one picture that a page shows, whose origin its policy must allow; NULL: it shows none. Borrowed. */
const char *pages_picture(const struct document *document, const struct render_options *options,
                          enum page_kind kind, size_t event);

#endif
