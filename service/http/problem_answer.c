/* The one table of what each kind of problem looks like to a client, and the bodies. Errors are stored by no
 * client. */
#include "problem_answer.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "page_response.h"
#include "translators/base/must.h"

#define PROBLEM_TYPE_BYTES 2200 /* a public URL has at most 2048 */

#define RETRY_AFTER_MAX_S  86400
#define PAGE_RETRY_AFTER_S 60

struct problem_look {
    int status;
    const char *slug;
    enum string_id title;
    const char *proxy_error; /* RFC 9209 section 2.3; NULL: no upstream is concerned */
    int retry_after_s; /* when nothing better is known; 0: trying again does not help, or nobody knows when */
};

static const struct problem_look looks[PROBLEM_KINDS] = {
    [PROBLEM_NONE] = {500, "internal", STRING_TITLE_INTERNAL, NULL, 0},
    [PROBLEM_PARAMETERS] = {400, "parameters", STRING_TITLE_PARAMETERS, NULL, 0},
    [PROBLEM_NO_SUCH_PATH] = {404, "no-such-path", STRING_TITLE_NO_SUCH_PATH, NULL, 0},
    [PROBLEM_METHOD] = {405, "method", STRING_TITLE_METHOD, NULL, 0},
    [PROBLEM_NOT_FOUND] = {404, "not-found", STRING_TITLE_NOT_FOUND, NULL, 0},
    [PROBLEM_UNPROCESSABLE] = {422, "unprocessable", STRING_TITLE_UNPROCESSABLE, NULL, 0},
    [PROBLEM_CLIENT_LIMIT] = {429, "client-limit", STRING_TITLE_CLIENT_LIMIT, NULL, 10},
    [PROBLEM_UPSTREAM_KEY] = {502, "upstream-key", STRING_TITLE_UPSTREAM_KEY, "proxy_configuration_error", 0},
    [PROBLEM_UPSTREAM_RUBBISH] = {502, "upstream-rubbish", STRING_TITLE_UPSTREAM_RUBBISH,
                                  "http_protocol_error", 0},
    [PROBLEM_UPSTREAM_ERROR] = {502, "upstream-error", STRING_TITLE_UPSTREAM_ERROR, "destination_unavailable",
                                0},
    [PROBLEM_UPSTREAM_UNREACHABLE] = {502, "upstream-unreachable", STRING_TITLE_UPSTREAM_UNREACHABLE,
                                      "destination_unavailable", 0},
    [PROBLEM_UPSTREAM_SLOW] = {504, "upstream-slow", STRING_TITLE_UPSTREAM_SLOW, "http_response_timeout", 0},
    [PROBLEM_UPSTREAM_LIMIT] = {503, "upstream-limit", STRING_TITLE_UPSTREAM_LIMIT,
                                "connection_limit_reached", 60},
    [PROBLEM_UPSTREAM_PAUSED] = {503, "upstream-limit", STRING_TITLE_UPSTREAM_LIMIT,
                                 "destination_unavailable", 60},
    [PROBLEM_OVERLOADED] = {503, "overloaded", STRING_TITLE_OVERLOADED, NULL, 1},
    [PROBLEM_TOO_LARGE] = {502, "too-large", STRING_TITLE_TOO_LARGE, "http_response_body_size", 0},
    [PROBLEM_FORBIDDEN] = {403, "forbidden", STRING_TITLE_FORBIDDEN, NULL, 0},
    [PROBLEM_PASSWORD] = {401, "password", STRING_TITLE_PASSWORD, NULL, 0},
    [PROBLEM_INTERNAL] = {500, "internal", STRING_TITLE_INTERNAL, NULL, 0},
};

/* Kinds come out of cache entries too, which a later version may have written. */
static const struct problem_look *look_of(enum problem_kind kind)
{
    return (unsigned)kind < PROBLEM_KINDS ? &looks[kind] : &looks[PROBLEM_INTERNAL];
}

int problem_status(enum problem_kind kind)
{
    return look_of(kind)->status;
}

const char *problem_title(enum problem_kind kind, const struct strings *strings)
{
    return strings->texts[look_of(kind)->title];
}

const char *problem_slug(enum problem_kind kind)
{
    return look_of(kind)->slug;
}

void problem_add_proxy_status(enum problem_kind trouble, const char *next_hop, struct response *ret)
{
    const char *error = look_of(trouble)->proxy_error;
    bool is_absent = trouble == PROBLEM_NOT_FOUND;
    if (error == NULL && !is_absent)
        return;
    char *value = response_open(ret);
    response_put(ret, is_absent ? "marquee; received-status=404" : "marquee; error=");
    response_put(ret, is_absent ? "" : error);
    if (next_hop != NULL) {
        response_put(ret, "; next-hop=");
        response_put(ret, next_hop);
    }
    response_close(ret, FIELD_PROXY_STATUS, value);
}

/* ---- bodies ---- */

struct complaint {
    const struct strings *strings; /* the language of what follows */
    int status;
    const char *slug, *title, *detail;
    const struct route_result *route; /* whose faults are listed; NULL: none */
    const char *provider;             /* NULL: none is concerned */
    int64_t retry_after_s;            /* 0: not known */
};

