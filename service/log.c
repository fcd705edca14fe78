/* Writes the log: logfmt, one write() per line, so that lines of several threads never mix. */
#include "log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MAX_LINE_BYTES 2048
#define NUMBERS        9

/* The one mutable global of the program: every layer of service/ may log, and a level handed through all of
 * them would be noise. */
static _Atomic int min_level = LOG_INFO;

void log_set_level(enum log_level level)
{
    atomic_store(&min_level, (int)level);
}

static size_t put(char *line, size_t at, const char *text)
{
    size_t len = strlen(text), room = MAX_LINE_BYTES - 2 - at;
    memcpy(line + at, text, len < room ? len : room);
    return at + (len < room ? len : room);
}

/* Quoted where a reader of logfmt needs it; control characters and quotes escaped, so that no value ends its
 * line. */
static size_t put_value(char *line, size_t at, const char *value)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:/+@%?&,;~*()<>[]{}";
    char escaped[8];
    if (value[0] != '\0' && value[strspn(value, plain)] == '\0')
        return put(line, at, value);
    at = put(line, at, "\"");
    for (const unsigned char *c = (const unsigned char *)value; *c != '\0'; c++) {
        if (*c < 0x20 || *c == 0x7f)
            snprintf(escaped, sizeof(escaped), "\\x%02x", *c);
        else
            snprintf(escaped, sizeof(escaped), *c == '"' || *c == '\\' ? "\\%c" : "%c", *c);
        at = put(line, at, escaped);
    }
    return put(line, at, "\"");
}

void log_event(enum log_level level, const char *event, ...)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    if ((int)level < atomic_load(&min_level))
        return;
    char line[MAX_LINE_BYTES], stamp[64];
    struct timespec now;
    struct tm utc;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    strftime(stamp, sizeof(stamp), "time=%Y-%m-%dT%H:%M:%S", &utc);
    size_t at = put(line, 0, stamp);
    snprintf(stamp, sizeof(stamp), ".%03ldZ level=%s event=", now.tv_nsec / 1000000, names[level]);
    at = put(line, put(line, at, stamp), event);

    va_list pairs;
    va_start(pairs, event);
    for (const char *name = va_arg(pairs, const char *); name != NULL; name = va_arg(pairs, const char *)) {
        const char *value = va_arg(pairs, const char *);
        at = put(line, put(line, put(line, at, " "), name), "=");
        at = put_value(line, at, value != NULL ? value : "");
    }
    va_end(pairs);
    line[at++] = '\n';
    /* Nobody can be told that the log cannot be written. */
    ssize_t ignored = write(STDERR_FILENO, line, at);
    (void)ignored;
}

const char *log_number(long long number)
{
    static _Thread_local char texts[NUMBERS][24];
    static _Thread_local unsigned next;
    char *text = texts[next++ % NUMBERS];
    snprintf(text, sizeof(texts[0]), "%lld", number);
    return text;
}
