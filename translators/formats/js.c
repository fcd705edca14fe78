/* The neutral model -> a script for <script async src>: it puts the fragment of html.c into the page.
 *
 * The script (script/tag.js) leaves nothing behind but what it shows: no global, no listener that stays.
 * Attributes of its tag: data-target, a selector of the element that takes the list (default: where the tag
 * stands); data-markup, "only" or "none" as in the URL. Its nonce goes on to the block. What fails is said on
 * the console alone. */
#include <jansson.h>
#include <string.h>

#include "format.h"
#include "jput.h"
#include "translators/base/arena.h"
#include "translators/base/must.h"
#include "translators/formats/script/script_text.h"

/* A text as a literal of JavaScript. */
static void put_literal(const char *text, size_t len, struct buffer *out)
{
    json_t *literal = must(json_stringn(text, len)); /* the model holds UTF-8 alone */

    jput(literal, JSON_ENCODE_ANY, out);
    json_decref(literal);
}

/* What a format renders. */
static void put_rendered(const struct format *format, const struct document *document,
                         const struct render_options *options, struct arena *arena, struct buffer *out)
{
    struct buffer text = BUFFER_INIT(out->max);
    const char *why = NULL;

    format->render(document, options, arena, &text, &why);
    put_literal(text.bytes != NULL ? text.bytes : "", text.len, out);
    out->overflowed |= text.overflowed;
    buffer_done(&text);
}

/* What the list is of: "songkick artist 6395144". By it the script knows what it has put into a page before.
 */
static void put_subject(const struct document *document, const struct render_options *options,
                        struct arena *arena, struct buffer *out)
{
    const char *text = arena_printf(arena, "%s %s %s", document->provider, subject_name(document->subject),
                                    options->id != NULL ? options->id : "");

    put_literal(text, strlen(text), out);
}

/* A half that is left out is "", a block without events "[]": then only an earlier one goes. */
static bool render_js(const struct document *document, const struct render_options *options,
                      struct arena *arena, struct buffer *out, const char **ret_why)
{
    struct render_options list = *options;

    (void)ret_why;
    list.markup = MARKUP_NONE;
    buffer_puts(out, script_text);
    if (options->markup != MARKUP_ONLY)
        put_rendered(&format_html, document, &list, arena, out);
    else
        buffer_puts(out, "\"\"");
    buffer_puts(out, ",\n");
    if (options->markup != MARKUP_NONE && document->n_events > 0)
        put_rendered(&format_jsonld, document, options, arena, out);
    else
        buffer_puts(out, options->markup != MARKUP_NONE ? "\"[]\"" : "\"\"");
    buffer_puts(out, ",\n");
    put_subject(document, options, arena, out);
    buffer_puts(out, ");\n");
    return true;
}

const struct format format_js = {
    .name = "js",
    .media_type = "text/javascript; charset=utf-8",
    .render = render_js,
};
