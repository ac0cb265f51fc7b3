/* Why figures moved: scenarios and portfolios are run on mixtures of old and new inputs. */
#include "base/clock.h"
#include "batch/batch_diff.h"
#include "cause/shapley.h"
#include "portfolio/portfolio.h"
#include "report/report.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_TIME_LIMIT_S = 60, MOST_PAIRS_BY_TIME = 256 };

/* Two runs of the same numbers in other orders of summation differ by less. */
static const double SAME_RELATIVE = 1e-12;

/* A unit whose figures moved. */
struct job {
    struct cause_unit *unit;
    const struct difference_figure **figures;
    size_t n_figures, capacity;
    bool on_both; /* libraries that can run it */
    struct diff_design designs[2];
};

struct splitting {
    struct session *session;
    const struct diff_side *sides; /* old, new */
    const struct difference *difference;
    const struct library_pair *pair; /* NULL: not both libraries are there */
    struct job *jobs;
    size_t n_jobs, jobs_capacity;
    size_t last_job; /* found: the next figure is of this one, or of one soon after it */
    double deadline;
};

/* ---- which unit a figure belongs to ---- */

static const struct scenario *find_scenario(const struct library *library, const char *id)
{
    for (size_t i = 0; i < library->n_all_scenarios; ++i) {
        if (strcmp(library->all_scenarios[i]->id, id) == 0) {
            return library->all_scenarios[i];
        }
    }
    return NULL;
}

/* The portfolio that is, or has a set that is, of this id; NULL none. */
static const struct portfolio *find_portfolio(const struct library *library, const char *id)
{
    for (size_t i = 0; i < library->n_portfolios; ++i) {
        size_t n = strlen(library->portfolios[i]->id);
        if (strncmp(library->portfolios[i]->id, id, n) == 0 &&
            (id[n] == '\0' || strncmp(id + n, "--", 2) == 0)) {
            return library->portfolios[i];
        }
    }
    return NULL;
}

static const struct portfolio *find_total(struct arena *arena, const struct library *library,
                                          const char *id)
{
    size_t n = 0;
    const struct portfolio *const *families =
        portfolio_families(arena, library->all_scenarios, library->n_all_scenarios, &n);
    for (size_t i = 0; i < n; ++i) {
        if (strcmp(families[i]->id, id) == 0) {
            return families[i];
        }
    }
    return NULL;
}

static bool has_unit(struct arena *arena, const struct library *library,
                     const struct cause_unit *unit)
{
    switch (unit->kind) {
    case UNIT_SCENARIO:
        return find_scenario(library, unit->id) != NULL;
    case UNIT_TOTAL:
        return find_total(arena, library, unit->id) != NULL;
    case UNIT_PORTFOLIO: {
        const struct portfolio *portfolio = find_portfolio(library, unit->id);
        return portfolio != NULL && strcmp(portfolio->id, unit->id) == 0;
    }
    }
    return false;
}

static struct cause_unit unit_of(struct arena *arena, const struct library *library, const char *id)
{
    if (library == NULL || find_scenario(library, id) != NULL) {
        return (struct cause_unit){.kind = UNIT_SCENARIO, .id = id};
    }
    const struct portfolio *portfolio = find_portfolio(library, id);
    if (portfolio != NULL) {
        return (struct cause_unit){.kind = UNIT_PORTFOLIO, .id = portfolio->id};
    }
    const struct portfolio *total = find_total(arena, library, id);
    if (total != NULL) {
        return (struct cause_unit){
            .kind = UNIT_TOTAL, .id = total->id, .family = total->programmes[0].scenario->family};
    }
    return (struct cause_unit){.kind = UNIT_SCENARIO, .id = id};
}

/* Draws of the run, or more of them where a precision target doubled the scenario's. */
static struct diff_design design_of(const struct diff_side *side, const char *id)
{
    struct diff_design design = side->design;
    const struct results_scenario *scenario = results_scenario_find(side->results, id);
    uint64_t own = scenario != NULL
                       ? strtoull(results_setting_find(&scenario->settings, "draws"), NULL, 10)
                       : 0;
    design.n_draws = own > design.n_draws ? own : design.n_draws;
    return design;
}

