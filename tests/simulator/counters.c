/* Counting, behind one mutex: a request takes it three times, for some tens of nanoseconds. */
#include "tests/simulator/counters.h"

#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define COUNTERS_PATHS       8192 /* a power of two; beyond half of it paths are no longer told apart */
#define COUNTERS_ARRIVALS    2048
#define COUNTERS_ROUNDS      256
#define COUNTERS_CONNECTIONS 4096 /* told apart by the remainder of their numbers */
#define COUNTERS_TEXT        (2 * REQUEST_PATH_BYTES)

struct tally {
    unsigned long requests;
    unsigned under_way, peak;
};

struct path_tally {
    char *path; /* NULL: free */
    struct tally tally;
};

struct round {
    double first_ms, last_ms;
    unsigned long requests;
};

struct counters {
    pthread_mutex_t mutex;
    unsigned generation; /* of the last reset */
    struct timespec since;
    struct tally all, kinds[CLASS_COUNT];
    unsigned long connections_opened, connections_used, http2_requests, faulted;
    uint64_t used[COUNTERS_CONNECTIONS];
    struct path_tally paths[COUNTERS_PATHS];
    unsigned n_paths;
    double arrivals_ms[COUNTERS_ARRIVALS];
    struct round rounds[COUNTERS_ROUNDS];
    unsigned n_rounds;
    bool round_answered;
};

static void tally_begin(struct tally *tally)
{
    tally->requests++;
    if (++tally->under_way > tally->peak)
        tally->peak = tally->under_way;
}

static void tally_reset(struct tally *tally)
{
    tally->requests = 0;
    tally->peak = tally->under_way;
}

struct counters *counters_new(void)
{
    struct counters *counters = reply_alloc(sizeof(*counters));

    memset(counters, 0, sizeof(*counters));
    pthread_mutex_init(&counters->mutex, NULL);
    clock_gettime(CLOCK_MONOTONIC, &counters->since);
    return counters;
}

void counters_reset(struct counters *counters)
{
    pthread_mutex_lock(&counters->mutex);
    counters->generation++;
    clock_gettime(CLOCK_MONOTONIC, &counters->since);
    tally_reset(&counters->all);
    for (int i = 0; i < CLASS_COUNT; i++)
        tally_reset(&counters->kinds[i]);
    counters->connections_opened = counters->connections_used = 0;
    counters->http2_requests = counters->faulted = 0;
    memset(counters->used, 0, sizeof(counters->used));
    for (int i = 0; i < COUNTERS_PATHS; i++)
        free(counters->paths[i].path);
    memset(counters->paths, 0, sizeof(counters->paths));
    counters->n_paths = counters->n_rounds = 0;
    counters->round_answered = false;
    pthread_mutex_unlock(&counters->mutex);
}

void counters_connection(struct counters *counters)
{
    pthread_mutex_lock(&counters->mutex);
    counters->connections_opened++;
    pthread_mutex_unlock(&counters->mutex);
}

static int counters_path(struct counters *counters, const char *path)
{
    uint64_t h = 0;
    unsigned at;

    for (const char *c = path; *c != '\0'; c++)
        h = names_mix(h, (unsigned char)*c);
    for (at = h % COUNTERS_PATHS; counters->paths[at].path != NULL; at = (at + 1) % COUNTERS_PATHS)
        if (strcmp(counters->paths[at].path, path) == 0)
            return (int)at;
    if (counters->n_paths >= COUNTERS_PATHS / 2)
        return -1;
    counters->n_paths++;
    counters->paths[at].path = reply_copy(path, strlen(path));
    return (int)at;
}

static void counters_use(struct counters *counters, uint64_t connection)
{
    uint64_t *used = &counters->used[connection % COUNTERS_CONNECTIONS];

    if (*used != connection)
        counters->connections_used++;
    *used = connection;
}

static void counters_round(struct counters *counters, double now_ms)
{
    if (counters->n_rounds == 0 || (counters->round_answered && counters->n_rounds < COUNTERS_ROUNDS)) {
        counters->rounds[counters->n_rounds++] = (struct round){.first_ms = now_ms};
        counters->round_answered = false;
    }
    counters->rounds[counters->n_rounds - 1].last_ms = now_ms;
    counters->rounds[counters->n_rounds - 1].requests++;
}

