#include "translators/model/subject.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void every_subject_is_found_by_its_name(void **state)
{
    (void)state;
    for (enum subject i = 0; i < SUBJECTS; i++) {
        enum subject found = SUBJECTS;
        assert_true(subject_find(subject_name(i), strlen(subject_name(i)), &found));
        assert_int_equal(found, i);
    }
}

static void what_is_no_name_is_no_subject(void **state)
{
    static const char *const texts[] = {"", "artists", "artis", "Artist", "venue ", "tour"};
    enum subject found;
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        assert_false(subject_find(texts[i], strlen(texts[i]), &found));
}

static void a_name_ends_where_its_length_says(void **state)
{
    enum subject found = SUBJECT_ARTIST;
    (void)state;
    assert_true(subject_find("event?id=7", 5, &found));
    assert_int_equal(found, SUBJECT_EVENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_subject_is_found_by_its_name),
        cmocka_unit_test(what_is_no_name_is_no_subject),
        cmocka_unit_test(a_name_ends_where_its_length_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
