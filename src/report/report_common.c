#include "report/changes.h"
#include "report/report_assurance.h"
#include "report/report_private.h"
#include "report/stale.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void csv_text(struct text *out, const char *value)
{
    value = value != NULL ? value : "";
    bool formula = value[0] != '\0' && strchr("=+-@\t\r", value[0]) != NULL;
    bool quoted = formula || strpbrk(value, ",\"\n\r") != NULL;
    text_append(out, quoted ? "\"" : "");
    text_append(out, formula ? "'" : "");
    for (const char *byte = value; *byte != '\0'; ++byte) {
        text_append(out, *byte == '"' ? "\"" : "");
        text_append_span(out, byte, 1);
    }
    text_append(out, quoted ? "\"," : ",");
}

void csv_number(struct text *out, double value)
{
    char number[32] = "";
    if (isfinite(value)) {
        text_format_exact(number, value);
    }
    text_printf(out, "%s,", number);
}

void csv_count(struct text *out, uint64_t value)
{
    text_printf(out, "%llu,", (unsigned long long)value);
}

void csv_statistics(struct text *out, const struct column_statistics *statistics)
{
    csv_number(out, statistics->mean);
    csv_number(out, statistics->sd);
    csv_number(out, statistics->se);
    csv_number(out, statistics->q025);
    csv_number(out, statistics->q50);
    csv_number(out, statistics->q975);
}

void csv_end(struct text *out)
{
    out->bytes[out->n_bytes - 1] = '\n';
}

const struct column_statistics *find_statistics(const struct scenario_result *result,
                                                enum measure measure, const char *who)
{
    size_t index = plan_find_who(result->plan, who);
    return index == SIZE_MAX ? NULL : result_find(result, measure, index, 0, 0);
}

size_t headline_index(const struct plan *plan)
{
    size_t who = plan_find_who(plan, plan->scenario->conventions.perspective);
    return who == SIZE_MAX ? plan->n_whos - 1 : who;
}

const char *item_name(const struct plan *plan, const struct plan_result_column *column)
{
    switch ((int)column->measure) {
    case MEASURE_VOLUME:
    case MEASURE_VOLUME_YEAR:
    case MEASURE_COST_PER_OUTCOME:
        return plan->demands[column->item].demand->id;
    case MEASURE_FLOW_YEAR:
        return flow_kind_name((enum flow_kind)column->item);
    case MEASURE_CELL_PARTICIPANTS:
    case MEASURE_CELL_QALYS:
    case MEASURE_CELL_VALUE:
        return plan->cells[column->item].id;
    default:
        return "";
    }
}

const char *who_kind_name(enum who_kind kind)
{
    static const char *const names[] = {
        [WHO_SECTOR] = "sector", [WHO_PERSPECTIVE] = "perspective", [WHO_TOTAL] = "total"};
    return names[kind];
}

const char *timing_name(enum timing timing)
{
    static const char *const names[] = {[TIMING_START] = "start of year: year 0 is not discounted",
                                        [TIMING_MID] = "middle of year",
                                        [TIMING_END] = "end of year"};
    return names[timing];
}

const char *cost_per_qaly_words(struct arena *arena, double net_fiscal, double qalys)
{
    char number[48];
    if (net_fiscal >= 0.0 && qalys >= 0.0 && net_fiscal + qalys > 0.0) {
        return "dominates (saves and gains)";
    }
    if (net_fiscal <= 0.0 && qalys <= 0.0) {
        return "dominated (costs and loses)";
    }
    text_format_grouped(number, -net_fiscal / qalys, 0);
    return qalys > 0.0 ? arena_copy_text(arena, number)
                       : arena_printf(arena, "saves %s per QALY lost", number);
}

void payback_words(char buffer[32], const struct plan *plan, double year, const char *never)
{
    char name[16];
    if (isfinite(year)) {
        text_format_financial_year(name, plan->scenario->start_year + (int)year);
        (void)snprintf(buffer, 32, "%s", name);
    } else {
        (void)snprintf(buffer, 32, "%s", never);
    }
}

