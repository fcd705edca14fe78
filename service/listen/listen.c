/* Listening sockets. What is accepted on them is intake.c's business; nothing here reads or writes a byte. */
#include "listen.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "translators/base/must.h"

#define LISTEN_BACKLOG 1024

static bool fail(struct fault *ret_fault, const char *address, const char *why)
{
    return fault_say(ret_fault, "%.127s: %.120s", address, why);
}

static int explain(const char *address, struct fault *ret_fault)
{
    const char *remedy = errno == EADDRINUSE ? "another program listens there; stop it or change the port"
                         : errno == EACCES   ? "a port below 1024 needs CAP_NET_BIND_SERVICE"
                         : errno == EADDRNOTAVAIL ? "this machine has no such address"
                                                  : "the socket could not be opened";
    fault_say(ret_fault, "%.127s: %.48s (%s)", address, strerror(errno), remedy);
    return -1;
}

/* One socket. Where the port was 0 the address takes on the one that was given. */
static int open_one(struct listen_address *address, bool v6_only, struct fault *ret_fault)
{
    int fd = socket(address->sockaddr.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd == -1)
        return explain(address->text, ret_fault);
    const int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
    const int only = v6_only;
    if (address->sockaddr.ss_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof(only));
    if (bind(fd, (struct sockaddr *)&address->sockaddr, address->len) != 0 ||
        listen(fd, LISTEN_BACKLOG) != 0 ||
        getsockname(fd, (struct sockaddr *)&address->sockaddr, &address->len) != 0) {
        explain(address->text, ret_fault);
        close(fd);
        return -1;
    }
    return fd;
}

/* [::] serves both families, unless an IPv4 address of its port is listed, too. */
static bool has_ipv4_of_port(const struct listen_address *addresses, size_t n, uint16_t port)
{
    for (size_t i = 0; i < n; i++) {
        if (addresses[i].sockaddr.ss_family == AF_INET && listen_address_port(&addresses[i]) == port)
            return true;
    }
    return false;
}

bool listen_open(const char *text, unsigned threads, struct listen_sockets *ret, struct fault *ret_fault)
{
    struct listen_address addresses[LISTEN_MAX_ADDRESSES];
    size_t n_addresses = 0;
    *ret = (struct listen_sockets){0};
    if (!listen_addresses_parse(text, addresses, &n_addresses, ret_fault))
        return false;
    if (n_addresses == 0)
        return true;
    if (threads == 0 || threads > LISTEN_MAX_THREADS)
        return fail(ret_fault, text, "the number of threads is not from 1 to 256");

    ret->per_thread = n_addresses;
    ret->fds = must(calloc(threads * n_addresses, sizeof(*ret->fds)));
    for (; ret->n < threads * n_addresses; ret->n++) {
        struct listen_address *address = &addresses[ret->n % n_addresses];
        bool v6_only = has_ipv4_of_port(addresses, n_addresses, listen_address_port(address));
        int fd = open_one(address, v6_only, ret_fault);
        if (fd == -1) {
            listen_close(ret);
            return false;
        }
        ret->fds[ret->n] = fd;
    }
    ret->port = listen_address_port(&addresses[0]);
    return true;
}

void listen_close(struct listen_sockets *sockets)
{
    for (size_t i = 0; i < sockets->n; i++)
        if (sockets->fds[i] != -1)
            close(sockets->fds[i]);
    listen_forget(sockets);
}

void listen_forget(struct listen_sockets *sockets)
{
    free(sockets->fds);
    *sockets = (struct listen_sockets){0};
}
