/* What is written to standard error, and that nobody waits for whoever reads it. Standard error is a pipe
 * here or a socket; pipes keep each write() apart (O_DIRECT), so that what one read() gives was one write().
 */
#include <fcntl.h>
#include <pthread.h>
#include <regex.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include "service/process/log.h"
#include "tests/unit/wait_until.h"

#define LINE_BYTES 8192
#define WRITERS    8
#define BURST      500 /* lines of each: together more than a pipe takes */

static int screen, reader; /* the standard error of before; where ours is read */

/* In place of the C library's: another process may take the room that poll() has just found. */
static _Atomic bool is_held_up, is_waiting;

ssize_t write(int fd, const void *buf, size_t n)
{
    if (fd == STDERR_FILENO && atomic_load(&is_held_up)) {
        atomic_store(&is_waiting, true);
        while (atomic_load(&is_held_up))
            usleep(1000);
    }
    return syscall(SYS_write, fd, buf, n);
}

static void use(int ends[2])
{
    reader = ends[0];
    assert_true(fcntl(reader, F_SETFL, O_NONBLOCK) == 0);
    assert_true(dup2(ends[1], STDERR_FILENO) == STDERR_FILENO);
    close(ends[1]);
}

static int set_up(void **state)
{
    int ends[2];
    (void)state;
    screen = dup(STDERR_FILENO);
    assert_int_equal(pipe2(ends, O_DIRECT), 0);
    use(ends);
    log_set_level(LOG_INFO);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    dup2(screen, STDERR_FILENO);
    close(screen);
    close(reader);
    return 0;
}

/* The next line. Static, until the next call. */
static const char *next_line(void)
{
    static char line[LINE_BYTES];
    ssize_t len = read(reader, line, sizeof(line) - 1);
    line[len > 0 ? len : 0] = '\0';
    return line;
}

static void assert_matches(const char *line, const char *pattern)
{
    regex_t compiled;
    assert_int_equal(regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB), 0);
    if (regexec(&compiled, line, 0, NULL, 0) != 0)
        fail_msg("not what was expected: %s", line);
    regfree(&compiled);
}

/* ---- lines ---- */

static void a_line_has_time_level_event_and_pairs(void **state)
{
    (void)state;
    log_event(LOG_WARN, "tried", "a", "b/c", "n", log_number(-12), NULL);
    assert_matches(next_line(),
                   "^time=[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\.[0-9]{3}Z level=warn event=tried "
                   "a=b/c n=-12\n$");
}

static void no_value_ends_its_line_or_begins_another_pair(void **state)
{
    static const struct {
        const char *value, *written;
    } cases[] = {{"two words", "\"two words\""},
                 {"a\nevent=forged", "\"a\\x0aevent=forged\""},
                 {"a=b", "\"a=b\""},
                 {"say \"it\\", "\"say \\\"it\\\\\""},
                 {"\x1b[2J\x7f", "\"\\x1b[2J\\x7f\""},
                 {"Zo\xc3\xab", "\"Zo\xc3\xab\""},
                 {"", "\"\""},
                 {NULL, "\"\""}};
    char tail[64];
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        log_event(LOG_INFO, "said", "v", cases[i].value, NULL);
        const char *line = next_line();
        int len = snprintf(tail, sizeof(tail), " event=said v=%s\n", cases[i].written);
        assert_true(strlen(line) > (size_t)len);
        assert_string_equal(line + strlen(line) - len, tail);
    }
}

static void events_below_the_level_are_left_out(void **state)
{
    (void)state;
    for (int level = LOG_DEBUG; level <= LOG_ERROR; level++) {
        log_set_level((enum log_level)level);
        for (int event = LOG_DEBUG; event <= LOG_ERROR; event++) {
            log_event((enum log_level)event, "happened", NULL);
            assert_int_equal(next_line()[0] != '\0', event >= level);
        }
    }
}

static void a_level_is_read_as_it_is_written(void **state)
{
    static const char *const no_levels[] = {"", "Info", "warning", "err", NULL};
    enum log_level level = LOG_WARN;
    char name[16];
    (void)state;
    log_set_level(LOG_DEBUG);
    for (int i = LOG_DEBUG; i <= LOG_ERROR; i++) {
        log_event((enum log_level)i, "happened", NULL);
        snprintf(name, sizeof(name), "%s", strstr(next_line(), "level=") + strlen("level="));
        name[strcspn(name, " ")] = '\0';
        assert_true(log_level_read(name, &level));
        assert_int_equal(level, i);
    }
    for (size_t i = 0; i < sizeof(no_levels) / sizeof(no_levels[0]); i++)
        assert_false(log_level_read(no_levels[i], &level));
    assert_int_equal(level, LOG_ERROR);
}