static struct job *job_of(struct splitting *splitting, const char *id)
{
    struct arena *arena = &splitting->session->arena;
    const struct library *libraries[2] = {splitting->sides[0].library, splitting->sides[1].library};
    const struct cause_unit unit = unit_of(arena, libraries[1], id);
    for (size_t i = 0; i < splitting->n_jobs; ++i) {
        size_t at = (splitting->last_job + i) % splitting->n_jobs;
        if (strcmp(splitting->jobs[at].unit->id, unit.id) == 0) {
            splitting->last_job = at;
            return &splitting->jobs[at];
        }
    }
    splitting->last_job = splitting->n_jobs;
    splitting->jobs = arena_grow(arena, splitting->jobs, splitting->n_jobs,
                                 &splitting->jobs_capacity, sizeof *splitting->jobs);
    struct job *job = &splitting->jobs[splitting->n_jobs++];
    *job = (struct job){.unit = arena_alloc(arena, sizeof *job->unit)};
    *job->unit = unit;
    job->on_both = libraries[0] != NULL && libraries[1] != NULL &&
                   has_unit(arena, libraries[0], &unit) && has_unit(arena, libraries[1], &unit);
    for (size_t side = 0; side < 2; ++side) {
        job->designs[side] = design_of(&splitting->sides[side], id);
    }
    return job;
}

static bool is_wanted(const struct difference_figure *figure)
{
    return figure->rank <= RANK_PARTNER && figure->verdict != VERDICT_SAME &&
           isfinite(figure->change);
}

static void find_jobs(struct splitting *splitting)
{
    const struct difference *difference = splitting->difference;
    for (size_t i = 0; i < difference->n_figures; ++i) {
        const struct difference_figure *figure = &difference->figures[i];
        if (is_wanted(figure)) {
            struct job *job = job_of(splitting, figure->now->key[KEY_SCENARIO]);
            job->figures = arena_grow(&splitting->session->arena, (void *)job->figures,
                                      job->n_figures, &job->capacity, sizeof *job->figures);
            job->figures[job->n_figures++] = figure;
        }
    }
}

/* ---- one evaluation ---- */

static bool keep_going(void *context, const struct simulation_progress *done)
{
    (void)context;
    (void)done;
    return signals_caught() == 0;
}

static void find_values(const struct job *job, const struct results_figure *figures, size_t n,
                        double *values)
{
    for (size_t k = 0; k < job->n_figures; ++k) {
        const struct results_figure *wanted = job->figures[k]->now;
        values[k] = NAN;
        for (size_t i = 0; i < n; ++i) {
            bool same = figures[i].in_options == wanted->in_options;
            for (size_t key = 0; same && key < N_RESULTS_KEYS; ++key) {
                same = strcmp(figures[i].key[key], wanted->key[key]) == 0;
            }
            if (same) {
                values[k] = figures[i].value;
                break;
            }
        }
    }
}

struct evaluation {
    const struct splitting *splitting;
    const struct job *job;
    const struct library *library;
    const struct diff_design *design;
    struct arena arena;
    struct diagnostics diagnostics;
    const struct plan **plans;
    size_t n_plans;
    struct portfolio_result portfolio;
    bool has_portfolio;
};

static void add_plan(struct evaluation *evaluation, const struct plan *plan)
{
    if (plan != NULL) {
        evaluation->plans[evaluation->n_plans++] = plan;
    }
}

static enum status choose_sets(struct evaluation *evaluation, struct error *error)
{
    const struct sampling_design design = {.method = evaluation->design->method,
                                           .n_scramblings = evaluation->design->n_scramblings,
                                           .seed = evaluation->design->seed};
    struct portfolio_result *result = &evaluation->portfolio;
    evaluation->has_portfolio = true;
    TRY(portfolio_choose(
        result, evaluation->library, find_portfolio(evaluation->library, evaluation->job->unit->id),
        &design, (size_t)evaluation->design->n_draws,
        evaluation->splitting->session->options.n_threads, NULL, &evaluation->diagnostics, error));
    evaluation->plans = arena_array(&evaluation->arena, result->n_sets + result->n_cliffs + 1,
                                    sizeof(const struct plan *));
    for (size_t i = 0; i < result->n_sets; ++i) {
        add_plan(evaluation, result->sets[i].plan);
    }
    for (size_t i = 0; i < result->n_cliffs; ++i) {
        add_plan(evaluation, result->cliffs[i].plan);
    }
    return STATUS_OK;
}

