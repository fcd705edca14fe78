/* Documents and plain answers as responses: validators, freshness, encodings, and what happened on the way.
 * The header fields are those of RFC 9110 and 9111, Cache-Status of RFC 9211, Server-Timing of the W3C.
 *
 * Not here: problems (problem_answer.c), choosing an encoding (negotiate.c), sending (exchange.c). */
#include "respond.h"

#include <stdlib.h>
#include <string.h>

#include "negotiate.h"
#include "problem_answer.h"
#include "translators/base/must.h"
#include "translators/base/strings.h"

#define PAGE_MAX_AGE "public, max-age=3600"

/* ---- documents ---- */

/* Strong, and another one for each encoding: the bytes differ (RFC 9110 section 8.8.3.3). */
static void add_etag(struct response *ret, const char *etag, enum encoding encoding)
{
    char *value = response_open(ret);
    response_put_bytes(ret, "\"", 1);
    response_put_bytes(ret, etag, 32);
    if (encoding == ENCODING_GZIP)
        response_put_bytes(ret, "-gzip", 5);
    else if (encoding == ENCODING_BR)
        response_put_bytes(ret, "-br", 3);
    response_put_bytes(ret, "\"", 1);
    response_close(ret, FIELD_ETAG, value);
}

/* Nobody is to use a document after its link has ended. */
static void end_with_link(struct cache_times *times, const struct request *request)
{
    if (request->until_s == 0)
        return;
    if (times->fresh_until_s > request->until_s)
        times->fresh_until_s = request->until_s;
    if (times->keep_until_s > request->until_s)
        times->keep_until_s = request->until_s;
}

/* Lifetimes count from `made_s`, because Age does. Of what is from the future (cache_times()) nobody knows
 * the age: Age says the least that it can be, and max-age is no more than that, so no cache takes it for
 * fresh. stale-if-error says how long our own last good copy may be used, which is also as long as anybody
 * else may use theirs. There is no field for shared caches alone (RFC 9213): it would say the same. */
static void add_freshness(struct response *ret, const struct cache_times *times, int64_t made_s,
                          int64_t now_s)
{
    int64_t stale_s = times->keep_until_s - times->fresh_until_s;
    char *value = response_open(ret);
    response_put(ret, "public, max-age=");
    response_put_number(ret, times->fresh_until_s - made_s);
    response_put(ret, ", stale-while-revalidate=");
    const char *stale = response_open(ret);
    response_put_number(ret, stale_s);
    size_t stale_len = (size_t)(response_open(ret) - stale);
    response_put(ret, ", stale-if-error=");
    response_put_bytes(ret, stale, stale_len);
    response_close(ret, FIELD_CACHE_CONTROL, value);

    value = response_open(ret);
    response_put_number(ret, now_s > made_s ? now_s - made_s : 0);
    response_close(ret, FIELD_AGE, value);
}

static void put_hit(struct response *ret, const struct cache_times *times, int64_t now_s)
{
    response_put(ret, "; hit; ttl=");
    response_put_number(ret, times->fresh_until_s - now_s);
}

/* The cache nearest to the origin comes first (RFC 9211 section 2). */
static void add_cache_status(struct response *ret, const struct cache_times *times,
                             const struct outcome *outcome, bool incomplete, int64_t now_s)
{
    enum problem_kind trouble = outcome != NULL ? outcome->problem : PROBLEM_NONE;
    char *value = response_open(ret);
    if (outcome == NULL || outcome->source == OUTCOME_MEMORY ||
        (outcome->source == OUTCOME_STALE && trouble == PROBLEM_NONE)) {
        response_put(ret, "marquee");
        put_hit(ret, times, now_s);
    } else if (outcome->source == OUTCOME_MEMCACHED) {
        response_put(ret, "marquee-memcached");
        put_hit(ret, times, now_s);
        response_put(ret, ", marquee; fwd=miss; stored");
    } else {
        response_put(ret,
                     outcome->source == OUTCOME_STALE ? "marquee; fwd=stale" : "marquee; fwd=miss; stored");
    }
    if (outcome != NULL && outcome->collapsed)
        response_put(ret, "; collapsed");
    if (incomplete) {
        response_put(ret, "; detail=incomplete");
    } else if (trouble != PROBLEM_NONE) {
        response_put(ret, "; detail=");
        response_put(ret, problem_slug(trouble));
    }
    response_close(ret, FIELD_CACHE_STATUS, value);
}

/* "182.3" from microseconds. */
static void put_ms(struct response *ret, unsigned us)
{
    response_put_number(ret, us / 1000);
    response_put(ret, ".");
    response_put_number(ret, us / 100 % 10);
}

