/* Upstreams' answers on their way into the cache: under which key, and for how long. What is read out of it
 * again is judged by source.c. Any thread. */
#ifndef MARQUEE_KEEP_H
#define MARQUEE_KEEP_H

#include <stddef.h>
#include <stdint.h>

#include "../cache/key.h"
#include "../translators/problem.h"
#include "../translators/translator.h"

struct cache;
struct cache_value;
struct config;
struct provider_config;

/* New text of the key of a question's answer: provider and path, which is its end; no host, no API key.
 * *ret_key borrows it. */
char *keep_key_new(const struct provider_config *provider, const char *path, struct cache_key *ret_key);

/* Puts a good answer into all tiers for the lifetime of its kind. `now_s` is Unix time. New reference to what
 * is there now. */
struct cache_value *keep_answer(struct cache *cache, const struct provider_config *provider,
                                enum resource kind, const struct cache_key *key, const char *bytes,
                                size_t len, int64_t now_s);

/* Puts into the place of an answer that there is none: PROBLEM_NOT_FOUND, or PROBLEM_UPSTREAM_RUBBISH for one
 * that cannot be used. For a short while nobody asks again, however many clients come; it has no bytes, and
 * its status is the problem. */
void keep_refusal(struct cache *cache, const struct config *config, const struct provider_config *provider,
                  const struct cache_key *key, enum problem_kind problem, int64_t now_s);

#endif
