/* Reads and writes memories of revisions. */
#include "revisions.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "translators/base/arena.h"

#define MAX_LINES    2000 /* twice the longest tour that is read */
#define MAX_ID_BYTES 64
#define MAX_MINUTES  100000000 /* 190 years */

struct line {
    const char *id;
    struct moment day;
    uint64_t digest;
    int64_t seen_min, changed_min;
    bool written;
};

struct lines {
    struct line *items; /* sorted by id */
    size_t n;
};

/* ---- digests ---- */

/* FNV-1a: nobody gains by a digest that stays the same. Each value ends with a byte that no text holds, so
 * what moves from one member to the next is another digest. */
struct digest {
    uint64_t sum;
};

static void add_bytes(struct digest *digest, const void *bytes, size_t len)
{
    const unsigned char *byte = bytes;

    for (size_t i = 0; i <= len; i++) {
        digest->sum ^= i < len ? byte[i] : 0xff;
        digest->sum *= 1099511628211u;
    }
}

static void add_text(struct digest *digest, const char *text)
{
    add_bytes(digest, text != NULL ? text : "\xfe", text != NULL ? strlen(text) : 1);
}

static void add_number(struct digest *digest, int64_t number)
{
    add_bytes(digest, &number, sizeof(number));
}

static void add_price(struct digest *digest, double price)
{
    add_number(digest, (int64_t)(price * 100 + 0.5));
}

static void add_moment(struct digest *digest, const struct moment *moment)
{
    char text[WHEN_TEXT_BYTES];

    add_text(digest, when_format(moment, text));
}

static void add_place(struct digest *digest, const struct place *place)
{
    const char *const texts[] = {place->name,     place->url,    place->website,
                                 place->phone,    place->street, place->postal_code,
                                 place->locality, place->region, place->country};

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        add_text(digest, texts[i]);
    add_number(digest, place->has_geo ? (int64_t)(place->latitude * 1e4) : INT64_MAX);
    add_number(digest, place->has_geo ? (int64_t)(place->longitude * 1e4) : INT64_MAX);
}

/* The asked artist's name is the client's to give, so it is no change. */
static void add_acts(struct digest *digest, const struct event *event)
{
    for (size_t i = 0; i < event->n_acts; i++) {
        add_text(digest, event->acts[i].asked ? NULL : event->acts[i].name);
        add_number(digest, event->acts[i].headliner);
    }
    add_number(digest, (int64_t)event->n_acts_left_out);
}

static void add_offers(struct digest *digest, const struct event *event)
{
    for (size_t i = 0; i < event->n_offers; i++) {
        const struct offer *offer = &event->offers[i];

        add_text(digest, offer->url);
        add_text(digest, offer->currency);
        add_price(digest, offer->has_price ? offer->price : -1);
        add_price(digest, offer->high_price);
        add_number(digest, offer->availability);
        add_moment(digest, &offer->valid_from);
    }
}

/* Of all that formats show. */
static uint64_t digest_of(const struct event *event)
{
    struct digest digest = {14695981039346656037u};
    const char *const texts[] = {event->name,      event->description,    event->url,
                                 event->age_range, event->organizer_name, event->organizer_url};

    add_number(&digest, event->kind);
    add_number(&digest, event->status);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        add_text(&digest, texts[i]);
    add_moment(&digest, &event->start);
    add_moment(&digest, &event->end);
    add_moment(&digest, &event->doors);
    add_moment(&digest, &event->previous_start);
    add_place(&digest, &event->place);
    add_acts(&digest, event);
    add_offers(&digest, event);
    for (size_t i = 0; i < event->images.n; i++)
        add_text(&digest, event->images.items[i]);
    return digest.sum;
}

/* ---- lines ---- */

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

static bool read_minutes(const char *text, int64_t *ret_min)
{
    size_t len = text != NULL ? strspn(text, "0123456789") : 0;

    if (len == 0 || len > 9 || text[len] != '\0')
        return false;
    *ret_min = strtoll(text, NULL, 10);
    return *ret_min <= MAX_MINUTES;
}

