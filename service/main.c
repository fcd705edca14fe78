/* marquee's sub-commands. Builds the objects in order, tears them down in reverse; the only file that knows
 * all of them. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "../cache/cache.h"
#include "../translators/zone.h"
#include "back.h"
#include "cli.h"
#include "config.h"
#include "front.h"
#include "get.h"
#include "listen.h"
#include "log.h"
#include "respond.h"
#include "route.h"
#include "serve.h"
#include "stats.h"
#include "tls.h"

enum exit_status { EXIT_OK = 0, EXIT_FAULT = 1, EXIT_USAGE = 2 };

#define RESERVED_FDS   256 /* listeners, upstreams, memcached, log */
#define OLD_TLS_LIFE_S 15

static struct cache *make_cache(const struct config *config, const char **ret_why)
{
    struct memcached_options memcached = {.servers = config->cache.memcached,
                                          .threads = config->cache.memcached_threads,
                                          .timeout_ms = config->cache.memcached_timeout_ms,
                                          .probe_ms = config->cache.memcached_probe_ms,
                                          .max_queue = config->cache.memcached_max_queue,
                                          .max_value_bytes = config->cache.memcached_max_value_bytes};
    struct cache_options options = {.memory_bytes = (size_t)config->cache.memory_mb << 20,
                                    .memcached = config->cache.memcached != NULL ? &memcached : NULL};
    return cache_new(&options, ret_why);
}

static int fail(const char *what, const char *why)
{
    fprintf(stderr, "marquee: %s%s%s\n", what, what[0] != '\0' ? ": " : "", why);
    return EXIT_USAGE;
}

/* ---- serve ---- */

struct service {
    struct config *config;
    struct stats stats;
    struct listen_sockets https, http, admin;
    struct tls_context *tls, *old_tls; /* the old one is kept until its handshakes must be over */
    struct cache *cache;
    struct back *back;
    struct serve *serve;
    struct front *front;
};

static unsigned front_threads(const struct config *config)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    if (config->listen.threads > 0)
        return config->listen.threads;
    return cores < 1 ? 1 : cores > LISTEN_MAX_THREADS ? LISTEN_MAX_THREADS : (unsigned)cores;
}

/* As many clients as the limit of open files lets in: at the limit libh2o would spin. */
static unsigned fit_connections(unsigned wanted)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return wanted;
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    getrlimit(RLIMIT_NOFILE, &files);
    rlim_t room = files.rlim_cur > 2 * RESERVED_FDS ? files.rlim_cur - RESERVED_FDS : files.rlim_cur / 2;
    if (room >= wanted)
        return wanted;
    log_event(LOG_WARN, "connections_lowered", "max_connections", log_number((long long)room), "why",
              "the limit of open files (ulimit -n)", NULL);
    return room > 0 ? (unsigned)room : 1;
}

static struct tls_context *make_tls(const struct config *config, const struct tls_context *previous,
                                    char ret_error[TLS_MAX_ERROR_BYTES])
{
    return tls_new(&(struct tls_options){.certificate = config->tls.certificate,
                                         .key = config->tls.key,
                                         .http2 = config->listen.http2,
                                         .previous = previous},
                   ret_error);
}

static bool open_listeners(struct service *service, char ret_error[LISTEN_MAX_ERROR_BYTES])
{
    const struct config *config = service->config;
    unsigned threads = front_threads(config);
    return listen_open(config->listen.https, threads, &service->https, ret_error) &&
           listen_open(config->listen.http, threads, &service->http, ret_error) &&
           listen_open(config->listen.admin, threads, &service->admin, ret_error);
}

static bool start_front(struct service *service)
{
    const struct config *config = service->config;
    struct front_options options = {
        .threads = front_threads(config),
        .https_fds = service->https.fds,
        .http_fds = service->http.fds,
        .admin_fds = service->admin.fds,
        .n_https = service->https.per_thread,
        .n_http = service->http.per_thread,
        .n_admin = service->admin.per_thread,
        .tls = service->tls,
        .max_connections = fit_connections(config->listen.max_connections),
        .max_connections_per_address = config->listen.max_connections_per_address,
        .max_requests_per_s = config->listen.max_requests_per_s,
        .response_deadline_ms = config->listen.response_deadline_ms,
        .request_timeout_ms = config->listen.request_timeout_ms,
        .http2 = config->listen.http2,
        .on_request = serve_on_request,
        .on_plain_request = serve_on_plain_request,
        .on_admin_request = serve_on_admin_request,
        .arg = service->serve,
        .stats = &service->stats,
    };
    service->front = front_new(&options);
    return service->front != NULL;
}

