/* The names of what is no concert, as tables. */
#include "sold_beside.h"

#include <stdbool.h>
#include <string.h>

#include "translators/base/text.h"

#define COUNT(list)    (sizeof(list) / sizeof((list)[0]))
#define MAX_NAME_BYTES 512 /* what is behind is not read */
#define MAX_PARTS      16  /* nor are parts beyond */

/* What sets a part apart from the one before it. */
enum edge {
    EDGE_BRACKET,
    EDGE_LIST,  /* "," "/" " + " */
    EDGE_STRONG /* ":" "|" " - ", or the beginning of the name */
};

struct part {
    const char *text; /* words in lower case, one space between them */
    enum edge edge;
    bool is_last; /* nothing follows, or only brackets */
};

struct parts {
    char text[MAX_NAME_BYTES + 1];
    size_t len;
    struct part all[MAX_PARTS];
    size_t n;
};

/* The bytes of the separator that stands at `at`; 0: none does. */
static size_t separator_at(const char *name, size_t at, enum edge *ret_edge)
{
    bool is_spaced = at > 0 && name[at - 1] == ' ' && name[at + 1] == ' ';

    *ret_edge = strchr("()[]", name[at]) != NULL  ? EDGE_BRACKET
                : strchr(",/+", name[at]) != NULL ? EDGE_LIST
                                                  : EDGE_STRONG;
    if (strncmp(name + at, "\xE2\x80\x93", 3) == 0 || strncmp(name + at, "\xE2\x80\x94", 3) == 0)
        return 3;
    return strchr(":|()[],/", name[at]) != NULL || (strchr("-+", name[at]) != NULL && is_spaced) ? 1 : 0;
}

/* The open part is at the end of the text. Without words it is none, and the next one is set apart by the
 * stronger of what stands on both sides. */
static void end_part(struct parts *parts, size_t *begin, enum edge *edge, enum edge next)
{
    if (parts->len > *begin && parts->text[parts->len - 1] == ' ')
        parts->len--;
    if (parts->len == *begin) {
        *edge = next > *edge ? next : *edge;
        return;
    }
    parts->text[parts->len++] = '\0';
    parts->all[parts->n++] = (struct part){parts->text + *begin, *edge, true};
    for (size_t i = 0; i + 1 < parts->n && *edge != EDGE_BRACKET; i++)
        parts->all[i].is_last = false;
    *begin = parts->len;
    *edge = next;
}

static void split(const char *name, struct parts *parts)
{
    size_t begin = 0;
    enum edge edge = EDGE_STRONG, next;

    for (size_t i = 0; name[i] != '\0' && parts->len < MAX_NAME_BYTES && parts->n + 1 < MAX_PARTS; i++) {
        char c = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] | 0x20) : name[i];
        bool is_kept = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '&' || (c & 0x80);
        size_t len = separator_at(name, i, &next);

        if (len > 0) {
            end_part(parts, &begin, &edge, next);
            i += len - 1;
        } else if (is_kept) {
            parts->text[parts->len++] = c;
        } else if (c != '\'' && parts->len > begin && parts->text[parts->len - 1] != ' ') {
            parts->text[parts->len++] = ' ';
        }
    }
    end_part(parts, &begin, &edge, EDGE_STRONG);
}

/* ---- words of a part ---- */

static bool is_one_of(const char *text, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(text, list[i]) == 0)
            return true;
    }
    return false;
}

static bool has_one_of(const char *text, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (text_has_words(text, list[i]))
            return true;
    }
    return false;
}

static bool begins_with(const char *text, const char *words)
{
    size_t len = strlen(words);

    return strncmp(text, words, len) == 0 && (text[len] == ' ' || text[len] == '\0');
}

static bool ends_with(const char *text, const char *words)
{
    size_t all = strlen(text), len = strlen(words);

    return all >= len && strcmp(text + all - len, words) == 0 && (all == len || text[all - len - 1] == ' ');
}

static bool ends_with_one_of(const char *text, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (ends_with(text, list[i]))
            return true;
    }
    return false;
}

