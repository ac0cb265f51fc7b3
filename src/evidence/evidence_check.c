/* Rules of evidence across fields. */
#include "base/text.h"
#include "evidence/evidence.h"
#include "evidence/layer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What a distribution may put outside the range of its kind and still pass: a tail beyond about
 * five standard deviations, which no run of ordinary size ever draws. */
static const double outside_allowed = 1e-6;

struct kind_rule {
    double lower, upper;
    bool open_lower; /* lower itself is not allowed */
    const char *allowed, *remedy;
};

static const struct kind_rule kind_rules[N_PARAMETER_KINDS] = {
    [PARAMETER_PROBABILITY] = {0.0, 1.0, false, "a probability lies between 0 and 1",
                               "use dist = \"beta\" with the same figures, or events of n"},
    [PARAMETER_SHARE] = {0.0, 1.0, false, "a share lies between 0 and 1",
                         "use dist = \"beta\" with the same figures; a change that may have either "
                         "sign is kind = \"effect\""},
    [PARAMETER_RATE] = {0.0, HUGE_VAL, false, "a rate is at least 0",
                        "use dist = \"gamma\", \"lognormal\" or \"truncated_normal\" with min = 0"},
    [PARAMETER_RELATIVE_RISK] = {0.0, HUGE_VAL, true, "a relative risk is above 0",
                                 "use dist = \"lognormal\" with the median and its interval, or "
                                 "\"gamma\" or \"truncated_normal\" with min = 0"},
    [PARAMETER_COST] = {0.0, HUGE_VAL, false, "a cost is at least 0",
                        "use dist = \"gamma\", \"lognormal\" or \"truncated_normal\" with min = 0"},
    [PARAMETER_COUNT] = {0.0, HUGE_VAL, false, "a count is at least 0",
                         "use dist = \"gamma\", \"lognormal\" or \"truncated_normal\" with "
                         "min = 0; a change that may have either sign is kind = \"effect\""},
    [PARAMETER_DURATION] = {0.0, HUGE_VAL, false, "a duration is at least 0",
                            "use dist = \"gamma\", \"lognormal\" or \"truncated_normal\" with "
                            "min = 0"},
    [PARAMETER_UTILITY] = {-HUGE_VAL, 1.0, false, "a utility is at most 1 (full health)",
                           "use dist = \"beta\", or \"truncated_normal\" with max = 1"},
    [PARAMETER_EFFECT] = {-HUGE_VAL, HUGE_VAL, false, "any number", ""},
};

void parameter_kind_range(enum parameter_kind kind, double *low, double *high)
{
    *low = kind < N_PARAMETER_KINDS ? kind_rules[kind].lower : -HUGE_VAL;
    *high = kind < N_PARAMETER_KINDS ? kind_rules[kind].upper : HUGE_VAL;
}

static const char *number_words(struct arena *arena, double value)
{
    char buffer[32];
    text_format_exact(buffer, value);
    return arena_copy_text(arena, buffer);
}

/* Probability outside the range; 0 where the support itself lies within. Points of mass on a bound
 * are inside, so lists are judged by their support alone. */
static double share_outside(const struct distribution *distribution, const struct kind_rule *rule)
{
    double lower = 0.0, upper = 0.0;
    distribution_support(distribution, &lower, &upper);
    bool below = lower<rule->lower, above = upper> rule->upper;
    if (distribution->n_values > 0) {
        return below || above ? 1.0 : 0.0;
    }
    double outside = 0.0;
    if (below) {
        outside += distribution_cdf_reference(distribution, rule->lower);
    }
    if (above) {
        outside += 1.0 - distribution_cdf_reference(distribution, rule->upper);
    }
    return outside;
}

static const char *fixed_remedy(const struct kind_rule *rule)
{
    return rule->upper == 1.0 && rule->lower == 0.0
               ? "check the figure and its unit: 3.5 % is written 0.035"
           : rule->lower == 0.0
               ? "check the figure and its sign; a change that may have either sign is kind = "
                 "\"effect\", and money that flows back is an outcome or a transfer of the model"
               : "check the figure and its unit";
}

static void check_fixed(const struct kind_rule *rule, double fixed, const struct setting *value,
                        struct diagnostics *diagnostics)
{
    bool inside = rule->open_lower ? fixed > rule->lower : fixed >= rule->lower;
    if (isnan(fixed) || (inside && fixed <= rule->upper)) {
        return;
    }
    setting_complain(diagnostics, value, DIAGNOSTIC_E440, rule->allowed, fixed_remedy(rule),
                     "the value %s is outside the range of its kind",
                     number_words(diagnostics->arena, fixed));
}

