/* The languages as tables, and how the gaps of a text are filled. Not here: which text stands where. */
#include "strings.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"

#define MAX_GAPS 9

#define COUNTRY(code, name) {(code), (name)},
static const struct country_text countries_de[] = {
#include "translators/base/tables/countries_de_DE.def"
};
static const struct country_text countries_fr[] = {
#include "translators/base/tables/countries_fr_FR.def"
};
static const struct country_text countries_es[] = {
#include "translators/base/tables/countries_es_ES.def"
};
#undef COUNTRY
#define COUNTRIES(list) .countries = (list), .n_countries = sizeof(list) / sizeof((list)[0])

const struct strings strings_english = {
#define LANGUAGE(tag)    .language = (tag),
#define TEXT(name, text) .texts[STRING_##name] = (text),
#include "strings_en.def"
#undef TEXT
#undef LANGUAGE
};

/* The other languages begin as English, and put their own texts in its place. */
#ifdef __clang__
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Winitializer-overrides"
#else
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverride-init"
#endif

const struct strings strings_english_us = {
#define LANGUAGE(tag)    .language = (tag),
#define TEXT(name, text) .texts[STRING_##name] = (text),
#include "strings_en.def"

#include "translators/base/tables/dates_en_US.def"
#undef TEXT
#undef LANGUAGE
    .language = "en-US",
};

const struct strings strings_german = {
#define LANGUAGE(tag)    .language = (tag),
#define TEXT(name, text) .texts[STRING_##name] = (text),
#include "strings_en.def"

#include "translators/base/tables/dates_de_DE.def"

#include "strings_de.def"
#undef TEXT
#undef LANGUAGE
    COUNTRIES(countries_de),
};

const struct strings strings_french = {
#define LANGUAGE(tag)    .language = (tag),
#define TEXT(name, text) .texts[STRING_##name] = (text),
#include "strings_en.def"

#include "translators/base/tables/dates_fr_FR.def"

#include "strings_fr.def"
#undef TEXT
#undef LANGUAGE
    COUNTRIES(countries_fr),
};

const struct strings strings_spanish = {
#define LANGUAGE(tag)    .language = (tag),
#define TEXT(name, text) .texts[STRING_##name] = (text),
#include "strings_en.def"

#include "translators/base/tables/dates_es_ES.def"

#include "strings_es.def"
#undef TEXT
#undef LANGUAGE
    COUNTRIES(countries_es),
};

#ifdef __clang__
#pragma clang diagnostic pop
#else
#pragma GCC diagnostic pop
#endif

static const struct strings *const languages[] = {&strings_english, &strings_english_us, &strings_german,
                                                  &strings_french, &strings_spanish};

const struct strings *strings_of_tag(const char *tag)
{
    for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++)
        if (strcmp(languages[i]->language, tag) == 0)
            return languages[i];
    return NULL;
}

static int compare_code(const void *code, const void *row)
{
    return strcmp(code, ((const struct country_text *)row)->code);
}

const char *strings_country(const struct strings *strings, const char *code)
{
    const struct country_text *row = strings->countries != NULL
                                         ? bsearch(code, strings->countries, strings->n_countries,
                                                   sizeof(strings->countries[0]), compare_code)
                                         : NULL;

    return row != NULL ? row->name : NULL;
}

const char *strings_tags(void)
{
    return "en, en-US, de, fr, es";
}

static const char *const names[STRINGS] = {
    [STRING_NONE] = "",
#define LANGUAGE(tag)
#define TEXT(name, text) [STRING_##name] = #name,
#include "strings_en.def"
#undef TEXT
#undef LANGUAGE
};

const char *strings_get(enum string_id id)
{
    return strings_chosen()->texts[id];
}

const char *strings_name(enum string_id id)
{
    return names[id];
}

enum string_id strings_find(const char *name, size_t len)
{
    for (int i = STRING_NONE + 1; i < STRINGS; i++) {
        if (strncmp(names[i], name, len) == 0 && names[i][len] == '\0')
            return (enum string_id)i;
    }
    return STRING_NONE;
}

/* ---- gaps ---- */

int strings_gap(const char *text)
{
    return text[0] == '{' && text[1] >= '1' && text[1] <= '9' && text[2] == '}' ? text[1] - '0' : 0;
}

struct filling {
    const char *rest; /* of the text */
    const char *values[MAX_GAPS];
    int n;
};

static struct filling filling_begin(const char *text, va_list args)
{
    struct filling filling = {.rest = text};
    const char *value;

    while (filling.n < MAX_GAPS && (value = va_arg(args, const char *)) != NULL)
        filling.values[filling.n++] = value;
    return filling;
}

/* The next piece, of the text or of what is put in; NULL behind the last. */
static const char *filling_next(struct filling *filling, size_t *ret_len)
{
    const char *piece = filling->rest;
    int gap = strings_gap(piece);

    if (*piece == '\0')
        return NULL;
    *ret_len = gap > 0 ? 3 : 1 + strcspn(piece + 1, "{");
    filling->rest += *ret_len;
    if (gap > 0) {
        piece = gap <= filling->n ? filling->values[gap - 1] : "";
        *ret_len = strlen(piece);
    }
    return piece;
}

const char *strings_fill(struct arena *arena, const char *text, ...)
{
    const char *piece, *filled = "";
    struct filling filling;
    va_list args;
    size_t len;

    va_start(args, text);
    filling = filling_begin(text, args);
    va_end(args);
    while ((piece = filling_next(&filling, &len)) != NULL)
        filled = arena_printf(arena, "%s%.*s", filled, (int)len, piece);
    return filled;
}

void strings_write(char *ret_text, size_t size, const char *text, ...)
{
    const char *piece;
    struct filling filling;
    va_list args;
    size_t len, n = 0;
    bool cut = false;

    va_start(args, text);
    filling = filling_begin(text, args);
    va_end(args);
    while (!cut && (piece = filling_next(&filling, &len)) != NULL) {
        cut = len > size - 1 - n;
        if (cut)
            len = size - 1 - n;
        memcpy(ret_text + n, piece, len);
        n += len;
    }
    /* Not within a character: its bytes go, down to the first one, which begins with 11. */
    while (cut && n > 0 && (ret_text[n - 1] & 0x80) != 0 && (ret_text[n - 1] & 0x40) == 0)
        n--;
    if (cut && n > 0 && (ret_text[n - 1] & 0x80) != 0)
        n--;
    ret_text[n] = '\0';
}
