/* The wire to the providers: transfers over libcurl's multi interface, driven through one epoll descriptor.
 * The only file that knows libcurl. Limits and breakers: lane.c. What an answer's header says of them:
 * limit_fields.c. What the answer means: source.c.
 *
 * Longer than 400 lines because libcurl is to be known in one file only. */
#include "upstream.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "lane.h"
#include "limit_fields.h"
#include "redact.h"
#include "service/config/config.h"
#include "service/config/config_load.h"
#include "service/process/log.h"
#include "service/process/stats.h"
#include "translators/base/buffer.h"

#define TRANSFER_MAGIC     0x74726e73u
#define AGENT              "marquee/" MARQUEE_VERSION
#define MAX_POOLS_PER_LANE 4 /* one in use, the others draining */
#define MAX_LANES \
    (4 * (CONFIG_MAX_PROVIDERS + CONFIG_MAX_KEYS)) /* the rest: of documents begun before reloads */
#define MAX_EVENTS        64
#define MAX_TRIES         2
#define HTTP2_CONNECTIONS 4 /* beyond, libcurl queues; each carries 100 streams */
#define RETIRE_PAUSE_MS   1000

struct lane_state;

/* A connection pool: one multi handle. It is retired, not reused, after a timeout or an answer that is no
 * HTTP: libcurl would go on putting requests on a dead HTTP/2 connection, or on one with leftovers. */
struct pool {
    struct upstream *upstream;
    CURLM *multi; /* NULL: the slot is free */
    unsigned id;  /* lane and slot, for epoll */
    unsigned running;
    bool retired;
    int64_t timer_ms; /* when libcurl wants to be called; -1: not at all */
};

struct transfer {
    unsigned magic;
    struct lane_state *lane;
    struct pool *pool; /* NULL: queued */
    CURL *easy;
    struct transfer *next, **link; /* in the lane's queue or the list of running ones */
    char *path;
    struct buffer body;
    struct limit_fields said;
    int64_t deadline_ms;
    unsigned ticket; /* the lane's, once it is under way */
    unsigned tries;
    unsigned sendings; /* of this try */
    bool over_max, lost;
    upstream_done_fn *on_done;
    void *arg;
};

struct lane_state {
    struct config *config; /* a reference: the gate's provider is in it; NULL: the slot is free */
    struct lane gate;
    struct upstream *upstream;
    struct pool pools[MAX_POOLS_PER_LANE];
    unsigned current;
    int64_t retired_ms;
    int64_t wait_ms; /* the lane's word: look at the queue again then; -1: no need */
    char *url_prefix,
        *url_suffix;           /* around the path; the suffix holds the key and goes nowhere but to libcurl */
    struct redactor *redactor; /* of the key; NULL: there is none */
    char *user_agent;
    struct transfer *queue, **queue_end;
    struct transfer *running;
    size_t body_bytes; /* held by all that are running */
};

struct upstream {
    struct config *config; /* a reference */
    struct stats *stats;
    CURLSH *share; /* TLS sessions survive a retired pool */
    struct curl_slist *headers;
    int epoll_fd, wake_fd;
    struct epoll_event events[MAX_EVENTS];
    int n_events;
    int64_t now_ms, now_s; /* of the latest upstream_run() */
    size_t n_lanes;        /* slots in use, with free ones in between */
    struct lane_state lanes[MAX_LANES];
};

/* ---- what libcurl calls ---- */

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *user, void *known)
{
    struct pool *pool = user;
    struct epoll_event event = {.data.u64 = 0};
    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        epoll_ctl(pool->upstream->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
        return 0;
    }
    event.events =
        (what & CURL_POLL_IN ? (uint32_t)EPOLLIN : 0) | (what & CURL_POLL_OUT ? (uint32_t)EPOLLOUT : 0);
    event.data.u64 = (uint64_t)pool->id << 32 | (uint32_t)fd;
    epoll_ctl(pool->upstream->epoll_fd, known != NULL ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event);
    curl_multi_assign(pool->multi, fd, pool);
    return 0;
}

static int on_timer(CURLM *multi, long timeout_ms, void *user)
{
    struct pool *pool = user;
    (void)multi;
    pool->timer_ms = timeout_ms < 0 ? -1 : pool->upstream->now_ms + timeout_ms;
    return 0;
}

