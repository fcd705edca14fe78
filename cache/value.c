/* Cache values: made, counted, judged and claimed. What the bytes mean is their owner's business, and no
 * clock is read here. */
#include "value.h"

#include <stdlib.h>

#include "translators/base/memory.h"
#include "translators/base/must.h"

struct cache_value *cache_value_new(size_t len, uint16_t status, int64_t stored_s, int64_t fresh_until_s,
                                    int64_t keep_until_s)
{
    must(len <= SIZE_MAX - sizeof(struct cache_value));
    struct cache_value *value = memory_new(sizeof(*value) + len);
    value->magic = CACHE_VALUE_MAGIC;
    atomic_init(&value->refs, 1);
    value->stored_s = stored_s;
    value->fresh_until_s = fresh_until_s;
    value->keep_until_s = keep_until_s;
    value->status = status;
    value->is_guest = false;
    value->is_unsure = false;
    atomic_init(&value->trouble, 0);
    atomic_init(&value->refresh_after_s, INT64_MIN);
    atomic_init(&value->noticed_s, INT64_MAX);
    value->len = len;
    return value;
}

struct cache_value *cache_value_ref(struct cache_value *value)
{
    must(value->magic == CACHE_VALUE_MAGIC);
    int before = atomic_fetch_add_explicit(&value->refs, 1, memory_order_relaxed);
    must(before > 0);
    (void)before;
    return value;
}

void cache_value_unref(struct cache_value *value)
{
    if (value == NULL)
        return;
    must(value->magic == CACHE_VALUE_MAGIC);
    int before = atomic_fetch_sub_explicit(&value->refs, 1, memory_order_acq_rel);
    must(before > 0);
    if (before == 1) {
        value->magic = 0;
        free(value);
    }
}

/* The mark only moves back, as far as the clock was ever set back, so it is never after now. */
struct cache_times cache_times(struct cache_value *value, int64_t now_s)
{
    must(value->magic == CACHE_VALUE_MAGIC);
    int64_t noticed_s = atomic_load(&value->noticed_s);
    bool from_future = noticed_s < INT64_MAX || value->stored_s > now_s + CACHE_MAX_SKEW_S;
    while (from_future && noticed_s > now_s)
        if (atomic_compare_exchange_weak(&value->noticed_s, &noticed_s, now_s))
            noticed_s = now_s;
    if (!from_future)
        return (struct cache_times){value->stored_s, value->fresh_until_s, value->keep_until_s};
    return (struct cache_times){noticed_s, noticed_s, noticed_s + value->keep_until_s - value->stored_s};
}

enum cache_state cache_judge(struct cache_value *value, int64_t now_s)
{
    struct cache_times times = cache_times(value, now_s);
    if (now_s >= times.keep_until_s)
        return CACHE_GONE;
    return now_s < times.fresh_until_s ? CACHE_FRESH : CACHE_STALE;
}

bool cache_fresh_beyond(struct cache_value *value, int64_t horizon_s, int64_t now_s)
{
    return cache_judge(value, now_s) == CACHE_FRESH && value->fresh_until_s > horizon_s;
}

/* By its own time: by cache_times() a copy from the future would be new whenever it is read anew. */
bool cache_better(struct cache_value *value, struct cache_value *other, int64_t now_s)
{
    const bool fresh = cache_judge(value, now_s) == CACHE_FRESH;
    if (fresh != (cache_judge(other, now_s) == CACHE_FRESH))
        return fresh;
    return value->stored_s > other->stored_s;
}

bool cache_claim_refresh(struct cache_value *value, int64_t now_s, int64_t pause_s)
{
    must(value->magic == CACHE_VALUE_MAGIC);
    int64_t after_s = atomic_load(&value->refresh_after_s);
    /* A mark that is further ahead was set before the clock was set back. */
    if (now_s < after_s && after_s - now_s <= CACHE_MAX_SKEW_S)
        return false;
    return atomic_compare_exchange_strong(&value->refresh_after_s, &after_s, now_s + pause_s);
}
