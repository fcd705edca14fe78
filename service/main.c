/* marquee's sub-commands. The objects of a running service: service.c. */
#include <limits.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "cache/cache.h"
#include "cli.h"
#include "service.h"
#include "service/admin/admin_client.h"
#include "service/command/exit_status.h"
#include "service/command/get.h"
#include "service/command/pages.h"
#include "service/config/access_load.h"
#include "service/config/config.h"
#include "service/config/config_check.h"
#include "service/config/config_load.h"
#include "service/config/sample.h"
#include "service/document/route.h"
#include "service/http/problem_answer.h"
#include "service/jobs/back.h"
#include "service/process/clock.h"
#include "service/process/exhaustion.h"
#include "service/process/log.h"
#include "service/process/stats.h"
#include "service/site/tours.h"
#include "translators/base/arena.h"
#include "translators/base/must.h"
#include "translators/base/text.h"

static int fail(const char *what, const char *why)
{
    fprintf(stderr, "marquee: %s%s%s\n", what, what[0] != '\0' ? ": " : "", why);
    return EXIT_USAGE;
}

/* ---- serve ---- */

/* Of each thread's heap. By default the threshold grows with every large block that is freed (mallopt(3)),
 * and the back thread keeps the tens of megabytes of its busiest moment. */
#define MAX_UNUSED_BYTES (1 << 20)

static void serve_until_stopped(struct service *service, const sigset_t *signals)
{
    const struct timespec second = {.tv_sec = 1};
    for (;;) {
        int signal = sigtimedwait(signals, NULL, &second);
        if (signal == SIGTERM || signal == SIGINT)
            return;
        if (signal == SIGHUP)
            service_reload(service, clock_monotonic_ms() / 1000);
        service_sweep(service, clock_monotonic_ms() / 1000);
    }
}

static int command_serve(const struct command_line *line)
{
    struct fault fault;
    sigset_t signals;
    mallopt(M_TRIM_THRESHOLD, MAX_UNUSED_BYTES);
    /* All threads inherit the mask: signals come to sigtimedwait() alone. */
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    struct service *service = service_new(line->config, &fault);
    if (service == NULL)
        return fail("", fault.text);
    serve_until_stopped(service, &signals);
    service_free(service);
    return EXIT_OK;
}

/* ---- get and pages ---- */

/* What makes documents without serving them. */
struct workshop {
    struct config *config;
    struct stats *stats;
    struct cache *cache;
    struct back *back;
};

/* False: a fault was said, and nothing is open. */
static bool workshop_open(struct workshop *ret, const char *config_path)
{
    struct fault fault;
    const char *why = "";
    *ret = (struct workshop){.config = config_load(config_path, false, &fault)};
    log_set_level(LOG_ERROR);
    if (ret->config == NULL) {
        fail("", fault.text);
        return false;
    }
    ret->cache = service_cache_new(ret->config, &why);
    if (ret->cache == NULL) {
        fail("[cache] memcached", why);
        config_unref(ret->config);
        return false;
    }
    ret->stats = must(calloc(1, sizeof(*ret->stats)));
    ret->back = back_new(ret->config, ret->cache, ret->stats);
    return true;
}

static void workshop_close(struct workshop *workshop)
{
    back_free(workshop->back);
    cache_free(workshop->cache);
    free(workshop->stats);
    config_unref(workshop->config);
}

static int say_faults(const struct route_result *route)
{
    fail(problem_title(route->problem, strings_chosen()), route->detail);
    for (size_t i = 0; i < route->n_faults; i++)
        fail(route->faults[i].name, route->faults[i].reason);
    return EXIT_USAGE;
}

static int run_get(const struct command_line *line, const struct document_request *request)
{
    struct workshop workshop;
    if (!workshop_open(&workshop, line->config))
        return EXIT_USAGE;
    enum exit_status status = get_document(workshop.back, request);
    workshop_close(&workshop);
    return status;
}

