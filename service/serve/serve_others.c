/* What happens to a request on the listeners beside HTTPS: redirects, and what operators ask. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cache/cache.h"
#include "metrics.h"
#include "serve.h"
#include "serve_internal.h"
#include "service/admin/admin_client.h"
#include "service/admin/status.h"
#include "service/config/config.h"
#include "service/config/public_url.h"
#include "service/document/decode.h"
#include "service/document/document_request.h"
#include "service/front/exchange.h"
#include "service/http/problem_answer.h"
#include "service/http/respond.h"
#include "service/process/log.h"
#include "service/process/stats.h"
#include "service/site/tours.h"
#include "translators/base/must.h"

#define CHALLENGE_MAX_NAME  128
#define CHALLENGE_MAX_BYTES 4096

static bool target_is(const struct request *request, const char *path)
{
    const char *query = memchr(request->target.text, '?', request->target.len);
    size_t len = query != NULL ? (size_t)(query - request->target.text) : request->target.len;
    return len == strlen(path) && memcmp(request->target.text, path, len) == 0;
}

void serve_set_ready(struct serve *serve, bool ready)
{
    atomic_store(&serve->ready, ready);
}

/* The name of a challenge, which is a file name as it stands: nothing is decoded. "" when the path is no
 * such. */
static void challenge_of(const struct request *request, char ret[CHALLENGE_MAX_NAME + 1])
{
    static const char folder[] = "/.well-known/acme-challenge/";
    size_t skip = sizeof(folder) - 1, len = request->target.len;
    ret[0] = '\0';
    if (len <= skip || len - skip > CHALLENGE_MAX_NAME || memcmp(request->target.text, folder, skip) != 0)
        return;
    for (size_t i = skip; i < len; i++) {
        char c = request->target.text[i];
        bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
                    c == '-';
        if (!good)
            return;
    }
    memcpy(ret, request->target.text + skip, len - skip);
    ret[len - skip] = '\0';
}

/* A few bytes of a regular file of that directory, no link: a thread that serves others waits for nothing
 * else. */
static ssize_t read_challenge(const char *directory, const char *name, char text[CHALLENGE_MAX_BYTES + 1])
{
    struct stat status;
    ssize_t len = -1;
    int folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int fd = folder != -1 ? openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) : -1;
    if (fd != -1 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
        status.st_size <= CHALLENGE_MAX_BYTES)
        len = read(fd, text, CHALLENGE_MAX_BYTES + 1);
    if (fd != -1)
        close(fd);
    if (folder != -1)
        close(folder);
    return len > CHALLENGE_MAX_BYTES ? -1 : len;
}

/* RFC 8555 section 8.3. False: it is no challenge, or there is no directory for them. */
static bool respond_challenge(const struct request *request, const char *directory, struct response *ret)
{
    char name[CHALLENGE_MAX_NAME + 1], text[CHALLENGE_MAX_BYTES + 1];
    challenge_of(request, name);
    if (directory == NULL || name[0] == '\0')
        return false;
    ssize_t len = read_challenge(directory, name, text);
    if (len >= 0)
        respond_text(request, 200, "application/octet-stream", text, (size_t)len, ret);
    else
        problem_respond(request, PROBLEM_NO_SUCH_PATH, strings_get(STRING_NO_CHALLENGE), ret);
    return true;
}

static void redirect(struct serve *serve, const struct request *request, struct response *ret)
{
    const char *public_url = public_url_configured(atomic_load(&serve->config));
    char base[PUBLIC_URL_MAX_BYTES];
    const struct tour_entry *tour = tours_of_host(atomic_load(&serve->tours), request->authority);
    if (request->target.text[0] != '/')
        respond_options(request, ret);
    else if (tour != NULL)
        respond_redirect(request, base, (size_t)snprintf(base, sizeof(base), "https://%s", tour->host), ret);
    else if (public_url != NULL)
        respond_redirect(request, public_url, strlen(public_url), ret);
    else if (request->authority.len == 0)
        problem_respond_refusal(request, 400, strings_get(STRING_GUARD_HOST), ret);
    else if (request->to_https_port)
        respond_redirect(request, base,
                         (size_t)snprintf(base, sizeof(base), "https://%.*s", (int)request->authority.len,
                                          request->authority.text),
                         ret);
    else
        respond_redirect(request, base, public_url_of_host(request->authority, serve->with.https_port, base),
                         ret);
}

void serve_on_plain_request(void *arg, struct exchange *exchange)
{
    struct serve *serve = CAST(struct serve, arg, SERVE_MAGIC);
    const struct request *request = exchange_request(exchange);
    const char *directory = atomic_load(&serve->config)->listen.acme_directory;
    struct response response;
    stats_add(serve->with.stats, requests, 1);
    if (public_url_configured(atomic_load(&serve->config)) != NULL)
        exchange_rebase(exchange, public_url_path(atomic_load(&serve->config)));
    if (!respond_challenge(request, directory, &response))
        redirect(serve, request, &response);
    exchange_reply(exchange, &response);
}

