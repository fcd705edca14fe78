/* The words of venues, of titles and of notices. */
#include "repetitions.h"

#include <string.h>

#include "translators/base/arena.h"
#include "translators/base/text.h"
#include "translators/model/model.h"
#include "translators/model/place.h"
#include "translators/model/place_key.h"
#include "translators/model/word_key.h"

#define COUNT(list)     (sizeof(list) / sizeof((list)[0]))
#define MAX_PLACE       200
#define MAX_WORDS_BYTES 240 /* of a sentence that are looked at together */

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

/* ---- notices ---- */

/* Where and when tickets and doors are: worth nothing alone, and left where a description tells more. */
static const char *const box_office[] = {"box office",
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

/* What a ticket is like and wants of its buyer, and what nobody may bring. */
static const char *const conditions[] = {"digital ticket",
                                         "digital tickets",
                                         "mobile ticket",
                                         "mobile tickets",
                                         "mobile entry",
                                         "e ticket",
                                         "e tickets",
                                         "etickets",
                                         "tickets will be delivered",
                                         "tickets are delivered",
                                         "tickets will be sent",
                                         "ticketmaster app",
                                         "axs app",
                                         "phone number",
                                         "smart device",
                                         "lead booker",
                                         "on your ticket",
                                         "on your tickets",
                                         "name on the ticket",
                                         "photo id",
                                         "valid id",
                                         "provide id",
                                         "ts and cs",
                                         "t and cs",
                                         "terms and conditions",
                                         "car parking",
                                         "parking is available",
                                         "ticket limit",
                                         "tickets per person",
                                         "tickets per customer",
                                         "tickets per household",
                                         "tickets per transaction",
                                         "booking fee",
                                         "booking fees",
                                         "service charge",
                                         "service charges",
                                         "non refundable",
                                         "non transferable",
                                         "not transferable",
                                         "needs a ticket",
                                         "must have a ticket",
                                         "requires a ticket",
                                         "vip membership",
                                         "not permitted",
                                         "are permitted",
                                         "is permitted",
                                         "not allowed",
                                         "are prohibited",
                                         "is prohibited",
                                         "strictly prohibited",
                                         "prohibited items",
                                         "bag policy",
                                         "no bags",
                                         "no re entry",
                                         "no readmission",
                                         "nicht gestattet",
                                         "nicht erlaubt",
                                         "sind verboten",
                                         "ist verboten",
                                         "personalisierte tickets",
                                         "billets \303\251lectroniques",
                                         "sont interdits",
                                         "est interdit",
                                         "entradas digitales",
                                         "no se permite",
                                         "no se permiten",
                                         "est\303\241 prohibido",
                                         "queda prohibido",
                                         "non \303\250 consentito",
                                         "niet toegestaan"};

/* Beside a number of nine digits: a date has eight. */
static const char *const calls[] = {
    "call",           "phone",   "telephone", "tel",    "contact",  "whatsapp",   "telefon",
    "telefonisch",    "appelez", "llame",     "llamar", "chiamare", "t\303\251l", "t\303\251l\303\251phone",
    "tel\303\251fono"};

enum sentence { SENTENCE_EMPTY, SENTENCE_TELLS, SENTENCE_BOX_OFFICE, SENTENCE_CONDITION };

/* The bytes up to the end of a sentence, and the marks behind it. A mark before a small letter ends none. */
static size_t sentence_bytes(const char *text)
{
    size_t len = 0, n_marks, n_gap;

    for (; text[len] != '\0'; len += n_marks + n_gap) {
        len += strcspn(text + len, ".!?\n");
        n_marks = strspn(text + len, ".!?\n");
        n_gap = strspn(text + len + n_marks, " ");
        if (text[len + n_marks] == '\0' || text[len] == '\n' ||
            (n_gap > 0 && !(text[len + n_marks + n_gap] >= 'a' && text[len + n_marks + n_gap] <= 'z')))
            return len + n_marks;
    }
    return len;
}

/* The numbers of a telephone are set apart, too. */
static bool has_telephone(const char *words)
{
    size_t n_digits = 0;

    for (; *words != '\0' && n_digits < 9; words++) {
        if (*words >= '0' && *words <= '9')
            n_digits++;
        else if (*words != ' ')
            n_digits = 0;
    }
    return n_digits >= 9;
}

/* At how many words of a key one of the list begins: a description is long, and most words are in no list. */
static size_t count_of(const char *words, const char *const *list, size_t n)
{
    size_t n_found = 0;

    for (const char *at = words; at != NULL; at = strchr(at, ' ')) {
        at += *at == ' ';
        n_found += word_key_past_one_of(at, list, n) != NULL;
    }
    return n_found;
}

static size_t count_conditions(const char *words)
{
    return count_of(words, conditions, COUNT(conditions)) +
           (has_telephone(words) && count_of(words, calls, COUNT(calls)) > 0);
}

/* A list of what is forbidden is one long sentence, and so is a story without full stops: it wants two
 * words. */
static enum sentence judge(const char *text, size_t len)
{
    struct word_key key = {.len = 0};
    size_t n = 0;

    for (size_t at = 0; at < len; at += MAX_WORDS_BYTES) {
        word_key_make(text + at, len - at < MAX_WORDS_BYTES ? len - at : MAX_WORDS_BYTES, &key);
        n += count_conditions(key.text);
    }
    if (len >= MAX_WORDS_BYTES)
        return n >= 2 ? SENTENCE_CONDITION : SENTENCE_TELLS;
    if (n > 0)
        return SENTENCE_CONDITION;
    if (key.len <= 3)
        return SENTENCE_EMPTY;
    return count_of(key.text, box_office, COUNT(box_office)) > 0 ? SENTENCE_BOX_OFFICE : SENTENCE_TELLS;
}

/* Cuts conditions off both ends, with what is hardly a word behind them. NULL: no sentence tells anything. */
static const char *without_notices(struct arena *arena, const char *text)
{
    const char *begin = NULL, *end = text;
    bool tells = false, is_behind_condition = false;

    for (size_t len; *text != '\0'; text += len, text += strspn(text, " ")) {
        enum sentence sentence;

        len = sentence_bytes(text);
        sentence = judge(text, len);
        tells = tells || sentence == SENTENCE_TELLS;
        if (sentence == SENTENCE_CONDITION || (sentence == SENTENCE_EMPTY && is_behind_condition)) {
            is_behind_condition = true;
            continue;
        }
        is_behind_condition = false;
        begin = begin != NULL ? begin : text;
        end = text + len;
    }
    return tells ? arena_strndup(arena, begin, (size_t)(end - begin)) : NULL;
}

const char *repetitions_cut_description(struct arena *arena, const char *text, const struct place *place)
{
    return text == NULL || is_address(text, place) ? NULL : without_notices(arena, text);
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
