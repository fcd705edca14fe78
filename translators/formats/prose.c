/* Words about events, in any language of strings.h. No locale of the C library is asked: its names would
 * depend on the machine. */
#include "prose.h"

#include <string.h>

#include "translators/base/text.h"
#include "translators/model/place.h"
#include "translators/model/place_key.h"
#include "translators/model/word_key.h"

#define MAX_NAME_BYTES 512 /* a longer one is compared as it stands */

enum { DAY_S = 86400, THURSDAY = 4 }; /* 1970 began on a Thursday */

static const char *number(struct arena *arena, int value)
{
    return arena_printf(arena, "%d", value);
}

/* "a, b"; either may be NULL. */
static const char *joined(struct arena *arena, const char *a, const char *b)
{
    return a != NULL && b != NULL ? arena_printf(arena, "%s, %s", a, b) : a != NULL ? a : b;
}

const char *prose_time(const struct prose *prose, const struct moment *moment)
{
    const struct strings *strings = prose->strings;
    const char *clock = strings->texts[STRING_CLOCK];
    bool two_digits = strstr(clock, "HH") != NULL || strstr(clock, "hh") != NULL;
    int hour = strchr(clock, 'h') != NULL ? (moment->hour + 11) % 12 + 1 : moment->hour;

    return strings_fill(prose->arena, strings->texts[STRING_TIME],
                        arena_printf(prose->arena, two_digits ? "%02d" : "%d", hour),
                        arena_printf(prose->arena, "%02d", moment->minute),
                        strings->texts[moment->hour < 12 ? STRING_AM : STRING_PM], NULL);
}

static const char *weekday(const struct prose *prose, const struct moment *moment)
{
    struct moment day = *moment;
    int64_t days;

    day.has_time = false;
    days = when_wall_s(&day) / DAY_S;
    return prose->strings->texts[STRING_SUNDAY + ((days + THURSDAY) % 7 + 7) % 7];
}

static const char *month(const struct prose *prose, const struct moment *moment)
{
    return prose->strings->texts[STRING_JANUARY + moment->month - 1];
}

const char *prose_day(const struct prose *prose, const struct moment *moment)
{
    return strings_fill(prose->arena, prose->strings->texts[STRING_DAY_OF_MONTH], weekday(prose, moment),
                        number(prose->arena, moment->day), NULL);
}

const char *prose_month(const struct prose *prose, const struct moment *moment)
{
    return strings_fill(prose->arena, prose->strings->texts[STRING_MONTH_OF_YEAR], month(prose, moment),
                        number(prose->arena, moment->year), NULL);
}

const char *prose_date(const struct prose *prose, const struct moment *moment)
{
    const struct strings *strings = prose->strings;
    const char *date = strings_fill(prose->arena, strings->texts[STRING_DATE], weekday(prose, moment),
                                    number(prose->arena, moment->day), month(prose, moment),
                                    number(prose->arena, moment->year), NULL);

    return moment->has_time ? strings_fill(prose->arena, strings->texts[STRING_DATE_AND_TIME], date,
                                           prose_time(prose, moment), NULL)
                            : date;
}

const char *prose_end(const struct prose *prose, const struct moment *start, const struct moment *end)
{
    return when_same_day(start, end) ? prose_time(prose, end) : prose_date(prose, end);
}

static const char *from_to(const struct prose *prose, const struct moment *start, const struct moment *end)
{
    const char *from = prose_date(prose, start);

    return when_known(end) ? arena_printf(prose->arena, "%s %s %s", from, prose->strings->texts[STRING_TO],
                                          prose_end(prose, start, end))
                           : from;
}

const char *prose_when(const struct prose *prose, const struct event *event)
{
    struct moment start, end;

    when_span(&event->start, &event->end, &start, &end);
    return from_to(prose, &start, &end);
}

