/* What happens to a request on the listeners beside HTTPS: redirects, and what operators ask. */
#include <stdio.h>
#include <string.h>

#include "metrics.h"
#include "serve.h"
#include "serve_internal.h"
#include "service/config/config.h"
#include "service/config/public_url.h"
#include "service/front/exchange.h"
#include "service/http/problem_answer.h"
#include "service/http/respond.h"
#include "service/process/stats.h"
#include "status.h"
#include "translators/base/must.h"

static bool target_is(const struct request *request, const char *path)
{
    const char *query = memchr(request->target.text, '?', request->target.len);
    size_t len = query != NULL ? (size_t)(query - request->target.text) : request->target.len;
    return len == strlen(path) && memcmp(request->target.text, path, len) == 0;
}

void serve_on_plain_request(void *arg, struct exchange *exchange)
{
    struct serve *serve = CAST(struct serve, arg, SERVE_MAGIC);
    const struct request *request = exchange_request(exchange);
    const char *public_url = public_url_configured(atomic_load(&serve->config));
    struct response response;
    char base[PUBLIC_URL_MAX_BYTES];
    stats_add(serve->with.stats, requests, 1);
    if (request->target.text[0] != '/')
        respond_options(request, &response);
    else if (public_url != NULL)
        respond_redirect(request, public_url, strlen(public_url), &response);
    else if (request->authority.len == 0)
        problem_respond_refusal(request, 400, strings_get(STRING_GUARD_HOST), &response);
    else if (request->to_https_port)
        respond_redirect(request, base,
                         (size_t)snprintf(base, sizeof(base), "https://%.*s", (int)request->authority.len,
                                          request->authority.text),
                         &response);
    else
        respond_redirect(request, base, public_url_of_host(request->authority, serve->with.https_port, base),
                         &response);
    exchange_reply(exchange, &response);
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
    } else if (target_is(request, "/metrics")) {
        metrics_respond(request, serve->with.stats, serve->with.cache, serve->with.back, &response);
    } else {
        problem_respond(request, PROBLEM_NO_SUCH_PATH, strings_get(STRING_ADMIN_PATHS), &response);
    }
    exchange_reply(exchange, &response);
}
