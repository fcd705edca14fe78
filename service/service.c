/* Builds the objects of a running service in order, swaps what a reload brings, tears down in reverse. What
 * the commands do with it: main.c. */
#include "service.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "cache/cache.h"
#include "service/config/config_check.h"
#include "service/config/config_find.h"
#include "service/config/config_load.h"
#include "service/config/descriptors.h"
#include "service/config/settings.h"
#include "service/front/front.h"
#include "service/jobs/back.h"
#include "service/listen/listen.h"
#include "service/process/clock.h"
#include "service/process/log.h"
#include "service/process/stats.h"
#include "service/process/ticket_keys.h"
#include "service/serve/serve.h"
#include "service/site/tours.h"
#include "translators/base/must.h"

#define MEMCACHED_MAX_QUEUE \
    4096 /* operations waiting for a thread; beyond, reads are misses, writes are left out */
#define MAX_REQUESTS_PER_S 20000 /* of one connection: 200 whose answers it gives up unread (guard.h) */

#define MAX_RETIRED     16
#define RETIRED_GRACE_S 2 /* for a request that a front thread has just begun to look at */
#define RETIRED_LIFE_S  (FRONT_MAX_HANDSHAKE_MS / 1000 + RETIRED_GRACE_S)

/* What front threads read and a reload replaces. */
struct generation {
    struct config *config;
    struct tls_context *tls;
    struct tours *tours;
    int64_t retired_s; /* monotonic */
};

struct service {
    const char *config_path;
    struct stats stats;
    struct listen_sockets https, http, admin, plain, proxied;
    struct cache *cache;
    struct config *started_with; /* without providers */
    struct back *back;
    struct generation now;
    struct generation retired[MAX_RETIRED]; /* the oldest first */
    unsigned n_retired;
    bool reload_wanted; /* when one of the retired is gone */
    struct serve *serve;
    struct front *front;
    struct ticket_keys *keys;
    struct fault keys_why; /* what is wrong with their file, as it was logged */
};

static void on_memcached(const struct memcached_server_status *status)
{
    if (status->down)
        log_event(LOG_WARN, "memcached_down", "server", status->name, "why", status->why, NULL);
    else
        log_event(LOG_INFO, "memcached_back", "server", status->name, NULL);
}

/* What has to connect first may take four times memcached_timeout_ms (memcached.h). */
#define FIRST_LOOK_TIMES 5

struct cache *service_cache_new(const struct config *config, const char **ret_why)
{
    /* Documents hold the address of the site, and no more acts than this. */
    char space[512];
    snprintf(space, sizeof(space), "%s %u", config->site.is_default ? "" : config->site.public_url,
             CONFIG_MAX_PERFORMERS);
    struct memcached_options memcached = {.servers = config->cache.memcached,
                                          .threads = CONFIG_MEMCACHED_THREADS,
                                          .timeout_ms = config->cache.memcached_timeout_ms,
                                          .probe_ms = config->cache.memcached_probe_ms,
                                          .max_queue = MEMCACHED_MAX_QUEUE,
                                          .max_value_bytes = config->cache.memcached_max_value_bytes,
                                          .space = space,
                                          .user = config->cache.memcached_user,
                                          .password = config->cache.memcached_password,
                                          .on_change = on_memcached};
    struct cache_options options = {.memory_bytes = (size_t)config->cache.memory_mb << 20,
                                    .memcached = config->cache.memcached != NULL ? &memcached : NULL};
    struct cache *cache = cache_new(&options, ret_why);
    if (cache != NULL) {
        cache_learn_purges(cache, clock_unix_s());
        cache_wait_for_purges(cache, FIRST_LOOK_TIMES * config->cache.memcached_timeout_ms);
    }
    return cache;
}

static void explain_keys(const struct config *config, const char *why, struct fault *ret_fault)
{
    fault_say(ret_fault, "[tls] ticket_keys = %s: %s", config->tls.ticket_keys, why);
    config_locate(config, "tls", "ticket_keys", ret_fault);
}

/* Hosts of tours. Returns how many; `sites` has room for all tours, and *ret_tours says whose each is. */
static size_t sites_of(const struct config *config, struct tls_site *sites,
                       const struct tour_config **ret_tours)
{
    size_t n = 0;
    for (size_t i = 0; i < config->n_tours; i++) {
        const struct tour_config *tour = &config->tours[i];
        if (tour->host == NULL)
            continue;
        sites[n] = (struct tls_site){tour->host, tour->certificate, tour->key};
        ret_tours[n++] = tour;
    }
    return n;
}

