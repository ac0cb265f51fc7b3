/* Upper bounds of a measure over all completions of a path, and prices of budgets that make them
 * tight. */
#include "portfolio/choice_view.h"

#include "base/arena.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void view_start(const struct frame *frame, struct view *view)
{
    const struct choice_problem *problem = frame->problem;
    *view = (struct view){.level = memory_array(problem->n_level_indices + 1, sizeof(double)),
                          .single = memory_array(problem->n_programmes + 1, sizeof(double)),
                          .best = memory_array(problem->n_components + 1, sizeof(double *)),
                          .total = memory_array(problem->n_programmes + 1, sizeof(double))};
    for (size_t c = 0; c < problem->n_components; ++c) {
        view->best[c] = memory_array(frame->parts[c].n_table, sizeof(double));
    }
}

void view_clear(const struct frame *frame, struct view *view)
{
    for (size_t c = 0; c < frame->problem->n_components; ++c) {
        free(view->best[c]);
    }
    free((void *)view->best);
    free(view->level);
    free(view->single);
    free(view->total);
}

/* One component's table of best completions, from the last member to the first. */
struct completion {
    const struct frame *frame;
    const struct part *part;
    const double *level, *values;
    double sign, *table;
    size_t component;
};

static double complete(const struct completion *task, size_t place, size_t state, size_t entry,
                       double sum)
{
    const struct part *part = task->part;
    double best = -INFINITY;
    if (place == part->n_members) {
        best = task->sign * task->values[entry] + sum;
    } else {
        const struct frame *frame = task->frame;
        size_t i = part->member[place];
        bool is_home = frame->home[i] == task->component;
        const double *gain = task->level + frame->problem->first_level[i];
        for (size_t l = frame->least[i]; l <= frame->most[i]; ++l) {
            double more = is_home && l > 0 ? gain[l - 1] : 0.0;
            best = fmax(best, complete(task, place + 1, state * (part->n_levels[place] + 1) + l,
                                       entry + l * part->stride[place], sum + more));
        }
    }
    task->table[part->offset[place] + state] = best;
    return best;
}

static double best_single(const struct frame *frame, const double *level, size_t programme)
{
    double best = frame->least[programme] == 0 ? 0.0 : -(double)INFINITY;
    for (size_t l = 1; l <= frame->most[programme]; ++l) {
        best = fmax(best, level[frame->problem->first_level[programme] + l - 1]);
    }
    return best;
}

/* Levels at prices; returns what limits are worth at them. */
static double price_levels(const struct choice_problem *problem, const struct budgets *budgets,
                           const double *prices, double *level)
{
    size_t n_rows = prices != NULL ? budgets->n_rows : 0;
    double worth = 0.0;
    for (size_t r = 0; r < n_rows; ++r) {
        worth += prices[r] * budgets->limit[r];
    }
    for (size_t i = 0; n_rows > 0 && i < problem->n_level_indices; ++i) {
        const double *use = budgets->use + i * n_rows;
        double cost = 0.0;
        for (size_t r = 0; r < n_rows; ++r) {
            cost += prices[r] * use[r];
        }
        level[i] -= cost;
    }
    return worth;
}

/* What rounding can have taken from a total: each of its terms, and each step along a path. */
static double rounding_of(const struct choice_problem *problem, const struct budgets *budgets,
                          const double *prices, double scale)
{
    size_t n_rows = prices != NULL ? budgets->n_rows : 0;
    for (size_t r = 0; r < n_rows; ++r) {
        /* a normalised row sums to at most 1, its limit lies within 1 */
        scale += 4.0 * prices[r];
    }
    double n_terms = (double)(4 * (problem->n_programmes + problem->n_components) + n_rows + 8);
    return n_terms * 0x1p-53 * scale;
}

