/* A ticket: the promise of an answer that comes later, from another thread. exchange_suspend() makes one. It
 * outlives its exchange when the client leaves.
 *
 *     any thread --ticket_post()--> inbox of the exchange's thread --> on_answer() on that thread */
#ifndef MARQUEE_FRONT_TICKET_H
#define MARQUEE_FRONT_TICKET_H

#include <stdbool.h>

struct exchange;
struct st_h2o_multithread_queue_t;
struct ticket;
struct ticket_inbox;

/* Called once, on the exchange's thread, for the one message that is posted. `exchange` is NULL when the
 * client has gone meanwhile: then only the message is to be freed. */
typedef void ticket_answer_fn(void *arg, struct exchange *exchange, void *message);

/* Any thread; takes the ticket. After front_stop() has begun to cut, on_answer still runs, with NULL. */
void ticket_post(struct ticket *ticket, void *message);

/* ---- inside the wing ---- */

/* New; holds a reference to the inbox until it has been posted. The exchange's thread. */
struct ticket *ticket_new(struct ticket_inbox *inbox, struct exchange *exchange, ticket_answer_fn *on_answer,
                          void *arg);

/* The client has gone: on_answer will get NULL. The exchange's thread. NULL is a no-op. */
void ticket_forget(struct ticket *ticket);

/* New inbox of one thread, closed; the caller has a reference. An inbox that is closed has on_answer called
 * at once, by whoever posts. */
struct ticket_inbox *ticket_inbox_new(void);
void ticket_inbox_unref(struct ticket_inbox *inbox);

/* The inbox's own thread: `queue` is the one of its loop. */
void ticket_inbox_open(struct ticket_inbox *inbox, struct st_h2o_multithread_queue_t *queue);
void ticket_inbox_close(struct ticket_inbox *inbox);
bool ticket_inbox_is_empty(struct ticket_inbox *inbox); /* every ticket that was sent has been received */
void ticket_inbox_leave(struct ticket_inbox *inbox, struct st_h2o_multithread_queue_t *queue);

/* Any thread: ends the wait of the inbox's loop, when it is open. */
void ticket_inbox_wake(struct ticket_inbox *inbox);

#endif
