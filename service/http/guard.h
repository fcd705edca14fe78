/* The checks libh2o 2.2.5 leaves out, over plain data: which requests are refused before anything looks at
 * them, and how many requests a connection may give up before their answers. Pure; handler.c asks and acts.
 *
 * The rules and what each one stops: RFC 9112 sections 3.2, 5.2, 6.3 and 11.2 (Host, obs-fold, request
 * smuggling), CVE-2023-44487 (rapid reset).
 *
 * What cannot be checked, because libh2o 2.2.5 does not pass it on: of HTTP/2, the field `host`. One that
 * differs from :authority, or comes twice, goes unseen; a request that has it instead of :authority (RFC 9113
 * section 8.3.1) looks as if it had neither, and is refused. Nor its content-length, which libh2o compares
 * with a body, but not with the lack of one. */
#ifndef MARQUEE_GUARD_H
#define MARQUEE_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "request.h"

#define GUARD_MAX_PATH_BYTES   8190
#define GUARD_MAX_HEADERS      64
#define GUARD_MAX_HEADER_BYTES 16384
#define GUARD_MAX_HOST_BYTES   255

/* The name libh2o's host is registered under. Where a client sends no Host, libh2o puts this in its place,
 * so a request with it had none. */
#define GUARD_NO_HOST "no-host.invalid"

/* The authority that the client sent; nothing (NULL) in the place of GUARD_NO_HOST. */
struct slice guard_authority(struct slice authority);

/* What the checks look at, apart from the header fields. */
struct guard_input {
    struct slice method, target, authority; /* authority: by guard_authority() */
    bool has_entity;                        /* a body, or a header field that announces one */
    bool wrong_scheme;                      /* not the one of the connection it came over */
    bool host_optional; /* HTTP/1.0: RFC 9112 section 3.2 asks HTTP/1.1 alone for a Host */
};

struct guard_fields {
    size_t n, bytes;
    bool malformed; /* a field without a name: what libh2o makes of obs-fold */
};

/* Counts one header field. */
void guard_add_field(struct guard_fields *fields, size_t name_len, size_t value_len);

/* Not more of them, and not larger, than guard_check() lets pass. */
bool guard_fields_fit(const struct guard_fields *fields);

struct guard_fault {
    int status;         /* 0: may pass; else 400, 405, 414 or 431 */
    const char *detail; /* static, for people */
};

struct guard_fault guard_check(const struct guard_input *input, const struct guard_fields *fields);

/* Looks over the lines of an HTTP/1 request as they came, up to the empty one or `len`, for what libh2o does
 * not pass on: of several Hosts it keeps the last, and it takes a bare LF for the end of a line. NULL:
 * nothing is wrong; else what (static), to be refused with 400. */
const char *guard_head_fault(const char *head, size_t len);

enum method guard_method(struct slice method);

/* Strips the scheme and authority of an absolute-form target ("http://host/x?y" -> "/x?y"). A target that is
 * neither absolute-form nor begins with a slash comes back as it is, and guard_check() refuses it. */
struct slice guard_origin_form(struct slice target);

/* A service below a path of its host, such as https://artist.example/events: whether the proxy in front takes
 * the path off or not, requests mean the same. How many bytes of the target are `path` ("/events"; "": none),
 * so that what the service has of its own begins behind them. 0: the proxy took it off, or the target is none
 * of ours. */
size_t guard_base_path(struct slice target, const char *path);

/* What a connection has wasted in the current second. Zeroed at its start. */
struct guard_budget {
    int64_t window_s;
    unsigned used;
};

/* Of a request whose answer was not read to its end: only an attack makes many. */
#define GUARD_COST_RESET 100

/* Spends `cost` at `now_s`; false: over `max_per_s` (0: no limit). */
bool guard_spend(struct guard_budget *budget, unsigned cost, unsigned max_per_s, int64_t now_s);

#endif
