/* Waits for one outcome and prints it. Building the objects it needs is main.c's. */
#include "get.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "service/document/order.h"
#include "service/document/outcome.h"
#include "service/document/representation.h"
#include "service/http/problem_answer.h"
#include "service/jobs/back.h"
#include "translators/base/must.h"

#define WAITING_MAGIC 0x77616974u

struct waiting {
    unsigned magic;
    pthread_mutex_t mutex;
    pthread_cond_t arrival;
    bool arrived;
    struct outcome outcome;
};

/* Back thread. */
static void on_outcome(void *arg, struct outcome *outcome)
{
    struct waiting *waiting = CAST(struct waiting, arg, WAITING_MAGIC);
    pthread_mutex_lock(&waiting->mutex);
    waiting->outcome = *outcome;
    waiting->arrived = true;
    pthread_cond_signal(&waiting->arrival);
    pthread_mutex_unlock(&waiting->mutex);
}

/* A provider that is switched off or has no key is at no path of a server; here it is the configuration that
 * lacks something, and the detail says what. */
enum exit_status get_say_problem(const char *where, const struct outcome *outcome)
{
    bool is_unserved = outcome->problem == PROBLEM_NO_SUCH_PATH;
    fprintf(stderr, "marquee: %s%s", where, where[0] != '\0' ? ": " : "");
    if (!is_unserved)
        fprintf(stderr, "%s: ", problem_title(outcome->problem, strings_chosen()));
    fprintf(stderr, "%s\n", outcome->detail);
    return is_unserved ? EXIT_USAGE : EXIT_FAULT;
}

static enum exit_status print_outcome(const struct outcome *outcome)
{
    struct representation document;
    if (outcome->document == NULL || !representation_open(outcome->document, &document))
        return get_say_problem("", outcome);
    FILE *to = document.unprocessable ? stderr : stdout;
    size_t len = document.body[ENCODING_IDENTITY].len;
    bool written = fwrite(document.body[ENCODING_IDENTITY].bytes, 1, len, to) == len;
    written &= fputc('\n', to) != EOF;
    written &= fflush(to) == 0;
    if (!written)
        fprintf(stderr, "marquee: standard output: %s\n", strerror(errno));
    if (document.incomplete)
        fputs("marquee: the document lacks something that the upstream could not give just now\n", stderr);
    return written && !document.unprocessable ? EXIT_OK : EXIT_FAULT;
}

void get_outcome(struct back *back, const struct document_request *request, struct outcome *ret)
{
    struct waiting waiting = {
        .magic = WAITING_MAGIC, .mutex = PTHREAD_MUTEX_INITIALIZER, .arrival = PTHREAD_COND_INITIALIZER};
    must(back_submit(back, order_new(request, on_outcome, &waiting)));
    pthread_mutex_lock(&waiting.mutex);
    while (!waiting.arrived)
        pthread_cond_wait(&waiting.arrival, &waiting.mutex);
    pthread_mutex_unlock(&waiting.mutex);
    *ret = waiting.outcome;
}

enum exit_status get_document(struct back *back, const struct document_request *request)
{
    struct outcome outcome;
    get_outcome(back, request, &outcome);
    enum exit_status status = print_outcome(&outcome);
    outcome_done(&outcome);
    return status;
}
