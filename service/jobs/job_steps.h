/* What the files of one job share: its state and its steps. Only job.c and the job_*.c include it. */
#ifndef MARQUEE_JOB_STEPS_H
#define MARQUEE_JOB_STEPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "job_tools.h"
#include "service/document/order.h"
#include "service/process/task_pool.h"
#include "service/source/hints.h"
#include "service/source/tally.h"
#include "translators/ask/plan.h"
#include "translators/ask/translator.h"

#define JOB_MAGIC 0x6a6f6221u

/* The steps. Each is a function that returns the next one; job_run() alone changes steps.
 *
 *     LOOKUP -> AWAIT_LOOKUP -> LOCK -> AWAIT_LOCK -> PLAN -> PLANNED -> ASK -> AWAIT_ANSWERS
 *       ^                        ^          |          ^         |                    |
 *       |                        |          v          |         |                    |
 *       |                        +--- AWAIT_RELEASE    +---------|--------------------+
 *       |                                                        |
 *       +--- from LOCK and AWAIT_LOCK, when the lock             +-> RENDER or PROBLEM -> OVER
 *            was waited for: its holder may have left
 *            the document
 *
 *     RENDER -> STORE -> OVER                                 a document
 *     RENDER -> PAGES -> STORE_PAGES -> PAGES ... -> REST -> OVER     a tour, some pages a time
 *
 * Between PLAN and PLANNED, RENDER and STORE, and PAGES and STORE_PAGES, comes WORK: the plan is run, or the
 * document written. A large one is then in AWAIT_WORK: a thread of the task pool does it, so that no other
 * document waits for it. Between STORE_PAGES and PAGES a tour is in AWAIT_TURN.
 *
 * A step is left out when there is nothing to do in it. LOOKUP and AWAIT_LOOKUP end in OVER when they find a
 * fresh document. AWAIT_LOCK ends in OVER when another instance has the lock and no client waits here.
 *
 * A job stays in a step AWAIT_... until job_wake() or its deadline. Then that step's function looks at what
 * came: it goes on, or stays. A callback notes what came and calls job_wake(). It does not change steps: an
 * order of the same turn would join a job that is over, and would get no outcome. */
enum job_step {
    STEP_LOOKUP,
    STEP_AWAIT_LOOKUP, /* the slow tier looks for the document and its hints */
    STEP_LOCK,
    STEP_AWAIT_LOCK,    /* the slow tier says whether this instance has the lock */
    STEP_AWAIT_RELEASE, /* another instance has it; it is tried again at lock.again_ms */
    STEP_PLAN,
    STEP_PLANNED,
    STEP_ASK,
    STEP_AWAIT_ANSWERS, /* the plan cannot go on without them */
    STEP_RENDER,
    STEP_STORE,
    STEP_PAGES,
    STEP_STORE_PAGES,
    STEP_REST,       /* all pages are written: whoever still waits */
    STEP_AWAIT_COPY, /* the slow tier looks for the copy of a page that was left: it has a limit of its own */
    STEP_WORK,
    STEP_AWAIT_WORK, /* another thread runs the plan, or writes the document or some of its pages: no deadline
                      */
    STEP_AWAIT_TURN, /* some pages are written, the others are when everybody else has had a turn */
    STEP_PROBLEM,
    STEP_OVER
};

/* A document of more events is written by another thread: one of 500 takes 100 ms. To hand it over costs as
 * much as half an event. */
#define JOB_LARGE_EVENTS 32

/* One hint of the document's last making. */
struct hint_lookup {
    struct job *job;
    struct cache_value *value; /* NULL: there is none */
    struct lookup *lookup;     /* under way; NULL: not or no longer */
    bool is_unsure;            /* the slow tier has not said whether it has one that knows more */
};

/* What has become of one of the plan's questions. */
struct job_question {
    const struct provider_config *provider; /* whose API is asked; NULL: not configured */
    struct follower *follower;              /* NULL: it is not under way */
    bool answered;
    struct source_answer
        answer;          /* as it came; its body is a reference, of those alone that wait for the plan */
    bool waits_for_plan; /* it came while the plan was being run */
};

struct tour;
struct portion;

/* From the first order to the outcome. It owns all that it points to, but for the tools and what is said to
 * be borrowed. */
struct job {
    unsigned magic;
    const struct job_tools *tools; /* borrowed */
    enum job_step step;
    bool is_awake; /* something came since the step AWAIT_... began */
    int64_t started_ms, deadline_ms, now_ms, now_s;

    /* What is wanted, and by whom. */
    struct config *config;                  /* a reference: a reload is for the jobs that begin after it */
    const struct provider_config *provider; /* of that configuration */
    struct document_request *request;
    struct order *orders; /* the clients that wait, the latest first; none of a refresh */
    unsigned n_orders;
    int64_t horizon_s; /* what is stale by then is asked for again (source.h) */

    /* Before the plan: job_lookup.c, job_lock.c. */
    struct cache_value *old;        /* the document that this one replaces; NULL: none */
    struct lookup *document_lookup; /* under way; NULL: not or no longer */
    struct cache_value *found;      /* by that lookup, not yet taken; NULL: nothing */
    struct hint_lookup hints[HINT_KINDS];
    struct lock_group *group; /* all jobs whose lock is the same; NULL: it has not come to locks */
    struct {
        struct lock *under_way; /* NULL: not or no longer */
        bool is_held;
        uint64_t number;  /* of the one that is held */
        int64_t again_ms; /* another instance has it: when it is tried again; 0: none is known to have it */
    } lock;

