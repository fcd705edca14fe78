/* Fuzzes entry_read(), which reads what any client of a memcached may have written: whatever comes is a miss
 * or a whole value; and an entry of ours with one byte changed is never taken for another value. And
 * purges_learn(): what is learned from any bytes can be written, and says no more to who has learned it. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cache/entry.h"
#include "cache/purge.h"

#define NOW_S 1000 /* small enough for times that are made up */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct cache_key key = {.text = "answer 1 songkick artists/1/calendar.json", .len = 41};

static void check_value(const struct cache_value *value, size_t size)
{
    if (value->len > size || value->stored_s > value->fresh_until_s ||
        value->fresh_until_s > value->keep_until_s)
        abort();
    size_t len = entry_size(&key, value);
    uint8_t *bytes = malloc(len);
    if (bytes == NULL)
        abort();
    entry_write(&key, value, bytes);
    struct cache_value *again = entry_read(&key, bytes, len);
    if (again == NULL || again->len != value->len || memcmp(again->bytes, value->bytes, value->len) != 0)
        abort();
    cache_value_unref(again);
    free(bytes);
}

/* The input as the bytes of a value, written, damaged at a place of its own choosing, and read. */
static void check_damage(const uint8_t *data, size_t size)
{
    struct cache_value *value = cache_value_new(size, 0, 1000, 2000, 3000);
    memcpy(value->bytes, data, size);
    size_t len = entry_size(&key, value), at = (data[0] * 257u + data[size - 1]) % len;
    uint8_t *bytes = malloc(len);
    if (bytes == NULL)
        abort();
    entry_write(&key, value, bytes);
    bytes[at] ^= 0x40;
    struct cache_value *damaged = entry_read(&key, bytes, len);
    if (damaged != NULL && (damaged->len != size || memcmp(damaged->bytes, data, size) != 0))
        abort();
    cache_value_unref(damaged);
    cache_value_unref(value);
    free(bytes);
}

static void count(void *arg, const char *group, const char *name)
{
    size_t *n = arg;
    if (group[0] == '\0' || name[0] == '\0')
        abort();
    (*n)++;
}

static void check_purges(const uint8_t *data, size_t size)
{
    struct purges *purges = purges_new();
    size_t n = 0, n_again = 0, len;
    purges_learn(purges, (const char *)data, size, NOW_S, count, &n);
    char *text = purges_write(purges, NOW_S, &len);
    if (purges_learn(purges, text, len, NOW_S, count, &n_again) || n_again > 0 || (n > 0 && len == 0))
        abort();
    free(text);
    purges_free(purges);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_purges(data, size);
    struct cache_value *value = entry_read(&key, data, size);
    if (value != NULL)
        check_value(value, size);
    cache_value_unref(value);
    if (size > 0)
        check_damage(data, size);
    return 0;
}
