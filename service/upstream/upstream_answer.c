/* Judging: what the bytes of an answer are worth, for the breaker, for the limits and for whoever asked. */
#include "upstream_answer.h"

#include "service/config/config.h"
#include "translators/ask/answer.h"

static const char *why_of(enum problem_kind problem)
{
    switch (problem) {
    case PROBLEM_UPSTREAM_KEY:
        return "the upstream refused the API key: check api_key_file of this provider";
    case PROBLEM_UPSTREAM_RUBBISH:
        return "the answer is not what the API promises";
    case PROBLEM_NOT_FOUND:
        return "the upstream knows no such thing";
    case PROBLEM_UPSTREAM_LIMIT:
        return "the upstream's rate limit is spent";
    default:
        return "the upstream answered with an error";
    }
}

void upstream_answer_judge(struct upstream_answer *answer, const struct provider_config *provider,
                           enum resource kind)
{
    if (answer->problem != PROBLEM_NONE)
        return;
    struct answer read = answer_read(provider->translator, kind, answer->status, answer->bytes, answer->len,
                                     UPSTREAM_MAX_JSON_DEPTH);
    answer->problem = read.problem;
    answer->body = read.body;
    answer->repaired = read.repaired;
    answer->misshapen = read.misshapen;
    if (read.problem == PROBLEM_NONE)
        return;
    answer->why = why_of(read.problem);
    /* Without a time of its own a spent quota is a limit like any other. */
    answer->is_spent = read.limit_s == LIMIT_TO_RESET && answer->reset_after_s > 0;
    if (answer->is_spent && answer->retry_after_s < answer->reset_after_s)
        answer->retry_after_s = answer->reset_after_s;
    else if (answer->retry_after_s == 0 && read.limit_s != LIMIT_TO_RESET)
        answer->retry_after_s = read.limit_s;
}
