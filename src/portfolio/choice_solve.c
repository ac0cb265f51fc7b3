/* The exact search: depth first, with bounds. */
#include "base/arena.h"
#include "portfolio/choice_search.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- setting up ---- */

static void start_bounds(struct search *search)
{
    const struct choice_problem *problem = search->problem;
    search->bounds = memory_array(problem->n_bounds + 1, sizeof *search->bounds);
    search->bound_least = memory_array(problem->n_bounds + 1, sizeof *search->bound_least);
    for (size_t b = 0; b < problem->n_bounds; ++b) {
        const struct choice_bound *bound = &problem->bounds[b];
        struct linear linear;
        linear_of_measure(problem, bound->measure, &linear);
        view_start(&search->frame, &search->bounds[b]);
        view_fill(&search->frame, &linear, 1.0, NULL, NULL, &search->bounds[b]);
        search->bound_least[b] =
            bound->bound - 2e-9 * fmax(fabs(bound->bound), linear_scale(problem, &linear));
        if (!isfinite(bound->bound)) {
            search->bound_least[b] = bound->bound;
        }
        linear_clear(problem, &linear);
    }
}

static void start_views(struct search *search)
{
    const struct frame *frame = &search->frame;
    for (size_t v = 0; v < N_OBJECTIVE_VIEWS; ++v) {
        view_start(frame, &search->objective[v]);
    }
    if (search->aim->is_ratio) {
        const struct linear *denominator = &search->aim->denominator;
        view_start(frame, &search->most_denominator);
        view_start(frame, &search->least_denominator);
        view_fill(frame, denominator, 1.0, NULL, NULL, &search->most_denominator);
        view_fill(frame, denominator, -1.0, NULL, NULL, &search->least_denominator);
    }
    start_bounds(search);
}

void search_start(const struct choice_problem *problem, const struct choice_aim *aim,
                  struct search *search)
{
    *search = (struct search){.problem = problem, .aim = aim, .open_bound = -INFINITY};
    frame_start(problem, &search->frame);
    budgets_start(&search->frame, &search->budgets);
    search->prices = memory_array(search->budgets.n_rows + 1, sizeof(double));
    for (size_t i = 0; i < problem->n_programmes; ++i) {
        search->n_least_on += search->frame.least[i];
    }
    chance_start(search);
}

static void clear_views(struct search *search)
{
    for (size_t v = 0; v < N_OBJECTIVE_VIEWS; ++v) {
        view_clear(&search->frame, &search->objective[v]);
    }
    if (search->aim->is_ratio) {
        view_clear(&search->frame, &search->most_denominator);
        view_clear(&search->frame, &search->least_denominator);
    }
    for (size_t b = 0; b < search->problem->n_bounds; ++b) {
        view_clear(&search->frame, &search->bounds[b]);
    }
    free(search->bounds);
    free(search->bound_least);
}

void search_clear(struct search *search)
{
    chance_clear(search);
    free(search->prices);
    budgets_clear(&search->budgets);
    frame_clear(&search->frame);
}

/* ---- what the search maximises: the objective; of a ratio, numerator - ratio x denominator, which
 * is at least 0 for every portfolio whose ratio is no worse than the best so far ---- */

static void linear_to_maximise(const struct search *search, struct linear *linear)
{
    const struct choice_problem *problem = search->problem;
    const struct linear *top = &search->aim->objective, *below = &search->aim->denominator;
    double ratio = search->aim->is_ratio ? search->ratio : 0.0;
    *linear = (struct linear){.constant = top->constant - ratio * below->constant,
                              .level = memory_array(problem->n_level_indices + 1, sizeof(double)),
                              .entry = memory_array(problem->n_components + 1, sizeof(double *))};
    for (size_t i = 0; i < problem->n_level_indices; ++i) {
        linear->level[i] = top->level[i] - (ratio != 0.0 ? ratio * below->level[i] : 0.0);
    }
    for (size_t c = 0; c < problem->n_components; ++c) {
        size_t n = problem->components[c].n_entries;
        linear->entry[c] = memory_array(n, sizeof(double));
        for (size_t e = 0; e < n; ++e) {
            linear->entry[c][e] =
                top->entry[c][e] - (ratio != 0.0 ? ratio * below->entry[c][e] : 0.0);
        }
    }
}

