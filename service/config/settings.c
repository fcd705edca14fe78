/* The table of settings and the conversion of one value. Where values come from, and what they mean together:
 * config.c. */
#include "settings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "config.h"
#include "service/http/proxies.h"
#include "translators/base/must.h"
#include "translators/base/text.h"

#define OF(field)          offsetof(struct config, field)
#define OF_PROVIDER(field) offsetof(struct provider_config, field)
#define YEAR_S             31536000ull
#define GIB                (1024ull * 1024 * 1024)

/* Below this no tour can be served at all; a short one at one venue can. */
#define LEAST_DOCUMENT_BYTES 524288

/* clang-format off */
const struct setting settings[] = {
    {"listen", "https", SETTING_TEXT, OF(listen.https), 0, 0, "0.0.0.0:8443", NULL, false,
     "Addresses where HTTPS is served, HTTP/2 and HTTP/1.1, separated by spaces. [::]:8443 serves IPv6 and IPv4, unless an IPv4 address of that port is listed, too. Who comes there in plain HTTP is redirected to HTTPS."},
    {"listen", "http", SETTING_TEXT, OF(listen.http), 0, 0, "0.0.0.0:8080", NULL, false,
     "Addresses in plain HTTP that only redirect to HTTPS. Empty: off."},
    {"listen", "admin", SETTING_TEXT, OF(listen.admin), 0, 0, "127.0.0.1:9090", NULL, false,
     "Addresses of the status page, /metrics, /healthz and /readyz, in plain HTTP: for the operator, not for the world. `marquee health` asks the first. Empty: off."},
    {"listen", "acme_directory", SETTING_TEXT, OF(listen.acme_directory), 0, 0, NULL, NULL, true,
     "Directory whose files answer /.well-known/acme-challenge/NAME on the http addresses, as certbot --webroot and others want it: the directory of the challenges itself. Empty: these are redirected, too."},
    {"listen", "plain", SETTING_TEXT, OF(listen.plain), 0, 0, NULL, NULL, false,
     "Addresses in plain HTTP/1.1 for proxies that end TLS: the service itself, to trusted_proxies alone. Empty: off."},
    {"listen", "proxy_protocol", SETTING_TEXT, OF(listen.proxy_protocol), 0, 0, NULL, NULL, false,
     "Addresses for HTTPS behind a PROXY header (versions 1 and 2), as HAProxy, nginx and load balancers send it; from trusted_proxies alone. Empty: off."},
    {"listen", "trusted_proxies", SETTING_TEXT, OF(listen.trusted_proxies), 0, 0, NULL, NULL, false,
     "Addresses and networks of proxies whose X-Forwarded-For is believed, such as 10.0.0.0/8 fd00::/8: client_cold_per_minute and its like then count the clients behind them. Each proxy must add the address that asked it. A list too long for one line can come from the environment. Empty: none."},
    {"listen", "threads", SETTING_COUNT, OF(listen.threads), 0, 64, "0", NULL, false,
     "Threads that serve clients. 0: one for each core."},
    {"listen", "http2", SETTING_BOOL, OF(listen.http2), 0, 0, "yes", NULL, false,
     "no: HTTP/1.1 only, should HTTP/2 be under attack."},
    {"listen", "max_connections", SETTING_COUNT, OF(listen.max_connections), 1, 1000000, "8192", NULL, false,
     "Connections of all clients together. The limit of open files lowers it: providers and memcached have their share of those."},
    {"listen", "max_connections_per_address", SETTING_COUNT, OF(listen.max_connections_per_address), 1, 1000000, "512", NULL, false,
     "Connections of one client address. Raise it behind a load balancer, which is one address."},
    {"listen", "response_deadline_ms", SETTING_COUNT, OF(listen.response_deadline_ms), 1000, 600000, "30000", NULL, false,
     "From a request to the last byte of its answer: slow readers are cut off then. Give more than document_deadline_ms, or a client that waits for a slow provider is cut off without an answer."},
    {"listen", "request_timeout_ms", SETTING_COUNT, OF(listen.request_timeout_ms), 500, 120000, "5000", NULL, false,
     "How long a client may take to send a request, and how long an idle connection is kept. One over HTTP/2 that is not quiet, but asks for nothing, is kept for response_deadline_ms."},
    {"listen", "drain_ms", SETTING_COUNT, OF(listen.drain_ms), 0, 600000, "10000", NULL, true,
     "How long requests under way may take to finish when the service stops."},

    {"tls", "certificate", SETTING_TEXT, OF(tls.certificate), 0, 0, NULL, "/etc/marquee/cert.pem", true,
     "PEM file of the certificate: the leaf first, then its chain. Not needed where plain is the only address."},
    {"tls", "key", SETTING_TEXT, OF(tls.key), 0, 0, NULL, "/etc/marquee/key.pem", true,
     "PEM file of the private key. Only the service's user should be able to read it."},
    {"tls", "ticket_keys", SETTING_TEXT, OF(tls.ticket_keys), 0, 0, NULL, NULL, true,
     "File of the keys of TLS session tickets, such as /var/lib/marquee/ticket-keys: instances that share it resume each other's sessions, and a restart loses none. The service makes it, and a new key in it every four hours, of which the last three count: its user must be able to write the directory. Empty: keys of this process alone."},

    {"site", "public_url", SETTING_URL, OF(site.public_url), 0, 0, NULL, NULL, false,
     "The address the world knows the service by: @id and the form write it, so it must not change later. Empty: https://localhost and the port of the first HTTPS address."},
    {"site", "open_pages", SETTING_TEXT, OF(site.open_pages), 0, 0, "yes", NULL, true,
     "Which pages below /tour/ anybody may ask for. yes: those of every artist, also to be listed on any host that proxies them; on a public instance that lends its upstream quota and its name to strangers. preview: only previews, which search engines do not list. no: none but those of the [tour:NAME] sections."},

    {"cache", "memory_mb", SETTING_COUNT, OF(cache.memory_mb), 1, 1048576, "64", NULL, false,
     "Documents and upstream answers in memory. check-config warns when the largest document would not be kept."},
    {"cache", "memcached", SETTING_TEXT, OF(cache.memcached), 0, 0, NULL, NULL, false,
     "memcached servers, shared by all instances: host:port host:port ... or /path/to.sock. deploy/memcached.conf has settings for them. Empty: memory only."},
    {"cache", "memcached_user", SETTING_TEXT, OF(cache.memcached_user), 0, 0, NULL, NULL, false,
     "User to log in as at every memcached (its -S), such as marquee@example.org: by SASL's PLAIN, over TCP alone. The password crosses the network in the clear, and so does all that is stored: between machines that share their network with others put stunnel or WireGuard. Empty: none."},
    {"cache", "memcached_password", SETTING_SECRET, OF(cache.memcached_password), 0, 0, NULL, NULL, false,
     "Its password, a secret. Better: memcached_password_file, or the environment."},
    {"cache", "memcached_password_file", SETTING_TEXT, OF(cache.memcached_password_file), 0, 0, NULL, NULL, false,
     "A file with the password in it, which only the service's user may read."},
    {"cache", "memcached_timeout_ms", SETTING_COUNT, OF(cache.memcached_timeout_ms), 5, 5000, "40", NULL, false,
     "For one operation. A server that is slower is left alone until a probe succeeds. A connection and the look-up of its name may take four times as long."},
    {"cache", "memcached_probe_ms", SETTING_COUNT, OF(cache.memcached_probe_ms), 100, 60000, "1000", NULL, false,
     "A server that failed is tried again after this."},
    {"cache", "memcached_max_value_bytes", SETTING_BYTES, OF(cache.memcached_max_value_bytes), 1024, 1073741824, "1000000", NULL, false,
     "Larger values stay in memory only. A little under memcached's -I, which is 1 MB by default; alike in all instances that share one. Lower it only with memcached emptied: a stored value that is 64 kB over the maximum makes the server count as failed whenever it is asked for."},
    {"cache", "not_found_fresh_s", SETTING_COUNT, OF(cache.not_found_fresh_s), 1, 86400, "300", NULL, true,
     "An artist that the provider does not know is not asked for again before."},
    {"cache", "gone_after_s", SETTING_COUNT, OF(cache.gone_after_s), 0, 604800, "3600", NULL, true,
     "A provider may lose an artist for a moment. One that was there is gone when the provider says so again after this time; until then the last good copy is served, marked. 0: the first word counts."},
    {"cache", "incomplete_fresh_s", SETTING_COUNT, OF(cache.incomplete_fresh_s), 1, 86400, "60", NULL, true,
     "A document that lacks an answer of the provider is made again after; an answer that cannot be used is asked for again after."},

    {"limits", "document_deadline_ms", SETTING_COUNT, OF(limits.document_deadline_ms), 100, 60000, "8000", NULL, true,
     "For one document, whatever the providers do."},
    {"limits", "max_jobs", SETTING_COUNT, OF(limits.max_jobs), 1, 100000, "256", NULL, true,
     "Documents in the making at once. Beyond, the answer is 503."},
    {"limits", "client_cold_per_minute", SETTING_COUNT, OF(limits.client_cold_per_minute), 0, 1000000, "300", NULL, true,
     "Documents that are not in memory, asked for by one client address (IPv6: one /64) in a minute. Beyond, the answer is 429. What is in memory is never limited. Behind a proxy all clients have its address, unless trusted_proxies names it. 0: no limit."},
    {"limits", "client_cold_burst", SETTING_COUNT, OF(limits.client_cold_burst), 1, 1000000, "300", NULL, true,
     "Of those, so many at once by a client that was quiet before."},
    {"limits", "client_cold_parallel", SETTING_COUNT, OF(limits.client_cold_parallel), 0, 1000000, "64", NULL, true,
     "Of those, so many under way at once. 0: no limit."},
    {"limits", "max_document_bytes", SETTING_BYTES, OF(limits.max_document_bytes), LEAST_DOCUMENT_BYTES, GIB, "8388608", NULL, true,
     "Bytes of one document."},

    {"access", "key_file", SETTING_TEXT, OF(access.key_file), 0, 0, NULL, NULL, true,
     "A file with a secret of 16 to 256 bytes: from then on only signed links are answered. `marquee sign URL` makes them, and so does the form for whoever has its password; deploy/examples has it for PHP, Node and Python. Empty: every link is answered."},
    {"access", "next_key_file", SETTING_TEXT, OF(access.next_key_file), 0, 0, NULL, NULL, true,
     "Links signed with this key are answered as well: put the new key here first and sign with it, then make it key_file. Empty: none."},
    {"access", "artists", SETTING_TEXT, OF(access.artists), 0, 0, NULL, NULL, true,
     "Only these artists are served: PROVIDER/ID, and PROVIDER/venue/ID or PROVIDER/event/ID for what is no artist, separated by spaces; * is any characters. A [tour:NAME] needs neither this nor a signature. Empty: all."},
    {"access", "deny", SETTING_TEXT, OF(access.deny), 0, 0, NULL, NULL, true,
     "These are not served, whatever a link says, in a [tour:NAME] neither: as in artists, and host names of pages. Name each id that an artist has, with mbid: too. Empty: none."},
    {"access", "form_password_file", SETTING_TEXT, OF(access.form_password_file), 0, 0, NULL, NULL, true,
     "A file with the password that the form at / asks for (any name will do). Needed with key_file, because the form signs. Empty: the form is open."},

    {"upstream", "proxy", SETTING_SECRET, OF(upstream.proxy), 0, 0, NULL, NULL, true,
     "Proxy by which providers are asked: http://host:port or https://host:port, with name:password@ in front of the host where it wants them. Never from http_proxy or its like. Empty: none."},

    {"log", "level", SETTING_TEXT, OF(log.level), 0, 0, "info", NULL, true,
     "debug, info, warn or error. One line an event, on standard error; no key is ever in it. Lines that nobody reads in time are left out: the next one says how many, and so does log_lines_lost of /metrics."},

    {NULL, "enabled", SETTING_BOOL, OF_PROVIDER(enabled), 0, 0, "yes", NULL, true,
     "no: its routes answer 404."},
    {NULL, "artist", SETTING_TEXT, OF_PROVIDER(artist), 0, 0, NULL, NULL, true,
     "Only in [provider:name]: the id of the artist that the key there is for."},
    {NULL, "base_url", SETTING_URL, OF_PROVIDER(base_url), 0, 0, NULL, NULL, true,
     "Where its API's paths begin; https only."},
    {NULL, "api_key", SETTING_SECRET, OF_PROVIDER(api_key), 0, 0, NULL, NULL, true,
     "The key, a secret. Better: a systemd credential, which the file /etc/marquee/keys/PROVIDER.key becomes by itself (marquee.service), or api_key_file, or the environment."},
    {NULL, "api_key_file", SETTING_TEXT, OF_PROVIDER(api_key_file), 0, 0, NULL, NULL, true,
     "A file with the key in it, which only the service's user may read."},
    {NULL, "ca_file", SETTING_TEXT, OF_PROVIDER(ca_file), 0, 0, NULL, NULL, true,
     "PEM file of the authorities to trust when it is asked. Empty: the system's."},
    {NULL, "fresh_s", SETTING_COUNT, OF_PROVIDER(fresh_s), 1, YEAR_S, NULL, NULL, true,
     "How long events are served without asking again; never longer than keep_s."},
    {NULL, "venue_fresh_s", SETTING_COUNT, OF_PROVIDER(venue_fresh_s), 1, YEAR_S, NULL, NULL, true,
     "As fresh_s, for venues."},
    {NULL, "artist_fresh_s", SETTING_COUNT, OF_PROVIDER(artist_fresh_s), 1, YEAR_S, NULL, NULL, true,
     "As fresh_s, for artists."},
    {NULL, "keep_s", SETTING_COUNT, OF_PROVIDER(keep_s), 1, YEAR_S, NULL, NULL, true,
     "How long answers are kept in all, to be served while the provider is in trouble. What is stored already keeps the lifetimes that it was stored with."},
    {NULL, "max_connections", SETTING_COUNT, OF_PROVIDER(max_connections), 1, 1000, "50", NULL, true,
     "Connections to a provider that speaks only HTTP/1.1."},
    {NULL, "max_concurrent", SETTING_COUNT, OF_PROVIDER(max_concurrent), 1, 10000, "100", NULL, true,
     "Requests under way at once."},
    {NULL, "max_queue", SETTING_COUNT, OF_PROVIDER(max_queue), 1, 100000, "4096", NULL, true,
     "Requests waiting their turn."},
    {NULL, "requests_per_s", SETTING_COUNT, OF_PROVIDER(requests_per_s), 0, 100000, NULL, NULL, true,
     "What the key may do. 0: no limit."},
    {NULL, "requests_per_day", SETTING_COUNT, OF_PROVIDER(requests_per_day), 0, 1000000000, NULL, NULL, true,
     "What the key may do. When the API says that a key is spent, nothing is asked until the time that it names. 0: no limit."},
    {NULL, "supplement_timeout_ms", SETTING_COUNT, OF_PROVIDER(supplement_timeout_ms), 0, 60000, NULL, NULL, true,
     "How long a finished document of another provider waits for an answer of this one. 0: as long as for its own."},
    {NULL, "contact", SETTING_TEXT, OF_PROVIDER(contact), 0, 0, NULL, NULL, true,
     "URL or e-mail address of whoever runs this service, for the User-Agent."},
    {NULL, "timeout_ms", SETTING_COUNT, OF_PROVIDER(timeout_ms), 100, 60000, "5000", NULL, true,
     "For one request, retries included."},
    {NULL, "http2", SETTING_BOOL, OF_PROVIDER(http2), 0, 0, "yes", NULL, true,
     "no: ask over HTTP/1.1 only."},
    {NULL, NULL, SETTING_TEXT, 0, 0, 0, NULL, NULL, false, NULL},
};
/* clang-format on */

