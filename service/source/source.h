/* Answers one question: memory -> memcached -> upstream -> store. Each question is one fetch ("flight"),
 * however many callers ask it ("followers"). A follower may leave: the fetch runs to its end and fills the
 * cache. When the upstream fails, the answer is the last good copy, marked. Back thread only.
 *
 * A horizon is a time in the future. An answer that is stale by then is asked for again. A client's document
 * has now as its horizon; a refresh looks ahead, so that answers about to expire do not make the next
 * document stale. */
#ifndef MARQUEE_SOURCE_H
#define MARQUEE_SOURCE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "translators/ask/translator.h"
#include "translators/base/problem.h"

struct cache;
struct follower;
struct lookups;
struct provider_config;
struct source;
struct stats;
struct upstream;

struct source_answer {
    enum problem_kind problem; /* PROBLEM_NONE: `body` is there */
    json_t *body;              /* borrowed for the call */
    size_t len;                /* of the body as it came */
    int64_t stored_s, fresh_until_s, keep_until_s;
    enum problem_kind trouble; /* the body is a stale copy, because of this */
    int64_t retry_after_s;     /* 0: not known */
    bool asked_upstream;       /* an upstream request was made for it */
    const char *why;           /* of problem or trouble, for the log; static */
};

typedef void source_done_fn(void *arg, size_t question, const struct source_answer *answer);

struct source_options {
    struct cache *cache;
    struct lookups *lookups;
    struct upstream *upstream;
    struct stats *stats;
};

struct source *source_new(const struct source_options *options); /* all borrowed */
void source_free(struct source *source);                         /* calls nobody; NULL is a no-op */

/* Looks in memory alone. True: *ret is an answer, or a cached "not found", that is fresh beyond `horizon_s`;
 * the caller owns ret->body. */
bool source_peek(struct source *source, const struct provider_config *provider, enum resource kind,
                 const char *path, int64_t horizon_s, struct source_answer *ret);

/* Asks, unless the slow tier has an answer that is fresh beyond `horizon_s`. `question` is handed back, and
 * so is `arg`, which tells askers apart where they take turns (upstream.h). on_done is called once, from
 * source_run() or the runs of lookups and upstream, never before this returns. After source_forget() on_done
 * is not called. Do not call source_forget() after on_done. */
struct follower *source_get(struct source *source, const struct provider_config *provider, enum resource kind,
                            const char *path, int64_t horizon_s, source_done_fn *on_done, void *arg,
                            size_t question);
void source_forget(struct follower *follower);

/* No document can be made of the answer to this question, though it had the right shape. The stored answer
 * becomes stale, and the upstream is asked again after a pause. */
void source_reject(struct source *source, const struct provider_config *provider, const char *path);

/* One turn: hands out what was refused at once. `now_s` is the time of this turn. */
void source_run(struct source *source, int64_t now_s);

/* Is there something for source_run() to do at once? */
bool source_busy(const struct source *source);

#endif
