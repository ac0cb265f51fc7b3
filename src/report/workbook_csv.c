/* Sheets that hold what a .csv of the run holds: made from its text, so that they cannot differ. */
#include "report/workbook_private.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define N_OF(array) (sizeof(array) / sizeof((array)[0]))

typedef void (*csv_writer)(struct text *out, const struct report_run *run);

/* One field: its end. Quotes are undone, and the mark before what begins like a formula. */
static const char *read_field(struct text *field, const char *at)
{
    field->n_bytes = 0;
    text_append(field, "");
    if (*at != '"') {
        size_t n = strcspn(at, ",\n");
        text_append_span(field, at, n);
        return at + n;
    }
    ++at;
    if (at[0] == '\'' && at[1] != '\0' && strchr("=+-@\t\r", at[1]) != NULL) {
        ++at;
    }
    for (; *at != '\0' && (at[0] != '"' || at[1] == '"'); ++at) {
        text_append_span(field, at, 1);
        at += at[0] == '"' ? 1 : 0;
    }
    return *at == '"' ? at + 1 : at;
}

static bool is_words(enum workbook_show show)
{
    return show == SHOW_TEXT || show == SHOW_WORDS;
}

/* Blank words of a table of results do not apply there. */
static void add_field(struct workbook_sheet *sheet, enum workbook_show show, const char *field)
{
    double value = NAN;
    if (is_words(show)) {
        sheet_text(sheet, field[0] != '\0' ? field : "[z]");
    } else {
        if (field[0] != '\0' && !text_read_number(field, &value)) {
            value = NAN;
        }
        sheet_number(sheet, value);
    }
}

static const char *add_row(struct workbook_sheet *sheet, const char *at, size_t n_fields)
{
    struct text field;
    text_init(&field);
    for (size_t i = 0; i < n_fields; ++i) {
        at = read_field(&field, at);
        add_field(sheet, sheet->columns[i].show, field.bytes);
        at += *at == ',' ? 1 : 0;
    }
    for (size_t i = n_fields; i < sheet->n_columns; ++i) {
        sheet_number(sheet, NAN); /* columns of formulas, filled in afterwards */
    }
    text_clear(&field);
    assert(*at == '\n');
    return at + 1;
}

static size_t count_fields(const char *header)
{
    size_t n_fields = 1;
    for (const char *comma = strchr(header, ','); comma != NULL; comma = strchr(comma + 1, ',')) {
        ++n_fields;
    }
    return n_fields;
}

/* The rows of a .csv, in the order of its columns; `header` is its first line as this file takes it
 * to be. */
static void add_rows(struct workbook_sheet *sheet, const struct report_run *run, csv_writer write,
                     const char *header)
{
    struct text csv;
    size_t n_header = strlen(header), n_fields = count_fields(header);
    text_init(&csv);
    write(&csv, run);
    assert(n_fields <= sheet->n_columns && csv.n_bytes > n_header);
    assert(strncmp(csv.bytes, header, n_header) == 0 && csv.bytes[n_header] == '\n');
    for (const char *at = csv.bytes + n_header + 1; *at != '\0';) {
        at = add_row(sheet, at, n_fields);
    }
    text_clear(&csv);
}

/* A table has at least one row. */
static void end_rows(struct workbook_sheet *sheet)
{
    for (size_t i = 0; sheet->n_cells < sheet->n_columns; ++i) {
        if (is_words(sheet->columns[i].show)) {
            sheet_text(sheet, "[z]");
        } else {
            sheet_number(sheet, NAN);
        }
    }
}

static struct workbook_cell *cell_at(struct workbook_sheet *sheet, size_t row, size_t column)
{
    return &sheet->cells[row * sheet->n_columns + column];
}

static bool cell_says(struct workbook_sheet *sheet, size_t row, size_t column, const char *words)
{
    const struct workbook_cell *cell = cell_at(sheet, row, column);
    return cell->kind == CELL_TEXT && strcmp(cell->words, words) == 0;
}

static void set_formula(struct workbook_cell *cell, double value, const char *formula)
{
    enum workbook_show show = cell->show;
    *cell = workbook_formula(value, formula);
    cell->show = show;
}

/* ---- savings by kind ---- */

