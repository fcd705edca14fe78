/* Elements, links and escapes of HTML. */
#include "hput.h"

#include <string.h>

#include "translators/base/text.h"

void hput_text(struct buffer *out, const char *text)
{
    while (*text != '\0') {
        size_t plain = strcspn(text, "&<>\"'");

        buffer_append(out, text, plain);
        text += plain;
        if (*text != '\0')
            buffer_printf(out, "&#%d;", *text++);
    }
}

static void open_tag(struct buffer *out, const char *tag, const char *attributes)
{
    buffer_printf(out, "<%s%s%s", tag, *attributes != '\0' ? " " : "", attributes);
}

void hput_element(struct buffer *out, const char *tag, const char *attributes, const char *text)
{
    if (text == NULL)
        return;
    open_tag(out, tag, attributes);
    buffer_puts(out, ">");
    hput_text(out, text);
    buffer_printf(out, "</%s>", tag);
}

static void put_link(struct buffer *out, const char *attributes, const char *rel, const char *url,
                     const char *text)
{
    if (url == NULL || !text_is_web_url(url, strlen(url))) {
        hput_element(out, "span", attributes, text);
        return;
    }
    open_tag(out, "a", attributes);
    buffer_printf(out, "%s href=\"", rel);
    hput_text(out, url);
    buffer_puts(out, "\">");
    hput_text(out, text);
    buffer_puts(out, "</a>");
}

void hput_link(struct buffer *out, const char *attributes, const char *url, const char *text)
{
    put_link(out, attributes, "", url, text);
}

void hput_nofollow_link(struct buffer *out, const char *attributes, const char *url, const char *text)
{
    put_link(out, attributes, " rel=\"nofollow\"", url, text);
}
