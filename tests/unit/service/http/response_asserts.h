/* What the tests of responses share: a request to answer, and looking at the fields of the answer. */
#ifndef MARQUEE_RESPONSE_ASSERTS_H
#define MARQUEE_RESPONSE_ASSERTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "service/http/request.h"
#include "service/http/response.h"

#define NOW_S 1800000000

static inline struct slice slice(const char *text)
{
    return (struct slice){text, strlen(text)};
}

static inline struct request get(const char *target)
{
    return (struct request){.method = METHOD_GET, .target = slice(target), .https = true, .now_s = NOW_S};
}

static inline const struct response_header *find(const struct response *response, const char *name)
{
    const struct response_header *found = NULL;
    for (size_t i = 0; i < response->n_headers; i++) {
        if (strcmp(response_field_name(response->headers[i].field), name) != 0)
            continue;
        assert_null(found); /* no field comes twice */
        found = &response->headers[i];
    }
    return found;
}

static inline void assert_header(const struct response *response, const char *name, const char *want)
{
    const struct response_header *header = find(response, name);
    if (header == NULL) {
        fail_msg("there is no %s", name);
        return;
    }
    if (header->value_len != strlen(want) || memcmp(header->value, want, header->value_len) != 0)
        fail_msg("%s: %.*s", name, (int)header->value_len, header->value);
}

#endif
