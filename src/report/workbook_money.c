/* Sheets of money with live formulas: the yearly flows, what they come to for each sector, and the
 * comparison of scenarios. Formulas use the rows and tables of the workbook alone; beside each
 * stands the engine's figure. */
#include "report/workbook_private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N_OF(array) (sizeof(array) / sizeof((array)[0]))

static double mean_of(const struct scenario_result *result, enum measure measure, size_t who)
{
    const struct column_statistics *statistics = result_find(result, measure, who, 0, 0);
    return statistics != NULL ? statistics->mean : (double)NAN;
}

static double headline_of(const struct scenario_result *result, enum measure measure, size_t who)
{
    const struct column_statistics *statistics = result_find(result, measure, who, 0, 0);
    return statistics != NULL ? statistics->headline : (double)NAN;
}

static double or_zero(double value)
{
    return isfinite(value) ? value : 0.0;
}

/* ---- Budget impact ---- */

/* Letters of columns that formulas name: G..I costs, J..O what is gained, P levered in. */
static const struct workbook_column budget_columns[] = {
    {"Scenario", SHOW_TEXT},                 /* A */
    {"Who", SHOW_TEXT},                      /* B */
    {"Name", SHOW_TEXT},                     /* C */
    {"Kind of who", SHOW_TEXT},              /* D */
    {"Year index", SHOW_COUNT},              /* E */
    {"Financial year", SHOW_TEXT},           /* F */
    {"Cash cost", SHOW_MONEY},               /* G */
    {"Redeployed cost", SHOW_MONEY},         /* H */
    {"In-kind cost", SHOW_MONEY},            /* I */
    {"Cashable", SHOW_MONEY},                /* J */
    {"Non-cashable", SHOW_MONEY},            /* K */
    {"Economic", SHOW_MONEY},                /* L */
    {"Social", SHOW_MONEY},                  /* M */
    {"QALY value", SHOW_MONEY},              /* N */
    {"Transfers", SHOW_MONEY},               /* O */
    {"Levered in", SHOW_MONEY},              /* P */
    {"Net real", SHOW_MONEY},                /* Q */
    {"Discount factor", SHOW_FACTOR},        /* R */
    {"Health discount factor", SHOW_FACTOR}, /* S */
    {"Net discounted", SHOW_MONEY},          /* T */
    {"Price factor", SHOW_FACTOR},           /* U */
    {"Net nominal", SHOW_MONEY},             /* V */
    {"Cash net nominal", SHOW_MONEY},        /* W */
    {"Cash to date nominal", SHOW_MONEY},    /* X */
    {"Cash to date lower 95", SHOW_MONEY},   /* Y */
    {"Cash to date upper 95", SHOW_MONEY},   /* Z */
};

/* Cumulative figures of the engine: what came to it in the one year. */
double workbook_step(const struct scenario_result *result, enum measure measure, size_t who,
                     size_t year)
{
    double now = result_find(result, measure, who, year, 0)->mean;
    return year == 0 ? now : now - result_find(result, measure, who, year - 1, 0)->mean;
}

static void budget_formulas(struct workbook_sheet *sheet, const struct scenario_result *result,
                            size_t who, size_t year)
{
    const struct plan *plan = result->plan;
    size_t row = sheet_row(sheet);
    double net = result_find(result, MEASURE_NET_REAL_YEAR, who, year, 0)->mean;
    sheet_formula(sheet, net, "=SUM(J%zu:O%zu)-SUM(G%zu:I%zu)", row, row, row, row);
    sheet_number(sheet, plan->discount_costs[year]);
    sheet_number(sheet, plan->discount_health[year]);
    sheet_formula(sheet, workbook_step(result, MEASURE_NET_AT, who, year),
                  "=(Q%zu-SUM(N%zu))*R%zu+SUM(N%zu)*S%zu", row, row, row, row, row);
    sheet_number(sheet, plan->nominal_factor[year]);
    sheet_formula(sheet, net * plan->nominal_factor[year], "=Q%zu*U%zu", row, row);
    sheet_formula(sheet, workbook_step(result, MEASURE_NET_CASH_AT, who, year),
                  "=(SUM(J%zu,O%zu)-SUM(G%zu))*U%zu", row, row, row, row);
}

