/* How people of a country write dates, hours and amounts, from ICU's locale data: for
 * translators/base/strings.c. Runs on the building machine, so that the program needs neither ICU nor a
 * locale.
 *
 *     make_dates LOCALE              (such as de_DE; to standard output: lines TEXT(NAME, "text"))
 *     make_dates LOCALE countries    (lines COUNTRY("DE", "Deutschland"), by code) */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unicode/uclean.h>
#include <unicode/udat.h>
#include <unicode/udatpg.h>
#include <unicode/uloc.h>
#include <unicode/unum.h>
#include <unicode/ustring.h>

#define MAX_CHARS 256

static const char *const days[] = {"SUNDAY",   "MONDAY", "TUESDAY", "WEDNESDAY",
                                   "THURSDAY", "FRIDAY", "SATURDAY"};
static const char *const months[] = {"JANUARY", "FEBRUARY", "MARCH",     "APRIL",   "MAY",      "JUNE",
                                     "JULY",    "AUGUST",   "SEPTEMBER", "OCTOBER", "NOVEMBER", "DECEMBER"};

static void check(UErrorCode status, const char *what)
{
    if (U_SUCCESS(status))
        return;
    fprintf(stderr, "make_dates: %s: %s\n", what, u_errorName(status));
    exit(1);
}

static void put_text(const char *name, const UChar *text)
{
    char utf8[4 * MAX_CHARS];
    UErrorCode status = U_ZERO_ERROR;
    u_strToUTF8(utf8, sizeof(utf8), NULL, text, -1, &status);
    check(status, name);
    if (strpbrk(utf8, "\"\\") != NULL) {
        fprintf(stderr, "make_dates: %s is no text of C: %s\n", name, utf8);
        exit(1);
    }
    printf("TEXT(%s, \"%s\")\n", name, utf8);
}

static void put_names(const UDateFormat *format, UDateFormatSymbolType type, int first,
                      const char *const *names, int n)
{
    for (int i = 0; i < n; i++) {
        UChar text[MAX_CHARS];
        UErrorCode status = U_ZERO_ERROR;
        udat_getSymbols(format, type, first + i, text, MAX_CHARS, &status);
        check(status, names[i]);
        put_text(names[i], text);
    }
}

/* The gap for a letter of a pattern (UTS 35): 0: it has none. */
static int gap_of(UChar letter, const char *letters)
{
    for (int i = 0; letters[i] != '\0'; i++)
        if (letters[i] == letter || (letters[i] == 'M' && letter == 'L') ||
            (letters[i] == 'E' && letter == 'c'))
            return i + 1;
    return 0;
}

/* "EEEE, d. MMMM y" -> "{1}, {2}. {3} {4}" by letters "EdMy". Texts in quotes stand for themselves. */
static void put_pattern(const char *name, const UChar *pattern, const char *letters)
{
    UChar out[MAX_CHARS];
    int n = 0;
    bool quoted = false;
    for (const UChar *at = pattern; *at != 0 && n < MAX_CHARS - 4; at++) {
        int gap = quoted ? 0 : gap_of(*at, letters);
        if (*at == '\'') {
            quoted = !quoted;
            continue;
        }
        if (gap == 0) {
            out[n++] = *at == 0x202f || *at == 0xa0 ? ' ' : *at;
            continue;
        }
        while (at[1] == *at)
            at++;
        out[n++] = '{';
        out[n++] = (UChar)('0' + gap);
        out[n++] = '}';
    }
    out[n] = 0;
    put_text(name, out);
}

static void pattern_of(const char *locale, UDateFormatStyle time, UDateFormatStyle date, UChar *ret)
{
    UErrorCode status = U_ZERO_ERROR;
    UDateFormat *format = udat_open(time, date, locale, NULL, 0, NULL, 0, &status);
    check(status, locale);
    udat_toPattern(format, false, ret, MAX_CHARS, &status);
    check(status, locale);
    udat_close(format);
}