static void add_server_timing(struct response *ret, const struct outcome *outcome)
{
    static const char *const came_from[] = {[OUTCOME_MEMORY] = "cache;desc=hit",
                                            [OUTCOME_MEMCACHED] = "cache;desc=memcached",
                                            [OUTCOME_UPSTREAM] = "cache;desc=miss",
                                            [OUTCOME_STALE] = "cache;desc=stale"};
    if (outcome == NULL) {
        response_add(ret, FIELD_SERVER_TIMING, "cache;desc=hit", 14);
        return;
    }
    char *value = response_open(ret);
    response_put(ret, came_from[outcome->source]);
    if (outcome->upstream_requests > 0) {
        response_put(ret, ", upstream;desc=\"");
        response_put_number(ret, outcome->upstream_requests);
        response_put(ret, " requests, ");
        response_put_number(ret, outcome->rounds);
        response_put(ret, " rounds\";dur=");
        put_ms(ret, outcome->upstream_us);
    }
    response_close(ret, FIELD_SERVER_TIMING, value);
}

/* For scripts on other origins, and for pages that load nothing which does not say that they may (COEP):
 * documents are public and hold nothing about who asks. */
static void add_cors(struct response *ret)
{
    response_add(ret, FIELD_ACCESS_CONTROL_ALLOW_ORIGIN, "*", 1);
    response_add_text(ret, FIELD_CROSS_ORIGIN_RESOURCE_POLICY, "cross-origin");
    response_add_text(ret, FIELD_ACCESS_CONTROL_EXPOSE_HEADERS,
                      "Age, Cache-Status, ETag, Proxy-Status, RateLimit, RateLimit-Policy, Retry-After, "
                      "Server-Timing");
    response_add(ret, FIELD_TIMING_ALLOW_ORIGIN, "*", 1);
    /* Search engines fetch documents for the pages that include them; the pages are what people shall find.
     */
    response_add(ret, FIELD_X_ROBOTS_TAG, "noindex", 7);
}

static bool is_markup(const char *media_type)
{
    return strncmp(media_type, "text/html", 9) == 0;
}

/* Sitemaps, feeds and calendars are for programs anywhere; a page is for people. */
static void add_page(struct response *ret, const struct representation *representation)
{
    response_add_text(ret, FIELD_CONTENT_SECURITY_POLICY, representation->page.policy);
    response_add_text(ret, FIELD_REFERRER_POLICY, "no-referrer");
    if (!is_markup(representation->media_type))
        response_add(ret, FIELD_ACCESS_CONTROL_ALLOW_ORIGIN, "*", 1);
    if (!representation->page.is_listed)
        response_add(ret, FIELD_X_ROBOTS_TAG, "noindex", 7);
}

/* Never later than Date (RFC 9110 section 8.8.2.1). */
static void add_last_modified(struct response *ret, int64_t modified_s, int64_t now_s)
{
    char *value = response_open(ret);
    response_put_date(ret, modified_s < now_s ? modified_s : now_s);
    response_close(ret, FIELD_LAST_MODIFIED, value);
}

/* Has the client got what `etag` and `modified` say? Clients without an ETag give the date back as it was
 * (nginx compares it so too); with If-None-Match it is not looked at (RFC 9110 section 13.2.2). `modified` is
 * NULL when the date sent is not the text's own: another text may have got the same. */
static bool is_current(const struct request *request, const struct response_header *etag,
                       const struct response_header *modified)
{
    struct slice since = request->if_modified_since;
    if (request->if_none_match.text != NULL)
        return negotiate_none_match(request->if_none_match, etag->value, etag->value_len);
    return since.text != NULL && modified != NULL && since.len == modified->value_len &&
           memcmp(since.text, modified->value, since.len) == 0;
}

