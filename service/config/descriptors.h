/* How many of the descriptors that the process may open are for clients, and how many are kept back for all
 * else. Pure. */
#ifndef MARQUEE_DESCRIPTORS_H
#define MARQUEE_DESCRIPTORS_H

#include <stddef.h>

#include "config.h"

/* What all but clients may need by this configuration: upstreams, memcached, `n_threads` front threads and
 * their `n_listeners` sockets together. */
unsigned long long descriptors_reserved(const struct config *config, unsigned n_threads, size_t n_listeners);

/* Connections of clients that there is room for under a limit of `limit` open files: `wanted` or less, and at
 * least 1. Where the limit is low clients get a third, and upstreams have to share the rest. */
unsigned descriptors_for_clients(unsigned long long limit, unsigned long long reserved, unsigned wanted);

/* Connections of one address where `fit` clients have room, of `wanted`: as large a share as `per_address` is
 * of `wanted`, and a quarter at least, but never more than `per_address`. */
unsigned descriptors_for_address(unsigned fit, unsigned wanted, unsigned per_address);

#endif
