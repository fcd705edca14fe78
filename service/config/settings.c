/* The table of settings and the conversion of one value. Where values come from, and what they mean together:
 * config.c. */
#include "settings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "config.h"
#include "service/http/proxies.h"
#include "translators/base/must.h"
#include "translators/base/text.h"

#define OF(field)          offsetof(struct config, field)
#define OF_PROVIDER(field) offsetof(struct provider_config, field)
#define YEAR_S             31536000ull
#define GIB                (1024ull * 1024 * 1024)

/* Below these no tour can be served at all; a short one at one venue can. A page of a hundred of
 * Ticketmaster's records is ten times as long: it wants the defaults. */
#define LEAST_QUESTIONS 10
#define LEAST_ROUNDS    10
#define LEAST_DEPTH     16
#define LEAST_BYTES     262144 /* of that page, of all the answers, of the document */

/* clang-format off */
const struct setting settings[] = {
    {"listen", "https", SETTING_TEXT, OF(listen.https), 0, 0, "0.0.0.0:8443", "addresses for HTTPS, separated by spaces", false},
    {"listen", "http", SETTING_TEXT, OF(listen.http), 0, 0, "0.0.0.0:8080", "addresses that only redirect to HTTPS; empty = off", false},
    {"listen", "admin", SETTING_TEXT, OF(listen.admin), 0, 0, "127.0.0.1:9090", "/metrics /healthz /readyz; empty = off", false},
    {"listen", "trusted_proxies", SETTING_TEXT, OF(listen.trusted_proxies), 0, 0, NULL, "addresses and networks whose X-Forwarded-For is believed, for client_cold_per_minute and its like", false},
    {"listen", "threads", SETTING_COUNT, OF(listen.threads), 0, 64, "0", "front threads; 0 = one per core", false},
    {"listen", "http2", SETTING_BOOL, OF(listen.http2), 0, 0, "yes", "no = HTTP/1.1 only", false},
    {"listen", "max_connections", SETTING_COUNT, OF(listen.max_connections), 1, 1000000, "8192", "of all clients together; lowered to fit the limit of open files", false},
    {"listen", "max_connections_per_address", SETTING_COUNT, OF(listen.max_connections_per_address), 1, 1000000, "512", "of one client address", false},
    {"listen", "max_requests_per_s", SETTING_COUNT, OF(listen.max_requests_per_s), 10, 10000000, "20000", "of one connection; only answers that it gives up unread count, each as 100: at 20000 it is closed beyond 200 of them", false},
    {"listen", "response_deadline_ms", SETTING_COUNT, OF(listen.response_deadline_ms), 1000, 600000, "30000", "from a request to the last byte of its answer", false},
    {"listen", "request_timeout_ms", SETTING_COUNT, OF(listen.request_timeout_ms), 500, 120000, "5000", "for a request to be whole, and for an idle connection", false},
    {"listen", "drain_ms", SETTING_COUNT, OF(listen.drain_ms), 0, 600000, "10000", "for requests under way when the service stops", true},

    {"tls", "certificate", SETTING_TEXT, OF(tls.certificate), 0, 0, NULL, "PEM file: the leaf first, then the chain", true},
    {"tls", "key", SETTING_TEXT, OF(tls.key), 0, 0, NULL, "PEM file of the private key", true},

    {"site", "public_url", SETTING_URL, OF(site.public_url), 0, 0, NULL, "what @id and the form write; default: https://localhost and the first HTTPS port", false},

    {"cache", "memory_mb", SETTING_COUNT, OF(cache.memory_mb), 1, 1048576, "64", "budget of the memory tier", false},
    {"cache", "memcached", SETTING_TEXT, OF(cache.memcached), 0, 0, NULL, "host:port host:port ... or /path/to.sock; empty = memory only", false},
    {"cache", "memcached_threads", SETTING_COUNT, OF(cache.memcached_threads), 1, 16, "2", "threads that talk to memcached", false},
    {"cache", "memcached_timeout_ms", SETTING_COUNT, OF(cache.memcached_timeout_ms), 5, 5000, "40", "of one operation; a server that is slower is left alone until a probe finds it back", false},
    {"cache", "memcached_probe_ms", SETTING_COUNT, OF(cache.memcached_probe_ms), 100, 60000, "1000", "a server that failed is tried again after this", false},
    {"cache", "memcached_max_queue", SETTING_COUNT, OF(cache.memcached_max_queue), 1, 1000000, "4096", "operations waiting for a thread", false},
    {"cache", "memcached_max_value_bytes", SETTING_BYTES, OF(cache.memcached_max_value_bytes), 1024, 1073741824, "1000000", "larger values stay in memory only; alike in all instances that share one, and lowered only with memcached emptied; memcached's -I is 1 MB by default", false},
    {"cache", "not_found_fresh_s", SETTING_COUNT, OF(cache.not_found_fresh_s), 1, 86400, "300", "an unknown artist is not asked for again before", true},
    {"cache", "incomplete_fresh_s", SETTING_COUNT, OF(cache.incomplete_fresh_s), 1, 86400, "60", "a document that lacks an upstream answer is made anew after, and an answer that cannot be used asked for again", true},
    {"cache", "hint_keep_s", SETTING_COUNT, OF(cache.hint_keep_s), 1, YEAR_S, "86400", "how long page counts and ids that an artist's last answer needed are remembered; never longer than the provider's terms allow", true},

    {"limits", "document_deadline_ms", SETTING_COUNT, OF(limits.document_deadline_ms), 100, 60000, "8000", "for one document, whatever the upstreams do", true},
    {"limits", "max_jobs", SETTING_COUNT, OF(limits.max_jobs), 1, 100000, "256", "documents in the making at once", true},
    {"limits", "max_inbox", SETTING_COUNT, OF(limits.max_inbox), 1, 1000000, "4096", "cold requests waiting for the back thread", true},
    {"limits", "max_waiters_per_job", SETTING_COUNT, OF(limits.max_waiters_per_job), 1, 1000000, "4096", "clients waiting for the same document", true},
    {"limits", "client_cold_per_minute", SETTING_COUNT, OF(limits.client_cold_per_minute), 0, 1000000, "300", "documents that are not in memory, asked for by one client address; 0 = no limit", true},
    {"limits", "client_cold_burst", SETTING_COUNT, OF(limits.client_cold_burst), 1, 1000000, "300", "of them at once by a client that was quiet before", true},
    {"limits", "client_cold_parallel", SETTING_COUNT, OF(limits.client_cold_parallel), 0, 1000000, "64", "of them under way at once; 0 = no limit", true},
    {"limits", "max_questions", SETTING_COUNT, OF(limits.max_questions), LEAST_QUESTIONS, 10000, "600", "upstream questions of one document", true},
    {"limits", "max_rounds", SETTING_COUNT, OF(limits.max_rounds), LEAST_ROUNDS, 10000, "1000", "runs of a translator for one document", true},
    {"limits", "max_json_bytes", SETTING_BYTES, OF(limits.max_json_bytes), LEAST_BYTES, GIB, "67108864", "of all upstream answers for one document", true},
    {"limits", "max_json_depth", SETTING_COUNT, OF(limits.max_json_depth), LEAST_DEPTH, 512, "64", "nesting of an upstream answer", true},
    {"limits", "max_document_bytes", SETTING_BYTES, OF(limits.max_document_bytes), LEAST_BYTES, GIB, "8388608", "of one rendered document", true},
    {"limits", "max_performers", SETTING_COUNT, OF(limits.max_performers), 1, 10000, "60", "acts shown of one event; festivals name up to 400", false},

    {"log", "level", SETTING_TEXT, OF(log.level), 0, 0, "info", "debug, info, warn or error", true},

    {NULL, "enabled", SETTING_BOOL, OF_PROVIDER(enabled), 0, 0, "yes", "no = its routes answer 404", true},
    {NULL, "artist", SETTING_TEXT, OF_PROVIDER(artist), 0, 0, NULL, "only in [provider:name]: id of the artist that the key there is for", true},
    {NULL, "base_url", SETTING_URL, OF_PROVIDER(base_url), 0, 0, NULL, "where its API's paths begin; https only", true},
    {NULL, "api_key", SETTING_SECRET, OF_PROVIDER(api_key), 0, 0, NULL, "the operator's key; better in api_key_file", true},
    {NULL, "api_key_file", SETTING_TEXT, OF_PROVIDER(api_key_file), 0, 0, NULL, "file that holds the key", true},
    {NULL, "ca_file", SETTING_TEXT, OF_PROVIDER(ca_file), 0, 0, NULL, "PEM file of the authorities to trust; empty = the system's", true},
    {NULL, "fresh_s", SETTING_COUNT, OF_PROVIDER(fresh_s), 1, YEAR_S, NULL, "events are fresh for", true},
    {NULL, "venue_fresh_s", SETTING_COUNT, OF_PROVIDER(venue_fresh_s), 1, YEAR_S, NULL, "venues are fresh for", true},
    {NULL, "artist_fresh_s", SETTING_COUNT, OF_PROVIDER(artist_fresh_s), 1, YEAR_S, NULL, "artists are fresh for", true},
    {NULL, "search_fresh_s", SETTING_COUNT, OF_PROVIDER(search_fresh_s), 1, YEAR_S, NULL, "searches are fresh for", true},
    {NULL, "keep_s", SETTING_COUNT, OF_PROVIDER(keep_s), 1, YEAR_S, NULL, "the ceiling of all kinds, fresh and stale together; never over the provider's terms", true},
    {NULL, "max_connections", SETTING_COUNT, OF_PROVIDER(max_connections), 1, 1000, "50", "to an upstream that speaks only HTTP/1.1", true},
    {NULL, "max_concurrent", SETTING_COUNT, OF_PROVIDER(max_concurrent), 1, 10000, "100", "requests under way at once", true},
    {NULL, "max_queue", SETTING_COUNT, OF_PROVIDER(max_queue), 1, 100000, "4096", "requests waiting their turn", true},
    {NULL, "requests_per_s", SETTING_COUNT, OF_PROVIDER(requests_per_s), 0, 100000, NULL, "0 = no limit", true},
    {NULL, "requests_per_day", SETTING_COUNT, OF_PROVIDER(requests_per_day), 0, 1000000000, NULL, "0 = no limit", true},
    {NULL, "patience_ms", SETTING_COUNT, OF_PROVIDER(patience_ms), 0, 60000, NULL, "how long a finished document of another provider waits for it; 0 = as long as for its own", true},
    {NULL, "contact", SETTING_TEXT, OF_PROVIDER(contact), 0, 0, NULL, "URL or e-mail of whoever runs this service, for its User-Agent; some are asked only with one", true},
    {NULL, "timeout_ms", SETTING_COUNT, OF_PROVIDER(timeout_ms), 100, 60000, "5000", "for one upstream request, retries included", true},
    {NULL, "connect_timeout_ms", SETTING_COUNT, OF_PROVIDER(connect_timeout_ms), 50, 60000, "2000", "for DNS, TCP and TLS together", true},
    {NULL, "max_answer_bytes", SETTING_BYTES, OF_PROVIDER(max_answer_bytes), LEAST_BYTES, GIB, "16777216", "of one upstream answer, decoded", true},
    {NULL, "max_answers_bytes", SETTING_BYTES, OF_PROVIDER(max_answers_bytes), LEAST_BYTES, GIB, "67108864", "of all upstream answers under way together, decoded", true},
    {NULL, "http2", SETTING_BOOL, OF_PROVIDER(http2), 0, 0, "yes", "no = ask over HTTP/1.1 only", true},
    {NULL, NULL, SETTING_TEXT, 0, 0, 0, NULL, NULL, false},
};
/* clang-format on */

