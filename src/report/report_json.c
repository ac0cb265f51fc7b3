/* manifest.json, run_results.json, datapackage.json and the archive of inputs. */
#include "base/digest.h"
#include "base/engine.h"
#include "plan/plan_health.h"
#include "report/report_assurance.h"
#include "report/report_private.h"

#include <archive.h>
#include <archive_entry.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *number_or_null(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *text_or_null(const char *text)
{
    return text != NULL ? json_string(text) : json_null();
}

static enum status dump(struct text *out, json_t *root, struct error *error)
{
    char *bytes = json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(17) | JSON_PRESERVE_ORDER);
    json_decref(root);
    if (bytes == NULL) {
        return error_set(error, STATUS_NUMERIC, "a result could not be written as JSON");
    }
    text_append(out, bytes);
    text_append(out, "\n");
    free(bytes);
    return STATUS_OK;
}

/* Every file the run stands on, once: models in path order, scenarios and portfolios in use, the
 * run file, files of expectations. */
struct documents {
    const struct document **items;
    size_t n_items;
};

static void add_document(struct documents *documents, const struct document *document)
{
    for (size_t i = 0; i < documents->n_items; ++i) {
        if (documents->items[i] == document) {
            return;
        }
    }
    documents->items[documents->n_items++] = document;
}

static struct documents gather_documents(struct arena *arena, const struct report_run *run)
{
    const struct library *library = run->library;
    size_t most = library->n_documents + run->n_results + library->n_all_scenarios +
                  run->n_portfolios + library->n_expectation_documents + 1;
    struct documents documents = {.items =
                                      arena_array(arena, most, sizeof(const struct document *))};
    for (size_t i = 0; i < library->n_documents; ++i) {
        documents.items[documents.n_items++] = library->documents[i].document;
    }
    for (size_t i = 0; i < run->n_results; ++i) {
        add_document(&documents, run->results[i].plan->scenario->document);
    }
    for (size_t i = 0; i < run->n_portfolios; ++i) {
        const struct portfolio *portfolio = run->portfolios[i].portfolio;
        for (size_t k = 0; k < portfolio->n_programmes; ++k) {
            add_document(&documents, portfolio->programmes[k].scenario->document);
        }
    }
    if (library->run.setting != NULL) {
        add_document(&documents, library->run_document);
    }
    for (size_t i = 0; i < library->n_expectation_documents; ++i) {
        add_document(&documents, library->expectation_documents[i]);
    }
    return documents;
}

static const char *input_path(struct arena *arena, const struct report_run *run, const char *file)
{
    return library_input_path(arena, run->library, file);
}

static json_t *describe_inputs(struct arena *arena, const struct report_run *run)
{
    json_t *list = json_array();
    const struct documents documents = gather_documents(arena, run);
    for (size_t i = 0; i < documents.n_items; ++i) {
        const struct document *document = documents.items[i];
        char hexadecimal[65];
        digest_digits_of(hexadecimal, document->bytes, document->n_bytes);
        json_array_append_new(
            list, json_pack("{s:s, s:I, s:s}", "path", input_path(arena, run, document->file),
                            "bytes", (json_int_t)document->n_bytes, "sha256", hexadecimal));
    }
    return list;
}

static json_t *describe_use(struct arena *arena, const struct report_run *run,
                            const struct plan_use *use)
{
    json_t *item = json_object();
    const struct setting *setting = use->override != NULL    ? use->override->setting
                                    : use->parameter != NULL ? use->parameter->setting
                                                             : use->input->setting;
    json_object_set_new(
        item, "name",
        json_string(use->parameter != NULL ? use->parameter->identity : use->input->id));
    json_object_set_new(item, "what", json_string(use->parameter != NULL ? "evidence" : "input"));
    json_object_set_new(
        item, "unit",
        json_string(use->parameter != NULL ? use->parameter->unit : use->input->unit));
    json_object_set_new(item, "distribution",
                        json_string(distribution_describe(arena, &use->distribution)));
    json_object_set_new(item, "reported", text_or_null(use->distribution.reported));
    json_object_set_new(item, "mean", number_or_null(use->distribution.mean));
    json_object_set_new(item, "sd", number_or_null(use->distribution.sd));
    json_object_set_new(item, "q025", number_or_null(use->distribution.q025));
    json_object_set_new(item, "q975", number_or_null(use->distribution.q975));
    json_object_set_new(item, "price_factor", number_or_null(use->price_factor));
    json_object_set_new(item, "file", json_string(input_path(arena, run, setting->place.file)));
    json_object_set_new(item, "line", json_integer(setting->place.line));
    if (use->parameter != NULL) {
        json_object_set_new(item, "source", json_string(use->parameter->source_id));
        json_object_set_new(item, "locator", text_or_null(use->parameter->locator));
        json_object_set_new(item, "grade", json_integer(use->parameter->grade));
        if (use->parameter->version != NULL) {
            json_object_set_new(item, "version", json_string(use->parameter->version));
        }
    }
    if (use->override != NULL) {
        json_object_set_new(item, "override_reason", json_string(use->override->reason));
    }
    return item;
}

static json_t *describe_conventions(const struct plan *plan)
{
    const struct conventions *conventions = &plan->scenario->conventions;
    char price_year[16];
    text_format_financial_year(price_year, conventions->price_year);
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:s, s:s, s:s, s:b, s:s}", "perspective",
                     conventions->perspective, "price_year", price_year, "appraisal_pack",
                     conventions->appraisal->id, "appraisal_vintage",
                     conventions->appraisal->vintage, "deflator_pack", conventions->deflator->id,
                     "deflator_growth_held", (int)plan->deflator_held, "optimism_pack",
                     conventions->optimism != NULL ? conventions->optimism->id : "off", "timing",
                     timing_name(conventions->timing), "cycle_correction",
                     plan->health != NULL && plan->health->model->kind == HEALTH_COHORT
                         ? cycle_correction_name(plan->health->model->correction)
                         : "none",
                     "monetise_qalys", (int)conventions->monetise_qalys, "deflator_vintage",
                     conventions->deflator->vintage);
}

/* Of what the numbers depend on, and of each part of it, so that a later run can tell what changed.
 * Totals and sets, which are made of scenarios, have none of their own. */
static void describe_fingerprint(json_t *item, const struct fingerprint *fingerprint)
{
    json_t *parts = json_object();
    for (size_t i = 0; i < fingerprint->n_parts; ++i) {
        const struct fingerprint_part *part = &fingerprint->parts[i];
        char name[512];
        (void)snprintf(name, sizeof name, "%s%s%.400s", part->kind,
                       part->name[0] != '\0' ? " " : "", part->name);
        json_object_set_new(parts, name, json_string(part->sha256));
    }
    if (fingerprint->n_parts > 0) {
        json_object_set_new(item, "inputs_sha256", json_string(fingerprint->sha256));
        json_object_set_new(item, "parts_sha256", parts);
    } else {
        json_decref(parts);
    }
}

