/* Stands in for klib's khash.h, which h2o/http2_internal.h of libh2o 2.2.5 includes and Debian does not
 * install: enough for the header to compile. The table of streams is never looked into. */
#ifndef MARQUEE_FRONT_KHASH_H
#define MARQUEE_FRONT_KHASH_H

#include <stdint.h>

typedef uint32_t khiter_t;

#define khash_t(name)                      struct khash_##name
#define KHASH_MAP_INIT_INT64(name, type_t) khash_t(name);
#define kh_get(name, table, key)           ((void)(table), (void)(key), 0)
#define kh_end(table)                      0
#define kh_val(table, at)                  NULL

#endif
