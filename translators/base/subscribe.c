/* The two pages are not documented by their makers; this is how calendars in the wild link to them. */
#include "subscribe.h"

#include <string.h>

#include "arena.h"
#include "text.h"

const char *subscribe_webcal(struct arena *arena, const char *url)
{
    const char *rest = strstr(url, "://");

    return arena_printf(arena, "webcal%s", rest != NULL ? rest : url);
}

const char *subscribe_google(struct arena *arena, const char *url)
{
    return arena_printf(arena, "https://calendar.google.com/calendar/render?cid=%s",
                        text_escape(arena, subscribe_webcal(arena, url)));
}

const char *subscribe_outlook(struct arena *arena, const char *url, const char *title)
{
    return arena_printf(arena, "https://outlook.live.com/calendar/0/addfromweb?url=%s&name=%s",
                        text_escape(arena, url), text_escape(arena, title));
}
