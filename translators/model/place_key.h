/* The form in which names of countries and regions are compared: what people vary without meaning another
 * place (case, accents, punctuation, "The", "St.") is taken away. The build-time tables are keyed by it. */
#ifndef MARQUEE_PLACE_KEY_H
#define MARQUEE_PLACE_KEY_H

#include <stdbool.h>

#define PLACE_KEY_BYTES 100

/* Small letters and digits in words joined by single spaces, Latin ones without accents: "Côte d'Ivoire" is
 * "cote divoire", "St. Lucia" "saint lucia", "The Netherlands" "netherlands". Letters of other scripts stay,
 * in UTF-8. False for text that is empty, too long, not UTF-8 or beyond the basic plane; then the key is "".
 */
bool place_key(const char *name, char ret_key[PLACE_KEY_BYTES]);

#endif
