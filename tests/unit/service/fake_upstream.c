/* The upstream that a test plays. */
#include "fake_upstream.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define MAX_ASKED 512
#define MAX_PATH  128

enum state { OPEN, GIVEN, TOLD };

struct asked {
    enum state state;
    char path[MAX_PATH];
    const struct provider_config *provider;
    enum resource kind;
    bool has_copy;
    upstream_done_fn *on_done;
    void *arg;
    unsigned turn; /* answers are told in the order they were given in */
    char *text;    /* owned; NULL: there is a problem */
    struct upstream_answer answer;
};

struct upstream {
    pthread_mutex_t mutex;
    pthread_cond_t woken_cond;
    bool woken;
    int next_wait_ms;
    struct upstream_refusal refusal;
    size_t n;
    unsigned n_given;
    struct asked asked[MAX_ASKED];
};

static struct upstream *latest;

struct upstream *fake_upstream_latest(void)
{
    return latest;
}

/* ---- what upstream.h declares ---- */

void upstream_reload(struct upstream *upstream, struct config *config)
{
    (void)upstream;
    (void)config;
}

struct upstream *upstream_new(struct config *config, struct stats *stats)
{
    struct upstream *upstream = calloc(1, sizeof(*upstream));
    (void)config;
    (void)stats;
    if (upstream == NULL)
        abort();
    pthread_mutex_init(&upstream->mutex, NULL);
    pthread_cond_init(&upstream->woken_cond, NULL);
    upstream->next_wait_ms = -1;
    latest = upstream;
    return upstream;
}

size_t upstream_status(const struct upstream *upstream, struct upstream_status ret[UPSTREAM_STATUS_MAX])
{
    (void)upstream;
    (void)ret;
    return 0;
}

void upstream_free(struct upstream *upstream)
{
    if (upstream == NULL)
        return;
    for (size_t i = 0; i < upstream->n; i++)
        free(upstream->asked[i].text);
    pthread_cond_destroy(&upstream->woken_cond);
    pthread_mutex_destroy(&upstream->mutex);
    if (latest == upstream)
        latest = NULL;
    free(upstream);
}

bool upstream_get(struct upstream *upstream, const struct upstream_question *question,
                  struct upstream_refusal *ret_refusal)
{
    pthread_mutex_lock(&upstream->mutex);
    bool taken = upstream->refusal.problem == PROBLEM_NONE;
    upstream->next_wait_ms = -1;
    if (taken) {
        if (upstream->n == MAX_ASKED || strlen(question->path) >= MAX_PATH)
            abort();
        struct asked *asked = &upstream->asked[upstream->n++];
        *asked = (struct asked){.provider = question->provider,
                                .kind = question->kind,
                                .has_copy = question->has_copy,
                                .on_done = question->on_done,
                                .arg = question->arg};
        memcpy(asked->path, question->path, strlen(question->path) + 1);
    } else {
        *ret_refusal = upstream->refusal;
    }
    pthread_mutex_unlock(&upstream->mutex);
    return taken;
}

void upstream_wait(struct upstream *upstream, int64_t now_ms, int max_ms)
{
    struct timespec until;
    (void)now_ms;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += max_ms / 1000;
    until.tv_nsec += (long)(max_ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&upstream->mutex);
    if (upstream->next_wait_ms < 0)
        upstream->next_wait_ms = max_ms;
    while (!upstream->woken &&
           pthread_cond_timedwait(&upstream->woken_cond, &upstream->mutex, &until) != ETIMEDOUT)
        ;
    upstream->woken = false;
    pthread_mutex_unlock(&upstream->mutex);
}

static void wake(struct upstream *upstream)
{
    upstream->woken = true;
    pthread_cond_signal(&upstream->woken_cond);
}

void upstream_wake(struct upstream *upstream)
{
    pthread_mutex_lock(&upstream->mutex);
    wake(upstream);
    pthread_mutex_unlock(&upstream->mutex);
}

static struct asked *next_given(struct upstream *upstream)
{
    struct asked *next = NULL;
    for (size_t i = 0; i < upstream->n; i++) {
        struct asked *asked = &upstream->asked[i];
        if (asked->state == GIVEN && (next == NULL || asked->turn < next->turn))
            next = asked;
    }
    return next;
}

