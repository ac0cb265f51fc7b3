/* The choice among sets of programmes: from the portfolio's words to a choice problem, its
 * solutions, and the bundles of the sets. method section 6. */
#include "plan/measure_reference.h"
#include "portfolio/fund_private.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- measures ---- */

size_t fund_add_measure(struct funding *funding, const struct linear_measure *measure)
{
    funding->measures = arena_grow(funding->arena, funding->measures, funding->n_measures,
                                   &funding->measures_capacity, sizeof *funding->measures);
    funding->measures[funding->n_measures] = *measure;
    return funding->n_measures++;
}

static size_t add_drawn(struct funding *funding, size_t measure)
{
    for (size_t i = 0; i < funding->n_drawn; ++i) {
        if (funding->drawn[i] == measure) {
            return i;
        }
    }
    funding->drawn = arena_grow(funding->arena, funding->drawn, funding->n_drawn,
                                &funding->drawn_capacity, sizeof *funding->drawn);
    funding->drawn[funding->n_drawn] = measure;
    return funding->n_drawn++;
}

static void add_bound(struct funding *funding, size_t measure, double bound)
{
    funding->bounds = arena_grow(funding->arena, funding->bounds, funding->n_bounds,
                                 &funding->bounds_capacity, sizeof *funding->bounds);
    funding->bounds[funding->n_bounds++] =
        (struct choice_bound){.measure = measure, .bound = bound};
}

static void complain_measure(struct funding *funding, const struct setting *setting,
                             const char *name)
{
    const char *nearest = measure_reference_nearest(funding->arena, funding->bundle, name);
    const char *allowed = "MEASURE.WHO, e.g. net.public_sector, net_cash.police or qalys.total; "
                          "nhb.total, nhb.q1 to nhb.q5 and gap_closed with equity = { }";
    bool other = nearest != NULL && strcmp(nearest, name) != 0;
    const char *remedy = other ? arena_printf(funding->arena, "did you mean \"%s\"?", nearest)
                               : "see `dividend explain E681`";
    if (setting != NULL) {
        setting_complain(funding->diagnostics, setting, DIAGNOSTIC_E681, allowed, remedy,
                         "a choice cannot use \"%s\"", name);
    } else {
        setting_complain(
            funding->diagnostics, funding->portfolio->setting, DIAGNOSTIC_E681, allowed,
            "state objective = \"...\"",
            "the objective \"%s\", which is the default, is none that a choice can use", name);
    }
}

static void read_objective(struct funding *funding)
{
    struct objective_measure objective;
    const char *name = funding->portfolio->objective;
    funding->denominator = SIZE_MAX;
    funding->objective = 0;
    if (!measure_find_objective(funding->arena, funding->bundle, name, &objective)) {
        complain_measure(funding, funding->portfolio->objective_setting, name);
        return;
    }
    funding->objective = fund_add_measure(funding, &objective.numerator);
    if (objective.is_ratio) {
        funding->denominator = fund_add_measure(funding, &objective.denominator);
    }
    (void)add_drawn(funding, funding->objective);
}

static void read_mean(struct funding *funding, const struct portfolio_constraint *constraint)
{
    struct linear_measure measure;
    if (!measure_find_linear(funding->arena, funding->bundle, constraint->measure, &measure)) {
        complain_measure(funding, constraint->setting, constraint->measure);
        return;
    }
    if (!constraint->at_most) {
        add_bound(funding, fund_add_measure(funding, &measure), constraint->bound);
        return;
    }
    struct linear_measure negative;
    (void)measure_find_linear(funding->arena, funding->bundle, constraint->measure, &negative);
    measure_add(funding->bundle, &measure, -2.0, &negative);
    add_bound(funding, fund_add_measure(funding, &negative), -constraint->bound);
}

static void read_chance(struct funding *funding, const struct portfolio_constraint *constraint)
{
    struct linear_measure measure;
    if (!measure_find_linear(funding->arena, funding->bundle, constraint->measure, &measure)) {
        complain_measure(funding, constraint->setting, constraint->measure);
        return;
    }
    size_t drawn = add_drawn(funding, fund_add_measure(funding, &measure));
    funding->chances = arena_grow(funding->arena, funding->chances, funding->n_chances,
                                  &funding->chances_capacity, sizeof *funding->chances);
    funding->chances[funding->n_chances++] = (struct choice_chance){
        .drawn = drawn, .threshold = constraint->threshold, .probability = constraint->bound};
}

/* From this year on the cumulative net is never again below 0. */
static void read_payback(struct funding *funding, const struct portfolio_constraint *constraint)
{
    const char *who = constraint->measure + strlen("payback.");
    for (size_t year = (size_t)constraint->bound; year < funding->bundle->n_years; ++year) {
        struct linear_measure measure;
        if (!measure_find_payback(funding->arena, funding->bundle, who, year, &measure)) {
            complain_measure(funding, constraint->setting, constraint->measure);
            return;
        }
        add_bound(funding, fund_add_measure(funding, &measure), 0.0);
    }
    if (constraint->bound >= (double)funding->bundle->n_years) {
        setting_complain(funding->diagnostics, constraint->setting, DIAGNOSTIC_E682,
                         "a model year within the horizon", "lower the year",
                         "the horizon ends before model year %g", constraint->bound);
    }
}

