/* The table of HTML character references. Not here: where in a text one stands; that is text.c. */
#include "entity.h"

#include <stddef.h>
#include <string.h>

struct entity {
    char name[8];
    uint16_t code_point;
};

/* Those that upstreams use: XML's five, HTML 4's Latin-1 and typography, HTML 5's Latin Extended-A letters.
 * Sorted by byte. clang-format would make one line of each. */
/* clang-format off */
static const struct entity entities[] = {
    {"AElig", 0x00C6}, {"Aacute", 0x00C1}, {"Abreve", 0x0102}, {"Acirc", 0x00C2}, {"Agrave", 0x00C0},
    {"Amacr", 0x0100}, {"Aogon", 0x0104}, {"Aring", 0x00C5}, {"Atilde", 0x00C3}, {"Auml", 0x00C4},
    {"Cacute", 0x0106}, {"Ccaron", 0x010C}, {"Ccedil", 0x00C7}, {"Dagger", 0x2021}, {"Dcaron", 0x010E},
    {"Delta", 0x0394}, {"Dstrok", 0x0110}, {"ETH", 0x00D0}, {"Eacute", 0x00C9}, {"Ecaron", 0x011A},
    {"Ecirc", 0x00CA}, {"Egrave", 0x00C8}, {"Emacr", 0x0112}, {"Eogon", 0x0118}, {"Euml", 0x00CB},
    {"Gbreve", 0x011E}, {"Iacute", 0x00CD}, {"Icirc", 0x00CE}, {"Idot", 0x0130}, {"Igrave", 0x00CC},
    {"Imacr", 0x012A}, {"Iuml", 0x00CF}, {"Lstrok", 0x0141}, {"Nacute", 0x0143}, {"Ncaron", 0x0147},
    {"Ntilde", 0x00D1}, {"OElig", 0x0152}, {"Oacute", 0x00D3}, {"Ocirc", 0x00D4}, {"Odblac", 0x0150},
    {"Ograve", 0x00D2}, {"Omacr", 0x014C}, {"Omega", 0x03A9}, {"Oslash", 0x00D8}, {"Otilde", 0x00D5},
    {"Ouml", 0x00D6}, {"Prime", 0x2033}, {"Rcaron", 0x0158}, {"Sacute", 0x015A}, {"Scaron", 0x0160},
    {"Scedil", 0x015E}, {"Sigma", 0x03A3}, {"THORN", 0x00DE}, {"Tcaron", 0x0164}, {"Uacute", 0x00DA},
    {"Ucirc", 0x00DB}, {"Udblac", 0x0170}, {"Ugrave", 0x00D9}, {"Umacr", 0x016A}, {"Uring", 0x016E},
    {"Uuml", 0x00DC}, {"Yacute", 0x00DD}, {"Yuml", 0x0178}, {"Zacute", 0x0179}, {"Zcaron", 0x017D},
    {"Zdot", 0x017B}, {"aacute", 0x00E1}, {"abreve", 0x0103}, {"acirc", 0x00E2}, {"acute", 0x00B4},
    {"aelig", 0x00E6}, {"agrave", 0x00E0}, {"alpha", 0x03B1}, {"amacr", 0x0101}, {"amp", 0x0026},
    {"aogon", 0x0105}, {"apos", 0x0027}, {"aring", 0x00E5}, {"atilde", 0x00E3}, {"auml", 0x00E4},
    {"bdquo", 0x201E}, {"beta", 0x03B2}, {"brvbar", 0x00A6}, {"bull", 0x2022}, {"cacute", 0x0107},
    {"ccaron", 0x010D}, {"ccedil", 0x00E7}, {"cedil", 0x00B8}, {"cent", 0x00A2}, {"circ", 0x02C6},
    {"copy", 0x00A9}, {"curren", 0x00A4}, {"dagger", 0x2020}, {"dcaron", 0x010F}, {"deg", 0x00B0},
    {"delta", 0x03B4}, {"divide", 0x00F7}, {"dstrok", 0x0111}, {"eacute", 0x00E9}, {"ecaron", 0x011B},
    {"ecirc", 0x00EA}, {"egrave", 0x00E8}, {"emacr", 0x0113}, {"emsp", 0x2003}, {"ensp", 0x2002},
    {"eogon", 0x0119}, {"eth", 0x00F0}, {"euml", 0x00EB}, {"euro", 0x20AC}, {"fnof", 0x0192},
    {"frac12", 0x00BD}, {"frac14", 0x00BC}, {"frac34", 0x00BE}, {"gbreve", 0x011F}, {"gt", 0x003E},
    {"hearts", 0x2665}, {"hellip", 0x2026}, {"iacute", 0x00ED}, {"icirc", 0x00EE}, {"iexcl", 0x00A1},
    {"igrave", 0x00EC}, {"imacr", 0x012B}, {"imath", 0x0131}, {"infin", 0x221E}, {"iquest", 0x00BF},
    {"iuml", 0x00EF}, {"laquo", 0x00AB}, {"larr", 0x2190}, {"ldquo", 0x201C}, {"lrm", 0x200E},
    {"lsaquo", 0x2039}, {"lsquo", 0x2018}, {"lstrok", 0x0142}, {"lt", 0x003C}, {"macr", 0x00AF},
    {"mdash", 0x2014}, {"micro", 0x00B5}, {"middot", 0x00B7}, {"minus", 0x2212}, {"nacute", 0x0144},
    {"nbsp", 0x00A0}, {"ncaron", 0x0148}, {"ndash", 0x2013}, {"not", 0x00AC}, {"ntilde", 0x00F1},
    {"oacute", 0x00F3}, {"ocirc", 0x00F4}, {"odblac", 0x0151}, {"oelig", 0x0153}, {"ograve", 0x00F2},
    {"omacr", 0x014D}, {"omega", 0x03C9}, {"ordf", 0x00AA}, {"ordm", 0x00BA}, {"oslash", 0x00F8},
    {"otilde", 0x00F5}, {"ouml", 0x00F6}, {"para", 0x00B6}, {"permil", 0x2030}, {"pi", 0x03C0},
    {"plusmn", 0x00B1}, {"pound", 0x00A3}, {"prime", 0x2032}, {"quot", 0x0022}, {"raquo", 0x00BB},
    {"rarr", 0x2192}, {"rcaron", 0x0159}, {"rdquo", 0x201D}, {"reg", 0x00AE}, {"rlm", 0x200F},
    {"rsaquo", 0x203A}, {"rsquo", 0x2019}, {"sacute", 0x015B}, {"sbquo", 0x201A}, {"scaron", 0x0161},
    {"scedil", 0x015F}, {"sect", 0x00A7}, {"shy", 0x00AD}, {"sup1", 0x00B9}, {"sup2", 0x00B2},
    {"sup3", 0x00B3}, {"szlig", 0x00DF}, {"tcaron", 0x0165}, {"thinsp", 0x2009}, {"thorn", 0x00FE},
    {"tilde", 0x02DC}, {"times", 0x00D7}, {"trade", 0x2122}, {"uacute", 0x00FA}, {"ucirc", 0x00FB},
    {"udblac", 0x0171}, {"ugrave", 0x00F9}, {"umacr", 0x016B}, {"uml", 0x00A8}, {"uring", 0x016F},
    {"uuml", 0x00FC}, {"yacute", 0x00FD}, {"yen", 0x00A5}, {"yuml", 0x00FF}, {"zacute", 0x017A},
    {"zcaron", 0x017E}, {"zdot", 0x017C}, {"zwj", 0x200D}, {"zwnj", 0x200C},
};
/* clang-format on */

