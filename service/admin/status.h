/* How the service is, for the operator: the same figures as JSON and as a page. Asks nobody; holds no secret.
 */
#ifndef MARQUEE_STATUS_H
#define MARQUEE_STATUS_H

#include <stdbool.h>

#include "service/http/request.h"
#include "service/http/response.h"

struct back;
struct cache;
struct config;

struct status_subject {
    const struct config *config;
    struct cache *cache;
    struct back *back;
    int64_t started_s; /* Unix time */
    bool ready;
};

void status_respond_json(const struct request *request, const struct status_subject *subject,
                         struct response *ret);
void status_respond_page(const struct request *request, const struct status_subject *subject,
                         struct response *ret);

#endif
