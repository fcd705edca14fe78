/* Songkick's kinds: doors and start, festivals and their tickets, words for names, as its calendars show
 * them. */
#include <stdio.h>
#include <string.h>

#include "tests/simulator/kinds.h"

#define SECOND_SET_MIN 150 /* second sets are this far apart and more */

static void doors(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    (void)artist;
    kinds_move_minutes(&record->event, part == 0 ? 0 : -60);
    record->event.n_performers = part == 0 ? 2 : 1;
}

static void support_hour(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    (void)artist;
    kinds_move_minutes(&record->event, part == 0 ? 0 : -89);
}

static void three_hours(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    (void)artist;
    kinds_move_minutes(&record->event, -90 * (int)part);
}

static void second_set(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    (void)artist;
    record->event.hour = 18;
    kinds_move_minutes(&record->event, SECOND_SET_MIN * (int)part);
}

static void hourless(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    (void)artist;
    record->event.has_time = part == 0;
}

static const char *weekday_of(struct tour_date date)
{
    static const char *const names[] = {"Thursday", "Friday",  "Saturday", "Sunday",
                                        "Monday",   "Tuesday", "Wednesday"};

    return names[tour_day_number(date) % 7];
}

static void add_to_series(struct tour_event *event, const char *word, const char *what)
{
    size_t len = strlen(event->series);

    snprintf(event->series + len, sizeof(event->series) - len, " %s %s", word, what);
}

static void weekend_ticket(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    (void)artist;
    kinds_set_days(&record->event, 3);
    if (part == 1)
        add_to_series(&record->event, "Weekend", record->id % 2 == 0 ? "Ticket" : "Camping");
}

static void day_ticket(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    (void)artist;
    kinds_set_days(&record->event, 3);
    if (part == 0)
        return;
    kinds_move_days(&record->event, 1);
    kinds_set_days(&record->event, 1);
    add_to_series(&record->event, weekday_of(record->event.start), "Ticket");
}

static void first_day(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    (void)artist;
    kinds_set_days(&record->event, part == 0 ? 3 : 1);
}

static void every_day(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    (void)artist;
    kinds_set_days(&record->event, part == 0 ? 2 : 1);
    if (part == 2)
        kinds_move_days(&record->event, 1);
}

static void known_and_unknown_venue(struct kinds_record *record, unsigned part,
                                    const struct tour_artist *artist)
{
    (void)artist;
    if (part == 1)
        kinds_set_venue(&record->event, TOUR_UNKNOWN_VENUE);
}

/* Its coordinates are the city's. */
static void unknown_venue(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    struct tour_venue *venue = &record->event.venue;

    (void)part;
    (void)artist;
    kinds_set_venue(&record->event, TOUR_UNKNOWN_VENUE);
    venue->has_geo = true;
    venue->lat = venue->city->lat;
    venue->lng = venue->city->lng;
}

static void placeholder_venue(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    static const char *const words[] = {"Location TBA", "Secret Location", "Various Venues",
                                        "To Be Determined"};

    (void)part;
    (void)artist;
    kinds_set_venue(&record->event, words[record->id / 7 % 4]);
}

static void online(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    (void)part;
    (void)artist;
    kinds_set_venue(&record->event, record->id % 2 == 0 ? "Livestream" : "Online");
}

static void guest(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    static const char *const words[] = {"Guest TBA", "Special Guests", "More to be announced",
                                        "Various Artists"};

    (void)part;
    (void)artist;
    record->guest = words[record->id / 7 % 4];
}

static void ages(struct kinds_record *record, unsigned part, const struct tour_artist *artist)
{
    (void)part;
    (void)artist;
    record->event.age_restriction = record->id % 2 == 0 ? "18 +" : "21 and up";
}

static const struct kind kinds[] = {
    {"doors and start", 2, KIND_OF_CONCERT, doors},
    {"hours of support and start", 2, KIND_OF_CONCERT, support_hour},
    {"three hours of one show", 3, KIND_OF_CONCERT, three_hours},
    {"second set", 2, KIND_OF_CONCERT, second_set},
    {"with and without an hour", 2, KIND_OF_CONCERT, hourless},
    {"unknown venue at the city's coordinates", 1, KIND_OF_CONCERT, unknown_venue},
    {"weekend ticket", 2, KIND_OF_FESTIVAL, weekend_ticket},
    {"day ticket", 2, KIND_OF_FESTIVAL, day_ticket},
    {"first day alone", 2, KIND_OF_FESTIVAL, first_day},
    {"every day", 3, KIND_OF_FESTIVAL, every_day},
    {"known and unknown venue", 2, KIND_OF_FESTIVAL, known_and_unknown_venue},
    {"placeholder as venue", 1, KIND_OF_ANY, placeholder_venue},
    {"online", 1, KIND_OF_ANY, online},
    {"guest who is nobody", 1, KIND_OF_ANY, guest},
    {"ages", 1, KIND_OF_ANY, ages},
};

const struct kinds kinds_songkick = {kinds, sizeof(kinds) / sizeof(kinds[0])};
