/* Random but valid configurations for the property tests: a library, a model and a scenario as
 * text. Every key of the schema table is written by some model; coverage is counted from the table
 * itself. */
#ifndef DIVIDEND_TESTS_RANDOM_MODEL_H
#define DIVIDEND_TESTS_RANDOM_MODEL_H

#include "base/text.h"
#include "reader/schema.h"
#include "support/dice.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* What the invariants switch. */
struct random_options {
    uint64_t seed;
    bool zero_effect; /* no effect, no deadweight points */
    bool zero_discount;
    bool scalable;   /* every flow proportional to eligible: no fixed costs, steps, capacities,
                        ceilings */
    bool permuted;   /* the same rows in another order */
    bool every_key;  /* no luck: all optional parts present */
    double eligible; /* people */
};

struct random_model {
    struct text library, model, scenario, run;
};

/* Each a distribution with mean near 1, reported in another way. */
static const char *const random_distributions[] = {
    "{ dist = \"normal\"; mean = 1.0; se = 0.1; }",
    "{ dist = \"normal\"; mean = 1.0; ci95 = [0.8, 1.2]; }",
    "{ dist = \"truncated_normal\"; mean = 1.0; sd = 0.3; min = 0.2; max = 2.0; }",
    "{ dist = \"lognormal\"; mu = 0.0; sigma = 0.2; }",
    "{ dist = \"lognormal\"; median = 1.0; ci95 = [0.8, 1.25]; }",
    "{ dist = \"lognormal\"; mean = 1.0; sd = 0.2; }",
    "{ dist = \"gamma\"; mean = 1.0; se = 0.2; }",
    "{ dist = \"gamma\"; shape = 25.0; scale = 0.04; }",
    "{ dist = \"weibull\"; shape = 3.0; scale = 1.1; }",
    "{ dist = \"exponential\"; mean = 1.0; }",
    "{ dist = \"uniform\"; min = 0.5; max = 1.5; }",
    "{ dist = \"triangular\"; min = 0.5; mode = 0.9; max = 1.5; }",
    "{ dist = \"pert\"; min = 0.5; mode = 0.9; max = 1.5; lambda = 4.0; }",
    "{ dist = \"empirical\"; values = [0.8, 1.0, 1.2, 0.9]; }",
    "{ dist = \"discrete\"; values = [0.5, 1.5]; weights = [0.5, 0.5]; }"};

static const char *const random_shares[] = {
    "{ dist = \"beta\"; alpha = 12.0; beta = 28.0; }",
    "{ dist = \"beta\"; events = 30; n = 90; }",
    "{ dist = \"beta\"; events = 0; n = 12; prior = [0.5, 0.5]; }",
    "{ dist = \"beta\"; mean = 0.3; sd = 0.05; }",
    "{ dist = \"beta\"; mean = 0.3; ci95 = [0.2, 0.4]; }",
    "{ dist = \"beta\"; median = 0.3; ci95 = [0.2, 0.4]; }",
    "0.25"};

static const char *const random_sectors[] = {"alpha", "bravo", "charlie", "delta", "residents"};

enum { RANDOM_SECTORS = 5, RANDOM_DEMANDS = 5 };

static inline void random_evidence_item(struct text *out, const char *name, const char *kind,
                                        const char *unit, const char *value, const char *more)
{
    text_printf(out,
                "        %s = { label = \"%s\"; kind = \"%s\"; unit = \"%s\"; value = %s; "
                "source = \"random_source\"; locator = \"p. 1\"; grade = %d; %s };\n",
                name, name, kind, unit, value, 1 + (int)((strlen(name) * 7 + 3) % 5), more);
}

static inline const char *random_share(struct dice *dice)
{
    return random_shares[dice_below(dice, sizeof random_shares / sizeof *random_shares)];
}

/* Every way of reporting in turn. */
static inline const char *random_factor(uint64_t seed)
{
    return random_distributions[seed %
                                (sizeof random_distributions / sizeof *random_distributions)];
}

