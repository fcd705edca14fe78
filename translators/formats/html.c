/* The neutral model -> a fragment of HTML to include in a page: the list for people and the JSON-LD block.
 *
 * A fragment holds no page, no style, no script that runs and no id, so that it can stand anywhere, twice.
 * Its class names are a contract with other people's style sheets; README.md lists them. */
#include <string.h>

#include "eventurl.h"
#include "format.h"
#include "hput.h"
#include "prose.h"
#include "translators/base/subscribe.h"

struct writer {
    const struct document *document;
    const struct render_options *options;
    struct prose prose;
    struct buffer *out;
};

/* ---- an event ---- */

static void put_time(struct writer *writer, const struct moment *moment, const char *words)
{
    char text[WHEN_TEXT_BYTES];

    buffer_printf(writer->out, "<time datetime=\"%s\">", when_format(moment, text));
    hput_text(writer->out, words);
    buffer_puts(writer->out, "</time>");
}

static void put_when(struct writer *writer, const struct event *event)
{
    struct moment start, end;

    when_span(&event->start, &event->end, &start, &end);
    buffer_puts(writer->out, "<div class=\"marquee-when\">");
    put_time(writer, &start, prose_date(&writer->prose, &start));
    if (when_known(&end)) {
        buffer_puts(writer->out, " ");
        hput_text(writer->out, writer->prose.strings->texts[STRING_TO]);
        buffer_puts(writer->out, " ");
        put_time(writer, &end, prose_end(&writer->prose, &start, &end));
    }
    if (event->status != EVENT_SCHEDULED)
        buffer_puts(writer->out, " ");
    hput_element(writer->out, "strong", "class=\"marquee-status\"", prose_status(&writer->prose, event));
    buffer_puts(writer->out, "</div>\n");
}

static void put_what(struct writer *writer, const struct event *event)
{
    const char *acts = prose_acts(&writer->prose, event);

    buffer_puts(writer->out, "<div class=\"marquee-what\">");
    hput_link(writer->out, "class=\"marquee-name\" dir=\"auto\"",
              eventurl_page(writer->prose.arena, writer->options, event),
              event_display_name(writer->prose.arena, event));
    buffer_puts(writer->out, acts != NULL ? " " : "");
    hput_element(writer->out, "span", "class=\"marquee-acts\" dir=\"auto\"", acts);
    buffer_puts(writer->out, "</div>\n");
}

static void put_where(struct writer *writer, const struct place *place)
{
    const char *address = prose_address(&writer->prose, place);

    if (place->name == NULL && address == NULL)
        return;
    buffer_puts(writer->out, "<div class=\"marquee-where\">");
    hput_element(writer->out, "span", "class=\"marquee-venue\" dir=\"auto\"", place->name);
    buffer_puts(writer->out, place->name != NULL && address != NULL ? ", " : "");
    hput_element(writer->out, "span", "class=\"marquee-address\" dir=\"auto\"", address);
    buffer_puts(writer->out, "</div>\n");
}

static void put_line(struct writer *writer, const char *tag, const char *attributes, const char *text)
{
    hput_element(writer->out, tag, attributes, text);
    buffer_puts(writer->out, text != NULL ? "\n" : "");
}

/* What is marked up must be visible, says Google: so nothing that JSON-LD holds about the event is missing
 * here. */
static void put_notes(struct writer *writer, const struct event *event)
{
    const struct strings *strings = writer->prose.strings;
    struct arena *arena = writer->prose.arena;

    put_line(writer, "div", "class=\"marquee-description\" dir=\"auto\"", event->description);
    if (event->doors.has_time)
        put_line(writer, "div", "class=\"marquee-doors\"",
                 strings_fill(arena, strings->texts[STRING_DOORS], prose_time(&writer->prose, &event->doors),
                              NULL));
    if (event->age_range != NULL)
        put_line(writer, "div", "class=\"marquee-ages\"", prose_ages(&writer->prose, event->age_range));
    if (event->organizer_name != NULL)
        put_line(writer, "div", "class=\"marquee-organizer\" dir=\"auto\"",
                 strings_fill(arena, strings->texts[STRING_PRESENTED_BY], event->organizer_name, NULL));
}

/* Nobody is sent to buy tickets of what will not be. */
static void put_offers(struct writer *writer, const struct event *event)
{
    for (size_t i = 0; i < event->n_offers && event->status != EVENT_CANCELLED; i++) {
        const struct offer *offer = &event->offers[i];
        const char *price = prose_price(&writer->prose, offer);
        const char *availability = prose_availability(&writer->prose, offer);

        if (offer->url == NULL && price == NULL && availability == NULL)
            continue;
        buffer_puts(writer->out, "<div class=\"marquee-offer\">");
        hput_link(writer->out, "class=\"marquee-tickets\"", offer->url,
                  writer->prose.strings->texts[STRING_TICKETS]);
        buffer_puts(writer->out, price != NULL ? " " : "");
        hput_element(writer->out, "span", "class=\"marquee-price\"", price);
        buffer_puts(writer->out, availability != NULL ? " " : "");
        hput_element(writer->out, "span", "class=\"marquee-availability\"", availability);
        buffer_puts(writer->out, "</div>\n");
    }
}

