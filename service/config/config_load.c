/* Reads the configuration: defaults, then the INI file, then the environment. The settings themselves:
 * settings.c; what they mean together: config_check.c. Not here: opening certificates or sockets. */
#include "config_load.h"

#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "config_check.h"
#include "config_find.h"
#include "key_section.h"
#include "service/http/access.h"
#include "settings.h"
#include "tour_section.h"
#include "translators/base/must.h"

#define MAX_INBOX           4096 /* orders waiting for the back thread */
#define MAX_WAITERS_PER_JOB 4096 /* clients waiting for the same document */

#define ENVIRONMENT_PREFIX "MARQUEE_"
#define MAX_LINE_BYTES     190 /* inih reads 200 at a time and would take the rest for a line of its own */

/* One reading of one file. */
struct reading {
    struct config *config;
    FILE *file;
    const char *path;
    unsigned line;
    struct fault *ret_fault; /* "" until the first fault */
};

/* Only the first fault of a file is told. */
static void refuse(struct reading *reading, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void refuse(struct reading *reading, const char *format, ...)
{
    struct fault what;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what.text, sizeof(what.text), format, arguments);
    va_end(arguments);
    if (reading->ret_fault->text[0] == '\0')
        fault_say(reading->ret_fault, "%s:%u: %s", reading->path, reading->line, what.text);
}

static unsigned short line_of(const struct reading *reading)
{
    return (unsigned short)(reading->line < USHRT_MAX ? reading->line : USHRT_MAX);
}

/* inih takes a section without keys for nothing at all, so its name is looked at here. */
static void check_section_line(struct reading *reading, const char *line)
{
    const char *end = strchr(line, ']');
    char name[MAX_LINE_BYTES];
    struct fault reason;
    if (line[0] != '[' || end == NULL)
        return;
    snprintf(name, sizeof(name), "%.*s", (int)(end - line - 1), line + 1);
    bool is_tour = strncmp(name, "tour:", 5) == 0;
    if (is_tour ? !tour_section_open(reading->config, name, &reason)
                : strchr(name, ':') != NULL && !key_section_open(reading->config, name, &reason))
        refuse(reading, "[%s]: %s", name, reason.text);
    else if (!config_has_section(reading->config, name))
        refuse(reading, "there is no section [%s]; `marquee check-config --sample` lists them", name);
    unsigned short *begin = config_section_line(reading->config, name);
    if (begin != NULL && *begin == 0)
        *begin = line_of(reading);
}

static char *on_line(char *text, int size, void *stream)
{
    struct reading *reading = stream;
    if (reading->ret_fault->text[0] != '\0' || fgets(text, size, reading->file) == NULL)
        return NULL;
    reading->line++;
    size_t len = strlen(text);
    if (len > MAX_LINE_BYTES)
        refuse(reading, "the line is longer than %d bytes; a long value can be given by the environment",
               MAX_LINE_BYTES);
    /* inih would take an indented line for more of the value above. */
    memmove(text, text + strspn(text, " \t"), len + 1 - strspn(text, " \t"));
    check_section_line(reading, text);
    return text;
}