/* Kind against value: returns false after a diagnostic. */
static bool check_kind(enum parameter_kind kind, const struct distribution *distribution,
                       const struct setting *value, struct diagnostics *diagnostics)
{
    size_t n_errors = diagnostics->n_errors;
    if (kind >= N_PARAMETER_KINDS || value == NULL) {
        return true;
    }
    const struct kind_rule *rule = &kind_rules[kind];
    if (distribution->family == DISTRIBUTION_FIXED) {
        check_fixed(rule, distribution->p[0], value, diagnostics);
    } else if (share_outside(distribution, rule) > outside_allowed) {
        setting_complain(
            diagnostics, value, DIAGNOSTIC_E441, rule->allowed, rule->remedy,
            "%s reaches outside the range of kind = \"%s\": its 95 %% interval is %.6g to %.6g",
            distribution_describe(diagnostics->arena, distribution), parameter_kind_name(kind),
            distribution->q025, distribution->q975);
    }
    return diagnostics->n_errors == n_errors;
}

bool evidence_read_override(struct arena *arena, const struct parameter *parameter,
                            const struct setting *value, struct distribution *out,
                            struct diagnostics *diagnostics)
{
    if (parameter->n_dirichlet > 0) {
        setting_complain(diagnostics, value, DIAGNOSTIC_E410, "an item that stands by itself",
                         "replace the whole item in a layer of your own (--models)",
                         "\"%s\" is one of the counts of a Dirichlet, which move together",
                         parameter->identity);
        return false;
    }
    return distribution_read(arena, value, out, diagnostics) &&
           check_kind(parameter->kind, out, value, diagnostics);
}

static void check_price_year(const struct parameter *parameter, struct diagnostics *diagnostics)
{
    const struct setting *year = setting_find(parameter->setting, "price_year");
    if (parameter->kind == PARAMETER_COST && year == NULL) {
        layer_complain(diagnostics, parameter->setting, DIAGNOSTIC_E442,
                       "a financial year such as \"2024-25\"",
                       "add price_year = \"...\": the year whose prices the source uses",
                       "\"%s\" is a cost without a price year", parameter->identity);
    }
    if (parameter->kind != PARAMETER_COST && parameter->kind < N_PARAMETER_KINDS && year != NULL) {
        setting_complain(diagnostics, year, DIAGNOSTIC_E443, "price_year only with kind = \"cost\"",
                         "remove price_year, or say kind = \"cost\" if this is money",
                         "\"%s\" has a price year, but its kind is \"%s\"", parameter->identity,
                         parameter_kind_name(parameter->kind));
    }
}

/* A figure in pence or dollars would be added as if it were pounds. */
static void check_money_unit(const struct parameter *parameter, struct diagnostics *diagnostics)
{
    const struct setting *unit = setting_find(parameter->setting, "unit");
    bool pounds = strncmp(parameter->unit, "GBP", 3) == 0 &&
                  (parameter->unit[3] == '\0' || strchr("/ ", parameter->unit[3]) != NULL);
    if (parameter->kind != PARAMETER_COST || !setting_is_text(unit) || pounds) {
        return;
    }
    setting_complain(
        diagnostics, unit, DIAGNOSTIC_E453, "a unit that begins with GBP, e.g. \"GBP/visit\"",
        "convert the figure to pounds and write its unit so, or choose another kind "
        "if it is not money",
        "\"%s\" is of kind cost, and its unit is \"%s\"", parameter->identity, parameter->unit);
}

static void check_derivation(const struct evidence *evidence, const struct parameter *parameter,
                             struct diagnostics *diagnostics)
{
    const struct setting *list = setting_find(parameter->setting, "derived_from");
    for (size_t i = 0; list != NULL && i < parameter->n_derived_from; ++i) {
        const char *name = parameter->derived_from[i];
        const struct parameter *parent = evidence_find(evidence, name, NULL);
        bool itself = parent != NULL && strcmp(parent->identity, parameter->identity) == 0;
        if (parent != NULL && !itself) {
            continue;
        }
        setting_complain(diagnostics, list, DIAGNOSTIC_E454, "paths of other evidence items",
                         itself
                             ? "name the items that it was worked out from"
                             : layer_suggest(diagnostics->arena, evidence_nearest(evidence, name),
                                             "write the whole path, as `dividend list evidence` "
                                             "shows it"),
                         itself ? "\"%s\" is derived from itself (\"%s\")"
                                : "\"%s\" is derived from \"%s\", which is no one "
                                  "evidence item",
                         parameter->identity, name);
    }
}

