/* The neutral model -> a script for <script async src>: it puts the fragment of html.c into the page.
 *
 * The script leaves nothing behind but what it shows: no global, no listener that stays. Attributes of its
 * tag: data-target, a selector of the element that takes the list (default: where the tag stands);
 * data-markup, "only" or "none" as in the URL. Its nonce goes on to the block. What fails is said on the
 * console alone. */
#include <jansson.h>
#include <stdlib.h>

#include "format.h"
#include "jput.h"
#include "translators/base/arena.h"
#include "translators/base/must.h"

/* Where the tag is loaded before its target is parsed, the document's end is waited for. A block made by
 * createElement() rather than by innerHTML keeps its escapes when a crawler writes the page out again. */
static const char script_head[] =
    "(function (script, list, data) {\n"
    "  \"use strict\";\n"
    "  function warn(why) {\n"
    "    if (window.console) console.warn(\"marquee: \" + why);\n"
    "  }\n"
    "  function put() {\n"
    "    var selector = script.getAttribute(\"data-target\"), markup = "
    "script.getAttribute(\"data-markup\"),\n"
    "      target = selector && document.querySelector(selector),\n"
    "      parts = document.createElement(\"template\"), block;\n"
    "    if (selector && !target) {\n"
    "      if (document.readyState === \"loading\")\n"
    "        return document.addEventListener(\"DOMContentLoaded\", run, { once: true });\n"
    "      throw new Error(\"nothing in this page is \" + selector);\n"
    "    }\n"
    "    if (markup !== \"only\") parts.innerHTML = list;\n"
    "    if (parts.content.firstChild && !target && document.head.contains(script))\n"
    "      throw new Error(\"a script in the head needs data-target\");\n"
    "    if (data && markup !== \"none\") {\n"
    "      block = document.createElement(\"script\");\n"
    "      block.type = \"application/ld+json\";\n"
    "      if (script.nonce) block.nonce = script.nonce;\n"
    "      block.textContent = data;\n"
    "      parts.content.appendChild(block);\n"
    "    }\n"
    "    if (target) target.appendChild(parts.content);\n"
    "    else script.parentNode.insertBefore(parts.content, script);\n"
    "  }\n"
    "  function run() {\n"
    "    try { put(); } catch (error) { warn(error.message); }\n"
    "  }\n"
    "  if (script) run();\n"
    "  else warn(\"to be loaded by a script tag that is no module\");\n"
    "})(document.currentScript,\n";

/* What a format renders, as a literal of JavaScript. */
static void put_literal(const struct format *format, const struct document *document,
                        const struct render_options *options, struct arena *arena, struct buffer *out)
{
    struct buffer text = BUFFER_INIT(out->max);
    const char *why = NULL;
    json_t *literal;

    format->render(document, options, arena, &text, &why);
    literal = must(json_stringn(text.bytes ? text.bytes : "", text.len));
    jput(literal, JSON_ENCODE_ANY, out);
    out->overflowed |= text.overflowed;
    json_decref(literal);
    buffer_done(&text);
}

/* A half that is left out is "". */
static bool render_js(const struct document *document, const struct render_options *options,
                      struct arena *arena, struct buffer *out, const char **ret_why)
{
    struct render_options list = *options;

    (void)ret_why;
    list.markup = MARKUP_NONE;
    buffer_puts(out, script_head);
    if (options->markup != MARKUP_ONLY)
        put_literal(&format_html, document, &list, arena, out);
    else
        buffer_puts(out, "\"\"");
    buffer_puts(out, ",\n");
    if (options->markup != MARKUP_NONE && document->n_events > 0)
        put_literal(&format_jsonld, document, options, arena, out);
    else
        buffer_puts(out, "\"\"");
    buffer_puts(out, ");\n");
    return true;
}

const struct format format_js = {
    .name = "js",
    .media_type = "text/javascript; charset=utf-8",
    .render = render_js,
};
