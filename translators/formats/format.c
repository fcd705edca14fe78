/* The list of formats: one line for each, the default first. */
#include "format.h"

#include <string.h>

/* clang-format off */
const struct format *const formats[] = {
    &format_jsonld,
    &format_graph,
    &format_itemlist,
    &format_html,
    &format_js,
    &format_ics,
    &format_report,
    NULL,
};
/* clang-format on */

const struct format *format_find(const char *name, size_t len)
{
    for (size_t i = 0; formats[i] != NULL; i++) {
        if (strlen(formats[i]->name) == len && memcmp(formats[i]->name, name, len) == 0)
            return formats[i];
    }
    return NULL;
}

const char *format_names(void)
{
    return "jsonld, graph, itemlist, html, js, ics, report";
}

const struct strings *format_language(const struct render_options *options)
{
    return options->strings != NULL ? options->strings : strings_chosen();
}
