/* One document in the making, as named steps (job_steps.h). Only this file loops over them. */
#include "job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cache/cache.h"
#include "job_steps.h"
#include "render.h"
#include "service/config/config.h"
#include "service/config/config_load.h"
#include "service/config/key_section.h"
#include "service/process/log.h"
#include "service/process/stats.h"
#include "service/source/hints.h"
#include "service/source/source.h"
#include "service/source/store.h"
#include "service/source/tally.h"
#include "tour.h"
#include "translators/ask/plan.h"
#include "translators/base/memory.h"
#include "translators/base/must.h"

#define FAILED_REFRESH_PAUSE_S 30

/* Of more answers than that the plan is run by another thread: 500 events and 400 venues take it 15 ms, and
 * 10 ms to be freed. */
#define LARGE_ANSWER_BYTES 262144

/* Of one document: questions to providers, runs of its translator, bytes of all answers. */
#define MAX_QUESTIONS  600
#define MAX_ROUNDS     1000
#define MAX_JSON_BYTES (64u << 20)

/* How long the questions that a document needed are remembered; never longer than the terms allow. */
#define HINT_KEEP_S 86400

static void forget_questions(struct job *job)
{
    for (size_t i = 0; i < job->n_asked; i++) {
        if (job->questions[i].follower != NULL)
            source_forget(job->questions[i].follower);
        job->questions[i].follower = NULL;
    }
}

static void forget_all(struct job *job)
{
    forget_questions(job);
    job_forget_lookups(job);
    job_forget_lock(job);
}

void job_free(struct job *job)
{
    must(job->orders == NULL);
    forget_all(job);
    job_unlock(job);
    job_drop_pages(job);
    job_drop_answers(job);
    tour_free(job->tour);
    cache_value_unref(job->made);
    plan_free(job->plan);
    cache_value_unref(job->found);
    cache_value_unref(job->old);
    for (size_t i = 0; i < HINT_KINDS; i++)
        cache_value_unref(job->hints[i].value);
    config_unref(job->config);
    free(job->questions);
    free(job->request);
    free(job);
}

/* ---- plan ---- */

static bool has_large_answers(const struct job *job)
{
    return job->answer_bytes > LARGE_ANSWER_BYTES;
}

struct plan *job_take_large_plan(struct job *job)
{
    struct plan *plan = has_large_answers(job) ? job->plan : NULL;
    if (plan != NULL)
        job->plan = NULL;
    return plan;
}

static struct plan_limits limits_of(const struct config *config)
{
    return (struct plan_limits){.max_questions = MAX_QUESTIONS,
                                .max_rounds = MAX_ROUNDS,
                                .max_json_bytes = MAX_JSON_BYTES,
                                .max_arena_bytes = config->limits.max_document_bytes};
}

static void run_plan(void *arg)
{
    struct job *job = CAST(struct job, arg, JOB_MAGIC);
    job->plan_state = plan_step(job->plan);
}

static enum job_step step_plan(struct job *job)
{
    const struct config *config = job->config;
    if (job->plan == NULL) {
        struct plan_limits limits = limits_of(config);
        job->args.history = hints_text(job->hints[HINT_DAYS].value);
        job->plan = plan_new(job->request->translator, job->request->route, &job->args, &limits);
        hints_expect(job->plan, job->hints[HINT_QUESTIONS].value);
    }
    job->is_running = true;
    return job_work(job, has_large_answers(job), run_plan, STEP_PLANNED);
}

static enum job_step step_planned(struct job *job)
{
    job->is_running = false;
    if (job->plan_state == PLAN_WAIT)
        return STEP_ASK;
    job_add_up(job);
    return job->plan_state == PLAN_DONE ? STEP_RENDER : STEP_PROBLEM;
}

/* ---- the end: a document or a problem ---- */

static bool has_good_copy(const struct job *job)
{
    return job->old != NULL && cache_judge(job->old, job->now_s) != CACHE_GONE;
}