static void add_budget_row(struct workbook_sheet *sheet, const struct scenario_result *result,
                           size_t who, size_t year)
{
    const struct plan *plan = result->plan;
    const struct column_statistics *cash = result_find(result, MEASURE_NET_CASH_AT, who, year, 0);
    char financial_year[16];
    text_format_financial_year(financial_year, plan->scenario->start_year + (int)year);
    sheet_text(sheet, plan->scenario->id);
    sheet_text(sheet, plan->whos[who].id);
    sheet_text(sheet, plan->whos[who].label);
    sheet_text(sheet, who_kind_name(plan->whos[who].kind));
    sheet_number(sheet, (double)year);
    sheet_text(sheet, financial_year);
    for (size_t kind = 0; kind < N_FLOW_KINDS; ++kind) {
        bool any = false;
        double flow = flow_of_year(result, who, kind, year, &any);
        sheet_number(sheet, any ? flow : (double)NAN);
    }
    budget_formulas(sheet, result, who, year);
    sheet_number(sheet, cash->mean);
    sheet_number(sheet, cash->q025);
    sheet_number(sheet, cash->q975);
}

static double total_net(const struct report_run *run)
{
    double total = 0.0;
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct scenario_result *result = &run->results[i];
        total += result->statistics != NULL ? mean_of(result, MEASURE_NET, result->plan->n_whos - 1)
                                            : 0.0;
    }
    return total;
}

static double sectors_net(const struct report_run *run)
{
    double total = 0.0;
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct scenario_result *result = &run->results[i];
        for (size_t who = 0; result->statistics != NULL && who < result->plan->n_sector_whos;
             ++who) {
            total += mean_of(result, MEASURE_NET, who);
        }
    }
    return total;
}

static void add_budget_impact(struct workbook *book, const struct report_run *run)
{
    struct workbook_sheet *sheet = book_add_sheet(
        book, "Budget impact", "BudgetImpact", "Budget impact by partner and financial year",
        "GBP, means over draws. Flows are real; cash (cash costs, cashable savings, transfers) "
        "stands apart and is nominal. Levered-in money is in no net. As cashflow.csv.",
        budget_columns, N_OF(budget_columns));
    struct workbook_cell *check = sheet_add_check(sheet, "net of all sectors, discounted");
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct scenario_result *result = &run->results[i];
        for (size_t who = 0; result->statistics != NULL && who < result->plan->n_whos; ++who) {
            for (size_t year = 0; year < result->plan->n_years; ++year) {
                add_budget_row(sheet, result, who, year);
            }
        }
    }
    sheet_fill_check(sheet, check,
                     "=SUMIFS(BudgetImpact[Net discounted],BudgetImpact[Kind of who],\"sector\")",
                     sectors_net(run), total_net(run));
    book_add_name(book, "Budget_net_discounted", sheet_range(sheet, "Net discounted"));
    book_add_name(book, "Budget_cash_net_nominal", sheet_range(sheet, "Cash net nominal"));
    book_add_name(book, "Discount_factor", sheet_range(sheet, "Discount factor"));
}

/* ---- Sectors ---- */

