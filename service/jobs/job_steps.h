/* What the files of one job share: its state and its steps. Only job.c and the job_*.c include it. */
#ifndef MARQUEE_JOB_STEPS_H
#define MARQUEE_JOB_STEPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hints.h"
#include "job_tools.h"
#include "service/document/order.h"
#include "service/source/tally.h"
#include "translators/ask/translator.h"

#define JOB_MAGIC 0x6a6f6221u

/* The steps. Each is a function that returns the next one; job_run() alone changes steps. What is called
 * back in between only notes what came: an order of the same turn would join a job that is over, and nobody
 * would answer it. */
enum step {
    STEP_LOOKUP,
    STEP_TAKE,
    STEP_LOCK,
    STEP_AGREE,
    STEP_PLAN,
    STEP_ASK,
    STEP_AWAIT, /* for what makes it `ready` to go on with the step `then` */
    STEP_RENDER,
    STEP_PROBLEM,
    STEP_OVER
};

/* One memory of the document's last making. */
struct recall {
    struct job *job;
    struct cache_value *value; /* NULL: nothing is remembered */
    struct lookup *lookup;     /* under way; NULL: not or no longer */
};

/* What has become of one of the plan's questions. */
struct asked {
    const struct provider_config *provider; /* whom it is for; NULL: nobody that is known */
    struct follower *follower;              /* NULL: it is not under way */
    bool answered;
    struct source_answer answer; /* as it came, without its body */
};

struct job {
    unsigned magic;
    const struct job_tools *tools;
    struct config *config; /* a reference: a reload is for the jobs that begin after it */
    enum step step, then;
    struct order *orders; /* who waits, the latest first */
    unsigned n_orders;
    struct document_request *request; /* owned copy */
    const struct provider_config *provider;
    struct route_args args;
    struct plan *plan;
    struct cache_value *old; /* the document this one takes the place of; NULL: none */
    struct lookup *document_lookup;
    struct cache_value *found; /* by that lookup, not yet taken; NULL: nothing */
    struct recall recalls[MEMORIES];
    struct kin *kin; /* all jobs whose lock is the same; NULL: it has not come to locks */
    struct {
        struct lock *under_way; /* NULL: not or no longer */
        bool is_held;
        uint64_t number;  /* of the one that is held */
        int64_t again_ms; /* another instance has it; 0: none does that is known of */
    } lock;
    struct asked *asked; /* by question */
    size_t n_asked;      /* questions looked at by job_step_ask() */
    int64_t started_ms, deadline_ms, now_ms, now_s;
    int64_t horizon_s;    /* what is stale by then is asked for anew */
    struct tally tally;   /* when the plan is final */
    const char *troubled; /* whose trouble the tally's is, static; NULL: nobody's */
    unsigned rounds;
    struct {
        bool has_extras; /* something was asked that the document waits for only a moment */
        int64_t ends_ms; /* nothing else is open: it waits no longer than until then; 0: something is */
    } patience;
    bool too_large; /* the document would pass max_document_bytes */
    bool ready;     /* an answer came that lets the job go on */
};

/* Tells everybody who waits; `document` is borrowed. */
void job_deliver(struct job *job, struct cache_value *document, const struct outcome *sample);

/* ---- job_lookup.c ---- */

/* Is the document in a tier of the cache, and what is remembered of its last making? */
enum step job_step_lookup(struct job *job);

/* Gives what the slow tier had. */
enum step job_step_take(struct job *job);

/* Of many instances one asks upstream: tries to become that one, and decides when it is known who is. */
enum step job_step_lock(struct job *job);
enum step job_step_agree(struct job *job);

/* Another instance has the lock: it is to be tried again at job->lock.again_ms. */
bool job_waits_for_lock(const struct job *job);

/* Forgets what is under way, at the deadline and at the end; after that, at the end, lets go of the lock. */
void job_forget_lookups(struct job *job);
void job_unlock(struct job *job);

/* ---- job_ask.c ---- */

/* Puts the plan's open questions to whom they are for. */
enum step job_step_ask(struct job *job);

/* The plan is final: fills the tally and says whose trouble it is. What was only expected, or no longer asked
 * for, is not in the document, and counts for what it cost alone. */
void job_add_up(struct job *job);

/* No document can be made of the events that its provider told: they are not to be in its way for all their
 * lifetime. */
void job_reject_answers(const struct job *job);

/* Sets the time at which the job stops waiting for extras; at the time, refuses them. They are still on their
 * way into the cache, where the next making finds them. */
void job_keep_patience(struct job *job);

#endif