void view_fill(const struct frame *frame, const struct linear *linear, double sign,
               const struct budgets *budgets, const double *prices, struct view *view)
{
    const struct choice_problem *problem = frame->problem;
    for (size_t i = 0; i < problem->n_level_indices; ++i) {
        view->level[i] = sign * linear->level[i];
    }
    double total = sign * linear->constant;
    total += price_levels(problem, budgets, prices, view->level);
    for (size_t i = 0; i < problem->n_programmes; ++i) {
        view->single[i] = frame->home[i] == SIZE_MAX ? best_single(frame, view->level, i) : 0.0;
        total += view->single[i];
    }
    for (size_t c = 0; c < problem->n_components; ++c) {
        struct completion task = {.frame = frame,
                                  .part = &frame->parts[c],
                                  .level = view->level,
                                  .values = linear->entry[c],
                                  .sign = sign,
                                  .table = view->best[c],
                                  .component = c};
        total += complete(&task, 0, 0, 0, 0.0);
    }
    view->total[0] = total + rounding_of(problem, budgets, prices, linear_scale(problem, linear));
}

double view_after(const struct frame *frame, const struct view *view, double total,
                  size_t programme, size_t level)
{
    if (frame->home[programme] == SIZE_MAX) {
        double gain =
            level > 0 ? view->level[frame->problem->first_level[programme] + level - 1] : 0.0;
        return total + (gain - view->single[programme]);
    }
    for (size_t k = frame->first_membership[programme]; k < frame->first_membership[programme + 1];
         ++k) {
        size_t place = frame->memberships[k].place, c = frame->memberships[k].component;
        const struct part *part = &frame->parts[c];
        size_t state = part->prefix[place];
        double before = view->best[c][part->offset[place] + state];
        double after =
            view->best[c][part->offset[place + 1] + state * (part->n_levels[place] + 1) + level];
        total += after - before;
    }
    return total;
}

/* ---- prices ---- */

struct pricing {
    const struct frame *frame;
    const struct budgets *budgets;
    const struct linear *linear;
    double *level;  /* at the prices tried */
    double *excess; /* [row]: limit - use of the best portfolio at these prices */
    uint8_t best[CHOICE_MAX_PROGRAMMES];
};

/* The best entry of a component at the prices: the table's walk without its table. */
static double best_entry(const struct pricing *pricing, size_t component, size_t place,
                         size_t entry, size_t *best)
{
    const struct frame *frame = pricing->frame;
    const struct choice_component *c = &frame->problem->components[component];
    if (place == c->n_members) {
        *best = entry;
        return pricing->linear->entry[component][entry];
    }
    size_t i = c->members[place], below = 0;
    double value = -INFINITY;
    for (size_t l = frame->least[i]; l <= frame->most[i]; ++l) {
        double gain = frame->home[i] == component && l > 0
                          ? pricing->level[frame->problem->first_level[i] + l - 1]
                          : 0.0;
        gain += best_entry(pricing, component, place + 1, entry + l * c->strides[place], &below);
        if (gain > value) {
            value = gain;
            *best = below;
        }
    }
    return value;
}

static double choose_in_component(struct pricing *pricing, size_t component)
{
    const struct choice_component *c = &pricing->frame->problem->components[component];
    size_t entry = 0;
    double value = best_entry(pricing, component, 0, 0, &entry);
    for (size_t k = c->n_members; k > 0; --k) {
        size_t i = c->members[k - 1];
        if (pricing->frame->home[i] == component) {
            pricing->best[i] = (uint8_t)(entry / c->strides[k - 1]);
        }
        entry %= c->strides[k - 1];
    }
    return value;
}

static double choose_single(struct pricing *pricing, size_t i)
{
    const struct frame *frame = pricing->frame;
    double value = best_single(frame, pricing->level, i);
    pricing->best[i] = 0;
    for (size_t l = frame->least[i] == 0 ? 0 : 1; l <= frame->most[i]; ++l) {
        double gain = l > 0 ? pricing->level[frame->problem->first_level[i] + l - 1] : 0.0;
        if (gain == value) {
            pricing->best[i] = (uint8_t)l;
            break;
        }
    }
    return value;
}

