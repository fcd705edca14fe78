/* Answers and their references. Neither makes their contents nor sends them. */
#include "tests/simulator/reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *reply_alloc(size_t bytes)
{
    void *memory = malloc(bytes);

    if (memory == NULL)
        abort();
    return memory;
}

char *reply_copy(const void *bytes, size_t len)
{
    char *copy = reply_alloc(len + 1);

    if (len > 0)
        memcpy(copy, bytes, len);
    copy[len] = '\0';
    return copy;
}

struct reply *reply_new(unsigned status, char *body, size_t len)
{
    struct reply *reply = reply_alloc(sizeof(*reply));

    *reply = (struct reply){
        .status = status, .content_type = REPLY_JSON, .max_age_s = -1, .body = body, .len = len};
    atomic_init(&reply->refs, 1);
    return reply;
}

struct reply *reply_text(unsigned status, const char *body)
{
    size_t len = strlen(body);

    return reply_new(status, reply_copy(body, len), len);
}

struct reply *reply_ref(struct reply *reply)
{
    atomic_fetch_add(&reply->refs, 1);
    return reply;
}

void reply_unref(struct reply *reply)
{
    if (reply == NULL || atomic_fetch_sub(&reply->refs, 1) != 1)
        return;
    free(reply->body);
    free(reply);
}

size_t reply_headers(const struct reply *reply, struct reply_header headers[REPLY_HEADERS_MAX],
                     char scratch[64])
{
    size_t n = 0;

    if (reply->content_type != NULL)
        headers[n++] = (struct reply_header){"content-type", reply->content_type};
    if (reply->content_encoding != NULL)
        headers[n++] = (struct reply_header){"content-encoding", reply->content_encoding};
    if (reply->max_age_s >= 0) {
        snprintf(scratch, 64, "private, max-age=%d", reply->max_age_s);
        headers[n++] = (struct reply_header){"cache-control", scratch};
    }
    if (reply->location[0] != '\0')
        headers[n++] = (struct reply_header){"location", reply->location};
    if (reply->retry_after[0] != '\0')
        headers[n++] = (struct reply_header){"retry-after", reply->retry_after};
    if (reply->rate_left[0] != '\0')
        headers[n++] = (struct reply_header){"rate-limit-available", reply->rate_left};
    if (reply->rate_reset_ms[0] != '\0')
        headers[n++] = (struct reply_header){"rate-limit-reset", reply->rate_reset_ms};
    return n;
}
