/* Writes the tables of place_tables.h as C, on standard output, from the JSON files of iso-codes and the
 * zone.tab of tzdata. Runs once in a build, on the machine that builds; the same input gives the same bytes.
 * Any fault in the input stops the build. */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "country_aliases.h"
#include "country_languages.h"
#include "mo_file.h"
#include "translators/base/must.h"
#include "translators/model/place_key.h"

enum { ROWS_MAX = 20000, TRANSLATED_RANK = 10 };

/* A key of one country and what it stands for: a country's code (then `country` is ""), or a region's. */
struct row {
    char country[3];
    char *key;
    char *value;
    int rank; /* of two meanings the one with the lower rank is taken, of two with the same none */
};

struct table {
    size_t n;
    struct row rows[ROWS_MAX];
};

static void __attribute__((format(printf, 1, 2), noreturn)) die(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("make_tables: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

static void add(struct table *table, const char *country, const char *key, const char *value, int rank)
{
    if (table->n == ROWS_MAX)
        die("more than %d rows", ROWS_MAX);
    struct row *row = &table->rows[table->n++];
    snprintf(row->country, sizeof(row->country), "%s", country);
    row->key = must(strdup(key));
    row->value = must(strdup(value));
    row->rank = rank;
}

/* Adds the keys of a name: of the whole, and of the parts ISO puts into one: "Falkland Islands (Malvinas)" is
 * also called by what is before the bracket, "Iran, Islamic Republic of" also the other way round, "Illes
 * Balears [Islas Baleares]" also by what is in the square bracket. */
static void add_name(struct table *table, const char *country, const char *name, const char *value, int rank)
{
    char key[PLACE_KEY_BYTES], part[2 * PLACE_KEY_BYTES];
    if (place_key(name, key))
        add(table, country, key, value, rank);
    else
        fprintf(stderr, "make_tables: left out, too long for a key: %s\n", name);

    const char *bracket = strpbrk(name, "([");
    const char *comma = strstr(name, ", ");
    if (bracket != NULL) {
        snprintf(part, sizeof(part), "%.*s", (int)(bracket - name), name);
        if (place_key(part, key))
            add(table, country, key, value, rank + 1);
        if (*bracket == '[' && place_key(bracket, key))
            add(table, country, key, value, rank + 1);
    } else if (comma != NULL) {
        snprintf(part, sizeof(part), "%s %.*s", comma + 2, (int)(comma - name), name);
        if (place_key(part, key))
            add(table, country, key, value, rank + 1);
    }
}

static int compare_rows(const void *left, const void *right)
{
    const struct row *a = left, *b = right;
    int order = strcmp(a->country, b->country);
    if (order == 0)
        order = strcmp(a->key, b->key);
    if (order == 0)
        order = (a->rank > b->rank) - (a->rank < b->rank);
    return order != 0 ? order : strcmp(a->value, b->value);
}

static bool same_key(const struct row *a, const struct row *b)
{
    return strcmp(a->country, b->country) == 0 && strcmp(a->key, b->key) == 0;
}

/* Sorts, and leaves one row of each key: the meaning of lowest rank, or none if two share that rank. */
static void settle(struct table *table)
{
    qsort(table->rows, table->n, sizeof(table->rows[0]), compare_rows);
    size_t kept = 0;
    for (size_t i = 0, next; i < table->n; i = next) {
        const struct row *first = &table->rows[i];
        bool is_ambiguous = false;
        for (next = i + 1; next < table->n && same_key(first, &table->rows[next]); next++)
            is_ambiguous |=
                table->rows[next].rank == first->rank && strcmp(table->rows[next].value, first->value) != 0;
        if (!is_ambiguous)
            table->rows[kept++] = *first;
        else if (first->country[0] == '\0' && first->rank == 0)
            die("\"%s\" names two countries, %s and another", first->key, first->value);
    }
    table->n = kept;
}

static json_t *load(const char *path, const char *list)
{
    json_error_t error;
    json_t *root = json_load_file(path, 0, &error);
    if (root == NULL)
        die("%s: %s (Debian has this file in the package iso-codes)", path, error.text);
    json_t *entries = json_object_get(root, list);
    if (!json_is_array(entries) || json_array_size(entries) == 0)
        die("%s: no list \"%s\"", path, list);
    json_incref(entries);
    json_decref(root);
    return entries;
}

static const char *text_of(const json_t *entry, const char *member)
{
    return json_string_value(json_object_get(entry, member));
}

static const char *required(const json_t *entry, const char *member, const char *path)
{
    const char *text = text_of(entry, member);
    if (text == NULL)
        die("%s: an entry without \"%s\"", path, member);
    return text;
}

static bool is_of(const struct country_language *language, const char *code)
{
    return *language->countries == '\0' || strstr(language->countries, code) != NULL;
}

/* Adds the names of a country in one language. They rank behind the English ones, and one that means two
 * countries there means none. */
static void add_translated(struct table *keys, const struct mo_file *file, const json_t *entry,
                           const char *code)
{
    static const char *const members[] = {"name", "common_name", "official_name"};
    for (size_t m = 0; m < sizeof(members) / sizeof(members[0]); m++) {
        const char *text = text_of(entry, members[m]);
        const char *name = text != NULL ? mo_file_translation(file, text) : NULL;
        if (name != NULL && *name != '\0')
            add_name(keys, "", name, code, TRANSLATED_RANK);
    }
}

static void read_translations(const char *directory, const json_t *entries, struct table *keys)
{
    for (size_t i = 0; i < n_country_languages; i++) {
        const struct country_language *language = &country_languages[i];
        char path[512];
        struct mo_file file;
        size_t j;
        json_t *entry;
        snprintf(path, sizeof(path), "%s/%s/LC_MESSAGES/iso_3166-1.mo", directory, language->language);
        if (!mo_file_read(path, &file))
            die("%s: cannot be read (Debian has this file in the package iso-codes)", path);
        json_array_foreach((json_t *)entries, j, entry)
        {
            const char *code = text_of(entry, "alpha_2");
            if (code != NULL && is_of(language, code))
                add_translated(keys, &file, entry, code);
        }
        mo_file_free(&file);
    }
}

/* Fills `keys` with all names of all countries, and `names` with the one to show by code. */
static void read_countries(const char *path, const char *translations, struct table *keys,
                           struct table *names)
{
    static const char *const members[] = {"alpha_2", "alpha_3", "name", "common_name", "official_name"};
    json_t *entries = load(path, "3166-1");
    size_t i;
    json_t *entry;
    json_array_foreach(entries, i, entry)
    {
        const char *code = required(entry, "alpha_2", path);
        const char *name = required(entry, "name", path);
        const char *common = text_of(entry, "common_name");
        for (size_t m = 0; m < sizeof(members) / sizeof(members[0]); m++)
            if (text_of(entry, members[m]) != NULL)
                add_name(keys, "", text_of(entry, members[m]), code, 0);
        add(names, "", code, common != NULL ? common : name, 1);
    }
    read_translations(translations, entries, keys);
    json_decref(entries);
    for (i = 0; i < n_country_aliases; i++) {
        const struct country_alias *alias = &country_aliases[i];
        add_name(keys, "", alias->name, alias->country, 0);
        if (alias->is_shown)
            add(names, "", alias->country, alias->name, 0);
    }
    settle(keys);
    settle(names);
}

/* Ranks: a code before a name, a region before a part of a region. */
static void read_regions(const char *path, struct table *keys)
{
    json_t *entries = load(path, "3166-2");
    size_t i;
    json_t *entry;
    json_array_foreach(entries, i, entry)
    {
        const char *code = required(entry, "code", path);
        const char *name = required(entry, "name", path);
        if (strlen(code) < 4 || code[2] != '-')
            die("%s: strange code \"%s\"", path, code);
        const char country[3] = {code[0], code[1], '\0'};
        add_name(keys, country, code + 3, code + 3, 0);
        add_name(keys, country, name, code + 3, text_of(entry, "parent") != NULL ? 4 : 2);
    }
    json_decref(entries);
    /* The code that Mexico City had until 2016. */
    add_name(keys, "MX", "DF", "CMX", 0);
    add_name(keys, "MX", "Distrito Federal", "CMX", 2);
    settle(keys);
}

/* Degrees of "+404251" or "-0740023" (ISO 6709: degrees of `width` digits, minutes, perhaps seconds). */
static double degrees(const char *text, size_t len, size_t width, const char *path)
{
    if (len != 1 + width + 2 && len != 1 + width + 4)
        die("%s: strange coordinate \"%.*s\"", path, (int)len, text);
    long parts[3] = {0};
    size_t n = 0;
    for (size_t at = 1, w = width; at < len && n < 3; at += w, w = 2, n++) {
        char part[4] = {0};
        memcpy(part, text + at, w);
        parts[n] = strtol(part, NULL, 10);
    }
    double value = (double)parts[0] + (double)parts[1] / 60 + (double)parts[2] / 3600;
    return *text == '-' ? -value : value;
}

/* Fills `zones` with zones by country; the value is the C text of the coordinates. */
static void read_zones(const char *path, struct table *zones)
{
    FILE *file = fopen(path, "r");
    if (file == NULL)
        die("%s: cannot be read (Debian has this file in the package tzdata)", path);
    char line[512];
    while (fgets(line, sizeof(line), file) != NULL) {
        if (line[0] == '#')
            continue;
        line[strcspn(line, "\n")] = '\0';
        const char *place = line + 3;
        if (strlen(line) < 4 || line[2] != '\t' || strchr(place, '\t') == NULL)
            die("%s: strange line \"%s\"", path, line);
        size_t place_len = strcspn(place, "\t");
        size_t latitude_len = 1 + strcspn(place + 1, "+-");
        if (latitude_len >= place_len)
            die("%s: strange line \"%s\"", path, line);
        char *tzid = line + 3 + place_len + 1;
        tzid[strcspn(tzid, "\t")] = '\0';
        char coordinates[64];
        snprintf(coordinates, sizeof(coordinates), "%.4f, %.4f", degrees(place, latitude_len, 2, path),
                 degrees(place + latitude_len, place_len - latitude_len, 3, path));
        line[2] = '\0';
        add(zones, line, tzid, coordinates, 0);
    }
    fclose(file);
    if (zones->n == 0)
        die("%s: no zones", path);
    settle(zones);
}

/* A C string literal. Names hold no control characters; anything else but quotes and backslashes stands for
 * itself in UTF-8. */
static void print_text(const char *text)
{
    putchar('"');
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            putchar('\\');
        putchar(*text);
    }
    putchar('"');
}

/* One array and its length. `format` has the fields in their order: c country, k key, v value as text, n
 * value as numbers. */
static void print_table(const struct table *table, const char *type, const char *name, const char *format)
{
    printf("\nconst struct %s place_%s[] = {\n", type, name);
    for (size_t i = 0; i < table->n; i++) {
        const struct row *row = &table->rows[i];
        printf("    {");
        for (const char *field = format; *field != '\0'; field++) {
            if (field != format)
                printf(", ");
            if (*field == 'n')
                printf("%s", row->value);
            else
                print_text(*field == 'c' ? row->country : *field == 'k' ? row->key : row->value);
        }
        printf("},\n");
    }
    printf("};\nconst size_t place_n_%s = %zu;\n", name, table->n);
}

int main(int argc, char **argv)
{
    if (argc != 5)
        die("use: make_tables iso_3166-1.json iso_3166-2.json zone.tab DIRECTORY_OF_TRANSLATIONS");
    static struct table country_keys, country_names, region_keys, zones;
    read_countries(argv[1], argv[4], &country_keys, &country_names);
    read_regions(argv[2], &region_keys);
    read_zones(argv[3], &zones);

    printf("/* Made by translators/model/tables/make_tables.c. Not to be edited. */\n"
           "#include \"translators/model/place_tables.h\"\n");
    print_table(&country_keys, "country_key", "country_keys", "kv");
    print_table(&country_names, "country_name", "country_names", "kv");
    print_table(&region_keys, "region_key", "region_keys", "ckv");
    print_table(&zones, "zone_row", "zones", "ckn");
    if (fflush(stdout) != 0 || ferror(stdout))
        die("cannot write");
    return 0;
}
