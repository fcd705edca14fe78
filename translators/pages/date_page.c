/* The page about one date. What is marked up must be visible, says Google: so all that its JSON-LD holds is
 * in words here. */
#include <string.h>

#include "page_writer.h"
#include "translators/base/arena.h"
#include "translators/base/text.h"
#include "translators/formats/hput.h"
#include "translators/model/place.h"
#include "translators/model/zone.h"

/* What a calendar of Google's or Microsoft's takes for the end where none is known. */
#define USUAL_LENGTH_S (3 * 3600)
#define DAY_S          86400

static const char *text_of(const struct page_writer *writer, enum string_id id)
{
    return writer->prose.strings->texts[id];
}

static void put_line(const struct page_writer *writer, const char *tag, const char *attributes,
                     const char *text)
{
    hput_element(writer->out, tag, attributes, text);
    buffer_puts(writer->out, text != NULL ? "\n" : "");
}

static void put_term(const struct page_writer *writer, enum string_id id)
{
    hput_element(writer->out, "dt", "", text_of(writer, id));
    buffer_puts(writer->out, "\n<dd>");
}

/* ---- when ---- */

static void put_when(const struct page_writer *writer, const struct event *event)
{
    const struct prose *prose = &writer->prose;
    struct moment start, end;

    when_span(&event->start, &event->end, &start, &end);
    put_term(writer, STRING_DATE_WHEN);
    buffer_puts(writer->out, "<p class=\"date-when\">");
    page_put_time(writer, "", &start, prose_date(prose, &start));
    if (when_known(&end)) {
        buffer_puts(writer->out, " ");
        hput_text(writer->out, text_of(writer, STRING_TO));
        buffer_puts(writer->out, " ");
        page_put_time(writer, "", &end, prose_end(prose, &start, &end));
    }
    buffer_puts(writer->out, "</p>\n");
    if (event->doors.has_time)
        put_line(writer, "p", "class=\"date-doors\"",
                 page_words(writer, STRING_DOORS, prose_time(prose, &event->doors), NULL));
    buffer_puts(writer->out, "</dd>\n");
}

/* ---- where ---- */

/* By its coordinates, which are the place itself; otherwise by the words of its address. */
static const char *map_of(const struct page_writer *writer, const struct place *place)
{
    struct arena *arena = writer->prose.arena;
    const char *address = prose_address(&writer->prose, place);

    if (place->has_geo)
        return arena_printf(arena, "https://www.openstreetmap.org/?mlat=%.6f&mlon=%.6f#map=17/%.6f/%.6f",
                            place->latitude, place->longitude, place->latitude, place->longitude);
    if (place->name != NULL && address != NULL)
        address = arena_printf(arena, "%s, %s", place->name, address);
    return address != NULL ? arena_printf(arena, "https://www.openstreetmap.org/search?query=%s",
                                          text_escape(arena, address))
                           : NULL;
}

static void put_address_line(const struct page_writer *writer, const char *class, const char *text)
{
    if (text == NULL)
        return;
    buffer_printf(writer->out, "<span class=\"%s\" dir=\"auto\">", class);
    hput_text(writer->out, text);
    buffer_puts(writer->out, "</span><br>\n");
}

static void put_where(const struct page_writer *writer, const struct place *place)
{
    const struct translator *translator = writer->options->translator;
    const char *country = place->country != NULL ? prose_country(&writer->prose, place->country) : NULL;
    const struct town_lines lines = prose_town_lines(&writer->prose, place);
    const char *map = map_of(writer, place);

    put_term(writer, STRING_DATE_WHERE);
    buffer_puts(writer->out, "<address>\n");
    put_address_line(writer, "date-venue", place->name);
    put_address_line(writer, "date-street", place->street);
    put_address_line(writer, "date-town", lines.town);
    put_address_line(writer, "date-postal-code", lines.postal_code);
    put_address_line(writer, "date-region", lines.region);
    put_address_line(writer, "date-country", country);
    buffer_puts(writer->out, "</address>\n<p class=\"date-links\">");
    if (map != NULL)
        hput_link(writer->out, "class=\"date-map\"", map, text_of(writer, STRING_DATE_MAP));
    buffer_puts(writer->out, " ");
    if (place->website != NULL)
        hput_link(writer->out, "", place->website, text_of(writer, STRING_DATE_VENUE_SITE));
    buffer_puts(writer->out, " ");
    if (place->url != NULL && translator != NULL)
        hput_link(writer->out, "", place->url,
                  page_words(writer, STRING_DATE_VENUE_PAGE, translator->title, NULL));
    buffer_puts(writer->out, "</p></dd>\n");
}

