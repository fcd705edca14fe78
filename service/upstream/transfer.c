/* One request on the wire: what it sends, what it takes, when it is sent again. What an answer's header says
 * of limits: limit_fields.c. What the answer is worth: upstream_answer.c. */
#include <stdlib.h>
#include <string.h>

#include <utlist.h>

#include "redact.h"
#include "redirect.h"
#include "service/process/log.h"
#include "service/process/stats.h"
#include "translators/base/memory.h"
#include "translators/base/must.h"
#include "upstream_curl.h"

#define MAX_TRIES          2
#define MAX_ANSWERS_BYTES  (64u << 20) /* of all answers under way together, decoded */
#define CONNECT_TIMEOUT_MS 2000        /* for DNS, TCP and TLS together */
#define STEPS_OF_A_CALL    32          /* of libcurl, to send or to take (translators/base/memory.h) */
#define HTTP2_CONNECTIONS  4           /* beyond, libcurl queues; each carries 100 streams */

static bool is_http2(CURL *easy)
{
    long version = 0;
    curl_easy_getinfo(easy, CURLINFO_HTTP_VERSION, &version);
    return version == CURL_HTTP_VERSION_2_0;
}

static size_t on_body(char *bytes, size_t one, size_t len, void *user)
{
    struct transfer *transfer = user;
    struct lane *lane = transfer->lane;
    (void)one;
    memory_step(STEPS_OF_A_CALL);
    transfer->pool->has_read |= is_http2(transfer->easy);
    stats_add(lane->upstream->stats, upstream_body_bytes, (int64_t)len);
    if (lane->body_bytes + len > MAX_ANSWERS_BYTES) {
        transfer->over_max = true;
        return 0;
    }
    size_t before = transfer->body.len;
    buffer_append(&transfer->body, bytes, len);
    lane->body_bytes += transfer->body.len - before;
    transfer->over_max |= transfer->body.overflowed;
    return transfer->over_max ? 0 : len;
}

static void body_done(struct transfer *transfer)
{
    transfer->lane->body_bytes -= transfer->body.len;
    buffer_done(&transfer->body);
}

static size_t on_header(char *line, size_t one, size_t len, void *user)
{
    struct transfer *transfer = user;
    (void)one;
    transfer->over_max |=
        !limit_fields_line(&transfer->limit_fields, transfer->lane->gate.provider->translator, line, len);
    return transfer->over_max ? 0 : len;
}

/* Called before each sending. libcurl sends a request anew, up to five times, when a connection that was
 * there already turns out to be dead. An upstream may close an idle connection, so one time is free; more
 * than that comes out of the budget for retries. */
static int on_sending(void *user, char *to, char *from, int to_port, int from_port)
{
    struct transfer *transfer = user;
    struct lane *lane = transfer->lane;
    (void)to;
    (void)from;
    (void)to_port;
    (void)from_port;
    memory_step(STEPS_OF_A_CALL);
    transfer->sendings++;
    if (transfer->tries == 1 && transfer->sendings == 2)
        gate_resend(&lane->gate);
    else
        transfer->lost = transfer->sendings > 1 && !gate_retry(&lane->gate);
    if (transfer->lost)
        return CURL_PREREQFUNC_ABORT;
    stats_add(lane->upstream->stats, upstream_requests, 1);
    return CURL_PREREQFUNC_OK;
}

bool transfer_queue(struct transfer *transfer, struct upstream_refusal *ret_refusal)
{
    struct lane *lane = transfer->lane;
    const struct upstream *upstream = lane->upstream;
    bool may = gate_join(&lane->gate, &transfer->request, transfer->has_copy, upstream->now_ms,
                         upstream->now_s, ret_refusal);
    if (may)
        lane->wait_ms = upstream->now_ms; /* the next wait ends at once */
    return may;
}

void transfer_free(struct transfer *transfer)
{
    if (transfer->easy != NULL)
        curl_easy_cleanup(transfer->easy);
    body_done(transfer);
    free(transfer->path);
    free(transfer);
}

/* Options that every transfer to this provider has. */
static CURL *easy_new(struct transfer *transfer)
{
    const struct provider_config *provider = transfer->lane->gate.provider;
    CURL *easy = memory_try(curl_easy_init());
    curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_sending);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    const char *proxy = transfer->lane->config->upstream.proxy;
    curl_easy_setopt(easy, CURLOPT_PROXY, proxy != NULL ? proxy : ""); /* "": not the environment's either */
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer->lane->upstream->headers);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, transfer->lane->user_agent);
    curl_easy_setopt(easy, CURLOPT_SHARE, transfer->lane->upstream->share);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
                     (long)(provider->http2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
    /* Wait for the first connection to tell whether it multiplexes, instead of opening one each. */
    curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_TIMEOUT_MS);
    /* With a CAPATH, Debian's default, libcurl reads the authorities anew for each connection. */
    curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    if (provider->ca_file != NULL)
        curl_easy_setopt(easy, CURLOPT_CAINFO, provider->ca_file);
    return easy;
}

