/* What the page at / shows of a document, as JSON for the template of that page: the beginning of the list as
 * visitors will see it and in their language, of the JSON-LD, and of the report in the page's. It is no
 * format to choose. */
#include <jansson.h>

#include "jput.h"
#include "prose.h"
#include "report.h"
#include "translators/base/arena.h"

/* A page is to be looked at; the whole is one link away. */
#define MAX_LISTED     6
#define MAX_JSONLD     1
#define MAX_ROWS       60
#define MAX_PART_BYTES 262144

static size_t at_most(size_t n, size_t max)
{
    return n < max ? n : max;
}

/* The document in another format, of its first `max` events alone. */
static json_t *part(const struct document *document, const struct render_options *options, size_t max,
                    const struct format *format, struct arena *arena)
{
    struct document first = *document;
    struct render_options how = *options;
    struct buffer text = BUFFER_INIT(MAX_PART_BYTES);
    const char *why = NULL;
    json_t *value = NULL;

    first.n_events = at_most(document->n_events, max);
    how.markup = MARKUP_NONE;
    how.indent = true;
    if (format->render(&first, &how, arena, &text, &why) && !text.overflowed)
        value = json_stringn(text.bytes, text.len);
    buffer_done(&text);
    return value != NULL ? value : json_string("");
}

/* Above all else: would Google list any of the dates, and what do pages of their own need? */
static void add_eligibility(json_t *root, const struct document *document, const struct report *report,
                            const struct render_options *options)
{
    const struct translator *translator = options->translator;
    bool listed = report->n_missing[REPORT_PAGE] < document->n_events;
    bool of_event = document->subject == SUBJECT_EVENT;
    bool event_route = translator_route(translator, SUBJECT_EVENT) != NULL;

    json_object_set_new(root, "one", json_boolean(document->n_events == 1));
    json_object_set_new(root, "unlisted", json_boolean(!listed));
    json_object_set_new(root, "all_listed", json_boolean(report->n_missing[REPORT_PAGE] == 0));
    json_object_set_new(root, "paged", json_boolean(listed && !of_event && !options->pages));
    json_object_set_new(root, "event_route", json_boolean(event_route));
}

/* Why Google's carousel cannot be made of it, for the form to say at the field. */
static void add_no_itemlist(json_t *root, const struct document *document,
                            const struct render_options *options, const struct strings *strings,
                            struct arena *arena)
{
    const char *why = itemlist_fault(document, options, strings, arena);

    if (why != NULL)
        json_object_set_new(root, "no_itemlist", json_string(why));
}

static json_t *fields_of(struct arena *arena, const struct strings *strings, const struct report *report,
                         const struct translator *translator)
{
    json_t *list = json_array();

    for (int field = 0; field < REPORT_FIELDS; field++) {
        size_t n = report->n_missing[field];
        enum report_level level = report_level(field);

        if (n == 0)
            continue;
        bool all = report_everywhere(report, field);
        const char *fix = report_fix(arena, strings, field, all, translator);

        json_array_append_new(
            list, json_pack("{ss ss sI sI sb sb sb ss ss}", "label",
                            strings->texts[STRING_LABEL_PAGE + field], "property", report_property(field),
                            "n", (json_int_t)n, "asked", (json_int_t)report->n_asked[field], "all", all,
                            "eligibility", level == REPORT_ELIGIBILITY, "required", level == REPORT_REQUIRED,
                            "why", strings->texts[STRING_WHY_PAGE + field], "fix", fix));
    }
    return list;
}

/* What all events lack was said above; of each event only the rest is of interest. */
static json_t *rows_of(const struct prose *prose, const struct document *document,
                       const struct report *report)
{
    json_t *list = json_array();

    for (size_t i = 0; i < document->n_events && json_array_size(list) < MAX_ROWS; i++) {
        const struct event *event = &document->events[i];
        const char *name = event_display_name(prose->arena, event), *labels = NULL;
        json_t *row;

        for (int field = 0; field < REPORT_FIELDS; field++) {
            const char *label = prose->strings->texts[STRING_LABEL_PAGE + field];

            if (!(report->missing[i] >> field & 1) || report_everywhere(report, field) ||
                !report_calls_for_work(field))
                continue;
            labels = labels != NULL ? arena_printf(prose->arena, "%s, %s", labels, label) : label;
        }
        if (labels == NULL || name == NULL)
            continue;
        row = json_pack("{ss ss ss}", "when", prose_when(prose, event), "name", name, "missing", labels);
        if (event->url != NULL)
            json_object_set_new(row, "page", json_string(event->url));
        json_array_append_new(list, row);
    }
    return list;
}

static bool render_preview(const struct document *document, const struct render_options *options,
                           struct arena *arena, struct buffer *out, const char **ret_why)
{
    const struct strings *strings = options->reader != NULL ? options->reader : strings_chosen();
    const struct prose prose = {strings, arena, document->now_s};
    const struct report *report = report_make(arena, document, options);
    size_t n = document->n_events;
    json_t *root = json_pack("{ss sI sI sI sI sI}", "title", prose_title(&prose, document), "n",
                             (json_int_t)n, "n_shown", (json_int_t)at_most(n, MAX_LISTED), "n_jsonld",
                             (json_int_t)at_most(n, MAX_JSONLD), "n_ready", (json_int_t)report->n_ready,
                             "n_left_out", (json_int_t)document->n_bad_records);

    (void)ret_why;
    json_object_set_new(root, "list", part(document, options, MAX_LISTED, &format_html, arena));
    json_object_set_new(root, "jsonld", part(document, options, MAX_JSONLD, &format_jsonld, arena));
    json_object_set_new(root, "fields", fields_of(arena, strings, report, options->translator));
    json_object_set_new(root, "rows", rows_of(&prose, document, report));
    add_eligibility(root, document, report, options);
    add_no_itemlist(root, document, options, strings, arena);
    jput(root, JSON_COMPACT, out);
    json_decref(root);
    return true;
}

const struct format format_preview = {
    .name = "preview",
    .media_type = "application/json",
    .render = render_preview,
};
