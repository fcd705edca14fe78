/* What the hot path is made of. */
#ifndef MARQUEE_SERVE_OPTIONS_H
#define MARQUEE_SERVE_OPTIONS_H

#include <stdint.h>

struct back;
struct cache;
struct config;
struct stats;
struct tours;

struct serve_options {
    const struct config *config; /* all borrowed until serve_free() */
    const struct tours *tours;   /* of that configuration */
    struct cache *cache;
    struct back *back;
    struct stats *stats;
    int64_t started_s;   /* Unix time */
    unsigned n_threads;  /* of the front */
    uint16_t https_port; /* as bound: where the plain listener sends clients without a public URL */
};

#endif