static const struct workbook_column sector_columns[] = {
    {"Scenario", SHOW_TEXT},                  /* A */
    {"Who", SHOW_TEXT},                       /* B */
    {"Name", SHOW_TEXT},                      /* C */
    {"Kind of who", SHOW_TEXT},               /* D */
    {"Cash cost", SHOW_MONEY},                /* E */
    {"Redeployed cost", SHOW_MONEY},          /* F */
    {"In-kind cost", SHOW_MONEY},             /* G */
    {"Cashable", SHOW_MONEY},                 /* H */
    {"Non-cashable", SHOW_MONEY},             /* I */
    {"Economic", SHOW_MONEY},                 /* J */
    {"Social", SHOW_MONEY},                   /* K */
    {"QALY value", SHOW_MONEY},               /* L */
    {"Transfers", SHOW_MONEY},                /* M */
    {"Levered in", SHOW_MONEY},               /* N */
    {"Cost", SHOW_MONEY},                     /* O */
    {"Net from kinds", SHOW_MONEY},           /* P */
    {"Net present value", SHOW_MONEY},        /* Q */
    {"Engine net", SHOW_MONEY},               /* R */
    {"Formula less engine", SHOW_PENCE},      /* S */
    {"Net lower 95", SHOW_MONEY},             /* T */
    {"Net upper 95", SHOW_MONEY},             /* U */
    {"Chance net not negative", SHOW_SHARE},  /* V */
    {"Net cash nominal", SHOW_MONEY},         /* W */
    {"Engine net cash", SHOW_MONEY},          /* X */
    {"Chance cash not negative", SHOW_SHARE}, /* Y */
    {"Benefit cost ratio", SHOW_SHARE},       /* Z */
    {"Cashable return", SHOW_SHARE},          /* AA */
    {"Fiscal return", SHOW_SHARE},            /* AB */
    {"Public value return", SHOW_SHARE},      /* AC */
};

/* Of the yearly rows of the same scenario and partner, however they are sorted. */
#define OF_YEARS(column)                                                                           \
    "=SUMIFS(BudgetImpact[" column "],BudgetImpact[Scenario],A%zu,BudgetImpact[Who],B%zu)"

static void add_returns(struct workbook_sheet *sheet, const struct scenario_result *result,
                        size_t who, size_t row)
{
    sheet_formula(sheet, headline_of(result, MEASURE_BCR, who),
                  "=IF(O%zu=0,\"[z]\",SUM(H%zu:M%zu)/O%zu)", row, row, row, row);
    sheet_formula(sheet, headline_of(result, MEASURE_RETURN_CASHABLE, who),
                  "=IF(O%zu=0,\"[z]\",SUM(H%zu)/O%zu)", row, row, row);
    sheet_formula(sheet, headline_of(result, MEASURE_RETURN_FISCAL, who),
                  "=IF(O%zu=0,\"[z]\",SUM(H%zu:I%zu)/O%zu)", row, row, row, row);
    sheet_formula(sheet, headline_of(result, MEASURE_RETURN_PUBLIC_VALUE, who),
                  "=IF(O%zu=0,\"[z]\",SUM(H%zu:L%zu)/O%zu)", row, row, row, row);
}

static void add_sector_row(struct workbook_sheet *sheet, const struct scenario_result *result,
                           size_t who)
{
    const struct plan *plan = result->plan;
    const struct column_statistics *net = result_find(result, MEASURE_NET, who, 0, 0);
    const struct column_statistics *cash = result_find(result, MEASURE_NET_CASH, who, 0, 0);
    size_t row = sheet_row(sheet);
    sheet_text(sheet, plan->scenario->id);
    sheet_text(sheet, plan->whos[who].id);
    sheet_text(sheet, plan->whos[who].label);
    sheet_text(sheet, who_kind_name(plan->whos[who].kind));
    for (size_t kind = 0; kind < N_FLOW_KINDS; ++kind) {
        sheet_number(sheet, mean_of(result, (enum measure)(MEASURE_PV_COST_CASH + kind), who));
    }
    sheet_formula(sheet, or_zero(mean_of(result, MEASURE_PV_COST, who)), "=SUM(E%zu:G%zu)", row,
                  row);
    sheet_formula(sheet, net->mean, "=SUM(H%zu:M%zu)-SUM(E%zu:G%zu)", row, row, row, row);
    sheet_formula(sheet, net->mean, OF_YEARS("Net discounted"), row, row);
    sheet_number(sheet, net->mean);
    sheet_formula(sheet, 0.0, "=ROUND(Q%zu-R%zu,2)", row, row);
    sheet_number(sheet, net->q025);
    sheet_number(sheet, net->q975);
    sheet_number(sheet, net->p_nonneg);
    sheet_formula(sheet, cash->mean, OF_YEARS("Cash net nominal"), row, row);
    sheet_number(sheet, cash->mean);
    sheet_number(sheet, cash->p_nonneg);
    add_returns(sheet, result, who, row);
}

