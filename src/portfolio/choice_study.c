#include "portfolio/choice_study.h"

#include "base/arena.h"
#include "portfolio/choice_private.h"

#include <gsl/gsl_statistics_double.h>

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- money ---- */

static struct choice_row *copy_rows(const struct choice_problem *problem)
{
    struct choice_row *rows = memory_array(problem->n_rows + 1, sizeof *rows);
    if (problem->n_rows > 0) {
        memcpy(rows, problem->rows, problem->n_rows * sizeof *rows);
    }
    return rows;
}

static void solve_from(const struct choice_problem *problem, uint64_t node_limit,
                       const struct choice_solution *start, struct choice_solution *solution)
{
    struct choice_aim aim;
    aim_of_problem(problem, &aim);
    choice_search(problem, &aim, node_limit, start != NULL && start->found ? start->level : NULL,
                  solution);
    aim_clear(problem, &aim);
}

double choice_shadow_price(const struct choice_problem *problem, const bool *row_set,
                           double increment, uint64_t node_limit,
                           const struct choice_solution *solution)
{
    struct choice_problem richer = *problem;
    struct choice_row *rows = copy_rows(problem);
    struct choice_solution best;
    double money = 0.0;
    for (size_t r = 0; r < problem->n_rows; ++r) {
        if (row_set[r] && isfinite(rows[r].limit)) {
            rows[r].limit += increment;
            money += increment;
        }
    }
    richer.rows = rows;
    solve_from(&richer, node_limit, solution, &best);
    free(rows);
    if (!solution->found || !best.found || !isfinite(solution->value) || !isfinite(best.value)) {
        return (double)NAN;
    }
    return money != 0.0 ? (best.value - solution->value) / money : 0.0;
}

void choice_as_money_grows(const struct choice_problem *problem, const double *scales,
                           size_t n_scales, uint64_t node_limit, struct choice_solution *solutions)
{
    struct choice_problem scaled = *problem;
    struct choice_row *rows = copy_rows(problem);
    scaled.rows = rows;
    for (size_t k = 0; k < n_scales; ++k) {
        for (size_t r = 0; r < problem->n_rows; ++r) {
            bool is_none = problem->rows[r].limit == (double)INFINITY;
            rows[r].limit = is_none ? (double)INFINITY : scales[k] * problem->rows[r].limit;
        }
        /* the last best is where the search starts, so that it stands where nothing better turns up
         */
        solve_from(&scaled, node_limit, k > 0 ? &solutions[k - 1] : NULL, &solutions[k]);
    }
    free(rows);
}

/* ---- draws ---- */

/* Feasible portfolios times draws that are worth listing: beyond, each draw is searched. */
enum { MAX_LISTED = 1 << 20, DRAWS_AT_ONCE = 64 };

static const double max_listed_draws = 0x1p29;

/* The order in which draws are summed for many portfolios at once; depth by depth, so that
 * portfolios with the same beginning share it. */
struct summing {
    const struct choice_problem *problem;
    size_t drawn, first, n; /* draws first .. first + n - 1 */
    double *sums;           /* [n_programmes + 1][n] */
    double *total;          /* [n]: with components */
    const uint8_t *last;    /* the portfolio summed last; NULL */
};

static void summing_start(const struct choice_problem *problem, size_t drawn, size_t n,
                          struct summing *summing)
{
    *summing = (struct summing){.problem = problem,
                                .drawn = drawn,
                                .n = n,
                                .sums = memory_columns((problem->n_programmes + 1) * n + 1),
                                .total = memory_columns(n + 1)};
}

static void summing_clear(struct summing *summing)
{
    free(summing->sums);
    free(summing->total);
}

static void summing_move(struct summing *summing, size_t first, size_t n)
{
    const struct choice_problem *problem = summing->problem;
    summing->first = first;
    summing->n = n;
    summing->last = NULL;
    for (size_t s = 0; s < n; ++s) {
        summing->sums[s] =
            problem->constant_draws != NULL
                ? problem->constant_draws[summing->drawn * problem->n_draws + first + s]
                : 0.0;
    }
}

static const double *draws_at(const struct summing *summing, const double *draws, size_t row)
{
    const struct choice_problem *problem = summing->problem;
    return draws + (row * problem->n_drawn + summing->drawn) * problem->n_draws + summing->first;
}

