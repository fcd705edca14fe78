/* An order: one wish for a document on its way to the back thread, and the callback that gets the outcome.
 * What becomes of it there: jobs.h, job.h.
 *
 *     struct order *order = order_new(&request, on_done, arg);
 *     if (!back_submit(back, order))
 *         order_finish(order, &refusal);
 *
 * It has one owner at a time, and so needs no lock: its maker, then the inbox of back.c, then the job that it
 * joins. The owner hands it on or ends it, once. Any thread. */
#ifndef MARQUEE_ORDER_H
#define MARQUEE_ORDER_H

#include <stdbool.h>

#include "outcome.h"
#include "route.h"

/* Takes the outcome's references (outcome_done()); the struct itself is borrowed for the call. Called on
 * the thread that ends the order: the back thread; the maker's, when the order was not taken; that of
 * back_free(). */
typedef void order_done_fn(void *arg, struct outcome *outcome);

/* The order begins a document, because none is in the making that it could join. False: it may not, and
 * *ret_refusal is what came of it. On the back thread. */
typedef bool order_begin_fn(void *arg, struct outcome *ret_refusal);

struct order {
    struct document_request request;
    bool refresh;           /* the document is stale and is made again; no client waits */
    order_done_fn *on_done; /* NULL with `refresh` */
    void *arg;
    order_begin_fn *on_begin; /* set by the maker; NULL: it always may */
    void *begin_arg;
    struct order *_prev, *_next; /* hands off: link among the owner's orders */
};

/* New order; the request is copied. `on_done` is called exactly once; NULL: it is for a refresh. */
struct order *order_new(const struct document_request *request, order_done_fn *on_done, void *arg);

/* Hands the outcome to the order's on_done and frees the order; without an on_done releases the outcome. */
void order_finish(struct order *order, struct outcome *outcome);

/* Frees a refresh. on_done is not called. NULL is a no-op. */
void order_free(struct order *order);

#endif
