/* The list of providers, alphabetical. */
#include "tests/simulator/provider.h"

#include <string.h>

static const struct provider *const providers[] = {&provider_bandsintown, &provider_musicbrainz,
                                                   &provider_songkick, &provider_ticketmaster};

const char *const path_class_names[CLASS_COUNT] = {
    [CLASS_CALENDAR] = "calendar", [CLASS_VENUE] = "venue", [CLASS_ARTIST] = "artist",
    [CLASS_SEARCH] = "search",     [CLASS_EVENT] = "event", [CLASS_OTHER] = "other",
};

const struct provider *provider_of(const char *path, const char **ret_rest)
{
    for (size_t i = 0; i < sizeof(providers) / sizeof(providers[0]); i++) {
        size_t len = strlen(providers[i]->prefix);

        if (strncmp(path, providers[i]->prefix, len) == 0 && path[len] == '/') {
            *ret_rest = path + len;
            return providers[i];
        }
    }
    return NULL;
}
