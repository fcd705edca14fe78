/* Where a setting is: in the struct, and in the file. */
#include "config_find.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "key_section.h"
#include "settings.h"
#include "tour_section.h"

static struct provider_config *provider_by_name(struct config *config, const char *name)
{
    for (size_t i = 0; i < config->n_providers; i++) {
        if (section_is(config->providers[i].section, name))
            return &config->providers[i];
    }
    return NULL;
}

static bool resolve_tour(struct tour_config *tour, const char *key, struct config_place *ret)
{
    for (const struct setting *s = tour_settings; s->key != NULL; s++) {
        if (strcmp(s->key, key) == 0) {
            *ret = (struct config_place){s, tour, &tour->lines[s - tour_settings]};
            return true;
        }
    }
    return false;
}

bool config_resolve(struct config *config, const char *section, const char *key, struct config_place *ret)
{
    struct tour_config *tour = tour_section_find(config, section);
    struct provider_config *provider = provider_by_name(config, section);
    if (tour != NULL)
        return resolve_tour(tour, key, ret);
    const struct setting *setting = setting_find(provider != NULL ? NULL : section, key);
    size_t owner = provider != NULL ? 1 + (size_t)(provider - config->providers) : 0;
    if (setting == NULL || (provider != NULL && !key_section_takes(provider, setting)))
        return false;
    *ret = (struct config_place){setting, provider != NULL ? (void *)provider : (void *)config,
                                 &config->lines[owner][setting - settings]};
    return true;
}

bool config_has_section(struct config *config, const char *section)
{
    for (size_t i = 0; i < config->n_tours; i++) {
        if (strcmp(config->tours[i].section, section) == 0)
            return true;
    }
    for (size_t i = 0; i < config->n_providers; i++) {
        if (strcmp(config->providers[i].section, section) == 0)
            return true;
    }
    for (const struct setting *s = settings; s->key != NULL; s++) {
        if (s->section != NULL && strcmp(s->section, section) == 0)
            return true;
    }
    return false;
}

unsigned short *config_section_line(struct config *config, const char *section)
{
    struct tour_config *tour = tour_section_find(config, section);
    struct provider_config *provider = provider_by_name(config, section);
    if (tour != NULL)
        return &tour->line;
    return provider != NULL && key_section_is(provider) ? &provider->line : NULL;
}

/* 0: it is in no line. */
static unsigned line_of(struct config *config, const char *section, const char *key)
{
    struct config_place where;
    const unsigned short *begin = config_section_line(config, section);
    if (config_resolve(config, section, key, &where) && *where.line > 0)
        return *where.line;
    return begin != NULL ? *begin : 0;
}

bool config_locate(const struct config *config, const char *section, const char *key, struct fault *fault)
{
    if (config->path == NULL)
        return false;
    unsigned line = line_of((struct config *)(uintptr_t)config, section, key);
    if (line > 0)
        return fault_say(fault, "%.200s:%u: %s", config->path, line, fault->text);
    return fault_say(fault, "%.200s: %s", config->path, fault->text);
}