const struct setting *setting_find(const char *section, const char *key)
{
    for (const struct setting *s = settings; s->key != NULL; s++) {
        bool same_section =
            section == NULL ? s->section == NULL : s->section != NULL && strcmp(s->section, section) == 0;
        if (same_section && strcmp(s->key, key) == 0)
            return s;
    }
    return NULL;
}

static bool assign_bool(bool *field, const char *text, char ret_reason[SETTING_MAX_REASON_BYTES])
{
    static const char *const yes[] = {"yes", "true", "on", "1"}, *const no[] = {"no", "false", "off", "0"};
    for (size_t i = 0; i < 4; i++) {
        if (strcasecmp(text, yes[i]) == 0 || strcasecmp(text, no[i]) == 0) {
            *field = strcasecmp(text, yes[i]) == 0;
            return true;
        }
    }
    snprintf(ret_reason, SETTING_MAX_REASON_BYTES, "must be yes or no");
    return false;
}

static bool parse_number(const struct setting *setting, const char *text, unsigned long long *ret_number,
                         char ret_reason[SETTING_MAX_REASON_BYTES])
{
    char *end;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0) {
        snprintf(ret_reason, SETTING_MAX_REASON_BYTES,
                 "must be a whole number from %llu to %llu, without a unit", setting->min, setting->max);
        return false;
    }
    if (number < setting->min || number > setting->max) {
        snprintf(ret_reason, SETTING_MAX_REASON_BYTES, "must be from %llu to %llu", setting->min,
                 setting->max);
        return false;
    }
    *ret_number = number;
    return true;
}

