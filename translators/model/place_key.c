/* Names to keys for comparing. Of Latin letters the base is taken, of Greek and Cyrillic ones the small form;
 * all others stand for themselves. Not for output; text.c cleans names that are shown. */
#include "place_key.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Characters from `first` to `last` and what they are in a key: a base letter, " " between words, "" for
 * nothing. Sorted. */
static const struct fold {
    uint16_t first, last;
    char base[4];
} folds[] = {
    {0x00a0, 0x00a0, " "},  {0x00c0, 0x00c5, "a"},  {0x00c6, 0x00c6, "ae"}, {0x00c7, 0x00c7, "c"},
    {0x00c8, 0x00cb, "e"},  {0x00cc, 0x00cf, "i"},  {0x00d0, 0x00d0, "d"},  {0x00d1, 0x00d1, "n"},
    {0x00d2, 0x00d6, "o"},  {0x00d8, 0x00d8, "o"},  {0x00d9, 0x00dc, "u"},  {0x00dd, 0x00dd, "y"},
    {0x00de, 0x00de, "th"}, {0x00df, 0x00df, "ss"}, {0x00e0, 0x00e5, "a"},  {0x00e6, 0x00e6, "ae"},
    {0x00e7, 0x00e7, "c"},  {0x00e8, 0x00eb, "e"},  {0x00ec, 0x00ef, "i"},  {0x00f0, 0x00f0, "d"},
    {0x00f1, 0x00f1, "n"},  {0x00f2, 0x00f6, "o"},  {0x00f8, 0x00f8, "o"},  {0x00f9, 0x00fc, "u"},
    {0x00fd, 0x00fd, "y"},  {0x00fe, 0x00fe, "th"}, {0x00ff, 0x00ff, "y"},  {0x0100, 0x0105, "a"},
    {0x0106, 0x010d, "c"},  {0x010e, 0x0111, "d"},  {0x0112, 0x011b, "e"},  {0x011c, 0x0123, "g"},
    {0x0124, 0x0127, "h"},  {0x0128, 0x0131, "i"},  {0x0132, 0x0133, "ij"}, {0x0134, 0x0135, "j"},
    {0x0136, 0x0138, "k"},  {0x0139, 0x0142, "l"},  {0x0143, 0x014b, "n"},  {0x014c, 0x0151, "o"},
    {0x0152, 0x0153, "oe"}, {0x0154, 0x0159, "r"},  {0x015a, 0x0161, "s"},  {0x0162, 0x0167, "t"},
    {0x0168, 0x0173, "u"},  {0x0174, 0x0175, "w"},  {0x0176, 0x0178, "y"},  {0x0179, 0x017e, "z"},
    {0x018f, 0x018f, "a"},  {0x01a0, 0x01a1, "o"},  {0x01af, 0x01b0, "u"},  {0x01cd, 0x01ce, "a"},
    {0x01cf, 0x01d0, "i"},  {0x01d1, 0x01d2, "o"},  {0x01d3, 0x01d4, "u"},  {0x01dd, 0x01dd, "a"},
    {0x0218, 0x0219, "s"},  {0x021a, 0x021b, "t"},  {0x0259, 0x0259, "a"},  {0x02b9, 0x02bf, ""},
    {0x0300, 0x036f, ""},   {0x1e0a, 0x1e13, "d"},  {0x1e22, 0x1e2b, "h"},  {0x1e30, 0x1e35, "k"},
    {0x1e36, 0x1e3d, "l"},  {0x1e3e, 0x1e43, "m"},  {0x1e44, 0x1e4b, "n"},  {0x1e58, 0x1e5f, "r"},
    {0x1e60, 0x1e69, "s"},  {0x1e6a, 0x1e71, "t"},  {0x1e90, 0x1e95, "z"},  {0x1ea0, 0x1eb7, "a"},
    {0x1eb8, 0x1ec7, "e"},  {0x1ec8, 0x1ecb, "i"},  {0x1ecc, 0x1ee3, "o"},  {0x1ee4, 0x1ef1, "u"},
    {0x1ef2, 0x1ef9, "y"},  {0x200b, 0x200d, ""},   {0x2010, 0x2015, " "},  {0x2018, 0x201b, ""},
    {0x2020, 0x2021, " "},
};

