#include "report/report_private.h"

void report_portfolios(struct text *out, const struct report_run *run, enum report_style style,
                       size_t width)
{
    (void)style;
    (void)width;
    for (size_t i = 0; i < run->n_portfolios; ++i) {
        const struct portfolio_result *p = &run->portfolios[i];
        for (size_t k = 0; k < p->n_sets; ++k) {
            text_printf(out, "%s found %d exact %d value %g full %g", p->sets[k].id,
                        p->sets[k].solution.found, p->sets[k].solution.exact,
                        p->sets[k].solution.value, p->sets[k].full_model_value);
            for (size_t j = 0; j < p->portfolio->n_programmes; ++j) {
                text_printf(out, " %d", p->sets[k].solution.level[j]);
            }
            text_append(out, "\n");
        }
        text_printf(out, "pooling %g glpk %g %s\n", p->value_of_pooling, p->glpk_value,
                    p->glpk_words);
    }
}
