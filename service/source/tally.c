/* Adding up answers. */
#include "tally.h"

struct tally tally_new(int64_t fresh_until_s, int64_t keep_until_s)
{
    return (struct tally){.fresh_until_s = fresh_until_s,
                          .keep_until_s = keep_until_s,
                          .newest_s = INT64_MIN,
                          .oldest_stale_s = INT64_MAX};
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
    if (answer->stored_s > tally->newest_s)
        tally->newest_s = answer->stored_s;
    if (answer->trouble != PROBLEM_NONE && answer->stored_s < tally->oldest_stale_s)
        tally->oldest_stale_s = answer->stored_s;
}

/* Not after now, which another instance's clock may be ahead of. */
static int64_t made_s(const struct tally *tally, int64_t now_s)
{
    int64_t when_s = tally->oldest_stale_s < INT64_MAX ? tally->oldest_stale_s : tally->newest_s;
    return when_s > INT64_MIN && when_s < now_s ? when_s : now_s;
}

struct representation_times tally_times(const struct tally *tally, bool incomplete, unsigned soon_s,
                                        int64_t now_s)
{
    struct representation_times times = {made_s(tally, now_s), now_s, tally->fresh_until_s,
                                         tally->keep_until_s};
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
