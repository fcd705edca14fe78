/* Which providers people can choose in the form, and why not the others. */
#include "form_provider.h"

#include "service/config/config.h"
#include "service/config/key_section.h"

const struct translator *form_provider(const struct config *config, size_t index)
{
    if (key_section_serves(config, translator_first) && index-- == 0)
        return translator_first;
    for (size_t i = 0; translators[i] != NULL; i++) {
        if (translators[i] != translator_first && key_section_serves(config, translators[i]) && index-- == 0)
            return translators[i];
    }
    return NULL;
}

enum form_trouble form_why_unserved(const struct config *config, const struct translator *translator)
{
    return config_provider(config, translator)->enabled ? FORM_NO_KEY : FORM_SWITCHED_OFF;
}

const struct translator *form_unserved(const struct config *config, size_t index, enum form_trouble *ret_why)
{
    for (size_t i = 0; translators[i] != NULL; i++) {
        if (key_section_serves(config, translators[i]) || index-- > 0)
            continue;
        *ret_why = form_why_unserved(config, translators[i]);
        return translators[i];
    }
    return NULL;
}