static void add_savings(struct workbook *book, const struct report_run *run)
{
    enum { WHO_KIND = 2, KIND = 3, MEAN = 4 };

    static const struct workbook_column columns[] = {{"Scenario", SHOW_TEXT},
                                                     {"Who", SHOW_TEXT},
                                                     {"Kind of who", SHOW_TEXT},
                                                     {"Kind of flow", SHOW_TEXT},
                                                     {"Mean", SHOW_MONEY},
                                                     {"Standard deviation", SHOW_MONEY},
                                                     {"Monte Carlo error", SHOW_PENCE},
                                                     {"Lower 95", SHOW_MONEY},
                                                     {"Median", SHOW_MONEY},
                                                     {"Upper 95", SHOW_MONEY},
                                                     {"Chance net not negative", SHOW_SHARE},
                                                     {"Chance cash not negative", SHOW_SHARE}};
    struct workbook_sheet *sheet = book_add_sheet(
        book, "Savings by kind", "Savings", "Costs and savings by kind",
        "Present values in GBP, real, discounted; the last kind is nominal cash. As sectors.csv.",
        columns, N_OF(columns));
    struct workbook_cell *check = sheet_add_check(sheet, "net of all sectors");
    add_rows(sheet, run, write_sectors,
             "scenario,who,who_kind,kind,mean_gbp,sd_gbp,mc_se_gbp,q025_gbp,q50_gbp,q975_gbp,p_net_"
             "nonneg,p_net_cash_nonneg");
    double sectors = 0.0, total = 0.0;
    for (size_t row = 0; row < sheet_n_rows(sheet); ++row) {
        double mean = cell_at(sheet, row, MEAN)->value;
        bool net = cell_says(sheet, row, KIND, "net");
        sectors += net && cell_says(sheet, row, WHO_KIND, "sector") ? mean : 0.0;
        total += net && cell_says(sheet, row, WHO_KIND, "total") ? mean : 0.0;
    }
    end_rows(sheet);
    sheet_fill_check(sheet, check,
                     "=SUMIFS(Savings[Mean],Savings[Kind of who],\"sector\",Savings[Kind of "
                     "flow],\"net\")",
                     sectors, total);
}

/* ---- health ---- */

static const struct scenario_result *result_by_id(const struct report_run *run, const char *id)
{
    for (size_t i = 0; i < run->n_results; ++i) {
        if (strcmp(run->results[i].plan->scenario->id, id) == 0) {
            return &run->results[i];
        }
    }
    return NULL;
}

/* QALYs of a year times the discount factor of health. */
static double discount_years(struct workbook_sheet *sheet, const struct report_run *run)
{
    enum { MEASURE = 2, YEAR = 3, MEAN = 5, FACTOR = 13, DISCOUNTED = 14 };

    double total = 0.0;
    for (size_t row = 0; row < sheet_n_rows(sheet); ++row) {
        const struct scenario_result *result = result_by_id(run, cell_at(sheet, row, 0)->words);
        size_t excel_row = sheet_header_row(sheet) + 1 + row;
        if (result == NULL || !cell_says(sheet, row, MEASURE, "qalys_of_year")) {
            continue;
        }
        double factor = result->plan->discount_health[(size_t)cell_at(sheet, row, YEAR)->value];
        double discounted = cell_at(sheet, row, MEAN)->value * factor;
        struct workbook_cell *cell = cell_at(sheet, row, FACTOR);
        *cell = (struct workbook_cell){.kind = CELL_NUMBER, .show = cell->show, .value = factor};
        set_formula(cell_at(sheet, row, DISCOUNTED), discounted,
                    arena_printf(sheet->arena, "=F%zu*N%zu", excel_row, excel_row));
        total += discounted;
    }
    return total;
}

static void add_qalys(struct workbook *book, const struct report_run *run)
{
    static const struct workbook_column columns[] = {{"Scenario", SHOW_TEXT},
                                                     {"Who", SHOW_TEXT},
                                                     {"Measure", SHOW_TEXT},
                                                     {"Year index", SHOW_COUNT},
                                                     {"Threshold GBP per QALY", SHOW_MONEY},
                                                     {"Mean", SHOW_NUMBER},
                                                     {"Standard deviation", SHOW_NUMBER},
                                                     {"Monte Carlo error", SHOW_NUMBER},
                                                     {"Lower 95", SHOW_NUMBER},
                                                     {"Median", SHOW_NUMBER},
                                                     {"Upper 95", SHOW_NUMBER},
                                                     {"Chance cost effective", SHOW_SHARE},
                                                     {"Verdict", SHOW_TEXT},
                                                     {"Health discount factor", SHOW_FACTOR},
                                                     {"QALYs discounted", SHOW_NUMBER}};
    struct workbook_sheet *sheet = book_add_sheet(
        book, "QALYs", "Qalys", "Quality-adjusted life years",
        "QALYs, cost per QALY and net benefit at each threshold; by year, undiscounted and "
        "discounted. As qalys.csv.",
        columns, N_OF(columns));
    struct workbook_cell *check = sheet_add_check(sheet, "QALYs of all years, discounted");
    add_rows(sheet, run, write_qalys,
             "scenario,who,measure,year_index,threshold_gbp_per_qaly,mean,sd,mc_se,q025,q50,q975,p_"
             "cost_effective,verdict");
    double engine = 0.0, total = discount_years(sheet, run);
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct column_statistics *qalys =
            run->results[i].statistics != NULL && run->results[i].plan->n_qalys > 0
                ? result_find(&run->results[i], MEASURE_QALYS, run->results[i].plan->n_whos - 1, 0,
                              0)
                : NULL;
        engine += qalys != NULL ? qalys->mean : 0.0;
    }
    end_rows(sheet);
    sheet_fill_check(sheet, check, "=SUM(Qalys[QALYs discounted])", total, engine);
}

