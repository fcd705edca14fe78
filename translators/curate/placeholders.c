/* The words that are no names, as tables. Not here: words of what is sold beside a concert (extra.c), words
 * about a show in its title (title_words.c). */
#include "placeholders.h"

#include <string.h>

#include "translators/base/arena.h"
#include "translators/base/text.h"
#include "translators/model/word_key.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
/* ---- not known yet ---- */

static const char *const unknown[] = {"tba",
                                      "tbd",
                                      "tbc",
                                      "t b a",
                                      "t b d",
                                      "t b c",
                                      "to be announced",
                                      "to be announced soon",
                                      "to be announced later",
                                      "to be confirmed",
                                      "to be determined",
                                      "to be decided",
                                      "to be advised",
                                      "to be revealed",
                                      "will be announced",
                                      "will be announced soon",
                                      "wird noch bekannt gegeben",
                                      "wird bekannt gegeben",
                                      "wird noch bekanntgegeben",
                                      "not announced yet",
                                      "not yet announced",
                                      "yet to be announced",
                                      "still to be announced",
                                      "not yet confirmed",
                                      "noch nicht bekannt",
                                      "noch nicht bekannt gegeben",
                                      "noch nicht bekanntgegeben",
                                      "nnb",
                                      "n n b",
                                      "por confirmar",
                                      "por anunciar",
                                      "\xC3\xA0 confirmer",
                                      "\xC3\xA0 annoncer",
                                      "\xC3\xA0 venir",
                                      "pas encore annonc\xC3\xA9",
                                      "sin anunciar",
                                      "sin confirmar",
                                      "nog niet bekend",
                                      "non ancora annunciato",
                                      "da definire",
                                      "da confermare",
                                      "a confirmar"};

/* Names, where nothing stands before them: Coming Soon is a band. */
static const char *const unknown_yet[] = {"announced soon", "announced later", "coming soon", "not announced",
                                          "not confirmed",  "to follow",       "volgt"};

/* "TBA", "venue TBA", "TBA venue", where `things` has the venue. */
static bool is_not_known(const char *text, const char *const *things, size_t n)
{
    const char *rest = word_key_past_one_of(text, things, n);

    if (word_key_is_one_of(text, unknown, COUNT(unknown)) ||
        (rest != NULL && (word_key_is_one_of(rest, unknown, COUNT(unknown)) ||
                          word_key_is_one_of(rest, unknown_yet, COUNT(unknown_yet)))))
        return true;
    rest = word_key_past_one_of(text, unknown, COUNT(unknown));
    return rest != NULL && word_key_is_one_of(rest, things, n);
}

/* ---- acts ---- */

/* Of these one says only that it is not known who they are: Guests is a band. */
static const char *const kinds_of_acts[] = {"guest",
                                            "guests",
                                            "special guest",
                                            "special guests",
                                            "very special guest",
                                            "act",
                                            "acts",
                                            "artist",
                                            "artists",
                                            "band",
                                            "bands",
                                            "dj",
                                            "djs",
                                            "support",
                                            "supports",
                                            "support act",
                                            "support acts",
                                            "support band",
                                            "special support",
                                            "supporting act",
                                            "supporting acts",
                                            "local support",
                                            "opener",
                                            "openers",
                                            "opening act",
                                            "opening acts",
                                            "opening band",
                                            "headliner",
                                            "headliners",
                                            "line up",
                                            "lineup",
                                            "performer",
                                            "performers",
                                            "others",
                                            "more",
                                            "more acts",
                                            "more artists",
                                            "more bands",
                                            "many more",
                                            "further acts",
                                            "other acts",
                                            "other artists",
                                            "additional acts",
                                            "additional artists",
                                            "additional support",
                                            "weitere",
                                            "invit\xC3\xA9",
                                            "invitado",
                                            "ospite",
                                            "main support"};

