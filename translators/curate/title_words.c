/* The words that are about a show, as tables, and taking them out of its title. */
#include "title_words.h"

#include <string.h>

#include "translators/base/arena.h"
#include "translators/base/text.h"
#include "translators/model/word_key.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* ---- what the words say ---- */

enum rest {
    REST_NONE, /* nothing follows the words, or only what goes with them: "due to illness" */
    REST_ANY   /* the name of a hall, a date, a reason */
};

struct phrase {
    const char *words;
    enum event_status status;
    bool sold_out;
    enum rest rest;
};

static const struct phrase phrases[] = {
    {"cancelled", EVENT_CANCELLED, false, REST_NONE},
    {"canceled", EVENT_CANCELLED, false, REST_NONE},
    {"cancellation", EVENT_CANCELLED, false, REST_NONE},
    {"abgesagt", EVENT_CANCELLED, false, REST_NONE},
    {"entf\xC3\xA4llt", EVENT_CANCELLED, false, REST_NONE},
    {"annul\xC3\xA9", EVENT_CANCELLED, false, REST_NONE},
    {"annul\xC3\xA9"
     "e",
     EVENT_CANCELLED, false, REST_NONE},
    {"cancelado", EVENT_CANCELLED, false, REST_NONE},
    {"annullato", EVENT_CANCELLED, false, REST_NONE},
    {"geannuleerd", EVENT_CANCELLED, false, REST_NONE},
    {"afgelast", EVENT_CANCELLED, false, REST_NONE},
    {"inst\xC3\xA4llt", EVENT_CANCELLED, false, REST_NONE},
    {"avlyst", EVENT_CANCELLED, false, REST_NONE},
    {"aflyst", EVENT_CANCELLED, false, REST_NONE},
    {"postponed", EVENT_POSTPONED, false, REST_NONE},
    {"postponement", EVENT_POSTPONED, false, REST_NONE},
    {"verschoben", EVENT_POSTPONED, false, REST_NONE},
    {"report\xC3\xA9", EVENT_POSTPONED, false, REST_NONE},
    {"aplazado", EVENT_POSTPONED, false, REST_NONE},
    {"pospuesto", EVENT_POSTPONED, false, REST_NONE},
    {"adiado", EVENT_POSTPONED, false, REST_NONE},
    {"rinviato", EVENT_POSTPONED, false, REST_NONE},
    {"uitgesteld", EVENT_POSTPONED, false, REST_NONE},
    {"rescheduled", EVENT_RESCHEDULED, false, REST_NONE},
    {"re scheduled", EVENT_RESCHEDULED, false, REST_NONE},
    {"rescheduled date", EVENT_RESCHEDULED, false, REST_NONE},
    {"rescheduled from", EVENT_RESCHEDULED, false, REST_ANY},
    {"rescheduled to", EVENT_RESCHEDULED, false, REST_ANY},
    {"verplaatst", EVENT_RESCHEDULED, false, REST_NONE},
    {"sold out", EVENT_SCHEDULED, true, REST_NONE},
    {"soldout", EVENT_SCHEDULED, true, REST_NONE},
    {"all sold out", EVENT_SCHEDULED, true, REST_NONE},
    {"completely sold out", EVENT_SCHEDULED, true, REST_NONE},
    {"ausverkauft", EVENT_SCHEDULED, true, REST_NONE},
    {"uitverkocht", EVENT_SCHEDULED, true, REST_NONE},
    {"complet", EVENT_SCHEDULED, true, REST_NONE},
    {"agotado", EVENT_SCHEDULED, true, REST_NONE},
    {"esgotado", EVENT_SCHEDULED, true, REST_NONE},
    {"esaurito", EVENT_SCHEDULED, true, REST_NONE},
    {"udsolgt", EVENT_SCHEDULED, true, REST_NONE},
    {"utsolgt", EVENT_SCHEDULED, true, REST_NONE},
    {"uts\xC3\xA5lt", EVENT_SCHEDULED, true, REST_NONE},
    {"almost sold out", EVENT_SCHEDULED, false, REST_NONE},
    {"nearly sold out", EVENT_SCHEDULED, false, REST_NONE},
    {"selling fast", EVENT_SCHEDULED, false, REST_NONE},
    {"low tickets", EVENT_SCHEDULED, false, REST_NONE},
    {"low ticket alert", EVENT_SCHEDULED, false, REST_NONE},
    {"limited tickets", EVENT_SCHEDULED, false, REST_NONE},
    {"limited tickets available", EVENT_SCHEDULED, false, REST_NONE},
    {"limited tickets remaining", EVENT_SCHEDULED, false, REST_NONE},
    {"few tickets left", EVENT_SCHEDULED, false, REST_NONE},
    {"last tickets", EVENT_SCHEDULED, false, REST_NONE},
    {"final tickets", EVENT_SCHEDULED, false, REST_NONE},
    {"moved to", EVENT_SCHEDULED, false, REST_ANY},
    {"moved from", EVENT_SCHEDULED, false, REST_ANY},
    {"relocated to", EVENT_SCHEDULED, false, REST_ANY},
    {"relocated from", EVENT_SCHEDULED, false, REST_ANY},
    {"upgraded to", EVENT_SCHEDULED, false, REST_ANY},
    {"venue moved", EVENT_SCHEDULED, false, REST_NONE},
    {"venue change", EVENT_SCHEDULED, false, REST_NONE},
    {"venue changed", EVENT_SCHEDULED, false, REST_NONE},
    {"venue upgrade", EVENT_SCHEDULED, false, REST_NONE},
    {"venue upgraded", EVENT_SCHEDULED, false, REST_NONE},
    {"change of venue", EVENT_SCHEDULED, false, REST_NONE},
    {"new venue", EVENT_SCHEDULED, false, REST_NONE},
    {"new location", EVENT_SCHEDULED, false, REST_NONE},
    {"new date", EVENT_SCHEDULED, false, REST_NONE},
    {"new dates", EVENT_SCHEDULED, false, REST_NONE},
    {"new date added", EVENT_SCHEDULED, false, REST_NONE},
    {"new show added", EVENT_SCHEDULED, false, REST_NONE},
    {"new time", EVENT_SCHEDULED, false, REST_NONE},
    {"time change", EVENT_SCHEDULED, false, REST_NONE},
    {"date change", EVENT_SCHEDULED, false, REST_NONE},
    {"date changed", EVENT_SCHEDULED, false, REST_NONE},
    {"extra date", EVENT_SCHEDULED, false, REST_NONE},
    {"extra date added", EVENT_SCHEDULED, false, REST_NONE},
    {"date added", EVENT_SCHEDULED, false, REST_NONE},
    {"show added", EVENT_SCHEDULED, false, REST_NONE},
    {"second date added", EVENT_SCHEDULED, false, REST_NONE},
    {"second show added", EVENT_SCHEDULED, false, REST_NONE},
    {"2nd date added", EVENT_SCHEDULED, false, REST_NONE},
    {"2nd show added", EVENT_SCHEDULED, false, REST_NONE},
    {"neuer termin", EVENT_SCHEDULED, false, REST_NONE},
    {"nouvelle date", EVENT_SCHEDULED, false, REST_NONE},
};