static enum status plan_unit(struct evaluation *evaluation, struct error *error)
{
    static const struct plan_options full = {.measure_set = MEASURE_SET_FULL};
    const struct cause_unit *unit = evaluation->job->unit;
    const struct library *library = evaluation->library;
    struct arena *arena = &evaluation->arena;
    evaluation->plans = arena_array(arena, 1, sizeof(const struct plan *));
    if (unit->kind == UNIT_PORTFOLIO) {
        TRY(choose_sets(evaluation, error));
    } else if (unit->kind == UNIT_TOTAL) {
        const struct portfolio *total = find_total(arena, library, unit->id);
        if (total != NULL) {
            uint8_t *levels = arena_array(arena, total->n_programmes, sizeof *levels);
            memset(levels, 1, total->n_programmes);
            add_plan(evaluation, plan_build_bundle(arena, library, total, levels, &full,
                                                   &evaluation->diagnostics));
        }
    } else {
        const struct scenario *scenario = find_scenario(library, unit->id);
        if (scenario != NULL) {
            add_plan(evaluation,
                     plan_build(arena, library, scenario, &full, &evaluation->diagnostics));
        }
    }
    bool good = evaluation->diagnostics.n_errors == 0 && evaluation->n_plans > 0;
    return good ? STATUS_OK : error_set(error, STATUS_INPUT, "it is no valid configuration");
}

static enum status run_unit(struct evaluation *evaluation, double *values, struct error *error)
{
    const struct simulation_options options = {
        .seed = evaluation->design->seed,
        .n_draws = evaluation->design->n_draws,
        .method = evaluation->design->method,
        .n_scramblings = evaluation->design->n_scramblings,
        .n_threads = evaluation->splitting->session->options.n_threads,
        .progress = keep_going};
    struct scenario_result *results = memory_array(evaluation->n_plans + 1, sizeof *results);
    enum status status = simulation_run(&evaluation->arena, evaluation->plans, evaluation->n_plans,
                                        &options, results, error);
    for (size_t i = 0; status == STATUS_OK && i < evaluation->n_plans; ++i) {
        if (results[i].status != STATUS_OK) {
            status = error_set(error, STATUS_NUMERIC, "%s", results[i].error.message);
        }
    }
    if (status == STATUS_OK) {
        size_t n = 0;
        const struct report_run run = {
            .library = evaluation->library, .results = results, .n_results = evaluation->n_plans};
        const struct results_figure *figures = report_read_figures(&evaluation->arena, &run, &n);
        find_values(evaluation->job, figures, n, values);
    }
    simulation_clear(results, evaluation->n_plans);
    free(results);
    return status;
}

/* Figures of the unit on a library: mixed of both sides where `is_new` is given. INPUT where that
 * is no valid configuration. */
static enum status evaluate(const struct splitting *splitting, const struct job *job,
                            const struct mixing *mixing, const bool *is_new,
                            const struct library *library, const struct diff_design *design,
                            double *values, struct error *error)
{
    struct evaluation evaluation = {.splitting = splitting, .job = job, .design = design};
    arena_init(&evaluation.arena);
    diagnostics_init(&evaluation.diagnostics, &evaluation.arena);
    evaluation.library =
        is_new != NULL ? mixing_build(&evaluation.arena, mixing, is_new, &evaluation.diagnostics)
                       : library;
    enum status status = evaluation.diagnostics.n_errors == 0
                             ? plan_unit(&evaluation, error)
                             : error_set(error, STATUS_INPUT, "it is no valid configuration");
    if (status == STATUS_OK) {
        status = run_unit(&evaluation, values, error);
    }
    if (evaluation.has_portfolio) {
        portfolio_clear(&evaluation.portfolio);
    }
    arena_clear(&evaluation.arena);
    return status;
}