static inline void random_split(struct text *out, struct dice *dice, bool groups)
{
    size_t first = dice_below(dice, 4);
    double share = 0.125 * (double)(1 + dice_below(dice, 7));
    text_printf(out, "{ %s = %g; %s = %g; }", random_sectors[first], share,
                groups ? "public_pair" : "residents", 1.0 - share);
}

static inline void random_unit_cost(struct text *out, struct dice *dice, size_t index,
                                    const struct random_options *options)
{
    bool all = options->every_key;
    char value[160];
    snprintf(value, sizeof value, "{ dist = \"gamma\"; mean = %g; se = %g; }",
             dice_between(dice, 50, 5000), dice_between(dice, 5, 20));
    text_printf(out,
                "        cost_%zu = { label = \"Unit cost\"; kind = \"cost\"; unit = \"GBP\"; "
                "price_year = \"%s\"; value = %s;\n            source = \"random_source\"; "
                "locator = \"p. 2\"; grade = 2; split = ",
                index, dice_chance(dice, 0.5) ? "2024-25" : "2022-23", value);
    size_t first = dice_below(dice, 4);
    double share = 0.125 * (double)(1 + dice_below(dice, 7));
    text_printf(out, "{ %s = %g; public_pair = %g; };", random_sectors[first], share, 1.0 - share);
    if (index == 0 && (all || dice_chance(dice, 0.5))) {
        text_printf(out, " cashable = { %s = 0.4; public_pair = 0.7; };", random_sectors[first]);
    } else if (index < 3) {
        text_printf(out, " cashable = %g;", 0.25 * (double)dice_below(dice, 5));
    }
    if (index == 3) {
        text_printf(out, " value_type = \"%s\";", dice_chance(dice, 0.5) ? "economic" : "social");
    }
    if (index == 4) {
        text_append(out, " transfer_from = \"residents\";");
    }
    if (all || dice_chance(dice, 0.5)) {
        text_append(out, " real_growth = 0.01;");
    }
    text_append(out, " };\n");
}

static inline void random_packs(struct text *out, const struct random_options *options)
{
    const char *rates = options->zero_discount ? "[0.0, 0.0]" : "[0.035, 0.03]";
    const char *health = options->zero_discount ? "[0.0, 0.0]" : "[0.015, 0.0129]";
    text_printf(out,
                "packs = {\n    random_appraisal = { kind = \"appraisal\"; label = \"Random\"; "
                "vintage = \"2026\"; source = \"random_source\"; locator = \"p. 3\"; "
                "note = \"for tests\";\n        costs = { from_year = [0, 6]; rate = %s; }; "
                "health = { from_year = [0, 6]; rate = %s; };\n"
                "        qaly_value_gbp = 70000.0; qaly_value_price_year = \"2022-23\"; "
                "thresholds_gbp_per_qaly = [20000.0, 30000.0]; };\n",
                rates, health);
    text_append(
        out, "    random_deflator = { kind = \"deflator\"; label = \"Random\"; vintage = \"2026\"; "
             "source = \"random_source\";\n        years = [\"2022-23\", \"2023-24\", "
             "\"2024-25\", \"2025-26\"]; index = [90.0, 95.5, 100.0, 103.0]; "
             "last_outturn_year = \"2024-25\"; };\n"
             "    random_optimism = { kind = \"optimism\"; label = \"Random\"; vintage = \"2026\"; "
             "source = \"random_source\";\n        cost_uplift_by_grade = [0.0, 0.05, 0.1, 0.15, "
             "0.25, 0.4]; benefit_reduction_by_grade = [0.0, 0.05, 0.1, 0.15, 0.25, 0.4]; };\n"
             "};\n");
}