static const struct former_setting former[] = {
    {"listen", "max_requests_per_s", NULL}, {"cache", "memcached_threads", NULL},
    {"cache", "memcached_max_queue", NULL}, {"cache", "hint_keep_s", NULL},
    {"limits", "max_inbox", NULL},          {"limits", "max_waiters_per_job", NULL},
    {"limits", "max_questions", NULL},      {"limits", "max_rounds", NULL},
    {"limits", "max_json_bytes", NULL},     {"limits", "max_json_depth", NULL},
    {"limits", "max_performers", NULL},     {NULL, "search_fresh_s", NULL},
    {NULL, "connect_timeout_ms", NULL},     {NULL, "max_answer_bytes", NULL},
    {NULL, "max_answers_bytes", NULL},      {NULL, "patience_ms", "supplement_timeout_ms"},
};

static bool is_in(const char *section, const char *of_setting)
{
    return of_setting == NULL ? section == NULL : section != NULL && strcmp(of_setting, section) == 0;
}

const struct former_setting *setting_find_former(const char *section, const char *key)
{
    for (size_t i = 0; i < sizeof(former) / sizeof(former[0]); i++) {
        if (is_in(section, former[i].section) && strcmp(former[i].key, key) == 0)
            return &former[i];
    }
    return NULL;
}

