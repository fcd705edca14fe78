/* Keys of their own: which sections there may be, and what they say. */
#include "key_section.h"

#include <stdio.h>
#include <string.h>

#include "config.h"
#include "settings.h"
#include "translators/ask/mbid.h"

bool key_section_is(const struct provider_config *provider)
{
    return strchr(provider->section, ':') != NULL;
}

static const struct provider_config *find(const struct config *config, const char *section, size_t len)
{
    for (size_t i = 0; i < config->n_providers; i++) {
        const char *known = config->providers[i].section;
        if (strlen(known) == len && memcmp(known, section, len) == 0)
            return &config->providers[i];
    }
    return NULL;
}

bool key_section_open(struct config *config, const char *section, struct fault *ret_fault)
{
    const char *colon = strchr(section, ':');
    const struct provider_config *provider =
        colon != NULL ? find(config, section, (size_t)(colon - section)) : NULL;
    if (provider == NULL || provider->translator->key_parameter == NULL ||
        provider->translator->routes == NULL) {
        return fault_say(ret_fault, "what stands before the colon is no provider that has keys");
    }
    size_t len = strlen(section), name_len = strspn(colon + 1, "abcdefghijklmnopqrstuvwxyz0123456789-");
    if (name_len == 0 || colon[1 + name_len] != '\0' || len >= CONFIG_SECTION_BYTES) {
        return fault_say(
            ret_fault,
            "a name of a to z, 0 to 9 and hyphens stands behind the colon; at most %d bytes in all",
            CONFIG_SECTION_BYTES - 1);
    }
    if (find(config, section, len) != NULL)
        return true;
    size_t n_own = 0;
    for (size_t i = 0; i < config->n_providers; i++)
        n_own += key_section_is(&config->providers[i]);
    if (n_own == CONFIG_MAX_KEYS) {
        return fault_say(ret_fault, "there are more than %d sections with a key of their own",
                         CONFIG_MAX_KEYS);
    }
    struct provider_config *added = &config->providers[config->n_providers++];
    *added = (struct provider_config){.config = config, .translator = provider->translator};
    memcpy(added->section, section, len + 1);
    return true;
}

bool key_section_takes(const struct provider_config *provider, const struct setting *setting)
{
    if (strcmp(setting->key, "artist") == 0)
        return key_section_is(provider);
    return !key_section_is(provider) || strcmp(setting->key, "api_key") == 0 ||
           strcmp(setting->key, "api_key_file") == 0;
}

void key_section_inherit(struct config *config)
{
    for (size_t i = 0; i < config->n_providers; i++) {
        struct provider_config *own = &config->providers[i];
        for (const struct setting *s = settings; s->key != NULL && key_section_is(own); s++) {
            if (s->section == NULL && !key_section_takes(own, s))
                setting_copy(s, own, config_provider(config, own->translator));
        }
    }
}

bool key_section_check(const struct config *config, struct provider_config *provider, struct fault *ret_fault)
{
    if (!key_section_is(provider))
        return true;
    if (provider->artist != NULL)
        mbid_fold_id(provider->artist);
    const struct route *route = translator_route(provider->translator, SUBJECT_ARTIST);
    if (provider->artist == NULL || route == NULL || !route->id_ok(provider->artist)) {
        return fault_say(ret_fault, "[%s] artist must be the id of the artist the key is for: %s",
                         provider->section,
                         route != NULL ? strings_get(route->id_form) : "this provider has no artists");
    }
    if (provider->enabled && provider->api_key == NULL) {
        return fault_say(ret_fault, "[%s] has no key; give api_key_file", provider->section);
    }
    const struct provider_config *first =
        key_section_for(config, provider->translator, SUBJECT_ARTIST, provider->artist);
    if (first != provider) {
        return fault_say(ret_fault, "[%s] and [%s] are for the same artist; leave one of them out",
                         first->section, provider->section);
    }
    return true;
}

const struct provider_config *key_section_for(const struct config *config,
                                              const struct translator *translator, enum subject subject,
                                              const char *id)
{
    for (size_t i = 0; i < config->n_providers && subject == SUBJECT_ARTIST; i++) {
        const struct provider_config *provider = &config->providers[i];
        if (provider->translator == translator && provider->artist != NULL &&
            strcmp(provider->artist, id) == 0)
            return provider;
    }
    return config_provider(config, translator);
}

bool key_section_exists(const struct config *config, const struct translator *translator)
{
    for (size_t i = 0; i < config->n_providers; i++) {
        if (config->providers[i].translator == translator && key_section_is(&config->providers[i]))
            return true;
    }
    return false;
}

bool key_section_serves(const struct config *config, const struct translator *translator)
{
    for (size_t i = 0; i < config->n_providers; i++) {
        const struct provider_config *provider = &config->providers[i];
        if (provider->translator == translator && provider->enabled && config_has_key(provider))
            return true;
    }
    return false;
}
