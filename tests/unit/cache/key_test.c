/* Tests of cache/key.c: against the published vector of SipHash and against OpenSSL's independent version. */
#include "cache/key.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>

static const uint8_t reference_secret[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

static uint64_t hash_of(const void *bytes, size_t len, const uint8_t secret[16])
{
    return cache_key_hash(&(struct cache_key){.text = bytes, .len = len}, secret);
}

static uint64_t openssl_siphash(const uint8_t *bytes, size_t len, const uint8_t secret[16])
{
    size_t size = 8, written = 0;
    uint8_t out[8];
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "SIPHASH", NULL);
    EVP_MAC_CTX *ctx = EVP_MAC_CTX_new(mac);
    const OSSL_PARAM params[] = {OSSL_PARAM_construct_size_t(OSSL_MAC_PARAM_SIZE, &size),
                                 OSSL_PARAM_construct_end()};
    assert_int_equal(EVP_MAC_init(ctx, secret, 16, params), 1);
    assert_int_equal(EVP_MAC_update(ctx, bytes, len), 1);
    assert_int_equal(EVP_MAC_final(ctx, out, &written, sizeof(out)), 1);
    assert_int_equal(written, 8);
    EVP_MAC_CTX_free(ctx);
    EVP_MAC_free(mac);
    uint64_t hash = 0;
    for (int i = 7; i >= 0; i--)
        hash = hash << 8 | out[i];
    return hash;
}

/* Appendix A of the paper. */
static void the_hash_is_the_one_of_the_siphash_paper(void **state)
{
    (void)state;
    uint8_t message[15];
    for (size_t i = 0; i < sizeof(message); i++)
        message[i] = (uint8_t)i;
    assert_true(hash_of(message, sizeof(message), reference_secret) == UINT64_C(0xa129ca6149be45e5));
}

static void the_hash_agrees_with_openssl_for_every_length(void **state)
{
    (void)state;
    uint8_t message[300];
    for (size_t i = 0; i < sizeof(message); i++)
        message[i] = (uint8_t)(i * 37 + 200);
    for (size_t len = 0; len <= sizeof(message); len++)
        assert_true(hash_of(message, len, reference_secret) ==
                    openssl_siphash(message, len, reference_secret));
}

static void another_secret_gives_another_hash(void **state)
{
    (void)state;
    uint8_t other[16];
    memcpy(other, reference_secret, sizeof(other));
    other[15] ^= 1;
    assert_true(hash_of("a", 1, reference_secret) != hash_of("a", 1, other));
}

static void the_wire_name_is_versioned_and_the_start_of_sha256(void **state)
{
    (void)state;
    char wire[CACHE_KEY_WIRE_BYTES];
    size_t len = cache_key_wire(&(struct cache_key){.text = "abc", .len = 3}, wire);
    /* FIPS 180-2, appendix B.1 */
    assert_string_equal(wire, "marquee1:ba7816bf8f01cfea414140de5dae2223");
    assert_int_equal(len, strlen(wire));
}

static void the_wire_name_fits_for_the_longest_key_and_minds_no_byte(void **state)
{
    (void)state;
    char text[CACHE_KEY_MAX_BYTES], wire[CACHE_KEY_WIRE_BYTES];
    memset(text, '\n', sizeof(text));
    size_t len = cache_key_wire(&(struct cache_key){.text = text, .len = sizeof(text)}, wire);
    assert_true(len < CACHE_KEY_WIRE_BYTES);
    assert_int_equal(strspn(wire, "marquee:0123456789abcdef"), len);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_hash_is_the_one_of_the_siphash_paper),
        cmocka_unit_test(the_hash_agrees_with_openssl_for_every_length),
        cmocka_unit_test(another_secret_gives_another_hash),
        cmocka_unit_test(the_wire_name_is_versioned_and_the_start_of_sha256),
        cmocka_unit_test(the_wire_name_fits_for_the_longest_key_and_minds_no_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
