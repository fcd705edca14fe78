/* Comparing records. */
#include "alike.h"

#include <string.h>

#include "translators/base/arena.h"
#include "translators/base/text.h"
#include "translators/model/word_key.h"

#define DAY_S    86400
#define MAX_NAME 512      /* bytes; a longer name is like no other */
#define MAX_WORK 50000000 /* characters compared for a document */

static bool is_equal(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

bool alike_text(const char *a, const char *b)
{
    return a != NULL && b != NULL && text_equal_fold(a, b);
}

static bool differs(const char *a, const char *b)
{
    return a != NULL && b != NULL && !text_equal_fold(a, b);
}

bool alike_within(const char *a, const char *b)
{
    return a != NULL && b != NULL && (text_has_words(a, b) || text_has_words(b, a));
}

/* ---- when ---- */

bool alike_has_hours(const struct event *a, const struct event *b)
{
    return a->start.has_time && b->start.has_time;
}

bool alike_minute(const struct event *a, const struct event *b)
{
    return alike_has_hours(a, b) && when_wall_s(&a->start) / 60 == when_wall_s(&b->start) / 60;
}

bool alike_start(const struct record *a, const struct record *b, int64_t apart_s)
{
    int64_t between_s = when_wall_s(&a->event->start) - when_wall_s(&b->event->start);

    return a->day == b->day &&
           (!alike_has_hours(a->event, b->event) || (between_s <= apart_s && -between_s <= apart_s));
}

/* ---- where ---- */

/* A hundredth of a degree is some 1,000 m. */
static bool is_near(const struct place *a, const struct place *b, double degrees)
{
    double north = a->latitude - b->latitude, east = a->longitude - b->longitude;

    return a->has_geo && b->has_geo && north < degrees && -north < degrees && east < degrees &&
           -east < degrees;
}

bool alike_city(const struct place *a, const struct place *b)
{
    return alike_text(a->locality, b->locality) && !differs(a->region, b->region) &&
           !differs(a->country, b->country);
}

/* Halls and streets of one name are in many cities. A city may have two names, or none that is known. */
static bool may_be_one_city(const struct place *a, const struct place *b)
{
    if (alike_city(a, b) || is_near(a, b, 0.05))
        return true;
    return (a->locality == NULL || b->locality == NULL) && !differs(a->region, b->region) &&
           !differs(a->country, b->country) && !(a->has_geo && b->has_geo);
}

/* The name of a venue as a key, its words in one spelling: "The Example Theatre" is "example theater". */
static void make_venue_key(const char *name, struct word_key *key)
{
    static const char *const spellings[][2] = {{"theatre", "theater"}, {"centre", "center"}, {"saint", "st"}};
    struct word_key words;
    const char *at, *rest;

    word_key_make(name, strlen(name), &words);
    rest = word_key_past(words.text, "the");
    key->len = 0;
    for (at = rest != NULL && *rest != '\0' ? rest : words.text; *at != '\0'; at = rest) {
        size_t len = strcspn(at, " ");
        const char *word = at;

        rest = at + len + (at[len] == ' ');
        for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
            if (word_key_past(at, spellings[i][0]) != NULL) {
                word = spellings[i][1];
                len = strlen(word);
            }
        }
        if (key->len + len + 1 >= WORD_KEY_BYTES)
            break;
        memcpy(key->text + key->len, word, len);
        key->len += len;
        key->text[key->len++] = ' ';
    }
    key->text[key->len] = '\0';
}

static bool is_venue_named(const char *a, const char *b)
{
    struct word_key key_a, key_b;

    if (a == NULL || b == NULL)
        return false;
    make_venue_key(a, &key_a);
    make_venue_key(b, &key_b);
    return key_a.len > 0 && strcmp(key_a.text, key_b.text) == 0;
}

bool alike_venue(const struct place *a, const struct place *b)
{
    return is_equal(a->id, b->id) || (is_venue_named(a->name, b->name) && may_be_one_city(a, b));
}

bool alike_house(const struct place *a, const struct place *b)
{
    return alike_venue(a, b) || (alike_text(a->street, b->street) && may_be_one_city(a, b));
}

bool alike_place(const struct place *a, const struct place *b)
{
    return alike_house(a, b) || is_near(a, b, 0.005) ||
           (alike_city(a, b) && (a->name == NULL || b->name == NULL || alike_within(a->name, b->name)));
}

/* ---- who ---- */

static bool is_same_act(const struct act *a, const struct act *b)
{
    return a->id != NULL && b->id != NULL ? strcmp(a->id, b->id) == 0 : alike_text(a->name, b->name);
}

static bool is_in_bill(const struct act *act, const struct event *event)
{
    for (size_t i = 0; i < event->n_acts && i < ALIKE_MAX_BILL; i++) {
        if (is_same_act(act, &event->acts[i]))
            return true;
    }
    return false;
}

/* A house with several rooms has several concerts at a time, and many an act opens for two others: it is the
 * first act that counts, or the whole of the shorter bill. */
bool alike_bill(const struct record *a, const struct record *b)
{
    const struct event *shorter = a->event->n_acts <= b->event->n_acts ? a->event : b->event;
    const struct event *longer = shorter == a->event ? b->event : a->event;

    if (shorter->n_acts == 0)
        return alike_text(a->name, b->name);
    if (is_same_act(&shorter->acts[0], &longer->acts[0]))
        return true;
    for (size_t i = 0; i < shorter->n_acts; i++) {
        if (i == ALIKE_MAX_BILL || !is_in_bill(&shorter->acts[i], longer))
            return false;
    }
    return true;
}

struct record record_of(struct arena *arena, struct event *event)
{
    struct record record = {
        .event = event, .name = event_display_name(arena, event), .day = when_wall_s(&event->start) / DAY_S};
    size_t n_acts = event->n_acts < ALIKE_MAX_BILL ? event->n_acts : ALIKE_MAX_BILL;

    if (record.name != NULL && strlen(record.name) > MAX_NAME)
        record.name = NULL;
    record.size = (record.name != NULL ? strlen(record.name) : 0) + 4 * n_acts;
    record.size += event->place.name != NULL ? strlen(event->place.name) : 0;
    return record;
}

bool records_may_compare(struct records *records, const struct record *a, const struct record *b)
{
    records->work += 1 + a->size * b->size;
    return records->work <= MAX_WORK;
}
