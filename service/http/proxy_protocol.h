/* The PROXY protocol, versions 1 and 2: the line or block in front of a connection by which a proxy says
 * whose it is (https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt). Strict, and pure. */
#ifndef MARQUEE_PROXY_PROTOCOL_H
#define MARQUEE_PROXY_PROTOCOL_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>

#define PROXY_PROTOCOL_MAX_BYTES 536 /* as the specification has it; a longer one is refused */

enum proxy_protocol_result { PROXY_PROTOCOL_MORE, PROXY_PROTOCOL_BAD, PROXY_PROTOCOL_DONE };

struct proxy_protocol {
    size_t len;              /* of the header: what follows is the client's */
    bool has_address;        /* false: the proxy asks for itself, or does not know */
    struct in6_addr address; /* of the client; IPv4 as ::ffff:192.0.2.1 */
};

/* `bytes` is what has come so far. MORE: not enough of it. BAD: this is no such header. */
enum proxy_protocol_result proxy_protocol_parse(const char *bytes, size_t len, struct proxy_protocol *ret);

#endif
