/* Adding up answers. */
#include "tally.h"

#include <stddef.h>

struct tally tally_new(int64_t fresh_until_s, int64_t keep_until_s)
{
    return (struct tally){.fresh_until_s = fresh_until_s, .keep_until_s = keep_until_s};
}

void tally_answer(struct tally *tally, const struct source_answer *answer)
{
    if (answer->asked_upstream)
        tally->upstream_requests++;
    if (answer->retry_after_s > tally->retry_after_s)
        tally->retry_after_s = answer->retry_after_s;
    if (answer->trouble != PROBLEM_NONE)
        tally->trouble = answer->trouble;
    if (answer->problem != PROBLEM_NONE || answer->trouble != PROBLEM_NONE)
        tally->why = answer->why;
    if (answer->problem != PROBLEM_NONE)
        return;
    if (answer->fresh_until_s < tally->fresh_until_s)
        tally->fresh_until_s = answer->fresh_until_s;
    if (answer->keep_until_s < tally->keep_until_s)
        tally->keep_until_s = answer->keep_until_s;
}

struct representation_times tally_times(const struct tally *tally, bool incomplete, unsigned soon_s,
                                        int64_t now_s)
{
    struct representation_times times = {now_s, tally->fresh_until_s, tally->keep_until_s};
    if (tally->trouble != PROBLEM_NONE || (incomplete && now_s + soon_s < times.fresh_until_s))
        times.fresh_until_s = now_s + soon_s;
    /* An answer that was fresh at the beginning may have gone stale while others were awaited. */
    if (times.keep_until_s < now_s)
        times.keep_until_s = now_s;
    if (times.fresh_until_s < now_s)
        times.fresh_until_s = now_s;
    if (times.fresh_until_s > times.keep_until_s)
        times.fresh_until_s = times.keep_until_s;
    return times;
}