static void a_line_too_long_is_cut_and_ends_all_the_same(void **state)
{
    char value[LINE_BYTES];
    (void)state;
    memset(value, 'x', sizeof(value) - 1);
    value[sizeof(value) - 1] = '\0';
    for (int i = 0; i < 2; i++) {
        log_event(LOG_INFO, "long", "v", value, "w", "\n", NULL);
        const char *line = next_line();
        assert_in_range(strlen(line), 1000, 4096); /* PIPE_BUF: no more is one piece */
        assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
    }
}

/* ---- a log that nobody reads ---- */

/* So many lines until none is left. */
static uint64_t count_lines(void)
{
    uint64_t n = 0;
    for (const char *line = next_line(); line[0] != '\0'; line = next_line()) {
        assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
        n++;
    }
    return n;
}

/* The log that nobody reads has just been read to its end. */
static void assert_told(uint64_t lost)
{
    char pattern[64];
    log_event(LOG_INFO, "after", NULL);
    snprintf(pattern, sizeof(pattern), " level=warn event=log_lines_lost lines=%u why=", (unsigned)lost);
    assert_matches(next_line(), pattern);
    assert_matches(next_line(), " event=after\n$");
    log_event(LOG_INFO, "told", NULL);
    assert_matches(next_line(), " event=told\n$");
}

static void *burst(void *unused)
{
    for (int i = 0; i < BURST; i++)
        log_event(LOG_INFO, "burst", NULL);
    return unused;
}

static void a_log_that_nobody_reads_holds_up_no_thread_and_says_what_is_lost(void **state)
{
    uint64_t before = log_lines_lost();
    pthread_t writers[WRITERS];
    (void)state;
    for (int i = 0; i < WRITERS; i++)
        assert_int_equal(pthread_create(&writers[i], NULL, burst, NULL), 0);
    for (int i = 0; i < WRITERS; i++)
        pthread_join(writers[i], NULL);
    uint64_t lost = log_lines_lost() - before;
    assert_true(lost > 0);
    assert_true(lost < WRITERS * BURST);
    assert_int_equal(count_lines() + lost, WRITERS * BURST);
    assert_told(lost);
}

/* The level is above what the loss is told with. */
static void a_loss_is_told_at_every_level(void **state)
{
    uint64_t before = log_lines_lost();
    (void)state;
    burst(NULL);
    uint64_t lost = log_lines_lost() - before;
    assert_true(lost > 0);
    count_lines();
    log_set_level(LOG_ERROR);
    log_event(LOG_ERROR, "after", NULL);
    assert_matches(next_line(), " event=log_lines_lost ");
    assert_matches(next_line(), " event=after\n$");
}

/* As journald's. A message socket keeps writes apart as well. */
static void a_socket_that_nobody_reads_holds_up_no_thread(void **state)
{
    int ends[2];
    (void)state;
    close(reader);
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
    use(ends);
    uint64_t before = log_lines_lost();
    burst(NULL);
    uint64_t lost = log_lines_lost() - before;
    assert_true(lost > 0);
    assert_int_equal(count_lines() + lost, BURST);
    assert_told(lost);
}

static void lines_that_nobody_can_read_any_more_are_lost(void **state)
{
    int none[2];
    uint64_t before = log_lines_lost();
    (void)state;
    close(reader);
    log_event(LOG_INFO, "unread", NULL);
    log_event(LOG_INFO, "unread", NULL);
    assert_int_equal(log_lines_lost() - before, 2);
    assert_int_equal(pipe2(none, O_DIRECT), 0);
    use(none);
    assert_told(2);
}

static void *write_one(void *unused)
{
    log_event(LOG_INFO, "held_up", NULL);
    return unused;
}

static void a_writer_that_is_held_up_holds_up_no_other(void **state)
{
    uint64_t before = log_lines_lost();
    pthread_t writer;
    (void)state;
    atomic_store(&is_waiting, false);
    atomic_store(&is_held_up, true);
    assert_int_equal(pthread_create(&writer, NULL, write_one, NULL), 0);
    WAIT_UNTIL(atomic_load(&is_waiting));
    for (int i = 0; i < 3; i++)
        log_event(LOG_INFO, "beside", NULL);
    assert_int_equal(log_lines_lost() - before, 3);
    atomic_store(&is_held_up, false);
    pthread_join(writer, NULL);
    assert_matches(next_line(), " event=held_up\n$");
    assert_told(3);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_line_has_time_level_event_and_pairs),
        TEST(no_value_ends_its_line_or_begins_another_pair),
        TEST(events_below_the_level_are_left_out),
        TEST(a_level_is_read_as_it_is_written),
        TEST(a_line_too_long_is_cut_and_ends_all_the_same),
        TEST(a_log_that_nobody_reads_holds_up_no_thread_and_says_what_is_lost),
        TEST(a_loss_is_told_at_every_level),
        TEST(a_socket_that_nobody_reads_holds_up_no_thread),
        TEST(lines_that_nobody_can_read_any_more_are_lost),
        TEST(a_writer_that_is_held_up_holds_up_no_other),
    };
    signal(SIGPIPE, SIG_IGN); /* as the service does */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
