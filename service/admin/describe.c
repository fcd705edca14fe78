/* Writes the descriptions. What they describe is in parameter.c, registry.c, format.c and problem_answer.c.
 */
#include "describe.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "describe_pages.h"
#include "service/document/parameter.h"
#include "service/document/route.h"
#include "service/http/problem_answer.h"
#include "translators/base/buffer.h"
#include "translators/base/must.h"

#define WORDS_MAX_BYTES 65536

static const char summary[] = "Concert dates of an artist, a venue or one event as schema.org JSON-LD and "
                              "other formats, from the APIs of "
                              "several providers, cached. Every answer says in Cache-Status where it came "
                              "from. Parameters that are not known "
                              "are ignored.";

/* ---- what both say ---- */

static unsigned where(const struct route *route)
{
    return route->subject == SUBJECT_SEARCH ? FOR_SEARCHES : FOR_DOCUMENTS;
}

static void id_help(const struct route *route, char *text, size_t size)
{
    snprintf(text, size, "%s Here: %s.", parameters[PARAMETER_ID].help, strings_get(route->id_form));
}

static const char *what_of(enum subject subject)
{
    static const char *const texts[SUBJECTS] = {
        [SUBJECT_ARTIST] = "The upcoming events of an artist",
        [SUBJECT_VENUE] = "The calendar of a venue",
        [SUBJECT_EVENT] = "One event",
        [SUBJECT_SEARCH] = "Artists by what their names may be",
    };
    return texts[subject];
}

/* The index-th route of a provider, its search the last; NULL: there are no more. */
static const struct route *route_at(const struct translator *translator, size_t index)
{
    size_t n = 0;
    while (translator->routes[n].step != NULL)
        n++;
    return index < n ? &translator->routes[index] : index == n ? translator->search : NULL;
}

/* ---- OpenAPI ---- */

static json_t *words_of(const char *text)
{
    json_t *list = json_array();
    for (text += strspn(text, " "); *text != '\0'; text += strspn(text, " ")) {
        size_t len = strcspn(text, " ");
        json_array_append_new(list, json_stringn(text, len));
        text += len;
    }
    return list;
}

static json_t *format_list(void)
{
    json_t *list = json_array();
    for (size_t i = 0; formats[i] != NULL; i++)
        json_array_append_new(list, json_string(formats[i]->name));
    return list;
}

static json_t *schema_of(int index)
{
    const struct parameter *parameter = &parameters[index];
    if (index == PARAMETER_FORMAT)
        return json_pack("{s:s, s:o, s:s}", "type", "string", "enum", format_list(), "default",
                         formats[0]->name);
    if (parameter->max > 0)
        return json_pack("{s:s, s:i, s:i}", "type", "integer", "minimum", 1, "maximum", (int)parameter->max);
    if (parameter->choices != NULL)
        return json_pack("{s:s, s:o}", "type", "string", "enum", words_of(parameter->choices));
    return json_pack("{s:s, s:i, s:i}", "type", "string", "minLength", 1, "maxLength",
                     (int)parameter->max_bytes);
}

static json_t *parameter_object(const char *name, int index, bool required, const char *help)
{
    return json_pack("{s:s, s:s, s:b, s:s, s:o}", "name", name, "in", "query", "required", required,
                     "description", help, "schema", schema_of(index));
}

/* Either the id or its alias is wanted: OpenAPI has no way to say that but in words. */
static void add_ids(json_t *list, const struct route *route)
{
    char help[400];
    id_help(route, help, sizeof(help));
    json_array_append_new(list, parameter_object("id", PARAMETER_ID, route->id_alias == NULL, help));
    if (route->id_alias == NULL)
        return;
    snprintf(help, sizeof(help), "The same as id, in links of 2014. One of the two must be given.");
    json_array_append_new(list, parameter_object(route->id_alias, PARAMETER_ID, false, help));
}

/* The last part of a path that says the format. */
static json_t *ending_parameter(void)
{
    json_t *list = json_array();
    for (const struct route_ending *row = route_endings; row->ending != NULL; row++)
        json_array_append_new(list, json_string(row->ending + 1));
    return json_pack("{s:s, s:s, s:b, s:s, s:{s:s, s:o}}", "name", "ending", "in", "path", "required", 1,
                     "description", "The format: json is jsonld.", "schema", "type", "string", "enum", list);
}

/* `has_ending`: that of the path says the format. */
static json_t *parameters_of(const struct route *route, bool has_ending)
{
    json_t *list = json_array();
    if (has_ending)
        describe_add_ref(list, "ending");
    for (int i = 0; i < PARAMETERS; i++) {
        if ((parameters[i].where & where(route)) == 0 || (i == PARAMETER_FORMAT && has_ending))
            continue;
        if (i == PARAMETER_ID)
            add_ids(list, route);
        else
            describe_add_ref(list, parameters[i].name);
    }
    for (size_t i = 0; i < DESCRIBE_CLAIMS; i++)
        describe_add_ref(list, describe_claims[i].name);
    return list;
}