/* What is wrong begins with the path of the file. */
static void blame_file(const struct config *config, const char *section, const char *key_file,
                       const char *why, struct fault *ret_fault)
{
    size_t key_len = key_file != NULL ? strlen(key_file) : 0;
    bool is_key = key_len > 0 && strncmp(why, key_file, key_len) == 0 && why[key_len] == ':';
    const char *key = is_key ? "key" : "certificate";
    fault_say(ret_fault, "[%s] %s = %.450s", section, key, why);
    config_locate(config, section, key, ret_fault);
}

/* A tour's host, and the certificate that does not serve it: the tour's own, or that of all others. */
static void blame_site(const struct config *config, const struct tour_config *tour, const char *why,
                       struct fault *ret_fault)
{
    if (tour->certificate != NULL) {
        blame_file(config, tour->section, tour->key, why, ret_fault);
        return;
    }
    fault_say(
        ret_fault,
        "[%s] host = %s has no certificate of its own, and that of [tls] is not for it; give certificate "
        "and key",
        tour->section, tour->host);
    config_locate(config, tour->section, "host", ret_fault);
}

struct tls_context *service_tls_new(const struct config *config, struct ticket_keys *keys,
                                    struct fault *ret_fault)
{
    struct fault keys_why;
    if (config->tls.ticket_keys != NULL && !ticket_keys_check(config->tls.ticket_keys, &keys_why)) {
        explain_keys(config, keys_why.text, ret_fault);
        return NULL;
    }
    struct fault why = {.text = ""};
    if (config->tls.certificate == NULL || config->tls.key == NULL) {
        fault_say(ret_fault,
                  "[tls] certificate and key are needed as long as the addresses for TLS are open: until a "
                  "restart");
        return NULL;
    }
    struct tls_site *sites = must(calloc(config->n_tours + 1, sizeof(*sites)));
    const struct tour_config **tours = must(calloc(config->n_tours + 1, sizeof(*tours)));
    size_t site, n_sites = sites_of(config, sites, tours);
    struct tls_context *tls = tls_new(&(struct tls_options){.certificate = config->tls.certificate,
                                                            .key = config->tls.key,
                                                            .http2 = config->listen.http2,
                                                            .keys = keys,
                                                            .sites = sites,
                                                            .n_sites = n_sites},
                                      &site, &why);
    if (tls == NULL && site < n_sites)
        blame_site(config, tours[site], why.text, ret_fault);
    else if (tls == NULL)
        blame_file(config, "tls", config->tls.key, why.text, ret_fault);
    free(sites);
    free(tours);
    return tls;
}

static unsigned front_threads(const struct config *config)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    if (config->listen.threads > 0)
        return config->listen.threads;
    return cores < 1 ? 1 : cores > LISTEN_MAX_THREADS ? LISTEN_MAX_THREADS : (unsigned)cores;
}

/* As many clients as the limit of open files lets in: at the limit libh2o would spin. */
static unsigned fit_connections(const struct service *service)
{
    const struct config *config = service->now.config;
    unsigned wanted = config->listen.max_connections;
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return wanted;
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    getrlimit(RLIMIT_NOFILE, &files);
    unsigned long long reserved = descriptors_reserved(config, front_threads(config),
                                                       service->https.n + service->http.n + service->admin.n +
                                                           service->plain.n + service->proxied.n);
    unsigned fit = descriptors_for_clients(files.rlim_cur, reserved, wanted);
    if (fit < wanted)
        log_event(LOG_WARN, "connections_lowered", "max_connections", log_number(fit), "why",
                  "the limit of open files (ulimit -n), which upstreams and memcached have a share of",
                  "open_files", log_number((long long)files.rlim_cur), "enough",
                  log_number((long long)(wanted + reserved)), NULL);
    return fit;
}

/* Says what is wrong with a setting, and where it stands. */
static void blame(const struct config *config, const char *section, const char *key, const char *why,
                  struct fault *ret_fault)
{
    fault_say(ret_fault, "[%s] %s: %s", section, key, why);
    config_locate(config, section, key, ret_fault);
}

static bool open_listeners(struct service *service, struct fault *ret_fault)
{
    const struct config *config = service->now.config;
    const struct {
        const char *key, *addresses;
        struct listen_sockets *sockets;
    } kinds[] = {{"https", config->listen.https, &service->https},
                 {"http", config->listen.http, &service->http},
                 {"admin", config->listen.admin, &service->admin},
                 {"plain", config->listen.plain, &service->plain},
                 {"proxy_protocol", config->listen.proxy_protocol, &service->proxied}};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        struct fault why;
        if (!listen_open(kinds[i].addresses, front_threads(config), kinds[i].sockets, &why)) {
            blame(config, "listen", kinds[i].key, why.text, ret_fault);
            return false;
        }
    }
    return true;
}

