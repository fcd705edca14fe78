/* Allocations that fail. A program that includes this has a malloc() of its own, which can be told to fail at
 * the k-th call; torture_sweep() runs something once for every k, each time in a process of its own.
 *
 * What must come of a failed allocation is the end by must_fail(): not a crash, not the complaint of an
 * allocator or an assertion, and no result that differs from the right one. */
#ifndef TORTURE_H
#define TORTURE_H

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* A sanitizer brings an allocator of its own, and cannot be tortured. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TORTURE_POSSIBLE 0
#else
#define TORTURE_POSSIBLE 1
#endif
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#undef TORTURE_POSSIBLE
#define TORTURE_POSSIBLE 0
#endif
#endif

#define TORTURE_MAX_CALLS 20000
#define TORTURE_TIME_S    20 /* of one run */

/* Calls left until one fails; negative: none does. `for_ever`: so do all after it. */
static atomic_long torture_countdown = -1;
static atomic_bool torture_for_ever, torture_failed;

/* An end by must_fail() in this file is wrong; NULL: in none. */
static const char *torture_endless;

#if TORTURE_POSSIBLE
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *memory, size_t size);

static bool torture_strikes(void)
{
    long left = atomic_load(&torture_countdown);
    if (left < 0)
        return false;
    if (left > 0)
        left = atomic_fetch_sub(&torture_countdown, 1);
    bool strikes = left == 1 || (left <= 0 && atomic_load(&torture_for_ever));
    if (strikes) {
        atomic_store(&torture_failed, true);
        errno = ENOMEM;
    }
    return strikes;
}

void *malloc(size_t size)
{
    return torture_strikes() ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    return torture_strikes() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *memory, size_t size)
{
    return torture_strikes() ? NULL : __libc_realloc(memory, size);
}
#endif

enum torture_end { TORTURE_RIGHT, TORTURE_NOT_REACHED, TORTURE_WRONG };

/* In the child: what `run` comes to when call `k` fails. */
static inline void torture_child(bool (*run)(void), long k, bool for_ever, int said_fd)
{
    struct rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    dup2(said_fd, STDOUT_FILENO);
    dup2(said_fd, STDERR_FILENO);
    signal(SIGABRT, SIG_DFL); /* cmocka catches these */
    signal(SIGSEGV, SIG_DFL);
    signal(SIGBUS, SIG_DFL);
    alarm(TORTURE_TIME_S);
    atomic_store(&torture_for_ever, for_ever);
    atomic_store(&torture_countdown, k);
    bool right = run();
    atomic_store(&torture_countdown, -1);
    if (!atomic_load(&torture_failed))
        _exit(TORTURE_NOT_REACHED);
    _exit(right ? TORTURE_RIGHT : TORTURE_WRONG);
}

/* Is it must_fail()'s line? Two threads may both get there before the program has ended; what does not fit is
 * cut off. */
static inline bool is_last_line(const char *said)
{
    static const char begin[] = "level=error event=abort file=";
    while (*said != '\0') {
        size_t len = strnlen(said, sizeof(begin) - 1);
        if (strncmp(said, begin, len) != 0)
            return false;
        const char *end = strchr(said, '\n');
        said = end != NULL ? end + 1 : said + strlen(said);
    }
    return true;
}

/* One run; "" or what was wrong with it, in `complaint`. True: the k-th call was made. */
static inline bool torture_once(bool (*run)(void), long k, bool for_ever, char complaint[256])
{
    char said[256] = "";
    int pipe_fds[2], status;
    complaint[0] = '\0';
    if (pipe(pipe_fds) != 0)
        abort();
    pid_t child = fork();
    if (child == 0)
        torture_child(run, k, for_ever, pipe_fds[1]);
    close(pipe_fds[1]);
    ssize_t len = read(pipe_fds[0], said, sizeof(said) - 1);
    close(pipe_fds[0]);
    if (child < 0 || waitpid(child, &status, 0) != child)
        abort();
    bool aborted = WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
    if (WIFEXITED(status) && WEXITSTATUS(status) == TORTURE_NOT_REACHED)
        return false;
    if (!aborted && !(WIFEXITED(status) && WEXITSTATUS(status) == TORTURE_RIGHT))
        snprintf(complaint, 256, "allocation %ld failed: %s %d", k, WIFSIGNALED(status) ? "signal" : "status",
                 WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    else if (aborted
                 ? !is_last_line(said) || (torture_endless != NULL && strstr(said, torture_endless) != NULL)
                 : len > 0)
        snprintf(complaint, 256, "allocation %ld failed: the program said: %.150s", k, said);
    return true;
}

/* Runs `run`, which says whether its result is right, until it makes fewer than k calls. Returns k; what was
 * wrong first is in `complaint`, "" when nothing was. */
static inline long torture_sweep(bool (*run)(void), bool for_ever, char complaint[256])
{
    long k = 1;
    while (k <= TORTURE_MAX_CALLS && torture_once(run, k, for_ever, complaint) && complaint[0] == '\0')
        k++;
    return k;
}

#endif