struct counted counters_begin(struct counters *counters, enum path_class kind, const struct request *request,
                              uint64_t connection, bool http2)
{
    struct counted counted = {.kind = kind};
    char path[COUNTERS_TEXT];
    struct timespec now;
    double now_ms;

    snprintf(path, sizeof(path), "%s%s%s", request->path, request->query[0] != '\0' ? "?" : "",
             request->query);
    clock_gettime(CLOCK_MONOTONIC, &now);
    pthread_mutex_lock(&counters->mutex);
    now_ms = (double)(now.tv_sec - counters->since.tv_sec) * 1e3 +
             (double)(now.tv_nsec - counters->since.tv_nsec) / 1e6;
    if (counters->all.requests < COUNTERS_ARRIVALS)
        counters->arrivals_ms[counters->all.requests] = now_ms;
    tally_begin(&counters->all);
    tally_begin(&counters->kinds[kind]);
    counters->http2_requests += http2;
    counters_use(counters, connection);
    counters_round(counters, now_ms);
    counted.generation = counters->generation;
    counted.round = counters->n_rounds;
    counted.path = counters_path(counters, path);
    if (counted.path >= 0)
        tally_begin(&counters->paths[counted.path].tally);
    pthread_mutex_unlock(&counters->mutex);
    return counted;
}

void counters_faulted(struct counters *counters)
{
    pthread_mutex_lock(&counters->mutex);
    counters->faulted++;
    pthread_mutex_unlock(&counters->mutex);
}

void counters_answered(struct counters *counters, const struct counted *counted)
{
    pthread_mutex_lock(&counters->mutex);
    if (counted->generation == counters->generation && counted->round == counters->n_rounds)
        counters->round_answered = true;
    pthread_mutex_unlock(&counters->mutex);
}

void counters_end(struct counters *counters, const struct counted *counted)
{
    pthread_mutex_lock(&counters->mutex);
    counters->all.under_way--;
    counters->kinds[counted->kind].under_way--;
    if (counted->generation == counters->generation && counted->path >= 0)
        counters->paths[counted->path].tally.under_way--;
    pthread_mutex_unlock(&counters->mutex);
}

static json_t *tally_json(const struct tally *tally)
{
    return json_pack("{s:I, s:i, s:i}", "requests", (json_int_t)tally->requests, "concurrency",
                     (int)tally->under_way, "peak", (int)tally->peak);
}

static json_t *counters_json(const struct counters *counters, bool paths)
{
    json_t *kinds = json_object(), *arrivals = json_array(), *rounds = json_array(), *by_path = json_object();
    json_t *out;

    for (int i = 0; i < CLASS_COUNT; i++)
        json_object_set_new(kinds, path_class_names[i], tally_json(&counters->kinds[i]));
    for (unsigned i = 0; i < counters->all.requests && i < COUNTERS_ARRIVALS; i++)
        json_array_append_new(arrivals, json_real(counters->arrivals_ms[i]));
    for (unsigned i = 0; i < counters->n_rounds; i++) {
        const struct round *round = &counters->rounds[i];

        json_array_append_new(rounds, json_pack("{s:f, s:f, s:I}", "first_ms", round->first_ms, "last_ms",
                                                round->last_ms, "requests", (json_int_t)round->requests));
    }
    for (int i = 0; paths && i < COUNTERS_PATHS; i++)
        if (counters->paths[i].path != NULL)
            json_object_set_new_nocheck(by_path, counters->paths[i].path,
                                        tally_json(&counters->paths[i].tally));
    out = tally_json(&counters->all);
    json_object_update_new(out, json_pack("{s:I, s:I, s:I, s:I, s:o, s:o, s:o}", "connections_used",
                                          (json_int_t)counters->connections_used, "connections_opened",
                                          (json_int_t)counters->connections_opened, "http2_requests",
                                          (json_int_t)counters->http2_requests, "faulted",
                                          (json_int_t)counters->faulted, "classes", kinds, "rounds", rounds,
                                          "arrivals_ms", arrivals));
    if (paths)
        json_object_set(out, "paths", by_path);
    json_decref(by_path);
    return out;
}

struct reply *counters_reply(struct counters *counters, bool paths)
{
    json_t *all;
    char *text;

    pthread_mutex_lock(&counters->mutex);
    all = counters_json(counters, paths);
    pthread_mutex_unlock(&counters->mutex);
    text = json_dumps(all, JSON_INDENT(1) | JSON_REAL_PRECISION(8));
    json_decref(all);
    /* A path may hold what is not UTF-8: then it is not shown. */
    return text != NULL ? reply_new(200, text, strlen(text))
                        : reply_text(500, "{\"error\":\"unprintable\"}\n");
}
