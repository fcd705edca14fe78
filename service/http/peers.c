/* A hash table with open addressing and linear probing, twice as large as the connections it may hold, under
 * one mutex: it is touched when a connection opens and closes, never by a request. */
#include "peers.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "cache/key.h"
#include "translators/base/must.h"

struct slot {
    struct peer peer;
    unsigned n; /* 0: free */
};

struct peers {
    pthread_mutex_t mutex;
    uint8_t secret[16]; /* nobody outside chooses who collides */
    unsigned max_per_address;
    size_t max_connections, n_connections;
    size_t mask;
    struct slot slots[];
};

struct peers *peers_new(size_t max_connections, unsigned max_per_address)
{
    size_t n = 16;
    while (n < max_connections * 2)
        n *= 2;
    struct peers *peers = must(calloc(1, sizeof(*peers) + n * sizeof(peers->slots[0])));
    must(getrandom(peers->secret, sizeof(peers->secret), 0) == sizeof(peers->secret));
    pthread_mutex_init(&peers->mutex, NULL);
    peers->max_per_address = max_per_address;
    peers->max_connections = max_connections;
    peers->mask = n - 1;
    return peers;
}

void peers_free(struct peers *peers)
{
    if (peers == NULL)
        return;
    pthread_mutex_destroy(&peers->mutex);
    free(peers);
}

static size_t home_of(const struct peers *peers, const struct peer *peer)
{
    struct cache_key key = {(const char *)peer->bytes, sizeof(peer->bytes)};
    return cache_key_hash(&key, peers->secret) & peers->mask;
}

/* The peer's slot, or the free one where it belongs. */
static size_t find(const struct peers *peers, const struct peer *peer)
{
    size_t at = home_of(peers, peer);
    while (peers->slots[at].n != 0 && memcmp(&peers->slots[at].peer, peer, sizeof(*peer)) != 0)
        at = (at + 1) & peers->mask;
    return at;
}

bool peers_enter(struct peers *peers, const struct peer *peer)
{
    pthread_mutex_lock(&peers->mutex);
    struct slot *slot = &peers->slots[find(peers, peer)];
    bool room = peers->n_connections < peers->max_connections &&
                (peers->max_per_address == 0 || slot->n < peers->max_per_address);
    if (room) {
        slot->peer = *peer;
        slot->n++;
        peers->n_connections++;
    }
    pthread_mutex_unlock(&peers->mutex);
    return room;
}

/* Closes the gap that an emptied slot leaves in its run (Knuth, vol. 3, 6.4, algorithm R). */
static void close_gap(struct peers *peers, size_t gap)
{
    for (size_t at = (gap + 1) & peers->mask; peers->slots[at].n != 0; at = (at + 1) & peers->mask) {
        size_t home = home_of(peers, &peers->slots[at].peer);
        bool reachable = ((at - home) & peers->mask) < ((at - gap) & peers->mask);
        if (reachable)
            continue;
        peers->slots[gap] = peers->slots[at];
        peers->slots[at].n = 0;
        gap = at;
    }
}

void peers_leave(struct peers *peers, const struct peer *peer)
{
    pthread_mutex_lock(&peers->mutex);
    size_t at = find(peers, peer);
    must(peers->slots[at].n != 0);
    peers->n_connections--;
    if (--peers->slots[at].n == 0)
        close_gap(peers, at);
    pthread_mutex_unlock(&peers->mutex);
}

struct in6_addr peer_address(const struct sockaddr *address)
{
    struct in6_addr mapped = {{{[10] = 0xff, [11] = 0xff}}};
    if (address->sa_family == AF_INET6)
        return ((const struct sockaddr_in6 *)address)->sin6_addr;
    if (address->sa_family == AF_INET)
        memcpy(mapped.s6_addr + 12, &((const struct sockaddr_in *)address)->sin_addr, 4);
    return mapped;
}

struct peer peer_of(const struct in6_addr *address)
{
    struct peer peer = {{0}};
    /* What IPv4 addresses are written as is in no /64 that a client can have. */
    memcpy(peer.bytes, address, IN6_IS_ADDR_V4MAPPED(address) ? 16 : 8);
    return peer;
}