static size_t common_length(size_t n, const uint8_t *one, const uint8_t *other)
{
    size_t k = 0;
    for (; other != NULL && k < n && one[k] == other[k]; ++k) {
    }
    return k;
}

/* The same terms in the same order as choice_evaluate_draws: the same bits. */
static const double *summing_add(struct summing *summing, const uint8_t *level)
{
    const struct choice_problem *problem = summing->problem;
    size_t n = summing->n, n_programmes = problem->n_programmes;
    for (size_t i = common_length(n_programmes, level, summing->last); i < n_programmes; ++i) {
        double *after = summing->sums + (i + 1) * n;
        memcpy(after, after - n, n * sizeof *after);
        if (level[i] != CHOICE_OFF && problem->additive_draws != NULL) {
            const double *more =
                draws_at(summing, problem->additive_draws, problem->first_level[i] + level[i] - 1);
            for (size_t s = 0; s < n; ++s) {
                after[s] += more[s];
            }
        }
    }
    summing->last = level;
    memcpy(summing->total, summing->sums + n_programmes * n, n * sizeof(double));
    for (size_t c = 0; c < problem->n_components; ++c) {
        const struct choice_component *component = &problem->components[c];
        const double *more = draws_at(summing, component->draws, component_entry(component, level));
        for (size_t s = 0; s < n; ++s) {
            summing->total[s] += more[s];
        }
    }
    return summing->total;
}

/* ---- the best portfolio of each draw ---- */

struct best_of_draws {
    size_t n_draws, n_programmes, n_inexact;
    uint8_t *levels; /* [n_draws][n_programmes] */
    double *values;  /* [n_draws] */
};

static void offer_to_draw(const struct choice_problem *problem, const struct choice_aim *aim,
                          const uint8_t *level, struct candidate *best, double *least)
{
    struct candidate candidate;
    candidate_make(problem, aim, level, &candidate);
    if (candidate_beats(problem, &candidate, best)) {
        *best = candidate;
        *least = candidate.value - aim->grain;
    }
}

/* One block of draws over the whole list. Ties by the same rules as the search: only a value within
 * a grain of the best is worth the question. */
static void best_of_block(const struct choice_problem *problem, const struct portfolio_list *list,
                          struct summing *summing, struct best_of_draws *best)
{
    struct choice_aim aims[DRAWS_AT_ONCE] = {0};
    struct candidate *candidates = memory_array(DRAWS_AT_ONCE, sizeof *candidates);
    double least[DRAWS_AT_ONCE] = {0.0};
    for (size_t s = 0; s < summing->n; ++s) {
        aim_of_draw(problem, summing->drawn, summing->first + s, &aims[s]);
        least[s] = -(double)INFINITY;
    }
    for (size_t p = 0; p < list->n; ++p) {
        const uint8_t *level = list->levels + p * list->n_programmes;
        const double *values = summing_add(summing, level);
        for (size_t s = 0; s < summing->n; ++s) {
            if (values[s] >= least[s]) {
                offer_to_draw(problem, &aims[s], level, &candidates[s], &least[s]);
            }
        }
    }
    for (size_t s = 0; s < summing->n; ++s) {
        size_t draw = summing->first + s;
        best->values[draw] = candidates[s].value;
        memcpy(best->levels + draw * best->n_programmes, candidates[s].level, best->n_programmes);
        aim_clear(problem, &aims[s]);
    }
    free(candidates);
}

static void best_by_list(const struct choice_problem *problem, size_t drawn,
                         const struct portfolio_list *list, struct best_of_draws *best)
{
    struct summing summing;
    summing_start(problem, drawn, DRAWS_AT_ONCE, &summing);
    for (size_t first = 0; first < best->n_draws; first += DRAWS_AT_ONCE) {
        size_t left = best->n_draws - first;
        summing_move(&summing, first, left < DRAWS_AT_ONCE ? left : DRAWS_AT_ONCE);
        best_of_block(problem, list, &summing, best);
        effort_add(problem->effort, summing.n);
    }
    summing_clear(&summing);
}