static void add_uncertainty(struct workbook *book, const struct report_run *run)
{
    static const struct workbook_column columns[] = {{"Scenario", SHOW_TEXT},
                                                     {"Who", SHOW_TEXT},
                                                     {"Kind of who", SHOW_TEXT},
                                                     {"Measure", SHOW_TEXT},
                                                     {"Item", SHOW_TEXT},
                                                     {"Unit", SHOW_TEXT},
                                                     {"Headline", SHOW_NUMBER},
                                                     {"Mean", SHOW_NUMBER},
                                                     {"Standard deviation", SHOW_NUMBER},
                                                     {"Monte Carlo error", SHOW_NUMBER},
                                                     {"Lower 95", SHOW_NUMBER},
                                                     {"Median", SHOW_NUMBER},
                                                     {"Upper 95", SHOW_NUMBER},
                                                     {"Chance not negative", SHOW_SHARE},
                                                     {"Its Monte Carlo error", SHOW_FACTOR},
                                                     {"Draws", SHOW_COUNT},
                                                     {"Draws with a value", SHOW_COUNT}};
    struct workbook_sheet *sheet = book_add_sheet(
        book, "Uncertainty", "Uncertainty", "Every measure with its uncertainty",
        "Means, 95 % intervals, Monte Carlo errors and probabilities. Means add over sectors; "
        "intervals and probabilities do not. As summary.csv.",
        columns, N_OF(columns));
    add_rows(sheet, run, write_summary,
             "scenario,who,who_kind,measure,item,unit,headline,mean,sd,mc_se,q025,q50,q975,p_"
             "nonneg,p_nonneg_mc_se,n_draws,n_defined");
    end_rows(sheet);
}

void workbook_add_statistics(struct workbook *book, const struct report_run *programmes)
{
    add_savings(book, programmes);
    add_qalys(book, programmes);
    add_uncertainty(book, programmes);
}

void workbook_add_options(struct workbook *book, const struct report_run *health)
{
    static const struct workbook_column columns[] = {{"Scenario", SHOW_TEXT},
                                                     {"Option", SHOW_TEXT},
                                                     {"Who", SHOW_TEXT},
                                                     {"Measure", SHOW_TEXT},
                                                     {"Item", SHOW_TEXT},
                                                     {"Unit", SHOW_TEXT},
                                                     {"Mean undiscounted", SHOW_NUMBER},
                                                     {"Mean", SHOW_NUMBER},
                                                     {"Standard deviation", SHOW_NUMBER},
                                                     {"Monte Carlo error", SHOW_NUMBER},
                                                     {"Lower 95", SHOW_NUMBER},
                                                     {"Median", SHOW_NUMBER},
                                                     {"Upper 95", SHOW_NUMBER}};
    struct workbook_sheet *sheet = book_add_sheet(
        book, "Options", "Options", "Options of health models",
        "Costs, outcomes and net benefit of each option. As options.csv.", columns, N_OF(columns));
    add_rows(sheet, health, write_options,
             "scenario,option,who,measure,item,unit,undiscounted_mean,mean,sd,mc_se,q025,q50,q975");
    end_rows(sheet);
}

/* ---- portfolios ---- */

static csv_writer portfolio_writer(const char *name)
{
    size_t n_tables = 0;
    const struct portfolio_table *tables = portfolio_tables(&n_tables);
    for (size_t i = 0; i < n_tables; ++i) {
        if (strcmp(tables[i].name, name) == 0) {
            return tables[i].write;
        }
    }
    assert(!"a table of portfolios by this name");
    return NULL;
}

