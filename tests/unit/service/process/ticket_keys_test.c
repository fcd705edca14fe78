/* The keys of session tickets: over time, and in a file that several share. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "service/process/ticket_keys.h"

#define NOW_S    1800000000
#define PERIOD_S TICKET_KEYS_PERIOD_S

struct place {
    char directory[32], file[64];
    struct ticket_keys *keys, *others;
};

static int begin(void **state)
{
    struct place *place = calloc(1, sizeof(*place));
    assert_non_null(place);
    snprintf(place->directory, sizeof(place->directory), "/tmp/keys_test.XXXXXX");
    assert_non_null(mkdtemp(place->directory));
    snprintf(place->file, sizeof(place->file), "%s/keys", place->directory);
    place->keys = ticket_keys_new();
    place->others = ticket_keys_new();
    *state = place;
    return 0;
}

static int end(void **state)
{
    struct place *place = *state;
    ticket_keys_free(place->keys);
    ticket_keys_free(place->others);
    unlink(place->file);
    rmdir(place->directory);
    free(place);
    return 0;
}

static void sweep(struct ticket_keys *keys, const char *path, int64_t now_s)
{
    struct fault why;
    if (!ticket_keys_sweep(keys, path, now_s, &why) || *why.text != '\0')
        fail_msg("%s", why.text);
}

static struct ticket_key newest(struct ticket_keys *keys)
{
    struct ticket_key key;
    assert_true(ticket_keys_newest(keys, &key));
    return key;
}

/* 0: it is the newest, 1: it is accepted still, -1: it is gone. */
static int age(struct ticket_keys *keys, const struct ticket_key *key)
{
    struct ticket_key found;
    bool old;
    if (!ticket_keys_find(keys, key->name, &found, &old))
        return -1;
    assert_memory_equal(&found, key, sizeof(found));
    return old ? 1 : 0;
}

static void a_new_key_comes_every_period_and_two_old_ones_stay(void **state)
{
    struct ticket_keys *keys = ((struct place *)*state)->keys;
    struct ticket_key none;
    assert_false(ticket_keys_newest(keys, &none));
    sweep(keys, NULL, NOW_S);
    struct ticket_key first = newest(keys);
    sweep(keys, NULL, NOW_S + PERIOD_S - 1);
    assert_int_equal(age(keys, &first), 0);
    sweep(keys, NULL, NOW_S + PERIOD_S);
    assert_int_equal(age(keys, &first), 1);
    sweep(keys, NULL, NOW_S + 2 * PERIOD_S);
    assert_int_equal(age(keys, &first), 1);
    sweep(keys, NULL, NOW_S + 3 * PERIOD_S);
    assert_int_equal(age(keys, &first), -1);
}

static void a_clock_that_is_set_back_keeps_no_key_for_as_long(void **state)
{
    struct ticket_keys *keys = ((struct place *)*state)->keys;
    sweep(keys, NULL, NOW_S);
    struct ticket_key first = newest(keys);
    sweep(keys, NULL, NOW_S - PERIOD_S + 1);
    assert_int_equal(age(keys, &first), 0);
    sweep(keys, NULL, NOW_S - PERIOD_S);
    assert_int_equal(age(keys, &first), 1);
    sweep(keys, NULL, NOW_S - PERIOD_S);
    assert_int_equal(age(keys, &first), 1);
}

static void those_who_share_a_file_have_the_same_keys(void **state)
{
    struct place *place = *state;
    struct stat made;
    sweep(place->keys, place->file, NOW_S);
    struct ticket_key first = newest(place->keys);
    assert_int_equal(stat(place->file, &made), 0);
    assert_int_equal(made.st_mode & 0777, 0600);
    sweep(place->others, place->file, NOW_S + 1);
    assert_int_equal(age(place->others, &first), 0);
    /* Either of them makes the next one. */
    sweep(place->others, place->file, NOW_S + PERIOD_S);
    struct ticket_key second = newest(place->others);
    sweep(place->keys, place->file, NOW_S + PERIOD_S);
    assert_int_equal(age(place->keys, &second), 0);
    assert_int_equal(age(place->keys, &first), 1);
    /* After a restart as well. */
    struct ticket_keys *restarted = ticket_keys_new();
    sweep(restarted, place->file, NOW_S + PERIOD_S + 1);
    assert_int_equal(age(restarted, &second), 0);
    assert_int_equal(age(restarted, &first), 1);
    ticket_keys_free(restarted);
}

