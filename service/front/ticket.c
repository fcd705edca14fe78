/* Tickets and the inboxes of the front threads. An inbox outlives its thread for as long as a ticket points
 * to it. */
#include "ticket.h"

#include <pthread.h>

#include "front_h2o.h"
#include "translators/base/must.h"

#define TICKET_MAGIC 0x66727434u

/* Where tickets come in. Outlives the thread for as long as a ticket points to it. */
struct ticket_inbox {
    pthread_mutex_t mutex;
    atomic_uint refs;
    bool open;          /* under mutex */
    atomic_uint n_sent; /* tickets sent and not yet received */
    h2o_multithread_receiver_t receiver;
};

struct ticket {
    h2o_multithread_message_t super;
    unsigned magic;
    struct ticket_inbox *inbox; /* a reference */
    struct exchange *exchange;  /* the exchange's thread only; NULL: the client has gone */
    ticket_answer_fn *on_answer;
    void *arg, *message;
};

struct ticket_inbox *ticket_inbox_new(void)
{
    struct ticket_inbox *inbox = must(calloc(1, sizeof(*inbox)));
    pthread_mutex_init(&inbox->mutex, NULL);
    inbox->refs = 1;
    return inbox;
}

void ticket_inbox_unref(struct ticket_inbox *inbox)
{
    if (atomic_fetch_sub(&inbox->refs, 1) != 1)
        return;
    pthread_mutex_destroy(&inbox->mutex);
    free(inbox);
}

/* Ends a ticket on the thread that runs this: `exchange` may be NULL. */
static void ticket_finish(struct ticket *ticket, struct exchange *exchange)
{
    if (exchange != NULL) {
        exchange->ticket = NULL;
        exchange->request.now_s = h2o_get_timestamp(exchange->req->conn->ctx, NULL, NULL)->tv_sec;
    }
    ticket->on_answer(ticket->arg, exchange, ticket->message);
    ticket_inbox_unref(ticket->inbox);
    ticket->magic = 0;
    free(ticket);
}

static void on_tickets(h2o_multithread_receiver_t *receiver, h2o_linklist_t *messages)
{
    struct ticket_inbox *inbox = H2O_STRUCT_FROM_MEMBER(struct ticket_inbox, receiver, receiver);
    while (!h2o_linklist_is_empty(messages)) {
        struct ticket *ticket = H2O_STRUCT_FROM_MEMBER(struct ticket, super.link, messages->next);
        must(ticket->magic == TICKET_MAGIC);
        h2o_linklist_unlink(&ticket->super.link);
        atomic_fetch_sub(&inbox->n_sent, 1);
        ticket_finish(ticket, ticket->exchange);
    }
}

void ticket_post(struct ticket *ticket, void *message)
{
    struct ticket_inbox *inbox = ticket->inbox;
    must(ticket->magic == TICKET_MAGIC);
    /* Once sent, the ticket and its reference may be gone before the mutex is free again. */
    atomic_fetch_add(&inbox->refs, 1);
    ticket->message = message;
    pthread_mutex_lock(&inbox->mutex);
    bool open = inbox->open;
    if (open) {
        atomic_fetch_add(&inbox->n_sent, 1);
        h2o_multithread_send_message(&inbox->receiver, &ticket->super);
    }
    pthread_mutex_unlock(&inbox->mutex);
    if (!open)
        ticket_finish(ticket, NULL);
    ticket_inbox_unref(inbox);
}

struct ticket *ticket_new(struct ticket_inbox *inbox, struct exchange *exchange, ticket_answer_fn *on_answer,
                          void *arg)
{
    struct ticket *ticket = must(calloc(1, sizeof(*ticket)));
    ticket->magic = TICKET_MAGIC;
    ticket->inbox = inbox;
    atomic_fetch_add(&inbox->refs, 1);
    ticket->exchange = exchange;
    ticket->on_answer = on_answer;
    ticket->arg = arg;
    return ticket;
}

void ticket_forget(struct ticket *ticket)
{
    if (ticket != NULL)
        ticket->exchange = NULL;
}

void ticket_inbox_open(struct ticket_inbox *inbox, h2o_multithread_queue_t *queue)
{
    h2o_multithread_register_receiver(queue, &inbox->receiver, on_tickets);
    inbox->open = true;
}

void ticket_inbox_close(struct ticket_inbox *inbox)
{
    pthread_mutex_lock(&inbox->mutex);
    inbox->open = false;
    pthread_mutex_unlock(&inbox->mutex);
}

bool ticket_inbox_is_empty(struct ticket_inbox *inbox)
{
    return atomic_load(&inbox->n_sent) == 0;
}

void ticket_inbox_leave(struct ticket_inbox *inbox, h2o_multithread_queue_t *queue)
{
    h2o_multithread_unregister_receiver(queue, &inbox->receiver);
}

void ticket_inbox_wake(struct ticket_inbox *inbox)
{
    pthread_mutex_lock(&inbox->mutex);
    if (inbox->open)
        h2o_multithread_send_message(&inbox->receiver, NULL);
    pthread_mutex_unlock(&inbox->mutex);
}
