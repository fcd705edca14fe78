/* Reads and writes histories. */
#include "history.h"

#include <stdlib.h>
#include <string.h>

#include "translators/base/arena.h"

#define MAX_LINES    2000 /* twice the longest tour that is read */
#define MAX_ID_BYTES 64

struct line {
    const char *id;
    struct moment start, previous;
};

struct lines {
    struct line *items; /* sorted by id */
    size_t n;
};

static int by_id(const void *a, const void *b)
{
    return strcmp(((const struct line *)a)->id, ((const struct line *)b)->id);
}

/* One word of a line, NUL-terminated; NULL when there is none. */
static const char *take_word(struct arena *arena, const char **at, const char *end)
{
    const char *start = *at;
    size_t len = 0;

    while (start + len < end && start[len] != ' ')
        len++;
    *at = start + len < end ? start + len + 1 : end;
    return len > 0 && len <= MAX_ID_BYTES ? arena_strndup(arena, start, len) : NULL;
}

static bool read_line(struct arena *arena, const char *at, const char *end, struct line *ret_line)
{
    const char *id = take_word(arena, &at, end), *start = take_word(arena, &at, end);
    const char *previous = take_word(arena, &at, end);
    struct line line = {.id = id};

    if (id == NULL || start == NULL || previous == NULL || at != end || !when_parse_date(start, &line.start))
        return false;
    if (strcmp(previous, "-") != 0 && !when_parse_date(previous, &line.previous))
        return false;
    *ret_line = line;
    return true;
}

static struct lines read_lines(struct arena *arena, const char *history)
{
    struct lines lines = {0};

    if (history == NULL)
        return lines;
    lines.items = arena_alloc(arena, MAX_LINES * sizeof(*lines.items));
    while (*history != '\0' && lines.n < MAX_LINES) {
        size_t len = strcspn(history, "\n");

        if (read_line(arena, history, history + len, &lines.items[lines.n]))
            lines.n++;
        history += len + (history[len] == '\n');
    }
    qsort(lines.items, lines.n, sizeof(*lines.items), by_id);
    return lines;
}

static struct line *find_line(const struct lines *lines, const char *id)
{
    struct line wanted = {.id = id};

    return lines->n > 0 ? bsearch(&wanted, lines->items, lines->n, sizeof(wanted), by_id) : NULL;
}

bool history_knows(const char *history, const char *id)
{
    size_t len = strlen(id);

    for (const char *line = history; line != NULL && *line != '\0'; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, id, len) == 0 && line[len] == ' ')
            return true;
    }
    return false;
}

/* The day the event was on before, by what was seen last and what was known then. */
static struct moment previous_day(const struct line *line, const struct event *event)
{
    if (!when_same_day(&line->start, &event->start))
        return line->start;
    if (when_known(&line->previous) && !when_same_day(&line->previous, &event->start))
        return line->previous;
    return (struct moment){0};
}

void history_apply(struct arena *arena, struct document *document, const char *history)
{
    struct lines lines = read_lines(arena, history);

    for (size_t i = 0; i < document->n_events; i++) {
        struct event *event = &document->events[i];
        const struct line *line = find_line(&lines, event->id);
        struct moment previous = line != NULL ? previous_day(line, event) : (struct moment){0};

        if (!when_known(&previous) || when_known(&event->previous_start))
            continue;
        event->previous_start = previous;
        if (event->status == EVENT_SCHEDULED)
            event->status = EVENT_RESCHEDULED;
    }
}

static struct moment day_of(const struct moment *moment)
{
    return (struct moment){.year = moment->year, .month = moment->month, .day = moment->day};
}

static void write_line(const char *id, const struct moment *start, const struct moment *previous,
                       struct buffer *out)
{
    struct moment start_day = day_of(start), previous_day_known = day_of(previous);
    char text[WHEN_TEXT_BYTES], previous_text[WHEN_TEXT_BYTES];

    buffer_printf(out, "%s %s %s\n", id, when_format(&start_day, text),
                  when_known(previous) ? when_format(&previous_day_known, previous_text) : "-");
}

void history_write(struct arena *arena, const struct document *document, const char *history, int64_t now_s,
                   struct buffer *out)
{
    struct lines lines = read_lines(arena, history);
    size_t n = document->n_events < MAX_LINES ? document->n_events : MAX_LINES;

    for (size_t i = 0; i < n; i++) {
        const struct event *event = &document->events[i];
        struct line *line = find_line(&lines, event->id);

        write_line(event->id, &event->start, &event->previous_start, out);
        if (line != NULL)
            line->start.year = 0; /* written */
    }
    for (size_t i = 0; i < lines.n && n < MAX_LINES; i++) {
        const struct line *line = &lines.items[i];

        if (!when_known(&line->start) || when_day_is_over(&line->start, now_s))
            continue;
        write_line(line->id, &line->start, &line->previous, out);
        n++;
    }
}
