/* The names of what is no concert, as tables. */
#include "extra.h"

#include <stdbool.h>
#include <string.h>

#include "text.h"

#define COUNT(list)    (sizeof(list) / sizeof((list)[0]))
#define MAX_NAME_BYTES 512 /* what is behind is not read */

/* A name with all words in lower case and one space between them, and "|" around each part that punctuation
 * sets apart: "|the paper lanterns|vip paket|". */
struct parts {
    char text[MAX_NAME_BYTES + 3];
    size_t len;
    size_t bracket; /* where the first bracket stands; 0: there is none */
};

static bool is_separator(const char *name, size_t at)
{
    bool spaced = at > 0 && name[at - 1] == ' ' && name[at + 1] == ' ';

    if (strchr(":|()[],/", name[at]))
        return true;
    return (name[at] == '-' && spaced) || strncmp(name + at, "\xE2\x80\x93", 3) == 0 ||
           strncmp(name + at, "\xE2\x80\x94", 3) == 0;
}

static void put(struct parts *parts, char c)
{
    if (parts->len > 0 && parts->text[parts->len - 1] == ' ' && (c == ' ' || c == '|'))
        parts->len--;
    if (c == ' ' && parts->len > 0 && parts->text[parts->len - 1] == '|')
        return;
    if (c == '|' && parts->len > 0 && parts->text[parts->len - 1] == '|')
        return;
    parts->text[parts->len++] = c;
}

static void split(const char *name, struct parts *parts)
{
    put(parts, '|');
    for (size_t i = 0; name[i] != '\0' && parts->len < MAX_NAME_BYTES; i++) {
        char c = name[i];
        bool is_kept = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '&' || (c & 0x80);

        if (is_separator(name, i)) {
            put(parts, '|');
            if ((c == '(' || c == '[') && parts->bracket == 0)
                parts->bracket = parts->len - 1;
            i += (c & 0x80) ? 2 : 0;
        } else if (c >= 'A' && c <= 'Z') {
            put(parts, (char)(c | 0x20));
        } else if (c != '\'') {
            put(parts, is_kept ? c : ' ');
        }
    }
    put(parts, '|');
    parts->text[parts->len] = '\0';
}

static bool has_part(const struct parts *parts, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t len = strlen(list[i]);

        for (const char *at = parts->text; (at = strstr(at, list[i])); at++) {
            if (at[-1] == '|' && at[len] == '|')
                return true;
        }
    }
    return false;
}

static bool has_phrase(const struct parts *parts, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (text_has_words(parts->text, list[i]))
            return true;
    }
    return false;
}

/* Does a part end in one of these words? `last_only`: the name itself, whatever stands in brackets behind it.
 */
static bool has_end(const struct parts *parts, const char *const *list, size_t n, bool last_only)
{
    for (size_t i = 0; i < n; i++) {
        size_t len = strlen(list[i]);

        for (const char *at = parts->text; (at = strstr(at, list[i])); at++) {
            size_t end = (size_t)(at - parts->text) + len;
            bool is_last = end == parts->len - 1 || (parts->bracket > 0 && end == parts->bracket);

            if ((at[-1] == ' ' || at[-1] == '|') && at[len] == '|' && (is_last || !last_only))
                return true;
        }
    }
    return false;
}

/* Wherever they stand. */
static const char *const things[] = {"parking pass",
                                     "parking lot pass",
                                     "parking only",
                                     "parking permit",
                                     "parking ticket",
                                     "parking tickets",
                                     "car park ticket",
                                     "car park pass",
                                     "vip package",
                                     "vip packages",
                                     "vip upgrade",
                                     "vip upgrades",
                                     "vip upsell",
                                     "vip experience",
                                     "vip experiences",
                                     "vip paket",
                                     "vip pakete",
                                     "vip upgrade paket",
                                     "paquete vip",
                                     "pacchetto vip",
                                     "premium package",
                                     "premium packages",
                                     "ticket package",
                                     "ticket packages",
                                     "upgrade package",
                                     "upgrade packages",
                                     "experience package",
                                     "hospitality package",
                                     "hospitality packages",
                                     "meet & greet upgrade",
                                     "meet and greet upgrade",
                                     "meet & greet package",
                                     "meet and greet package",
                                     "meet & greet experience",
                                     "meet and greet experience",
                                     "hotel package",
                                     "hotel packages",
                                     "travel package",
                                     "travel packages",
                                     "hotelpaket",
                                     "ticket & hotel",
                                     "tickets & hotel",
                                     "ticket and hotel",
                                     "tickets and hotel",
                                     "hotel & ticket",
                                     "hotel & tickets",
                                     "hotel and ticket",
                                     "hotel and tickets",
                                     "box seat",
                                     "box seats",
                                     "ticketmaster suite",
                                     "suite reservation",
                                     "lounge access",
                                     "club access",
                                     "camping pass",
                                     "camping passes",
                                     "camping ticket",
                                     "camping tickets",
                                     "rv pass",
                                     "shuttle pass",
                                     "shuttle passes",
                                     "shuttle bus",
                                     "shuttle ticket",
                                     "shuttle tickets",
                                     "locker rental",
                                     "fast lane",
                                     "gift card",
                                     "not a concert ticket"};

/* A part of the name as a whole. */
static const char *const thing_parts[] = {
    "car park",     "parking lot", "parking garage", "parkplatz",    "parkplatzticket", "parkticket",
    "parkschein",   "parkeren",    "parkeerticket",  "parkeerkaart", "stationnement",   "estacionamiento",
    "aparcamiento", "parcheggio",  "parkering",      "shuttle",      "shuttles",        "bus shuttle",
    "locker",       "lockers",     "camping",        "glamping",     "meet & greet",    "meet and greet",
    "hospitality",  "upgrade"};

/* The last words of a part. */
static const char *const thing_part_ends[] = {"parking", "official hospitality", "vip hospitality"};

/* The last words of the name. */
static const char *const thing_ends[] = {"pass", "passes", "upsell", "upgrade", "upgrades"};

static const char *const passes[] = {"weekend pass", "weekend passes", "festival pass", "festival passes",
                                     "day pass",     "day passes",     "full pass"};

/* In a concert's name, too: Parking Lot Party. */
static const char *const concert_beginnings[] = {"|parking lot ", "|parking garage "};

static bool begins_with_parking(const struct parts *parts)
{
    static const char parking[] = "|parking";

    if (strncmp(parts->text, parking, strlen(parking)) != 0 || !strchr(" |", parts->text[strlen(parking)]))
        return false;
    for (size_t i = 0; i < COUNT(concert_beginnings); i++) {
        if (strncmp(parts->text, concert_beginnings[i], strlen(concert_beginnings[i])) == 0)
            return false;
    }
    return true;
}

enum extra extra_of_name(const char *name)
{
    struct parts parts = {0};

    split(name, &parts);
    if (begins_with_parking(&parts) || has_phrase(&parts, things, COUNT(things)) ||
        has_part(&parts, thing_parts, COUNT(thing_parts)) ||
        has_end(&parts, thing_part_ends, COUNT(thing_part_ends), false))
        return EXTRA_THING;
    if (has_phrase(&parts, passes, COUNT(passes)))
        return EXTRA_PASS;
    return has_end(&parts, thing_ends, COUNT(thing_ends), true) ? EXTRA_THING : EXTRA_NONE;
}
