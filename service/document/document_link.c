#include "document_link.h"

#include "translators/base/arena.h"
#include "translators/base/buffer.h"
#include "translators/base/text.h"

#define MAX_LINK_BYTES 65536 /* each byte of each parameter may take three */

static void put_parameter(struct buffer *link, struct arena *arena, const char *name, const char *value)
{
    if (value[0] != '\0')
        buffer_printf(link, "&%s=%s", name, text_escape(arena, value));
}

static void put_document(struct buffer *link, struct arena *arena, const char *base, const char *ending,
                         const struct document_request *request)
{
    buffer_printf(link, "%s/api/%s/%s%s?id=%s", base, request->translator->name,
                  subject_name(request->route->subject), ending, text_escape(arena, request->id));
    put_parameter(link, arena, "name", request->name);
    put_parameter(link, arena, "weburl", request->weburl);
    put_parameter(link, arena, "eventurl", request->eventurl);
    put_parameter(link, arena, "pages", request->pages);
    put_parameter(link, arena, "image", request->image);
    put_parameter(link, arena, "lang", request->strings != NULL ? request->strings->language : "");
}

/* Closes `link`. */
static const char *copy_of(struct arena *arena, struct buffer *link)
{
    const char *copy = arena_strndup(arena, link->bytes, link->len);
    buffer_done(link);
    return copy;
}

const char *document_link(struct arena *arena, const char *base, const struct document_request *request,
                          const struct format *format, enum markup markup)
{
    struct buffer link = BUFFER_INIT(MAX_LINK_BYTES);
    bool is_list = format == &format_html || format == &format_js;
    put_document(&link, arena, base, "", request);
    if (format != formats[0])
        put_parameter(&link, arena, "format", format->name);
    if (request->limit > 0)
        buffer_printf(&link, "&limit=%u", request->limit);
    if (is_list && markup != MARKUP_BOTH)
        put_parameter(&link, arena, "markup", markup == MARKUP_ONLY ? "only" : "none");
    if (is_list && request->calendar)
        put_parameter(&link, arena, "calendar", "1");
    return copy_of(arena, &link);
}

const char *document_link_calendar(struct arena *arena, const char *base,
                                   const struct document_request *request)
{
    struct buffer link = BUFFER_INIT(MAX_LINK_BYTES);
    put_document(&link, arena, base, ".ics", request);
    if (request->limit > 0)
        buffer_printf(&link, "&limit=%u", request->limit);
    return copy_of(arena, &link);
}