static void set_text(json_t *object, const char *key, const char *text)
{
    json_object_set_new(object, key,
                        json_string(text)); /* no UTF-8: json_string() is NULL, the member is left out */
}

static json_t *parameters_of(const struct route_result *route)
{
    json_t *list = json_array();
    for (size_t i = 0; i < route->n_faults; i++) {
        json_t *fault = json_object();
        set_text(fault, "name", route->faults[i].name);
        set_text(fault, "reason", route->faults[i].reason);
        json_array_append_new(list, fault);
    }
    return list;
}

static json_t *upstreams_of(const struct complaint *complaint)
{
    json_t *upstream = json_object();
    set_text(upstream, "name", complaint->provider);
    set_text(upstream, "status", complaint->slug);
    if (complaint->retry_after_s > 0)
        json_object_set_new(upstream, "retry_after", json_integer(complaint->retry_after_s));
    json_t *list = json_array();
    json_array_append_new(list, upstream);
    return list;
}

/* Always a URI, whatever bytes the target was made of. */
static json_t *instance_of(const struct request *request)
{
    if (request->target.text == NULL)
        return NULL;
    char *uri = must(malloc(3 * request->target.len + 1));
    json_t *instance = json_stringn(uri, response_write_uri(request->target.text, request->target.len, uri));
    free(uri);
    return instance;
}

static char *json_body(const struct request *request, const struct complaint *complaint)
{
    char type[PROBLEM_TYPE_BYTES];
    snprintf(type, sizeof(type), "%.*s/problems#%s", (int)request->base.len,
             request->base.text != NULL ? request->base.text : "", complaint->slug);
    json_t *problem = json_object();
    set_text(problem, "type", type);
    set_text(problem, "title", complaint->title);
    json_object_set_new(problem, "status", json_integer(complaint->status));
    set_text(problem, "detail", complaint->detail);
    json_object_set_new(problem, "instance", instance_of(request));
    if (complaint->route != NULL && complaint->route->n_faults > 0)
        json_object_set_new(problem, "parameters", parameters_of(complaint->route));
    if (complaint->provider != NULL)
        json_object_set_new(problem, "upstreams", upstreams_of(complaint));
    char *body = must(json_dumps(problem, JSON_COMPACT));
    json_decref(problem);
    return body;
}

/* A comment cannot be ended by what it says: marks that could have a part in that become spaces. */
static char *comment_body(const struct complaint *complaint, bool markup)
{
    char text[1024], safe[1024];
    int len = snprintf(text, sizeof(text), "marquee: %d %s. %s", complaint->status, complaint->title,
                       complaint->detail);
    for (size_t i = 0; complaint->route != NULL && i < complaint->route->n_faults && len < (int)sizeof(text);
         i++)
        len += snprintf(text + len, sizeof(text) - (size_t)len, " %s: %s", complaint->route->faults[i].name,
                        complaint->route->faults[i].reason);
    size_t n = 0;
    for (const char *at = text; *at != '\0'; at++) {
        bool ends = markup ? *at == '-' || *at == '>' || *at == '<' : *at == '/' || *at == '*';
        safe[n++] = ends || (unsigned char)*at < 0x20 ? ' ' : *at;
    }
    safe[n] = '\0';
    char *body = must(malloc(n + 16));
    snprintf(body, n + 16, markup ? "<!-- %s -->\n" : "/* %s */\n", safe);
    return body;
}

static void add_retry_after(const struct complaint *complaint, struct response *ret)
{
    if (complaint->retry_after_s <= 0)
        return;
    char *value = response_open(ret);
    response_put_number(ret, complaint->retry_after_s);
    response_close(ret, FIELD_RETRY_AFTER, value);
}

/* Visitors of somebody's site read it, who know of no provider: in its own words it says what they can do. */
static void complain_on_page(const struct complaint *complaint, struct response *ret)
{
    char detail[1024];
    int len = snprintf(detail, sizeof(detail), "%s", complaint->detail);
    for (size_t i = 0;
         complaint->route != NULL && i < complaint->route->n_faults && len < (int)sizeof(detail); i++)
        len += snprintf(detail + len, sizeof(detail) - (size_t)len, " %s: %s",
                        complaint->route->faults[i].name, complaint->route->faults[i].reason);
    page_respond_trouble(complaint->status, complaint->strings,
                         complaint->status >= 429 ? complaint->strings->texts[STRING_TROUBLE_LATER]
                                                  : complaint->title,
                         detail, NULL, ret);
    add_retry_after(complaint, ret);
    if (complaint->status == 405)
        response_add_text(ret, FIELD_ALLOW, "GET, HEAD, OPTIONS");
}