/* `known` is feasible: every search starts from it. */
static void best_by_search(const struct choice_problem *problem, size_t drawn, uint64_t node_limit,
                           const uint8_t *known, struct best_of_draws *best)
{
    struct choice_problem plain = *problem;
    plain.denominator = SIZE_MAX;
    for (size_t s = 0; s < best->n_draws; ++s) {
        struct choice_aim aim;
        struct choice_solution solution;
        aim_of_draw(&plain, drawn, s, &aim);
        choice_search(&plain, &aim, node_limit, known, &solution);
        best->values[s] = solution.value;
        best->n_inexact += !solution.exact;
        effort_add(problem->effort, 1);
        memcpy(best->levels + s * best->n_programmes, solution.level, best->n_programmes);
        aim_clear(&plain, &aim);
    }
}

/* Type 7, by selection: what lies above the lower rank is no smaller. Reorders the values. */
static double quantile_of(size_t n, double *values, double probability)
{
    assert(n > 0);
    double rank = probability * (double)(n - 1);
    size_t low = (size_t)rank;
    double below = gsl_stats_select(values, 1, n, low), above = below;
    for (size_t i = low + 1; i < n; ++i) {
        above = i == low + 1 || values[i] < above ? values[i] : above;
    }
    return below + (rank - (double)low) * (above - below);
}

static void count_inclusion(const struct choice_problem *problem, const struct best_of_draws *best,
                            double *inclusion)
{
    for (size_t i = 0; i < problem->n_level_indices; ++i) {
        inclusion[i] = 0.0;
    }
    for (size_t s = 0; s < best->n_draws; ++s) {
        for (size_t i = 0; i < best->n_programmes; ++i) {
            size_t level = best->levels[s * best->n_programmes + i];
            if (level != CHOICE_OFF) {
                inclusion[problem->first_level[i] + level - 1] += 1.0;
            }
        }
    }
    for (size_t i = 0; i < problem->n_level_indices; ++i) {
        inclusion[i] /= (double)best->n_draws;
    }
}

/* The chosen portfolio's loss in each draw, in place of the best values. */
static void judge_regret(const struct choice_problem *problem, size_t drawn, const uint8_t *level,
                         struct best_of_draws *best, struct choice_inclusion *inclusion)
{
    double *values = memory_columns(problem->n_draws + 1), sum = 0.0;
    choice_evaluate_draws(problem, level, drawn, values);
    for (size_t s = 0; s < best->n_draws; ++s) {
        best->values[s] = fmax(0.0, best->values[s] - values[s]);
        sum += best->values[s];
    }
    inclusion->regret = sum / (double)best->n_draws;
    inclusion->regret_q95 = quantile_of(best->n_draws, best->values, 0.95);
    free(values);
}

static bool list_is_worthwhile(const struct choice_problem *problem, size_t n_draws,
                               struct portfolio_list *list)
{
    list->max_n = (size_t)fmin((double)MAX_LISTED, max_listed_draws / (double)n_draws);
    list->max_visited = 8 * (uint64_t)list->max_n + 64;
    return choice_enumerate(problem, list);
}

void choice_over_draws(const struct choice_problem *problem, size_t drawn, size_t n_draws,
                       uint64_t node_limit, const struct choice_solution *solution,
                       struct choice_inclusion *inclusion)
{
    assert(n_draws <= problem->n_draws && drawn < problem->n_drawn);
    size_t n = problem->n_programmes;
    *inclusion = (struct choice_inclusion){.inclusion = inclusion->inclusion,
                                           .n_draws = n_draws,
                                           .regret = (double)NAN,
                                           .regret_q95 = (double)NAN};
    for (size_t i = 0; i < problem->n_level_indices; ++i) {
        inclusion->inclusion[i] = 0.0;
    }
    if (!solution->found || n_draws == 0) {
        return;
    }
    struct best_of_draws best = {.n_draws = n_draws,
                                 .n_programmes = n,
                                 .levels = memory_array(n_draws * n + 1, 1),
                                 .values = memory_array(n_draws, sizeof(double))};
    struct portfolio_list list = {0};
    if (list_is_worthwhile(problem, n_draws, &list)) {
        best_by_list(problem, drawn, &list, &best);
    } else {
        best_by_search(problem, drawn, node_limit, solution->level, &best);
    }
    count_inclusion(problem, &best, inclusion->inclusion);
    judge_regret(problem, drawn, solution->level, &best, inclusion);
    inclusion->n_inexact = best.n_inexact;
    portfolio_list_clear(&list);
    free(best.levels);
    free(best.values);
}

/* ---- frontiers: the best objective as something else is asked to be at least so much ---- */

