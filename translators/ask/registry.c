/* The list of translators: one line for each provider or source, alphabetical. */
#include <string.h>

#include "translator.h"

extern const struct translator bandsintown_translator, musicbrainz_translator, songkick_translator,
    ticketmaster_translator;

const struct translator *const translators[] = {
    &bandsintown_translator,
    &songkick_translator,
    &ticketmaster_translator,
    NULL,
};

const struct translator *const translator_first = &songkick_translator;

const struct translator *const sources[] = {
    &musicbrainz_translator,
    NULL,
};

static bool is_named(const char *name, const char *text, size_t len)
{
    return strlen(name) == len && memcmp(name, text, len) == 0;
}

static const struct translator *find_in(const struct translator *const *list, const char *name, size_t len)
{
    for (; *list != NULL; list++) {
        if (is_named((*list)->name, name, len))
            return *list;
    }
    return NULL;
}

const struct translator *translator_find(const char *name, size_t len)
{
    return find_in(translators, name, len);
}

const struct translator *translator_named(const char *name)
{
    const struct translator *found = find_in(translators, name, strlen(name));

    return found != NULL ? found : find_in(sources, name, strlen(name));
}

bool translator_may_ask(const struct translator *asking, const struct translator *other)
{
    return other->routes == NULL || other == asking || (asking->may_mix && other->may_mix);
}

const struct route *translator_route(const struct translator *translator, enum subject subject)
{
    if (subject == SUBJECT_SEARCH)
        return translator->search;
    for (const struct route *route = translator->routes; route != NULL && route->step != NULL; route++) {
        if (route->subject == subject)
            return route;
    }
    return NULL;
}
