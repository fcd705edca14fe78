/* What the settings mean together, once all of them are read. Each fault is said with the place of the
 * setting. */
#include "config_check.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access_load.h"
#include "cache/address.h"
#include "cache/memory.h"
#include "config.h"
#include "config_find.h"
#include "key_section.h"
#include "secret.h"
#include "service/http/proxies.h"
#include "service/listen/listen_address.h"
#include "service/process/log.h"
#include "tour_section.h"
#include "translators/base/must.h"

#define ENCODED_SHARE 4 /* gzip and br of a document together, in parts of its text: less than one of 4 */

/* May it stand in brackets in a header field? (RFC 9110, 5.6.5) */
static bool is_comment(const char *text)
{
    for (; *text != '\0'; text++)
        if (*text < ' ' || *text > '~' || strchr("()\\", *text) != NULL)
            return false;
    return true;
}

/* The lifetimes of a provider's answers by kind. */
static const struct lifetime {
    const char *key;
    size_t offset; /* into struct provider_config */
} lifetimes[] = {
    [RESOURCE_EVENTS] = {"fresh_s", offsetof(struct provider_config, fresh_s)},
    [RESOURCE_VENUE] = {"venue_fresh_s", offsetof(struct provider_config, venue_fresh_s)},
    [RESOURCE_ARTIST] = {"artist_fresh_s", offsetof(struct provider_config, artist_fresh_s)},
};

#define N_LIFETIMES ((int)(sizeof(lifetimes) / sizeof(lifetimes[0])))

static unsigned lifetime_s(const struct provider_config *provider, enum resource kind)
{
    return *(const unsigned *)((const char *)provider + lifetimes[kind].offset);
}

/* What is fresh is kept, so the terms are the ceiling of every lifetime. */
static bool check_lifetimes(const struct config *config, const struct provider_config *provider,
                            struct fault *ret_fault)
{
    const struct translator *translator = provider->translator;
    for (int i = -1; i < N_LIFETIMES; i++) {
        const char *key = i < 0 ? "keep_s" : lifetimes[i].key;
        unsigned s = i < 0 ? provider->keep_s : lifetime_s(provider, (enum resource)i);
        if (s <= (unsigned)translator->keep_ceiling_s)
            continue;
        fault_say(ret_fault, "[%s] %s = %u is over what %s's terms allow; give at most %d", provider->section,
                  key, s, translator->title, translator->keep_ceiling_s);
        return config_locate(config, provider->section, key, ret_fault);
    }
    return true;
}

/* Whoever asks a server of their own, such as a mirror, makes the rules there. */
static bool check_rate(const struct config *config, const struct provider_config *provider,
                       struct fault *ret_fault)
{
    const struct translator *translator = provider->translator;
    unsigned most = translator->max_requests_per_s, asked = provider->requests_per_s;
    if (most == 0 || (asked > 0 && asked <= most) || strcmp(provider->base_url, translator->base_url) != 0)
        return true;
    fault_say(
        ret_fault,
        "[%s] requests_per_s = %u%s is over what %s's rules allow at its base_url; give at most %u, and "
        "not 0",
        provider->section, asked, asked == 0 ? " (no limit)" : "", translator->title, most);
    return config_locate(config, provider->section, "requests_per_s", ret_fault);
}

/* NULL: a certificate is in it; otherwise why it cannot be used. */
static const char *authorities_fault(const char *path)
{
    struct stat status;
    FILE *file = stat(path, &status) == 0 && S_ISREG(status.st_mode) ? fopen(path, "re") : NULL;
    if (file == NULL)
        return "is no file that can be read";
    X509 *certificate = PEM_read_X509(file, NULL, NULL, NULL);
    fclose(file);
    ERR_clear_error();
    X509_free(certificate);
    return certificate != NULL ? NULL : "has no certificate in it";
}

