/* The step of a job that asks: whom its questions are put to, what comes back, and what a document can do
 * without. Answers of other APIs than its own provider's complete it, but it waits for them only a moment
 * (setting supplement_timeout_ms). */
#include "job_steps.h"

#include "service/config/config.h"
#include "service/config/key_section.h"
#include "service/source/source.h"
#include "translators/ask/plan.h"
#include "translators/base/must.h"

/* Whose API a question is for, and with which key; NULL: nobody's that is known. */
static const struct provider_config *provider_of(const struct job *job, const struct question *question)
{
    if (question->translator != job->provider->translator)
        return config_provider(job->config, question->translator);
    if (question->artist == NULL || key_section_is(job->provider))
        return job->provider;
    return key_section_for(job->config, question->translator, SUBJECT_ARTIST, question->artist);
}

/* Why its API is not asked at all; PROBLEM_NONE: it is. Without a key for the artist the document's own is
 * not there (PROBLEM_NO_SUCH_PATH), and another API is as good as switched off. */
static enum problem_kind refusal_of(const struct job *job, const struct provider_config *provider)
{
    if (provider == NULL || !config_may_ask(provider))
        return PROBLEM_NOT_FOUND;
    if (!config_has_key(provider))
        return provider->translator == job->provider->translator ? PROBLEM_NO_SUCH_PATH : PROBLEM_NOT_FOUND;
    return job->now_ms >= job->deadline_ms ? PROBLEM_UPSTREAM_SLOW : PROBLEM_NONE;
}

/* Does the document only wait a moment for this answer? */
static bool is_supplement(const struct job *job, const struct question *question,
                          const struct provider_config *provider)
{
    return !question->needed && provider->translator != job->provider->translator &&
           provider->supplement_timeout_ms > 0;
}

/* ---- asking ---- */

/* Runs the plan again when there is something new for it. Needed answers are awaited together, since there is
 * no document without any of them; all others only with the last that is missing: to run for every venue
 * would cost more than it could save. */
static void wake_for(struct job *job, size_t question, bool is_refused)
{
    size_t n;
    const struct question *questions = plan_questions(job->plan, &n);
    bool is_any_open = false, is_needed_open = false;
    for (size_t i = 0; i < n && !is_needed_open; i++) {
        bool is_open = questions[i].used && questions[i].state == QUESTION_OPEN;
        is_any_open |= is_open;
        is_needed_open |= is_open && questions[i].needed;
    }
    bool may_lead_on = questions[question].needed && (is_refused || !is_needed_open);
    if (questions[question].used && (may_lead_on || !is_any_open))
        job_wake(job);
}

static void give_to_plan(struct job *job, size_t question, const struct source_answer *answer)
{
    if (answer->problem == PROBLEM_NONE)
        plan_answer(job->plan, question, answer->body, answer->len);
    else
        plan_refuse(job->plan, question, answer->problem);
    wake_for(job, question, answer->problem != PROBLEM_NONE);
}

static void take_answer(struct job *job, size_t question, const struct source_answer *answer)
{
    struct job_question *asked = &job->questions[question];
    asked->answered = true;
    asked->answer = *answer;
    job->answer_bytes += answer->len;
    if (job->is_running) {
        json_incref(asked->answer.body);
        asked->waits_for_plan = true;
    } else {
        asked->answer.body = NULL;
        give_to_plan(job, question, answer);
    }
}

static void drop_body(struct job_question *asked)
{
    json_decref(asked->answer.body);
    asked->answer.body = NULL;
    asked->waits_for_plan = false;
}

/* What came while the plan was being run. */
static void give_waiting(struct job *job)
{
    for (size_t i = 0; i < job->n_asked; i++) {
        struct job_question *asked = &job->questions[i];
        if (!asked->waits_for_plan)
            continue;
        give_to_plan(job, i, &asked->answer);
        drop_body(asked);
    }
}

void job_drop_answers(struct job *job)
{
    for (size_t i = 0; i < job->n_asked; i++) {
        if (job->questions[i].waits_for_plan)
            drop_body(&job->questions[i]);
    }
}

static void on_answer(void *arg, size_t question, const struct source_answer *answer)
{
    struct job *job = CAST(struct job, arg, JOB_MAGIC);
    job->questions[question].follower = NULL;
    take_answer(job, question, answer);
}

