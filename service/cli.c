/* What a person types and reads: the command line and the help texts. What the commands do: main.c. */
#include "cli.h"

#include <stdio.h>
#include <string.h>

#include "translators/ask/translator.h"

const char cli_general_help[] =
    "marquee " MARQUEE_VERSION ": concert APIs as schema.org JSON-LD, cached, over HTTPS\n"
    "\n"
    "  marquee serve [--config FILE]        run the service\n"
    "  marquee get PROVIDER RESOURCE NAME=VALUE ... [--config FILE]\n"
    "                                       print one document, for static sites and cron\n"
    "  marquee pages PROVIDER RESOURCE NAME=VALUE ... --out DIRECTORY [--config FILE]\n"
    "                                       write the pages of a tour as files, for static hosts\n"
    "  marquee sign URL [--days N] [--config FILE]\n"
    "                                       sign a link, for a service that answers signed links only\n"
    "  marquee purge PROVIDER ID [--config FILE]\n"
    "                                       have the running service forget an artist\n"
    "  marquee health [--config FILE]       ask the admin port whether the service serves\n"
    "  marquee check-config FILE            say what is wrong with a configuration, or print it whole\n"
    "  marquee check-config --sample        print a configuration that explains every setting\n"
    "  marquee --version\n"
    "  marquee COMMAND --help\n";

const char cli_serve_help[] =
    "marquee serve [--config FILE]\n"
    "\n"
    "Runs the service in the foreground and logs to standard error. Settings come from FILE and from the\n"
    "environment, which wins: MARQUEE_TLS_KEY=... for `[tls] key`. SIGTERM and SIGINT stop it after\n"
    "the requests under way; SIGHUP reads FILE, certificate and keys anew.\n"
    "Exit status: 0 stopped as asked, 1 could not run, 2 wrong usage or configuration.\n";

static const char get_help[] =
    "marquee get PROVIDER RESOURCE NAME=VALUE ... [--config FILE]\n"
    "\n"
    "Prints one document to standard output, with the parameters of the service URL, for example:\n"
    "  marquee get PROVIDER artist id=ID name=\"Milky Chance\" weburl=https://milkychanceofficial.com\n"
    "Exit status: 0 printed, 1 the upstream or the document failed, 2 wrong usage or configuration.\n"
    "\n"
    "Providers, their resources and ids:\n";

const char cli_pages_help[] =
    "marquee pages PROVIDER artist|venue id=ID pages=ADDRESS NAME=VALUE ... --out DIRECTORY\n"
    "\n"
    "Writes the pages of a tour, its feeds, calendars and sitemap into DIRECTORY: a page with all dates, and "
    "one\n"
    "for each of them. pages is the address that the directory has on the web. Also name, weburl, image, "
    "style,\n"
    "for example:\n"
    "  marquee pages PROVIDER artist id=ID pages=https://artist.example/tour --out public/tour\n"
    "  marquee pages --tour NAME --out DIRECTORY     the tour of the section [tour:NAME]\n"
    "  marquee pages --all --out DIRECTORY           all of them, into DIRECTORY/NAME\n"
    "Files that would not change are not touched; what was changed by hand, and what was never written by\n"
    "marquee, is left alone. When the upstream fails everything stays as it was.\n"
    "Exit status: 0 all is up to date, 1 the pages could not be had or written, 2 wrong usage or "
    "configuration.\n";

const char cli_health_help[] =
    "marquee health [--config FILE]\n"
    "\n"
    "Asks the first admin address of the configuration whether the service serves, for a container's or a\n"
    "load balancer's check. Waits 3 seconds at most.\n"
    "Exit status: 0 it serves, 1 it does not or does not answer, 2 there is no admin address, or wrong "
    "usage.\n";

const char cli_sign_help[] =
    "marquee sign URL [--days N] [--config FILE]\n"
    "\n"
    "Prints the link with a signature by [access] key_file, so that a service with that key answers it. "
    "With\n"
    "--days it ends after so many days. URL is a link of the service, or its path and query.\n"
    "Exit status: 0 printed, 2 wrong usage or configuration, or no link to a document.\n";

const char cli_purge_help[] =
    "marquee purge PROVIDER ID [--config FILE]\n"
    "\n"
    "Has the running service forget all that it keeps about an artist, a venue or an event: documents, "
    "pages\n"
    "and answers, in memory and in memcached. Asks the first admin address of the configuration; call it "
    "for\n"
    "each id that the artist has. What is asked for again comes from the provider anew: [access] deny ends "
    "that.\n"
    "\n"
    "Instances that share a memcached forget it within ten seconds, and remember it after a restart, for 31 "
    "days and\n"
    "the latest 256. Where there is no memcached, or it is down, call it for each instance.\n"
    "Exit status: 0 done, 1 the service does not answer or refuses, 2 wrong usage or no admin address.\n";

const char cli_check_help[] =
    "marquee check-config FILE\n"
    "\n"
    "Reads FILE and the environment as `marquee serve` would, and the certificate and key that they\n"
    "name. Prints every setting with its value, or one line that says what is wrong.\n"
    "Exit status: 0 good, 2 not.\n"
    "\n"
    "marquee check-config --sample\n"
    "\n"
    "Prints a configuration that explains every setting and shows its default.\n";

/* ---- command lines ---- */

bool cli_read(int argc, char **argv, struct command_line *ret)
{
    *ret = (struct command_line){.words = argv};
    for (int i = 0; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            ret->help = true;
        } else if (strcmp(argv[i], "--sample") == 0) {
            ret->sample = true;
        } else if (strcmp(argv[i], "--days") == 0 && i + 1 < argc) {
            ret->days = argv[++i];
        } else if (strncmp(argv[i], "--days=", 7) == 0) {
            ret->days = argv[i] + 7;
        } else if (strcmp(argv[i], "--all") == 0) {
            ret->all = true;
        } else if (strcmp(argv[i], "--tour") == 0 && i + 1 < argc) {
            ret->tour = argv[++i];
        } else if (strncmp(argv[i], "--tour=", 7) == 0) {
            ret->tour = argv[i] + 7;
        } else if (strcmp(argv[i], "--out") == 0 && i + 1 < argc) {
            ret->out = argv[++i];
        } else if (strncmp(argv[i], "--out=", 6) == 0) {
            ret->out = argv[i] + 6;
        } else if (strcmp(argv[i], "--config") == 0 && i + 1 < argc) {
            ret->config = argv[++i];
        } else if (strncmp(argv[i], "--config=", 9) == 0) {
            ret->config = argv[i] + 9;
        } else if (argv[i][0] == '-') {
            fprintf(stderr, "marquee: %s is no option here, or its value is missing; see --help\n", argv[i]);
            return false;
        } else {
            argv[ret->n_words++] = argv[i];
        }
    }
    return true;
}

void cli_print_get(void)
{
    fputs(get_help, stdout);
    for (size_t i = 0; translators[i] != NULL; i++) {
        for (const struct route *route = translators[i]->routes; route->step != NULL; route++)
            printf("  %s %s\n      %s\n", translators[i]->name, subject_name(route->subject),
                   strings_get(route->id_form));
    }
}
