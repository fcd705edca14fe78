/* Renders each date's page of a document, as the service does, and its event beside it. */
#include "paged.h"

#include <jansson.h>

#include "translators/base/arena.h"
#include "translators/formats/eventurl.h"
#include "translators/pages/addresses.h"
#include "translators/pages/pages.h"

#define PAGES "https://artist.example/tour"

static void put_line(const struct document *document, size_t index, const struct render_options *options,
                     struct arena *arena, struct buffer *out)
{
    const char *slug = address_slug(arena, &document->events[index]);
    const struct site site = {.base = PAGES, .query = "", .is_public = true};
    struct render_options with_pages = *options;
    struct buffer html = BUFFER_INIT(out->max), event = BUFFER_INIT(out->max);

    if (slug != NULL) {
        with_pages.pages = PAGES;
        with_pages.eventurl = PAGES "/" EVENTURL_OF_PAGES;
        pages_put(document, &with_pages, &site, PAGE_DATE, index, arena, &html);
        jsonld_put_event(document, &document->events[index], options, arena, &event);
        json_t *line = json_pack("{ss so so}", "address", arena_printf(arena, PAGES "/%s/", slug), "html",
                                 json_stringn(html.bytes, html.len), "event",
                                 json_loadb(event.bytes, event.len, 0, NULL));
        char *text = json_dumps(line, JSON_COMPACT);

        buffer_puts(out, text);
        buffer_puts(out, "\n");
        free(text);
        json_decref(line);
    }
    buffer_done(&html);
    buffer_done(&event);
}

static bool render_paged(const struct document *document, const struct render_options *options,
                         struct arena *arena, struct buffer *out, const char **ret_why)
{
    bool has_pages = document->subject == SUBJECT_ARTIST || document->subject == SUBJECT_VENUE;

    (void)ret_why;
    for (size_t i = 0; i < document->n_events && has_pages; i++)
        put_line(document, i, options, arena, out);
    return true;
}

const struct format format_paged = {
    .name = "paged", .media_type = "application/json", .render = render_paged};