/* Builds everything. On failure what was built is left for service_stop(). */
static bool service_start(struct service *service, char error[CONFIG_MAX_ERROR_BYTES])
{
    const char *why = "";
    if (!open_listeners(service, error))
        return false;
    service->tls = make_tls(service->config, NULL, error);
    if (service->tls == NULL)
        return false;
    service->cache = make_cache(service->config, &why);
    if (service->cache != NULL)
        service->back = back_new(service->config, service->cache, &service->stats, &why);
    if (service->back == NULL) {
        snprintf(error, CONFIG_MAX_ERROR_BYTES, "%s%s", service->cache == NULL ? "[cache] memcached: " : "",
                 why);
        return false;
    }
    service->serve = serve_new(&(struct serve_options){.config = service->config,
                                                       .cache = service->cache,
                                                       .back = service->back,
                                                       .stats = &service->stats,
                                                       .https_port = service->https.port});
    if (!start_front(service)) {
        snprintf(error, CONFIG_MAX_ERROR_BYTES, "a front thread could not be started: %s", strerror(errno));
        return false;
    }
    serve_set_ready(service->serve, true);
    return true;
}

static void service_stop(struct service *service)
{
    if (service->front != NULL) {
        serve_set_ready(service->serve, false);
        bool clean = front_stop(service->front, service->config->listen.drain_ms);
        log_event(LOG_INFO, "stopped", "requests_cut", clean ? "no" : "yes", NULL);
    }
    back_free(service->back);
    serve_free(service->serve);
    cache_free(service->cache);
    tls_free(service->tls);
    tls_free(service->old_tls);
    struct listen_sockets *sockets[] = {&service->https, &service->http, &service->admin};
    for (size_t i = 0; i < sizeof(sockets) / sizeof(sockets[0]); i++) {
        if (service->front != NULL)
            listen_forget(sockets[i]); /* the front has closed them */
        else
            listen_close(sockets[i]);
    }
    zone_unload();
    front_free(service->front);
    config_free(service->config);
}

static void reload_tls(struct service *service)
{
    char error[TLS_MAX_ERROR_BYTES];
    struct tls_context *tls = make_tls(service->config, service->tls, error);
    if (tls == NULL) {
        log_event(LOG_ERROR, "reload_failed", "why", error, "now", "the old certificate stays in use", NULL);
        return;
    }
    tls_free(service->old_tls);
    service->old_tls = service->tls;
    service->tls = tls;
    front_set_tls(service->front, tls);
    log_event(LOG_INFO, "reloaded", "certificate", service->config->tls.certificate, NULL);
}

/* Until a signal says stop. A second SIGHUP waits until no handshake can be using the context before last. */
static void serve_until_stopped(struct service *service, const sigset_t *signals)
{
    time_t reloaded_s = 0;
    for (;;) {
        int signal = sigwaitinfo(signals, NULL);
        if (signal == SIGTERM || signal == SIGINT)
            return;
        if (signal != SIGHUP)
            continue;
        struct timespec now;
        clock_gettime(CLOCK_MONOTONIC, &now);
        if (reloaded_s != 0 && now.tv_sec - reloaded_s < OLD_TLS_LIFE_S) {
            log_event(LOG_WARN, "reload_refused", "why", "the last one was less than 15 s ago; try again",
                      NULL);
            continue;
        }
        reloaded_s = now.tv_sec;
        reload_tls(service);
    }
}

static enum log_level level_of(const char *name)
{
    return strcmp(name, "debug") == 0   ? LOG_DEBUG
           : strcmp(name, "warn") == 0  ? LOG_WARN
           : strcmp(name, "error") == 0 ? LOG_ERROR
                                        : LOG_INFO;
}

