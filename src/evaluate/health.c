#include "evaluate/health.h"

#include "base/text.h"
#include "base/vector.h"
#include "evaluate/cohort_kernels.h"
#include "evaluate/life_table.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const struct cohort_kernels cohort_kernels_baseline;
extern const struct cohort_kernels cohort_kernels_avx2;
extern const struct cohort_kernels cohort_kernels_avx512;

const struct cohort_kernels *cohort_kernels(void)
{
    const char *isa = vector_kernels()->isa;
    if (strcmp(isa, "avx512") == 0) {
        return &cohort_kernels_avx512;
    }
    return strcmp(isa, "avx2") == 0 ? &cohort_kernels_avx2 : &cohort_kernels_baseline;
}

/* ---- layout ---- */

static size_t n_columns(const struct plan_health *plan)
{
    return plan->first_column[plan->n_states];
}

static double *share_column(const struct health_evaluation *health, double *shares, size_t trace,
                            size_t column)
{
    return shares + (trace * n_columns(health->plan) + column) * PROGRAM_BLOCK;
}

static double *occupancy_column(const struct health_evaluation *health, size_t trace,
                                size_t schedule, size_t state)
{
    return health->occupancy +
           ((trace * N_SCHEDULES + schedule) * health->plan->n_states + state) * PROGRAM_BLOCK;
}

static size_t n_times(const struct plan_health *plan, size_t state)
{
    return plan->first_column[state + 1] - plan->first_column[state];
}

static double *slot_column(const struct health_evaluation *health, program_slot slot, size_t time)
{
    return program_step_column(health->plan->program, health->workspace, slot, time);
}

/* Varies by group, cycle or time: must be priced as it goes. */
static bool is_stepped(const struct health_evaluation *health, program_slot slot)
{
    const struct plan_health *plan = health->plan;
    return health->yearly != NULL ||
           (plan->program->slots[slot].axes & (AXIS_GROUP | AXIS_YEAR | AXIS_TIME_IN_STATE)) != 0;
}

/* ---- choosing the kernel ---- */

static bool has_value(const struct plan_health *plan, size_t state)
{
    for (size_t o = 0; o < plan->model->n_options; ++o) {
        for (size_t i = 0; i < plan->strategies[o].n_lines; ++i) {
            if (plan->strategies[o].lines[i].states[state] != PROGRAM_NO_SLOT) {
                return true;
            }
        }
    }
    return false;
}

static bool is_left(const struct plan_health *plan, size_t state)
{
    for (size_t t = 0; t < plan->n_traces; ++t) {
        for (size_t i = 0; i < plan->traces[t].n_moves; ++i) {
            const struct health_move *move = &plan->traces[t].moves[i];
            if (move->from == state && move->to != state) {
                return true;
            }
        }
    }
    return false;
}

static bool pays_moves(const struct plan_health *plan)
{
    for (size_t o = 0; o < plan->model->n_options; ++o) {
        for (size_t i = 0; i < plan->strategies[o].n_lines; ++i) {
            if (plan->strategies[o].lines[i].moves != NULL) {
                return true;
            }
        }
    }
    return false;
}

/* A state that nobody leaves and nothing is paid in need not be followed. */
static void choose_kernel(struct health_evaluation *health)
{
    const struct plan_health *plan = health->plan;
    health->tracked = memory_array(plan->n_states + 1, sizeof *health->tracked);
    for (size_t s = 0; s < plan->n_states; ++s) {
        if (has_value(plan, s) || is_left(plan, s)) {
            health->tracked[health->n_tracked++] = s;
        }
    }
    health->fast = !plan->stepped && plan->n_cycles > 0 && health->n_tracked > 0 &&
                   health->n_tracked <= COHORT_MAX_STATES && !pays_moves(plan) &&
                   health->yearly == NULL;
}