/* ---- who ---- */

/* "songkick.com" of an address there; NULL: it is no address on the web. */
static const char *host_of(const struct page_writer *writer, const char *url)
{
    const char *host;

    if (!text_is_web_url(url, strlen(url)))
        return NULL;
    host = strstr(url, "://") + 3;
    if (strncmp(host, "www.", 4) == 0)
        host += 4;
    return arena_strndup(writer->prose.arena, host, strcspn(host, ":/?#"));
}

static void put_act(const struct page_writer *writer, const struct act *act)
{
    static const char attributes[] = "class=\"date-act\" dir=\"auto\"";

    buffer_puts(writer->out, "<li>");
    if (act->asked)
        hput_nofollow_link(writer->out, attributes, act->url, act->name);
    else
        hput_link(writer->out, attributes, act->url, act->name);
    for (size_t i = 0; i < act->same_as.n; i++) {
        const char *host = host_of(writer, act->same_as.items[i]);

        if (host == NULL)
            continue;
        buffer_puts(writer->out, " ");
        hput_link(writer->out, "class=\"date-act-page\"", act->same_as.items[i], host);
    }
    buffer_puts(writer->out, "</li>\n");
}

static void put_acts(const struct page_writer *writer, const struct event *event)
{
    put_term(writer, STRING_DATE_ACTS);
    buffer_puts(writer->out, "<ul class=\"date-acts\">\n");
    for (size_t i = 0; i < event->n_acts; i++) {
        if (event->acts[i].name != NULL)
            put_act(writer, &event->acts[i]);
    }
    buffer_puts(writer->out, "</ul></dd>\n");
}

/* ---- tickets ---- */

static const char *availability_of(const struct page_writer *writer, const struct offer *offer)
{
    return offer->availability == AVAILABILITY_IN_STOCK ? text_of(writer, STRING_DATE_AVAILABLE)
                                                        : prose_availability(&writer->prose, offer);
}

static const char *sale_of(const struct page_writer *writer, const struct offer *offer)
{
    bool began = when_known(&offer->valid_from) && when_day_is_over(&offer->valid_from, writer->prose.now_s);

    if (!when_known(&offer->valid_from) || offer->availability == AVAILABILITY_UNKNOWN)
        return began ? page_words(writer, STRING_DATE_SALE_BEGAN,
                                  prose_date(&writer->prose, &offer->valid_from), NULL)
                     : NULL; /* prose_availability() has said it */
    return page_words(writer, began ? STRING_DATE_SALE_BEGAN : STRING_SALE_BEGINS,
                      prose_date(&writer->prose, &offer->valid_from), NULL);
}

/* Nobody is sent to buy tickets of what will not be. */
static void put_offer(const struct page_writer *writer, const struct event *event, const struct offer *offer)
{
    const char *parts[] = {prose_price(&writer->prose, offer), availability_of(writer, offer),
                           sale_of(writer, offer)};
    static const char *const classes[] = {"class=\"date-price\"", "class=\"date-availability\"",
                                          "class=\"date-sale\""};

    bool any = false;

    buffer_puts(writer->out, "<p class=\"date-offer\">");
    if (offer->url != NULL && event->status != EVENT_CANCELLED &&
        offer->availability != AVAILABILITY_SOLD_OUT)
        hput_link(writer->out, "class=\"date-buy\"", offer->url, text_of(writer, STRING_DATE_BUY));
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (parts[i] != NULL)
            buffer_puts(writer->out, any ? " · " : " ");
        any |= parts[i] != NULL;
        hput_element(writer->out, "span", classes[i], parts[i]);
    }
    buffer_puts(writer->out, "</p>\n");
}

