/* URL -> document request: one pass over the query into a fixed struct, by the table of parameter.c.
 *
 * Not here: whether a provider is switched on (serve.c), methods and lengths of the request (guard.c), what a
 * fault looks like on the wire (problem_answer.c). */
#include "route.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "decode.h"
#include "parameter.h"
#include "translators/base/query.h"
#include "translators/pages/addresses.h"

/* ---- faults ---- */

/* `value` is what the text has a gap for; NULL: it has none. */
static void add_fault(struct route_parse *parse, int index, const char *name, enum string_id why,
                      const char *value)
{
    struct route_result *result = parse->result;
    result->target = ROUTE_PROBLEM;
    result->problem = PROBLEM_PARAMETERS;
    if (result->n_faults == ROUTE_MAX_FAULTS)
        return;
    struct route_fault *fault = &result->faults[result->n_faults++];
    strings_write(fault->reason, sizeof(fault->reason), parse->strings->texts[why], value, NULL);
    fault->index = (enum parameter_index)index;
    fault->name = name;
}

/* `why` is what a take function left behind: for some parameters a list of what would have been right. */
static void add_value_fault(struct route_parse *parse, int index, const char *name, enum string_id why)
{
    enum string_id id_form = parse->result->document.route->id_form;
    parse->faulty[index] = true;
    if (index == PARAMETER_FORMAT && why == STRING_NONE)
        add_fault(parse, index, name, STRING_FAULT_FORMAT, format_names());
    else if (index == PARAMETER_LANG && why == STRING_NONE)
        add_fault(parse, index, name, STRING_FAULT_LANG, strings_tags());
    else if (index == PARAMETER_ID && why == STRING_NONE)
        add_fault(parse, index, name, STRING_FAULT_ID, parse->strings->texts[id_form]);
    else
        add_fault(parse, index, name, why, NULL);
}

/* Names, one behind the other. */
struct names {
    char text[160];
    size_t len;
};

static void add_name(struct names *names, const char *separator, const char *name)
{
    size_t room = sizeof(names->text) - names->len;
    int len = snprintf(names->text + names->len, room, "%s%s", names->len > 0 ? separator : "", name);
    names->len += (size_t)len < room ? (size_t)len : room - 1;
}

static void close_faults(struct route_parse *parse)
{
    struct route_result *result = parse->result;
    struct names names = {.len = 0};
    for (size_t i = 0; i < result->n_faults; i++)
        add_name(&names, ", ", result->faults[i].name);
    strings_write(result->detail, sizeof(result->detail),
                  parse->strings->texts[result->n_faults == 1 ? STRING_ONE_FAULT : STRING_SEVERAL_FAULTS],
                  names.text, NULL);
}

/* `form` is of paths as they are there, with a gap for the providers. */
static void no_path_of_form(struct route_result *result, enum string_id form)
{
    struct names names = {.len = 0};
    result->target = ROUTE_PROBLEM;
    result->problem = PROBLEM_NO_SUCH_PATH;
    for (size_t i = 0; translators[i] != NULL; i++)
        add_name(&names, " ", translators[i]->name);
    strings_write(result->detail, sizeof(result->detail), strings_get(form), names.text, NULL);
}

static void no_such_path(struct route_result *result, const struct translator *translator)
{
    struct names names = {.len = 0};
    if (translator == NULL) {
        no_path_of_form(result, STRING_NO_PROVIDER_IN_PATH);
        return;
    }
    result->target = ROUTE_PROBLEM;
    result->problem = PROBLEM_NO_SUCH_PATH;
    for (size_t i = 0; translator->routes[i].step != NULL; i++)
        add_name(&names, " ", subject_name(translator->routes[i].subject));
    if (translator->search != NULL)
        add_name(&names, " ", subject_name(SUBJECT_SEARCH));
    strings_write(result->detail, sizeof(result->detail), strings_get(STRING_NO_RESOURCE_IN_PATH),
                  translator->name, names.text, NULL);
}

/* ---- the parts of a URL ---- */

static void no_such_page(struct route_result *result)
{
    result->target = ROUTE_PROBLEM;
    result->problem = PROBLEM_NO_SUCH_PATH;
    strings_write(result->detail, sizeof(result->detail), strings_get(STRING_NO_SUCH_PAGE), NULL);
}

static bool is(const char *text, size_t len, const char *other)
{
    return len > 0 && text[0] == other[0] && len == strlen(other) && memcmp(text, other, len) == 0;
}

static unsigned where(const struct route_parse *parse)
{
    const struct document_request *request = &parse->result->document;
    if (route_is_page(request))
        return parse->is_strict ? FOR_PAGES | FOR_FILES : FOR_PAGES;
    return route_is_search(request) ? FOR_SEARCHES : FOR_DOCUMENTS;
}