/* The upstream says that there is no such thing, though it once was there: a document has been made of what
 * the upstream said at `made_s`, in whatever format. Is it to be believed (store.h)? */
static bool is_gone(const struct job *job, int64_t made_s, int64_t keep_until_s)
{
    char text[HINTS_KEY_MAX_BYTES];
    struct cache_key key = hints_key(HINT_DAYS, job->request, text);
    return store_is_gone(job->tools->cache, &key, made_s, keep_until_s, job->config->cache.gone_after_s,
                         job->now_s);
}

/* A document that was made of older answers for that very reason is as old as they are (tally_times()). */
static bool is_old_gone(const struct job *job)
{
    struct representation old;
    struct cache_times times = cache_times(job->old, job->now_s);
    int64_t made_s = representation_open(job->old, &old) ? old.made_s : times.stored_s;
    return is_gone(job, made_s, times.keep_until_s);
}

/* What outlives the making: counters, and memories for the next one. */
static void remember(struct job *job)
{
    struct stats *stats = job->tools->stats;
    const struct document *document = plan_document(job->plan);
    if (job->tally.trouble == PROBLEM_NOT_FOUND) { /* when the upstream said so first */
        struct representation_times times = tally_times(&job->tally, plan_incomplete(job->plan),
                                                        job->config->cache.incomplete_fresh_s, job->now_s);
        is_gone(job, times.made_s, times.keep_until_s);
    }
    if (document->n_bad_records > 0) {
        stats_add(stats, bad_records, (int64_t)document->n_bad_records);
        log_event(LOG_WARN, "bad_records", "provider", job->provider->translator->name, "id",
                  job->request->id, "n", log_number((long long)document->n_bad_records), NULL);
    }
    if (plan_incomplete(job->plan))
        stats_add(stats, jobs_incomplete, 1);
    else
        hints_questions(job->tools->cache, job->request, job->plan, HINT_KEEP_S, job->now_s);
    hints_days(job->tools->cache, job->request, document, job->args.history, job->hints[HINT_DAYS].is_unsure,
               job->provider->keep_s, job->now_s);
}

static void write_document(void *arg)
{
    struct job *job = CAST(struct job, arg, JOB_MAGIC);
    job->made = render_document(job->config, job->request, job->plan, job->old, &job->times);
}

/* From here on the plan does not change: another thread may read it. */
static enum job_step step_render(struct job *job)
{
    forget_questions(job);
    job->times = tally_times(&job->tally, plan_incomplete(job->plan), job->config->cache.incomplete_fresh_s,
                             job->now_s);
    if (!job->request->has_no_memory)
        hints_revisions(job->tools->cache, job->request, plan_document(job->plan),
                        job->hints[HINT_REVISIONS].value, job->hints[HINT_REVISIONS].is_unsure, job->now_s);
    if (route_is_page(job->request)) {
        remember(job);
        return STEP_PAGES;
    }
    return job_work(job, job_is_large(job), write_document, STEP_STORE);
}

static enum job_step step_store(struct job *job)
{
    struct cache_key key = route_key(job->request);
    struct cache_value *value = job->made;
    if (value == NULL) {
        job->failure = PROBLEM_TOO_LARGE;
        return STEP_PROBLEM;
    }
    atomic_store(&value->trouble, (uint16_t)job->tally.trouble);
    remember(job);
    cache_put(job->tools->cache, &key, value, job->now_s);
    job_deliver(job, value,
                &(struct outcome){.source = OUTCOME_UPSTREAM,
                                  .problem = job->tally.trouble,
                                  .provider = job->troubled,
                                  .rounds = job->rounds,
                                  .upstream_requests = job->tally.upstream_requests,
                                  .upstream_us = (unsigned)(job->now_ms - job->started_ms) * 1000});
    return STEP_OVER;
}