static void add_sets(struct workbook *book, const struct report_run *run)
{
    static const struct workbook_column columns[] = {{"Portfolio", SHOW_TEXT},
                                                     {"Set", SHOW_TEXT},
                                                     {"Budgets", SHOW_TEXT},
                                                     {"Found", SHOW_TEXT},
                                                     {"Proved best", SHOW_TEXT},
                                                     {"Objective", SHOW_TEXT},
                                                     {"Unit", SHOW_TEXT},
                                                     {"Value", SHOW_NUMBER},
                                                     {"Upper bound", SHOW_NUMBER},
                                                     {"Value by the full model", SHOW_NUMBER},
                                                     {"Value by GLPK", SHOW_NUMBER},
                                                     {"Draws", SHOW_COUNT},
                                                     {"Value of pooling", SHOW_NUMBER}};
    struct workbook_sheet *sheet = book_add_sheet(
        book, "Portfolio", "Portfolio", "Portfolios: all programmes and the best sets",
        "What each set is worth; budgets pooled and not. As portfolio/sets.csv.", columns,
        N_OF(columns));
    add_rows(sheet, run, portfolio_writer("portfolio/sets.csv"),
             "portfolio,set,budgets,found,proved,objective,unit,value,upper_bound,value_by_full_"
             "model,value_by_glpk,n_draws,value_of_pooling");
    end_rows(sheet);
}

static void add_programmes(struct workbook *book, const struct report_run *run)
{
    static const struct workbook_column columns[] = {
        {"Portfolio", SHOW_TEXT},  {"Programme", SHOW_TEXT}, {"Name", SHOW_WORDS},
        {"Prevention", SHOW_TEXT}, {"Set", SHOW_TEXT},       {"Scale", SHOW_NUMBER}};
    struct workbook_sheet *sheet =
        book_add_sheet(book, "Programmes chosen", "Programmes", "Programmes of each set",
                       "Scale of each programme in each set; 0: left out. As "
                       "portfolio/programmes.csv.",
                       columns, N_OF(columns));
    add_rows(sheet, run, portfolio_writer("portfolio/programmes.csv"),
             "portfolio,programme,label,prevention,set,scale");
    end_rows(sheet);
}

static void add_budgets(struct workbook *book, const struct report_run *run)
{
    static const struct workbook_column columns[] = {{"Portfolio", SHOW_TEXT},
                                                     {"Set", SHOW_TEXT},
                                                     {"Budget", SHOW_TEXT},
                                                     {"Year index", SHOW_COUNT},
                                                     {"Financial year", SHOW_TEXT},
                                                     {"Budget nominal", SHOW_MONEY},
                                                     {"Mean use nominal", SHOW_MONEY},
                                                     {"Chance overspent", SHOW_SHARE}};
    struct workbook_sheet *sheet =
        book_add_sheet(book, "Budgets", "Budgets", "Budgets by financial year",
                       "What each set asks of each budget, nominal GBP. As portfolio/budgets.csv.",
                       columns, N_OF(columns));
    add_rows(sheet, run, portfolio_writer("portfolio/budgets.csv"),
             "portfolio,set,budget,year_index,financial_year,budget_nominal_gbp,mean_use_nominal_"
             "gbp,p_overspent");
    end_rows(sheet);
}

/* For each portfolio who has cash to give and who stays down, before any transfer is read. */
static const char *cash_of_deals(struct workbook *book, const struct report_run *run)
{
    struct text words;
    text_init(&words);
    text_append(&words, "");
    for (size_t i = 0; i < run->n_portfolios; ++i) {
        const struct portfolio_set *set = portfolio_page_set(run, &run->portfolios[i]);
        if (set == NULL || set->deal.n_partners == 0) {
            continue;
        }
        const struct deal_terms terms = {.plan = set->plan,
                                         .whos = set->deal.whos,
                                         .n = set->deal.n_partners,
                                         .transfers = set->deal.bases[DEAL_FISCAL].smallest,
                                         .cash = set->deal.bases[DEAL_CASH].net};
        text_printf(&words, "%s: ", set->id);
        write_deal_cash(&words, &terms);
        write_deal_limits(&words, &terms);
        text_append(&words, " ");
    }
    const char *kept = arena_copy_text(book->arena, words.bytes);
    text_clear(&words);
    return kept;
}