static const char *deadweight_words(const struct model *model)
{
    bool multiplicative = false, points = false;
    for (size_t i = 0; i < model->n_outcomes; ++i) {
        bool plain = model->outcomes[i].deadweight_form == DEADWEIGHT_MULTIPLICATIVE;
        multiplicative = multiplicative || plain;
        points = points || !plain;
    }
    multiplicative = multiplicative || model->n_health_gains > 0;
    return multiplicative && points ? "multiplicative in some outcomes, percentage points in others"
           : points                 ? "percentage points: max(0, effect - deadweight)"
           : multiplicative         ? "multiplicative: effect x (1 - deadweight)"
                                    : "no outcomes";
}

static const char *optimism_words(const struct conventions *conventions)
{
    return conventions->optimism != NULL ? conventions->optimism->label
                                         : "no correction for optimism bias";
}

void write_sampling(struct text *out, const struct report_run *run)
{
    static const char *const methods[] = {[SAMPLING_SOBOL] = "Sobol points",
                                          [SAMPLING_LATIN_HYPERCUBE] = "Latin hypercube",
                                          [SAMPLING_PLAIN] = "plain Monte Carlo"};
    text_printf(out, "%llu draws (%s", (unsigned long long)run->n_draws, methods[run->method]);
    if (run->method != SAMPLING_PLAIN) {
        text_printf(out, ", %u scrambling%s", (unsigned)run->n_scramblings,
                    run->n_scramblings == 1 ? "" : "s");
    }
    text_printf(out, ", seed %llu)", (unsigned long long)run->seed);
    if (run->precision_of != NULL) {
        text_printf(out, ", doubled until the standard error of %s is at most %g",
                    run->precision_of, run->precision_se);
    }
}

void write_conventions(struct text *out, const struct report_run *run,
                       const struct scenario *scenario, const char *bullet)
{
    const struct conventions *conventions = &scenario->conventions;
    char price_year[16], last_year[16];
    const struct deflator_pack *deflator = conventions->deflator;
    text_format_financial_year(price_year, conventions->price_year);
    text_format_financial_year(last_year, deflator->first_year + (int)deflator->n_years - 1);
    text_printf(out, "%sperspective %s; real terms of %s prices; ", bullet,
                conventions->perspective, price_year);
    write_sampling(out, run);
    text_append(out, "\n");
    text_printf(out, "%sdiscounting: %s (%s), %s\n", bullet, conventions->appraisal->label,
                conventions->appraisal->vintage, timing_name(conventions->timing));
    text_printf(out, "%sdeflator: %s (%s), last published %s, then its last growth rate is held\n",
                bullet, deflator->label, deflator->vintage, last_year);
    text_printf(out, "%soptimism: %s; QALYs %s; cycle correction: none (yearly ledger)\n", bullet,
                optimism_words(conventions),
                conventions->monetise_qalys ? "monetised at the pack's value" : "not monetised");
    text_printf(out, "%sdeadweight: %s\n", bullet, deadweight_words(scenario->model));
    for (size_t i = 0; i < scenario->model->n_health_gains; ++i) {
        const struct health_gain *gain = &scenario->model->health_gains[i];
        const struct health_model *health = gain->model->health;
        text_printf(out, "%s%s: from %s, option %s against %s%s%s\n", bullet, gain->name,
                    gain->model->id, health->options[gain->option].id,
                    health->options[gain->against].id,
                    health->kind == HEALTH_COHORT ? ", cycle correction " : "",
                    health->kind == HEALTH_COHORT ? cycle_correction_name(health->correction) : "");
    }
}

static void add_difference(struct text *out, bool *any, const char *words)
{
    text_printf(out, "%s %s", *any ? ";" : "", words);
    *any = true;
}