void health_evaluation_init(struct health_evaluation *health, const struct plan_health *plan,
                            bool all_schedules, size_t n_years)
{
    size_t n_options = plan->model->n_options;
    size_t shares = plan->n_traces * n_columns(plan) * PROGRAM_BLOCK;
    size_t kernel_sums = N_SCHEDULES * plan->n_states * PROGRAM_BLOCK;
    shares = shares > kernel_sums ? shares : kernel_sums;
    *health = (struct health_evaluation){
        .plan = plan,
        .workspace = memory_columns(plan->program->n_columns * PROGRAM_BLOCK),
        .shares = memory_columns(shares),
        .next = memory_columns(shares),
        .rest = memory_columns(PROGRAM_BLOCK),
        .occupancy = memory_columns(plan->n_traces * N_SCHEDULES * plan->n_states * PROGRAM_BLOCK),
        .totals = memory_columns(n_options * plan->n_accounts * 2 * PROGRAM_BLOCK),
        .zeros = memory_columns(PROGRAM_BLOCK),
        .ones = memory_columns(PROGRAM_BLOCK),
        .all_schedules = all_schedules};
    health->n_years = n_years;
    health->yearly =
        n_years > 0 ? memory_columns(n_options * plan->n_accounts * n_years * PROGRAM_BLOCK) : NULL;
    vector_kernels()->fill(PROGRAM_BLOCK, 0.0, health->zeros);
    vector_kernels()->fill(PROGRAM_BLOCK, 1.0, health->ones);
    /* Columns of draws beyond n_draws are computed too and must hold numbers. */
    vector_kernels()->fill(plan->program->n_columns * PROGRAM_BLOCK, 0.0, health->workspace);
    program_prepare(plan->program, health->workspace);
    choose_kernel(health);
    health->life_table = plan->life_table != NULL ? life_table_new(plan) : NULL;
}

void health_evaluation_clear(struct health_evaluation *health)
{
    free(health->workspace);
    free(health->shares);
    free(health->next);
    free(health->rest);
    free(health->occupancy);
    free(health->totals);
    free(health->zeros);
    free(health->ones);
    free(health->yearly);
    free(health->tracked);
    life_table_free(health->life_table);
    free(health->trace);
    *health = (struct health_evaluation){0};
}

/* ---- checks at every draw ---- */

static const double tolerance = 1e-9;

static void report_fault(struct health_evaluation *health, struct health_fault fault)
{
    if (!health->fault.found || fault.draw < health->fault.draw) {
        health->fault = fault;
        health->fault.found = true;
    }
}

/* First draw where a column leaves [0, 1]; n_draws where none. Rounding is forgiven. */
static size_t find_outside(size_t n_draws, const double *column)
{
    if (!cohort_kernels()->outside(n_draws, column, -tolerance, 1.0 + tolerance)) {
        return n_draws;
    }
    for (size_t i = 0; i < n_draws; ++i) {
        if (!(column[i] >= -tolerance && column[i] <= 1.0 + tolerance)) {
            return i;
        }
    }
    return n_draws;
}

static void check_share(struct health_evaluation *health, size_t n_draws, const double *column,
                        struct health_fault fault)
{
    size_t draw = find_outside(n_draws, column);
    if (draw < n_draws) {
        fault.draw = draw;
        fault.value = column[draw];
        report_fault(health, fault);
    }
}

static void check_total(struct health_evaluation *health, size_t n_draws, const double *sum,
                        struct health_fault fault)
{
    for (size_t i = 0; i < n_draws; ++i) {
        if (!(fabs(sum[i] - 1.0) <= tolerance)) {
            fault.draw = i;
            fault.value = sum[i];
            fault.is_sum = true;
            report_fault(health, fault);
            return;
        }
    }
}

void health_check_sums(struct health_evaluation *health, size_t group, size_t n_draws)
{
    const struct plan_health *plan = health->plan;
    for (size_t i = 0; i < plan->n_sums; ++i) {
        const struct health_sum *sum = &plan->sums[i];
        const struct health_fault fault = {
            .option = sum->option, .group = group, .state = SIZE_MAX, .what = sum->what};
        vector_kernels()->fill(n_draws, 0.0, health->rest);
        for (size_t k = 0; k < sum->n_shares; ++k) {
            const double *share = slot_column(health, sum->shares[k], 0);
            check_share(health, n_draws, share, fault);
            vector_kernels()->add(n_draws, health->rest, share, health->rest);
        }
        check_total(health, n_draws, health->rest, fault);
    }
}

/* ---- one cycle of one trace ---- */

struct step {
    size_t group, cycle, n_draws;
};