static json_t *describe_sign_off(const struct assurance_subject *subject)
{
    struct text words;
    text_init(&words);
    write_subject_sign_off(&words, subject);
    json_t *item =
        json_pack("{s:s, s:s, s:s}", "subject", subject->id, "kind",
                  subject->portfolio != NULL ? "portfolio" : "scenario", "state", words.bytes);
    text_clear(&words);
    if (subject->inputs_sha256[0] != '\0') {
        json_object_set_new(item, "inputs_sha256", json_string(subject->inputs_sha256));
    }
    if (subject->sign_off->setting != NULL) {
        json_object_set_new(item, "analyst", json_string(subject->sign_off->analyst));
        json_object_set_new(item, "assurer", text_or_null(subject->sign_off->assurer));
        json_object_set_new(item, "approver", json_string(subject->sign_off->approver));
        json_object_set_new(item, "date", json_string(subject->sign_off->date));
        json_object_set_new(item, "signed_sha256", text_or_null(subject->sign_off->inputs_sha256));
    }
    return item;
}

static json_t *describe_scenario(struct arena *arena, const struct report_run *run,
                                 const struct scenario_result *result)
{
    const struct plan *plan = result->plan;
    const struct scenario *scenario = plan->scenario;
    char start_year[16];
    text_format_financial_year(start_year, scenario->start_year);
    json_t *uses = json_array();
    for (size_t i = 0; i < plan->n_uses; ++i) {
        json_array_append_new(uses, describe_use(arena, run, &plan->uses[i]));
    }
    json_t *item =
        json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:I}", "id", scenario->id, "title",
                  scenario->title, "model", scenario->model->id, "start_year", start_year,
                  "funded_years", (json_int_t)scenario->funded_years, "horizon_years",
                  (json_int_t)scenario->horizon_years, "draws", (json_int_t)result->n_draws);
    json_object_set_new(item, "conventions", describe_conventions(plan));
    describe_fingerprint(item, &assured_result(run, result)->fingerprint);
    json_object_set_new(item, "values", uses);
    return item;
}

static json_t *describe_ratios(void)
{
    json_t *ratios = json_object();
    for (size_t i = 0; i < N_MEASURES; ++i) {
        enum measure measure = (enum measure)i;
        if (measure_numerator(measure) != NULL) {
            json_object_set_new(ratios, measure_name(measure),
                                json_pack("{s:s, s:s}", "numerator", measure_numerator(measure),
                                          "denominator", measure_denominator(measure)));
        }
    }
    return ratios;
}

enum status write_manifest(struct text *out, const struct report_run *run, struct error *error)
{
    struct arena arena;
    arena_init(&arena);
    json_t *scenarios = json_array();
    for (size_t i = 0; i < run->n_results; ++i) {
        json_array_append_new(scenarios, describe_scenario(&arena, run, &run->results[i]));
    }
    json_t *root =
        json_pack("{s:s, s:s, s:I, s:I}", "program", "dividend", "version", run->program_version,
                  "seed", (json_int_t)run->seed, "draws", (json_int_t)run->n_draws);
    json_object_set_new(root, "sampling", json_string(sampling_method_name(run->method)));
    json_object_set_new(root, "scramblings", json_integer(run->n_scramblings));
    json_object_set_new(root, "generator",
                        json_string(run->method == SAMPLING_PLAIN
                                        ? "Philox4x32-10"
                                        : "Owen-scrambled points (Joe and Kuo's Sobol numbers)"));
    json_object_set_new(root, "ratios", describe_ratios());
    json_object_set_new(root, "inputs", describe_inputs(&arena, run));
    json_t *signatures = json_array();
    for (size_t i = 0; i < run->assurance->n_subjects; ++i) {
        json_array_append_new(signatures, describe_sign_off(&run->assurance->subjects[i]));
    }
    json_object_set_new(root, "sign_off", signatures);
    json_object_set_new(root, "scenarios", scenarios);
    enum status status = dump(out, root, error);
    arena_clear(&arena);
    return status;
}

/* ---- run_results.json: the one file that may differ between reruns ---- */

static json_t *describe_result(const struct scenario_result *result)
{
    const struct plan *plan = result->plan;
    json_t *item = json_pack("{s:s, s:s, s:I, s:f}", "scenario", plan->scenario->id, "status",
                             result->statistics != NULL ? "done" : "failed", "draws",
                             (json_int_t)result->n_draws, "seconds", result->seconds);
    if (result->from_cache) {
        json_object_set_new(item, "from_cache", json_true());
    }
    if (result->statistics == NULL) {
        json_object_set_new(item, "error", json_string(result->error.message));
        return item;
    }
    if (result->has_precision) {
        json_object_set_new(item, "precision_se_target", number_or_null(result->precision_se));
        json_object_set_new(item, "precision_se",
                            number_or_null(result->statistics[result->precision_column].se));
        json_object_set_new(item, "precision_met", json_boolean(result->precision_met));
    }
    if (plan->health != NULL) {
        return item;
    }
    const struct column_statistics *net =
        result_find(result, MEASURE_NET, headline_index(plan), 0, 0);
    json_object_set_new(item, "net_mean_gbp", number_or_null(net->mean));
    json_object_set_new(item, "net_mc_se_gbp", number_or_null(net->se));
    json_object_set_new(item, "capped_share", number_or_null(result->capped_share));
    json_object_set_new(item, "assumption_share_of_variance",
                        number_or_null(result->assumption_share));
    json_object_set_new(item, "assumption_share_se", number_or_null(result->assumption_share_se));
    return item;
}

static json_t *describe_warnings(const struct report_run *run)
{
    struct arena arena;
    arena_init(&arena);
    json_t *list = json_array();
    for (size_t i = 0; run->diagnostics != NULL && i < run->diagnostics->n_items; ++i) {
        const struct diagnostic *item = &run->diagnostics->items[i];
        json_array_append_new(
            list,
            json_pack("{s:s, s:s, s:i, s:s}", "code", diagnostic_code_name(item->code), "file",
                      item->place.file != NULL ? input_path(&arena, run, item->place.file) : "",
                      "line", item->place.line, "found", item->found));
    }
    struct text text;
    text_init(&text);
    report_warnings(&text, run);
    const char *line = text.bytes;
    while (line != NULL && *line != '\0') {
        size_t n = strcspn(line, "\n");
        json_array_append_new(list, json_pack("{s:s, s:s%}", "code", "", "found", line, n));
        line += n + (line[n] == '\n' ? 1 : 0);
    }
    text_clear(&text);
    arena_clear(&arena);
    return list;
}

enum status write_run_results(struct text *out, const struct report_run *run, struct error *error)
{
    json_t *results = json_array();
    for (size_t i = 0; i < run->n_results; ++i) {
        json_array_append_new(results, describe_result(&run->results[i]));
    }
    json_t *root =
        json_pack("{s:s, s:f, s:o, s:o}", "engine_sha256", engine_identity(), "seconds",
                  run->seconds, "scenarios", results, "warnings", describe_warnings(run));
    return dump(out, root, error);
}

/* ---- datapackage.json ---- */

struct field_row {
    const char *table, *name, *type, *unit, *description;
};