static inline void random_places(struct text *out)
{
    text_append(
        out, "perspectives = { pub = { label = \"Public\"; }; everyone = { label = \"All\"; }; };\n"
             "sectors = {\n");
    for (size_t i = 0; i < RANDOM_SECTORS; ++i) {
        text_printf(
            out,
            "    %s = { label = \"Sector %s\"; abbreviation = \"%.4s\"; perspectives = [%s]; "
            "holds_budget = %s; };\n",
            random_sectors[i], random_sectors[i], random_sectors[i],
            i < 3 ? "\"pub\", \"everyone\"" : "\"everyone\"", i == 1 ? "false" : "true");
    }
    text_append(out, "};\nsector_groups = { public_pair = { label = \"Pair\"; rule = \"even\"; "
                     "members = { charlie = 0.5; delta = 0.5; }; }; };\n"
                     "sources = { random_source = { citation = \"Made up for a test\"; url = "
                     "\"example.org\"; accessed = \"2026-11\"; licence = \"none\"; year = 2026; "
                     "confidence = \"found\"; }; };\n");
}

static inline void random_demand(struct text *out, struct dice *dice, size_t index,
                                 const struct random_options *options)
{
    bool all = options->every_key;
    text_printf(out, "    demand_%zu = { label = \"Demand %zu\"; unit = \"unit\"; ", index, index);
    text_printf(out, "baseline_per_person = %s; ",
                dice_chance(dice, 0.5) ? "\"contacts * (1 + 0.01 * year)\"" : "1.5");
    if (index != 2 || !all) {
        text_printf(out, "unit_cost = \"%scost_%zu\"; ", dice_chance(dice, 0.5) ? "random." : "",
                    index);
    }
    if (!options->scalable && index == 0 && (all || dice_chance(dice, 0.4))) {
        text_printf(out, "release = { step = %g; reason = \"a post\"; }; ",
                    dice_between(dice, 5, 60));
    }
    if (!options->scalable && index == 1 && (all || dice_chance(dice, 0.4))) {
        text_append(out, "baseline_spend_gbp = { alpha = 9.0e8; bravo = 9.0e8; }; "
                         "baseline_spend_price_year = \"2023-24\"; ");
    }
    if (index == 3 && (all || dice_chance(dice, 0.3))) {
        text_append(out, "counts_within = \"family\"; ");
    }
    text_append(out, "};\n");
}

/* The half-life and the contacts vary together in most models; each way of saying so in turn. */
static inline void random_correlations(struct text *out, const struct random_options *options)
{
    static const char *const ways[] = {
        "of = [\"random.half_life\", \"contacts\"]; pairwise = -0.6;",
        "of = [\"contacts\", \"half_life\", \"fee\"]; matrix = [1.0, 0.5, 0.2, 0.5, 1.0, 0.0, 0.2, "
        "0.0, 1.0]; scale = \"rank\";",
        "of = [\"contacts\", \"half_life\"]; matrix = [1.0, 0.5, 0.5, 1.0]; scale = \"normal\";"};
    size_t way = (size_t)(options->seed / 4 % 4);
    if (way == 3 || !options->every_key) {
        text_append(out, options->every_key
                             ? "correlations = { random_terms = { label = \"Terms\"; of = "
                               "[\"term_a\", \"term_b\"]; covariance = [0.04, 0.03, 0.03, 0.09]; "
                               "source = \"random_source\"; locator = \"p. 9\"; }; };\n"
                             : "");
        return;
    }
    text_printf(out,
                "correlations = { random_pair = { label = \"Pair\"; %s source = \"assumption\"; "
                "reason = \"for tests\"; }; };\n",
                ways[way]);
}

