#include "plan/plan.h"

#include <assert.h>

struct flow_row {
    const char *name, *label;
    double sign;
    bool is_cash;
};

static const struct flow_row flow_rows[N_FLOW_KINDS] = {
    [FLOW_COST_CASH] = {"cost_cash", "Cash cost", -1.0, true},
    [FLOW_COST_REDEPLOYED] = {"cost_redeployed", "Redeployed cost", -1.0, false},
    [FLOW_COST_IN_KIND] = {"cost_in_kind", "Cost in kind", -1.0, false},
    [FLOW_CASHABLE] = {"cashable", "Cashable saving", 1.0, true},
    [FLOW_NON_CASHABLE] = {"non_cashable", "Non-cashable saving", 1.0, false},
    [FLOW_ECONOMIC] = {"economic", "Economic value", 1.0, false},
    [FLOW_SOCIAL] = {"social", "Social value", 1.0, false},
    [FLOW_QALY_VALUE] = {"qaly_value", "Value of QALYs", 1.0, false},
    [FLOW_TRANSFER] = {"transfer", "Transfer", 1.0, true},
    [FLOW_LEVERED_IN] = {"levered_in", "Levered in", 0.0, false},
};

const char *flow_kind_name(enum flow_kind kind)
{
    return flow_rows[kind].name;
}

const char *flow_kind_label(enum flow_kind kind)
{
    return flow_rows[kind].label;
}

double flow_kind_sign(enum flow_kind kind)
{
    return flow_rows[kind].sign;
}

bool flow_kind_is_cash(enum flow_kind kind)
{
    return flow_rows[kind].is_cash;
}

struct measure_row {
    const char *name, *label, *unit, *numerator, *denominator;
};