static const struct field_row fields[] = {
    {"summary.csv", "scenario", "string", "", "scenario id"},
    {"summary.csv", "who", "string", "", "sector, perspective or total"},
    {"summary.csv", "who_kind", "string", "", "sector, perspective or total"},
    {"summary.csv", "measure", "string", "", "measure by name"},
    {"summary.csv", "item", "string", "", "threshold in GBP per QALY, or demand"},
    {"summary.csv", "unit", "string", "", "unit of the row"},
    {"summary.csv", "headline", "number", "unit of the row",
     "mean; ratios: ratio of means; payback and rate of return: of the mean flows"},
    {"summary.csv", "mean", "number", "unit of the row", "mean over draws"},
    {"summary.csv", "sd", "number", "unit of the row", "standard deviation over draws"},
    {"summary.csv", "mc_se", "number", "unit of the row", "Monte Carlo standard error of headline"},
    {"summary.csv", "q025", "number", "unit of the row", "2.5 % quantile over draws"},
    {"summary.csv", "q50", "number", "unit of the row", "median over draws"},
    {"summary.csv", "q975", "number", "unit of the row", "97.5 % quantile over draws"},
    {"summary.csv", "p_nonneg", "number", "share",
     "share of draws of at least 0; payback: that pay back"},
    {"summary.csv", "p_nonneg_mc_se", "number", "share", "its Monte Carlo standard error"},
    {"summary.csv", "n_draws", "integer", "draws", "draws"},
    {"summary.csv", "n_defined", "integer", "draws", "draws with a finite value"},
    {"sectors.csv", "scenario", "string", "", "scenario id"},
    {"sectors.csv", "who", "string", "", "sector, perspective or total"},
    {"sectors.csv", "who_kind", "string", "", "sector, perspective or total"},
    {"sectors.csv", "kind", "string", "", "kind of flow (present value), net, net_cash_nominal"},
    {"sectors.csv", "mean_gbp", "number", "GBP", "mean over draws"},
    {"sectors.csv", "sd_gbp", "number", "GBP", "standard deviation"},
    {"sectors.csv", "mc_se_gbp", "number", "GBP", "Monte Carlo standard error of the mean"},
    {"sectors.csv", "q025_gbp", "number", "GBP", "2.5 % quantile"},
    {"sectors.csv", "q50_gbp", "number", "GBP", "median; medians do not add"},
    {"sectors.csv", "q975_gbp", "number", "GBP", "97.5 % quantile"},
    {"sectors.csv", "p_net_nonneg", "number", "share", "P(net >= 0)"},
    {"sectors.csv", "p_net_cash_nonneg", "number", "share", "P(net cash >= 0)"},
    {"cashflow.csv", "scenario", "string", "", "scenario id"},
    {"cashflow.csv", "who", "string", "", "sector, perspective or total"},
    {"cashflow.csv", "who_kind", "string", "", "sector, perspective or total"},
    {"cashflow.csv", "year_index", "integer", "year", "model year, from 0"},
    {"cashflow.csv", "financial_year", "string", "", "financial year"},
    {"cashflow.csv", "kind", "string", "", "kind of flow, or a net"},
    {"cashflow.csv", "real_gbp", "number", "GBP", "mean, real"},
    {"cashflow.csv", "discounted_gbp", "number", "GBP", "mean, discounted"},
    {"cashflow.csv", "nominal_gbp", "number", "GBP", "mean, nominal"},
    {"cashflow.csv", "q025_gbp", "number", "GBP", "2.5 % quantile of the net"},
    {"cashflow.csv", "q975_gbp", "number", "GBP", "97.5 % quantile of the net"},
    {"cashflow.csv", "mc_se_gbp", "number", "GBP", "Monte Carlo standard error of the net"},
    {"cashflow.csv", "p_nonneg", "number", "share",
     "share of draws in which the net is at least 0"},
    {"qalys.csv", "scenario", "string", "", "scenario id"},
    {"qalys.csv", "who", "string", "", "sector, perspective or total"},
    {"qalys.csv", "measure", "string", "", "measure"},
    {"qalys.csv", "year_index", "integer", "year", "model year, from 0, where by year"},
    {"qalys.csv", "threshold_gbp_per_qaly", "number", "GBP/QALY", "threshold"},
    {"qalys.csv", "mean", "number", "unit of the measure", "mean, or ratio of means"},
    {"qalys.csv", "sd", "number", "unit of the measure", "standard deviation"},
    {"qalys.csv", "mc_se", "number", "unit of the measure", "Monte Carlo standard error"},
    {"qalys.csv", "q025", "number", "unit of the measure", "2.5 % quantile"},
    {"qalys.csv", "q50", "number", "unit of the measure", "median"},
    {"qalys.csv", "q975", "number", "unit of the measure", "97.5 % quantile"},
    {"qalys.csv", "p_cost_effective", "number", "share", "P(net benefit >= 0)"},
    {"qalys.csv", "verdict", "string", "", "cost per QALY in words"},
    {"options.csv", "scenario", "string", "", "scenario id"},
    {"options.csv", "option", "string", "", "option of a cohort or tree"},
    {"options.csv", "who", "string", "", "sector, perspective or total"},
    {"options.csv", "measure", "string", "",
     "cost, cost_by_category, outcome or net_monetary_benefit, a person"},
    {"options.csv", "item", "string", "", "category, outcome, or threshold in GBP per QALY"},
    {"options.csv", "unit", "string", "", "unit of the row"},
    {"options.csv", "undiscounted_mean", "number", "unit of the row", "mean, not discounted"},
    {"options.csv", "mean", "number", "unit of the row", "mean over draws, discounted"},
    {"options.csv", "sd", "number", "unit of the row", "standard deviation over draws"},
    {"options.csv", "mc_se", "number", "unit of the row", "Monte Carlo standard error"},
    {"options.csv", "q025", "number", "unit of the row", "2.5 % quantile over draws"},
    {"options.csv", "q50", "number", "unit of the row", "median over draws"},
    {"options.csv", "q975", "number", "unit of the row", "97.5 % quantile over draws"},
    {"incremental.csv", "scenario", "string", "", "scenario id"},
    {"incremental.csv", "option", "string", "", "option of a cohort or tree"},
    {"incremental.csv", "who", "string", "", "perspective of the costs"},
    {"incremental.csv", "effect", "string", "", "outcome that options are compared by"},
    {"incremental.csv", "cost_gbp", "number", "GBP", "mean cost a person, discounted"},
    {"incremental.csv", "effect_mean", "number", "unit of the outcome", "mean effect a person"},
    {"incremental.csv", "status", "string", "",
     "on the frontier, dominated or extendedly dominated"},
    {"incremental.csv", "against", "string", "", "option before it on the frontier"},
    {"incremental.csv", "cost_difference_gbp", "number", "GBP", "against that option"},
    {"incremental.csv", "effect_difference", "number", "unit of the outcome",
     "against that option"},
    {"incremental.csv", "icer_gbp_per_unit", "number", "GBP/unit",
     "cost of one more unit of effect, on the frontier"},
    {"trace.csv", "scenario", "string", "", "scenario id"},
    {"trace.csv", "option", "string", "", "option of a cohort"},
    {"trace.csv", "cycle", "integer", "cycle", "cycles elapsed"},
    {"trace.csv", "years", "number", "year", "years elapsed"},
    {"trace.csv", "state", "string", "", "state"},
    {"trace.csv", "share_at_means", "number", "share",
     "share of the cohort, with every parameter at its mean"},
    {"life_table.csv", "scenario", "string", "", "scenario id"},
    {"life_table.csv", "option", "string", "", "option of a life table"},
    {"life_table.csv", "group", "string", "", "group, or all"},
    {"life_table.csv", "year_index", "integer", "year", "year, from 0; blank: all years"},
    {"life_table.csv", "measure", "string", "", "outcome, or cost and its category"},
    {"life_table.csv", "unit", "string", "", "unit of the row"},
    {"life_table.csv", "value_at_means", "number", "unit of the row",
     "a person's, undiscounted, with every parameter at its mean"},
    {"uncertainty/evpi.csv", "scenario", "string", "", "scenario"},
    {"uncertainty/evpi.csv", "who", "string", "", "who"},
    {"uncertainty/evpi.csv", "who_kind", "string", "", "who kind"},
    {"uncertainty/evpi.csv", "criterion", "string", "",
     "money, or net_monetary_benefit at the threshold"},
    {"uncertainty/evpi.csv", "threshold_gbp_per_qaly", "number", "GBP/QALY",
     "threshold, blank by money"},
    {"uncertainty/evpi.csv", "best_option", "string", "", "best by mean"},
    {"uncertainty/evpi.csv", "p_best", "number", "share",
     "share of draws in which the option is best"},
    {"uncertainty/evpi.csv", "lead_gbp", "number", "GBP",
     "mean lead of the best option over the second best"},
    {"uncertainty/evpi.csv", "lead_mc_se_gbp", "number", "GBP", "Monte Carlo standard error"},
    {"uncertainty/evpi.csv", "flip_probability", "number", "",
     "probability that another seed would choose otherwise"},
    {"uncertainty/evpi.csv", "evpi_gbp", "number", "GBP", "expected value of perfect information"},
    {"uncertainty/evpi.csv", "evpi_mc_se_gbp", "number", "GBP", "Monte Carlo standard error"},
    {"uncertainty/evpi.csv", "people", "number", "",
     "people the amounts are for; blank: of the programme"},
    {"uncertainty/acceptability.csv", "scenario", "string", "", "scenario"},
    {"uncertainty/acceptability.csv", "who", "string", "", "who"},
    {"uncertainty/acceptability.csv", "who_kind", "string", "", "who kind"},
    {"uncertainty/acceptability.csv", "criterion", "string", "",
     "money, or net_monetary_benefit at the threshold"},
    {"uncertainty/acceptability.csv", "threshold_gbp_per_qaly", "number", "GBP/QALY",
     "threshold, blank by money"},
    {"uncertainty/acceptability.csv", "option", "string", "", "option"},
    {"uncertainty/acceptability.csv", "net_benefit_gbp", "number", "GBP",
     "mean against the first option"},
    {"uncertainty/acceptability.csv", "p_best", "number", "share",
     "share of draws in which the option is best"},
    {"uncertainty/acceptability.csv", "on_frontier", "string", "", "yes for the best by mean"},
    {"uncertainty/acceptability.csv", "expected_loss_gbp", "number", "GBP",
     "mean loss against the best in each draw"},
    {"uncertainty/plane.csv", "scenario", "string", "", "scenario"},
    {"uncertainty/plane.csv", "who", "string", "", "who"},
    {"uncertainty/plane.csv", "option", "string", "", "option"},
    {"uncertainty/plane.csv", "cost_difference_gbp", "number", "GBP", "cost difference"},
    {"uncertainty/plane.csv", "cost_mc_se_gbp", "number", "GBP", "Monte Carlo standard error"},
    {"uncertainty/plane.csv", "cost_sd_gbp", "number", "GBP", "cost sd"},
    {"uncertainty/plane.csv", "effect_difference", "number", "", "effect difference"},
    {"uncertainty/plane.csv", "effect_mc_se", "number", "", "Monte Carlo standard error"},
    {"uncertainty/plane.csv", "effect_sd", "number", "", "effect sd"},
    {"uncertainty/plane.csv", "correlation", "number", "", "of cost and effect"},
    {"uncertainty/plane.csv", "ellipse_cost_radius_gbp", "number", "GBP", "ellipse cost radius"},
    {"uncertainty/plane.csv", "ellipse_effect_radius", "number", "", "ellipse effect radius"},
    {"uncertainty/plane.csv", "p_dearer_better", "number", "share", "p dearer better"},
    {"uncertainty/plane.csv", "p_cheaper_better", "number", "share", "p cheaper better"},
    {"uncertainty/plane.csv", "p_cheaper_worse", "number", "share", "p cheaper worse"},
    {"uncertainty/plane.csv", "p_dearer_worse", "number", "share", "p dearer worse"},
    {"uncertainty/evppi.csv", "scenario", "string", "", "scenario"},
    {"uncertainty/evppi.csv", "who", "string", "", "who"},
    {"uncertainty/evppi.csv", "who_kind", "string", "", "who kind"},
    {"uncertainty/evppi.csv", "criterion", "string", "",
     "money, or net_monetary_benefit at the threshold"},
    {"uncertainty/evppi.csv", "threshold_gbp_per_qaly", "number", "GBP/QALY",
     "threshold, blank by money"},
    {"uncertainty/evppi.csv", "kind", "string", "", "kind"},
    {"uncertainty/evppi.csv", "name", "string", "", "name"},
    {"uncertainty/evppi.csv", "method", "string", "", "method"},
    {"uncertainty/evppi.csv", "variance_explained", "number", "share",
     "share of the variance that the regression explains"},
    {"uncertainty/evppi.csv", "evppi_gbp", "number", "GBP", "expected value of knowing it exactly"},
    {"uncertainty/evppi.csv", "evppi_mc_se_gbp", "number", "GBP", "Monte Carlo standard error"},
    {"uncertainty/evppi.csv", "share_of_evpi", "number", "share", "of the EVPI"},
    {"uncertainty/evppi.csv", "rank", "integer", "", "blank below Monte Carlo noise"},
    {"uncertainty/evppi.csv", "nested_evppi_gbp", "number", "GBP",
     "the same by nested sampling, where it was run"},
    {"uncertainty/evppi.csv", "nested_mc_se_gbp", "number", "GBP", "Monte Carlo standard error"},
    {"uncertainty/evidence_value.csv", "parameter", "string", "", "parameter"},
    {"uncertainty/evidence_value.csv", "who", "string", "", "who"},
    {"uncertainty/evidence_value.csv", "n_scenarios", "integer", "", "n scenarios"},
    {"uncertainty/evidence_value.csv", "evppi_gbp", "number", "GBP",
     "expected value of knowing it exactly"},
    {"uncertainty/evidence_value.csv", "evppi_mc_se_gbp", "number", "GBP",
     "Monte Carlo standard error"},
    {"uncertainty/studies.csv", "scenario", "string", "", "scenario"},
    {"uncertainty/studies.csv", "who", "string", "", "who"},
    {"uncertainty/studies.csv", "who_kind", "string", "", "who kind"},
    {"uncertainty/studies.csv", "criterion", "string", "",
     "money, or net_monetary_benefit at the threshold"},
    {"uncertainty/studies.csv", "threshold_gbp_per_qaly", "number", "GBP/QALY",
     "threshold, blank by money"},
    {"uncertainty/studies.csv", "study", "string", "", "study"},
    {"uncertainty/studies.csv", "parameter", "string", "", "parameter"},
    {"uncertainty/studies.csv", "n", "number", "", "people or person-years of the study"},
    {"uncertainty/studies.csv", "evsi_gbp", "number", "GBP", "expected value of the study"},
    {"uncertainty/studies.csv", "evsi_mc_se_gbp", "number", "GBP", "Monte Carlo standard error"},
    {"uncertainty/studies.csv", "study_cost_gbp", "number", "GBP", "cost of the planned size"},
    {"uncertainty/studies.csv", "net_benefit_of_study_gbp", "number", "GBP", "EVSI less cost"},
    {"uncertainty/payback.csv", "scenario", "string", "", "scenario"},
    {"uncertainty/payback.csv", "who", "string", "", "who"},
    {"uncertainty/payback.csv", "who_kind", "string", "", "who kind"},
    {"uncertainty/payback.csv", "year_index", "integer", "", "year index"},
    {"uncertainty/payback.csv", "financial_year", "string", "", "financial year"},
    {"uncertainty/payback.csv", "p_paid_back", "number", "share", "P(net through the year >= 0)"},
    {"uncertainty/payback.csv", "p_paid_back_mc_se", "number", "share",
     "Monte Carlo standard error"},
    {"uncertainty/payback.csv", "p_cash_paid_back", "number", "share",
     "P(nominal net cash through the year >= 0)"},
    {"uncertainty/payback.csv", "p_cash_paid_back_mc_se", "number", "share",
     "Monte Carlo standard error"},
    {"uncertainty/tornado.csv", "scenario", "string", "", "scenario"},
    {"uncertainty/tornado.csv", "measure", "string", "", "measure"},
    {"uncertainty/tornado.csv", "measure_at_means", "number", "",
     "with every parameter at its mean"},
    {"uncertainty/tornado.csv", "parameter", "string", "", "parameter"},
    {"uncertainty/tornado.csv", "unit", "string", "", "unit"},
    {"uncertainty/tornado.csv", "central", "number", "", "central"},
    {"uncertainty/tornado.csv", "low", "number", "", "low"},
    {"uncertainty/tornado.csv", "high", "number", "", "high"},
    {"uncertainty/tornado.csv", "range", "string", "", "range"},
    {"uncertainty/tornado.csv", "measure_at_low", "number", "", "measure at low"},
    {"uncertainty/tornado.csv", "measure_at_high", "number", "", "measure at high"},
    {"uncertainty/tornado.csv", "swing", "number", "",
     "difference of the measure between the ends"},
    {"uncertainty/tornado.csv", "price_year", "string", "",
     "prices of central, low and high; empty where not money"},
    {"uncertainty/switching.csv", "scenario", "string", "", "scenario"},
    {"uncertainty/switching.csv", "measure", "string", "", "measure"},
    {"uncertainty/switching.csv", "parameter", "string", "", "parameter"},
    {"uncertainty/switching.csv", "unit", "string", "", "unit"},
    {"uncertainty/switching.csv", "central", "number", "", "central"},
    {"uncertainty/switching.csv", "switching_value", "number", "",
     "where the measure is zero; blank: nowhere"},
    {"uncertainty/switching.csv", "relative_change", "number", "", "(value - central) / |central|"},
    {"uncertainty/switching.csv", "distance", "number", "",
     "in half-widths of the plausible range"},
    {"uncertainty/switching.csv", "plausible", "string", "", "plausible"},
    {"uncertainty/switching.csv", "searched_low", "number", "", "searched low"},
    {"uncertainty/switching.csv", "searched_high", "number", "", "searched high"},
    {"uncertainty/switching.csv", "price_year", "string", "",
     "prices of central and switching value; empty where not money"},
    {"uncertainty/two_way.csv", "scenario", "string", "", "scenario"},
    {"uncertainty/two_way.csv", "measure", "string", "", "measure"},
    {"uncertainty/two_way.csv", "x", "string", "", "x"},
    {"uncertainty/two_way.csv", "x_value", "number", "", "x value"},
    {"uncertainty/two_way.csv", "y", "string", "", "y"},
    {"uncertainty/two_way.csv", "y_value", "number", "", "y value"},
    {"uncertainty/two_way.csv", "measure_at_means_of_others", "number", "",
     "measure at means of others"},
    {"uncertainty/what_if.csv", "scenario", "string", "", "scenario"},
    {"uncertainty/what_if.csv", "measure", "string", "", "measure"},
    {"uncertainty/what_if.csv", "what_if", "string", "", "what if"},
    {"uncertainty/what_if.csv", "measure_at_means", "number", "",
     "with every parameter at its mean"},
    {"uncertainty/what_if.csv", "mean", "number", "", "mean"},
    {"uncertainty/what_if.csv", "mc_se", "number", "", "Monte Carlo standard error"},
    {"uncertainty/what_if.csv", "p_nonneg", "number", "share", "p nonneg"},
    {"uncertainty/what_if.csv", "same_decision", "string", "", "same decision"},
    {"uncertainty/sobol_indices.csv", "scenario", "string", "", "scenario"},
    {"uncertainty/sobol_indices.csv", "measure", "string", "", "measure"},
    {"uncertainty/sobol_indices.csv", "parameter", "string", "", "parameter"},
    {"uncertainty/sobol_indices.csv", "first_order", "number", "", "first-order Sobol index"},
    {"uncertainty/sobol_indices.csv", "first_order_low", "number", "", "first order low"},
    {"uncertainty/sobol_indices.csv", "first_order_high", "number", "", "first order high"},
    {"uncertainty/sobol_indices.csv", "total", "number", "", "total Sobol index"},
    {"uncertainty/sobol_indices.csv", "total_low", "number", "", "total low"},
    {"uncertainty/sobol_indices.csv", "total_high", "number", "", "total high"},
    {"uncertainty/sobol_indices.csv", "rank", "integer", "", "blank below Monte Carlo noise"},
    {"uncertainty/evidence_rules.csv", "scenario", "string", "", "scenario"},
    {"uncertainty/evidence_rules.csv", "measure", "string", "", "measure"},
    {"uncertainty/evidence_rules.csv", "evidence_rule", "string", "", "evidence rule"},
    {"uncertainty/evidence_rules.csv", "mean_gbp", "number", "GBP", "mean"},
    {"uncertainty/evidence_rules.csv", "mc_se_gbp", "number", "GBP", "Monte Carlo standard error"},
    {"uncertainty/evidence_rules.csv", "sd_gbp", "number", "GBP", "sd"},
    {"uncertainty/evidence_rules.csv", "p_nonneg", "number", "share", "p nonneg"},
    {"uncertainty/stale_evidence.csv", "scenario", "string", "", "scenario"},
    {"uncertainty/stale_evidence.csv", "parameter", "string", "", "parameter"},
    {"uncertainty/stale_evidence.csv", "review_by", "string", "", "review by"},
    {"uncertainty/stale_evidence.csv", "grade", "integer", "", "grade"},
    {"uncertainty/convergence.csv", "scenario", "string", "", "scenario"},
    {"uncertainty/convergence.csv", "who", "string", "", "who"},
    {"uncertainty/convergence.csv", "criterion", "string", "",
     "money, or net_monetary_benefit at the threshold"},
    {"uncertainty/convergence.csv", "option", "string", "", "option"},
    {"uncertainty/convergence.csv", "n_draws", "integer", "", "n draws"},
    {"uncertainty/convergence.csv", "net_benefit_gbp", "number", "GBP",
     "mean against the first option"},
    {"uncertainty/convergence.csv", "mc_se_gbp", "number", "GBP", "Monte Carlo standard error"},
    {"league.csv", "family", "string", "", "scenario file of the sweep"},
    {"league.csv", "rank", "integer", "", "1 is the best"},
    {"league.csv", "scenario", "string", "", "scenario"},
    {"league.csv", "area", "string", "", "area"},
    {"league.csv", "cost_gbp", "number", "GBP", "of the headline's perspective"},
    {"league.csv", "net_gbp", "number", "GBP", "net gbp"},
    {"league.csv", "p_net_nonneg", "number", "share", "p net nonneg"},
    {"league.csv", "benefit_cost_ratio", "number", "", "benefit cost ratio"},
    {"league.csv", "net_cash_nominal_gbp", "number", "GBP", "net cash nominal gbp"},
    {"league.csv", "qalys", "number", "QALY", "qalys"},
    {"plausibility.csv", "scenario", "string", "", "scenario"},
    {"plausibility.csv", "rule", "string", "", "what a reader should be told"},
    {"plausibility.csv", "what", "string", "", "return, effect, who or evidence item"},
    {"plausibility.csv", "value", "number", "",
     "return for each GBP 1; net in GBP; share of benefits; years"},
    {"plausibility.csv", "published_low", "number", "GBP per GBP 1", "lowest published return"},
    {"plausibility.csv", "published_high", "number", "GBP per GBP 1", "highest published return"},
    {"plausibility.csv", "source", "string", "", "source of the published range"},
    {"expectations.csv", "scenario", "string", "", "scenario or portfolio"},
    {"expectations.csv", "expectation", "string", "", "as written"},
    {"expectations.csv", "severity", "string", "", "error or warn"},
    {"expectations.csv", "state", "string", "", "held, failed or no_value"},
    {"expectations.csv", "value", "number", "", "what the run gives"},
    {"expectations.csv", "mc_se", "number", "", "Monte Carlo standard error of the value"},
    {"expectations.csv", "bound", "number", "", "what it is compared with"},
    {"expectations.csv", "another_seed_could_turn", "boolean", "",
     "value and bound are within the Monte Carlo interval"},
    {"expectations.csv", "reason", "string", "", "why it is expected"},
    {"portfolio/sets.csv", "portfolio", "string", "", "portfolio id"},
    {"portfolio/sets.csv", "set", "string", "", "id of the set: the portfolio, --best or --pooled"},
    {"portfolio/sets.csv", "budgets", "string", "", "budgets"},
    {"portfolio/sets.csv", "found", "string", "", "found"},
    {"portfolio/sets.csv", "proved", "string", "", "proved"},
    {"portfolio/sets.csv", "objective", "string", "", "objective"},
    {"portfolio/sets.csv", "unit", "string", "", "unit"},
    {"portfolio/sets.csv", "value", "number", "", "value of the objective"},
    {"portfolio/sets.csv", "upper_bound", "number", "", "no set is worth more"},
    {"portfolio/sets.csv", "value_by_full_model", "number", "", "the same by the full model"},
    {"portfolio/sets.csv", "value_by_glpk", "number", "", "the same problem by GLPK"},
    {"portfolio/sets.csv", "n_draws", "integer", "", "n draws"},
    {"portfolio/sets.csv", "value_of_pooling", "number", "", "pooled less silo"},
    {"portfolio/programmes.csv", "portfolio", "string", "", "portfolio id"},
    {"portfolio/programmes.csv", "programme", "string", "", "programme"},
    {"portfolio/programmes.csv", "label", "string", "", "label"},
    {"portfolio/programmes.csv", "prevention", "string", "", "prevention"},
    {"portfolio/programmes.csv", "set", "string", "",
     "id of the set: the portfolio, --best or --pooled"},
    {"portfolio/programmes.csv", "scale", "number", "", "scale in the set; 0: left out"},
    {"portfolio/budgets.csv", "portfolio", "string", "", "portfolio id"},
    {"portfolio/budgets.csv", "set", "string", "", "id of the set"},
    {"portfolio/budgets.csv", "budget", "string", "", "sector, or pool"},
    {"portfolio/budgets.csv", "year_index", "integer", "", "model year"},
    {"portfolio/budgets.csv", "financial_year", "string", "", "financial year"},
    {"portfolio/budgets.csv", "budget_nominal_gbp", "number", "GBP", "limit"},
    {"portfolio/budgets.csv", "mean_use_nominal_gbp", "number", "GBP",
     "mean cash cost, less cashable savings where these come back"},
    {"portfolio/budgets.csv", "p_overspent", "number", "share", "P(use above the limit)"},
    {"portfolio/attribution.csv", "portfolio", "string", "", "portfolio id"},
    {"portfolio/attribution.csv", "set", "string", "",
     "id of the set: the portfolio, --best or --pooled"},
    {"portfolio/attribution.csv", "programme", "string", "", "programme"},
    {"portfolio/attribution.csv", "who", "string", "", "who"},
    {"portfolio/attribution.csv", "who_kind", "string", "", "who kind"},
    {"portfolio/attribution.csv", "measure", "string", "", "measure"},
    {"portfolio/attribution.csv", "year_index", "integer", "", "model year"},
    {"portfolio/attribution.csv", "unit", "string", "", "unit"},
    {"portfolio/attribution.csv", "mean", "number", "", "mean"},
    {"portfolio/attribution.csv", "sd", "number", "", "sd"},
    {"portfolio/attribution.csv", "mc_se", "number", "", "mc se"},
    {"portfolio/attribution.csv", "q025", "number", "", "q025"},
    {"portfolio/attribution.csv", "q50", "number", "", "q50"},
    {"portfolio/attribution.csv", "q975", "number", "", "q975"},
    {"portfolio/attribution.csv", "p_nonneg", "number", "share", "p nonneg"},
    {"portfolio/shadow_prices.csv", "portfolio", "string", "", "portfolio id"},
    {"portfolio/shadow_prices.csv", "budgets", "string", "", "budgets"},
    {"portfolio/shadow_prices.csv", "budget", "string", "", "budget"},
    {"portfolio/shadow_prices.csv", "increment_gbp_a_year", "number", "GBP/year",
     "by which the budget is raised"},
    {"portfolio/shadow_prices.csv", "objective", "string", "", "objective"},
    {"portfolio/shadow_prices.csv", "gain_per_gbp", "number", "",
     "of the objective, for each GBP a year more"},
    {"portfolio/inclusion.csv", "portfolio", "string", "", "portfolio id"},
    {"portfolio/inclusion.csv", "programme", "string", "", "programme"},
    {"portfolio/inclusion.csv", "scale", "number", "", "scale in the set; 0: left out"},
    {"portfolio/inclusion.csv", "p_chosen", "number", "share",
     "share of draws in which the best set holds it"},
    {"portfolio/inclusion.csv", "n_draws", "integer", "", "n draws"},
    {"portfolio/inclusion.csv", "n_draws_unproved", "integer", "", "n draws unproved"},
    {"portfolio/inclusion.csv", "scale_in_best_q05", "number", "", "scale in best q05"},
    {"portfolio/inclusion.csv", "scale_in_least_regret", "number", "", "scale in least regret"},
    {"portfolio/funding_order.csv", "portfolio", "string", "", "portfolio id"},
    {"portfolio/funding_order.csv", "budgets_times", "number", "", "all budgets times this"},
    {"portfolio/funding_order.csv", "found", "string", "", "found"},
    {"portfolio/funding_order.csv", "proved", "string", "", "proved"},
    {"portfolio/funding_order.csv", "objective", "string", "", "objective"},
    {"portfolio/funding_order.csv", "value", "number", "", "value of the objective"},
    {"portfolio/funding_order.csv", "programme", "string", "", "programme"},
    {"portfolio/funding_order.csv", "scale", "number", "", "scale in the set; 0: left out"},
    {"portfolio/frontiers.csv", "portfolio", "string", "", "portfolio id"},
    {"portfolio/frontiers.csv", "frontier", "string", "", "frontier"},
    {"portfolio/frontiers.csv", "point", "integer", "", "point"},
    {"portfolio/frontiers.csv", "objective", "string", "", "objective"},
    {"portfolio/frontiers.csv", "value", "number", "", "value of the objective"},
    {"portfolio/frontiers.csv", "against", "string", "", "against"},
    {"portfolio/frontiers.csv", "other_value", "number", "", "other value"},
    {"portfolio/frontiers.csv", "programme", "string", "", "programme"},
    {"portfolio/frontiers.csv", "scale", "number", "", "scale in the set; 0: left out"},
    {"portfolio/funding_length.csv", "portfolio", "string", "", "portfolio id"},
    {"portfolio/funding_length.csv", "funded_years", "string", "", "funded years"},
    {"portfolio/funding_length.csv", "who", "string", "", "who"},
    {"portfolio/funding_length.csv", "who_kind", "string", "", "who kind"},
    {"portfolio/funding_length.csv", "measure", "string", "", "measure"},
    {"portfolio/funding_length.csv", "year_index", "integer", "", "model year"},
    {"portfolio/funding_length.csv", "unit", "string", "", "unit"},
    {"portfolio/funding_length.csv", "mean", "number", "", "mean"},
    {"portfolio/funding_length.csv", "q025", "number", "", "q025"},
    {"portfolio/funding_length.csv", "q975", "number", "", "q975"},
    {"portfolio/funding_length.csv", "p_nonneg", "number", "share", "p nonneg"},
    {"portfolio/deals.csv", "portfolio", "string", "", "portfolio id"},
    {"portfolio/deals.csv", "set", "string", "",
     "id of the set: the portfolio, --best or --pooled"},
    {"portfolio/deals.csv", "basis", "string", "", "fiscal: all savings; cash: cash alone"},
    {"portfolio/deals.csv", "rule", "string", "", "how cost and gain are shared"},
    {"portfolio/deals.csv", "partner", "string", "", "partner"},
    {"portfolio/deals.csv", "investment_gbp", "number", "GBP", "investment gbp"},
    {"portfolio/deals.csv", "gross_saving_gbp", "number", "GBP", "gross saving gbp"},
    {"portfolio/deals.csv", "net_before_gbp", "number", "GBP", "net before transfers"},
    {"portfolio/deals.csv", "transfer_gbp", "number", "GBP", "present value; negative: pays"},
    {"portfolio/deals.csv", "final_gbp", "number", "GBP", "net after transfers"},
    {"portfolio/deals.csv", "p_partner_whole", "number", "share",
     "P(final net >= 0) of the partner"},
    {"portfolio/deals.csv", "p_all_whole", "number", "share", "P(no partner loses)"},
    {"portfolio/deals.csv", "verdict", "string", "", "verdict"},
    {"portfolio/deals.csv", "payable_in_cash_gbp", "number", "GBP",
     "of a payer's transfer, what its own gain in cash covers; 0 where nobody holds a budget"},
    {"portfolio/payments.csv", "portfolio", "string", "", "portfolio id"},
    {"portfolio/payments.csv", "set", "string", "",
     "id of the set: the portfolio, --best or --pooled"},
    {"portfolio/payments.csv", "basis", "string", "", "fiscal: all savings; cash: cash alone"},
    {"portfolio/payments.csv", "rule", "string", "", "how cost and gain are shared"},
    {"portfolio/payments.csv", "partner", "string", "", "partner"},
    {"portfolio/payments.csv", "year_index", "integer", "", "model year"},
    {"portfolio/payments.csv", "financial_year", "string", "", "financial year"},
    {"portfolio/payments.csv", "payment_real_gbp", "number", "GBP", "negative: pays"},
    {"portfolio/payments.csv", "payment_nominal_gbp", "number", "GBP", "negative: pays"},
    {"portfolio/quintiles.csv", "portfolio", "string", "", "portfolio id"},
    {"portfolio/quintiles.csv", "set", "string", "",
     "id of the set: the portfolio, --best or --pooled"},
    {"portfolio/quintiles.csv", "quintile", "integer", "", "1 is the most deprived"},
    {"portfolio/quintiles.csv", "people", "number", "people", "people"},
    {"portfolio/quintiles.csv", "burden_share", "number", "",
     "share of what is displaced elsewhere"},
    {"portfolio/quintiles.csv", "green_book_weight", "number", "", "green book weight"},
    {"portfolio/quintiles.csv", "participants", "number", "people", "participants"},
    {"portfolio/quintiles.csv", "participants_q025", "number", "people", "participants q025"},
    {"portfolio/quintiles.csv", "participants_q975", "number", "people", "participants q975"},
    {"portfolio/quintiles.csv", "qalys", "number", "QALY", "qalys"},
    {"portfolio/quintiles.csv", "qalys_q025", "number", "QALY", "qalys q025"},
    {"portfolio/quintiles.csv", "qalys_q975", "number", "QALY", "qalys q975"},
    {"portfolio/quintiles.csv", "value_gbp", "number", "GBP", "demand avoided at its unit costs"},
    {"portfolio/quintiles.csv", "value_gbp_q025", "number", "GBP", "value gbp q025"},
    {"portfolio/quintiles.csv", "value_gbp_q975", "number", "GBP", "value gbp q975"},
    {"portfolio/quintiles.csv", "net_health_benefit", "number", "QALY",
     "QALYs less those displaced"},
    {"portfolio/quintiles.csv", "net_health_benefit_q025", "number", "QALY",
     "net health benefit q025"},
    {"portfolio/quintiles.csv", "net_health_benefit_q975", "number", "QALY",
     "net health benefit q975"},
    {"portfolio/inequality.csv", "portfolio", "string", "", "portfolio id"},
    {"portfolio/inequality.csv", "set", "string", "",
     "id of the set: the portfolio, --best or --pooled"},
    {"portfolio/inequality.csv", "measure", "string", "", "measure"},
    {"portfolio/inequality.csv", "unit", "string", "", "unit"},
    {"portfolio/inequality.csv", "value", "number", "", "value of the objective"},
    {"portfolio/inequality.csv", "q025", "number", "", "q025"},
    {"portfolio/inequality.csv", "q975", "number", "", "q975"},
    {"changes.csv", "rank", "string", "", "headline, perspective, partner or other"},
    {"changes.csv", "scenario", "string", "", "scenario id"},
    {"changes.csv", "option", "string", "", "option of a cohort or tree, else blank"},
    {"changes.csv", "who", "string", "", "sector, perspective or total"},
    {"changes.csv", "who_kind", "string", "", "sector, perspective or total; blank for options"},
    {"changes.csv", "measure", "string", "", "measure by name"},
    {"changes.csv", "item", "string", "", "threshold in GBP per QALY, demand, category or outcome"},
    {"changes.csv", "unit", "string", "", "unit of the row"},
    {"changes.csv", "old", "number", "unit of the row", "headline of the earlier run"},
    {"changes.csv", "new", "number", "unit of the row", "headline of this run"},
    {"changes.csv", "difference", "number", "unit of the row", "new less old"},
    {"changes.csv", "relative", "number", "", "difference as a share of the size of old"},
    {"changes.csv", "old_mc_se", "number", "unit of the row", "Monte Carlo standard error of old"},
    {"changes.csv", "new_mc_se", "number", "unit of the row", "Monte Carlo standard error of new"},
    {"changes.csv", "standard_errors", "number", "",
     "size of the difference in standard errors of both together"},
    {"changes.csv", "verdict", "string", "",
     "same, moved, moved_slightly, noise, added or removed"},
    {"changes_inputs.csv", "what", "string", "", "evidence, input, scenario, run or file"},
    {"changes_inputs.csv", "name", "string", "",
     "identity of the evidence, input or setting, or path of the file"},
    {"changes_inputs.csv", "unit", "string", "", "unit of the value"},
    {"changes_inputs.csv", "aspect", "string", "", "what differs: value, source, unit ..."},
    {"changes_inputs.csv", "old", "string", "", "distribution or setting of the earlier run"},
    {"changes_inputs.csv", "new", "string", "", "distribution or setting of this run"},
    {"changes_inputs.csv", "old_mean", "number", "unit of the row",
     "mean of the earlier run, as reported"},
    {"changes_inputs.csv", "new_mean", "number", "unit of the row",
     "mean of this run, as reported"},
    {"changes_inputs.csv", "old_source", "string", "", "source and place in it, earlier run"},
    {"changes_inputs.csv", "new_source", "string", "", "source and place in it, this run"},
    {"changes_inputs.csv", "override_reason", "string", "",
     "why a scenario overrides the evidence"},
    {"changes_inputs.csv", "n_scenarios", "integer", "",
     "scenarios that it changed for; 0: the whole run"},
    {"changes_inputs.csv", "scenarios", "string", "", "their ids"},
    {"changes_decisions.csv", "scenario", "string", "", "scenario or portfolio id"},
    {"changes_decisions.csv", "who", "string", "", "partner, perspective or set"},
    {"changes_decisions.csv", "what", "string", "", "which decision"},
    {"changes_decisions.csv", "old", "string", "", "as the earlier run has it"},
    {"changes_decisions.csv", "new", "string", "", "as this run has it"},
    {"changes_decisions.csv", "old_p_nonneg", "number", "",
     "of a sign: share of draws of at least 0 in the earlier run"},
    {"changes_decisions.csv", "new_p_nonneg", "number", "", "the same in this run"},
    {"changes_decisions.csv", "verdict", "string", "",
     "whether the figure behind it moved, or differs by noise alone"},
    {"inventory.csv", "scenario", "string", "", "scenario id"},
    {"inventory.csv", "sector", "string", "", "sector, or blank for demands"},
    {"inventory.csv", "kind", "string", "", "kind of flow, or a demand"},
    {"inventory.csv", "counted", "string", "", "yes, or blank where nothing is counted"},
};

