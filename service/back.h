/* The back thread: everything cold. Orders come into its inbox; jobs, single-flight, upstream and rendering
 * live on it without locks; what comes of an order is handed to the order's on_done. */
#ifndef MARQUEE_BACK_H
#define MARQUEE_BACK_H

#include <stdbool.h>

#include "outcome.h"
#include "route.h"

struct back;
struct cache;
struct config;
struct ledger;
struct stats;

struct order {
    struct document_request request;
    bool refresh; /* nobody waits: the document is stale and is made anew */
    /* Back thread, exactly once; takes the outcome's references (outcome_done()). NULL with `refresh`. */
    void (*on_done)(void *arg, struct outcome *outcome);
    void *arg;
    struct order *_next; /* hands off: link in the inbox */
};

/* New thread, running. All arguments are borrowed until back_free(); `ledger` may be another's too, that of
 * the same maker. NULL: *ret_why (static) is for the operator. */
struct back *back_new(const struct config *config, struct cache *cache, struct ledger *ledger,
                      struct stats *stats, const char **ret_why);

/* Ends the thread: orders under way get PROBLEM_OVERLOADED. NULL is a no-op. */
void back_free(struct back *back);

/* Any thread. Takes the order (malloc()ed) when true; false: the inbox is full, nothing was taken. */
bool back_submit(struct back *back, struct order *order);

#endif
