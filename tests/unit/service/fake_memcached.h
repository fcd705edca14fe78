/* A slow tier that the test plays: it stands in for cache/memcached.c (in the way of fake_upstream.h), and
 * answers gets and locks when the test says so, from the test's thread. What it holds is the test's to say;
 * puts are only counted. */
#ifndef MARQUEE_TESTS_FAKE_MEMCACHED_H
#define MARQUEE_TESTS_FAKE_MEMCACHED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cache/memcached.h"

/* For memcached_options. */
#define FAKE_MEMCACHED_SERVERS "the test"

#define FAKE_MEMCACHED_SPACE_BYTES 1024

/* The space it was made for; "": none. */
const char *fake_memcached_space(const struct memcached_tier *tier);

/* Refuses gets and locks from here on, as when every server is down; or takes them again. */
void fake_memcached_set_down(struct memcached_tier *tier, bool down);

/* Gets that find `key` from here on get this value; keeps a reference. */
void fake_memcached_hold(struct memcached_tier *tier, const struct cache_key *key, struct cache_value *value);

size_t fake_memcached_gets(const struct memcached_tier *tier);  /* multi-gets so far */
size_t fake_memcached_keys(const struct memcached_tier *tier);  /* in all of them together */
size_t fake_memcached_locks(const struct memcached_tier *tier); /* numbered from 1 */
size_t fake_memcached_unlocks(const struct memcached_tier *tier);
uint64_t fake_memcached_unlocked(const struct memcached_tier *tier); /* the number of the last; 0: none was */
size_t fake_memcached_puts(const struct memcached_tier *tier);
bool fake_memcached_was_put(const struct memcached_tier *tier, const struct cache_key *key);

/* Answers every get that waits. */
void fake_memcached_answer(struct memcached_tier *tier);

/* Answers the lock that was asked for last. */
void fake_memcached_answer_last_lock(struct memcached_tier *tier, bool taken);

/* Answers every lock that waits. */
void fake_memcached_answer_locks(struct memcached_tier *tier, bool taken);

#endif