/* ---- the game of a unit ---- */

struct unit_game {
    const struct splitting *splitting;
    const struct job *job;
    const struct mixing *mixing;
    size_t n_groups;
    bool draws_play; /* the last player is the random numbers */
    double *newest;  /* figures of the mixture in which all are new, once they are known */
    bool has_newest;
};

static enum status value_of(void *context, const bool *is_new, double *figures, struct error *error)
{
    const struct unit_game *game = context;
    size_t n_players = game->n_groups + (game->draws_play ? 1 : 0), n_new = 0;
    for (size_t i = 0; i < n_players; ++i) {
        n_new += is_new[i] ? 1 : 0;
    }
    if (game->has_newest && n_new == n_players) {
        memcpy(figures, game->newest, game->job->n_figures * sizeof *figures);
        return STATUS_OK;
    }
    bool new_draws = !game->draws_play || is_new[game->n_groups];
    return evaluate(game->splitting, game->job, game->mixing, is_new, NULL,
                    &game->job->designs[new_draws ? 1 : 0], figures, error);
}

static bool same_design(const struct diff_design *a, const struct diff_design *b)
{
    return a->seed == b->seed && a->n_draws == b->n_draws && a->method == b->method &&
           a->n_scramblings == b->n_scramblings;
}

/* How the time that is left is spent: all mixtures, some orders, or (no pairs) none. One evaluation
 * says how long they take. */
static enum status plan_split(const struct splitting *splitting, struct unit_game *game,
                              size_t n_jobs_left, struct shapley_plan *plan, struct error *error)
{
    size_t n_players = game->n_groups + (game->draws_play ? 1 : 0);
    const struct diff_options *options = &splitting->session->options.diff;
    *plan = (struct shapley_plan){.exact = n_players <= SHAPLEY_MOST_EXACT, .seed = 1};
    if (options->has_orders) {
        *plan = (struct shapley_plan){.n_pairs = (size_t)options->n_orders, .seed = 1};
        return STATUS_OK;
    }
    double start = clock_seconds();
    if (start >= splitting->deadline) {
        plan->exact = false;
        return STATUS_OK;
    }
    bool *all = memory_array(n_players + 1, sizeof *all);
    for (size_t i = 0; i < n_players; ++i) {
        all[i] = true;
    }
    game->has_newest = false;
    enum status status = value_of(game, all, game->newest, error);
    free(all);
    game->has_newest = status == STATUS_OK;
    double now = clock_seconds(), each = now - start,
           left = (splitting->deadline - now) / (double)n_jobs_left;
    if (plan->exact && each * (double)shapley_mixtures(n_players, plan) > left) {
        plan->exact = false;
    }
    if (!plan->exact) {
        double pairs = left / (each * 2.0 * (double)(n_players - 1));
        plan->n_pairs = pairs >= MOST_PAIRS_BY_TIME ? MOST_PAIRS_BY_TIME
                        : pairs >= 1.0              ? (size_t)pairs
                                                    : 0;
    }
    return status;
}

/* ---- the terms of a split ---- */

struct terms {
    struct cause_group *causes;
    size_t n_causes, capacity;
    double *parts, *errors; /* [cause][figure] while they are gathered */
    size_t parts_capacity, errors_capacity;
};

static bool matters(const struct job *job, const double *parts)
{
    bool any = false;
    for (size_t k = 0; k < job->n_figures; ++k) {
        double size = fmax(fabs(job->figures[k]->old->value), fabs(job->figures[k]->now->value));
        any = any || !isfinite(parts[k]) || fabs(parts[k]) > SAME_RELATIVE * size;
    }
    return any;
}