static bool start_front(struct service *service)
{
    const struct config *config = service->now.config;
    unsigned fit = fit_connections(service);
    struct front_options options = {
        .threads = front_threads(config),
        .https_fds = service->https.fds,
        .http_fds = service->http.fds,
        .admin_fds = service->admin.fds,
        .n_https = service->https.per_thread,
        .n_http = service->http.per_thread,
        .n_admin = service->admin.per_thread,
        .trusted_fds = service->plain.fds,
        .n_trusted = service->plain.per_thread,
        .proxied_fds = service->proxied.fds,
        .n_proxied = service->proxied.per_thread,
        .tls = service->now.tls,
        .max_connections = fit,
        .max_connections_per_address = descriptors_for_address(fit, config->listen.max_connections,
                                                               config->listen.max_connections_per_address),
        .max_requests_per_s = MAX_REQUESTS_PER_S,
        .response_deadline_ms = config->listen.response_deadline_ms,
        .request_timeout_ms = config->listen.request_timeout_ms,
        .http2 = config->listen.http2,
        .on_request = serve_on_request,
        .on_plain_request = serve_on_plain_request,
        .on_admin_request = serve_on_admin_request,
        .arg = service->serve,
        .stats = &service->stats,
    };
    proxies_parse(config->listen.trusted_proxies, &options.proxies);
    service->front = front_new(&options);
    return service->front != NULL;
}

static void generation_done(struct generation *generation)
{
    tls_free(generation->tls);
    tours_free(generation->tours);
    config_unref(generation->config);
    *generation = (struct generation){0};
}

/* The first configuration makes the cache and the back thread; the next are handed to the back thread. */
static bool hand_to_back(struct service *service, struct config *config, struct fault *ret_fault)
{
    const char *why = "";
    if (service->cache == NULL) {
        service->cache = service_cache_new(config, &why);
        if (service->cache == NULL) {
            blame(config, "cache", "memcached", why, ret_fault);
            return false;
        }
    }
    if (service->back != NULL)
        back_reload(service->back, config);
    else
        service->back = back_new(config, service->cache, &service->stats);
    return true;
}

/* Reads the configuration and what it names, and hands it to the back thread. False: nothing is left of it.
 */
static bool generation_begin(struct service *service, struct generation *ret, struct fault *ret_fault)
{
    enum log_level level;
    *ret = (struct generation){.config = config_load(service->config_path, true, ret_fault)};
    if (ret->config == NULL)
        return false;
    /* Addresses are opened once, at the start. */
    bool needs_tls = config_ends_tls(service->started_with != NULL ? service->started_with : ret->config);
    ret->tls = needs_tls ? service_tls_new(ret->config, service->keys, ret_fault) : NULL;
    if (ret->tls != NULL || !needs_tls)
        ret->tours = tours_new(ret->config, ret_fault);
    if (ret->tours == NULL || !hand_to_back(service, ret->config, ret_fault)) {
        generation_done(ret);
        return false;
    }
    if (log_level_read(ret->config->log.level, &level))
        log_set_level(level);
    for (size_t i = 0; config_warns(ret->config, i, ret_fault); i++)
        log_event(LOG_WARN, "configuration", "why", ret_fault->text, NULL);
    return true;
}

/* False: the file of the keys cannot be used. What is wrong with it is logged once. */
static bool sweep_keys(struct service *service)
{
    const char *path = service->now.config->tls.ticket_keys;
    struct fault why;
    bool usable = ticket_keys_sweep(service->keys, path, time(NULL), &why);
    if (strcmp(why.text, service->keys_why.text) != 0 && *why.text != '\0')
        log_event(LOG_WARN, "ticket_keys", "file", path, "why", why.text, NULL);
    service->keys_why = why;
    return usable;
}

static bool start_keys(struct service *service, struct fault *ret_fault)
{
    if (sweep_keys(service))
        return true;
    explain_keys(service->now.config, service->keys_why.text, ret_fault);
    return false;
}

static struct config *copy_without_providers(const struct config *config)
{
    struct config *copy = must(calloc(1, sizeof(*copy)));
    copy->_n_refs = 1;
    for (const struct setting *setting = settings; setting->key != NULL; setting++) {
        if (setting->section != NULL)
            setting_copy(setting, copy, config);
    }
    return copy;
}

