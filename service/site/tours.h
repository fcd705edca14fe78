/* The tours of the configuration, checked as requests are: which request is for which of them. Immutable, so
 * any thread may read it. */
#ifndef MARQUEE_TOURS_H
#define MARQUEE_TOURS_H

#include <stdbool.h>
#include <stddef.h>

#include "service/config/config.h"
#include "service/document/route.h"
#include "service/http/request.h"
#include "service/http/response.h"

struct tours;

struct tour_entry {
    const char *name;
    const char *host;                /* NULL: none of its own */
    struct document_request request; /* for the page with all dates */
};

/* New; the configuration is borrowed until tours_free(). NULL: ret_fault says which setting is wrong, and
 * where.
 */
struct tours *tours_new(const struct config *config, struct fault *ret_fault);
void tours_free(struct tours *tours); /* NULL is a no-op */

/* By index; NULL: there are no more. */
const struct tour_entry *tours_at(const struct tours *tours, size_t index);
const struct tour_entry *tours_find(const struct tours *tours, const char *name, size_t len);

/* By a Host, with or without a port. NULL: it is none of theirs. */
const struct tour_entry *tours_of_host(const struct tours *tours, struct slice authority);

/* What a request is for. Configured tours come first: they take every path of their hosts, and /tour/NAME,
 * and parameters change nothing of them. What else is below /tour/ is there as far as [site] open_pages lets
 * it. ROUTE_ROBOTS is for tours_respond_robots(). */
void tours_find_route(const struct tours *tours, const struct config *config, const struct request *request,
                      struct route_result *ret);

/* The host of a tour names its sitemap; otherwise the service's own. */
void tours_respond_robots(const struct tours *tours, const struct request *request, struct response *ret);

#endif