static void remark(struct config *config, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void remark(struct config *config, const char *format, ...)
{
    va_list arguments;
    if (config->n_remarks == CONFIG_MAX_REMARKS)
        return;
    va_start(arguments, format);
    must(vasprintf(&config->remarks[config->n_remarks++], format, arguments) >= 0);
    va_end(arguments);
}

/* Is it a setting that there was once? *key becomes its name of today, or NULL where it has become a
 * constant; `place` is in front of the warning. */
static bool is_former(struct config *config, const char *place, const char *section, const char **key)
{
    struct config_place of_provider;
    bool is_provider = config_resolve(config, section, "enabled", &of_provider);
    const struct former_setting *former = setting_find_former(is_provider ? NULL : section, *key);
    if (former == NULL)
        return false;
    if (former->now != NULL)
        remark(config, "%s%s in [%s] is called %s now; rename it", place, *key, section, former->now);
    else
        remark(config, "%s%s in [%s] is a constant now and has no effect; leave it out", place, *key,
               section);
    *key = former->now;
    return true;
}

static int on_setting(void *user, const char *section, const char *key, const char *value)
{
    struct reading *reading = user;
    struct config_place where;
    struct fault reason;
    char place[PATH_MAX];
    snprintf(place, sizeof(place), "%s:%u: ", reading->path, reading->line);
    if (is_former(reading->config, place, section, &key) && key == NULL)
        return 1;
    if (!config_resolve(reading->config, section, key, &where)) {
        refuse(reading, "there is no setting \"%s\" in [%s]; `marquee check-config --sample` lists all", key,
               section);
        return 0;
    }
    if (*where.line != 0) {
        refuse(reading, "%s in [%s] is given twice; leave one of them", key, section);
        return 0;
    }
    *where.line = line_of(reading);
    if (!setting_assign(where.setting, where.base, value, &reason)) {
        refuse(reading, "%s in [%s] %s, not \"%.80s\"", key, section, reason.text,
               where.setting->type == SETTING_SECRET ? "(hidden)" : value);
        return 0;
    }
    return 1;
}

static bool read_file(struct config *config, const char *path, struct fault *ret_fault)
{
    struct reading reading = {.config = config, .path = path, .ret_fault = ret_fault};
    reading.file = fopen(path, "re");
    if (reading.file == NULL) {
        return fault_say(ret_fault, "%s: cannot be read: %s", path, strerror(errno));
    }
    int bad_line = ini_parse_stream(on_line, &reading, on_setting, &reading);
    if (ferror(reading.file) && ret_fault->text[0] == '\0')
        fault_say(ret_fault, "%s: cannot be read: %s", path, strerror(errno));
    fclose(reading.file);
    if (bad_line != 0 && ret_fault->text[0] == '\0')
        fault_say(ret_fault, "%s:%d: is neither a [section] nor \"name = value\"", path, bad_line);
    return ret_fault->text[0] == '\0';
}

/* MARQUEE_TLS_KEY: the section is the longest known name in front. */
static bool read_variable(struct config *config, const char *variable, struct fault *ret_fault)
{
    char name[128];
    struct fault reason;
    size_t len = strcspn(variable, "=");
    if (len >= sizeof(name) || variable[len] != '=')
        return true;
    for (size_t i = 0; i < len; i++)
        name[i] = (char)tolower((unsigned char)variable[i]);
    name[len] = '\0';
    char *section = name + strlen(ENVIRONMENT_PREFIX);
    for (char *split = strchr(section, '_'); split != NULL; split = strchr(split + 1, '_')) {
        struct config_place where;
        const char *key = split + 1;
        *split = '\0';
        if (is_former(config, "environment: ", section, &key) && key == NULL)
            return true;
        bool found = config_resolve(config, section, key, &where);
        *split = '_';
        if (!found)
            continue;
        if (setting_assign(where.setting, where.base, variable + len + 1, &reason))
            return true;
        return fault_say(ret_fault, "environment: %.*s %s", (int)len, variable, reason.text);
    }
    return fault_say(ret_fault,
                     "environment: %.*s is no setting; its name is " ENVIRONMENT_PREFIX "SECTION_KEY",
                     (int)len, variable);
}

static bool read_environment(struct config *config, struct fault *ret_fault)
{
    for (char **variable = environ; *variable != NULL; variable++) {
        if (strncmp(*variable, ENVIRONMENT_PREFIX, strlen(ENVIRONMENT_PREFIX)) == 0 &&
            !read_variable(config, *variable, ret_fault))
            return false;
    }
    return true;
}

/* A default that a table of constants cannot hold: it is the translator's. */
static void provider_defaults(struct config *config, const struct translator *translator)
{
    struct provider_config *provider = &config->providers[config->n_providers++];
    provider->config = config;
    provider->translator = translator;
    snprintf(provider->section, sizeof(provider->section), "%s", translator->name);
    provider->base_url = must(strdup(translator->base_url));
    provider->keep_s = (unsigned)translator->keep_ceiling_s;
    provider->fresh_s = (unsigned)translator->fresh_s[RESOURCE_EVENTS];
    provider->venue_fresh_s = (unsigned)translator->fresh_s[RESOURCE_VENUE];
    provider->artist_fresh_s = (unsigned)translator->fresh_s[RESOURCE_ARTIST];
    provider->requests_per_s = translator->requests_per_s;
    provider->requests_per_day = translator->requests_per_day;
    provider->supplement_timeout_ms = translator->supplement_timeout_ms;
}

static void read_defaults(struct config *config)
{
    struct fault reason;
    for (size_t i = 0; translators[i] != NULL && i < CONFIG_MAX_PROVIDERS; i++)
        provider_defaults(config, translators[i]);
    for (size_t i = 0; sources[i] != NULL && config->n_providers < CONFIG_MAX_PROVIDERS; i++)
        provider_defaults(config, sources[i]);
    for (const struct setting *s = settings; s->key != NULL; s++) {
        for (size_t i = 0; s->initial != NULL && i < (s->section != NULL ? 1 : config->n_providers); i++) {
            void *base = s->section != NULL ? (void *)config : (void *)&config->providers[i];
            must(setting_assign(s, base, s->initial, &reason));
        }
    }
}

struct config *config_defaults(void)
{
    struct config *config = must(calloc(1, sizeof(*config)));
    config->_n_refs = 1;
    config->limits.max_inbox = MAX_INBOX;
    config->limits.max_waiters_per_job = MAX_WAITERS_PER_JOB;
    read_defaults(config);
    return config;
}

struct config *config_load(const char *path, bool for_serving, struct fault *ret_fault)
{
    struct config *config = config_defaults();
    ret_fault->text[0] = '\0';
    config->path = path;
    if ((path == NULL || read_file(config, path, ret_fault)) && read_environment(config, ret_fault) &&
        config_check(config, for_serving, ret_fault))
        return config;
    config_unref(config);
    return NULL;
}

struct config *config_ref(struct config *config)
{
    atomic_fetch_add(&config->_n_refs, 1);
    return config;
}

void config_unref(struct config *config)
{
    if (config == NULL || atomic_fetch_sub(&config->_n_refs, 1) > 1)
        return;
    for (const struct setting *s = settings; s->key != NULL; s++) {
        for (size_t i = 0; i < (s->section != NULL ? 1 : config->n_providers); i++)
            setting_clear(s, s->section != NULL ? (void *)config : (void *)&config->providers[i]);
    }
    for (size_t i = 0; i < config->n_remarks; i++)
        free(config->remarks[i]);
    access_free(config->access.policy);
    tour_section_clear(config);
    free(config);
}

void config_print(const struct config *config)
{
    const char *section = "";
    char text[SETTING_MAX_BYTES];
    for (const struct setting *s = settings; s->section != NULL; s++) {
        if (strcmp(section, s->section) != 0)
            printf("[%s]\n", s->section);
        section = s->section;
        setting_print(s, config, text, sizeof(text));
        printf("%s = %s\n", s->key, text);
    }
    for (size_t i = 0; i < config->n_providers; i++) {
        printf("[%s]\n", config->providers[i].section);
        for (const struct setting *s = settings; s->key != NULL; s++) {
            if (s->section == NULL && key_section_takes(&config->providers[i], s)) {
                setting_print(s, &config->providers[i], text, sizeof(text));
                printf("%s = %s\n", s->key, text);
            }
        }
    }
    tour_section_print(config);
}
