/* Networks, and the hops of X-Forwarded-For. Not here: header fields, and what an address is used for. */
#include "proxies.h"

#include <arpa/inet.h>
#include <string.h>

#define SEPARATORS   " \t,"
#define IPV4_PREFIX  96 /* bits before an IPv4 address */
#define MAX_IP_BYTES 64 /* with brackets and port */

static bool parse_ip(const char *text, struct in6_addr *ret, bool *ret_is_ipv4)
{
    struct in_addr ipv4;
    *ret_is_ipv4 = inet_pton(AF_INET, text, &ipv4) == 1;
    if (!*ret_is_ipv4)
        return inet_pton(AF_INET6, text, ret) == 1;
    *ret = (struct in6_addr){{{[10] = 0xff, [11] = 0xff}}};
    memcpy(ret->s6_addr + 12, &ipv4, sizeof(ipv4));
    return true;
}

static bool parse_network(char *text, struct network *ret)
{
    bool is_ipv4;
    char *slash = strchr(text, '/');
    if (slash != NULL)
        *slash = '\0';
    if (!parse_ip(text, &ret->address, &is_ipv4))
        return false;
    unsigned most = is_ipv4 ? 32 : 128, bits = most;
    if (slash != NULL) {
        size_t digits = strspn(slash + 1, "0123456789");
        if (digits == 0 || digits > 3 || slash[1 + digits] != '\0')
            return false;
        bits = 0;
        for (const char *digit = slash + 1; *digit != '\0'; digit++)
            bits = bits * 10 + (unsigned)(*digit - '0');
    }
    ret->bits = bits + (is_ipv4 ? IPV4_PREFIX : 0);
    return bits <= most;
}

const char *proxies_parse(const char *text, struct proxies *ret)
{
    ret->n = 0;
    for (text = text != NULL ? text : ""; *(text += strspn(text, SEPARATORS)) != '\0';) {
        char one[MAX_IP_BYTES];
        size_t len = strcspn(text, SEPARATORS);
        if (ret->n == PROXIES_MAX)
            return "holds more than 128 addresses and networks";
        if (len >= sizeof(one))
            return "holds what is no address and no network such as 10.0.0.0/8";
        memcpy(one, text, len);
        one[len] = '\0';
        if (!parse_network(one, &ret->networks[ret->n]))
            return "holds what is no address and no network such as 10.0.0.0/8";
        ret->n++;
        text += len;
    }
    return NULL;
}

static bool holds(const struct network *network, const struct in6_addr *address)
{
    const uint8_t *a = network->address.s6_addr, *b = address->s6_addr;
    unsigned bytes = network->bits / 8, rest = network->bits % 8;
    return memcmp(a, b, bytes) == 0 && (rest == 0 || (a[bytes] ^ b[bytes]) >> (8 - rest) == 0);
}

bool proxies_trust(const struct proxies *proxies, const struct in6_addr *address)
{
    for (size_t i = 0; i < proxies->n; i++)
        if (holds(&proxies->networks[i], address))
            return true;
    return false;
}

/* "192.0.2.1", "192.0.2.1:80", "2001:db8::1", "[2001:db8::1]" or "[2001:db8::1]:80". */
static bool parse_hop(const char *text, size_t len, struct in6_addr *ret)
{
    char copy[MAX_IP_BYTES], *address = copy, *end;
    bool is_ipv4;
    if (len >= sizeof(copy) || memchr(text, '\0', len) != NULL)
        return false;
    memcpy(copy, text, len);
    copy[len] = '\0';
    if (copy[0] == '[') {
        address = copy + 1;
        end = strchr(address, ']');
        if (end == NULL || (end[1] != '\0' && end[1] != ':'))
            return false;
        *end = '\0';
    } else if ((end = strchr(copy, ':')) != NULL && strchr(end + 1, ':') == NULL) {
        *end = '\0';
    }
    return parse_ip(address, ret, &is_ipv4);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

bool proxies_follow(const struct proxies *proxies, struct proxies_walk *walk, const char *value, size_t len)
{
    while (len > 0) {
        const char *comma = memrchr(value, ',', len);
        const char *hop = comma != NULL ? comma + 1 : value, *end = value + len;
        len = comma != NULL ? (size_t)(comma - value) : 0;
        while (hop < end && is_blank(*hop))
            hop++;
        while (hop < end && is_blank(end[-1]))
            end--;
        if (hop == end)
            continue; /* an empty element is none (RFC 9110 section 5.6.1.2) */
        struct in6_addr address;
        if (walk->n_hops == PROXIES_MAX_HOPS || !proxies_trust(proxies, &walk->address) ||
            !parse_hop(hop, (size_t)(end - hop), &address))
            return false;
        walk->address = address;
        walk->n_hops++;
    }
    return true;
}
