/* What marquee's commands end with: the same for all of them, as their --help says. */
#ifndef MARQUEE_EXIT_STATUS_H
#define MARQUEE_EXIT_STATUS_H

enum exit_status {
    EXIT_OK = 0,
    EXIT_FAULT = 1, /* it could not be done this time */
    EXIT_USAGE = 2, /* wrong usage or configuration: it fails again until that is mended */
};

#endif