/* What the other moves of a row leave, into health->rest, checked; true where a move takes it. */
static bool fill_rest(struct health_evaluation *health, const struct health_trace *trace,
                      size_t first, size_t end, size_t time, const struct step *step)
{
    const struct vector_kernels *kernels = vector_kernels();
    bool taken = false;
    struct health_fault fault = {.option = trace->option,
                                 .group = step->group,
                                 .cycle = step->cycle,
                                 .state = trace->moves[first].from};
    memcpy(health->rest, health->ones, step->n_draws * sizeof *health->rest);
    for (size_t i = first; i < end; ++i) {
        if (trace->moves[i].p == PROGRAM_NO_SLOT) {
            taken = true;
            continue;
        }
        const double *p = slot_column(health, trace->moves[i].p, time);
        check_share(health, step->n_draws, p, fault);
        kernels->subtract(step->n_draws, health->rest, p, health->rest);
    }
    if (taken) {
        check_share(health, step->n_draws, health->rest, fault);
    } else {
        for (size_t i = 0; i < step->n_draws; ++i) {
            if (!(fabs(health->rest[i]) <= tolerance)) {
                fault.draw = i;
                fault.value = 1.0 - health->rest[i];
                fault.is_sum = true;
                report_fault(health, fault);
                break;
            }
        }
    }
    return taken;
}

static size_t row_end(const struct health_trace *trace, size_t first)
{
    size_t end = first;
    while (end < trace->n_moves && trace->moves[end].from == trace->moves[first].from) {
        ++end;
    }
    return end;
}

/* Column that those who stay, after `time` cycles in the state, come to: the next of its tunnel. */
static size_t column_after(const struct plan_health *plan, const struct health_move *move,
                           size_t time)
{
    size_t first = plan->first_column[move->to];
    size_t last = plan->first_column[move->to + 1] - 1;
    if (move->to != move->from) {
        return first;
    }
    return first + time + 1 < last ? first + time + 1 : last;
}

static const double *move_column(const struct health_evaluation *health,
                                 const struct health_move *move, size_t time)
{
    return move->p == PROGRAM_NO_SLOT ? health->rest : slot_column(health, move->p, time);
}

static void move_row(struct health_evaluation *health, size_t trace_index, size_t first, size_t end,
                     const struct step *step)
{
    const struct plan_health *plan = health->plan;
    const struct health_trace *trace = &plan->traces[trace_index];
    size_t from = trace->moves[first].from;
    for (size_t time = 0; time < n_times(plan, from); ++time) {
        const double *share =
            share_column(health, health->shares, trace_index, plan->first_column[from] + time);
        (void)fill_rest(health, trace, first, end, time, step);
        for (size_t i = first; i < end; ++i) {
            vector_kernels()->add_product(step->n_draws, share,
                                          move_column(health, &trace->moves[i], time),
                                          share_column(health, health->next, trace_index,
                                                       column_after(plan, &trace->moves[i], time)));
        }
    }
}

static void move_trace(struct health_evaluation *health, size_t trace, const struct step *step)
{
    const struct plan_health *plan = health->plan;
    vector_kernels()->fill(n_columns(plan) * PROGRAM_BLOCK, 0.0,
                           share_column(health, health->next, trace, 0));
    for (size_t first = 0; first < plan->traces[trace].n_moves;) {
        size_t end = row_end(&plan->traces[trace], first);
        move_row(health, trace, first, end, step);
        first = end;
    }
}

/* ---- payoffs ---- */

/* Year since the start in which a cycle begins. */
static size_t year_of(const struct plan_health *plan, size_t cycle)
{
    return (size_t)((double)cycle * plan->model->cycle_length_years + 1e-9);
}

/* Flows by year: what is counted at the points falls by halves into the cycles on both sides. */
static void add_to_year(struct health_evaluation *health, size_t option,
                        const struct health_line *line, const double *amount, const double *share,
                        double weight, size_t cycle, bool at_point, size_t n_draws)
{
    const struct plan_health *plan = health->plan;
    size_t cycles[2] = {cycle, cycle};
    if (at_point && cycle == plan->n_cycles) {
        cycles[0] = cycles[1] = cycle - 1;
    } else if (at_point && cycle > 0) {
        cycles[0] = cycle - 1;
    }
    for (size_t k = 0; k < 2; ++k) {
        size_t year = year_of(plan, cycles[k]);
        if (weight != 0.0 && year < health->n_years) {
            vector_kernels()->scale(n_draws, amount, 0.5 * weight, health->rest);
            vector_kernels()->add_product(n_draws, health->rest, share,
                                          health_year(health, option, line->account, year));
        }
    }
}