static void add_term(struct arena *arena, struct terms *terms, const struct job *job,
                     const struct cause_group *cause, const double *parts, const double *errors)
{
    if (!matters(job, parts)) {
        return; /* what rounding left of it goes to the largest part */
    }
    size_t n = job->n_figures, bytes = n * sizeof(double);
    terms->causes =
        arena_grow(arena, terms->causes, terms->n_causes, &terms->capacity, sizeof *terms->causes);
    terms->parts = arena_grow(arena, terms->parts, terms->n_causes, &terms->parts_capacity, bytes);
    terms->errors =
        arena_grow(arena, terms->errors, terms->n_causes, &terms->errors_capacity, bytes);
    terms->causes[terms->n_causes] = *cause;
    memcpy(terms->parts + terms->n_causes * n, parts, bytes);
    for (size_t k = 0; k < n; ++k) {
        terms->errors[terms->n_causes * n + k] = errors != NULL ? errors[k] : (double)NAN;
    }
    ++terms->n_causes;
}

/* Parts by figure, closed: they add to the move to the last bits. */
static void finish_terms(struct arena *arena, const struct terms *terms, const struct job *job,
                         struct cause_split *split)
{
    size_t n = terms->n_causes, n_figures = job->n_figures;
    double *parts = arena_array(arena, n * n_figures + 1, sizeof *parts);
    double *errors = arena_array(arena, n * n_figures + 1, sizeof *errors);
    for (size_t k = 0; k < n_figures; ++k) {
        double *row = parts + k * n;
        size_t largest = 0;
        bool known = true;
        for (size_t i = 0; i < n; ++i) {
            row[i] = terms->parts[i * n_figures + k];
            errors[k * n + i] = terms->errors[i * n_figures + k];
            known = known && isfinite(row[i]);
            largest = fabs(row[i]) > fabs(row[largest]) ? i : largest;
        }
        for (size_t again = 0; known && n > 0 && again < 4; ++again) {
            double sum = 0.0;
            for (size_t i = 0; i < n; ++i) {
                sum += row[i];
            }
            row[largest] += job->figures[k]->change - sum;
        }
        for (size_t i = 0; !known && i < n; ++i) {
            row[i] = errors[k * n + i] = NAN;
        }
    }
    split->causes = terms->causes;
    split->n_causes = n;
    split->parts = parts;
    split->errors = errors;
}

static void whole_moves(const struct job *job, double *parts)
{
    for (size_t k = 0; k < job->n_figures; ++k) {
        parts[k] = job->figures[k]->change;
    }
}

/* All of the move to one cause. */
static void give_all(struct splitting *splitting, const struct job *job,
                     const struct cause_group *cause, struct cause_split *split)
{
    struct arena *arena = &splitting->session->arena;
    struct terms terms = {0};
    double *parts = arena_array(arena, job->n_figures + 1, sizeof *parts);
    whole_moves(job, parts);
    add_term(arena, &terms, job, cause, parts, NULL);
    finish_terms(arena, &terms, job, split);
}

/* ---- without runs: what the manifests say ---- */

/* Parts that both manifests have and that differ. */
static struct cause_group stored_causes(struct arena *arena, const struct results_scenario *old,
                                        const struct results_scenario *now, size_t *n)
{
    struct text names;
    struct cause_group cause = {.kind = "other", .name = "", .detail = ""};
    text_init(&names);
    *n = 0;
    for (size_t i = 0; old != NULL && now != NULL && i < now->parts.n_items; ++i) {
        const struct results_setting *part = &now->parts.items[i];
        const char *was = results_setting_find(&old->parts, part->name);
        if (was[0] != '\0' && strcmp(was, part->value) != 0) {
            text_printf(&names, "%s%s", (*n)++ > 0 ? "; " : "", part->name);
        }
    }
    if (*n == 1) {
        size_t n_kind = strcspn(names.bytes, " ");
        cause.kind = arena_copy_span(arena, names.bytes, n_kind);
        cause.name =
            arena_copy_text(arena, names.bytes + n_kind + (names.bytes[n_kind] == ' ' ? 1 : 0));
    } else if (*n > 1) {
        cause.kind = "several";
        cause.name = arena_copy_text(arena, names.bytes);
    }
    text_clear(&names);
    return cause;
}