/* "This event has been cancelled" is no more than "cancelled". */
static const char *const before[] = {
    "this",    "the", "event", "show", "concert",    "gig",   "date",    "tour",    "is",
    "was",     "has", "been",  "now",  "officially", "sorry", "update",  "tonight", "performance",
    "tickets", "and", "der",   "die",  "das",        "wird",  "konzert", "wurde",   "leider"};

/* Goes on with the words; anything else is a name: Cancelled Culture. */
static const char *const behind[] = {
    "from", "to",       "until",      "till",    "til",     "due",    "by",      "on",           "for",
    "as",   "and",      "new",        "date",    "dates",   "show",   "shows",   "event",        "concert",
    "gig",  "tba",      "tbd",        "tbc",     "tonight", "today",  "again",   "indefinitely", "was",
    "now",  "original", "originally", "tickets", "see",     "please", "refunds", "refund",       "because",
    "auf",  "vom",      "wegen",      "naar",    "au",      "in"};

static const char *const months[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                     "jul", "aug", "sep", "oct", "nov", "dec"};
static const char *const weekdays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

static bool begins_with_one_of(const char *text, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (strncmp(text, list[i], strlen(list[i])) == 0)
            return true;
    }
    return false;
}

/* "march 12 2027", "fri 12 march", "3 1 27". A number alone may be a band. */
static bool is_date(const char *text)
{
    size_t digits = strspn(text, "0123456789");

    if (digits > 0)
        return digits <= 4 && text[digits] != '\0' && strpbrk(text + digits, "0123456789") != NULL;
    return (begins_with_one_of(text, months, COUNT(months)) ||
            begins_with_one_of(text, weekdays, COUNT(weekdays))) &&
           strpbrk(text, "0123456789") != NULL;
}