/* A media type without its parameters. */
static json_t *content_add(json_t *content, const char *media_type, json_t *schema)
{
    char type[64];
    snprintf(type, sizeof(type), "%.*s", (int)strcspn(media_type, ";"), media_type);
    json_object_set_new(content, type, json_pack("{s:o}", "schema", schema));
    return content;
}

static json_t *ref_to(const char *schema)
{
    return json_pack("{s:s+}", "$ref", "#/components/schemas/", schema);
}

static void add_format(json_t *content, const struct format *format)
{
    bool is_text = strncmp(format->media_type, "text/", 5) == 0;
    content_add(content, format->media_type,
                is_text ? json_pack("{s:s}", "type", "string") : ref_to("JsonDocument"));
}

static json_t *good_content(const struct route *route, bool has_ending)
{
    json_t *content = json_object();
    if (where(route) == FOR_SEARCHES)
        return content_add(content, format_candidates.media_type, ref_to("Candidates"));
    for (const struct route_ending *row = route_endings; row->ending != NULL && has_ending; row++)
        add_format(content, row->format);
    for (size_t i = 0; formats[i] != NULL && !has_ending; i++)
        add_format(content, formats[i]);
    return content;
}

static const char *responses_name(const struct route *route)
{
    return where(route) == FOR_SEARCHES ? "search" : "document";
}

/* The statuses of all problems, each once. A GET is never 405, and only the form wants a password. */
static bool is_first_of_status(int kind)
{
    int status = problem_status((enum problem_kind)kind);
    for (int i = PROBLEM_NONE + 1; i < kind; i++) {
        if (problem_status((enum problem_kind)i) == status)
            return false;
    }
    return kind != PROBLEM_METHOD && kind != PROBLEM_PASSWORD;
}

/* Each status of a problem with the response of that name. */
static void add_problems(json_t *responses, const char *name)
{
    for (int i = PROBLEM_NONE + 1; i < PROBLEM_KINDS; i++) {
        char status[8], ref[64];
        if (!is_first_of_status(i))
            continue;
        snprintf(status, sizeof(status), "%d", problem_status((enum problem_kind)i));
        snprintf(ref, sizeof(ref), "#/components/responses/%s-%s", name, status);
        json_object_set_new(responses, status, json_pack("{s:s}", "$ref", ref));
    }
}

static json_t *responses_of(const struct route *route, bool has_ending)
{
    json_t *responses = json_pack("{s:{s:s, s:o}, s:{s:s}}", "200", "description", what_of(route->subject),
                                  "content", good_content(route, has_ending), "304", "description",
                                  "What the client has is still right (If-None-Match)");
    add_problems(responses, responses_name(route));
    return responses;
}

static json_t *operation_of(const struct translator *translator, const struct route *route, bool has_ending)
{
    char id[96], description[400];
    snprintf(id, sizeof(id), "%s-%s%s", translator->name, subject_name(route->subject),
             has_ending ? "-ending" : "");
    snprintf(description, sizeof(description),
             "Data: %s (%s), which must be said beside it. Kept for %d hours at most.",
             translator->attribution, translator->attribution_url, translator->keep_ceiling_s / 3600);
    return json_pack("{s:{s:s, s:[s], s:s, s:s, s:o, s:o}}", "get", "operationId", id, "tags",
                     translator->name, "summary", what_of(route->subject), "description", description,
                     "parameters", parameters_of(route, has_ending), "responses",
                     responses_of(route, has_ending));
}

static void add_paths(json_t *all, const struct translator *translator, const struct route *route)
{
    char path[96];
    const char *subject = subject_name(route->subject);
    snprintf(path, sizeof(path), "/api/%s/%s", translator->name, subject);
    json_object_set_new(all, path, operation_of(translator, route, false));
    if (where(route) == FOR_SEARCHES)
        return;
    snprintf(path, sizeof(path), "/api/%s/%s.{ending}", translator->name, subject);
    json_object_set_new(all, path, operation_of(translator, route, true));
}

static json_t *paths(void)
{
    json_t *all = json_object();
    const struct route *route;
    for (size_t i = 0; translators[i] != NULL; i++) {
        for (size_t k = 0; (route = route_at(translators[i], k)) != NULL; k++)
            add_paths(all, translators[i], route);
    }
    json_t *problems = json_object();
    add_problems(problems, "page");
    describe_pages_add(all, problems);
    json_decref(problems);
    return all;
}

