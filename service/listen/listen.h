/* Listening sockets: addresses as the configuration writes them -> one set of sockets for each front thread.
 *
 * Every thread has its own sockets on the same addresses (SO_REUSEPORT), so that the kernel spreads
 * connections and no thread waits for another; and so that a second process can take over the port. */
#ifndef MARQUEE_LISTEN_H
#define MARQUEE_LISTEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "listen_address.h"

#define LISTEN_MAX_THREADS 256

struct listen_sockets {
    int *fds;          /* owned; the sockets of thread t are at [t * per_thread] */
    size_t per_thread; /* addresses; 0: nothing is listened on */
    size_t n;          /* of all threads */
    uint16_t port;     /* of the first address, as bound; 0: none */
};

/* Opens `addresses` ("0.0.0.0:8443 [::]:8443", separated by spaces; NULL or "": none) once for each of
 * `threads`. Port 0 takes a free one, the same for all threads. False: nothing is open, and ret_fault holds
 * one line that names the address and the remedy. [::] serves IPv4 as well, unless an IPv4 address of its
 * port is listed, too. */
bool listen_open(const char *addresses, unsigned threads, struct listen_sockets *ret,
                 struct fault *ret_fault);

/* Closes what is still open (-1 is skipped) and frees the list. Whoever handed the descriptors on calls
 * listen_forget() instead. */
void listen_close(struct listen_sockets *sockets);
void listen_forget(struct listen_sockets *sockets);

#endif
