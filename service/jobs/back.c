/* The back thread: its loop, its clock and its inbox. What it drives: jobs.c, source.c, lookup.c, upstream.c.
 */
#include "back.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <utlist.h>

#include "cache/cache.h"
#include "jobs.h"
#include "service/config/config.h"
#include "service/config/config_load.h"
#include "service/process/clock.h"
#include "service/process/exhaustion.h"
#include "service/process/priority.h"
#include "service/process/stats.h"
#include "service/process/task_pool.h"
#include "service/source/lookup.h"
#include "service/source/source.h"
#include "service/upstream/upstream.h"
#include "translators/base/memory.h"
#include "translators/base/must.h"

#define IDLE_WAIT_MS    1000
#define STATUS_PAUSE_MS 250 /* between two looks at the upstreams */
#define TASK_THREADS    2   /* so that behind one large document there is another thread */

struct back {
    struct config *in_use; /* a reference, of the thread's own */
    struct cache *cache;
    struct stats *stats;
    struct upstream *upstream;
    struct lookups *lookups;
    struct source *source;
    struct task_pool *tasks;
    struct jobs *jobs;
    pthread_t thread;
    pthread_mutex_t mutex; /* guards what follows */
    struct config *config; /* a reference; the newest */
    struct order *inbox;
    unsigned n_inbox;
    bool stopping;
    struct upstream_status status[UPSTREAM_STATUS_MAX];
    size_t n_status;
};

/* *ret_config is a new reference to the newest configuration. */
static struct order *take_inbox(struct back *back, struct config **ret_config, bool *ret_stopping)
{
    pthread_mutex_lock(&back->mutex);
    struct order *orders = back->inbox;
    back->inbox = NULL;
    back->n_inbox = 0;
    *ret_config = config_ref(back->config);
    *ret_stopping = back->stopping;
    pthread_mutex_unlock(&back->mutex);
    return orders;
}

static int wait_ms(const struct back *back, int64_t now_ms)
{
    int64_t until_ms = source_busy(back->source) ? now_ms : now_ms + IDLE_WAIT_MS;
    const int64_t due_ms[] = {jobs_due_ms(back->jobs), lookups_due_ms(back->lookups)};
    for (size_t i = 0; i < sizeof(due_ms) / sizeof(due_ms[0]); i++) {
        if (due_ms[i] >= 0 && due_ms[i] < until_ms)
            until_ms = due_ms[i];
    }
    return until_ms > now_ms ? (int)(until_ms - now_ms) : 0;
}

static void use(struct back *back, struct config *config)
{
    struct config *before = back->in_use;
    back->in_use = config;
    if (config != before) {
        upstream_reload(back->upstream, config);
        jobs_reload(back->jobs, config);
    }
    config_unref(before);
}

static void publish_status(struct back *back)
{
    struct upstream_status status[UPSTREAM_STATUS_MAX];
    size_t n = upstream_status(back->upstream, status);
    pthread_mutex_lock(&back->mutex);
    memcpy(back->status, status, n * sizeof(status[0]));
    back->n_status = n;
    pthread_mutex_unlock(&back->mutex);
}

/* One turn of the loop has one time, no earlier than that of any order it takes. */
static void *run(void *arg)
{
    struct back *back = arg;
    bool stopping = false;
    int64_t status_ms = 0;
    priority_give_way();
    while (!stopping) {
        memory_put_by(EXHAUSTION_RESERVE_BYTES);
        int64_t now_ms = clock_monotonic_ms();
        upstream_wait(back->upstream, now_ms, wait_ms(back, now_ms));
        struct config *config;
        struct order *orders = take_inbox(back, &config, &stopping);
        use(back, config);
        now_ms = clock_monotonic_ms();
        int64_t now_s = clock_unix_s();
        source_run(back->source, now_s);
        upstream_run(back->upstream, now_ms, now_s);
        lookups_run(back->lookups, now_ms);
        task_pool_run(back->tasks);
        struct order *order, *next;
        DL_FOREACH_SAFE2(orders, order, next, _next)
        {
            jobs_submit(back->jobs, order, now_ms, now_s);
        }
        jobs_run(back->jobs, now_ms, now_s);
        lookups_flush(back->lookups, now_ms, now_s);
        cache_learn_purges(back->cache, now_s);
        if (now_ms - status_ms >= STATUS_PAUSE_MS) {
            publish_status(back);
            status_ms = now_ms;
        }
    }
    memory_let_go();
    return NULL;
}