static void add_sectors(struct workbook *book, const struct report_run *run)
{
    struct workbook_sheet *sheet = book_add_sheet(
        book, "Sectors", "Sectors", "Who pays, who gains",
        "Present values in GBP, real, discounted, means over draws; returns are per GBP of cost. "
        "Net present value sums the discounted years of Budget impact. As sectors.csv.",
        sector_columns, N_OF(sector_columns));
    struct workbook_cell *check = sheet_add_check(sheet, "net present value of all sectors");
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct scenario_result *result = &run->results[i];
        for (size_t who = 0; result->statistics != NULL && who < result->plan->n_whos; ++who) {
            add_sector_row(sheet, result, who);
        }
    }
    sheet_fill_check(sheet, check,
                     "=SUMIFS(Sectors[Net present value],Sectors[Kind of who],\"sector\")",
                     sectors_net(run), total_net(run));
    book_add_name(book, "Sector_net", sheet_range(sheet, "Net present value"));
    book_add_name(book, "Sector_net_cash", sheet_range(sheet, "Net cash nominal"));
}

/* ---- Summary ---- */

static const struct workbook_column summary_columns[] = {
    {"Scenario", SHOW_TEXT},                  /* A */
    {"Title", SHOW_WORDS},                    /* B */
    {"Model", SHOW_TEXT},                     /* C */
    {"From April of", SHOW_YEAR},             /* D */
    {"Years funded", SHOW_COUNT},             /* E */
    {"Years in all", SHOW_COUNT},             /* F */
    {"Perspective", SHOW_TEXT},               /* G */
    {"Cost", SHOW_MONEY},                     /* H */
    {"Cashable", SHOW_MONEY},                 /* I */
    {"Non-cashable", SHOW_MONEY},             /* J */
    {"Economic and social", SHOW_MONEY},      /* K */
    {"Net present value", SHOW_MONEY},        /* L */
    {"Net lower 95", SHOW_MONEY},             /* M */
    {"Net upper 95", SHOW_MONEY},             /* N */
    {"Chance net not negative", SHOW_SHARE},  /* O */
    {"Net cash nominal", SHOW_MONEY},         /* P */
    {"Chance cash not negative", SHOW_SHARE}, /* Q */
    {"Benefit cost ratio", SHOW_SHARE},       /* R */
    {"Cashable return", SHOW_SHARE},          /* S */
    {"Fiscal return", SHOW_SHARE},            /* T */
    {"Public value return", SHOW_SHARE},      /* U */
    {"Discounted payback", SHOW_TEXT},        /* V */
    {"Monte Carlo error of net", SHOW_PENCE}, /* W */
    {"Draws", SHOW_COUNT},                    /* X */
    {"Status", SHOW_TEXT},                    /* Y */
};

#define OF_SECTORS(column) "SUMIFS(Sectors[" column "],Sectors[Scenario],A%zu,Sectors[Who],G%zu)"

static void add_summary_money(struct workbook_sheet *sheet, const struct scenario_result *result,
                              size_t who, size_t row)
{
    sheet_formula(sheet, or_zero(mean_of(result, MEASURE_PV_COST, who)), "=" OF_SECTORS("Cost"),
                  row, row);
    sheet_formula(sheet, or_zero(mean_of(result, MEASURE_PV_CASHABLE, who)),
                  "=" OF_SECTORS("Cashable"), row, row);
    sheet_formula(sheet, or_zero(mean_of(result, MEASURE_PV_NON_CASHABLE, who)),
                  "=" OF_SECTORS("Non-cashable"), row, row);
    sheet_formula(sheet,
                  or_zero(mean_of(result, MEASURE_PV_ECONOMIC, who)) +
                      or_zero(mean_of(result, MEASURE_PV_SOCIAL, who)) +
                      or_zero(mean_of(result, MEASURE_PV_QALY_VALUE, who)),
                  "=" OF_SECTORS("Economic") "+" OF_SECTORS("Social") "+" OF_SECTORS("QALY value"),
                  row, row, row, row, row, row);
    sheet_formula(sheet, mean_of(result, MEASURE_NET, who), "=" OF_SECTORS("Net present value"),
                  row, row);
}

