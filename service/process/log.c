/* Writes the log: logfmt, one write() per line, so that lines of several threads never mix. Nobody waits for
 * whoever reads it: a line that there is no room for is lost, and counted. */
#include "log.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAX_LINE_BYTES 2048
#define NUMBERS        9

/* How long a thread waits for another that is writing. */
#define TURN_PAUSES   500
#define TURN_PAUSE_NS 100000

_Static_assert(MAX_LINE_BYTES <= PIPE_BUF, "a longer line could be written in parts, or wait for room");

/* With `out` the mutable globals of the program: every layer of service/ may log, and a level handed through
 * all of them would be noise. */
static _Atomic int min_level = LOG_INFO;

static struct {
    pthread_mutex_t turn;  /* taken to write */
    _Atomic bool held_up;  /* somebody waited for it in vain, so nobody else is to wait */
    _Atomic uint64_t lost; /* lines */
    uint64_t told;         /* of them, in a line of the log; by whose turn it is */
} out = {.turn = PTHREAD_MUTEX_INITIALIZER};

static const char *const names[] = {"debug", "info", "warn", "error"};

bool log_level_read(const char *name, enum log_level *ret_level)
{
    for (size_t i = 0; name != NULL && i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(name, names[i]) == 0) {
            *ret_level = (enum log_level)i;
            return true;
        }
    }
    return false;
}

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

/* Time, level and event. */
static size_t begin_line(char *line, enum log_level level, const char *event)
{
    char stamp[64];
    struct timespec now;
    struct tm utc;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    strftime(stamp, sizeof(stamp), "time=%Y-%m-%dT%H:%M:%S", &utc);
    size_t at = put(line, 0, stamp);
    snprintf(stamp, sizeof(stamp), ".%03ldZ level=%s event=", now.tv_nsec / 1000000, names[level]);
    return put(line, put(line, at, stamp), event);
}

static size_t put_pair(char *line, size_t at, const char *name, const char *value)
{
    at = put(line, put(line, put(line, at, " "), name), "=");
    return put_value(line, at, value != NULL ? value : "");
}

/* Is whoever reads the log so far behind that this would have to wait? O_NONBLOCK is no way to find out: it
 * would be set for every process that has the same standard error.
 *
 * A socket (journald's) can be asked for each call (send(2), MSG_DONTWAIT). On a pipe POLLOUT means that a
 * page is free (pipe_poll() in Linux's fs/pipe.c), and then a write of at most PIPE_BUF is whole and does not
 * wait (pipe(7)). Files always have room; a terminal that was stopped has none. */
static bool write_line(char *line, size_t at)
{
    line[at++] = '\n';
    ssize_t written = send(STDERR_FILENO, line, at, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (written < 0 && errno == ENOTSOCK) {
        struct pollfd room = {.fd = STDERR_FILENO, .events = POLLOUT};
        if (poll(&room, 1, 0) == 1 && (room.revents & POLLOUT) != 0)
            written = write(STDERR_FILENO, line, at);
    }
    return written == (ssize_t)at;
}

/* Two threads that found the same room would not both have it. Another process that writes to the same pipe
 * may take it all the same: then the one whose turn it is waits, and no other. */
static bool take_turn(void)
{
    const struct timespec pause = {.tv_nsec = TURN_PAUSE_NS};
    bool taken = pthread_mutex_trylock(&out.turn) == 0;
    for (int i = 0; !taken && i < TURN_PAUSES && !atomic_load(&out.held_up); i++) {
        nanosleep(&pause, NULL);
        taken = pthread_mutex_trylock(&out.turn) == 0;
    }
    if (!taken)
        atomic_store(&out.held_up, true);
    return taken;
}

static void end_turn(void)
{
    pthread_mutex_unlock(&out.turn);
    atomic_store(&out.held_up, false);
}

/* True: nothing is lost that the log does not tell of. */
static bool tell_lost(void)
{
    char line[MAX_LINE_BYTES], lines[24];
    uint64_t lost = atomic_load(&out.lost);
    if (lost == out.told)
        return true;
    snprintf(lines, sizeof(lines), "%" PRIu64, lost - out.told);
    size_t at = put_pair(line, begin_line(line, LOG_WARN, "log_lines_lost"), "lines", lines);
    if (!write_line(line, put_pair(line, at, "why", "there was no room for them")))
        return false;
    out.told = lost;
    return true;
}

void log_event(enum log_level level, const char *event, ...)
{
    if ((int)level < atomic_load(&min_level))
        return;
    char line[MAX_LINE_BYTES];
    size_t at = begin_line(line, level, event);
    va_list pairs;
    va_start(pairs, event);
    for (const char *name = va_arg(pairs, const char *); name != NULL; name = va_arg(pairs, const char *))
        at = put_pair(line, at, name, va_arg(pairs, const char *));
    va_end(pairs);

    bool taken = take_turn();
    if (!taken || !tell_lost() || !write_line(line, at))
        atomic_fetch_add(&out.lost, 1);
    if (taken)
        end_turn();
}

uint64_t log_lines_lost(void)
{
    return atomic_load(&out.lost);
}

const char *log_number(long long number)
{
    static _Thread_local char texts[NUMBERS][24];
    static _Thread_local unsigned next;
    char *text = texts[next++ % NUMBERS];
    snprintf(text, sizeof(texts[0]), "%lld", number);
    return text;
}