static json_t *tags(void)
{
    json_t *list = json_array();
    for (size_t i = 0; translators[i] != NULL; i++)
        json_array_append_new(list, json_pack("{s:s, s:s}", "name", translators[i]->name, "description",
                                              translators[i]->title));
    json_array_append_new(
        list, json_pack("{s:s, s:s}", "name", "tour", "description", "Tours that the operator has set up"));
    return list;
}

static json_t *shared_parameters(void)
{
    json_t *all = json_object();
    for (int i = 0; i < PARAMETERS; i++) {
        if (i != PARAMETER_ID && (parameters[i].where & (FOR_DOCUMENTS | FOR_SEARCHES | FOR_PAGES)) != 0)
            json_object_set_new(
                all, parameters[i].name,
                parameter_object(parameters[i].name, i, parameters[i].required, parameters[i].help));
    }
    json_object_set_new(all, "ending", ending_parameter());
    for (size_t i = 0; i < DESCRIBE_CLAIMS; i++)
        json_object_set_new(all, describe_claims[i].name,
                            json_pack("{s:s, s:s, s:b, s:s, s:{s:s}}", "name", describe_claims[i].name, "in",
                                      "query", "required", 0, "description", describe_claims[i].help,
                                      "schema", "type", describe_claims[i].type));
    return all;
}

/* All problems of one status: their titles, and the forms that they are answered in. */
static json_t *problem_response(int status, unsigned where)
{
    char titles[400] = "";
    json_t *content = json_object();
    if (where != FOR_PAGES)
        content_add(content, "application/problem+json", ref_to("Problem"));
    for (int i = PROBLEM_NONE + 1; i < PROBLEM_KINDS; i++) {
        const char *title = problem_title((enum problem_kind)i, strings_chosen());
        size_t len = strlen(titles);
        if (problem_status((enum problem_kind)i) == status && strstr(titles, title) == NULL)
            snprintf(titles + len, sizeof(titles) - len, "%s%s", len > 0 ? ". " : "", title);
    }
    /* In what is included in pages it is a comment, so that the page is not broken. */
    if (where != FOR_SEARCHES)
        content_add(content, format_html.media_type, json_pack("{s:s}", "type", "string"));
    if (where == FOR_DOCUMENTS)
        content_add(content, format_js.media_type, json_pack("{s:s}", "type", "string"));
    return json_pack("{s:s, s:o}", "description", titles, "content", content);
}

static json_t *shared_responses(void)
{
    json_t *all = json_object();
    for (int i = PROBLEM_NONE + 1; i < PROBLEM_KINDS; i++) {
        int status = problem_status((enum problem_kind)i);
        char name[32];
        if (!is_first_of_status(i))
            continue;
        snprintf(name, sizeof(name), "document-%d", status);
        json_object_set_new(all, name, problem_response(status, FOR_DOCUMENTS));
        snprintf(name, sizeof(name), "search-%d", status);
        json_object_set_new(all, name, problem_response(status, FOR_SEARCHES));
        snprintf(name, sizeof(name), "page-%d", status);
        json_object_set_new(all, name, problem_response(status, FOR_PAGES));
    }
    return all;
}

/* The vocabulary of JSON-LD is schema.org's: no schema of ours says it again. */
static const char schemas[] =
    "{\"JsonDocument\": {\"type\": [\"array\", \"object\"], \"description\": \"schema.org JSON-LD "
    "(MusicEvent, "
    "ItemList, MusicGroup, MusicVenue), or the report\"},"
    " \"Candidates\": {\"type\": \"object\", \"required\": [\"provider\", \"candidates\"], \"properties\": {"
    "\"provider\": {\"type\": \"string\"}, \"attribution\": {\"type\": \"string\"}, \"attribution_url\": "
    "{\"type\": \"string\"}, \"candidates\": {\"type\": \"array\", \"items\": {\"type\": \"object\", "
    "\"required\": [\"id\", \"name\"], \"properties\": {\"id\": {\"type\": \"string\"}, \"name\": {\"type\": "
    "\"string\"}, \"url\": {\"type\": \"string\"}, \"detail\": {\"type\": \"string\"}, \"upcoming\": "
    "{\"type\": "
    "\"integer\"}}}}}},"
    " \"Problem\": {\"type\": \"object\", \"description\": \"RFC 9457\", \"required\": [\"type\", \"title\", "
    "\"status\"], \"properties\": {\"type\": {\"type\": \"string\"}, \"title\": {\"type\": \"string\"}, "
    "\"status\": {\"type\": \"integer\"}, \"detail\": {\"type\": \"string\"}, \"parameters\": {\"type\": "
    "\"array\", "
    "\"items\": {\"type\": \"object\", \"required\": [\"name\", \"reason\"], \"properties\": {\"name\": "
    "{\"type\": "
    "\"string\"}, \"reason\": {\"type\": \"string\"}}}}, \"upstreams\": {\"type\": \"array\", \"items\": "
    "{\"type\": "
    "\"object\"}}}}}";

