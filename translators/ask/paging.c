/* Pages of events, by what they say of themselves. */
#include "paging.h"

#include <stddef.h>

#include "jget.h"

/* The answer's own, should it be smaller than asked. */
static double page_size(const struct paging *paging, const json_t *answer)
{
    double per_page;

    return jget_number(answer, paging->size, &per_page) && per_page >= 1 && per_page <= paging->per_page
               ? per_page
               : paging->per_page;
}

bool paging_is_page(const struct paging *paging, const json_t *answer)
{
    const json_t *records = jget_list(answer, paging->list);
    size_t n = jget_size(records), n_shaped = 0;
    double count;

    for (size_t i = 0; i < n && n_shaped == 0; i++) {
        const json_t *record = jget_at(records, i);

        n_shaped += jget(record, "id") != NULL && json_is_object(jget(record, paging->mark));
    }
    if (jget(answer, paging->holder) != NULL && records == NULL)
        return false;
    return n == 0 || (n_shaped > 0 &&
                      ((double)n < page_size(paging, answer) || jget_number(answer, paging->count, &count)));
}

unsigned paging_count(const struct paging *paging, const json_t *first)
{
    double n_records, per_page = page_size(paging, first);

    if (!jget_number(first, paging->count, &n_records))
        return 1;
    if (n_records > paging->max_pages * per_page)
        return paging->max_pages;
    return n_records > per_page ? (unsigned)((n_records + per_page - 1) / per_page) : 1;
}
