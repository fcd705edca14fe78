/* The words about tickets, as tables, and taking them out of a name and out of a line-up. */
#include "ticket_words.h"

#include <string.h>

#include "translators/base/arena.h"
#include "translators/model/model.h"
#include "translators/model/word_key.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define MAX_WORDS   64 /* of a name; a longer one is left as it is */

/* What a word of a ticket says, as bits. */
enum {
    WORD_NOUN = 1,    /* names the ticket, at the end of its words */
    WORD_TIER = 2,    /* a place or a price, and nothing else */
    WORD_WEAK = 4,    /* says something of a ticket only beside another word that does */
    WORD_WEEKDAY = 8, /* one day */
    WORD_DAY = 16,    /* "day": one, unless a number stands before it */
    WORD_ONE = 32,
    WORD_MANY = 64, /* several days, or all */
    WORD_YEAR = 128
};

static const struct {
    const char *word;
    int says;
} words_known[] = {
    {"ticket", WORD_NOUN},
    {"tickets", WORD_NOUN},
    {"pass", WORD_NOUN},
    {"passes", WORD_NOUN},
    {"wristband", WORD_NOUN},
    {"wristbands", WORD_NOUN},
    {"admission", WORD_NOUN},
    {"karte", WORD_NOUN},
    {"karten", WORD_NOUN},
    {"billet", WORD_NOUN},
    {"biglietto", WORD_NOUN},
    {"entrada", WORD_NOUN},
    {"tagesticket", WORD_NOUN | WORD_DAY},
    {"tageskarte", WORD_NOUN | WORD_DAY},
    {"dagticket", WORD_NOUN | WORD_DAY},
    {"dagkaart", WORD_NOUN | WORD_DAY},
    {"weekendticket", WORD_NOUN | WORD_MANY},
    {"wochenendticket", WORD_NOUN | WORD_MANY},
    {"kombiticket", WORD_NOUN | WORD_MANY},
    {"festivalticket", WORD_NOUN | WORD_MANY},
    {"festivalpass", WORD_NOUN | WORD_MANY},
    {"campingticket", WORD_NOUN | WORD_MANY},
    {"camping", WORD_NOUN | WORD_MANY | WORD_WEAK},
    {"vip", WORD_TIER},
    {"ga", WORD_TIER},
    {"general", WORD_TIER | WORD_WEAK},
    {"seated", WORD_TIER},
    {"standing", WORD_TIER},
    {"unreserved", WORD_TIER},
    {"reserved", WORD_TIER},
    {"seating", WORD_TIER | WORD_WEAK},
    {"seats", WORD_TIER | WORD_WEAK},
    {"stehplatz", WORD_TIER},
    {"sitzplatz", WORD_TIER},
    {"balcony", WORD_TIER},
    {"mezzanine", WORD_TIER},
    {"floor", WORD_TIER | WORD_WEAK},
    {"pit", WORD_TIER | WORD_WEAK},
    {"lawn", WORD_TIER | WORD_WEAK},
    {"premium", WORD_TIER | WORD_WEAK},
    {"gold", WORD_TIER | WORD_WEAK},
    {"silver", WORD_TIER | WORD_WEAK},
    {"platinum", WORD_TIER | WORD_WEAK},
    {"plus", WORD_TIER | WORD_WEAK},
    {"standard", WORD_TIER | WORD_WEAK},
    {"regular", WORD_TIER | WORD_WEAK},
    {"early", WORD_TIER | WORD_WEAK},
    {"bird", WORD_TIER | WORD_WEAK},
    {"adult", WORD_TIER | WORD_WEAK},
    {"child", WORD_TIER | WORD_WEAK},
    {"youth", WORD_TIER | WORD_WEAK},
    {"student", WORD_TIER | WORD_WEAK},
    {"only", WORD_TIER | WORD_WEAK},
    {"monday", WORD_WEEKDAY},
    {"tuesday", WORD_WEEKDAY},
    {"wednesday", WORD_WEEKDAY},
    {"thursday", WORD_WEEKDAY},
    {"friday", WORD_WEEKDAY},
    {"saturday", WORD_WEEKDAY},
    {"sunday", WORD_WEEKDAY},
    {"montag", WORD_WEEKDAY},
    {"dienstag", WORD_WEEKDAY},
    {"mittwoch", WORD_WEEKDAY},
    {"donnerstag", WORD_WEEKDAY},
    {"freitag", WORD_WEEKDAY},
    {"samstag", WORD_WEEKDAY},
    {"sonntag", WORD_WEEKDAY},
    {"vendredi", WORD_WEEKDAY},
    {"samedi", WORD_WEEKDAY},
    {"dimanche", WORD_WEEKDAY},
    {"viernes", WORD_WEEKDAY},
    {"domingo", WORD_WEEKDAY},
    {"vrijdag", WORD_WEEKDAY},
    {"zaterdag", WORD_WEEKDAY},
    {"zondag", WORD_WEEKDAY},
    {"day", WORD_DAY | WORD_WEAK},
    {"days", WORD_MANY | WORD_WEAK},
    {"single", WORD_ONE | WORD_WEAK},
    {"one", WORD_ONE | WORD_WEAK},
    {"1", WORD_ONE | WORD_WEAK},
    {"1day", WORD_ONE},
    {"two", WORD_MANY | WORD_WEAK},
    {"three", WORD_MANY | WORD_WEAK},
    {"four", WORD_MANY | WORD_WEAK},
    {"five", WORD_MANY | WORD_WEAK},
    {"multi", WORD_MANY | WORD_WEAK},
    {"2", WORD_MANY | WORD_WEAK},
    {"3", WORD_MANY | WORD_WEAK},
    {"4", WORD_MANY | WORD_WEAK},
    {"5", WORD_MANY | WORD_WEAK},
    {"2day", WORD_MANY},
    {"3day", WORD_MANY},
    {"4day", WORD_MANY},
    {"weekend", WORD_MANY | WORD_WEAK},
    {"full", WORD_MANY | WORD_WEAK},
    {"all", WORD_MANY | WORD_WEAK},
    {"combi", WORD_MANY | WORD_WEAK},
    {"combo", WORD_MANY | WORD_WEAK},
};