static void add_summary_returns(struct workbook_sheet *sheet, const struct scenario_result *result,
                                size_t who, size_t row)
{
    sheet_formula(sheet, headline_of(result, MEASURE_BCR, who),
                  "=IF(H%zu=0,\"[z]\",(L%zu+H%zu)/H%zu)", row, row, row, row);
    sheet_formula(sheet, headline_of(result, MEASURE_RETURN_CASHABLE, who),
                  "=IF(H%zu=0,\"[z]\",I%zu/H%zu)", row, row, row);
    sheet_formula(sheet, headline_of(result, MEASURE_RETURN_FISCAL, who),
                  "=IF(H%zu=0,\"[z]\",(I%zu+J%zu)/H%zu)", row, row, row, row);
    sheet_formula(sheet, headline_of(result, MEASURE_RETURN_PUBLIC_VALUE, who),
                  "=IF(H%zu=0,\"[z]\",(I%zu+J%zu+K%zu)/H%zu)", row, row, row, row, row);
}

static void add_summary_results(struct workbook_sheet *sheet, const struct scenario_result *result,
                                size_t row)
{
    size_t who = headline_index(result->plan);
    const struct column_statistics *net = result_find(result, MEASURE_NET, who, 0, 0);
    const struct column_statistics *cash = result_find(result, MEASURE_NET_CASH, who, 0, 0);
    char payback[32];
    payback_words(payback, result->plan, headline_of(result, MEASURE_PAYBACK_DISCOUNTED, who),
                  "not within the horizon");
    add_summary_money(sheet, result, who, row);
    sheet_number(sheet, net->q025);
    sheet_number(sheet, net->q975);
    sheet_number(sheet, net->p_nonneg);
    sheet_formula(sheet, cash->mean, "=" OF_SECTORS("Net cash nominal"), row, row);
    sheet_number(sheet, cash->p_nonneg);
    add_summary_returns(sheet, result, who, row);
    sheet_text(sheet, payback);
    sheet_number(sheet, net->se);
    sheet_number(sheet, (double)result->n_draws);
    sheet_text(sheet, "done");
}

static void add_summary_row(struct workbook_sheet *sheet, const struct scenario_result *result)
{
    const struct scenario *scenario = result->plan->scenario;
    size_t row = sheet_row(sheet);
    sheet_text(sheet, scenario->id);
    sheet_text(sheet, scenario->title);
    sheet_text(sheet, scenario->model != NULL ? scenario->model->id : "[z]");
    sheet_number(sheet, scenario->start_year);
    sheet_number(sheet, (double)scenario->funded_years);
    sheet_number(sheet, (double)scenario->horizon_years);
    sheet_text(sheet, result->plan->whos[headline_index(result->plan)].id);
    if (result->statistics != NULL) {
        add_summary_results(sheet, result, row);
        return;
    }
    while (sheet->n_cells % sheet->n_columns != sheet->n_columns - 1) {
        sheet_text(sheet, "[x]");
    }
    sheet_text(sheet, arena_printf(sheet->arena, "failed: %s", result->error.message));
}

static void add_summary(struct workbook *book, const struct report_run *run)
{
    struct workbook_sheet *sheet = book_add_sheet(
        book, "Summary", "Summary", "Scenarios compared",
        "Present values in GBP of the perspective named in each row, means over draws. Scenarios "
        "may overlap: their sum is a check of the arithmetic, not a result.",
        summary_columns, N_OF(summary_columns));
    struct workbook_cell *check = sheet_add_check(sheet, "net present value of all rows");
    double total = 0.0;
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct scenario_result *result = &run->results[i];
        add_summary_row(sheet, result);
        total += result->statistics != NULL
                     ? mean_of(result, MEASURE_NET, headline_index(result->plan))
                     : 0.0;
    }
    sheet_fill_check(sheet, check, "=SUM(Summary[Net present value])", total, total);
    book_add_name(book, "Summary_net", sheet_range(sheet, "Net present value"));
    book_add_name(book, "Summary_net_cash", sheet_range(sheet, "Net cash nominal"));
    book_add_name(book, "Summary_benefit_cost_ratio", sheet_range(sheet, "Benefit cost ratio"));
    book_add_name(book, "Scenario_list", sheet_range(sheet, "Scenario"));
}