/* total += weight x amount x share, for the undiscounted and the account's own weights. */
static void add_payoff(struct health_evaluation *health, size_t option,
                       const struct health_line *line, const double *amount, const double *share,
                       const double *weights, size_t at, double group_weight, size_t n_draws)
{
    const struct plan_health *plan = health->plan;
    size_t stride = plan->n_cycles + 1;
    const size_t schedules[] = {UNDISCOUNTED, plan->accounts[line->account].schedule};
    if (health->yearly != NULL) {
        bool at_point =
            weights == plan->alpha && cycle_correction_by_points(plan->model->correction);
        add_to_year(health, option, line, amount, share,
                    weights[UNDISCOUNTED * stride + at] * group_weight, at, at_point, n_draws);
        return;
    }
    for (size_t k = health->all_schedules ? 0 : 1; k < 2; ++k) {
        double weight = weights[schedules[k] * stride + at] * group_weight;
        double *total = health_total(health, option, line->account, k == 1);
        if (weight != 0.0) {
            vector_kernels()->scale(n_draws, amount, weight, health->rest);
            vector_kernels()->add_product(n_draws, health->rest, share, total);
        }
    }
}

/* Values that vary: priced at this point, for the start and the end of its cycle. */
static void price_states(struct health_evaluation *health, size_t option, const struct step *step)
{
    const struct plan_health *plan = health->plan;
    const struct health_strategy *strategy = &plan->strategies[option];
    double group_weight = plan->group_weights[step->group];
    for (size_t i = 0; i < strategy->n_lines; ++i) {
        const struct health_line *line = &strategy->lines[i];
        for (size_t s = 0; s < plan->n_states; ++s) {
            if (line->states[s] == PROGRAM_NO_SLOT || !is_stepped(health, line->states[s])) {
                continue;
            }
            for (size_t time = 0; time < n_times(plan, s); ++time) {
                const double *amount = slot_column(health, line->states[s], time);
                size_t column = plan->first_column[s] + time;
                add_payoff(health, option, line, amount,
                           share_column(health, health->shares, strategy->trace, column),
                           plan->alpha, step->cycle, group_weight, step->n_draws);
                if (step->cycle < plan->n_cycles) {
                    add_payoff(health, option, line, amount,
                               share_column(health, health->next, strategy->trace, column),
                               plan->beta, step->cycle, group_weight, step->n_draws);
                }
            }
        }
    }
}

/* share x p x amount for every move that pays. */
static void price_moves(struct health_evaluation *health, size_t option, const struct step *step)
{
    const struct plan_health *plan = health->plan;
    const struct health_strategy *strategy = &plan->strategies[option];
    const struct health_trace *trace = &plan->traces[strategy->trace];
    double made[PROGRAM_BLOCK];
    for (size_t i = 0; i < strategy->n_lines; ++i) {
        const struct health_line *line = &strategy->lines[i];
        for (size_t m = 0; line->moves != NULL && m < trace->n_moves; ++m) {
            const struct health_move *move = &trace->moves[m];
            if (line->moves[m] == PROGRAM_NO_SLOT) {
                continue;
            }
            size_t first = m;
            while (first > 0 && trace->moves[first - 1].from == move->from) {
                --first;
            }
            for (size_t time = 0; time < n_times(plan, move->from); ++time) {
                if (move->p == PROGRAM_NO_SLOT) {
                    (void)fill_rest(health, trace, first, row_end(trace, first), time, step);
                }
                vector_kernels()->multiply(step->n_draws, move_column(health, move, time),
                                           share_column(health, health->shares, strategy->trace,
                                                        plan->first_column[move->from] + time),
                                           made);
                add_payoff(health, option, line, slot_column(health, line->moves[m], time), made,
                           plan->move, step->cycle, plan->group_weights[step->group],
                           step->n_draws);
            }
        }
    }
}

