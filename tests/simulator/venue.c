/* Venues of the invented world: all that is known of one follows from its number. No tours here. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/simulator/tour.h"

#define VENUE_ID_MAX      499999999u
#define VENUE_GOOD_FIRST  100000000u /* from here on: complete and well-formed */
#define VENUE_UNKNOWN_MIN 4040000u
#define VENUE_UNKNOWN_MAX 4049999u

static double venue_near(double degrees, uint64_t seed, bool whole)
{
    double offset = ((double)(seed % 1000) - 500) / 10000;

    return whole ? round(degrees) : round((degrees + offset) * 100000) / 100000;
}

static void venue_address(struct tour_venue *venue, uint64_t h)
{
    const struct country *country = venue->city->country;
    const struct affix *around = &country->venues[h % COUNTRY_AFFIXES];
    const char *word = names_word(names_mix(venue->id, 2));
    unsigned number = 1 + (unsigned)(h >> 10) % 180;
    char slug[NAME_BYTES];

    snprintf(venue->name, sizeof(venue->name), "%s%s%s", around->before, names_word(venue->id),
             around->after);
    if (country->number_first)
        snprintf(venue->street, sizeof(venue->street), "%u %s%s%s", number, country->street.before, word,
                 country->street.after);
    else
        snprintf(venue->street, sizeof(venue->street), "%s%s%s %u", country->street.before, word,
                 country->street.after, number);
    names_fill(venue->id, country->zip, venue->zip, sizeof(venue->zip));
    names_fill(venue->id, country->phone, venue->phone, sizeof(venue->phone));
    names_slug(venue->name, slug);
    snprintf(venue->website, sizeof(venue->website), "https://%s-%llu.example.%s/", slug,
             (unsigned long long)venue->id % 1000, country->domain);
}

/* What the recordings lack or write strangely, each for some venues. */
static void venue_oddities(struct tour_venue *venue, uint64_t h)
{
    if (h % 16 == 1)
        venue->has_geo = false;
    if ((h >> 8) % 12 == 1)
        venue->street[0] = '\0';
    if ((h >> 12) % 12 == 1)
        venue->zip[0] = '\0';
    if ((h >> 16) % 3 == 1) {
        venue->phone[0] = '\0';
        venue->phone_null = (h >> 20) % 2;
    }
    if ((h >> 24) % 3 == 1) {
        venue->website[0] = '\0';
        venue->website_null = (h >> 28) % 2;
    }
    venue->capacity_kind = (enum tour_capacity)((h >> 32) % 3);
    if ((h >> 40) % 5 == 1)
        venue->description = "Doors at seven.\r\n\r\nCash only & no re-entry \xe2\x80\x93 bring \"ID\".";
    venue->old_links = (h >> 44) % 4 == 1;
}

bool tour_venue(uint64_t id, struct tour_venue *ret_venue)
{
    uint64_t h = names_mix(id, 0x7e4e);

    if (id == 0 || id > VENUE_ID_MAX || (id >= VENUE_UNKNOWN_MIN && id <= VENUE_UNKNOWN_MAX))
        return false;
    memset(ret_venue, 0, sizeof(*ret_venue));
    ret_venue->id = id;
    /* Neighbouring numbers are neighbouring cities: a tour over a block of numbers travels. */
    ret_venue->city = &cities[(id + id / 1000 * 17) % n_cities];
    ret_venue->has_geo = true;
    ret_venue->capacity = 50 * (int)(1 + (h >> 50) % 400);
    ret_venue->description = "";
    venue_address(ret_venue, h);
    if (id < VENUE_GOOD_FIRST)
        venue_oddities(ret_venue, names_mix(id, 0x0dd));
    ret_venue->lat = venue_near(ret_venue->city->lat, h >> 20, id < VENUE_GOOD_FIRST && h % 40 == 1);
    ret_venue->lng = venue_near(ret_venue->city->lng, h >> 30, id < VENUE_GOOD_FIRST && h % 40 == 1);
    return true;
}
