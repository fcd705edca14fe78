/* Cache values as bytes. It writes for memcached and trusts nothing of what it reads: a shared memcached may
 * hold what another program, another version or a broken machine left there.
 *
 * The layout, little-endian:
 *
 *      0  magic 'm' 'q' 'e' 'n'
 *      4  CRC-32 (zlib's) of everything after it
 *      8  version, 16 bits
 *     10  status, 16 bits
 *     12  length of the key, 32 bits
 *     16  length of the value, 32 bits
 *     20  stored, fresh until, keep until: Unix seconds, 64 bits each
 *     44  the key, then the value, and nothing behind
 */
#include "entry.h"

#include <endian.h>
#include <string.h>
#include <zlib.h>

#include "translators/base/must.h"

enum {
    AT_CRC = 4,
    AT_VERSION = 8,
    AT_STATUS = 10,
    AT_KEY_LEN = 12,
    AT_VALUE_LEN = 16,
    AT_TIMES = 20,
    AT_KEY = 44
};

static const uint8_t magic[AT_CRC] = {'m', 'q', 'e', 'n'};

static void put16(uint8_t *at, uint16_t number)
{
    number = htole16(number);
    memcpy(at, &number, sizeof(number));
}

static void put32(uint8_t *at, uint32_t number)
{
    number = htole32(number);
    memcpy(at, &number, sizeof(number));
}

static void put64(uint8_t *at, int64_t signed_number)
{
    uint64_t number = htole64((uint64_t)signed_number);
    memcpy(at, &number, sizeof(number));
}

static uint16_t get16(const uint8_t *at)
{
    uint16_t number;
    memcpy(&number, at, sizeof(number));
    return le16toh(number);
}

static uint32_t get32(const uint8_t *at)
{
    uint32_t number;
    memcpy(&number, at, sizeof(number));
    return le32toh(number);
}

static int64_t get64(const uint8_t *at)
{
    uint64_t number;
    memcpy(&number, at, sizeof(number));
    return (int64_t)le64toh(number);
}

static uint32_t checksum(const uint8_t *entry, size_t len)
{
    return (uint32_t)crc32_z(0, entry + AT_VERSION, len - AT_VERSION);
}

size_t entry_size(const struct cache_key *key, const struct cache_value *value)
{
    return AT_KEY + key->len + value->len;
}

void entry_write(const struct cache_key *key, const struct cache_value *value, uint8_t *ret_bytes)
{
    must(key->len <= CACHE_KEY_MAX_BYTES && value->len <= UINT32_MAX);
    memcpy(ret_bytes, magic, sizeof(magic));
    put16(ret_bytes + AT_VERSION, CACHE_ENTRY_VERSION);
    put16(ret_bytes + AT_STATUS, value->status);
    put32(ret_bytes + AT_KEY_LEN, (uint32_t)key->len);
    put32(ret_bytes + AT_VALUE_LEN, (uint32_t)value->len);
    put64(ret_bytes + AT_TIMES, value->stored_s);
    put64(ret_bytes + AT_TIMES + 8, value->fresh_until_s);
    put64(ret_bytes + AT_TIMES + 16, value->keep_until_s);
    memcpy(ret_bytes + AT_KEY, key->text, key->len);
    memcpy(ret_bytes + AT_KEY + key->len, value->bytes, value->len);
    put32(ret_bytes + AT_CRC, checksum(ret_bytes, entry_size(key, value)));
}

struct cache_value *entry_read(const struct cache_key *key, const uint8_t *bytes, size_t len)
{
    if (len < AT_KEY || memcmp(bytes, magic, sizeof(magic)) != 0)
        return NULL;
    if (get32(bytes + AT_CRC) != checksum(bytes, len) || get16(bytes + AT_VERSION) != CACHE_ENTRY_VERSION)
        return NULL;

    const uint64_t key_len = get32(bytes + AT_KEY_LEN), value_len = get32(bytes + AT_VALUE_LEN);
    if (key_len != key->len || AT_KEY + key_len + value_len != len)
        return NULL;
    if (memcmp(bytes + AT_KEY, key->text, key->len) != 0)
        return NULL;

    const int64_t stored_s = get64(bytes + AT_TIMES), fresh_until_s = get64(bytes + AT_TIMES + 8),
                  keep_until_s = get64(bytes + AT_TIMES + 16);
    if (stored_s < 0 || stored_s > fresh_until_s || fresh_until_s > keep_until_s ||
        keep_until_s - stored_s > ENTRY_MAX_LIFE_S)
        return NULL;

    struct cache_value *value =
        cache_value_new((size_t)value_len, get16(bytes + AT_STATUS), stored_s, fresh_until_s, keep_until_s);
    memcpy(value->bytes, bytes + AT_KEY + key_len, value->len);
    return value;
}
