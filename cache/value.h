/* One cached thing: bytes with the times that say how long they may be used. Immutable once it is in a tier,
 * apart from its atomic marks; shared between threads by counting references. */
#ifndef MARQUEE_CACHE_VALUE_H
#define MARQUEE_CACHE_VALUE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CACHE_VALUE_MAGIC 0x6d717631u

struct cache_value {
    unsigned magic;
    atomic_int refs;
    int64_t stored_s, fresh_until_s, keep_until_s; /* Unix time */
    uint16_t status; /* what the bytes are; its meaning is the owner's, 0 the normal thing */
    bool is_guest; /* one of many that anybody can ask for: memory gives them a quarter of its room at most */
    bool is_unsure; /* made without the word of a tier behind, which may have one that knows more: not for it
                     */
    _Atomic uint16_t trouble;        /* mark: why the last refresh failed, 0: it did not; owner's meaning */
    _Atomic int64_t refresh_after_s; /* mark: no refresh starts before; see cache_claim_refresh() */
    _Atomic int64_t noticed_s;       /* mark: when it was found to be from the future; see cache_times() */
    size_t len;
    uint8_t bytes[] __attribute__((aligned(16)));
};

enum cache_state { CACHE_FRESH, CACHE_STALE, CACHE_GONE };

/* New value with one reference, of `len` bytes that the caller fills before it puts the value anywhere.
 * Aborts when memory runs out: lengths are bounded by the callers. */
struct cache_value *cache_value_new(size_t len, uint16_t status, int64_t stored_s, int64_t fresh_until_s,
                                    int64_t keep_until_s);
struct cache_value *cache_value_ref(struct cache_value *value); /* new reference, the same value */
void cache_value_unref(struct cache_value *value);              /* NULL is a no-op; any thread */

/* How far clocks of instances that share a cache may be apart. */
#define CACHE_MAX_SKEW_S 60

struct cache_times {
    int64_t stored_s, fresh_until_s, keep_until_s;
};

/* The times to use the value by. They are its own, unless it is from the future: then the clock was set back,
 * and the age of the value is unknown. The first call that notices this marks the moment. From then on the
 * value counts as stored and stale at that moment, even when the clock comes near the value's own time. It is
 * kept for its own life from there, because a last good copy is better than none, but not for as long as the
 * jump. */
struct cache_times cache_times(struct cache_value *value, int64_t now_s);

/* By cache_times(): FRESH before fresh_until_s, STALE before keep_until_s, else GONE. */
enum cache_state cache_judge(struct cache_value *value, int64_t now_s);

/* FRESH now, and still at `horizon_s`, which is now or later. */
bool cache_fresh_beyond(struct cache_value *value, int64_t horizon_s, int64_t now_s);

/* Whether `value` should take the place of `other`, a copy of the same: it is fresh and the other is not, or
 * they are alike in that and it was stored later. Never both ways round. */
bool cache_better(struct cache_value *value, struct cache_value *other, int64_t now_s);

/* True for exactly one caller, of all threads, in `pause_s` seconds (at most CACHE_MAX_SKEW_S): that one
 * starts the refresh. */
bool cache_claim_refresh(struct cache_value *value, int64_t now_s, int64_t pause_s);

#endif
