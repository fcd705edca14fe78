/* The simulator's command line: reads it, makes the parts, says that they are ready, waits for the signal to
 * end. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "tests/simulator/memo.h"
#include "tests/simulator/raw.h"
#include "tests/simulator/server.h"

#define MAIN_MEMO_BYTES (256u * 1024 * 1024)
#define MAIN_USAGE      2 /* exit status for wrong usage and a port in use */

struct settings {
    const char *certificate, *key, *api_key;
    unsigned port, raw_port, latency_ms, threads, ready_fd;
    bool raw, http1_only;
    struct tour_date today;
};

static void main_help(void)
{
    printf(
        "simulator: plays providers of concert data over HTTPS, for tests, benchmarks and trying.\n"
        "\n"
        "  --certificate FILE  --key FILE   PEM; required\n"
        "  --port N            HTTP/2 and HTTP/1.1; 0, the default, picks a free port\n"
        "  --raw-port N        also a port for modes that no HTTP library can produce, HTTP/1.1 alone\n"
        "  --http1-only        no HTTP/2 on the main port\n"
        "  --api-key KEY       requests with another key are refused; without it every key is right\n"
        "  --latency-ms N      before every answer\n"
        "  --today YYYY-MM-DD  no event lies before it; the default is today\n"
        "  --threads N         of the main port; 1 to %d, default 1\n"
        "  --ready-fd N        where to write the line with the URLs once it listens; default 1\n"
        "\n"
        "Songkick: https://127.0.0.1:PORT/songkick/api/3.0; Bandsintown: .../bandsintown. Artists:\n"
        "  6395144          Velvet Harbour: 54 events on 50 venues, odd ones among them\n"
        "  9NNNNVVV[SSS]    NNNN events on exactly VVV venues, all of it well-formed (90054050)\n"
        "  8NNNNVVV[SSS]    the same sizes, with everything odd that real answers contain\n"
        "  7NNNNPPP[SSS]    NNNN festivals with PPP performers each\n"
        "  404NNNN          unknown\n"
        "  any other        up to 90 events, odd ones among them; one in eight has none\n"
        "\n"
        "Control, on every port: /control/set?mode=M&match=TEXT&times=N&latency_ms=L, /control/set?mode=ok,\n"
        "/control/counters?paths=1, /control/reset?all=1, /control/canary, /control/goaway. Modes:\n",
        SERVER_THREADS_MAX);
    fault_print_all();
}

static bool main_number(const char *text, unsigned max, unsigned *ret_number)
{
    char *end;
    unsigned long number;

    if (*text < '0' || *text > '9')
        return false;
    errno = 0;
    number = strtoul(text, &end, 10);
    if (*end != '\0' || errno != 0 || number > max)
        return false;
    *ret_number = (unsigned)number;
    return true;
}

static bool main_date(const char *text, struct tour_date *ret_date)
{
    struct tm tm = {0};
    const char *end = strptime(text, "%Y-%m-%d", &tm);

    if (end == NULL || *end != '\0')
        return false;
    *ret_date = (struct tour_date){tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday};
    return true;
}

static bool main_option(struct settings *settings, int option, const char *value)
{
    switch (option) {
    case 'c':
        settings->certificate = value;
        return true;
    case 'k':
        settings->key = value;
        return true;
    case 'a':
        settings->api_key = value;
        return true;
    case '1':
        return settings->http1_only = true;
    case 'p':
        return main_number(value, 65535, &settings->port);
    case 'r':
        return settings->raw = main_number(value, 65535, &settings->raw_port);
    case 'l':
        return main_number(value, 600000, &settings->latency_ms);
    case 't':
        return main_number(value, SERVER_THREADS_MAX, &settings->threads) && settings->threads > 0;
    case 'f':
        return main_number(value, 1023, &settings->ready_fd);
    case 'd':
        return main_date(value, &settings->today);
    default:
        return false;
    }
}

