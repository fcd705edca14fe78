/* Cleaning of names and descriptions, checks of UTF-8 and URLs, slugs. Not here: escaping for an output
 * format; what is clean text may still hold `<` and `&` as characters. ASCII rules, no locale. */
#include "text.h"

#include <string.h>

#include "arena.h"
#include "entity.h"

#define URL_MAX_BYTES  2048
#define HOST_MAX_BYTES 253
#define SLUG_MAX_BYTES 80

static bool ascii_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool ascii_is_letter(char c)
{
    return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z';
}

static bool ascii_is_alnum(char c)
{
    return ascii_is_letter(c) || ascii_is_digit(c);
}

int text_hex_value(char c)
{
    if (ascii_is_digit(c))
        return c - '0';
    c = ascii_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool text_is_number(const char *text)
{
    size_t len = strspn(text, "0123456789");
    return len > 0 && len <= TEXT_MAX_DIGITS && text[0] != '0' && text[len] == '\0';
}

/* ---- UTF-8 ---- */

size_t text_decode(const char *text, size_t len, uint32_t *ret_code_point)
{
    static const uint32_t smallest[5] = {0, 0, 0x80, 0x800, 0x10000}; /* by length: no overlong forms */
    const unsigned char *bytes = (const unsigned char *)text;
    if (len == 0)
        return 0;
    size_t n = bytes[0] < 0x80 ? 1 : bytes[0] < 0xC2 ? 0 : bytes[0] < 0xE0 ? 2 : bytes[0] < 0xF0 ? 3 : 4;
    if (n == 0 || n > len || bytes[0] > 0xF4)
        return 0;
    uint32_t code_point = n == 1 ? bytes[0] : bytes[0] & (0xFFu >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if ((bytes[i] & 0xC0) != 0x80)
            return 0;
        code_point = code_point << 6 | (bytes[i] & 0x3F);
    }
    if (code_point < smallest[n] || code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF))
        return 0;
    *ret_code_point = code_point;
    return n;
}

/* Writes a code point that is no surrogate; returns its 1 to 4 bytes. */
static size_t text_encode(uint32_t code_point, char bytes[4])
{
    static const unsigned char lead[5] = {0, 0, 0xC0, 0xE0, 0xF0};
    if (code_point < 0x80) {
        bytes[0] = (char)code_point;
        return 1;
    }
    size_t n = code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--) {
        bytes[i] = (char)(0x80 | (code_point & 0x3F));
        code_point >>= 6;
    }
    bytes[0] = (char)(lead[n] | code_point);
    return n;
}

bool text_is_utf8(const char *text, size_t len)
{
    uint32_t code_point;
    for (size_t i = 0, n; i < len; i += n) {
        n = text_decode(text + i, len - i, &code_point);
        if (n == 0)
            return false;
    }
    return true;
}

/* ---- cleaning ---- */

/* White space of Unicode (PropList.txt, White_Space). */
static bool is_space(uint32_t c)
{
    return c == ' ' || (c >= 0x09 && c <= 0x0D) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
           c == 0x3000;
}

/* What no published text may hold: controls, characters that turn the direction of what stands behind them
 * (Unicode TR 36), marks of encoding, repaired rubbish, and what would leave a name empty to the eye. */
static bool is_unwanted(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0x200B || c == 0x2060 || c == 0xFEFF || c == 0xFFFD ||
           (c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFE) == 0xFFFE;
}

struct cleaner {
    char *out;
    size_t len, max;
    bool space; /* one is due before the next character */
    bool full;
};

static void cleaner_put(struct cleaner *cleaner, uint32_t code_point)
{
    char bytes[4];
    if (is_space(code_point)) {
        cleaner->space = cleaner->len > 0;
        return;
    }
    if (is_unwanted(code_point))
        return;
    size_t n = text_encode(code_point, bytes);
    if (n + cleaner->space > cleaner->max - cleaner->len) {
        cleaner->full = true;
        return;
    }
    if (cleaner->space)
        cleaner->out[cleaner->len++] = ' ';
    cleaner->space = false;
    memcpy(cleaner->out + cleaner->len, bytes, n);
    cleaner->len += n;
}

