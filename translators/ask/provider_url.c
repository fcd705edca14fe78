/* Taking apart addresses of pages. Which pages there are: the translators. */
#include "provider_url.h"

#include <string.h>
#include <strings.h>

#include "translators/base/text.h"

#define MAX_HOST_BYTES 253

bool provider_url_path(const char *url, const char *domain, char ret_path[PROVIDER_URL_PATH_BYTES])
{
    static const char of_hosts[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.";
    const char *host = url;
    size_t len, path_len, domain_len = strlen(domain);

    if (strncasecmp(url, "https://", 8) == 0)
        host += 8;
    else if (strncasecmp(url, "http://", 7) == 0)
        host += 7;
    len = strcspn(host, "/?#");
    if (len > MAX_HOST_BYTES || len < domain_len || strspn(host, of_hosts) < len ||
        strncasecmp(host + len - domain_len, domain, domain_len) != 0 ||
        (len > domain_len && host[len - domain_len - 1] != '.'))
        return false;
    path_len = strcspn(host + len, "?#");
    if (path_len >= PROVIDER_URL_PATH_BYTES)
        return false;
    memcpy(ret_path, host + len, path_len);
    ret_path[path_len] = '\0';
    return true;
}

const char *provider_url_past_language(const char *path)
{
    size_t len = *path == '/' ? strcspn(path + 1, "/") : 0;
    bool tag = len == 2 || (len == 5 && (path[3] == '-' || path[3] == '_'));

    for (size_t i = 1; i <= len && tag; i++)
        tag = i == 3 || ((path[i] | 0x20) >= 'a' && (path[i] | 0x20) <= 'z');
    return tag && path[1 + len] == '/' ? path + 1 + len : path;
}

bool provider_url_found(struct recognised *ret, enum subject subject, const char *text, size_t len)
{
    if (len == 0 || len >= sizeof(ret->text))
        return false;
    *ret = (struct recognised){.subject = subject};
    memcpy(ret->text, text, len);
    return true;
}

bool provider_url_words_found(struct recognised *ret, enum subject subject, const char *text, size_t len)
{
    struct recognised found = {.subject = subject};
    bool blank = true;
    size_t n = 0;

    for (size_t i = 0; i < len; i++) {
        char c = text[i] == '-' ? ' ' : text[i];

        if (c == '%') {
            int high = i + 2 < len ? text_hex_value(text[i + 1]) : -1;
            int low = high >= 0 ? text_hex_value(text[i + 2]) : -1;

            if (low < 0)
                return false;
            c = (char)(high * 16 + low);
            i += 2;
        }
        if ((unsigned char)c < 0x20 || c == 0x7f || n + 1 == sizeof(found.text))
            return false;
        blank &= c == ' ';
        found.text[n++] = c;
    }
    if (blank || !text_is_utf8(found.text, n))
        return false;
    *ret = found;
    return true;
}