bool is_result_table(const char *name)
{
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; ++i) {
        if (strcmp(fields[i].table, name) == 0) {
            return true;
        }
    }
    return false;
}

static const char *table_name(const char *table)
{
    const char *slash = strchr(table, '/');
    return slash != NULL ? slash + 1 : table;
}

static bool has_families(const struct report_run *run)
{
    for (size_t i = 0; i < run->n_results; ++i) {
        if (run->results[i].plan->scenario->family != NULL &&
            run->results[i].plan->health == NULL) {
            return true;
        }
    }
    return false;
}

/* Tables that not every run has. */
static bool is_written(const struct report_run *run, const char *table)
{
    if (strncmp(table, "uncertainty/", strlen("uncertainty/")) == 0) {
        return run->decide;
    }
    if (strncmp(table, "portfolio/", strlen("portfolio/")) == 0) {
        return run->n_portfolios > 0;
    }
    if (strcmp(table, "expectations.csv") == 0) {
        return run->n_expectations > 0;
    }
    if (strncmp(table, "changes", strlen("changes")) == 0) {
        return run->difference != NULL;
    }
    return strcmp(table, "league.csv") != 0 || has_families(run);
}

static void describe_assured(json_t *resources, const struct assured_table *table)
{
    json_t *columns = json_array();
    for (size_t i = 0; i < table->n_columns; ++i) {
        const struct assured_column *column = &table->columns[i];
        bool words = column->show == ASSURED_TEXT || column->show == ASSURED_WORDS;
        json_array_append_new(columns,
                              json_pack("{s:s, s:s, s:s, s:s}", "name", column->name, "type",
                                        words                           ? "string"
                                        : column->show == ASSURED_COUNT ? "integer"
                                                                        : "number",
                                        "unit", column->unit, "description", column->description));
    }
    json_array_append_new(resources,
                          json_pack("{s:s%, s:s, s:s, s:s, s:s, s:{s:o, s:[s]}}", "name",
                                    table_name(table->file), strcspn(table_name(table->file), "."),
                                    "path", table->file, "profile", "tabular-data-resource",
                                    "format", "csv", "encoding", "utf-8", "schema", "fields",
                                    columns, "missingValues", ""));
}

