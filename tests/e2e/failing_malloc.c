/* A malloc() for LD_PRELOAD of which one call on the back thread fails. SIGUSR2 arms it: the file that
 * FAILING_MALLOC names says which call, counted from then on. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *memory, size_t size);

static atomic_long calls_left;
static const char *file;
static _Thread_local enum { UNKNOWN, BACK, OTHER } thread;

static bool strikes(void)
{
    char name[16] = "";
    if (atomic_load(&calls_left) <= 0)
        return false;
    if (thread == UNKNOWN) {
        pthread_getname_np(pthread_self(), name, sizeof(name));
        thread = strcmp(name, "back") == 0 ? BACK : OTHER;
    }
    if (thread != BACK || atomic_fetch_sub(&calls_left, 1) != 1)
        return false;
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size)
{
    return strikes() ? NULL : __libc_malloc(size);
}

void *calloc(size_t nmemb, size_t size)
{
    return strikes() ? NULL : __libc_calloc(nmemb, size);
}

void *realloc(void *ptr, size_t size)
{
    return strikes() ? NULL : __libc_realloc(ptr, size);
}

static void on_signal(int signal)
{
    char digits[16] = "";
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    long number = 0;
    (void)signal;
    if (fd < 0)
        return;
    if (read(fd, digits, sizeof(digits) - 1) > 0)
        for (const char *at = digits; *at >= '0' && *at <= '9'; at++)
            number = number * 10 + (*at - '0');
    close(fd);
    atomic_store(&calls_left, number);
}

__attribute__((constructor)) static void begin(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    file = getenv("FAILING_MALLOC");
    if (file != NULL)
        sigaction(SIGUSR2, &action, NULL);
}
