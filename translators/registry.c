/* The list of translators: one line for each provider, alphabetical. */
#include <string.h>

#include "translator.h"

extern const struct translator songkick_translator;

const struct translator *const translators[] = {
    &songkick_translator,
    NULL,
};

static bool is_named(const char *name, const char *text, size_t len)
{
    return strlen(name) == len && memcmp(name, text, len) == 0;
}

const struct translator *translator_find(const char *name, size_t len)
{
    for (size_t i = 0; translators[i]; i++) {
        if (is_named(translators[i]->name, name, len))
            return translators[i];
    }
    return NULL;
}

const struct route *translator_route(const struct translator *translator, const char *resource, size_t len)
{
    for (const struct route *route = translator->routes; route->resource; route++) {
        if (is_named(route->resource, resource, len))
            return route;
    }
    return NULL;
}