/* An environment variable has "_" in place of all that its name cannot hold. */
bool section_is(const char *section, const char *name)
{
    while (*section != '\0' && (*section == *name || (*name == '_' && strchr(":-", *section) != NULL))) {
        section++;
        name++;
    }
    return *section == *name;
}

const struct setting *setting_find(const char *section, const char *key)
{
    for (const struct setting *s = settings; s->key != NULL; s++) {
        if (is_in(section, s->section) && strcmp(s->key, key) == 0)
            return s;
    }
    return NULL;
}

static bool assign_bool(bool *field, const char *text, struct fault *ret_fault)
{
    static const char *const yes[] = {"yes", "true", "on", "1"}, *const no[] = {"no", "false", "off", "0"};
    for (size_t i = 0; i < 4; i++) {
        if (strcasecmp(text, yes[i]) == 0 || strcasecmp(text, no[i]) == 0) {
            *field = strcasecmp(text, yes[i]) == 0;
            return true;
        }
    }
    return fault_say(ret_fault, "must be yes or no");
}

static bool parse_number(const struct setting *setting, const char *text, unsigned long long *ret_number,
                         struct fault *ret_fault)
{
    char *end;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0) {
        return fault_say(ret_fault, "must be a whole number from %llu to %llu, without a unit", setting->min,
                         setting->max);
    }
    if (number < setting->min || number > setting->max) {
        return fault_say(ret_fault, "must be from %llu to %llu", setting->min, setting->max);
    }
    *ret_number = number;
    return true;
}

