/* Whom a job's questions are put to, and what a document can do without: answers of other APIs than its own
 * provider's complete it, but it waits for them only a moment (setting patience_ms). */
#include "job_steps.h"

#include "../translators/plan.h"
#include "config.h"
#include "key_section.h"
#include "source.h"

const struct provider_config *job_provider_of(const struct job *job, const struct question *question)
{
    const struct translator *translator = translator_named(question->provider);
    if (translator != job->provider->translator)
        return config_provider(job->tools->config, translator);
    if (question->artist == NULL || key_section_is(job->provider))
        return job->provider;
    return key_section_for(job->tools->config, translator, "artist", question->artist);
}

enum problem_kind job_refusal_of(const struct job *job, const struct provider_config *provider)
{
    if (provider == NULL || !config_may_ask(provider))
        return PROBLEM_NOT_FOUND;
    if (!config_has_key(provider))
        return provider->translator == job->provider->translator ? PROBLEM_NO_SUCH_PATH : PROBLEM_NOT_FOUND;
    return job->now_ms >= job->deadline_ms ? PROBLEM_UPSTREAM_SLOW : PROBLEM_NONE;
}

bool job_is_extra(const struct job *job, const struct question *question)
{
    const struct provider_config *provider = job_provider_of(job, question);
    return !question->needed && provider->translator != job->provider->translator &&
           provider->patience_ms > 0;
}

/* How long to go on waiting when nothing is open but extras: the longest of their patiences; 0 when the
 * document waits for something else. */
static unsigned patience_ms(const struct job *job)
{
    size_t n;
    const struct question *questions = plan_questions(job->plan, &n);
    unsigned longest_ms = 0;
    for (size_t i = 0; i < n; i++) {
        if (questions[i].state != QUESTION_OPEN)
            continue;
        if (!job_is_extra(job, &questions[i]))
            return 0;
        const struct provider_config *provider = job_provider_of(job, &questions[i]);
        longest_ms = provider->patience_ms > longest_ms ? provider->patience_ms : longest_ms;
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
        if (job->followers[i] != NULL)
            source_forget(job->followers[i]);
        job->followers[i] = NULL;
        plan_refuse(job->plan, i, PROBLEM_UPSTREAM_SLOW);
    }
    job->ready = true;
}

void job_keep_patience(struct job *job)
{
    unsigned longest_ms = job->has_patience && job->step == STEP_AWAIT && !job->ready ? patience_ms(job) : 0;
    if (longest_ms == 0) {
        job->patience_ends_ms = 0;
    } else if (job->patience_ends_ms == 0) {
        job->patience_ends_ms = job->now_ms + longest_ms;
    } else if (job->now_ms >= job->patience_ends_ms) {
        refuse_open(job);
    }
}
