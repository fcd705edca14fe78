/* An allocator for libraries that take one. Our own code checks malloc() where it calls it. */
#include "exhaustion.h"

#include <jansson.h>
#include <stdlib.h>

#include "translators/base/memory.h"

void exhaustion_holds_for_jansson(void)
{
    json_set_alloc_funcs(memory_new, memory_free);
}
