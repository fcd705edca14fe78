/* Both versions begin with bytes that no TLS record and no request begins with. */
#include "proxy_protocol.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <string.h>

#define V1_MAX_BYTES 107 /* with CR LF */
#define V2_HEAD      16
#define V2_SIGNATURE "\r\n\r\n\0\r\nQUIT\n"

static struct in6_addr mapped(const unsigned char v4[4])
{
    struct in6_addr address = {{{[10] = 0xff, [11] = 0xff}}};
    memcpy(address.s6_addr + 12, v4, 4);
    return address;
}

/* ---- version 1: "PROXY TCP4 192.0.2.1 192.0.2.2 56324 443\r\n" ---- */

/* The next word of the line, which single blanks part from each other. False: there is none, or it is too
 * long. */
static bool take_word(const char **at, const char *end, char *ret, size_t size)
{
    const char *blank = memchr(*at, ' ', (size_t)(end - *at));
    size_t len = (size_t)((blank != NULL ? blank : end) - *at);
    if (len == 0 || len >= size)
        return false;
    memcpy(ret, *at, len);
    ret[len] = '\0';
    *at = blank != NULL ? blank + 1 : end;
    return strlen(ret) == len;
}

static bool is_port(const char *text)
{
    unsigned port = 0;
    size_t len = strlen(text);
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        port = port * 10 + (unsigned)(text[i] - '0');
    }
    return len <= 5 && port <= 65535 && (len == 1 || text[0] != '0');
}

static bool take_address(const char *text, bool is_v4, struct in6_addr *ret)
{
    unsigned char v4[4];
    if (!is_v4)
        return inet_pton(AF_INET6, text, ret) == 1;
    if (inet_pton(AF_INET, text, v4) != 1)
        return false;
    *ret = mapped(v4);
    return true;
}

static enum proxy_protocol_result parse_line(const char *line, size_t len, struct proxy_protocol *ret)
{
    const char *at = line + 6, *end = line + len;
    char protocol[8], source[INET6_ADDRSTRLEN], target[INET6_ADDRSTRLEN], source_port[6], target_port[6];
    struct in6_addr unused;
    ret->len = len + 2;
    if (!take_word(&at, end, protocol, sizeof(protocol)))
        return PROXY_PROTOCOL_BAD;
    /* What follows UNKNOWN is to be ignored. */
    if (strcmp(protocol, "UNKNOWN") == 0)
        return PROXY_PROTOCOL_DONE;
    bool is_v4 = strcmp(protocol, "TCP4") == 0;
    ret->has_address = (is_v4 || strcmp(protocol, "TCP6") == 0) &&
                       take_word(&at, end, source, sizeof(source)) &&
                       take_word(&at, end, target, sizeof(target)) &&
                       take_word(&at, end, source_port, sizeof(source_port)) &&
                       take_word(&at, end, target_port, sizeof(target_port)) && at == end && end[-1] != ' ' &&
                       is_port(source_port) && is_port(target_port) &&
                       take_address(source, is_v4, &ret->address) && take_address(target, is_v4, &unused);
    return ret->has_address ? PROXY_PROTOCOL_DONE : PROXY_PROTOCOL_BAD;
}

static enum proxy_protocol_result parse_v1(const char *bytes, size_t len, struct proxy_protocol *ret)
{
    const char *lf = memchr(bytes, '\n', len < V1_MAX_BYTES ? len : V1_MAX_BYTES);
    if (lf == NULL)
        return len < V1_MAX_BYTES ? PROXY_PROTOCOL_MORE : PROXY_PROTOCOL_BAD;
    if (lf[-1] != '\r' || lf - bytes < 7)
        return PROXY_PROTOCOL_BAD;
    return parse_line(bytes, (size_t)(lf - 1 - bytes), ret);
}

/* ---- version 2 ---- */

static enum proxy_protocol_result parse_v2(const unsigned char *bytes, size_t len, struct proxy_protocol *ret)
{
    if (len < V2_HEAD)
        return PROXY_PROTOCOL_MORE;
    size_t rest = (size_t)bytes[14] << 8 | bytes[15];
    bool is_local = bytes[12] == 0x20, is_v4 = bytes[13] == 0x11, is_v6 = bytes[13] == 0x21;
    ret->len = V2_HEAD + rest;
    if ((!is_local && bytes[12] != 0x21) || ret->len > PROXY_PROTOCOL_MAX_BYTES ||
        (!is_local && !is_v4 && !is_v6 && bytes[13] != 0) || (!is_local && is_v4 && rest < 12) ||
        (!is_local && is_v6 && rest < 36))
        return PROXY_PROTOCOL_BAD;
    if (len < ret->len)
        return PROXY_PROTOCOL_MORE;
    ret->has_address = !is_local && (is_v4 || is_v6);
    if (ret->has_address && is_v4)
        ret->address = mapped(bytes + V2_HEAD);
    else if (ret->has_address)
        memcpy(&ret->address, bytes + V2_HEAD, sizeof(ret->address));
    return PROXY_PROTOCOL_DONE;
}

enum proxy_protocol_result proxy_protocol_parse(const char *bytes, size_t len, struct proxy_protocol *ret)
{
    *ret = (struct proxy_protocol){.len = 0};
    if (len == 0)
        return PROXY_PROTOCOL_MORE;
    const char *begins = bytes[0] == 'P' ? "PROXY " : V2_SIGNATURE;
    size_t begins_len = bytes[0] == 'P' ? 6 : 12;
    if (memcmp(bytes, begins, len < begins_len ? len : begins_len) != 0)
        return PROXY_PROTOCOL_BAD;
    if (len < begins_len)
        return PROXY_PROTOCOL_MORE;
    return bytes[0] == 'P' ? parse_v1(bytes, len, ret) : parse_v2((const unsigned char *)bytes, len, ret);
}
