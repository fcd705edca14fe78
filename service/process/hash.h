/* uthash, with the memory of this program: by itself it ends the program without a word when there is none.
 */
#ifndef MARQUEE_HASH_H
#define MARQUEE_HASH_H

#include "translators/base/memory.h"

#define uthash_malloc(size) memory_new(size)

#include <uthash.h>

#endif
