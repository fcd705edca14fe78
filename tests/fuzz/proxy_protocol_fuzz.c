/* Bytes that a proxy may send in front of a connection: no length is believed that has not come, and every
 * part of a header that is one is not enough, or has been read whole. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "service/http/proxy_protocol.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct proxy_protocol whole, part;
    char *bytes = malloc(size > 0 ? size : 1);
    if (bytes == NULL)
        return 0;
    memcpy(bytes, data, size);
    enum proxy_protocol_result result = proxy_protocol_parse(bytes, size, &whole);
    if (result == PROXY_PROTOCOL_DONE && (whole.len > size || whole.len > PROXY_PROTOCOL_MAX_BYTES))
        abort();
    for (size_t len = 0; result == PROXY_PROTOCOL_DONE && len < whole.len; len++) {
        if (proxy_protocol_parse(bytes, len, &part) != PROXY_PROTOCOL_MORE)
            abort();
    }
    free(bytes);
    return 0;
}