static const char *nearest_source(const struct evidence *evidence, const char *id)
{
    const char **ids = memory_array(evidence->n_sources + 1, sizeof *ids);
    for (size_t i = 0; i < evidence->n_sources; ++i) {
        ids[i] = evidence->sources[i]->id;
    }
    ids[evidence->n_sources] = "assumption";
    const char *nearest = text_nearest(id, ids, evidence->n_sources + 1);
    free(ids);
    return nearest;
}

void evidence_check_source(const struct evidence *evidence, const struct setting *source_setting,
                           struct diagnostics *diagnostics)
{
    if (!setting_is_text(source_setting) ||
        evidence_find_source(evidence, source_setting->text) != NULL) {
        return;
    }
    const char *nearest = nearest_source(evidence, source_setting->text);
    setting_complain(
        diagnostics, source_setting, DIAGNOSTIC_E444, "the id of an entry of sources = { }",
        layer_suggest(diagnostics->arena, nearest,
                      "add the publication to sources = { } in this file or another of "
                      "its folder"),
        "no source is named \"%s\"", source_setting->text);
}

static void check_plausible(const struct parameter *parameter, struct diagnostics *diagnostics)
{
    const struct setting *setting = setting_find(parameter->setting, "plausible");
    const double *range = parameter->plausible;
    double low = 0.0, high = 0.0, mean = parameter->distribution.mean;
    parameter_kind_range(parameter->kind, &low, &high);
    if (setting == NULL || (range != NULL && range[0] < range[1] && range[0] >= low &&
                            range[1] <= high && !(mean < range[0]) && !(mean > range[1]))) {
        return;
    }
    setting_complain(diagnostics, setting, DIAGNOSTIC_E633,
                     "two numbers of the kind, the lower first, about the mean",
                     "write it as plausible = [low, high];",
                     "the plausible range of \"%s\", whose mean is %.6g", parameter->identity,
                     mean);
}

static void check_assumption(const struct parameter *parameter, struct diagnostics *diagnostics)
{
    if (parameter->reason == NULL) {
        layer_complain(diagnostics, parameter->setting, DIAGNOSTIC_E445,
                       "an assumption states its reason",
                       "add reason = \"...\": why this value and this width",
                       "\"%s\" is an assumption without a reason", parameter->identity);
    }
    const struct setting *grade = setting_find(parameter->setting, "grade");
    if (parameter->grade != 6 && setting_is_number(grade)) {
        setting_complain(diagnostics, grade, DIAGNOSTIC_E446,
                         "grade = 6 with source = \"assumption\"",
                         "write grade = 6, or name the source that supports a better grade",
                         "an assumption cannot have grade %d", parameter->grade);
    }
}

static void check_provenance(const struct evidence *evidence, const struct parameter *parameter,
                             struct diagnostics *diagnostics)
{
    if (parameter->source_id == NULL) {
        return;
    }
    if (parameter_is_assumption(parameter)) {
        check_assumption(parameter, diagnostics);
        return;
    }
    evidence_check_source(evidence, setting_find(parameter->setting, "source"), diagnostics);
    if (parameter->locator == NULL) {
        layer_complain(diagnostics, parameter->setting, DIAGNOSTIC_E447,
                       "a table, page, section or code within the source",
                       "add locator = \"...\", so that the figure can be found again",
                       "\"%s\" does not say where in \"%s\" it stands", parameter->identity,
                       parameter->source_id);
    }
}

static void check_cost_only_keys(const struct parameter *parameter, struct diagnostics *diagnostics)
{
    static const char *const keys[] = {"split", "cashable", "value_type", "transfer_from",
                                       "real_growth"};
    if (parameter->kind == PARAMETER_COST || parameter->kind == N_PARAMETER_KINDS) {
        return;
    }
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; ++i) {
        const struct setting *found = setting_find(parameter->setting, keys[i]);
        if (found != NULL) {
            setting_complain(diagnostics, found, DIAGNOSTIC_E448,
                             "only unit costs (kind = \"cost\") have it",
                             "move it to the unit cost that prices the demand",
                             "`%s` does not belong to an item of kind \"%s\"", keys[i],
                             parameter_kind_name(parameter->kind));
        }
    }
}

static bool names_sector(const struct share *shares, size_t n_shares, const char *sector)
{
    for (size_t i = 0; i < n_shares; ++i) {
        if (strcmp(shares[i].sector, sector) == 0) {
            return true;
        }
    }
    return false;
}

