/* A measure by name, as settings and options write it: MEASURE.WHO[.ITEM...][.STATISTIC][@YEAR].
 *
 *   net.public_sector                       net_cash.police.p05@3
 *   net_monetary_benefit.nhs.20000          volume.total.ae_attendance
 *   option_cost.nhs.combination             option_outcome.total.combination.qalys
 *
 * MEASURE is a name of summary.csv or options.csv; "@3" asks for model year 3 of net,
 * net_undiscounted and net_cash. Items: the threshold in GBP per QALY, the demand, or the option
 * and then category, outcome or threshold. */
#ifndef DIVIDEND_PLAN_MEASURE_REFERENCE_H
#define DIVIDEND_PLAN_MEASURE_REFERENCE_H

#include "plan/plan.h"

enum statistic { STATISTIC_MEAN, STATISTIC_SD, STATISTIC_QUANTILE };

struct measure_reference {
    size_t column; /* of plan->results */
    enum statistic statistic;
    double probability; /* STATISTIC_QUANTILE: "p05" is .05, "p975" is .975 */
};

/* False where the plan has no such measure. */
bool measure_reference_find(const struct plan *plan, const char *name,
                            struct measure_reference *out);

/* The name of a result column in the same grammar. */
const char *measure_reference_name(struct arena *arena, const struct plan *plan, size_t column);

/* The nearest name that the plan has, or NULL. */
const char *measure_reference_nearest(struct arena *arena, const struct plan *plan,
                                      const char *name);

#endif