static bool assign_text(const struct setting *setting, void *base, const char *text,
                        char ret_reason[SETTING_MAX_REASON_BYTES])
{
    size_t len = strlen(text);
    if (setting->type == SETTING_URL && len > 0) {
        /* Upstreams are asked over HTTPS only; the site itself is never anything else. */
        if (strncmp(text, "https://", 8) != 0 || !text_is_web_url(text, len) || strpbrk(text, "?#") != NULL) {
            snprintf(ret_reason, SETTING_MAX_REASON_BYTES, "must be an absolute https:// URL without query");
            return false;
        }
        while (len > 8 && text[len - 1] == '/')
            len--;
    }
    setting_clear(setting, base);
    if (len > 0) {
        char **field = (char **)((char *)base + setting->offset);
        *field = must(strndup(text, len));
    }
    return true;
}

bool setting_assign(const struct setting *setting, void *base, const char *text,
                    char ret_reason[SETTING_MAX_REASON_BYTES])
{
    void *field = (char *)base + setting->offset;
    unsigned long long number = 0;
    switch (setting->type) {
    case SETTING_BOOL:
        return assign_bool(field, text, ret_reason);
    case SETTING_COUNT:
        if (!parse_number(setting, text, &number, ret_reason))
            return false;
        *(unsigned *)field = (unsigned)number;
        return true;
    case SETTING_BYTES:
        if (!parse_number(setting, text, &number, ret_reason))
            return false;
        *(size_t *)field = (size_t)number;
        return true;
    case SETTING_TEXT:
    case SETTING_SECRET:
    case SETTING_URL:
        break;
    }
    return assign_text(setting, base, text, ret_reason);
}