static void put_offers(const struct page_writer *writer, const struct event *event)
{
    if (event->n_offers == 0)
        return;
    buffer_puts(writer->out, "<dl>\n");
    put_term(writer, STRING_DATE_TICKETS);
    for (size_t i = 0; i < event->n_offers; i++)
        put_offer(writer, event, &event->offers[i]);
    buffer_puts(writer->out, "</dd>\n</dl>\n");
}

/* ---- the rest ---- */

static void put_more(const struct page_writer *writer, const struct event *event)
{
    const struct translator *translator = writer->options->translator;

    if (event->description == NULL && event->age_range == NULL && event->organizer_name == NULL &&
        event->url == NULL)
        return;
    put_term(writer, STRING_DATE_MORE);
    put_line(writer, "p", "class=\"date-description\" dir=\"auto\"", event->description);
    if (event->age_range != NULL)
        put_line(writer, "p", "class=\"date-ages\"", prose_ages(&writer->prose, event->age_range));
    if (event->organizer_name != NULL) {
        buffer_puts(writer->out, "<p class=\"date-organizer\" dir=\"auto\">");
        hput_link(writer->out, "", event->organizer_url,
                  page_words(writer, STRING_PRESENTED_BY, event->organizer_name, NULL));
        buffer_puts(writer->out, "</p>\n");
    }
    if (event->url != NULL && translator != NULL) {
        buffer_puts(writer->out, "<p class=\"date-provider\">");
        hput_link(writer->out, "", event->url, page_words(writer, STRING_MORE_AT, translator->title, NULL));
        buffer_puts(writer->out, "</p>\n");
    }
    buffer_puts(writer->out, "</dd>\n");
}

/* ---- calendars ---- */

/* "20270312T190000Z", or without Z where the hour is that of a place whose zone is not known, or the day. */
/* As calendars draw it: what has no certain instant is a day, since an hour without zone is another one for
 * each reader. *ret_wall is the hour that is then to be read; unknown: there is none. */
static void calendar_span(const struct event *event, struct moment *start, struct moment *end,
                          struct moment *ret_wall)
{
    *ret_wall = (struct moment){0};
    when_span(&event->start, &event->end, start, end);
    if (!start->has_time)
        return;
    if (zone_settle_nearby(&event->place, start)) {
        if (when_known(end) && !zone_settle_nearby(&event->place, end))
            *end = (struct moment){0};
        return;
    }
    *ret_wall = *start;
    start->has_time = false;
    *end = (struct moment){0};
}

/* The hour where the entry has none, and the address of the page. */
static const char *details_of(const struct page_writer *writer, const struct moment *wall, const char *page)
{
    return when_known(wall)
               ? arena_printf(writer->prose.arena, "%s\n%s", prose_time(&writer->prose, wall), page)
               : page;
}

static const char *stamp_of(const struct page_writer *writer, const struct moment *moment, int64_t later_s)
{
    struct moment utc;

    if (!moment->has_time) {
        utc = when_of_wall_s(when_wall_s(moment) + later_s);
        return arena_printf(writer->prose.arena, "%04d%02d%02d", utc.year, utc.month, utc.day);
    }
    utc = when_of_wall_s(when_wall_s(moment) + later_s -
                         (moment->has_offset ? INT64_C(60) * moment->offset_min : 0));
    return arena_printf(writer->prose.arena, "%04d%02d%02dT%02d%02d%02d%s", utc.year, utc.month, utc.day,
                        utc.hour, utc.minute, utc.second, moment->has_offset ? "Z" : "");
}

/* How long after its start an event is entered as over. */
static int64_t length_s(const struct moment *start, const struct moment *end)
{
    int64_t length_s = when_known(end) ? when_wall_s(end) - when_wall_s(start) : 0;

    if (!start->has_time)
        return (length_s > 0 ? length_s : 0) + DAY_S;
    if (when_known(end) && start->has_offset && end->has_offset)
        length_s -= INT64_C(60) * (end->offset_min - start->offset_min);
    return length_s > 0 ? length_s : USUAL_LENGTH_S;
}

static const char *location_of(const struct page_writer *writer, const struct place *place)
{
    const char *address = prose_address(&writer->prose, place);

    if (place->name != NULL && address != NULL)
        return arena_printf(writer->prose.arena, "%s, %s", place->name, address);
    return place->name != NULL ? place->name : address != NULL ? address : "";
}

