/* The checks of the report, and the format that gives it out as JSON. A document holds only events with a
 * name, a date and a place of some kind (model.c), so that nothing is said of these. */
#include "report.h"

#include <jansson.h>
#include <string.h>

#include "eventurl.h"
#include "jput.h"
#include "prose.h"
#include "translators/base/arena.h"

/* ---- checks ---- */

/* Some is not to be asked of every event: nobody buys tickets of what was cancelled. */
enum finding { FOUND, MISSING, NOT_ASKED };

struct check {
    const char *property;
    enum report_level level;
    enum finding (*look)(
        const struct event *event); /* NULL: the page, which is no matter of the event alone */
};

static enum finding found_if(bool found)
{
    return found ? FOUND : MISSING;
}

static enum finding look_address(const struct event *event)
{
    const struct place *place = &event->place;

    return found_if(place->street != NULL || place->postal_code != NULL || place->locality != NULL);
}

/* Of a spot in a city, or an unknown venue, the city is all there is to say. */
static enum finding look_street(const struct event *event)
{
    return event->place.name != NULL ? found_if(event->place.street != NULL) : NOT_ASKED;
}

static enum finding look_venue(const struct event *event)
{
    return event->place.name != NULL ? FOUND : event->kind == EVENT_FESTIVAL ? NOT_ASKED : MISSING;
}

static enum finding look_hour(const struct event *event)
{
    return event->start.has_time ? FOUND : event->kind == EVENT_FESTIVAL ? NOT_ASKED : MISSING;
}

static enum finding look_end(const struct event *event)
{
    return found_if(when_known(&event->end));
}

static enum finding look_image(const struct event *event)
{
    return found_if(event->images.n > 0);
}

static enum finding look_description(const struct event *event)
{
    return found_if(event->description != NULL);
}

static enum finding look_performer(const struct event *event)
{
    return found_if(event->n_acts > 0);
}

static enum finding look_organizer(const struct event *event)
{
    return found_if(event->organizer_name != NULL);
}

static enum finding look_tickets(const struct event *event)
{
    for (size_t i = 0; i < event->n_offers; i++) {
        if (event->offers[i].url != NULL)
            return FOUND;
    }
    return event->status == EVENT_CANCELLED ? NOT_ASKED : MISSING;
}

static enum finding look_price(const struct event *event)
{
    for (size_t i = 0; i < event->n_offers; i++) {
        if (event->offers[i].has_price)
            return FOUND;
    }
    return event->n_offers == 0 || event->status == EVENT_CANCELLED ? NOT_ASKED : MISSING;
}

static enum finding look_availability(const struct event *event)
{
    for (size_t i = 0; i < event->n_offers; i++) {
        if (event->offers[i].availability != AVAILABILITY_UNKNOWN || when_known(&event->offers[i].valid_from))
            return FOUND;
    }
    return event->n_offers == 0 || event->status == EVENT_CANCELLED ? NOT_ASKED : MISSING;
}

static const struct check checks[REPORT_FIELDS] = {
    [REPORT_PAGE] = {"url", REPORT_ELIGIBILITY, NULL},
    [REPORT_ADDRESS] = {"location.address", REPORT_REQUIRED, look_address},
    [REPORT_STREET] = {"location.address.streetAddress", REPORT_RECOMMENDED, look_street},
    [REPORT_VENUE] = {"location.name", REPORT_RECOMMENDED, look_venue},
    [REPORT_HOUR] = {"startDate", REPORT_RECOMMENDED, look_hour},
    [REPORT_TICKETS] = {"offers.url", REPORT_RECOMMENDED, look_tickets},
    [REPORT_PRICE] = {"offers.price", REPORT_RECOMMENDED, look_price},
    [REPORT_AVAILABILITY] = {"offers.availability", REPORT_RECOMMENDED, look_availability},
    [REPORT_IMAGE] = {"image", REPORT_RECOMMENDED, look_image},
    [REPORT_PERFORMER] = {"performer", REPORT_RECOMMENDED, look_performer},
    [REPORT_DESCRIPTION] = {"description", REPORT_RECOMMENDED, look_description},
    [REPORT_ORGANIZER] = {"organizer", REPORT_RECOMMENDED, look_organizer},
    [REPORT_END] = {"endDate", REPORT_RECOMMENDED, look_end},
};

const char *report_property(enum report_field field)
{
    return checks[field].property;
}

enum report_level report_level(enum report_field field)
{
    return checks[field].level;
}

bool report_everywhere(const struct report *report, enum report_field field)
{
    return report->n_missing[field] == report->n_asked[field];
}

bool report_calls_for_work(enum report_field field)
{
    return field != REPORT_END;
}

/* What the event has by itself, or the request gives to all. `page` is NULL without pages. */
static enum finding look_at(enum report_field field, const struct event *event, const struct event_page *page,
                            const struct render_options *options)
{
    if (field == REPORT_PAGE)
        return found_if(page != NULL && page->address != NULL && page->n_events == 1);
    if (field == REPORT_IMAGE && options->image != NULL)
        return FOUND;
    return checks[field].look(event);
}

struct report *report_make(struct arena *arena, const struct document *document,
                           const struct render_options *options)
{
    struct report *report = arena_alloc(arena, sizeof(*report));
    const struct event_page *pages =
        options->eventurl != NULL ? eventurl_pages(arena, document, options->eventurl) : NULL;

    report->missing = arena_alloc(arena, (document->n_events + 1) * sizeof(*report->missing));
    for (size_t i = 0; i < document->n_events; i++) {
        bool ready = true;

        for (int field = 0; field < REPORT_FIELDS; field++) {
            enum finding finding = look_at((enum report_field)field, &document->events[i],
                                           pages != NULL ? &pages[i] : NULL, options);

            report->n_asked[field] += finding != NOT_ASKED;
            if (finding != MISSING)
                continue;
            report->missing[i] |= UINT32_C(1) << field;
            report->n_missing[field]++;
            ready &= checks[field].level != REPORT_REQUIRED;
        }
        report->n_ready += ready;
    }
    return report;
}

