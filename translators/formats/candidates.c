/* What a search found -> JSON: {"provider": ..., "candidates": [{id, name, url, detail, upcoming}]}, best
 * first. It is no format to choose: /api/{provider}/search has this one, and nothing else has. */
#include <jansson.h>

#include "format.h"
#include "jput.h"
#include "prose.h"

static void set_text(json_t *object, const char *key, const char *text)
{
    if (text != NULL)
        json_object_set_new(object, key, json_string(text));
}

/* For programs the day is as digits, for readers as their language writes it. */
static const char *tour_until(struct arena *arena, const struct strings *reader, const char *day)
{
    const struct strings *strings = reader != NULL ? reader : strings_chosen();
    const struct prose prose = {strings, arena, 0};
    struct moment moment;

    if (reader != NULL && when_parse_date(day, &moment))
        day = prose_date(&prose, &moment);
    return strings_fill(arena, strings->texts[STRING_ON_TOUR_UNTIL], day, NULL);
}

static json_t *candidate_node(const struct candidate *candidate, const struct render_options *options,
                              struct arena *arena)
{
    json_t *node = json_object();

    set_text(node, "id", candidate->id);
    set_text(node, "name", candidate->name);
    set_text(node, "url", candidate->url);
    set_text(node, "detail", candidate->detail);
    if (candidate->on_tour_until != NULL)
        set_text(node, "detail", tour_until(arena, options->reader, candidate->on_tour_until));
    if (candidate->n_upcoming >= 0)
        json_object_set_new(node, "upcoming", json_integer(candidate->n_upcoming));
    return node;
}

static bool render_candidates(const struct document *document, const struct render_options *options,
                              struct arena *arena, struct buffer *out, const char **ret_why)
{
    json_t *root = json_object(), *list = json_array();

    (void)ret_why;
    for (size_t i = 0; i < document->n_candidates; i++)
        json_array_append_new(list, candidate_node(&document->candidates[i], options, arena));
    set_text(root, "provider", options->translator->name);
    set_text(root, "attribution", options->translator->attribution);
    set_text(root, "attribution_url", options->translator->attribution_url);
    json_object_set_new(root, "candidates", list);
    jput(root, options->indent ? JSON_INDENT(2) : JSON_COMPACT, out);
    json_decref(root);
    buffer_puts(out, "\n");
    return true;
}

const struct format format_candidates = {
    .name = "candidates",
    .media_type = "application/json",
    .render = render_candidates,
};
