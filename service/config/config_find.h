/* Finds settings by the names a person writes, in the struct and in the file. */
#ifndef MARQUEE_CONFIG_FIND_H
#define MARQUEE_CONFIG_FIND_H

#include <stdbool.h>
#include <stddef.h>

#include "config.h"

struct setting;

/* Where a setting is: in the struct that it belongs to, and in the file. */
struct config_place {
    const struct setting *setting;
    void *base;           /* the configuration, one of its providers or one of its tours */
    unsigned short *line; /* 0: nowhere in the file */
};

/* False: there is no such section or key. */
bool config_resolve(struct config *config, const char *section, const char *key, struct config_place *ret);

/* Is there a section of this name? */
bool config_has_section(struct config *config, const char *section);

/* Where a section begins in the file: one that the operator has named, [provider:NAME] or [tour:NAME]. NULL:
 * it is none of these. What it lacks is wrong there. */
unsigned short *config_section_line(struct config *config, const char *section);

/* Puts the file, and the line where the setting or else its section stands in it, in front of the text.
 * Always false, as fault_say(). */
bool config_locate(const struct config *config, const char *section, const char *key, struct fault *fault);

#endif
