/* Where memcached servers are: the text an operator wrote, checked and taken apart. */
#ifndef MARQUEE_CACHE_ADDRESS_H
#define MARQUEE_CACHE_ADDRESS_H

#include <stddef.h>

#define ADDRESS_MAX            32  /* servers in one list */
#define ADDRESS_HOST_MAX_BYTES 254 /* with the NUL: a DNS name has at most 253 (RFC 1035) */
#define ADDRESS_DEFAULT_PORT   11211

struct address {
    char host[ADDRESS_HOST_MAX_BYTES]; /* name, address without brackets, or absolute path of a Unix socket */
    unsigned port;                     /* 0: a Unix socket */
};

/* "host[:port] [ipv6]:port /path/to.sock", separated by spaces. Returns how many there are, or 0 when the
 * list is empty, too long or wrong in any part: *ret_why (static) says why. */
size_t address_parse_list(const char *text, struct address ret[ADDRESS_MAX], const char **ret_why);

#endif