static void read_constraints(struct funding *funding)
{
    size_t n = funding->portfolio->n_constraints;
    funding->first_bound = arena_array(funding->arena, n + 1, sizeof(size_t));
    funding->first_chance = arena_array(funding->arena, n + 1, sizeof(size_t));
    for (size_t i = 0; i < n; ++i) {
        const struct portfolio_constraint *constraint = &funding->portfolio->constraints[i];
        funding->first_bound[i] = funding->n_bounds;
        funding->first_chance[i] = funding->n_chances;
        switch (constraint->kind) {
        case CONSTRAINT_MEAN:
            read_mean(funding, constraint);
            break;
        case CONSTRAINT_PROBABILITY:
            read_chance(funding, constraint);
            break;
        case CONSTRAINT_PAYBACK:
            read_payback(funding, constraint);
            break;
        }
    }
    funding->first_bound[n] = funding->n_bounds;
    funding->first_chance[n] = funding->n_chances;
}

static void read_gap(struct funding *funding)
{
    struct linear_measure gap;
    funding->gap = SIZE_MAX;
    if (measure_find_linear(funding->arena, funding->bundle, "gap_closed", &gap)) {
        funding->gap = fund_add_measure(funding, &gap);
    }
}

static void read_uses(struct funding *funding)
{
    const struct portfolio *portfolio = funding->portfolio;
    size_t n_years = funding->bundle->n_years;
    funding->uses = arena_array(funding->arena, portfolio->n_budgets * n_years, sizeof(size_t));
    for (size_t i = 0; i < portfolio->n_budgets; ++i) {
        for (size_t year = 0; year < n_years; ++year) {
            struct linear_measure use;
            measure_cash_use(funding->arena, funding->bundle, portfolio->budgets[i].sector, year,
                             false, &use);
            funding->uses[i * n_years + year] = fund_add_measure(funding, &use);
        }
    }
}

/* ---- budgets: rows, or bounds where savings come back ---- */

static size_t pool_of(const struct funding *funding, enum budget_form form, size_t budget)
{
    return portfolio_pool_of(funding->portfolio, form, budget);
}

static bool leads_pool(const struct funding *funding, enum budget_form form, size_t budget)
{
    return portfolio_leads_pool(funding->portfolio, form, budget);
}

static const char *pool_name(const struct funding *funding, enum budget_form form, size_t budget)
{
    return portfolio_pool_name(funding->library, funding->portfolio, form, budget);
}

/* Savings that come back change with the whole set, so that the pool's use is a measure of its own;
 * negative, since bounds are from below. */
static void read_net_uses(struct funding *funding)
{
    const struct portfolio *portfolio = funding->portfolio;
    size_t n_years = funding->bundle->n_years;
    for (size_t f = 0; portfolio->recycle_savings && f < N_BUDGET_FORMS; ++f) {
        enum budget_form form = (enum budget_form)f;
        funding->net_uses[form] =
            arena_array(funding->arena, portfolio->n_budgets * n_years, sizeof(size_t));
        for (size_t i = 0; i < portfolio->n_budgets; ++i) {
            for (size_t year = 0; year < n_years && leads_pool(funding, form, i); ++year) {
                struct linear_measure sum, use;
                measure_cash_use(funding->arena, funding->bundle, portfolio->budgets[i].sector,
                                 year, true, &sum);
                use = sum;
                measure_cash_use(funding->arena, funding->bundle, portfolio->budgets[i].sector,
                                 year, true, &use);
                measure_add(funding->bundle, &use, -2.0, &sum);
                for (size_t k = i + 1; k < portfolio->n_budgets; ++k) {
                    if (pool_of(funding, form, k) == pool_of(funding, form, i)) {
                        measure_cash_use(funding->arena, funding->bundle,
                                         portfolio->budgets[k].sector, year, true, &use);
                        measure_add(funding->bundle, &use, -1.0, &sum);
                    }
                }
                funding->net_uses[form][i * n_years + year] = fund_add_measure(funding, &sum);
            }
        }
    }
}

/* Use of a pool in a year by each level, and its limit times `scale` plus `extra`. */
static struct choice_row make_row(const struct funding *funding, enum budget_form form,
                                  size_t leader, size_t year, double scale, double extra)
{
    const struct portfolio *portfolio = funding->portfolio;
    size_t n_levels = funding->bundle->bundle->n_members, n_years = funding->bundle->n_years;
    double *use = arena_array(funding->arena, n_levels, sizeof *use), limit = 0.0;
    for (size_t i = 0; i < portfolio->n_budgets; ++i) {
        if (pool_of(funding, form, i) != pool_of(funding, form, leader)) {
            continue;
        }
        limit += portfolio->budgets[i].gbp_by_year[year];
        size_t measure = funding->uses[i * n_years + year];
        for (size_t level = 0; level < n_levels; ++level) {
            use[level] += funding->tables.additive[level * funding->tables.n_measures + measure];
        }
    }
    return (struct choice_row){
        .name = pool_name(funding, form, leader), .use = use, .limit = scale * limit + extra};
}

