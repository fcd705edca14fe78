/* The second chance of a body that jansson refused: one small tokenizer that copies. Not a parser: it does
 * not know whether a comma belongs where it stands. */
#include "repair.h"

#include <stdint.h>
#include <string.h>

#include "translators/base/text.h"

struct repair {
    const char *at, *end;
    struct buffer *out;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* ---- numbers and words ---- */

static const char *skip_digits(const char *at, const char *end)
{
    while (at < end && is_digit(*at))
        at++;
    return at;
}

static bool integer_fits(const char *digits, size_t n, bool negative)
{
    const char *largest = negative ? "9223372036854775808" : "9223372036854775807";
    return n < 19 || (n == 19 && memcmp(digits, largest, 19) <= 0);
}

/* Reads "e+12" from its letter on; capped, since what is longer is out of range anyway. False: malformed. */
static bool read_exponent(const char *at, const char *end, long *ret_exponent)
{
    bool negative = ++at < end && *at == '-';
    at += at < end && (*at == '-' || *at == '+');
    if (at == end || skip_digits(at, end) != end)
        return false;
    long exponent = 0;
    for (; at < end && exponent < 100000; at++)
        exponent = exponent * 10 + (*at - '0');
    *ret_exponent = negative ? -exponent : exponent;
    return true;
}

/* Is this a number of JSON's form, and certainly in range? A real that is not sure to be under 1e308 is not;
 * no strtod(), which asks the locale. */
static bool number_ok(const char *at, const char *end)
{
    bool negative = at < end && *at == '-';
    at += negative;
    const char *digits = at;
    at = skip_digits(at, end);
    size_t n = (size_t)(at - digits);
    if (n == 0 || (n > 1 && digits[0] == '0'))
        return false;
    if (at == end)
        return integer_fits(digits, n, negative);
    if (*at == '.') {
        const char *fraction = ++at;
        at = skip_digits(at, end);
        if (at == fraction)
            return false;
    }
    long exponent = 0;
    if (at < end && ((*at != 'e' && *at != 'E') || !read_exponent(at, end, &exponent)))
        return false;
    return n <= 308 && exponent <= 308 - (long)n;
}

static bool is_word(const char *token, size_t len, const char *word)
{
    return len == strlen(word) && memcmp(token, word, len) == 0;
}

/* Copies what stands between punctuation: a number, a literal, or something to be null. */
static bool repair_scalar(struct repair *repair)
{
    static const char *const literals[] = {"true", "false", "null"};
    static const char *const no_numbers[] = {"NaN", "-NaN", "Infinity", "+Infinity", "-Infinity"};
    const char *token = repair->at;
    while (repair->at < repair->end && *repair->at != '\0' && strchr(" \t\r\n,:[]{}\"", *repair->at) == NULL)
        repair->at++;
    size_t len = (size_t)(repair->at - token);
    for (size_t i = 0; i < sizeof(literals) / sizeof(literals[0]); i++)
        if (is_word(token, len, literals[i])) {
            buffer_append(repair->out, token, len);
            return true;
        }
    bool null = false;
    for (size_t i = 0; i < sizeof(no_numbers) / sizeof(no_numbers[0]); i++)
        null = null || is_word(token, len, no_numbers[i]);
    if (!null) {
        bool number = len > 0;
        for (size_t i = 0; number && i < len; i++)
            number = is_digit(token[i]) || (token[i] != '\0' && strchr("+-.eE", token[i]) != NULL);
        if (!number)
            return false;
        null = !number_ok(token, token + len);
    }
    buffer_append(repair->out, null ? "null" : token, null ? 4 : len);
    return true;
}

/* ---- strings ---- */

/* The four hexadecimal digits at `at`; false when they are not there. */
static bool read_hex4(const char *at, const char *end, uint32_t *ret_unit)
{
    if (end - at < 4)
        return false;
    uint32_t unit = 0;
    for (int i = 0; i < 4; i++) {
        int digit = text_hex_value(at[i]);
        if (digit < 0)
            return false;
        unit = unit << 4 | (uint32_t)digit;
    }
    *ret_unit = unit;
    return true;
}

/* Copies the \uXXXX at repair->at, whose digits are `unit`. */
static void repair_unit(struct repair *repair, uint32_t unit)
{
    const char *at = repair->at;
    uint32_t low = 0;
    bool high = unit >= 0xD800 && unit < 0xDC00;
    if (high && repair->end - at >= 12 && at[6] == '\\' && at[7] == 'u' &&
        read_hex4(at + 8, repair->end, &low) && low >= 0xDC00 && low < 0xE000) {
        buffer_append(repair->out, at, 12);
        repair->at += 12;
        return;
    }
    if (unit >= 0xD800 && unit < 0xE000)
        buffer_puts(repair->out, "\\ufffd");
    else if (unit != 0)
        buffer_append(repair->out, at, 6);
    repair->at += 6;
}

/* Copies the escape at repair->at, a backslash. */
static void repair_escape(struct repair *repair)
{
    uint32_t unit;
    const char *at = repair->at;
    if (repair->end - at >= 2 && at[1] == 'u' && read_hex4(at + 2, repair->end, &unit)) {
        repair_unit(repair, unit);
    } else if (repair->end - at >= 2 && at[1] != '\0' && strchr("\"\\/bfnrt", at[1]) != NULL) {
        buffer_append(repair->out, at, 2);
        repair->at += 2;
    } else {
        repair->at++;
    }
}

/* Copies a string from its first quote to its last. False when that is missing. */
static bool repair_string(struct repair *repair)
{
    buffer_append(repair->out, repair->at++, 1);
    while (repair->at < repair->end) {
        uint32_t code_point;
        size_t n = text_decode(repair->at, (size_t)(repair->end - repair->at), &code_point);
        if (*repair->at == '\\') {
            repair_escape(repair);
            continue;
        }
        if (n == 0)
            buffer_puts(repair->out, "\xEF\xBF\xBD");
        else if (code_point < 0x20)
            buffer_puts(repair->out, " ");
        else
            buffer_append(repair->out, repair->at, n);
        repair->at += n == 0 ? 1 : n;
        if (n == 1 && code_point == '"')
            return true;
    }
    return false;
}

bool repair_json(const char *bytes, size_t len, struct buffer *out)
{
    struct repair repair = {.at = bytes, .end = bytes + len, .out = out};
    while (repair.at < repair.end && !out->overflowed) {
        char c = *repair.at;
        if (c != '\0' && strchr(" \t\r\n,:[]{}", c) != NULL) {
            buffer_append(out, repair.at++, 1);
        } else if (!(c == '"' ? repair_string(&repair) : repair_scalar(&repair))) {
            return false;
        }
    }
    return out->len > 0 && !out->overflowed;
}