enum status write_datapackage(struct text *out, const struct report_run *run, struct error *error)
{
    json_t *resources = json_array(), *columns = NULL;
    const char *table = "";
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; ++i) {
        const struct field_row *field = &fields[i];
        if (!is_written(run, field->table)) {
            continue;
        }
        if (strcmp(table, field->table) != 0) {
            table = field->table;
            columns = json_array();
            json_array_append_new(resources,
                                  json_pack("{s:s%, s:s, s:s, s:s, s:s, s:{s:o, s:[s]}}", "name",
                                            table_name(table), strcspn(table_name(table), "."),
                                            "path", table, "profile", "tabular-data-resource",
                                            "format", "csv", "encoding", "utf-8", "schema",
                                            "fields", columns, "missingValues", ""));
        }
        json_array_append_new(columns, json_pack("{s:s, s:s, s:s, s:s}", "name", field->name,
                                                 "type", field->type, "unit", field->unit,
                                                 "description", field->description));
    }
    size_t n_assured = 0;
    const struct assured_table *assured = assured_tables(&n_assured);
    for (size_t i = 0; i < n_assured; ++i) {
        describe_assured(resources, &assured[i]);
    }
    return dump(out,
                json_pack("{s:s, s:s, s:o}", "profile", "tabular-data-package", "name",
                          "dividend-results", "resources", resources),
                error);
}