/* A UTF-8 character of the basic plane behind ASCII (RFC 3629), or 0 for anything else. */
static uint16_t next_char(const char **text)
{
    const unsigned char *byte = (const unsigned char *)*text;
    if (byte[0] >= 0xc2 && byte[0] <= 0xdf && (byte[1] & 0xc0) == 0x80) {
        *text += 2;
        return (uint16_t)((byte[0] & 0x1f) << 6 | (byte[1] & 0x3f));
    }
    if ((byte[0] & 0xf0) == 0xe0 && (byte[1] & 0xc0) == 0x80 && (byte[2] & 0xc0) == 0x80) {
        *text += 3;
        return (uint16_t)((byte[0] & 0x0f) << 12 | (byte[1] & 0x3f) << 6 | (byte[2] & 0x3f));
    }
    return 0;
}

/* The small letters of Greek and Cyrillic capitals; other characters are returned as they are. */
static uint16_t small(uint16_t character)
{
    static const struct {
        uint16_t first, last;
        uint16_t up; /* how far the small letters are */
    } capitals[] = {{0x0386, 0x0386, 0x26}, {0x0388, 0x038a, 0x25}, {0x038c, 0x038c, 0x40},
                    {0x038e, 0x038f, 0x3f}, {0x0391, 0x03a9, 0x20}, {0x03c2, 0x03c2, 0x01},
                    {0x0400, 0x040f, 0x50}, {0x0410, 0x042f, 0x20}};
    for (size_t i = 0; i < sizeof(capitals) / sizeof(capitals[0]); i++)
        if (character >= capitals[i].first && character <= capitals[i].last)
            return (uint16_t)(character + capitals[i].up);
    return character;
}

/* UTF-8 of a character of at least 0x80 (RFC 3629). */
static const char *utf8_of(uint16_t character, char letter[4])
{
    size_t n = 0;
    if (character < 0x0800) {
        letter[n++] = (char)(0xc0 | character >> 6);
    } else {
        letter[n++] = (char)(0xe0 | character >> 12);
        letter[n++] = (char)(0x80 | (character >> 6 & 0x3f));
    }
    letter[n++] = (char)(0x80 | (character & 0x3f));
    letter[n] = '\0';
    return letter;
}

static const char *fold_of(uint16_t character, char letter[4])
{
    for (size_t i = 0; i < sizeof(folds) / sizeof(folds[0]); i++)
        if (character >= folds[i].first && character <= folds[i].last)
            return folds[i].base;
    return character >= 0x2000 && character <= 0x206f ? NULL : utf8_of(small(character), letter);
}

/* What the next character is in a key; NULL when it cannot be in one. */
static const char *next_part(const char **text, char letter[4])
{
    unsigned char c = (unsigned char)**text;
    if (c >= 0x80) {
        uint16_t character = next_char(text);
        return character != 0 ? fold_of(character, letter) : NULL;
    }
    (*text)++;
    if (c >= 'A' && c <= 'Z')
        c = (unsigned char)(c - 'A' + 'a');
    letter[0] = (char)c;
    letter[1] = '\0';
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
        return letter;
    if (c == '&')
        return " and ";
    return c == '.' || c == '\'' || c == '`' ? "" : " ";
}

/* The words of `name`; the number of bytes written, 0 when it has none or they do not fit. What cannot be in
 * a key sets words apart, or, where `is_key`, means that this is no name. */
static size_t write_words(const char *name, bool is_key, char *key, size_t size)
{
    size_t len = 0;
    while (*name != '\0') {
        char letter[4];
        const char *at = name, *part = next_part(&name, letter);
        if (part == NULL && is_key)
            return 0;
        if (part == NULL) {
            name += name == at;
            part = " ";
        }
        for (; *part != '\0'; part++) {
            if (*part == ' ' && (len == 0 || key[len - 1] == ' '))
                continue;
            if (len + 1 >= size)
                return 0;
            key[len++] = *part;
        }
    }
    return len > 0 && key[len - 1] == ' ' ? len - 1 : len;
}

bool place_key(const char *name, char ret_key[PLACE_KEY_BYTES])
{
    char words[PLACE_KEY_BYTES];
    words[write_words(name, true, words, sizeof(words))] = '\0';
    const char *rest = strncmp(words, "the ", 4) == 0 ? words + 4 : words;
    bool is_saint = strncmp(rest, "st ", 3) == 0;
    int n = snprintf(ret_key, PLACE_KEY_BYTES, "%s%s", is_saint ? "saint " : "", is_saint ? rest + 3 : rest);
    if (n <= 0 || n >= PLACE_KEY_BYTES)
        ret_key[0] = '\0';
    return ret_key[0] != '\0';
}

size_t place_key_words(const char *text, char *ret_words, size_t size)
{
    size_t len = write_words(text, false, ret_words, size);
    ret_words[len] = '\0';
    return len;
}
