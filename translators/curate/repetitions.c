/* The words of venues, of titles and of notices. */
#include "repetitions.h"

#include <string.h>

#include "translators/base/arena.h"
#include "translators/base/text.h"
#include "translators/model/model.h"
#include "translators/model/place.h"
#include "translators/model/place_key.h"
#include "translators/model/word_key.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define MAX_NOTICE  400 /* bytes; a longer description tells something */
#define MAX_PLACE   200

/* ---- titles ---- */

static const char *const venues[] = {
    "nightclub",  "club",     "dayclub",      "arena",        "hall",      "halle",
    "theatre",    "theater",  "teatro",       "ballroom",     "bar",       "pub",
    "lounge",     "stadium",  "stadion",      "amphitheatre", "tavern",    "saloon",
    "pavilion",   "casino",   "hotel",        "resort",       "brewery",   "coliseum",
    "centre",     "center",   "amphitheater", "auditorium",   "sala",      "salle",
    "kulturhaus", "brauerei", "cafe",         "caf\xC3\xA9",  "discoteca", "speedway"};
static const char *const shows[] = {"tour",      "festival",    "fest",   "open air",  "presents", "party",
                                    "night",     "nights",      "show",   "live",      "album",    "release",
                                    "session",   "sessions",    "series", "weekender", "concert",  "concerts",
                                    "residency", "anniversary", "with",   "feat",      "vs"};

static bool has_one_of(const char *text, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (text_has_words(text, list[i]))
            return true;
    }
    return false;
}

bool repetitions_is_venue(const char *name)
{
    struct word_key key;

    if (name == NULL)
        return false;
    word_key_make(name, strlen(name), &key);
    return has_one_of(key.text, venues, COUNT(venues)) && !has_one_of(key.text, shows, COUNT(shows));
}

/* ---- descriptions ---- */

static bool is_same_name(const char *a, const char *b)
{
    char key_a[PLACE_KEY_BYTES], key_b[PLACE_KEY_BYTES];

    return a != NULL && b != NULL && place_key(a, key_a) && place_key(b, key_b) && strcmp(key_a, key_b) == 0;
}

/* A part of an address of the place. */
static bool is_of_place(const char *part, const struct place *place)
{
    const char *country = place_country(part);
    const char *region = place->country != NULL ? place_region(place->country, part) : NULL;

    return is_same_name(part, place->name) || is_same_name(part, place->locality) ||
           is_same_name(part, place->street) || is_same_name(part, place->postal_code) ||
           is_same_name(part, place->region) ||
           (country != NULL && place->country != NULL && strcmp(country, place->country) == 0) ||
           (region != NULL && place->region != NULL && strcmp(region, place->region) == 0);
}

static bool is_address(const char *text, const struct place *place)
{
    char part[MAX_PLACE];
    size_t len;

    if (strlen(text) >= sizeof(part))
        return false;
    for (; *text != '\0'; text += len + (text[len] != '\0')) {
        text += strspn(text, " ");
        len = strcspn(text, ",|\n");
        memcpy(part, text, len);
        while (len > 0 && part[len - 1] == ' ')
            part[--len] = '\0';
        part[len] = '\0';
        len = strcspn(text, ",|\n");
        if (*part == '\0' || !is_of_place(part, place))
            return false;
    }
    return true;
}

/* Is each sentence about where and when tickets and doors are? */
static bool is_notice(const char *text)
{
    static const char *const notices[] = {"box office",
                                          "tickets are available",
                                          "tickets available",
                                          "tickets at",
                                          "tickets on sale",
                                          "tickets go on sale",
                                          "on sale now",
                                          "buy tickets",
                                          "purchase tickets",
                                          "get tickets",
                                          "for tickets",
                                          "ticket sales",
                                          "ticket info",
                                          "ticket information",
                                          "will call",
                                          "doors open",
                                          "doors at",
                                          "no refunds",
                                          "all sales are final",
                                          "for more information",
                                          "tickets erh\xC3\xA4ltlich",
                                          "abendkasse",
                                          "vorverkauf"};
    struct word_key key;
    size_t len;

    if (strlen(text) > MAX_NOTICE)
        return false;
    for (; *text != '\0'; text += len + strspn(text + len, ".!?\n ")) {
        len = strcspn(text, ".!?\n");
        word_key_make(text, len, &key);
        if (key.len > 3 && !has_one_of(key.text, notices, COUNT(notices)))
            return false;
    }
    return true;
}

bool repetitions_is_description(const char *text, const struct place *place)
{
    return text != NULL && (is_address(text, place) || is_notice(text));
}

/* ---- places ---- */

const char *repetitions_city(struct arena *arena, const char *city, const char *location)
{
    size_t len = location != NULL ? strcspn(location, ",") : 0;
    const char *other = len > 0 ? text_clean(arena, location, len, len) : NULL;

    if (city == NULL || other == NULL)
        return city != NULL ? city : location != NULL && location[len] == ',' ? other : NULL;
    return is_same_name(city, other) ? other : city;
}

void repetitions_drop(struct document *document)
{
    for (size_t i = 0; i < document->n_events; i++) {
        struct event *event = &document->events[i];
        struct place *place = &event->place;

        if (is_same_name(place->name, place->locality)) {
            place->name = NULL;
            place->has_geo = false;
        } else if (is_same_name(place->name, event->name) && !repetitions_is_venue(place->name)) {
            place->name = NULL;
        }
    }
}