static inline void random_library(struct text *out, struct dice *dice,
                                  const struct random_options *options)
{
    random_places(out);
    random_packs(out, options);
    text_append(out, "evidence = {\n    random = {\n");
    random_evidence_item(out, "uptake", "probability", "share", random_share(dice),
                         "applies_to = \"adults\"; review_by = \"2027-10\"; plausible = [0.0, "
                         "1.0]; version = \"1\"; "
                         "note = \"none\"; derived_from = [\"fee\"];");
    random_evidence_item(out, "reduction", options->zero_effect ? "effect" : "share", "share",
                         options->zero_effect ? "0.0" : random_share(dice), "");
    random_evidence_item(out, "contacts", "count", "contacts/person/year",
                         "{ dist = \"gamma\"; mean = 2.0; se = 0.2; }", "");
    random_evidence_item(out, "factor", "effect", "ratio", random_factor(options->seed), "");
    random_evidence_item(out, "fade", "share", "share", random_share(dice), "");
    random_evidence_item(out, "half_life", "duration", "years",
                         "{ dist = \"gamma\"; mean = 3.0; se = 0.5; }", "");
    random_evidence_item(out, "fee", "cost", "GBP/person",
                         "{ dist = \"gamma\"; mean = 120.0; se = 12.0; }",
                         "price_year = \"2023-24\";");
    random_evidence_item(out, "utility_gain", "utility", "QALY",
                         "{ dist = \"normal\"; mean = 0.02; se = 0.005; }", "");
    text_append(
        out, "        guess = { label = \"Guess\"; kind = \"share\"; unit = \"share\"; value = { "
             "dist = \"uniform\"; min = 0.05; max = 0.3; }; source = \"assumption\"; reason = "
             "\"test\"; grade = 6; };\n");
    random_evidence_item(out, "term_a", "effect", "1",
                         "{ dist = \"normal\"; mean = 0.0; sd = 0.2; }", "");
    random_evidence_item(out, "term_b", "relative_risk", "1",
                         "{ dist = \"lognormal\"; mu = 0.0; sigma = 0.3; }", "");
    for (size_t i = 0; i < RANDOM_DEMANDS; ++i) {
        random_unit_cost(out, dice, i, options);
    }
    text_append(out, "    };\n};\n");
    random_correlations(out, options);
    text_append(out, "demand = {\n");
    for (size_t i = 0; i < RANDOM_DEMANDS; ++i) {
        random_demand(out, dice, i, options);
    }
    text_append(out, "};\n");
}

static inline void random_fade(struct text *out, struct dice *dice, bool may_be_none)
{
    size_t choice = dice_below(dice, may_be_none ? 4 : 3);
    if (choice == 0) {
        text_printf(out, "fade = \"linear\"; fade_years = %s; ",
                    dice_chance(dice, 0.5) ? "3.0" : "\"half_life + 1\"");
    } else if (choice == 1) {
        text_printf(out, "fade = \"half_life\"; half_life_years = %s; ",
                    dice_chance(dice, 0.5) ? "2.5" : "\"half_life\"");
    } else if (choice == 2) {
        text_printf(out, "fade = \"retention\"; retention_per_year = %s; ",
                    dice_chance(dice, 0.5) ? "0.75" : "\"fade\"");
    } else {
        text_append(out, "fade = \"none\"; ");
    }
}

static inline void random_profile(struct text *out, struct dice *dice)
{
    static const char *const stops[] = {"persist", "fade", "stop"};
    text_append(out, "{ ");
    if (dice_chance(dice, 0.6)) {
        text_printf(out, "lag_years = %zu; ", dice_below(dice, 3));
    }
    size_t start = dice_below(dice, 3), stop = dice_below(dice, 3);
    if (start == 0) {
        text_append(out, "by_year = [0.5, 1.0, 0.8]; ");
    } else {
        text_append(out, dice_chance(dice, 0.5) ? "ramp = [0.25, 0.75]; " : "");
    }
    if (start == 1) {
        text_printf(out, "plateau_years = %zu; ", dice_below(dice, 4));
    }
    /* Without list or plateau a fade begins only when funding stops; when_funding_stops = "fade"
     * needs one. */
    if (start == 2 && stop != 1) {
        text_append(out, "fade = \"none\"; ");
    } else {
        random_fade(out, dice, stop != 1);
    }
    text_printf(out, "when_funding_stops = \"%s\"; }", stops[stop]);
}

