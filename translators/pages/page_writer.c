/* What all HTML pages of a tour have in common: words, addresses, head and foot. */
#include "page_writer.h"

#include <string.h>

#include "addresses.h"
#include "translators/base/arena.h"
#include "translators/base/text.h"
#include "translators/formats/hput.h"

/* ---- words and addresses ---- */

const char *page_words(const struct page_writer *writer, enum string_id id, const char *a, const char *b)
{
    return strings_fill(writer->prose.arena, writer->prose.strings->texts[id], a, b, NULL);
}

const char *page_subject(const struct page_writer *writer)
{
    const struct document *document = writer->document;
    const char *name = document->subject == SUBJECT_VENUE ? document->venue.name : document->artist.name;

    return name != NULL ? name : writer->prose.strings->texts[STRING_UPCOMING];
}

const char *page_slug(const struct page_writer *writer, size_t event)
{
    return address_slug(writer->prose.arena, &writer->document->events[event]);
}

const char *page_absolute(const struct page_writer *writer, const char *path)
{
    return arena_printf(writer->prose.arena, "%s/%s%s", writer->site->base, path, writer->site->query);
}

void page_put_href(const struct page_writer *writer, const char *path)
{
    buffer_puts(writer->out, " href=\"");
    hput_text(writer->out, path);
    hput_text(writer->out, writer->site->query);
    buffer_puts(writer->out, "\"");
}

const char *page_city(const struct page_writer *writer, const struct event *event)
{
    const struct place *place = &event->place;
    const char *country = place->country != NULL ? prose_country(&writer->prose, place->country) : NULL;

    if (place->locality != NULL && country != NULL)
        return arena_printf(writer->prose.arena, "%s, %s", place->locality, country);
    return place->locality != NULL ? place->locality : country;
}

/* ---- the frame of a page ---- */

static void put_meta(const struct page_writer *writer, const char *kind, const char *name, const char *value)
{
    if (value == NULL)
        return;
    buffer_printf(writer->out, "<meta %s=\"%s\" content=\"", kind, name);
    hput_text(writer->out, value);
    buffer_puts(writer->out, "\">\n");
}

static void put_alternate(const struct page_writer *writer, const char *type, const char *path)
{
    buffer_printf(writer->out, "<link rel=\"alternate\" type=\"%s\" href=\"", type);
    hput_text(writer->out, page_absolute(writer, path));
    buffer_puts(writer->out, "\">\n");
}

static void put_public_links(const struct page_writer *writer, const struct page_head *head)
{
    buffer_puts(writer->out, "<link rel=\"canonical\" href=\"");
    hput_text(writer->out, page_absolute(writer, head->path));
    buffer_puts(writer->out, "\">\n");
    put_alternate(writer, "application/feed+json", "feed.json");
    put_alternate(writer, "application/atom+xml", "feed.xml");
}

static void put_style(const struct page_writer *writer)
{
    if (writer->site->style != NULL) {
        buffer_puts(writer->out, "<link rel=\"stylesheet\" href=\"");
        hput_text(writer->out, writer->site->style);
        buffer_puts(writer->out, "\">\n");
    } else {
        buffer_printf(writer->out, "<style>%s</style>\n", pages_style);
    }
}

void page_put_head(const struct page_writer *writer, const struct page_head *head)
{
    buffer_printf(writer->out,
                  "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
                  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
                  writer->prose.strings->language);
    buffer_puts(writer->out, "<title>");
    hput_text(writer->out, head->title);
    buffer_puts(writer->out, "</title>\n");
    put_meta(writer, "name", "description", head->description);
    if (writer->site->is_public)
        put_public_links(writer, head);
    else
        put_meta(writer, "name", "robots", "noindex");
    put_meta(writer, "property", "og:type", "website");
    put_meta(writer, "property", "og:title", head->title);
    put_meta(writer, "property", "og:description", head->description);
    put_meta(writer, "property", "og:url", page_absolute(writer, head->path));
    put_meta(writer, "property", "og:site_name", page_subject(writer));
    put_meta(writer, "property", "og:image", head->picture);
    put_meta(writer, "name", "twitter:card", head->picture != NULL ? "summary_large_image" : "summary");
    put_style(writer);
    buffer_puts(writer->out, "</head>\n<body>\n");
}

void page_put_foot(const struct page_writer *writer)
{
    const struct translator *translator = writer->options->translator;

    buffer_puts(writer->out, "</main>\n");
    if (translator != NULL && translator->attribution != NULL) {
        buffer_puts(writer->out, "<footer class=\"tour-source\"><p>");
        hput_link(writer->out, "class=\"tour-provider\"", translator->attribution_url,
                  translator->attribution);
        buffer_puts(writer->out, "</p></footer>\n");
    }
    buffer_puts(writer->out, "</body>\n</html>\n");
}

void page_put_time(const struct page_writer *writer, const char *attributes, const struct moment *moment,
                   const char *words)
{
    char text[WHEN_TEXT_BYTES];

    buffer_printf(writer->out, "<time %s%sdatetime=\"%s\">", attributes, *attributes != '\0' ? " " : "",
                  when_format(moment, text));
    hput_text(writer->out, words);
    buffer_puts(writer->out, "</time>");
}

static const char *web_picture(const char *url)
{
    return url != NULL && text_is_web_url(url, strlen(url)) ? url : NULL;
}

const char *page_tour_picture(const struct page_writer *writer)
{
    const char *image = writer->options->image;
    return web_picture(image != NULL ? image : writer->document->artist.image);
}

const char *page_date_picture(const struct page_writer *writer, const struct event *event)
{
    return web_picture(event->images.n > 0 ? event->images.items[0] : writer->options->image);
}

void page_put_picture(const struct page_writer *writer, const char *url, const char *of)
{
    if (url == NULL)
        return;
    buffer_puts(writer->out, "<p class=\"tour-picture\"><img src=\"");
    hput_text(writer->out, url);
    buffer_puts(writer->out, "\" alt=\"");
    hput_text(writer->out, of);
    buffer_puts(writer->out, "\"></p>\n");
}

void page_put_up(const struct page_writer *writer)
{
    buffer_puts(writer->out, "<header class=\"tour-up\"><a");
    page_put_href(writer, "../");
    buffer_puts(writer->out, ">");
    hput_text(writer->out, page_words(writer, STRING_DATE_ALL, page_subject(writer), NULL));
    buffer_puts(writer->out, "</a></header>\n");
}
