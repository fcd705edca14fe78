/* JSON for places where other syntax is read first: HTML, and JavaScript before ECMAScript 2019. */
#include "jput.h"

#include <string.h>

/* json_dump_callback()'s sink: what HTML or a script could take for its own is written as an escape, which
 * JSON restores; inside JSON these characters stand in strings alone. jansson never splits a character. */
static int on_dump(const char *bytes, size_t len, void *data)
{
    struct buffer *out = data;
    size_t plain = 0;

    for (size_t i = 0; i < len; i++) {
        bool separator = bytes[i] == '\xe2' && len - i >= 3 && bytes[i + 1] == '\x80' &&
                         (bytes[i + 2] == '\xa8' || bytes[i + 2] == '\xa9');

        if (!separator && bytes[i] != '<' && bytes[i] != '>' && bytes[i] != '&')
            continue;
        buffer_append(out, bytes + plain, i - plain);
        if (separator) {
            buffer_puts(out, bytes[i + 2] == '\xa8' ? "\\u2028" : "\\u2029");
            i += 2;
        } else {
            buffer_printf(out, "\\u%04x", (unsigned)bytes[i]);
        }
        plain = i + 1;
    }
    buffer_append(out, bytes + plain, len - plain);
    return 0;
}

void jput(const json_t *value, size_t flags, struct buffer *out)
{
    json_dump_callback(value, on_dump, out, flags);
}