static struct choice_problem basic_problem(const struct funding *funding)
{
    const struct plan_bundle *bundle = funding->bundle->bundle;
    const struct portfolio *portfolio = funding->portfolio;
    struct choice_programme *programmes =
        arena_array(funding->arena, bundle->n_players, sizeof *programmes);
    size_t *first = arena_array(funding->arena, bundle->n_players, sizeof *first);
    struct choice_rule *rules = arena_array(funding->arena, portfolio->n_rules, sizeof *rules);
    for (size_t i = 0; i < bundle->n_players; ++i) {
        programmes[i] = (struct choice_programme){.n_levels = bundle->players[i].n_levels,
                                                  .must_have = portfolio->programmes[i].must_have};
        first[i] = bundle->players[i].members[0];
    }
    for (size_t i = 0; i < portfolio->n_rules; ++i) {
        rules[i] = (struct choice_rule){.relation = portfolio->rules[i].excludes ? CHOICE_EXCLUDES
                                                                                 : CHOICE_REQUIRES,
                                        .a = portfolio->rules[i].a,
                                        .b = portfolio->rules[i].b};
    }
    return (struct choice_problem){.n_programmes = bundle->n_players,
                                   .programmes = programmes,
                                   .first_level = first,
                                   .n_level_indices = bundle->n_members,
                                   .n_measures = funding->n_core,
                                   .additive = funding->tables.core_additive,
                                   .n_drawn = funding->n_drawn,
                                   .n_draws = funding->tables.n_draws,
                                   .additive_draws = funding->tables.additive_draws,
                                   .components = funding->tables.components,
                                   .n_components = funding->tables.n_components,
                                   .effort = funding->result->effort,
                                   .rules = rules,
                                   .n_rules = portfolio->n_rules,
                                   .bounds = funding->bounds,
                                   .n_bounds = funding->n_bounds,
                                   .chances = funding->chances,
                                   .n_chances = funding->n_chances,
                                   .objective = funding->objective,
                                   .denominator = funding->denominator};
}

/* Budgets of a form, all limits times `scale`, and those of the pool led by `raised` (SIZE_MAX
 * none) raised by the increment. Savings that come back change with the whole set: then a budget is
 * a bound on a measure of its own. */
static struct choice_problem make_problem(struct funding *funding, enum budget_form form,
                                          double scale, size_t raised)
{
    const struct portfolio *portfolio = funding->portfolio;
    struct choice_problem problem = basic_problem(funding);
    size_t n_years = funding->bundle->n_years, n = portfolio->n_budgets * n_years;
    struct choice_row *rows = arena_array(funding->arena, n, sizeof *rows);
    struct choice_bound *bounds =
        arena_array(funding->arena, funding->n_bounds + n, sizeof *bounds);
    if (funding->n_bounds > 0) {
        memcpy(bounds, funding->bounds, funding->n_bounds * sizeof *bounds);
    }
    for (size_t i = 0; i < portfolio->n_budgets; ++i) {
        double extra = i == raised ? portfolio->increment_gbp : 0.0;
        for (size_t year = 0; year < n_years && leads_pool(funding, form, i); ++year) {
            struct choice_row row = make_row(funding, form, i, year, scale, extra);
            if (!portfolio->recycle_savings) {
                rows[problem.n_rows++] = row;
            } else {
                bounds[problem.n_bounds++] = (struct choice_bound){
                    .measure = funding->net_uses[form][i * n_years + year], .bound = -row.limit};
            }
        }
    }
    problem.rows = rows;
    problem.bounds = bounds;
    return problem;
}

struct choice_problem fund_make_problem(struct funding *funding, enum budget_form form,
                                        double scale)
{
    return make_problem(funding, form, scale, SIZE_MAX);
}

/* ---- solving ---- */

static enum status solve(struct funding *funding, const struct choice_problem *problem,
                         struct choice_solution *solution, struct error *error)
{
    (void)funding;
    return choice_solve_any(problem, PORTFOLIO_NODES, solution, error);
}

static bool any_on(const struct choice_solution *solution, size_t n_programmes)
{
    for (size_t i = 0; i < n_programmes; ++i) {
        if (solution->level[i] != CHOICE_OFF) {
            return true;
        }
    }
    return false;
}

/* A portfolio under another name, for a bundle of its own. */
static const struct portfolio *renamed(struct arena *arena, const struct portfolio *portfolio,
                                       const char *suffix, const char *words)
{
    struct portfolio *copy = arena_alloc(arena, sizeof *copy);
    *copy = *portfolio;
    copy->id =
        suffix[0] == '\0' ? portfolio->id : arena_printf(arena, "%s--%s", portfolio->id, suffix);
    copy->title = words[0] == '\0' ? portfolio->title
                                   : arena_printf(arena, "%s: %s", portfolio->title, words);
    return copy;
}

