/* Sections for a key of its own, such as [bandsintown:milky-chance]: some providers give an artist a key that
 * is for that artist alone. Such a section says which artist and which key; all else is the provider's. */
#ifndef MARQUEE_KEY_SECTION_H
#define MARQUEE_KEY_SECTION_H

#include <stdbool.h>

#include "settings.h"
#include "translators/ask/translator.h"

struct config;
struct provider_config;

/* Is it that, and not the provider's own section? */
bool key_section_is(const struct provider_config *provider);

/* Makes room for a section by its name, unless it is there. False: it is no such name, or there are too many;
 * ret_fault says what is wrong. */
bool key_section_open(struct config *config, const char *section, struct fault *ret_fault);

/* May the setting stand in this section? */
bool key_section_takes(const struct provider_config *provider, const struct setting *setting);

/* Fills every such section with what its provider's says. Once, when all has been read. */
void key_section_inherit(struct config *config);

/* False: ret_fault says what the section lacks, or which other is for the same
 * artist. True for a provider's own section. The key has been read by now; the id is written in the one
 * form that requests have it in. */
bool key_section_check(const struct config *config, struct provider_config *provider,
                       struct fault *ret_fault);

/* What a document of this subject and id is asked with: the artist's own key where there is one, otherwise
 * config_provider(). */
const struct provider_config *key_section_for(const struct config *config,
                                              const struct translator *translator, enum subject subject,
                                              const char *id);

/* Is there such a section of this provider? */
bool key_section_exists(const struct config *config, const struct translator *translator);

/* Can anything be asked of it: switched on, and with a key of the provider's or of some artist's? */
bool key_section_serves(const struct config *config, const struct translator *translator);

#endif