static bool assign_text(const struct setting *setting, void *base, const char *text, struct fault *ret_fault)
{
    size_t len = strlen(text);
    if (setting->type == SETTING_URL && len > 0) {
        /* Upstreams are asked over HTTPS only; the site itself is never anything else. */
        if (strncmp(text, "https://", 8) != 0 || !text_is_web_url(text, len) || strpbrk(text, "?#") != NULL) {
            return fault_say(ret_fault, "must be an absolute https:// URL without query");
        }
        while (len > 8 && text[len - 1] == '/')
            len--;
    }
    setting_clear(setting, base);
    if (len > 0) {
        char **field = (char **)((char *)base + setting->offset);
        *field = must(strndup(text, len));
    }
    return true;
}

bool setting_assign(const struct setting *setting, void *base, const char *text, struct fault *ret_fault)
{
    void *field = (char *)base + setting->offset;
    unsigned long long number = 0;
    switch (setting->type) {
    case SETTING_BOOL:
        return assign_bool(field, text, ret_fault);
    case SETTING_COUNT:
        if (!parse_number(setting, text, &number, ret_fault))
            return false;
        *(unsigned *)field = (unsigned)number;
        return true;
    case SETTING_BYTES:
        if (!parse_number(setting, text, &number, ret_fault))
            return false;
        *(size_t *)field = (size_t)number;
        return true;
    case SETTING_TEXT:
    case SETTING_SECRET:
    case SETTING_URL:
        break;
    }
    return assign_text(setting, base, text, ret_fault);
}

