/* Bandsintown's kinds: one record under two ids, texts that say again what another member is for, places as
 * its users write them. */
#include <stdio.h>
#include <string.h>

#include "tests/simulator/kinds.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void two_ids(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    (void)record;
    (void)part;
    (void)artist;
}

static void title_of_the_club(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    struct tour_venue *venue = &record->event.venue;

    (void)part;
    (void)artist;
    snprintf(venue->name, sizeof(venue->name), "%s Nightclub", names_word(record->id));
    snprintf(record->name, sizeof(record->name), "%s", venue->name);
}

static void description_of_the_place(struct kinds_record *record, unsigned part,
                                     const struct tour_artist *artist)
{
    const struct city *city = record->event.venue.city;

    (void)part;
    (void)artist;
    if (record->id % 3 == 0)
        snprintf(record->description, sizeof(record->description), "%s", city->name);
    else
        snprintf(record->description, sizeof(record->description), "%s, %s", city->name,
                 city->state != NULL ? city->state : city->country->name);
}

static void notice(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    (void)part;
    (void)artist;
    snprintf(record->description, sizeof(record->description), "Tickets available at the box office.");
}

static void description(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    (void)part;
    snprintf(record->description, sizeof(record->description),
             "<p>%s play the whole of their first record &amp; what they\n never play.</p>", artist->name);
}

static void region_code(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    static const char *const codes[][2] = {
        {"japan", "13"}, {"mexico", "DF"}, {"brazil", "SP"}, {"south-korea", "11"}};
    const struct city *city = record->event.venue.city;

    (void)part;
    (void)artist;
    if (city->state == NULL)
        record->region = "07";
    for (size_t i = 0; i < COUNT(codes); i++)
        if (strcmp(city->country->slug, codes[i][0]) == 0)
            record->region = codes[i][1];
}

static void country_in_its_language(struct kinds_record *record, unsigned part,
                                    const struct tour_artist *artist)
{
    static const char *const names[][2] = {
        {"germany", "Deutschland"},  {"austria", "Österreich"}, {"spain", "España"},
        {"italy", "Italia"},         {"sweden", "Sverige"},     {"norway", "Norge"},
        {"denmark", "Danmark"},      {"finland", "Suomi"},      {"poland", "Polska"},
        {"hungary", "Magyarország"}, {"brazil", "Brasil"},      {"mexico", "México"},
        {"japan", "日本"},           {"greece", "Ελλάδα"},      {"netherlands", "Nederland"},
        {"iceland", "Ísland"},       {"belgium", "Belgique"}};

    (void)part;
    (void)artist;
    for (size_t i = 0; i < COUNT(names); i++)
        if (strcmp(record->event.venue.city->country->slug, names[i][0]) == 0)
            record->country = names[i][1];
}

/* Bandsintown writes every word of a city large, but those of `location`. */
static void city_in_title_case(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    static const char *const names[][3] = {
        {"brazil", "Rio De Janeiro", "Rio de Janeiro"},
        {"germany", "Frankfurt Am Main", "Frankfurt am Main"},
        {"spain", "Palma De Mallorca", "Palma de Mallorca"},
        {"france", "Aix-En-Provence", "Aix-en-Provence"},
        {"argentina", "San Carlos De Bariloche", "San Carlos de Bariloche"},
        {"uk", "Newcastle Upon Tyne", "Newcastle upon Tyne"},
        {"us", "Truth Or Consequences", "Truth or Consequences"}};

    (void)part;
    (void)artist;
    for (size_t i = 0; i < COUNT(names); i++) {
        if (strcmp(record->event.venue.city->country->slug, names[i][0]) == 0) {
            record->city = names[i][1];
            record->location_city = names[i][2];
        }
    }
}

static void free_of_charge(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    (void)part;
    (void)artist;
    record->is_free = true;
}

static void sold_out(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    (void)part;
    snprintf(record->name, sizeof(record->name), "%s - SOLD OUT", artist->name);
}

static void guest(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    (void)part;
    (void)artist;
    record->guest = record->id % 2 == 0 ? "Special Guest" : "And More";
}

static void placeholder_venue(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    (void)part;
    (void)artist;
    kinds_set_venue(&record->event, record->id % 2 == 0 ? "Secret Location" : "Venue TBA");
}

static void no_street(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    struct tour_venue *venue = &record->event.venue;

    (void)part;
    (void)artist;
    snprintf(venue->street, sizeof(venue->street), "%s", record->id % 2 == 0 ? "TBA" : "P.O. Box 99");
}

static void online(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    (void)part;
    (void)artist;
    kinds_set_venue(&record->event, "Live Stream");
}

static const struct kind kinds[] = {
    {"two ids", 2, KIND_OF_ANY, two_ids},
    {"title that is the club's", 1, KIND_OF_CONCERT, title_of_the_club},
    {"description that is the place", 1, KIND_OF_ANY, description_of_the_place},
    {"description that is a notice", 1, KIND_OF_ANY, notice},
    {"description", 1, KIND_OF_CONCERT, description},
    {"region code", 1, KIND_OF_ANY, region_code},
    {"country in its own language", 1, KIND_OF_CONCERT, country_in_its_language},
    {"city in title case", 1, KIND_OF_CONCERT, city_in_title_case},
    {"free", 1, KIND_OF_ANY, free_of_charge},
    {"sold out by its title", 1, KIND_OF_CONCERT, sold_out},
    {"guest who is nobody", 1, KIND_OF_ANY, guest},
    {"placeholder as venue", 1, KIND_OF_CONCERT, placeholder_venue},
    {"placeholder as street", 1, KIND_OF_CONCERT, no_street},
    {"online", 1, KIND_OF_CONCERT, online},
};

const struct kinds kinds_bandsintown = {kinds, sizeof(kinds) / sizeof(kinds[0])};
