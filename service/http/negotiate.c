/* Parsers of Accept-Encoding, Accept-Language and If-None-Match: one pass each, nothing allocated. */
#include "negotiate.h"

#include <string.h>
#include <strings.h>

#define Q_UNSET (-1)

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

/* "0", "0.5", "1.000" in thousandths; what is no qvalue counts as 0. */
static int parse_q(const char *text, const char *end)
{
    if (text == end || (*text != '0' && *text != '1'))
        return 0;
    int q = (*text++ - '0') * 1000;
    if (text < end && *text == '.') {
        text++;
        for (int unit = 100; unit > 0 && text < end && *text >= '0' && *text <= '9'; unit /= 10)
            q += (*text++ - '0') * unit;
    }
    return q > 1000 ? 1000 : q;
}

/* The q of one list member between `at` and `end`, parameters included. */
static int member_q(const char *at, const char *end)
{
    const char *semicolon = memchr(at, ';', (size_t)(end - at));
    if (semicolon == NULL)
        return 1000;
    at = semicolon + 1;
    while (at < end && is_space(*at))
        at++;
    if (end - at < 2 || (*at != 'q' && *at != 'Q') || at[1] != '=')
        return 1000;
    return parse_q(at + 2, end);
}

static bool token_is(const char *token, size_t len, const char *name)
{
    return len == strlen(name) && strncasecmp(token, name, len) == 0;
}

enum encoding negotiate_encoding(struct slice accept_encoding, const struct representation *representation)
{
    if (accept_encoding.text == NULL)
        return ENCODING_IDENTITY;
    int q[ENCODINGS] = {Q_UNSET, Q_UNSET, Q_UNSET}, any = Q_UNSET;
    const char *at = accept_encoding.text, *end = at + accept_encoding.len;
    while (at < end) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        const char *member_end = comma != NULL ? comma : end;
        while (at < member_end && is_space(*at))
            at++;
        size_t len = 0;
        while (at + len < member_end && at[len] != ';' && !is_space(at[len]))
            len++;
        if (token_is(at, len, "br"))
            q[ENCODING_BR] = member_q(at, member_end);
        else if (token_is(at, len, "gzip") || token_is(at, len, "x-gzip"))
            q[ENCODING_GZIP] = member_q(at, member_end);
        else if (token_is(at, len, "identity"))
            q[ENCODING_IDENTITY] = member_q(at, member_end);
        else if (token_is(at, len, "*"))
            any = member_q(at, member_end);
        at = comma != NULL ? comma + 1 : end;
    }

    static const enum encoding ours[] = {ENCODING_BR, ENCODING_GZIP};
    enum encoding best = ENCODING_IDENTITY;
    int best_q = q[ENCODING_IDENTITY] != Q_UNSET ? q[ENCODING_IDENTITY] - 1 : 0;
    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
        int its_q = q[ours[i]] != Q_UNSET ? q[ours[i]] : any;
        if (representation->body[ours[i]].bytes != NULL && its_q > best_q) {
            best = ours[i];
            best_q = its_q;
        }
    }
    return best;
}

/* Is `range` this language, or one spoken somewhere: "de", "de-AT", "DE-1996"? */
static bool range_is(const char *range, size_t len, const char *language)
{
    size_t n = strlen(language);
    return len >= n && strncasecmp(range, language, n) == 0 && (len == n || range[n] == '-');
}

const struct strings *negotiate_language(struct slice accept_language)
{
    static const struct strings *const ours[] = {&strings_english, &strings_german, &strings_french,
                                                 &strings_spanish};
    const struct strings *best = strings_chosen();
    int best_q = 0;
    const char *at = accept_language.text, *end = at != NULL ? at + accept_language.len : NULL;
    while (at < end) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        const char *member_end = comma != NULL ? comma : end;
        size_t len = 0;
        while (at < member_end && is_space(*at))
            at++;
        while (at + len < member_end && at[len] != ';' && !is_space(at[len]))
            len++;
        int q = member_q(at, member_end);
        for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
            if (q > best_q && range_is(at, len, ours[i]->language)) {
                best = ours[i];
                best_q = q;
            }
        }
        at = comma != NULL ? comma + 1 : end;
    }
    return best;
}

const char *encoding_name(enum encoding encoding)
{
    return encoding == ENCODING_GZIP ? "gzip" : encoding == ENCODING_BR ? "br" : NULL;
}

static const char *skip_separators(const char *at, const char *end)
{
    while (at < end && (is_space(*at) || *at == ','))
        at++;
    return at;
}

bool negotiate_none_match(struct slice if_none_match, const char *etag, size_t etag_len)
{
    if (if_none_match.text == NULL)
        return false;
    const char *at = if_none_match.text, *end = at + if_none_match.len;
    at = skip_separators(at, end);
    if (at < end && *at == '*')
        return skip_separators(at + 1, end) == end;
    while (at < end) {
        if (end - at > 2 && at[0] == 'W' && at[1] == '/')
            at += 2;
        const char *close = *at == '"' ? memchr(at + 1, '"', (size_t)(end - at - 1)) : NULL;
        if (close == NULL)
            return false;
        if ((size_t)(close + 1 - at) == etag_len && memcmp(at, etag, etag_len) == 0)
            return true;
        at = skip_separators(close + 1, end);
    }
    return false;
}
