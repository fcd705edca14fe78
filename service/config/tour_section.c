/* The table of a tour's settings, and what can be told of them without knowing what a page is. */
#include "tour_section.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "translators/base/must.h"

#define PREFIX          "tour:"
#define OF_TOUR(field)  offsetof(struct tour_config, field)
#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789-"

/* clang-format off */
const struct setting tour_settings[TOUR_SETTINGS + 1] = {
    {"tour", "provider", SETTING_TEXT, OF_TOUR(provider), 0, 0, NULL, NULL, true,
     "Whose events they are."},
    {"tour", "resource", SETTING_TEXT, OF_TOUR(resource), 0, 0, "artist", NULL, true,
     "artist or venue."},
    {"tour", "id", SETTING_TEXT, OF_TOUR(id), 0, 0, NULL, NULL, true,
     "The provider's id of it."},
    {"tour", "name", SETTING_TEXT, OF_TOUR(name), 0, 0, NULL, NULL, true,
     "As the parameter of this name. Empty: as the provider has it."},
    {"tour", "weburl", SETTING_TEXT, OF_TOUR(weburl), 0, 0, NULL, NULL, true,
     "As the parameter of this name."},
    {"tour", "pages", SETTING_TEXT, OF_TOUR(pages), 0, 0, NULL, NULL, true,
     "Where visitors see the pages. Empty: on the host below, or at /tour/NAME/ of public_url."},
    {"tour", "image", SETTING_TEXT, OF_TOUR(image), 0, 0, NULL, NULL, true,
     "As the parameter of this name."},
    {"tour", "style", SETTING_TEXT, OF_TOUR(style), 0, 0, NULL, NULL, true,
     "A style sheet in place of ours, on the host of pages."},
    {"tour", "lang", SETTING_TEXT, OF_TOUR(lang), 0, 0, NULL, NULL, true,
     "As the parameter of this name: en, en-US, de, fr or es."},
    {"tour", "host", SETTING_TEXT, OF_TOUR(host), 0, 0, NULL, NULL, true,
     "A host of its own, whose name leads to this service: the pages stand at / of it. Empty: none."},
    {"tour", "certificate", SETTING_TEXT, OF_TOUR(certificate), 0, 0, NULL, NULL, true,
     "PEM file for that host: the leaf first, then the chain. Empty: the one of [tls], which must be for the host too."},
    {"tour", "key", SETTING_TEXT, OF_TOUR(key), 0, 0, NULL, NULL, true,
     "PEM file with its private key."},
    {NULL, NULL, SETTING_TEXT, 0, 0, 0, NULL, NULL, false, NULL},
};
/* clang-format on */

const char *tour_section_name(const struct tour_config *tour)
{
    return tour->section + strlen(PREFIX);
}

struct tour_config *tour_section_find(struct config *config, const char *section)
{
    for (size_t i = 0; i < config->n_tours; i++) {
        if (section_is(config->tours[i].section, section))
            return &config->tours[i];
    }
    return NULL;
}

bool tour_section_open(struct config *config, const char *section, struct fault *ret_fault)
{
    const char *name = section + strlen(PREFIX);
    size_t len = strlen(section);
    if (*name == '\0' || name[strspn(name, NAME_CHARACTERS)] != '\0' || len >= CONFIG_SECTION_BYTES) {
        return fault_say(
            ret_fault,
            "a name of a to z, 0 to 9 and hyphens stands behind the colon; at most %d bytes in all",
            CONFIG_SECTION_BYTES - 1);
    }
    if (translator_named(name) != NULL) {
        return fault_say(ret_fault, "a tour cannot have the name of a provider");
    }
    if (tour_section_find(config, section) != NULL) {
        return fault_say(ret_fault, "there are two tours of this name; rename one of them");
    }
    if (config->n_tours == CONFIG_MAX_TOURS) {
        return fault_say(ret_fault, "there are more than %d tours", CONFIG_MAX_TOURS);
    }
    if (config->tours == NULL)
        config->tours = must(calloc(CONFIG_MAX_TOURS, sizeof(*config->tours)));
    struct tour_config *tour = &config->tours[config->n_tours++];
    memcpy(tour->section, section, len + 1);
    tour->resource = must(strdup("artist"));
    return true;
}

void tour_section_print(const struct config *config)
{
    char text[SETTING_MAX_BYTES];
    for (size_t i = 0; i < config->n_tours; i++) {
        printf("[%s]\n", config->tours[i].section);
        for (const struct setting *s = tour_settings; s->key != NULL; s++) {
            setting_print(s, &config->tours[i], text, sizeof(text));
            printf("%s = %s\n", s->key, text);
        }
    }
}

void tour_section_clear(struct config *config)
{
    for (size_t i = 0; i < config->n_tours; i++) {
        for (const struct setting *s = tour_settings; s->key != NULL; s++)
            setting_clear(s, &config->tours[i]);
    }
    free(config->tours);
    config->tours = NULL;
    config->n_tours = 0;
}
