/* The neutral model -> a calendar to subscribe to (RFC 5545, RFC 7986), written by libical.
 *
 * Equal documents are equal bytes, so nothing may depend on when it is written. What a reader goes by to tell
 * a later revision from an earlier one, SEQUENCE, LAST-MODIFIED and DTSTAMP (where there is no METHOD the
 * moment of the last revision, RFC 5545 section 3.8.7.2), comes from the memory of revisions
 * (model/revisions.h), which only grows: SEQUENCE is the minute of the last change. Where nothing is
 * remembered there is neither SEQUENCE nor LAST-MODIFIED, and DTSTAMP, which must be there, is 1970-01-01
 * always.
 *
 * There is no METHOD: a calendar that is fetched is no iTIP message, which would need an ORGANIZER. */
#include <libical/ical.h>
#include <stdlib.h>
#include <string.h>

#include "eventurl.h"
#include "format.h"
#include "prose.h"
#include "translators/base/must.h"
#include "translators/base/text.h"
#include "translators/model/revisions.h"
#include "translators/model/zone.h"

#define PRODID          "-//marquee//upcoming events//EN"
#define MAX_LINE_OCTETS 75
#define CONCERT_H       3 /* of which the upstream gives no end */

struct writer {
    const struct document *document;
    const struct render_options *options;
    struct prose prose;
};

static icalcomponent *component_new(icalcomponent_kind kind)
{
    icalcomponent *component = must(icalcomponent_new(kind));

    return component;
}

/* Takes `property`. */
static void add(icalcomponent *component, icalproperty *property)
{
    must(property);
    icalcomponent_add_property(component, property);
}

static void add_text(icalcomponent *component, icalproperty *make(const char *text), const char *text)
{
    if (text != NULL)
        add(component, make(text));
}

/* ---- times ---- */

static struct icaltimetype day_of(const struct moment *moment, int days_later)
{
    struct icaltimetype day = {
        .year = moment->year, .month = moment->month, .day = moment->day, .is_date = 1};

    icaltime_adjust(&day, days_later, 0, 0, 0);
    return day;
}

/* In UTC. A leap second becomes the second after it. */
static struct icaltimetype time_of(const struct moment *moment)
{
    struct icaltimetype time = {.year = moment->year,
                                .month = moment->month,
                                .day = moment->day,
                                .hour = moment->hour,
                                .minute = moment->minute,
                                .second = moment->second};

    icaltime_adjust(&time, 0, 0, -moment->offset_min, 0);
    time.zone = icaltimezone_get_utc_timezone();
    return time;
}

/* When an event is, as a calendar can show it: in UTC, or all day long. A time without offset would be
 * "floating", a wrong hour for each reader in another zone (RFC 5545 section 3.3.5), so it becomes a day, and
 * `wall` says its hour in words. */
struct span {
    bool is_timed;
    struct moment start, end; /* `end` may be unknown */
    struct moment wall;       /* unknown: there is no hour to say */
};

static struct span span_of(const struct event *event)
{
    struct span span = {.is_timed = false};

    when_span(&event->start, &event->end, &span.start, &span.end);
    if (!span.start.has_time)
        return span;
    if (zone_settle_nearby(&event->place, &span.start)) {
        span.is_timed = true;
        if (when_known(&span.end) && !zone_settle_nearby(&event->place, &span.end))
            span.end = (struct moment){0};
        return span;
    }
    span.wall = span.start;
    /* A night that ends on the next morning is one day. */
    if (when_known(&span.end) && when_wall_s(&span.end) - when_wall_s(&span.start) < 86400)
        span.end = (struct moment){0};
    return span;
}

/* A day without hour is all day long, and DTEND is the day after the last (RFC 5545 section 3.6.1). Without
 * an end a reader draws an event of no height, so a concert whose end is not known, or is not after its start
 * on earth, takes CONCERT_H here; other formats say nothing about its end. */
static void add_times(icalcomponent *component, const struct span *span)
{
    struct icaltimetype first, last;

    if (!span->is_timed) {
        add(component, icalproperty_new_dtstart(day_of(&span->start, 0)));
        add(component, icalproperty_new_dtend(day_of(when_known(&span->end) ? &span->end : &span->start, 1)));
        return;
    }
    first = time_of(&span->start);
    last = time_of(when_known(&span->end) ? &span->end : &span->start);
    if (icaltime_compare(last, first) <= 0) {
        last = first;
        icaltime_adjust(&last, 0, CONCERT_H, 0, 0);
    }
    add(component, icalproperty_new_dtstart(first));
    add(component, icalproperty_new_dtend(last));
}

/* ---- texts ---- */

/* "songkick-7@events.example": the same in every calendar that holds the event. */
static const char *uid_of(const struct writer *writer, const struct event *event)
{
    const char *host = strstr(writer->options->public_url, "://");

    host = host != NULL ? host + 3 : writer->options->public_url;
    return arena_printf(writer->prose.arena, "%s-%s@%.*s", writer->document->provider, event->id,
                        (int)strcspn(host, ":/"), host);
}