static inline void random_outcome(struct text *out, struct dice *dice, size_t index,
                                  const struct random_options *options)
{
    static const char *const per[] = {"participant", "starter", "programme"};
    size_t who = options->scalable ? dice_below(dice, 2) : dice_below(dice, 3);
    bool relative = who < 2 && dice_chance(dice, 0.5);
    bool points = !options->zero_effect && dice_chance(dice, 0.4);
    text_printf(out, "{ %s demand = \"demand_%zu\"; per = \"%s\"; effect_form = \"%s\"; ",
                dice_chance(dice, 0.5) ? "name = \"Row\";" : "", index, per[who],
                relative ? "relative" : "absolute");
    text_printf(out, "effect = %s; ", who == 2 ? "\"400 * reduction\"" : "\"reduction * factor\"");
    text_printf(out, "deadweight = { form = \"%s\"; value = %s; }; ",
                points ? "percentage_points" : "multiplicative", points ? "0.05" : "\"guess\"");
    if (options->every_key || dice_chance(dice, 0.5)) {
        text_append(out, "attribution = 0.8; displacement = \"guess / 2\"; optimism_bias = 0.1; ");
    }
    text_append(out, "profile = ");
    random_profile(out, dice);
    text_append(out, "; }");
}

static inline void random_cost(struct text *out, struct dice *dice, size_t index,
                               const struct random_options *options)
{
    static const char *const per[] = {"starter", "participant", "participant_year",
                                      "once",    "year",        "capacity_step"};
    static const char *const kinds[] = {"lasting", "temporary", "redeployed"};
    size_t which = options->scalable ? index % 3 : index % 6;
    text_printf(out, "{ name = \"Cost %zu\"; per = \"%s\"; amount = %s; ", index, per[which],
                which < 3                ? "\"fee + 0.5\""
                : dice_chance(dice, 0.5) ? "20000"
                                         : "\"90 * fee\"");
    if (which == 5) {
        text_append(out, "people_per_step = 25.0; ");
    }
    size_t payer = dice_below(dice, 3);
    if (payer == 0) {
        text_append(out, "payer = \"bravo\"; ");
    } else if (payer == 1) {
        text_append(out, "payers = { alpha = 0.25; pot = 0.75; }; ");
    }
    text_printf(out, "in_kind = %s; additionality = \"%s\"; ",
                dice_chance(dice, 0.3) ? "true" : "false", kinds[dice_below(dice, 3)]);
    if (!options->scalable) {
        text_printf(out, "first_year = %zu; ", dice_below(dice, 2));
    }
    text_printf(out, "runs = \"%s\"; real_growth = %s; optimism_bias = 0.05; }",
                dice_chance(dice, 0.5) ? "while_funded" : "to_horizon",
                dice_chance(dice, 0.5) ? "0.01" : "\"guess / 20\"");
}

static inline void random_rows(struct text *out, const char *name, struct text *rows, size_t n,
                               bool permuted)
{
    text_printf(out, "    %s = (", name);
    for (size_t i = 0; i < n; ++i) {
        text_printf(out, "%s\n        %s", i > 0 ? "," : "", rows[permuted ? n - 1 - i : i].bytes);
    }
    text_append(out, ");\n");
    for (size_t i = 0; i < n; ++i) {
        text_clear(&rows[i]);
    }
}

static inline void random_funnel(struct text *out, struct dice *dice,
                                 const struct random_options *options)
{
    text_append(out, "    funnel = { eligible = \"eligible\"; reach = 0.5; uptake = \"uptake\"; "
                     "retention = \"local_retention\"; ");
    if (!options->scalable && (options->every_key || dice_chance(dice, 0.4))) {
        text_append(out, "capacity = 150.0; ");
    }
    text_append(out, "};\n");
    size_t intake = dice_below(dice, 3);
    if (intake == 0) {
        text_append(out, "    intake = \"once\";\n");
    } else if (intake == 1) {
        text_append(out, "    intake = \"yearly\";\n    ramp = [0.4, 0.8, 1.0];\n");
    } else {
        text_append(out, "    intake = [1.0, 0.5, 0.25];\n");
    }
}

