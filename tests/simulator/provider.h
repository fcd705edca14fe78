/* One provider of concert data, played. A provider is one file with one const struct, listed in provider.c.
 */
#ifndef SIMULATOR_PROVIDER_H
#define SIMULATOR_PROVIDER_H

#include "tests/simulator/reply.h"
#include "tests/simulator/request.h"
#include "tests/simulator/tour.h"

/* What a request asks for: the classes that the counters tell apart. */
enum path_class {
    CLASS_CALENDAR,
    CLASS_VENUE,
    CLASS_ARTIST,
    CLASS_SEARCH,
    CLASS_EVENT,
    CLASS_OTHER,
    CLASS_COUNT
};

extern const char *const path_class_names[CLASS_COUNT];

struct provider {
    const char *prefix; /* of the path: "/songkick/api/3.0" */

    /* `path` is what follows the prefix and begins with "/". Any thread. */
    enum path_class (*classify)(const char *path);

    /* New: the answer to a request whose key is right. A pure function of the world and the request. */
    struct reply *(*answer)(const struct tour_world *world, const char *path, const struct request *request);

    /* New: the answer to a wrong or missing key. NULL: there are no keys. */
    struct reply *(*refuse)(void);
};

extern const struct provider provider_bandsintown, provider_musicbrainz, provider_songkick,
    provider_ticketmaster;

/* The provider that a path belongs to, and the rest of the path (borrowed); NULL when there is none. */
const struct provider *provider_of(const char *path, const char **ret_rest);

#endif
