/* NULL-tolerant getters over jansson: what is absent, null or of another type is "not there", never a crash.
 *
 * Strings come out as text people may read: repaired and cleaned once, here, by text.c. Numbers that arrive
 * as strings and ids that arrive as numbers are taken for what they mean. */
#ifndef MARQUEE_JGET_H
#define MARQUEE_JGET_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct arena;

/* The member at a path of keys separated by dots, "venue.metroArea.country"; NULL when any step is not there.
 * The path "" is the value itself, for lists of strings. */
const json_t *jget(const json_t *object, const char *path);

/* An array or NULL; an object where an array is expected counts as an array of that one object: then
 * jget_size() is 1 and jget_at(…, 0) the object itself. */
const json_t *jget_list(const json_t *object, const char *path);
size_t jget_size(const json_t *list); /* 0 for NULL */
const json_t *jget_at(const json_t *list, size_t index);

/* Cleaned text, at most 4,096 bytes; NULL when it is not there, no string, or nothing is left of it. */
const char *jget_text(struct arena *arena, const json_t *object, const char *path);

/* An id as text: an integer, a real without fraction, or a string of up to 64 bytes in [A-Za-z0-9_-]; else
 * NULL. */
const char *jget_id(struct arena *arena, const json_t *object, const char *path);

/* A URL by text_is_web_url(), white space at its ends left out; else NULL. */
const char *jget_url(struct arena *arena, const json_t *object, const char *path);

/* A number, always finite, or a string that is one of JSON's form as a whole. False leaves *ret_number. */
bool jget_number(const json_t *object, const char *path, double *ret_number);

/* How many there are of something, as a number of jget_number() without its fraction: 0 to 1,000,000; -1 when
 * it is not there or is none of these. */
int jget_count(const json_t *object, const char *path);

/* True only for JSON true. */
bool jget_bool(const json_t *object, const char *path);

/* The string member as it came, for codes and dates that are parsed strictly; NULL when it is no string. */
const char *jget_raw(const json_t *object, const char *path);

#endif
