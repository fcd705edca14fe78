#include "translators/base/must.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define BOX_MAGIC 0x626f7821u

struct box {
    unsigned magic;
    int number;
};

/* Runs `act` in a child process. Returns how it ended; what it wrote on standard error goes to `ret_text`. */
static int status_of(void (*act)(void), char *ret_text, size_t size)
{
    int ends[2], status;
    size_t len = 0;
    ssize_t n;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        signal(SIGABRT, SIG_DFL); /* cmocka catches it */
        dup2(ends[1], STDERR_FILENO);
        act();
        _exit(0);
    }
    close(ends[1]);
    while (len < size - 1 && (n = read(ends[0], ret_text + len, size - 1 - len)) > 0)
        len += (size_t)n;
    ret_text[len] = '\0';
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void expect_abort(void (*act)(void), const char *what)
{
    char text[2048];
    int status = status_of(act, text, sizeof(text));
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
    assert_ptr_equal(
        strstr(text, "level=error event=abort file=tests/unit/translators/base/must_test.c line="), text);
    assert_non_null(strstr(text, what));
    assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
}

static void want_memory(void)
{
    void *volatile none = NULL;
    free(must(none));
}

static void break_rule(void)
{
    volatile int number = 3;
    must(number > 4 && strcmp("quoted", "quoted") == 0);
}

static void cast_another(void)
{
    struct box box = {.magic = 1};
    void *arg = &box;
    printf("%d", CAST(struct box, arg, BOX_MAGIC)->number);
}

static void say_much(void)
{
    char what[4096];
    memset(what, 'x', sizeof(what));
    what[sizeof(what) - 1] = '\0';
    must_fail(what, __FILE__, __LINE__);
}

static void test_the_last_line_says_what_and_where(void **state)
{
    (void)state;
    expect_abort(want_memory, " must=\"none\"\n");
    expect_abort(break_rule, " must=\"number > 4 && strcmp('quoted', 'quoted') == 0\"\n");
    expect_abort(cast_another, " must=\"a live struct box\"\n");
}

static void test_a_long_text_is_cut_and_is_one_line(void **state)
{
    (void)state;
    expect_abort(say_much, "xxxx\"\n");
}

static void stuff_standard_error(void)
{
    int ends[2];
    static const char bytes[4096];
    assert_int_equal(pipe(ends), 0);
    dup2(ends[1], STDERR_FILENO);
    for (int i = 0; i < 16; i++) /* pipe(7): the capacity is 16 pages */
        assert_int_equal(write(ends[1], bytes, sizeof(bytes)), sizeof(bytes));
    alarm(20);
    break_rule();
}

static void test_nobody_keeps_the_program_from_ending(void **state)
{
    char text[16];
    int status = status_of(stuff_standard_error, text, sizeof(text));
    (void)state;
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
}

static void test_what_holds_is_handed_on(void **state)
{
    struct box box = {.magic = BOX_MAGIC, .number = 7};
    void *arg = &box;
    (void)state;
    assert_ptr_equal(must(arg), arg);
    assert_int_equal(must(3 + 4), 7);
    assert_int_equal(CAST(struct box, arg, BOX_MAGIC)->number, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_last_line_says_what_and_where),
        cmocka_unit_test(test_a_long_text_is_cut_and_is_one_line),
        cmocka_unit_test(test_nobody_keeps_the_program_from_ending),
        cmocka_unit_test(test_what_holds_is_handed_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