bool write_convention_differences(struct text *out, const struct scenario *first,
                                  const struct scenario *scenario)
{
    const struct conventions *a = &first->conventions, *b = &scenario->conventions;
    bool any = false;
    if (strcmp(a->perspective, b->perspective) != 0) {
        add_difference(out, &any, "perspective");
        text_printf(out, " %s", b->perspective);
    }
    if (a->price_year != b->price_year) {
        char year[16];
        text_format_financial_year(year, b->price_year);
        add_difference(out, &any, "prices of");
        text_append(out, " ");
        text_append(out, year);
    }
    if (a->appraisal != b->appraisal) {
        add_difference(out, &any, b->appraisal->label);
    }
    if (a->deflator != b->deflator) {
        add_difference(out, &any, b->deflator->label);
    }
    if (a->timing != b->timing) {
        add_difference(out, &any, timing_name(b->timing));
    }
    if (a->optimism != b->optimism) {
        add_difference(out, &any, optimism_words(b));
    }
    if (a->monetise_qalys != b->monetise_qalys) {
        add_difference(out, &any, b->monetise_qalys ? "QALYs monetised" : "QALYs not monetised");
    }
    if (strcmp(deadweight_words(first->model), deadweight_words(scenario->model)) != 0) {
        add_difference(out, &any, "deadweight");
        text_append(out, " ");
        text_append(out, deadweight_words(scenario->model));
    }
    return any;
}

/* ---- how exact ---- */

void write_exactness(struct text *out, const struct scenario_result *result)
{
    const struct column_statistics *net =
        result_find(result, MEASURE_NET, headline_index(result->plan), 0, 0);
    char error[48], draws[48];
    double p = assurance_flip_probability(result, net);
    text_format_grouped(error, net->se, net->se < 100.0 ? 2 : 0);
    text_format_grouped(draws, (double)result->n_draws, 0);
    text_printf(out,
                "Random error of the net: £%s with %s draws; other random numbers would turn its "
                "sign with probability ",
                error, draws);
    if (p < 0.001) {
        text_append(out, "below .001.");
    } else {
        text_printf(out, "%.3f.", p);
    }
    if (result->has_precision) {
        const struct column_statistics *column = &result->statistics[result->precision_column];
        text_printf(out, " Precision asked for: standard error %g, reached %.3g%s.",
                    result->precision_se, column->se, result->precision_met ? "" : ": missed");
    }
}

void report_exactness(struct text *out, const struct report_run *run, size_t width)
{
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct scenario_result *result = &run->results[i];
        struct text line;
        text_init(&line);
        text_printf(&line, "%s: ", result->plan->scenario->id);
        if (result->statistics != NULL && result->plan->health == NULL) {
            write_exactness(&line, result);
        } else if (result->statistics != NULL && result->has_precision) {
            text_printf(&line, "%llu draws, standard error %.3g where %g was asked for%s",
                        (unsigned long long)result->n_draws,
                        result->statistics[result->precision_column].se, result->precision_se,
                        result->precision_met ? "" : ": missed");
        } else {
            text_printf(&line, "%llu draws; Monte Carlo errors are in options.csv",
                        (unsigned long long)result->n_draws);
        }
        write_wrapped(out, line.bytes, width, 2);
        text_clear(&line);
    }
}

/* ---- all files ---- */

static enum status add_text(struct output_set *set, const char *name, struct text *text,
                            struct error *error)
{
    enum status status =
        output_add(set, name, text->bytes != NULL ? text->bytes : "", text->n_bytes, error);
    text_clear(text);
    return status;
}

static enum status add_tables(struct output_set *set, const struct report_run *run,
                              struct error *error)
{
    enum part { ALL, PROGRAMMES, HEALTH };