struct frontier {
    const struct choice_problem *problem;
    struct choice_problem asking; /* with one constraint more: the last bound, or the last chance */
    struct choice_bound *bounds;
    struct choice_chance *chances;
    bool is_risk;
    size_t other; /* measure */
    uint64_t node_limit;
};

static void frontier_start(const struct choice_problem *problem, size_t other, uint64_t node_limit,
                           struct frontier *frontier)
{
    *frontier = (struct frontier){
        .problem = problem, .asking = *problem, .other = other, .node_limit = node_limit};
    frontier->bounds = memory_array(problem->n_bounds + 1, sizeof *frontier->bounds);
    frontier->chances = memory_array(problem->n_chances + 1, sizeof *frontier->chances);
    if (problem->n_bounds > 0) {
        memcpy(frontier->bounds, problem->bounds, problem->n_bounds * sizeof *frontier->bounds);
    }
    if (problem->n_chances > 0) {
        memcpy(frontier->chances, problem->chances, problem->n_chances * sizeof *frontier->chances);
    }
    frontier->asking.bounds = frontier->bounds;
    frontier->asking.chances = frontier->chances;
}

static void frontier_clear(struct frontier *frontier)
{
    free(frontier->bounds);
    free(frontier->chances);
}

static void frontier_ask(struct frontier *frontier, double least)
{
    if (frontier->is_risk) {
        frontier->chances[frontier->problem->n_chances].probability = least;
    } else {
        frontier->bounds[frontier->problem->n_bounds].bound = least;
    }
}

static double frontier_other(const struct frontier *frontier,
                             const struct choice_solution *solution)
{
    const struct choice_problem *problem = frontier->problem;
    if (frontier->is_risk) {
        const struct choice_chance *chance = &frontier->chances[problem->n_chances];
        return choice_chance_share(problem, chance, solution->level);
    }
    double *values = memory_array(problem->n_measures, sizeof *values);
    choice_evaluate(problem, solution->level, values);
    double value = values[frontier->other];
    free(values);
    return value;
}

static bool frontier_solve(struct frontier *frontier, double least,
                           struct choice_solution *solution)
{
    struct choice_aim aim;
    frontier_ask(frontier, least);
    aim_of_problem(&frontier->asking, &aim);
    if (!frontier->is_risk) {
        aim_add_second(&frontier->asking, frontier->other, &aim);
    }
    choice_search(&frontier->asking, &aim, frontier->node_limit, NULL, solution);
    aim_clear(&frontier->asking, &aim);
    return solution->found;
}

/* The smallest step that a constraint can tell from nothing. */
static double frontier_step(const struct frontier *frontier)
{
    if (frontier->is_risk) {
        return 0.5 / (double)frontier->problem->n_draws;
    }
    struct linear linear;
    linear_of_measure(frontier->problem, frontier->other, &linear);
    double scale = linear_scale(frontier->problem, &linear);
    linear_clear(frontier->problem, &linear);
    return 4e-9 * (scale > 0.0 ? scale : 1.0);
}

/* A later point asks for more: where it is worth as much, the earlier one is beaten. */
static size_t frontier_add(size_t n, const struct choice_solution *solution, double other,
                           struct choice_solution *solutions, double *others)
{
    if (n > 0 && other <= others[n - 1]) {
        return n;
    }
    /* sums that differ by rounding only are as good */
    while (n > 0 &&
           solution->value >= solutions[n - 1].value - 1e-12 * fabs(solutions[n - 1].value)) {
        --n;
    }
    solutions[n] = *solution;
    others[n] = other;
    return n + 1;
}

/* Point after point, each asking for a little more than the last gave, as long as there is room:
 * then it is the whole frontier. `others` [n_points]. */
static bool frontier_follow(struct frontier *frontier, size_t n_points, double *most,
                            struct choice_solution *solutions, double *others, size_t *n_found)
{
    double step = frontier_step(frontier), least = frontier->is_risk ? 0.0 : -(double)INFINITY;
    struct choice_solution solution;
    *n_found = 0;
    for (size_t k = 0; k <= n_points; ++k) {
        if (!frontier_solve(frontier, least, &solution)) {
            return true;
        }
        *most = frontier_other(frontier, &solution);
        if (k == n_points) {
            break;
        }
        *n_found = frontier_add(*n_found, &solution, *most, solutions, others);
        least = *most + step;
    }
    return false;
}

