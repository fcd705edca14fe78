/* Pools of connections: their sockets are in the upstream's epoll set, their timers in its wait. */
#include <stdlib.h>
#include <utlist.h>

#include "translators/base/memory.h"
#include "upstream_curl.h"

#define RETIRE_PAUSE_MS 1000

/* A socket that libcurl watches for a pool. */
struct wire {
    struct wire *next;
    curl_socket_t fd;
    unsigned n_looks; /* the pool's, when it was last looked into */
};

static void wire_new(struct pool *pool, curl_socket_t fd)
{
    struct wire *wire = memory_new_zeroed(1, sizeof(*wire));
    *wire = (struct wire){.fd = fd, .n_looks = pool->n_looks};
    LL_PREPEND(pool->wires, wire);
    curl_multi_assign(pool->multi, fd, wire);
}

static void wire_free(struct pool *pool, struct wire *wire)
{
    LL_DELETE(pool->wires, wire);
    free(wire);
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *user, void *known)
{
    struct pool *pool = user;
    struct epoll_event event = {.data.u64 = 0};
    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        epoll_ctl(pool->upstream->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
        if (known != NULL)
            wire_free(pool, known);
        return 0;
    }
    event.events =
        (what & CURL_POLL_IN ? (uint32_t)EPOLLIN : 0) | (what & CURL_POLL_OUT ? (uint32_t)EPOLLOUT : 0);
    event.data.u64 = (uint64_t)pool->id << 32 | (uint32_t)fd;
    epoll_ctl(pool->upstream->epoll_fd, known != NULL ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event);
    if (known == NULL)
        wire_new(pool, fd);
    return 0;
}

static int on_timer(CURLM *multi, long timeout_ms, void *user)
{
    struct pool *pool = user;
    (void)multi;
    pool->timer_ms = timeout_ms < 0 ? -1 : pool->upstream->now_ms + timeout_ms;
    return 0;
}

void pool_open(struct pool *pool, struct lane *lane)
{
    const struct provider_config *provider = lane->gate.provider;
    unsigned lane_number = (unsigned)(lane - lane->upstream->lanes);
    *pool = (struct pool){.upstream = lane->upstream, .multi = memory_try(curl_multi_init()), .timer_ms = -1};
    pool->id = lane_number * MAX_POOLS_PER_LANE + (unsigned)(pool - lane->pools);
    curl_multi_setopt(pool->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(pool->multi, CURLMOPT_SOCKETDATA, pool);
    curl_multi_setopt(pool->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(pool->multi, CURLMOPT_TIMERDATA, pool);
    curl_multi_setopt(pool->multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
    /* Unset, the pool of warm connections shrinks as a burst ends. */
    curl_multi_setopt(pool->multi, CURLMOPT_MAXCONNECTS, (long)provider->max_connections);
    curl_multi_setopt(pool->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)provider->max_connections);
}

void pool_close(struct pool *pool)
{
    if (pool->multi != NULL)
        curl_multi_cleanup(pool->multi);
    while (pool->wires != NULL)
        wire_free(pool, pool->wires);
    *pool = (struct pool){.timer_ms = -1};
}

void pool_replace(struct lane *lane)
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

void pool_retire(struct lane *lane, const struct pool *stalled, int64_t now_ms)
{
    if (stalled != &lane->pools[lane->current] || now_ms - lane->retired_ms < RETIRE_PAUSE_MS)
        return;
    lane->retired_ms = now_ms;
    pool_replace(lane);
}

void pool_look_again(struct pool *pool, int64_t now_ms)
{
    bool is_called_now = pool->timer_ms >= 0 && pool->timer_ms <= now_ms;
    int running;
    if (!pool->has_read || is_called_now)
        return;
    pool->has_read = false;
    pool->n_looks++;
    for (struct wire *wire = pool->wires; wire != NULL;) {
        if (wire->n_looks == pool->n_looks) {
            wire = wire->next;
            continue;
        }
        wire->n_looks = pool->n_looks;
        curl_multi_socket_action(pool->multi, wire->fd, CURL_CSELECT_IN, &running);
        wire = pool->wires; /* libcurl may have closed any of them */
    }
}
