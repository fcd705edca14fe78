/* Renders a finished plan in the format of the request. What the formats are: translators/formats/format.h.
 */
#include "render.h"

#include <string.h>

#include "service/config/access_load.h"
#include "service/config/config.h"
#include "service/document/document_link.h"
#include "translators/ask/plan.h"
#include "translators/base/arena.h"
#include "translators/base/buffer.h"
#include "translators/formats/eventurl.h"
#include "translators/formats/format.h"

static const char *given(const char *text)
{
    return text[0] != '\0' ? text : NULL;
}

/* With pages of marquee's own the address of each is known. */
static const char *eventurl_of(struct arena *arena, const struct document_request *request)
{
    return request->pages[0] != '\0' ? arena_printf(arena, "%s/" EVENTURL_OF_PAGES, request->pages)
                                     : given(request->eventurl);
}

struct cache_value *render_document(const struct config *config, const struct document_request *request,
                                    const struct plan *plan, const struct cache_value *previous,
                                    const struct representation_times *times)
{
    struct buffer text = BUFFER_INIT(config->limits.max_document_bytes);
    struct arena *arena = arena_new(config->limits.max_document_bytes);
    struct render_options options = {
        .strings = request->strings,
        .reader = request->reader,
        .id = request->id,
        .public_url = config->site.public_url,
        .eventurl = eventurl_of(arena, request),
        .pages = given(request->pages),
        .image = given(request->image),
        .calendar_url = request->calendar
                            ? config_sign(config, arena, config->site.public_url,
                                          document_link_calendar(arena, config->site.public_url, request))
                            : NULL,
        .indent = request->indent,
        .markup = request->markup,
        .translator = request->translator};
    const struct format *format = request->format;
    struct cache_value *value = NULL;
    const char *why = NULL;
    bool incomplete = plan_incomplete(plan);
    bool rendered = format->render(plan_document(plan), &options, arena, &text, &why);
    if (rendered && !text.overflowed)
        value = representation_new(format->media_type, text.bytes != NULL ? text.bytes : "", text.len,
                                   incomplete, PROBLEM_NONE, previous, times);
    else if (!rendered && why != NULL)
        value = representation_new("text/plain", why, strlen(why), incomplete, PROBLEM_UNPROCESSABLE, NULL,
                                   times);
    arena_free(arena);
    buffer_done(&text);
    return value;
}

struct cache_value *render_absence(const struct config *config, const char *why, int64_t now_s)
{
    int64_t until_s = now_s + config->cache.not_found_fresh_s;
    struct cache_value *value = cache_value_new(strlen(why), PROBLEM_NOT_FOUND, now_s, until_s, until_s);
    memcpy(value->bytes, why, value->len);
    return value;
}