static const struct plan *build_set(struct funding *funding, const struct portfolio *portfolio,
                                    const uint8_t *levels)
{
    static const struct plan_options full = {.measure_set = MEASURE_SET_FULL};
    return plan_build_bundle(funding->arena, funding->library, portfolio, levels, &full,
                             funding->diagnostics);
}

static void add_set(struct funding *funding, const char *suffix, const char *words,
                    const struct choice_solution *solution, const enum budget_form *form)
{
    struct portfolio_result *result = funding->result;
    struct portfolio_set *set = &result->sets[result->n_sets++];
    *set = (struct portfolio_set){.words = words,
                                  .is_choice = form != NULL,
                                  .form = form != NULL ? *form : BUDGETS_SILO,
                                  .solution = *solution,
                                  .result = SIZE_MAX,
                                  .full_model_value = NAN};
    const struct portfolio *portfolio =
        renamed(funding->arena, funding->portfolio, suffix, form != NULL ? words : "");
    set->id = portfolio->id;
    if (solution->found && any_on(solution, funding->portfolio->n_programmes)) {
        set->plan = build_set(funding, portfolio, solution->level);
    }
}

/* All programmes at their largest scale. */
static struct choice_solution every_programme(const struct portfolio *portfolio)
{
    struct choice_solution all = {.found = true, .exact = true, .value = NAN, .bound = NAN};
    for (size_t i = 0; i < portfolio->n_programmes; ++i) {
        all.level[i] = (uint8_t)portfolio->programmes[i].n_scales;
    }
    return all;
}

static void add_all_set(struct funding *funding)
{
    struct choice_solution all = every_programme(funding->portfolio);
    add_set(funding, "", "All programmes", &all, NULL);
}

/* ---- the grant cliff ---- */

static const struct portfolio *funded_for(struct funding *funding, size_t years)
{
    const struct portfolio *portfolio = funding->portfolio;
    struct portfolio_programme *programmes =
        arena_array(funding->arena, portfolio->n_programmes, sizeof *programmes);
    struct portfolio *copy = (struct portfolio *)renamed(
        funding->arena, portfolio,
        years > 0 ? arena_printf(funding->arena, "funded-%zu", years) : "funded-recurrent",
        years > 0
            ? arena_printf(funding->arena, "funded for %zu year%s", years, years == 1 ? "" : "s")
            : "recurrent funding");
    for (size_t i = 0; i < portfolio->n_programmes; ++i) {
        programmes[i] = portfolio->programmes[i];
        const struct scenario **levels =
            arena_array(funding->arena, programmes[i].n_scales, sizeof *levels);
        for (size_t k = 0; k < programmes[i].n_scales; ++k) {
            struct scenario *level = arena_alloc(funding->arena, sizeof *level);
            *level = *portfolio->programmes[i].levels[k];
            size_t left = level->horizon_years - level->delay_years;
            level->recurrent = years == 0;
            level->funded_years = years == 0 || years > left ? left : years;
            levels[k] = level;
        }
        programmes[i].levels = levels;
    }
    copy->programmes = programmes;
    return copy;
}

static void add_cliffs(struct funding *funding)
{
    const struct portfolio *portfolio = funding->portfolio;
    size_t n = portfolio->n_funding_years;
    if (n == 0) {
        return;
    }
    struct portfolio_cliff *cliffs = arena_array(funding->arena, n + 1, sizeof *cliffs);
    uint8_t *levels = arena_array(funding->arena, portfolio->n_programmes, sizeof *levels);
    for (size_t i = 0; i < portfolio->n_programmes; ++i) {
        levels[i] = (uint8_t)portfolio->programmes[i].n_scales;
    }
    for (size_t i = 0; i <= n; ++i) {
        size_t years = i < n ? portfolio->funding_years[i] : 0;
        cliffs[i] =
            (struct portfolio_cliff){.funded_years = years,
                                     .plan = build_set(funding, funded_for(funding, years), levels),
                                     .result = SIZE_MAX};
    }
    funding->result->cliffs = cliffs;
    funding->result->n_cliffs = n + 1;
}

/* ---- what else is asked about the choice ---- */

static enum status find_shadows(struct funding *funding, enum budget_form form,
                                const struct choice_solution *best, struct error *error)
{
    const struct portfolio *portfolio = funding->portfolio;
    struct portfolio_result *result = funding->result;
    struct portfolio_shadow *shadows =
        arena_array(funding->arena, portfolio->n_budgets + 1, sizeof *shadows);
    for (size_t i = 0; i < portfolio->n_budgets; ++i) {
        if (!leads_pool(funding, form, i)) {
            effort_add(result->effort, 1);
            continue;
        }
        struct choice_problem problem = make_problem(funding, form, 1.0, i);
        struct choice_solution more;
        TRY(solve(funding, &problem, &more, error));
        double added = portfolio->increment_gbp; /* a year, in every year */
        bool known = best->found && more.found && isfinite(best->value) && isfinite(more.value);
        effort_add(result->effort, 1);
        shadows[result->n_shadows[form]++] = (struct portfolio_shadow){
            .id = pool_name(funding, form, i),
            .gain_per_gbp = known ? (more.value - best->value) / added : (double)NAN};
    }
    result->shadows[form] = shadows;
    return STATUS_OK;
}