/* ---- inputs.tar.zst ---- */

static bool add_entry(struct archive *archive, struct arena *arena, const struct report_run *run,
                      const struct document *document)
{
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(
        entry, arena_printf(arena, "inputs/%s", input_path(arena, run, document->file)));
    archive_entry_set_size(entry, (la_int64_t)document->n_bytes);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_mtime(entry, 0, 0);
    bool good = archive_write_header(archive, entry) == ARCHIVE_OK &&
                archive_write_data(archive, document->bytes, document->n_bytes) ==
                    (la_ssize_t)document->n_bytes;
    archive_entry_free(entry);
    return good;
}

enum status write_inputs(const struct report_run *run, const char *path, struct error *error)
{
    struct arena arena;
    arena_init(&arena);
    struct archive *archive = archive_write_new();
    bool good = archive_write_set_format_pax_restricted(archive) == ARCHIVE_OK &&
                archive_write_add_filter_zstd(archive) == ARCHIVE_OK &&
                archive_write_open_filename(archive, path) == ARCHIVE_OK;
    const struct documents documents = gather_documents(&arena, run);
    for (size_t i = 0; good && i < documents.n_items; ++i) {
        good = add_entry(archive, &arena, run, documents.items[i]);
    }
    good = archive_write_close(archive) == ARCHIVE_OK && good;
    enum status status =
        good ? STATUS_OK
             : error_set(error, STATUS_IO, "inputs.tar.zst could not be written: %s",
                         archive_error_string(archive) != NULL ? archive_error_string(archive)
                                                               : "no reason given");
    archive_write_free(archive);
    arena_clear(&arena);
    return status;
}
