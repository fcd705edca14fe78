/* Ticketmaster's kinds: one show under several names, what is sold beside it, words about it in its name,
 * shows that are moved. */
#include <stdio.h>
#include <string.h>

#include "tests/simulator/kinds.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void set_name(struct kinds_record *record, const char *before, const struct tour_artist *artist,
                     const char *after)
{
    snprintf(record->name, sizeof(record->name), "%s%s%s", before, artist->name, after);
}

/* ---- one show, several records ---- */

static void named_by_its_tour(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    if (part == 1)
        snprintf(record->name, sizeof(record->name), "%s: The %s Tour", artist->name, names_word(artist->id));
}

static void vip(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    if (part == 1)
        set_name(record, "", artist, " - VIP");
}

static void seated_and_standing(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    if (part > 0)
        set_name(record, "", artist, part == 1 ? " - General Admission" : " - Seated");
}

static void two_venue_ids(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    struct tour_venue *venue = &record->event.venue;
    size_t len = strlen(venue->name);

    (void)artist;
    if (part == 0 || venue->id == 0)
        return;
    record->has_other_venue_id = true;
    snprintf(venue->name + len, sizeof(venue->name) - len, " - %s",
             venue->city->state != NULL ? venue->city->state : venue->city->name);
}

static void festival_days(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    const struct tour_event *event = &record->event;

    (void)artist;
    kinds_set_days(&record->event, 2);
    if (part == 1)
        snprintf(record->name, sizeof(record->name), "%s %d - 2 DAY TICKET", event->series,
                 event->start.year);
    if (part != 2)
        return;
    snprintf(record->name, sizeof(record->name), "%s %d (Single Day Pass)", event->series, event->start.year);
    kinds_move_days(&record->event, 1);
    kinds_set_days(&record->event, 1);
}

/* Two shows, though near each other: their names say so. */
static void early_and_late(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    kinds_move_minutes(&record->event, part == 0 ? 0 : 75);
    set_name(record, "", artist, part == 0 ? " - Early Show" : " - Late Show");
}

/* ---- what is no show ---- */

static void upsell(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    if (part == 0)
        record->upsell_id = record->id + KINDS_PART;
    else
        set_name(record, "Experiencia Dorada: ", artist, "");
}

static void no_ticket(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    static const char *const names[][2] = {{"Premium Lounge: ", " (Not an Event Ticket)"},
                                           {"", " - Fan Club Membership"},
                                           {"Lawn Chair Rental: ", ""},
                                           {"Lounge Access - ", ""},
                                           {"", " - VIP Paket"}};
    size_t at = record->id / 7 % COUNT(names);

    if (part == 1)
        set_name(record, names[at][0], artist, names[at][1]);
}

static void season(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    static const char *const names[] = {"Country Megaticket", "Season Tickets", "Abonnement", "Megaticket"};

    (void)part;
    (void)artist;
    snprintf(record->name, sizeof(record->name), "%s %d", names[record->id / 7 % COUNT(names)],
             record->event.start.year);
}

static void online(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    struct tour_venue *venue = &record->event.venue;

    (void)part;
    (void)artist;
    if (venue->id != 0)
        snprintf(venue->name, sizeof(venue->name), "Online");
}

/* ---- who plays ---- */

static void tour_plays(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    (void)part;
    snprintf(record->tour, sizeof(record->tour), "%s: The %s Tour", artist->name, names_word(artist->id));
}

static void guest(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    (void)part;
    (void)artist;
    record->guest = record->id % 2 == 0 ? "Special Guests" : "Various Artists";
}

/* ---- what came of it ---- */

static void postponed(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    (void)part;
    (void)artist;
    record->status = "postponed";
    record->first_day = record->event.start;
    record->is_dayless = true;
}

/* Somebody still sells tickets on the day before. */
static void rescheduled(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    (void)artist;
    if (part == 0) {
        record->status = "rescheduled";
        record->first_day = tour_day_date(tour_day_number(record->event.start) + 30);
    } else {
        kinds_move_days(&record->event, 30);
        record->is_resale = true;
    }
}