static const enum string_id unknown_things[SUBJECTS] = {
    [SUBJECT_ARTIST] = STRING_KNOWS_NO_ARTIST,
    [SUBJECT_VENUE] = STRING_KNOWS_NO_VENUE,
    [SUBJECT_EVENT] = STRING_KNOWS_NO_EVENT,
    [SUBJECT_SEARCH] = STRING_KNOWS_NO_NAME,
};

/* The name of what failed it, which may be another API than the document's own. That it has no such thing
 * is no failure: the id is one that the document's provider was asked for. */
static const char *failed_by(const struct job *job, enum problem_kind problem)
{
    if (job->failure != PROBLEM_NONE || problem == PROBLEM_NOT_FOUND)
        return NULL;
    const struct translator *by = plan_refused_by(job->plan);
    return by != NULL ? by->name : NULL;
}

/* The last good copy, marked. */
static void deliver_old(struct job *job, struct outcome outcome)
{
    atomic_store(&job->old->trouble, (uint16_t)outcome.problem);
    atomic_store(&job->old->refresh_after_s, job->now_s + FAILED_REFRESH_PAUSE_S);
    outcome.source = OUTCOME_STALE;
    if (!route_is_page(job->request))
        job_deliver(job, job->old, &outcome);
}

/* Of a tour each page is its own last good copy, and the index keeps them together. */
static void deliver_last_good(struct job *job, struct outcome outcome)
{
    struct cache_key key = route_job_key(job->request);
    struct cache_value *index = cache_peek(job->tools->cache, &key, job->now_s);
    outcome.source = OUTCOME_STALE;
    job_deliver_cached(job, &outcome);
    if (index != NULL) {
        atomic_store(&index->trouble, (uint16_t)outcome.problem);
        atomic_store(&index->refresh_after_s, job->now_s + FAILED_REFRESH_PAUSE_S);
    }
    cache_value_unref(index);
}

/* In a language: the log has one, and who asked another. */
static void say_problem(const struct job *job, const struct strings *strings, char *ret, size_t size)
{
    if (job->failure == PROBLEM_NONE)
        plan_say_problem(job->plan, strings, ret, size);
    else
        strings_write(ret, size,
                      strings->texts[job->failure == PROBLEM_TOO_LARGE ? STRING_MORE_THAN_A_LIMIT
                                                                       : STRING_OUT_OF_MEMORY],
                      NULL);
}

/* The upstream's "there is no such thing" replaces the old document when it is believed. Any other problem
 * leaves the old document in use. */
static enum job_step step_problem(struct job *job)
{
    const struct strings *language = route_problem_language(job->request);
    struct outcome outcome = {.source = OUTCOME_UPSTREAM,
                              .problem = job->failure,
                              .retry_after_s = job->tally.retry_after_s,
                              .rounds = job->rounds};
    char why[sizeof(outcome.detail)]; /* for the log */
    if (job->failure == PROBLEM_NONE)
        outcome.problem = plan_problem(job->plan);
    say_problem(job, strings_chosen(), why, sizeof(why));
    outcome.provider = failed_by(job, outcome.problem);
    if (outcome.problem == PROBLEM_UPSTREAM_RUBBISH && outcome.provider == NULL)
        job_reject_answers(job);
    if (outcome.problem == PROBLEM_NOT_FOUND)
        strings_write(outcome.detail, sizeof(outcome.detail),
                      language->texts[unknown_things[job->request->route->subject]],
                      job->provider->translator->title, job->request->id, NULL);
    else if (outcome.problem == PROBLEM_NO_SUCH_PATH)
        config_say_unserved(job->provider, language, outcome.detail);
    else
        say_problem(job, language, outcome.detail, sizeof(outcome.detail));
    stats_add(job->tools->stats, jobs_failed, 1);
    bool is_absent = outcome.problem == PROBLEM_NOT_FOUND || outcome.problem == PROBLEM_NO_SUCH_PATH;
    log_event(is_absent ? LOG_INFO : LOG_WARN, "document_failed", "provider", job->provider->translator->name,
              "resource", subject_name(job->request->route->subject), "id", job->request->id, "why", why,
              "cause", job->tally.why != NULL ? job->tally.why : "", "elapsed_ms",
              log_number(job->now_ms - job->started_ms), NULL);
    bool is_kept = has_good_copy(job) && (outcome.problem != PROBLEM_NOT_FOUND || !is_old_gone(job));
    if (is_kept)
        deliver_old(job, outcome);
    if (route_is_page(job->request) && (is_kept || outcome.problem != PROBLEM_NOT_FOUND))
        deliver_last_good(job, outcome);
    if (!is_kept && outcome.problem == PROBLEM_NOT_FOUND) {
        struct cache_key key = route_job_key(job->request);
        struct cache_value *absence = render_absence(job->config, outcome.detail, job->now_s);
        cache_put(job->tools->cache, &key, absence, job->now_s);
        cache_value_unref(absence);
    }
    outcome.source = OUTCOME_UPSTREAM;
    job_deliver(job, NULL, &outcome);
    return STEP_OVER;
}