static size_t on_body(char *bytes, size_t one, size_t len, void *user)
{
    struct transfer *transfer = user;
    struct lane_state *lane = transfer->lane;
    (void)one;
    stats_add(lane->upstream->stats, upstream_body_bytes, (int64_t)len);
    if (lane->body_bytes + len > lane->gate.provider->max_answers_bytes) {
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
        !limit_fields_line(&transfer->said, transfer->lane->gate.provider->translator, line, len);
    return transfer->over_max ? 0 : len;
}

/* Called before each sending. libcurl sends a request anew, up to five times, when a connection that was
 * there already turns out to be dead. An upstream may close an idle connection, so one time is free; more
 * than that comes out of the budget for retries. */
static int on_sending(void *user, char *to, char *from, int to_port, int from_port)
{
    struct transfer *transfer = user;
    struct lane_state *lane = transfer->lane;
    (void)to;
    (void)from;
    (void)to_port;
    (void)from_port;
    transfer->sendings++;
    if (transfer->tries == 1 && transfer->sendings == 2)
        lane_resend(&lane->gate);
    else
        transfer->lost = transfer->sendings > 1 && !lane_retry(&lane->gate);
    if (transfer->lost)
        return CURL_PREREQFUNC_ABORT;
    stats_add(lane->upstream->stats, upstream_requests, 1);
    return CURL_PREREQFUNC_OK;
}

/* ---- pools ---- */

static void pool_open(struct pool *pool, struct lane_state *lane)
{
    const struct provider_config *provider = lane->gate.provider;
    unsigned lane_number = (unsigned)(lane - lane->upstream->lanes);
    *pool = (struct pool){.upstream = lane->upstream, .multi = curl_multi_init(), .timer_ms = -1};
    pool->id = lane_number * MAX_POOLS_PER_LANE + (unsigned)(pool - lane->pools);
    if (pool->multi == NULL)
        abort();
    curl_multi_setopt(pool->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(pool->multi, CURLMOPT_SOCKETDATA, pool);
    curl_multi_setopt(pool->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(pool->multi, CURLMOPT_TIMERDATA, pool);
    curl_multi_setopt(pool->multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
    /* Unset, the pool of warm connections shrinks as a burst ends. */
    curl_multi_setopt(pool->multi, CURLMOPT_MAXCONNECTS, (long)provider->max_connections);
    curl_multi_setopt(pool->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)provider->max_connections);
}

static void pool_close(struct pool *pool)
{
    if (pool->multi != NULL)
        curl_multi_cleanup(pool->multi);
    *pool = (struct pool){.timer_ms = -1};
}

/* New work goes to a new pool from now on. When every slot is still draining, the old pool stays in use. */
static void pool_replace(struct lane_state *lane)
{
    for (unsigned i = 0; i < MAX_POOLS_PER_LANE; i++) {
        if (lane->pools[i].multi == NULL) {
            lane->pools[lane->current].retired = true;
            lane->current = i;
            pool_open(&lane->pools[i], lane);
            return;
        }
    }
}

static void pool_retire(struct lane_state *lane, const struct pool *stalled, int64_t now_ms)
{
    if (stalled != &lane->pools[lane->current] || now_ms - lane->retired_ms < RETIRE_PAUSE_MS)
        return;
    lane->retired_ms = now_ms;
    pool_replace(lane);
}

/* ---- transfers ---- */

static void list_remove(struct transfer *transfer)
{
    if (transfer->next != NULL)
        transfer->next->link = transfer->link;
    *transfer->link = transfer->next;
}

static void list_push(struct transfer **head, struct transfer *transfer)
{
    transfer->next = *head;
    transfer->link = head;
    if (*head != NULL)
        (*head)->link = &transfer->next;
    *head = transfer;
}

static void transfer_free(struct transfer *transfer)
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
    CURL *easy = curl_easy_init();
    if (easy == NULL)
        abort();
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
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer->lane->upstream->headers);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, transfer->lane->user_agent);
    curl_easy_setopt(easy, CURLOPT_SHARE, transfer->lane->upstream->share);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
                     (long)(provider->http2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
    /* Wait for the first connection to tell whether it multiplexes, instead of opening one each. */
    curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)provider->connect_timeout_ms);
    /* With a CAPATH, Debian's default, libcurl reads the authorities anew for each connection. */
    curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    if (provider->ca_file != NULL)
        curl_easy_setopt(easy, CURLOPT_CAINFO, provider->ca_file);
    return easy;
}

