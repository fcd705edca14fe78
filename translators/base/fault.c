#include "fault.h"

#include <stdarg.h>
#include <stdio.h>

bool fault_say(struct fault *ret, const char *format, ...)
{
    struct fault said;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(said.text, sizeof(said.text), format, arguments);
    va_end(arguments);
    *ret = said;
    return false;
}

bool fault_locate(struct fault *fault, const char *format, ...)
{
    struct fault place;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(place.text, sizeof(place.text), format, arguments);
    va_end(arguments);
    return fault_say(fault, "%s%s", place.text, fault->text);
}