static const char *google_of(const struct page_writer *writer, const struct event *event, const char *page)
{
    struct arena *arena = writer->prose.arena;
    const char *name = event_display_name(arena, event);
    struct moment start, end, wall;

    calendar_span(event, &start, &end, &wall);
    return arena_printf(arena,
                        "https://calendar.google.com/calendar/render?action=TEMPLATE&text=%s&dates=%s/"
                        "%s&location=%s&details=%s",
                        text_escape(arena, name != NULL ? name : ""), stamp_of(writer, &start, 0),
                        stamp_of(writer, &start, length_s(&start, &end)),
                        text_escape(arena, location_of(writer, &event->place)),
                        text_escape(arena, details_of(writer, &wall, page)));
}

static const char *outlook_of(const struct page_writer *writer, const struct event *event, const char *page)
{
    struct arena *arena = writer->prose.arena;
    const char *name = event_display_name(arena, event);
    char from[WHEN_TEXT_BYTES], to[WHEN_TEXT_BYTES];
    struct moment start, end, until, wall;

    calendar_span(event, &start, &end, &wall);
    until = when_of_wall_s(when_wall_s(&start) + length_s(&start, &end));
    until.has_time = start.has_time;
    until.has_offset = start.has_offset;
    until.offset_min = start.offset_min;
    return arena_printf(arena,
                        "https://outlook.live.com/calendar/0/deeplink/compose?path=/calendar/action/compose&"
                        "rru=addevent&subject=%s&startdt=%s&enddt=%s%s&location=%s&body=%s",
                        text_escape(arena, name != NULL ? name : ""),
                        text_escape(arena, when_format(&start, from)),
                        text_escape(arena, when_format(&until, to)), start.has_time ? "" : "&allday=true",
                        text_escape(arena, location_of(writer, &event->place)),
                        text_escape(arena, details_of(writer, &wall, page)));
}

/* What will not be goes into nobody's calendar. */
static void put_calendars(const struct page_writer *writer, const struct event *event, const char *page)
{
    if (event->status == EVENT_CANCELLED)
        return;
    put_term(writer, STRING_DATE_CALENDAR);
    buffer_puts(writer->out, "<p class=\"date-links\"><a");
    page_put_href(writer, "date.ics");
    buffer_puts(writer->out, ">");
    hput_text(writer->out, text_of(writer, STRING_TOUR_CALENDAR_FILE));
    buffer_puts(writer->out, "</a> ");
    hput_link(writer->out, "", google_of(writer, event, page), text_of(writer, STRING_TOUR_GOOGLE));
    buffer_puts(writer->out, " ");
    hput_link(writer->out, "", outlook_of(writer, event, page), text_of(writer, STRING_TOUR_OUTLOOK));
    buffer_puts(writer->out, "</p></dd>\n");
}

/* ---- the dates before and after ---- */

static void put_neighbour(const struct page_writer *writer, size_t index, enum string_id id, const char *rel)
{
    const struct event *event = &writer->document->events[index];
    const char *slug = page_slug(writer, index), *city = page_city(writer, event);

    if (slug == NULL)
        return;
    if (city == NULL || writer->document->subject == SUBJECT_VENUE)
        city = event_display_name(writer->prose.arena, event);
    buffer_printf(writer->out, "<a rel=\"%s\"", rel);
    page_put_href(writer, arena_printf(writer->prose.arena, "../%s/", slug));
    buffer_puts(writer->out, " dir=\"auto\">");
    hput_text(writer->out,
              page_words(writer, id, prose_days(&writer->prose, event), city != NULL ? city : ""));
    buffer_puts(writer->out, "</a>\n");
}

static void put_neighbours(const struct page_writer *writer, size_t index)
{
    if (writer->document->n_events < 2)
        return;
    buffer_puts(writer->out, "<nav class=\"date-around\" aria-label=\"");
    hput_text(writer->out, text_of(writer, STRING_DATE_AROUND));
    buffer_puts(writer->out, "\">\n");
    if (index > 0)
        put_neighbour(writer, index - 1, STRING_DATE_BEFORE, "prev");
    if (index + 1 < writer->document->n_events)
        put_neighbour(writer, index + 1, STRING_DATE_AFTER, "next");
    buffer_puts(writer->out, "</nav>\n");
}

