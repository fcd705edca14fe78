/* Stores upstreams' answers: under which key, and for how long. source.c reads them. Any thread. */
#ifndef MARQUEE_STORE_H
#define MARQUEE_STORE_H

#include <stdbool.h>
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

/* Puts a good answer into all tiers for the lifetime of its kind. `now_s` is Unix time. Returns a new
 * reference to the stored value. */
struct cache_value *store_answer(struct cache *cache, const struct provider_config *provider,
                                 enum resource kind, const struct cache_key *key, const char *bytes,
                                 size_t len, int64_t now_s);

/* Caches a negative answer (404) under the question's key: status PROBLEM_NOT_FOUND, no bytes. */
void store_absence(struct cache *cache, const struct config *config, const struct provider_config *provider,
                   const struct cache_key *key, int64_t now_s);

/* Is an upstream's "not found" to be believed though there is a good copy of what is asked for? True when it
 * said the same at least `gone_after_s` ago, and nothing good came since `good_since_s`, which is when the
 * copy was made. The first time is noted under a key made of the copy's, in this instance alone, until
 * `keep_until_s`. */
bool store_is_gone(struct cache *cache, const struct cache_key *key, int64_t good_since_s,
                   int64_t keep_until_s, unsigned gone_after_s, int64_t now_s);

/* Makes the stored answer stale, because no document can be made of it. Without one this is a no-op. */
void store_as_stale(struct cache *cache, const struct cache_key *key, int64_t now_s);

/* Notes that the question was answered with bytes that cannot be used. The note has a key of its own, so that
 * no good copy is replaced, and is kept in this instance alone. */
void store_refusal(struct cache *cache, const struct config *config, const struct provider_config *provider,
                   const char *path, int64_t now_s);

/* Seconds until the question may be asked again after store_refusal(); 0: now. */
int64_t store_refused_s(struct cache *cache, const struct provider_config *provider, const char *path,
                        int64_t now_s);

#endif
