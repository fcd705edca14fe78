/* Which language the program speaks. A file of its own, so that a test can speak another. */
#include "strings.h"

const struct strings *strings_chosen(void)
{
    return &strings_english;
}