/* ---- the page ---- */

static const char *class_of(const struct event *event)
{
    static const char *const classes[] = {[EVENT_SCHEDULED] = "date",
                                          [EVENT_CANCELLED] = "date date-cancelled",
                                          [EVENT_POSTPONED] = "date date-postponed",
                                          [EVENT_RESCHEDULED] = "date date-rescheduled"};

    return classes[event->status];
}

/* "Mira Vale at Gasometer Hall": the event and where it is. */
static const char *what_of(const struct page_writer *writer, const struct event *event)
{
    const char *name = event_display_name(writer->prose.arena, event);

    name = name != NULL ? name : page_subject(writer);
    if (event->place.name != NULL)
        return page_words(writer, STRING_NAME_AND_VENUE, name, event->place.name);
    return event->place.locality != NULL
               ? page_words(writer, STRING_NAME_AND_CITY, name, event->place.locality)
               : name;
}

static const char *description_of(const struct page_writer *writer, const struct event *event)
{
    const char *status = prose_status(&writer->prose, event), *acts = prose_acts(&writer->prose, event);
    const char *where = location_of(writer, &event->place);
    const char *text = prose_when(&writer->prose, event);

    text = *where != '\0' ? arena_printf(writer->prose.arena, "%s, %s", text, where) : text;
    text = acts != NULL ? arena_printf(writer->prose.arena, "%s, %s", text, acts) : text;
    return status != NULL ? page_words(writer, STRING_STATUS_AND_NAME, status, text) : text;
}

static void put_status(const struct page_writer *writer, const struct event *event)
{
    const char *status = prose_status(&writer->prose, event);

    if (status == NULL)
        return;
    buffer_puts(writer->out, "<p class=\"date-status\">");
    hput_element(writer->out, "strong", "", status);
    buffer_puts(writer->out, "</p>\n");
}

static void put_markup(const struct page_writer *writer, const struct event *event)
{
    buffer_puts(writer->out, "<script type=\"application/ld+json\">");
    jsonld_put_event(writer->document, event, writer->options, writer->prose.arena, writer->out);
    buffer_puts(writer->out, "</script>\n");
}

void page_put_date(const struct page_writer *writer, size_t index)
{
    const struct event *event = &writer->document->events[index];
    const char *slug = page_slug(writer, index);
    const char *path = arena_printf(writer->prose.arena, "%s/", slug != NULL ? slug : "");
    const char *name = event_display_name(writer->prose.arena, event);
    const struct page_head head = {.title = page_words(writer, STRING_DATE_TITLE, what_of(writer, event),
                                                       prose_days(&writer->prose, event)),
                                   .path = path,
                                   .description = description_of(writer, event),
                                   .picture = page_date_picture(writer, event)};

    page_put_head(writer, &head);
    page_put_up(writer);
    buffer_printf(writer->out, "<main class=\"%s\">\n", class_of(event));
    put_line(writer, "h1", PAGE_NAME_ATTRIBUTES, name);
    put_line(writer, "p", "class=\"date-lead\" dir=\"auto\"", page_city(writer, event));
    put_status(writer, event);
    buffer_puts(writer->out, PAGE_FACTS_BEGIN);
    put_when(writer, event);
    put_where(writer, &event->place);
    buffer_puts(writer->out, PAGE_FACTS_END);
    put_offers(writer, event);
    if (event->n_acts > 0) {
        buffer_puts(writer->out, PAGE_FACTS_BEGIN);
        put_acts(writer, event);
        buffer_puts(writer->out, PAGE_FACTS_END);
    }
    page_put_picture(writer, head.picture, name != NULL ? name : page_subject(writer));
    buffer_puts(writer->out, "<dl>\n");
    put_more(writer, event);
    put_calendars(writer, event, page_absolute(writer, path));
    buffer_puts(writer->out, "</dl>\n");
    put_neighbours(writer, index);
    put_markup(writer, event);
    page_put_foot(writer);
}
