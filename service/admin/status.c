/* Puts what the other modules know of themselves into one JSON object, and writes that object as a page: what
 * one shows the other shows. Counters are metrics.c's. */
#include "status.h"

#include <jansson.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cache/cache.h"
#include "service/config/config.h"
#include "service/http/problem_answer.h"
#include "service/http/respond.h"
#include "service/jobs/back.h"
#include "service/page/template.h"
#include "service/upstream/upstream.h"
#include "translators/base/buffer.h"
#include "translators/base/must.h"

#define PAGE_MAX_BYTES (1u << 20) /* each section with a key of its own is a row of it */

/* "2026-11-29T08:51:37Z"; null where there is no time. */
static json_t *time_value(int64_t time_s)
{
    char text[sizeof("2026-11-29T08:51:37Z") + 8];
    time_t time = (time_t)time_s;
    struct tm parts;
    if (time_s == 0 || gmtime_r(&time, &parts) == NULL)
        return json_null();
    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return json_string(text);
}

/* ---- providers ---- */

static const struct upstream_status *find(const struct upstream_status *all, size_t n, const char *section)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(all[i].section, section) == 0)
            return &all[i];
    }
    return NULL;
}

static const char *state_of(const struct provider_config *provider, const struct upstream_status *status)
{
    if (!provider->enabled)
        return "switched off";
    if (!config_has_key(provider))
        return "without a key";
    if (!config_may_ask(provider))
        return "without a contact";
    if (status == NULL)
        return "not asked yet";
    if (status->spent_s > 0)
        return "quota spent";
    if (status->breaker == BREAKER_CLOSED)
        return "asked";
    return status->breaker == BREAKER_PROBING ? "being tried again" : "left alone after failures";
}

static json_t *quota_left(const struct provider_config *provider, const struct upstream_status *status)
{
    unsigned per_day = provider->requests_per_day, asked = status != NULL ? status->asked_today : 0;
    if (per_day == 0)
        return json_null();
    return json_integer(status != NULL && status->spent_s > 0 ? 0 : asked < per_day ? per_day - asked : 0);
}

static json_t *provider_row(const struct provider_config *provider, const struct upstream_status *status,
                            int64_t now_s)
{
    static const struct upstream_status nothing = {.failure = PROBLEM_NONE};
    const struct upstream_status *known = status != NULL ? status : &nothing;
    int64_t wait_s = known->spent_s > known->paused_s ? known->spent_s : known->paused_s;
    return json_pack(
        "{s:s, s:s, s:o, s:i, s:o, s:i, s:i, s:o, s:o, s:o}", "name", provider->section, "state",
        state_of(provider, status), "asked_again_at", time_value(wait_s > 0 ? now_s + wait_s : 0),
        "asked_today", (int)known->asked_today, "quota_left", quota_left(provider, status), "under_way",
        (int)known->in_flight, "waiting", (int)known->queued, "last_success_at",
        time_value(known->succeeded_s), "last_error",
        known->failure != PROBLEM_NONE ? json_string(problem_title(known->failure, strings_chosen()))
                                       : json_null(),
        "last_error_at", time_value(known->failed_s));
}

static json_t *providers(const struct status_subject *subject, int64_t now_s)
{
    struct upstream_status status[UPSTREAM_STATUS_MAX];
    size_t n = back_status(subject->back, status);
    json_t *rows = json_array();
    for (size_t i = 0; i < subject->config->n_providers; i++) {
        const struct provider_config *provider = &subject->config->providers[i];
        json_array_append_new(rows, provider_row(provider, find(status, n, provider->section), now_s));
    }
    return rows;
}

/* ---- the rest ---- */

static json_t *memory(const struct status_subject *subject)
{
    struct memory_stats stats = cache_memory_stats(subject->cache);
    return json_pack("{s:I, s:I, s:I, s:I}", "entries", (json_int_t)stats.entries, "bytes",
                     (json_int_t)stats.bytes, "budget_bytes",
                     (json_int_t)subject->config->cache.memory_mb << 20, "evictions",
                     (json_int_t)stats.evictions);
}

static json_t *memcached(const struct status_subject *subject)
{
    struct memcached_tier *tier = cache_memcached(subject->cache);
    struct memcached_server_status server;
    json_t *rows = json_array();
    for (size_t i = 0; tier != NULL && memcached_tier_server(tier, i, &server); i++)
        json_array_append_new(rows, json_pack("{s:s, s:s, s:I}", "server", server.name, "state",
                                              server.down ? server.why : "in use", "failures",
                                              (json_int_t)server.failures));
    return rows;
}

