/* Asks the providers' APIs: libcurl's multi interface behind one wait. Base URLs, keys, deadlines and retries
 * live here, per provider; limits and breakers are gate.h's, judging is upstream_answer.h's.
 * HTTPS only, certificates verified, redirects followed within the API alone (redirect.h), each as a request
 * of its own; decoded bytes counted and capped. Back thread only, but for making, freeing and
 * upstream_wake().
 *
 * The loop its owner writes:
 *     upstream_wait(upstream, now_ms, longest_ms); // for traffic, or upstream_wake() from any thread
 *     upstream_run(upstream, now_ms, now_s);       // calls on_done, which upstream_get() never does
 */
#ifndef MARQUEE_UPSTREAM_H
#define MARQUEE_UPSTREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "upstream_answer.h"
#include "upstream_status.h"

struct config;
struct provider_config;
struct stats;
struct upstream;

/* Keeps a reference to the configuration; `stats` is borrowed. */
struct upstream *upstream_new(struct config *config, struct stats *stats);

/* Goes by another configuration, of which a reference is kept. A provider that has the
 * same address and key as before keeps what is spent of its quota, its breaker and its connections; what is
 * under way is not disturbed. */
void upstream_reload(struct upstream *upstream, struct config *config);

/* Writes the state of each that has been asked by the configuration in use; returns how many. */
size_t upstream_status(const struct upstream *upstream, struct upstream_status ret[UPSTREAM_STATUS_MAX]);

/* The libraries of the wire and their versions; static. */
const char *upstream_libraries(void);

/* Ends all transfers without calling on_done. Once the back thread has ended. NULL is a no-op. */
void upstream_free(struct upstream *upstream);

struct upstream_question {
    const struct provider_config *provider; /* of this configuration or of one before */
    enum resource kind;
    const char *path;  /* relative, no key; copied */
    const void *asker; /* those who ask take turns (gate.h) */
    bool has_copy;     /* of an older answer: the last of the day's quota is not for it */
    upstream_done_fn *on_done;
    void *arg;
};

/* Asks a provider's API. False: refused at once by breaker, quota or queue. Otherwise on_done is called
 * exactly once, later, with an answer that is judged by what the API promises for this kind of question. */
bool upstream_get(struct upstream *upstream, const struct upstream_question *question,
                  struct upstream_refusal *ret_refusal);

/* Waits for traffic, but not longer than `max_ms`. */
void upstream_wait(struct upstream *upstream, int64_t now_ms, int max_ms);

/* Moves everything on: answers, deadlines, queues. Both times are the caller's clock. */
void upstream_run(struct upstream *upstream, int64_t now_ms, int64_t now_s);

/* Ends the wait. Any thread. */
void upstream_wake(struct upstream *upstream);

#endif
