/* What a reader of a run is told before the figures: a line for each warning, however many
 * scenarios it is about. */
#include "report/report_assurance.h"
#include "report/report_private.h"

#include <math.h>
#include <string.h>

void name_scenario(struct named_scenarios *named, const struct scenario_result *result)
{
    if (named->n < N_NAMED_SCENARIOS) {
        text_printf(named->words, "%s%s%s", named->n > 0 ? ", " : "",
                    named->before != NULL ? named->before : "", result->plan->scenario->id);
    }
    named->n += 1;
}

void name_rest(struct named_scenarios *named)
{
    if (named->n > N_NAMED_SCENARIOS) {
        text_printf(named->words, " and %zu more", named->n - N_NAMED_SCENARIOS);
    }
}

static const double LARGE_ERROR = 0.05; /* of the mean net: worth a warning */

static bool is_programme(const struct scenario_result *result)
{
    return result->statistics != NULL && result->plan->health == NULL;
}

struct warning {
    const struct scenario_result *result;
    const char *words; /* what follows the scenario's id, with its colon or blank */
    uint64_t hash;
};

struct warnings {
    struct arena arena;
    struct warning *items;
    size_t n_items, capacity;
};

static void warn(struct warnings *warnings, const struct scenario_result *result, const char *words)
{
    if (warnings->n_items == warnings->capacity) {
        warnings->items = arena_grow(&warnings->arena, warnings->items, warnings->n_items,
                                     &warnings->capacity, sizeof *warnings->items);
    }
    warnings->items[warnings->n_items++] = (struct warning){
        .result = result, .words = words, .hash = text_hash(words, strlen(words), TEXT_HASH_START)};
}

static bool is_same(const struct warning *a, const struct warning *b)
{
    return a->hash == b->hash && strcmp(a->words, b->words) == 0;
}

static void write_warning(struct text *out, const struct warnings *warnings, size_t first)
{
    struct named_scenarios named = {.words = out};
    for (size_t i = first; i < warnings->n_items; ++i) {
        if (is_same(&warnings->items[first], &warnings->items[i])) {
            name_scenario(&named, warnings->items[i].result);
        }
    }
    name_rest(&named);
    text_printf(out, "%s\n", warnings->items[first].words);
}

/* What is said of several scenarios in the same words is one line. */
static void write_warnings(struct text *out, const struct warnings *warnings)
{
    for (size_t i = 0; i < warnings->n_items; ++i) {
        bool first = true;
        for (size_t k = 0; first && k < i; ++k) {
            first = !is_same(&warnings->items[k], &warnings->items[i]);
        }
        if (first) {
            write_warning(out, warnings, i);
        }
    }
}

/* The later source, where the scenario draws an item as it stands whose source that supersedes. */
static const struct source *successor_of(const struct plan *plan, const struct plan_use *use,
                                         const struct supersession **why)
{
    return use->parameter == NULL || use->override != NULL
               ? NULL
               : evidence_successor(plan->library->evidence, use->parameter, why);
}

/* Once for each succession, with all the items that it is about. */
static void warn_of_succession(struct warnings *warnings, const struct scenario_result *result)
{
    const struct plan *plan = result->plan;
    struct arena *arena = &warnings->arena;
    for (size_t i = 0; i < plan->n_uses; ++i) {
        const struct supersession *why = NULL, *other = NULL;
        const struct source *later = successor_of(plan, &plan->uses[i], &why);
        bool first = later != NULL && why != NULL;
        for (size_t k = 0; first && k < i; ++k) {
            first = successor_of(plan, &plan->uses[k], &other) != later || other != why;
        }
        if (!first) {
            continue;
        }
        size_t n_items = 0;
        const char *items = "";
        for (size_t k = i; k < plan->n_uses; ++k) {
            if (successor_of(plan, &plan->uses[k], &other) == later && other == why) {
                items = arena_printf(arena, "%s%s\"%s\"", items, n_items++ > 0 ? ", " : "",
                                     plan->uses[k].parameter->identity);
            }
        }
        warn(warnings, result,
             arena_printf(arena, ": %s rest%s on %s, which %s supersedes: %s", items,
                          n_items == 1 ? "s" : "", why->source_id, later->id, why->because));
    }
}

