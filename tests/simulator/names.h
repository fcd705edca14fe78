/* Invented names: of artists, of words for venues and streets, and their forms in URLs. All pure. */
#ifndef SIMULATOR_NAMES_H
#define SIMULATOR_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NAME_BYTES 160

/* A well mixed number from two: the only source of chance in the simulator's data. */
uint64_t names_mix(uint64_t a, uint64_t b);

/* "Velvet Harbour"; with `odd` now and then one that needs escaping, is not Latin, or is long. */
void names_artist(uint64_t seed, bool odd, char ret_name[NAME_BYTES]);

/* "Harbour": static. */
const char *names_word(uint64_t seed);

/* Copies the pattern, with its 9s and As replaced by digits and letters. */
void names_fill(uint64_t seed, const char *pattern, char *ret_text, size_t text_bytes);

/* "Café Zürn" -> "cafe-zurn": what Songkick puts behind the number in a URL. May be "". */
void names_slug(const char *name, char ret_slug[NAME_BYTES]);

#endif
