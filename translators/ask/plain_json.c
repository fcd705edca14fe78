/* A reader by recursive descent (RFC 8259). Every `false` and NULL means: not read here. */
#include "plain_json.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "translators/base/buffer.h"
#include "translators/base/text.h"

#define MAX_INTEGER_DIGITS 18 /* so many fit into json_int_t, whatever they are */
#define MAX_NUMBER_BYTES   64

struct reader {
    const char *at, *end;
    size_t depth_left, values_left;
    struct buffer unescaped; /* of the string that was read last */
};

struct string {
    const char *text; /* of the input, or of `unescaped` */
    size_t len;
    bool is_ascii, is_escaped;
};

static void skip_blanks(struct reader *reader)
{
    while (reader->at < reader->end &&
           (*reader->at == ' ' || *reader->at == '\n' || *reader->at == '\r' || *reader->at == '\t'))
        reader->at++;
}

/* The next character after blanks; NUL, which is not read here, at the end. */
static char peek(struct reader *reader)
{
    skip_blanks(reader);
    return reader->at < reader->end ? *reader->at : '\0';
}

/* ---- strings ---- */

/* Moves on to the next quote, backslash or control character. *bits is what all the bytes in between have. */
static void skip_plain(struct reader *reader, unsigned char *bits)
{
    const char *at = reader->at, *end = reader->end;
    unsigned char all = *bits;
    while (at < end && *at != '"' && *at != '\\' && (unsigned char)*at >= 0x20)
        all |= (unsigned char)*at++;
    *bits = all;
    reader->at = at;
}

/* A character of the Basic Multilingual Plane as UTF-8. */
static void put_character(struct buffer *out, uint32_t c)
{
    char bytes[3] = {(char)(0xE0 | c >> 12), (char)(0x80 | (c >> 6 & 0x3F)), (char)(0x80 | (c & 0x3F))};
    if (c >= 0x800) {
        buffer_append(out, bytes, 3);
        return;
    }
    bytes[1] = c < 0x80 ? (char)c : (char)(0xC0 | c >> 6);
    buffer_append(out, bytes + 1, c < 0x80 ? 1 : 2);
}

static bool read_unit(struct reader *reader)
{
    uint32_t c = 0;
    if (reader->end - reader->at < 4)
        return false;
    for (int i = 0; i < 4; i++) {
        int digit = text_hex_value(*reader->at++);
        if (digit < 0)
            return false;
        c = c << 4 | (uint32_t)digit;
    }
    if (c == 0 || (c >= 0xD800 && c < 0xE000))
        return false;
    put_character(&reader->unescaped, c);
    return true;
}