/* Whatever stands around them. */
static const char *const sure_phrases[] = {"parking only",
                                           "ticketmaster suite",
                                           "not a concert ticket",
                                           "not an event ticket",
                                           "this is not a ticket",
                                           "not a ticket",
                                           "not a show ticket",
                                           "no ticket included",
                                           "ticket not included",
                                           "concert ticket not included",
                                           "event ticket not included",
                                           "upgrades & extras",
                                           "upgrades and extras",
                                           "payment plan",
                                           "installment plan",
                                           "instalment plan",
                                           "fan club membership",
                                           "fan club memberships"};

/* Sold for many shows, on a day that is nobody's: in a part of its own, or at the end of one. */
static const char *const seasons[] = {"megaticket",
                                      "mega ticket",
                                      "season ticket",
                                      "season tickets",
                                      "season pass",
                                      "season passes",
                                      "season package",
                                      "season packages",
                                      "season membership",
                                      "season subscription",
                                      "lawn season pass",
                                      "subscription",
                                      "subscriptions",
                                      "series pass",
                                      "series subscription",
                                      "series package",
                                      "flex pass",
                                      "flexpass",
                                      "flex passes",
                                      "abono",
                                      "abonos",
                                      "abonnement",
                                      "abonnements",
                                      "abbonamento",
                                      "abbonamenti",
                                      "abonament",
                                      "assinatura",
                                      "festabonnement",
                                      "wahlabo",
                                      "saisonkarte",
                                      "jahreskarte",
                                      "carte abonnement",
                                      "season ticket package",
                                      "all shows pass",
                                      "all season pass",
                                      "all season lawn pass"};

static const char *const season_beginnings[] = {"megaticket",   "season ticket", "season tickets",
                                                "abonnement",   "abono",         "abbonamento",
                                                "subscription", "season pass",   "season passes"};

/* At the end of a part. */
static const char *const things[] = {"vip package",
                                     "vip packages",
                                     "vip upgrade",
                                     "vip upgrades",
                                     "vip upsell",
                                     "vip experience",
                                     "vip experiences",
                                     "vip paket",
                                     "vip pakete",
                                     "vip upgrade paket",
                                     "vip upgrade pakket",
                                     "vip pakket",
                                     "vip pakketten",
                                     "vip arrangement",
                                     "vip arrangementen",
                                     "vip paketet",
                                     "vip pakke",
                                     "vip pakker",
                                     "vip paketti",
                                     "vip paketit",
                                     "pakiet vip",
                                     "pakiety vip",
                                     "vip csomag",
                                     "pack vip",
                                     "packs vip",
                                     "forfait vip",
                                     "forfaits vip",
                                     "paquetes vip",
                                     "pacote vip",
                                     "pacotes vip",
                                     "pacchetti vip",
                                     "vip ticket upgrade",
                                     "lawn chair",
                                     "lawn chairs",
                                     "lawn chair rental",
                                     "lawn chair rentals",
                                     "chair rental",
                                     "chair rentals",
                                     "club membership",
                                     "membership package",
                                     "campervan ticket",
                                     "campervan tickets",
                                     "campervan pass",
                                     "campervan passes",
                                     "campervan permit",
                                     "campervan permits",
                                     "caravan ticket",
                                     "caravan tickets",
                                     "motorhome pass",
                                     "glamping package",
                                     "glamping packages",
                                     "paquete vip",
                                     "pacchetto vip",
                                     "premium package",
                                     "premium packages",
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
                                     "suite reservation",
                                     "lounge access",
                                     "club access",
                                     "shuttle bus",
                                     "locker rental",
                                     "parking pass",
                                     "parking passes",
                                     "parking permit",
                                     "parking ticket",
                                     "parking tickets",
                                     "car park ticket",
                                     "car park pass",
                                     "parking lot pass",
                                     "camping pass",
                                     "camping passes",
                                     "camping ticket",
                                     "camping tickets",
                                     "camping permit",
                                     "shuttle pass",
                                     "shuttle passes",
                                     "shuttle ticket",
                                     "shuttle tickets",
                                     "rv pass",
                                     "rv passes",
                                     "lawn pass",
                                     "lawn passes",
                                     "seat upgrade",
                                     "seat upgrades",
                                     "ticket upgrade",
                                     "ticket upgrades",
                                     "lounge upgrade",
                                     "lounge upgrades",
                                     "day upgrade",
                                     "weekend upgrade",
                                     "rv upgrade",
                                     "upsell",
                                     "official hospitality",
                                     "vip hospitality",
                                     "preferred parking",
                                     "premier parking",
                                     "premium parking",
                                     "reserved parking",
                                     "general parking",
                                     "vip parking",
                                     "valet parking",
                                     "event parking",
                                     "accessible parking",
                                     "ada parking",
                                     "rv parking",
                                     "weekend parking"};

