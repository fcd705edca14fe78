/* Finding the names of texts in a template, and putting the texts there. */
#include "texts.h"

#include <stdio.h>
#include <string.h>

#include "template.h"

#define MAX_DEPTH 4
#define MAX_GAPS  9

struct work {
    const struct strings *strings;
    struct buffer *out;
    struct fault *fault;
    unsigned depth;
};

enum mark_kind { MARK_NONE, MARK_TEXT, MARK_OPEN, MARK_CLOSE, MARK_BAR };

struct mark {
    enum mark_kind kind;
    const char *at, *name, *after; /* its braces, what is in them, behind them */
    size_t name_len;
};

/* The next pair of braces that is ours; MARK_NONE: there is none up to `end`. */
static struct mark next_mark(const char *at, const char *end)
{
    static const char kinds[] = "#/|";
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    while ((at = memmem(at, (size_t)(end - at), "{{", 2)) != NULL) {
        const char *close = memmem(at, (size_t)(end - at), "}}", 2);
        struct mark mark = {.kind = MARK_TEXT, .at = at, .name = at + 2};
        if (close == NULL)
            break;
        const char *kind = strchr(kinds, at[2]);
        if (kind != NULL) {
            mark.kind = MARK_OPEN + (enum mark_kind)(kind - kinds);
            mark.name++;
        }
        mark.after = close + 2;
        mark.name_len = close > mark.name ? (size_t)(close - mark.name) : 0;
        if ((mark.name_len > 0) != (mark.kind == MARK_BAR) && strspn(mark.name, letters) >= mark.name_len)
            return mark;
        at += 2;
    }
    return (struct mark){.kind = MARK_NONE};
}

static bool blame(const struct work *work, const struct mark *mark, const char *what)
{
    return fault_say(work->fault, "%.*s: %s", (int)(mark->name_len < 40 ? mark->name_len : 40), mark->name,
                     what);
}

static bool put(struct work *work, const char *at, const char *end);

/* What is put into a text. */
struct values {
    const char *begins[MAX_GAPS], *ends[MAX_GAPS];
    int n;
};

/* Reads up to the end of the block that `open` begins. *ret_after is behind it. */
static bool read_values(struct work *work, const struct mark *open, const char *end, struct values *ret,
                        const char **ret_after)
{
    unsigned depth = 0;
    const char *at = open->after;
    struct mark mark;
    ret->n = 1;
    ret->begins[0] = at;
    for (; (mark = next_mark(at, end)).kind != MARK_NONE; at = mark.after) {
        if (mark.kind == MARK_OPEN)
            depth++;
        if (depth > 0) {
            depth -= mark.kind == MARK_CLOSE;
            continue;
        }
        if (mark.kind == MARK_TEXT)
            continue;
        ret->ends[ret->n - 1] = mark.at;
        if (mark.kind == MARK_CLOSE) {
            *ret_after = mark.after;
            return mark.name_len == open->name_len && memcmp(mark.name, open->name, open->name_len) == 0
                       ? true
                       : blame(work, open, "another block ends here");
        }
        if (ret->n == MAX_GAPS)
            break;
        ret->begins[ret->n++] = mark.after;
    }
    return blame(work, open, "its block has no end, or too many values");
}

/* Every gap must be filled, and all values be used: what a language leaves out would be missed on the page.
 */
static bool put_text(struct work *work, const struct mark *mark, const struct values *values)
{
    enum string_id id = strings_find(mark->name, mark->name_len);
    unsigned used = 0;
    if (id == STRING_NONE || work->strings->texts[id] == NULL)
        return blame(work, mark, "no such text");
    for (const char *text = work->strings->texts[id]; *text != '\0';) {
        int gap = strings_gap(text);
        size_t plain = gap > 0 ? 0 : 1 + strcspn(text + 1, "{");
        if (gap > values->n)
            return blame(work, mark, "has more gaps than are filled here");
        if (gap > 0 && !put(work, values->begins[gap - 1], values->ends[gap - 1]))
            return false;
        template_escape(work->out, text, plain);
        used |= gap > 0 ? 1u << (gap - 1) : 0;
        text += gap > 0 ? 3 : plain;
    }
    return used == (1u << values->n) - 1 ? true : blame(work, mark, "has fewer gaps than are filled here");
}

static bool put_mark(struct work *work, const struct mark *mark, const char *end, const char **ret_after)
{
    struct values values = {.n = 0};
    *ret_after = mark->after;
    if (mark->kind == MARK_OPEN)
        return read_values(work, mark, end, &values, ret_after) && put_text(work, mark, &values);
    if (mark->kind != MARK_TEXT)
        return blame(work, mark, "ends a block that was not begun");
    if (mark->name_len == 8 && memcmp(mark->name, "LANGUAGE", 8) == 0) {
        template_escape(work->out, work->strings->language, strlen(work->strings->language));
        return true;
    }
    return put_text(work, mark, &values);
}

static bool put(struct work *work, const char *at, const char *end)
{
    struct mark mark;
    bool done = work->depth++ < MAX_DEPTH;
    while (done && (mark = next_mark(at, end)).kind != MARK_NONE) {
        buffer_append(work->out, at, (size_t)(mark.at - at));
        done = put_mark(work, &mark, end, &at);
    }
    buffer_append(work->out, at, (size_t)(end - at));
    work->depth--;
    return done;
}

bool texts_put(const char *text, size_t len, const struct strings *strings, struct buffer *out,
               struct fault *ret_fault)
{
    struct work work = {.strings = strings, .out = out, .fault = ret_fault};
    fault_say(ret_fault, "texts are nested too deep");
    return put(&work, text, text + len);
}