/* Once at the start, neither discounted nor corrected. */
static void price_start(struct health_evaluation *health, size_t option, const struct step *step)
{
    const struct plan_health *plan = health->plan;
    const struct health_strategy *strategy = &plan->strategies[option];
    for (size_t i = 0; i < strategy->n_lines; ++i) {
        const struct health_line *line = &strategy->lines[i];
        if (line->once != PROGRAM_NO_SLOT && health->yearly != NULL) {
            vector_kernels()->add_scaled(step->n_draws, slot_column(health, line->once, 0),
                                         plan->group_weights[step->group],
                                         health_year(health, option, line->account, 0));
            continue;
        }
        for (size_t k = 0; line->once != PROGRAM_NO_SLOT && k < 2; ++k) {
            vector_kernels()->add_scaled(step->n_draws, slot_column(health, line->once, 0),
                                         plan->group_weights[step->group],
                                         health_total(health, option, line->account, k == 1));
        }
    }
}

/* ---- occupancy: for values that do not vary ---- */

static void add_occupancy(struct health_evaluation *health, size_t trace, const struct step *step)
{
    const struct plan_health *plan = health->plan;
    size_t stride = plan->n_cycles + 1;
    for (size_t schedule = health->all_schedules ? 0 : 1; schedule < N_SCHEDULES; ++schedule) {
        double weight =
            plan->point[schedule * stride + step->cycle] * plan->group_weights[step->group];
        for (size_t s = 0; s < plan->n_states && weight != 0.0; ++s) {
            for (size_t time = 0; time < n_times(plan, s); ++time) {
                vector_kernels()->add_scaled(
                    step->n_draws,
                    share_column(health, health->shares, trace, plan->first_column[s] + time),
                    weight, occupancy_column(health, trace, schedule, s));
            }
        }
    }
}

static void price_occupancy(struct health_evaluation *health, size_t option, size_t n_draws)
{
    const struct plan_health *plan = health->plan;
    const struct health_strategy *strategy = &plan->strategies[option];
    for (size_t i = 0; i < strategy->n_lines; ++i) {
        const struct health_line *line = &strategy->lines[i];
        size_t schedule = plan->accounts[line->account].schedule;
        for (size_t s = 0; s < plan->n_states; ++s) {
            if (line->states[s] == PROGRAM_NO_SLOT || is_stepped(health, line->states[s])) {
                continue;
            }
            const double *amount = slot_column(health, line->states[s], 0);
            vector_kernels()->add_product(n_draws, amount,
                                          occupancy_column(health, strategy->trace, schedule, s),
                                          health_total(health, option, line->account, true));
            if (health->all_schedules) {
                vector_kernels()->add_product(
                    n_draws, amount, occupancy_column(health, strategy->trace, UNDISCOUNTED, s),
                    health_total(health, option, line->account, false));
            }
        }
    }
}

/* ---- the general way ---- */

static void fill_start(struct health_evaluation *health, size_t trace_index,
                       const struct step *step)
{
    const struct plan_health *plan = health->plan;
    const struct health_trace *trace = &plan->traces[trace_index];
    vector_kernels()->fill(n_columns(plan) * PROGRAM_BLOCK, 0.0,
                           share_column(health, health->shares, trace_index, 0));
    for (size_t s = 0; s < plan->n_states; ++s) {
        if (trace->start[s] != PROGRAM_NO_SLOT) {
            memcpy(share_column(health, health->shares, trace_index, plan->first_column[s]),
                   slot_column(health, trace->start[s], 0), step->n_draws * sizeof *health->shares);
        }
    }
}

static void keep_trace(struct health_evaluation *health, const struct step *step)
{
    const struct plan_health *plan = health->plan;
    for (size_t option = 0; health->trace != NULL && option < plan->model->n_options; ++option) {
        for (size_t s = 0; s < plan->n_states; ++s) {
            double *out =
                &health->trace[(option * (plan->n_cycles + 1) + step->cycle) * plan->n_states + s];
            for (size_t time = 0; time < n_times(plan, s); ++time) {
                *out += plan->group_weights[step->group] *
                        share_column(health, health->shares, plan->strategies[option].trace,
                                     plan->first_column[s] + time)[0];
            }
        }
    }
}

