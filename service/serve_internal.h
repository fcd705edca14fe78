/* What serve.c and serve_others.c share. Nobody else includes it. */
#ifndef MARQUEE_SERVE_INTERNAL_H
#define MARQUEE_SERVE_INTERNAL_H

#include <stdatomic.h>
#include <stdbool.h>

#include "serve_options.h"

#define SERVE_MAGIC 0x73727631u

struct client_budget;
struct route_memo;
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

#endif