/* The bound of the whole at prices, and the excess there. */
static double bound_at(struct pricing *pricing, const double *prices)
{
    const struct choice_problem *problem = pricing->frame->problem;
    const struct budgets *budgets = pricing->budgets;
    memcpy(pricing->level, pricing->linear->level, problem->n_level_indices * sizeof(double));
    double total = pricing->linear->constant;
    total += price_levels(problem, budgets, prices, pricing->level);
    for (size_t i = 0; i < problem->n_programmes; ++i) {
        total += pricing->frame->home[i] == SIZE_MAX ? choose_single(pricing, i) : 0.0;
    }
    for (size_t c = 0; c < problem->n_components; ++c) {
        total += choose_in_component(pricing, c);
    }
    memcpy(pricing->excess, budgets->limit, budgets->n_rows * sizeof(double));
    for (size_t i = 0; i < problem->n_programmes; ++i) {
        size_t index = problem->first_level[i] + pricing->best[i] - 1;
        for (size_t r = 0; pricing->best[i] > 0 && r < budgets->n_rows; ++r) {
            pricing->excess[r] -= budgets->use[index * budgets->n_rows + r];
        }
    }
    return total;
}

/* Few steps where a step is dear: large components are walked through at each. */
static size_t count_steps(const struct frame *frame, const struct budgets *budgets)
{
    const struct choice_problem *problem = frame->problem;
    size_t work = problem->n_level_indices * (budgets->n_rows + 1) + 1;
    for (size_t c = 0; c < problem->n_components; ++c) {
        work += 4 * problem->components[c].n_entries;
    }
    size_t n = 1000000 / work;
    return budgets->n_rows == 0 ? 0 : n < 100 ? n : 100;
}

/* A step against the excess, as long as the gap suggests (Polyak). */
static bool step_prices(const struct pricing *pricing, double step, double *prices)
{
    double squares = 0.0;
    for (size_t r = 0; r < pricing->budgets->n_rows; ++r) {
        double excess = pricing->excess[r];
        squares += prices[r] > 0.0 || excess < 0.0 ? excess * excess : 0.0;
    }
    for (size_t r = 0; squares > 0.0 && r < pricing->budgets->n_rows; ++r) {
        prices[r] = fmax(0.0, prices[r] - step / squares * pricing->excess[r]);
    }
    return squares > 0.0;
}

static void descend(struct pricing *pricing, double target, double *prices)
{
    size_t n_rows = pricing->budgets->n_rows;
    size_t n_steps = count_steps(pricing->frame, pricing->budgets), n_in_vain = 0;
    double *tried = memory_array(n_rows + 1, sizeof *tried);
    double best = INFINITY, length = 1.0;
    for (size_t step = 0; step < n_steps; ++step) {
        double bound = bound_at(pricing, tried);
        ++n_in_vain;
        if (bound < best) {
            best = bound;
            n_in_vain = 0;
            memcpy(prices, tried, n_rows * sizeof *tried);
        }
        if (n_in_vain >= 8) {
            length /= 2.0;
            n_in_vain = 0;
        }
        double gap = isfinite(target) ? bound - target : 0.05 * fabs(bound);
        if (gap <= 0.0 || !step_prices(pricing, length * gap, tried)) {
            break;
        }
    }
    free(tried);
}

/* What deciding against the better level costs. */
static double stake(const struct pricing *pricing, size_t i)
{
    const struct frame *frame = pricing->frame;
    double best = -INFINITY, second = -INFINITY;
    for (size_t l = frame->least[i]; l <= frame->most[i]; ++l) {
        double gain = l > 0 ? pricing->level[frame->problem->first_level[i] + l - 1] : 0.0;
        second = gain > best ? best : fmax(second, gain);
        best = fmax(best, gain);
    }
    return second == -(double)INFINITY ? (double)INFINITY : best - second;
}

void prices_find(const struct frame *frame, const struct budgets *budgets,
                 const struct linear *linear, double target, double *prices, double *score)
{
    const struct choice_problem *problem = frame->problem;
    struct pricing pricing = {.frame = frame,
                              .budgets = budgets,
                              .linear = linear,
                              .level = memory_array(problem->n_level_indices + 1, sizeof(double)),
                              .excess = memory_array(budgets->n_rows + 1, sizeof(double))};
    memset(prices, 0, budgets->n_rows * sizeof *prices);
    descend(&pricing, target, prices);
    memcpy(pricing.level, linear->level, problem->n_level_indices * sizeof(double));
    (void)price_levels(problem, budgets, prices, pricing.level);
    for (size_t i = 0; i < problem->n_programmes; ++i) {
        score[i] = stake(&pricing, i);
    }
    free(pricing.level);
    free(pricing.excess);
}
