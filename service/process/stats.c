/* Prints the counters for a scraper. Counting itself is stats_add(). */
#include "stats.h"

#include <inttypes.h>
#include <stdio.h>

size_t stats_print(const struct stats *stats, char *text, size_t size)
{
    size_t len = 0;
    if (size == 0)
        return 0;
    text[0] = '\0';
#define PRINT(name, type, help)                                                                             \
    if (len < size - 1) {                                                                                   \
        int n = snprintf(                                                                                   \
            text + len, size - len, "# HELP marquee_%s %s\n# TYPE marquee_%s %s\nmarquee_%s %" PRId64 "\n", \
            #name, help, #name, #type, #name, atomic_load_explicit(&stats->name, memory_order_relaxed));    \
        len += (size_t)n < size - len ? (size_t)n : size - len - 1;                                         \
    }
    STATS_TABLE(PRINT)
#undef PRINT
    return len;
}