static const char *const no_acts[] = {"various artists",
                                      "various artist",
                                      "various acts",
                                      "various bands",
                                      "various djs",
                                      "various performers",
                                      "v a",
                                      "multiple artists",
                                      "mixed artists",
                                      "special guest",
                                      "special guests",
                                      "very special guest",
                                      "very special guests",
                                      "a special guest",
                                      "a very special guest",
                                      "special guest s",
                                      "special guest artist",
                                      "special guest dj",
                                      "special guest djs",
                                      "special musical guest",
                                      "special musical guests",
                                      "special surprise guest",
                                      "surprise guest",
                                      "surprise guests",
                                      "a surprise guest",
                                      "surprise act",
                                      "secret guest",
                                      "secret guests",
                                      "secret act",
                                      "secret headliner",
                                      "mystery guest",
                                      "mystery guests",
                                      "mystery act",
                                      "guest artist",
                                      "guest artists",
                                      "guest djs",
                                      "invited guests",
                                      "support",
                                      "support act",
                                      "support acts",
                                      "supporting act",
                                      "supporting acts",
                                      "special support",
                                      "opening act",
                                      "opening acts",
                                      "local support",
                                      "local opener",
                                      "local openers",
                                      "many more",
                                      "more artists",
                                      "more acts",
                                      "unknown artist",
                                      "no artist",
                                      "verschiedene k\xC3\xBCnstler",
                                      "diverse k\xC3\xBCnstler",
                                      "und weitere",
                                      "und viele mehr",
                                      "u v m",
                                      "u a",
                                      "\303\274berraschungsgast",
                                      "artistes divers",
                                      "et plus",
                                      "invit\xC3\xA9 sp\303\251cial",
                                      "invit\xC3\xA9s",
                                      "varios artistas",
                                      "artista invitado",
                                      "artistas invitados",
                                      "y m\xC3\xA1s",
                                      "artisti vari",
                                      "aa vv",
                                      "ospite speciale",
                                      "diverse artiesten",
                                      "en meer",
                                      "e v a"};

/* Names, where nothing joins them to others. */
static const char *const joined[] = {"guest",     "guests",     "friends", "others", "more", "many others",
                                     "much more", "more bands", "bands",   "dj",     "djs"};
static const char *const joining[] = {"and", "with", "w", "plus", "feat", "featuring"};

static bool is_nobody(const char *text)
{
    return word_key_is_one_of(text, no_acts, COUNT(no_acts)) ||
           is_not_known(text, kinds_of_acts, COUNT(kinds_of_acts));
}

bool placeholders_is_act(const char *name)
{
    struct word_key key;
    const char *rest;

    if (name == NULL)
        return false;
    word_key_make(name, strlen(name), &key);
    rest = word_key_past_one_of(key.text, joining, COUNT(joining));
    return is_nobody(key.text) ||
           (rest != NULL && (is_nobody(rest) || word_key_is_one_of(rest, joined, COUNT(joined))));
}

/* ---- places ---- */

static const char *const kinds_of_places[] = {"venue",
                                              "the venue",
                                              "venue name",
                                              "venues",
                                              "location",
                                              "locations",
                                              "exact location",
                                              "place",
                                              "room",
                                              "stage",
                                              "address",
                                              "venue and address",
                                              "city",
                                              "venue location",
                                              "ort",
                                              "spielort",
                                              "location and venue",
                                              "lieu",
                                              "lugar",
                                              "locatie",
                                              "venue and time",
                                              "street",
                                              "street address"};

static const char *const no_places[] = {"unknown",
                                        "unknown venue",
                                        "unknown location",
                                        "unknown place",
                                        "venue unknown",
                                        "location unknown",
                                        "venue unconfirmed",
                                        "unconfirmed venue",
                                        "unconfirmed location",
                                        "not announced",
                                        "not yet announced",
                                        "various",
                                        "various venues",
                                        "various locations",
                                        "various places",
                                        "various venues and locations",
                                        "various cities",
                                        "multiple venues",
                                        "multiple locations",
                                        "multiple places",
                                        "several venues",
                                        "several locations",
                                        "different venues",
                                        "different locations",
                                        "many venues",
                                        "all venues",
                                        "citywide",
                                        "city wide",
                                        "secret location",
                                        "secret venue",
                                        "secret place",
                                        "secret spot",
                                        "a secret location",
                                        "a secret venue",
                                        "top secret location",
                                        "top secret venue",
                                        "super secret location",
                                        "surprise location",
                                        "surprise venue",
                                        "mystery location",
                                        "mystery venue",
                                        "hidden location",
                                        "undisclosed",
                                        "undisclosed location",
                                        "undisclosed venue",
                                        "an undisclosed location",
                                        "private location",
                                        "private venue",
                                        "no venue",
                                        "no location",
                                        "venue to follow",
                                        "location to follow",
                                        "n a",
                                        "na",
                                        "none",
                                        "venue",
                                        "verschiedene orte",
                                        "verschiedene locations",
                                        "geheimer ort",
                                        "geheime location",
                                        "lieu secret",
                                        "lieux divers",
                                        "divers lieux",
                                        "varios lugares",
                                        "lugar secreto",
                                        "diverse locaties",
                                        "geheime locatie",
                                        "luogo segreto"};

