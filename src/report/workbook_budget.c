/* Budget by year: what a finance officer enters into a budget. Partners down, years across, cash
 * apart from the rest, totals by year and over years; scenario and prices are chosen from lists. */
#include "report/workbook_private.h"

#include <stdio.h>

/* Who, name and flow stand before the years, all years after them. */
enum { FIRST_YEAR = 3, MOST_YEARS = WORKBOOK_MAX_COLUMNS - FIRST_YEAR - 1 };

enum flow { FLOW_CASH, FLOW_OTHER, FLOW_NET, N_FLOWS };

static const char *const flow_names[N_FLOWS] = {
    [FLOW_CASH] = "cash", [FLOW_OTHER] = "other than cash", [FLOW_NET] = "net"};

static const struct workbook_column *make_columns(struct arena *arena, size_t n_years)
{
    struct workbook_column *columns = arena_array(arena, FIRST_YEAR + n_years + 1, sizeof *columns);
    columns[0] = (struct workbook_column){"Who", SHOW_TEXT};
    columns[1] = (struct workbook_column){"Name", SHOW_TEXT};
    columns[2] = (struct workbook_column){"Flow", SHOW_TEXT};
    for (size_t year = 0; year < n_years; ++year) {
        columns[FIRST_YEAR + year] =
            (struct workbook_column){arena_printf(arena, "Year %zu GBP", year + 1), SHOW_MONEY};
    }
    columns[FIRST_YEAR + n_years] = (struct workbook_column){"All years GBP", SHOW_MONEY};
    return columns;
}

/* Nominal, which is what the sheet shows at first. */
static double nominal_of(const struct scenario_result *shown, size_t sector, enum flow flow,
                         size_t year)
{
    const struct plan *plan = shown->plan;
    size_t who = plan->who_of_sector[sector];
    if (who == SIZE_MAX || year >= plan->n_years) {
        return 0.0;
    }
    double net =
        result_find(shown, MEASURE_NET_REAL_YEAR, who, year, 0)->mean * plan->nominal_factor[year];
    double cash = workbook_step(shown, MEASURE_NET_CASH_AT, who, year);
    return flow == FLOW_NET ? net : flow == FLOW_CASH ? cash : net - cash;
}

#define OF_YEAR(column)                                                                            \
    "SUMIFS(BudgetImpact[" column "],BudgetImpact[Scenario],$B$3,BudgetImpact[Who],$A%zu,"         \
    "BudgetImpact[Year index],%zu)"

static void add_year(struct workbook_sheet *sheet, enum flow flow, size_t year, double value)
{
    size_t row = sheet_row(sheet);
    char column[4];
    workbook_column_name(column, FIRST_YEAR + year);
    if (flow == FLOW_CASH) {
        sheet_formula(sheet, value,
                      "=IF($B$4=\"real\"," OF_YEAR("Cashable") "+" OF_YEAR("Transfers") "-" OF_YEAR(
                          "Cash cost") "," OF_YEAR("Cash net nominal") ")",
                      row, year, row, year, row, year, row, year);
    } else if (flow == FLOW_NET) {
        sheet_formula(sheet, value,
                      "=IF($B$4=\"real\"," OF_YEAR("Net real") "," OF_YEAR("Net nominal") ")", row,
                      year, row, year);
    } else {
        sheet_formula(sheet, value, "=%s%zu-%s%zu", column, row + 1, column, row - 1);
    }
}

static void add_all_years(struct workbook_sheet *sheet, double value)
{
    char last[4];
    workbook_column_name(last, sheet->n_columns - 2);
    sheet_formula(sheet, value, "=SUM(D%zu:%s%zu)", sheet_row(sheet), last, sheet_row(sheet));
}

static void add_partner(struct workbook_sheet *sheet, const struct scenario_result *shown,
                        const struct sector *sector, size_t index)
{
    size_t n_years = sheet->n_columns - FIRST_YEAR - 1;
    for (size_t flow = 0; flow < N_FLOWS; ++flow) {
        double all = 0.0;
        sheet_text(sheet, sector->id);
        sheet_text(sheet, sector->label);
        sheet_text(sheet, flow_names[flow]);
        for (size_t year = 0; year < n_years; ++year) {
            double value = nominal_of(shown, index, (enum flow)flow, year);
            add_year(sheet, (enum flow)flow, year, value);
            all += value;
        }
        add_all_years(sheet, all);
    }
}