/* Puts the visible ASCII characters that `text` begins with, up to what may be a tag or a reference: most of
 * what comes. Returns how many there are. */
static size_t cleaner_put_plain(struct cleaner *cleaner, const char *text, const char *end)
{
    size_t n = 0, room = cleaner->max - cleaner->len;
    while (text + n < end && text[n] > ' ' && text[n] <= '~' && text[n] != '<' && text[n] != '&')
        n++;
    if (n == 0)
        return 0;
    if (room < 1u + cleaner->space) {
        cleaner->full = true;
        return n;
    }
    if (cleaner->space)
        cleaner->out[cleaner->len++] = ' ';
    room -= cleaner->space;
    cleaner->space = false;
    cleaner->full = n > room;
    memcpy(cleaner->out + cleaner->len, text, n < room ? n : room);
    cleaner->len += n < room ? n : room;
    return n;
}

/* The bytes of the tag at the start of `text`; 0 when this is no tag, as in "AC<DC" and "<3". *tags_end is
 * set to `text` when no tag can end behind it, so that nobody looks again. */
static size_t tag_length(const char *text, const char *end, const char **tags_end)
{
    if (end - text < 3 || !(ascii_is_letter(text[1]) || text[1] == '/' || text[1] == '!') ||
        text >= *tags_end)
        return 0;
    const char *close = memchr(text, '>', (size_t)(end - text));
    if (close == NULL) {
        *tags_end = text;
        return 0;
    }
    return (size_t)(close - text) + 1;
}

/* Does the tag part words? */
static bool tag_is_break(const char *tag, size_t len)
{
    static const char *const names[] = {"br", "p", "div", "li", "tr", "td"};
    char name[4] = "";
    size_t start = tag[1] == '/' ? 2 : 1;
    for (size_t i = 0; i < sizeof(name) && start + i < len && ascii_is_letter(tag[start + i]); i++)
        name[i] = ascii_lower(tag[start + i]);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (memcmp(name, names[i], strlen(names[i]) + 1) == 0)
            return true;
    return false;
}

/* The bytes of the character reference at the start of `text`, `&` and `;` included; 0: none. */
static size_t reference_length(const char *text, size_t len, uint32_t *ret_code_point)
{
    size_t i = 1;
    while (i < len && i <= ENTITY_MAX_BYTES && (ascii_is_alnum(text[i]) || text[i] == '#'))
        i++;
    if (i == len || text[i] != ';')
        return 0;
    *ret_code_point = entity_code_point(text + 1, i - 1);
    return *ret_code_point == 0 ? 0 : i + 1;
}

const char *text_clean(struct arena *arena, const char *text, size_t len, size_t max_bytes)
{
    /* No step makes more bytes than it reads. */
    struct cleaner cleaner = {.max = len < max_bytes ? len : max_bytes};
    cleaner.out = arena_alloc(arena, cleaner.max + 1);
    const char *end = text + len, *tags_end = end;
    while (text < end && !cleaner.full) {
        uint32_t code_point = 0;
        size_t n = cleaner_put_plain(&cleaner, text, end);
        if (n > 0) {
            text += n;
            continue;
        }
        if (*text == '<' && (n = tag_length(text, end, &tags_end)) > 0) {
            if (tag_is_break(text, n))
                cleaner_put(&cleaner, ' ');
        } else if (*text == '&' && (n = reference_length(text, (size_t)(end - text), &code_point)) > 0) {
            cleaner_put(&cleaner, code_point);
        } else if ((n = text_decode(text, (size_t)(end - text), &code_point)) > 0) {
            cleaner_put(&cleaner, code_point);
        } else {
            n = 1; /* a byte that is no UTF-8 */
        }
        text += n;
    }
    return cleaner.len > 0 ? cleaner.out : NULL;
}

/* ---- URLs ---- */

/* The bytes of a host name that `text` starts with: labels of letters, digits, `-` and `_`, none of them
 * empty or begun with a hyphen; 0 when there is none. Addresses in brackets are nobody's web site. */
