/* Packing a rendered document with its encodings into one cache value, and looking into such a value.
 *
 * Layout, integers little-endian, everything else bytes:
 *     0   magic            8   modified_s        32  etag, 32 hex digits
 *     4   flags            16  three lengths     64  made_s
 *                          28  length of 72      72  media type with its NUL; of a page its policy too
 *                                                ..  identity, gzip, br
 * Values come back from memcached, so every number is checked before it is used. */
#include "representation.h"

#include <brotli/encode.h>
#include <endian.h>
#include <limits.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "translators/base/memory.h"
#include "translators/base/must.h"
#include "translators/base/problem.h"
#include "translators/base/text.h"

#define PACKED_MAGIC           0x3352514du /* "MQR3": it goes with REPRESENTATION_LAYOUT */
#define PACKED_HEADER_BYTES    72
#define PACKED_ETAG_AT         32
#define PACKED_MADE_AT         64
#define PACKED_MAX_MEDIA_BYTES 128
#define FLAG_INCOMPLETE        1u
#define FLAG_LISTED            2u
#define FLAG_FOREIGN           4u

/* Where more work ceases to pay: quality 9 takes 20 times as long as 6 on a tour of 77 kB, for 2 % fewer
 * bytes, and nothing else is made meanwhile. */
#define BROTLI_QUALITY 6
#define GZIP_LEVEL     6

/* Takes about as long as so many steps (translators/base/memory.h). */
#define GZIP_PIECE_BYTES 4096
#define STEPS_OF_A_PIECE 256

/* RFC 7932, section 9.1: a window of `bits` holds so much less than 1 << bits. */
#define BR_WINDOW_GAP   16
#define BR_LEAST_WINDOW 16

struct encoded {
    uint8_t *bytes; /* malloc()ed; NULL: would not be smaller */
    size_t len;
};

/* Keeps `bytes` only where they are fewer than the text. */
static struct encoded keep_if_smaller(uint8_t *bytes, size_t len, size_t text_len)
{
    if (len > 0 && len < text_len)
        return (struct encoded){bytes, len};
    free(bytes);
    return (struct encoded){NULL, 0};
}