static void a_file_that_went_away_is_made_again_with_the_same_keys(void **state)
{
    struct place *place = *state;
    sweep(place->keys, NULL, NOW_S);
    struct ticket_key first = newest(place->keys);
    sweep(place->keys, place->file, NOW_S + 1); /* the setting is new */
    assert_int_equal(unlink(place->file), 0);
    sweep(place->keys, place->file, NOW_S + 2);
    sweep(place->others, place->file, NOW_S + 3);
    assert_int_equal(age(place->others, &first), 0);
}

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void a_file_that_is_none_is_refused_and_left_alone(void **state)
{
    struct place *place = *state;
    static const char *const texts[] = {"", "\n", "no keys", "1800000000 abcd\n", "1800000000\n", "x \n"};
    struct fault why;
    char longer[1000];
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct stat before, after;
        write_text(place->file, texts[i]);
        assert_int_equal(stat(place->file, &before), 0);
        assert_false(ticket_keys_sweep(place->keys, place->file, NOW_S, &why));
        assert_non_null(strstr(why.text, "remove it"));
        assert_int_equal(stat(place->file, &after), 0);
        assert_int_equal(before.st_ino, after.st_ino);
        assert_int_equal(before.st_size, after.st_size);
    }
    memset(longer, 'a', sizeof(longer) - 1);
    longer[sizeof(longer) - 1] = '\0';
    write_text(place->file, longer);
    assert_false(ticket_keys_sweep(place->keys, place->file, NOW_S, &why));
    newest(place->keys); /* one of its own, so that it serves */
}

static void what_was_read_stays_in_use_when_the_file_becomes_unusable(void **state)
{
    struct place *place = *state;
    struct fault why;
    sweep(place->keys, place->file, NOW_S);
    struct ticket_key first = newest(place->keys);
    write_text(place->file, "half of a line");
    assert_false(ticket_keys_sweep(place->keys, place->file, NOW_S + 1, &why));
    assert_int_equal(age(place->keys, &first), 0);
}

static void a_check_writes_nothing_and_says_what_the_start_would(void **state)
{
    struct place *place = *state;
    struct fault why;
    assert_true(ticket_keys_check(place->file, &why));
    assert_int_equal(access(place->file, F_OK), -1);
    sweep(place->keys, place->file, NOW_S);
    assert_true(ticket_keys_check(place->file, &why));
    write_text(place->file, "no keys");
    assert_false(ticket_keys_check(place->file, &why));
    assert_non_null(strstr(why.text, "remove it"));
    assert_false(ticket_keys_check("/nowhere/keys", &why));
    assert_non_null(strstr(why.text, "No such file or directory; let the service's user write"));
}

static void a_directory_that_is_not_there_is_named_with_what_to_do(void **state)
{
    struct place *place = *state;
    struct fault why;
    assert_false(ticket_keys_sweep(place->keys, "/nowhere/keys", NOW_S, &why));
    assert_non_null(strstr(why.text, "No such file or directory; let the service's user write"));
    struct ticket_key own = newest(place->keys);
    assert_false(ticket_keys_sweep(place->keys, "/nowhere/keys", NOW_S + 1, &why));
    assert_false(ticket_keys_sweep(place->keys, "/nowhere/keys", NOW_S + 300, &why));
    assert_int_equal(age(place->keys, &own), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_new_key_comes_every_period_and_two_old_ones_stay, begin, end),
        cmocka_unit_test_setup_teardown(a_clock_that_is_set_back_keeps_no_key_for_as_long, begin, end),
        cmocka_unit_test_setup_teardown(those_who_share_a_file_have_the_same_keys, begin, end),
        cmocka_unit_test_setup_teardown(a_file_that_went_away_is_made_again_with_the_same_keys, begin, end),
        cmocka_unit_test_setup_teardown(a_file_that_is_none_is_refused_and_left_alone, begin, end),
        cmocka_unit_test_setup_teardown(what_was_read_stays_in_use_when_the_file_becomes_unusable, begin,
                                        end),
        cmocka_unit_test_setup_teardown(a_check_writes_nothing_and_says_what_the_start_would, begin, end),
        cmocka_unit_test_setup_teardown(a_directory_that_is_not_there_is_named_with_what_to_do, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