static size_t host_length(const char *text, size_t len)
{
    size_t i = 0;
    while (i < len && (ascii_is_alnum(text[i]) || text[i] == '-' || text[i] == '_' || text[i] == '.')) {
        bool starts = i == 0 || text[i - 1] == '.';
        if (starts && !ascii_is_alnum(text[i]) && text[i] != '_')
            return 0;
        i++;
    }
    return i <= HOST_MAX_BYTES ? i : 0;
}

/* Are all bytes allowed behind the authority, and all escapes whole? RFC 3986, appendix A. */
static bool url_tail_ok(const char *text, size_t len)
{
    /* Letters, digits and -._~!$&'()*+,;=:@/? */
    static const bool may_stand[256] = {
        ['!'] = true,         ['$'] = true, ['&' ... ';'] = true, ['='] = true,
        ['?' ... 'Z'] = true, ['_'] = true, ['a' ... 'z'] = true, ['~'] = true};
    bool in_fragment = false;
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '%') {
            if (len - i < 3 || text_hex_value(text[i + 1]) < 0 || text_hex_value(text[i + 2]) < 0)
                return false;
        } else if (text[i] == '#') {
            if (in_fragment)
                return false;
            in_fragment = true;
        } else if (!may_stand[(unsigned char)text[i]]) {
            return false;
        }
    }
    return true;
}

bool text_is_web_url(const char *url, size_t len)
{
    if (len > URL_MAX_BYTES)
        return false;
    size_t i = 0;
    static const char scheme[] = "http";
    while (i < 4 && i < len && ascii_lower(url[i]) == scheme[i])
        i++;
    if (i < 4)
        return false;
    i += i < len && ascii_lower(url[i]) == 's';
    if (len - i < 3 || memcmp(url + i, "://", 3) != 0)
        return false;
    i += 3;
    size_t host = host_length(url + i, len - i);
    if (host == 0)
        return false;
    i += host;
    if (i < len && url[i] == ':') {
        unsigned long port = 0;
        size_t start = ++i;
        for (; i < len && i - start < 5 && ascii_is_digit(url[i]); i++)
            port = port * 10 + (unsigned long)(url[i] - '0');
        if (port == 0 || port > 65535)
            return false;
    }
    if (i < len && url[i] != '/' && url[i] != '?' && url[i] != '#')
        return false;
    return url_tail_ok(url + i, len - i);
}

/* ---- slugs ---- */

/* Base letters by the canonical decompositions of Unicode, and the usual one of stroked letters; `*`: two
 * letters; `-`: no letter. */
static const char bases_00c0[] = "aaaaaa*ceeeeiiiidnooooo-ouuuuy**aaaaaa*ceeeeiiiidnooooo-ouuuuy*y"
                                 "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii**jjkkklllllll"
                                 "lllnnnnnnnnnoooooo**rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
static const char bases_1e00[] = "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm"
                                 "mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv"
                                 "wwwwwwwwwwxxxxyyzzzzzzhtwy----*-aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"
                                 "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy------";

static const struct {
    uint32_t code_point;
    char letters[3];
} pairs[] = {{0xC6, "ae"},  {0xDE, "th"},  {0xDF, "ss"},  {0xE6, "ae"},  {0xFE, "th"},
             {0x132, "ij"}, {0x133, "ij"}, {0x152, "oe"}, {0x153, "oe"}, {0x1E9E, "ss"}};

/* The ASCII letters or digit that a character becomes: "" for one that vanishes (accents by themselves and
 * apostrophes), NULL for one that parts words. `one` is room for a single letter. */
static const char *slug_letters(uint32_t c, char one[2])
{
    if ((c >= 0x300 && c <= 0x36F) || c == '\'' || c == 0x2019)
        return "";
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
        if (pairs[i].code_point == c)
            return pairs[i].letters;
    char base = '-';
    if (c < 0x80)
        base = ascii_is_alnum((char)c) ? ascii_lower((char)c) : '-';
    else if (c >= 0xC0 && c < 0x180)
        base = bases_00c0[c - 0xC0];
    else if (c >= 0x218 && c < 0x21C)
        base = "sstt"[c - 0x218];
    else if (c >= 0x1E00 && c < 0x1F00)
        base = bases_1e00[c - 0x1E00];
    if (base == '-')
        return NULL;
    one[0] = base;
    one[1] = '\0';
    return one;
}

