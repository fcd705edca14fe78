/* Tests of service/process/hash.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "service/process/hash.h"
#include "translators/base/memory.h"

struct entry {
    int key;
    UT_hash_handle hh;
};

static unsigned n_ends;

static void on_end(void)
{
    n_ends++;
}

/* The table of jobs is under a lock that front threads take: the back thread once yielded with it. */
static void a_table_makes_no_step(void **state)
{
    struct entry entries[1000], *table = NULL, *entry, *next;
    (void)state;
    memory_set_quantum(1, on_end);
    for (int i = 0; i < 1000; i++) {
        entries[i].key = i;
        HASH_ADD_INT(table, key, &entries[i]);
    }
    assert_int_equal(HASH_COUNT(table), 1000);
    HASH_ITER(hh, table, entry, next)
    {
        HASH_DEL(table, entry);
    }
    assert_int_equal(n_ends, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_makes_no_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
