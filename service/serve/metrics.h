/* /metrics: the process' counters and the cache's figures in Prometheus' text format. */
#ifndef MARQUEE_METRICS_H
#define MARQUEE_METRICS_H

#include "service/http/request.h"
#include "service/http/response.h"

struct back;
struct cache;
struct stats;

void metrics_respond(const struct request *request, const struct stats *stats, struct cache *cache,
                     struct back *back, struct response *ret);

#endif
