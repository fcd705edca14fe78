/* How many connections each client address has open, so that one client cannot take all of them. An IPv6
 * client is its /64: whoever has one address has the rest of it. Thread-safe. */
#ifndef MARQUEE_CLIENTS_H
#define MARQUEE_CLIENTS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

struct clients;

/* The part of an address that counts as one client. */
struct client {
    uint8_t bytes[16];
};

/* New table for at most `max_connections` at once; of one address at most `max_per_address` (0: no limit). */
struct clients *clients_new(size_t max_connections, unsigned max_per_address);
void clients_free(struct clients *clients); /* NULL is a no-op */

/* Counts a connection. False: this address has its share, or the table is full; nothing was counted. */
bool clients_enter(struct clients *clients, const struct client *client);
void clients_leave(struct clients *clients, const struct client *client); /* of one that entered */

/* An IPv4 address is given as an IPv6 one: ::ffff:192.0.2.1. */
struct in6_addr client_address(const struct sockaddr *address);
struct client client_of(const struct in6_addr *address);
/* A host in whose name clients ask counts as one of its own. */
struct client client_of_host(const char *host, size_t len);

#endif
