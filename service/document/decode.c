/* One value of a query or of the command line -> text that may be used: the only place where escapes are
 * undone. */
#include "decode.h"

#include <string.h>

#include "translators/base/text.h"

/* False. */
static bool fault(enum string_id why, enum string_id *ret_why)
{
    *ret_why = why;
    return false;
}

/* Printable ASCII but for "%" and "+": most of what comes. */
static const bool stands_for_itself[256] = {
    [' ' ... '%' - 1] = true, ['%' + 1 ... '+' - 1] = true, ['+' + 1 ... '~'] = true};

static bool decode(const char *text, size_t len, bool typed, char *ret_value, size_t max_bytes,
                   size_t *ret_len, enum string_id *ret_why)
{
    size_t n = 0;
    bool ascii = true;
    for (size_t i = 0; i < len; i++) {
        while (i < len && n < max_bytes && stands_for_itself[(unsigned char)text[i]])
            ret_value[n++] = text[i++];
        if (i == len)
            break;
        unsigned char c = (unsigned char)text[i];
        if (c == '+') {
            c = ' ';
        } else if (c == '%') {
            int high = i + 1 < len ? text_hex_value(text[i + 1]) : -1;
            int low = i + 2 < len ? text_hex_value(text[i + 2]) : -1;
            if (high < 0 || low < 0)
                return fault(STRING_FAULT_PERCENT, ret_why);
            c = (unsigned char)(high * 16 + low);
            i += 2;
        }
        bool control = c < 0x20 || c == 0x7f;
        if (control && !typed)
            return fault(STRING_FAULT_CONTROL, ret_why);
        if (control)
            c = ' ';
        if (n == max_bytes)
            return fault(STRING_FAULT_TOO_LONG, ret_why);
        ascii &= c < 0x80;
        ret_value[n++] = (char)c;
    }
    ret_value[n] = '\0';
    *ret_len = n;
    return ascii || text_is_utf8(ret_value, n) || fault(STRING_FAULT_UTF8, ret_why);
}

bool decode_form(const char *text, size_t len, char *ret_value, size_t max_bytes, size_t *ret_len,
                 enum string_id *ret_why)
{
    return decode(text, len, false, ret_value, max_bytes, ret_len, ret_why);
}

bool decode_typed(const char *text, size_t len, char *ret_value, size_t max_bytes, size_t *ret_len,
                  enum string_id *ret_why)
{
    return decode(text, len, true, ret_value, max_bytes, ret_len, ret_why);
}

bool decode_plain(const char *text, char *ret_value, size_t max_bytes, size_t *ret_len,
                  enum string_id *ret_why)
{
    size_t len = strlen(text);
    *ret_len = len;
    if (len > max_bytes)
        return fault(STRING_FAULT_TOO_LONG, ret_why);
    memcpy(ret_value, text, len + 1);
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            return fault(STRING_FAULT_CONTROL, ret_why);
    return text_is_utf8(text, len) || fault(STRING_FAULT_UTF8, ret_why);
}