const char *report_fix(struct arena *arena, const struct strings *strings, enum report_field field,
                       bool everywhere, const struct translator *translator)
{
    if (field == REPORT_PAGE)
        return strings->texts[STRING_FIX_PAGE];
    if (field == REPORT_END)
        return strings->texts[STRING_FIX_END];
    return strings_fill(arena, everywhere ? strings->texts[STRING_FIX_ALL] : strings->texts[STRING_FIX_SOME],
                        translator->title, NULL);
}

/* ---- the format ---- */

static json_t *field_node(struct arena *arena, const struct report *report, enum report_field field,
                          const struct render_options *options)
{
    static const char *const levels[] = {[REPORT_ELIGIBILITY] = "eligibility",
                                         [REPORT_REQUIRED] = "required",
                                         [REPORT_RECOMMENDED] = "recommended"};
    const struct strings *strings = strings_chosen();
    size_t n = report->n_missing[field];

    return json_pack(
        "{ss ss ss sI ss ss}", "property", checks[field].property, "label",
        strings->texts[STRING_LABEL_PAGE + field], "level", levels[checks[field].level], "missing",
        (json_int_t)n, "why", strings->texts[STRING_WHY_PAGE + field], "fix",
        report_fix(arena, strings, field, report_everywhere(report, field), options->translator));
}

/* What curation did with a record, in the words that its rule has in model.h. */
static const char *const rules[CURATION_RULES] = {
    [CURATION_SAME_SHOW] = "folded: the same show",
    [CURATION_SAME_FESTIVAL] = "folded: the same festival",
    [CURATION_FIRST_DAY] = "folded: the first day of the festival",
    [CURATION_ALL_DAYS] = "folded: each of its days is listed",
    [CURATION_TICKET] = "folded: a ticket of the show",
    [CURATION_RESALE] = "folded: resale of the show",
    [CURATION_SEPARATE] = "separate: another show of the day",
    [CURATION_SOLD_BESIDE] = "left out: sold beside a show",
    [CURATION_SEASON] = "left out: sold for many shows",
    [CURATION_NO_DAY] = "left out: its day is not known",
    [CURATION_ONLINE] = "left out: takes place online",
    [CURATION_NO_CONCERT] = "left out: no concert",
};

static json_t *record_node(const struct curated *record)
{
    char text[WHEN_TEXT_BYTES];
    json_t *node = json_pack("{ss}", "id", record->id);

    if (record->name != NULL)
        json_object_set_new(node, "name", json_string(record->name));
    if (when_known(&record->start))
        json_object_set_new(node, "startDate", json_string(when_format(&record->start, text)));
    json_object_set_new(node, "rule", json_string(rules[record->rule]));
    return node;
}

/* The records of an event, or, with NULL, those that were left out. None: nothing is added. */
static void add_records(json_t *node, const char *member, const struct document *document,
                        const char *event_id)
{
    json_t *list = json_array();

    for (size_t i = 0; i < document->n_curated; i++) {
        const struct curated *record = &document->curated[i];

        if (event_id != NULL ? record->event_id != NULL && strcmp(record->event_id, event_id) == 0
                             : record->event_id == NULL)
            json_array_append_new(list, record_node(record));
    }
    if (json_array_size(list) > 0)
        json_object_set(node, member, list);
    json_decref(list);
}

static json_t *event_node(struct arena *arena, const struct document *document, const struct event *event,
                          uint32_t missing)
{
    json_t *node = json_object(), *list = json_array();
    const char *name = event_display_name(arena, event);
    char text[WHEN_TEXT_BYTES];

    json_object_set_new(node, "id", json_string(event->id));
    if (name != NULL)
        json_object_set_new(node, "name", json_string(name));
    json_object_set_new(node, "startDate", json_string(when_format(&event->start, text)));
    if (event->url != NULL)
        json_object_set_new(node, "page", json_string(event->url));
    for (int field = 0; field < REPORT_FIELDS; field++) {
        if (missing >> field & 1)
            json_array_append_new(list, json_string(checks[field].property));
    }
    json_object_set_new(node, "missing", list);
    add_records(node, "records", document, event->id);
    return node;
}

static bool render_report(const struct document *document, const struct render_options *options,
                          struct arena *arena, struct buffer *out, const char **ret_why)
{
    const struct report *report = report_make(arena, document, options);
    json_t *root = json_object(), *fields = json_array(), *events = json_array();

    (void)ret_why;
    json_object_set_new(root, "provider", json_string(options->translator->name));
    json_object_set_new(root, "events", json_integer((json_int_t)document->n_events));
    json_object_set_new(root, "ready", json_integer((json_int_t)report->n_ready));
    json_object_set_new(root, "left_out", json_integer((json_int_t)document->n_bad_records));
    for (int field = 0; field < REPORT_FIELDS; field++) {
        if (report->n_missing[field] > 0)
            json_array_append_new(fields, field_node(arena, report, field, options));
    }
    for (size_t i = 0; i < document->n_events; i++)
        json_array_append_new(events, event_node(arena, document, &document->events[i], report->missing[i]));
    json_object_set_new(root, "fields", fields);
    json_object_set_new(root, "list", events);
    add_records(root, "records_left_out", document, NULL);
    jput(root, options->indent ? JSON_INDENT(2) : JSON_COMPACT, out);
    json_decref(root);
    buffer_puts(out, "\n");
    return true;
}

const struct format format_report = {
    .name = "report",
    .media_type = "application/json",
    .render = render_report,
};