/* A part that is nothing else. */
static const char *const thing_parts[] = {
    "parking",         "car park",       "parking lot", "parking garage", "parkplatz",    "parkplatzticket",
    "parkticket",      "parkschein",     "parkeren",    "parkeerticket",  "parkeerkaart", "stationnement",
    "estacionamiento", "aparcamiento",   "parcheggio",  "parkering",      "shuttle",      "shuttles",
    "bus shuttle",     "locker",         "lockers",     "camping",        "glamping",     "meet & greet",
    "meet and greet",  "hospitality",    "upgrade",     "upgrades",       "campervan",    "caravan",
    "motorhome",       "live in vehicle"};

/* Songs and bands are called so, too. */
static const char *const doubtful_parts[] = {"fast lane", "gift card", "gift cards"};
static const char *const doubtful_ends[] = {"ticket package", "ticket packages", "parking", "pass",
                                            "passes",         "upgrade",         "upgrades"};

/* Admission to all days; to one day of them, where no number stands before it. */
static const char *const passes[] = {
    "weekend pass",   "weekend passes",  "festival pass",   "festival passes", "full pass",
    "weekend ticket", "weekend tickets", "weekend camping", "festival ticket", "festival tickets"};
static const char *const pass_ends[] = {"vip pass", "vip passes", "general admission pass", "ga pass"};
static const char *const day_passes[] = {"day pass",    "day passes", "day ticket",
                                         "day tickets", "night pass", "night passes"};
static const char *const days[] = {"two", "three", "four", "five", "multi"};

/* What comes with the show is not sold beside it. */
static const char *const included[] = {"free",     "incl", "include",   "includes", "including",
                                       "included", "inkl", "inklusive", "available"};
static const char *const perhaps_included[] = {"with", "w", "plus"};

/* In a concert's name, too: Parking Lot Party. */
static const char *const concert_beginnings[] = {"parking lot", "parking garage", "parking deck",
                                                 "parking day"};

/* ---- judging ---- */

/* A number of more than one stands before "day pass". */
static bool is_pass_of_days(const char *text, const char *day_pass)
{
    const char *at = strstr(text, day_pass), *word = at;

    if (at == NULL || at - text < 2 || at[-1] != ' ')
        return false;
    while (word - 1 > text && word[-2] != ' ')
        word--;
    word--;
    if (*word >= '0' && *word <= '9')
        return !begins_with(word, "1");
    for (size_t i = 0; i < COUNT(days); i++) {
        if (begins_with(word, days[i]))
            return true;
    }
    return false;
}

static bool is_pass(const char *text)
{
    for (size_t i = 0; i < COUNT(day_passes); i++) {
        if (is_pass_of_days(text, day_passes[i]))
            return true;
    }
    return has_one_of(text, passes, COUNT(passes)) || ends_with_one_of(text, pass_ends, COUNT(pass_ends));
}

/* A year may stand behind the words. */
static bool is_season(const char *text)
{
    size_t len = strlen(text);
    char bare[MAX_NAME_BYTES + 1];

    memcpy(bare, text, len + 1);
    if (len > 5 && strncmp(text + len - 5, " 20", 3) == 0 && strspn(text + len - 4, "0123456789") == 4)
        bare[len - 5] = '\0';
    for (size_t i = 0; i < COUNT(season_beginnings); i++) {
        if (begins_with(bare, season_beginnings[i]))
            return true;
    }
    return ends_with_one_of(bare, seasons, COUNT(seasons));
}