static void transfer_start(struct transfer *transfer, int64_t now_ms)
{
    struct lane_state *lane = transfer->lane;
    struct buffer url = BUFFER_INIT(8192);
    int64_t left_ms = transfer->deadline_ms - now_ms;
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
    transfer->said = limit_fields_nothing();
    transfer->sendings = 0;
    transfer->tries++;
    transfer->pool = &lane->pools[lane->current];
    transfer->pool->running++;
    if (curl_multi_add_handle(transfer->pool->multi, transfer->easy) != CURLM_OK)
        abort();
    list_push(&lane->running, transfer);
    stats_add(lane->upstream->stats, upstream_in_flight, 1);
}

/* Hands the answer out and forgets the transfer. `was_sent`: it counted as under way in its lane. */
static void transfer_finish(struct transfer *transfer, const struct upstream_answer *answer, bool was_sent)
{
    struct lane_state *lane = transfer->lane;
    struct upstream *upstream = lane->upstream;
    struct verdict verdict = transfer->on_done(transfer->arg, answer);
    if (verdict.is_spent)
        lane_told_spent(&lane->gate, upstream->now_s + answer->reset_after_s, upstream->now_s);
    if (verdict.problem != PROBLEM_NONE && verdict.problem != PROBLEM_NOT_FOUND)
        stats_add(upstream->stats, upstream_failures, 1);
    int64_t pause_s = 0;
    if (was_sent)
        pause_s =
            lane_end(&lane->gate, transfer->ticket, verdict.problem, verdict.retry_after_s, upstream->now_ms);
    if (pause_s > 0) {
        stats_add(upstream->stats, breaker_opened, 1);
        log_event(LOG_WARN, "breaker_opened", "provider", lane->gate.provider->translator->name, "pause_s",
                  log_number(pause_s), NULL);
    }
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

static void on_transfer_ended(struct transfer *transfer, CURLcode code, int64_t now_ms)
{
    struct lane_state *lane = transfer->lane;
    long status = 0, version = 0;
    curl_off_t elapsed_us = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(transfer->easy, CURLINFO_HTTP_VERSION, &version);
    curl_easy_getinfo(transfer->easy, CURLINFO_TOTAL_TIME_T, &elapsed_us);
    struct pool *pool = transfer->pool;
    curl_multi_remove_handle(pool->multi, transfer->easy);
    pool->running--;
    list_remove(transfer);
    stats_add(lane->upstream->stats, upstream_in_flight, -1);
    if (code == CURLE_OPERATION_TIMEDOUT || is_garbled(code))
        pool_retire(lane, pool, now_ms);
    else if (code == CURLE_OK && version == CURL_HTTP_VERSION_2_0)
        curl_multi_setopt(pool->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)HTTP2_CONNECTIONS);
    if (worth_retrying(code, transfer) && !transfer->over_max && transfer->tries < MAX_TRIES &&
        now_ms < transfer->deadline_ms && lane_retry(&lane->gate)) {
        stats_add(lane->upstream->stats, upstream_retries, 1);
        transfer_start(transfer, now_ms);
        return;
    }
    int64_t now_s = lane->upstream->now_s, retry_after_s = limit_fields_pause_s(&transfer->said, now_s);
    int64_t spent_until_s = limit_fields_spent_until_s(&transfer->said, now_s);
    if (spent_until_s > 0) {
        int64_t left_s = lane_told_spent(&lane->gate, spent_until_s, now_s);
        if (retry_after_s == 0)
            retry_after_s = left_s;
    }
    redactor_run(lane->redactor, transfer->body.bytes, transfer->body.len);
    struct upstream_answer answer = {
        .problem = problem_of(code, transfer),
        .status = (int)status,
        .bytes = transfer->body.len > 0 ? transfer->body.bytes : "",
        .len = transfer->body.len,
        .retry_after_s = retry_after_s,
        .reset_after_s = limit_fields_reset_after_s(&transfer->said, now_s),
        .why = why_failed(code, transfer),
        .elapsed_us = (unsigned)elapsed_us,
    };
    transfer_finish(transfer, &answer, true);
}

static void transfer_refuse(struct transfer *transfer, enum problem_kind problem, int64_t retry_after_s,
                            const char *why)
{
    struct upstream_answer answer = {
        .problem = problem, .bytes = "", .retry_after_s = retry_after_s, .why = why};
    stats_add(transfer->lane->upstream->stats, upstream_refused, 1);
    transfer_finish(transfer, &answer, false);
}

static void watch_quota(struct lane_state *lane, int64_t now_s)
{
    if (!lane_quota_warns(&lane->gate, now_s))
        return;
    log_event(LOG_WARN, "quota_nearly_spent", "provider", lane->gate.provider->translator->name,
              "requests_per_day", log_number(lane->gate.provider->requests_per_day), "now",
              "stale copies are served as they are until the day is over", NULL);
}