static bool check_provider(const struct config *config, struct provider_config *provider,
                           struct fault *ret_fault)
{
    const struct translator *translator = provider->translator;
    if (provider->base_url == NULL) {
        fault_say(ret_fault, "[%s] base_url is empty; leave the setting out for %s", provider->section,
                  translator->base_url);
        return config_locate(config, provider->section, "base_url", ret_fault);
    }
    if (!check_lifetimes(config, provider, ret_fault) || !check_rate(config, provider, ret_fault))
        return false;
    if (provider->contact != NULL && !is_comment(provider->contact)) {
        fault_say(
            ret_fault,
            "[%s] contact is to stand in a User-Agent: give a URL or an e-mail address in ASCII, without "
            "brackets or backslashes",
            provider->section);
        return config_locate(config, provider->section, "contact", ret_fault);
    }
    if (provider->enabled && provider->ca_file != NULL && !key_section_is(provider)) {
        const char *why = authorities_fault(provider->ca_file);
        if (why != NULL) {
            fault_say(ret_fault, "[%s] ca_file = %.150s: %s; give the path of a PEM file, or leave it empty",
                      provider->section, provider->ca_file, why);
            return config_locate(config, provider->section, "ca_file", ret_fault);
        }
    }
    if (provider->enabled && !secret_read(provider, ret_fault))
        return config_locate(config, provider->section, "api_key_file", ret_fault);
    if (!key_section_check(config, provider, ret_fault))
        return config_locate(config, provider->section, "artist", ret_fault);
    return true;
}

static void default_public_url(struct config *config)
{
    char url[64];
    const char *first = config->listen.https != NULL ? config->listen.https : "";
    size_t len = strcspn(first, " ");
    const char *colon = memrchr(first, ':', len);
    size_t port_len = colon != NULL ? len - (size_t)(colon - first) : 0;
    if (port_len == 4 && strncmp(colon, ":443", 4) == 0)
        port_len = 0;
    snprintf(url, sizeof(url), "https://localhost%.*s", (int)(port_len < 7 ? port_len : 0),
             colon != NULL ? colon : "");
    config->site.public_url = must(strdup(url));
}

static bool refuse(const struct config *config, const char *section, const char *key, const char *why,
                   struct fault *ret_fault)
{
    fault_say(ret_fault, "[%s] %s %s", section, key, why);
    return config_locate(config, section, key, ret_fault);
}

/* The same with the value that is refused. */
static bool refuse_value(const struct config *config, const char *section, const char *key, const char *value,
                         const char *why, struct fault *ret_fault)
{
    fault_say(ret_fault, "[%s] %s = %.150s: %s", section, key, value, why);
    return config_locate(config, section, key, ret_fault);
}

/* `why` names the address already, which is one of several. */
static bool refuse_listen(const struct config *config, const char *key, const char *why,
                          struct fault *ret_fault)
{
    fault_say(ret_fault, "[listen] %s = %s", key, why);
    return config_locate(config, "listen", key, ret_fault);
}

/* Sockets share their ports (SO_REUSEPORT), so the kernel would let two settings have the same one. */
static bool check_listen(const struct config *config, struct fault *ret_fault)
{
    static const char *const keys[] = {"https", "http", "admin", "plain", "proxy_protocol"};
    enum { N_KEYS = sizeof(keys) / sizeof(keys[0]) };
    const char *const texts[N_KEYS] = {config->listen.https, config->listen.http, config->listen.admin,
                                       config->listen.plain, config->listen.proxy_protocol};
    struct listen_address addresses[N_KEYS][LISTEN_MAX_ADDRESSES];
    struct fault why;
    size_t n[N_KEYS];
    if (!config_ends_tls(config) && config->listen.plain == NULL)
        return refuse(config, "listen", "https", "is empty; give an address such as 0.0.0.0:8443", ret_fault);
    for (size_t i = 0; i < N_KEYS; i++) {
        if (!listen_addresses_parse(texts[i], addresses[i], &n[i], &why))
            return refuse_listen(config, keys[i], why.text, ret_fault);
        if (i >= 3 && texts[i] != NULL && config->listen.trusted_proxies == NULL)
            return refuse_value(config, "listen", keys[i], texts[i],
                                "it is for trusted_proxies alone, which is empty; name the proxies there",
                                ret_fault);
        for (size_t j = 0; j < i * LISTEN_MAX_ADDRESSES; j++) {
            size_t other = j / LISTEN_MAX_ADDRESSES, at = j % LISTEN_MAX_ADDRESSES;
            for (size_t k = 0; at < n[other] && k < n[i]; k++) {
                if (!listen_addresses_same(&addresses[other][at], &addresses[i][k]))
                    continue;
                fault_say(&why, "%.127s: that is an address of %s, too; change one of them",
                          addresses[i][k].text, keys[other]);
                return refuse_listen(config, keys[i], why.text, ret_fault);
            }
        }
    }
    return true;
}