const char *prose_days(const struct prose *prose, const struct event *event)
{
    struct moment first, last;

    when_days(&event->start, &event->end, &first, &last);
    return from_to(prose, &first, &last);
}

const char *prose_status(const struct prose *prose, const struct event *event)
{
    switch (event->status) {
    case EVENT_CANCELLED:
        return prose->strings->texts[STRING_CANCELLED];
    case EVENT_POSTPONED:
        return prose->strings->texts[STRING_POSTPONED];
    case EVENT_RESCHEDULED:
        return when_known(&event->previous_start)
                   ? strings_fill(prose->arena, prose->strings->texts[STRING_RESCHEDULED_FROM],
                                  prose_date(prose, &event->previous_start), NULL)
                   : prose->strings->texts[STRING_RESCHEDULED];
    case EVENT_SCHEDULED:
        break;
    }
    return NULL;
}

/* The words of a name, with a space before and behind each. False: there are none, or too many. */
static bool spaced_words(const char *name, char ret[MAX_NAME_BYTES])
{
    size_t len = place_key_words(name, ret + 1, MAX_NAME_BYTES - 2);

    ret[0] = ' ';
    memcpy(ret + 1 + len, " ", 2);
    return len > 0;
}

bool prose_names_act(const struct event *event, const struct act *act)
{
    char title[MAX_NAME_BYTES], name[MAX_NAME_BYTES];

    if (event->name == NULL || act->name == NULL)
        return false;
    return text_has_words(event->name, act->name) ||
           (spaced_words(event->name, title) && spaced_words(act->name, name) && strstr(title, name) != NULL);
}

const char *prose_acts(const struct prose *prose, const struct event *event)
{
    const char *names = NULL, *title = event_display_name(prose->arena, event);
    bool has_headliner = false;

    for (size_t i = 0; i < event->n_acts; i++)
        has_headliner |= event->acts[i].headliner && event->acts[i].name != NULL;
    for (size_t i = 0; i < event->n_acts; i++) {
        const struct act *act = &event->acts[i];
        bool made_of = event->name == NULL && (act->headliner || !has_headliner);

        if (act->name == NULL || prose_names_act(event, act))
            continue;
        /* A name that is made of acts holds only so many. */
        if (!(made_of && title != NULL && strstr(title, act->name) != NULL))
            names = joined(prose->arena, names, act->name);
    }
    if (names != NULL && event->n_acts_left_out > 0)
        names = strings_fill(prose->arena, prose->strings->texts[STRING_AND_MORE], names,
                             number(prose->arena, (int)event->n_acts_left_out), NULL);
    return names != NULL ? strings_fill(prose->arena, prose->strings->texts[STRING_WITH], names, NULL) : NULL;
}

#define IS_ONE_OF(country, list) \
    ((country) != NULL && word_key_is_one_of((country), (list), sizeof(list) / sizeof((list)[0])))

/* Elsewhere nobody writes these codes: "Tokyo, 13, Japan". */
static bool has_known_regions(const char *country)
{
    static const char *const countries[] = {"US", "CA", "AU", "BR"};

    return IS_ONE_OF(country, countries);
}

/* Where the postal code stands, by the formats of libaddressinput (github.com/google/libaddressinput): behind
 * the town, or in a line below it. In all other countries it stands before the town, as in most of Europe. */
static const char *const codes_behind[] = {"AU", "CA", "ID", "IL", "IN", "LV", "MT",
                                           "NZ", "PR", "SG", "TH", "TW", "US", "VN"};
static const char *const codes_below[] = {"BR", "EG", "GB", "GG", "GI", "HU", "IE", "IM",
                                          "JE", "JP", "KE", "KR", "RU", "UA", "ZA"};

/* "a b"; either may be NULL. */
static const char *spaced(struct arena *arena, const char *a, const char *b)
{
    return a != NULL && b != NULL ? arena_printf(arena, "%s %s", a, b) : a != NULL ? a : b;
}