/* What numeric references to C1 controls mean: the HTML standard, "numeric character reference end state",
 * reads them as windows-1252. 0: nothing. */
static const uint16_t windows_1252[32] = {0x20AC, 0x0000, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                          0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x0000, 0x017D, 0x0000,
                                          0x0000, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                          0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x0000, 0x017E, 0x0178};

static uint32_t entity_named(const char *name, size_t len)
{
    size_t low = 0, high = sizeof(entities) / sizeof(entities[0]);
    char key[sizeof(entities[0].name) + 1] = "";
    if (len >= sizeof(entities[0].name))
        return 0;
    memcpy(key, name, len);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(key, entities[middle].name);
        if (order == 0)
            return entities[middle].code_point;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return 0;
}

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return 16;
}

static uint32_t entity_numbered(const char *digits, size_t len)
{
    uint32_t base = 10, code_point = 0;
    if (len > 0 && (digits[0] == 'x' || digits[0] == 'X')) {
        base = 16;
        digits++;
        len--;
    }
    if (len == 0)
        return 0;
    for (size_t i = 0; i < len; i++) {
        uint32_t value = (uint32_t)digit_value(digits[i]);
        if (value >= base)
            return 0;
        code_point = code_point * base + value;
        if (code_point > 0x10FFFF)
            return ENTITY_NOTHING;
    }
    if (code_point >= 0x80 && code_point < 0xA0)
        code_point = windows_1252[code_point - 0x80];
    if (code_point == 0 || (code_point >= 0xD800 && code_point <= 0xDFFF))
        return ENTITY_NOTHING;
    return code_point;
}

uint32_t entity_code_point(const char *name, size_t len)
{
    if (len > 0 && name[0] == '#')
        return entity_numbered(name + 1, len - 1);
    return entity_named(name, len);
}