static enum status let_money_grow(struct funding *funding, struct error *error)
{
    static const double scales[] = {0.0, 0.1, 0.2, 0.3,  0.4, 0.5,  0.6, 0.7,
                                    0.8, 0.9, 1.0, 1.25, 1.5, 1.75, 2.0, 3.0};

    enum { N = sizeof scales / sizeof scales[0] };
    struct portfolio_funding *steps = arena_array(funding->arena, N, sizeof *steps);
    if (funding->portfolio->n_budgets == 0) {
        return STATUS_OK;
    }
    effort_enter(funding->result->effort, "as budgets grow", "budgets", N);
    for (size_t i = 0; i < N; ++i) {
        struct choice_problem problem = make_problem(funding, BUDGETS_SILO, scales[i], SIZE_MAX);
        steps[i].scale = scales[i];
        TRY(solve(funding, &problem, &steps[i].solution, error));
        /* More money is never worth less: where a search was cut short, the last set stands. */
        bool worse =
            i > 0 && steps[i - 1].solution.found &&
            (!steps[i].solution.found || steps[i].solution.value < steps[i - 1].solution.value);
        if (worse && choice_is_feasible(&problem, steps[i - 1].solution.level)) {
            steps[i].solution = steps[i - 1].solution;
        }
        effort_add(funding->result->effort, 1);
    }
    funding->result->funding = steps;
    funding->result->n_funding = N;
    return STATUS_OK;
}

static void find_frontiers(struct funding *funding, const struct choice_problem *problem)
{
    struct portfolio_result *result = funding->result;
    struct choice_solution *solutions =
        arena_array(funding->arena, PORTFOLIO_MAX_POINTS, sizeof *solutions);
    double *values = arena_array(funding->arena, funding->n_core, sizeof *values);
    double probabilities[PORTFOLIO_MAX_POINTS];

    enum { FRONTIER_NODES = 2000000 };

    effort_enter(result->effort, "frontiers", NULL, 0);
    if (funding->denominator == SIZE_MAX) {
        struct portfolio_point *points =
            arena_array(funding->arena, PORTFOLIO_MAX_POINTS, sizeof *points);
        result->n_risk = choice_frontier_of_risk(problem, 0, 0.0, PORTFOLIO_MAX_POINTS,
                                                 FRONTIER_NODES, solutions, probabilities);
        for (size_t i = 0; i < result->n_risk; ++i) {
            points[i] = (struct portfolio_point){
                .solution = solutions[i], .x = solutions[i].value, .y = probabilities[i]};
        }
        result->risk = points;
    }
    if (funding->gap != SIZE_MAX) {
        struct portfolio_point *points =
            arena_array(funding->arena, PORTFOLIO_MAX_POINTS, sizeof *points);
        result->n_equality =
            choice_frontier(problem, funding->gap, PORTFOLIO_MAX_POINTS, FRONTIER_NODES, solutions);
        for (size_t i = 0; i < result->n_equality; ++i) {
            choice_evaluate(problem, solutions[i].level, values);
            points[i] = (struct portfolio_point){
                .solution = solutions[i], .x = solutions[i].value, .y = values[funding->gap]};
        }
        result->equality = points;
    }
}

static void look_over_draws(struct funding *funding, const struct choice_problem *problem,
                            const struct choice_solution *best)
{
    struct portfolio_result *result = funding->result;

    enum { DRAW_NODES = 200000, ROBUST_PORTFOLIOS = 65536 };

    double *inclusion = arena_array(funding->arena, problem->n_level_indices, sizeof *inclusion);
    result->inclusion = inclusion;
    result->first_level = problem->first_level;
    result->over_draws.inclusion = inclusion;
    effort_enter(result->effort, "best set by draw", "draws", problem->n_draws);
    choice_over_draws(problem, 0, problem->n_draws, DRAW_NODES, best, &result->over_draws);
    effort_enter(result->effort, "safest sets", NULL, 0);
    result->has_robust = choice_robust(problem, 0, ROBUST_PORTFOLIOS, &result->best_q05,
                                       &result->q05, &result->least_regret, &result->regret_q95);
}