struct town_lines prose_town_lines(const struct prose *prose, const struct place *place)
{
    struct town_lines lines = {.town = place->locality, .region = place->region};

    if (has_known_regions(place->country)) {
        lines.town = joined(prose->arena, place->locality, place->region);
        lines.region = NULL;
    }
    if (IS_ONE_OF(place->country, codes_below))
        lines.postal_code = place->postal_code;
    else if (IS_ONE_OF(place->country, codes_behind))
        lines.town = spaced(prose->arena, lines.town, place->postal_code);
    else
        lines.town = spaced(prose->arena, place->postal_code, lines.town);
    return lines;
}

const char *prose_country(const struct prose *prose, const char *code)
{
    const char *own = strings_country(prose->strings, code), *english = place_country_name(code);

    return own != NULL ? own : english != NULL ? english : code;
}

const char *prose_address(const struct prose *prose, const struct place *place)
{
    const char *address = joined(prose->arena, place->street, place->locality);

    if (has_known_regions(place->country))
        address = joined(prose->arena, address, place->region);
    return joined(prose->arena, address,
                  place->country != NULL ? prose_country(prose, place->country) : NULL);
}

const char *prose_ages(const struct prose *prose, const char *age_range)
{
    size_t len = strlen(age_range);
    bool open = len > 1 && age_range[len - 1] == '-';
    const char *ages = open ? arena_printf(prose->arena, "%.*s+", (int)len - 1, age_range) : age_range;

    return strings_fill(prose->arena, prose->strings->texts[STRING_AGES], ages, NULL);
}

/* Two digits behind the point, none for a round amount. */
static const char *amount(const struct prose *prose, double value)
{
    const char *text = arena_printf(prose->arena, "%.2f", value);
    size_t len = strlen(text) - 3;

    return strcmp(text + len, ".00") == 0
               ? arena_strndup(prose->arena, text, len)
               : arena_printf(prose->arena, "%.*s%s%s", (int)len, text,
                              prose->strings->texts[STRING_DECIMAL_POINT], text + len + 1);
}

const char *prose_price(const struct prose *prose, const struct offer *offer)
{
    const struct strings *strings = prose->strings;

    if (!offer->has_price || offer->currency == NULL)
        return NULL;
    if (offer->high_price > offer->price)
        return strings_fill(prose->arena, strings->texts[STRING_PRICE_RANGE], amount(prose, offer->price),
                            amount(prose, offer->high_price), offer->currency, NULL);
    return offer->price == 0 ? strings->texts[STRING_FREE_OF_CHARGE]
                             : strings_fill(prose->arena, strings->texts[STRING_PRICE],
                                            amount(prose, offer->price), offer->currency, NULL);
}

const char *prose_availability(const struct prose *prose, const struct offer *offer)
{
    if (offer->availability == AVAILABILITY_SOLD_OUT)
        return prose->strings->texts[STRING_SOLD_OUT];
    if (offer->availability == AVAILABILITY_PRE_ORDER)
        return prose->strings->texts[STRING_PRE_ORDER];
    return when_known(&offer->valid_from) && offer->availability == AVAILABILITY_UNKNOWN &&
                   !when_day_is_over(&offer->valid_from, prose->now_s)
               ? strings_fill(prose->arena, prose->strings->texts[STRING_SALE_BEGINS],
                              prose_date(prose, &offer->valid_from), NULL)
               : NULL;
}

const char *prose_title(const struct prose *prose, const struct document *document)
{
    const char *name = NULL;

    if (document->subject == SUBJECT_ARTIST)
        name = document->artist.name;
    else if (document->subject == SUBJECT_VENUE)
        name = document->venue.name;
    else if (document->n_events > 0)
        name = event_display_name(prose->arena, &document->events[0]);
    return name != NULL ? strings_fill(prose->arena, prose->strings->texts[STRING_UPCOMING_OF], name, NULL)
                        : prose->strings->texts[STRING_UPCOMING];
}