static int command_get(const struct command_line *line)
{
    if (line->n_words < 2)
        return fail("get needs a provider and a resource", "see `marquee get --help`");
    struct route_result *route = must(calloc(1, sizeof(*route)));
    route_parse_arguments(line->words[0], line->words[1], line->words + 2, line->n_words - 2, route);
    if (route->target == ROUTE_DOCUMENT) {
        /* A file is made anew each time, so revisions would say when it was made. */
        route->document.has_no_memory = true;
        route->document.key_len = 0;
        route_build_key(&route->document);
    }
    int status = route->target == ROUTE_DOCUMENT ? run_get(line, &route->document) : say_faults(route);
    free(route);
    return status;
}

static int run_pages(const struct command_line *line, const struct document_request *request)
{
    struct workshop workshop;
    if (request->pages[0] == '\0')
        return fail("pages", "it is required: the address that the pages will have on the web");
    if (!workshop_open(&workshop, line->config))
        return EXIT_USAGE;
    enum exit_status status = pages_write(workshop.back, workshop.cache, request, line->out);
    workshop_close(&workshop);
    return status;
}

/* All tours of the configuration, or one: those that fail keep no other from being written. The status is the
 * worst of all. */
static int write_tours(const struct command_line *line, struct workshop *workshop, const struct tours *tours)
{
    const struct tour_entry *tour;
    char directory[PATH_MAX];
    size_t n_failed = 0;
    enum exit_status worst = EXIT_OK;
    if (line->all)
        mkdir(line->out, 0755); /* a fault shows with the first of them */
    for (size_t i = 0; (tour = tours_at(tours, i)) != NULL; i++) {
        if (!line->all && strcmp(tour->name, line->tour) != 0)
            continue;
        snprintf(directory, sizeof(directory), "%s%s%s", line->out, line->all ? "/" : "",
                 line->all ? tour->name : "");
        enum exit_status status = pages_write(workshop->back, workshop->cache, &tour->request, directory);
        n_failed += status != EXIT_OK;
        worst = status > worst ? status : worst;
    }
    if (n_failed > 0)
        fprintf(stderr, "marquee: %zu of the tours could not be written; see above\n", n_failed);
    return worst;
}

static int run_tours(const struct command_line *line)
{
    struct fault fault;
    struct workshop workshop;
    if (!workshop_open(&workshop, line->config))
        return EXIT_USAGE;
    struct tours *tours = tours_new(workshop.config, &fault);
    int status = EXIT_USAGE;
    if (tours == NULL)
        fail("", fault.text);
    else if (!line->all && tours_find(tours, line->tour, strlen(line->tour)) == NULL)
        fail(line->tour, "there is no section [tour:NAME] of this name in the configuration");
    else if (tours_at(tours, 0) == NULL)
        fail("--all", "there is no section [tour:NAME] in the configuration");
    else
        status = write_tours(line, &workshop, tours);
    tours_free(tours);
    workshop_close(&workshop);
    return status;
}

static int command_pages(const struct command_line *line)
{
    bool configured = line->all || line->tour != NULL;
    if (line->out == NULL ||
        (configured ? line->n_words > 0 || (line->all && line->tour != NULL) : line->n_words < 2))
        return fail("pages needs a provider, artist or venue, or --tour, or --all; and --out",
                    "see `marquee pages --help`");
    if (configured)
        return run_tours(line);
    struct route_result *route = must(calloc(1, sizeof(*route)));
    route_parse_page_arguments(line->words[0], line->words[1], line->words + 2, line->n_words - 2, route);
    int status = route->target == ROUTE_DOCUMENT ? run_pages(line, &route->document) : say_faults(route);
    free(route);
    return status;
}

/* ---- check-config and the rest ---- */

static int command_check_config(const struct command_line *line)
{
    struct fault fault;
    if (line->sample) {
        sample_print();
        return EXIT_OK;
    }
    const char *path = line->n_words == 1 ? line->words[0] : line->config;
    if (path == NULL)
        return fail("check-config needs the file to check", "see `marquee check-config --help`");
    struct config *config = config_load(path, true, &fault);
    if (config == NULL)
        return fail("", fault.text);
    bool needs_tls = config_ends_tls(config);
    struct tls_context *tls = needs_tls ? service_tls_new(config, NULL, &fault) : NULL;
    struct tours *tours = tls != NULL || !needs_tls ? tours_new(config, &fault) : NULL;
    if (tours != NULL)
        config_print(config);
    struct fault warning;
    for (size_t i = 0; tours != NULL && config_warns(config, i, &warning); i++)
        fprintf(stderr, "marquee: warning: %s\n", warning.text);
    bool good = tours != NULL;
    tours_free(tours);
    config_unref(config);
    tls_free(tls);
    return good ? EXIT_OK : fail("", fault.text);
}

