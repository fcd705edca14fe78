/* A client's request as plain data, after the guards (guard.h). Borrowed views into memory of the exchange.
 */
#ifndef MARQUEE_REQUEST_H
#define MARQUEE_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct slice {
    const char *text; /* not NUL-terminated; NULL: not there */
    size_t len;
};

struct client;

enum method { METHOD_GET, METHOD_HEAD, METHOD_OPTIONS, METHOD_OTHER };

struct request {
    enum method method;
    struct slice target; /* path and query as they came, without scheme and host, and without `base` */
    struct slice base;   /* the path of the public URL, "/events": begins links of ours; empty: it has none */
    struct slice authority; /* of HTTP/1.0 it may be missing */
    struct slice authorization;
    struct slice accept_encoding, accept_language, if_none_match,
        if_modified_since; /* all lines of one as one */
    /* What counts as one client, by the word of a trusted proxy where there is one; NULL on the admin
     * listener. */
    const struct client *client;
    unsigned thread;    /* the number of its front thread, from 0 */
    bool preflight;     /* OPTIONS of a browser that asks for CORS: with Origin and the method it wants */
    bool https;         /* came over TLS */
    bool to_https_port; /* also when it came there in plain HTTP */
    int64_t until_s;    /* Unix time at which a signed link ends: nothing lives longer; 0: it does not */
    int64_t now_s;      /* Unix time: when it was read; when it waits for an answer, when that comes */
};

#endif