static struct encoded encode_gzip(const char *text, size_t len)
{
    z_stream stream = {0};
    /* 15 + 16: the largest window, with a gzip header, which holds no time and so is always the same. */
    must(deflateInit2(&stream, GZIP_LEVEL, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    size_t capacity = deflateBound(&stream, len);
    must(capacity <= UINT_MAX);
    uint8_t *bytes = memory_new(capacity);
    stream.next_in = (Bytef *)(uintptr_t)text;
    stream.next_out = bytes;
    stream.avail_out = (uInt)capacity;
    int result = Z_OK;
    for (size_t left = len; result == Z_OK;) {
        stream.avail_in = (uInt)(left < GZIP_PIECE_BYTES ? left : GZIP_PIECE_BYTES);
        left -= stream.avail_in;
        result = deflate(&stream, left > 0 ? Z_NO_FLUSH : Z_FINISH);
        memory_step(STEPS_OF_A_PIECE);
    }
    size_t encoded_len = result == Z_STREAM_END ? stream.total_out : 0;
    deflateEnd(&stream);
    return keep_if_smaller(bytes, encoded_len, len);
}

uint8_t *representation_gzip(const char *text, size_t len, size_t *ret_len)
{
    struct encoded gzip = encode_gzip(text, len);
    *ret_len = gzip.len;
    return gzip.bytes;
}

/* The window that holds the whole text. A larger one finds no more, and costs up to 8 MB to look at. */
static int window_of(size_t len)
{
    int bits = BR_LEAST_WINDOW;
    while (bits < BROTLI_DEFAULT_WINDOW && ((size_t)1 << bits) - BR_WINDOW_GAP < len)
        bits++;
    return bits;
}

static struct encoded encode_br(const char *text, size_t len)
{
    size_t encoded_len = BrotliEncoderMaxCompressedSize(len);
    uint8_t *bytes = memory_new(encoded_len + 1);
    if (!BrotliEncoderCompress(BROTLI_QUALITY, window_of(len), BROTLI_MODE_TEXT, len, (const uint8_t *)text,
                               &encoded_len, bytes))
        encoded_len = 0;
    return keep_if_smaller(bytes, encoded_len, len);
}

static void write_u32(uint8_t *at, uint32_t number)
{
    number = htole32(number);
    memcpy(at, &number, sizeof(number));
}

static uint32_t read_u32(const uint8_t *at)
{
    uint32_t number;
    memcpy(&number, at, sizeof(number));
    return le32toh(number);
}

static void write_etag(uint8_t *at, const char *text, size_t len)
{
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256((const unsigned char *)text, len, digest);
    text_write_hex(digest, 16, (char *)at);
}

void representation_etag(const char *text, size_t len, char ret_etag[33])
{
    write_etag((uint8_t *)ret_etag, text, len);
    ret_etag[32] = '\0';
}

static void write_time(uint8_t *at, int64_t time_s)
{
    uint64_t number = htole64((uint64_t)time_s);
    memcpy(at, &number, sizeof(number));
}

static int64_t read_time(const uint8_t *at)
{
    uint64_t number;
    memcpy(&number, at, sizeof(number));
    return (int64_t)le64toh(number);
}

/* A new text has changed when it is stored, however old its answers are: of one text to the next the time
 * must move on, or who has the former by its date would be told that it is current. A date from before the
 * clock was set back is not kept, and as that of this moment was sent in its place, the next one is given. */
static int64_t modified_s(const struct cache_value *previous, const uint8_t *etag, int64_t stored_s)
{
    struct representation before;
    if (previous == NULL || !representation_open(previous, &before))
        return stored_s;
    if (before.modified_s > stored_s)
        return stored_s + 1;
    return memcmp(before.etag, etag, 32) == 0 ? before.modified_s : stored_s;
}

/* `page` is NULL for what is no page. */
static struct cache_value *pack(const struct representation_page *page, const char *media_type,
                                const char *text, size_t len, uint32_t flags, uint16_t status,
                                const struct cache_value *previous, const struct representation_times *times)
{
    struct encoded gzip = encode_gzip(text, len), br = encode_br(text, len);
    size_t type_len = strlen(media_type) + 1;
    size_t media_len = type_len + (page != NULL ? strlen(page->policy) + 1 : 0);
    must(type_len <= PACKED_MAX_MEDIA_BYTES && media_len - type_len <= REPRESENTATION_MAX_POLICY_BYTES);
    must(len <= UINT32_MAX / 2);
    struct cache_value *value =
        cache_value_new(PACKED_HEADER_BYTES + media_len + len + gzip.len + br.len, status, times->stored_s,
                        times->fresh_until_s, times->keep_until_s);

    uint8_t *at = value->bytes;
    write_etag(at + PACKED_ETAG_AT, text, len);
    write_u32(at, PACKED_MAGIC);
    write_u32(at + 4, flags);
    write_time(at + 8, modified_s(previous, at + PACKED_ETAG_AT, times->stored_s));
    write_u32(at + 16, (uint32_t)len);
    write_u32(at + 20, (uint32_t)gzip.len);
    write_u32(at + 24, (uint32_t)br.len);
    write_u32(at + 28, (uint32_t)media_len);
    write_time(at + PACKED_MADE_AT, times->made_s);
    at += PACKED_HEADER_BYTES;
    memcpy(at, media_type, type_len);
    if (page != NULL)
        memcpy(at + type_len, page->policy, media_len - type_len);
    at += media_len;
    memcpy(at, text, len);
    at += len;
    if (gzip.bytes != NULL)
        memcpy(at, gzip.bytes, gzip.len);
    at += gzip.len;
    if (br.bytes != NULL)
        memcpy(at, br.bytes, br.len);
    free(gzip.bytes);
    free(br.bytes);
    return value;
}

struct cache_value *representation_new(const char *media_type, const char *text, size_t len, bool incomplete,
                                       uint16_t status, const struct cache_value *previous,
                                       const struct representation_times *times)
{
    return pack(NULL, media_type, text, len, incomplete ? FLAG_INCOMPLETE : 0, status, previous, times);
}

struct cache_value *representation_new_page(const struct representation_page *page, const char *media_type,
                                            const char *text, size_t len, bool incomplete,
                                            const struct cache_value *previous,
                                            const struct representation_times *times)
{
    uint32_t flags = (incomplete ? FLAG_INCOMPLETE : 0) | (page->is_listed ? FLAG_LISTED : 0) |
                     (page->is_foreign ? FLAG_FOREIGN : 0);
    return pack(page, media_type, text, len, flags, PROBLEM_NONE, previous, times);
}

/* What goes into a header field must not be able to end it. */
static bool printable(const uint8_t *text, size_t len)
{
    return text_is_printable((const char *)text, len);
}

bool representation_open(const struct cache_value *value, struct representation *ret)
{
    const uint8_t *bytes = value->bytes;
    if (value->len < PACKED_HEADER_BYTES || read_u32(bytes) != PACKED_MAGIC)
        return false;
    uint64_t lens[ENCODINGS] = {read_u32(bytes + 16), read_u32(bytes + 20), read_u32(bytes + 24)};
    uint64_t media_len = read_u32(bytes + 28);
    const uint8_t *media = bytes + PACKED_HEADER_BYTES;
    if (media_len == 0 || media_len > PACKED_MAX_MEDIA_BYTES + REPRESENTATION_MAX_POLICY_BYTES ||
        value->len != PACKED_HEADER_BYTES + media_len + lens[0] + lens[1] + lens[2] ||
        media[media_len - 1] != '\0' || !printable(bytes + PACKED_ETAG_AT, 32))
        return false;
    size_t type_len = strlen((const char *)media);
    const char *policy = type_len + 1 < media_len ? (const char *)media + type_len + 1 : NULL;
    if (!printable(media, type_len) ||
        (policy != NULL && !printable(media + type_len + 1, media_len - type_len - 2)))
        return false;
    ret->made_s = read_time(bytes + PACKED_MADE_AT);
    if (ret->made_s < 0 || ret->made_s > value->stored_s)
        return false;
    ret->media_type = (const char *)media;
    memcpy(ret->etag, bytes + PACKED_ETAG_AT, 32);
    ret->etag[32] = '\0';
    ret->modified_s = read_time(bytes + 8);
    uint32_t flags = read_u32(bytes + 4);
    ret->incomplete = (flags & FLAG_INCOMPLETE) != 0;
    ret->page = (struct representation_page){
        .policy = policy, .is_listed = (flags & FLAG_LISTED) != 0, .is_foreign = (flags & FLAG_FOREIGN) != 0};
    ret->unprocessable = value->status == PROBLEM_UNPROCESSABLE;
    const uint8_t *at = media + media_len;
    for (int i = 0; i < ENCODINGS; i++) {
        bool stored = i == ENCODING_IDENTITY || lens[i] > 0;
        ret->body[i].bytes = stored ? at : NULL;
        ret->body[i].len = lens[i];
        at += lens[i];
    }
    return true;
}
