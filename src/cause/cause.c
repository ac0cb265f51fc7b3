#include "cause/cause.h"

const char *cause_method_name(enum cause_method method)
{
    static const char *const names[N_CAUSE_METHODS] = {[CAUSE_ALONE] = "alone",
                                                       [CAUSE_EXACT] = "exact",
                                                       [CAUSE_SAMPLED] = "sampled",
                                                       [CAUSE_TOGETHER] = "together"};
    return names[method];
}

const struct cause_split *cause_splits_find(const struct cause_splits *splits,
                                            const struct difference_figure *figure, size_t *row)
{
    for (size_t i = 0; i < splits->n_items; ++i) {
        for (size_t k = 0; k < splits->items[i].n_figures; ++k) {
            if (splits->items[i].figures[k] == figure) {
                *row = k;
                return &splits->items[i];
            }
        }
    }
    return NULL;
}