/* A user and a password are for each other. The password is the configuration's from then on. */
static bool check_password(struct config *config, struct fault *ret_fault)
{
    const char *user = config->cache.memcached_user, *path = config->cache.memcached_password_file;
    if (config->cache.memcached_password == NULL && path != NULL &&
        !secret_read_file(path, &config->cache.memcached_password))
        return refuse_value(config, "cache", "memcached_password_file", path,
                            errno == ENODATA ? "is empty; put the password into it" : strerror(errno),
                            ret_fault);
    const bool has_password = config->cache.memcached_password != NULL;
    if (user != NULL && !has_password)
        return refuse_value(config, "cache", "memcached_user", user,
                            "it has no password; give memcached_password_file", ret_fault);
    if (user == NULL && has_password)
        return refuse(config, "cache", path != NULL ? "memcached_password_file" : "memcached_password",
                      "is for a user; give memcached_user, or leave it out", ret_fault);
    return true;
}

static bool check_cache(struct config *config, struct fault *ret_fault)
{
    struct address servers[ADDRESS_MAX];
    const char *why = NULL, *text = config->cache.memcached;
    const size_t n = text != NULL ? address_parse_list(text, servers, &why) : 0;
    if (text != NULL && n == 0)
        return refuse_value(config, "cache", "memcached", text, why, ret_fault);
    for (size_t i = 0; i < n && config->cache.memcached_user != NULL; i++) {
        if (servers[i].port == 0)
            return refuse_value(config, "cache", "memcached_user", config->cache.memcached_user,
                                "memcached asks for a user over TCP alone, not on a socket such as that of "
                                "memcached; leave it out, or give host:port there",
                                ret_fault);
    }
    return check_password(config, ret_fault);
}

static bool is_directory(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode) && access(path, R_OK | X_OK) == 0;
}

/* Its value may hold a password, so it is in no message. */
static bool check_proxy(const struct config *config, struct fault *ret_fault)
{
    const char *url = config->upstream.proxy;
    const char *host = url == NULL                        ? NULL
                       : strncmp(url, "http://", 7) == 0  ? url + 7
                       : strncmp(url, "https://", 8) == 0 ? url + 8
                                                          : "";
    if (host == NULL || (host[0] != '\0' && strpbrk(host, "/?# ") == NULL))
        return true;
    return refuse(config, "upstream", "proxy",
                  "must be http://host:port or https://host:port, without a path", ret_fault);
}

static bool check_serving(const struct config *config, struct fault *ret_fault)
{
    if (!check_listen(config, ret_fault))
        return false;
    if (config->listen.acme_directory != NULL && !is_directory(config->listen.acme_directory))
        return refuse_value(config, "listen", "acme_directory", config->listen.acme_directory,
                            "is no directory that can be read", ret_fault);
    if (config->listen.https == NULL && config->site.public_url == NULL)
        return refuse(config, "site", "public_url",
                      "is missing; without https nothing else says where visitors find the service",
                      ret_fault);
    if (config_ends_tls(config) && config->tls.certificate == NULL)
        return refuse(config, "tls", "certificate", "is missing; give the path of a PEM file, the leaf first",
                      ret_fault);
    if (config_ends_tls(config) && config->tls.key == NULL)
        return refuse(config, "tls", "key", "is missing; give the path of the PEM file of the private key",
                      ret_fault);
    return true;
}

