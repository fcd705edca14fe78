/* Reading a template and writing it filled, in one pass. What is in the data, and what the templates are:
 * home.c and web/. */
#include "template.h"

#include <string.h>

#define MAX_DEPTH      8
#define MAX_NAME_BYTES 32

/* The objects and elements that the sections around a place stand for, outermost first. */
struct scope {
    const json_t *values[MAX_DEPTH];
    size_t depth;
};

enum tag_kind { TAG_NONE, TAG_TEXT, TAG_RAW, TAG_SECTION, TAG_INVERTED, TAG_END };

struct tag {
    enum tag_kind kind;
    char name[MAX_NAME_BYTES];
    const char *after; /* behind its braces */
};

static bool is_name(const char *text, size_t len)
{
    return len > 0 && len < MAX_NAME_BYTES && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_.") >= len;
}

/* The tag that begins at `at`; TAG_NONE: these braces are text. */
static struct tag tag_at(const char *at, const char *end)
{
    struct tag tag = {.kind = TAG_NONE};
    bool raw = end - at > 3 && at[2] == '{';
    const char *name = at + (raw ? 3 : 2);
    const char *close = memmem(name, (size_t)(end - name), raw ? "}}}" : "}}", raw ? 3 : 2);
    enum tag_kind kind = raw ? TAG_RAW : TAG_TEXT;
    if (close == NULL)
        return tag;
    if (!raw && close > name && memchr("#^/", *name, 3) != NULL) {
        kind = *name == '#' ? TAG_SECTION : *name == '^' ? TAG_INVERTED : TAG_END;
        name++;
    }
    if (!is_name(name, (size_t)(close - name)))
        return tag;
    memcpy(tag.name, name, (size_t)(close - name));
    tag.kind = kind;
    tag.after = close + (raw ? 3 : 2);
    return tag;
}

static const json_t *find(const struct scope *scope, const char *name)
{
    if (strcmp(name, ".") == 0)
        return scope->values[scope->depth - 1];
    for (size_t i = scope->depth; i > 0; i--) {
        const json_t *value = json_object_get(scope->values[i - 1], name);
        if (value != NULL)
            return value;
    }
    return NULL;
}

void template_escape(struct buffer *out, const char *text, size_t len)
{
    static const char *const entities[256] = {
        ['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;"};
    for (const char *end = text + len; text < end;) {
        size_t plain = 0;
        while (text + plain < end && entities[(unsigned char)text[plain]] == NULL)
            plain++;
        buffer_append(out, text, plain);
        text += plain;
        if (text < end)
            buffer_puts(out, entities[(unsigned char)*text++]);
    }
}

static void put_value(struct buffer *out, const json_t *value, bool raw)
{
    if (json_is_integer(value))
        buffer_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (json_is_string(value) && raw)
        buffer_append(out, json_string_value(value), json_string_length(value));
    else if (json_is_string(value))
        template_escape(out, json_string_value(value), json_string_length(value));
}

static bool is_nothing(const json_t *value)
{
    return value == NULL || json_is_null(value) || json_is_false(value) ||
           (json_is_array(value) && json_array_size(value) == 0) ||
           (json_is_string(value) && json_string_length(value) == 0) ||
           (json_is_integer(value) && json_integer_value(value) == 0);
}

static bool expand(const char *at, const char *end, struct scope *scope, struct buffer *out);

static bool expand_within(const char *at, const char *end, struct scope *scope, const json_t *value,
                          struct buffer *out)
{
    if (scope->depth == MAX_DEPTH)
        return false;
    scope->values[scope->depth++] = value;
    bool done = expand(at, end, scope, out);
    scope->depth--;
    return done;
}

/* What is between a section's tags; no section stands within another of its name. */
static bool expand_section(const struct tag *tag, const char *end_of_section, struct scope *scope,
                           struct buffer *out)
{
    const json_t *value = find(scope, tag->name);
    bool nothing = is_nothing(value);
    if (nothing != (tag->kind == TAG_INVERTED))
        return true;
    if (nothing || !json_is_array(value))
        return expand_within(tag->after, end_of_section, scope, value, out);
    for (size_t i = 0; i < json_array_size(value); i++) {
        if (!expand_within(tag->after, end_of_section, scope, json_array_get(value, i), out))
            return false;
    }
    return true;
}

static bool expand(const char *at, const char *end, struct scope *scope, struct buffer *out)
{
    while (at < end) {
        const char *braces = memmem(at, (size_t)(end - at), "{{", 2);
        struct tag tag = {.kind = TAG_NONE};
        buffer_append(out, at, (size_t)((braces != NULL ? braces : end) - at));
        if (braces == NULL)
            return true;
        tag = tag_at(braces, end);
        at = tag.after;
        if (tag.kind == TAG_NONE) {
            buffer_append(out, braces, 2);
            at = braces + 2;
        } else if (tag.kind == TAG_SECTION || tag.kind == TAG_INVERTED) {
            char close[MAX_NAME_BYTES + 8] = "{{/";
            size_t len = strlen(tag.name);
            memcpy(close + 3, tag.name, len);
            memcpy(close + 3 + len, "}}", 2);
            const char *closed = memmem(at, (size_t)(end - at), close, len + 5);
            if (closed == NULL || !expand_section(&tag, closed, scope, out))
                return false;
            at = closed + len + 5;
        } else if (tag.kind == TAG_END) {
            return false;
        } else {
            put_value(out, find(scope, tag.name), tag.kind == TAG_RAW);
        }
    }
    return true;
}

bool template_expand(const char *text, size_t len, const json_t *data, struct buffer *out)
{
    struct scope scope = {.values = {data}, .depth = 1};
    return expand(text, text + len, &scope, out);
}