static inline void random_programme(struct text *out, struct dice *dice,
                                    const struct random_options *options)
{
    struct text rows[8];
    text_append(
        out,
        "model = {\n    kind = \"programme\"; title = \"Random\"; question = \"None?\"; note = "
        "\"test\"; prevention = \"primary\"; population_reach = \"population_group\";\n"
        "    inputs = { eligible = { label = \"People\"; unit = \"people\"; min = 0.0; max = "
        "1.0e7; }; local_retention = { label = \"Stay\"; unit = \"share\"; default = { dist = "
        "\"beta\"; alpha = 80.0; beta = 20.0; }; }; };\n");
    random_funnel(out, dice, options);
    size_t n_costs = options->every_key ? 6 : 2 + dice_below(dice, 5);
    for (size_t i = 0; i < n_costs; ++i) {
        text_init(&rows[i]);
        random_cost(&rows[i], dice, i, options);
    }
    random_rows(out, "costs", rows, n_costs, options->permuted);
    size_t n_outcomes = options->every_key ? RANDOM_DEMANDS : 1 + dice_below(dice, RANDOM_DEMANDS);
    for (size_t i = 0; i < n_outcomes; ++i) {
        text_init(&rows[i]);
        random_outcome(&rows[i], dice, i, options);
    }
    random_rows(out, "outcomes", rows, n_outcomes, options->permuted);
    if (!options->scalable) {
        text_append(
            out,
            "    levered_in = ({ name = \"Grant\"; from = \"a trust\"; to = \"delta\"; form = "
            "\"cash\"; per = \"year\"; amount = 5000; first_year = 1; runs = \"to_horizon\"; "
            "});\n    transfers = ({ name = \"Charge\"; from = \"alpha\"; to = \"bravo\"; per = "
            "\"once\"; amount = \"10 * fee\"; first_year = 1; }, { name = \"Benefit\"; from = "
            "\"charlie\"; to = \"residents\"; per = \"participant_year\"; amount = 12.5; runs = "
            "\"while_funded\"; });\n");
    }
    text_printf(out,
                "    qalys = ({ name = \"Wellbeing\"; per = \"%s\"; gain = \"utility_gain\"; "
                "duration_years = %zu; lag_years = %zu; ",
                dice_chance(dice, 0.5) ? "starter" : "participant", 1 + dice_below(dice, 3),
                dice_below(dice, 2));
    random_fade(out, dice, true);
    text_append(out, "deadweight = 0.1; optimism_bias = 0.05; to = \"delta\"; });\n};\n");
}

static inline void random_scenario(struct text *out, struct dice *dice,
                                   const struct random_options *options)
{
    size_t horizon = 4 + dice_below(dice, 7);
    text_append(out,
                "scenario = {\n    title = \"Random\"; model = \"random\"; area = \"Nowhere\"; "
                "question = \"None?\"; note = \"test\"; start_year = \"2025-26\";\n");
    if (dice_chance(dice, 0.3)) {
        text_append(out, "    funded_years = \"recurrent\";\n");
    } else {
        text_printf(out, "    funded_years = %zu;\n", 1 + dice_below(dice, horizon));
    }
    text_printf(out, "    horizon_years = %zu;\n    inputs = { eligible = %.17g; };\n", horizon,
                options->eligible);
    text_append(out,
                "    funding = { alpha = 0.5; pot = 0.25; public_pair = 0.25; };\n"
                "    pools = { pot = { label = \"Pot\"; members = { alpha = 0.5; delta = 0.5; }; "
                "}; };\n");
    text_append(out, "    override = ({ parameter = \"random.uptake\"; value = { dist = \"beta\"; "
                     "events = 41; n = 60; }; reason = \"pilot\"; });\n");
    if (options->every_key) {
        text_append(
            out,
            "    decision = { groups = ({ name = \"pair\"; parameters = [\"random.uptake\", "
            "\"contacts\"]; }); studies = ({ name = \"count\"; parameter = \"contacts\"; n = 100; "
            "likelihood = \"poisson\"; cost_gbp = 10; }, { name = \"mean\"; parameter = "
            "\"half_life\"; n = 9; likelihood = \"normal\"; sd = 2; cost_gbp = 0; }); two_way = ({ "
            "x "
            "= \"contacts\"; y = \"half_life\"; x_values = [1, 2]; y_values = [2.0, 3.0]; measure "
            "= "
            "\"net.pub\"; }); what_if = ({ name = \"none\"; set = ({ parameter = \"eligible\"; "
            "value "
            "= 0; }); }); switching = [\"net.everyone\"]; };\n");
    }
    text_printf(out,
                "    conventions = { appraisal_pack = \"random_appraisal\"; deflator_pack = "
                "\"random_deflator\"; optimism_pack = \"%s\"; timing = \"%s\"; price_year = "
                "\"2024-25\"; monetise_qalys = %s; perspective = \"pub\"; };\n};\n",
                dice_chance(dice, 0.3) ? "random_optimism" : "off",
                options->zero_discount || dice_chance(dice, 0.4) ? "start"
                : dice_chance(dice, 0.5)                         ? "mid"
                                                                 : "end",
                dice_chance(dice, 0.5) ? "true" : "false");
}

