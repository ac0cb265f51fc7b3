/* What the files of plan/ share while a plan is being built. */
#ifndef DIVIDEND_PLAN_PLAN_PRIVATE_H
#define DIVIDEND_PLAN_PLAN_PRIVATE_H

#include "plan/plan.h"

struct builder {
    struct arena *arena;
    const struct library *library;
    const struct scenario *scenario;
    const struct model *model;
    struct diagnostics *diagnostics;
    struct program *program;
    struct plan *plan;
    enum health_variant variant;
    bool vary_all, without_irr;
    int worst_grade;
    const struct demand *const *extra_demands;
    size_t n_extra_demands;
    size_t group; /* whose amounts are compiled; SIZE_MAX: of all groups */
    struct plan_column *columns;
    size_t n_columns, columns_capacity;
    struct plan_use *uses;
    program_slot *use_slots; /* slot of uses[i] */
    size_t n_uses, uses_capacity, use_slots_capacity;
    struct plan_stock *stocks;
    size_t n_stocks, stocks_capacity;
};

/* Slot of an amount: numbers, inputs, evidence in the run's prices, `year`. */
program_slot plan_amount(struct builder *builder, const struct amount *amount);
/* The same, for amounts that must not vary by year (funnel, fades): else a diagnostic. */
program_slot plan_amount_fixed(struct builder *builder, const struct amount *amount,
                               const char *what);
program_slot plan_input(struct builder *builder, const struct input_value *value);
program_slot plan_parameter(struct builder *builder, const struct parameter *parameter);

/* Worst (highest) grade among the evidence an amount names; 6 where it names none. */
int plan_named_grade(const struct builder *builder, const struct amount *amount); /* 0: none */
int plan_amount_grade(const struct builder *builder, const struct amount *amount);

/* Operations that leave out multiplying by one. */
program_slot plan_multiply(struct builder *builder, program_slot a, program_slot b);
program_slot plan_scale(struct builder *builder, program_slot a, double factor);
program_slot plan_one_minus(struct builder *builder, program_slot a);
program_slot plan_one_plus(struct builder *builder, program_slot a);
program_slot plan_constant(struct builder *builder, double value);
/* a x (1 + growth)^year; growth may be uncertain. */
program_slot plan_grow(struct builder *builder, program_slot a, program_slot growth);

/* Ratio of price levels: from a financial year's prices to the run's. */
double plan_price_factor(const struct builder *builder, int price_year);

/* Shares of sectors, groups or pools as weights of sectors, in sector order. */
const struct plan_weight *plan_expand_weights(struct builder *builder, const struct share *shares,
                                              size_t n_shares, size_t *n_weights);

void plan_build_people(struct builder *builder);
size_t plan_build_stock(struct builder *builder, const struct profile *profile);
void plan_build_ledger(struct builder *builder);
/* Discount and price factors, and the value of a QALY. */
void plan_build_factors(struct builder *builder);
void plan_build_cells(struct builder *builder);
void plan_build_layout(struct builder *builder);

#endif