static void wake(void *arg)
{
    struct back *back = arg;
    upstream_wake(back->upstream);
}

struct back *back_new(struct config *config, struct cache *cache, struct stats *stats)
{
    struct back *back = must(calloc(1, sizeof(*back)));
    back->cache = cache;
    back->stats = stats;
    back->upstream = upstream_new(config, stats);
    back->config = config_ref(config);
    back->in_use = config_ref(config);
    /* A little more than memcached itself gets, so that its own word comes first. */
    back->lookups = lookups_new(
        cache, config->cache.memcached_timeout_ms + config->cache.memcached_timeout_ms / 8, wake, back);
    back->source = source_new(&(struct source_options){
        .cache = cache, .lookups = back->lookups, .upstream = back->upstream, .stats = stats});
    back->tasks = task_pool_new(TASK_THREADS, wake, back);
    back->jobs = jobs_new(&(struct job_tools){.config = config,
                                              .cache = cache,
                                              .lookups = back->lookups,
                                              .source = back->source,
                                              .stats = stats,
                                              .tasks = back->tasks});
    pthread_mutex_init(&back->mutex, NULL);
    must(pthread_create(&back->thread, NULL, run, back) == 0);
    pthread_setname_np(back->thread, "back");
    return back;
}

void back_free(struct back *back)
{
    struct config *config;
    bool stopping;
    if (back == NULL)
        return;
    pthread_mutex_lock(&back->mutex);
    back->stopping = true;
    pthread_mutex_unlock(&back->mutex);
    upstream_wake(back->upstream);
    pthread_join(back->thread, NULL);
    task_pool_free(back->tasks); /* before the jobs that they read */
    /* What came in after the last turn ends like what was under way. */
    struct order *orders = take_inbox(back, &config, &stopping), *order, *next;
    DL_FOREACH_SAFE2(orders, order, next, _next)
    {
        jobs_submit(back->jobs, order, 0, 0);
    }
    jobs_free(back->jobs);
    lookups_free(back->lookups);
    upstream_free(back->upstream);
    source_free(back->source);
    pthread_mutex_destroy(&back->mutex);
    config_unref(config);
    config_unref(back->in_use);
    config_unref(back->config);
    free(back);
}

void back_reload(struct back *back, struct config *config)
{
    pthread_mutex_lock(&back->mutex);
    struct config *before = back->config;
    back->config = config_ref(config);
    pthread_mutex_unlock(&back->mutex);
    config_unref(before);
    upstream_wake(back->upstream);
}

bool back_is_making(struct back *back, const struct cache_key *key)
{
    return jobs_has(back->jobs, key);
}

size_t back_status(struct back *back, struct upstream_status ret[UPSTREAM_STATUS_MAX])
{
    pthread_mutex_lock(&back->mutex);
    size_t n = back->n_status;
    memcpy(ret, back->status, n * sizeof(ret[0]));
    pthread_mutex_unlock(&back->mutex);
    return n;
}

bool back_submit(struct back *back, struct order *order)
{
    pthread_mutex_lock(&back->mutex);
    bool room = back->n_inbox < back->config->limits.max_inbox && !back->stopping;
    bool first = room && back->inbox == NULL;
    if (room) {
        DL_APPEND2(back->inbox, order, _prev, _next);
        back->n_inbox++;
    } else {
        stats_add(back->stats, orders_refused, 1);
    }
    pthread_mutex_unlock(&back->mutex);
    if (first)
        upstream_wake(back->upstream);
    return room;
}