static bool is_nowhere(const char *text)
{
    return word_key_is_one_of(text, no_places, COUNT(no_places)) ||
           is_not_known(text, kinds_of_places, COUNT(kinds_of_places));
}

/* Takes these words off the end; false: others stand there. */
static bool drop_end(struct word_key *key, const struct word_key *words)
{
    if (words->len == 0 || key->len <= words->len + 1 || key->text[key->len - words->len - 1] != ' ' ||
        strcmp(key->text + key->len - words->len, words->text) != 0)
        return false;
    key->len -= words->len + 1;
    key->text[key->len] = '\0';
    return true;
}

bool placeholders_is_venue(const char *name, const char *city)
{
    struct word_key key, city_key;

    if (name == NULL)
        return false;
    word_key_make(name, strlen(name), &key);
    if (is_nowhere(key.text))
        return true;
    word_key_make(city != NULL ? city : "", city != NULL ? strlen(city) : 0, &city_key);
    return drop_end(&key, &city_key) && is_nowhere(key.text);
}

bool placeholders_is_online(const char *name)
{
    static const char *const nets[] = {"online",
                                       "online only",
                                       "online event",
                                       "online concert",
                                       "online show",
                                       "online venue",
                                       "online stream",
                                       "online streaming",
                                       "online live stream",
                                       "online livestream",
                                       "live online",
                                       "live stream",
                                       "live streams",
                                       "livestream",
                                       "livestreams",
                                       "live streaming",
                                       "livestreaming",
                                       "live stream only",
                                       "live stream event",
                                       "livestream event",
                                       "live stream concert",
                                       "livestream concert",
                                       "livestreamed",
                                       "streaming",
                                       "streaming live",
                                       "streaming online",
                                       "streaming event",
                                       "stream online",
                                       "virtual",
                                       "virtual event",
                                       "virtual concert",
                                       "virtual venue",
                                       "virtual show",
                                       "virtual live stream",
                                       "web stream",
                                       "webcast",
                                       "webstream",
                                       "internet",
                                       "the internet",
                                       "facebook live",
                                       "instagram live",
                                       "youtube live",
                                       "twitch",
                                       "youtube",
                                       "anywhere online",
                                       "en ligne",
                                       "en l\xC3\xADnea"};
    struct word_key key;

    if (name == NULL)
        return false;
    word_key_make(name, strlen(name), &key);
    return word_key_is_one_of(key.text, nets, COUNT(nets));
}

/* ---- streets ---- */

/* Where letters go to, and nobody plays. */
static bool is_box(const char *text)
{
    static const char *const boxes[] = {
        "p o box",         "po box",          "pobox",           "p o b",         "post box",
        "post office box", "postal box",      "postfach",        "postbus",       "bo\xC3\xAEte postale",
        "boite postale",   "apartado postal", "casella postale", "gpo box",       "locked bag",
        "private bag",     "mailing address", "mailing addr",    "postal address"};

    for (size_t i = 0; i < COUNT(boxes); i++) {
        if (text_has_words(text, boxes[i]))
            return true;
    }
    return false;
}

static bool is_street(const char *part, size_t len)
{
    struct word_key key;

    word_key_make(part, len, &key);
    return len >= WORD_KEY_BYTES || (key.len > 0 && !is_box(key.text) && !is_nowhere(key.text));
}

const char *placeholders_street(struct arena *arena, const char *street)
{
    const char *kept = NULL;

    if (street == NULL)
        return NULL;
    if (strchr(street, ',') == NULL)
        return is_street(street, strlen(street)) ? street : NULL;
    for (const char *part = street; *part != '\0'; part += part[0] == ',') {
        size_t len = strcspn(part, ",");
        const char *text = is_street(part, len) ? text_clean(arena, part, len, len) : NULL;

        if (text != NULL)
            kept = kept != NULL ? arena_printf(arena, "%s, %s", kept, text) : text;
        part += len;
    }
    return kept;
}
