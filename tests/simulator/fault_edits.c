/* The answers of the hostile modes. Which mode has which is the table in faults.c. */
#include "tests/simulator/fault_edits.h"

#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

#define FAULT_DEPTH            100000
#define FAULT_MOVED_DAYS       7
#define FAULT_HUGE_ARRAY       100000
#define FAULT_BOMB_BYTES       (300u * 1024 * 1024)
#define FAULT_BOMB_CHUNK_BYTES (1024u * 1024)

/* A growing text; `bytes` is its allocated size. */
struct text {
    char *start;
    size_t len, bytes;
};

static void text_add(struct text *text, const void *bytes, size_t len)
{
    if (text->start == NULL || text->len + len + 1 > text->bytes) {
        text->bytes = (text->len + len + 1) * 2;
        text->start = realloc(text->start, text->bytes);
        if (text->start == NULL)
            abort();
    }
    memcpy(text->start + text->len, bytes, len);
    text->len += len;
    text->start[text->len] = '\0';
}

static void text_puts(struct text *text, const char *string)
{
    text_add(text, string, strlen(string));
}

/* ---- answers ---- */

struct reply *fault_edit_text(const struct fault *fault, const struct reply *normal,
                              const struct fault_places *places)
{
    (void)normal;
    (void)places;
    return reply_text(200, fault->text);
}

struct reply *fault_edit_html(const struct fault *fault, const struct reply *normal,
                              const struct fault_places *places)
{
    struct reply *reply = fault_edit_text(fault, normal, places);

    reply->content_type = "text/html; charset=utf-8";
    return reply;
}

struct reply *fault_edit_random(const struct fault *fault, const struct reply *normal,
                                const struct fault_places *places)
{
    char bytes[512];
    unsigned state = 12345;

    (void)fault;
    (void)normal;
    (void)places;
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (char)((state = state * 1103515245u + 12345u) >> 16);
    return reply_new(200, reply_copy(bytes, sizeof(bytes)), sizeof(bytes));
}

/* fault->text behind every fault->after of the body. */
struct reply *fault_edit_insert(const struct fault *fault, const struct reply *normal,
                                const struct fault_places *places)
{
    size_t after_len = strlen(fault->after);
    struct text out = {0};
    const char *at = normal->body, *end = normal->body + normal->len, *hit;

    (void)places;
    text_puts(&out, ""); /* so that an empty body is not NULL */
    while ((hit = memmem(at, (size_t)(end - at), fault->after, after_len)) != NULL) {
        text_add(&out, at, (size_t)(hit - at) + after_len);
        text_puts(&out, fault->text);
        at = hit + after_len;
    }
    text_add(&out, at, (size_t)(end - at));
    return reply_new(normal->status, out.start, out.len);
}

/* Members keep their names and lose their types; what they were follows as "was". */
struct reply *fault_edit_types(const struct fault *fault, const struct reply *normal,
                               const struct fault_places *places)
{
    static const struct fault steps[] = {
        {.after = "\"start\":", .text = "[1,2],\"was\":"},
        {.after = "\"venue\":", .text = "17,\"was\":"},
        {.after = "\"id\":", .text = "{\"x\":true},\"was\":"},
        {.after = "\"displayName\":", .text = "[null,{}],\"was\":"},
        {.after = "\"performance\":", .text = "\"nobody\",\"was\":"},
        {.after = "\"totalEntries\":", .text = "\"many\",\"was\":"},
    };
    struct reply *reply = fault_edit_insert(&steps[0], normal, places);

    (void)fault;
    for (size_t i = 1; i < sizeof(steps) / sizeof(steps[0]); i++) {
        struct reply *next = fault_edit_insert(&steps[i], reply, places);

        reply_unref(reply);
        reply = next;
    }
    return reply;
}