/* ---- the engine ---- */

/* A deadline ends what is waited for. */
static bool has_deadline(const struct job *job)
{
    return job->step == STEP_AWAIT_LOOKUP || job->step == STEP_AWAIT_LOCK ||
           job->step == STEP_AWAIT_RELEASE || job->step == STEP_AWAIT_ANSWERS;
}

/* It does not end what is being done: another thread has the plan or the pages, or the next pages are written
 * at once. A lookup for a copy has a limit of its own. */
static bool is_waiting(const struct job *job)
{
    return has_deadline(job) || job->step == STEP_AWAIT_WORK || job->step == STEP_AWAIT_TURN ||
           job->step == STEP_AWAIT_COPY;
}

static enum job_step give_up(struct job *job)
{
    stats_add(job->tools->stats, jobs_out_of_memory, 1);
    job->failure = PROBLEM_OVERLOADED;
    return STEP_PROBLEM;
}

/* What the thread had put by was needed for this document: it is given up. One that is over got what it
 * wanted. */
static void look_for_memory(struct job *job)
{
    if (memory_ran_out() && job->step != STEP_OVER)
        job->step = give_up(job);
}

static void on_work_done(void *arg)
{
    struct job *job = CAST(struct job, arg, JOB_MAGIC);
    job->work.is_done = true;
    job_wake(job);
}

static enum job_step step_work(struct job *job)
{
    job->work.is_done = false;
    job->work.task = (struct task){.work = job->work.work, .on_done = on_work_done, .arg = job};
    if (job->tools->tasks == NULL || !job->work.takes_long) {
        job->work.work(job);
        return job->work.next;
    }
    task_pool_submit(job->tools->tasks, &job->work.task);
    return STEP_AWAIT_WORK;
}

static enum job_step step_await_work(struct job *job)
{
    if (!job->work.is_done)
        return STEP_AWAIT_WORK;
    return job->work.task.ran_out ? give_up(job) : job->work.next;
}

static void step_run(struct job *job)
{
    static enum job_step (*const functions[])(struct job *) = {
        [STEP_LOOKUP] = job_step_lookup,
        [STEP_AWAIT_LOOKUP] = job_step_await_lookup,
        [STEP_LOCK] = job_step_lock,
        [STEP_AWAIT_LOCK] = job_step_await_lock,
        [STEP_AWAIT_RELEASE] = job_step_await_release,
        [STEP_PLAN] = step_plan,
        [STEP_PLANNED] = step_planned,
        [STEP_ASK] = job_step_ask,
        [STEP_AWAIT_ANSWERS] = job_step_await_answers,
        [STEP_RENDER] = step_render,
        [STEP_STORE] = step_store,
        [STEP_PAGES] = job_step_pages,
        [STEP_STORE_PAGES] = job_step_store_pages,
        [STEP_REST] = job_step_rest,
        [STEP_AWAIT_COPY] = job_step_await_copy,
        [STEP_WORK] = step_work,
        [STEP_AWAIT_WORK] = step_await_work,
        [STEP_AWAIT_TURN] = job_step_pages,
        [STEP_PROBLEM] = step_problem,
    };
    while (job->step != STEP_OVER && (job->is_awake || !is_waiting(job))) {
        job->is_awake = false;
        job->step = functions[job->step](job);
        look_for_memory(job);
    }
}