static void add_body(struct response *ret, const struct representation *representation,
                     enum encoding encoding)
{
    response_add_text(ret, FIELD_CONTENT_TYPE, representation->media_type);
    if (encoding != ENCODING_IDENTITY)
        response_add_text(ret, FIELD_CONTENT_ENCODING, encoding_name(encoding));
    /* A fragment opened by itself is a page of this origin; it needs neither scripts nor anything else. */
    if (is_markup(representation->media_type) && representation->page.policy == NULL)
        response_add_text(ret, FIELD_CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox");
    ret->body = representation->body[encoding].bytes;
    ret->body_len = representation->body[encoding].len;
}

static void respond_unprocessable(const struct request *request, const struct representation *representation,
                                  struct response *ret)
{
    struct outcome outcome = {.problem = PROBLEM_UNPROCESSABLE};
    size_t len = representation->body[ENCODING_IDENTITY].len;
    if (len >= sizeof(outcome.detail))
        len = sizeof(outcome.detail) - 1;
    memcpy(outcome.detail, representation->body[ENCODING_IDENTITY].bytes, len);
    problem_respond_outcome(request, &outcome, NULL, strings_chosen(), ret);
}

void respond_document(const struct request *request, struct cache_value *document,
                      const struct outcome *outcome, struct response *ret)
{
    struct representation representation;
    if (!representation_open(document, &representation)) {
        problem_respond(request, PROBLEM_INTERNAL, strings_get(STRING_DAMAGED), ret);
        return;
    }
    if (representation.unprocessable) {
        respond_unprocessable(request, &representation, ret);
        return;
    }
    enum encoding encoding = negotiate_encoding(request->accept_encoding, &representation);
    response_begin(ret, 200);
    add_etag(ret, representation.etag, encoding);
    add_last_modified(ret, representation.modified_s, request->now_s);
    if (is_current(request, &ret->headers[0],
                   representation.modified_s <= request->now_s ? &ret->headers[1] : NULL))
        ret->status = 304;
    else
        add_body(ret, &representation, encoding);
    ret->hold = cache_value_ref(document);
    struct cache_times times = cache_times(document, request->now_s);
    end_with_link(&times, request);
    int64_t made_s = representation.made_s < times.stored_s ? representation.made_s : times.stored_s;
    add_freshness(ret, &times, made_s, request->now_s);
    add_cache_status(ret, &times, outcome, representation.incomplete, request->now_s);
    add_server_timing(ret, outcome);
    response_add(ret, FIELD_VARY, "Accept-Encoding", 15);
    if (representation.page.policy != NULL)
        add_page(ret, &representation);
    else
        add_cors(ret);
    /* Another host is not ours to bind to HTTPS: a proxy would hand that to the whole domain. */
    response_add_common(ret, request->https && !representation.page.is_foreign);
    enum problem_kind trouble =
        outcome != NULL ? outcome->problem
                        : (enum problem_kind)atomic_load_explicit(&document->trouble, memory_order_relaxed);
    if (trouble != PROBLEM_NONE)
        problem_add_proxy_status(trouble, outcome != NULL ? outcome->provider : NULL, ret);
}

/* ---- everything else ---- */

bool respond_validate(const struct request *request, const char *text, size_t len, enum encoding encoding,
                      struct response *ret)
{
    char etag[33];
    representation_etag(text, len, etag);
    add_etag(ret, etag, encoding);
    bool current = is_current(request, &ret->headers[ret->n_headers - 1], NULL);
    if (current)
        ret->status = 304;
    return current;
}

/* The policy's name is part of the contract with clients. */
void respond_rate_limit(const struct client_budget_grant *grant, struct response *ret)
{
    if (grant->window_s == 0)
        return;
    char *value = response_open(ret);
    response_put(ret, "\"cold\";q=");
    response_put_number(ret, grant->quota);
    response_put(ret, ";w=");
    response_put_number(ret, grant->window_s);
    response_close(ret, FIELD_RATELIMIT_POLICY, value);

    value = response_open(ret);
    response_put(ret, "\"cold\";r=");
    response_put_number(ret, grant->remaining);
    response_put(ret, ";t=");
    response_put_number(ret, grant->reset_s);
    response_close(ret, FIELD_RATELIMIT, value);
}

void respond_options(const struct request *request, struct response *ret)
{
    response_begin(ret, 204);
    response_add_text(ret, FIELD_ALLOW, "GET, HEAD, OPTIONS");
    if (request->preflight) {
        response_add_text(ret, FIELD_ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        response_add_text(ret, FIELD_ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, OPTIONS");
        response_add_text(ret, FIELD_ACCESS_CONTROL_ALLOW_HEADERS, "*");
        response_add_text(ret, FIELD_ACCESS_CONTROL_MAX_AGE, "86400");
    }
    response_add_text(ret, FIELD_CACHE_CONTROL, "no-store");
    response_add_common(ret, request->https);
}

void respond_text(const struct request *request, int status, const char *media_type, const char *text,
                  size_t len, struct response *ret)
{
    response_begin(ret, status);
    ret->owned = must(malloc(len + 1));
    memcpy(ret->owned, text, len);
    ret->body = (const uint8_t *)ret->owned;
    ret->body_len = len;
    response_add_text(ret, FIELD_CONTENT_TYPE, media_type);
    response_add_text(ret, FIELD_CACHE_CONTROL, "no-store");
    response_add_common(ret, request->https);
}

void respond_page(const struct request *request, const char *media_type, const char *csp, const char *body,
                  size_t len, struct response *ret)
{
    response_begin(ret, 200);
    ret->body = (const uint8_t *)body;
    ret->body_len = len;
    response_add_text(ret, FIELD_CONTENT_TYPE, media_type);
    response_add_text(ret, FIELD_CACHE_CONTROL, PAGE_MAX_AGE);
    if (csp != NULL) {
        response_add_text(ret, FIELD_CONTENT_SECURITY_POLICY, csp);
        response_add_text(ret, FIELD_REFERRER_POLICY, "no-referrer");
    }
    response_add_common(ret, request->https);
}

void respond_redirect(const struct request *request, const char *base, size_t base_len, struct response *ret)
{
    const char *body = strings_get(STRING_HTTPS_ONLY);
    response_begin(ret, 308);
    ret->owned = must(malloc(base_len + 3 * request->target.len + 1));
    memcpy(ret->owned, base, base_len);
    size_t len = response_write_uri(request->target.text, request->target.len, ret->owned + base_len);
    response_add(ret, FIELD_LOCATION, ret->owned, base_len + len);
    response_add_text(ret, FIELD_CONTENT_TYPE, "text/plain; charset=utf-8");
    response_add_text(ret, FIELD_CACHE_CONTROL, PAGE_MAX_AGE);
    ret->body = (const uint8_t *)body;
    ret->body_len = strlen(body);
    response_add_common(ret, request->https);
}