/* A new date as Songkick gives one: the event's day, and the day of its hour. */
struct reply *fault_edit_moved(const struct fault *fault, const struct reply *normal,
                               const struct fault_places *places)
{
    static const char *const marks[] = {"\"start\":{\"date\":\"", "\"datetime\":\""};
    struct reply *reply = reply_new(normal->status, reply_copy(normal->body, normal->len), normal->len);
    char *at = (char *)reply->body;

    (void)fault;
    (void)places;
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        char *hit = strstr(at, marks[i]);
        struct tm day = {0};
        char text[16];

        /* The datetime is the next member, or is missing. */
        if (hit == NULL || (i > 0 && hit > strchr(at, '}')))
            break;
        at = hit + strlen(marks[i]);
        if (strptime(at, "%Y-%m-%d", &day) == NULL)
            break;
        day.tm_mday += FAULT_MOVED_DAYS;
        timegm(&day);
        strftime(text, sizeof(text), "%Y-%m-%d", &day);
        memcpy(at, text, strlen(text));
    }
    return reply;
}

struct reply *fault_edit_prefix(const struct fault *fault, const struct reply *normal,
                                const struct fault_places *places)
{
    struct text out = {0};

    (void)places;
    text_puts(&out, fault->text);
    text_add(&out, normal->body, normal->len);
    return reply_new(normal->status, out.start, out.len);
}

struct reply *fault_edit_half(const struct fault *fault, const struct reply *normal,
                              const struct fault_places *places)
{
    (void)fault;
    (void)places;
    return reply_new(normal->status, reply_copy(normal->body, normal->len / 2), normal->len / 2);
}

struct reply *fault_edit_utf16(const struct fault *fault, const struct reply *normal,
                               const struct fault_places *places)
{
    iconv_t converter = iconv_open("UTF-16", "UTF-8");
    size_t in_left = normal->len, out_bytes = 2 * normal->len + 4, out_left = out_bytes;
    char *in = normal->body, *out = reply_alloc(out_bytes), *at = out;

    (void)fault;
    (void)places;
    if (converter == (iconv_t)-1 || iconv(converter, &in, &in_left, &at, &out_left) == (size_t)-1)
        abort();
    iconv_close(converter);
    return reply_new(normal->status, out, out_bytes - out_left);
}

struct reply *fault_edit_deep(const struct fault *fault, const struct reply *normal,
                              const struct fault_places *places)
{
    struct text out = {0};

    (void)fault;
    (void)normal;
    (void)places;
    text_puts(&out, "{\"resultsPage\":{\"status\":\"ok\",\"results\":");
    for (int i = 0; i < FAULT_DEPTH; i++)
        text_puts(&out, "[");
    for (int i = 0; i < FAULT_DEPTH; i++)
        text_puts(&out, "]");
    text_puts(&out, "}}");
    return reply_new(200, out.start, out.len);
}

struct reply *fault_edit_huge_array(const struct fault *fault, const struct reply *normal,
                                    const struct fault_places *places)
{
    struct text out = {0};
    char event[256];

    (void)fault;
    (void)normal;
    (void)places;
    text_puts(&out, "{\"resultsPage\":{\"status\":\"ok\",\"perPage\":50,\"page\":1,\"totalEntries\":100000,"
                    "\"results\":{\"event\":[");
    for (int i = 0; i < FAULT_HUGE_ARRAY; i++) {
        snprintf(
            event, sizeof(event),
            "%s{\"id\":%d,\"type\":\"Concert\",\"displayName\":\"E\",\"status\":\"ok\",\"start\":{\"date\":"
            "\"2039-01-01\",\"time\":null,\"datetime\":null},\"performance\":[]}",
            i == 0 ? "" : ",", i + 1);
        text_puts(&out, event);
    }
    text_puts(&out, "]}}}");
    return reply_new(200, out.start, out.len);
}

/* gzip of `copies` times the text. */
static struct reply *gzip_of(unsigned status, const char *bytes, size_t len, size_t copies)
{
    z_stream z = {0};
    struct text out = {0};
    unsigned char piece[16384];

