/* The last line of the program: logfmt, as service/process/log.h writes it, but without a clock, which
 * translators do not have, and without anything that could fail. */
#include "must.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MAX_LINE_BYTES 512

void must_fail(const char *what, const char *file, int line)
{
    char text[MAX_LINE_BYTES];
    /* Nobody may keep the program from ending by not reading what it writes. */
    struct pollfd room = {.fd = STDERR_FILENO, .events = POLLOUT};
    int len = snprintf(text, sizeof(text), "level=error event=abort file=%s line=%d must=\"", file, line);
    size_t at = len < MAX_LINE_BYTES ? (size_t)len : MAX_LINE_BYTES;

    for (; *what != '\0' && at < MAX_LINE_BYTES - 2; what++)
        text[at++] = *what == '"' ? '\'' : *what;
    at = at < MAX_LINE_BYTES - 2 ? at : MAX_LINE_BYTES - 2;
    text[at++] = '"';
    text[at++] = '\n';
    if (poll(&room, 1, 0) == 1 && (room.revents & POLLOUT) != 0 && write(STDERR_FILENO, text, at) < 0)
        abort(); /* there is nobody to tell */
    abort();
}
