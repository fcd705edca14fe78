/* Getters that make sure of the type of what an upstream sent. Not here: what a member means. */
#include "jget.h"

#include <string.h>

#include "translators/base/arena.h"
#include "translators/base/text.h"

#define TEXT_MAX_BYTES   4096
#define ID_MAX_BYTES     64
#define NUMBER_MAX_BYTES 64
#define COUNT_MAX        1000000
#define EXACT_REAL_MAX   9007199254740992.0 /* 2^53: integers up to here are exact in a double */

const json_t *jget(const json_t *object, const char *path)
{
    while (*path != '\0' && object != NULL) {
        size_t len = strcspn(path, ".");
        object = json_object_getn(object, path, len);
        path += len;
        path += *path == '.';
    }
    return json_is_null(object) ? NULL : object;
}

const json_t *jget_list(const json_t *object, const char *path)
{
    const json_t *list = jget(object, path);
    return json_is_array(list) || json_is_object(list) ? list : NULL;
}

size_t jget_size(const json_t *list)
{
    return json_is_object(list) ? 1 : json_array_size(list);
}

const json_t *jget_at(const json_t *list, size_t index)
{
    if (json_is_object(list))
        return index == 0 ? list : NULL;
    return json_array_get(list, index);
}

const char *jget_text(struct arena *arena, const json_t *object, const char *path)
{
    const json_t *text = jget(object, path);
    if (!json_is_string(text))
        return NULL;
    return text_clean(arena, json_string_value(text), json_string_length(text), TEXT_MAX_BYTES);
}

static bool is_id(const char *id, size_t len)
{
    static const char also[] = "_-";
    if (len == 0 || len > ID_MAX_BYTES)
        return false;
    for (size_t i = 0; i < len; i++)
        if (!((id[i] >= '0' && id[i] <= '9') || (id[i] >= 'A' && id[i] <= 'Z') ||
              (id[i] >= 'a' && id[i] <= 'z') || memchr(also, id[i], 2) != NULL))
            return false;
    return true;
}

const char *jget_id(struct arena *arena, const json_t *object, const char *path)
{
    const json_t *id = jget(object, path);
    if (json_is_integer(id))
        return arena_printf(arena, "%" JSON_INTEGER_FORMAT, json_integer_value(id));
    if (json_is_real(id)) {
        double value = json_real_value(id);
        if (!(value >= -EXACT_REAL_MAX && value <= EXACT_REAL_MAX) || value != (double)(json_int_t)value)
            return NULL;
        return arena_printf(arena, "%" JSON_INTEGER_FORMAT, (json_int_t)value);
    }
    if (!json_is_string(id) || !is_id(json_string_value(id), json_string_length(id)))
        return NULL;
    return arena_strndup(arena, json_string_value(id), json_string_length(id));
}

const char *jget_url(struct arena *arena, const json_t *object, const char *path)
{
    static const char blanks[] = " \t\r\n";
    const json_t *string = jget(object, path);
    if (!json_is_string(string))
        return NULL;
    const char *url = json_string_value(string), *end = url + json_string_length(string);
    while (url < end && memchr(blanks, *url, 4) != NULL)
        url++;
    while (url < end && memchr(blanks, end[-1], 4) != NULL)
        end--;
    size_t len = (size_t)(end - url);
    return text_is_web_url(url, len) ? arena_strndup(arena, url, len) : NULL;
}

bool jget_number(const json_t *object, const char *path, double *ret_number)
{
    const json_t *number = jget(object, path);
    json_t *parsed = NULL;
    if (json_is_string(number)) {
        /* jansson's own reader of numbers: the one that does not ask the locale. */
        size_t len = json_string_length(number);
        if (len <= NUMBER_MAX_BYTES)
            parsed = json_loadb(json_string_value(number), len, JSON_DECODE_ANY, NULL);
        number = parsed;
    }
    bool found = json_is_number(number);
    if (found)
        *ret_number = json_number_value(number);
    json_decref(parsed);
    return found;
}

int jget_count(const json_t *object, const char *path)
{
    double n;
    return jget_number(object, path, &n) && n >= 0 && n <= COUNT_MAX ? (int)n : -1;
}

bool jget_bool(const json_t *object, const char *path)
{
    return json_is_true(jget(object, path));
}

const char *jget_raw(const json_t *object, const char *path)
{
    return json_string_value(jget(object, path));
}
