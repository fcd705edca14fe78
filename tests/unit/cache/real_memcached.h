/* A real memcached for a test: on a Unix socket in a directory of its own, ended by its process id. And
 * waiting for what its threads say, with an end. Asserts with cmocka. */
#ifndef MARQUEE_TESTS_REAL_MEMCACHED_H
#define MARQUEE_TESTS_REAL_MEMCACHED_H

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "cache/memcached.h"
#include "cache/workers.h"
#include "tests/unit/wait_until.h"

struct real_memcached {
    char dir[64], socket[80];
    pid_t pid; /* 0: not running */
};

/* A connected socket, or -1. */
static inline int real_memcached_connect(const struct real_memcached *server)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, server->socket, strlen(server->socket) + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    const struct timeval limit = {.tv_sec = PATIENCE_MS / 1000};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
        return fd;
    close(fd);
    return -1;
}

static inline bool real_memcached_answers(const struct real_memcached *server)
{
    int fd = real_memcached_connect(server);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

/* Again at the same address, with nothing in it. */
static inline void real_memcached_run(struct real_memcached *server)
{
    assert_int_equal(server->pid, 0);
    server->pid = fork();
    assert_true(server->pid >= 0);
    if (server->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        execlp("memcached", "memcached", "-u", "root", "-t", "1", "-m", "16", "-s", server->socket,
               (char *)NULL);
        _exit(127);
    }
    WAIT_UNTIL(real_memcached_answers(server));
}

/* A place for a server that does not run yet. */
static inline void real_memcached_prepare(struct real_memcached *server)
{
    *server = (struct real_memcached){.dir = "/tmp/marquee-test-XXXXXX"};
    assert_non_null(mkdtemp(server->dir));
    snprintf(server->socket, sizeof(server->socket), "%s/memcached.sock", server->dir);
}

static inline void real_memcached_start(struct real_memcached *server)
{
    real_memcached_prepare(server);
    real_memcached_run(server);
}

static inline void real_memcached_kill(struct real_memcached *server)
{
    if (server->pid > 0) {
        kill(server->pid, SIGKILL);
        waitpid(server->pid, NULL, 0); /* what was killed ends, stopped or not */
    }
    server->pid = 0;
    unlink(server->socket);
}

static inline void real_memcached_end(struct real_memcached *server)
{
    real_memcached_kill(server);
    rmdir(server->dir);
}

static inline void real_memcached_freeze(struct real_memcached *server)
{
    int status;
    assert_int_equal(kill(server->pid, SIGSTOP), 0);
    assert_int_equal(waitpid(server->pid, &status, WUNTRACED), server->pid);
    assert_true(WIFSTOPPED(status));
}

static inline void real_memcached_thaw(struct real_memcached *server)
{
    assert_int_equal(kill(server->pid, SIGCONT), 0);
}

/* What a program that knows nothing of us does: stores bytes under a name, in the text protocol. */
static inline void real_memcached_store(const struct real_memcached *server, const char *name,
                                        const void *bytes, size_t len)
{
    char line[128], answer[8] = "";
    int fd = real_memcached_connect(server);
    assert_true(fd >= 0);
    int line_len = snprintf(line, sizeof(line), "set %s 0 0 %zu\r\n", name, len);
    assert_int_equal(send(fd, line, (size_t)line_len, MSG_NOSIGNAL), line_len);
    assert_int_equal(send(fd, bytes, len, MSG_NOSIGNAL), len);
    assert_int_equal(send(fd, "\r\n", 2, MSG_NOSIGNAL), 2);
    assert_int_equal(recv(fd, answer, sizeof(answer), MSG_WAITALL), sizeof(answer));
    assert_memory_equal(answer, "STORED\r\n", sizeof(answer));
    close(fd);
}

/* ---- keys, values and batches ---- */

struct key_text {
    char text[64];
};

static inline struct cache_key key_of(struct key_text *text, unsigned number)
{
    int len = snprintf(text->text, sizeof(text->text), "key number %u", number);
    return (struct cache_key){.text = text->text, .len = (size_t)len};
}

static inline struct cache_value *value_of(const char *text, int64_t stored_s, int64_t keep_until_s)
{
    struct cache_value *value = cache_value_new(strlen(text), 0, stored_s, keep_until_s, keep_until_s);
    memcpy(value->bytes, text, value->len);
    return value;
}

#define MAX_WANTED 256

struct question {
    struct memcached_batch batch;
    struct memcached_item items[MAX_WANTED];
    struct key_text texts[MAX_WANTED];
    atomic_uint done; /* how often on_done was called */
};

static inline void on_answered(struct memcached_batch *batch)
{
    struct question *question = batch->arg;
    question->done++;
}

/* For keys `first` and the n - 1 after it. */
static inline void question_init(struct question *question, unsigned first, size_t n)
{
    assert_true(n <= MAX_WANTED);
    *question = (struct question){
        .batch = {.items = question->items, .n = n, .on_done = on_answered, .arg = question}};
    for (size_t i = 0; i < n; i++)
        question->items[i].key = key_of(&question->texts[i], first + (unsigned)i);
}

static inline size_t question_hits(const struct question *question)
{
    size_t hits = 0;
    for (size_t i = 0; i < question->batch.n; i++)
        hits += question->items[i].value != NULL;
    return hits;
}

static inline void question_clear(struct question *question)
{
    for (size_t i = 0; i < question->batch.n; i++)
        cache_value_unref(question->items[i].value);
}

struct lock_answer {
    atomic_uint done, taken;
};

static inline void on_lock(void *arg, bool taken)
{
    struct lock_answer *answer = arg;
    answer->taken += taken;
    answer->done++;
}

/* How many of the keys are there. What was not started is a miss. */
static inline size_t count_hits(struct memcached_tier *tier, unsigned first, size_t n, int64_t now_s)
{
    struct question question;
    question_init(&question, first, n);
    if (memcached_tier_get(tier, &question.batch, now_s))
        WAIT_UNTIL(question.done == 1);
    const size_t hits = question_hits(&question);
    question_clear(&question);
    return hits;
}

/* Puts "value" under each of the keys, and waits until it is stored. */
static inline void store(struct memcached_tier *tier, unsigned first, size_t n, int64_t now_s, int64_t life_s)
{
    const uint64_t before = memcached_tier_stats(tier).puts;
    for (unsigned i = 0; i < n; i++) {
        struct key_text text;
        struct cache_key key = key_of(&text, first + i);
        struct cache_value *value = value_of("value", now_s, now_s + life_s);
        memcached_tier_put(tier, &key, value, now_s);
        cache_value_unref(value);
    }
    WAIT_UNTIL(memcached_tier_stats(tier).puts == before + n);
}

/* ---- tiers that expect trouble ---- */

#define NOW_S  1000000
#define HOUR_S 3600

static inline struct memcached_tier *tier_of(const char *servers, unsigned threads, unsigned timeout_ms,
                                             unsigned probe_ms, size_t max_queue)
{
    const char *why = NULL;
    struct memcached_tier *tier = memcached_tier_new(&(struct memcached_options){.servers = servers,
                                                                                 .threads = threads,
                                                                                 .timeout_ms = timeout_ms,
                                                                                 .probe_ms = probe_ms,
                                                                                 .max_queue = max_queue,
                                                                                 .max_value_bytes = 1u << 20},
                                                     &why);
    assert_non_null(tier);
    return tier;
}

static inline struct memcached_tier *usual_tier(const char *servers)
{
    return tier_of(servers, 2, 1000, 300, 1000);
}

static inline unsigned servers_down(struct memcached_tier *tier)
{
    return memcached_tier_stats(tier).servers_down;
}

static inline bool refuses_gets(struct memcached_tier *tier)
{
    struct question question;
    question_init(&question, 0, 1);
    if (!memcached_tier_get(tier, &question.batch, NOW_S))
        return true;
    WAIT_UNTIL(question.done == 1);
    question_clear(&question);
    return false;
}

#endif
