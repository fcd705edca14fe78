/* Waiting for what another thread or process does, with an end. Asserts with cmocka. */
#ifndef MARQUEE_TESTS_WAIT_UNTIL_H
#define MARQUEE_TESTS_WAIT_UNTIL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#define PATIENCE_MS 20000 /* longer than any wait can take on a busy machine */

/* Waits until `condition` holds, and fails the test when it never does. */
#define WAIT_UNTIL(condition)                                  \
    do {                                                       \
        for (int waited_ms_ = 0; !(condition); waited_ms_++) { \
            assert_true(waited_ms_ < PATIENCE_MS);             \
            usleep(1000);                                      \
        }                                                      \
    } while (0)

#endif
