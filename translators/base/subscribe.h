/* Links by which people subscribe to a calendar. `url` is its https address; all are new in `arena`. Pure. */
#ifndef MARQUEE_SUBSCRIBE_H
#define MARQUEE_SUBSCRIBE_H

struct arena;

/* "webcal://…": opens the calendar of a Mac, an iPhone and of Outlook classic; nothing on Android. */
const char *subscribe_webcal(struct arena *arena, const char *url);

/* Google Calendar's page that asks whether to add it. It wants the webcal: address. */
const char *subscribe_google(struct arena *arena, const char *url);

/* The same of Outlook on the web and the new Outlook, under the name `title`. */
const char *subscribe_outlook(struct arena *arena, const char *url, const char *title);

#endif
