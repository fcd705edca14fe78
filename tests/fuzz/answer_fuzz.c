/* Fuzzes answer_read(): whatever comes, a body that is handed on can be written and read again as it is, and
 * what jansson reads by itself is read the same. The first byte chooses the status. */
#include <jansson.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "translators/ask/answer.h"

#define MAX_DEPTH 64

static const struct translator translator = {.name = "fuzz"};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_body(const struct answer *answer, const char *text, size_t len)
{
    char *dumped = json_dumps(answer->body, JSON_COMPACT | JSON_ENCODE_ANY);
    if (dumped == NULL)
        abort();
    json_t *again = json_loads(dumped, JSON_DECODE_ANY, NULL);
    if (again == NULL || (!json_equal(again, answer->body) && strpbrk(dumped, ".eE") == NULL))
        abort(); /* reals may lose their last digit in the dump */
    json_t *direct = json_loadb(text, len, JSON_DECODE_ANY, NULL);
    if ((direct != NULL) == answer->repaired || (direct != NULL && !json_equal(direct, answer->body)))
        abort();
    json_decref(direct);
    json_decref(again);
    free(dumped);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int statuses[] = {200, 404, 500};
    if (size == 0)
        return 0;
    const char *text = (const char *)data + 1;
    int status = statuses[data[0] % 3];
    struct answer answer = answer_read(&translator, RESOURCE_EVENTS, status, text, size - 1, MAX_DEPTH);
    if ((answer.problem == PROBLEM_NONE) != (answer.body != NULL) || (status != 200 && answer.body != NULL))
        abort();
    if (answer.body != NULL)
        check_body(&answer, text, size - 1);
    json_decref(answer.body);
    return 0;
}