/* A tour may be called like this, but no news about a show ends so. */
static bool is_named_tour(const char *text)
{
    size_t len = strlen(text);

    return len > 5 && strcmp(text + len - 5, " tour") == 0;
}

static bool goes_on(const struct phrase *phrase, const char *rest)
{
    if (*rest == '\0')
        return phrase->rest == REST_NONE;
    if (is_named_tour(rest) || strcmp(rest, "tour") == 0)
        return false;
    return phrase->rest == REST_ANY || is_date(rest) ||
           word_key_past_one_of(rest, behind, COUNT(behind)) != NULL;
}

/* The phrase with the most words that `text` begins with, alone or as far as it goes on; NULL: none. */
static const struct phrase *phrase_of(const char *text)
{
    const struct phrase *longest = NULL;

    for (size_t i = 0; i < COUNT(phrases); i++) {
        const char *rest = word_key_past(text, phrases[i].words);

        if (rest != NULL && goes_on(&phrases[i], rest) &&
            (longest == NULL || strlen(phrases[i].words) > strlen(longest->words)))
            longest = &phrases[i];
    }
    return longest;
}

static const struct phrase *find_phrase(const char *text)
{
    const struct phrase *phrase = phrase_of(text);

    while (phrase == NULL && (text = word_key_past_one_of(text, before, COUNT(before))) != NULL)
        phrase = phrase_of(text);
    return phrase;
}

/* A new date is news of a postponed show, and a cancelled one stays so. */
static void note(struct title_words *words, const struct phrase *phrase)
{
    static const int weights[] = {
        [EVENT_SCHEDULED] = 0, [EVENT_POSTPONED] = 1, [EVENT_RESCHEDULED] = 2, [EVENT_CANCELLED] = 3};

    if (weights[phrase->status] > weights[words->status])
        words->status = phrase->status;
    words->sold_out = words->sold_out || phrase->sold_out;
}

/* ---- taking them out ---- */

/* One run over a title. */
struct cutting {
    struct word_key act;
    struct title_words words;
    bool has_cut, is_behind_words; /* the part before was such words */
};

/* Are these bytes about the show? The date behind such words is, too. */
static bool is_about_show(struct cutting *cutting, const char *part, size_t len)
{
    const struct phrase *phrase;
    struct word_key key;

    word_key_make(part, len, &key);
    if (key.len == 0 || strcmp(key.text, cutting->act.text) == 0)
        return false;
    phrase = find_phrase(key.text);
    if (phrase != NULL)
        note(&cutting->words, phrase);
    return phrase != NULL || (cutting->is_behind_words && is_date(key.text));
}

/* Blanks out what stands in brackets or between asterisks and is about the show. */
static void cut_brackets(struct cutting *cutting, char *title)
{
    static const char opening[] = "([{*", closing[] = ")]}*";

    for (char *at = title; (at = strpbrk(at, opening)) != NULL;) {
        size_t run = *at == '*' ? strspn(at, "*") : 1;
        size_t len = strcspn(at + run, (char[]){closing[strchr(opening, *at) - opening], '\0'});
        char *end = at + run + len;

        if (!is_about_show(cutting, at + run, len)) {
            at += run;
            continue;
        }
        end += strspn(end, ")]}*");
        memset(at, ' ', (size_t)(end - at));
        cutting->has_cut = true;
        at = end;
    }
}

/* Bytes of what sets two parts apart at `at`, spaces around it included; 0: nothing does. */
static size_t separator_at(const char *title, const char *at)
{
    static const char *const marks[] = {"-", "\xE2\x80\x93", "\xE2\x80\x94", ":", "|", "/", "~"};
    size_t before_len = strspn(at, " ");
    const char *mark = at + before_len;

    for (size_t i = 0; i < COUNT(marks); i++) {
        size_t len = strlen(marks[i]), after_len;

        if (strncmp(mark, marks[i], len) != 0)
            continue;
        after_len = strspn(mark + len, " ");
        if (at > title &&
            (after_len > 0 || (before_len > 0 && strchr("-|", *mark) != NULL) || mark[len] == '\0'))
            return before_len + len + after_len;
    }
    return 0;
}

