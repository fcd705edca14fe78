/* The texts of each language, and how their gaps are filled. Not here: which text stands where. */
#include "strings.h"

#include <stdarg.h>
#include <string.h>

#include "arena.h"

#define MAX_GAPS 9

const struct strings strings_english = {
    .language = "en",
    .weekdays = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
    .months = {"January", "February", "March", "April", "May", "June", "July", "August", "September",
               "October", "November", "December"},
    .date = "{1}, {2} {3} {4}",
    .date_and_time = "{1}, {2}",
    .to = "to",

    .upcoming = "Upcoming dates",
    .upcoming_of = "{1}: upcoming dates",
    .nothing_upcoming = "No upcoming dates.",

    .cancelled = "Cancelled",
    .postponed = "Postponed",
    .rescheduled = "Rescheduled",
    .rescheduled_from = "Rescheduled from {1}",
    .status_and_name = "{1}: {2}",
    .name_and_venue = "{1} at {2}",
    .name_and_city = "{1} in {2}",

    .with = "with {1}",
    .and_more = "{1} and {2} more",
    .doors = "Doors {1}",
    .ages = "Ages {1}",
    .presented_by = "Presented by {1}",

    .tickets = "Tickets",
    .free_of_charge = "Free",
    .sold_out = "Sold out",
    .pre_order = "Pre-order",
    .price = "from {1} {2}",
    .price_range = "{1} to {2} {3}",
    .sale_begins = "On sale from {1}",
    .more_at = "More at {1}",

    .report_labels =
        {
            [REPORT_PAGE] = "A page of its own",
            [REPORT_ADDRESS] = "Address",
            [REPORT_STREET] = "Street",
            [REPORT_VENUE] = "Venue",
            [REPORT_HOUR] = "Time of day",
            [REPORT_TICKETS] = "Ticket link",
            [REPORT_PRICE] = "Price",
            [REPORT_AVAILABILITY] = "Ticket availability",
            [REPORT_IMAGE] = "Picture",
            [REPORT_PERFORMER] = "Performers",
            [REPORT_DESCRIPTION] = "Description",
            [REPORT_ORGANIZER] = "Organizer",
            [REPORT_END] = "End",
        },
    .report_whys =
        {
            [REPORT_PAGE] = "Google's event listings take an event only from a page that is about it alone.",
            [REPORT_ADDRESS] = "Required: without an address Google does not show the event.",
            [REPORT_STREET] = "Google calls a city alone too little: with the street people find the way.",
            [REPORT_VENUE] = "People look for the name of the venue.",
            [REPORT_HOUR] = "Without it people see the day alone.",
            [REPORT_TICKETS] = "Leads from the search result straight to the tickets.",
            [REPORT_PRICE] = "People compare; Google shows the lowest price, fees included.",
            [REPORT_AVAILABILITY] = "Says whether tickets are left or when the sale begins.",
            [REPORT_IMAGE] = "Results with a picture are seen first; at least 720 pixels wide.",
            [REPORT_PERFORMER] = "The event is found by the names of those who play.",
            [REPORT_DESCRIPTION] = "A sentence about this one event, not about the artist.",
            [REPORT_ORGANIZER] = "Who hosts the event: the venue or the promoter, not the artist.",
            [REPORT_END] = "People plan by it, where there is one: of festivals above all.",
        },
    .report_fix_page = "Make a page for each date on your site and give its address pattern (eventurl).",
    .report_fix_end = "Nothing needs to be done: a concert is complete without it.",
    .report_fix_some = "Complete it at {1}, on the page of the event.",
    .report_fix_all = "{1} says it of none of these events: add it on your own pages about them.",
};

/* The number of the gap that `text` begins with; 0 when it begins with none. */
static int gap_at(const char *text)
{
    return text[0] == '{' && text[1] >= '1' && text[1] <= '9' && text[2] == '}' ? text[1] - '0' : 0;
}

const char *strings_fill(struct arena *arena, const char *text, ...)
{
    const char *values[MAX_GAPS] = {NULL}, *value, *filled = "";
    va_list args;
    int n = 0;

    va_start(args, text);
    while ((value = va_arg(args, const char *)) != NULL && n < MAX_GAPS)
        values[n++] = value;
    va_end(args);
    while (*text != '\0') {
        int gap = gap_at(text);
        size_t plain = gap > 0 ? 3 : 1 + strcspn(text + 1, "{");

        value = gap == 0 ? arena_strndup(arena, text, plain) : gap <= n ? values[gap - 1] : "";
        filled = arena_printf(arena, "%s%s", filled, value);
        text += plain;
    }
    return filled;
}
