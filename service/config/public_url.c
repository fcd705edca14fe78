/* Finding the service's own address. What is written with it: serve.c and home.c. */
#include "public_url.h"

#include <stdio.h>
#include <string.h>

#include "config.h"

const char *public_url_configured(const struct config *config)
{
    static const char local[] = "https://localhost";
    const char *url = config->site.public_url;
    size_t len = sizeof(local) - 1;
    bool is_local = url != NULL && strncmp(url, local, len) == 0 &&
                    (url[len] == '\0' || url[len] == ':' || url[len] == '/');
    return is_local ? NULL : url;
}

const char *public_url_path(const struct config *config)
{
    const char *url = config->site.public_url;
    const char *host = url != NULL ? strstr(url, "://") : NULL;
    const char *path = host != NULL ? strchr(host + 3, '/') : NULL;
    return path != NULL ? path : "";
}

size_t public_url_of_host(struct slice host, uint16_t https_port, char ret_url[PUBLIC_URL_MAX_BYTES])
{
    size_t name_len = host.len;
    const char *bracket = memchr(host.text, ']', host.len);
    const char *rest = bracket != NULL ? bracket : host.text;
    const char *colon = memchr(rest, ':', host.len - (size_t)(rest - host.text));
    if (colon != NULL)
        name_len = (size_t)(colon - host.text);
    int len = https_port == 443
                  ? snprintf(ret_url, PUBLIC_URL_MAX_BYTES, "https://%.*s", (int)name_len, host.text)
                  : snprintf(ret_url, PUBLIC_URL_MAX_BYTES, "https://%.*s:%u", (int)name_len, host.text,
                             https_port);
    return (size_t)len;
}