/* Many readers show no STATUS, so it is said in words too. */
static const char *summary_of(const struct writer *writer, const struct event *event, const struct span *span)
{
    const struct strings *strings = writer->prose.strings;
    struct arena *arena = writer->prose.arena;
    const char *name = event_display_name(arena, event);

    if (name != NULL && event->place.name != NULL)
        name = strings_fill(arena, strings->texts[STRING_NAME_AND_VENUE], name, event->place.name, NULL);
    else if (name != NULL && event->place.locality != NULL)
        name = strings_fill(arena, strings->texts[STRING_NAME_AND_CITY], name, event->place.locality, NULL);
    if (name != NULL && (event->status == EVENT_CANCELLED || event->status == EVENT_POSTPONED))
        name = strings_fill(arena, strings->texts[STRING_STATUS_AND_NAME],
                            prose_status(&writer->prose, event), name, NULL);
    if (name != NULL && when_known(&span->wall))
        name = strings_fill(arena, strings->texts[STRING_NAME_AND_HOUR], name,
                            prose_time(&writer->prose, &span->wall), NULL);
    return name;
}

static const char *location_of(const struct writer *writer, const struct place *place)
{
    const char *address = prose_address(&writer->prose, place);

    if (place->name == NULL || address == NULL)
        return place->name != NULL ? place->name : address;
    return arena_printf(writer->prose.arena, "%s, %s", place->name, address);
}

/* One line under the other; either may be NULL. */
static const char *below(struct arena *arena, const char *text, const char *line)
{
    return text != NULL && line != NULL ? arena_printf(arena, "%s\n%s", text, line)
           : text != NULL               ? text
                                        : line;
}

/* `what` and where it is: "Tickets: https://…". NULL for what is no address on the web. */
static const char *pointer(const struct writer *writer, const char *what, const char *url)
{
    return url != NULL && text_is_web_url(url, strlen(url))
               ? strings_fill(writer->prose.arena, writer->prose.strings->texts[STRING_STATUS_AND_NAME], what,
                              url, NULL)
               : NULL;
}

static const char *description_of(const struct writer *writer, const struct event *event,
                                  const struct span *span)
{
    const struct translator *translator = writer->options->translator;
    const struct prose *prose = &writer->prose;
    const char *text = below(prose->arena, prose_status(prose, event), prose_acts(prose, event));

    text = below(prose->arena, text, event->description);
    if (when_known(&span->wall))
        text = below(prose->arena, text,
                     strings_fill(prose->arena, prose->strings->texts[STRING_BEGINS_AT],
                                  prose_time(prose, &span->wall), NULL));
    if (event->doors.has_time)
        text = below(prose->arena, text,
                     strings_fill(prose->arena, prose->strings->texts[STRING_DOORS],
                                  prose_time(prose, &event->doors), NULL));
    if (event->age_range != NULL)
        text = below(prose->arena, text, prose_ages(prose, event->age_range));
    for (size_t i = 0; i < event->n_offers && event->status != EVENT_CANCELLED; i++)
        text = below(prose->arena, text,
                     pointer(writer, prose->strings->texts[STRING_TICKETS], event->offers[i].url));
    if (translator != NULL)
        text = below(prose->arena, text,
                     pointer(writer, translator->attribution,
                             event->url != NULL ? event->url : translator->attribution_url));
    return text;
}

/* ---- components ---- */

/* A cancelled event has no STATUS: Google Calendar hides what is STATUS:CANCELLED, and its subscriber would
 * never learn it. Its SUMMARY says the word. */
static void add_status(icalcomponent *component, const struct event *event)
{
    if (event->status != EVENT_CANCELLED)
        add(component, icalproperty_new_status(event->status == EVENT_POSTPONED ? ICAL_STATUS_TENTATIVE
                                                                                : ICAL_STATUS_CONFIRMED));
}

static void add_revision(icalcomponent *component, const struct event *event)
{
    struct moment changed = when_of_wall_s(event->changed_s);
    struct icaltimetype stamp = time_of(&changed);

    add(component, icalproperty_new_dtstamp(stamp));
    if (event->changed_s == 0)
        return;
    add(component, icalproperty_new_lastmodified(stamp));
    add(component, icalproperty_new_sequence((int)revisions_number(event)));
}

static icalcomponent *event_new(const struct writer *writer, const struct event *event)
{
    icalcomponent *component = component_new(ICAL_VEVENT_COMPONENT);
    const char *page = eventurl_page(writer->prose.arena, writer->options, event);
    struct span span = span_of(event);

    add_text(component, icalproperty_new_uid, uid_of(writer, event));
    add_revision(component, event);
    add_status(component, event);
    add_times(component, &span);
    add_text(component, icalproperty_new_summary, summary_of(writer, event, &span));
    add_text(component, icalproperty_new_location, location_of(writer, &event->place));
    if (event->place.has_geo)
        add(component,
            icalproperty_new_geo((struct icalgeotype){event->place.latitude, event->place.longitude}));
    if (page != NULL && text_is_web_url(page, strlen(page)))
        add(component, icalproperty_new_url(page));
    add_text(component, icalproperty_new_description, description_of(writer, event, &span));
    /* An announcement makes nobody busy. */
    add(component, icalproperty_new_transp(ICAL_TRANSP_TRANSPARENT));
    return component;
}