static bool read_digest(const char *text, uint64_t *ret_digest)
{
    if (text == NULL || strlen(text) != 16 || strspn(text, "0123456789abcdef") != 16)
        return false;
    *ret_digest = strtoull(text, NULL, 16);
    return true;
}

static bool read_line(struct arena *arena, const char *at, const char *end, struct line *ret_line)
{
    struct line line = {.id = take_word(arena, &at, end)};

    if (line.id == NULL || !when_parse_date(take_word(arena, &at, end), &line.day) ||
        !read_digest(take_word(arena, &at, end), &line.digest) ||
        !read_minutes(take_word(arena, &at, end), &line.seen_min) ||
        !read_minutes(take_word(arena, &at, end), &line.changed_min) || at != end ||
        line.changed_min < line.seen_min)
        return false;
    *ret_line = line;
    return true;
}

static struct lines read_lines(struct arena *arena, const char *memory)
{
    struct lines lines = {0};

    if (memory == NULL)
        return lines;
    lines.items = arena_alloc(arena, MAX_LINES * sizeof(*lines.items));
    while (*memory != '\0' && lines.n < MAX_LINES) {
        size_t len = strcspn(memory, "\n");

        if (read_line(arena, memory, memory + len, &lines.items[lines.n]))
            lines.n++;
        memory += len + (memory[len] == '\n');
    }
    qsort(lines.items, lines.n, sizeof(*lines.items), by_id);
    return lines;
}

static struct line *find_line(const struct lines *lines, const char *id)
{
    struct line wanted = {.id = id};

    return lines->n > 0 ? bsearch(&wanted, lines->items, lines->n, sizeof(wanted), by_id) : NULL;
}

static void write_line(const struct line *line, struct buffer *out)
{
    struct moment day = {.year = line->day.year, .month = line->day.month, .day = line->day.day};
    char text[WHEN_TEXT_BYTES];

    buffer_printf(out, "%s %s %016" PRIx64 " %" PRId64 " %" PRId64 "\n", line->id, when_format(&day, text),
                  line->digest, line->seen_min, line->changed_min);
}

/* ---- minutes ---- */

static int64_t minutes_of(int64_t unix_s)
{
    int64_t minutes = (unix_s - REVISIONS_EPOCH_S) / 60;

    return minutes < 1 ? 1 : minutes; /* 0 is "not remembered" */
}

int64_t revisions_number(const struct event *event)
{
    return event->changed_s != 0 ? minutes_of(event->changed_s) : 0;
}

void revisions_apply(struct arena *arena, const struct document *document, const char *memory, int64_t now_s)
{
    struct lines lines = read_lines(arena, memory);
    int64_t now_min = minutes_of(now_s);

    for (size_t i = 0; i < document->n_events; i++) {
        struct event *event = &document->events[i];
        const struct line *line = find_line(&lines, event->id);
        int64_t seen_min = line != NULL ? line->seen_min : now_min,
                changed_min = line != NULL ? line->changed_min : now_min;

        if (line != NULL && line->digest != digest_of(event))
            changed_min = changed_min < now_min ? now_min : changed_min + 1;
        event->seen_s = REVISIONS_EPOCH_S + seen_min * 60;
        event->changed_s = REVISIONS_EPOCH_S + changed_min * 60;
    }
}

void revisions_write(struct arena *arena, const struct document *document, const char *memory, int64_t now_s,
                     struct buffer *out)
{
    struct lines lines = read_lines(arena, memory);
    size_t n = document->n_events < MAX_LINES ? document->n_events : MAX_LINES;

    for (size_t i = 0; i < n; i++) {
        const struct event *event = &document->events[i];
        struct line *line = find_line(&lines, event->id);

        write_line(&(struct line){.id = event->id,
                                  .day = event->start,
                                  .digest = digest_of(event),
                                  .seen_min = minutes_of(event->seen_s),
                                  .changed_min = minutes_of(event->changed_s)},
                   out);
        if (line != NULL)
            line->written = true;
    }
    for (size_t i = 0; i < lines.n && n < MAX_LINES; i++) {
        if (lines.items[i].written || when_day_is_over(&lines.items[i].day, now_s))
            continue;
        write_line(&lines.items[i], out);
        n++;
    }
}