/* The most that can be asked for: a search of its own, or by halving. */
static double frontier_most(struct frontier *frontier, double low)
{
    struct choice_solution solution;
    if (!frontier->is_risk) {
        struct choice_problem turned = *frontier->problem;
        turned.objective = frontier->other;
        turned.denominator = SIZE_MAX;
        choice_solve(&turned, frontier->node_limit, &solution);
        return solution.found ? fmax(low, solution.value) : low;
    }
    double high = 1.0;
    if (frontier_solve(frontier, high, &solution)) {
        return high;
    }
    while (high - low > 0.5 / (double)frontier->problem->n_draws) {
        double middle = 0.5 * (low + high);
        if (frontier_solve(frontier, middle, &solution)) {
            low = fmax(middle, frontier_other(frontier, &solution));
        } else {
            high = middle;
        }
    }
    return low;
}

/* Evenly spaced demands between the ends, where there are more points than asked for. */
static size_t frontier_spread(struct frontier *frontier, size_t n_points,
                              struct choice_solution *solutions, double *others)
{
    struct choice_solution solution;
    double first = others[0], most = frontier_most(frontier, others[0]);
    size_t n = 1;
    for (size_t k = 1; k < n_points; ++k) {
        double least =
            k + 1 == n_points ? most : first + (most - first) * (double)k / (double)(n_points - 1);
        if (least > others[n - 1] && frontier_solve(frontier, least, &solution)) {
            n = frontier_add(n, &solution, frontier_other(frontier, &solution), solutions, others);
        }
    }
    return n;
}

static size_t frontier_sweep(struct frontier *frontier, size_t n_points,
                             struct choice_solution *solutions, double *others)
{
    size_t n = 0;
    double most = 0.0;
    if (n_points == 0 || frontier_follow(frontier, n_points, &most, solutions, others, &n) ||
        n_points < 2) {
        return n;
    }
    return frontier_spread(frontier, n_points, solutions, others);
}

size_t choice_frontier(const struct choice_problem *problem, size_t other, size_t n_points,
                       uint64_t node_limit, struct choice_solution *solutions)
{
    assert(other < problem->n_measures);
    struct frontier frontier;
    double *others = memory_array(n_points + 1, sizeof *others);
    frontier_start(problem, other, node_limit, &frontier);
    frontier.bounds[problem->n_bounds] = (struct choice_bound){.measure = other};
    frontier.asking.n_bounds = problem->n_bounds + 1;
    size_t n = frontier_sweep(&frontier, n_points, solutions, others);
    frontier_clear(&frontier);
    free(others);
    return n;
}

size_t choice_frontier_of_risk(const struct choice_problem *problem, size_t drawn, double threshold,
                               size_t n_points, uint64_t node_limit,
                               struct choice_solution *solutions, double *probabilities)
{
    assert(drawn < problem->n_drawn && problem->n_draws > 0);
    struct frontier frontier;
    frontier_start(problem, 0, node_limit, &frontier);
    frontier.is_risk = true;
    frontier.chances[problem->n_chances] =
        (struct choice_chance){.drawn = drawn, .threshold = threshold};
    frontier.asking.n_chances = problem->n_chances + 1;
    size_t n = frontier_sweep(&frontier, n_points, solutions, probabilities);
    frontier_clear(&frontier);
    return n;
}

/* ---- robust choices ---- */

/* Keys as aim_key, relative to the size of the draws: ties to fewer on, then programme order. */
static bool is_more_robust(const struct choice_problem *problem, const uint8_t *level,
                           double criterion, double grain, struct candidate *best)
{
    struct candidate candidate = {
        .found = true, .value = criterion, .key = nearbyint(criterion / grain)};
    for (size_t i = 0; i < problem->n_programmes; ++i) {
        candidate.level[i] = level[i];
        candidate.n_on += level[i] != CHOICE_OFF;
    }
    if (!candidate_beats(problem, &candidate, best)) {
        return false;
    }
    *best = candidate;
    return true;
}

static double grain_of_draws(const struct choice_problem *problem, size_t drawn)
{
    double scale = 0.0;
    for (size_t s = 0; s < problem->n_draws; ++s) {
        struct linear linear;
        linear_of_draw(problem, drawn, s, &linear);
        scale = fmax(scale, linear_scale(problem, &linear));
        linear_clear(problem, &linear);
    }
    return scale > 0.0 ? ldexp(1.0, ilogb(scale) - 40) : 1.0;
}