/* The problem without one of the file's constraints. */
static struct choice_problem leave_out(struct funding *funding, size_t constraint)
{
    struct funding part = *funding;
    part.bounds = arena_array(funding->arena, funding->n_bounds + 1, sizeof *part.bounds);
    part.chances = arena_array(funding->arena, funding->n_chances + 1, sizeof *part.chances);
    part.n_bounds = part.n_chances = 0;
    for (size_t i = 0; i < funding->n_bounds; ++i) {
        if (i < funding->first_bound[constraint] || i >= funding->first_bound[constraint + 1]) {
            part.bounds[part.n_bounds++] = funding->bounds[i];
        }
    }
    for (size_t i = 0; i < funding->n_chances; ++i) {
        if (i < funding->first_chance[constraint] || i >= funding->first_chance[constraint + 1]) {
            part.chances[part.n_chances++] = funding->chances[i];
        }
    }
    return make_problem(&part, BUDGETS_SILO, 1.0, SIZE_MAX);
}

/* Where no set keeps to everything: without which limit, alone, would there be one? */
static enum status find_culprits(struct funding *funding, struct error *error)
{
    const struct portfolio *portfolio = funding->portfolio;
    size_t n = portfolio->n_constraints + 2;
    const char **culprits = arena_array(funding->arena, n, sizeof *culprits);
    for (size_t i = 0; i < n; ++i) {
        struct choice_problem without = make_problem(funding, BUDGETS_SILO, 1.0, SIZE_MAX);
        struct choice_solution solution;
        const char *words = NULL;
        if (i == 0) {
            words = portfolio->n_budgets > 0 ? "the budgets" : NULL;
            without.n_rows = 0;
            without.n_bounds = funding->n_bounds; /* what budgets became stands after these */
        } else if (i == 1) {
            words = portfolio->n_rules > 0 ? "requires and excludes" : NULL;
            without.n_rules = 0;
        } else {
            words = arena_printf(funding->arena, "\"%s\"", portfolio->constraints[i - 2].text);
            without = leave_out(funding, i - 2);
        }
        if (words == NULL) {
            continue;
        }
        TRY(solve(funding, &without, &solution, error));
        if (solution.found) {
            culprits[funding->result->n_culprits++] = words;
        }
    }
    funding->result->culprits = culprits;
    return STATUS_OK;
}

/* The same problem by another solver, where its form allows: a check printed with the result. */
static void ask_glpk(struct funding *funding, const struct choice_problem *problem)
{
    struct portfolio_result *result = funding->result;
    struct choice_solution solution;
    struct error error = {.status = STATUS_OK};

    enum { GLPK_SECONDS = 20 };

    result->glpk_value = NAN;
    result->glpk_words = "";
    result->linear = funding->denominator == SIZE_MAX && funding->n_chances == 0;
    if (!result->linear) {
        result->glpk_words = "its form is not linear: a ratio, or a probability";
    } else if (choice_solve_glpk(problem, GLPK_SECONDS, &solution, &error) != STATUS_OK) {
        result->glpk_words = arena_copy_text(funding->arena, error.message);
    } else if (solution.found) {
        result->glpk_value = solution.value;
    }
}

/* Columns of the set's plan whose means make the objective: those of its numerator, and what they
 * are divided by last, where it is a ratio. */
static size_t objective_columns(const struct plan *plan, const struct measure_reference *reference,
                                size_t columns[N_FLOW_KINDS + 1], bool *is_ratio)
{
    const struct plan_result_column *column = &plan->results[reference->column];
    enum flow_kind last = FLOW_CASHABLE;
    size_t n_columns = 0;
    *is_ratio = measure_ratio_kinds(column->measure, &last);
    if (!*is_ratio) {
        columns[n_columns++] = reference->column;
        return n_columns;
    }
    for (size_t kind = FLOW_CASHABLE; kind <= (size_t)last; ++kind) {
        size_t found =
            plan_find_result(plan, (enum measure)(MEASURE_PV_COST_CASH + kind), column->who, 0, 0);
        if (found != SIZE_MAX) {
            columns[n_columns++] = found;
        }
    }
    columns[n_columns++] = plan_find_result(plan, MEASURE_PV_COST, column->who, 0, 0);
    return n_columns;
}

/* The set's objective by the full model, over the draws of the choice: the answer is certified
 * where it is the value that the tables gave. A ratio is that of the means. */
static enum status certify(struct funding *funding, struct portfolio_set *set,
                           const struct sampling_design *design, struct error *error)
{
    struct measure_reference reference;
    const char *name = funding->portfolio->objective;
    if (set->plan == NULL || !measure_reference_find(set->plan, name, &reference)) {
        return STATUS_OK; /* of measures that only a choice knows (nhb, gap_closed) */
    }
    bool is_ratio = false;
    size_t columns[N_FLOW_KINDS + 1], n = funding->tables.n_draws;
    size_t n_columns = objective_columns(set->plan, &reference, columns, &is_ratio);
    size_t n_sums = is_ratio ? n_columns - 1 : n_columns;
    double *values = memory_array(n_columns * n, sizeof *values), sum = 0.0, cost = 0.0;
    struct arena arena;
    arena_init(&arena);
    enum status status =
        simulation_draws_by_threads(&arena, set->plan, design, 0, n, columns, n_columns,
                                    funding->result->n_threads, values, error);
    for (size_t i = 0; i < n_columns * n; ++i) {
        sum += i < n_sums * n ? values[i] : 0.0;
        cost += i < n_sums * n ? 0.0 : values[i];
    }
    set->full_model_value = is_ratio ? sum / cost : sum / (double)n;
    arena_clear(&arena);
    free(values);
    return status;
}

