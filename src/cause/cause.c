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
    const struct cause_place *place = &splits->places[figure - splits->figures];
    *row = place->row;
    return place->split;
}