static void put_skeleton(const char *locale, const char *name, const char *skeleton, const char *letters)
{
    UChar wanted[MAX_CHARS], pattern[MAX_CHARS];
    UErrorCode status = U_ZERO_ERROR;
    UDateTimePatternGenerator *generator = udatpg_open(locale, &status);
    check(status, locale);
    u_uastrcpy(wanted, skeleton);
    udatpg_getBestPattern(generator, wanted, -1, pattern, MAX_CHARS, &status);
    check(status, name);
    udatpg_close(generator);
    put_pattern(name, pattern, letters);
}

/* What stands between a day and an hour: both together, with gaps in the place of each. */
static void put_joint(const UChar *both, const UChar *date, const UChar *time)
{
    UChar out[MAX_CHARS];
    const UChar *day = u_strstr(both, date), *hour = u_strstr(both, time);
    if (day != both || hour == NULL || hour + u_strlen(time) != both + u_strlen(both)) {
        fprintf(stderr, "make_dates: a day does not stand before its hour\n");
        exit(1);
    }
    u_uastrcpy(out, "{1}");
    u_strncat(out, both + u_strlen(date), (int32_t)(hour - both) - u_strlen(date));
    u_strcat(out, u"{2}");
    put_pattern("DATE_AND_TIME", out, "");
}

static void put_numbers(const char *locale)
{
    UChar text[MAX_CHARS];
    UErrorCode status = U_ZERO_ERROR;
    UNumberFormat *format = unum_open(UNUM_DECIMAL, NULL, 0, locale, NULL, &status);
    check(status, locale);
    unum_getSymbol(format, UNUM_DECIMAL_SEPARATOR_SYMBOL, text, MAX_CHARS, &status);
    check(status, locale);
    put_text("DECIMAL_POINT", text);
    unum_close(format);
}

static void put_countries(const char *locale)
{
    for (const char *const *code = uloc_getISOCountries(); *code != NULL; code++) {
        char country[16], utf8[4 * MAX_CHARS];
        UChar name[MAX_CHARS];
        UErrorCode status = U_ZERO_ERROR;
        snprintf(country, sizeof(country), "und_%s", *code);
        uloc_getDisplayCountry(country, locale, name, MAX_CHARS, &status);
        check(status, country);
        u_strToUTF8(utf8, sizeof(utf8), NULL, name, -1, &status);
        check(status, country);
        printf("COUNTRY(\"%s\", \"%s\")\n", *code, utf8);
    }
}

int main(int argc, char **argv)
{
    UChar date[MAX_CHARS], time[MAX_CHARS], both[MAX_CHARS], hour[3] = {0};
    UErrorCode status = U_ZERO_ERROR;
    if (argc == 3 && strcmp(argv[2], "countries") == 0) {
        put_countries(argv[1]);
        u_cleanup();
        return 0;
    }
    if (argc != 2) {
        fprintf(stderr, "usage: make_dates LOCALE [countries]\n");
        return 2;
    }
    UDateFormat *format = udat_open(UDAT_SHORT, UDAT_FULL, argv[1], NULL, 0, NULL, 0, &status);
    check(status, argv[1]);
    put_names(format, UDAT_WEEKDAYS, 1, days, 7);
    put_names(format, UDAT_MONTHS, 0, months, 12);
    put_names(format, UDAT_AM_PMS, 0, (const char *const[]){"AM", "PM"}, 2);
    udat_close(format);
    pattern_of(argv[1], UDAT_NONE, UDAT_FULL, date);
    pattern_of(argv[1], UDAT_SHORT, UDAT_NONE, time);
    pattern_of(argv[1], UDAT_SHORT, UDAT_FULL, both);
    put_joint(both, date, time);
    put_pattern("DATE", date, "EdMy");
    put_skeleton(argv[1], "DAY_OF_MONTH", "EEEEd", "Ed");
    put_skeleton(argv[1], "MONTH_OF_YEAR", "yMMMM", "My");
    /* The hour as the pattern has it: H or h, twice with a zero before it. */
    for (const UChar *at = time; *at != 0 && hour[1] == 0; at++)
        if (*at == 'H' || *at == 'h')
            hour[hour[0] == 0 ? 0 : 1] = *at;
    put_text("CLOCK", hour);
    for (UChar *at = time; *at != 0; at++)
        *at = *at == 'h' ? 'H' : *at;
    put_pattern("TIME", time, "Hma");
    put_numbers(argv[1]);
    u_cleanup();
    return 0;
}
