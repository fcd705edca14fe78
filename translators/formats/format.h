/* Formats: the neutral model -> bytes to give out. One format is one `struct format` in the file that renders
 * it and one line in format.c. Pure, like translators. */
#ifndef MARQUEE_FORMAT_H
#define MARQUEE_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

#include "translators/ask/translator.h"
#include "translators/base/buffer.h"
#include "translators/model/model.h"

/* The halves of what goes into a page: the list for people and the JSON-LD block. */
enum markup { MARKUP_BOTH, MARKUP_ONLY, MARKUP_NONE }; /* only: the block alone; none: the list alone */

struct render_options {
    const struct strings *strings; /* the language of html, js, ics and pages; NULL: the program's */
    const struct strings *reader;  /* the language around the list of a preview; NULL: the program's */
    const char *id;                /* of the request: what the document is about; NULL: not known */
    const char *public_url;        /* of this service, without a slash at the end: the namespace of @id */
    const char *eventurl; /* template of the artist's page about one event; NULL: the provider's pages */
    const char *pages;    /* where the artist's pages of their own are, without a slash at the end: the
                             namespace of @id, and `eventurl` leads there; NULL: there are none */
    const char *image;    /* a picture for events that have none; NULL: none */
    const char
        *calendar_url;  /* the calendar of the same dates: html and js have links to subscribe; or NULL */
    bool indent;        /* for people */
    enum markup markup; /* for html and js */
    const struct translator *translator; /* whose terms hold */
};

/* The language that the options ask for. */
const struct strings *format_language(const struct render_options *options);

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

/* Appends the node of one event of the document as JSON-LD with its own @context, which a page about that
 * event alone holds. */
void jsonld_put_event(const struct document *document, const struct event *event,
                      const struct render_options *options, struct arena *arena, struct buffer *out);

/* Why `itemlist` cannot be made of a document: a sentence, static or in `arena`; NULL: it can. */
const char *itemlist_fault(const struct document *document, const struct render_options *options,
                           const struct strings *strings, struct arena *arena);

/* All formats, the default first, ending with NULL. */
extern const struct format *const formats[];
const struct format *format_find(const char *name, size_t len); /* NULL: unknown */

/* Names of all formats joined with ", ", for messages. Static. */
const char *format_names(void);

#endif