/* cashable = { ... } names exactly the sectors of the split. */
static void check_cashable(const struct parameter *parameter, struct diagnostics *diagnostics)
{
    const struct setting *cashable = setting_find(parameter->setting, "cashable");
    if (!setting_is_group(cashable)) {
        return;
    }
    for (size_t i = 0; i < parameter->n_split; ++i) {
        if (!names_sector(parameter->cashable_by_sector, parameter->n_cashable_by_sector,
                          parameter->split[i].sector)) {
            setting_complain(diagnostics, cashable, DIAGNOSTIC_E449,
                             "a cashable share for every sector of the split",
                             "add the sector; 0 where nothing is released as cash",
                             "`cashable` leaves out \"%s\", which the split names",
                             parameter->split[i].sector);
        }
    }
    for (size_t i = 0; i < parameter->n_cashable_by_sector; ++i) {
        const struct share *share = &parameter->cashable_by_sector[i];
        if (!names_sector(parameter->split, parameter->n_split, share->sector)) {
            setting_complain(diagnostics, share->setting, DIAGNOSTIC_E449,
                             "only the sectors of the split",
                             "remove it, or give the sector a share of the split",
                             "`cashable` names \"%s\", which the split does not", share->sector);
        }
    }
}

static void check_transfer(const struct parameter *parameter, struct diagnostics *diagnostics)
{
    const char *from = parameter->transfer_from;
    if (from != NULL && names_sector(parameter->split, parameter->n_split, from)) {
        setting_complain(
            diagnostics, setting_find(parameter->setting, "transfer_from"), DIAGNOSTIC_E450,
            "a sector that is not in the split",
            "take it out of the split, or leave the part it pays itself out of the cost",
            "\"%s\" would pay itself: it is in the split too", from);
    }
}

/* `year`, `age` and `cycle` are variables of the expressions themselves. */
static void check_name(const struct parameter *parameter, struct diagnostics *diagnostics)
{
    static const char *const variables[] = {"year", "age", "cycle"};
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; ++i) {
        if (strcmp(parameter->short_name, variables[i]) == 0) {
            layer_complain(diagnostics, parameter->setting, DIAGNOSTIC_E451,
                           "any name but year, age and cycle", "rename the item",
                           "\"%s\" is a variable of the expressions, so it cannot name evidence",
                           variables[i]);
        }
    }
}

static void check_replacement(const struct parameter *parameter, struct diagnostics *diagnostics)
{
    const struct parameter *old = parameter->replaced;
    if (old == NULL || old->kind == parameter->kind || old->kind == N_PARAMETER_KINDS ||
        parameter->kind == N_PARAMETER_KINDS) {
        return;
    }
    setting_complain(
        diagnostics, setting_find(parameter->setting, "kind"), DIAGNOSTIC_E433,
        "the kind of the item it replaces", "keep the kind, or give the new item a name of its own",
        "\"%s\" is a %s at %s and would become a %s", parameter->identity,
        parameter_kind_name(old->kind), layer_place_words(diagnostics->arena, old->setting),
        parameter_kind_name(parameter->kind));
}

static void check_parameter(const struct evidence *evidence, const struct parameter *parameter,
                            struct diagnostics *diagnostics)
{
    check_plausible(parameter, diagnostics);
    (void)check_kind(parameter->kind, &parameter->distribution,
                     setting_find(parameter->setting, "value"), diagnostics);
    check_name(parameter, diagnostics);
    check_price_year(parameter, diagnostics);
    check_money_unit(parameter, diagnostics);
    check_derivation(evidence, parameter, diagnostics);
    check_provenance(evidence, parameter, diagnostics);
    check_cost_only_keys(parameter, diagnostics);
    check_cashable(parameter, diagnostics);
    check_transfer(parameter, diagnostics);
    check_replacement(parameter, diagnostics);
}

void evidence_check(const struct evidence *evidence, struct diagnostics *diagnostics)
{
    for (size_t i = 0; i < evidence->n_parameters; ++i) {
        for (const struct parameter *parameter = evidence->parameters[i]; parameter != NULL;
             parameter = parameter->replaced) {
            check_parameter(evidence, parameter, diagnostics);
        }
    }
    succession_check(evidence, diagnostics);
    for (size_t i = 0; i < evidence->n_sources; ++i) {
        const struct source *source = evidence->sources[i];
        if (strcmp(source->id, "assumption") == 0) {
            layer_complain(diagnostics, source->setting, DIAGNOSTIC_E452, "any other id",
                           "rename the source",
                           "\"assumption\" marks evidence without a source and names none");
        }
    }
}