void setting_copy(const struct setting *setting, void *to, const void *from)
{
    char **text = (char **)((char *)to + setting->offset);
    const void *field = (const char *)from + setting->offset;
    switch (setting->type) {
    case SETTING_BOOL:
        *(bool *)((char *)to + setting->offset) = *(const bool *)field;
        return;
    case SETTING_COUNT:
        *(unsigned *)((char *)to + setting->offset) = *(const unsigned *)field;
        return;
    case SETTING_BYTES:
        *(size_t *)((char *)to + setting->offset) = *(const size_t *)field;
        return;
    case SETTING_TEXT:
    case SETTING_SECRET:
    case SETTING_URL:
        break;
    }
    setting_clear(setting, to);
    *text = *(char *const *)field != NULL ? must(strdup(*(char *const *)field)) : NULL;
}

void setting_clear(const struct setting *setting, void *base)
{
    if (setting->type != SETTING_TEXT && setting->type != SETTING_SECRET && setting->type != SETTING_URL)
        return;
    char **field = (char **)((char *)base + setting->offset);
    if (*field != NULL && setting->type == SETTING_SECRET)
        explicit_bzero(*field, strlen(*field));
    free(*field);
    *field = NULL;
}

_Static_assert(SETTING_MAX_BYTES >= PROXIES_MAX * (INET6_ADDRSTRLEN + sizeof("/128")),
               "a list of all networks is printed and compared whole");

void setting_print(const struct setting *setting, const void *base, char *text, size_t size)
{
    const void *field = (const char *)base + setting->offset;
    switch (setting->type) {
    case SETTING_BOOL:
        snprintf(text, size, "%s", *(const bool *)field ? "yes" : "no");
        break;
    case SETTING_COUNT:
        snprintf(text, size, "%u", *(const unsigned *)field);
        break;
    case SETTING_BYTES:
        snprintf(text, size, "%zu", *(const size_t *)field);
        break;
    case SETTING_SECRET:
        snprintf(text, size, "%s", *(char *const *)field != NULL ? "(set)" : "");
        break;
    case SETTING_TEXT:
    case SETTING_URL:
        snprintf(text, size, "%s", *(char *const *)field != NULL ? *(char *const *)field : "");
        break;
    }
}

static bool differs(const struct setting *setting, const void *one, const void *other)
{
    char text[SETTING_MAX_BYTES], other_text[SETTING_MAX_BYTES];
    setting_print(setting, one, text, sizeof(text));
    setting_print(setting, other, other_text, sizeof(other_text));
    return strcmp(text, other_text) != 0;
}

const char *settings_need_restart(const void *started_with, const void *next, size_t index)
{
    const char *section = ""; /* the one found before */
    for (const struct setting *s = settings; s->section != NULL; s++) {
        if (s->live || strcmp(s->section, section) == 0 || !differs(s, started_with, next))
            continue;
        section = s->section;
        if (index-- == 0)
            return section;
    }
    return NULL;
}
