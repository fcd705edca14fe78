/* What can be read off a configuration without knowing how it was read. */
#include "config.h"

#include "translators/base/strings.h"

bool config_ends_tls(const struct config *config)
{
    return config->listen.https != NULL || config->listen.proxy_protocol != NULL;
}

unsigned config_fresh_s(const struct provider_config *provider, enum resource kind)
{
    const unsigned fresh_s[RESOURCE_KINDS] = {
        [RESOURCE_EVENTS] = provider->fresh_s,
        [RESOURCE_VENUE] = provider->venue_fresh_s,
        [RESOURCE_ARTIST] = provider->artist_fresh_s,
        [RESOURCE_SEARCH] = (unsigned)provider->translator->fresh_s[RESOURCE_SEARCH],
    };
    return fresh_s[kind] < provider->keep_s ? fresh_s[kind] : provider->keep_s;
}

const struct provider_config *config_provider(const struct config *config,
                                              const struct translator *translator)
{
    for (size_t i = 0; i < config->n_providers; i++) {
        if (config->providers[i].translator == translator)
            return &config->providers[i];
    }
    return NULL;
}

void config_say_unserved(const struct provider_config *provider, const struct strings *strings,
                         char ret_detail[CONFIG_MAX_DETAIL_BYTES])
{
    const char *title = provider->translator->title, *section = provider->translator->name;
    strings_write(ret_detail, CONFIG_MAX_DETAIL_BYTES,
                  strings->texts[provider->enabled ? STRING_WITHOUT_KEY : STRING_SWITCHED_OFF], title,
                  section, NULL);
}

bool config_has_key(const struct provider_config *provider)
{
    return provider->translator->key_parameter == NULL || provider->api_key != NULL;
}

bool config_may_ask(const struct provider_config *provider)
{
    return provider->enabled && (!provider->translator->needs_contact || provider->contact != NULL);
}