    static const struct {
        const char *name;
        void (*write)(struct text *out, const struct report_run *run);
        enum part part;
    } tables[] = {{"summary.csv", write_summary, PROGRAMMES},
                  {"sectors.csv", write_sectors, PROGRAMMES},
                  {"cashflow.csv", write_cashflow, PROGRAMMES},
                  {"qalys.csv", write_qalys, PROGRAMMES},
                  {"inventory.csv", write_inventory, PROGRAMMES},
                  {"plausibility.csv", write_plausibility_csv, PROGRAMMES},
                  {"options.csv", write_options, HEALTH},
                  {"incremental.csv", write_incremental, HEALTH},
                  {"trace.csv", write_trace, HEALTH},
                  {"life_table.csv", write_life_table, HEALTH},
                  {"report.md", write_markdown, ALL},
                  {"report.html", write_html, ALL}};
    struct arena arena;
    arena_init(&arena);
    const struct report_run parts[] = {[ALL] = *run,
                                       [PROGRAMMES] = report_part(&arena, run, false),
                                       [HEALTH] = report_part(&arena, run, true)};
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < sizeof tables / sizeof tables[0]; ++i) {
        struct text text;
        text_init(&text);
        tables[i].write(&text, &parts[tables[i].part]);
        status = add_text(set, tables[i].name, &text, error);
    }
    arena_clear(&arena);
    return status;
}

static enum status add_draws(struct output_set *set, const struct report_decision *made,
                             struct error *error)
{
    for (size_t kind = 0; made->made && kind < N_DRAWS_KINDS; ++kind) {
        char name[512];
        struct text text;
        text_init(&text);
        (void)snprintf(name, sizeof name, "draws/%.400s/%s.csv", made->decision.plan->scenario->id,
                       draws_kind_name((enum draws_kind)kind));
        write_draws(&text, &made->decision, (enum draws_kind)kind);
        TRY(add_text(set, name, &text, error));
    }
    return STATUS_OK;
}

static enum status add_decisions(struct output_set *set, const struct report_run *run,
                                 struct error *error)
{
    size_t n_tables = 0;
    const struct decision_table *tables = decision_tables(&n_tables);
    for (size_t i = 0; run->decide && i < n_tables; ++i) {
        struct text text;
        text_init(&text);
        tables[i].write(&text, run);
        TRY(add_text(set, tables[i].name, &text, error));
    }
    for (size_t i = 0; run->draws_out && i < run->n_results; ++i) {
        TRY(add_draws(set, &run->decisions[i], error));
    }
    return STATUS_OK;
}

/* league.csv, where a sweep ran. */
static enum status add_league(struct output_set *set, const struct report_run *run,
                              struct error *error)
{
    bool any = false;
    for (size_t i = 0; i < run->n_results; ++i) {
        any = any || (run->results[i].plan->scenario->family != NULL &&
                      run->results[i].plan->health == NULL);
    }
    if (!any) {
        return STATUS_OK;
    }
    struct text text;
    text_init(&text);
    write_league_csv(&text, run);
    return add_text(set, "league.csv", &text, error);
}

static enum status add_expectations(struct output_set *set, const struct report_run *run,
                                    struct error *error)
{
    struct text text;
    if (run->n_expectations == 0) {
        return STATUS_OK;
    }
    text_init(&text);
    write_expectations_csv(&text, run);
    return add_text(set, "expectations.csv", &text, error);
}

/* assurance/: what was signed, assumed, checked, counted and reported. */
static enum status add_assurance(struct output_set *set, const struct report_run *run,
                                 struct error *error)
{
    size_t n_tables = 0;
    const struct assured_table *tables = assured_tables(&n_tables);
    for (size_t i = 0; i < n_tables; ++i) {
        struct text text;
        text_init(&text);
        write_assured_csv(&text, run, &tables[i]);
        TRY(add_text(set, tables[i].file, &text, error));
    }
    return STATUS_OK;
}

/* Last of all: what was written, synced and, of the workbook, read back before this. */
static enum status add_files(struct output_set *set, struct error *error)
{
    struct text text;
    text_init(&text);
    text_append(&text, "file,check,result\n");
    for (size_t i = 0; i < set->n_files; ++i) {
        const char *name = set->files[i].path + strlen(set->directory) + 1;
        bool workbook = strcmp(name, "workbook.xlsx") == 0;
        csv_text(&text, name);
        csv_text(&text, workbook ? "written, synced, read back and every cell compared"
                                 : "written and synced");
        csv_text(&text, "pass");
        csv_end(&text);
    }
    return add_text(set, "assurance/files.csv", &text, error);
}