/* ---- a lane's queue ---- */

static struct transfer *queue_pop(struct lane_state *lane)
{
    struct transfer *transfer = lane->queue;
    lane->queue = transfer->next;
    if (lane->queue == NULL)
        lane->queue_end = &lane->queue;
    return transfer;
}

static void start_queued(struct lane_state *lane, int64_t now_ms, int64_t now_s)
{
    lane->wait_ms = -1;
    while (lane->queue != NULL) {
        struct verdict refusal;
        int64_t wait_ms;
        if (now_ms >= lane->queue->deadline_ms) {
            lane_leave(&lane->gate);
            transfer_refuse(queue_pop(lane), PROBLEM_UPSTREAM_SLOW, 0, "waited too long for its turn");
            continue;
        }
        switch (lane_start(&lane->gate, now_ms, now_s, &wait_ms, &lane->queue->ticket, &refusal)) {
        case LANE_GO:
            transfer_start(queue_pop(lane), now_ms);
            watch_quota(lane, now_s);
            break;
        case LANE_REFUSE:
            transfer_refuse(queue_pop(lane), refusal.problem, refusal.retry_after_s, "breaker or quota");
            break;
        case LANE_WAIT:
            lane->wait_ms = wait_ms >= 0 ? now_ms + wait_ms : lane->queue->deadline_ms;
            return;
        }
    }
}

/* ---- the object ---- */

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* Who replaces a refused or a spent key begins anew. */
static bool same_account(const struct provider_config *a, const struct provider_config *b)
{
    return a == b || (strcmp(a->section, b->section) == 0 && same_text(a->base_url, b->base_url) &&
                      same_text(a->api_key, b->api_key));
}

/* The same in the configuration in use; NULL: it is there no longer. */
static const struct provider_config *current_of(const struct upstream *upstream,
                                                const struct provider_config *provider)
{
    for (size_t i = 0; i < upstream->config->n_providers; i++) {
        if (same_account(&upstream->config->providers[i], provider))
            return &upstream->config->providers[i];
    }
    return NULL;
}

static char *user_agent_new(const char *contact)
{
    char *text;
    int len = contact != NULL ? asprintf(&text, AGENT " ( %s )", contact) : asprintf(&text, AGENT);
    if (len < 0)
        abort();
    return text;
}

static void lane_open(struct upstream *upstream, struct lane_state *lane,
                      const struct provider_config *provider)
{
    const char *parameter = provider->translator->key_parameter;
    *lane = (struct lane_state){.config = config_ref(provider->config),
                                .gate = lane_new(provider),
                                .upstream = upstream,
                                .wait_ms = -1,
                                .user_agent = user_agent_new(provider->contact),
                                .queue_end = &lane->queue};
    for (unsigned i = 0; i < MAX_POOLS_PER_LANE; i++)
        lane->pools[i].timer_ms = -1;
    pool_open(&lane->pools[0], lane);
    if (asprintf(&lane->url_prefix, "%s/", provider->base_url) < 0)
        abort();
    if (parameter != NULL && provider->api_key != NULL) {
        char *key = curl_easy_escape(NULL, provider->api_key, 0);
        if (key == NULL || asprintf(&lane->url_suffix, "%s=%s", parameter, key) < 0)
            abort();
        explicit_bzero(key, strlen(key));
        curl_free(key);
        lane->redactor = redactor_new(provider->api_key);
    }
}

bool upstream_accepts(const struct config *config, const char **ret_why)
{
    for (size_t i = 0; i < config->n_providers; i++) {
        const char *ca_file = config->providers[i].ca_file;
        if (ca_file != NULL && access(ca_file, R_OK) != 0) {
            *ret_why = "a provider's ca_file cannot be read; give the path of a PEM file, or leave it empty";
            return false;
        }
    }
    return true;
}