void upstream_run(struct upstream *upstream, int64_t now_ms, int64_t now_s)
{
    struct asked *asked;
    (void)now_ms;
    (void)now_s;
    pthread_mutex_lock(&upstream->mutex);
    while ((asked = next_given(upstream)) != NULL) {
        asked->state = TOLD;
        pthread_mutex_unlock(&upstream->mutex);
        upstream_answer_judge(&asked->answer, asked->provider, asked->kind);
        asked->on_done(asked->arg, &asked->answer);
        json_decref(asked->answer.body);
        pthread_mutex_lock(&upstream->mutex);
    }
    pthread_mutex_unlock(&upstream->mutex);
}

/* ---- what the test sees and says ---- */

size_t fake_upstream_asked(struct upstream *upstream, const char *path)
{
    size_t n = 0;
    pthread_mutex_lock(&upstream->mutex);
    for (size_t i = 0; i < upstream->n; i++)
        n += strcmp(upstream->asked[i].path, path) == 0;
    pthread_mutex_unlock(&upstream->mutex);
    return n;
}

size_t fake_upstream_asked_in_all(struct upstream *upstream)
{
    pthread_mutex_lock(&upstream->mutex);
    size_t n = upstream->n;
    pthread_mutex_unlock(&upstream->mutex);
    return n;
}

/* The path's latest question. With the mutex held. */
static struct asked *latest_of(struct upstream *upstream, const char *path)
{
    for (size_t i = upstream->n; i-- > 0;) {
        struct asked *asked = &upstream->asked[i];
        if (strcmp(asked->path, path) == 0)
            return asked;
    }
    pthread_mutex_unlock(&upstream->mutex);
    fail_msg("nobody asked for %s", path);
    return NULL;
}

int fake_upstream_next_wait_ms(struct upstream *upstream)
{
    pthread_mutex_lock(&upstream->mutex);
    int wait_ms = upstream->next_wait_ms;
    pthread_mutex_unlock(&upstream->mutex);
    return wait_ms;
}

const struct provider_config *fake_upstream_provider(struct upstream *upstream, const char *path)
{
    pthread_mutex_lock(&upstream->mutex);
    const struct provider_config *provider = latest_of(upstream, path)->provider;
    pthread_mutex_unlock(&upstream->mutex);
    return provider;
}

bool fake_upstream_had_copy(struct upstream *upstream, const char *path)
{
    pthread_mutex_lock(&upstream->mutex);
    bool has_copy = latest_of(upstream, path)->has_copy;
    pthread_mutex_unlock(&upstream->mutex);
    return has_copy;
}

static void give(struct upstream *upstream, const char *path, const struct upstream_answer *answer)
{
    struct asked *asked = NULL;
    pthread_mutex_lock(&upstream->mutex);
    for (size_t i = 0; i < upstream->n && asked == NULL; i++) {
        if (upstream->asked[i].state == OPEN && strcmp(upstream->asked[i].path, path) == 0)
            asked = &upstream->asked[i];
    }
    if (asked != NULL) {
        asked->answer = *answer;
        if (answer->bytes != NULL)
            asked->answer.bytes = asked->text = strdup(answer->bytes);
        asked->turn = upstream->n_given++;
        asked->state = GIVEN;
        wake(upstream);
    }
    pthread_mutex_unlock(&upstream->mutex);
    if (asked == NULL)
        fail_msg("nobody waits for %s", path);
}

void fake_upstream_answer(struct upstream *upstream, const char *path, int status, const char *text)
{
    give(upstream, path,
         &(struct upstream_answer){.status = status, .bytes = text, .len = strlen(text), .why = ""});
}

void fake_upstream_fail(struct upstream *upstream, const char *path, enum problem_kind problem,
                        int64_t retry_after_s)
{
    give(upstream, path,
         &(struct upstream_answer){
             .problem = problem, .retry_after_s = retry_after_s, .why = "the test said so"});
}

void fake_upstream_refuse(struct upstream *upstream, enum problem_kind problem, int64_t retry_after_s)
{
    pthread_mutex_lock(&upstream->mutex);
    upstream->refusal = (struct upstream_refusal){.problem = problem, .retry_after_s = retry_after_s};
    pthread_mutex_unlock(&upstream->mutex);
}
