/* Texts to compare by their words. */
#include "word_key.h"

#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

/* Of letters beyond ASCII those of Latin-1 have a case here. */
static char lower(const char *text, size_t at)
{
    unsigned char c = (unsigned char)text[at];
    bool is_latin = at > 0 && (unsigned char)text[at - 1] == 0xC3 && c >= 0x80 && c <= 0x9E && c != 0x97;

    return (char)(is_latin || (c >= 'A' && c <= 'Z') ? c + 0x20 : c);
}

static void end_word(struct word_key *key)
{
    if (key->len > 0 && key->text[key->len - 1] != ' ')
        key->text[key->len++] = ' ';
}

void word_key_make(const char *text, size_t len, struct word_key *key)
{
    key->len = 0;
    for (size_t i = 0; i < len && key->len < WORD_KEY_BYTES; i++) {
        if (strncmp(text + i, "\xE2\x80", 2) == 0 && i + 2 < len) {
            end_word(key);
            i += 2;
        } else if (text[i] == '&' || text[i] == '+') {
            end_word(key);
            memcpy(key->text + key->len, "and ", 4);
            key->len += 4;
        } else if (is_letter(text[i]) || is_digit(text[i])) {
            key->text[key->len++] = lower(text, i);
        } else if (text[i] != '\'') {
            end_word(key);
        }
    }
    if (key->len >= WORD_KEY_BYTES)
        key->len = 0;
    while (key->len > 0 && key->text[key->len - 1] == ' ')
        key->len--;
    key->text[key->len] = '\0';
}

bool word_key_is_one_of(const char *text, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (text[0] == list[i][0] && strcmp(text, list[i]) == 0) /* most differ in the first byte */
            return true;
    }
    return false;
}

const char *word_key_past(const char *text, const char *words)
{
    size_t len;

    if (text[0] != words[0])
        return NULL;
    len = strlen(words);
    if (strncmp(text, words, len) != 0 || (text[len] != ' ' && text[len] != '\0'))
        return NULL;
    return text[len] == ' ' ? text + len + 1 : text + len;
}

const char *word_key_past_one_of(const char *text, const char *const *list, size_t n)
{
    const char *longest = NULL;

    for (size_t i = 0; i < n; i++) {
        const char *rest = word_key_past(text, list[i]);

        if (rest != NULL && (longest == NULL || rest > longest))
            longest = rest;
    }
    return longest;
}
