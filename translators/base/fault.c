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
