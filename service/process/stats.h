/* Counters and gauges of the process, from one table (stats.c prints them in Prometheus' text format). */
#ifndef MARQUEE_STATS_H
#define MARQUEE_STATS_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* name, type, help */
#define STATS_TABLE(X)                                                                          \
    X(requests, counter, "Requests that reached a handler")                                     \
    X(requests_refused, counter, "Requests the guards refused")                                 \
    X(connections_open, gauge, "Client connections open now")                                   \
    X(connections_refused, counter, "Client connections closed because of a cap")               \
    X(connections_cut, counter, "Client connections cut: request budget, deadline, drain")      \
    X(hits_fresh, counter, "Documents served from memory while fresh")                          \
    X(hits_stale, counter, "Documents served from memory while stale")                          \
    X(not_modified, counter, "Answers with status 304")                                         \
    X(misses, counter, "Documents that were not in memory")                                     \
    X(clients_limited, counter, "Cold requests refused because a client was over its budget")   \
    X(access_refused, counter, "Requests answered with 403: unsigned, changed, ended, denied")  \
    X(orders_refused, counter, "Cold requests refused because the inbox or the jobs were full") \
    X(jobs_started, counter, "Documents begun")                                                 \
    X(jobs_collapsed, counter, "Requests that joined a document already begun")                 \
    X(jobs_failed, counter, "Documents that ended as a problem")                                \
    X(jobs_out_of_memory, counter, "Documents given up because memory was out")                 \
    X(jobs_incomplete, counter, "Documents that came out poorer than they could be")            \
    X(jobs_running, gauge, "Documents in the making")                                           \
    X(refreshes, counter, "Background refreshes")                                               \
    X(bad_records, counter, "Upstream records that could not be used")                          \
    X(answers_repaired, counter, "Upstream bodies that had to be repaired to be JSON")          \
    X(upstream_requests, counter, "Requests sent to upstreams")                                 \
    X(upstream_failures, counter, "Upstream requests without a usable answer")                  \
    X(upstream_retries, counter, "Upstream requests sent again")                                \
    X(upstream_refused, counter, "Upstream requests not sent: breaker, rate, quota, queue")     \
    X(upstream_in_flight, gauge, "Upstream requests under way")                                 \
    X(upstream_body_bytes, counter, "Decoded bytes received from upstreams")                    \
    X(breaker_opened, counter, "Times an upstream's breaker opened")

struct stats {
#define STATS_FIELD(name, type, help) _Atomic int64_t name;
    STATS_TABLE(STATS_FIELD)
#undef STATS_FIELD
};

#define stats_add(stats, name, n) atomic_fetch_add_explicit(&(stats)->name, (n), memory_order_relaxed)

/* Appends all of them in Prometheus' text format to `text` of `size` bytes, cut at its end. Returns the
 * length. */
size_t stats_print(const struct stats *stats, char *text, size_t size);

#endif
