/* A language that there is not, which has every text in « », and reading what is outside of them. Included by
 * one test program, which speaks it in place of the program's. */
#ifndef MARQUEE_TEST_WRAPPED_H
#define MARQUEE_TEST_WRAPPED_H

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "translators/ask/translator.h"
#include "translators/base/arena.h"
#include "translators/base/strings.h"

#define OPENS  "\xc2\xab"
#define CLOSES "\xc2\xbb"

static struct strings wrapped;

static inline void wrap_all(struct arena *arena)
{
    wrapped.language = "en-x-wrapped";
    for (int id = STRING_NONE + 1; id < STRINGS; id++)
        wrapped.texts[id] = arena_printf(arena, OPENS "%s" CLOSES, strings_english.texts[id]);
}

/* In place of translators/base/language.c. */
const struct strings *strings_chosen(void)
{
    return &wrapped;
}

/* ---- what is read ---- */

/* Names are the same in every language, and attributions are dictated. */
static size_t name_at(const char *text)
{
    static const char *const names[] = {
        "marquee", "React",  "fetch",    "PHP",       "WordPress", "Node",
        "Python",  "Hugo",   "Eleventy", "nginx",     "USD",       "https://1.example",
        "&amp;",   "&lt;",   "&gt;",     "&quot;",    "&#39;",     "T20:00",
        "{id}",    "{date}", "{city}",   "{venue}",   "{name}",    "Mira Vale",
        "\\n",     "artist", "format",   "parameters"};
    size_t len = 0;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strncmp(text, names[i], strlen(names[i])) == 0)
            len = strlen(names[i]);
    }
    for (size_t i = 0; translators[i] != NULL; i++) {
        const char *const own[] = {translators[i]->title, translators[i]->attribution};
        for (int k = 0; k < 2; k++) {
            if (strncmp(text, own[k], strlen(own[k])) == 0 && strlen(own[k]) > len)
                len = strlen(own[k]);
        }
    }
    return len;
}

/* Reads on where `*depth` left off: a text may go on behind a tag. */
static void read_text(const char *text, size_t len, int *depth, const char *where)
{
    for (const char *at = text; at < text + len;) {
        size_t name_len = name_at(at);
        if (strncmp(at, OPENS, 2) == 0)
            ++*depth;
        else if (strncmp(at, CLOSES, 2) == 0)
            --*depth;
        else if (*depth == 0 && name_len > 0)
            at += name_len - 1;
        else if (*depth == 0 && isalpha((unsigned char)*at))
            fail_msg("%s: \"%.60s\" is not in the texts of a language", where, at);
        at++;
    }
}

static inline void read_all(const char *text, const char *where)
{
    int depth = 0;
    read_text(text, strlen(text), &depth, where);
    assert_int_equal(depth, 0);
}

/* The attributes that people read or hear, and the words of the script. */
static void read_attributes(const char *tag, const char *end, const char *where)
{
    static const char *const read[] = {" aria-label=\"",  " content=\"",   " data-busy=\"",
                                       " data-failed=\"", " data-done=\"", " data-copy=\"",
                                       " data-copied=\"", " title=\"",     " alt=\""};
    bool is_name = memmem(tag, (size_t)(end - tag), "name=\"viewport\"", 15) != NULL ||
                   memmem(tag, (size_t)(end - tag), "name=\"color-scheme\"", 19) != NULL;
    for (size_t i = 0; !is_name && i < sizeof(read) / sizeof(read[0]); i++) {
        int depth = 0;
        const char *value = memmem(tag, (size_t)(end - tag), read[i], strlen(read[i]));
        if (value == NULL)
            continue;
        value += strlen(read[i]);
        read_text(value, strcspn(value, "\""), &depth, where);
        assert_int_equal(depth, 0);
    }
}

static bool is_tag(const char *at, const char *name)
{
    return strncmp(at + 1, name, strlen(name)) == 0 && !isalpha((unsigned char)at[1 + strlen(name)]);
}

/* Code is no language. Returns where the text after the tag begins. */
static const char *behind_tag(const char *tag, const char *where)
{
    static const char *const code[] = {"script", "code", "style"};
    const char *end = strchr(tag, '>');
    assert_non_null(end);
    read_attributes(tag, end, where);
    for (int i = 0; i < 3; i++) {
        char close[16];
        snprintf(close, sizeof(close), "</%s>", code[i]);
        if (is_tag(tag, code[i]))
            return strstr(end, close);
    }
    return end + 1;
}

static inline void read_html(const char *html, const char *where)
{
    int depth = 0;
    while (*html != '\0') {
        size_t len = strcspn(html, "<");
        read_text(html, len, &depth, where);
        html += len;
        if (*html == '<')
            html = behind_tag(html, where);
        assert_non_null(html);
    }
    assert_int_equal(depth, 0);
}

#endif