void transfer_start(struct transfer *transfer, int64_t now_ms)
{
    struct lane *lane = transfer->lane;
    struct buffer url = BUFFER_INIT(8192);
    int64_t left_ms = transfer->request.deadline_ms - now_ms;
    if (transfer->easy == NULL)
        transfer->easy = easy_new(transfer);
    buffer_printf(&url, "%s%s", lane->url_prefix, transfer->path);
    if (lane->url_suffix != NULL)
        buffer_printf(&url, "%c%s", strchr(transfer->path, '?') != NULL ? '&' : '?', lane->url_suffix);
    curl_easy_setopt(transfer->easy, CURLOPT_URL, url.overflowed ? "" : url.bytes);
    explicit_bzero(url.bytes, url.len);
    buffer_done(&url);
    curl_easy_setopt(transfer->easy, CURLOPT_TIMEOUT_MS, (long)(left_ms > 1 ? left_ms : 1));
    body_done(transfer);
    transfer->limit_fields = limit_fields_nothing();
    transfer->sendings = 0;
    transfer->tries++;
    transfer->pool = &lane->pools[lane->current];
    transfer->pool->running++;
    must(curl_multi_add_handle(transfer->pool->multi, transfer->easy) == CURLM_OK);
    DL_PREPEND(lane->running, transfer);
    stats_add(lane->upstream->stats, upstream_in_flight, 1);
}

/* For upstream_status(). */
static void note_ending(struct lane *lane, enum problem_kind problem, int64_t now_s)
{
    if (problem == PROBLEM_NONE || problem == PROBLEM_NOT_FOUND) {
        lane->succeeded_s = now_s;
        return;
    }
    lane->failed_s = now_s;
    lane->failure = problem;
}

/* Tells the lane's gate what an answer was worth to a transfer that was sent. */
static void tell_gate(const struct transfer *transfer, const struct upstream_answer *answer)
{
    struct lane *lane = transfer->lane;
    struct upstream *upstream = lane->upstream;
    note_ending(lane, answer->problem, upstream->now_s);
    if (answer->is_spent)
        gate_set_exhausted_until(&lane->gate, upstream->now_s + answer->reset_after_s, upstream->now_s);
    int64_t pause_s = gate_end(&lane->gate, transfer->request.ticket, answer->problem, answer->retry_after_s,
                               upstream->now_ms);
    if (pause_s > 0) {
        stats_add(upstream->stats, breaker_opened, 1);
        log_event(LOG_WARN, "breaker_opened", "provider", lane->gate.provider->translator->name, "pause_s",
                  log_number(pause_s), NULL);
    }
}

/* Hands the answer out and forgets the transfer. */
static void transfer_finish(struct transfer *transfer, const struct upstream_answer *answer)
{
    if (answer->problem != PROBLEM_NONE && answer->problem != PROBLEM_NOT_FOUND)
        stats_add(transfer->lane->upstream->stats, upstream_failures, 1);
    transfer->on_done(transfer->arg, answer);
    transfer_free(transfer);
}

static enum problem_kind problem_of(CURLcode code, const struct transfer *transfer)
{
    if (transfer->over_max)
        return PROBLEM_UPSTREAM_RUBBISH;
    switch (code) {
    case CURLE_OK:
        return PROBLEM_NONE;
    case CURLE_OPERATION_TIMEDOUT:
        return PROBLEM_UPSTREAM_SLOW;
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
    case CURLE_WRITE_ERROR:
        return PROBLEM_UPSTREAM_RUBBISH;
    default:
        return PROBLEM_UPSTREAM_UNREACHABLE;
    }
}

/* What came was no HTTP. */
static bool is_garbled(CURLcode code)
{
    return code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_WEIRD_SERVER_REPLY;
}

/* A connection that broke says nothing about the request; a GET may be sent again. Nor does one on which the
 * end of an earlier answer was left, because its length was given too small. */
static bool worth_retrying(CURLcode code, const struct transfer *transfer)
{
    long n_opened = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_NUM_CONNECTS, &n_opened);
    return code == CURLE_PARTIAL_FILE || code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR ||
           code == CURLE_GOT_NOTHING || code == CURLE_HTTP2 || code == CURLE_HTTP2_STREAM ||
           (is_garbled(code) && n_opened == 0);
}

static const char *why_failed(CURLcode code, const struct transfer *transfer)
{
    if (transfer->over_max)
        return "answer over its maximum";
    return transfer->lost ? "connection lost again and again" : curl_easy_strerror(code);
}

/* What the header says of limits goes to the gate. Returns the seconds after which to ask again; 0: not said.
 */
static int64_t heed_limits(struct transfer *transfer, int64_t now_s)
{
    int64_t retry_after_s = limit_fields_pause_s(&transfer->limit_fields, now_s);
    int64_t spent_until_s = limit_fields_spent_until_s(&transfer->limit_fields, now_s);
    if (spent_until_s == 0)
        return retry_after_s;
    int64_t left_s = gate_set_exhausted_until(&transfer->lane->gate, spent_until_s, now_s);
    return retry_after_s > 0 ? retry_after_s : left_s;
}

