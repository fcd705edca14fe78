/* Cache keys: a canonical text that says what is cached, and the two hashes the tiers use.
 *
 * The text holds no secret and nothing that differs between instances. Building it is the callers' business.
 */
#ifndef MARQUEE_CACHE_KEY_H
#define MARQUEE_CACHE_KEY_H

#include <stddef.h>
#include <stdint.h>

#define CACHE_KEY_MAX_BYTES 10240 /* every parameter at its maximum, percent-encoded text included */

/* A borrowed view. To keep a key, copy its text. */
struct cache_key {
    const char *text;
    size_t len; /* 1 to CACHE_KEY_MAX_BYTES */
};

/* Keyed hash (SipHash-2-4, Aumasson and Bernstein 2012) for tables in memory; the secret is random per
 * process, so that clients cannot choose keys that collide. */
uint64_t cache_key_hash(const struct cache_key *key, const uint8_t secret[16]);

#define CACHE_ENTRY_VERSION  1  /* of the layout in memcached; see entry.h */
#define CACHE_KEY_WIRE_BYTES 56 /* with the NUL */

/* The name of the key in memcached, the same on every instance and free of bytes its protocol minds: a prefix
 * with the entry version, and hex of the first 128 bits of SHA-256. Returns its length. */
size_t cache_key_wire(const struct cache_key *key, char wire[CACHE_KEY_WIRE_BYTES]);

#endif