static enum status choose(struct funding *funding, const struct sampling_design *design,
                          struct error *error)
{
    static const char *const words[N_BUDGET_FORMS] = {"Best set, each partner's own budget",
                                                      "Best set, budgets pooled"};
    static const char *const suffixes[N_BUDGET_FORMS] = {"best", "pooled"};
    struct portfolio_result *result = funding->result;
    size_t n_forms = funding->portfolio->n_budgets > 0 ? N_BUDGET_FORMS : 1;
    struct choice_problem problems[N_BUDGET_FORMS];
    struct choice_solution best[N_BUDGET_FORMS];
    for (size_t i = 0; i < n_forms; ++i) {
        enum budget_form form = (enum budget_form)i;
        problems[i] = make_problem(funding, form, 1.0, SIZE_MAX);
        effort_enter(result->effort, form == BUDGETS_SILO ? "best set" : "best pooled set", NULL,
                     0);
        TRY(solve(funding, &problems[i], &best[i], error));
        if (i > 0 && best[0].found && (!best[i].found || best[i].value < best[0].value)) {
            best[i] = best[0]; /* what silos allow, a pool allows: a search cut short */
        }
        add_set(funding, suffixes[i], n_forms > 1 ? words[i] : "Best set", &best[i], &form);
        TRY(certify(funding, &result->sets[result->n_sets - 1], design, error));
        effort_enter(result->effort, "worth of more money", "budgets",
                     funding->portfolio->n_budgets);
        TRY(find_shadows(funding, form, &best[i], error));
    }
    result->value_of_pooling =
        n_forms > 1 && best[0].found && best[1].found ? best[1].value - best[0].value : (double)NAN;
    effort_enter(result->effort, "GLPK, at most 20 s", NULL, 0);
    ask_glpk(funding, &problems[0]);
    TRY(let_money_grow(funding, error));
    if (!best[0].found) {
        effort_enter(result->effort, "what stands in the way", NULL, 0);
        TRY(find_culprits(funding, error));
    }
    if (best[0].found) {
        look_over_draws(funding, &problems[0], &best[0]);
        find_frontiers(funding, &problems[0]);
    }
    standing_find(funding);
    return STATUS_OK;
}

static bool shares_demand(const struct plan_bundle *bundle, const struct portfolio_overlap *overlap)
{
    for (size_t i = 0; i < bundle->n_joints; ++i) {
        size_t n = 0;
        for (size_t p = 0; p < bundle->joints[i].n_players; ++p) {
            const struct plan_player *player =
                &bundle->players[bundle->joints[i].players[p].player];
            size_t programme = (size_t)(player->programme - bundle->portfolio->programmes);
            for (size_t k = 0; k < overlap->n_programmes; ++k) {
                n += programme == overlap->programmes[k] ? 1 : 0;
            }
        }
        if (n > 1) {
            return true;
        }
    }
    return false;
}

/* An overlap between programmes that share no demand is no mistake, but the reader should know. */
static void warn_of_overlaps(struct funding *funding, const struct plan *bundle)
{
    const struct portfolio *portfolio = funding->portfolio;
    for (size_t i = 0; bundle != NULL && i < portfolio->n_overlaps; ++i) {
        if (!shares_demand(bundle->bundle, &portfolio->overlaps[i])) {
            setting_complain(funding->diagnostics, portfolio->overlaps[i].setting, DIAGNOSTIC_W806,
                             "programmes that change the same demand", "remove the entry",
                             "the programmes of this overlap share no demand: it changes nothing");
        }
    }
}

/* Value by quintile and area needs a demand to be worked out group by group. */
static void warn_of_mixed_groups(struct funding *funding, const struct plan *bundle)
{
    for (size_t i = 0; bundle != NULL && bundle->n_cells > 0 && i < bundle->bundle->n_joints; ++i) {
        const struct plan_joint *joint = &bundle->bundle->joints[i];
        if (joint->entry_sets[joint->n_entries - 1] == JOINT_MIXED) {
            setting_complain(funding->diagnostics,
                             setting_find(funding->portfolio->setting, "programmes"),
                             DIAGNOSTIC_W808,
                             "programmes (and partners of synergies) on one demand that count the "
                             "same groups",
                             "give the others `population` and the same areas",
                             "what %s is worth is in no quintile and no area: its programmes count "
                             "different groups",
                             bundle->demands[joint->demand].demand->label);
        }
    }
}

/* What is no mistake, but changes or hides less than a reader would think. */
static void warn_of_sharing(struct funding *funding, const struct plan *bundle)
{
    warn_of_overlaps(funding, bundle);
    warn_of_mixed_groups(funding, bundle);
}

