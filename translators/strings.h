/* Every text of ours that visitors of a site read in its language. A language is one `struct strings` in
 * strings.c; how the texts are put together is prose.c's business. */
#ifndef MARQUEE_STRINGS_H
#define MARQUEE_STRINGS_H

struct arena;

/* What the report looks for: report.h. */
enum report_field {
    REPORT_PAGE,
    REPORT_ADDRESS,
    REPORT_STREET,
    REPORT_VENUE,
    REPORT_HOUR,
    REPORT_TICKETS,
    REPORT_PRICE,
    REPORT_AVAILABILITY,
    REPORT_IMAGE,
    REPORT_PERFORMER,
    REPORT_DESCRIPTION,
    REPORT_ORGANIZER,
    REPORT_END,
    REPORT_FIELDS
};

/* {1}, {2} … stand for what strings_fill() puts there; a language may have them in any order. */
struct strings {
    const char *language; /* BCP 47 */
    const char *weekdays[7];
    const char *months[12];
    const char *date;          /* weekday, day, month, year */
    const char *date_and_time; /* date, hour and minute */
    const char *to;            /* between the first and the last day */

    const char *upcoming, *upcoming_of; /* what the list is; of whom */
    const char *nothing_upcoming;

    const char *cancelled, *postponed, *rescheduled;
    const char *rescheduled_from;               /* date */
    const char *status_and_name;                /* status, name of the event */
    const char *name_and_venue, *name_and_city; /* name of the event, where it is */

    const char *with;         /* names of acts */
    const char *and_more;     /* names of acts, how many more */
    const char *doors;        /* hour and minute */
    const char *ages;         /* range of ages */
    const char *presented_by; /* organizer */

    const char *tickets, *free_of_charge, *sold_out, *pre_order;
    const char *price, *price_range; /* amount or amounts, currency */
    const char *sale_begins;         /* date */
    const char *more_at;             /* provider */

    const char *report_labels[REPORT_FIELDS], *report_whys[REPORT_FIELDS];
    const char *report_fix_page, *report_fix_end;
    const char *report_fix_some, *report_fix_all; /* provider */
};

extern const struct strings strings_english;

/* `text` with {1}, {2} … replaced by the texts that follow, up to nine of them and a NULL. New in `arena`. */
const char *strings_fill(struct arena *arena, const char *text, ...) __attribute__((sentinel));

#endif
