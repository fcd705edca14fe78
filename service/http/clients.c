/* A hash table with open addressing and linear probing, twice as large as the connections it may hold, under
 * one mutex: it is touched when a connection opens and closes, never by a request. */
#include "clients.h"

#include <ctype.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "cache/key.h"
#include "translators/base/must.h"

struct slot {
    struct client client;
    unsigned n; /* 0: free */
};

struct clients {
    pthread_mutex_t mutex;
    uint8_t secret[16]; /* nobody outside chooses who collides */
    unsigned max_per_address;
    size_t max_connections, n_connections;
    size_t mask;
    struct slot slots[];
};

struct clients *clients_new(size_t max_connections, unsigned max_per_address)
{
    size_t n = 16;
    while (n < max_connections * 2)
        n *= 2;
    struct clients *clients = must(calloc(1, sizeof(*clients) + n * sizeof(clients->slots[0])));
    must(getrandom(clients->secret, sizeof(clients->secret), 0) == sizeof(clients->secret));
    pthread_mutex_init(&clients->mutex, NULL);
    clients->max_per_address = max_per_address;
    clients->max_connections = max_connections;
    clients->mask = n - 1;
    return clients;
}

void clients_free(struct clients *clients)
{
    if (clients == NULL)
        return;
    pthread_mutex_destroy(&clients->mutex);
    free(clients);
}

static size_t home_of(const struct clients *clients, const struct client *client)
{
    struct cache_key key = {(const char *)client->bytes, sizeof(client->bytes)};
    return cache_key_hash(&key, clients->secret) & clients->mask;
}

/* The client's slot, or the free one where it belongs. */
static size_t find(const struct clients *clients, const struct client *client)
{
    size_t at = home_of(clients, client);
    while (clients->slots[at].n != 0 && memcmp(&clients->slots[at].client, client, sizeof(*client)) != 0)
        at = (at + 1) & clients->mask;
    return at;
}

bool clients_enter(struct clients *clients, const struct client *client)
{
    pthread_mutex_lock(&clients->mutex);
    struct slot *slot = &clients->slots[find(clients, client)];
    bool room = clients->n_connections < clients->max_connections &&
                (clients->max_per_address == 0 || slot->n < clients->max_per_address);
    if (room) {
        slot->client = *client;
        slot->n++;
        clients->n_connections++;
    }
    pthread_mutex_unlock(&clients->mutex);
    return room;
}

/* Closes the gap that an emptied slot leaves in its run (Knuth, vol. 3, 6.4, algorithm R). */
static void close_gap(struct clients *clients, size_t gap)
{
    for (size_t at = (gap + 1) & clients->mask; clients->slots[at].n != 0; at = (at + 1) & clients->mask) {
        size_t home = home_of(clients, &clients->slots[at].client);
        bool reachable = ((at - home) & clients->mask) < ((at - gap) & clients->mask);
        if (reachable)
            continue;
        clients->slots[gap] = clients->slots[at];
        clients->slots[at].n = 0;
        gap = at;
    }
}

void clients_leave(struct clients *clients, const struct client *client)
{
    pthread_mutex_lock(&clients->mutex);
    size_t at = find(clients, client);
    must(clients->slots[at].n != 0);
    clients->n_connections--;
    if (--clients->slots[at].n == 0)
        close_gap(clients, at);
    pthread_mutex_unlock(&clients->mutex);
}

struct in6_addr client_address(const struct sockaddr *address)
{
    struct in6_addr mapped = {{{[10] = 0xff, [11] = 0xff}}};
    if (address->sa_family == AF_INET6)
        return ((const struct sockaddr_in6 *)address)->sin6_addr;
    if (address->sa_family == AF_INET)
        memcpy(mapped.s6_addr + 12, &((const struct sockaddr_in *)address)->sin_addr, 4);
    return mapped;
}

struct client client_of(const struct in6_addr *address)
{
    struct client client = {{0}};
    /* What IPv4 addresses are written as is in no /64 that a client can have. */
    memcpy(client.bytes, address, IN6_IS_ADDR_V4MAPPED(address) ? 16 : 8);
    return client;
}

struct client client_of_host(const char *host, size_t len)
{
    struct client client;
    uint64_t halves[2] = {0xcbf29ce484222325u, 0x84222325cbf29ce4u}; /* FNV-1a, begun twice */
    for (size_t i = 0; i < len; i++) {
        for (size_t j = 0; j < 2; j++)
            halves[j] = (halves[j] ^ (uint64_t)tolower((unsigned char)host[i])) * 0x100000001b3u;
    }
    memcpy(client.bytes, halves, sizeof(client.bytes));
    return client;
}
