/* Why a programme is not in the set: what it is worth alone, which budgets it lacks, which rule or
 * constraint stands in its way. method 6.4. */
#include "plan/measure_reference.h"
#include "portfolio/fund_private.h"

#include <math.h>
#include <string.h>

/* Worth something: of the objective's own unit, far below a penny or a day of life. */
static const double least_worth = 1e-6;

static size_t find_amount(struct funding *funding, const char *name)
{
    struct linear_measure measure;
    return measure_find_linear(funding->arena, funding->bundle, name, &measure)
               ? fund_add_measure(funding, &measure)
               : SIZE_MAX;
}

void standing_read_amounts(struct funding *funding)
{
    static const char *const of_all[N_AMOUNTS] = {[AMOUNT_COST] = "pv_cost.total",
                                                  [AMOUNT_CASHABLE] = "pv_cashable.total",
                                                  [AMOUNT_NON_CASHABLE] = "pv_non_cashable.total",
                                                  [AMOUNT_QALYS] = "qalys.total"};
    const struct plan *bundle = funding->bundle;
    const char *who = bundle->scenario->conventions.perspective;
    who = plan_find_who(bundle, who) != SIZE_MAX ? who : "total";
    for (size_t k = 0; k < N_AMOUNTS; ++k) {
        const char *name = of_all[k];
        if (k == AMOUNT_NET_SHORT) {
            name = arena_printf(funding->arena, "net.%s@%zu", who, plan_short_term(bundle));
        } else if (k == AMOUNT_NET) {
            name = arena_printf(funding->arena, "net.%s", who);
        }
        funding->amounts[k] = find_amount(funding, name);
    }
}

/* ---- one programme among others ---- */

struct look {
    struct funding *funding;
    struct choice_problem problem;
    double *values; /* [n_core] */
    enum budget_form form;
    uint8_t set[CHOICE_MAX_PROGRAMMES]; /* chosen: all off where nothing is */
};

static double objective_of(const struct look *look, const uint8_t *levels)
{
    choice_evaluate(&look->problem, levels, look->values);
    return choice_objective(&look->problem, look->values);
}

/* The k-th budget and year, in the order in which fund_make_problem has them. */
static struct portfolio_lack use_of(const struct look *look, const uint8_t *levels, size_t k)
{
    const struct funding *funding = look->funding;
    if (!funding->portfolio->recycle_savings) {
        const struct choice_row *row = &look->problem.rows[k];
        struct portfolio_lack lack = {.id = row->name, .budget_gbp = row->limit};
        for (size_t i = 0; i < look->problem.n_programmes; ++i) {
            if (levels[i] != CHOICE_OFF) {
                lack.use_gbp += row->use[look->problem.first_level[i] + levels[i] - 1];
            }
        }
        return lack;
    }
    const struct choice_bound *bound = &look->problem.bounds[funding->n_bounds + k];
    choice_evaluate(&look->problem, levels, look->values);
    return (struct portfolio_lack){.budget_gbp = -bound->bound,
                                   .use_gbp = -look->values[bound->measure]};
}

/* Each budget that the levels overdraw, in its worst year; the sum of what is lacking there. */
static double find_lacks(const struct look *look, const uint8_t *levels,
                         struct portfolio_lack *lacks, size_t *n_lacks)
{
    const struct portfolio *portfolio = look->funding->portfolio;
    size_t n_years = look->funding->bundle->n_years, k = 0;
    double sum = 0.0;
    *n_lacks = 0;
    for (size_t i = 0; i < portfolio->n_budgets; ++i) {
        struct portfolio_lack worst = {.id = NULL};
        for (size_t year = 0; year < n_years && portfolio_leads_pool(portfolio, look->form, i);
             ++year, ++k) {
            struct portfolio_lack lack = use_of(look, levels, k);
            double over = lack.use_gbp - lack.budget_gbp;
            if (over > 1e-6 + 1e-9 * fabs(lack.budget_gbp) &&
                (worst.id == NULL || over > worst.use_gbp - worst.budget_gbp)) {
                worst = lack;
                worst.id = portfolio_pool_name(look->funding->library, portfolio, look->form, i);
                worst.year = year;
            }
        }
        if (worst.id != NULL) {
            lacks[(*n_lacks)++] = worst;
            sum += worst.use_gbp - worst.budget_gbp;
        }
    }
    return sum;
}

/* The first constraint that the levels break, as written; NULL none. */
static const char *find_broken(const struct look *look, const uint8_t *levels)
{
    const struct funding *funding = look->funding;
    struct choice_problem problem = look->problem;
    struct choice_programme *programmes =
        arena_array(funding->arena, problem.n_programmes, sizeof *programmes);
    for (size_t i = 0; i < problem.n_programmes; ++i) {
        programmes[i] = (struct choice_programme){.n_levels = problem.programmes[i].n_levels};
    }
    problem.programmes = programmes;
    problem.n_rows = problem.n_rules = 0;
    for (size_t i = 0; i < funding->portfolio->n_constraints; ++i) {
        problem.bounds = funding->bounds + funding->first_bound[i];
        problem.n_bounds = funding->first_bound[i + 1] - funding->first_bound[i];
        problem.chances = funding->chances + funding->first_chance[i];
        problem.n_chances = funding->first_chance[i + 1] - funding->first_chance[i];
        if (!choice_is_feasible(&problem, levels)) {
            return funding->portfolio->constraints[i].text;
        }
    }
    return NULL;
}