/* What a calendar without events consists of, as one without any component is none (RFC 5545 section 3.6). */
static icalcomponent *utc_zone_new(void)
{
    icalcomponent *zone = component_new(ICAL_VTIMEZONE_COMPONENT);
    icalcomponent *standard = component_new(ICAL_XSTANDARD_COMPONENT);
    struct icaltimetype begin = {.year = 1970, .month = 1, .day = 1};

    add(zone, icalproperty_new_tzid("UTC"));
    add(standard, icalproperty_new_dtstart(begin));
    add(standard, icalproperty_new_tzoffsetfrom(0));
    add(standard, icalproperty_new_tzoffsetto(0));
    icalcomponent_add_component(zone, standard);
    return zone;
}

static icalcomponent *calendar_new(const struct writer *writer)
{
    icalcomponent *calendar = component_new(ICAL_VCALENDAR_COMPONENT);
    const struct translator *translator = writer->options->translator;

    add(calendar, icalproperty_new_version("2.0"));
    add(calendar, icalproperty_new_prodid(PRODID));
    add(calendar, icalproperty_new_name(prose_title(&writer->prose, writer->document)));
    if (translator != NULL) {
        struct icaldurationtype fresh = icaldurationtype_from_int(translator->fresh_s[RESOURCE_EVENTS]);
        char *text = icaldurationtype_as_ical_string_r(fresh);
        icalproperty *ttl = icalproperty_new_x(text);

        add_text(calendar, icalproperty_new_description, translator->attribution);
        add(calendar, icalproperty_new_refreshinterval(fresh));
        add(calendar, ttl);
        icalproperty_set_x_name(ttl, "X-PUBLISHED-TTL"); /* the older name of REFRESH-INTERVAL */
        icalmemory_free_buffer(text);
    }
    if (writer->document->n_events == 0)
        icalcomponent_add_component(calendar, utc_zone_new());
    for (size_t i = 0; i < writer->document->n_events; i++)
        icalcomponent_add_component(calendar, event_new(writer, &writer->document->events[i]));
    return calendar;
}

/* ---- lines ---- */

/* Lines without any fold. libical 3.0 folds between the CR and the LF of a line's own end and leaves lines
 * empty, so its folds are taken back; in a value CR and LF are escapes. */
static void unfold(const char *text, struct buffer *out)
{
    const char *fold;

    while ((fold = strstr(text, "\r\n ")) != NULL) {
        buffer_append(out, text, (size_t)(fold - text));
        text = fold + 3;
    }
    buffer_puts(out, text);
}

/* One line, folded at 75 octets and never within a character. */
static void put_line(struct buffer *out, const char *line, size_t len)
{
    size_t column = 0;

    while (len > 0) {
        uint32_t code_point;
        size_t n = text_decode(line, len, &code_point);

        n = n > 0 ? n : 1;
        if (column + n > MAX_LINE_OCTETS) {
            buffer_puts(out, "\r\n ");
            column = 1;
        }
        buffer_append(out, line, n);
        column += n;
        line += n;
        len -= n;
    }
    buffer_puts(out, "\r\n");
}

/* The calendar's name goes out under its older name too, the only one that most readers know; by libical an
 * X- property would be no text, and its commas no escapes. */
static void put_lines(struct arena *arena, struct buffer *out, const char *text)
{
    while (*text != '\0') {
        size_t len = strcspn(text, "\r\n");

        put_line(out, text, len);
        if (strncmp(text, "NAME:", 5) == 0) {
            const char *line = arena_printf(arena, "X-WR-CALNAME:%.*s", (int)len - 5, text + 5);

            put_line(out, line, strlen(line));
        }
        text += len + strspn(text + len, "\r\n");
    }
}

static bool render_ics(const struct document *document, const struct render_options *options,
                       struct arena *arena, struct buffer *out, const char **ret_why)
{
    struct writer writer = {.document = document,
                            .options = options,
                            .prose = {format_language(options), arena, document->now_s}};
    struct buffer unfolded = BUFFER_INIT(out->max);
    icalcomponent *calendar = calendar_new(&writer);
    char *text = must(icalcomponent_as_ical_string_r(calendar));

    (void)ret_why;
    unfold(text, &unfolded);
    if (unfolded.overflowed)
        out->overflowed = true;
    else
        put_lines(arena, out, unfolded.bytes);
    buffer_done(&unfolded);
    icalmemory_free_buffer(text);
    icalcomponent_free(calendar);
    return true;
}

const struct format format_ics = {
    .name = "ics",
    .media_type = "text/calendar; charset=utf-8",
    .render = render_ics,
};