/* ---- tours ---- */

#define MAX_HOST_BYTES  253
#define HOST_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789-."

static bool refuse_tour(const struct config *config, const struct tour_config *tour, const char *key,
                        const char *why, const char *what, struct fault *ret_fault)
{
    fault_say(ret_fault, "[%s] %s %s%s", tour->section, key, why, what);
    return config_locate(config, tour->section, key, ret_fault);
}

static bool is_host(const char *host)
{
    size_t len = strlen(host);
    return len <= MAX_HOST_BYTES && strspn(host, HOST_CHARACTERS) == len && strchr(host, '.') != NULL &&
           host[0] != '.' && host[len - 1] != '.' && strstr(host, "..") == NULL;
}

static bool is_public_host(const struct config *config, const char *host)
{
    const char *ours = config->site.public_url != NULL ? strstr(config->site.public_url, "://") : NULL;
    size_t len = strlen(host);
    return ours != NULL && strncasecmp(ours + 3, host, len) == 0 && strchr(":/", ours[3 + len]) != NULL;
}

static bool check_tour_host(const struct config *config, const struct tour_config *tour,
                            struct fault *ret_fault)
{
    if (tour->host == NULL) {
        return tour->certificate == NULL && tour->key == NULL
                   ? true
                   : refuse_tour(config, tour, tour->certificate != NULL ? "certificate" : "key",
                                 "is for a host of its own; give host, or leave it out", "", ret_fault);
    }
    if (!is_host(tour->host))
        return refuse_tour(config, tour, "host",
                           "is no name of a host such as tour.artist.example, in lower case", "", ret_fault);
    if (is_public_host(config, tour->host))
        return refuse_tour(config, tour, "host", "is the one of [site] public_url; leave it out for /tour/",
                           tour_section_name(tour), ret_fault);
    if ((tour->certificate == NULL) != (tour->key == NULL))
        return refuse_tour(config, tour, tour->key == NULL ? "certificate" : "key",
                           "stands alone; give certificate and key, or neither", "", ret_fault);
    for (const struct tour_config *other = config->tours; other < tour; other++) {
        if (other->host != NULL && strcmp(other->host, tour->host) == 0)
            return refuse_tour(config, tour, "host", "is the one of another tour too: ", other->section,
                               ret_fault);
    }
    return true;
}

/* No host twice, and a certificate with its key. */
static bool check_tours(const struct config *config, struct fault *ret_fault)
{
    for (size_t i = 0; i < config->n_tours; i++) {
        const struct tour_config *tour = &config->tours[i];
        if (tour->provider == NULL)
            return refuse_tour(config, tour, "provider", "is missing; give the name of one", "", ret_fault);
        if (tour->id == NULL)
            return refuse_tour(config, tour, "id",
                               "is missing; give the provider's id of the artist or venue", "", ret_fault);
        if (!check_tour_host(config, tour, ret_fault))
            return false;
    }
    return true;
}

/* ---- all of it ---- */

bool config_check(struct config *config, bool for_serving, struct fault *ret_fault)
{
    enum log_level level;
    struct proxies proxies;
    key_section_inherit(config);
    for (size_t i = 0; i < config->n_providers; i++) {
        if (!check_provider(config, &config->providers[i], ret_fault))
            return false;
    }
    if (!log_level_read(config->log.level, &level))
        return refuse_value(config, "log", "level", config->log.level != NULL ? config->log.level : "",
                            "must be debug, info, warn or error", ret_fault);
    const char *why = proxies_parse(config->listen.trusted_proxies, &proxies);
    if (why != NULL)
        return refuse_value(config, "listen", "trusted_proxies", config->listen.trusted_proxies, why,
                            ret_fault);
    if (!check_proxy(config, ret_fault) || !check_cache(config, ret_fault) ||
        !access_load(config, ret_fault) || (for_serving && !check_serving(config, ret_fault)))
        return false;
    const char *open_pages = config->site.open_pages != NULL ? config->site.open_pages : "";
    if (strcmp(open_pages, "yes") != 0 && strcmp(open_pages, "preview") != 0 && strcmp(open_pages, "no") != 0)
        return refuse(config, "site", "open_pages", "must be yes, preview or no", ret_fault);
    config->site.is_default = config->site.public_url == NULL;
    if (config->site.is_default)
        default_public_url(config);
    return check_tours(config, ret_fault);
}

