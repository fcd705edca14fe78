/* What an upstream's answer was worth, or why there is none: whoever refuses a request says it in the same
 * words as whoever reads an answer. Plain data. */
#ifndef MARQUEE_VERDICT_H
#define MARQUEE_VERDICT_H

#include <stdbool.h>
#include <stdint.h>

#include "translators/base/problem.h"

struct verdict {
    enum problem_kind problem; /* PROBLEM_NONE and PROBLEM_NOT_FOUND speak for the upstream */
    int64_t retry_after_s;     /* 0: not known */
    bool is_spent;             /* nothing is to be asked until the answer's reset_after_s is over */
};

#endif
