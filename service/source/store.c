/* Makes keys and lifetimes of upstreams' answers. The lifetimes themselves are the configuration's. */
#include "store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cache/cache.h"
#include "service/config/config.h"
#include "translators/base/memory.h"
#include "translators/base/must.h"

#define SPREAD_PERCENT 10 /* of a lifetime may be cut: what came together expires apart */

/* New text of the key of what is kept about a question. */
static char *key_new(const char *what, const struct provider_config *provider, const char *path,
                     struct cache_key *ret_key)
{
    static const char format[] = "%s 1 %s %s";
    const char *name = provider->translator->name;
    size_t room = strlen(what) + strlen(name) + strlen(path) + sizeof(format);
    char *text = memory_new(room);
    int len = snprintf(text, room, format, what, name, path);
    *ret_key = (struct cache_key){.text = text, .len = (size_t)len};
    return text;
}

char *store_key_new(const struct provider_config *provider, const char *path, struct cache_key *ret_key)
{
    return key_new("answer", provider, path, ret_key);
}

/* FNV-1a: where in the spread this key at this time falls. */
static unsigned spread(const char *text, int64_t now_s, unsigned range)
{
    uint32_t hash = 2166136261u ^ (uint32_t)now_s;
    for (; *text != '\0'; text++)
        hash = (hash ^ (uint8_t)*text) * 16777619u;
    return range > 0 ? hash % range : 0;
}

struct cache_value *store_answer(struct cache *cache, const struct provider_config *provider,
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

/* New value without bytes that lasts so long, and no longer than the terms let answers be kept. */
static struct cache_value *brief_new(enum problem_kind problem, unsigned for_s,
                                     const struct provider_config *provider, int64_t now_s)
{
    int64_t end_s = now_s + (for_s < provider->keep_s ? for_s : provider->keep_s);
    return cache_value_new(0, (uint16_t)problem, now_s, end_s, end_s);
}

void store_absence(struct cache *cache, const struct config *config, const struct provider_config *provider,
                   const struct cache_key *key, int64_t now_s)
{
    struct cache_value *value =
        brief_new(PROBLEM_NOT_FOUND, config->cache.not_found_fresh_s, provider, now_s);
    cache_put(cache, key, value, now_s);
    cache_value_unref(value);
}

bool store_is_gone(struct cache *cache, const struct cache_key *key, int64_t good_since_s,
                   int64_t keep_until_s, unsigned gone_after_s, int64_t now_s)
{
    static const char prefix[] = "gone 1 ";
    char text[CACHE_KEY_MAX_BYTES];
    must(key->len <= sizeof(text) - strlen(prefix));
    memcpy(text, prefix, strlen(prefix));
    memcpy(text + strlen(prefix), key->text, key->len);
    const struct cache_key note_key = {text, strlen(prefix) + key->len};
    struct cache_value *note = cache_peek(cache, &note_key, now_s);
    int64_t first_s = note != NULL ? cache_times(note, now_s).stored_s : now_s;
    if (note == NULL || first_s < good_since_s) {
        cache_value_unref(note);
        first_s = now_s;
        note = cache_value_new(0, PROBLEM_NOT_FOUND, now_s, keep_until_s, keep_until_s);
        cache_note(cache, &note_key, note);
    }
    cache_value_unref(note);
    return now_s - first_s >= (int64_t)gone_after_s;
}

void store_as_stale(struct cache *cache, const struct cache_key *key, int64_t now_s)
{
    struct cache_value *value = cache_peek(cache, key, now_s);
    if (value != NULL && value->status == PROBLEM_NONE) {
        struct cache_times times = cache_times(value, now_s);
        struct cache_value *stale =
            cache_value_new(value->len, PROBLEM_NONE, times.stored_s, now_s, times.keep_until_s);
        memcpy(stale->bytes, value->bytes, value->len);
        cache_put(cache, key, stale, now_s);
        cache_value_unref(stale);
    }
    cache_value_unref(value);
}

void store_refusal(struct cache *cache, const struct config *config, const struct provider_config *provider,
                   const char *path, int64_t now_s)
{
    struct cache_key key;
    char *text = key_new("refusal", provider, path, &key);
    struct cache_value *value =
        brief_new(PROBLEM_UPSTREAM_RUBBISH, config->cache.incomplete_fresh_s, provider, now_s);
    cache_note(cache, &key, value);
    cache_value_unref(value);
    free(text);
}

int64_t store_refused_s(struct cache *cache, const struct provider_config *provider, const char *path,
                        int64_t now_s)
{
    struct cache_key key;
    char *text = key_new("refusal", provider, path, &key);
    struct cache_value *value = cache_peek(cache, &key, now_s);
    int64_t left_s = value != NULL ? cache_times(value, now_s).keep_until_s - now_s : 0;
    cache_value_unref(value);
    free(text);
    return left_s;
}
