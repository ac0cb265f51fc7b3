#include "evaluate/life_table.h"

#include "base/vector.h"
#include "evaluate/cohort_kernels.h"

#include <stdlib.h>
#include <string.h>

/* Columns of draws. */
struct life_table {
    double *well, *ill; /* [option][disease]: shares among those whom the disease has not killed */
    double *alive;      /* [option] */
    double *impact;     /* [option][disease]: 1 - potential impact fraction */
    double *prevalence; /* [option][disease], mean of the year */
    double *incidence;  /* [option][disease], after the impact */
    double *excess;     /* [option]: death rate above that of the first option */
    double *gain;       /* [option]: utility above that of the first option */
    double *work[4];
};

struct life_table *life_table_new(const struct plan_health *plan)
{
    struct life_table *table = memory_alloc(sizeof *table);
    size_t options = plan->model->n_options * PROGRAM_BLOCK;
    size_t cells = options * (plan->life_table->n_diseases + 1);
    *table = (struct life_table){.well = memory_columns(cells),
                                 .ill = memory_columns(cells),
                                 .alive = memory_columns(options),
                                 .impact = memory_columns(cells),
                                 .prevalence = memory_columns(cells),
                                 .incidence = memory_columns(cells),
                                 .excess = memory_columns(options),
                                 .gain = memory_columns(options)};
    for (size_t i = 0; i < 4; ++i) {
        table->work[i] = memory_columns(PROGRAM_BLOCK);
    }
    return table;
}

void life_table_free(struct life_table *table)
{
    if (table == NULL) {
        return;
    }
    free(table->well);
    free(table->ill);
    free(table->alive);
    free(table->impact);
    free(table->prevalence);
    free(table->incidence);
    free(table->excess);
    free(table->gain);
    for (size_t i = 0; i < 4; ++i) {
        free(table->work[i]);
    }
    free(table);
}

static double *slot_column(const struct health_evaluation *health, program_slot slot)
{
    return program_step_column(health->plan->program, health->workspace, slot, 0);
}

static double *cell(double *columns, const struct plan_health *plan, size_t option, size_t disease)
{
    return columns + (option * plan->life_table->n_diseases + disease) * PROGRAM_BLOCK;
}

static const struct plan_disease *disease_of(const struct plan_health *plan, size_t option,
                                             size_t disease)
{
    return &plan->life_table->diseases[option * plan->life_table->n_diseases + disease];
}

/* sum over categories of share x relative risk */
static void mean_risk(const struct health_evaluation *health, const struct plan_risk *risk,
                      size_t option, size_t disease, size_t n_draws, double *sum)
{
    const struct vector_kernels *kernels = vector_kernels();
    kernels->fill(n_draws, 0.0, sum);
    for (size_t k = 0; k < risk->n_categories; ++k) {
        const double *share = slot_column(health, risk->shares[option * risk->n_categories + k]);
        size_t n_diseases = health->plan->life_table->n_diseases;
        program_slot ratio =
            risk->relative_risks[(option * risk->n_categories + k) * n_diseases + disease];
        if (ratio == PROGRAM_NO_SLOT) {
            kernels->add(n_draws, sum, share, sum);
        } else {
            kernels->add_product(n_draws, share, slot_column(health, ratio), sum);
        }
    }
}

/* Several risks combine by multiplying what each leaves. */
static void fill_impact(struct health_evaluation *health, size_t option, size_t disease,
                        size_t year, size_t n_draws)
{
    const struct plan_health *plan = health->plan;
    struct life_table *table = health->life_table;
    double *impact = cell(table->impact, plan, option, disease);
    vector_kernels()->fill(n_draws, 1.0, impact);
    for (size_t i = 0; i < plan->life_table->n_risks; ++i) {
        const struct plan_risk *risk = &plan->life_table->risks[i];
        size_t n = risk->n_categories, n_ratios = n * plan->life_table->n_diseases;
        bool same =
            memcmp(risk->shares, risk->shares + option * n, n * sizeof *risk->shares) == 0 &&
            memcmp(risk->relative_risks, risk->relative_risks + option * n_ratios,
                   n_ratios * sizeof *risk->relative_risks) == 0;
        if (same || year < risk->lag_years) {
            continue;
        }
        mean_risk(health, risk, option, disease, n_draws, table->work[0]);
        mean_risk(health, risk, 0, disease, n_draws, table->work[1]);
        vector_kernels()->divide(n_draws, table->work[0], table->work[1], table->work[0]);
        vector_kernels()->multiply(n_draws, impact, table->work[0], impact);
    }
}