static void walk_cycle(struct health_evaluation *health, const struct step *step)
{
    const struct plan_health *plan = health->plan;
    bool moves = step->cycle < plan->n_cycles;
    program_step(plan->program, health->workspace, step->group, step->cycle, step->n_draws);
    if (step->cycle == 0) {
        health_check_sums(health, step->group, step->n_draws);
        for (size_t trace = 0; trace < plan->n_traces; ++trace) {
            fill_start(health, trace, step);
        }
    }
    keep_trace(health, step);
    for (size_t trace = 0; trace < plan->n_traces; ++trace) {
        if (moves) {
            move_trace(health, trace, step);
        }
        add_occupancy(health, trace, step);
    }
    for (size_t option = 0; option < plan->model->n_options; ++option) {
        if (step->cycle == 0) {
            price_start(health, option, step);
        }
        if (plan->n_traces > 0) {
            price_states(health, option, step);
        }
        if (moves) {
            price_moves(health, option, step);
        }
    }
    double *shares = health->shares;
    health->shares = health->next;
    health->next = shares;
}

/* ---- the kernel ---- */

/* Probabilities between the tracked states as a full matrix of columns; those of "rest" are made in
 * health->next, which this way does not use otherwise. */
static void run_fast_trace(struct health_evaluation *health, size_t trace_index, size_t n_draws)
{
    const struct plan_health *plan = health->plan;
    const struct health_trace *trace = &plan->traces[trace_index];
    const double *p[COHORT_MAX_STATES * COHORT_MAX_STATES], *start[COHORT_MAX_STATES];
    size_t index_of[COHORT_MAX_STATES * 8] = {0};
    size_t n = health->n_tracked;
    const struct step step = {.n_draws = n_draws};
    size_t *index = plan->n_states <= (size_t)COHORT_MAX_STATES * 8
                        ? index_of
                        : memory_array(plan->n_states, sizeof *index);
    for (size_t s = 0; s < plan->n_states; ++s) {
        index[s] = SIZE_MAX;
    }
    for (size_t i = 0; i < n; ++i) {
        index[health->tracked[i]] = i;
        program_slot slot = trace->start[health->tracked[i]];
        start[i] = slot == PROGRAM_NO_SLOT ? health->zeros : slot_column(health, slot, 0);
    }
    for (size_t i = 0; i < n * n; ++i) {
        p[i] = health->zeros;
    }
    for (size_t first = 0; first < trace->n_moves;) {
        size_t end = row_end(trace, first), from = trace->moves[first].from;
        if (index[from] != SIZE_MAX && fill_rest(health, trace, first, end, 0, &step)) {
            memcpy(share_column(health, health->next, trace_index, from), health->rest,
                   PROGRAM_BLOCK * sizeof *health->rest);
        }
        for (size_t i = first; i < end; ++i) {
            size_t to = index[trace->moves[i].to];
            if (index[from] != SIZE_MAX && to != SIZE_MAX) {
                p[index[from] * n + to] =
                    trace->moves[i].p == PROGRAM_NO_SLOT
                        ? share_column(health, health->next, trace_index, from)
                        : slot_column(health, trace->moves[i].p, 0);
            }
        }
        first = end;
    }
    if (index != index_of) {
        free(index);
    }
    const double *weights[N_SCHEDULES];
    size_t n_schedules = 0, first_schedule = health->all_schedules ? 0 : 1;
    size_t points = plan->n_cycles + 1;
    bool same =
        memcmp(plan->point + points, plan->point + 2 * points, points * sizeof *plan->point) == 0;
    for (size_t schedule = first_schedule; schedule < N_SCHEDULES - (same ? 1 : 0); ++schedule) {
        weights[n_schedules++] = plan->point + schedule * points;
    }
    double *occupancy = health->shares; /* [schedule][tracked][draw] */
    cohort_kernels()->trace(n, n_schedules, points, p, start, weights, occupancy);
    for (size_t schedule = first_schedule; schedule < N_SCHEDULES; ++schedule) {
        size_t computed = schedule - first_schedule;
        computed = computed < n_schedules ? computed : n_schedules - 1;
        for (size_t i = 0; i < n; ++i) {
            memcpy(occupancy_column(health, trace_index, schedule, health->tracked[i]),
                   occupancy + (computed * n + i) * PROGRAM_BLOCK,
                   PROGRAM_BLOCK * sizeof *occupancy);
        }
    }
}

static void run_fast(struct health_evaluation *health, size_t n_draws)
{
    const struct plan_health *plan = health->plan;
    const struct step step = {.n_draws = n_draws};
    health_check_sums(health, 0, n_draws);
    for (size_t trace = 0; trace < plan->n_traces; ++trace) {
        run_fast_trace(health, trace, n_draws);
    }
    for (size_t option = 0; option < plan->model->n_options; ++option) {
        price_start(health, option, &step);
    }
}