static void warn_of_staleness(struct warnings *warnings, const struct scenario_result *result)
{
    const struct plan *plan = result->plan;
    for (size_t i = 0; i < plan->n_uses; ++i) {
        const struct parameter *parameter = plan->uses[i].parameter;
        if (evidence_is_stale(plan, parameter)) {
            warn(warnings, result,
                 arena_printf(&warnings->arena, ": \"%s\" was to be reviewed by %s and is stale",
                              parameter->identity, parameter->review_by));
        }
    }
}

static bool is_capped(const struct scenario_result *result)
{
    return result->capped_share > 0.0;
}

static bool is_inexact(const struct scenario_result *result)
{
    const struct column_statistics *net =
        result_find(result, MEASURE_NET, headline_index(result->plan), 0, 0);
    return net->sd > 0.0 && net->se > LARGE_ERROR * fabs(net->mean);
}

static const char *capped_words(struct arena *arena, const struct scenario_result *result)
{
    return arena_printf(arena,
                        ": savings reached a sector's baseline spend in %.1f %% of draws and were "
                        "capped there; check effect, people and baseline_spend_gbp",
                        100.0 * result->capped_share);
}

static const char *inexact_words(struct arena *arena, const struct scenario_result *result)
{
    const struct plan *plan = result->plan;
    const struct column_statistics *net =
        result_find(result, MEASURE_NET, headline_index(plan), 0, 0);
    return arena_printf(arena,
                        ": the mean net has a Monte Carlo error of %.0f %% of itself with %llu "
                        "draws; --precision net.%s=%.0f would bring it to 5 %%",
                        100.0 * net->se / fabs(net->mean), (unsigned long long)result->n_draws,
                        plan->whos[headline_index(plan)].id, LARGE_ERROR * fabs(net->mean));
}

/* What is said with a scenario's own figures; of many scenarios, in words that all share. */
static void warn_of_figures(struct warnings *warnings, const struct report_run *run)
{
    static const struct {
        bool (*applies)(const struct scenario_result *result);
        const char *(*of_one)(struct arena *arena, const struct scenario_result *result);
        const char *of_many;
    } figures[] = {
        {is_capped, capped_words,
         ": savings reached a sector's baseline spend in some draws and were capped there; check "
         "effect, people and baseline_spend_gbp; assurance/checks.csv has each"},
        {is_inexact, inexact_words,
         ": the mean net has a Monte Carlo error of more than 5 % of itself; raise draws, or set "
         "--precision; assurance/checks.csv has each"},
    };

    for (size_t k = 0; k < sizeof figures / sizeof figures[0]; ++k) {
        size_t n = 0;
        for (size_t i = 0; i < run->n_results; ++i) {
            n += is_programme(&run->results[i]) && figures[k].applies(&run->results[i]) ? 1 : 0;
        }
        for (size_t i = 0; i < run->n_results; ++i) {
            const struct scenario_result *result = &run->results[i];
            if (is_programme(result) && figures[k].applies(result)) {
                warn(warnings, result,
                     n > N_NAMED_SCENARIOS ? figures[k].of_many
                                           : figures[k].of_one(&warnings->arena, result));
            }
        }
    }
}

static void warn_of_scenario(struct warnings *warnings, const struct scenario_result *result)
{
    if (result->statistics == NULL) {
        warn(warnings, result,
             arena_printf(&warnings->arena, " failed: %s", result->error.message));
        return;
    }
    warn_of_staleness(warnings, result);
    warn_of_succession(warnings, result);
}

/* A check of the arithmetic that fails is a mistake of the program: nothing may stand on it. */
static void warn_of_checks(struct text *out, const struct report_run *run)
{
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct assurance_result *assured = assured_result(run, &run->results[i]);
        for (size_t k = 0; k < assured->n_checks; ++k) {
            const struct assurance_check *check = &assured->checks[k];
            if (check->arithmetic && check->outcome == CHECK_FAIL) {
                text_printf(out,
                            "%s: CHECK FAILED, %s: %s differ by %.3g (%s) where %.3g is allowed; "
                            "do not use these figures, and report it\n",
                            run->results[i].plan->scenario->id, check->id, check->compared,
                            check->size, check->unit, check->tolerance);
            }
        }
    }
}

void report_warnings(struct text *out, const struct report_run *run)
{
    struct warnings warnings = {0};
    arena_init(&warnings.arena);
    warn_of_checks(out, run);
    for (size_t i = 0; i < run->n_results; ++i) {
        warn_of_scenario(&warnings, &run->results[i]);
    }
    warn_of_figures(&warnings, run);
    write_warnings(out, &warnings);
    arena_clear(&warnings.arena);
    warn_of_plausibility(out, run);
}
