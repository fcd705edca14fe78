/* Counts what may be open at once. Who opens it: listen.c, intake.c, upstream.c, cache/memcached.c. */
#include "descriptors.h"

#include "cache/address.h"

#define LEAST_RESERVED 256 /* for what is not counted: name lookups, files that a reload reads, the log */
#define OF_A_THREAD    21  /* a front thread's loop, queue and spare, and clients that are told to go */
#define OF_THE_BACK    2   /* the loop of the back thread */
#define OF_A_SECTION   8   /* libcurl's own, of all pools of connections that a section may have */

static unsigned long long of_upstreams(const struct config *config)
{
    unsigned long long n = OF_THE_BACK;
    for (size_t i = 0; i < config->n_providers; i++) {
        const struct provider_config *provider = &config->providers[i];
        n += OF_A_SECTION;
        if (config_may_ask(provider) && config_has_key(provider))
            n += provider->max_connections;
    }
    return n;
}

static unsigned long long of_memcached(const struct config *config)
{
    struct address addresses[ADDRESS_MAX];
    const char *why;
    if (config->cache.memcached == NULL)
        return 0;
    return (unsigned long long)CONFIG_MEMCACHED_THREADS *
           address_parse_list(config->cache.memcached, addresses, &why);
}

unsigned long long descriptors_reserved(const struct config *config, unsigned n_threads, size_t n_listeners)
{
    unsigned long long n = of_upstreams(config) + of_memcached(config) +
                           (unsigned long long)OF_A_THREAD * n_threads + n_listeners;
    return n > LEAST_RESERVED ? n : LEAST_RESERVED;
}

unsigned descriptors_for_clients(unsigned long long limit, unsigned long long reserved, unsigned wanted)
{
    unsigned long long room = limit / 3;
    if (limit > reserved && limit - reserved > room)
        room = limit - reserved;
    if (room >= wanted)
        return wanted;
    return room > 0 ? (unsigned)room : 1;
}

unsigned descriptors_for_address(unsigned fit, unsigned wanted, unsigned per_address)
{
    unsigned long long share = (unsigned long long)fit * per_address / wanted;
    if (share < fit / 4)
        share = fit / 4;
    if (share < 1)
        share = 1;
    return share < per_address ? (unsigned)share : per_address;
}