    /* The plan and its questions: job_ask.c. */
    struct route_args args;         /* point into `request` and the hints */
    struct plan *plan;              /* NULL: not begun */
    enum plan_state plan_state;     /* of its last run */
    struct job_question *questions; /* by question of the plan */
    size_t n_asked;                 /* questions looked at by job_step_ask() */
    size_t answer_bytes;            /* of all answers, as they came */
    bool is_running;                /* the plan is, so that nothing else may look at it */
    unsigned rounds;
    struct {
        bool are_asked;   /* something that the document waits for only a moment */
        int64_t until_ms; /* nothing else is open: it waits no longer than until then; 0: something is */
    } supplements;

    /* When the plan is final. */
    struct tally tally;
    const char
        *troubled; /* name of the provider that the tally's trouble is of, static; NULL: there is none */
    enum problem_kind failure; /* of the service itself: TOO_LARGE, or OVERLOADED when memory ran out */
    struct tour *tour; /* whose pages are being written; NULL: it has not come to that, or is no tour */
    size_t next_page;
    int64_t rest_until_ms;   /* copies are looked for until then; 0: none was yet (job_pages.c) */
    struct portion *portion; /* from next_page on; NULL: none is being written */
    struct representation_times times;
    struct cache_value *made; /* the document, written and not yet stored; NULL: none, or too large */
    struct {
        void (*work)(void *job);
        enum job_step next; /* takes what the work made */
        bool takes_long, is_done;
        struct task task;
    } work;
};

/* Something came: the step AWAIT_... is to look at it. Every callback calls this, and nothing that changes
 * steps. */
static inline void job_wake(struct job *job)
{
    job->is_awake = true;
}

/* Has the document so many events that it takes long to write it? */
static inline bool job_is_large(const struct job *job)
{
    return plan_document(job->plan)->n_events > JOB_LARGE_EVENTS;
}

/* The step that does work and then goes to the step `next`. Where it takes long, `work` runs on another
 * thread until then: it changes nothing but what it makes, and nobody looks at that or changes what it reads.
 */
static inline enum job_step job_work(struct job *job, bool takes_long, void (*work)(void *job),
                                     enum job_step next)
{
    job->work.work = work;
    job->work.takes_long = takes_long;
    job->work.next = next;
    return STEP_WORK;
}

/* ---- job_orders.c ---- */

/* Hands every order the outcome; `document` is borrowed. */
void job_deliver(struct job *job, struct cache_value *document, const struct outcome *sample);

/* The same for the orders of one page. */
void job_deliver_page(struct job *job, const struct cache_key *page, struct cache_value *document,
                      const struct outcome *sample);

/* Goes on for an order that waits: the job's own page is that of the order. */
void job_turn_to(struct job *job, const struct order *order);

/* Goes on for the next order that waits, when those of the job's own page are over. False: none waits. */
bool job_turn_to_next(struct job *job);

/* ---- job_lookup.c ---- */

/* Is the document in a tier of the cache, and what is remembered of its last making? */
enum job_step job_step_lookup(struct job *job);

/* Gives what the slow tier had. */
enum job_step job_step_await_lookup(struct job *job);

/* Looks for the copy of the job's own page alone. */
enum job_step job_step_look_for_copy(struct job *job);

/* Forgets the lookups that are under way. */
void job_forget_lookups(struct job *job);

/* ---- job_pages.c ---- */

/* Writes some pages of the tour, and takes them into the cache. */
enum job_step job_step_pages(struct job *job);
enum job_step job_step_store_pages(struct job *job);

/* Gives an order that still waits what there is for it, or looks for that in the slow tier. */
enum job_step job_step_rest(struct job *job);
enum job_step job_step_await_copy(struct job *job);

/* Gives back pages that are written and not taken. */
void job_drop_pages(struct job *job);

/* Hands the orders those of their pages that memory holds, fresh or stale. */
void job_deliver_cached(struct job *job, const struct outcome *sample);

/* ---- job_lock.c ---- */

/* Of many instances one asks upstream: tries to become that one, and decides when it is known which one is.
 */
enum job_step job_step_lock(struct job *job);
enum job_step job_step_await_lock(struct job *job);
enum job_step job_step_await_release(struct job *job);

/* Forgets the try for the lock that is under way. */
void job_forget_lock(struct job *job);

/* Lets go of the lock. Once, at the end, after job_forget_lock(). */
void job_unlock(struct job *job);

/* ---- job_ask.c ---- */

/* Puts the plan's open questions to whom they are for. */
enum job_step job_step_ask(struct job *job);

/* Drops answers that still wait for the plan. */
void job_drop_answers(struct job *job);

/* The plan goes on with what has come. */
enum job_step job_step_await_answers(struct job *job);

/* The plan is final: fills the tally and says whose trouble it is. What was only expected, or no longer asked
 * for, is not in the document, and counts for what it cost alone. */
void job_add_up(struct job *job);

/* No document can be made of the answers with events. Expire them now, or every retry would fail on the
 * cached copies. */
void job_reject_answers(const struct job *job);

/* Sets the time at which the job stops waiting for supplements; at that time, refuses them. They are still on
 * their way into the cache, where the next making finds them. */
void job_bound_supplements(struct job *job);

#endif