static int command_serve(const struct command_line *line)
{
    char error[CONFIG_MAX_ERROR_BYTES];
    struct service *service = calloc(1, sizeof(*service));
    sigset_t signals;
    if (service == NULL)
        abort();
    service->config = config_load(line->config, true, error);
    if (service->config == NULL) {
        free(service);
        return fail("", error);
    }
    log_set_level(level_of(service->config->log.level));
    /* All threads inherit the mask: signals come to sigwaitinfo() alone. */
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    zone_load_all();
    bool started = service_start(service, error);
    if (started) {
        log_event(LOG_INFO, "serving", "version", MARQUEE_VERSION, "https", service->config->listen.https,
                  "threads", log_number(front_threads(service->config)), "public_url",
                  service->config->site.public_url, NULL);
        serve_until_stopped(service, &signals);
    }
    service_stop(service);
    free(service);
    return started ? EXIT_OK : fail("", error);
}

/* ---- get ---- */

static int run_get(const struct config *config, const struct document_request *request)
{
    struct stats *stats = calloc(1, sizeof(*stats));
    const char *why = "";
    if (stats == NULL)
        abort();
    struct cache *cache = make_cache(config, &why);
    struct back *back = cache != NULL ? back_new(config, cache, stats, &why) : NULL;
    int status = EXIT_USAGE;
    if (back != NULL)
        status = get_document(back, request) ? EXIT_OK : EXIT_FAULT;
    else
        fail(cache == NULL ? "[cache] memcached" : "", why);
    back_free(back);
    cache_free(cache);
    free(stats);
    return status;
}

static int command_get(const struct command_line *line)
{
    char error[CONFIG_MAX_ERROR_BYTES];
    if (line->n_words < 2)
        return fail("get needs a provider and a resource", "see `marquee get --help`");
    struct route_result *route = calloc(1, sizeof(*route));
    if (route == NULL)
        abort();
    route_parse_arguments(line->words[0], line->words[1], line->words + 2, line->n_words - 2, route);
    int status = EXIT_USAGE;
    if (route->target == ROUTE_DOCUMENT) {
        struct config *config = config_load(line->config, false, error);
        log_set_level(LOG_ERROR);
        if (config != NULL)
            status = run_get(config, &route->document);
        else
            fail("", error);
        config_free(config);
    } else {
        fail(problem_title(route->problem), route->detail);
        for (size_t i = 0; i < route->n_faults; i++)
            fail(route->faults[i].name, route->faults[i].reason);
    }
    free(route);
    zone_unload();
    return status;
}

/* ---- check-config and the rest ---- */

static int command_check_config(const struct command_line *line)
{
    char error[CONFIG_MAX_ERROR_BYTES];
    const char *path = line->n_words == 1 ? line->words[0] : line->config;
    if (path == NULL)
        return fail("check-config needs the file to check", "see `marquee check-config --help`");
    struct config *config = config_load(path, true, error);
    if (config == NULL)
        return fail("", error);
    struct tls_context *tls = make_tls(config, NULL, error);
    if (tls != NULL)
        config_print(config);
    config_free(config);
    tls_free(tls);
    return tls != NULL ? EXIT_OK : fail("", error);
}

static int help(const char *text)
{
    fputs(text, stdout);
    return EXIT_OK;
}

int main(int argc, char **argv)
{
    struct command_line line;
    const char *command = argc > 1 ? argv[1] : "";
    signal(SIGPIPE, SIG_IGN);
    if (strcmp(command, "--version") == 0)
        return help("marquee " MARQUEE_VERSION "\n");
    if (strcmp(command, "--help") == 0 || strcmp(command, "-h") == 0 || strcmp(command, "help") == 0)
        return help(cli_general_help);
    if (argc < 2 || !cli_read(argc - 2, argv + 2, &line)) {
        if (argc < 2)
            fputs(cli_general_help, stderr);
        return EXIT_USAGE;
    }
    if (strcmp(command, "serve") == 0)
        return line.help ? help(cli_serve_help) : command_serve(&line);
    if (strcmp(command, "get") == 0)
        return line.help ? help(cli_get_help) : command_get(&line);
    if (strcmp(command, "check-config") == 0) {
        if (!line.help)
            return command_check_config(&line);
        cli_print_settings();
        return EXIT_OK;
    }
    return fail(command, "there is no such command; see `marquee --help`");
}