/* The bytes of a part that begins at `at`; *ret_separator of what ends it, 0 at the end of the title. What
 * stands in brackets is not parted. */
static size_t part_len(const char *title, const char *at, size_t *ret_separator)
{
    int depth = 0;

    *ret_separator = 0;
    for (const char *c = at; *c != '\0'; c++) {
        depth += (strchr("([{", *c) != NULL) - (depth > 0 && strchr(")]}", *c) != NULL);
        if (depth == 0 && c > at && (*ret_separator = separator_at(title, c)) > 0)
            return (size_t)(c - at);
    }
    return strlen(at);
}

/* The parts that are not about the show, set apart as they were. */
static const char *cut_parts(struct cutting *cutting, struct arena *arena, const char *title)
{
    char *kept = arena_alloc(arena, strlen(title) + 1), *to = kept;
    const char *before_part = title;
    size_t separator;

    for (const char *part = title; *part != '\0'; part += separator) {
        size_t len = part_len(title, part, &separator);

        cutting->is_behind_words = is_about_show(cutting, part, len);
        if (cutting->is_behind_words) {
            cutting->has_cut = true;
        } else {
            before_part = to == kept ? part : before_part;
            memcpy(to, before_part, (size_t)(part + len - before_part));
            to += part + len - before_part;
        }
        part += len;
        before_part = part;
    }
    return kept;
}

/* "Violet Harbour SOLD OUT": in capitals, where the name is not. */
static const char *cut_capitals(struct cutting *cutting, struct arena *arena, const char *title)
{
    static const char *const capitals[] = {"CANCELLED", "CANCELED", "POSTPONED", "RESCHEDULED", "SOLD OUT"};
    size_t len = strlen(title);

    for (size_t i = 0; i < COUNT(capitals); i++) {
        size_t n = strlen(capitals[i]);
        bool at_begin = len > n && title[n] == ' ' && strncmp(title, capitals[i], n) == 0;
        bool at_end = len > n && title[len - n - 1] == ' ' && strcmp(title + len - n, capitals[i]) == 0;
        const char *rest = arena_strndup(arena, at_begin ? title + n + 1 : title, len > n ? len - n - 1 : 0);

        if ((!at_begin && !at_end) || strpbrk(rest, "abcdefghijklmnopqrstuvwxyz") == NULL ||
            !is_about_show(cutting, capitals[i], n))
            continue;
        cutting->has_cut = true;
        return rest;
    }
    return title;
}

const char *title_without_words(struct arena *arena, const char *title, const char *act,
                                struct title_words *ret_words)
{
    struct cutting cutting = {.words = {EVENT_SCHEDULED, false}};
    const char *rest = NULL;
    char *copy;

    word_key_make(act != NULL ? act : "", act != NULL ? strlen(act) : 0, &cutting.act);
    if (title != NULL && !(act != NULL && text_equal_fold(title, act))) {
        copy = arena_strndup(arena, title, strlen(title));
        cut_brackets(&cutting, copy);
        rest = text_clean(arena, copy, strlen(copy), strlen(copy) + 1);
        rest = rest != NULL ? cut_capitals(&cutting, arena, cut_parts(&cutting, arena, rest)) : NULL;
    }
    *ret_words = cutting.words;
    if (!cutting.has_cut)
        return title;
    return rest != NULL ? text_clean(arena, rest, strlen(rest), strlen(rest) + 1) : NULL;
}

void title_sells_out(struct arena *arena, struct event *event)
{
    if (event->status == EVENT_CANCELLED)
        return;
    if (event->n_offers == 0) {
        event->offers = arena_alloc(arena, sizeof(*event->offers));
        event->n_offers = 1;
    }
    for (size_t i = 0; i < event->n_offers; i++) {
        if (event->offers[i].availability == AVAILABILITY_UNKNOWN)
            event->offers[i].availability = AVAILABILITY_SOLD_OUT;
    }
}
