/* What programs read of a tour: JSON Feed 1.1 (jsonfeed.org), Atom (RFC 4287) and a sitemap (sitemaps.org).
 * An entry's date is when the event was first seen or last changed, never the day of the concert. */
#include <jansson.h>

#include "page_writer.h"
#include "translators/base/arena.h"
#include "translators/formats/hput.h"
#include "translators/formats/jput.h"

/* "2026-11-29T09:00:00Z" */
static const char *instant(const struct page_writer *writer, int64_t time_s)
{
    struct moment moment = when_of_wall_s(time_s);
    char text[WHEN_TEXT_BYTES];

    return arena_printf(writer->prose.arena, "%sZ", when_format(&moment, text));
}

/* An event that is not remembered was seen and changed now. */
static int64_t known_or_now(const struct page_writer *writer, int64_t time_s)
{
    return time_s > 0 ? time_s : writer->prose.now_s;
}

/* When the tour last changed: with the latest of its events. */
static const char *last_change(const struct page_writer *writer)
{
    int64_t last_s = 0;

    for (size_t i = 0; i < writer->document->n_events; i++) {
        if (writer->document->events[i].changed_s > last_s)
            last_s = writer->document->events[i].changed_s;
    }
    return instant(writer, known_or_now(writer, last_s));
}

/* What an entry says of an event. */
struct entry {
    const char *id, *url, *title, *summary, *seen, *changed;
};

/* False: the event has no page, so there is nothing to lead to. */
static bool entry_of(const struct page_writer *writer, size_t index, struct entry *ret)
{
    const struct event *event = &writer->document->events[index];
    struct arena *arena = writer->prose.arena;
    const char *slug = page_slug(writer, index), *city = page_city(writer, event);
    const char *name = event_display_name(arena, event), *status = prose_status(&writer->prose, event);
    const char *where = event->place.name != NULL ? event->place.name : city;

    if (slug == NULL)
        return false;
    name = name != NULL ? name : page_subject(writer);
    ret->id = arena_printf(arena, "%s/#event-%s", writer->site->base, event->id);
    ret->url = page_absolute(writer, arena_printf(arena, "%s/", slug));
    ret->title = page_words(writer, STRING_DATE_TITLE,
                            city != NULL ? page_words(writer, STRING_NAME_AND_CITY, name, city) : name,
                            prose_days(&writer->prose, event));
    if (status != NULL)
        ret->title = page_words(writer, STRING_STATUS_AND_NAME, status, ret->title);
    ret->summary = prose_when(&writer->prose, event);
    if (where != NULL)
        ret->summary = arena_printf(arena, "%s, %s", ret->summary, where);
    ret->seen = instant(writer, known_or_now(writer, event->seen_s));
    ret->changed = instant(writer, known_or_now(writer, event->changed_s));
    return true;
}

/* ---- JSON Feed ---- */

static json_t *item_of(const struct entry *entry)
{
    return json_pack("{ss ss ss ss ss ss}", "id", entry->id, "url", entry->url, "title", entry->title,
                     "content_text", entry->summary, "date_published", entry->seen, "date_modified",
                     entry->changed);
}

void page_put_feed_json(const struct page_writer *writer)
{
    json_t *items = json_array();
    json_t *feed = json_pack("{ss ss ss ss ss}", "version", "https://jsonfeed.org/version/1.1", "title",
                             page_words(writer, STRING_TOUR_TITLE, page_subject(writer), NULL),
                             "home_page_url", page_absolute(writer, ""), "feed_url",
                             page_absolute(writer, "feed.json"), "language", writer->prose.strings->language);
    struct entry entry;

    json_object_set_new(feed, "authors", json_pack("[{ss}]", "name", page_subject(writer)));
    for (size_t i = 0; i < writer->document->n_events; i++) {
        if (entry_of(writer, i, &entry))
            json_array_append_new(items, item_of(&entry));
    }
    json_object_set_new(feed, "items", items);
    jput(feed, JSON_COMPACT, writer->out);
    buffer_puts(writer->out, "\n");
    json_decref(feed);
}

/* ---- Atom ---- */

static void put_xml(const struct page_writer *writer, const char *tag, const char *text)
{
    hput_element(writer->out, tag, "", text);
    buffer_puts(writer->out, "\n");
}

static void put_xml_link(const struct page_writer *writer, const char *rel, const char *type, const char *url)
{
    buffer_printf(writer->out, "<link rel=\"%s\" type=\"%s\" href=\"", rel, type);
    hput_text(writer->out, url);
    buffer_puts(writer->out, "\"/>\n");
}

void page_put_feed_xml(const struct page_writer *writer)
{
    struct entry entry;

    buffer_printf(writer->out,
                  "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                  "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"%s\">\n",
                  writer->prose.strings->language);
    put_xml(writer, "id", page_absolute(writer, ""));
    put_xml(writer, "title", page_words(writer, STRING_TOUR_TITLE, page_subject(writer), NULL));
    put_xml(writer, "updated", last_change(writer));
    buffer_puts(writer->out, "<author>");
    hput_element(writer->out, "name", "", page_subject(writer));
    buffer_puts(writer->out, "</author>\n");
    put_xml_link(writer, "self", "application/atom+xml", page_absolute(writer, "feed.xml"));
    put_xml_link(writer, "alternate", "text/html", page_absolute(writer, ""));
    for (size_t i = 0; i < writer->document->n_events; i++) {
        if (!entry_of(writer, i, &entry))
            continue;
        buffer_puts(writer->out, "<entry>\n");
        put_xml(writer, "id", entry.id);
        put_xml(writer, "title", entry.title);
        put_xml(writer, "updated", entry.changed);
        put_xml(writer, "published", entry.seen);
        put_xml(writer, "summary", entry.summary);
        put_xml_link(writer, "alternate", "text/html", entry.url);
        buffer_puts(writer->out, "</entry>\n");
    }
    buffer_puts(writer->out, "</feed>\n");
}

/* ---- sitemap ---- */

static void put_url(const struct page_writer *writer, const char *url, const char *changed)
{
    buffer_puts(writer->out, "<url>");
    hput_element(writer->out, "loc", "", url);
    hput_element(writer->out, "lastmod", "", changed);
    buffer_puts(writer->out, "</url>\n");
}

void page_put_sitemap(const struct page_writer *writer)
{
    struct entry entry;

    buffer_puts(writer->out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                             "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    put_url(writer, page_absolute(writer, ""), last_change(writer));
    for (size_t i = 0; i < writer->document->n_events; i++) {
        if (entry_of(writer, i, &entry))
            put_url(writer, entry.url, entry.changed);
    }
    buffer_puts(writer->out, "</urlset>\n");
}
