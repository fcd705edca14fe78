/* Listening sockets. What is accepted on them is intake.c's business; nothing here reads or writes a byte. */
#include "listen.h"
#include "translators/base/must.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LISTEN_BACKLOG           1024
#define LISTEN_MAX_ADDRESS_BYTES 128

struct address {
    char text[LISTEN_MAX_ADDRESS_BYTES]; /* as the operator wrote it */
    struct sockaddr_storage sockaddr;
    socklen_t len;
};

static bool fail(char *ret_error, const char *address, const char *why)
{
    snprintf(ret_error, LISTEN_MAX_ERROR_BYTES, "%.127s: %.120s", address, why);
    return false;
}

static uint16_t *address_port(struct address *address)
{
    if (address->sockaddr.ss_family == AF_INET6)
        return &((struct sockaddr_in6 *)&address->sockaddr)->sin6_port;
    return &((struct sockaddr_in *)&address->sockaddr)->sin_port;
}

/* "1.2.3.4:80", "[::1]:80" or ":80" (every IPv4 address). Only numbers: a name that resolves differently at
 * the next start would be a surprise. */
static bool address_parse(struct address *address, char *ret_error)
{
    char host[LISTEN_MAX_ADDRESS_BYTES];
    memcpy(host, address->text, sizeof(host));
    char *colon = strrchr(host, ':');
    if (colon == NULL || colon[1] == '\0')
        return fail(ret_error, address->text, "no port; write address:port, for example 0.0.0.0:8443");
    *colon = '\0';

    char *name = host;
    bool bracketed = host[0] == '[' && colon > host + 1 && colon[-1] == ']';
    if (bracketed) {
        colon[-1] = '\0';
        name++;
    } else if (strchr(host, ':') != NULL) {
        return fail(ret_error, address->text, "an IPv6 address needs brackets, for example [::]:8443");
    }

    char *end;
    unsigned long port = strtoul(colon + 1, &end, 10);
    if (colon[1] < '0' || colon[1] > '9' || *end != '\0' || port > 65535)
        return fail(ret_error, address->text, "the port is not a number from 0 to 65535");

    struct addrinfo hints = {.ai_family = bracketed ? AF_INET6 : AF_INET,
                             .ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_NUMERICHOST | AI_PASSIVE};
    struct addrinfo *found;
    if (getaddrinfo(*name != '\0' ? name : "0.0.0.0", NULL, &hints, &found) != 0)
        return fail(ret_error, address->text, "not an IP address; names are not looked up");
    memcpy(&address->sockaddr, found->ai_addr, found->ai_addrlen);
    address->len = found->ai_addrlen;
    freeaddrinfo(found);
    *address_port(address) = htons((uint16_t)port);
    return true;
}

static bool parse_all(const char *text, struct address *addresses, size_t *ret_n, char *ret_error)
{
    size_t n = 0;
    for (const char *at = text + strspn(text, " \t,"); *at != '\0'; at += strspn(at, " \t,")) {
        size_t len = strcspn(at, " \t,");
        if (n == LISTEN_MAX_ADDRESSES)
            return fail(ret_error, text, "more than 16 addresses");
        if (len >= LISTEN_MAX_ADDRESS_BYTES)
            return fail(ret_error, text, "an address is too long");
        memcpy(addresses[n].text, at, len);
        addresses[n].text[len] = '\0';
        if (!address_parse(&addresses[n], ret_error))
            return false;
        n++;
        at += len;
    }
    *ret_n = n;
    return true;
}

static int explain(const char *address, char *ret_error)
{
    const char *remedy = errno == EADDRINUSE ? "another program listens there; stop it or change the port"
                         : errno == EACCES   ? "a port below 1024 needs CAP_NET_BIND_SERVICE"
                         : errno == EADDRNOTAVAIL ? "this machine has no such address"
                                                  : "the socket could not be opened";
    snprintf(ret_error, LISTEN_MAX_ERROR_BYTES, "%.127s: %.48s (%s)", address, strerror(errno), remedy);
    return -1;
}

/* One socket. Where the port was 0 the address takes on the one that was given. */
static int open_one(struct address *address, char *ret_error)
{
    int fd = socket(address->sockaddr.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd == -1)
        return explain(address->text, ret_error);
    const int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
    /* 0.0.0.0 and [::] may stand side by side on one port. */
    if (address->sockaddr.ss_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
    if (bind(fd, (struct sockaddr *)&address->sockaddr, address->len) != 0 ||
        listen(fd, LISTEN_BACKLOG) != 0 ||
        getsockname(fd, (struct sockaddr *)&address->sockaddr, &address->len) != 0) {
        explain(address->text, ret_error);
        close(fd);
        return -1;
    }
    return fd;
}

bool listen_open(const char *text, unsigned threads, struct listen_sockets *ret,
                 char ret_error[LISTEN_MAX_ERROR_BYTES])
{
    struct address addresses[LISTEN_MAX_ADDRESSES];
    size_t n_addresses = 0;
    *ret = (struct listen_sockets){0};
    if (!parse_all(text != NULL ? text : "", addresses, &n_addresses, ret_error))
        return false;
    if (n_addresses == 0)
        return true;
    if (threads == 0 || threads > LISTEN_MAX_THREADS)
        return fail(ret_error, text, "the number of threads is not from 1 to 256");

    ret->per_thread = n_addresses;
    ret->fds = must(calloc(threads * n_addresses, sizeof(*ret->fds)));
    for (; ret->n < threads * n_addresses; ret->n++) {
        int fd = open_one(&addresses[ret->n % n_addresses], ret_error);
        if (fd == -1) {
            listen_close(ret);
            return false;
        }
        ret->fds[ret->n] = fd;
    }
    ret->port = ntohs(*address_port(&addresses[0]));
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
