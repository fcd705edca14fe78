/* Every text that people read: what visitors of a site see in a list, what the pages at / and /problems say,
 * and what an answer says to developers about a problem. A language is one file of them, strings_en.def; all
 * other places have names for texts. A text is a whole sentence, or a label that stands alone: never a part
 * that only fits together with others in one language.
 *
 * Not here: what the operator reads (log events, the command line, faults of the configuration), what
 * providers' terms dictate (translator.h), and the names of countries, which come from iso-codes (place.h).
 */
#ifndef MARQUEE_STRINGS_H
#define MARQUEE_STRINGS_H

#include <stddef.h>

struct arena;

/* STRING_WEEKDAY is TEXT(WEEKDAY, ...) in the file of a language. */
enum string_id {
    STRING_NONE, /* in no language */
#define LANGUAGE(tag)
#define TEXT(name, text) STRING_##name,
#include "strings_en.def"
#undef TEXT
#undef LANGUAGE
    STRINGS
};

/* A country and its name in a language. */
struct country_text {
    const char *code; /* ISO 3166-1 alpha-2 */
    const char *name;
};

/* {1}, {2} … stand for what is put in; a language may have them in any order. */
struct strings {
    const char *language; /* BCP 47 */
    const char *texts[STRINGS];
    const struct country_text *countries; /* by code; NULL: those of model/place.h, which are English */
    size_t n_countries;
};

/* English, as ever: the words of Britain's calendars and the 24-hour clock. */
extern const struct strings strings_english;

/* What visitors read of lists, calendars and pages is in these too; what operators and webmasters read is
 * English. */
extern const struct strings strings_english_us, strings_german, strings_french, strings_spanish;

/* The language of a BCP 47 tag ("de", "en-US"; exactly so); NULL: there is none. */
const struct strings *strings_of_tag(const char *tag);
/* A country's name in that language; NULL: it has none of its own. Static. */
const char *strings_country(const struct strings *strings, const char *code);

const char *strings_tags(void); /* all of them, joined with ", ", for messages; static */

/* The language of this program: the one place where it is chosen. Never NULL. */
const struct strings *strings_chosen(void);

/* A text in that language. Static. */
const char *strings_get(enum string_id id);

/* As templates write it: "Q_LABEL". STRING_NONE: there is no such text. */
enum string_id strings_find(const char *name, size_t len);
const char *strings_name(enum string_id id); /* static */

/* `text` with {1}, {2} … replaced by the texts that follow, up to nine of them and a NULL. New in `arena`. */
const char *strings_fill(struct arena *arena, const char *text, ...) __attribute__((sentinel));

/* The same into a buffer, cut off where it is full. */
void strings_write(char *ret_text, size_t size, const char *text, ...) __attribute__((sentinel));

/* The number of the gap that `text` begins with; 0 when it begins with none. */
int strings_gap(const char *text);

#endif
