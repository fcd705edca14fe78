/* Word lists and how names are put together. Knows nothing of tours. */
#include "tests/simulator/names.h"

#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const adjectives[] = {
    "Velvet", "Crimson", "Hollow",  "Paper",  "Silver",   "Quiet",  "Northern", "Electric", "Wooden",
    "Golden", "Broken",  "Distant", "Salt",   "Marble",   "Foggy",  "Wild",     "Gentle",   "Neon",
    "Rusty",  "Tiny",    "Second",  "Frozen", "Little",   "Amber",  "Copper",   "Lunar",    "Plastic",
    "Violet", "Sunken",  "Feral",   "Cobalt", "Midnight", "Mellow", "Borrowed", "Static",   "Invisible"};

static const char *const nouns[] = {
    "Harbour",   "Lantern",    "Orchard",  "Signal",   "Meadow",  "Machine", "Compass",   "Canary",
    "Parade",    "Lighthouse", "Avenue",   "Garden",   "Engine",  "Mirror",  "Cathedral", "Glacier",
    "Postcard",  "Anchor",     "Thunder",  "Magnolia", "Bicycle", "Tides",   "Foxes",     "Ravine",
    "Satellite", "Weather",    "Carousel", "Kestrel",  "Balcony", "Monsoon", "Viaduct",   "Saffron",
    "Pavilion",  "Juniper",    "Quarry",   "Terminal"};

static const char *const odd_names[] = {
    "Ørken & Søn",
    "Café Zürn",
    "Полярная Станция",
    "東京オーバードライブ",
    "The \"Quoted\" Ones",
    "Łódź Calling",
    "Ψυχή",
    "Los Niños del Volcán",
    "R&B <Live>",
    "C:\\Drive",
    "شجرة",
    "🎷 Brass Emoji 🎺",
    "Ó",
    "DJ O'Neill's \"Big/Small\" Band",
    "And So They Walked All The Way Home Through The Long Grass And Nobody Said A Single Word About It",
    "Þórsmörk",
};

uint64_t names_mix(uint64_t a, uint64_t b)
{
    /* The finalizer of SplitMix64 (Steele, Lea, Flood 2014). */
    uint64_t z = a * 0x9e3779b97f4a7c15u + b + 0x632be59bd9b4e019u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

void names_artist(uint64_t seed, bool odd, char ret_name[NAME_BYTES])
{
    uint64_t h = names_mix(seed, 0xa47157);

    if (odd && h % 12 == 0) {
        snprintf(ret_name, NAME_BYTES, "%s", odd_names[(h >> 8) % COUNT(odd_names)]);
        return;
    }
    snprintf(ret_name, NAME_BYTES, "%s%s %s", (h >> 4) % 9 == 0 ? "The " : "",
             adjectives[(h >> 16) % COUNT(adjectives)], nouns[(h >> 32) % COUNT(nouns)]);
}

const char *names_word(uint64_t seed)
{
    return nouns[names_mix(seed, 0x3042d) % COUNT(nouns)];
}

void names_fill(uint64_t seed, const char *pattern, char *ret_text, size_t text_bytes)
{
    size_t i;

    for (i = 0; pattern[i] != '\0' && i + 1 < text_bytes; i++) {
        uint64_t h = names_mix(seed, i);

        ret_text[i] = pattern[i];
        if (pattern[i] == '9')
            ret_text[i] = (char)('0' + h % 10);
        else if (pattern[i] == 'A')
            ret_text[i] = "ABCDEFGHJKLMNPRSTVWXY"[h % 21];
    }
    ret_text[i] = '\0';
}

/* The letter of Latin-1 (U+00C0 to U+00FF) without its mark; '-' for what is not a letter. */
static char names_plain(unsigned char second)
{
    static const char plain[] = "aaaaaaaceeeeiiiidnooooo-ouuuuytsaaaaaaaceeeeiiiidnooooo-ouuuuyty";

    return plain[second & 0x3f];
}

void names_slug(const char *name, char ret_slug[NAME_BYTES])
{
    size_t n = 0;

    for (const unsigned char *c = (const unsigned char *)name; *c != '\0' && n + 1 < NAME_BYTES; c++) {
        char out = '-';

        if ((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9'))
            out = (char)*c;
        else if (*c >= 'A' && *c <= 'Z')
            out = (char)(*c - 'A' + 'a');
        else if (*c == 0xc3 && c[1] >= 0x80)
            out = names_plain(*++c);
        else if (*c >= 0x80)
            continue;
        if (out != '-' || (n > 0 && ret_slug[n - 1] != '-'))
            ret_slug[n++] = out;
    }
    while (n > 0 && ret_slug[n - 1] == '-')
        n--;
    ret_slug[n] = '\0';
}
