/* The table of jobs, and what is refused before one begins. */
#include "jobs.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <utlist.h>

#include "cache/cache.h"
#include "service/config/config.h"
#include "service/config/key_section.h"
#include "service/process/hash.h"
#include "service/process/stats.h"
#include "service/process/task_pool.h"
#include "translators/ask/plan.h"
#include "translators/base/memory.h"

/* As large as its key, not as the largest one: documents fall into the holes that such blocks leave, and what
 * they leave of those was a tenth of what ten thousand of them took. */
struct entry {
    struct job *job;
    UT_hash_handle hh;
    size_t key_len;
    char key[];
};

/* The large plan of a job that is over, while another thread frees it. */
struct remains {
    struct jobs *jobs;
    struct plan *plan; /* NULL: it is freed */
    struct task task;
    struct remains *prev, *next;
};

struct jobs {
    struct job_tools tools;
    struct lock_group *lock_groups;
    struct entry *table;   /* by the document's key; changed by the back thread alone */
    pthread_mutex_t mutex; /* of the table: held while it changes, and while another thread looks */
    struct remains *remains;
    unsigned n; /* in the table, and of those that left it the remains */
};

struct jobs *jobs_new(const struct job_tools *tools)
{
    struct jobs *jobs = memory_new_zeroed(1, sizeof(*jobs));
    jobs->tools = *tools;
    jobs->tools.lock_groups = &jobs->lock_groups;
    pthread_mutex_init(&jobs->mutex, NULL);
    return jobs;
}

void jobs_reload(struct jobs *jobs, struct config *config)
{
    jobs->tools.config = config;
}

static void remains_free(struct remains *remains)
{
    DL_DELETE(remains->jobs->remains, remains);
    remains->jobs->n--;
    plan_free(remains->plan);
    free(remains);
}

static void free_plan(void *arg)
{
    struct remains *remains = arg;
    plan_free(remains->plan);
    remains->plan = NULL;
}

static void on_plan_freed(void *arg)
{
    remains_free(arg);
}

/* Takes the plan. */
static void have_freed(struct jobs *jobs, struct plan *plan)
{
    struct remains *remains = memory_new_zeroed(1, sizeof(*remains));
    *remains = (struct remains){
        .jobs = jobs, .plan = plan, .task = {.work = free_plan, .on_done = on_plan_freed, .arg = remains}};
    DL_PREPEND(jobs->remains, remains);
    jobs->n++;
    task_pool_submit(jobs->tools.tasks, &remains->task);
}

static void entry_free(struct jobs *jobs, struct entry *entry)
{
    struct plan *plan = jobs->tools.tasks != NULL ? job_take_large_plan(entry->job) : NULL;
    pthread_mutex_lock(&jobs->mutex);
    HASH_DEL(jobs->table, entry);
    pthread_mutex_unlock(&jobs->mutex);
    jobs->n--;
    stats_add(jobs->tools.stats, jobs_running, -1);
    job_free(entry->job);
    free(entry);
    if (plan != NULL)
        have_freed(jobs, plan);
}

void jobs_free(struct jobs *jobs)
{
    struct entry *entry, *next;
    if (jobs == NULL)
        return;
    jobs->tools.tasks = NULL;
    HASH_ITER(hh, jobs->table, entry, next)
    {
        job_abandon(entry->job, PROBLEM_OVERLOADED, STRING_STOPPING);
        entry_free(jobs, entry);
    }
    while (jobs->remains != NULL)
        remains_free(jobs->remains);
    pthread_mutex_destroy(&jobs->mutex);
    free(jobs);
}

bool jobs_has(struct jobs *jobs, const struct cache_key *key)
{
    struct entry *entry;
    pthread_mutex_lock(&jobs->mutex);
    HASH_FIND(hh, jobs->table, key->text, key->len, entry);
    pthread_mutex_unlock(&jobs->mutex);
    return entry != NULL;
}

static void refuse(struct jobs *jobs, struct order *order, enum string_id why)
{
    const struct strings *strings = route_problem_language(&order->request);
    struct outcome outcome = {
        .problem = PROBLEM_OVERLOADED, .provider = order->request.translator->name, .retry_after_s = 1};
    strings_write(outcome.detail, sizeof(outcome.detail), strings->texts[why], NULL);
    stats_add(jobs->tools.stats, orders_refused, 1);
    order_finish(order, &outcome);
}

