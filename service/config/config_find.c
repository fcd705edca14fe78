/* Where a setting is: in the struct, and in the file. */
#include "config_find.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "key_section.h"
#include "settings.h"

/* An environment variable has "_" in place of all that its name cannot hold. */
static bool is_section(const char *section, const char *name)
{
    while (*section != '\0' && (*section == *name || (*name == '_' && strchr(":-", *section) != NULL))) {
        section++;
        name++;
    }
    return *section == *name;
}

static struct provider_config *provider_by_name(struct config *config, const char *name)
{
    for (size_t i = 0; i < config->n_providers; i++) {
        if (is_section(config->providers[i].section, name))
            return &config->providers[i];
    }
    return NULL;
}

bool config_resolve(struct config *config, const char *section, const char *key,
                    const struct setting **ret_setting, void **ret_base, size_t *ret_owner)
{
    struct provider_config *provider = provider_by_name(config, section);
    *ret_setting = setting_find(provider != NULL ? NULL : section, key);
    *ret_base = provider != NULL ? (void *)provider : (void *)config;
    *ret_owner = provider != NULL ? 1 + (size_t)(provider - config->providers) : 0;
    return *ret_setting != NULL && (provider == NULL || key_section_takes(provider, *ret_setting));
}

bool config_has_section(struct config *config, const char *section)
{
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

void config_locate(const struct config *config, const char *section, const char *key,
                   char error[CONFIG_MAX_ERROR_BYTES])
{
    char place[CONFIG_MAX_ERROR_BYTES / 2], text[CONFIG_MAX_ERROR_BYTES];
    const struct setting *setting;
    void *base;
    size_t owner;
    if (config->path == NULL)
        return;
    bool found = config_resolve((struct config *)(uintptr_t)config, section, key, &setting, &base, &owner);
    unsigned line = found ? config->lines[owner][setting - settings] : 0;
    if (line > 0)
        snprintf(place, sizeof(place), "%.200s:%u: ", config->path, line);
    else
        snprintf(place, sizeof(place), "%.200s: ", config->path);
    snprintf(text, sizeof(text), "%s%.*s", place, (int)(sizeof(text) - sizeof(place)), error);
    memcpy(error, text, sizeof(text));
}