static json_t *status_of(const struct status_subject *subject, int64_t now_s)
{
    return must(json_pack(
        "{s:{s:s, s:b, s:s, s:o, s:o, s:s, s:s}, s:o, s:o, s:o}", "service", "version", MARQUEE_VERSION,
        "ready", subject->ready, "public_url", subject->config->site.public_url, "now", time_value(now_s),
        "started_at", time_value(subject->started_s), "upstream_libraries", upstream_libraries(),
        "tls_library", OpenSSL_version(OPENSSL_VERSION), "providers", providers(subject, now_s), "memory",
        memory(subject), "memcached", memcached(subject)));
}

void status_respond_json(const struct request *request, const struct status_subject *subject,
                         struct response *ret)
{
    json_t *status = status_of(subject, request->now_s);
    char *text = must(json_dumps(status, JSON_INDENT(2)));
    respond_text(request, 200, "application/json", text, strlen(text), ret);
    json_decref(status);
    free(text);
}

/* ---- the page ---- */

static const char page_head[] =
    "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>marquee: status</title>\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n"
    "<style>:root{color-scheme:light dark}body{font:16px/1.5 sans-serif;margin:2rem auto;max-width:80rem;"
    "padding:0 1rem}.wide{overflow-x:auto}table{border-collapse:collapse}th,td{text-align:left;padding:.3rem "
    ".8rem "
    ".3rem 0;border-bottom:1px solid #8886;vertical-align:top}th{font-weight:600}</style>\n"
    "<h1>marquee: status</h1>\n"
    "<p>The same as <a href=\"status.json\">JSON</a>; counters are at <a href=\"metrics\">/metrics</a>. "
    "Times are "
    "UTC.</p>\n";

static void put_words(struct buffer *page, const char *key)
{
    char words[64];
    snprintf(words, sizeof(words), "%s", key);
    for (char *c = words; *c != '\0'; c++)
        *c = (char)(*c == '_' ? ' ' : *c);
    template_escape(page, words, strlen(words));
}

static void put_value(struct buffer *page, const json_t *value)
{
    if (json_is_string(value))
        template_escape(page, json_string_value(value), json_string_length(value));
    else if (json_is_integer(value))
        buffer_printf(page, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else
        buffer_puts(page, json_is_true(value) ? "yes" : json_is_false(value) ? "no" : "–");
}

static void put_object(struct buffer *page, json_t *object)
{
    const char *key;
    json_t *value;
    buffer_puts(page, "<table>\n");
    json_object_foreach(object, key, value)
    {
        buffer_puts(page, "<tr><th scope=\"row\">");
        put_words(page, key);
        buffer_puts(page, "<td>");
        put_value(page, value);
        buffer_puts(page, "\n");
    }
    buffer_puts(page, "</table>\n");
}

static void put_rows(struct buffer *page, json_t *rows)
{
    const char *key;
    json_t *value, *row;
    size_t i;
    buffer_puts(page, "<div class=\"wide\"><table>\n<tr>");
    json_object_foreach(json_array_get(rows, 0), key, value)
    {
        buffer_puts(page, "<th scope=\"col\">");
        put_words(page, key);
    }
    json_array_foreach(rows, i, row)
    {
        buffer_puts(page, "\n<tr>");
        json_object_foreach(row, key, value)
        {
            buffer_puts(page, "<td>");
            put_value(page, value);
        }
    }
    buffer_puts(page, "\n</table></div>\n");
}

void status_respond_page(const struct request *request, const struct status_subject *subject,
                         struct response *ret)
{
    json_t *status = status_of(subject, request->now_s), *part;
    struct buffer page = BUFFER_INIT(PAGE_MAX_BYTES);
    const char *key;
    buffer_puts(&page, page_head);
    json_object_foreach(status, key, part)
    {
        buffer_puts(&page, "<h2>");
        put_words(&page, key);
        buffer_puts(&page, "</h2>\n");
        if (json_is_object(part))
            put_object(&page, part);
        else if (json_array_size(part) > 0)
            put_rows(&page, part);
        else
            buffer_puts(&page, "<p>none</p>\n");
    }
    respond_text(request, 200, "text/html; charset=utf-8", page.bytes, page.len, ret);
    buffer_done(&page);
    json_decref(status);
}
