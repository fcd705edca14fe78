/* Formats: the neutral model -> bytes to give out. One format is one `struct format` in the file that renders
 * it and one line in format.c. Pure, like translators. */
#ifndef MARQUEE_FORMAT_H
#define MARQUEE_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"
#include "model.h"
#include "translator.h"

/* The halves of what goes into a page: the list for people and the JSON-LD block. */
enum markup { MARKUP_BOTH, MARKUP_ONLY, MARKUP_NONE }; /* only: the block alone; none: the list alone */

struct render_options {
    const char *public_url; /* of this service, without a slash at the end: the namespace of @id */
    const char *eventurl;   /* template of the artist's page about one event; NULL: the provider's pages */
    bool indent;            /* for people */
    enum markup markup;     /* for html and js */
    const struct translator *translator; /* whose terms hold */
};

struct format {
    const char *name;       /* value of the parameter `format` */
    const char *media_type; /* as in Content-Type */
    /* Appends the rendered document. False when this document cannot be given in this format: then *ret_why
     * is a sentence for the client (static, or in `arena`). */
    bool (*render)(const struct document *document, const struct render_options *options, struct arena *arena,
                   struct buffer *out, const char **ret_why);
};

extern const struct format format_jsonld, format_graph, format_itemlist, format_html, format_js, format_ics,
    format_report;

/* Of searches alone, so not among the formats to choose from. */
extern const struct format format_candidates;

/* What the form's page shows of a document, for the page alone: preview.c. */
extern const struct format format_preview;

/* Why `itemlist` cannot be made of a document: a sentence, static or in `arena`; NULL: it can. */
const char *itemlist_fault(const struct document *document, const struct render_options *options,
                           struct arena *arena);

/* All formats, the default first, ending with NULL. */
extern const struct format *const formats[];
const struct format *format_find(const char *name, size_t len); /* NULL: unknown */

/* Names of all formats joined with ", ", for messages. Static. */
const char *format_names(void);

/* Checks a template of `eventurl`: an absolute http(s) URL whose placeholders are all of {id} {date} {city}
 * {venue} {name} and stand behind the host. False: *ret_reason (static) says what is wrong. */
bool eventurl_check(const char *text, size_t len, const char **ret_reason);

/* The page of one event by a checked template; each value as a URL slug, ids as they are, what is unknown as
 * nothing, never two hyphens where one will do. New in `arena`; NULL when it would pass 2,048 bytes. */
const char *eventurl_expand(struct arena *arena, const char *eventurl, const struct event *event);

/* The page of an event as search engines tell pages apart, which is up to the #; and how many events of the
 * document have it, this one among them. NULL and 0 where eventurl_expand() gives none. */
struct event_page {
    const char *address;
    size_t n_events;
};

/* The pages of a document's events by a checked template, in the events' order. New in `arena`. */
const struct event_page *eventurl_pages(struct arena *arena, const struct document *document,
                                        const char *eventurl);

/* The page about an event that people are led to: by options->eventurl, otherwise the provider's. NULL:
 * neither is known. Borrowed from the event or new in `arena`. */
const char *eventurl_page(struct arena *arena, const struct render_options *options,
                          const struct event *event);

#endif