/* Index of a parameter by its name or the route's alias of the id; -1: there is none. *ret_name is static. */
static int find_parameter(const struct route_parse *parse, const char *name, size_t len,
                          const char **ret_name)
{
    const char *alias = parse->result->document.route->id_alias;
    for (int i = 0; i < PARAMETERS; i++) {
        if ((parameters[i].where & where(parse)) != 0 && is(name, len, parameters[i].name)) {
            *ret_name = parameters[i].name;
            return i;
        }
    }
    if (alias != NULL && is(name, len, alias) && (parameters[PARAMETER_ID].where & where(parse)) != 0) {
        *ret_name = alias;
        return PARAMETER_ID;
    }
    return -1;
}

static void add_unknown(struct route_parse *parse, const char *name)
{
    struct names known = {.len = 0};
    for (int i = 0; i < PARAMETERS; i++) {
        if ((parameters[i].where & where(parse)) != 0)
            add_name(&known, ", ", parameters[i].name);
    }
    add_fault(parse, PARAMETERS, name, STRING_FAULT_NO_PARAMETER, known.text);
}

/* A value of a parameter that has shown no fault yet, still encoded unless the parse is strict. */
static void take_value(struct route_parse *parse, int index, const char *name, const char *value,
                       size_t value_len)
{
    const struct parameter *parameter = &parameters[index];
    char decoded[ROUTE_URL_MAX_BYTES + 1];
    enum string_id why = STRING_NONE;
    size_t len = 0;
    if (parse->faulty[index])
        return;
    bool ok = parse->is_strict ? decode_plain(value, decoded, parameter->max_bytes, &len, &why)
                               : decode_form(value, value_len, decoded, parameter->max_bytes, &len, &why);
    if (!ok || !parameter->take(&parse->result->document, decoded, len, parse->seen[index], &why))
        add_value_fault(parse, index, name, why);
    else if (parse->ending != NULL && parse->result->document.format != parse->ending)
        add_value_fault(parse, index, name, STRING_FAULT_FORMAT_ENDING);
    parse->seen[index] = true;
}

void route_take(struct route_parse *parse, enum parameter_index index, const char *value)
{
    take_value(parse, (int)index, parameters[index].name, value, strlen(value));
}

/* One pair of the query, still encoded, or one argument of the command line. */
static void take_pair(struct route_parse *parse, const char *pair, size_t name_len, const char *value,
                      size_t value_len)
{
    const char *name = NULL;
    /* What is left of "&amp;" in a page that escaped a snippet twice. */
    while (!parse->is_strict && name_len > 4 && strncasecmp(pair, "amp;", 4) == 0) {
        pair += 4;
        name_len -= 4;
    }
    int index = find_parameter(parse, pair, name_len, &name);
    if (index < 0) {
        if (parse->is_strict)
            add_unknown(parse, pair);
        return;
    }
    /* Hosts that mix the visitor's query into a rule's leave alone what the rule names, if only without a
     * value. */
    if (value_len == 0 && route_is_page(&parse->result->document) && !parse->is_strict)
        return;
    take_value(parse, index, name, value, value_len);
}

static void take_query(struct route_parse *parse, const char *query, const char *end)
{
    struct query_pair pair;
    while (query_next(&query, end, &pair))
        take_pair(parse, pair.name, pair.name_len, pair.value != NULL ? pair.value : "", pair.value_len);
}

/* ---- whole URLs ---- */

static void begin_result(struct route_result *result)
{
    result->target = ROUTE_DOCUMENT;
    result->problem = PROBLEM_NONE;
    result->detail[0] = '\0';
    result->n_faults = 0;
    result->is_page = result->is_configured = false;
}

bool route_is_search(const struct document_request *request)
{
    return request->route->subject == SUBJECT_SEARCH;
}

const struct route_ending route_endings[] = {{".ics", &format_ics},
                                             {".js", &format_js},
                                             {".json", &format_jsonld},
                                             {".html", &format_html},
                                             {NULL, NULL}};

/* Cuts the ending off; NULL: there is none. */
static const struct format *take_ending(const char *resource, size_t *len)
{
    for (const struct route_ending *row = route_endings; row->ending != NULL; row++) {
        size_t n = strlen(row->ending);
        if (*len > n && memcmp(resource + *len - n, row->ending, n) == 0) {
            *len -= n;
            return row->format;
        }
    }
    return NULL;
}

