/* Which page is written by whom, and with which picture. */
#include "pages.h"

#include <string.h>

#include "page_writer.h"
#include "translators/base/text.h"
#include "translators/formats/hput.h"

const char *pages_media_type(enum page_kind kind)
{
    static const char *const types[PAGE_KINDS] = {[PAGE_TOUR] = "text/html; charset=utf-8",
                                                  [PAGE_DATES_ICS] = "text/calendar; charset=utf-8",
                                                  [PAGE_FEED_JSON] = "application/feed+json",
                                                  [PAGE_FEED_XML] = "application/atom+xml; charset=utf-8",
                                                  [PAGE_SITEMAP] = "application/xml; charset=utf-8",
                                                  [PAGE_DATE] = "text/html; charset=utf-8",
                                                  [PAGE_DATE_ICS] = "text/calendar; charset=utf-8"};

    return types[kind];
}

bool pages_has(const struct site *site, enum page_kind kind)
{
    return site->is_public || (kind != PAGE_FEED_JSON && kind != PAGE_FEED_XML && kind != PAGE_SITEMAP);
}

const char *pages_picture(const struct document *document, const struct render_options *options,
                          enum page_kind kind, size_t event)
{
    const struct page_writer writer = {.document = document, .options = options};

    if (kind == PAGE_DATE)
        return page_date_picture(&writer, &document->events[event]);
    return kind == PAGE_TOUR ? page_tour_picture(&writer) : NULL;
}

void pages_put_over(const struct document *document, const struct render_options *options,
                    const struct site *site, const struct moment *day, const char *slug,
                    const struct page_copy *copy, struct arena *arena, struct buffer *out)
{
    const struct page_writer writer = {
        document, options, site, {format_language(options), arena, document->now_s}, out};

    page_put_over(&writer, day, slug, copy);
}

void pages_put_trouble(const struct strings *strings, const char *title, const char *detail, const char *back,
                       struct buffer *out)
{
    buffer_printf(out,
                  "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
                  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                  "<meta name=\"robots\" content=\"noindex\">\n<title>",
                  strings->language);
    hput_text(out, title);
    buffer_printf(out, "</title>\n<style>%s</style>\n</head>\n<body>\n<main class=\"trouble\">\n",
                  pages_style);
    hput_element(out, "h1", "", title);
    buffer_puts(out, "\n");
    hput_element(out, "p", "", detail);
    if (back != NULL) {
        buffer_puts(out, "\n<p><a href=\"");
        hput_text(out, back);
        buffer_puts(out, "\">");
        hput_text(out, strings->texts[STRING_TROUBLE_BACK]);
        buffer_puts(out, "</a></p>");
    }
    buffer_puts(out, "\n</main>\n</body>\n</html>\n");
}

/* The calendar of one date is that of a document which has no other. */
static void put_calendar(const struct document *document, const struct render_options *options,
                         struct arena *arena, struct buffer *out)
{
    const char *why = NULL;

    format_ics.render(document, options, arena, out, &why);
}

void pages_put(const struct document *document, const struct render_options *options, const struct site *site,
               enum page_kind kind, size_t event, struct arena *arena, struct buffer *out)
{
    const struct page_writer writer = {
        document, options, site, {format_language(options), arena, document->now_s}, out};
    struct document one = *document;

    switch (kind) {
    case PAGE_TOUR:
        page_put_tour(&writer);
        break;
    case PAGE_DATE:
        page_put_date(&writer, event);
        break;
    case PAGE_FEED_JSON:
        page_put_feed_json(&writer);
        break;
    case PAGE_FEED_XML:
        page_put_feed_xml(&writer);
        break;
    case PAGE_SITEMAP:
        page_put_sitemap(&writer);
        break;
    case PAGE_DATE_ICS:
        one.events += event;
        one.n_events = 1;
        put_calendar(&one, options, arena, out);
        break;
    case PAGE_DATES_ICS:
    case PAGE_KINDS:
        put_calendar(document, options, arena, out);
        break;
    }
}

const struct format format_pages = {
    .name = "pages",
    .media_type = "text/html; charset=utf-8",
};
