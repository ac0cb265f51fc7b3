/* Every figure that a formula names, back to where it was read. */
#include "base/text.h"
#include "explain/explain_private.h"

#include <math.h>
#include <string.h>

static const char *price_year_words(const struct explainer *explainer, int year)
{
    char words[16];
    text_format_financial_year(words, year);
    return arena_copy_text(explainer->arena, words);
}

static const char *title_of(const struct explainer *explainer, const struct plan_use *use)
{
    const struct parameter *parameter = use->parameter;
    double value = use->distribution.mean * use->price_factor;
    return arena_printf(explainer->arena, "%s = %s %s: %s",
                        parameter != NULL ? parameter->identity : use->input->id,
                        explain_figure(explainer->arena, value),
                        parameter != NULL ? parameter->unit : use->input->unit,
                        parameter != NULL ? parameter->label : use->input->label);
}

/* The figure as its source gives it, and what was fitted to it. */
static void add_value(struct walk *walk, struct explain_record *record, const struct plan_use *use)
{
    const struct explainer *explainer = walk->explainer;
    const struct distribution *fit = &use->distribution;
    struct arena *arena = explainer->arena;
    if (!distribution_is_uncertain(fit)) {
        explain_add_fact(walk->explanation, record, "value", "%s, held fixed",
                         explain_figure(arena, fit->mean));
        return;
    }
    explain_add_fact(
        walk->explanation, record, "value", "%s%s%s%s, mean %s, 95 %% between %s and %s",
        fit->reported != NULL ? "reported as " : "", fit->reported != NULL ? fit->reported : "",
        fit->reported != NULL ? "; drawn from " : "", distribution_describe(arena, fit),
        explain_figure(arena, fit->mean), explain_figure(arena, fit->q025),
        explain_figure(arena, fit->q975));
}

static void add_prices(struct walk *walk, struct explain_record *record, const struct plan_use *use)
{
    const struct explainer *explainer = walk->explainer;
    const struct conventions *conventions = &explainer->plan->scenario->conventions;
    const struct parameter *parameter = use->parameter;
    struct arena *arena = explainer->arena;
    if (parameter->price_year == 0) {
        return;
    }
    if (!(fabs(use->price_factor - 1.0) > 0.0)) {
        explain_add_fact(walk->explanation, record, "prices", "of %s, those of the run",
                         price_year_words(explainer, parameter->price_year));
        return;
    }
    double from = pack_deflator_index(conventions->deflator, parameter->price_year, &(bool){false});
    double to = pack_deflator_index(conventions->deflator, conventions->price_year, &(bool){false});
    explain_add_fact(walk->explanation, record, "prices",
                     "%s of %s x %s = %s of %s; the factor is %s / %s in %s (%s), method 1.5",
                     explain_figure(arena, use->distribution.mean),
                     price_year_words(explainer, parameter->price_year),
                     explain_figure(arena, use->price_factor),
                     explain_figure(arena, use->distribution.mean * use->price_factor),
                     price_year_words(explainer, conventions->price_year),
                     explain_figure(arena, to), explain_figure(arena, from),
                     conventions->deflator->label, conventions->deflator->vintage);
}

static void add_gradient(struct walk *walk, struct explain_record *record,
                         const struct plan_use *use)
{
    const struct scenario *scenario = walk->explainer->plan->scenario;
    for (size_t i = 0; i < scenario->n_gradients; ++i) {
        const struct gradient *gradient = &scenario->gradients[i];
        if (gradient->parameter == use->parameter && gradient->input == use->input) {
            const double *f = gradient->factors;
            explain_add_fact(walk->explanation, record, "gradient",
                             "times %g, %g, %g, %g, %g from the most to the least deprived fifth: "
                             "%s (%s)",
                             f[0], f[1], f[2], f[3], f[4], gradient->reason,
                             place_words(walk->explainer, &gradient->setting->place));
        }
    }
}