static bool begin_document(struct route_result *result, const struct translator *translator,
                           const struct route *route)
{
    struct document_request *request = &result->document;
    request->translator = translator;
    request->route = route;
    if (route == NULL) {
        no_such_path(result, translator);
        return false;
    }
    request->format = route_is_search(request) ? &format_candidates : formats[0];
    request->indent = false;
    request->markup = MARKUP_BOTH;
    request->calendar = request->has_no_memory = false;
    request->strings = request->reader = NULL;
    request->limit = 0;
    request->id[0] = request->query[0] = request->name[0] = request->weburl[0] = request->eventurl[0] = '\0';
    request->pages[0] = request->image[0] = request->style[0] = request->page[0] = '\0';
    request->key_len = 0;
    return true;
}

/* The same by the names in a path. */
static bool begin_named(struct route_result *result, const char *provider, size_t provider_len,
                        const char *resource, size_t resource_len)
{
    const struct translator *translator = translator_find(provider, provider_len);
    enum subject subject;
    bool is_subject = subject_find(resource, resource_len, &subject);
    return begin_document(result, translator,
                          translator != NULL && is_subject ? translator_route(translator, subject) : NULL);
}

bool route_begin(struct route_parse *parse, const struct translator *translator, enum subject subject,
                 struct route_result *ret)
{
    *parse = (struct route_parse){.result = ret, .strings = strings_chosen(), .is_strict = true};
    begin_result(ret);
    return begin_document(ret, translator, translator_route(translator, subject));
}

bool route_begin_page(struct route_parse *parse, const struct translator *translator, enum subject subject,
                      struct route_result *ret)
{
    if (!route_begin(parse, translator, subject, ret))
        return false;
    ret->document.format = &format_pages;
    return true;
}

static size_t host_len(const char *url)
{
    const char *host = strstr(url, "://") + 3;
    return (size_t)(host - url) + strcspn(host, "/?#");
}

/* Feeds and sitemap need an address that holds for everybody. */
static bool lacks_pages(const struct document_request *request)
{
    struct page_path path;
    return route_is_page(request) && request->pages[0] == '\0' &&
           address_parse(request->page, strlen(request->page), &path) &&
           !pages_has(&(struct site){.is_public = false}, path.kind);
}

/* What only two parameters together can have wrong. */
static void check_together(struct route_parse *parse)
{
    const struct document_request *request = &parse->result->document;
    if (request->pages[0] != '\0' && request->eventurl[0] != '\0')
        add_fault(parse, PARAMETER_EVENTURL, "eventurl", STRING_FAULT_PAGES_AND_EVENTURL, NULL);
    if (request->style[0] != '\0' &&
        (request->pages[0] == '\0' || host_len(request->style) != host_len(request->pages) ||
         strncasecmp(request->style, request->pages, host_len(request->pages)) != 0))
        add_fault(parse, PARAMETER_STYLE, "style", STRING_FAULT_STYLE_HOST, NULL);
}

void route_end(struct route_parse *parse)
{
    struct route_result *result = parse->result;
    check_together(parse);
    for (int i = 0; i < PARAMETERS; i++)
        if (parameters[i].required && (parameters[i].where & where(parse)) != 0 && !parse->seen[i])
            add_fault(parse, i, parameters[i].name, STRING_FAULT_REQUIRED, NULL);
    if (result->n_faults > 0)
        close_faults(parse);
    else if (result->target == ROUTE_DOCUMENT && lacks_pages(&result->document))
        no_such_page(result);
    else if (result->target == ROUTE_DOCUMENT)
        route_build_key(&result->document);
}

/* "/api/{provider}/{resource}". `provider` is behind "/api/". */
static void begin_api(struct route_parse *parse, const char *provider, const char *end)
{
    struct route_result *result = parse->result;
    const char *provider_end = memchr(provider, '/', (size_t)(end - provider));
    if (provider_end == NULL)
        provider_end = end;
    const char *resource = provider_end < end ? provider_end + 1 : end;
    if (end > resource && end[-1] == '/')
        end--;
    size_t resource_len = (size_t)(end - resource);
    parse->ending = take_ending(resource, &resource_len);
    if (!begin_named(result, provider, (size_t)(provider_end - provider), resource, resource_len))
        return;
    if (parse->ending != NULL && route_is_search(&result->document))
        no_such_path(result, result->document.translator);
    else if (parse->ending != NULL)
        result->document.format = parse->ending;
}

/* ---- pages of a tour ---- */

/* The id as a path has it: what can be taken for nothing else there. */
static bool take_path_id(struct document_request *request, const char *text, size_t len)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-:";
    char id[ROUTE_ID_MAX_BYTES + 1];
    enum string_id why;
    size_t id_len;
    return decode_form(text, len, id, ROUTE_ID_MAX_BYTES, &id_len, &why) && strspn(id, allowed) == id_len &&
           parameters[PARAMETER_ID].take(request, id, id_len, false, &why);
}