enum job_step job_step_ask(struct job *job)
{
    const struct job_tools *tools = job->tools;
    size_t n;
    bool is_round = false;
    const struct question *questions = plan_questions(job->plan, &n);
    give_waiting(job);
    for (; job->n_asked < n; job->n_asked++) {
        size_t i = job->n_asked;
        const struct provider_config *provider = provider_of(job, &questions[i]);
        enum problem_kind refusal = refusal_of(job, provider);
        struct source_answer answer;
        job->questions[i].provider = provider;
        if (refusal != PROBLEM_NONE) {
            plan_refuse(job->plan, i, refusal);
            wake_for(job, i, true);
            continue;
        }
        is_round = true;
        job->supplements.are_asked |= is_supplement(job, &questions[i], provider);
        if (source_peek(tools->source, provider, questions[i].kind, questions[i].path, job->horizon_s,
                        &answer)) {
            take_answer(job, i, &answer);
            json_decref(answer.body);
        } else {
            job->questions[i].follower = source_get(tools->source, provider, questions[i].kind,
                                                    questions[i].path, job->horizon_s, on_answer, job, i);
        }
    }
    job->rounds += is_round;
    return STEP_AWAIT_ANSWERS;
}

enum job_step job_step_await_answers(struct job *job)
{
    (void)job;
    return STEP_PLAN;
}

void job_add_up(struct job *job)
{
    size_t n;
    const struct question *questions = plan_questions(job->plan, &n);
    for (size_t i = 0; i < n; i++) {
        const struct job_question *asked = &job->questions[i];
        if (asked->answered && questions[i].used) {
            tally_answer(&job->tally, &asked->answer);
            if (asked->answer.trouble != PROBLEM_NONE)
                job->troubled = questions[i].translator->name;
        } else if (asked->answered && asked->answer.asked_upstream) {
            job->tally.upstream_requests++;
        }
    }
}

void job_reject_answers(const struct job *job)
{
    size_t n;
    const struct question *questions = plan_questions(job->plan, &n);
    for (size_t i = 0; i < n; i++) {
        bool is_own = questions[i].translator == job->provider->translator;
        bool is_basis = questions[i].used && questions[i].needed && questions[i].kind == RESOURCE_EVENTS;
        bool is_new =
            questions[i].state == QUESTION_ANSWERED && job->questions[i].answer.trouble == PROBLEM_NONE;
        if (is_own && is_basis && is_new)
            source_reject(job->tools->source, job->questions[i].provider, questions[i].path);
    }
}

/* ---- supplements ---- */

/* How long to go on waiting when nothing is open but supplements: the longest of their timeouts; 0 when the
 * document waits for something else. */
static unsigned supplement_timeout_ms(const struct job *job)
{
    size_t n;
    const struct question *questions = plan_questions(job->plan, &n);
    unsigned longest_ms = 0;
    for (size_t i = 0; i < n; i++) {
        if (questions[i].state != QUESTION_OPEN)
            continue;
        const struct provider_config *provider = job->questions[i].provider;
        if (!is_supplement(job, &questions[i], provider))
            return 0;
        longest_ms =
            provider->supplement_timeout_ms > longest_ms ? provider->supplement_timeout_ms : longest_ms;
    }
    return longest_ms;
}

static void refuse_open(struct job *job)
{
    size_t n;
    const struct question *questions = plan_questions(job->plan, &n);
    for (size_t i = 0; i < n; i++) {
        if (questions[i].state != QUESTION_OPEN)
            continue;
        if (job->questions[i].follower != NULL)
            source_forget(job->questions[i].follower);
        job->questions[i].follower = NULL;
        plan_refuse(job->plan, i, PROBLEM_UPSTREAM_SLOW);
    }
    job_wake(job);
}

void job_bound_supplements(struct job *job)
{
    bool is_waiting = job->step == STEP_AWAIT_ANSWERS && !job->is_awake;
    unsigned longest_ms = job->supplements.are_asked && is_waiting ? supplement_timeout_ms(job) : 0;
    if (longest_ms == 0) {
        job->supplements.until_ms = 0;
    } else if (job->supplements.until_ms == 0) {
        job->supplements.until_ms = job->now_ms + longest_ms;
    } else if (job->now_ms >= job->supplements.until_ms) {
        refuse_open(job);
    }
}
