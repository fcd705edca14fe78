/* Hostile modes: what the simulator can do wrong, by name. A mode changes the answer, the way it is sent, or
 * both; faults.c makes the answers, whoever writes them (deliver.c, raw.c) knows the ways. */
#ifndef SIMULATOR_FAULTS_H
#define SIMULATOR_FAULTS_H

#include <stdbool.h>

#include "tests/simulator/reply.h"
#include "tests/simulator/request.h"

enum fault_way {
    WAY_WHOLE,
    WAY_HANG,         /* nothing, for FAULT_HANG_S; then a reset */
    WAY_RESET,        /* TCP reset instead of an answer */
    WAY_TRUNCATED,    /* half the body, then the end of the connection or stream */
    WAY_DRIP,         /* a byte of the body every FAULT_DRIP_MS */
    WAY_LENGTH_MORE,  /* Content-Length says more than is sent */
    WAY_LENGTH_LESS,  /* Content-Length says less than is sent */
    WAY_BIG_HEADER,   /* one header field of FAULT_BIG_HEADER_BYTES */
    WAY_MANY_HEADERS, /* FAULT_MANY_HEADERS fields */
    WAY_HUGE,         /* a body of FAULT_HUGE_BYTES */
    WAY_ENDLESS,      /* a body without end */
    /* from here on: bytes that no HTTP library writes; only the raw port has these */
    WAY_GARBAGE,          /* no HTTP at all */
    WAY_HTTP09,           /* the body alone */
    WAY_BAD_CHUNKS,       /* sizes of chunks that are no numbers */
    WAY_DRIP_HEADER,      /* a byte of the header every FAULT_DRIP_MS */
    WAY_TRUNCATED_HEADER, /* the connection ends within the header */
    WAY_1XX_FLOOD,        /* 100 Continue and 103 Early Hints without end */
};

#define WAY_FIRST_RAW WAY_GARBAGE

#define FAULT_HANG_S           60
#define FAULT_DRIP_MS          100
#define FAULT_BIG_HEADER_BYTES (400 * 1024)
#define FAULT_MANY_HEADERS     20000
#define FAULT_HUGE_BYTES       1300000000ull
#define FAULT_ENDLESS_BYTES    (1ull << 50) /* no client takes that much */

/* When a mode applies. */
enum fault_when { WHEN_ALWAYS, WHEN_THIRD, WHEN_FLAKY, WHEN_OLD_CONNECTION };

struct fault_places {
    unsigned port, canary_port;
    const struct request *request; /* the one that is answered */
};

struct fault {
    const char *name, *what;
    enum fault_way way;
    enum fault_when when;
    unsigned status; /* 0: as it was */
    /* New: the hostile answer instead of `normal`. NULL: the answer stays. */
    struct reply *(*edit)(const struct fault *fault, const struct reply *normal,
                          const struct fault_places *places);
    const char *text, *after; /* what `edit` needs: for insertions, what is put in and behind what */
    bool heavy;               /* the answer is costly and always the same: it is worth keeping */
};

/* The mode of a name; "400" to "599" are modes too. False: there is none. */
bool fault_named(const char *name, struct fault *ret_fault);

/* New: the answer in this mode. */
struct reply *fault_edit(const struct fault *fault, struct reply *normal, const struct fault_places *places);

/* Every mode with its description, one a line, to standard output. */
void fault_print_all(void);

#endif