struct word {
    size_t begin, end; /* bytes of the name */
    int says;          /* 0: the word is no ticket's */
    bool is_apart;     /* a colon, a dash between spaces, a bracket … stands before it */
};

struct words {
    struct word all[MAX_WORDS];
    size_t n;
};

static int says(const char *word, size_t len)
{
    struct word_key key;

    word_key_make(word, len, &key);
    if (key.len == 4 && strncmp(key.text, "20", 2) == 0 && strspn(key.text, "0123456789") == 4)
        return WORD_YEAR;
    for (size_t i = 0; i < COUNT(words_known); i++) {
        if (strcmp(key.text, words_known[i].word) == 0)
            return words_known[i].says;
    }
    return 0;
}

static bool is_of_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '\'' ||
           (unsigned char)c >= 0x80;
}

/* Bytes of a dash of General Punctuation; 0: none stands there. */
static size_t dash_at(const char *text)
{
    return strncmp(text, "\xE2\x80\x93", 3) == 0 || strncmp(text, "\xE2\x80\x94", 3) == 0 ? 3 : 0;
}

/* Do the bytes between two words set them apart? A hyphen within a word does not. */
static bool sets_apart(const char *gap, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (strchr(":|()[]/", gap[i]) != NULL || dash_at(gap + i) > 0 || (gap[i] == '-' && len > 1))
            return true;
    }
    return false;
}

/* False: the name has too many words. */
static bool split(const char *name, struct words *words)
{
    size_t at = 0;

    for (words->n = 0; name[at] != '\0';) {
        struct word *word = &words->all[words->n];
        size_t gap = at;

        while (name[at] != '\0' && (!is_of_word(name[at]) || dash_at(name + at) > 0))
            at += dash_at(name + at) > 0 ? 3 : 1;
        if (name[at] == '\0')
            break;
        if (words->n == MAX_WORDS)
            return false;
        word->begin = at;
        while (is_of_word(name[at]) && dash_at(name + at) == 0)
            at++;
        word->end = at;
        word->says = says(name + word->begin, at - word->begin);
        word->is_apart = words->n > 0 && sets_apart(name + gap, word->begin - gap);
        words->n++;
    }
    return true;
}

/* ---- the words of one ticket ---- */

/* The words [begin, end) of a name, without the year behind them. */
struct phrase {
    size_t begin, end;
    int says; /* of all its words */
    bool is_sure, has_noun;
};

