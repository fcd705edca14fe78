/* Packing documents and opening what came back, whole or spoilt. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "service/document/representation.h"
#include "translators/base/problem.h"

static const struct representation_times times = {900, 1000, 2000, 3000};

static struct cache_value *pack(const char *text, size_t len, const struct cache_value *previous,
                                int64_t now_s)
{
    struct representation_times at = {now_s, now_s, now_s + 1000, now_s + 2000};
    return representation_new("application/ld+json", text, len, false, 0, previous, &at);
}

/* Text that compresses, of `len` bytes. */
static char *make_text(size_t len)
{
    static const char sample[] = "{\"@type\":\"MusicEvent\",\"name\":\"Milky Chance\"},";
    char *text = malloc(len + 1);
    assert_non_null(text);
    for (size_t i = 0; i < len; i++)
        text[i] = sample[i % (sizeof(sample) - 1)];
    text[len] = '\0';
    return text;
}

static void what_was_packed_comes_out_again(void **state)
{
    (void)state;
    struct representation opened;
    struct cache_value *value = representation_new("text/html", "<p>Hi</p>", 9, true, 0, NULL, &times);
    assert_int_equal(value->stored_s, 1000);
    assert_int_equal(value->fresh_until_s, 2000);
    assert_int_equal(value->keep_until_s, 3000);
    assert_true(representation_open(value, &opened));
    assert_string_equal(opened.media_type, "text/html");
    assert_int_equal(opened.modified_s, 1000);
    assert_int_equal(opened.made_s, 900);
    assert_true(opened.incomplete);
    assert_int_equal(opened.unprocessable, 0);
    assert_int_equal(opened.body[ENCODING_IDENTITY].len, 9);
    assert_memory_equal(opened.body[ENCODING_IDENTITY].bytes, "<p>Hi</p>", 9);
    assert_int_equal(strlen(opened.etag), 32);
    cache_value_unref(value);
}

static void encodings_are_smaller_and_gzip_decodes_to_the_text(void **state)
{
    (void)state;
    static const size_t sizes[] = {500, 4095, 4096, 4097, 8192, 45670, 300000};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        char *text = make_text(sizes[i]);
        uint8_t *decoded = malloc(sizes[i] + 1);
        struct cache_value *value = pack(text, sizes[i], NULL, 1000);
        struct representation opened;
        assert_non_null(decoded);
        assert_true(representation_open(value, &opened));

        /* Decoding br takes a library that nothing else needs: tests/e2e does it with node's. */
        assert_in_range(opened.body[ENCODING_BR].len, 1, sizes[i] - 1);
        assert_in_range(opened.body[ENCODING_GZIP].len, 1, sizes[i] - 1);

        z_stream stream = {.next_in = (Bytef *)(uintptr_t)opened.body[ENCODING_GZIP].bytes,
                           .avail_in = (uInt)opened.body[ENCODING_GZIP].len,
                           .next_out = decoded,
                           .avail_out = (uInt)sizes[i] + 1};
        assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
        assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
        assert_int_equal(stream.total_out, sizes[i]);
        assert_memory_equal(decoded, text, sizes[i]);
        inflateEnd(&stream);
        cache_value_unref(value);
        free(decoded);
        free(text);
    }
}

static void what_would_not_be_smaller_is_not_stored(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "[]", "x"};
    for (size_t i = 0; i < 3; i++) {
        struct representation opened;
        struct cache_value *value = pack(texts[i], strlen(texts[i]), NULL, 1000);
        assert_true(representation_open(value, &opened));
        assert_non_null(opened.body[ENCODING_IDENTITY].bytes);
        assert_int_equal(opened.body[ENCODING_IDENTITY].len, strlen(texts[i]));
        assert_null(opened.body[ENCODING_GZIP].bytes);
        assert_null(opened.body[ENCODING_BR].bytes);
        cache_value_unref(value);
    }
}

static void the_same_text_keeps_its_etag_and_the_time_it_last_changed(void **state)
{
    (void)state;
    struct representation first, again, other;
    struct cache_value *a = pack("[1]", 3, NULL, 1000), *b = pack("[1]", 3, a, 5000),
                       *c = pack("[2]", 3, b, 6000);
    assert_true(representation_open(a, &first));
    assert_true(representation_open(b, &again));
    assert_true(representation_open(c, &other));
    assert_string_equal(first.etag, again.etag);
    assert_int_equal(again.modified_s, 1000);
    assert_string_not_equal(first.etag, other.etag);
    assert_int_equal(other.modified_s, 6000);
    cache_value_unref(a);
    cache_value_unref(b);
    cache_value_unref(c);
}

/* A date in the future was handed on from text to text, and left no date for what really changed. */
static void no_time_from_before_the_clock_was_set_back_is_handed_on(void **state)
{
    (void)state;
    struct representation same, other;
    struct cache_value *a = pack("[1]", 3, NULL, 900000), *b = pack("[1]", 3, a, 5000),
                       *c = pack("[2]", 3, a, 5000);
    assert_true(representation_open(b, &same));
    assert_true(representation_open(c, &other));
    assert_int_equal(same.modified_s, 5001);
    assert_int_equal(other.modified_s, 5001);
    cache_value_unref(a);
    cache_value_unref(b);
    cache_value_unref(c);
}