    if (deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        abort();
    for (size_t i = 0; i <= copies; i++) {
        z.next_in = (z_const unsigned char *)bytes;
        z.avail_in = i < copies ? (unsigned)len : 0;
        do {
            z.next_out = piece;
            z.avail_out = sizeof(piece);
            deflate(&z, i < copies ? Z_NO_FLUSH : Z_FINISH);
            text_add(&out, piece, sizeof(piece) - z.avail_out);
        } while (z.avail_out == 0);
    }
    deflateEnd(&z);
    struct reply *reply = reply_new(status, out.start, out.len);
    reply->content_encoding = "gzip";
    return reply;
}

struct reply *fault_edit_gzip(const struct fault *fault, const struct reply *normal,
                              const struct fault_places *places)
{
    (void)fault;
    (void)places;
    return gzip_of(normal->status, normal->body, normal->len, 1);
}

struct reply *fault_edit_bomb(const struct fault *fault, const struct reply *normal,
                              const struct fault_places *places)
{
    char *spaces = reply_alloc(FAULT_BOMB_CHUNK_BYTES);
    struct reply *reply;

    (void)fault;
    (void)normal;
    (void)places;
    memset(spaces, ' ', FAULT_BOMB_CHUNK_BYTES);
    reply = gzip_of(200, spaces, FAULT_BOMB_CHUNK_BYTES, FAULT_BOMB_BYTES / FAULT_BOMB_CHUNK_BYTES);
    free(spaces);
    return reply;
}

struct reply *fault_edit_not_gzip(const struct fault *fault, const struct reply *normal,
                                  const struct fault_places *places)
{
    struct reply *reply = fault_edit_random(fault, normal, places);

    reply->content_encoding = "gzip";
    return reply;
}

struct reply *fault_edit_gzip_half(const struct fault *fault, const struct reply *normal,
                                   const struct fault_places *places)
{
    struct reply *reply = fault_edit_gzip(fault, normal, places);

    reply->len /= 2;
    return reply;
}

struct reply *fault_edit_retry(const struct fault *fault, const struct reply *normal,
                               const struct fault_places *places)
{
    struct reply *reply = reply_text(429, FAULT_ERROR);
    time_t soon = time(NULL) + 2;
    struct tm tm;

    (void)normal;
    (void)places;
    if (strcmp(fault->text, "date") == 0)
        strftime(reply->retry_after, sizeof(reply->retry_after), "%a, %d %b %Y %H:%M:%S GMT",
                 gmtime_r(&soon, &tm));
    else
        snprintf(reply->retry_after, sizeof(reply->retry_after), "%s", fault->text);
    return reply;
}

struct reply *fault_edit_quota(const struct fault *fault, const struct reply *normal,
                               const struct fault_places *places)
{
    struct reply *reply = reply_text(429, fault->text);

    (void)normal;
    (void)places;
    snprintf(reply->rate_left, sizeof(reply->rate_left), "%s", fault->after != NULL ? fault->after : "0");
    snprintf(reply->rate_reset_ms, sizeof(reply->rate_reset_ms), "%lld",
             ((long long)time(NULL) + 3600) * 1000);
    return reply;
}

/* "@" at the end of the target's scheme stands for the canary. */
struct reply *fault_edit_redirect(const struct fault *fault, const struct reply *normal,
                                  const struct fault_places *places)
{
    struct reply *reply = reply_text(302, "");
    size_t len = strlen(fault->text);

    (void)normal;
    if (fault->text[len - 1] == '@')
        snprintf(reply->location, sizeof(reply->location), "%.*s127.0.0.1:%u/_canary", (int)len - 1,
                 fault->text, places->canary_port);
    else
        snprintf(reply->location, sizeof(reply->location), "%s", fault->text);
    return reply;
}

struct reply *fault_edit_hops(const struct fault *fault, const struct reply *normal,
                              const struct fault_places *places)
{
    const struct request *request = places->request;
    long hop = request_number(request, "hop", 0);
    struct reply *reply;

    if (hop >= strtol(fault->text, NULL, 10)) {
        reply = reply_new(normal->status, reply_copy(normal->body, normal->len), normal->len);
    } else {
        reply = reply_text(fault->status, "");
        /* The latest hop stands first, where it is found. */
        snprintf(reply->location, sizeof(reply->location), "%.120s?hop=%ld%s%.100s", request->path, hop + 1,
                 request->query[0] != '\0' ? "&" : "", request->query);
    }
    return reply;
}

struct reply *fault_edit_status(const struct fault *fault, const struct reply *normal,
                                const struct fault_places *places)
{
    /* A provider under maintenance answers in HTML. */
    return fault->status >= 502 ? fault_edit_html(&(struct fault){.text = FAULT_HTML}, normal, places)
                                : reply_text(fault->status, FAULT_ERROR);
}