/* Reads on after a backslash. */
static bool read_escape(struct reader *reader)
{
    static const char escapes[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    if (reader->at == reader->end)
        return false;
    char c = *reader->at++;
    if (c == 'u')
        return read_unit(reader);
    const char *found = c != '\0' ? strchr(escapes, c) : NULL;
    if (found != NULL)
        buffer_append(&reader->unescaped, meanings + (found - escapes), 1);
    return found != NULL;
}

/* Reads a string whose first quote is next. */
static bool read_string(struct reader *reader, struct string *ret)
{
    const char *start = ++reader->at;
    unsigned char bits = 0;
    reader->unescaped.len = 0;
    skip_plain(reader, &bits);
    bool is_escaped = reader->at < reader->end && *reader->at == '\\';
    while (reader->at < reader->end && *reader->at == '\\') {
        buffer_append(&reader->unescaped, start, (size_t)(reader->at++ - start));
        if (!read_escape(reader))
            return false;
        start = reader->at;
        skip_plain(reader, &bits);
    }
    if (reader->at == reader->end || *reader->at != '"')
        return false;
    size_t len = (size_t)(reader->at++ - start);
    *ret = (struct string){.text = start, .len = len, .is_ascii = bits < 0x80};
    if (is_escaped) {
        buffer_append(&reader->unescaped, start, len);
        *ret = (struct string){
            .text = reader->unescaped.bytes, .len = reader->unescaped.len, .is_escaped = true};
    }
    return !reader->unescaped.overflowed;
}

static json_t *read_text(struct reader *reader)
{
    struct string string;
    if (!read_string(reader, &string))
        return NULL;
    return string.is_ascii ? json_stringn_nocheck(string.text, string.len)
                           : json_stringn(string.text, string.len);
}

/* ---- numbers and words ---- */

static size_t skip_digits(struct reader *reader)
{
    const char *start = reader->at;
    while (reader->at < reader->end && *reader->at >= '0' && *reader->at <= '9')
        reader->at++;
    return (size_t)(reader->at - start);
}

static json_t *read_real(const char *text, size_t len)
{
    char copy[MAX_NUMBER_BYTES + 1], *end;
    if (len > MAX_NUMBER_BYTES)
        return NULL;
    memcpy(copy, text, len);
    copy[len] = '\0';
    double value = strtod(copy, &end); /* it may know another point than JSON's: then not all of it is read */
    return end == copy + len && isfinite(value) ? json_real(value) : NULL;
}

static json_t *read_number(struct reader *reader)
{
    const char *start = reader->at;
    reader->at += *start == '-';
    const char *digits = reader->at;
    size_t n = skip_digits(reader);
    if (n == 0 || n > MAX_INTEGER_DIGITS || (n > 1 && *digits == '0'))
        return NULL;
    bool is_real = false;
    if (reader->at < reader->end && *reader->at == '.') {
        is_real = true;
        reader->at++;
        if (skip_digits(reader) == 0)
            return NULL;
    }
    if (reader->at < reader->end && (*reader->at == 'e' || *reader->at == 'E')) {
        is_real = true;
        reader->at++;
        reader->at += reader->at < reader->end && (*reader->at == '+' || *reader->at == '-');
        if (skip_digits(reader) == 0)
            return NULL;
    }
    if (is_real)
        return read_real(start, (size_t)(reader->at - start));
    json_int_t value = 0;
    for (size_t i = 0; i < n; i++)
        value = value * 10 + (digits[i] - '0');
    return json_integer(*start == '-' ? -value : value);
}

static json_t *read_word(struct reader *reader, const char *word, json_t *value)
{
    size_t len = strlen(word);
    if ((size_t)(reader->end - reader->at) < len || memcmp(reader->at, word, len) != 0)
        return NULL;
    reader->at += len;
    return value;
}

/* ---- values ---- */

static json_t *read_value(struct reader *reader);

/* What follows a member: true for a comma and for `close`, which is *ret_is_over. */
static bool read_separator(struct reader *reader, char close, bool *ret_is_over)
{
    char c = peek(reader);
    *ret_is_over = c == close;
    if (c != ',' && c != close)
        return false;
    reader->at++;
    return true;
}

static bool read_elements(struct reader *reader, json_t *array)
{
    bool is_over = false;
    while (!is_over) {
        json_t *value = read_value(reader);
        if (value == NULL || json_array_append_new(array, value) != 0 ||
            !read_separator(reader, ']', &is_over))
            return false;
    }
    return true;
}

static bool read_member(struct reader *reader, json_t *object)
{
    struct string name;
    if (peek(reader) != '"' || !read_string(reader, &name))
        return false;
    if (name.is_escaped) /* what the value has of that would take its place */
        return false;
    if (peek(reader) != ':')
        return false;
    reader->at++;
    json_t *value = read_value(reader);
    return value != NULL && (name.is_ascii ? json_object_setn_new_nocheck(object, name.text, name.len, value)
                                           : json_object_setn_new(object, name.text, name.len, value)) == 0;
}

static bool read_members(struct reader *reader, json_t *object)
{
    bool is_over = false;
    while (!is_over) {
        if (!read_member(reader, object) || !read_separator(reader, '}', &is_over))
            return false;
    }
    return true;
}

/* An array or an object, whose bracket is next. */
static json_t *read_many(struct reader *reader)
{
    bool is_object = *reader->at++ == '{', is_good = true;
    if (reader->depth_left == 0)
        return NULL;
    reader->depth_left--;
    json_t *many = is_object ? json_object() : json_array();
    if (peek(reader) == (is_object ? '}' : ']'))
        reader->at++;
    else if (many != NULL)
        is_good = is_object ? read_members(reader, many) : read_elements(reader, many);
    reader->depth_left++;
    if (is_good)
        return many;
    json_decref(many);
    return NULL;
}

static json_t *read_value(struct reader *reader)
{
    char c = peek(reader);
    if (reader->values_left == 0)
        return NULL;
    reader->values_left--;
    switch (c) {
    case '{':
    case '[':
        return read_many(reader);
    case '"':
        return read_text(reader);
    case 't':
        return read_word(reader, "true", json_true());
    case 'f':
        return read_word(reader, "false", json_false());
    case 'n':
        return read_word(reader, "null", json_null());
    default:
        return c == '-' || (c >= '0' && c <= '9') ? read_number(reader) : NULL;
    }
}

json_t *plain_json_read(const char *bytes, size_t len, size_t max_depth, size_t max_values)
{
    struct reader reader = {.at = bytes,
                            .end = bytes + len,
                            .depth_left = max_depth,
                            .values_left = max_values,
                            .unescaped = BUFFER_INIT(len + 1)};
    json_t *value = read_value(&reader);
    skip_blanks(&reader);
    if (reader.at != reader.end) {
        json_decref(value);
        value = NULL;
    }
    buffer_done(&reader.unescaped);
    return value;
}
