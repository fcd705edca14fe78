/* Fuzzes the Ticketmaster translator and the formats; translator.h says what an input is. */
#include "tests/fuzz/translator.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct route_args args = {.id = "K8vZ917Lamp",
                                           .name = "The Paper Lanterns",
                                           .weburl = "https://paperlanterns.example/",
                                           .max_performers = 20,
                                           .now_s = 1800014400};

    fuzz_translator("ticketmaster", &args, data, size);
    return 0;
}
