/* The lanes to the providers: one for each account, opened when it is first asked, and one epoll descriptor
 * that all their pools are in. Limits and breakers: gate.c. One request: transfer.c. Connections: pool.c. */
#include "upstream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <utlist.h>

#include "redact.h"
#include "service/config/config_load.h"
#include "service/process/log.h"
#include "service/process/stats.h"
#include "translators/base/memory.h"
#include "translators/base/must.h"
#include "upstream_curl.h"

#define AGENT            "marquee/" MARQUEE_VERSION
#define MAX_ANSWER_BYTES (16u << 20) /* of one answer, decoded */

static void watch_quota(struct lane *lane, int64_t now_s)
{
    if (!gate_quota_warns(&lane->gate, now_s))
        return;
    log_event(LOG_WARN, "quota_nearly_spent", "provider", lane->gate.provider->translator->name,
              "requests_per_day", log_number(lane->gate.provider->requests_per_day), "now",
              "stale copies are served as they are until the day is over", NULL);
}

static struct transfer *transfer_of(struct gate_request *request)
{
    return CAST(struct transfer, (void *)((char *)request - offsetof(struct transfer, request)),
                TRANSFER_MAGIC);
}

static void start_queued(struct lane *lane, int64_t now_ms, int64_t now_s)
{
    gate_begin_turn(&lane->gate);
    for (;;) {
        struct gate_turn turn = gate_next(&lane->gate, now_ms, now_s);
        switch (turn.word) {
        case GATE_WAIT:
            lane->wait_ms = turn.until_ms;
            return;
        case GATE_GO:
            transfer_start(transfer_of(turn.request), now_ms);
            watch_quota(lane, now_s);
            break;
        case GATE_LATE:
            transfer_refuse(transfer_of(turn.request), PROBLEM_UPSTREAM_SLOW, 0,
                            "waited too long for its turn");
            break;
        case GATE_REFUSE:
            transfer_refuse(transfer_of(turn.request), turn.refusal.problem, turn.refusal.retry_after_s,
                            "breaker or quota");
            break;
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
    memory_try((contact != NULL ? asprintf(&text, AGENT " ( %s )", contact) : asprintf(&text, AGENT)) >= 0);
    return text;
}

static void lane_open(struct upstream *upstream, struct lane *lane, const struct provider_config *provider)
{
    const char *parameter = provider->translator->key_parameter;
    *lane = (struct lane){.config = config_ref(provider->config),
                          .gate = gate_new(provider),
                          .upstream = upstream,
                          .wait_ms = -1,
                          .user_agent = user_agent_new(provider->contact)};
    for (unsigned i = 0; i < MAX_POOLS_PER_LANE; i++)
        lane->pools[i].timer_ms = -1;
    pool_open(&lane->pools[0], lane);
    memory_try(asprintf(&lane->url_prefix, "%s/", provider->base_url) >= 0);
    if (parameter != NULL && provider->api_key != NULL) {
        char *key = memory_try(curl_easy_escape(NULL, provider->api_key, 0));
        memory_try(asprintf(&lane->url_suffix, "%s=%s", parameter, key) >= 0);
        explicit_bzero(key, strlen(key));
        curl_free(key);
        lane->redactor = redactor_new(provider->api_key);
    }
}

struct upstream *upstream_new(struct config *config, struct stats *stats)
{
    struct upstream *upstream = memory_new_zeroed(1, sizeof(*upstream));
    must(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
    upstream->config = config_ref(config);
    upstream->stats = stats;
    upstream->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    upstream->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    upstream->share = must(curl_share_init());
    upstream->headers = must(curl_slist_append(NULL, "Accept: application/json"));
    must(upstream->epoll_fd >= 0);
    must(upstream->wake_fd >= 0);
    curl_share_setopt(upstream->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = UINT64_MAX};
    epoll_ctl(upstream->epoll_fd, EPOLL_CTL_ADD, upstream->wake_fd, &event);
    return upstream;
}

static void lane_close(struct lane *lane)
{
    struct gate_request *request;
    while ((request = gate_drop(&lane->gate)) != NULL)
        transfer_free(transfer_of(request));
    while (lane->running != NULL)
        transfer_drop(lane->running);
    for (unsigned i = 0; i < MAX_POOLS_PER_LANE; i++)
        pool_close(&lane->pools[i]);
    free(lane->url_prefix);
    free(lane->user_agent);
    if (lane->url_suffix != NULL)
        explicit_bzero(lane->url_suffix, strlen(lane->url_suffix));
    free(lane->url_suffix);
    redactor_free(lane->redactor);
    config_unref(lane->config);
    *lane = (struct lane){0};
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

static void lane_renew(struct lane *lane, const struct provider_config *provider)
{
    bool is_new_wire = is_wired_anew(lane->gate.provider, provider);
    struct config *before = lane->config;
    lane->config = config_ref(provider->config);
    gate_reload(&lane->gate, provider);
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
        struct lane *lane = &upstream->lanes[i];
        const struct provider_config *provider =
            lane->config != NULL ? current_of(upstream, lane->gate.provider) : NULL;
        if (provider != NULL)
            lane_renew(lane, provider);
    }
}

static struct lane *free_lane(struct upstream *upstream)
{
    for (size_t i = 0; i < upstream->n_lanes; i++) {
        if (upstream->lanes[i].config == NULL)
            return &upstream->lanes[i];
    }
    return upstream->n_lanes < MAX_LANES ? &upstream->lanes[upstream->n_lanes++] : NULL;
}

/* A lane is opened when it is first needed; NULL: there are too many. */
static struct lane *lane_of(struct upstream *upstream, const struct provider_config *provider)
{
    for (size_t i = 0; i < upstream->n_lanes; i++) {
        struct lane *lane = &upstream->lanes[i];
        if (lane->config != NULL && same_account(lane->gate.provider, provider))
            return lane;
    }
    const struct provider_config *current = current_of(upstream, provider);
    struct lane *lane = free_lane(upstream);
    if (lane != NULL)
        lane_open(upstream, lane, current != NULL ? current : provider);
    return lane;
}

static struct transfer *transfer_new(struct lane *lane, const struct upstream_question *question)
{
    struct transfer *transfer = memory_new_zeroed(1, sizeof(*transfer));
    *transfer = (struct transfer){
        .magic = TRANSFER_MAGIC,
        .lane = lane,
        .request = {.asker = question->asker,
                    .deadline_ms = lane->upstream->now_ms + question->provider->timeout_ms},
        .kind = question->kind,
        .path = memory_try(strdup(question->path)),
        .body = BUFFER_INIT(MAX_ANSWER_BYTES),
        .has_copy = question->has_copy,
        .on_done = question->on_done,
        .arg = question->arg,
    };
    return transfer;
}

bool upstream_get(struct upstream *upstream, const struct upstream_question *question,
                  struct upstream_refusal *ret_refusal)
{
    struct lane *lane = lane_of(upstream, question->provider);
    struct transfer *transfer = lane != NULL ? transfer_new(lane, question) : NULL;
    *ret_refusal = (struct upstream_refusal){.problem = PROBLEM_OVERLOADED, .retry_after_s = 1};
    if (transfer != NULL && transfer_queue(transfer, ret_refusal))
        return true;
    stats_add(upstream->stats, upstream_refused, 1);
    if (transfer != NULL)
        transfer_free(transfer);
    return false;
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
        for (unsigned p = 0; p < MAX_POOLS_PER_LANE; p++) {
            const struct pool *pool = &upstream->lanes[i].pools[p];
            /* What was read may not be all: pool_look_again() comes before any sleep. */
            until_ms = sooner(until_ms, pool->has_read ? now_ms : pool->timer_ms);
        }
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

static void run_pool(struct lane *lane, struct pool *pool, int64_t now_ms)
{
    CURLMsg *message;
    int running, left;
    if (pool->timer_ms >= 0 && now_ms >= pool->timer_ms) {
        pool->timer_ms = -1;
        curl_multi_socket_action(pool->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
    pool_look_again(pool, now_ms);
    while ((message = curl_multi_info_read(pool->multi, &left)) != NULL) {
        struct transfer *transfer = NULL;
        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&transfer);
        must(transfer != NULL && transfer->magic == TRANSFER_MAGIC);
        transfer_ended(transfer, message->data.result, now_ms);
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
        struct lane *lane = &upstream->lanes[i];
        if (lane->config == NULL)
            continue;
        for (unsigned p = 0; p < MAX_POOLS_PER_LANE; p++) {
            if (lane->pools[p].multi != NULL)
                run_pool(lane, &lane->pools[p], now_ms);
        }
        start_queued(lane, now_ms, now_s);
        /* Only documents begun before a reload ask here. */
        if (lane->config != upstream->config && lane->gate.queue == NULL && lane->running == NULL)
            lane_close(lane);
    }
}

size_t upstream_status(const struct upstream *upstream, struct upstream_status ret[UPSTREAM_STATUS_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < upstream->n_lanes && n < UPSTREAM_STATUS_MAX; i++) {
        const struct lane *lane = &upstream->lanes[i];
        const struct gate *gate = &lane->gate;
        if (lane->config != upstream->config)
            continue;
        ret[n] = (struct upstream_status){
            .breaker = gate->breaker.state,
            .paused_s = breaker_retry_after_s(&gate->breaker, upstream->now_ms),
            .spent_s = limiter_spent_s(&gate->limiter, upstream->now_s),
            .asked_today = limiter_spent_today(&gate->limiter, upstream->now_s),
            .in_flight = gate->in_flight,
            .queued = gate->queued,
            .succeeded_s = lane->succeeded_s,
            .failed_s = lane->failed_s,
            .failure = lane->failure,
        };
        memcpy(ret[n++].section, gate->provider->section, sizeof(ret->section));
    }
    return n;
}

const char *upstream_libraries(void)
{
    return curl_version();
}

void upstream_wake(struct upstream *upstream)
{
    uint64_t one = 1;
    /* A full counter wakes as well as a written one. */
    ssize_t ignored = write(upstream->wake_fd, &one, sizeof(one));
    (void)ignored;
}