const char *text_slug(struct arena *arena, const char *text)
{
    char *slug = arena_alloc(arena, SLUG_MAX_BYTES + 1), one[2];
    size_t left = strlen(text), len = 0;
    bool hyphen = false;
    while (left > 0) {
        uint32_t code_point = 0;
        size_t n = text_decode(text, left, &code_point);
        const char *letters = slug_letters(n > 0 ? code_point : ' ', one);
        n += n == 0;
        text += n;
        left -= n;
        if (letters == NULL) {
            hyphen = len > 0;
            continue;
        }
        if (len + hyphen + strlen(letters) > SLUG_MAX_BYTES)
            break;
        if (letters[0] != '\0' && hyphen) {
            slug[len++] = '-';
            hyphen = false;
        }
        memcpy(slug + len, letters, strlen(letters));
        len += strlen(letters);
    }
    return slug;
}

/* The high bit of a byte is set where it is below the lowest, above "~", or beyond ASCII. A borrow or carry
 * comes from such a byte alone. */
static inline uint64_t others_of_eight(unsigned char lowest, const char *text)
{
    const uint64_t ones = 0x0101010101010101u;
    uint64_t bytes;
    memcpy(&bytes, text, sizeof(bytes));
    return ((bytes - lowest * ones) | (bytes + ones) | bytes) & 0x80 * ones;
}

static inline bool is_from(unsigned char lowest, const char *text, size_t len)
{
    const size_t step = sizeof(uint64_t);
    for (size_t at = 0; len < step && at < len; at++) {
        const unsigned char byte = (unsigned char)text[at];
        if (byte < lowest || byte > '~')
            return false;
    }
    for (size_t at = 0; at + step <= len; at += step) {
        if (others_of_eight(lowest, text + at) != 0)
            return false;
    }
    /* The last eight once more, because some of them may be new. */
    return len < step || others_of_eight(lowest, text + len - step) == 0;
}

bool text_is_visible(const char *text, size_t len)
{
    return is_from('!', text, len);
}

bool text_is_printable(const char *text, size_t len)
{
    return is_from(' ', text, len);
}

void text_write_percent(unsigned char byte, char ret[3])
{
    static const char digits[] = "0123456789ABCDEF";
    ret[0] = '%';
    ret[1] = digits[byte >> 4];
    ret[2] = digits[byte & 15];
}

void text_write_hex(const unsigned char *bytes, size_t n, char *ret)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < n; i++) {
        ret[2 * i] = digits[bytes[i] >> 4];
        ret[2 * i + 1] = digits[bytes[i] & 15];
    }
}

const char *text_escape(struct arena *arena, const char *text)
{
    char *encoded = arena_alloc(arena, 3 * strlen(text) + 1), *at = encoded;
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (ascii_is_alnum(*text) || strchr("-._~", c) != NULL) {
            *at++ = *text;
            continue;
        }
        text_write_percent(c, at);
        at += 3;
    }
    return encoded;
}

bool text_equal_fold(const char *a, const char *b)
{
    while (*a != '\0' && ascii_lower(*a) == ascii_lower(*b)) {
        a++;
        b++;
    }
    return *a == *b;
}

static bool is_in_word(char c)
{
    return ascii_is_letter(c) || ascii_is_digit(c) || (c & 0x80);
}

bool text_has_words(const char *text, const char *words)
{
    size_t len = strlen(words);

    for (const char *at = text; len > 0 && *at != '\0'; at++) {
        size_t i = 0;

        if (at > text && is_in_word(at[-1]))
            continue;
        while (i < len && ascii_lower(at[i]) == ascii_lower(words[i]))
            i++;
        if (i == len && !is_in_word(at[len]))
            return true;
    }
    return false;
}
