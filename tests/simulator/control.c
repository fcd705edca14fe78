/* Rules set at run time, the control path that sets them, and the canary. What the modes do: faults.c. */
#include "tests/simulator/control.h"

#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONTROL_RULES     32
#define CONTROL_UNLIMITED (-1)

struct rule {
    bool hostile; /* else it sets only a latency */
    struct fault fault;
    char match[REQUEST_VALUE_BYTES]; /* "": every request */
    long times_left;
    long latency_ms; /* -1: the general one */
    unsigned long seen;
    uint64_t newest_connection; /* when the rule was set */
};

struct control {
    pthread_mutex_t mutex;
    struct counters *counters;
    unsigned latency_ms, initial_latency_ms;
    struct rule rules[CONTROL_RULES]; /* the newest last */
    unsigned n_rules;
    uint64_t newest_connection;
    atomic_ulong canary;
    int canary_fd;
    void (*goaway)(void *arg);
    void *goaway_arg;
};

struct control *control_new(struct counters *counters, unsigned latency_ms)
{
    struct control *control = reply_alloc(sizeof(*control));

    memset(control, 0, sizeof(*control));
    pthread_mutex_init(&control->mutex, NULL);
    control->counters = counters;
    control->latency_ms = control->initial_latency_ms = latency_ms;
    return control;
}

void control_on_goaway(struct control *control, void (*goaway)(void *arg), void *arg)
{
    control->goaway = goaway;
    control->goaway_arg = arg;
}

/* Does the rule's mode come over this request, which it matches? */
static bool rule_strikes(struct rule *rule, uint64_t connection)
{
    rule->seen++;
    switch (rule->fault.when) {
    case WHEN_ALWAYS:
        return true;
    case WHEN_THIRD:
        return rule->seen % 3 == 0;
    case WHEN_FLAKY:
        return names_mix(rule->seen, 0xf1a4) % 10 < 3;
    case WHEN_OLD_CONNECTION:
        return connection <= rule->newest_connection;
    }
    return false;
}

struct orders control_orders(struct control *control, const struct request *request, uint64_t connection)
{
    struct orders orders = {0};

    pthread_mutex_lock(&control->mutex);
    orders.latency_ms = control->latency_ms;
    if (connection > control->newest_connection)
        control->newest_connection = connection;
    for (unsigned i = control->n_rules; i-- > 0;) {
        struct rule *rule = &control->rules[i];

        if (rule->times_left == 0 ||
            (strstr(request->path, rule->match) == NULL && strstr(request->query, rule->match) == NULL))
            continue;
        if (rule->latency_ms >= 0)
            orders.latency_ms = (unsigned)rule->latency_ms;
        if (rule->hostile && rule_strikes(rule, connection)) {
            orders.hostile = true;
            orders.fault = rule->fault;
            if (rule->times_left > 0)
                rule->times_left--;
        }
        break;
    }
    pthread_mutex_unlock(&control->mutex);
    return orders;
}

static struct reply *control_ok(void)
{
    return reply_text(200, "{\"ok\":true}\n");
}

static struct reply *control_clear(struct control *control)
{
    pthread_mutex_lock(&control->mutex);
    control->n_rules = 0;
    control->latency_ms = control->initial_latency_ms;
    pthread_mutex_unlock(&control->mutex);
    return control_ok();
}

static struct reply *control_add(struct control *control, const struct rule *rule)
{
    struct reply *reply = NULL;

    pthread_mutex_lock(&control->mutex);
    /* Rules that have spent their times make room. */
    unsigned kept = 0;
    for (unsigned i = 0; i < control->n_rules; i++)
        if (control->rules[i].times_left != 0)
            control->rules[kept++] = control->rules[i];
    control->n_rules = kept;
    if (kept < CONTROL_RULES) {
        control->rules[kept] = *rule;
        control->rules[kept].newest_connection = control->newest_connection;
        control->n_rules++;
    } else {
        reply =
            reply_text(409, "{\"error\":\"32 rules are set already; /control/set?mode=ok removes them\"}\n");
    }
    pthread_mutex_unlock(&control->mutex);
    return reply != NULL ? reply : control_ok();
}

static struct reply *control_set(struct control *control, const struct request *request)
{
    struct rule rule = {.times_left = request_number(request, "times", CONTROL_UNLIMITED),
                        .latency_ms = request_number(request, "latency_ms", -1)};
    char value[REQUEST_VALUE_BYTES];

    if (request_param(request, "match", value) != NULL)
        memcpy(rule.match, value, sizeof(rule.match));
    if (request_param(request, "mode", value) != NULL) {
        if (strcmp(value, "ok") == 0)
            return control_clear(control);
        if (!fault_named(value, &rule.fault))
            return reply_text(400, "{\"error\":\"no such mode; simulator --help names them\"}\n");
        rule.hostile = true;
        return control_add(control, &rule);
    }
    if (rule.latency_ms < 0)
        return reply_text(400, "{\"error\":\"neither mode= nor latency_ms= is given\"}\n");
    if (rule.match[0] != '\0')
        return control_add(control, &rule);
    pthread_mutex_lock(&control->mutex);
    control->latency_ms = (unsigned)rule.latency_ms;
    pthread_mutex_unlock(&control->mutex);
    return control_ok();
}

static struct reply *control_reset(struct control *control, const struct request *request)
{
    counters_reset(control->counters);
    atomic_store(&control->canary, 0);
    return request_number(request, "all", 0) != 0 ? control_clear(control) : control_ok();
}

static struct reply *control_canary(struct control *control)
{
    char text[64];

    snprintf(text, sizeof(text), "{\"canary\":%lu}\n", atomic_load(&control->canary));
    return reply_text(200, text);
}

struct reply *control_answer(struct control *control, const struct request *request)
{
    const char *path = request->path;

    if (strncmp(path, "/control/", 9) != 0)
        return NULL;
    path += 9;
    if (strcmp(path, "set") == 0)
        return control_set(control, request);
    if (strcmp(path, "counters") == 0)
        return counters_reply(control->counters, request_number(request, "paths", 0) != 0);
    if (strcmp(path, "reset") == 0)
        return control_reset(control, request);
    if (strcmp(path, "canary") == 0)
        return control_canary(control);
    if (strcmp(path, "goaway") == 0 && control->goaway != NULL) {
        control->goaway(control->goaway_arg);
        return control_ok();
    }
    return reply_text(404, "{\"error\":\"there are set, counters, reset, canary, goaway\"}\n");
}

/* Whoever connects was led here by a redirect: every connection counts, whatever it says. */
static void *canary_run(void *arg)
{
    static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
                                 "Connection: close\r\n\r\n{}";
    struct control *control = arg;
    int fd;

    while ((fd = accept4(control->canary_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
        atomic_fetch_add(&control->canary, 1);
        (void)!write(fd, answer, sizeof(answer) - 1);
        close(fd);
    }
    return NULL;
}

unsigned control_start_canary(struct control *control)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(address);
    pthread_t thread;

    control->canary_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (control->canary_fd < 0 || bind(control->canary_fd, (struct sockaddr *)&address, len) != 0 ||
        listen(control->canary_fd, 16) != 0 ||
        getsockname(control->canary_fd, (struct sockaddr *)&address, &len) != 0 ||
        pthread_create(&thread, NULL, canary_run, control) != 0)
        return 0;
    pthread_detach(thread);
    return ntohs(address.sin_port);
}