static inline void random_model_make(struct random_model *model,
                                     const struct random_options *options)
{
    /* One die a part, so that an option changes its own part only. */
    struct dice library = {options->seed * 4}, programme = {options->seed * 4 + 1},
                scenario = {options->seed * 4 + 2};
    *model = (struct random_model){0};
    random_library(&model->library, &library, options);
    random_programme(&model->model, &programme, options);
    random_scenario(&model->scenario, &scenario, options);
    text_append(&model->run, "run = { seed = 7; draws = 256; sampling = \"sobol\"; scramblings = "
                             "8; as_of = \"2026-11\"; "
                             "precision = { of = \"net.everyone\"; se = 1.0e9; max_draws = 1024; "
                             "}; conventions = { appraisal_pack = "
                             "\"random_appraisal\"; deflator_pack = \"random_deflator\"; "
                             "perspective = \"everyone\"; }; };\n");
}

static inline void random_model_clear(struct random_model *model)
{
    text_clear(&model->library);
    text_clear(&model->model);
    text_clear(&model->scenario);
    text_clear(&model->run);
}

/* ---- coverage of the schema table ---- */

enum { COVERAGE_ROWS = 1024 };

struct coverage {
    bool seen[COVERAGE_ROWS];
};

static inline size_t coverage_row(const char *group, const char *key)
{
    size_t n_groups = 0, row = 0;
    const struct schema_group *groups = schema_groups(&n_groups);
    for (size_t g = 0; g < n_groups; ++g) {
        for (size_t k = 0; k < groups[g].n_keys; ++k, ++row) {
            if (strcmp(groups[g].name, group) == 0 && (strcmp(groups[g].keys[k].name, key) == 0 ||
                                                       strcmp(groups[g].keys[k].name, "*") == 0)) {
                return row;
            }
        }
    }
    return COVERAGE_ROWS - 1;
}

static inline const struct schema_key *coverage_key(const struct schema_group *group,
                                                    const char *name)
{
    for (size_t k = 0; k < group->n_keys; ++k) {
        if (strcmp(group->keys[k].name, name) == 0 || strcmp(group->keys[k].name, "*") == 0) {
            return &group->keys[k];
        }
    }
    return NULL;
}

static inline void coverage_visit(struct coverage *coverage, const struct setting *setting,
                                  const char *group_name)
{
    if (strcmp(group_name, "evidence_item") == 0 && setting_find(setting, "value") == NULL) {
        group_name = "evidence";
    }
    const struct schema_group *group = schema_group_find(group_name);
    for (size_t i = 0; group != NULL && i < setting->n_children; ++i) {
        const struct setting *child = setting->children[i];
        const struct schema_key *key = coverage_key(group, child->name);
        if (key == NULL) {
            continue;
        }
        coverage->seen[coverage_row(group_name, child->name)] = true;
        if (key->group != NULL && child->type == SETTING_GROUP) {
            coverage_visit(coverage, child, key->group);
        }
        for (size_t j = 0;
             key->group != NULL && child->type == SETTING_LIST && j < child->n_children; ++j) {
            coverage_visit(coverage, child->children[j], key->group);
        }
    }
}

#endif
