/* What has to hold, or the program is wrong or out of memory: it ends there and then, with one line on
 * standard error that says what, and where. Not for what comes from outside: that gets an answer. Any thread.
 */
#ifndef MARQUEE_MUST_H
#define MARQUEE_MUST_H

/* The value of the expression, which is neither 0 nor NULL. */
#define must(expression)                                  \
    ({                                                    \
        __typeof__(expression) must_value = (expression); \
        if (!must_value)                                  \
            must_fail(#expression, __FILE__, __LINE__);   \
        must_value;                                       \
    })

/* The argument of a callback as `type *`: a struct whose member `magic` says that it is alive and such a one.
 */
#define CAST(type, arg, MAGIC)                              \
    ({                                                      \
        __typeof__(type) *cast_value = (arg);               \
        if (cast_value->magic != (MAGIC))                   \
            must_fail("a live " #type, __FILE__, __LINE__); \
        cast_value;                                         \
    })

/* Writes the line and aborts. The texts are static: nothing from outside is in them. */
_Noreturn void must_fail(const char *what, const char *file, int line);

#endif