/* The longest run of tickets' words at the end of the name; of a concert not beyond what is set apart. */
static struct phrase last_phrase(const struct words *words, bool is_festival)
{
    struct phrase phrase = {.end = words->n};

    while (phrase.end > 0 && words->all[phrase.end - 1].says == WORD_YEAR)
        phrase.end--;
    phrase.begin = phrase.end;
    while (phrase.begin > 0 && words->all[phrase.begin - 1].says > 0 &&
           words->all[phrase.begin - 1].says != WORD_YEAR) {
        const struct word *word = &words->all[--phrase.begin];

        phrase.says |= word->says;
        phrase.is_sure |= !(word->says & WORD_WEAK);
        phrase.has_noun |= phrase.begin + 1 == phrase.end && (word->says & WORD_NOUN);
        if (word->is_apart && !is_festival)
            break;
    }
    return phrase;
}

/* "Weekend Camping" is a ticket, "Camping" may be a word of the name, and so may "Friday". */
static bool is_ticket(const struct words *words, const struct phrase *phrase, bool is_festival)
{
    const struct word *first = &words->all[phrase->begin];
    size_t n = phrase->end - phrase->begin;
    bool is_alone = phrase->begin == 0 || first->is_apart;

    if (n == 0 || (!is_festival && phrase->begin == 0) || (!is_festival && !first->is_apart))
        return false;
    if (phrase->has_noun)
        return phrase->is_sure || n > 1 || (is_alone && phrase->begin > 0);
    if (!is_alone || !phrase->is_sure || phrase->begin == 0)
        return false;
    return !(phrase->says & WORD_WEEKDAY);
}

static enum ticket ticket_of(const struct phrase *phrase)
{
    if (phrase->says & (WORD_WEEKDAY | WORD_ONE))
        return TICKET_DAY;
    if (phrase->says & WORD_MANY)
        return TICKET_DAYS;
    if (phrase->says & WORD_DAY)
        return TICKET_DAY;
    return phrase->says & WORD_TIER ? TICKET_TIER : TICKET_DAYS;
}

/* What is left before the phrase, its open bracket closed, and the year behind the phrase. */
static const char *without(struct arena *arena, const char *name, const struct words *words,
                           const struct phrase *phrase)
{
    bool has_year = phrase->end < words->n && words->all[phrase->begin - 1].says != WORD_YEAR;
    const struct word *year = &words->all[has_year ? phrase->end : 0];
    const char *left = arena_strndup(arena, name, words->all[phrase->begin - 1].end);
    const char *open = strrchr(left, '(');

    return arena_printf(arena, "%s%s%s%.*s", left, open != NULL && strchr(open, ')') == NULL ? ")" : "",
                        has_year ? " " : "", (int)(has_year ? year->end - year->begin : 0),
                        name + year->begin);
}

const char *ticket_words_cut(struct arena *arena, const char *name, bool is_festival, enum ticket *ret_ticket)
{
    struct words words = {.n = 0};
    struct phrase phrase;

    *ret_ticket = TICKET_NONE;
    if (name == NULL || !split(name, &words))
        return name;
    phrase = last_phrase(&words, is_festival);
    if (!is_ticket(&words, &phrase, is_festival))
        return name;
    *ret_ticket = ticket_of(&phrase);
    return phrase.begin > 0 ? without(arena, name, &words, &phrase) : NULL;
}

/* ---- in a line-up ---- */

/* Nobody is called so, whatever of these tables stands around it. */
static const char *const no_names[] = {"meet and greet",
                                       "meet and greets",
                                       "restricted view",
                                       "limited view",
                                       "obstructed view",
                                       "vip experience",
                                       "unallocated",
                                       "standing room only",
                                       "standing only",
                                       "seated only",
                                       "stehplatz",
                                       "stehpl\303\244tze",
                                       "sitzplatz",
                                       "sitzpl\303\244tze",
                                       "freie platzwahl",
                                       "nummerierte pl\303\244tze",
                                       "eingeschr\303\244nkte sicht",
                                       "sichtbehinderung",
                                       "fr\303\274her einlass",
                                       "vorzeitiger einlass",
                                       "vip paket",
                                       "vip pakete",
                                       "placement libre",
                                       "placement assis",
                                       "places assises",
                                       "places debout",
                                       "visibilit\303\251 r\303\251duite",
                                       "entr\303\251e anticip\303\251e",
                                       "entr\303\251e g\303\251n\303\251rale",
                                       "forfait vip",
                                       "carr\303\251 or",
                                       "entrada general",
                                       "visibilidad reducida",
                                       "entrada anticipada",
                                       "acceso anticipado",
                                       "paquete vip",
                                       "asientos numerados",
                                       "posto unico",
                                       "posti in piedi",
                                       "posti numerati",
                                       "visibilit\303\240 ridotta",
                                       "visibilit\303\240 limitata",
                                       "ingresso anticipato",
                                       "pacchetto vip",
                                       "staanplaatsen",
                                       "zitplaatsen",
                                       "beperkt zicht",
                                       "vip pakket",
                                       "vip arrangement",
                                       "entrada geral",
                                       "visibilidade reduzida",
                                       "pacote vip"};

