/* Reads addresses to listen on. Only numbers: a name that resolves differently at the next start would be a
 * surprise. */
#include "listen_address.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool fail(struct fault *ret_fault, const char *address, const char *why)
{
    return fault_say(ret_fault, "%.127s: %.120s", address, why);
}

static uint16_t *port_field(struct listen_address *address)
{
    if (address->sockaddr.ss_family == AF_INET6)
        return &((struct sockaddr_in6 *)&address->sockaddr)->sin6_port;
    return &((struct sockaddr_in *)&address->sockaddr)->sin_port;
}

/* "1.2.3.4:80", "[::1]:80" or ":80" (every IPv4 address). */
static bool address_parse(struct listen_address *address, struct fault *ret_fault)
{
    char host[LISTEN_MAX_ADDRESS_BYTES];
    memcpy(host, address->text, sizeof(host));
    char *colon = strrchr(host, ':');
    if (colon == NULL || colon[1] == '\0')
        return fail(ret_fault, address->text, "no port; write address:port, for example 0.0.0.0:8443");
    *colon = '\0';

    char *name = host;
    bool bracketed = host[0] == '[' && colon > host + 1 && colon[-1] == ']';
    if (bracketed) {
        colon[-1] = '\0';
        name++;
    } else if (strchr(host, ':') != NULL) {
        return fail(ret_fault, address->text, "an IPv6 address needs brackets, for example [::]:8443");
    }

    char *end;
    unsigned long port = strtoul(colon + 1, &end, 10);
    if (colon[1] < '0' || colon[1] > '9' || *end != '\0' || port > 65535)
        return fail(ret_fault, address->text, "the port is not a number from 0 to 65535");

    struct addrinfo hints = {.ai_family = bracketed ? AF_INET6 : AF_INET,
                             .ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_NUMERICHOST | AI_PASSIVE};
    struct addrinfo *found;
    if (getaddrinfo(*name != '\0' ? name : "0.0.0.0", NULL, &hints, &found) != 0)
        return fail(ret_fault, address->text, "not an IP address; names are not looked up");
    memcpy(&address->sockaddr, found->ai_addr, found->ai_addrlen);
    address->len = found->ai_addrlen;
    freeaddrinfo(found);
    *port_field(address) = htons((uint16_t)port);
    return true;
}

uint16_t listen_address_port(const struct listen_address *address)
{
    return ntohs(*port_field((struct listen_address *)(uintptr_t)address));
}

bool listen_addresses_same(const struct listen_address *one, const struct listen_address *other)
{
    return one->len == other->len && listen_address_port(one) != 0 &&
           memcmp(&one->sockaddr, &other->sockaddr, one->len) == 0;
}

bool listen_addresses_parse(const char *text, struct listen_address ret[LISTEN_MAX_ADDRESSES], size_t *ret_n,
                            struct fault *ret_fault)
{
    if (text == NULL)
        text = "";
    size_t n = 0;
    for (const char *at = text + strspn(text, " \t,"); *at != '\0'; at += strspn(at, " \t,")) {
        size_t len = strcspn(at, " \t,");
        if (n == LISTEN_MAX_ADDRESSES)
            return fail(ret_fault, text, "more than 16 addresses");
        if (len >= LISTEN_MAX_ADDRESS_BYTES)
            return fail(ret_fault, text, "an address is too long");
        memcpy(ret[n].text, at, len);
        ret[n].text[len] = '\0';
        if (!address_parse(&ret[n], ret_fault))
            return false;
        for (size_t i = 0; i < n; i++) {
            if (listen_addresses_same(&ret[i], &ret[n]))
                return fail(ret_fault, ret[n].text, "the address is given twice; leave one of them");
        }
        n++;
        at += len;
    }
    *ret_n = n;
    return true;
}
