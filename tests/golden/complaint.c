/* The first complaint of a case. */
#include "complaint.h"

#include <stdarg.h>
#include <stdio.h>

void complain(struct complaint *complaint, const char *format, ...)
{
    va_list arguments;

    if (complaint->text[0] != '\0')
        return;
    va_start(arguments, format);
    vsnprintf(complaint->text, sizeof(complaint->text), format, arguments);
    va_end(arguments);
}
