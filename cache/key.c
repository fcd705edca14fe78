/* The two hashes of a cache key: SipHash for tables in memory, SHA-256 for names in memcached. What a key
 * says is not known here. */
#include "key.h"

#include <endian.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "translators/base/must.h"
#include "translators/base/text.h"

struct sip {
    uint64_t v0, v1, v2, v3;
};

static inline uint64_t rotate_left(uint64_t word, unsigned bits)
{
    return word << bits | word >> (64 - bits);
}

static inline uint64_t read_le64(const void *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, sizeof(word));
    return le64toh(word);
}

static inline void sip_round(struct sip *s)
{
    s->v0 += s->v1;
    s->v2 += s->v3;
    s->v1 = rotate_left(s->v1, 13) ^ s->v0;
    s->v3 = rotate_left(s->v3, 16) ^ s->v2;
    s->v0 = rotate_left(s->v0, 32);
    s->v2 += s->v1;
    s->v0 += s->v3;
    s->v1 = rotate_left(s->v1, 17) ^ s->v2;
    s->v3 = rotate_left(s->v3, 21) ^ s->v0;
    s->v2 = rotate_left(s->v2, 32);
}

static inline void sip_word(struct sip *s, uint64_t word)
{
    s->v3 ^= word;
    sip_round(s);
    sip_round(s);
    s->v0 ^= word;
}

uint64_t cache_key_hash(const struct cache_key *key, const uint8_t secret[16])
{
    const uint64_t k0 = read_le64(secret), k1 = read_le64(secret + 8);
    struct sip s = {.v0 = k0 ^ UINT64_C(0x736f6d6570736575),
                    .v1 = k1 ^ UINT64_C(0x646f72616e646f6d),
                    .v2 = k0 ^ UINT64_C(0x6c7967656e657261),
                    .v3 = k1 ^ UINT64_C(0x7465646279746573)};
    const size_t whole = key->len & ~(size_t)7;
    for (size_t i = 0; i < whole; i += 8)
        sip_word(&s, read_le64(key->text + i));

    /* The last word: the bytes that are left, and the length modulo 256 on top. */
    uint8_t last[8] = {0};
    if (key->len > whole)
        memcpy(last, key->text + whole, key->len - whole);
    last[7] = (uint8_t)key->len;
    sip_word(&s, read_le64(last));

    s.v2 ^= 0xff;
    for (int i = 0; i < 4; i++)
        sip_round(&s);
    return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

size_t cache_key_wire(const struct cache_key *key, char wire[CACHE_KEY_WIRE_BYTES])
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    /* SHA-256 of bytes in memory fails only for want of memory. */
    must(EVP_Digest(key->text, key->len, digest, NULL, EVP_sha256(), NULL) == 1);

    size_t len = (size_t)snprintf(wire, CACHE_KEY_WIRE_BYTES, "marquee%d:", CACHE_ENTRY_VERSION);
    must(len + 32 < CACHE_KEY_WIRE_BYTES);
    text_write_hex(digest, 16, wire + len);
    wire[len + 32] = '\0';
    return len + 32;
}