static void follow_best_ratio(struct search *search)
{
    if (search->aim->is_ratio && isfinite(search->best.value) && search->best.found) {
        search->ratio = search->best.value;
        search->ratio_slack =
            0x1p-38 *
            (linear_scale(search->problem, &search->aim->objective) +
             fabs(search->ratio) * linear_scale(search->problem, &search->aim->denominator));
    }
}

static void fill_objective(struct search *search, const struct linear *linear)
{
    const struct frame *frame = &search->frame;
    view_fill(frame, linear, 1.0, NULL, NULL, &search->objective[VIEW_PLAIN]);
    view_fill(frame, linear, 1.0, &search->budgets, search->prices,
              &search->objective[VIEW_PRICED]);
}

/* Totals along the path after the tables have changed. */
static void retrace(struct search *search)
{
    size_t n = search->problem->n_programmes;
    for (size_t v = 0; v < N_OBJECTIVE_VIEWS; ++v) {
        struct view *view = &search->objective[v];
        for (size_t d = 0; d < n; ++d) {
            size_t i = search->frame.order[d];
            view->total[d + 1] =
                view_after(&search->frame, view, view->total[d], i, search->level[i]);
        }
    }
}

void search_price(struct search *search)
{
    struct linear linear;
    follow_best_ratio(search);
    linear_to_maximise(search, &linear);
    fill_objective(search, &linear);
    retrace(search);
    linear_clear(search->problem, &linear);
}

/* Prices and the order they suggest; then everything that depends on the order. */
static void choose_order(struct search *search)
{
    double score[CHOICE_MAX_PROGRAMMES];
    struct linear linear;
    follow_best_ratio(search);
    linear_to_maximise(search, &linear);
    double target = !search->best.found     ? -(double)INFINITY
                    : search->aim->is_ratio ? 0.0
                                            : search->best.value;
    prices_find(&search->frame, &search->budgets, &linear, target, search->prices, score);
    if (search->list != NULL) {
        frame_in_programme_order(&search->frame);
    } else {
        frame_order(&search->frame, score);
    }
    budgets_follow_order(&search->frame, &search->budgets);
    chance_follow_order(search);
    start_views(search);
    fill_objective(search, &linear);
    linear_clear(search->problem, &linear);
}

/* ---- offers ---- */

bool search_offer(struct search *search, const uint8_t *level)
{
    struct candidate candidate;
    candidate_make(search->problem, search->aim, level, &candidate);
    if (!candidate_beats(search->problem, &candidate, &search->best) ||
        !choice_is_feasible(search->problem, level)) {
        return false;
    }
    search->best = candidate;
    return true;
}

static void list_add(struct search *search)
{
    struct portfolio_list *list = search->list;
    if (!choice_is_feasible(search->problem, search->level)) {
        return;
    }
    if (list->n == list->max_n) {
        list->complete = false;
        return;
    }
    if (list->n == list->capacity) {
        list->capacity = list->capacity > 0 ? 2 * list->capacity : 64;
        list->levels = memory_realloc(list->levels, list->capacity * list->n_programmes + 1);
    }
    memcpy(list->levels + list->n++ * list->n_programmes, search->level, list->n_programmes);
}

static void visit_leaf(struct search *search)
{
    size_t n = search->problem->n_programmes;
    if (search->list != NULL) {
        list_add(search);
        return;
    }
    struct candidate candidate;
    candidate_make(search->problem, search->aim, search->level, &candidate);
    if (!candidate_beats(search->problem, &candidate, &search->best)) {
        return;
    }
    if (!chances_can_hold(search, n)) {
        search->chances_bind = true;
        return;
    }
    if (search_offer(search, search->level) && search->aim->is_ratio) {
        search_price(search);
    }
}

/* ---- bounds at a node ---- */

static double objective_at(const struct search *search, size_t position)
{
    return fmin(search->objective[VIEW_PLAIN].total[position],
                search->objective[VIEW_PRICED].total[position]);
}