void setting_copy(const struct setting *setting, void *to, const void *from)
{
    char **text = (char **)((char *)to + setting->offset);
    const void *field = (const char *)from + setting->offset;
    switch (setting->type) {
    case SETTING_BOOL:
        *(bool *)((char *)to + setting->offset) = *(const bool *)field;
        return;
    case SETTING_COUNT:
        *(unsigned *)((char *)to + setting->offset) = *(const unsigned *)field;
        return;
    case SETTING_BYTES:
        *(size_t *)((char *)to + setting->offset) = *(const size_t *)field;
        return;
    case SETTING_TEXT:
    case SETTING_SECRET:
    case SETTING_URL:
        break;
    }
    setting_clear(setting, to);
    *text = *(char *const *)field != NULL ? must(strdup(*(char *const *)field)) : NULL;
}

void setting_clear(const struct setting *setting, void *base)
{
    if (setting->type != SETTING_TEXT && setting->type != SETTING_SECRET && setting->type != SETTING_URL)
        return;
    char **field = (char **)((char *)base + setting->offset);
    if (*field != NULL && setting->type == SETTING_SECRET)
        explicit_bzero(*field, strlen(*field));
    free(*field);
    *field = NULL;
}

_Static_assert(SETTING_MAX_BYTES >= PROXIES_MAX * (INET6_ADDRSTRLEN + sizeof("/128")),
               "a list of all networks is printed and compared whole");

