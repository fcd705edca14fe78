/* Tests of cache/entry.c. */
#include "cache/entry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#define AT_KEY_LEN 12

static const struct cache_key key = {.text = "doc/songkick/artist?id=1", .len = 24};

struct bytes {
    uint8_t *at;
    size_t len;
};

static struct bytes written(const char *text, int64_t stored_s, int64_t fresh_until_s, int64_t keep_until_s)
{
    struct cache_value *value = cache_value_new(strlen(text), 7, stored_s, fresh_until_s, keep_until_s);
    memcpy(value->bytes, text, value->len);
    struct bytes bytes = {.len = entry_size(&key, value)};
    bytes.at = malloc(bytes.len);
    assert_non_null(bytes.at);
    entry_write(&key, value, bytes.at);
    cache_value_unref(value);
    return bytes;
}

/* As an attacker or an accident would: a checksum that is right over contents that are not. */
static void sign(struct bytes bytes)
{
    uLong sum = crc32(0, bytes.at + 8, (uInt)(bytes.len - 8));
    for (int i = 0; i < 4; i++)
        bytes.at[4 + i] = (uint8_t)(sum >> (8 * i));
}

/* From memory of exactly that size, so that the sanitizer sees a byte read too far. */
static struct cache_value *read_exactly(const uint8_t *at, size_t len)
{
    uint8_t *copy = malloc(len > 0 ? len : 1);
    assert_non_null(copy);
    memcpy(copy, at, len);
    struct cache_value *value = entry_read(&key, copy, len);
    free(copy);
    return value;
}

static void what_is_written_is_read_again(void **state)
{
    (void)state;
    struct bytes bytes = written("some bytes", 1000, 2000, 90000);
    struct cache_value *value = read_exactly(bytes.at, bytes.len);
    assert_non_null(value);
    assert_int_equal(value->len, 10);
    assert_memory_equal(value->bytes, "some bytes", 10);
    assert_int_equal(value->status, 7);
    assert_int_equal(value->stored_s, 1000);
    assert_int_equal(value->fresh_until_s, 2000);
    assert_int_equal(value->keep_until_s, 90000);
    cache_value_unref(value);
    free(bytes.at);
}

static void an_empty_value_is_read_again(void **state)
{
    (void)state;
    struct bytes bytes = written("", 1, 1, 1);
    struct cache_value *value = read_exactly(bytes.at, bytes.len);
    assert_non_null(value);
    assert_int_equal(value->len, 0);
    cache_value_unref(value);
    free(bytes.at);
}

static void the_layout_is_the_same_on_every_machine(void **state)
{
    (void)state;
    struct bytes bytes = written("V", 0x0102030405, 0x0102030405, 0x0102030406);
    static const uint8_t expected[] = {1, 0, 7, 0, 24, 0, 0, 0, 1, 0, 0, 0, 5, 4, 3, 2, 1, 0, 0, 0};
    assert_int_equal(bytes.len, 44 + 24 + 1);
    assert_memory_equal(bytes.at, "mqen", 4);
    assert_memory_equal(bytes.at + 8, expected, sizeof(expected));
    assert_memory_equal(bytes.at + 44, "doc/songkick/artist?id=1V", 25);
    free(bytes.at);
}

static void an_entry_cut_off_anywhere_is_a_miss(void **state)
{
    (void)state;
    struct bytes bytes = written("some bytes", 1, 2, 3);
    for (size_t len = 0; len < bytes.len; len++) {
        assert_null(read_exactly(bytes.at, len));
        if (len >= 8) {
            sign((struct bytes){bytes.at, len});
            assert_null(read_exactly(bytes.at, len));
        }
    }
    free(bytes.at);
}

static void an_entry_with_any_bit_flipped_is_a_miss(void **state)
{
    (void)state;
    struct bytes bytes = written("some bytes", 1, 2, 3);
    for (size_t bit = 0; bit < bytes.len * 8; bit++) {
        bytes.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_null(read_exactly(bytes.at, bytes.len));
        bytes.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    free(bytes.at);
}

static void an_entry_with_bytes_behind_it_is_a_miss(void **state)
{
    (void)state;
    struct bytes bytes = written("some bytes", 1, 2, 3);
    struct bytes longer = {calloc(1, bytes.len + 1), bytes.len + 1};
    assert_non_null(longer.at);
    memcpy(longer.at, bytes.at, bytes.len);
    sign(longer);
    assert_null(read_exactly(longer.at, longer.len));
    free(longer.at);
    free(bytes.at);
}

static void an_entry_of_another_key_is_a_miss(void **state)
{
    (void)state;
    struct bytes bytes = written("some bytes", 1, 2, 3);
    struct cache_key other = {.text = "doc/songkick/artist?id=2", .len = 24};
    assert_null(entry_read(&other, bytes.at, bytes.len));
    other.len = 23; /* a prefix of it */
    other.text = key.text;
    assert_null(entry_read(&other, bytes.at, bytes.len));
    free(bytes.at);
}

static void an_entry_of_another_version_is_a_miss(void **state)
{
    (void)state;
    struct bytes bytes = written("some bytes", 1, 2, 3);
    bytes.at[8]++;
    sign(bytes);
    assert_null(read_exactly(bytes.at, bytes.len));
    free(bytes.at);
}

static void lengths_that_overflow_are_misses(void **state)
{
    (void)state;
    struct bytes bytes = written("some bytes", 1, 2, 3);
    for (int field = 0; field < 2; field++)
        for (int fill = 0; fill < 2; fill++) {
            uint8_t before[4];
            memcpy(before, bytes.at + AT_KEY_LEN + 4 * field, 4);
            memset(bytes.at + AT_KEY_LEN + 4 * field, fill ? 0xff : 0, 4);
            sign(bytes);
            assert_null(read_exactly(bytes.at, bytes.len));
            memcpy(bytes.at + AT_KEY_LEN + 4 * field, before, 4);
        }
    free(bytes.at);
}

static void times_that_make_no_sense_are_misses(void **state)
{
    (void)state;
    static const int64_t times[][3] = {
        {3, 2, 4},
        {1, 5, 4},
        {-1, 2, 3},
        {INT64_MIN, 2, INT64_MAX},
        {0, 2, INT64_MAX},
        {1, 2, 2 + (int64_t)ENTRY_MAX_LIFE_S},
        {INT64_MAX, INT64_MIN, INT64_MAX},
    };
    for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++) {
        struct bytes bytes = written("some bytes", times[i][0], times[i][1], times[i][2]);
        assert_null(read_exactly(bytes.at, bytes.len));
        free(bytes.at);
    }
    struct bytes longest = written("some bytes", 1, 2, 1 + (int64_t)ENTRY_MAX_LIFE_S);
    struct cache_value *value = read_exactly(longest.at, longest.len);
    assert_non_null(value);
    cache_value_unref(value);
    free(longest.at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(an_empty_value_is_read_again),
        cmocka_unit_test(the_layout_is_the_same_on_every_machine),
        cmocka_unit_test(an_entry_cut_off_anywhere_is_a_miss),
        cmocka_unit_test(an_entry_with_any_bit_flipped_is_a_miss),
        cmocka_unit_test(an_entry_with_bytes_behind_it_is_a_miss),
        cmocka_unit_test(an_entry_of_another_key_is_a_miss),
        cmocka_unit_test(an_entry_of_another_version_is_a_miss),
        cmocka_unit_test(lengths_that_overflow_are_misses),
        cmocka_unit_test(times_that_make_no_sense_are_misses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