static bool start(struct service *service, struct fault *ret_fault)
{
    if (!generation_begin(service, &service->now, ret_fault) || !start_keys(service, ret_fault) ||
        !open_listeners(service, ret_fault))
        return false;
    service->serve = serve_new(&(struct serve_options){.config = service->now.config,
                                                       .tours = service->now.tours,
                                                       .cache = service->cache,
                                                       .back = service->back,
                                                       .stats = &service->stats,
                                                       .started_s = time(NULL),
                                                       .n_threads = front_threads(service->now.config),
                                                       .https_port = service->https.port});
    if (!start_front(service)) {
        return fault_say(ret_fault, "a front thread could not be started: %s", strerror(errno));
    }
    service->started_with = copy_without_providers(service->now.config);
    serve_set_ready(service->serve, true);
    return true;
}

struct service *service_new(const char *config_path, struct fault *ret_fault)
{
    struct service *service = must(calloc(1, sizeof(*service)));
    service->config_path = config_path;
    service->keys = ticket_keys_new();
    if (!start(service, ret_fault)) {
        service_free(service);
        return NULL;
    }
    const struct config *config = service->now.config;
    log_event(LOG_INFO, "serving", "version", MARQUEE_VERSION, "https",
              config->listen.https != NULL ? config->listen.https : "none", "threads",
              log_number(front_threads(config)), "public_url", config->site.public_url, NULL);
    return service;
}

void service_free(struct service *service)
{
    struct listen_sockets *sockets[] = {&service->https, &service->http, &service->admin, &service->plain,
                                        &service->proxied};
    const struct config *config = service->now.config;
    if (service->front != NULL && config != NULL) {
        serve_set_ready(service->serve, false);
        bool clean = front_stop(service->front, config->listen.drain_ms);
        log_event(LOG_INFO, "stopped", "requests_cut", clean ? "no" : "yes", NULL);
    }
    for (size_t i = 0; i < sizeof(sockets) / sizeof(sockets[0]); i++) {
        if (service->front != NULL)
            listen_forget(sockets[i]); /* the front has closed them */
        else
            listen_close(sockets[i]);
    }
    for (unsigned i = 0; i < service->n_retired; i++)
        generation_done(&service->retired[i]);
    back_free(service->back);
    generation_done(&service->now);
    front_free(service->front);
    serve_free(service->serve);
    cache_free(service->cache);
    config_unref(service->started_with);
    ticket_keys_free(service->keys);
    free(service);
}

/* ---- reloading ---- */

/* A change of theirs waits for the next start, and each reload until then says so. */
static void report_what_stays(const struct config *started_with, const struct config *next)
{
    const char *section;
    for (size_t i = 0; (section = settings_need_restart(started_with, next, i)) != NULL; i++) {
        char name[16];
        snprintf(name, sizeof(name), "[%s]", section);
        log_event(LOG_WARN, "restart_needed", "for", name, NULL);
    }
}

/* What is stored carries its own end, in both tiers. */
static void report_what_is_kept(const struct config *before, const struct config *next)
{
    for (size_t i = 0; i < next->n_providers; i++) {
        const struct provider_config *provider = &next->providers[i];
        if (provider == config_provider(next, provider->translator) &&
            provider->keep_s < config_provider(before, provider->translator)->keep_s)
            log_event(LOG_WARN, "keep_s_lowered", "provider", provider->section, "keep_s",
                      log_number(provider->keep_s), "now",
                      "what is stored already is kept as long as before, in memcached after a restart too",
                      NULL);
    }
}

static void reload(struct service *service, int64_t now_s)
{
    struct fault fault;
    struct generation next;
    if (!generation_begin(service, &next, &fault)) {
        log_event(LOG_ERROR, "reload_failed", "why", fault.text, "now", "the old configuration stays in use",
                  NULL);
        return;
    }
    report_what_stays(service->started_with, next.config);
    report_what_is_kept(service->now.config, next.config);
    service->now.retired_s = now_s;
    service->retired[service->n_retired++] = service->now;
    service->now = next;
    serve_swap(service->serve, next.config, next.tours);
    if (next.tls != NULL)
        front_set_tls(service->front, next.tls);
    log_event(LOG_INFO, "reloaded", "certificate",
              next.config->tls.certificate != NULL ? next.config->tls.certificate : "none", NULL);
}

void service_sweep(struct service *service, int64_t now_s)
{
    unsigned n = 0;
    while (n < service->n_retired && now_s - service->retired[n].retired_s >= RETIRED_LIFE_S)
        generation_done(&service->retired[n++]);
    service->n_retired -= n;
    memmove(service->retired, service->retired + n, service->n_retired * sizeof(service->retired[0]));
    if (service->reload_wanted && service->n_retired < MAX_RETIRED) {
        service->reload_wanted = false;
        reload(service, now_s);
    }
    sweep_keys(service);
}

void service_reload(struct service *service, int64_t now_s)
{
    service->reload_wanted = true;
    service_sweep(service, now_s);
}
