/* Splitting queries. */
#include "query.h"

#include <string.h>

bool query_next(const char **at, const char *end, struct query_pair *ret)
{
    if (*at >= end)
        return false;
    const char *begin = *at, *stop = memchr(begin, '&', (size_t)(end - begin));
    if (stop == NULL)
        stop = end;
    const char *equals = memchr(begin, '=', (size_t)(stop - begin));
    ret->name = begin;
    ret->name_len = (size_t)((equals != NULL ? equals : stop) - begin);
    ret->value = equals != NULL ? equals + 1 : NULL;
    ret->value_len = equals != NULL ? (size_t)(stop - equals - 1) : 0;
    *at = stop < end ? stop + 1 : end;
    return true;
}