/* A year of one disease: shares well and ill, mean prevalence. */
static void run_disease(struct health_evaluation *health, size_t option, size_t disease,
                        size_t year, size_t n_draws)
{
    const struct plan_health *plan = health->plan;
    const struct plan_disease *slots = disease_of(plan, option, disease);
    struct life_table *table = health->life_table;
    double *incidence = cell(table->incidence, plan, option, disease);
    fill_impact(health, option, disease, year, n_draws);
    vector_kernels()->multiply(n_draws, slot_column(health, slots->incidence),
                               cell(table->impact, plan, option, disease), incidence);
    const struct disease_year step = {.incidence = incidence,
                                      .remission = slot_column(health, slots->remission),
                                      .fatality = slot_column(health, slots->case_fatality),
                                      .decay = table->work[0],
                                      .half_root = table->work[1],
                                      .grow = table->work[2],
                                      .well = cell(table->well, plan, option, disease),
                                      .ill = cell(table->ill, plan, option, disease),
                                      .prevalence = cell(table->prevalence, plan, option, disease)};
    cohort_kernels()->disease_roots(n_draws, &step);
    vector_kernels()->exp(n_draws, step.decay, step.decay);
    vector_kernels()->exp(n_draws, step.half_root, step.grow);
    cohort_kernels()->disease_step(n_draws, &step);
}

/* Deaths and utility against the first option. */
static void compare_option(struct health_evaluation *health, size_t option, size_t n_draws)
{
    const struct plan_health *plan = health->plan;
    const struct vector_kernels *kernels = vector_kernels();
    struct life_table *table = health->life_table;
    double *excess = table->excess + option * PROGRAM_BLOCK;
    double *gain = table->gain + option * PROGRAM_BLOCK;
    kernels->fill(n_draws, 0.0, excess);
    kernels->fill(n_draws, 0.0, gain);
    for (size_t d = 0; option > 0 && d < plan->life_table->n_diseases; ++d) {
        const struct plan_disease *own = disease_of(plan, option, d);
        const struct plan_disease *first = disease_of(plan, 0, d);
        const double *mine = cell(table->prevalence, plan, option, d);
        const double *theirs = cell(table->prevalence, plan, 0, d);
        kernels->multiply(n_draws, mine, slot_column(health, own->case_fatality), table->work[0]);
        kernels->multiply(n_draws, theirs, slot_column(health, first->case_fatality),
                          table->work[1]);
        kernels->add(n_draws, excess, table->work[0], excess);
        kernels->subtract(n_draws, excess, table->work[1], excess);
        kernels->multiply(n_draws, theirs, slot_column(health, first->utility_loss),
                          table->work[0]);
        kernels->multiply(n_draws, mine, slot_column(health, own->utility_loss), table->work[1]);
        kernels->add(n_draws, gain, table->work[0], gain);
        kernels->subtract(n_draws, gain, table->work[1], gain);
    }
}

static void add_flow(struct health_evaluation *health, size_t option, size_t account, size_t group,
                     size_t year, const double *value, size_t n_draws)
{
    const struct plan_health *plan = health->plan;
    size_t stride = plan->n_cycles + 1;
    double weight = plan->group_weights[group];
    if (health->yearly != NULL) {
        if (year < health->n_years) {
            vector_kernels()->add_scaled(n_draws, value, weight,
                                         health_year(health, option, account, year));
        }
        return;
    }
    size_t schedule = plan->accounts[account].schedule;
    vector_kernels()->add_scaled(n_draws, value, weight,
                                 health_total(health, option, account, false));
    vector_kernels()->add_scaled(n_draws, value, weight * plan->year[schedule * stride + year],
                                 health_total(health, option, account, true));
}

