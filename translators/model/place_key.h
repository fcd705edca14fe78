/* The form in which names of countries and regions are compared: what people vary without meaning another
 * place (case, accents, punctuation, "The", "St.") is taken away. The build-time tables are keyed by it.
 * Words of other names and titles are compared in the same form. */
#ifndef MARQUEE_PLACE_KEY_H
#define MARQUEE_PLACE_KEY_H

#include <stdbool.h>
#include <stddef.h>

#define PLACE_KEY_BYTES 100

/* Small letters and digits in words joined by single spaces, Latin ones without accents: "Côte d'Ivoire" is
 * "cote divoire", "St. Lucia" "saint lucia", "The Netherlands" "netherlands". Letters of other scripts stay,
 * in UTF-8. False for text that is empty, too long, not UTF-8 or beyond the basic plane; then the key is "".
 */
bool place_key(const char *name, char ret_key[PLACE_KEY_BYTES]);

/* The words of any text in that form, all of them as they stand: "The St. Tropez" is "the st tropez". What
 * cannot be in a key sets words apart. Returns their length, 0 with "" where there are none or they do not
 * fit into `size` bytes. */
size_t place_key_words(const char *text, char *ret_words, size_t size);

#endif