/* True when the provider can be asked for somebody; otherwise the order is over. */
static bool check_provider(struct jobs *jobs, struct order *order)
{
    const struct translator *translator = order->request.translator;
    struct outcome outcome = {.problem = PROBLEM_NO_SUCH_PATH, .provider = translator->name};
    if (key_section_serves(jobs->tools.config, translator))
        return true;
    config_say_unserved(config_provider(jobs->tools.config, translator),
                        route_problem_language(&order->request), outcome.detail);
    order_finish(order, &outcome);
    return false;
}

static struct entry *begin(struct jobs *jobs, const struct document_request *request, int64_t now_ms,
                           int64_t now_s)
{
    struct cache_key key = route_job_key(request);
    struct entry *entry = memory_new(sizeof(*entry) + key.len);
    entry->job = job_new(&jobs->tools, request, now_ms, now_s);
    entry->key_len = key.len;
    memcpy(entry->key, key.text, key.len);
    pthread_mutex_lock(&jobs->mutex);
    HASH_ADD_KEYPTR(hh, jobs->table, entry->key, entry->key_len, entry);
    pthread_mutex_unlock(&jobs->mutex);
    jobs->n++;
    stats_add(jobs->tools.stats, jobs_started, 1);
    stats_add(jobs->tools.stats, jobs_running, 1);
    return entry;
}

/* Who was on its way when the document was finished begins nothing. True: the order is over. */
static bool give_from_memory(struct jobs *jobs, struct order *order, int64_t now_s)
{
    struct outcome outcome = {.source = OUTCOME_MEMORY, .provider = order->request.translator->name};
    struct cache_key key = route_key(&order->request);
    struct cache_value *value = order->refresh ? NULL : cache_peek(jobs->tools.cache, &key, now_s);
    bool is_fresh = value != NULL && cache_judge(value, now_s) == CACHE_FRESH;
    if (is_fresh) {
        outcome_read(&outcome, value);
        order_finish(order, &outcome);
    }
    cache_value_unref(value);
    return is_fresh;
}

/* True when the order may begin a document; otherwise it is over. */
static bool may_begin(struct jobs *jobs, struct order *order)
{
    struct outcome refusal = {.problem = PROBLEM_OVERLOADED, .provider = order->request.translator->name};
    if (jobs->n >= jobs->tools.config->limits.max_jobs) {
        refuse(jobs, order, STRING_TOO_MANY_JOBS);
        return false;
    }
    if (order->on_begin == NULL || order->on_begin(order->begin_arg, &refusal))
        return true;
    order_finish(order, &refusal);
    return false;
}

void jobs_submit(struct jobs *jobs, struct order *order, int64_t now_ms, int64_t now_s)
{
    struct entry *entry;
    if (!check_provider(jobs, order))
        return;
    struct cache_key key = route_job_key(&order->request);
    HASH_FIND(hh, jobs->table, key.text, key.len, entry);
    if (entry == NULL && (give_from_memory(jobs, order, now_s) || !may_begin(jobs, order)))
        return;
    if (order->refresh)
        stats_add(jobs->tools.stats, refreshes, 1);
    if (entry == NULL)
        entry = begin(jobs, &order->request, now_ms, now_s);
    else
        stats_add(jobs->tools.stats, jobs_collapsed, 1);
    if (!job_join(entry->job, order))
        refuse(jobs, order, STRING_TOO_MANY_WAITERS);
}

void jobs_run(struct jobs *jobs, int64_t now_ms, int64_t now_s)
{
    struct entry *entry, *next;
    HASH_ITER(hh, jobs->table, entry, next)
    {
        if (job_run(entry->job, now_ms, now_s))
            entry_free(jobs, entry);
    }
}

int64_t jobs_due_ms(const struct jobs *jobs)
{
    int64_t due_ms = -1;
    for (const struct entry *entry = jobs->table; entry != NULL; entry = entry->hh.next) {
        int64_t job_ms = job_due_ms(entry->job);
        if (due_ms < 0 || job_ms < due_ms)
            due_ms = job_ms;
    }
    return due_ms;
}