void health_evaluation_run_group(struct health_evaluation *health, size_t group, size_t n_draws)
{
    const struct plan_health *plan = health->plan;
    assert(plan->life_table != NULL && health->yearly != NULL);
    vector_kernels()->fill(plan->model->n_options * plan->n_accounts * health->n_years *
                               PROGRAM_BLOCK,
                           0.0, health->yearly);
    life_table_run(health, group, n_draws);
    double weight = plan->group_weights[group];
    vector_kernels()->scale(plan->model->n_options * plan->n_accounts * health->n_years *
                                PROGRAM_BLOCK,
                            health->yearly, weight > 0.0 ? 1.0 / weight : 0.0, health->yearly);
}

void health_fault_describe(const struct plan_health *plan, const struct health_fault *fault,
                           char *buffer, size_t n_bytes)
{
    const struct health_model *model = plan->model;
    char what[160], group[96] = "", value[32];
    text_format_exact(value, fault->value);
    if (isnan(fault->value)) {
        (void)snprintf(value, sizeof value, "not a number");
    }
    if (fault->state == SIZE_MAX) {
        (void)snprintf(what, sizeof what, "%s", fault->what);
    } else {
        (void)snprintf(what, sizeof what, "the probabilities from \"%s\" in cycle %zu",
                       model->states[fault->state].id, fault->cycle);
    }
    if (model->n_groups > 1) {
        (void)snprintf(group, sizeof group, ", group \"%s\"", model->groups[fault->group].id);
    }
    (void)snprintf(
        buffer, n_bytes, "option \"%s\"%s: %s %s %s", model->options[fault->option].id, group, what,
        fault->is_sum ? "sum to" : "include one outside 0 to 1, or leave a rest that is:", value);
}

static void spoil_faulty_draw(struct health_evaluation *health)
{
    const struct plan_health *plan = health->plan;
    size_t n = plan->model->n_options * plan->n_accounts * 2;
    for (size_t i = 0; health->fault.found && i < n; ++i) {
        health->totals[i * PROGRAM_BLOCK + health->fault.draw] = (double)NAN;
    }
    n = n / 2 * health->n_years;
    for (size_t i = 0; health->fault.found && i < n; ++i) {
        health->yearly[i * PROGRAM_BLOCK + health->fault.draw] = (double)NAN;
    }
}

void health_evaluation_run(struct health_evaluation *health, const struct program *program,
                           double *ledger, size_t n_draws)
{
    const struct plan_health *plan = health->plan;
    const struct vector_kernels *kernels = vector_kernels();
    size_t n_totals = plan->model->n_options * plan->n_accounts * 2 * PROGRAM_BLOCK;
    size_t n_occupancy = plan->n_traces * N_SCHEDULES * plan->n_states * PROGRAM_BLOCK;
    health->fault = (struct health_fault){0};
    for (size_t i = 0; i < plan->n_imports; ++i) {
        memcpy(slot_column(health, plan->imports[i].to, 0),
               program_column(program, ledger, plan->imports[i].from, 0), n_draws * sizeof *ledger);
    }
    program_run(plan->program, health->workspace, n_draws);
    if (health->yearly != NULL) {
        kernels->fill(plan->model->n_options * plan->n_accounts * health->n_years * PROGRAM_BLOCK,
                      0.0, health->yearly);
    }
    kernels->fill(n_totals, 0.0, health->totals);
    if (plan->life_table != NULL) {
        for (size_t group = 0; group < plan->model->n_groups; ++group) {
            life_table_run(health, group, n_draws);
        }
    } else if (health->fast && health->trace == NULL) {
        run_fast(health, n_draws);
    } else {
        kernels->fill(n_occupancy, 0.0, health->occupancy);
        for (size_t group = 0; group < plan->model->n_groups; ++group) {
            for (size_t cycle = 0; cycle <= plan->n_cycles; ++cycle) {
                walk_cycle(health,
                           &(struct step){.group = group, .cycle = cycle, .n_draws = n_draws});
            }
        }
    }
    for (size_t option = 0; option < plan->model->n_options && plan->n_traces > 0; ++option) {
        price_occupancy(health, option, n_draws);
    }
    spoil_faulty_draw(health);
}
