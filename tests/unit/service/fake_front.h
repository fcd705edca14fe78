/* Exchanges and a back thread that the test plays, for what is between them: they stand in for exchange.c and
 * back.c in the way of fake_upstream.h, so that neither libh2o nor a thread is needed. Asserts with cmocka.
 */
#ifndef MARQUEE_TESTS_FAKE_FRONT_H
#define MARQUEE_TESTS_FAKE_FRONT_H

#include "tests/unit/service/http/response_asserts.h"

#include "service/front/exchange.h"
#include "service/front/front.h"
#include "service/http/clients.h"
#include "service/jobs/back.h"

struct exchange {
    struct request request;
    struct client client;
    unsigned replied;         /* how often */
    struct response response; /* its fields; its body is `body` */
    char body[16384];         /* the beginning of it */
    char values[4096];        /* of the fields */
};

/* A GET over TLS from one and the same client. Static, until the next call. */
struct exchange *exchange_for(const char *target);

/* There was one answer, and it has this status. */
void assert_replied(const struct exchange *exchange, int status);
void assert_says(const struct exchange *exchange, const char *text); /* the body does */

#define FAKE_BACK_ORDERS 8

struct back {
    bool full; /* takes nothing */
    size_t n;
    struct order *orders[FAKE_BACK_ORDERS]; /* the earliest first */
};

/* Gives the earliest order, which is of a client, this outcome. Takes the reference of `document`. */
void fake_back_answer(struct back *back, struct cache_value *document, enum problem_kind problem);

/* What comes of the earliest order is for a copy of its exchange, or for nobody: NULL, the client has gone.
 */
void fake_back_redirect(struct back *back, struct exchange *exchange);

#endif
