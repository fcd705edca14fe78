/* The command line of marquee, and its help. */
#ifndef MARQUEE_CLI_H
#define MARQUEE_CLI_H

#include <stdbool.h>
#include <stddef.h>

struct command_line {
    const char *config; /* NULL: none was given */
    char **words;       /* what is no option, in order; borrowed from argv */
    size_t n_words;
    bool help, sample;
    const char *days; /* of sign: how long; NULL: none was given */
    const char *out;  /* of pages: the directory; NULL: none was given */
    const char *tour; /* of pages: a configured one; NULL: none was given */
    bool all;         /* of pages: all that are configured */
};

/* Reads what follows the command's name, sorting the words to the front of `argv`. False: an option that
 * nobody knows, or one without its value; said on standard error. */
bool cli_read(int argc, char **argv, struct command_line *ret);

extern const char cli_general_help[], cli_serve_help[], cli_pages_help[], cli_health_help[], cli_sign_help[],
    cli_purge_help[], cli_check_help[];

/* The help of get, with every provider's resources and ids, to standard output. */
void cli_print_get(void);

#endif
