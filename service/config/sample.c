/* Prints every setting with its default and its explanation, as a file that can be taken as it stands. */
#include "sample.h"

#include <stdio.h>
#include <string.h>

#include "config.h"
#include "config_load.h"
#include "key_section.h"
#include "settings.h"
#include "tour_section.h"

#define LINE_WIDTH 118

/* The text as comment lines, broken at blanks. */
static void print_comment(const char *text)
{
    while (*text != '\0') {
        size_t len = strlen(text), room = LINE_WIDTH - strlen("# ");
        if (len > room) {
            const char *blank = memrchr(text, ' ', room + 1);
            len = blank != NULL ? (size_t)(blank - text) : strcspn(text, " ");
        }
        printf("# %.*s\n", (int)len, text);
        text += len + strspn(text + len, " ");
    }
}

static const char head[] =
    "# marquee: every setting there is. A line that begins with ; shows the default; take the ; away to "
    "change it.\n"
    "# The unit of a number is in its name: _s, _ms, _mb, _bytes. A comment has a line of its own.\n"
    "#\n"
    "# Each setting can come from the environment as well, which wins: MARQUEE_TLS_KEY for `key` in [tls],\n"
    "# MARQUEE_PROVIDER_API_KEY for `api_key` in [provider].\n"
    "#\n"
    "#     marquee check-config FILE     says what is wrong, or prints every setting with its value\n"
    "#     kill -HUP                     reads certificate and configuration again without losing a "
    "request\n";

static const char key_sections[] = "\n"
                                   "# ---- keys for one artist ----\n"
                                   "\n"
                                   "# A key that belongs to one artist has a section of its own, for any "
                                   "provider that has keys. It serves that\n"
                                   "# artist alone; all else is as in the provider's section. Its name is of "
                                   "a to z, 0 to 9 and hyphens; its\n"
                                   "# credential is the file PROVIDER.milky-chance.key. A request with an "
                                   "mbid finds the section, too, where the\n"
                                   "# artist's id is known by it. A request with a name is looked up with "
                                   "the provider's own key; where there is\n"
                                   "# none, a second section with that name for its artist does it.\n"
                                   "#\n"
                                   "#     [PROVIDER:milky-chance]\n"
                                   "#     artist = ID\n"
                                   "#     api_key_file = /etc/marquee/milky-chance.key\n";

static void print_setting(const struct setting *setting, const void *base)
{
    char value[SETTING_MAX_BYTES];
    setting_print(setting, base, value, sizeof(value));
    if (setting->sample != NULL)
        printf("%s = %s\n", setting->key, setting->sample);
    else
        printf(";%s =%s%s\n", setting->key, value[0] != '\0' ? " " : "", value);
}

static void print_service(const struct config *config)
{
    const char *section = "";
    for (const struct setting *s = settings; s->section != NULL; s++) {
        if (strcmp(section, s->section) != 0)
            printf("\n[%s]\n", s->section);
        section = s->section;
        print_comment(s->help);
        print_setting(s, config);
    }
}

/* What the provider's terms and rules say of this setting. */
static void print_terms(const struct setting *setting, const struct translator *translator)
{
    if (strcmp(setting->key, "keep_s") == 0)
        printf("# %s's terms allow at most %d.\n", translator->title, translator->keep_ceiling_s);
    if (strcmp(setting->key, "requests_per_s") == 0 && translator->max_requests_per_s > 0)
        printf("# %s's rules allow at most %u, unless base_url is another one, as of a mirror.\n",
               translator->title, translator->max_requests_per_s);
    if (strcmp(setting->key, "contact") == 0 && translator->needs_contact)
        printf("# %s's rules want one: without it nothing is asked.\n", translator->title);
}

/* Has the provider anything that the setting is about? It has no lifetime of a kind that it is never asked
 * for.
 */
static bool applies(const struct setting *setting, const struct provider_config *provider)
{
    char value[SETTING_MAX_BYTES];
    if (strncmp(setting->key, "api_key", 7) == 0)
        return provider->translator->key_parameter != NULL;
    setting_print(setting, provider, value, sizeof(value));
    return key_section_takes(provider, setting) &&
           (strstr(setting->key, "fresh_s") == NULL || strcmp(value, "0") != 0);
}

/* A setting is explained where it stands for the first time. */
static void print_provider(const struct provider_config *provider, bool explained[CONFIG_MAX_SETTINGS])
{
    printf("\n[%s]\n", provider->section);
    print_comment(provider->translator->key_note);
    printf("\n");
    for (const struct setting *s = settings; s->key != NULL; s++) {
        if (s->section != NULL || !applies(s, provider))
            continue;
        if (!explained[s - settings])
            print_comment(s->help);
        print_terms(s, provider->translator);
        print_setting(s, provider);
        explained[s - settings] = true;
    }
}

/* Sections that there are none of by default. */
static void print_tours(void)
{
    printf("\n# ---- pages of tours ----\n\n");
    print_comment(
        "A tour whose pages are set up here stands at /tour/NAME/, and with `host` at / of that host. "
        "NAME is of a to z, 0 to 9 and hyphens. Its parameters are these, whatever a visitor sends.");
    printf("#\n#     [tour:NAME]\n");
    for (const struct setting *s = tour_settings; s->key != NULL; s++) {
        printf("#     # %s\n", s->help);
        printf("#     %s =%s%s\n", s->key, s->initial != NULL ? " " : "",
               s->initial != NULL ? s->initial : "");
    }
}

void sample_print(void)
{
    struct config *config = config_defaults();
    bool explained[CONFIG_MAX_SETTINGS] = {false};
    fputs(head, stdout);
    print_service(config);
    printf("\n# ---- a section for each provider ----\n");
    for (size_t i = 0; i < config->n_providers; i++)
        print_provider(&config->providers[i], explained);
    fputs(key_sections, stdout);
    print_tours();
    config_unref(config);
}
