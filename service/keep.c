/* Makes keys and lifetimes of upstreams' answers. The lifetimes themselves are the configuration's. */
#include "keep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../cache/cache.h"
#include "config.h"

#define SPREAD_PERCENT 10 /* of a lifetime may be cut: what came together expires apart */

char *keep_key_new(const struct provider_config *provider, const char *path, struct cache_key *ret_key)
{
    char *text;
    if (asprintf(&text, "answer 1 %s %s", provider->translator->name, path) < 0)
        abort();
    *ret_key = (struct cache_key){.text = text, .len = strlen(text)};
    return text;
}

/* FNV-1a: where in the spread this key at this time falls. */
static unsigned spread(const char *text, int64_t now_s, unsigned range)
{
    uint32_t hash = 2166136261u ^ (uint32_t)now_s;
    for (; *text != '\0'; text++)
        hash = (hash ^ (uint8_t)*text) * 16777619u;
    return range > 0 ? hash % range : 0;
}

struct cache_value *keep_answer(struct cache *cache, const struct provider_config *provider,
                                enum resource kind, const struct cache_key *key, const char *bytes,
                                size_t len, int64_t now_s)
{
    unsigned fresh_s = config_fresh_s(provider, kind);
    fresh_s -= spread(key->text, now_s, fresh_s * SPREAD_PERCENT / 100);
    struct cache_value *value =
        cache_value_new(len, PROBLEM_NONE, now_s, now_s + fresh_s, now_s + provider->keep_s);
    memcpy(value->bytes, bytes, len);
    cache_put(cache, key, value, now_s);
    return value;
}

void keep_refusal(struct cache *cache, const struct config *config, const struct provider_config *provider,
                  const struct cache_key *key, enum problem_kind problem, int64_t now_s)
{
    unsigned for_s =
        problem == PROBLEM_NOT_FOUND ? config->cache.not_found_fresh_s : config->cache.incomplete_fresh_s;
    int64_t end_s = now_s + (for_s < provider->keep_s ? for_s : provider->keep_s);
    struct cache_value *value = cache_value_new(0, (uint16_t)problem, now_s, end_s, end_s);
    cache_put(cache, key, value, now_s);
    cache_value_unref(value);
}