/* ---- charts: tables that follow a chosen scenario ---- */

/* A portfolio's whole where there is one, else the first that did not fail. */
static const struct scenario_result *shown_at_first(const struct report_run *run)
{
    const struct scenario_result *shown = NULL;
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct scenario_result *result = &run->results[i];
        bool better =
            shown == NULL || (shown->plan->bundle == NULL && result->plan->bundle != NULL);
        shown = result->statistics != NULL && better ? result : shown;
    }
    return shown;
}

/* Stands in B3, below title and sentence. */
void sheet_add_chooser(struct workbook_sheet *sheet, const struct scenario_result *shown)
{
    sheet->chooser = sheet->n_top;
    *sheet_add_top(sheet, "Scenario shown (choose from the list)") =
        (struct workbook_cell){.kind = CELL_TEXT, .words = shown->plan->scenario->id};
    sheet->chooser_list = "=Scenario_list";
}

/* Sectors that occur in any scenario of the run, in their order. */
bool workbook_uses_sector(const struct report_run *run, size_t sector)
{
    for (size_t i = 0; i < run->n_results; ++i) {
        if (run->results[i].statistics != NULL &&
            run->results[i].plan->who_of_sector[sector] != SIZE_MAX) {
            return true;
        }
    }
    return false;
}

static double net_of_sector(const struct scenario_result *result, size_t sector)
{
    size_t who = result->plan->who_of_sector[sector];
    return who != SIZE_MAX ? mean_of(result, MEASURE_NET, who) : 0.0;
}

static double net_cash_of_sector(const struct scenario_result *result, size_t sector)
{
    size_t who = result->plan->who_of_sector[sector];
    return who != SIZE_MAX ? mean_of(result, MEASURE_NET_CASH, who) : 0.0;
}

static void add_net_by_partner(struct workbook *book, const struct report_run *run,
                               const struct scenario_result *shown)
{
    static const struct workbook_column columns[] = {{"Who", SHOW_TEXT},
                                                     {"Name", SHOW_TEXT},
                                                     {"Net present value", SHOW_MONEY},
                                                     {"Net cash nominal", SHOW_MONEY}};
    const struct sectors *sectors = run->library->sectors;
    struct workbook_sheet *sheet = book_add_sheet(
        book, "Net by partner", "NetByPartner", "Net present value by partner",
        "GBP of one scenario: below 0 a partner pays more than it gains. Cash is nominal and in "
        "the last column. The chart shows the third column.",
        columns, N_OF(columns));
    sheet_add_chooser(sheet, shown);
    for (size_t i = 0; i < sectors->n_sectors; ++i) {
        size_t row = sheet_row(sheet);
        if (!workbook_uses_sector(run, i)) {
            continue;
        }
        sheet_text(sheet, sectors->sectors[i].id);
        sheet_text(sheet, sectors->sectors[i].label);
        sheet_formula(
            sheet, net_of_sector(shown, i),
            "=SUMIFS(Sectors[Net present value],Sectors[Scenario],$B$3,Sectors[Who],A%zu)", row);
        sheet_formula(sheet, net_cash_of_sector(shown, i),
                      "=SUMIFS(Sectors[Net cash nominal],Sectors[Scenario],$B$3,Sectors[Who],A%zu)",
                      row);
    }
    sheet->chart = CHART_BARS;
    sheet->chart_title = "Who gains and who pays: net present value by partner";
    sheet->chart_words = "Bar chart of the net present value in GBP of each partner in the chosen "
                         "scenario; bars to the left of zero are losses. The table beside it holds "
                         "the same figures.";
}

static double cash_to_date(const struct scenario_result *result, size_t sector, size_t year)
{
    size_t who = result->plan->who_of_sector[sector];
    size_t last = result->plan->n_years - 1;
    return who != SIZE_MAX
               ? result_find(result, MEASURE_NET_CASH_AT, who, year < last ? year : last, 0)->mean
               : 0.0;
}

