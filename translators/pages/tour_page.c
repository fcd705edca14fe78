/* The page with all dates of a tour: by month, each leading to its own page. */
#include <string.h>

#include "page_writer.h"
#include "translators/base/arena.h"
#include "translators/base/text.h"
#include "translators/formats/hput.h"

static const char *row_class(const struct event *event)
{
    static const char *const classes[] = {[EVENT_SCHEDULED] = "tour-date",
                                          [EVENT_CANCELLED] = "tour-date tour-cancelled",
                                          [EVENT_POSTPONED] = "tour-date tour-postponed",
                                          [EVENT_RESCHEDULED] = "tour-date tour-rescheduled"};

    return classes[event->status];
}

static void put_day(const struct page_writer *writer, const struct event *event)
{
    const struct prose *prose = &writer->prose;
    struct moment start, end, first, last;

    when_span(&event->start, &event->end, &start, &end);
    when_days(&event->start, &event->end, &first, &last);
    buffer_puts(writer->out, "<span>");
    page_put_time(writer, "class=\"tour-day\"", &start, prose_day(prose, &start));
    if (when_known(&last)) {
        buffer_puts(writer->out, " <span class=\"tour-hour\">");
        hput_text(writer->out, prose->strings->texts[STRING_TO]);
        buffer_puts(writer->out, " ");
        page_put_time(writer, "", &last, prose_date(prose, &last));
        buffer_puts(writer->out, "</span>");
    } else if (start.has_time) {
        buffer_puts(writer->out, " ");
        hput_element(writer->out, "span", "class=\"tour-hour\"", prose_time(prose, &start));
    }
    buffer_puts(writer->out, "</span> ");
}

static void put_part(const struct page_writer *writer, const char *attributes, const char *text)
{
    hput_element(writer->out, "span", attributes, text);
    buffer_puts(writer->out, text != NULL ? " " : "");
}

#define MAX_OTHERS 4 /* a festival names up to 60; its own page has them all */

/* Who else plays, beside the artist whose dates these are and those that the event's name holds. */
static const char *others_of(const struct page_writer *writer, const struct event *event)
{
    struct arena *arena = writer->prose.arena;
    const char *names = NULL;
    size_t n = 0;

    for (size_t i = 0; i < event->n_acts; i++) {
        const struct act *act = &event->acts[i];

        if (act->asked || act->name == NULL || prose_names_act(event, act))
            continue;
        if (n++ < MAX_OTHERS)
            names = names != NULL ? arena_printf(arena, "%s, %s", names, act->name) : act->name;
    }
    n += event->n_acts_left_out;
    if (names != NULL && n > MAX_OTHERS)
        names = page_words(writer, STRING_AND_MORE, names, arena_printf(arena, "%zu", n - MAX_OTHERS));
    return names != NULL ? page_words(writer, STRING_WITH, names, NULL) : NULL;
}

/* Visitors of an artist look for their city, those of a venue for who plays. */
static void put_what(const struct page_writer *writer, const struct event *event)
{
    const char *city = page_city(writer, event), *name = event_display_name(writer->prose.arena, event);
    bool of_venue = writer->document->subject == SUBJECT_VENUE;
    const char *first = of_venue || city == NULL ? name : city;

    buffer_puts(writer->out, "<span>");
    put_part(writer, "class=\"tour-where\" dir=\"auto\"", first);
    if (!of_venue && city != NULL && event->name != NULL)
        put_part(writer, "class=\"tour-name\" dir=\"auto\"", event->name);
    if (!of_venue)
        put_part(writer, "class=\"tour-venue\" dir=\"auto\"", event->place.name);
    put_part(writer, "class=\"tour-acts\" dir=\"auto\"",
             of_venue ? prose_acts(&writer->prose, event) : others_of(writer, event));
    hput_element(writer->out, "strong", "class=\"tour-status\"", prose_status(&writer->prose, event));
    buffer_puts(writer->out, "</span>");
}

static void put_row(const struct page_writer *writer, size_t index)
{
    const struct event *event = &writer->document->events[index];
    const char *slug = page_slug(writer, index);

    buffer_printf(writer->out, "<li class=\"%s\">", row_class(event));
    if (slug != NULL) {
        buffer_puts(writer->out, "<a");
        page_put_href(writer, arena_printf(writer->prose.arena, "%s/", slug));
        buffer_puts(writer->out, ">");
    }
    put_day(writer, event);
    put_what(writer, event);
    buffer_puts(writer->out, slug != NULL ? "</a></li>\n" : "</li>\n");
}