/* Asks the running service; its certificate and key need not be readable by whoever does. */
static int ask_service(const struct command_line *line, const char *target, const char *what, bool prints)
{
    struct fault fault;
    char body[ADMIN_MAX_BODY_BYTES];
    struct config *config = config_load(line->config, false, &fault);
    if (config == NULL)
        return fail("", fault.text);
    int status = config->listen.admin == NULL ? EXIT_USAGE : EXIT_FAULT;
    if (config->listen.admin == NULL)
        fail("[listen] admin", "is empty, so there is nothing to ask");
    else if (admin_ask(config->listen.admin, "GET", target, body, &fault) == 200)
        status = EXIT_OK;
    else
        fail(what, fault.text);
    if (status == EXIT_OK && prints)
        fputs(body, stdout);
    config_unref(config);
    return status;
}

static int command_health(const struct command_line *line)
{
    if (line->n_words > 0)
        return fail(line->words[0], "is too much; see `marquee health --help`");
    return ask_service(line, "/readyz", "not healthy", false);
}

static int command_purge(const struct command_line *line)
{
    char target[600];
    if (line->n_words != 2)
        return fail("purge needs a provider and an id", "see `marquee purge --help`");
    struct arena *arena = arena_new(sizeof(target));
    int len = snprintf(target, sizeof(target), "/purge?provider=%s&id=%s", text_escape(arena, line->words[0]),
                       text_escape(arena, line->words[1]));
    arena_free(arena);
    if (len < 0 || (size_t)len >= sizeof(target))
        return fail(line->words[1], "is too long for an id");
    return ask_service(line, target, "purge", true);
}

static int command_sign(const struct command_line *line)
{
    struct fault fault;
    if (line->n_words != 1)
        return fail("sign needs one link", "see `marquee sign --help`");
    struct config *config = config_load(line->config, false, &fault);
    if (config == NULL)
        return fail("", fault.text);
    char *link = config_sign_by_hand(config->access.policy, line->words[0], line->days, time(NULL), &fault);
    if (link != NULL)
        puts(link);
    free(link);
    config_unref(config);
    return link != NULL ? EXIT_OK : fail("sign", fault.text);
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
    exhaustion_holds_for_jansson();
    if (strcmp(command, "--version") == 0)
        return help("marquee " MARQUEE_VERSION "\n");
    if (strcmp(command, "--help") == 0 || strcmp(command, "-h") == 0 || strcmp(command, "help") == 0)
        return help(cli_general_help);
    if (argc < 2 || !cli_read(argc - 2, argv + 2, &line)) {
        if (argc < 2)
            fputs(cli_general_help, stderr);
        return EXIT_USAGE;
    }
    if (line.sample && strcmp(command, "check-config") != 0)
        return fail("--sample", "is for check-config alone");
    if (line.days != NULL && strcmp(command, "sign") != 0)
        return fail("--days", "is for sign alone");
    if (strcmp(command, "serve") == 0)
        return line.help ? help(cli_serve_help) : command_serve(&line);
    if (strcmp(command, "get") == 0) {
        if (!line.help)
            return command_get(&line);
        cli_print_get();
        return EXIT_OK;
    }
    if (strcmp(command, "pages") == 0)
        return line.help ? help(cli_pages_help) : command_pages(&line);
    if (strcmp(command, "sign") == 0)
        return line.help ? help(cli_sign_help) : command_sign(&line);
    if (strcmp(command, "purge") == 0)
        return line.help ? help(cli_purge_help) : command_purge(&line);
    if (strcmp(command, "health") == 0)
        return line.help ? help(cli_health_help) : command_health(&line);
    if (strcmp(command, "check-config") == 0)
        return line.help ? help(cli_check_help) : command_check_config(&line);
    return fail(command, "there is no such command; see `marquee --help`");
}
