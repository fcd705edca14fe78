/* The table of settings: every key of the configuration with its type, bounds, default and help, and the one
 * function that turns text into a checked value. Used by config.c; not here: where the text comes from. */
#ifndef MARQUEE_SETTINGS_H
#define MARQUEE_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "translators/base/fault.h"

enum setting_type {
    SETTING_TEXT,   /* char *, NULL when empty */
    SETTING_SECRET, /* the same, never printed */
    SETTING_URL,    /* char *, absolute, https://, without query; slashes at the end are dropped */
    SETTING_BOOL,   /* yes, no, true, false, on, off, 1, 0 */
    SETTING_COUNT,  /* unsigned, within min and max */
    SETTING_BYTES   /* size_t, within min and max */
};

struct setting {
    const char *section; /* NULL: of every provider */
    const char *key;
    enum setting_type type;
    size_t offset; /* into struct config, or into struct provider_config */
    unsigned long long min, max;
    const char *initial; /* NULL: none, or (of a provider) by its translator */
    const char *sample;  /* what the sample gives for a setting that nobody can leave out; NULL: all others */
    bool live;           /* a reload is enough for a change of it: it is looked up each time */
    const char *help;    /* whole sentences: the only explanation there is (sample.h) */
};

extern const struct setting settings[]; /* ends with a key of NULL */

/* NULL: there is no such setting. `section` is NULL for a provider's. */
const struct setting *setting_find(const char *section, const char *key);

/* A setting that there was once: a file that still has it is taken, with a warning. */
struct former_setting {
    const char *section; /* NULL: of every provider */
    const char *key;
    const char *now; /* what it is called today; NULL: it is a constant */
};

/* NULL: there was none either. `section` is NULL for a provider's. */
const struct former_setting *setting_find_former(const char *section, const char *key);
/* Does `name`, which may be that of an environment variable in lower case, mean this section? */
bool section_is(const char *section, const char *name);

/* Puts the text's value into the field of `base`, freeing what was there. False: ret_fault says what was
 * expected. */
bool setting_assign(const struct setting *setting, void *base, const char *text, struct fault *ret_fault);

/* Gives the field of `to` a copy of the value in `from`. */
void setting_copy(const struct setting *setting, void *to, const void *from);

/* Frees the field's text, wiping secrets. */
void setting_clear(const struct setting *setting, void *base);

#define SETTING_MAX_BYTES 8192 /* of one as it is printed: all networks of trusted_proxies */

/* The field as it would be written in a file, into `text`; secrets as "(set)" or "". */
void setting_print(const struct setting *setting, const void *base, char *text, size_t size);

/* The section, by index, in which something differs that is read at the start only: sockets, threads and
 * tiers are made once, and what is in the tiers holds the address of the site and so many acts. NULL: there
 * are no more. Both are of struct config; not looked at are providers. */
const char *settings_need_restart(const void *started_with, const void *next, size_t index);

#endif