struct upstream *upstream_new(struct config *config, struct stats *stats, const char **ret_why)
{
    if (!upstream_accepts(config, ret_why))
        return NULL;
    struct upstream *upstream = calloc(1, sizeof(*upstream));
    if (upstream == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        abort();
    upstream->config = config_ref(config);
    upstream->stats = stats;
    upstream->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    upstream->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    upstream->share = curl_share_init();
    upstream->headers = curl_slist_append(NULL, "Accept: application/json");
    if (upstream->epoll_fd < 0 || upstream->wake_fd < 0 || upstream->share == NULL ||
        upstream->headers == NULL)
        abort();
    curl_share_setopt(upstream->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = UINT64_MAX};
    epoll_ctl(upstream->epoll_fd, EPOLL_CTL_ADD, upstream->wake_fd, &event);
    return upstream;
}

static void lane_close(struct lane_state *lane)
{
    while (lane->queue != NULL)
        transfer_free(queue_pop(lane));
    while (lane->running != NULL) {
        struct transfer *transfer = lane->running;
        curl_multi_remove_handle(transfer->pool->multi, transfer->easy);
        list_remove(transfer);
        transfer_free(transfer);
    }
    for (unsigned i = 0; i < MAX_POOLS_PER_LANE; i++)
        pool_close(&lane->pools[i]);
    free(lane->url_prefix);
    free(lane->user_agent);
    if (lane->url_suffix != NULL)
        explicit_bzero(lane->url_suffix, strlen(lane->url_suffix));
    free(lane->url_suffix);
    redactor_free(lane->redactor);
    config_unref(lane->config);
    *lane = (struct lane_state){0};
}

void upstream_free(struct upstream *upstream)
{
    if (upstream == NULL)
        return;
    for (size_t i = 0; i < upstream->n_lanes; i++) {
        if (upstream->lanes[i].config != NULL)
            lane_close(&upstream->lanes[i]);
    }
    curl_share_cleanup(upstream->share);
    curl_slist_free_all(upstream->headers);
    close(upstream->epoll_fd);
    close(upstream->wake_fd);
    config_unref(upstream->config);
    free(upstream);
    curl_global_cleanup();
}

/* Do connections have to be made in another way? A file of authorities may have been replaced in its place.
 */
static bool is_wired_anew(const struct provider_config *before, const struct provider_config *now)
{
    return before->ca_file != NULL || now->ca_file != NULL || before->http2 != now->http2 ||
           before->max_connections != now->max_connections;
}

static void lane_renew(struct lane_state *lane, const struct provider_config *provider)
{
    bool is_new_wire = is_wired_anew(lane->gate.provider, provider);
    struct config *before = lane->config;
    lane->config = config_ref(provider->config);
    lane_reload(&lane->gate, provider);
    config_unref(before);
    free(lane->user_agent);
    lane->user_agent = user_agent_new(provider->contact);
    lane->wait_ms = lane->upstream->now_ms; /* what waits may start by the new limits */
    if (is_new_wire)
        pool_replace(lane);
}

void upstream_reload(struct upstream *upstream, struct config *config)
{
    struct config *before = upstream->config;
    upstream->config = config_ref(config);
    config_unref(before);
    for (size_t i = 0; i < upstream->n_lanes; i++) {
        struct lane_state *lane = &upstream->lanes[i];
        const struct provider_config *provider =
            lane->config != NULL ? current_of(upstream, lane->gate.provider) : NULL;
        if (provider != NULL)
            lane_renew(lane, provider);
    }
}

static struct lane_state *free_lane(struct upstream *upstream)
{
    for (size_t i = 0; i < upstream->n_lanes; i++) {
        if (upstream->lanes[i].config == NULL)
            return &upstream->lanes[i];
    }
    return upstream->n_lanes < MAX_LANES ? &upstream->lanes[upstream->n_lanes++] : NULL;
}

/* A lane is opened when it is first needed; NULL: there are too many. */
static struct lane_state *lane_of(struct upstream *upstream, const struct provider_config *provider)
{
    for (size_t i = 0; i < upstream->n_lanes; i++) {
        struct lane_state *lane = &upstream->lanes[i];
        if (lane->config != NULL && same_account(lane->gate.provider, provider))
            return lane;
    }
    const struct provider_config *current = current_of(upstream, provider);
    struct lane_state *lane = free_lane(upstream);
    if (lane != NULL)
        lane_open(upstream, lane, current != NULL ? current : provider);
    return lane;
}

bool upstream_get(struct upstream *upstream, const struct provider_config *provider, const char *path,
                  bool has_copy, upstream_done_fn *on_done, void *arg, struct verdict *ret_refusal)
{
    struct lane_state *lane = lane_of(upstream, provider);
    *ret_refusal = (struct verdict){.problem = PROBLEM_OVERLOADED, .retry_after_s = 1};
    if (lane == NULL || !lane_join(&lane->gate, has_copy, upstream->now_ms, upstream->now_s, ret_refusal)) {
        stats_add(upstream->stats, upstream_refused, 1);
        return false;
    }
    struct transfer *transfer = calloc(1, sizeof(*transfer));
    if (transfer == NULL)
        abort();
    *transfer = (struct transfer){
        .magic = TRANSFER_MAGIC,
        .lane = lane,
        .path = strdup(path),
        .body = BUFFER_INIT(provider->max_answer_bytes),
        .deadline_ms = upstream->now_ms + provider->timeout_ms,
        .on_done = on_done,
        .arg = arg,
    };
    if (transfer->path == NULL)
        abort();
    *lane->queue_end = transfer;
    lane->queue_end = &transfer->next;
    lane->wait_ms = upstream->now_ms; /* the next wait ends at once */
    return true;
}

static int64_t sooner(int64_t a_ms, int64_t b_ms)
{
    return b_ms >= 0 && b_ms < a_ms ? b_ms : a_ms;
}

void upstream_wait(struct upstream *upstream, int64_t now_ms, int max_ms)
{
    int64_t until_ms = now_ms + max_ms;
    for (size_t i = 0; i < upstream->n_lanes; i++) {
        if (upstream->lanes[i].config == NULL)
            continue;
        for (unsigned p = 0; p < MAX_POOLS_PER_LANE; p++)
            until_ms = sooner(until_ms, upstream->lanes[i].pools[p].timer_ms);
        until_ms = sooner(until_ms, upstream->lanes[i].wait_ms);
    }
    int wait_ms = until_ms > now_ms ? (int)(until_ms - now_ms) : 0;
    upstream->n_events = epoll_wait(upstream->epoll_fd, upstream->events, MAX_EVENTS, wait_ms);
}

static void run_events(struct upstream *upstream)
{
    for (int i = 0; i < upstream->n_events; i++) {
        uint64_t data = upstream->events[i].data.u64;
        uint32_t events = upstream->events[i].events, id = (uint32_t)(data >> 32);
        uint64_t count;
        int running,
            mask = (events & EPOLLIN ? CURL_CSELECT_IN : 0) | (events & EPOLLOUT ? CURL_CSELECT_OUT : 0);
        if (data == UINT64_MAX) {
            while (read(upstream->wake_fd, &count, sizeof(count)) < 0 && errno == EINTR)
                continue;
            continue;
        }
        struct pool *pool = &upstream->lanes[id / MAX_POOLS_PER_LANE].pools[id % MAX_POOLS_PER_LANE];
        if (events & (EPOLLERR | EPOLLHUP))
            mask |= CURL_CSELECT_ERR;
        if (pool->multi != NULL)
            curl_multi_socket_action(pool->multi, (curl_socket_t)(uint32_t)data, mask, &running);
    }
    upstream->n_events = 0;
}

static void run_pool(struct lane_state *lane, struct pool *pool, int64_t now_ms)
{
    CURLMsg *message;
    int running, left;
    if (pool->timer_ms >= 0 && now_ms >= pool->timer_ms) {
        pool->timer_ms = -1;
        curl_multi_socket_action(pool->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
    while ((message = curl_multi_info_read(pool->multi, &left)) != NULL) {
        struct transfer *transfer = NULL;
        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&transfer);
        if (transfer == NULL || transfer->magic != TRANSFER_MAGIC)
            abort();
        on_transfer_ended(transfer, message->data.result, now_ms);
    }
    if (pool->retired && pool->running == 0 && pool != &lane->pools[lane->current])
        pool_close(pool);
}

void upstream_run(struct upstream *upstream, int64_t now_ms, int64_t now_s)
{
    upstream->now_ms = now_ms;
    upstream->now_s = now_s;
    run_events(upstream);
    for (size_t i = 0; i < upstream->n_lanes; i++) {
        struct lane_state *lane = &upstream->lanes[i];
        if (lane->config == NULL)
            continue;
        for (unsigned p = 0; p < MAX_POOLS_PER_LANE; p++) {
            if (lane->pools[p].multi != NULL)
                run_pool(lane, &lane->pools[p], now_ms);
        }
        start_queued(lane, now_ms, now_s);
        /* Only documents begun before a reload ask here. */
        if (lane->config != upstream->config && lane->queue == NULL && lane->running == NULL)
            lane_close(lane);
    }
}

void upstream_wake(struct upstream *upstream)
{
    uint64_t one = 1;
    /* A full counter wakes as well as a written one. */
    ssize_t ignored = write(upstream->wake_fd, &one, sizeof(one));
    (void)ignored;
}