static const char *grade_words(int grade)
{
    static const char *const words[] = {"randomised study or national statistics",
                                        "good controlled study or official unit cost",
                                        "uncontrolled or dated study",
                                        "expert or practitioner estimate",
                                        "developing or second-hand figure",
                                        "assumption"};
    return grade >= 1 && grade <= 6 ? words[grade - 1] : "";
}

static const char *confidence_words(const struct source *source)
{
    if (source->confidence == NULL || strcmp(source->confidence, "found") == 0) {
        return "";
    }
    return strcmp(source->confidence, "from_memory") == 0 ? " (from memory, not seen again)"
                                                          : " (second hand)";
}

static void add_source_facts(struct walk *walk, struct explain_record *record,
                             const struct source *source, const char *locator)
{
    explain_add_fact(walk->explanation, record, "source", "%s%s%s%s", source->citation,
                     locator != NULL ? ", " : "", locator != NULL ? locator : "",
                     confidence_words(source));
    if (source->url != NULL && source->url[0] != '\0') {
        explain_add_fact(walk->explanation, record, "address", "%s%s%s", source->url,
                         source->accessed != NULL ? ", read " : "",
                         source->accessed != NULL ? source->accessed : "");
    }
}

static void add_origin(struct walk *walk, struct explain_record *record,
                       const struct parameter *parameter)
{
    if (parameter_is_assumption(parameter)) {
        explain_add_fact(walk->explanation, record, "assumption", "%s", parameter->reason);
    } else {
        add_source_facts(walk, record, parameter->source, parameter->locator);
    }
    explain_add_fact(walk->explanation, record, "grade", "%d, %s", parameter->grade,
                     grade_words(parameter->grade));
    if (parameter->note != NULL) {
        explain_add_fact(walk->explanation, record, "note", "%s", parameter->note);
    }
    for (size_t i = 0; i < parameter->n_derived_from; ++i) {
        explain_add_fact(walk->explanation, record, "derived from", "%s",
                         parameter->derived_from[i]);
    }
    explain_add_fact(walk->explanation, record, "read in", "%s",
                     place_words(walk->explainer, &parameter->setting->place));
    if (parameter->replaced != NULL) {
        explain_add_fact(
            walk->explanation, record, "replaces", "the shipped figure, mean %s (%s): %s",
            explain_figure(walk->explainer->arena, parameter->replaced->distribution.mean),
            place_words(walk->explainer, &parameter->replaced->setting->place),
            parameter->replaces_because);
    }
}

static void add_override(struct walk *walk, struct explain_record *record,
                         const struct plan_use *use)
{
    if (use->override != NULL) {
        explain_add_fact(walk->explanation, record, "override",
                         "%s (%s); the evidence itself says %s", use->override->reason,
                         place_words(walk->explainer, &use->override->setting->place),
                         explain_figure(walk->explainer->arena, use->parameter->distribution.mean));
    }
}

static void add_input_origin(struct walk *walk, struct explain_record *record,
                             const struct model_input *input)
{
    const struct scenario *scenario = walk->explainer->plan->scenario;
    for (size_t i = 0; i < scenario->model->n_inputs; ++i) {
        const struct input_value *value = &scenario->inputs[i];
        if (value->input == input) {
            const struct setting *setting =
                value->setting != NULL ? value->setting : input->setting;
            explain_add_fact(walk->explanation, record, "stated in", "%s%s",
                             place_words(walk->explainer, &setting->place),
                             value->setting != NULL ? "" : ", the model's own default");
            return;
        }
    }
    explain_add_fact(walk->explanation, record, "stated in", "%s",
                     place_words(walk->explainer, &input->setting->place));
}

static void write_record(struct walk *walk, const struct plan_use *use, const char *used_in)
{
    struct explain_record *record =
        explain_add_record(walk->explanation, title_of(walk->explainer, use));
    add_value(walk, record, use);
    add_override(walk, record, use);
    if (use->parameter != NULL) {
        add_prices(walk, record, use);
        add_gradient(walk, record, use);
        add_origin(walk, record, use->parameter);
    } else {
        add_gradient(walk, record, use);
        add_input_origin(walk, record, use->input);
    }
    if (used_in != NULL) {
        explain_add_fact(walk->explanation, record, "used in", "%s", used_in);
    }
}