static void cancelled_by_its_name(struct kinds_record *record, unsigned part,
                                  const struct tour_artist *artist)
{
    static const char *const words[][2] = {{"CANCELLED - ", ""}, {"", " (POSTPONED)"}, {"CANCELED: ", ""}};
    size_t at = record->id / 7 % COUNT(words);

    (void)part;
    record->status = "offsale";
    set_name(record, words[at][0], artist, words[at][1]);
}

static void news_in_its_name(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    static const char *const words[] = {" - SOLD OUT", " (Rescheduled from 3/1/27)", " - MOVED TO THE HALL"};

    (void)part;
    set_name(record, "", artist, words[record->id / 7 % COUNT(words)]);
}

static void sale_over(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    (void)part;
    (void)artist;
    record->is_sale_over = true;
}

static void plain_images(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    (void)part;
    (void)artist;
    record->has_plain_images = true;
}

/* ---- where ---- */

static void placeholder_venue(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    static const char *const words[] = {"*VENUE TBA*", "Location TBA", "To Be Determined", "Various Venues"};
    struct tour_venue *venue = &record->event.venue;

    (void)part;
    (void)artist;
    if (venue->id != 0)
        snprintf(venue->name, sizeof(venue->name), "%s", words[record->id / 7 % COUNT(words)]);
}

static void no_street(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    static const char *const words[] = {"P.O. Box 99", "TBA", "-"};
    struct tour_venue *venue = &record->event.venue;

    (void)part;
    (void)artist;
    if (venue->id != 0)
        snprintf(venue->street, sizeof(venue->street), "%s", words[record->id / 7 % COUNT(words)]);
}

/* The code is Ticketmaster's own. The venue is another one then, of which no coordinates are known. */
static void northern_ireland(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    (void)part;
    (void)artist;
    if (strcmp(record->event.venue.city->country->slug, "uk") != 0)
        return;
    record->city = "Belfast";
    record->country = "Northern Ireland";
    record->country_code = "ND";
    record->event.venue.has_geo = false;
}

static const struct kind kinds[] = {
    {"named by its tour", 2, KIND_OF_CONCERT, named_by_its_tour},
    {"VIP", 2, KIND_OF_CONCERT, vip},
    {"seated and standing", 3, KIND_OF_CONCERT, seated_and_standing},
    {"two ids of a venue", 2, KIND_OF_CONCERT, two_venue_ids},
    {"early and late show", 2, KIND_OF_CONCERT, early_and_late},
    {"named by the show as sold beside it", 2, KIND_OF_CONCERT, upsell},
    {"no event ticket", 2, KIND_OF_CONCERT, no_ticket},
    {"sold for many shows", 1, KIND_OF_CONCERT, season},
    {"online", 1, KIND_OF_CONCERT, online},
    {"tour that performs", 1, KIND_OF_CONCERT, tour_plays},
    {"guest who is nobody", 1, KIND_OF_ANY, guest},
    {"days of a festival", 3, KIND_OF_FESTIVAL, festival_days},
    {"postponed", 1, KIND_OF_CONCERT, postponed},
    {"rescheduled", 2, KIND_OF_CONCERT, rescheduled},
    {"cancelled by its name", 1, KIND_OF_CONCERT, cancelled_by_its_name},
    {"news in its name", 1, KIND_OF_CONCERT, news_in_its_name},
    {"public sale over", 1, KIND_OF_CONCERT, sale_over},
    {"images without ratio", 1, KIND_OF_ANY, plain_images},
    {"placeholder as venue", 1, KIND_OF_ANY, placeholder_venue},
    {"placeholder as street", 1, KIND_OF_ANY, no_street},
    {"country code ND", 1, KIND_OF_CONCERT, northern_ireland},
};

const struct kinds kinds_ticketmaster = {kinds, sizeof(kinds) / sizeof(kinds[0])};