static void write_robust(const struct choice_problem *problem, const struct candidate *best,
                         const struct portfolio_list *list, struct choice_solution *solution)
{
    double *values = memory_array(problem->n_measures + 1, sizeof *values);
    *solution = (struct choice_solution){
        .found = best->found,
        .exact = list->complete,
        .value = (double)NAN,
        .bound = best->found || !list->complete ? (double)INFINITY : -(double)INFINITY,
        .n_visited = list->n_visited};
    memcpy(solution->level, best->level, problem->n_programmes);
    if (best->found) {
        choice_evaluate(problem, best->level, values);
        solution->value = choice_objective(problem, values);
    }
    free(values);
}

struct robust {
    struct candidate q05, regret;
    double grain, *most, *scratch; /* most [n_draws]: the best feasible portfolio of each draw */
};

static void raise_most(const struct portfolio_list *list, struct summing *summing,
                       struct robust *robust)
{
    for (size_t s = 0; s < summing->n; ++s) {
        robust->most[s] = -(double)INFINITY;
    }
    for (size_t p = 0; p < list->n; ++p) {
        const double *values = summing_add(summing, list->levels + p * list->n_programmes);
        for (size_t s = 0; s < summing->n; ++s) {
            robust->most[s] = fmax(robust->most[s], values[s]);
        }
    }
    summing->last = NULL;
}

/* Enough values on the wrong side of the best so far: the quantile cannot beat it. Counting is far
 * cheaper than selecting. */
static bool is_hopeless(size_t n, const double *values, double probability,
                        const struct candidate *best, double sign, double grain)
{
    size_t low = (size_t)(probability * (double)(n - 1)), n_worse = 0;
    double limit = best->value - 2.0 * grain;
    if (!best->found) {
        return false;
    }
    for (size_t s = 0; s < n; ++s) {
        n_worse += sign * values[s] < limit ? 1 : 0;
    }
    return n_worse >= (sign > 0.0 ? low + 2 : n - low);
}

static void judge_all(const struct choice_problem *problem, const struct portfolio_list *list,
                      struct summing *summing, struct robust *robust)
{
    size_t n = summing->n;
    for (size_t p = 0; p < list->n; ++p) {
        const uint8_t *level = list->levels + p * list->n_programmes;
        const double *values = summing_add(summing, level);
        if (!is_hopeless(n, values, 0.05, &robust->q05, 1.0, robust->grain)) {
            memcpy(robust->scratch, values, n * sizeof *values);
            (void)is_more_robust(problem, level, quantile_of(n, robust->scratch, 0.05),
                                 robust->grain, &robust->q05);
        }
        for (size_t s = 0; s < n; ++s) {
            robust->scratch[s] = robust->most[s] - values[s];
        }
        if (!is_hopeless(n, robust->scratch, 0.95, &robust->regret, -1.0, robust->grain)) {
            (void)is_more_robust(problem, level, -quantile_of(n, robust->scratch, 0.95),
                                 robust->grain, &robust->regret);
        }
    }
}

bool choice_robust(const struct choice_problem *problem, size_t drawn, uint64_t max_portfolios,
                   struct choice_solution *best_q05, double *q05,
                   struct choice_solution *least_regret, double *regret_q95)
{
    assert(drawn < problem->n_drawn && problem->n_draws > 0);
    struct portfolio_list list = {.max_n = (size_t)max_portfolios};
    bool complete = choice_enumerate(problem, &list);
    struct robust robust = {.grain = 1.0};
    if (complete && list.n > 0) {
        struct summing summing;
        robust.grain = grain_of_draws(problem, drawn);
        robust.most = memory_columns(problem->n_draws);
        robust.scratch = memory_columns(problem->n_draws);
        summing_start(problem, drawn, problem->n_draws, &summing);
        summing_move(&summing, 0, problem->n_draws);
        raise_most(&list, &summing, &robust);
        judge_all(problem, &list, &summing, &robust);
        summing_clear(&summing);
        free(robust.most);
        free(robust.scratch);
    }
    write_robust(problem, &robust.q05, &list, best_q05);
    write_robust(problem, &robust.regret, &list, least_regret);
    *q05 = robust.q05.found ? robust.q05.value : (double)NAN;
    *regret_q95 = robust.regret.found ? -robust.regret.value : (double)NAN;
    portfolio_list_clear(&list);
    return complete;
}