static void complain(const struct request *request, const struct complaint *complaint,
                     const struct format *format, struct response *ret)
{
    if (format == &format_pages || page_is_asked_for(request)) {
        complain_on_page(complaint, ret);
        return;
    }
    bool markup = format != NULL && strncmp(format->media_type, "text/html", 9) == 0;
    bool script = format != NULL && strncmp(format->media_type, "text/javascript", 15) == 0;
    response_begin(ret, complaint->status);
    ret->owned = markup || script ? comment_body(complaint, markup) : json_body(request, complaint);
    ret->body = (const uint8_t *)ret->owned;
    ret->body_len = strlen(ret->owned);
    response_add_text(ret, FIELD_CONTENT_TYPE,
                      markup || script ? format->media_type : "application/problem+json");
    response_add_text(ret, FIELD_CACHE_CONTROL, "no-store");
    add_retry_after(complaint, ret);
    if (complaint->status == 405)
        response_add_text(ret, FIELD_ALLOW, "GET, HEAD, OPTIONS");
    response_add_text(ret, FIELD_ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    response_add_text(ret, FIELD_CROSS_ORIGIN_RESOURCE_POLICY, "cross-origin");
    response_add_text(ret, FIELD_ACCESS_CONTROL_EXPOSE_HEADERS,
                      "Cache-Status, Proxy-Status, RateLimit, RateLimit-Policy, Retry-After, Server-Timing");
    response_add_common(ret, request->https);
}

/* RFC 9211 of an answer without a document. What was refused before anybody was asked has none. */
static void add_cache_status(const struct outcome *outcome, struct response *ret)
{
    bool known = outcome->problem == PROBLEM_NOT_FOUND && outcome->source != OUTCOME_UPSTREAM;
    if (outcome->provider == NULL ||
        (outcome->problem != PROBLEM_NOT_FOUND && look_of(outcome->problem)->proxy_error == NULL))
        return;
    char *value = response_open(ret);
    response_put(ret, known ? "marquee; hit" : "marquee; fwd=miss");
    if (outcome->collapsed)
        response_put(ret, "; collapsed");
    response_put(ret, "; detail=");
    response_put(ret, problem_slug(outcome->problem));
    response_close(ret, FIELD_CACHE_STATUS, value);
}

void problem_respond_outcome(const struct request *request, const struct outcome *outcome,
                             const struct format *format, const struct strings *strings, struct response *ret)
{
    const struct problem_look *look = look_of(outcome->problem);
    int64_t retry_after_s = outcome->retry_after_s > 0 ? outcome->retry_after_s : look->retry_after_s;
    /* Search engines read pages: one that is not told when to come back may drop the page. */
    if (format == &format_pages && look->status >= 500 && retry_after_s == 0)
        retry_after_s = PAGE_RETRY_AFTER_S;
    struct complaint complaint = {
        .strings = strings,
        .status = look->status,
        .slug = look->slug,
        .title = strings->texts[look->title],
        .detail = outcome->detail[0] != '\0' ? outcome->detail : strings->texts[look->title],
        .provider =
            look->proxy_error != NULL || outcome->problem == PROBLEM_NOT_FOUND ? outcome->provider : NULL,
        .retry_after_s = retry_after_s < RETRY_AFTER_MAX_S ? retry_after_s : RETRY_AFTER_MAX_S,
    };
    complain(request, &complaint, format, ret);
    add_cache_status(outcome, ret);
    /* That there is no such thing is what the service itself says then. */
    if (outcome->problem != PROBLEM_NOT_FOUND)
        problem_add_proxy_status(outcome->problem, outcome->provider, ret);
}

void problem_respond_route(const struct request *request, const struct route_result *route,
                           struct response *ret)
{
    const struct problem_look *look = look_of(route->problem);
    struct complaint complaint = {.strings = strings_chosen(),
                                  .status = look->status,
                                  .slug = look->slug,
                                  .title = strings_get(look->title),
                                  .detail = route->detail,
                                  .route = route};
    /* Only where parameters were read is there a format. */
    bool has_format = route->problem == PROBLEM_PARAMETERS;
    complain(request, &complaint,
             route->is_page ? &format_pages
             : has_format   ? route->document.format
                            : NULL,
             ret);
}

void problem_respond(const struct request *request, enum problem_kind kind, const char *detail,
                     struct response *ret)
{
    struct outcome outcome = {.problem = kind};
    snprintf(outcome.detail, sizeof(outcome.detail), "%s", detail);
    problem_respond_outcome(request, &outcome, NULL, strings_chosen(), ret);
}

void problem_respond_refusal(const struct request *request, int status, const char *detail,
                             struct response *ret)
{
    struct complaint complaint = {
        .strings = strings_chosen(), .status = status, .slug = "bad-request", .detail = detail};
    complaint.title = strings_get(STRING_TITLE_BAD_REQUEST);
    if (status == 405) {
        complaint.slug = looks[PROBLEM_METHOD].slug;
        complaint.title = problem_title(PROBLEM_METHOD, strings_chosen());
    } else if (status == 413 || status == 414 || status == 431) {
        complaint.slug = "request-too-large";
        complaint.title = strings_get(STRING_TITLE_REQUEST_TOO_LARGE);
    } else if (status == 503) {
        complaint.slug = looks[PROBLEM_OVERLOADED].slug;
        complaint.title = problem_title(PROBLEM_OVERLOADED, strings_chosen());
        complaint.retry_after_s = looks[PROBLEM_OVERLOADED].retry_after_s;
    }
    complain(request, &complaint, NULL, ret);
}
