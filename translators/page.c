/* Taking apart addresses of pages. Which pages there are: the translators. */
#include "page.h"

#include <string.h>
#include <strings.h>

#define MAX_HOST_BYTES 253

static const char *find_domain(const char *host, size_t len, const char *domain)
{
    size_t domain_len = strlen(domain);

    for (const char *at = host; at + domain_len <= host + len; at++) {
        if ((at == host || at[-1] == '.') && strncasecmp(at, domain, domain_len) == 0)
            return at;
    }
    return NULL;
}

const char *page_path(const char *url, const char *domain)
{
    const char *host = url, *found;
    size_t len, domain_len = strlen(domain);
    bool any_country = domain[domain_len - 1] == '.';

    if (strncasecmp(url, "https://", 8) == 0)
        host += 8;
    else if (strncasecmp(url, "http://", 7) == 0)
        host += 7;
    len = strcspn(host, "/?#");
    found = len <= MAX_HOST_BYTES ? find_domain(host, len, domain) : NULL;
    if (!found || strcspn(host, ":@") < len)
        return NULL;
    found += domain_len;
    /* "com", "co.uk", "com.au": nobody else's domain has that form behind the name. */
    if (any_country ? found == host + len || (size_t)(host + len - found) > 6 : found != host + len)
        return NULL;
    return host + len;
}

const char *page_past_language(const char *path)
{
    size_t len = *path == '/' ? strcspn(path + 1, "/?#") : 0;
    bool tag = len == 2 || (len == 5 && (path[3] == '-' || path[3] == '_'));

    for (size_t i = 1; i <= len && tag; i++)
        tag = i == 3 || ((path[i] | 0x20) >= 'a' && (path[i] | 0x20) <= 'z');
    return tag && path[1 + len] == '/' ? path + 1 + len : path;
}

bool page_found(struct recognised *ret, const char *resource, const char *text, size_t len)
{
    if (len == 0 || len >= sizeof(ret->text))
        return false;
    *ret = (struct recognised){.resource = resource};
    memcpy(ret->text, text, len);
    return true;
}