/* One column a sector: headings are its id, which formulas compare with. */
static struct workbook_column *cash_columns(struct workbook *book, const struct report_run *run,
                                            size_t *columns_of, size_t *n_columns)
{
    const struct sectors *sectors = run->library->sectors;
    struct workbook_column *columns =
        arena_array(book->arena, sectors->n_sectors + 2, sizeof *columns);
    columns[0] = (struct workbook_column){"Year index", SHOW_COUNT};
    columns[1] = (struct workbook_column){"From April of", SHOW_YEAR};
    *n_columns = 2;
    for (size_t i = 0; i < sectors->n_sectors && *n_columns < WORKBOOK_MAX_COLUMNS; ++i) {
        if (workbook_uses_sector(run, i)) {
            columns_of[*n_columns] = i;
            columns[(*n_columns)++] = (struct workbook_column){sectors->sectors[i].id, SHOW_MONEY};
        }
    }
    return columns;
}

/* Years after a scenario's last keep what it came to. */
static void add_cash_row(struct workbook_sheet *sheet, const struct scenario_result *shown,
                         const size_t *sector_of, size_t year)
{
    size_t row = sheet_row(sheet), header = sheet_header_row(sheet);
    sheet_number(sheet, (double)year);
    sheet_formula(sheet, shown->plan->scenario->start_year + (double)year, "=$B$4+A%zu", row);
    for (size_t column = 2; column < sheet->n_columns; ++column) {
        char name[4];
        workbook_column_name(name, column);
        sheet_formula(sheet, cash_to_date(shown, sector_of[column], year),
                      "=SUMIFS(BudgetImpact[Cash net nominal],BudgetImpact[Scenario],$B$3,"
                      "BudgetImpact[Who],%s$%zu,BudgetImpact[Year index],\"<=\"&$A%zu)",
                      name, header, row);
    }
}

size_t workbook_most_years(const struct report_run *run)
{
    size_t most = 0;
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct plan *plan = run->results[i].plan;
        most = run->results[i].statistics != NULL && plan->n_years > most ? plan->n_years : most;
    }
    return most;
}

static void add_cumulative_cash(struct workbook *book, const struct report_run *run,
                                const struct scenario_result *shown)
{
    size_t n_columns = 0, n_years = workbook_most_years(run);
    size_t *sector_of =
        arena_array(book->arena, run->library->sectors->n_sectors + 2, sizeof *sector_of);
    const struct workbook_column *columns = cash_columns(book, run, sector_of, &n_columns);
    struct workbook_sheet *sheet = book_add_sheet(
        book, "Cumulative cash", "CumulativeCash", "Cumulative cash by partner",
        "Nominal GBP to date of one scenario: cash costs, cashable savings and transfers alone. "
        "Columns are sectors by their short names, as in Sectors. After a scenario's last year its "
        "sums stand still.",
        columns, n_columns);
    sheet_add_chooser(sheet, shown);
    *sheet_add_top(sheet, "First year begins in April of") =
        workbook_formula(shown->plan->scenario->start_year,
                         "=SUMIFS(Summary[From April of],Summary[Scenario],$B$3)");
    sheet->top[sheet->n_top - 1][1].show = SHOW_YEAR;
    for (size_t year = 0; year < n_years; ++year) {
        add_cash_row(sheet, shown, sector_of, year);
    }
    sheet->chart = CHART_LINES;
    sheet->chart_title = "When the cash comes back: cumulative net cash by partner";
    sheet->chart_words = "Line chart of the cumulative net cash in nominal GBP of each partner by "
                         "financial year in the chosen scenario; a line below zero has paid more "
                         "than it got back so far. The table beside it holds the same figures.";
}

void workbook_add_money(struct workbook *book, const struct report_run *programmes)
{
    const struct scenario_result *shown = shown_at_first(programmes);
    add_summary(book, programmes);
    if (shown != NULL) {
        add_net_by_partner(book, programmes, shown);
        add_cumulative_cash(book, programmes, shown);
        workbook_add_budgets_by_year(book, programmes, shown);
        add_sectors(book, programmes);
        add_budget_impact(book, programmes);
    }
}