static void split_by_manifests(struct splitting *splitting, const struct job *job,
                               struct cause_split *split)
{
    const struct diff_side *sides = splitting->sides;
    size_t n = 0;
    const struct cause_group cause = stored_causes(
        &splitting->session->arena, results_scenario_find(sides[0].results, job->unit->id),
        results_scenario_find(sides[1].results, job->unit->id), &n);
    give_all(splitting, job, &cause, split);
    split->method = n == 1 ? CAUSE_ALONE : CAUSE_TOGETHER;
    split->note = sides[0].without != NULL   ? sides[0].without
                  : sides[1].without != NULL ? sides[1].without
                                             : "the inputs of one run do not hold it";
}

/* ---- with runs ---- */

struct ends {
    double *old, *now; /* [n_figures]: of the unit on each side's own inputs, by this program */
    bool rerun;
};

/* Figures as stored, or by this program. */
static enum status find_ends(struct splitting *splitting, const struct job *job, bool rerun,
                             struct ends *ends, struct error *error)
{
    struct arena *arena = &splitting->session->arena;
    ends->old = arena_array(arena, job->n_figures + 1, sizeof *ends->old);
    ends->now = arena_array(arena, job->n_figures + 1, sizeof *ends->now);
    ends->rerun = rerun;
    for (size_t k = 0; k < job->n_figures; ++k) {
        ends->old[k] = job->figures[k]->old->value;
        ends->now[k] = job->figures[k]->now->value;
    }
    if (rerun) {
        TRY(evaluate(splitting, job, NULL, NULL, splitting->sides[0].library, &job->designs[0],
                     ends->old, error));
        TRY(evaluate(splitting, job, NULL, NULL, splitting->sides[1].library, &job->designs[1],
                     ends->now, error));
    }
    return STATUS_OK;
}

static void add_program(struct splitting *splitting, struct terms *terms, const struct job *job,
                        const struct ends *ends)
{
    struct arena *arena = &splitting->session->arena;
    const struct diff_side *sides = splitting->sides;
    double *parts = arena_array(arena, job->n_figures + 1, sizeof *parts);
    for (size_t k = 0; k < job->n_figures; ++k) {
        parts[k] = (ends->old[k] - job->figures[k]->old->value) +
                   (job->figures[k]->now->value - ends->now[k]);
    }
    const struct cause_group cause = {
        .kind = "program",
        .name = arena_printf(arena, "dividend %s -> %s", sides[0].results->version,
                             sides[1].results->version),
        .detail = "stored figures against the same inputs run by this program"};
    add_term(arena, terms, job, &cause, parts, NULL);
}

static void add_other(struct splitting *splitting, struct terms *terms, const struct job *job,
                      const struct ends *ends, const double *all_old, const double *all_new)
{
    struct arena *arena = &splitting->session->arena;
    double *parts = arena_array(arena, job->n_figures + 1, sizeof *parts);
    for (size_t k = 0; k < job->n_figures; ++k) {
        parts[k] = (all_old[k] - ends->old[k]) + (ends->now[k] - all_new[k]);
    }
    const struct cause_group cause = {
        .kind = "other", .name = "", .detail = "what no part of the inputs' fingerprints shows"};
    add_term(arena, terms, job, &cause, parts, NULL);
}

static struct cause_group random_numbers(struct arena *arena, const struct job *job)
{
    const struct diff_design *old = &job->designs[0], *now = &job->designs[1];
    return (struct cause_group){
        .kind = "random_numbers",
        .name = "",
        .detail = arena_printf(arena, "seed %llu -> %llu; draws %llu -> %llu",
                               (unsigned long long)old->seed, (unsigned long long)now->seed,
                               (unsigned long long)old->n_draws, (unsigned long long)now->n_draws)};
}

static struct cause_group cause_of(struct arena *arena, const struct unit_game *game, size_t player)
{
    size_t n = 0;
    const struct cause_group *groups = mixing_groups(game->mixing, &n);
    return player < n ? groups[player] : random_numbers(arena, game->job);
}

