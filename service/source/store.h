/* Upstreams' answers on their way into the cache: under which key, and for how long. What is read out of it
 * again is judged by source.c. Any thread. */
#ifndef MARQUEE_STORE_H
#define MARQUEE_STORE_H

#include <stddef.h>
#include <stdint.h>

#include "cache/key.h"
#include "translators/ask/translator.h"
#include "translators/base/problem.h"

struct cache;
struct cache_value;
struct config;
struct provider_config;

/* New text of the key of a question's answer: provider and path, which is its end; no host, no API key.
 * *ret_key borrows it. */
char *store_key_new(const struct provider_config *provider, const char *path, struct cache_key *ret_key);

/* Puts a good answer into all tiers for the lifetime of its kind. `now_s` is Unix time. New reference to what
 * is there now. */
struct cache_value *store_answer(struct cache *cache, const struct provider_config *provider,
                                 enum resource kind, const struct cache_key *key, const char *bytes,
                                 size_t len, int64_t now_s);

/* Puts into the place of an answer that the upstream knows no such thing (status PROBLEM_NOT_FOUND, no
 * bytes).
 */
void store_absence(struct cache *cache, const struct config *config, const struct provider_config *provider,
                   const struct cache_key *key, int64_t now_s);

/* Nothing can be made of the answer that is kept: it is stale from now on. Where none is kept, nothing
 * happens. */
void store_as_stale(struct cache *cache, const struct cache_key *key, int64_t now_s);

/* Beside the answers, so that no good copy gives way to it, and in this instance alone: the question was
 * answered with what cannot be used. */
void store_refusal(struct cache *cache, const struct config *config, const struct provider_config *provider,
                   const char *path, int64_t now_s);

/* For how many seconds yet the question is not to be asked again because of that; 0: it may be. */
int64_t store_refused_s(struct cache *cache, const struct provider_config *provider, const char *path,
                        int64_t now_s);

#endif
