/* The answers of the hostile modes: the functions behind struct fault's `edit`. */
#ifndef SIMULATOR_FAULT_EDITS_H
#define SIMULATOR_FAULT_EDITS_H

#include "tests/simulator/faults.h"

#define FAULT_HTML \
    "<!DOCTYPE html><html><head><title>Maintenance</title></head><body><h1>Back soon</h1></body></html>"
#define FAULT_ERROR \
    "{\"resultsPage\":{\"status\":\"error\",\"error\":{\"message\":\"Something went wrong\"}}}"

#define FAULT_QUOTA                                                                                      \
    "{\"fault\":{\"faultstring\":\"Rate limit quota violation. Quota limit  exceeded. Identifier : x\"," \
    "\"detail\":{\"errorcode\":\"policies.ratelimit.QuotaViolation\"}}}"
#define FAULT_SPIKE                                                               \
    "{\"fault\":{\"faultstring\":\"Spike arrest violation. Allowed rate : 5ps\"," \
    "\"detail\":{\"errorcode\":\"policies.ratelimit.SpikeArrestViolation\"}}}"

typedef struct reply *fault_edit_fn(const struct fault *fault, const struct reply *normal,
                                    const struct fault_places *places);

fault_edit_fn fault_edit_text;   /* `text` as JSON */
fault_edit_fn fault_edit_html;   /* `text` as a web page */
fault_edit_fn fault_edit_random; /* 512 bytes, always the same */
fault_edit_fn fault_edit_insert; /* `text` behind every `after` */
fault_edit_fn fault_edit_types;  /* other types */
fault_edit_fn fault_edit_moved;  /* the first event of a list a week later */
fault_edit_fn fault_edit_prefix; /* `text` before the body */
fault_edit_fn fault_edit_half;   /* half the body */
fault_edit_fn fault_edit_utf16;
fault_edit_fn fault_edit_deep;
fault_edit_fn fault_edit_huge_array;
fault_edit_fn fault_edit_gzip; /* compressed */
fault_edit_fn fault_edit_bomb;
fault_edit_fn fault_edit_not_gzip;
fault_edit_fn fault_edit_gzip_half;
fault_edit_fn fault_edit_retry;    /* Retry-After: `text`, or "date" */
fault_edit_fn fault_edit_quota;    /* `text` as JSON, a quota spent for an hour, `after` (NULL: 0) left */
fault_edit_fn fault_edit_redirect; /* Location: `text`; "@" at its end stands for the canary */
fault_edit_fn fault_edit_hops;     /* Location: here, until it was followed `text` times */
fault_edit_fn fault_edit_status;   /* the status with a fitting body */

#endif