/* Other words are titles, too, where they are all of the name. */
static bool is_parking(const char *text)
{
    return strcmp(text, "parking") == 0;
}

static enum sold_beside thing_of_part(const struct parts *parts, size_t at)
{
    const struct part *part = &parts->all[at];
    bool is_head = (parts->n > 1 ? parts->all[1].edge != EDGE_LIST : is_parking(part->text));
    bool stands_alone = part->edge == EDGE_STRONG && (at == 0 ? is_head : part->is_last);
    bool is_part = is_one_of(part->text, thing_parts, COUNT(thing_parts));

    if ((stands_alone && is_part) ||
        (part->edge == EDGE_STRONG && ends_with_one_of(part->text, things, COUNT(things))))
        return SOLD_BESIDE_THING;
    return is_part || is_one_of(part->text, doubtful_parts, COUNT(doubtful_parts)) ||
                   has_one_of(part->text, things, COUNT(things)) ||
                   (part->is_last && ends_with_one_of(part->text, doubtful_ends, COUNT(doubtful_ends)))
               ? SOLD_BESIDE_DOUBTFUL
               : SOLD_BESIDE_NONE;
}

static bool begins_like_a_concert(const char *text)
{
    for (size_t i = 0; i < COUNT(concert_beginnings); i++) {
        if (begins_with(text, concert_beginnings[i]) && strcmp(text, concert_beginnings[i]) != 0)
            return true;
    }
    return false;
}

/* One part by itself. */
static enum sold_beside sold_beside_of_part(const struct parts *parts, size_t at)
{
    const char *text = parts->all[at].text;
    enum sold_beside extra;

    if (has_one_of(text, sure_phrases, COUNT(sure_phrases)))
        return SOLD_BESIDE_THING;
    if (parts->all[at].edge != EDGE_LIST && is_season(text))
        return SOLD_BESIDE_SEASON;
    if (parts->all[at].edge == EDGE_LIST || has_one_of(text, included, COUNT(included)))
        return SOLD_BESIDE_NONE;
    extra = thing_of_part(parts, at);
    if (extra == SOLD_BESIDE_THING)
        return has_one_of(text, perhaps_included, COUNT(perhaps_included)) &&
                       !is_one_of(text, thing_parts, COUNT(thing_parts))
                   ? SOLD_BESIDE_DOUBTFUL
                   : SOLD_BESIDE_THING;
    if (is_pass(text))
        return SOLD_BESIDE_PASS;
    if (has_one_of(text, day_passes, COUNT(day_passes)))
        return SOLD_BESIDE_NONE;
    return at == 0 && begins_with(text, "parking") && !begins_like_a_concert(text) ? SOLD_BESIDE_DOUBTFUL
                                                                                   : extra;
}

enum sold_beside sold_beside_of_name(const char *name)
{
    static const int weights[] = {[SOLD_BESIDE_NONE] = 0,
                                  [SOLD_BESIDE_DOUBTFUL] = 1,
                                  [SOLD_BESIDE_PASS] = 2,
                                  [SOLD_BESIDE_THING] = 3,
                                  [SOLD_BESIDE_SEASON] = 4};
    struct parts parts = {.len = 0};
    enum sold_beside most = SOLD_BESIDE_NONE;

    split(name, &parts);
    for (size_t i = 0; i < parts.n; i++) {
        enum sold_beside extra = sold_beside_of_part(&parts, i);

        if (weights[extra] > weights[most])
            most = extra;
    }
    return most;
}

enum listing sold_beside_listing(const struct event *event)
{
    enum sold_beside sold = event->name != NULL ? sold_beside_of_name(event->name) : SOLD_BESIDE_NONE;

    if (sold == SOLD_BESIDE_THING || sold == SOLD_BESIDE_DOUBTFUL)
        return LISTING_EXTRA;
    return sold == SOLD_BESIDE_PASS && event->kind == EVENT_FESTIVAL ? LISTING_PASS : LISTING_SHOW;
}