/* The most a completion is worth; of a ratio from numerator - ratio x denominator <= u. */
static double bound_at_node(const struct search *search, size_t position)
{
    double most = objective_at(search, position);
    if (!search->aim->is_ratio) {
        return most;
    }
    if (search->most_denominator.total[position] <= 0.0) {
        return -INFINITY;
    }
    double least = -search->least_denominator.total[position];
    most += search->ratio_slack;
    if (most <= 0.0) {
        return search->ratio;
    }
    return least > 0.0 ? search->ratio + most / least : (double)INFINITY;
}

/* Could a completion come before the best so far, if only by the rules for ties? */
static bool can_beat(const struct search *search, size_t position)
{
    if (!search->best.found || search->list != NULL) {
        return true;
    }
    bool could_win_tie =
        search->aim->has_second || search->n_on + search->n_least_on <= search->best.n_on;
    if (search->aim->is_ratio) {
        if (search->most_denominator.total[position] <= 0.0) {
            return search->best.value == -(double)INFINITY && could_win_tie;
        }
        return search->best.value == -(double)INFINITY ||
               objective_at(search, position) >= -search->ratio_slack;
    }
    double key = aim_key(search->aim, objective_at(search, position));
    return key > search->best.key || (key == search->best.key && could_win_tie);
}

static bool rules_allow(const struct search *search, size_t position, size_t programme,
                        size_t level, const size_t *place)
{
    const struct choice_problem *problem = search->problem;
    for (size_t r = 0; r < problem->n_rules; ++r) {
        const struct choice_rule *rule = &problem->rules[r];
        size_t other = rule->a == programme ? rule->b : rule->a;
        if ((rule->a != programme && rule->b != programme) || place[other] >= position) {
            continue;
        }
        bool is_on = level != CHOICE_OFF, other_on = search->level[other] != CHOICE_OFF;
        bool a = rule->a == programme ? is_on : other_on;
        bool b = rule->a == programme ? other_on : is_on;
        if (a && b == (rule->relation == CHOICE_EXCLUDES)) {
            return false;
        }
    }
    return true;
}

static bool bounds_in_reach(const struct search *search, size_t position)
{
    for (size_t b = 0; b < search->problem->n_bounds; ++b) {
        if (!(search->bounds[b].total[position] >= search->bound_least[b])) {
            return false;
        }
    }
    return true;
}

static void step_view(const struct search *search, struct view *view, size_t position, size_t i,
                      size_t level)
{
    view->total[position + 1] = view_after(&search->frame, view, view->total[position], i, level);
}

/* Takes a level; false where no completion can be wanted. */
static bool enter(struct search *search, size_t position, size_t i, size_t level)
{
    for (size_t v = 0; v < N_OBJECTIVE_VIEWS; ++v) {
        step_view(search, &search->objective[v], position, i, level);
    }
    if (search->aim->is_ratio) {
        step_view(search, &search->most_denominator, position, i, level);
        step_view(search, &search->least_denominator, position, i, level);
    }
    search->level[i] = (uint8_t)level;
    if (!can_beat(search, position + 1) ||
        !budgets_enter(&search->frame, &search->budgets, position, level)) {
        return false;
    }
    for (size_t b = 0; b < search->problem->n_bounds; ++b) {
        step_view(search, &search->bounds[b], position, i, level);
    }
    if (!bounds_in_reach(search, position + 1)) {
        return false;
    }
    frame_enter(&search->frame, i, level);
    chance_forget(search, position);
    return !search->chances_bind || chances_can_hold(search, position + 1);
}

/* ---- the walk ---- */

/* Levels by falling bound, so that the first way down is a good one; in a list, rising. */
static size_t list_levels(const struct search *search, size_t position, uint8_t *levels)
{
    size_t i = search->frame.order[position], n = 0;
    double totals[CHOICE_MAX_LEVELS + 1];
    const struct view *view = &search->objective[VIEW_PRICED];
    for (size_t l = search->frame.least[i]; l <= search->frame.most[i]; ++l) {
        double total = view_after(&search->frame, view, view->total[position], i, l);
        size_t at = n++;
        for (; search->list == NULL && at > 0 && total > totals[at - 1]; --at) {
            totals[at] = totals[at - 1];
            levels[at] = levels[at - 1];
        }
        totals[at] = total;
        levels[at] = (uint8_t)l;
    }
    return n;
}