/* One player, or none: nothing is to be shared out. */
static enum status split_alone(struct splitting *splitting, const struct unit_game *game,
                               struct cause_split *split, struct error *error)
{
    struct arena *arena = &splitting->session->arena;
    const struct job *job = game->job;
    size_t n_players = game->n_groups + (game->draws_play ? 1 : 0);
    bool rerun =
        n_players == 0 || splitting->sides[0].other_program || splitting->sides[1].other_program;
    struct ends ends;
    struct terms terms = {0};
    TRY(find_ends(splitting, job, rerun, &ends, error));
    if (n_players == 1) {
        double *parts = arena_array(arena, job->n_figures + 1, sizeof *parts);
        const struct cause_group cause = cause_of(arena, game, 0);
        for (size_t k = 0; k < job->n_figures; ++k) {
            parts[k] = ends.now[k] - ends.old[k];
        }
        add_term(arena, &terms, job, &cause, parts, NULL);
    } else {
        add_other(splitting, &terms, job, &ends, ends.now, ends.now);
    }
    add_program(splitting, &terms, job, &ends);
    finish_terms(arena, &terms, job, split);
    split->method = CAUSE_ALONE;
    return STATUS_OK;
}

static bool differ(const struct job *job, const double *a, const double *b)
{
    bool any = false;
    for (size_t k = 0; k < job->n_figures; ++k) {
        any = any || fabs(a[k] - b[k]) > SAME_RELATIVE * fmax(fabs(a[k]), fabs(b[k]));
    }
    return any;
}

static enum status use_result(struct splitting *splitting, const struct unit_game *game,
                              const struct shapley_result *result, struct cause_split *split,
                              struct error *error)
{
    struct arena *arena = &splitting->session->arena;
    const struct job *job = game->job;
    size_t n_players = game->n_groups + (game->draws_play ? 1 : 0);
    struct ends ends;
    struct terms terms = {0};
    double *parts = arena_array(arena, job->n_figures + 1, sizeof *parts);
    double *errors = arena_array(arena, job->n_figures + 1, sizeof *errors);
    TRY(find_ends(splitting, job, false, &ends, error));
    bool rerun = splitting->sides[0].other_program || splitting->sides[1].other_program ||
                 differ(job, ends.old, result->all_old) || differ(job, ends.now, result->all_new);
    TRY(find_ends(splitting, job, rerun, &ends, error));
    for (size_t i = 0; i < n_players; ++i) {
        const struct cause_group cause = cause_of(arena, game, i);
        for (size_t k = 0; k < job->n_figures; ++k) {
            parts[k] = result->parts[k * n_players + i];
            errors[k] = result->errors[k * n_players + i];
        }
        add_term(arena, &terms, job, &cause, parts, errors);
    }
    add_program(splitting, &terms, job, &ends);
    add_other(splitting, &terms, job, &ends, result->all_old, result->all_new);
    finish_terms(arena, &terms, job, split);
    split->n_mixtures = result->n_mixtures;
    return STATUS_OK;
}

/* Too little time for one pair of orders: everything together. */
static void split_not(struct splitting *splitting, const struct job *job, struct cause_split *split)
{
    const struct mixing *together =
        mixing_make(&splitting->session->arena, splitting->pair, job->unit, GRAIN_TOGETHER);
    size_t n = 0;
    const struct cause_group *groups = mixing_groups(together, &n);
    const struct cause_group none = {.kind = "other", .name = "", .detail = ""};
    give_all(splitting, job, n > 0 ? &groups[0] : &none, split);
    split->method = CAUSE_TOGETHER;
    split->note = "its causes were not told apart within --time-limit";
}