/* The time is up: what is open counts as too slow, and the plan makes of it what it can. */
static void on_deadline(struct job *job)
{
    size_t n = 0;
    const struct question *questions = job->plan != NULL ? plan_questions(job->plan, &n) : NULL;
    forget_all(job);
    for (size_t i = 0; i < n; i++) {
        if (questions[i].state == QUESTION_OPEN || questions[i].state == QUESTION_EXPECTED)
            plan_refuse(job->plan, i, PROBLEM_UPSTREAM_SLOW);
    }
    job->n_asked = n;
    job_wake(job);
}

bool job_run(struct job *job, int64_t now_ms, int64_t now_s)
{
    job->now_ms = now_ms;
    job->now_s = now_s;
    memory_ran_out(); /* that was before, and not for this job */
    if (has_deadline(job) && now_ms >= job->deadline_ms)
        on_deadline(job);
    job_bound_supplements(job);
    if (job->step == STEP_AWAIT_TURN || (job->step == STEP_AWAIT_RELEASE && now_ms >= job->lock.again_ms))
        job_wake(job);
    step_run(job);
    job_bound_supplements(job);
    return job->step == STEP_OVER;
}

int64_t job_due_ms(const struct job *job)
{
    if (!is_waiting(job) || job->is_awake || job->step == STEP_AWAIT_TURN)
        return 0;
    if (!has_deadline(job))
        return INT64_MAX;
    int64_t due_ms = job->deadline_ms;
    if (job->step == STEP_AWAIT_RELEASE && job->lock.again_ms < due_ms)
        due_ms = job->lock.again_ms;
    return job->supplements.until_ms > 0 && job->supplements.until_ms < due_ms ? job->supplements.until_ms
                                                                               : due_ms;
}

/* ---- beginning ---- */

struct job *job_new(const struct job_tools *tools, const struct document_request *request, int64_t now_ms,
                    int64_t now_s)
{
    struct config *config = tools->config;
    const struct provider_config *provider =
        key_section_for(config, request->translator, request->route->subject, request->id);
    struct job *job = memory_new_zeroed(1, sizeof(*job));
    struct document_request *copy = memory_new(sizeof(*copy));
    struct plan_limits limits = limits_of(config);
    struct job_question *questions = memory_new_zeroed(plan_room(&limits), sizeof(*questions));
    *copy = *request;
    *job = (struct job){
        .magic = JOB_MAGIC,
        .tools = tools,
        .config = config_ref(config),
        .step = STEP_LOOKUP,
        .request = copy,
        .provider = provider,
        .questions = questions,
        .started_ms = now_ms,
        .deadline_ms = now_ms + config->limits.document_deadline_ms,
        .now_ms = now_ms,
        .now_s = now_s,
        .horizon_s = now_s,
        .tally = tally_new(now_s + config_fresh_s(provider, RESOURCE_EVENTS), now_s + provider->keep_s)};
    job->args = (struct route_args){.id = copy->id,
                                    .query = copy->query,
                                    .name = copy->name[0] != '\0' ? copy->name : NULL,
                                    .weburl = copy->weburl[0] != '\0' ? copy->weburl : NULL,
                                    .limit = copy->limit,
                                    .own_keys = key_section_exists(config, copy->translator),
                                    .max_performers = CONFIG_MAX_PERFORMERS,
                                    .now_s = now_s};
    return job;
}