char *describe_openapi(const char *public_url)
{
    json_t *document = must(json_pack(
        "{s:s, s:{s:s, s:s, s:s, s:{s:s, s:s}}, s:[{s:s}], s:[], s:o, s:o, s:{s:o, s:o, s:o}}", "openapi",
        "3.1.0", "info", "title", "marquee", "version", MARQUEE_VERSION, "description", summary, "license",
        "name", "MIT", "identifier", "MIT", "servers", "url", public_url != NULL ? public_url : "/",
        "security", "tags", tags(), "paths", paths(), "components", "parameters", shared_parameters(),
        "responses", shared_responses(), "schemas", json_loads(schemas, 0, NULL)));
    char *text = must(json_dumps(document, JSON_INDENT(1)));
    json_decref(document);
    return text;
}

/* ---- words ---- */

static void put_routes(struct buffer *out, const struct translator *translator, const char *base)
{
    const struct route *route;
    buffer_printf(out, "\n### %s\n\n", translator->title);
    buffer_printf(out, "Say beside the data: %s (%s).\n\n", translator->attribution,
                  translator->attribution_url);
    for (size_t i = 0; (route = route_at(translator, i)) != NULL; i++) {
        const char *subject = subject_name(route->subject);
        bool is_search = where(route) == FOR_SEARCHES;
        buffer_printf(out, "- `%s/api/%s/%s?%s` %s.", base, translator->name, subject,
                      is_search ? "q=NAME" : "id=ID", what_of(route->subject));
        if (!is_search)
            buffer_printf(out, " ID: %s.", strings_get(route->id_form));
        if (route->id_alias != NULL)
            buffer_printf(out, " `%s` is the same as `id`.", route->id_alias);
        buffer_puts(out, "\n");
    }
}

static void put_endings(struct buffer *out)
{
    buffer_puts(out, "\nThe path of a document, not of a search, may say the format by its ending:\n\n");
    for (const struct route_ending *row = route_endings; row->ending != NULL; row++)
        buffer_printf(out, "- `%s` is `format=%s`\n", row->ending, row->format->name);
}

static void put_parameters(struct buffer *out)
{
    buffer_puts(out, "\n## Parameters\n\n");
    for (int i = 0; i < PARAMETERS; i++) {
        buffer_printf(out, "- `%s`: %s", parameters[i].name, parameters[i].help);
        if (i == PARAMETER_FORMAT)
            buffer_printf(out, " One of %s.", format_names());
        if (parameters[i].max > 0)
            buffer_printf(out, " 1 to %u.", parameters[i].max);
        if (parameters[i].choices != NULL)
            buffer_printf(out, " Values: %s.", parameters[i].choices);
        buffer_puts(out, "\n");
    }
    for (size_t i = 0; i < DESCRIBE_CLAIMS; i++)
        buffer_printf(out, "- `%s`: %s\n", describe_claims[i].name, describe_claims[i].help);
}

static bool is_first_of_title(int kind)
{
    for (int i = PROBLEM_NONE + 1; i < kind; i++) {
        if (strcmp(problem_title((enum problem_kind)i, strings_chosen()),
                   problem_title((enum problem_kind)kind, strings_chosen())) == 0)
            return false;
    }
    return true;
}

static void put_problems(struct buffer *out)
{
    buffer_puts(
        out,
        "\n## Errors\n\nThe body is application/problem+json (RFC 9457); of the formats html and js it is "
        "a comment. Retry-After says when to try again, where that is known.\n\n");
    for (int i = PROBLEM_NONE + 1; i < PROBLEM_KINDS; i++) {
        if (is_first_of_title(i))
            buffer_printf(out, "- %d %s\n", problem_status((enum problem_kind)i),
                          problem_title((enum problem_kind)i, strings_chosen()));
    }
}

char *describe_words(const char *public_url)
{
    const char *base = public_url != NULL ? public_url : "";
    struct buffer out = BUFFER_INIT(WORDS_MAX_BYTES);
    buffer_printf(&out, "# marquee\n\n> %s\n\n", summary);
    buffer_printf(&out,
                  "- [OpenAPI description](%s/openapi.json): the same for programs\n"
                  "- [Form](%s/): makes the link and the snippets out of an artist's page, an id or a name\n"
                  "- [Problems](%s/problems): what each error means, and what to do\n",
                  base, base, base);
    buffer_puts(
        &out, "\n## Addresses\n\nOnly GET and HEAD. An answer may be kept as long as Cache-Control says.\n");
    for (size_t i = 0; translators[i] != NULL; i++)
        put_routes(&out, translators[i], base);
    put_endings(&out);
    describe_pages_in_words(&out, base);
    put_parameters(&out);
    put_problems(&out);
    must(!out.overflowed);
    return out.bytes;
}