static void add_deals(struct workbook *book, const struct report_run *run)
{
    enum { TRANSFER = 8, FINAL = 9 };

    static const struct workbook_column columns[] = {{"Portfolio", SHOW_TEXT},
                                                     {"Set", SHOW_TEXT},
                                                     {"Basis", SHOW_TEXT},
                                                     {"Rule", SHOW_TEXT},
                                                     {"Partner", SHOW_TEXT},
                                                     {"Investment", SHOW_MONEY},
                                                     {"Gross saving", SHOW_MONEY},
                                                     {"Net before", SHOW_MONEY},
                                                     {"Transfer on paper", SHOW_MONEY},
                                                     {"Net after on paper", SHOW_MONEY},
                                                     {"Chance partner whole", SHOW_SHARE},
                                                     {"Chance all whole", SHOW_SHARE},
                                                     {"Verdict", SHOW_TEXT},
                                                     {"Payable in cash", SHOW_MONEY}};
    struct workbook_sheet *sheet = book_add_sheet(
        book, "Fair shares", "FairShares", "Fair shares: deals between partners",
        arena_printf(book->arena,
                     "%sPresent values in GBP. Payable in cash: what a payer's own gain in cash "
                     "covers, 0 where nobody holds a budget; where that is less than the transfer, "
                     "the transfer and the net after it stand on paper alone. A negative transfer "
                     "is asked of a payer, a positive one offered; those of a deal sum to nothing. "
                     "As portfolio/deals.csv.",
                     cash_of_deals(book, run)),
        columns, N_OF(columns));
    struct workbook_cell *check = sheet_add_check(sheet, "transfers of all deals");
    add_rows(sheet, run, portfolio_writer("portfolio/deals.csv"),
             "portfolio,set,basis,rule,partner,investment_gbp,gross_saving_gbp,net_before_gbp,"
             "transfer_gbp,final_gbp,p_partner_whole,p_all_whole,verdict,payable_in_cash_gbp");
    double transfers = 0.0;
    for (size_t row = 0; row < sheet_n_rows(sheet); ++row) {
        size_t excel_row = sheet_header_row(sheet) + 1 + row;
        struct workbook_cell *final = cell_at(sheet, row, FINAL);
        transfers += cell_at(sheet, row, TRANSFER)->value;
        set_formula(final, final->value,
                    arena_printf(sheet->arena, "=H%zu+I%zu", excel_row, excel_row));
    }
    end_rows(sheet);
    sheet_fill_check(sheet, check, "=SUM(FairShares[Transfer on paper])", transfers, 0.0);
}

static void add_quintiles(struct workbook *book, const struct report_run *run)
{
    static const struct workbook_column columns[] = {{"Portfolio", SHOW_TEXT},
                                                     {"Set", SHOW_TEXT},
                                                     {"Quintile", SHOW_COUNT},
                                                     {"People", SHOW_MONEY},
                                                     {"Share of the burden", SHOW_SHARE},
                                                     {"Green Book weight", SHOW_SHARE},
                                                     {"Participants", SHOW_NUMBER},
                                                     {"Participants lower 95", SHOW_NUMBER},
                                                     {"Participants upper 95", SHOW_NUMBER},
                                                     {"QALYs", SHOW_NUMBER},
                                                     {"QALYs lower 95", SHOW_NUMBER},
                                                     {"QALYs upper 95", SHOW_NUMBER},
                                                     {"Value GBP", SHOW_MONEY},
                                                     {"Value lower 95", SHOW_MONEY},
                                                     {"Value upper 95", SHOW_MONEY},
                                                     {"Net health benefit", SHOW_NUMBER},
                                                     {"Benefit lower 95", SHOW_NUMBER},
                                                     {"Benefit upper 95", SHOW_NUMBER}};
    struct workbook_sheet *sheet =
        book_add_sheet(book, "Quintiles", "Quintiles", "Who gains, by quintile of deprivation",
                       "Quintile 1 is the most deprived fifth. As portfolio/quintiles.csv.",
                       columns, N_OF(columns));
    add_rows(
        sheet, run, portfolio_writer("portfolio/quintiles.csv"),
        "portfolio,set,quintile,people,burden_share,green_book_weight,participants,participants_"
        "q025,participants_q975,qalys,qalys_q025,qalys_q975,value_gbp,value_gbp_q025,value_gbp_"
        "q975,net_health_benefit,net_health_benefit_q025,net_health_benefit_q975");
    end_rows(sheet);
}

void workbook_add_portfolios(struct workbook *book, const struct report_run *run)
{
    add_sets(book, run);
    add_programmes(book, run);
    add_budgets(book, run);
    add_deals(book, run);
    add_quintiles(book, run);
}