void setting_print(const struct setting *setting, const void *base, char *text, size_t size)
{
    const void *field = (const char *)base + setting->offset;
    switch (setting->type) {
    case SETTING_BOOL:
        snprintf(text, size, "%s", *(const bool *)field ? "yes" : "no");
        break;
    case SETTING_COUNT:
        snprintf(text, size, "%u", *(const unsigned *)field);
        break;
    case SETTING_BYTES:
        snprintf(text, size, "%zu", *(const size_t *)field);
        break;
    case SETTING_SECRET:
        snprintf(text, size, "%s", *(char *const *)field != NULL ? "(set)" : "");
        break;
    case SETTING_TEXT:
    case SETTING_URL:
        snprintf(text, size, "%s", *(char *const *)field != NULL ? *(char *const *)field : "");
        break;
    }
}

static bool secrets_differ(const char *one, const char *other)
{
    return (one == NULL) != (other == NULL) || (one != NULL && strcmp(one, other) != 0);
}

static bool differs(const struct setting *setting, const void *one, const void *other)
{
    char text[SETTING_MAX_BYTES], other_text[SETTING_MAX_BYTES];
    if (setting->type == SETTING_SECRET)
        return secrets_differ(*(char *const *)((const char *)one + setting->offset),
                              *(char *const *)((const char *)other + setting->offset));
    setting_print(setting, one, text, sizeof(text));
    setting_print(setting, other, other_text, sizeof(other_text));
    return strcmp(text, other_text) != 0;
}

const char *settings_need_restart(const void *started_with, const void *next, size_t index)
{
    const char *section = ""; /* the one found before */
    for (const struct setting *s = settings; s->section != NULL; s++) {
        if (s->live || strcmp(s->section, section) == 0 || !differs(s, started_with, next))
            continue;
        section = s->section;
        if (index-- == 0)
            return section;
    }
    return NULL;
}