static void a_sentence_in_place_of_a_document_is_marked(void **state)
{
    (void)state;
    struct representation opened;
    struct cache_value *value =
        representation_new("text/plain", "No.", 3, false, PROBLEM_UNPROCESSABLE, NULL, &times);
    assert_true(representation_open(value, &opened));
    assert_int_equal(opened.unprocessable, 1);
    cache_value_unref(value);
}

static struct cache_value *copy_of(const struct cache_value *value, size_t len)
{
    struct cache_value *copy = cache_value_new(len, value->status, 1000, 2000, 3000);
    memcpy(copy->bytes, value->bytes, len < value->len ? len : value->len);
    return copy;
}

static void a_cut_value_is_no_representation_and_no_previous_one(void **state)
{
    (void)state;
    char *text = make_text(600);
    struct cache_value *value = pack(text, 600, NULL, 1000);
    for (size_t len = 0; len < value->len; len++) {
        struct representation opened;
        struct cache_value *cut = copy_of(value, len);
        assert_false(representation_open(cut, &opened));
        cache_value_unref(cut);
    }
    struct representation opened;
    struct cache_value *cut = copy_of(value, 70), *next = pack(text, 600, cut, 7000);
    assert_true(representation_open(next, &opened));
    assert_int_equal(opened.modified_s, 7000);
    cache_value_unref(next);
    cache_value_unref(cut);
    cache_value_unref(value);
    free(text);
}

/* Whatever one byte of the header turns into, what is opened lies inside the value. */
static void a_changed_byte_never_leads_outside_the_value(void **state)
{
    (void)state;
    struct cache_value *value = pack("[1,2,3]", 7, NULL, 1000);
    unsigned opened_anyway = 0;
    for (size_t at = 0; at < value->len; at++) {
        for (int byte = 0; byte < 256; byte++) {
            struct representation opened;
            struct cache_value *spoilt = copy_of(value, value->len);
            spoilt->bytes[at] = (uint8_t)byte;
            if (representation_open(spoilt, &opened)) {
                opened_anyway++;
                assert_true(strlen(opened.media_type) < 128);
                for (int i = 0; i < ENCODINGS; i++)
                    assert_true(opened.body[i].bytes == NULL ||
                                opened.body[i].bytes + opened.body[i].len <= spoilt->bytes + spoilt->len);
            }
            cache_value_unref(spoilt);
        }
    }
    assert_true(opened_anyway > 0);
    cache_value_unref(value);
}

static void a_media_type_that_would_end_its_field_is_refused(void **state)
{
    (void)state;
    struct representation opened;
    struct cache_value *value = representation_new("text/html", "x", 1, false, 0, NULL, &times);
    uint8_t *media = memmem(value->bytes, value->len, "text/html", 9);
    assert_non_null(media);
    media[4] = '\n';
    assert_false(representation_open(value, &opened));
    cache_value_unref(value);
}

/* Lifetimes are reckoned from it: a number from anywhere would overflow them. */
static void what_was_made_after_it_was_stored_or_before_1970_is_refused(void **state)
{
    (void)state;
    for (int64_t stored_s = 899; stored_s <= 900; stored_s++) {
        struct representation opened;
        struct cache_value *value = representation_new("text/html", "x", 1, false, 0, NULL, &times);
        value->stored_s = stored_s;
        assert_int_equal(representation_open(value, &opened), stored_s == 900);
        cache_value_unref(value);
    }
    struct representation_times long_ago = {-1, 1000, 2000, 3000};
    struct representation opened;
    struct cache_value *value = representation_new("text/html", "x", 1, false, 0, NULL, &long_ago);
    assert_false(representation_open(value, &opened));
    cache_value_unref(value);
}

static void a_page_brings_its_policy(void **state)
{
    (void)state;
    struct representation opened;
    struct representation_page page = {.policy = "default-src 'none'", .is_listed = true};
    struct cache_value *value =
        representation_new_page(&page, "text/html", "<p>Hi</p>", 9, false, NULL, &times);
    assert_true(representation_open(value, &opened));
    assert_string_equal(opened.media_type, "text/html");
    assert_string_equal(opened.page.policy, page.policy);
    assert_true(opened.page.is_listed);
    assert_false(opened.page.is_foreign);
    assert_int_equal(opened.body[ENCODING_IDENTITY].len, 9);
    char *quote = memchr(value->bytes, '\'', value->len);
    assert_non_null(quote);
    *quote = '\n';
    assert_false(representation_open(value, &opened)); /* it would end the header field */
    cache_value_unref(value);
    value = pack("a", 1, NULL, 1000);
    assert_true(representation_open(value, &opened));
    assert_null(opened.page.policy);
    cache_value_unref(value);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_packed_comes_out_again),
        cmocka_unit_test(encodings_are_smaller_and_gzip_decodes_to_the_text),
        cmocka_unit_test(what_would_not_be_smaller_is_not_stored),
        cmocka_unit_test(the_same_text_keeps_its_etag_and_the_time_it_last_changed),
        cmocka_unit_test(no_time_from_before_the_clock_was_set_back_is_handed_on),
        cmocka_unit_test(a_sentence_in_place_of_a_document_is_marked),
        cmocka_unit_test(a_cut_value_is_no_representation_and_no_previous_one),
        cmocka_unit_test(a_changed_byte_never_leads_outside_the_value),
        cmocka_unit_test(a_media_type_that_would_end_its_field_is_refused),
        cmocka_unit_test(what_was_made_after_it_was_stored_or_before_1970_is_refused),
        cmocka_unit_test(a_page_brings_its_policy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
