/* Fuzzes the Bandsintown translator and the formats; translator.h says what an input is. */
#include "tests/fuzz/translator.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct route_args args = {.id = "id_4711",
                                           .name = "The Paper Lanterns",
                                           .weburl = "https://paperlanterns.example/",
                                           .max_performers = 20,
                                           .now_s = 1800014400};

    fuzz_translator("bandsintown", &args, data, size);
    return 0;
}