void walk_evidence(struct walk *walk)
{
    const struct plan *plan = walk->explainer->plan;
    explain_add_section(walk->explanation, "evidence", "The evidence behind it");
    if (walk->n_uses == 0) {
        for (size_t i = 0; i < plan->n_uses; ++i) {
            write_record(walk, &plan->uses[i], NULL);
        }
        return;
    }
    for (size_t i = 0; i < walk->n_uses; ++i) {
        write_record(walk, walk->uses[i], walk->used_in[i]);
    }
}

/* ---- packs ---- */

static void add_pack_source(struct walk *walk, struct explain_record *record, const char *id,
                            const struct setting *setting)
{
    const struct source *source =
        evidence_find_source(walk->explainer->plan->library->evidence, id);
    if (source != NULL) {
        add_source_facts(walk, record, source, NULL);
    }
    explain_add_fact(walk->explanation, record, "read in", "%s",
                     place_words(walk->explainer, &setting->place));
}

static void add_schedule(struct walk *walk, struct explain_record *record, const char *what,
                         const struct schedule *schedule)
{
    struct text words;
    text_init(&words);
    for (size_t i = 0; i < schedule->n_bands; ++i) {
        text_printf(&words, "%s%.7g %% a year from year %d", i > 0 ? ", " : "",
                    100.0 * schedule->rate[i], schedule->from_year[i]);
    }
    explain_add_fact(walk->explanation, record, what, "%s (method 1.2)",
                     words.bytes != NULL ? words.bytes : "");
    text_clear(&words);
}

void walk_conventions(struct walk *walk)
{
    const struct explainer *explainer = walk->explainer;
    const struct conventions *conventions = &explainer->plan->scenario->conventions;
    static const char *const timings[] = {
        [TIMING_START] = "start", [TIMING_MID] = "middle", [TIMING_END] = "end"};
    const struct appraisal_pack *pack = conventions->appraisal;
    explain_add_section(walk->explanation, "conventions", "The conventions it stands on");
    struct explain_record *record =
        explain_add_record(walk->explanation, arena_printf(explainer->arena, "Discounting: %s (%s)",
                                                           pack->label, pack->vintage));
    add_schedule(walk, record, "costs and benefits", &pack->costs);
    add_schedule(walk, record, "health", &pack->health);
    explain_add_fact(walk->explanation, record, "timing", "flows at the %s of each year",
                     timings[conventions->timing]);
    if (!isnan(explainer->plan->qaly_value_gbp)) {
        explain_add_fact(walk->explanation, record, "a QALY is worth",
                         "%s in prices of %s = %s in those of the run",
                         pounds(explainer->arena, pack->qaly_value_gbp),
                         price_year_words(explainer, pack->qaly_value_price_year),
                         pounds(explainer->arena, explainer->plan->qaly_value_gbp));
    }
    add_pack_source(walk, record, pack->source_id, pack->setting);
    const struct deflator_pack *deflator = conventions->deflator;
    record = explain_add_record(walk->explanation,
                                arena_printf(explainer->arena, "Price levels: %s (%s)",
                                             deflator->label, deflator->vintage));
    explain_add_fact(walk->explanation, record, "real terms", "prices of %s",
                     price_year_words(explainer, conventions->price_year));
    if (explainer->plan->deflator_held) {
        explain_add_fact(walk->explanation, record, "beyond the index",
                         "published to %s; then its last growth rate is held (method 1.4)",
                         price_year_words(explainer, explainer->plan->deflator_last_year));
    }
    add_pack_source(walk, record, deflator->source_id, deflator->setting);
    if (conventions->optimism != NULL) {
        record = explain_add_record(walk->explanation,
                                    arena_printf(explainer->arena, "Optimism bias: %s (%s)",
                                                 conventions->optimism->label,
                                                 conventions->optimism->vintage));
        add_pack_source(walk, record, conventions->optimism->source_id,
                        conventions->optimism->setting);
    }
}