static const struct measure_row measure_rows[N_MEASURES] = {
    [MEASURE_PV_COST_CASH] = {"pv_cost_cash", "Cash cost", "GBP", NULL, NULL},
    [MEASURE_PV_COST_REDEPLOYED] = {"pv_cost_redeployed", "Redeployed cost", "GBP", NULL, NULL},
    [MEASURE_PV_COST_IN_KIND] = {"pv_cost_in_kind", "Cost in kind", "GBP", NULL, NULL},
    [MEASURE_PV_CASHABLE] = {"pv_cashable", "Cashable savings", "GBP", NULL, NULL},
    [MEASURE_PV_NON_CASHABLE] = {"pv_non_cashable", "Non-cashable savings", "GBP", NULL, NULL},
    [MEASURE_PV_ECONOMIC] = {"pv_economic", "Economic value", "GBP", NULL, NULL},
    [MEASURE_PV_SOCIAL] = {"pv_social", "Social value", "GBP", NULL, NULL},
    [MEASURE_PV_QALY_VALUE] = {"pv_qaly_value", "Value of QALYs", "GBP", NULL, NULL},
    [MEASURE_PV_TRANSFER] = {"pv_transfer", "Transfers", "GBP", NULL, NULL},
    [MEASURE_PV_LEVERED_IN] = {"pv_levered_in", "Levered in", "GBP", NULL, NULL},
    [MEASURE_PV_COST] = {"pv_cost", "Cost", "GBP", NULL, NULL},
    [MEASURE_NET] = {"net", "Net present value", "GBP", NULL, NULL},
    [MEASURE_NET_FISCAL] = {"net_fiscal", "Net fiscal", "GBP", NULL, NULL},
    [MEASURE_NET_UNDISCOUNTED] = {"net_undiscounted", "Net, undiscounted", "GBP", NULL, NULL},
    [MEASURE_NET_CASH] = {"net_cash", "Net cash, nominal", "GBP", NULL, NULL},
    [MEASURE_BCR] = {"bcr", "Benefit-cost ratio", "ratio",
                     "cashable + non-cashable + economic + social + QALY value + transfers",
                     "cash + redeployed + in-kind cost"},
    [MEASURE_RETURN_CASHABLE] = {"return_cashable", "Cashable return per £1", "ratio", "cashable",
                                 "cash + redeployed + in-kind cost"},
    [MEASURE_RETURN_FISCAL] = {"return_fiscal", "Fiscal return per £1", "ratio",
                               "cashable + non-cashable", "cash + redeployed + in-kind cost"},
    [MEASURE_RETURN_PUBLIC_VALUE] = {"return_public_value", "Public value per £1", "ratio",
                                     "cashable + non-cashable + economic + social + QALY value",
                                     "cash + redeployed + in-kind cost"},
    [MEASURE_IRR] = {"irr", "Internal rate of return", "a year", NULL, NULL},
    [MEASURE_PAYBACK_DISCOUNTED] = {"payback_year_discounted", "Payback, discounted", "model year",
                                    NULL, NULL},
    [MEASURE_PAYBACK_UNDISCOUNTED] = {"payback_year_undiscounted", "Payback, undiscounted",
                                      "model year", NULL, NULL},
    [MEASURE_NET_AT] = {"net_at", "Net present value through the year", "GBP", NULL, NULL},
    [MEASURE_NET_UNDISCOUNTED_AT] = {"net_undiscounted_at", "Net, undiscounted, through the year",
                                     "GBP", NULL, NULL},
    [MEASURE_NET_CASH_AT] = {"net_cash_at", "Net cash, nominal, through the year", "GBP", NULL,
                             NULL},
    [MEASURE_NET_REAL_YEAR] = {"net_real_year", "Net of the year, real", "GBP", NULL, NULL},
    [MEASURE_QALYS] = {"qalys", "QALYs, discounted", "QALY", NULL, NULL},
    [MEASURE_QALYS_UNDISCOUNTED] = {"qalys_undiscounted", "QALYs, undiscounted", "QALY", NULL,
                                    NULL},
    [MEASURE_QALYS_YEAR] = {"qalys_year", "QALYs of the year", "QALY", NULL, NULL},
    [MEASURE_NMB] = {"net_monetary_benefit", "Net monetary benefit", "GBP", NULL, NULL},
    [MEASURE_COST_PER_QALY] = {"cost_per_qaly", "Cost per QALY", "GBP/QALY",
                               "costs - cashable - non-cashable - transfers", "QALYs, discounted"},
    [MEASURE_VOLUME] = {"volume", "Demand avoided", "unit", NULL, NULL},
    [MEASURE_VOLUME_YEAR] = {"volume_year", "Demand avoided in the year", "unit", NULL, NULL},
    [MEASURE_COST_PER_OUTCOME] = {"cost_per_outcome", "Cost per outcome", "GBP/unit",
                                  "cash + redeployed + in-kind cost",
                                  "units avoided, undiscounted"},
    [MEASURE_OPTION_COST] = {"option_cost", "Cost a person", "GBP", NULL, NULL},
    [MEASURE_OPTION_COST_UNDISCOUNTED] = {"option_cost_undiscounted", "Cost a person, undiscounted",
                                          "GBP", NULL, NULL},
    [MEASURE_OPTION_CATEGORY_COST] = {"option_category_cost", "Cost a person by category", "GBP",
                                      NULL, NULL},
    [MEASURE_OPTION_CATEGORY_COST_UNDISCOUNTED] = {"option_category_cost_undiscounted",
                                                   "Cost a person by category, undiscounted", "GBP",
                                                   NULL, NULL},
    [MEASURE_OPTION_OUTCOME] = {"option_outcome", "Outcome a person", "unit", NULL, NULL},
    [MEASURE_OPTION_OUTCOME_UNDISCOUNTED] = {"option_outcome_undiscounted",
                                             "Outcome a person, undiscounted", "unit", NULL, NULL},
    [MEASURE_OPTION_COST_DIFFERENCE] = {"option_cost_difference",
                                        "Cost a person against the first option", "GBP", NULL,
                                        NULL},
    [MEASURE_OPTION_OUTCOME_DIFFERENCE] = {"option_outcome_difference",
                                           "Outcome a person against the first option", "unit",
                                           NULL, NULL},
    [MEASURE_OPTION_NMB] = {"option_net_monetary_benefit", "Net monetary benefit a person", "GBP",
                            NULL, NULL},
    [MEASURE_OPTION_NMB_DIFFERENCE] = {"option_net_monetary_benefit_difference",
                                       "Net monetary benefit against the first option", "GBP", NULL,
                                       NULL},
    [MEASURE_FLOW_YEAR] = {"flow_year", "Flow of the year, real", "GBP", NULL, NULL},
    [MEASURE_CELL_PARTICIPANTS] = {"group_participants", "People who take part", "people", NULL,
                                   NULL},
    [MEASURE_CELL_QALYS] = {"group_qalys", "QALYs of the group, discounted", "QALY", NULL, NULL},
    [MEASURE_CELL_VALUE] = {"group_value", "Value of demand avoided in the group", "GBP", NULL,
                            NULL},
};

const char *measure_name(enum measure measure)
{
    return measure_rows[measure].name;
}

const char *measure_label(enum measure measure)
{
    return measure_rows[measure].label;
}

const char *measure_unit(enum measure measure)
{
    return measure_rows[measure].unit;
}

const char *measure_numerator(enum measure measure)
{
    return measure_rows[measure].numerator;
}

const char *measure_denominator(enum measure measure)
{
    return measure_rows[measure].denominator;
}