static bool has_choice(const struct portfolio *portfolio)
{
    return portfolio->objective_setting != NULL || portfolio->n_budgets > 0 ||
           portfolio->n_constraints > 0;
}

/* What synergies without a demand do to QALYs is worked out for all their programmes together. */
static void check_synergies(struct funding *funding)
{
    size_t n = tables_too_many_synergies(funding->bundle);
    if (n > 0) {
        setting_complain(funding->diagnostics,
                         setting_find(funding->portfolio->setting, "synergies"), DIAGNOSTIC_E677,
                         "at most 262,144 combinations of the programmes of all synergies without "
                         "`demand` (18 programmes with one scale)",
                         "name the demand that a synergy is about, leave out scales, or split the "
                         "portfolio",
                         "synergies without `demand` join %zu programmes", n);
    }
}

static void read_measures(struct funding *funding)
{
    check_synergies(funding);
    read_objective(funding);
    read_constraints(funding);
    read_gap(funding);
    standing_read_amounts(funding);
    read_net_uses(funding);
    funding->n_core = funding->n_measures; /* cash costs of programmes just add */
    read_uses(funding);
}

static const struct plan *build_all(struct funding *funding)
{
    static const struct plan_options full = {.measure_set = MEASURE_SET_FULL, .without_irr = true};
    return plan_build_bundle(funding->arena, funding->library, funding->portfolio, NULL, &full,
                             funding->diagnostics);
}

void portfolio_check(struct arena *arena, const struct library *library,
                     const struct portfolio *portfolio, struct diagnostics *diagnostics)
{
    struct funding funding = {
        .arena = arena, .library = library, .portfolio = portfolio, .diagnostics = diagnostics};
    if (portfolio->n_programmes == 0) {
        return;
    }
    if (!has_choice(portfolio)) {
        struct choice_solution all = every_programme(portfolio);
        warn_of_sharing(&funding, build_set(&funding, portfolio, all.level));
        return;
    }
    funding.bundle = build_all(&funding);
    warn_of_sharing(&funding, funding.bundle);
    if (funding.bundle != NULL) {
        read_measures(&funding);
    }
}

static enum status fund(struct funding *funding, const struct sampling_design *design,
                        size_t n_draws, size_t n_threads, struct error *error)
{
    struct portfolio_result *result = funding->result;
    add_all_set(funding);
    warn_of_sharing(funding, result->sets[0].plan);
    add_cliffs(funding);
    result->has_choice = has_choice(funding->portfolio);
    if (!result->has_choice) {
        return STATUS_OK;
    }
    funding->bundle = build_all(funding);
    if (funding->bundle == NULL) {
        return STATUS_OK; /* diagnostics say why */
    }
    size_t n_errors = funding->diagnostics->n_errors;
    read_measures(funding);
    if (funding->diagnostics->n_errors > n_errors) {
        return STATUS_OK;
    }
    struct measure_reference reference;
    result->objective_unit =
        measure_reference_find(funding->bundle, funding->portfolio->objective, &reference)
            ? measure_unit(funding->bundle->results[reference.column].measure)
            : "QALY";
    n_draws = n_draws < PORTFOLIO_DRAWS ? n_draws : PORTFOLIO_DRAWS;
    n_draws = funding->bundle->n_columns > 0 ? n_draws : 1;
    result->n_draws = tables_draws(funding->bundle, funding->n_drawn, n_draws);
    effort_enter(result->effort, "worth of sets", "draws", result->n_draws);
    TRY(tables_make(&funding->tables, funding->bundle, funding->measures, funding->n_measures,
                    funding->n_core, funding->drawn, funding->n_drawn, result->n_draws, design,
                    n_threads, result->effort, error));
    enum status status = choose(funding, design, error);
    tables_clear(&funding->tables);
    return status;
}

enum status portfolio_choose(struct portfolio_result *result, const struct library *library,
                             const struct portfolio *portfolio,
                             const struct sampling_design *design, size_t n_draws, size_t n_threads,
                             struct effort *effort, struct diagnostics *diagnostics,
                             struct error *error)
{
    size_t n_errors = diagnostics->n_errors;
    *result = (struct portfolio_result){.library = library,
                                        .portfolio = portfolio,
                                        .n_threads = n_threads,
                                        .effort = effort,
                                        .value_of_pooling = NAN,
                                        .glpk_value = NAN,
                                        .glpk_words = "",
                                        .objective_unit = ""};
    arena_init(&result->arena);
    struct funding funding = {.result = result,
                              .arena = &result->arena,
                              .library = library,
                              .portfolio = portfolio,
                              .diagnostics = diagnostics};
    if (portfolio->n_programmes == 0) {
        return STATUS_OK;
    }
    TRY(fund(&funding, design, n_draws, n_threads, error));
    return diagnostics->n_errors > n_errors
               ? error_set(error, STATUS_INPUT, "portfolio %s has errors", portfolio->id)
               : STATUS_OK;
}

void portfolio_clear(struct portfolio_result *result)
{
    arena_clear(&result->arena);
    *result = (struct portfolio_result){0};
}