/* Takes a transfer that has ended out of its pool and of the running ones. */
static void detach(struct transfer *transfer, CURLcode code, int64_t now_ms)
{
    struct lane *lane = transfer->lane;
    struct pool *pool = transfer->pool;
    bool is_multiplexed = is_http2(transfer->easy);
    pool->has_read |= is_multiplexed;
    curl_multi_remove_handle(pool->multi, transfer->easy);
    pool->running--;
    DL_DELETE(lane->running, transfer);
    stats_add(lane->upstream->stats, upstream_in_flight, -1);
    if (code == CURLE_OPERATION_TIMEDOUT || is_garbled(code))
        pool_retire(lane, pool, now_ms);
    else if (code == CURLE_OK && is_multiplexed)
        curl_multi_setopt(pool->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)HTTP2_CONNECTIONS);
}

/* NULL: the redirect leads elsewhere, or there were too many; *ret_why says which. An upstream that wants us
 * to wait before we follow is not followed: nobody waits that long. */
static char *next_path_new(const struct transfer *transfer, int64_t retry_after_s, const char **ret_why)
{
    const struct provider_config *provider = transfer->lane->gate.provider;
    const char *target = NULL;
    *ret_why = "redirects without end";
    if (transfer->hops == REDIRECT_MAX_HOPS)
        return NULL;
    *ret_why = "a redirect that is to be followed later";
    if (retry_after_s > 0)
        return NULL;
    *ret_why = "a redirect that leads out of the API";
    curl_easy_getinfo(transfer->easy, CURLINFO_REDIRECT_URL, &target);
    return redirect_path_new(provider->base_url, provider->translator->key_parameter, target);
}

/* The next request of a redirect waits for its turn as any other does. */
static void follow(struct transfer *transfer, char *path)
{
    struct upstream_refusal refusal;
    tell_gate(transfer, &(struct upstream_answer){.problem = PROBLEM_NONE});
    free(transfer->path);
    transfer->path = path;
    transfer->hops++;
    transfer->tries = 0;
    body_done(transfer);
    if (!transfer_queue(transfer, &refusal))
        transfer_refuse(transfer, refusal.problem, refusal.retry_after_s, "breaker or quota");
}

static void judge(struct transfer *transfer, struct upstream_answer *answer)
{
    upstream_answer_judge(answer, transfer->lane->gate.provider, transfer->kind);
    tell_gate(transfer, answer);
    transfer_finish(transfer, answer);
    json_decref(answer->body);
}

void transfer_ended(struct transfer *transfer, CURLcode code, int64_t now_ms)
{
    struct lane *lane = transfer->lane;
    long status = 0;
    curl_off_t elapsed_us = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(transfer->easy, CURLINFO_TOTAL_TIME_T, &elapsed_us);
    detach(transfer, code, now_ms);
    if (worth_retrying(code, transfer) && !transfer->over_max && transfer->tries < MAX_TRIES &&
        now_ms < transfer->request.deadline_ms && gate_retry(&lane->gate)) {
        stats_add(lane->upstream->stats, upstream_retries, 1);
        transfer_start(transfer, now_ms);
        return;
    }
    int64_t now_s = lane->upstream->now_s, retry_after_s = heed_limits(transfer, now_s);
    enum problem_kind problem = problem_of(code, transfer);
    const char *why = why_failed(code, transfer);
    if (problem == PROBLEM_NONE && redirect_is((int)status)) {
        char *path = next_path_new(transfer, retry_after_s, &why);
        if (path != NULL) {
            follow(transfer, path);
            return;
        }
        problem = PROBLEM_UPSTREAM_RUBBISH;
    }
    redactor_run(lane->redactor, transfer->body.bytes, transfer->body.len);
    judge(transfer, &(struct upstream_answer){
                        .problem = problem,
                        .status = (int)status,
                        .bytes = transfer->body.len > 0 ? transfer->body.bytes : "",
                        .len = transfer->body.len,
                        .retry_after_s = retry_after_s,
                        .reset_after_s = limit_fields_reset_after_s(&transfer->limit_fields, now_s),
                        .why = why,
                        .elapsed_us = (unsigned)elapsed_us,
                    });
}

void transfer_refuse(struct transfer *transfer, enum problem_kind problem, int64_t retry_after_s,
                     const char *why)
{
    struct upstream_answer answer = {
        .problem = problem, .bytes = "", .retry_after_s = retry_after_s, .why = why};
    stats_add(transfer->lane->upstream->stats, upstream_refused, 1);
    transfer_finish(transfer, &answer);
}

void transfer_drop(struct transfer *transfer)
{
    curl_multi_remove_handle(transfer->pool->multi, transfer->easy);
    DL_DELETE(transfer->lane->running, transfer);
    transfer_free(transfer);
}
