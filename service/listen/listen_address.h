/* Addresses to listen on, as the configuration writes them. Pure: no name is looked up, no socket is opened.
 */
#ifndef MARQUEE_LISTEN_ADDRESS_H
#define MARQUEE_LISTEN_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "translators/base/fault.h"

#define LISTEN_MAX_ADDRESSES     16
#define LISTEN_MAX_ADDRESS_BYTES 128

struct listen_address {
    char text[LISTEN_MAX_ADDRESS_BYTES]; /* as the operator wrote it */
    struct sockaddr_storage sockaddr;
    socklen_t len;
};

/* "0.0.0.0:8443 [::]:8443", separated by spaces or commas; NULL and "": none, *ret_n is 0. False: ret_fault
 * is one line that names the address and the remedy. */
bool listen_addresses_parse(const char *text, struct listen_address ret[LISTEN_MAX_ADDRESSES], size_t *ret_n,
                            struct fault *ret_fault);

uint16_t listen_address_port(const struct listen_address *address); /* 0: any that is free */

/* Are both the same address and port? Port 0 is never the same as another one. */
bool listen_addresses_same(const struct listen_address *one, const struct listen_address *other);

#endif
