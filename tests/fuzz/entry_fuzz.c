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

static void check_purges(const uint8_t *data, size_t size)
{
    struct purges *purges = purges_new();
    struct purge swept[PURGES_SWEPT_AT_ONCE], own;
    size_t len;
    purges_add(purges, "songkick", "1", NOW_S, &own);
    purges_learn(purges, (const char *)data, size, NOW_S);
    for (size_t n = purges_take_unswept(purges, swept); n > 0; n--) {
        if (swept[n - 1].group[0] == '\0' || swept[n - 1].name[0] == '\0')
            abort();
    }
    char *text = purges_write(purges, NOW_S, &len);
    while (purges_take_unswept(purges, swept) > 0)
        continue;
    if (len == 0 || purges_learn(purges, text, len, NOW_S) || purges_take_unswept(purges, swept) > 0)
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
