/* What serve.c and serve_others.c share. Nobody else includes it. */
#ifndef MARQUEE_SERVE_INTERNAL_H
#define MARQUEE_SERVE_INTERNAL_H

#include <stdatomic.h>
#include <stdbool.h>

#include "serve_options.h"

#define SERVE_MAGIC 0x73727631u

struct client_budget;
struct client_budget_grant;
struct document_request;
struct exchange;
struct request;
struct route_memo;
struct route_result;
struct strings;
struct web;

struct serve {
    unsigned magic;
    struct serve_options with;
    _Atomic(const struct config *) config; /* swapped by a reload, as the next */
    _Atomic(const struct tours *) tours;
    atomic_bool ready;
    struct client_budget *quota;
    struct web *web;
    struct route_memo **memos; /* of each front thread its own */
    char *openapi, *words;     /* the descriptions: of the public URL, which a reload does not change */
};

void serve_find_route(struct serve *serve, const struct request *request, struct route_result *ret);

/* Does a target mean the same for every request? The hosts of configured tours have their own, and whether
 * pages are open is a setting. */
bool serve_has_fixed_meaning(const struct serve *serve, const struct config *config,
                             const struct request *request);

/* What a client over its budget gets, in a language. */
struct outcome serve_refusal(const struct client_budget_grant *grant, const struct strings *strings);

/* Who spends a budget when this document is begun. */
struct payers serve_payers(const struct serve *serve, struct exchange *exchange,
                           const struct document_request *document);

#endif
