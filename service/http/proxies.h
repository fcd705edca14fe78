/* Proxies whose word is taken for where a request comes from, and how far X-Forwarded-For is believed: from
 * its end, hop by hop, as long as it was a trusted proxy who said it. What stands before that anybody can
 * have written. Pure. */
#ifndef MARQUEE_PROXIES_H
#define MARQUEE_PROXIES_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>

#define PROXIES_MAX      128 /* addresses and networks */
#define PROXIES_MAX_HOPS 16  /* of one request; beyond, nothing more is believed */

/* IPv4 addresses are written as IPv6 ones, ::ffff:192.0.2.1, everywhere here. */
struct proxies {
    size_t n;
    struct network {
        struct in6_addr address;
        unsigned bits; /* of the address that count */
    } networks[PROXIES_MAX];
};

/* Where a request has been followed back to: the connection's own address at first. */
struct proxies_walk {
    struct in6_addr address;
    unsigned n_hops;
};

/* "10.0.0.0/8 192.0.2.1 fd00::/8", separated by spaces or commas; NULL and "": none. NULL when all is well,
 * otherwise why not (static). */
const char *proxies_parse(const char *text, struct proxies *ret);

bool proxies_trust(const struct proxies *proxies, const struct in6_addr *address);

/* Goes back along one field; call it for the last one of a request first. False: the walk is over, no field
 * before is to be believed. */
bool proxies_follow(const struct proxies *proxies, struct proxies_walk *walk, const char *value, size_t len);

#endif