/* A document is kept with its encodings. */
static size_t bytes_kept(size_t document_bytes)
{
    return document_bytes + document_bytes / ENCODED_SHARE;
}

static bool warns_of_memory(const struct config *config, struct fault *ret_fault)
{
    size_t document_bytes = config->limits.max_document_bytes;
    unsigned memory_mb = config->cache.memory_mb, enough_mb = memory_mb;
    size_t room = memory_tier_max_value_bytes((size_t)memory_mb << 20);
    if (bytes_kept(document_bytes) <= room)
        return false;
    while (bytes_kept(document_bytes) > memory_tier_max_value_bytes((size_t)enough_mb << 20))
        enough_mb++;
    fault_say(ret_fault,
              "[cache] memory_mb = %u keeps nothing over %zu bytes, but [limits] max_document_bytes = %zu: "
              "larger documents are made anew for every request; give memory_mb = %u, or a lower limit",
              memory_mb, room, document_bytes, enough_mb);
    config_locate(config, "cache", "memory_mb", ret_fault);
    return true;
}

/* Where a document is given up the client still waits for the answer that says so. */
static bool warns_of_deadlines(const struct config *config, struct fault *ret_fault)
{
    unsigned response_ms = config->listen.response_deadline_ms;
    unsigned document_ms = config->limits.document_deadline_ms;
    if (response_ms > document_ms)
        return false;
    fault_say(ret_fault,
              "[listen] response_deadline_ms = %u is not over [limits] document_deadline_ms = %u: whoever "
              "waits for a slow upstream is cut off without an answer; give more than %u, or a lower "
              "document_deadline_ms",
              response_ms, document_ms, document_ms);
    config_locate(config, "listen", "response_deadline_ms", ret_fault);
    return true;
}

/* A keep_s below a default says enough by itself. */
static bool warns_of_lifetime(const struct config *config, const struct provider_config *provider,
                              enum resource kind, struct fault *ret_fault)
{
    unsigned fresh_s = lifetime_s(provider, kind);
    if (fresh_s <= provider->keep_s || fresh_s == (unsigned)provider->translator->fresh_s[kind])
        return false;
    fault_say(
        ret_fault,
        "[%s] %s = %u is over keep_s = %u, and answers are fresh for that long only; give at most %u, or "
        "a higher keep_s",
        provider->section, lifetimes[kind].key, fresh_s, provider->keep_s, provider->keep_s);
    config_locate(config, provider->section, lifetimes[kind].key, ret_fault);
    return true;
}

bool config_warns(const struct config *config, size_t index, struct fault *ret_fault)
{
    if (index < config->n_remarks) {
        fault_say(ret_fault, "%s", config->remarks[index]);
        return true;
    }
    index -= config->n_remarks;
    if (warns_of_memory(config, ret_fault) && index-- == 0)
        return true;
    if (warns_of_deadlines(config, ret_fault) && index-- == 0)
        return true;
    for (size_t i = 0; i < config->n_providers; i++) {
        const struct provider_config *provider = &config->providers[i];
        for (int kind = 0; kind < N_LIFETIMES && !key_section_is(provider); kind++) {
            if (warns_of_lifetime(config, provider, (enum resource)kind, ret_fault) && index-- == 0)
                return true;
        }
    }
    return false;
}
