/* The keys that TLS session tickets are sealed with: a new one every few hours, and the two before it are
 * still accepted, so that what somebody records hangs on no key for long (RFC 5077 section 5.5). Several
 * instances can share them by a file: whoever finds the newest key too old writes the next one, the others
 * read it. */
#ifndef MARQUEE_TICKET_KEYS_H
#define MARQUEE_TICKET_KEYS_H

#include <stdbool.h>
#include <stdint.h>

#include "translators/base/fault.h"

#define TICKET_KEYS_PERIOD_S   (4 * 3600)
#define TICKET_KEYS_MAX        3
#define TICKET_KEYS_NAME_BYTES 16

struct ticket_keys;

struct ticket_key {
    unsigned char name[TICKET_KEYS_NAME_BYTES]; /* in the ticket, in plain text */
    unsigned char mac[32], aes[32];
};

/* New, with no key: ticket_keys_sweep() makes the first. */
struct ticket_keys *ticket_keys_new(void);
void ticket_keys_free(struct ticket_keys *keys); /* NULL is a no-op; wipes them */

/* Makes the next key when it is time, or reads the file `path` again when it has changed (NULL: no file).
 * `now_s` is Unix time. Quick: at the start and then about once a second, on one thread. False: the file
 * could be neither read nor made, and the keys are those from before, or one of this process alone. ret_fault
 * says what is wrong and what to do, also with true when the file could be read and not be written; ""
 * otherwise. */
bool ticket_keys_sweep(struct ticket_keys *keys, const char *path, int64_t now_s, struct fault *ret_fault);

/* Whether the file can be read, or made where there is none; writes nothing. False: ret_fault as above. */
bool ticket_keys_check(const char *path, struct fault *ret_fault);

/* ---- any thread ---- */

/* The newest key. False: there is none yet. The caller wipes the copy. */
bool ticket_keys_newest(struct ticket_keys *keys, struct ticket_key *ret);

/* The key of this name. False: there is none any more. *ret_old: it is not the newest. */
bool ticket_keys_find(struct ticket_keys *keys, const unsigned char name[TICKET_KEYS_NAME_BYTES],
                      struct ticket_key *ret, bool *ret_old);

#endif