/* A parameter of the query, decoded. False: it is not given, or cannot be an id. */
static bool take_parameter(const struct request *request, const char *name, char *ret, size_t max_bytes)
{
    const char *end = request->target.text + request->target.len;
    const char *at = memchr(request->target.text, '?', request->target.len);
    enum string_id why;
    size_t name_len = strlen(name), len = 0;
    for (at = at != NULL ? at + 1 : end; at < end;) {
        const char *next = memchr(at, '&', (size_t)(end - at));
        size_t pair_len = (size_t)((next != NULL ? next : end) - at);
        if (pair_len > name_len && at[name_len] == '=' && memcmp(at, name, name_len) == 0)
            return decode_form(at + name_len + 1, pair_len - name_len - 1, ret, max_bytes, &len, &why) &&
                   len > 0;
        at += pair_len + 1;
    }
    return false;
}

/* No page in a browser of this machine can send that field: it would have to ask first (CORS). */
static void respond_purge(struct serve *serve, const struct request *request, struct response *ret)
{
    char provider[CONFIG_SECTION_BYTES], id[ROUTE_ID_MAX_BYTES + 1], text[256];
    if (request->authorization.len != strlen(ADMIN_WORD) ||
        memcmp(request->authorization.text, ADMIN_WORD, strlen(ADMIN_WORD)) != 0) {
        problem_respond(request, PROBLEM_FORBIDDEN, strings_get(STRING_PURGE_BY_COMMAND), ret);
        return;
    }
    if (!take_parameter(request, "provider", provider, sizeof(provider) - 1) ||
        !take_parameter(request, "id", id, ROUTE_ID_MAX_BYTES) || translator_named(provider) == NULL) {
        problem_respond(request, PROBLEM_PARAMETERS, strings_get(STRING_PURGE_WHAT), ret);
        return;
    }
    size_t n = cache_purge(serve->with.cache, provider, id, request->now_s);
    log_event(LOG_INFO, "purged", "provider", provider, "id", id, "entries", log_number((long long)n), NULL);
    int len = snprintf(text, sizeof(text), "%zu entries forgotten\n", n);
    respond_text(request, 200, "text/plain", text, (size_t)len, ret);
}

void serve_on_admin_request(void *arg, struct exchange *exchange)
{
    struct serve *serve = CAST(struct serve, arg, SERVE_MAGIC);
    const struct request *request = exchange_request(exchange);
    const struct status_subject subject = {.config = atomic_load(&serve->config),
                                           .cache = serve->with.cache,
                                           .back = serve->with.back,
                                           .started_s = serve->with.started_s,
                                           .ready = atomic_load(&serve->ready)};
    struct response response;
    if (target_is(request, "/")) {
        status_respond_page(request, &subject, &response);
    } else if (target_is(request, "/status.json")) {
        status_respond_json(request, &subject, &response);
    } else if (target_is(request, "/healthz")) {
        respond_text(request, 200, "text/plain", "ok\n", 3, &response);
    } else if (target_is(request, "/readyz")) {
        respond_text(request, subject.ready ? 200 : 503, "text/plain",
                     subject.ready ? "ready\n" : "not ready\n", subject.ready ? 6 : 10, &response);
    } else if (target_is(request, "/purge")) {
        respond_purge(serve, request, &response);
    } else if (target_is(request, "/metrics")) {
        metrics_respond(request, serve->with.stats, serve->with.cache, serve->with.back, &response);
    } else {
        problem_respond(request, PROBLEM_NO_SUCH_PATH, strings_get(STRING_ADMIN_PATHS), &response);
    }
    exchange_reply(exchange, &response);
}

void serve_find_route(struct serve *serve, const struct request *request, struct route_result *ret)
{
    tours_find_route(atomic_load(&serve->tours), atomic_load(&serve->config), request, ret);
}

bool serve_has_fixed_meaning(const struct serve *serve, const struct config *config,
                             const struct request *request)
{
    static const char pages[] = "/tour/";
    size_t len = sizeof(pages) - 1;
    bool is_page = request->target.len > len && memcmp(request->target.text, pages, len) == 0;
    return tours_at(atomic_load(&serve->tours), 0) == NULL &&
           (!is_page || strcmp(config->site.open_pages, "yes") == 0);
}

struct payers serve_payers(const struct serve *serve, struct exchange *exchange,
                           const struct document_request *document)
{
    const struct config *config = atomic_load(&serve->config);
    struct payers payers = {.clients = {*exchange_request(exchange)->client},
                            .n = 1,
                            .limits = {.per_minute = config->limits.client_cold_per_minute,
                                       .burst = config->limits.client_cold_burst,
                                       .max_parallel = config->limits.client_cold_parallel}};
    if (route_is_page(document) && document->pages[0] != '\0') {
        const char *host = document->pages + sizeof("https://") - 1;
        payers.clients[payers.n++] = client_of_host(host, strcspn(host, "/"));
    }
    return payers;
}

struct outcome serve_refusal(const struct client_budget_grant *grant, const struct strings *strings)
{
    static const enum string_id details[] = {
        [BUDGET_SPENT] = STRING_CLIENT_SPENT,
        [BUDGET_PARALLEL] = STRING_CLIENT_PARALLEL,
        [BUDGET_FULL] = STRING_TOO_MANY_CLIENTS,
    };
    struct outcome outcome = {.problem =
                                  grant->result == BUDGET_FULL ? PROBLEM_OVERLOADED : PROBLEM_CLIENT_LIMIT,
                              .retry_after_s = grant->retry_after_s};
    strings_write(outcome.detail, sizeof(outcome.detail), strings->texts[details[grant->result]], NULL);
    return outcome;
}
