/* Texts as words alone, to be looked up in tables: "*VENUE T.B.A.*" is "venue t b a". */
#ifndef MARQUEE_WORD_KEY_H
#define MARQUEE_WORD_KEY_H

#include <stdbool.h>
#include <stddef.h>

#define WORD_KEY_BYTES 256 /* a longer text is in no table */

struct word_key {
    char text[WORD_KEY_BYTES + 8];
    size_t len;
};

/* The words of `len` bytes of `text` in lower case (ASCII and Latin-1), one space between them. "&" and "+"
 * are the word "and"; an apostrophe is nothing; all else of ASCII and General Punctuation sets words apart.
 * "" where there are none, or too many. */
void word_key_make(const char *text, size_t len, struct word_key *key);

/* Is `text` one of the `n` texts of the list? */
bool word_key_is_one_of(const char *text, const char *const *list, size_t n);

/* What follows these words at the beginning of `text`, "" when nothing does; NULL: others stand there. */
const char *word_key_past(const char *text, const char *words);

/* word_key_past() the longest of the `n` in the list that `text` begins with; NULL: it begins with none. */
const char *word_key_past_one_of(const char *text, const char *const *list, size_t n);

#endif