/* Nor so behind another word of these tables: "Dinner Package", "General Admission". */
static const char *const nouns[] = {"package", "packages", "ticket",    "tickets", "pass",    "passes",
                                    "upgrade", "upgrades", "admission", "entry",   "seating", "seats"};

/* Bands are called so, too. */
static const char *const perhaps_names[] = {"and",        "with",        "only",
                                            "free",       "vip",         "premium",
                                            "deluxe",     "ultimate",    "standard",
                                            "regular",    "gold",        "silver",
                                            "bronze",     "platinum",    "diamond",
                                            "general",    "early",       "priority",
                                            "bird",       "cocktail",    "dinner",
                                            "drinks",     "hospitality", "lounge",
                                            "box",        "suite",       "arena",
                                            "floor",      "pit",         "lawn",
                                            "stalls",     "circle",      "upper",
                                            "lower",      "front",       "rear",
                                            "side",       "row",         "level",
                                            "tier",       "block",       "balcony",
                                            "gallery",    "terrace",     "mezzanine",
                                            "grandstand", "standing",    "seated",
                                            "reserved",   "unreserved",  "allocated",
                                            "numbered",   "adult",       "child",
                                            "student",    "innenraum",   "oberrang",
                                            "unterrang",  "rang",        "trib\303\274ne",
                                            "parkett",    "balkon",      "kategorie",
                                            "fosse",      "gradins",     "balcon",
                                            "orchestre",  "parterre",    "cat\303\251gorie",
                                            "tribune",    "pista",       "grada",
                                            "gradas",     "platea",      "palco",
                                            "anfiteatro", "tribuna",     "prato",
                                            "gradinata",  "plateia",     "bancada",
                                            "1",          "2",           "3",
                                            "4"};

enum doubt { DOUBT_NAME, DOUBT_PERHAPS_NAME, DOUBT_NO_NAME };

/* One of a line-up: no name when all its words are about a ticket, and some can be about nothing else. */
static enum doubt doubt_of(const char *name)
{
    struct word_key key;
    const char *rest;
    enum doubt doubt = DOUBT_NAME;

    word_key_make(name, strlen(name), &key);
    for (rest = key.text; *rest != '\0';) {
        const char *no_name = word_key_past_one_of(rest, no_names, COUNT(no_names));
        const char *noun = word_key_past_one_of(rest, nouns, COUNT(nouns));
        const char *perhaps = word_key_past_one_of(rest, perhaps_names, COUNT(perhaps_names));

        if (no_name == NULL && noun == NULL && perhaps == NULL)
            return DOUBT_NAME;
        if (no_name != NULL || (noun != NULL && rest > key.text))
            doubt = DOUBT_NO_NAME;
        else if (doubt == DOUBT_NAME)
            doubt = DOUBT_PERHAPS_NAME;
        rest = no_name != NULL ? no_name : noun != NULL ? noun : perhaps;
    }
    return doubt;
}

static enum doubt doubt_of_act(const struct act *act)
{
    return act->name != NULL && !act->asked ? doubt_of(act->name) : DOUBT_NAME;
}

void ticket_words_drop_acts(struct act *acts, size_t n)
{
    enum doubt most = DOUBT_NAME;

    for (size_t i = 0; i < n && most < DOUBT_NO_NAME; i++) {
        enum doubt doubt = doubt_of_act(&acts[i]);

        most = doubt > most ? doubt : most;
    }
    for (size_t i = 0; i < n && most == DOUBT_NO_NAME; i++) {
        if (doubt_of_act(&acts[i]) != DOUBT_NAME)
            acts[i].name = NULL;
    }
}