/* "/tour/{provider}/{id}/..." or "/tour/{provider}/venue/{id}/...". `at` is behind "/tour/". */
static void begin_page(struct route_result *result, const char *at, const char *end)
{
    result->is_page = true;
    struct document_request *request = &result->document;
    const char *resource = "artist", *provider = at, *slash = memchr(at, '/', (size_t)(end - at));
    const char *id = slash != NULL ? slash + 1 : end;
    size_t provider_len = (size_t)((slash != NULL ? slash : end) - provider);
    if (end - id > 6 && memcmp(id, "venue/", 6) == 0) {
        resource = "venue";
        id += 6;
    }
    const char *id_end = memchr(id, '/', (size_t)(end - id));
    size_t id_len = (size_t)((id_end != NULL ? id_end : end) - id);
    if (!begin_named(result, provider, provider_len, resource, strlen(resource)) || id_len == 0) {
        no_path_of_form(result, STRING_NO_TOUR_IN_PATH);
        return;
    }
    request->format = &format_pages;
    const char *page = id_end != NULL ? id_end + 1 : end;
    if (!take_path_id(request, id, id_len) || end - page > ROUTE_PAGE_MAX_BYTES) {
        no_such_page(result);
        return;
    }
    memcpy(request->page, page, (size_t)(end - page));
    request->page[end - page] = '\0';
    struct page_path path;
    if (!address_parse(request->page, strlen(request->page), &path) ||
        strlen(request->page) != (size_t)(end - page)) {
        no_such_page(result);
    } else if (id_end == NULL) {
        result->target = ROUTE_MOVED;
        snprintf(result->location, sizeof(result->location), "./%s/", request->id);
    }
}

void route_parse(const char *target, size_t len, struct route_result *ret)
{
    const char *end = target + len;
    const char *query = memchr(target, '?', len);
    const char *path_end = query != NULL ? query : end;
    size_t path_len = (size_t)(path_end - target);
    struct route_parse parse = {.result = ret, .strings = strings_chosen()};
    begin_result(ret);
    if (is(target, path_len, "/"))
        ret->target = ROUTE_HOME;
    else if (is(target, path_len, "/robots.txt"))
        ret->target = ROUTE_ROBOTS;
    else if (is(target, path_len, "/favicon.ico"))
        ret->target = ROUTE_FAVICON;
    else if (is(target, path_len, "/openapi.json"))
        ret->target = ROUTE_OPENAPI;
    else if (is(target, path_len, "/llms.txt"))
        ret->target = ROUTE_LLMS;
    else if (is(target, path_len, "/problems"))
        ret->target = ROUTE_PROBLEMS;
    else if (path_len > 8 && memcmp(target, "/static/", 8) == 0)
        ret->target = ROUTE_STATIC;
    else if (is(target, path_len, "/tour"))
        begin_page(ret, path_end, path_end);
    else if (path_len >= 6 && memcmp(target, "/tour/", 6) == 0)
        begin_page(ret, target + 6, path_end);
    else if (path_len < 5 || memcmp(target, "/api/", 5) != 0)
        no_such_path(ret, NULL);
    else
        begin_api(&parse, target + 5, path_end);
    if (ret->target != ROUTE_DOCUMENT)
        return;
    if (query != NULL)
        take_query(&parse, query + 1, end);
    route_end(&parse);
}

static void take_arguments(struct route_result *ret, char *const *arguments, size_t n)
{
    struct route_parse parse = {.result = ret, .strings = strings_chosen(), .is_strict = true};
    for (size_t i = 0; i < n; i++) {
        const char *equals = strchr(arguments[i], '=');
        if (equals == NULL)
            add_fault(&parse, PARAMETERS, arguments[i], STRING_FAULT_NO_PAIR, NULL);
        else
            take_pair(&parse, arguments[i], (size_t)(equals - arguments[i]), equals + 1, strlen(equals + 1));
    }
    route_end(&parse);
}

void route_parse_arguments(const char *provider, const char *resource, char *const *arguments, size_t n,
                           struct route_result *ret)
{
    begin_result(ret);
    if (begin_named(ret, provider, strlen(provider), resource, strlen(resource)))
        take_arguments(ret, arguments, n);
}

void route_parse_page_arguments(const char *provider, const char *resource, char *const *arguments, size_t n,
                                struct route_result *ret)
{
    begin_result(ret);
    if (!begin_named(ret, provider, strlen(provider), resource, strlen(resource)))
        return;
    enum subject subject = ret->document.route->subject;
    ret->document.format = &format_pages;
    if (subject == SUBJECT_ARTIST || subject == SUBJECT_VENUE)
        take_arguments(ret, arguments, n);
    else
        no_such_page(ret);
}