/* Years lived by those alive at its start, and what goes with them. */
static void run_year(struct health_evaluation *health, size_t option, size_t group, size_t year,
                     size_t n_draws)
{
    const struct plan_health *plan = health->plan;
    const struct plan_life_table *model = plan->life_table;
    const struct vector_kernels *kernels = vector_kernels();
    struct life_table *table = health->life_table;
    double *alive = table->alive + option * PROGRAM_BLOCK;
    double *rate = table->work[0], *lived = table->work[1], *value = table->work[2];
    kernels->add(n_draws, slot_column(health, model->mortality),
                 table->excess + option * PROGRAM_BLOCK, rate);
    kernels->maximum(n_draws, rate, health->zeros, rate);
    kernels->negate(n_draws, rate, rate);
    kernels->exp(n_draws, rate, rate); /* survival of the year */
    memcpy(lived, alive, n_draws * sizeof *lived);
    kernels->multiply(n_draws, alive, rate, alive);
    kernels->add(n_draws, lived, alive, lived);
    kernels->scale(n_draws, lived, 0.5, lived);
    add_flow(health, option, model->year_account, group, year, lived, n_draws);
    kernels->add(n_draws, slot_column(health, model->utility), table->gain + option * PROGRAM_BLOCK,
                 value);
    kernels->multiply(n_draws, value, lived, value);
    add_flow(health, option, model->qaly_account, group, year, value, n_draws);
    for (size_t d = 0; d < model->n_diseases; ++d) {
        const struct plan_disease *slots = disease_of(plan, option, d);
        const double *prevalence = cell(table->prevalence, plan, option, d);
        kernels->subtract(n_draws, health->ones, prevalence, value);
        kernels->multiply(n_draws, value, cell(table->incidence, plan, option, d), value);
        kernels->multiply(n_draws, value, lived, value);
        add_flow(health, option, slots->case_account, group, year, value, n_draws);
        if (slots->cost_account != SIZE_MAX) {
            kernels->multiply(n_draws, prevalence, slot_column(health, slots->cost), value);
            kernels->multiply(n_draws, value, lived, value);
            add_flow(health, option, slots->cost_account, group, year, value, n_draws);
        }
    }
}

static void begin(struct health_evaluation *health, size_t option, size_t n_draws)
{
    const struct plan_health *plan = health->plan;
    struct life_table *table = health->life_table;
    vector_kernels()->fill(n_draws, 1.0, table->alive + option * PROGRAM_BLOCK);
    for (size_t d = 0; d < plan->life_table->n_diseases; ++d) {
        const double *prevalence = slot_column(health, disease_of(plan, option, d)->prevalence);
        memcpy(cell(table->ill, plan, option, d), prevalence, n_draws * sizeof *prevalence);
        vector_kernels()->subtract(n_draws, health->ones, prevalence,
                                   cell(table->well, plan, option, d));
    }
}

void life_table_run(struct health_evaluation *health, size_t group, size_t n_draws)
{
    const struct plan_health *plan = health->plan;
    size_t n_options = plan->model->n_options;
    for (size_t year = 0; year < plan->n_cycles; ++year) {
        program_step(plan->program, health->workspace, group, year, n_draws);
        health_check_sums(health, group, n_draws);
        for (size_t option = 0; option < n_options; ++option) {
            if (year == 0) {
                begin(health, option, n_draws);
            }
            for (size_t d = 0; d < plan->life_table->n_diseases; ++d) {
                run_disease(health, option, d, year, n_draws);
            }
        }
        for (size_t option = 0; option < n_options; ++option) {
            compare_option(health, option, n_draws);
            run_year(health, option, group, year, n_draws);
        }
    }
}
