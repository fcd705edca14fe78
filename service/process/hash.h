/* uthash, with the memory of this program: by itself it ends the program without a word when there is none.
 */
#ifndef MARQUEE_HASH_H
#define MARQUEE_HASH_H

#include <stdlib.h>

#include "translators/base/memory.h"

/* Not memory_new(): a table may be under a lock that front threads take. */
#define uthash_malloc(size) memory_try(malloc(size))

#include <uthash.h>

#endif