static const char *find_rule(const struct look *look, size_t programme)
{
    const struct portfolio *portfolio = look->funding->portfolio;
    for (size_t i = 0; i < portfolio->n_rules; ++i) {
        const struct portfolio_rule *rule = &portfolio->rules[i];
        size_t other = rule->a == programme ? rule->b : rule->a;
        if (rule->excludes && (rule->a == programme || rule->b == programme) &&
            look->set[other] != CHOICE_OFF) {
            return arena_printf(look->funding->arena, "%s is in the set, and excludes it",
                                portfolio->programmes[other].label);
        }
        if (!rule->excludes && rule->a == programme && look->set[rule->b] == CHOICE_OFF) {
            return arena_printf(look->funding->arena, "it requires %s, which is not in the set",
                                portfolio->programmes[rule->b].label);
        }
    }
    return NULL;
}

/* The scale to show: see enum standing. */
static uint8_t level_to_show(const struct look *look, size_t programme)
{
    uint8_t alone[CHOICE_MAX_PROGRAMMES] = {CHOICE_OFF};
    struct portfolio_lack *lacks =
        arena_array(look->funding->arena, look->funding->portfolio->n_budgets + 1, sizeof *lacks);
    size_t n_lacks = 0;
    double best = -(double)INFINITY, least = (double)INFINITY;
    uint8_t shown = 1;
    for (uint8_t level = 1; level <= look->problem.programmes[programme].n_levels; ++level) {
        alone[programme] = level;
        double objective = objective_of(look, alone);
        double lack =
            objective > least_worth ? find_lacks(look, alone, lacks, &n_lacks) : (double)INFINITY;
        if (lack < least || (lack == least && objective > best)) {
            shown = level;
            best = objective;
            least = lack;
        }
    }
    return shown;
}

static enum standing judge(const struct look *look, size_t programme, const uint8_t *alone,
                           const uint8_t *beside, struct portfolio_standing *standing)
{
    struct portfolio_lack *lacks =
        arena_array(look->funding->arena, look->funding->portfolio->n_budgets + 1, sizeof *lacks);
    standing->lacks = lacks;
    if (!(standing->objective > least_worth) && !(standing->added > least_worth)) {
        return STANDING_WORTHLESS;
    }
    if (find_lacks(look, alone, lacks, &standing->n_lacks) > 0.0) {
        return STANDING_TOO_DEAR;
    }
    if (!(standing->added > least_worth)) {
        return STANDING_ADDS_NOTHING;
    }
    if ((standing->words = find_rule(look, programme)) != NULL) {
        return STANDING_RULED_OUT;
    }
    if (find_lacks(look, beside, lacks, &standing->n_lacks) > 0.0) {
        return STANDING_NO_ROOM;
    }
    standing->words = find_broken(look, beside);
    return standing->words != NULL ? STANDING_BREAKS : STANDING_BEATEN;
}

static struct portfolio_standing stand(const struct look *look, size_t programme)
{
    uint8_t alone[CHOICE_MAX_PROGRAMMES] = {CHOICE_OFF}, beside[CHOICE_MAX_PROGRAMMES];
    bool chosen = look->set[programme] != CHOICE_OFF;
    struct portfolio_standing standing = {.level = chosen ? look->set[programme]
                                                          : level_to_show(look, programme)};
    memcpy(beside, look->set, sizeof beside);
    alone[programme] = standing.level;
    beside[programme] = chosen ? CHOICE_OFF : standing.level;
    standing.added = objective_of(look, beside) - objective_of(look, look->set);
    standing.added = chosen ? -standing.added : standing.added;
    standing.objective = objective_of(look, alone);
    for (size_t k = 0; k < N_AMOUNTS; ++k) {
        size_t measure = look->funding->amounts[k];
        standing.amounts[k] = measure != SIZE_MAX ? look->values[measure] : 0.0;
    }
    standing.added = isnan(standing.added) ? standing.objective : standing.added;
    standing.standing = chosen ? STANDING_CHOSEN : judge(look, programme, alone, beside, &standing);
    return standing;
}

static void name_objective(const struct funding *funding)
{
    struct measure_reference reference;
    if (measure_reference_find(funding->bundle, funding->portfolio->objective, &reference) &&
        reference.statistic == STATISTIC_MEAN) {
        const struct plan_result_column *column = &funding->bundle->results[reference.column];
        funding->result->objective_label = measure_label(column->measure);
        funding->result->objective_who = funding->bundle->whos[column->who].label;
    }
}

void standing_find(struct funding *funding)
{
    struct portfolio_result *result = funding->result;
    size_t n = funding->portfolio->n_programmes;
    struct portfolio_standing *standings = arena_array(funding->arena, n + 1, sizeof *standings);
    const struct portfolio_set *set = portfolio_main_set(result);
    struct look look = {.funding = funding,
                        .form = set != NULL ? set->form : BUDGETS_SILO,
                        .values = arena_array(funding->arena, funding->n_core, sizeof(double))};
    look.problem = fund_make_problem(funding, look.form, 1.0);
    if (set != NULL && set->is_choice) {
        memcpy(look.set, set->solution.level, sizeof look.set);
    }
    for (size_t i = 0; i < n; ++i) {
        standings[i] = stand(&look, i);
    }
    result->standings = standings;
    result->standing_form = look.form;
    name_objective(funding);
}