/* Where the name leads to a page of the artist's, the provider's page is linked too: terms ask for a way back
 * from each event. */
static void put_provider(struct writer *writer, const struct event *event)
{
    const struct translator *translator = writer->options->translator;

    if (translator == NULL || writer->options->eventurl == NULL || event->url == NULL)
        return;
    hput_link(writer->out, "class=\"marquee-more\"", event->url,
              strings_fill(writer->prose.arena, writer->prose.strings->texts[STRING_MORE_AT],
                           translator->title, NULL));
    buffer_puts(writer->out, "\n");
}

static const char *event_class(const struct event *event)
{
    static const char *const classes[] = {[EVENT_SCHEDULED] = "marquee-event",
                                          [EVENT_CANCELLED] = "marquee-event marquee-cancelled",
                                          [EVENT_POSTPONED] = "marquee-event marquee-postponed",
                                          [EVENT_RESCHEDULED] = "marquee-event marquee-rescheduled"};

    return classes[event->status];
}

static void put_event(struct writer *writer, const struct event *event)
{
    buffer_printf(writer->out, "<li class=\"%s\">\n", event_class(event));
    put_when(writer, event);
    put_what(writer, event);
    put_where(writer, &event->place);
    put_notes(writer, event);
    put_offers(writer, event);
    put_provider(writer, event);
    buffer_puts(writer->out, "</li>\n");
}

/* ---- the document ---- */

static void put_calendar(struct writer *writer, const char *class, const char *url, enum string_id name)
{
    buffer_printf(writer->out, " <a class=\"%s\" href=\"", class);
    hput_text(writer->out, url);
    buffer_puts(writer->out, "\">");
    hput_text(writer->out, writer->prose.strings->texts[name]);
    buffer_puts(writer->out, "</a>");
}

static void put_subscribe(struct writer *writer, const char *title)
{
    struct arena *arena = writer->prose.arena;
    const char *url = writer->options->calendar_url;

    if (url == NULL)
        return;
    buffer_puts(writer->out, "<p class=\"marquee-subscribe\">");
    hput_text(writer->out, writer->prose.strings->texts[STRING_SUBSCRIBE_TO]);
    put_calendar(writer, "marquee-webcal", subscribe_webcal(arena, url), STRING_SUBSCRIBE_WEBCAL);
    put_calendar(writer, "marquee-google", subscribe_google(arena, url), STRING_SUBSCRIBE_GOOGLE);
    put_calendar(writer, "marquee-outlook", subscribe_outlook(arena, url, title), STRING_SUBSCRIBE_OUTLOOK);
    buffer_puts(writer->out, "</p>\n");
}

static void put_list(struct writer *writer)
{
    const struct document *document = writer->document;
    const struct translator *translator = writer->options->translator;

    buffer_printf(writer->out, "<section class=\"marquee-events\" lang=\"%s\" aria-label=\"",
                  writer->prose.strings->language);
    hput_text(writer->out, prose_title(&writer->prose, document));
    buffer_puts(writer->out, "\">\n");
    if (document->n_events > 0)
        buffer_puts(writer->out, "<ol class=\"marquee-list\">\n");
    for (size_t i = 0; i < document->n_events; i++)
        put_event(writer, &document->events[i]);
    if (document->n_events > 0)
        buffer_puts(writer->out, "</ol>\n");
    else
        put_line(writer, "p", "class=\"marquee-none\"",
                 writer->prose.strings->texts[STRING_NOTHING_UPCOMING]);
    put_subscribe(writer, prose_title(&writer->prose, document));
    if (translator != NULL && translator->attribution != NULL) {
        buffer_puts(writer->out, "<p class=\"marquee-attribution\">");
        hput_link(writer->out, "class=\"marquee-provider\"", translator->attribution_url,
                  translator->attribution);
        buffer_puts(writer->out, "</p>\n");
    }
    buffer_puts(writer->out, "</section>\n");
}

static bool render_html(const struct document *document, const struct render_options *options,
                        struct arena *arena, struct buffer *out, const char **ret_why)
{
    struct writer writer = {.document = document,
                            .options = options,
                            .prose = {format_language(options), arena, document->now_s},
                            .out = out};

    if (options->markup != MARKUP_ONLY)
        put_list(&writer);
    if (options->markup != MARKUP_NONE && document->n_events > 0) {
        buffer_puts(out, "<script type=\"application/ld+json\">");
        format_jsonld.render(document, options, arena, out, ret_why);
        buffer_puts(out, "</script>\n");
    }
    /* An empty body looks like a failure to those who keep the last good copy. */
    if (options->markup == MARKUP_ONLY && document->n_events == 0)
        buffer_printf(out, "<!-- %s -->\n", writer.prose.strings->texts[STRING_NOTHING_UPCOMING]);
    return true;
}

const struct format format_html = {
    .name = "html",
    .media_type = "text/html; charset=utf-8",
    .render = render_html,
};