static void put_months(const struct page_writer *writer)
{
    const struct document *document = writer->document;
    const struct moment *before = NULL;

    for (size_t i = 0; i < document->n_events; i++) {
        const struct moment *start = &document->events[i].start;

        if (before == NULL || before->year != start->year || before->month != start->month) {
            buffer_puts(writer->out, before != NULL ? "</ol>\n" : "");
            hput_element(writer->out, "h2", "class=\"tour-month\"", prose_month(&writer->prose, start));
            buffer_puts(writer->out, "\n<ol class=\"tour-dates\">\n");
        }
        before = start;
        put_row(writer, i);
    }
    buffer_puts(writer->out, before != NULL ? "</ol>\n" : "");
}

/* ---- calendars ---- */

static void put_plain_link(const struct page_writer *writer, const char *address, enum string_id words)
{
    buffer_puts(writer->out, "<a href=\"");
    hput_text(writer->out, address);
    buffer_puts(writer->out, "\">");
    hput_text(writer->out, writer->prose.strings->texts[words]);
    buffer_puts(writer->out, "</a> ");
}

/* A calendar that is subscribed to keeps up by itself; a file does not. */
static void put_subscribe(const struct page_writer *writer)
{
    struct arena *arena = writer->prose.arena;
    const char *address = page_absolute(writer, "dates.ics");
    const char *webcal = arena_printf(arena, "webcal%s", strstr(address, "://"));

    buffer_puts(writer->out, "<section class=\"tour-subscribe\">");
    hput_element(writer->out, "h2", "", writer->prose.strings->texts[STRING_TOUR_SUBSCRIBE]);
    buffer_puts(writer->out, "\n<p>");
    put_plain_link(writer, webcal, STRING_TOUR_SUBSCRIBE_LINK);
    put_plain_link(
        writer,
        arena_printf(arena, "https://calendar.google.com/calendar/render?cid=%s", text_escape(arena, webcal)),
        STRING_TOUR_GOOGLE);
    put_plain_link(writer,
                   arena_printf(arena, "https://outlook.live.com/calendar/0/addfromweb?url=%s&name=%s",
                                text_escape(arena, webcal), text_escape(arena, page_subject(writer))),
                   STRING_TOUR_OUTLOOK);
    buffer_puts(writer->out, "<a");
    page_put_href(writer, "dates.ics");
    buffer_puts(writer->out, ">");
    hput_text(writer->out, writer->prose.strings->texts[STRING_TOUR_CALENDAR_FILE]);
    buffer_puts(writer->out, "</a> ");
    if (writer->site->is_public)
        put_plain_link(writer, "feed.xml", STRING_TOUR_FEED);
    buffer_puts(writer->out, "</p></section>\n");
}

/* ---- the page ---- */

static const char *description_of(const struct page_writer *writer)
{
    size_t n = writer->document->n_events;
    const char *whose = page_subject(writer);

    if (n < 2)
        return page_words(writer, n == 0 ? STRING_TOUR_DESCRIPTION_NONE : STRING_TOUR_DESCRIPTION_ONE, whose,
                          NULL);
    return page_words(writer, STRING_TOUR_DESCRIPTION, arena_printf(writer->prose.arena, "%zu", n), whose);
}

static const char *site_of(const struct page_writer *writer)
{
    const struct document *document = writer->document;

    if (document->subject == SUBJECT_VENUE)
        return document->venue.website;
    return writer->site->weburl != NULL ? writer->site->weburl : document->artist.url;
}

void page_put_tour(const struct page_writer *writer)
{
    const char *picture = page_tour_picture(writer);
    const char *site = site_of(writer);
    const struct page_head head = {.title = page_words(writer, STRING_TOUR_TITLE, page_subject(writer), NULL),
                                   .description = description_of(writer),
                                   .path = "",
                                   .picture = picture};

    page_put_head(writer, &head);
    buffer_puts(writer->out, "<main class=\"tour\">\n");
    hput_element(writer->out, "h1", "class=\"tour-artist\" dir=\"auto\"", page_subject(writer));
    buffer_puts(writer->out, "\n");
    page_put_picture(writer, picture, page_subject(writer));
    put_months(writer);
    if (writer->document->n_events == 0)
        hput_element(writer->out, "p", "class=\"tour-none\"", writer->prose.strings->texts[STRING_TOUR_NONE]);
    put_subscribe(writer);
    if (site != NULL) {
        buffer_puts(writer->out, "<p class=\"tour-site\">");
        hput_nofollow_link(writer->out, "", site,
                           page_words(writer, STRING_TOUR_SITE, page_subject(writer), NULL));
        buffer_puts(writer->out, "</p>\n");
    }
    page_put_foot(writer);
}