static enum status split_at_grain(struct splitting *splitting, const struct job *job,
                                  enum cause_grain grain, size_t n_jobs_left,
                                  struct cause_split *split, struct error *error)
{
    struct arena *arena = &splitting->session->arena;
    struct unit_game game = {.splitting = splitting,
                             .job = job,
                             .mixing = mixing_make(arena, splitting->pair, job->unit, grain),
                             .draws_play = !same_design(&job->designs[0], &job->designs[1]),
                             .newest = arena_array(arena, job->n_figures + 1, sizeof(double))};
    (void)mixing_groups(game.mixing, &game.n_groups);
    const struct shapley_game shapley = {.n_players = game.n_groups + (game.draws_play ? 1 : 0),
                                         .n_figures = job->n_figures,
                                         .value = value_of,
                                         .context = &game};
    struct shapley_plan plan;
    struct shapley_result result;
    if (shapley.n_players < 2) {
        return split_alone(splitting, &game, split, error);
    }
    TRY(plan_split(splitting, &game, n_jobs_left, &plan, error));
    if (!plan.exact && plan.n_pairs == 0) {
        split_not(splitting, job, split);
        return STATUS_OK;
    }
    TRY(shapley_split(&shapley, &plan, &result, error));
    enum status status = use_result(splitting, &game, &result, split, error);
    shapley_clear(&result);
    split->method = plan.exact ? CAUSE_EXACT : CAUSE_SAMPLED;
    split->n_pairs = plan.exact ? 0 : plan.n_pairs;
    return status;
}

static enum status split_job(struct splitting *splitting, const struct job *job, size_t n_jobs_left,
                             struct cause_split *split, struct error *error)
{
    static const char *const notes[N_CAUSE_GRAINS] = {
        [GRAIN_PARTS] = "",
        [GRAIN_EVIDENCE] = "changes beside the evidence go together: apart they are no valid "
                           "configuration",
        [GRAIN_TOGETHER] = "its causes go together: apart they are no valid configuration"};
    *split = (struct cause_split){
        .unit = job->unit, .figures = job->figures, .n_figures = job->n_figures, .note = ""};
    if (!job->on_both) {
        split_by_manifests(splitting, job, split);
        return STATUS_OK;
    }
    enum status status = STATUS_INPUT;
    for (enum cause_grain grain = GRAIN_PARTS;
         grain < N_CAUSE_GRAINS && (status == STATUS_INPUT || status == STATUS_NUMERIC); ++grain) {
        status = split_at_grain(splitting, job, grain, n_jobs_left, split, error);
        if (status == STATUS_OK && split->note[0] == '\0') {
            split->note = notes[grain];
        }
        split->method =
            status == STATUS_OK && grain == GRAIN_TOGETHER ? CAUSE_TOGETHER : split->method;
    }
    if (status == STATUS_INPUT || status == STATUS_NUMERIC) {
        split_by_manifests(splitting, job, split);
        split->note =
            arena_printf(&splitting->session->arena,
                         "its inputs cannot be run again by this program: %s", error->message);
        status = STATUS_OK;
    }
    return status;
}

enum status diff_causes(struct session *session, const struct diff_side sides[2],
                        const struct difference *difference, struct cause_splits *splits,
                        struct error *error)
{
    const struct diff_options *options = &session->options.diff;
    struct splitting splitting = {.session = session,
                                  .sides = sides,
                                  .difference = difference,
                                  .deadline = clock_seconds() + (options->has_time_limit
                                                                     ? options->time_limit_s
                                                                     : DEFAULT_TIME_LIMIT_S)};
    if (sides[0].library != NULL && sides[1].library != NULL) {
        splitting.pair = library_pair_make(&session->arena, sides[0].library, sides[1].library);
    }
    find_jobs(&splitting);
    struct cause_split *items = arena_array(&session->arena, splitting.n_jobs + 1, sizeof *items);
    struct cause_place *places =
        arena_array(&session->arena, difference->n_figures + 1, sizeof *places);
    for (size_t i = 0; i < splitting.n_jobs; ++i) {
        TRY(split_job(&splitting, &splitting.jobs[i], splitting.n_jobs - i, &items[i], error));
        for (size_t k = 0; k < items[i].n_figures; ++k) {
            places[items[i].figures[k] - difference->figures] =
                (struct cause_place){.split = &items[i], .row = k};
        }
    }
    *splits = (struct cause_splits){.items = items,
                                    .n_items = splitting.n_jobs,
                                    .places = places,
                                    .figures = difference->figures};
    return STATUS_OK;
}
