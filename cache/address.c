/* Parses lists of servers. Resolves nothing: names are looked up when a connection is made. */
#include "address.h"

#include <stdbool.h>
#include <string.h>
#include <sys/un.h>

#define BLANKS " \t"

/* 1 to 65535 in decimal, or 0. */
static unsigned parse_port(const char *text, size_t len)
{
    unsigned port = 0;
    if (len == 0 || len > 5)
        return 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return 0;
        port = port * 10 + (unsigned)(text[i] - '0');
    }
    return port <= 65535 ? port : 0;
}

static const char *copy_host(const char *text, size_t len, struct address *ret)
{
    if (len == 0)
        return "a host is missing";
    if (len >= sizeof(ret->host))
        return "a host is too long";
    memcpy(ret->host, text, len);
    ret->host[len] = '\0';
    return NULL;
}

/* NULL when all is well, otherwise why not. */
static const char *parse_one(const char *text, size_t len, struct address *ret)
{
    const char *host = text, *after;
    size_t host_len;

    if (text[0] == '/') {
        ret->port = 0;
        if (len >= sizeof(((struct sockaddr_un *)NULL)->sun_path))
            return "the path of a Unix socket is too long";
        return copy_host(text, len, ret);
    }
    if (text[0] == '[') {
        const char *bracket = memchr(text, ']', len);
        if (bracket == NULL)
            return "an IPv6 address lacks its closing bracket";
        host = text + 1;
        host_len = (size_t)(bracket - host);
        after = bracket + 1;
    } else {
        const char *colon = memchr(text, ':', len);
        after = colon != NULL ? colon : text + len;
        host_len = (size_t)(after - text);
        if (colon != NULL && memchr(colon + 1, ':', len - host_len - 1) != NULL)
            return "an IPv6 address needs brackets, as in [::1]:11211";
    }
    size_t after_len = len - (size_t)(after - text);
    ret->port = ADDRESS_DEFAULT_PORT;
    if (after_len > 0 && (after[0] != ':' || (ret->port = parse_port(after + 1, after_len - 1)) == 0))
        return "a port is not a number from 1 to 65535";
    return copy_host(host, host_len, ret);
}

static bool same(const struct address *a, const struct address *b)
{
    return a->port == b->port && strcmp(a->host, b->host) == 0;
}

size_t address_parse_list(const char *text, struct address ret[ADDRESS_MAX], const char **ret_why)
{
    size_t n = 0;
    for (text += strspn(text, BLANKS); *text != '\0'; text += strspn(text, BLANKS)) {
        if (n == ADDRESS_MAX) {
            *ret_why = "too many servers";
            return 0;
        }
        size_t len = strcspn(text, BLANKS);
        *ret_why = parse_one(text, len, &ret[n]);
        if (*ret_why != NULL)
            return 0;
        for (size_t i = 0; i < n; i++)
            if (same(&ret[i], &ret[n])) {
                *ret_why = "a server is named twice";
                return 0;
            }
        n++;
        text += len;
    }
    *ret_why = n == 0 ? "no server is named" : NULL;
    return n;
}
