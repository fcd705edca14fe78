/* A request as the simulator's parts see it: a decoded path and raw parameters, whatever the protocol. */
#ifndef SIMULATOR_REQUEST_H
#define SIMULATOR_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#define REQUEST_PATH_BYTES  1024
#define REQUEST_VALUE_BYTES 512

struct request {
    char path[REQUEST_PATH_BYTES];  /* percent-decoded, without the query */
    char query[REQUEST_PATH_BYTES]; /* as sent, without "?" and without the key; "" when there is none */
    char key[REQUEST_VALUE_BYTES];  /* the value of apikey= or app_id=, decoded; "" when there is none */
};

/* Splits the target of a request line. False when it is too long or not a path. */
bool request_parse(const char *target, size_t target_len, struct request *ret_request);

/* The decoded value of a parameter; NULL when it is absent or too long. Lives in `value`. */
const char *request_param(const struct request *request, const char *name, char value[REQUEST_VALUE_BYTES]);

/* The same as a number from 0 on; `otherwise` when it is absent or not a number of up to nine digits. */
long request_number(const struct request *request, const char *name, long otherwise);

#endif
