/* A cache value as bytes in memcached: versioned, carrying its own key and a checksum, so that an entry of
 * another version, of another key, cut off or overwritten is a miss, never a crash. */
#ifndef MARQUEE_CACHE_ENTRY_H
#define MARQUEE_CACHE_ENTRY_H

#include <stddef.h>
#include <stdint.h>

#include "key.h"
#include "value.h"

#define ENTRY_MAX_LIFE_S (366 * 86400)

size_t entry_size(const struct cache_key *key, const struct cache_value *value);

/* Writes entry_size() bytes. Little-endian whatever the machine. */
void entry_write(const struct cache_key *key, const struct cache_value *value, uint8_t *ret_bytes);

/* New value, or NULL when the bytes are not a whole entry of this version for this key, or its times make no
 * sense: stored <= fresh <= keep and at most ENTRY_MAX_LIFE_S from the first to the last. The marks of a
 * value are not written: they are its process's. */
struct cache_value *entry_read(const struct cache_key *key, const uint8_t *bytes, size_t len);

#endif
