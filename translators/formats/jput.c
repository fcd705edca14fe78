/* JSON for places where other syntax is read first: HTML, and JavaScript before ECMAScript 2019. Laid out as
 * jansson does it, which takes three times the instructions: it hands out each mark and run by a call of its
 * own, and keeps a table of all containers against circles. Trees made here have none. */
#include "jput.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define INDENT_OF(flags) ((flags)&0x1F) /* JSON_INDENT() */
#define MAX_NUMBER_BYTES 64

struct writer {
    struct buffer *out;
    size_t flags, depth;
};

/* ---- strings ---- */

/* What is not written as it is; \xe2 begins the line separators. */
static bool is_special(unsigned char c)
{
    return c < 0x20 || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' || c == 0xE2;
}

/* Writes the special character at `at`; how many bytes it has. */
static size_t put_special(struct buffer *out, const char *at, const char *end)
{
    static const char short_ones[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    const char *found = *at != '\0' ? strchr(short_ones, *at) : NULL;

    if (found != NULL) {
        char escape[2] = {'\\', letters[found - short_ones]};

        buffer_append(out, escape, 2);
    } else if (*at == '\xE2') {
        bool is_separator = end - at >= 3 && at[1] == '\x80' && (at[2] == '\xA8' || at[2] == '\xA9');

        if (!is_separator) {
            buffer_append(out, at, 1);
            return 1;
        }
        buffer_puts(out, at[2] == '\xA8' ? "\\u2028" : "\\u2029");
        return 3;
    } else {
        buffer_printf(out, (unsigned char)*at < 0x20 ? "\\u%04X" : "\\u%04x", (unsigned)(unsigned char)*at);
    }
    return 1;
}

static void put_string(struct buffer *out, const char *text, size_t len)
{
    const char *at = text, *end = text + len;

    buffer_append(out, "\"", 1);
    while (at < end) {
        const char *plain = at;

        while (at < end && !is_special((unsigned char)*at))
            at++;
        buffer_append(out, plain, (size_t)(at - plain));
        if (at < end)
            at += put_special(out, at, end);
    }
    buffer_append(out, "\"", 1);
}

/* ---- containers ---- */

static void put_value(struct writer *writer, const json_t *value);

/* What stands before a member; after the last, before the closing bracket. */
static void put_gap(struct writer *writer, bool is_after_comma)
{
    static const char blanks[] = "                                ";
    size_t indent = INDENT_OF(writer->flags);

    if (indent == 0) {
        if (is_after_comma && (writer->flags & JSON_COMPACT) == 0)
            buffer_append(writer->out, " ", 1);
        return;
    }
    buffer_append(writer->out, "\n", 1);
    for (size_t i = 0; i < writer->depth; i++)
        buffer_append(writer->out, blanks, indent);
}

static void put_comma(struct writer *writer, bool is_first)
{
    if (!is_first)
        buffer_append(writer->out, ",", 1);
    put_gap(writer, !is_first);
}

static void put_members(struct writer *writer, json_t *object)
{
    void *first = json_object_iter(object);

    for (void *at = first; at != NULL; at = json_object_iter_next(object, at)) {
        put_comma(writer, at == first);
        put_string(writer->out, json_object_iter_key(at), json_object_iter_key_len(at));
        buffer_append(writer->out, ": ", (writer->flags & JSON_COMPACT) != 0 ? 1 : 2);
        put_value(writer, json_object_iter_value(at));
    }
}

static void put_elements(struct writer *writer, const json_t *array)
{
    for (size_t i = 0; i < json_array_size(array); i++) {
        put_comma(writer, i == 0);
        put_value(writer, json_array_get(array, i));
    }
}

static void put_many(struct writer *writer, const json_t *value)
{
    bool is_object = json_is_object(value);

    buffer_append(writer->out, is_object ? "{" : "[", 1);
    writer->depth++;
    if (is_object)
        put_members(writer, (json_t *)(uintptr_t)value); /* which only its iterator wants to change */
    else
        put_elements(writer, value);
    writer->depth--;
    if ((is_object ? json_object_size(value) : json_array_size(value)) > 0)
        put_gap(writer, false);
    buffer_append(writer->out, is_object ? "}" : "]", 1);
}

static void put_value(struct writer *writer, const json_t *value)
{
    char number[MAX_NUMBER_BYTES];
    size_t len;

    switch (json_typeof(value)) {
    case JSON_OBJECT:
    case JSON_ARRAY:
        put_many(writer, value);
        break;
    case JSON_STRING:
        put_string(writer->out, json_string_value(value), json_string_length(value));
        break;
    default:
        len = json_dumpb(value, number, sizeof(number), writer->flags | JSON_ENCODE_ANY);
        buffer_append(writer->out, number, len <= sizeof(number) ? len : 0);
    }
}

void jput(const json_t *value, size_t flags, struct buffer *out)
{
    struct writer writer = {.out = out, .flags = flags};

    put_value(&writer, value);
}
