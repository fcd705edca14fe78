/* Reading and judging of upstream bodies. Not here: HTTP, and what a document says; translators look for
 * that. */
#include "answer.h"

#include <string.h>

#include "plain_json.h"
#include "repair.h"
#include "translators/base/buffer.h"

/* jansson spends up to a hundred times the bytes of "[[],[],[]]" on its tree: this many values are more than
 * the longest tour has. */
#define MAX_VALUES 500000

/* False for a nesting over `max_depth` or too many values. Looked at before jansson reads the text because it
 * recurses into every level. What is no JSON may pass. */
static bool shape_ok(const char *bytes, size_t len, size_t max_depth)
{
    size_t depth = 0, values = 0;
    bool in_string = false;
    for (size_t i = 0; i < len; i++) {
        char c = bytes[i];
        if (in_string) {
            i += c == '\\'; /* whatever is escaped, it ends no string */
            in_string = c != '"';
        } else if (c == '"') {
            in_string = true;
        } else if (c == '[' || c == '{') {
            values++;
            if (++depth > max_depth)
                return false;
        } else if (c == ']' || c == '}') {
            depth -= depth > 0;
        } else if (c == ',') {
            values++;
        }
    }
    return values <= MAX_VALUES;
}

/* *ret_repaired: it took more than reading. */
static json_t *answer_parse(const char *bytes, size_t len, size_t max_depth, bool *ret_repaired)
{
    static const char bom[] = "\xEF\xBB\xBF";
    bool has_bom = len >= 3 && memcmp(bytes, bom, 3) == 0;
    if (has_bom) {
        bytes += 3;
        len -= 3;
    }
    /* A bare scalar is JSON too, and means something to some: Bandsintown says "" for an unknown artist. NUL
     * is not let in: C strings end there, so it is repaired away. */
    bool is_short = len <= MAX_VALUES; /* each value has a byte: they cannot be too many */
    json_t *body = is_short ? plain_json_read(bytes, len, max_depth, MAX_VALUES) : NULL;
    bool is_sound = body == NULL && shape_ok(bytes, len, max_depth);
    if (is_sound && !is_short)
        body = plain_json_read(bytes, len, max_depth, MAX_VALUES);
    if (is_sound && body == NULL)
        body = json_loadb(bytes, len, JSON_DECODE_ANY, NULL);
    bool is_valid = body != NULL;
    if (is_sound && !is_valid) {
        struct buffer repaired = BUFFER_INIT(2 * len + 64);
        if (repair_json(bytes, len, &repaired))
            body = json_loadb(repaired.bytes, repaired.len, JSON_DECODE_ANY, NULL);
        buffer_done(&repaired);
    }
    *ret_repaired = body != NULL && (has_bom || !is_valid);
    return body;
}

enum problem_kind answer_judge_status(int status)
{
    if (status >= 200 && status < 300)
        return PROBLEM_NONE;
    switch (status) {
    case 401:
    case 403:
        return PROBLEM_UPSTREAM_KEY;
    case 404:
    case 410:
        return PROBLEM_NOT_FOUND;
    case 408:
    case 504:
        return PROBLEM_UPSTREAM_SLOW;
    case 429:
        return PROBLEM_UPSTREAM_LIMIT;
    default:
        return status >= 500 && status < 600 ? PROBLEM_UPSTREAM_ERROR : PROBLEM_UPSTREAM_RUBBISH;
    }
}

static enum problem_kind answer_judge(const struct translator *translator, enum resource kind, int status,
                                      const json_t *body, const char *bytes, size_t len)
{
    enum problem_kind problem;
    if (translator->judge != NULL) {
        problem = translator->judge(kind, status, body, bytes, len);
    } else {
        problem = answer_judge_status(status);
        if (problem == PROBLEM_NONE && !json_is_object(body) && !json_is_array(body))
            problem = PROBLEM_UPSTREAM_RUBBISH;
    }
    return problem == PROBLEM_NONE && body == NULL ? PROBLEM_UPSTREAM_RUBBISH : problem;
}

struct answer answer_read(const struct translator *translator, enum resource kind, int status,
                          const char *bytes, size_t len, size_t max_depth)
{
    struct answer answer = {.problem = PROBLEM_NONE};
    answer.body = answer_parse(bytes, len, max_depth, &answer.repaired);
    answer.problem = answer_judge(translator, kind, status, answer.body, bytes, len);
    if (answer.problem == PROBLEM_UPSTREAM_LIMIT && translator->limit_s != NULL)
        answer.limit_s = translator->limit_s(answer.body);
    answer.misshapen = answer.problem == PROBLEM_UPSTREAM_RUBBISH &&
                       answer_judge_status(status) == PROBLEM_NONE &&
                       (json_is_object(answer.body) || json_is_array(answer.body));
    if (answer.problem != PROBLEM_NONE) {
        json_decref(answer.body);
        answer.body = NULL;
    }
    return answer;
}