static bool is_over(const struct search *search)
{
    return (search->node_limit > 0 && search->n_visited >= search->node_limit) ||
           (search->list != NULL && !search->list->complete);
}

static void place_programmes(const struct search *search, size_t *place)
{
    for (size_t d = 0; d < search->problem->n_programmes; ++d) {
        place[search->frame.order[d]] = d;
    }
}

/* Counted by the thousand: others look at the count, and the walk should not feel it. */
enum { NODES_A_COUNT = 1024 };

static void walk(struct search *search, size_t position, const size_t *place)
{
    if (is_over(search)) {
        ++search->n_open;
        search->open_bound = fmax(search->open_bound, bound_at_node(search, position));
        return;
    }
    if (position == search->problem->n_programmes) {
        visit_leaf(search);
        return;
    }
    if ((++search->n_visited & (NODES_A_COUNT - 1)) == 0) {
        effort_examine(search->problem->effort, NODES_A_COUNT);
    }
    size_t i = search->frame.order[position];
    uint8_t levels[CHOICE_MAX_LEVELS + 1];
    size_t n_levels = list_levels(search, position, levels);
    search->n_least_on -= search->frame.least[i];
    for (size_t k = 0; k < n_levels; ++k) {
        size_t is_on = levels[k] != CHOICE_OFF;
        search->n_on += is_on;
        if (rules_allow(search, position, i, levels[k], place) &&
            enter(search, position, i, levels[k])) {
            walk(search, position + 1, place);
        }
        search->n_on -= is_on;
    }
    search->n_least_on += search->frame.least[i];
}

void search_node(struct search *search, size_t position)
{
    size_t place[CHOICE_MAX_PROGRAMMES];
    place_programmes(search, place);
    if (can_beat(search, position) && bounds_in_reach(search, position)) {
        walk(search, position, place);
        effort_examine(search->problem->effort, search->n_visited & (NODES_A_COUNT - 1));
    }
}

/* ---- answers ---- */

static void write_solution(const struct search *search, struct choice_solution *solution)
{
    const struct candidate *best = &search->best;
    *solution = (struct choice_solution){.found = best->found,
                                         .exact = search->n_open == 0,
                                         .value = best->found ? best->value : (double)NAN,
                                         .n_visited = search->n_visited};
    memcpy(solution->level, best->level, search->problem->n_programmes);
    solution->bound = best->found ? best->value : -(double)INFINITY;
    if (!solution->exact) {
        solution->bound = fmax(solution->bound, search->open_bound);
    }
}

void choice_search(const struct choice_problem *problem, const struct choice_aim *aim,
                   uint64_t node_limit, const uint8_t *start, struct choice_solution *solution)
{
    struct search search;
    search_start(problem, aim, &search);
    search.node_limit = node_limit;
    if (!search.frame.impossible && !search.budgets.impossible) {
        if (start != NULL) {
            (void)search_offer(&search, start);
        }
        search_greedy(&search);
        choose_order(&search);
        search_node(&search, 0);
        if (search.n_open > 0) {
            search_exchange(&search);
        }
        clear_views(&search);
    }
    write_solution(&search, solution);
    search_clear(&search);
}

void choice_solve(const struct choice_problem *problem, uint64_t node_limit,
                  struct choice_solution *solution)
{
    struct choice_aim aim;
    aim_of_problem(problem, &aim);
    choice_search(problem, &aim, node_limit, NULL, solution);
    aim_clear(problem, &aim);
}

bool choice_enumerate(const struct choice_problem *problem, struct portfolio_list *list)
{
    struct search search;
    struct choice_aim aim;
    list->n = 0;
    list->n_programmes = problem->n_programmes;
    list->complete = true;
    aim_of_problem(problem, &aim);
    search_start(problem, &aim, &search);
    search.list = list;
    search.node_limit = list->max_visited;
    if (!search.frame.impossible && !search.budgets.impossible) {
        choose_order(&search);
        search_node(&search, 0);
        clear_views(&search);
    }
    list->n_visited = search.n_visited;
    list->complete = list->complete && search.n_open == 0;
    search_clear(&search);
    aim_clear(problem, &aim);
    return list->complete;
}

void portfolio_list_clear(struct portfolio_list *list)
{
    free(list->levels);
    *list = (struct portfolio_list){0};
}