static void add_totals(struct workbook_sheet *sheet)
{
    size_t n_partners = sheet_n_rows(sheet), n_years = sheet->n_columns - FIRST_YEAR - 1;
    size_t first = sheet_header_row(sheet) + 1, last = sheet_header_row(sheet) + n_partners;
    for (size_t flow = 0; flow < N_FLOWS; ++flow) {
        double all = 0.0;
        sheet_text(sheet, "all");
        sheet_text(sheet, "All partners");
        sheet_text(sheet, flow_names[flow]);
        for (size_t year = 0; year < n_years; ++year) {
            char column[4];
            double value = 0.0;
            for (size_t row = flow; row < n_partners; row += N_FLOWS) {
                value += sheet->cells[row * sheet->n_columns + FIRST_YEAR + year].value;
            }
            workbook_column_name(column, FIRST_YEAR + year);
            sheet_formula(sheet, value, "=SUMIFS(%s%zu:%s%zu,$C%zu:$C%zu,$C%zu)", column, first,
                          column, last, first, last, sheet_row(sheet));
            all += value;
        }
        add_all_years(sheet, all);
    }
}

/* The same by the row of the total in Budget impact, for the chosen scenario and prices. */
static void fill_check(struct workbook_sheet *sheet, struct workbook_cell *check,
                       const struct scenario_result *shown)
{
    const struct plan *plan = shown->plan;
    size_t n_years = sheet->n_columns - FIRST_YEAR - 1, last = sheet_header_row(sheet);
    char column[4];
    double engine = 0.0;
    for (size_t year = 0; year < plan->n_years && year < n_years; ++year) {
        engine += result_find(shown, MEASURE_NET_REAL_YEAR, plan->n_whos - 1, year, 0)->mean *
                  plan->nominal_factor[year];
    }
    workbook_column_name(column, sheet->n_columns - 1);
    last += sheet_n_rows(sheet);
    sheet_fill_check(sheet, check, arena_printf(sheet->arena, "=SUM(%s%zu)", column, last),
                     sheet->cells[sheet->n_cells - 1].value, engine);
    check[WORKBOOK_TOP_COLUMNS] = workbook_formula(
        engine,
        arena_printf(sheet->arena,
                     "=IF($B$4=\"real\",SUMIFS(BudgetImpact[Net real],BudgetImpact[Scenario],$B$3,"
                     "BudgetImpact[Kind of who],\"total\",BudgetImpact[Year index],\"<=\"&%zu),"
                     "SUMIFS(BudgetImpact[Net nominal],BudgetImpact[Scenario],$B$3,"
                     "BudgetImpact[Kind of who],\"total\",BudgetImpact[Year index],\"<=\"&%zu))",
                     n_years - 1, n_years - 1));
}

void workbook_add_budgets_by_year(struct workbook *book, const struct report_run *run,
                                  const struct scenario_result *shown)
{
    const struct sectors *sectors = run->library->sectors;
    size_t n_years = workbook_most_years(run);
    n_years = n_years < MOST_YEARS ? n_years : MOST_YEARS;
    struct workbook_sheet *sheet = book_add_sheet(
        book, "Budget by year", "BudgetByYear", "Budget by partner and financial year",
        arena_printf(book->arena,
                     "One scenario, GBP, means over draws; negative: pays more than it gains. Cash "
                     "is cash costs, cashable savings and transfers. The first %zu years.",
                     n_years),
        make_columns(book->arena, n_years), FIRST_YEAR + n_years + 1);
    sheet->n_heads = FIRST_YEAR;
    sheet_add_chooser(sheet, shown);
    sheet->basis = sheet->n_top;
    *sheet_add_top(sheet, "Prices (choose nominal or real)") =
        (struct workbook_cell){.kind = CELL_TEXT, .words = "nominal"};
    *sheet_add_top(sheet, "Year 1 begins in April of") =
        workbook_formula(shown->plan->scenario->start_year,
                         "=SUMIFS(Summary[From April of],Summary[Scenario],$B$3)");
    sheet->top[sheet->n_top - 1][1].show = SHOW_YEAR;
    struct workbook_cell *check = sheet_add_check(sheet, "net of all partners and years");
    check[1].words = "Total row of Budget impact"; /* live, so that it follows the choice */
    for (size_t i = 0; i < sectors->n_sectors; ++i) {
        if (workbook_uses_sector(run, i)) {
            add_partner(sheet, shown, &sectors->sectors[i], i);
        }
    }
    add_totals(sheet);
    fill_check(sheet, check, shown);
}