static void main_settings(int argc, char **argv, struct settings *settings)
{
    static const struct option options[] = {{"certificate", required_argument, NULL, 'c'},
                                            {"key", required_argument, NULL, 'k'},
                                            {"api-key", required_argument, NULL, 'a'},
                                            {"http1-only", no_argument, NULL, '1'},
                                            {"port", required_argument, NULL, 'p'},
                                            {"raw-port", required_argument, NULL, 'r'},
                                            {"latency-ms", required_argument, NULL, 'l'},
                                            {"threads", required_argument, NULL, 't'},
                                            {"ready-fd", required_argument, NULL, 'f'},
                                            {"today", required_argument, NULL, 'd'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    int option, index = 0;

    while ((option = getopt_long(argc, argv, "", options, &index)) != -1) {
        if (option == 'h') {
            main_help();
            exit(0);
        }
        if (!main_option(settings, option, optarg)) {
            if (option != '?')
                fprintf(stderr, "simulator: '%s' is no good for --%s\n", optarg, options[index].name);
            exit(MAIN_USAGE);
        }
    }
    if (optind < argc || settings->certificate == NULL || settings->key == NULL) {
        fprintf(stderr,
                "simulator: --certificate and --key are needed, and nothing but options; see --help\n");
        exit(MAIN_USAGE);
    }
}

static int main_listen(unsigned *port)
{
    unsigned asked = *port;
    int fd = server_listen(asked, port);

    if (fd < 0) {
        fprintf(stderr, "simulator: port %u: %s\n", asked, strerror(errno));
        exit(MAIN_USAGE);
    }
    return fd;
}

static void main_die(const char *what)
{
    fprintf(stderr, "simulator: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void main_serve(struct settings *settings, struct dispatch *dispatch)
{
    SSL_CTX *tls = server_tls(settings->certificate, settings->key, settings->http1_only);
    SSL_CTX *raw_tls = tls != NULL ? server_tls(settings->certificate, settings->key, true) : NULL;
    struct server_options options = {
        .tls = tls, .http1_only = settings->http1_only, .threads = settings->threads, .dispatch = dispatch};

    if (tls == NULL || raw_tls == NULL)
        exit(MAIN_USAGE);
    options.listener = main_listen(&settings->port);
    dispatch->places.port = settings->port;
    dispatch->places.canary_port = control_start_canary(dispatch->control);
    if (dispatch->places.canary_port == 0)
        main_die("the canary's port");
    if (settings->raw) {
        struct raw_options raw = {main_listen(&settings->raw_port), raw_tls, dispatch};

        if (!raw_start(&raw))
            main_die("a thread");
    }
    if (!server_start(&options))
        main_die("a thread");
    dprintf((int)settings->ready_fd, "ready https://127.0.0.1:%u", settings->port);
    if (settings->raw)
        dprintf((int)settings->ready_fd, " raw https://127.0.0.1:%u", settings->raw_port);
    dprintf((int)settings->ready_fd, "\n");
}

int main(int argc, char **argv)
{
    struct settings settings = {.threads = 1, .ready_fd = STDOUT_FILENO};
    struct dispatch dispatch = {0};
    struct rlimit files;
    sigset_t signals;
    int received;

    settings.today = tour_day_date((long)(time(NULL) / 86400));
    main_settings(argc, argv, &settings);
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    dispatch.world = tour_world_new(settings.today);
    if (dispatch.world == NULL)
        main_die("the zones of /usr/share/zoneinfo (Debian: tzdata)");
    dispatch.counters = counters_new();
    dispatch.control = control_new(dispatch.counters, settings.latency_ms);
    dispatch.memo = memo_new(MAIN_MEMO_BYTES);
    dispatch.api_key = settings.api_key;
    main_serve(&settings, &dispatch);
    sigwait(&signals, &received);
    /* The threads hold nothing that outlives the process. */
    _exit(0);
}