static enum status add_portfolios(struct output_set *set, const struct report_run *run,
                                  struct error *error)
{
    size_t n_tables = 0;
    const struct portfolio_table *tables = portfolio_tables(&n_tables);
    for (size_t i = 0; i < n_tables; ++i) {
        struct text text;
        text_init(&text);
        tables[i].write(&text, run);
        TRY(add_text(set, tables[i].name, &text, error));
    }
    return STATUS_OK;
}

/* changes.csv and its like, where an earlier run was given. */
static enum status add_changes(struct output_set *set, const struct report_run *run,
                               struct error *error)
{
    size_t n_tables = 0;
    const struct changes_table *tables = changes_tables(&n_tables);
    for (size_t i = 0; run->difference != NULL && i < n_tables; ++i) {
        struct text text;
        text_init(&text);
        tables[i].write(&text, run);
        TRY(add_text(set, tables[i].name, &text, error));
    }
    return STATUS_OK;
}

static enum status add_records(struct output_set *set, const struct report_run *run,
                               struct error *error)
{
    struct text text;
    text_init(&text);
    TRY(write_manifest(&text, run, error));
    TRY(add_text(set, "manifest.json", &text, error));
    TRY(write_datapackage(&text, run, error));
    TRY(add_text(set, "datapackage.json", &text, error));
    TRY(write_run_results(&text, run, error));
    TRY(add_text(set, "run_results.json", &text, error));
    TRY(write_inputs(run, output_reserve(set, "inputs.tar.zst"), error));
    TRY(output_sync_last(set, error));
    return write_workbook(run, output_reserve(set, "workbook.xlsx"), error);
}

enum status report_write_all(const struct report_run *run, const char *directory, size_t *n_removed,
                             struct error *error)
{
    struct output_set set;
    struct arena arena;
    arena_init(&arena);
    output_init(&set, directory);
    const struct stale_files stale = stale_find(&arena, directory);
    enum status status = add_tables(&set, run, error);
    if (status == STATUS_OK && run->decisions != NULL) {
        status = add_decisions(&set, run, error);
    }
    if (status == STATUS_OK) {
        status = add_league(&set, run, error);
    }
    if (status == STATUS_OK) {
        status = add_expectations(&set, run, error);
    }
    if (status == STATUS_OK && run->n_portfolios > 0) {
        status = add_portfolios(&set, run, error);
    }
    if (status == STATUS_OK) {
        status = add_changes(&set, run, error);
    }
    if (status == STATUS_OK) {
        status = add_assurance(&set, run, error);
    }
    if (status == STATUS_OK) {
        status = add_records(&set, run, error);
    }
    if (status == STATUS_OK) {
        status = add_files(&set, error);
    }
    if (status == STATUS_OK) {
        status = output_commit(&set, error);
    }
    *n_removed = status == STATUS_OK ? stale_remove(&stale, &set) : 0;
    arena_clear(&arena);
    output_clear(&set);
    return status;
}

void parameter_unit_words(char buffer[96], const struct parameter *parameter)
{
    if (parameter->price_year == 0) {
        (void)snprintf(buffer, 96, "%.90s", parameter->unit);
        return;
    }
    char year[16];
    text_format_financial_year(year, parameter->price_year);
    (void)snprintf(buffer, 96, "%.64s, %s prices", parameter->unit, year);
}

void write_replaced(struct text *out, const struct parameter *parameter)
{
    char words[96];
    parameter_unit_words(words, parameter->replaced);
    text_printf(out, "%.6g %s", parameter->replaced->distribution.mean, words);
}

bool names_its_place(const struct scenario *scenario)
{
    return scenario->area == NULL || strstr(scenario->title, scenario->area) != NULL;
}
