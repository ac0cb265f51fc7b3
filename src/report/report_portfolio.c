/* The page of a portfolio: what a board reads. The same words and tables for the terminal and in
 * markdown (width 0). */
#include "report/html.h"
#include "report/report_plots.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct page {
    struct text *out;
    const struct report_run *run;
    const struct portfolio_result *portfolio;
    const struct portfolio_set *set; /* that the page is about */
    const struct scenario_result *result;
    size_t width; /* 0: markdown */
    double unit;  /* GBP in the unit of the tables */
    const char *unit_words;
};

/* ---- words ---- */

static void heading(const struct page *page, const char *words)
{
    if (page->width == WIDTH_HTML) {
        html_element(page->out, "h4", words);
        return;
    }
    if (page->width == 0) {
        text_printf(page->out, "### %s\n\n", words);
        return;
    }
    text_printf(page->out, "\n%s\n", words);
    for (size_t i = 0; i < text_width(words); ++i) {
        text_append(page->out, "-");
    }
    text_append(page->out, "\n");
}

static void paragraph(const struct page *page, const char *words)
{
    if (page->width == WIDTH_HTML) {
        html_element(page->out, "p", words);
    } else if (page->width == 0) {
        text_printf(page->out, "%s\n\n", words);
    } else {
        write_wrapped(page->out, words, page->width, 2);
    }
}

/* Takes the text's words as one paragraph. */
static void finish_paragraph(const struct page *page, struct text *words)
{
    paragraph(page, words->bytes != NULL ? words->bytes : "");
    text_clear(words);
}

/* Of the set, or of all programmes where none is funded. */
static const struct plan *plan_of(const struct page *page)
{
    return page->set != NULL ? page->set->plan : page->portfolio->sets[0].plan;
}

static void finish_grid(const struct page *page, const struct grid *grid)
{
    text_append(page->out, page->width == 0 ? "" : "\n");
    grid_write(page->out, grid, page->width);
    text_append(page->out, "\n");
}

static void put_headings(struct grid *grid, const char *const *words)
{
    for (size_t i = 0; i < grid->n_columns; ++i) {
        grid_put(grid, 0, i, words[i]);
    }
}

static void put_money(const struct page *page, struct grid *grid, size_t row, size_t column,
                      double gbp)
{
    grid_number(grid, row, column, gbp / page->unit, 0);
}

static void put_share(struct grid *grid, size_t row, size_t column, double share)
{
    grid_number(grid, row, column, share, 2);
}

/* "£1.23 million", "£12,345": for sentences. */
static const char *pounds(char buffer[64], double gbp)
{
    char number[48];
    if (!isfinite(gbp)) {
        return "no amount";
    }
    if (fabs(gbp) >= 999500.0) {
        text_format_grouped(number, fabs(gbp) / 1e6, 2);
        (void)snprintf(buffer, 64, "£%s million", number);
    } else {
        text_format_grouped(number, fabs(gbp), 0);
        (void)snprintf(buffer, 64, "£%s", number);
    }
    return buffer;
}

static const struct column_statistics *figure(const struct page *page, enum measure measure,
                                              size_t who)
{
    return result_find(page->result, measure, who, 0, 0);
}

static double mean_of(const struct page *page, enum measure measure, size_t who)
{
    const struct column_statistics *statistics = figure(page, measure, who);
    return statistics != NULL ? statistics->mean : 0.0;
}

/* ---- the sets ---- */

static size_t count_on(const struct portfolio_result *portfolio,
                       const struct choice_solution *solution)
{
    size_t n = 0;
    for (size_t i = 0; i < portfolio->portfolio->n_programmes; ++i) {
        n += solution->level[i] != CHOICE_OFF ? 1 : 0;
    }
    return n;
}

static void add_name(struct text *words, const struct portfolio_programme *programme, uint8_t level,
                     bool *first)
{
    text_printf(words, "%s%s", *first ? "" : "; ", programme->label);
    *first = false;
    if (programme->n_scales > 1 && level > 0) {
        text_printf(words, " (x %g)", programme->scales[level - 1]);
    }
}

void write_programme_names(struct text *words, const struct portfolio_result *portfolio,
                           const struct choice_solution *solution,
                           const struct choice_solution *against)
{
    bool first = true;
    for (size_t i = 0; i < portfolio->portfolio->n_programmes; ++i) {
        uint8_t level = solution->level[i];
        if (level != CHOICE_OFF && (against == NULL || against->level[i] != level)) {
            add_name(words, &portfolio->portfolio->programmes[i], level, &first);
        }
    }
    text_append(words, first ? "nothing" : "");
}

static const struct portfolio_set *find_set(const struct portfolio_result *portfolio,
                                            enum budget_form form)
{
    for (size_t i = 0; i < portfolio->n_sets; ++i) {
        if (portfolio->sets[i].is_choice && portfolio->sets[i].form == form) {
            return &portfolio->sets[i];
        }
    }
    return NULL;
}

/* An amount of the objective: money, or its own unit. */
static const char *objective_words(const struct portfolio_result *portfolio, char buffer[96],
                                   double value)
{
    char number[64];
    if (!isfinite(value)) {
        (void)snprintf(buffer, 96, "nothing that can be said");
    } else if (strcmp(portfolio->objective_unit, "GBP") == 0) {
        (void)snprintf(buffer, 96, "%s%s", value < 0.0 ? "-" : "", pounds(number, value));
    } else {
        bool ratio = strcmp(portfolio->objective_unit, "ratio") == 0;
        text_format_grouped(number, value, fabs(value) < 100.0 ? 3 : 0);
        (void)snprintf(buffer, 96, "%s%s%s", number, ratio ? "" : " ",
                       ratio ? "" : portfolio->objective_unit);
    }
    return buffer;
}

/* A label inside a sentence: "public sector", but "NHS" as it is. */
static const char *lower(char buffer[96], const char *label)
{
    (void)snprintf(buffer, 96, "%s", label);
    bool word = buffer[0] >= 'A' && buffer[0] <= 'Z' && buffer[1] >= 'a' && buffer[1] <= 'z';
    buffer[0] = word ? (char)(buffer[0] - 'A' + 'a') : buffer[0];
    return buffer;
}

/* "net present value of society"; the name alone where a measure has no other. */
static void write_objective(const struct portfolio_result *portfolio, struct text *words)
{
    char label[96], who[96];
    if (portfolio->objective_label == NULL) {
        text_append(words, portfolio->portfolio->objective);
        return;
    }
    text_printf(words, "%s of %s", lower(label, portfolio->objective_label),
                lower(who, portfolio->objective_who));
}

/* Not worth it, or no money for it? */
static void write_nothing(const struct portfolio_result *portfolio, struct text *words)
{
    size_t n_lacking = 0, n_worth = 0;
    for (size_t i = 0; portfolio->standings != NULL && i < portfolio->portfolio->n_programmes;
         ++i) {
        enum standing standing = portfolio->standings[i].standing;
        n_worth += standing != STANDING_WORTHLESS ? 1 : 0;
        n_lacking += standing == STANDING_TOO_DEAR ? 1 : 0;
    }
    text_append(words, n_lacking > 0 ? "What would be worth funding does not fit the budgets; how "
                                       "much more it needs is said below."
                       : n_worth > 0 ? "What would be worth funding breaks a rule or a constraint, "
                                       "named below."
                                     : "No programme alone is worth anything at this objective.");
}

void write_portfolio_choice(struct text *words, const struct portfolio_result *portfolio,
                            const struct portfolio_set *set)
{
    char value[96];
    if (count_on(portfolio, &set->solution) == 0) {
        text_append(words, "Fund nothing. ");
        write_nothing(portfolio, words);
        return;
    }
    text_append(words, "Fund ");
    write_programme_names(words, portfolio, &set->solution, NULL);
    text_printf(words, " (%zu of %zu programmes). Objective, ", count_on(portfolio, &set->solution),
                portfolio->portfolio->n_programmes);
    write_objective(portfolio, words);
    text_printf(words, ": %s%s", objective_words(portfolio, value, set->solution.value),
                set->solution.exact ? ", proved best" : ", the best found");
    if (!set->solution.exact) {
        text_printf(words, " (no set is worth more than %s)",
                    objective_words(portfolio, value, set->solution.bound));
    }
    text_append(words, ".");
}

static void write_culprits(const struct page *page, const struct portfolio_set *set,
                           struct text *words)
{
    const struct portfolio_result *portfolio = page->portfolio;
    if (set->form != BUDGETS_SILO) {
        return;
    }
    for (size_t i = 0; i < portfolio->n_culprits; ++i) {
        text_printf(words, "%s%s", i == 0 ? " There would be one without " : ", or without ",
                    portfolio->culprits[i]);
    }
    text_append(words, portfolio->n_culprits > 0
                           ? "."
                           : " Leaving out any one of them alone would not help.");
}

static void write_set_sentence(const struct page *page, const struct portfolio_set *set)
{
    struct text words;
    text_init(&words);
    text_printf(&words, "%s%s%s: ", page->width == 0 ? "**" : "", set->words,
                page->width == 0 ? "**" : "");
    if (!set->solution.found) {
        text_append(&words, set->solution.exact
                                ? "no set keeps to all budgets, rules and constraints."
                                : "no set was found that keeps to all budgets, rules and "
                                  "constraints; that there is none is not proved.");
        write_culprits(page, set, &words);
    } else {
        write_portfolio_choice(&words, page->portfolio, set);
    }
    finish_paragraph(page, &words);
}

static void write_pooling(const struct page *page)
{
    const struct portfolio_result *portfolio = page->portfolio;
    const struct portfolio_set *silo = find_set(portfolio, BUDGETS_SILO);
    const struct portfolio_set *pooled = find_set(portfolio, BUDGETS_POOLED);
    struct text words;
    char value[96];
    if (silo == NULL || pooled == NULL || !silo->solution.found || !pooled->solution.found) {
        return;
    }
    text_init(&words);
    bool worth = portfolio->value_of_pooling > 0.0;
    text_printf(&words, "%sPooling is worth %s%s%s%s", page->width == 0 ? "**" : "",
                worth ? objective_words(portfolio, value, portfolio->value_of_pooling) : "nothing",
                page->width == 0 ? "**" : "", worth ? " of " : "",
                worth ? portfolio->portfolio->objective : "");
    if (portfolio->value_of_pooling > 0.0) {
        text_append(&words, ": it adds ");
        write_programme_names(&words, portfolio, &pooled->solution, &silo->solution);
        text_append(&words, " and gives up ");
        write_programme_names(&words, portfolio, &silo->solution, &pooled->solution);
        text_append(&words, ".");
    } else {
        text_append(&words, ": the same set is best.");
    }
    finish_paragraph(page, &words);
}

static void write_answer(const struct page *page)
{
    size_t who = headline_index(page->set->plan);
    const struct column_statistics *net = figure(page, MEASURE_NET, who);
    const struct column_statistics *cash = figure(page, MEASURE_NET_CASH, who);
    struct text words;
    char amounts[4][64], label[96];
    text_init(&words);
    text_printf(
        &words,
        "With \"%s\", %s %s %s over %zu year%s (net present value; 95 %% interval %s%s to %s%s), "
        "with probability %.2f of not losing. In cash it %s %s (nominal), with probability "
        "%.2f of not losing cash.",
        page->set->words, lower(label, page->set->plan->whos[who].label),
        net->mean >= 0.0 ? "gains" : "loses", pounds(amounts[0], net->mean),
        page->set->plan->n_years, page->set->plan->n_years == 1 ? "" : "s",
        net->q025 < 0.0 ? "-" : "", pounds(amounts[1], net->q025), net->q975 < 0.0 ? "-" : "",
        pounds(amounts[2], net->q975), net->p_nonneg, cash->mean >= 0.0 ? "gains" : "loses",
        pounds(amounts[3], cash->mean), cash->p_nonneg);
    finish_paragraph(page, &words);
}

void write_portfolio_unlimited(struct text *words, const struct portfolio_result *result)
{
    const struct portfolio *portfolio = result->portfolio;
    const struct plan *plan = result->sets[0].plan;
    bool any = false;
    for (size_t who = 0; portfolio->n_budgets > 0 && plan != NULL && who < plan->n_sector_whos;
         ++who) {
        bool pays = plan->flow_row[who * N_FLOW_KINDS + FLOW_COST_CASH] != SIZE_MAX;
        for (size_t i = 0; i < portfolio->n_budgets; ++i) {
            pays = pays && portfolio->budgets[i].sector != plan->whos[who].sector;
        }
        if (pays) {
            text_printf(words, "%s%s",
                        any ? ", " : "Payers without a budget, whom nothing limits: ",
                        plan->whos[who].label);
            any = true;
        }
    }
    text_append(words, any ? "." : "");
}

/* ---- who pays, who gains ---- */

/* Not in report.md, and not between the parts of report.html. */
static bool has_plots(const struct page *page)
{
    return page->run->plots != REPORT_PLOTS_NONE && page->width > 0 && page->width != WIDTH_HTML;
}

static void plot_partners(const struct page *page)
{
    if (has_plots(page)) {
        plots_partners(page->out, page->run->plots, page->result, page->width);
    }
}

static void write_partners(const struct page *page)
{
    static const char *const headings[] = {"partner",      "pays",      "saves, cash", "not cash",
                                           "other",        "net",       "P(net >= 0)", "net cash",
                                           "P(cash >= 0)", "levered in"};
    const struct plan *plan = page->set->plan;
    struct grid grid;
    bool levered = mean_of(page, MEASURE_PV_LEVERED_IN, plan->n_whos - 1) != 0.0;
    grid_init(&grid, levered ? 10 : 9, plan->n_sector_whos + 3);
    put_headings(&grid, headings);
    size_t row = 1, shown[] = {headline_index(plan), plan->n_whos - 1};
    for (size_t i = 0; i < plan->n_sector_whos + 2; ++i, ++row) {
        size_t who = i < plan->n_sector_whos ? i : shown[i - plan->n_sector_whos];
        const struct column_statistics *net = figure(page, MEASURE_NET, who);
        const struct column_statistics *cash = figure(page, MEASURE_NET_CASH, who);
        double paid = mean_of(page, MEASURE_PV_COST, who);
        double cashable = mean_of(page, MEASURE_PV_CASHABLE, who);
        double rest = mean_of(page, MEASURE_PV_NON_CASHABLE, who);
        grid_put(&grid, row, 0, plan->whos[who].label);
        put_money(page, &grid, row, 1, paid);
        put_money(page, &grid, row, 2, cashable);
        put_money(page, &grid, row, 3, rest);
        put_money(page, &grid, row, 4, net->mean - cashable - rest + paid);
        put_money(page, &grid, row, 5, net->mean);
        put_share(&grid, row, 6, net->p_nonneg);
        put_money(page, &grid, row, 7, cash->mean);
        put_share(&grid, row, 8, cash->p_nonneg);
        put_money(page, &grid, row, 9, mean_of(page, MEASURE_PV_LEVERED_IN, who));
    }
    heading(page, "Who pays, who gains");
    finish_grid(page, &grid);
    struct text words;
    text_init(&words);
    text_printf(&words,
                "Present values in %s, means over draws, of the set \"%s\"; net cash is nominal. "
                "Other: economic and social value, the value of QALYs where they are monetised, "
                "and transfers.",
                page->unit_words, page->set->words);
    finish_paragraph(page, &words);
    plot_partners(page);
}

/* ---- the fair deal ---- */

static void write_smallest(const struct page *page, const struct portfolio_sharing *sharing,
                           struct text *words)
{
    const struct portfolio_deal *deal = &page->set->deal;
    char amount[64];
    size_t n[2] = {0};
    for (size_t to = 0; to < 2; ++to) {
        for (size_t i = 0; i < deal->n_partners; ++i) {
            double transfer = sharing->smallest[i];
            if (fabs(transfer) >= 0.5 && (transfer > 0.0) == (to == 1)) {
                text_printf(words, "%s%s %s",
                            n[to] > 0  ? ", "
                            : to == 0  ? "from "
                            : n[0] > 0 ? "; to "
                                       : "to ",
                            page->set->plan->whos[deal->whos[i]].label, pounds(amount, transfer));
                ++n[to];
            }
        }
    }
    text_append(words, n[0] + n[1] == 0 ? "none" : "");
}

static const char *const rule_headings[N_DEAL_RULES] = {[DEAL_EQUAL] = "equal",
                                                        [DEAL_BY_BUDGET] = "by budget",
                                                        [DEAL_BY_SAVING] = "by saving",
                                                        [DEAL_BY_INVESTMENT] = "by investment",
                                                        [DEAL_LOSERS_FIRST] = "losers first",
                                                        [DEAL_SHAPLEY] = "Shapley"};

static struct deal_terms terms_of(const struct page *page, const struct portfolio_sharing *sharing)
{
    const struct portfolio_deal *deal = &page->set->deal;
    return (struct deal_terms){.plan = page->set->plan,
                               .whos = deal->whos,
                               .n = deal->n_partners,
                               .transfers = sharing->smallest,
                               .cash = deal->bases[DEAL_CASH].net};
}

/* Of cash alone: what is asked is had, but for accounts without a budget holder. */
static struct deal_terms cash_terms_of(const struct page *page)
{
    return terms_of(page, &page->set->deal.bases[DEAL_CASH]);
}

/* What the deal is where capacity counts as money, what would have to move, how much of it can. */
static void write_deal_words(const struct page *page, struct text *words)
{
    const struct portfolio_sharing *fiscal = &page->set->deal.bases[DEAL_FISCAL];
    const struct deal_terms terms = terms_of(page, fiscal);
    const struct deal_limits limits = deal_limits_of(&terms);
    char verdict[96];
    text_printf(words, "Where capacity counts as money, the deal before transfers is %s%s%s",
                page->width == 0 ? "**" : "", lower(verdict, deal_verdict_label(fiscal->verdict)),
                page->width == 0 ? "**" : "");
    if (limits.asked <= 0.0) {
        text_append(words, limits.cash_losses > 0.0 ? "." : ": nothing needs to move.");
        return;
    }
    bool enough = fiscal->verdict == DEAL_GOOD_WITH_COMPENSATION;
    bool payable = limits.unallocated + limits.beyond_cash <= 0.0;
    text_append(words, enough && payable ? ". The smallest transfers that leave nobody worse off: "
                       : enough          ? ". What would have to move, on paper: "
                       : payable         ? ". The most that can be made good: "
                                         : ". The most that could be made good, on paper: ");
    write_smallest(page, fiscal, words);
    text_append(words, ".");
    write_deal_payable(words, &terms);
}

/* What a partner could pay with; whoever holds no budget cannot. */
static void put_cash_gain(const struct page *page, struct grid *grid, size_t row, size_t column,
                          size_t partner)
{
    const struct portfolio_deal *deal = &page->set->deal;
    if (page->set->plan->whos[deal->whos[partner]].holds_budget) {
        put_money(page, grid, row, column, deal->bases[DEAL_CASH].net[partner]);
    } else {
        grid_put(grid, row, column, "not allocated");
    }
}

static size_t count_rules(const struct portfolio_sharing *sharing)
{
    size_t n = 0;
    for (size_t rule = 0; rule < N_DEAL_RULES; ++rule) {
        n += sharing->rules[rule].applies ? 1 : 0;
    }
    return n;
}

/* A column for each rule that applies; which do not is said below it. */
static void write_deal_table(const struct page *page, enum deal_basis basis)
{
    const struct portfolio_deal *deal = &page->set->deal;
    const struct portfolio_sharing *sharing = &deal->bases[basis];
    struct grid grid;
    bool fiscal = basis == DEAL_FISCAL;
    size_t before = fiscal ? 2 : 1, last = deal->n_partners + 1;
    grid_init(&grid, before + 1 + count_rules(sharing), last + 1);
    grid_put(&grid, 0, 0, fiscal ? "final net" : "final net, cash");
    grid.caption = fiscal ? "Final net of each partner on paper, by rule of sharing"
                          : "Final net of each partner in cash, by rule of sharing";
    grid_put(&grid, 0, before, "before");
    grid_put(&grid, last, 0, "P(no partner loses)");
    put_share(&grid, last, before, sharing->risk_record.p_all_whole_before);
    if (fiscal) { /* what a payer pays with stands first */
        grid_put(&grid, 0, 1, "net in cash");
        grid_put(&grid, last, 1, "-");
    }
    for (size_t i = 0; i < deal->n_partners; ++i) {
        grid_put(&grid, i + 1, 0, page->set->plan->whos[deal->whos[i]].label);
        put_money(page, &grid, i + 1, before, sharing->net[i]);
        if (fiscal) {
            put_cash_gain(page, &grid, i + 1, 1, i);
        }
    }
    for (size_t rule = 0, column = before + 1; rule < N_DEAL_RULES; ++rule) {
        if (!sharing->rules[rule].applies) {
            continue;
        }
        grid_put(&grid, 0, column, rule_headings[rule]);
        for (size_t i = 0; i < deal->n_partners; ++i) {
            put_money(page, &grid, i + 1, column, sharing->rules[rule].final[i]);
        }
        put_share(&grid, last, column++, sharing->rules[rule].record.p_all_whole);
    }
    finish_grid(page, &grid);
}

/* Payments of losers first, of what payers have in cash: a payer without it pays nothing, one with
 * a part pays that part of every year, and receivers share what is paid as they would share all. */
struct payable_schedule {
    const struct portfolio_rule_result *rule;
    double *paid_share;                    /* [n_partners] of what is asked; 0 of receivers */
    double asked, payable, receipts_asked; /* PV GBP */
};

static struct payable_schedule payable_of(const struct page *page)
{
    const struct portfolio_deal *deal = &page->set->deal;
    struct payable_schedule payable = {.rule = &deal->bases[DEAL_FISCAL].rules[DEAL_LOSERS_FIRST],
                                       .paid_share =
                                           memory_array(deal->n_partners + 1, sizeof(double))};
    for (size_t i = 0; payable.rule->applies && i < deal->n_partners; ++i) {
        double transfer = payable.rule->transfers[i];
        double paid = deal_payable_in_cash(transfer, deal->bases[DEAL_CASH].net[i],
                                           page->set->plan->whos[deal->whos[i]].holds_budget);
        payable.paid_share[i] = isfinite(paid) ? paid / -transfer : 0.0;
        payable.asked += isfinite(paid) ? -transfer : 0.0;
        payable.payable += isfinite(paid) ? paid : 0.0;
        payable.receipts_asked += fmax(transfer, 0.0);
    }
    return payable;
}

/* Of partner i in a year, real GBP. */
static double payment_of(const struct page *page, const struct payable_schedule *payable, size_t i,
                         size_t year)
{
    const size_t n_years = page->set->plan->n_years;
    const double *schedule = payable->rule->schedule;
    if (payable->rule->transfers[i] < 0.0) {
        return payable->paid_share[i] * schedule[i * n_years + year];
    }
    double paid = 0.0;
    for (size_t k = 0; k < page->set->deal.n_partners; ++k) {
        paid -= payable->paid_share[k] * schedule[k * n_years + year];
    }
    return payable->receipts_asked > 0.0
               ? paid * payable->rule->transfers[i] / payable->receipts_asked
               : 0.0;
}

static void write_payments_table(const struct page *page, const struct payable_schedule *payable)
{
    const struct portfolio_deal *deal = &page->set->deal;
    const struct plan *plan = page->set->plan;
    size_t n_years = plan->n_years < MAX_COLUMNS - 1 ? plan->n_years : MAX_COLUMNS - 1;
    struct grid grid;
    grid_init(&grid, 1 + n_years, deal->n_partners + 1);
    grid.caption = "Payments by financial year, nominal";
    grid_put(&grid, 0, 0, "pays (-) or receives");
    for (size_t year = 0; year < n_years; ++year) {
        char words[16];
        text_format_financial_year(words, plan->scenario->start_year + (int)year);
        grid_put(&grid, 0, 1 + year, words);
    }
    for (size_t i = 0; i < deal->n_partners; ++i) {
        grid_put(&grid, i + 1, 0, plan->whos[deal->whos[i]].label);
        for (size_t year = 0; year < n_years; ++year) {
            put_money(page, &grid, i + 1, 1 + year,
                      payment_of(page, payable, i, year) * plan->nominal_factor[year]);
        }
    }
    finish_grid(page, &grid);
}

static void write_payments(const struct page *page)
{
    struct payable_schedule payable = payable_of(page);
    struct text words;
    char amounts[2][64];
    if (payable.asked >= 1.0 && payable.payable < 1.0) {
        paragraph(page, "There is no schedule of payments: nobody has cash to pay with. What the "
                        "rules would ask on paper is in portfolio/payments.csv.");
    } else if (payable.asked >= 1.0) {
        write_payments_table(page, &payable);
        text_init(&words);
        text_append(&words, "Payments by financial year, nominal, where losers are compensated "
                            "first: payers pay as they save");
        if (payable.asked - payable.payable >= 1.0) {
            text_printf(&words, ", here of the %s that can be paid in cash, of %s asked",
                        pounds(amounts[0], payable.payable), pounds(amounts[1], payable.asked));
        }
        text_append(&words, ". portfolio/payments.csv has all rules, as asked on paper.");
        finish_paragraph(page, &words);
    }
    free(payable.paid_share);
}

/* The rule in proportion to budgets counts partners without a stated one as 0. */
static void write_without_budget(const struct page *page, struct text *words)
{
    const struct portfolio *portfolio = page->portfolio->portfolio;
    const struct portfolio_deal *deal = &page->set->deal;
    bool any = false;
    for (size_t i = 0; deal->has_budgets && i < deal->n_partners; ++i) {
        const struct plan_who *who = &page->set->plan->whos[deal->whos[i]];
        bool stated = false;
        for (size_t k = 0; k < portfolio->n_baseline_budgets; ++k) {
            stated = stated || strcmp(portfolio->baseline_budgets[k].sector, who->id) == 0;
        }
        if (!stated) {
            text_printf(words, "%s%s",
                        any ? ", " : " By budget, counted as 0 for want of one: ", who->label);
            any = true;
        }
    }
    text_append(words, any ? "." : "");
}

/* Rules that have no column, and why. */
static void write_rules_left_out(const struct page *page, const struct portfolio_sharing *sharing,
                                 struct text *words)
{
    static const char *const reasons[N_DEAL_RULES] = {
        [DEAL_BY_SAVING] = "some partner saves less than nothing, or nobody saves",
        [DEAL_BY_INVESTMENT] = "nobody invests",
    };
    for (size_t rule = 0; rule < N_DEAL_RULES; ++rule) {
        if (sharing->rules[rule].applies) {
            continue;
        }
        if (rule == DEAL_BY_BUDGET && !page->set->deal.has_budgets) {
            text_append(words, " Not shown: by budget (state deal.baseline_budgets to have it).");
        } else {
            text_printf(words, " Not shown: %s (%s).", rule_headings[rule],
                        reasons[rule] != NULL ? reasons[rule] : "it does not apply");
        }
    }
}

static void write_deal(const struct page *page)
{
    const struct portfolio_deal *deal = &page->set->deal;
    if (deal->n_partners == 0) {
        return;
    }
    const struct portfolio_sharing *fiscal = &deal->bases[DEAL_FISCAL];
    const struct deal_terms terms = terms_of(page, fiscal);
    struct text words;
    heading(page, "The fair deal");
    text_init(&words);
    write_deal_cash(&words, &terms);
    finish_paragraph(page, &words);
    text_init(&words);
    write_deal_words(page, &words);
    finish_paragraph(page, &words);
    write_deal_table(page, DEAL_FISCAL);
    text_init(&words);
    text_printf(
        &words,
        "Final net of each partner in %s (present value; savings, cash or not, less "
        "costs) by rule, as if capacity could be paid with: the same for all; in proportion to "
        "budgets, to gross savings, to investment; losers made whole first, by gainers; the "
        "Shapley value of a deal that needs every payer (what each adds, averaged over the orders "
        "in which they could join). Net in cash, before transfers, is what a partner could pay "
        "with; not allocated: nobody holds a budget there. The last row is the share of draws in "
        "which a fixed deal leaves no partner worse off; with transfers that depend on what "
        "happens (\"%s\", draw by draw) it is %.2f.",
        page->unit_words, rule_headings[fiscal->risk_rule], fiscal->risk_record.p_all_whole);
    write_rules_left_out(page, fiscal, &words);
    write_without_budget(page, &words);
    finish_paragraph(page, &words);
}

static void write_deal_in_time(const struct page *page)
{
    struct text words;
    if (page->set->deal.n_partners == 0) {
        return;
    }
    const struct portfolio_sharing *cash = &page->set->deal.bases[DEAL_CASH];
    const struct deal_terms terms = cash_terms_of(page);
    const struct deal_limits limits = deal_limits_of(&terms);
    write_payments(page);
    text_init(&words);
    if (limits.asked <= 0.0 || deal_lacks_cash(&limits)) {
        write_deal_cash(&words, &terms);
        finish_paragraph(page, &words);
        return;
    }
    text_append(&words, "In cash alone ");
    text_append(&words, cash->verdict == DEAL_NOT_GOOD_ENOUGH
                            ? "the most that can be made good is "
                            : "the smallest transfers that leave nobody down are ");
    write_smallest(page, cash, &words);
    text_append(&words, ".");
    write_deal_limits(&words, &terms);
    finish_paragraph(page, &words);
    write_deal_table(page, DEAL_CASH);
    text_init(&words);
    text_printf(&words,
                "The same in cash alone (cashable savings and transfers less cash costs, present "
                "value, %s).",
                page->unit_words);
    finish_paragraph(page, &words);
}

/* What pooling would change for the partners, in two sentences. */
static void write_pooled_deal(const struct page *page)
{
    const struct portfolio_set *pooled = find_set(page->portfolio, BUDGETS_POOLED);
    if (pooled == NULL || pooled == page->set || pooled->plan == NULL ||
        pooled->deal.n_partners == 0 || !(page->portfolio->value_of_pooling > 0.0)) {
        return;
    }
    struct page other = *page;
    struct text words;
    char amount[64];
    bool first = true;
    other.set = pooled;
    other.result = &page->run->results[pooled->result];
    if (other.result->statistics == NULL) {
        return;
    }
    const struct portfolio_sharing *fiscal = &pooled->deal.bases[DEAL_FISCAL];
    text_init(&words);
    text_append(&words, "From the pool, before transfers: ");
    for (size_t i = 0; i < pooled->deal.n_partners; ++i) {
        double net = fiscal->net[i];
        if (fabs(net) >= 0.5) {
            text_printf(&words, "%s%s %s %s", first ? "" : "; ",
                        pooled->plan->whos[pooled->deal.whos[i]].label,
                        net >= 0.0 ? "gains" : "loses", pounds(amount, net));
            first = false;
        }
    }
    text_append(&words, ". ");
    const struct deal_terms terms = terms_of(&other, fiscal);
    write_deal_cash(&words, &terms);
    text_append(&words, " ");
    write_deal_words(&other, &words);
    text_append(&words, " portfolio/deals.csv and payments.csv have it in full.");
    finish_paragraph(page, &words);
}

/* ---- programmes ---- */

/* A budget or pool as the reader knows it. */
static const char *budget_label(const struct portfolio_result *portfolio, const char *id)
{
    for (size_t i = 0; i < portfolio->portfolio->n_pools; ++i) {
        if (strcmp(portfolio->portfolio->pools[i].id, id) == 0) {
            return portfolio->portfolio->pools[i].label;
        }
    }
    const struct sectors *sectors = portfolio->library->sectors;
    for (size_t i = 0; i < sectors->n_sectors; ++i) {
        if (strcmp(sectors->sectors[i].id, id) == 0) {
            return sectors->sectors[i].label;
        }
    }
    return strcmp(id, "all_budgets") == 0 ? "all budgets together" : id;
}

/* "£6,400 more from District or borough council in 2028-29 (£46,400 of £40,000)" */
static void write_lacks(const struct portfolio_result *portfolio,
                        const struct portfolio_standing *standing, struct text *words)
{
    for (size_t i = 0; i < standing->n_lacks; ++i) {
        const struct portfolio_lack *lack = &standing->lacks[i];
        char amounts[3][64], year[16];
        text_format_financial_year(year, portfolio->portfolio->start_year + (int)lack->year);
        text_printf(words, "%s%s more from %s in %s (%s of %s)", i > 0 ? ", and " : "",
                    pounds(amounts[0], ceil(lack->use_gbp - lack->budget_gbp)),
                    budget_label(portfolio, lack->id), year, pounds(amounts[1], lack->use_gbp),
                    pounds(amounts[2], lack->budget_gbp));
    }
}

/* Why it is not in the set, without the name. */
static void write_standing(const struct portfolio_result *portfolio,
                           const struct portfolio_standing *standing, struct text *words)
{
    char value[96];
    switch (standing->standing) {
    case STANDING_CHOSEN:
        text_append(words, "in the set");
        break;
    case STANDING_WORTHLESS:
        text_append(words, "it is worth nothing at this objective");
        if (isfinite(standing->objective)) {
            text_printf(words, " (alone %s)",
                        objective_words(portfolio, value, standing->objective));
        }
        break;
    case STANDING_TOO_DEAR:
        text_printf(words, "alone it would be worth %s at this objective, but needs ",
                    objective_words(portfolio, value, standing->objective));
        write_lacks(portfolio, standing, words);
        break;
    case STANDING_ADDS_NOTHING:
        text_printf(words, "beside the set it adds nothing to the objective (%s)",
                    objective_words(portfolio, value, standing->added));
        break;
    case STANDING_RULED_OUT:
        text_append(words, standing->words);
        break;
    case STANDING_NO_ROOM:
        text_printf(words, "it would add %s to the objective, but beside the set needs ",
                    objective_words(portfolio, value, standing->added));
        write_lacks(portfolio, standing, words);
        break;
    case STANDING_BREAKS:
        text_printf(words, "it would add %s to the objective, but breaks \"%s\"",
                    objective_words(portfolio, value, standing->added), standing->words);
        break;
    case STANDING_BEATEN:
        text_append(words, "a set without it is worth more");
        break;
    }
}

/* "Debt advice (x 0.5)" */
static void programme_words(char *words, size_t size, const struct portfolio_programme *programme,
                            uint8_t level)
{
    if (programme->n_scales > 1 && level > 0) {
        (void)snprintf(words, size, "%s (x %g)", programme->label, programme->scales[level - 1]);
    } else {
        (void)snprintf(words, size, "%s", programme->label);
    }
}

/* A line for each programme that is not in the set. */
static void write_why_not(const struct page *page)
{
    const struct portfolio_result *portfolio = page->portfolio;
    for (size_t i = 0; portfolio->standings != NULL && i < portfolio->portfolio->n_programmes;
         ++i) {
        const struct portfolio_standing *standing = &portfolio->standings[i];
        if (standing->standing == STANDING_CHOSEN) {
            continue;
        }
        char name[MAX_CELL];
        struct text words;
        programme_words(name, sizeof name, &portfolio->portfolio->programmes[i], standing->level);
        text_init(&words);
        text_printf(&words, "Not chosen: %s: ", name);
        write_standing(portfolio, standing, &words);
        text_append(&words, ".");
        finish_paragraph(page, &words);
    }
}

static const struct column_statistics *member_figure(const struct page *page,
                                                     const struct plan_member *member,
                                                     enum measure measure, const char *who)
{
    size_t index = plan_find_who(member->plan, who);
    for (size_t k = 0; index != SIZE_MAX && k < member->plan->n_results; ++k) {
        if (member->plan->results[k].measure == measure && member->plan->results[k].who == index) {
            return &page->result->statistics[member->first_result + k];
        }
    }
    return NULL;
}

static double member_mean(const struct page *page, const struct plan_member *member,
                          enum measure measure, const char *who)
{
    const struct column_statistics *statistics = member_figure(page, member, measure, who);
    return statistics != NULL ? statistics->mean : 0.0;
}

static const struct plan_member *member_of(const struct page *page,
                                           const struct portfolio_programme *programme)
{
    const struct plan_bundle *bundle = page->set->plan->bundle;
    for (size_t m = 0; m < bundle->n_members; ++m) {
        if (strcmp(bundle->players[bundle->members[m].player].programme->id, programme->id) == 0) {
            return &bundle->members[m];
        }
    }
    return NULL;
}

enum { PROGRAMME_AMOUNTS = 6 };

struct amount_column {
    enum measure measure;
    bool total; /* of everyone, not of the headline's perspective */
    enum portfolio_amount alone;
};

static const struct amount_column amounts_of[PROGRAMME_AMOUNTS] = {
    {MEASURE_PV_COST, true, AMOUNT_COST},
    {MEASURE_PV_CASHABLE, true, AMOUNT_CASHABLE},
    {MEASURE_PV_NON_CASHABLE, true, AMOUNT_NON_CASHABLE},
    {MEASURE_NET_AT, false, AMOUNT_NET_SHORT},
    {MEASURE_NET, false, AMOUNT_NET},
    {MEASURE_QALYS, true, AMOUNT_QALYS}};

static void put_amounts(const struct page *page, struct grid *grid, size_t row, size_t first,
                        const double *amounts)
{
    for (size_t k = 0; k < PROGRAMME_AMOUNTS; ++k) {
        if (amounts_of[k].measure == MEASURE_QALYS) {
            grid_number(grid, row, first + k, amounts[k], fabs(amounts[k]) < 100.0 ? 1 : 0);
        } else {
            put_money(page, grid, row, first + k, amounts[k]);
        }
    }
}

static void write_prevention(const struct page *page, double sums[3][PROGRAMME_AMOUNTS],
                             const size_t *n)
{
    static const char *const levels[] = {"primary", "secondary", "tertiary"};
    static const char *const headings[] = {"prevention", "programmes",      "cost", "saves, cash",
                                           "not cash",   "net, short term", "net",  "QALYs"};
    struct grid grid;
    size_t n_rows = 1;
    for (size_t i = 0; i < 3; ++i) {
        n_rows += n[i] > 0 ? 1 : 0;
    }
    grid_init(&grid, 2 + PROGRAMME_AMOUNTS, n_rows);
    put_headings(&grid, headings);
    for (size_t i = 0, row = 1; i < 3; ++i) {
        if (n[i] > 0) {
            grid_put(&grid, row, 0, levels[i]);
            grid_number(&grid, row, 1, (double)n[i], 0);
            put_amounts(page, &grid, row++, 2, sums[i]);
        }
    }
    finish_grid(page, &grid);
}

static size_t prevention_level(const char *prevention)
{
    if (prevention == NULL || strcmp(prevention, "primary") == 0) {
        return 0;
    }
    return strcmp(prevention, "secondary") == 0 ? 1 : 2;
}

static double chance_of(const struct page *page, size_t programme)
{
    const struct portfolio_result *portfolio = page->portfolio;
    double sum = 0.0;
    if (portfolio->inclusion == NULL) {
        return NAN;
    }
    for (size_t level = 0; level < portfolio->portfolio->programmes[programme].n_scales; ++level) {
        sum += portfolio->inclusion[portfolio->first_level[programme] + level];
    }
    return sum;
}

/* "yes", "x 0.5" or "-": how a set has a programme. */
static void put_scale(struct grid *grid, size_t row, size_t column,
                      const struct portfolio_programme *programme, const struct portfolio_set *set,
                      size_t index)
{
    char words[32] = "-";
    if (set != NULL && set->solution.found && set->solution.level[index] != CHOICE_OFF) {
        double scale = programme->scales[set->solution.level[index] - 1];
        (void)snprintf(words, sizeof words, programme->n_scales > 1 ? "x %g" : "yes", scale);
    }
    grid_put(grid, row, column, words);
}

static void plot_members(const struct page *page)
{
    const struct portfolio *portfolio = page->portfolio->portfolio;
    const struct plan *plan = page->set->plan;
    const struct plan_who *who = &plan->whos[headline_index(plan)];
    if (!has_plots(page)) {
        return;
    }
    struct plots_member *members = memory_array(portfolio->n_programmes + 1, sizeof *members);
    size_t n = 0;
    for (size_t i = 0; i < portfolio->n_programmes; ++i) {
        const struct plan_member *member = member_of(page, &portfolio->programmes[i]);
        if (member != NULL) {
            members[n++] = (struct plots_member){
                .label = portfolio->programmes[i].label,
                .net = member_figure(page, member, MEASURE_NET, who->id),
                .cash = member_figure(page, member, MEASURE_NET_CASH, who->id)};
        }
    }
    plots_members(page->out, page->run->plots, members, n, who->label, page->width);
    free(members);
}

/* What a programme of the set adds to it, or another is worth alone. */
static void find_amounts(const struct page *page, size_t programme, double *amounts)
{
    const struct portfolio_result *portfolio = page->portfolio;
    const struct plan *plan = plan_of(page);
    const struct plan_member *member =
        page->set == NULL ? NULL : member_of(page, &portfolio->portfolio->programmes[programme]);
    for (size_t k = 0; k < PROGRAMME_AMOUNTS; ++k) {
        amounts[k] =
            member != NULL
                ? member_mean(page, member, amounts_of[k].measure,
                              amounts_of[k].total ? "total" : plan->whos[headline_index(plan)].id)
            : portfolio->standings != NULL
                ? portfolio->standings[programme].amounts[amounts_of[k].alone]
                : (double)NAN;
    }
}

static void put_programme(const struct page *page, struct grid *grid, size_t row, size_t programme,
                          bool in_set)
{
    const struct portfolio_result *portfolio = page->portfolio;
    const struct portfolio_programme *stated = &portfolio->portfolio->programmes[programme];
    double amounts[PROGRAMME_AMOUNTS];
    char name[MAX_CELL];
    size_t column = 0;
    programme_words(name, sizeof name - 8, stated,
                    in_set || portfolio->standings == NULL ? 0
                                                           : portfolio->standings[programme].level);
    strncat(name, in_set ? "" : ", alone", sizeof name - strlen(name) - 1);
    grid_put(grid, row, column++, name);
    grid_put(grid, row, column++, stated->scenario->model->prevention);
    if (portfolio->has_choice) {
        put_scale(grid, row, column++, stated, find_set(portfolio, BUDGETS_SILO), programme);
    }
    if (find_set(portfolio, BUDGETS_POOLED) != NULL) {
        put_scale(grid, row, column++, stated, find_set(portfolio, BUDGETS_POOLED), programme);
    }
    if (portfolio->inclusion != NULL) {
        put_share(grid, row, column++, chance_of(page, programme));
    }
    find_amounts(page, programme, amounts);
    put_amounts(page, grid, row, column, amounts);
}

static void write_programmes_note(const struct page *page, size_t n_alone)
{
    const struct plan *plan = plan_of(page);
    struct text words;
    char year[16];
    text_init(&words);
    text_format_financial_year(year, plan->scenario->start_year + (int)plan_short_term(plan));
    if (page->set != NULL) {
        text_printf(
            &words,
            "What each programme of the set \"%s\" adds, its share by Shapley value where "
            "programmes share a demand, a step or a ceiling, so that rows add to the total. ",
            page->set->words);
    }
    if (n_alone > 0) {
        text_append(&words, "Alone: not in the set; what it would be by itself, in no total. ");
    }
    text_printf(&words, "Cost and savings of everyone, net of the %s; %s; short term: to %s.%s",
                plan->whos[headline_index(plan)].label, page->unit_words, year,
                page->portfolio->inclusion != NULL
                    ? " P(chosen): share of draws in which the best set would hold it."
                    : "");
    finish_paragraph(page, &words);
}

static void write_programmes(const struct page *page)
{
    static const char *const amount_headings[PROGRAMME_AMOUNTS] = {
        "cost", "saves, cash", "not cash", "net, short term", "net", "QALYs"};
    const struct portfolio_result *result = page->portfolio;
    const struct portfolio *portfolio = result->portfolio;
    double sums[3][PROGRAMME_AMOUNTS] = {{0.0}};
    size_t n[3] = {0}, n_alone = 0, column = 2;
    bool pooled = find_set(result, BUDGETS_POOLED) != NULL;
    struct grid grid;
    size_t n_choice =
        (result->has_choice ? 1U : 0U) + (pooled ? 1U : 0U) + (result->inclusion != NULL ? 1U : 0U);
    grid_init(&grid, 2 + n_choice + PROGRAMME_AMOUNTS, portfolio->n_programmes + 1);
    grid.sortable = true;
    grid.caption = "Programmes of the portfolio compared";
    grid_put(&grid, 0, 0, "programme");
    grid_put(&grid, 0, 1, "prevention");
    column += result->has_choice ? 1 : 0;
    if (result->has_choice) {
        grid_put(&grid, 0, 2, "best");
    }
    if (pooled) {
        grid_put(&grid, 0, column++, "pooled");
    }
    if (result->inclusion != NULL) {
        grid_put(&grid, 0, column++, "P(chosen)");
    }
    for (size_t k = 0; k < PROGRAMME_AMOUNTS; ++k) {
        grid_put(&grid, 0, column + k, amount_headings[k]);
    }
    for (size_t i = 0; i < portfolio->n_programmes; ++i) {
        double amounts[PROGRAMME_AMOUNTS];
        bool in_set = page->set != NULL && member_of(page, &portfolio->programmes[i]) != NULL;
        size_t level = prevention_level(portfolio->programmes[i].scenario->model->prevention);
        put_programme(page, &grid, i + 1, i, in_set);
        find_amounts(page, i, amounts);
        for (size_t k = 0; in_set && k < PROGRAMME_AMOUNTS; ++k) {
            sums[level][k] += amounts[k];
        }
        n[level] += in_set ? 1 : 0;
        n_alone += in_set ? 0 : 1;
    }
    heading(page, page->set != NULL ? "The programmes, and what each adds"
                                    : "The programmes, each alone");
    finish_grid(page, &grid);
    write_programmes_note(page, n_alone);
    if (page->set != NULL) {
        write_why_not(page);
        write_prevention(page, sums, n);
        plot_members(page);
    }
}

/* ---- when funding ends ---- */

static void write_cliffs(const struct page *page)
{
    static const char *const headings[] = {"funded for", "cost",         "net",   "P(net >= 0)",
                                           "net cash",   "P(cash >= 0)", "QALYs", "levered in"};
    const struct portfolio_result *portfolio = page->portfolio;
    struct grid grid;
    if (portfolio->n_cliffs == 0) {
        return;
    }
    bool levered = mean_of(page, MEASURE_PV_LEVERED_IN, page->set->plan->n_whos - 1) != 0.0;
    grid_init(&grid, levered ? 8 : 7, portfolio->n_cliffs + 1);
    put_headings(&grid, headings);
    for (size_t i = 0; i < portfolio->n_cliffs; ++i) {
        const struct portfolio_cliff *cliff = &portfolio->cliffs[i];
        struct page part = *page;
        char words[32] = "recurrent";
        part.result = &page->run->results[cliff->result];
        if (cliff->funded_years > 0) {
            (void)snprintf(words, sizeof words, "%zu year%s", cliff->funded_years,
                           cliff->funded_years == 1 ? "" : "s");
        }
        grid_put(&grid, i + 1, 0, words);
        if (part.result->statistics == NULL) {
            continue;
        }
        size_t who = headline_index(cliff->plan), total = cliff->plan->n_whos - 1;
        put_money(page, &grid, i + 1, 1, mean_of(&part, MEASURE_PV_COST, total));
        put_money(page, &grid, i + 1, 2, mean_of(&part, MEASURE_NET, who));
        put_share(&grid, i + 1, 3, figure(&part, MEASURE_NET, who)->p_nonneg);
        put_money(page, &grid, i + 1, 4, mean_of(&part, MEASURE_NET_CASH, who));
        put_share(&grid, i + 1, 5, figure(&part, MEASURE_NET_CASH, who)->p_nonneg);
        grid_number(&grid, i + 1, 6, mean_of(&part, MEASURE_QALYS, total), 1);
        put_money(page, &grid, i + 1, 7, mean_of(&part, MEASURE_PV_LEVERED_IN, total));
    }
    heading(page, "When the grant ends");
    finish_grid(page, &grid);
    paragraph(page, "All programmes at their largest scale, funded for so long from their start, "
                    "side by side; set-up is paid once, and effects fade by each programme's own "
                    "profile when funding stops.");
}

/* ---- money ---- */

static void write_shadows(const struct page *page)
{
    const struct portfolio_result *portfolio = page->portfolio;
    struct text words;
    bool any = false;
    text_init(&words);
    for (size_t form = 0; form < N_BUDGET_FORMS; ++form) {
        for (size_t i = 0; i < portfolio->n_shadows[form]; ++i) {
            const struct portfolio_shadow *shadow = &portfolio->shadows[form][i];
            bool pool = form == BUDGETS_POOLED &&
                        (i > 0 || portfolio->n_shadows[form] != portfolio->n_shadows[0] ||
                         strcmp(shadow->id, portfolio->shadows[0][i].id) != 0);
            if (!isfinite(shadow->gain_per_gbp) || (form == BUDGETS_POOLED && !pool)) {
                continue;
            }
            text_printf(&words, "%s%s%s %.2f", any ? "; " : "", pool ? "pooled: " : "", shadow->id,
                        shadow->gain_per_gbp);
            any = true;
        }
    }
    if (any) {
        struct text line;
        char increment[64];
        text_init(&line);
        text_printf(&line,
                    "Shadow prices (what the objective gains for each pound a year more of one "
                    "budget, with "
                    "%s more in every year): %s.",
                    pounds(increment, portfolio->portfolio->increment_gbp), words.bytes);
        finish_paragraph(page, &line);
    }
    text_clear(&words);
}

static void write_order(const struct page *page)
{
    const struct portfolio_result *portfolio = page->portfolio;
    struct text words;
    bool any = false;
    text_init(&words);
    text_append(&words, "Order of funding as all budgets grow together: ");
    const struct choice_solution none = {.found = true};
    const struct choice_solution *last = &none;
    for (size_t i = 0; i < portfolio->n_funding; ++i) {
        const struct portfolio_funding *step = &portfolio->funding[i];
        bool differs = false;
        for (size_t k = 0; step->solution.found && k < portfolio->portfolio->n_programmes; ++k) {
            differs = differs || step->solution.level[k] != last->level[k];
        }
        if (!differs) {
            continue;
        }
        text_printf(&words, "%sat %.0f %% add ", any ? "; " : "", 100.0 * step->scale);
        write_programme_names(&words, portfolio, &step->solution, last);
        bool drops = false;
        for (size_t k = 0; k < portfolio->portfolio->n_programmes; ++k) {
            if (last->level[k] != CHOICE_OFF && step->solution.level[k] == CHOICE_OFF) {
                text_printf(&words, "%s%s", drops ? ", " : " and drop ",
                            portfolio->portfolio->programmes[k].label);
                drops = true;
            }
        }
        last = &step->solution;
        any = true;
    }
    text_append(&words, any ? "." : "at none of these is any programme funded.");
    if (any && portfolio->portfolio->recycle_savings) {
        text_append(&words, " Savings of a year are spent in it, so that what frees more cash than "
                            "it costs needs no budget.");
    }
    if (portfolio->n_funding > 0) {
        paragraph(page, words.bytes);
    }
    text_clear(&words);
}

static void write_frontier(const struct page *page, const char *title, const char *axis,
                           const struct portfolio_point *points, size_t n_points, int decimals)
{
    const struct portfolio_result *portfolio = page->portfolio;
    struct grid grid;
    if (n_points < 2) {
        return;
    }
    grid_init(&grid, 4, n_points + 1);
    grid_put(&grid, 0, 0, title);
    grid_put(&grid, 0, 1, portfolio->portfolio->objective);
    grid_put(&grid, 0, 2, axis);
    grid_put(&grid, 0, 3, "programmes");
    for (size_t i = 0; i < n_points; ++i) {
        char words[96], number[48];
        (void)snprintf(words, sizeof words, "%zu", i + 1);
        grid_put(&grid, i + 1, 0, words);
        grid_put(&grid, i + 1, 1, objective_words(portfolio, words, points[i].x));
        text_format_grouped(number, points[i].y, decimals);
        grid_put(&grid, i + 1, 2, number);
        (void)snprintf(words, sizeof words, "%zu", count_on(portfolio, &points[i].solution));
        grid_put(&grid, i + 1, 3, words);
    }
    finish_grid(page, &grid);
}

/* A robust set, or that it is the chosen one. */
static void list_robust(struct text *words, const struct portfolio_result *portfolio,
                        const struct choice_solution *solution)
{
    const struct portfolio_set *silo = find_set(portfolio, BUDGETS_SILO);
    bool same = silo != NULL && memcmp(silo->solution.level, solution->level,
                                       portfolio->portfolio->n_programmes) == 0;
    if (same) {
        text_append(words, "the chosen one");
    } else {
        write_programme_names(words, portfolio, solution, NULL);
    }
}

static void write_certainty(const struct page *page)
{
    const struct portfolio_result *portfolio = page->portfolio;
    const struct portfolio_set *silo = find_set(portfolio, BUDGETS_SILO);
    struct text words;
    char value[3][96];
    if (silo == NULL || !silo->solution.found) {
        return;
    }
    text_init(&words);
    text_printf(&words,
                "Solved %sfor each of %zu draws again, the best set would on average be worth %s "
                "more than the one chosen (expected regret; 95 %% of draws: at most %s). ",
                portfolio->over_draws.n_inexact > 0 ? "(not always to the end) " : "",
                portfolio->over_draws.n_draws,
                objective_words(portfolio, value[0], portfolio->over_draws.regret),
                objective_words(portfolio, value[1], portfolio->over_draws.regret_q95));
    if (portfolio->has_robust && portfolio->best_q05.found) {
        text_append(&words, "Safest set (largest 5 % quantile, ");
        text_append(&words, objective_words(portfolio, value[2], portfolio->q05));
        text_append(&words, "): ");
        list_robust(&words, portfolio, &portfolio->best_q05);
        text_append(&words, ". Least regret: ");
        list_robust(&words, portfolio, &portfolio->least_regret);
        text_append(&words, ". ");
    }
    if (isfinite(silo->full_model_value)) {
        text_printf(&words, "The full model gives the chosen set %s over the same draws. ",
                    objective_words(portfolio, value[0], silo->full_model_value));
    }
    if (isfinite(portfolio->glpk_value)) {
        text_printf(&words, "A second solver (GLPK) finds %s.",
                    objective_words(portfolio, value[1], portfolio->glpk_value));
    } else if (portfolio->glpk_words[0] != '\0') {
        text_printf(&words, "No second solver (GLPK) was asked: %s.", portfolio->glpk_words);
    }
    finish_paragraph(page, &words);
}

/* Each budget in the year in which it is tightest, and in all. */
static void write_budgets(const struct page *page)
{
    static const char *const headings[] = {"budget",   "tightest year", "a year",
                                           "mean use", "P(overspent)",  "use in all years"};
    const struct portfolio_set *set = page->set;
    struct grid grid;
    size_t n_rows = 1;
    if (set == NULL || set->n_uses == 0 || !set->is_choice) {
        return;
    }
    size_t n_years = set->plan->n_years;
    grid_init(&grid, 6, set->n_uses / n_years + 1);
    put_headings(&grid, headings);
    for (size_t i = 0; i < set->n_uses; i += n_years) {
        const struct portfolio_use *tightest = &set->uses[i];
        double all = 0.0;
        for (size_t k = i; k < i + n_years; ++k) {
            const struct portfolio_use *use = &set->uses[k];
            bool tighter = use->p_over > tightest->p_over ||
                           (use->p_over == tightest->p_over && use->mean_gbp > tightest->mean_gbp);
            tightest = tighter ? use : tightest;
            all += use->mean_gbp;
        }
        char year[16];
        text_format_financial_year(year, set->plan->scenario->start_year + (int)tightest->year);
        grid_put(&grid, n_rows, 0, tightest->id);
        grid_put(&grid, n_rows, 1, year);
        put_money(page, &grid, n_rows, 2, tightest->budget_gbp);
        put_money(page, &grid, n_rows, 3, tightest->mean_gbp);
        put_share(&grid, n_rows, 4, tightest->p_over);
        put_money(page, &grid, n_rows++, 5, all);
    }
    finish_grid(page, &grid);
    struct text words;
    text_init(&words);
    text_printf(&words,
                "Nominal, %s. Budgets hold at the means, so that a year can cost more; use below "
                "0: more cash is freed than spent.",
                page->unit_words);
    finish_paragraph(page, &words);
}

static void write_money(const struct page *page)
{
    if (!page->portfolio->has_choice) {
        return;
    }
    heading(page, "What more money, safety and equality would change");
    write_budgets(page);
    write_shadows(page);
    write_order(page);
    write_frontier(page, "against risk", "P(>= 0)", page->portfolio->risk, page->portfolio->n_risk,
                   4);
    write_frontier(page, "against equality", "gap closed", page->portfolio->equality,
                   page->portfolio->n_equality, 6);
    write_certainty(page);
}

/* ---- inequality ---- */

static void write_quintiles(const struct page *page)
{
    static const char *const headings[] = {"quintile",          "people", "take part",
                                           "a 1,000",           "QALYs",  "demand avoided",
                                           "net health benefit"};
    const struct portfolio_equality *equality = &page->set->equality;
    struct grid grid;
    grid_init(&grid, 7, N_QUINTILES + 1);
    put_headings(&grid, headings);
    for (size_t q = 0; q < N_QUINTILES; ++q) {
        const struct portfolio_quintile *quintile = &equality->quintiles[q];
        char words[48];
        (void)snprintf(words, sizeof words, "Q%zu%s", q + 1,
                       q == 0   ? ", most deprived"
                       : q == 4 ? ", least deprived"
                                : "");
        grid_put(&grid, q + 1, 0, words);
        grid_number(&grid, q + 1, 1, quintile->people, 0);
        grid_number(&grid, q + 1, 2, quintile->participants.mean, 0);
        grid_number(&grid, q + 1, 3, 1000.0 * quintile->participants.mean / quintile->people, 1);
        grid_number(&grid, q + 1, 4, quintile->qalys.mean, 1);
        put_money(page, &grid, q + 1, 5, quintile->value.mean);
        grid_number(&grid, q + 1, 6, quintile->net_health_benefit.mean, 1);
    }
    finish_grid(page, &grid);
    paragraph(page,
              "People are counted once in each programme and intake they take part in. Demand "
              "avoided at its unit costs, whoever gains.");
}

static void write_equality(const struct page *page)
{
    const struct portfolio_equality *equality = &page->set->equality;
    const struct portfolio_equity *equity = &page->portfolio->portfolio->equity;
    struct text words;
    if (!equality->judged) {
        return;
    }
    heading(page, "Who gains, by neighbourhood");
    write_quintiles(page);
    text_init(&words);
    text_printf(
        &words,
        "The gap in health between the most and the least deprived %s by %.6f QALYs a "
        "person (slope index of net health benefit; 95 %% interval %.6f to %.6f); it "
        "narrows with probability %.2f, and with probability %.2f it narrows while health "
        "as a whole gains. Net health benefit counts the QALYs that the money would have "
        "bought elsewhere at %s a QALY, %s: of %+.1f in all, %+.1f are gained by people, the "
        "rest is money.",
        equality->gap_closed.mean >= 0.0 ? "narrows" : "widens", fabs(equality->gap_closed.mean),
        equality->gap_closed.low, equality->gap_closed.high, equality->p_gap_narrows,
        equality->p_both, pounds((char[64]){0}, equity->threshold_gbp_per_qaly),
        equity->burden_ratio == 1.0 ? "shared equally a person" : "shared on the stated gradient",
        equality->total_benefit.mean, mean_of(page, MEASURE_QALYS, page->set->plan->n_whos - 1));
    finish_paragraph(page, &words);
    text_init(&words);
    if (isfinite(equality->slope_before)) {
        text_printf(
            &words,
            "Slope index of quality-adjusted life expectancy: %.4f years before, %.4f "
            "after (relative index %.5f and %.5f). Equally distributed equivalent: Atkinson "
            "(aversion %g) %+.6f, Kolm (aversion %g) %+.6f years a person; equality itself "
            "is worth %+.1f QALYs beside %+.1f in all. ",
            equality->slope_before, equality->slope_after, equality->relative_before,
            equality->relative_after, equity->atkinson_aversion, equality->atkinson_gain.mean,
            equity->kolm_aversion, equality->kolm_gain.mean, equality->equality_gain.mean,
            equality->total_benefit.mean);
    }
    if (isfinite(equality->weighted_value)) {
        char amounts[2][64];
        text_printf(&words, "QALYs are worth %s%s, and %s%s with Green Book weights. ",
                    equality->unweighted_value < 0.0 ? "-" : "",
                    pounds(amounts[0], equality->unweighted_value),
                    equality->weighted_value < 0.0 ? "-" : "",
                    pounds(amounts[1], equality->weighted_value));
    }
    if (equality->uptake_factor > 1.0 && isfinite(equality->uptake_factor)) {
        text_printf(&words,
                    "Levelling up: uptake in Q1 must rise to %.2f times what it is for the gap to "
                    "begin to narrow.",
                    equality->uptake_factor);
    } else if (isinf(equality->uptake_factor)) {
        text_append(
            &words,
            "Levelling up: no rise of uptake in Q1 (to everybody, or ten times) would narrow the "
            "gap.");
    }
    finish_paragraph(page, &words);
}

/* ---- conventions ---- */

static void write_terms(const struct page *page)
{
    const struct portfolio *portfolio = page->portfolio->portfolio;
    struct text words;
    text_init(&words);
    text_printf(&words, "People of programmes on one demand overlap %s unless stated otherwise",
                portfolio->overlap_default == OVERLAP_DISJOINT
                    ? "nowhere"
                    : "independently, among the people of the programme that could reach most");
    if (portfolio->n_budgets > 0) {
        text_printf(&words, "; budgets bind on mean nominal cash cost%s",
                    portfolio->recycle_savings
                        ? ", less cashable savings of the same year: what is freed is spent"
                        : ", gross of savings");
    }
    for (size_t i = 0; i < portfolio->n_constraints; ++i) {
        text_printf(&words, "%s %s", i == 0 ? "; constraints:" : ";",
                    portfolio->constraints[i].text);
    }
    if (page->portfolio->has_choice) {
        text_printf(&words, "; the choice looks at %zu draws", page->portfolio->n_draws);
    }
    text_append(&words, ".");
    for (size_t i = 0; i < portfolio->n_overlaps; ++i) {
        text_printf(&words, " Overlap (%s): %s.", overlap_form_name(portfolio->overlaps[i].form),
                    portfolio->overlaps[i].reason);
    }
    for (size_t i = 0; i < portfolio->n_synergies; ++i) {
        text_printf(&words, " %s x %g: %s.",
                    portfolio->synergies[i].factor >= 1.0 ? "Synergy" : "Conflict",
                    portfolio->synergies[i].factor, portfolio->synergies[i].reason);
    }
    if (portfolio->note != NULL) {
        text_printf(&words, " Note: %s", portfolio->note);
    }
    finish_paragraph(page, &words);
}

static void write_conventions_of(const struct page *page)
{
    struct text lines;
    text_init(&lines);
    if (page->width != WIDTH_HTML) { /* there the frame says it */
        heading(page, "Conventions");
    }
    write_terms(page);
    write_conventions(&lines, page->run, plan_of(page)->scenario, "");
    for (char *line = lines.bytes; line != NULL && *line != '\0';) {
        char *end = strchr(line, '\n');
        *end = '\0';
        if (page->width == WIDTH_HTML) {
            html_element(page->out, "p", line);
        } else if (page->width == 0) {
            text_printf(page->out, "- %s\n", line);
        } else {
            write_wrapped(page->out, line, page->width, 2);
        }
        line = end + 1;
    }
    text_append(page->out, page->width == 0 ? "\n" : "");
    text_clear(&lines);
}

/* ---- the page ---- */

static void choose_unit(struct page *page)
{
    double largest = 0.0;
    for (size_t i = 0; i < page->set->plan->n_own_results; ++i) {
        if (page->set->plan->results[i].measure <= MEASURE_NET_CASH) {
            largest = fmax(largest, fabs(page->result->statistics[i].mean));
        }
    }
    page->unit = largest >= 1e6 ? 1000.0 : 1.0;
    page->unit_words = largest >= 1e6 ? "£ thousand" : "£";
}

static void write_title(const struct page *page)
{
    const struct portfolio *portfolio = page->portfolio->portfolio;
    if (page->width == 0) {
        text_printf(page->out, "## %s\n\n", portfolio->title);
    } else {
        text_printf(page->out, "%s\n", portfolio->title);
        for (size_t i = 0; i < text_width(portfolio->title); ++i) {
            text_append(page->out, "=");
        }
        text_append(page->out, "\n");
    }
    if (portfolio->question != NULL) {
        paragraph(page, portfolio->question);
    }
}

/* The page about the best set, or about all programmes; page.result NULL where that failed. */
static struct page page_of(struct text *out, const struct report_run *run,
                           const struct portfolio_result *portfolio, size_t width)
{
    struct page page = {.out = out,
                        .run = run,
                        .portfolio = portfolio,
                        .width = width,
                        .unit = 1.0,
                        .unit_words = "£"};
    page.set = portfolio->n_sets > 0 ? portfolio_main_set(portfolio) : NULL;
    if (page.set != NULL && page.set->result != SIZE_MAX &&
        run->results[page.set->result].statistics != NULL) {
        page.result = &run->results[page.set->result];
        choose_unit(&page);
    }
    return page;
}

static void write_sets(const struct page *page)
{
    struct text words;
    for (size_t i = 0; i < page->portfolio->n_sets; ++i) {
        if (page->portfolio->sets[i].is_choice) {
            write_set_sentence(page, &page->portfolio->sets[i]);
        }
    }
    text_init(&words);
    write_portfolio_unlimited(&words, page->portfolio);
    if (words.n_bytes > 0 && page->width != WIDTH_HTML) { /* there it stands with the answer */
        paragraph(page, words.bytes);
    }
    text_clear(&words);
    if (page->set == NULL) {
        write_why_not(page);
        paragraph(page, "Nothing is funded, so there is nothing to share. What all programmes "
                        "together would do stands in summary.csv under the portfolio's own name, "
                        "whatever the limits.");
        return;
    }
    write_pooling(page);
}

static void write_deal_further(const struct page *page)
{
    write_deal_in_time(page);
    write_pooled_deal(page);
}

static void (*const part_writers[])(const struct page *page) = {
    [PORTFOLIO_SETS] = write_sets,
    [PORTFOLIO_ANSWER] = write_answer,
    [PORTFOLIO_PARTNERS] = write_partners,
    [PORTFOLIO_DEAL] = write_deal,
    [PORTFOLIO_PAYMENTS] = write_deal_further,
    [PORTFOLIO_PROGRAMMES] = write_programmes,
    [PORTFOLIO_CLIFFS] = write_cliffs,
    [PORTFOLIO_MONEY] = write_money,
    [PORTFOLIO_EQUALITY] = write_equality,
    [PORTFOLIO_CONVENTIONS] = write_conventions_of};

enum { N_PARTS = sizeof part_writers / sizeof part_writers[0] };

/* Where nothing is funded, what there is to say of a choice: the sets, each programme alone, what
 * more money would change. */
static bool has_part(const struct page *page, enum portfolio_part part)
{
    bool of_choice =
        part == PORTFOLIO_PROGRAMMES || part == PORTFOLIO_MONEY || part == PORTFOLIO_CONVENTIONS;
    return part == PORTFOLIO_SETS || page->result != NULL ||
           (of_choice && page->set == NULL && plan_of(page) != NULL);
}

void write_portfolio_part(struct text *out, const struct report_run *run,
                          const struct portfolio_result *portfolio, size_t width,
                          enum portfolio_part part)
{
    const struct page page = page_of(out, run, portfolio, width);
    if (has_part(&page, part)) {
        part_writers[part](&page);
    }
}

const struct portfolio_set *portfolio_page_set(const struct report_run *run,
                                               const struct portfolio_result *portfolio)
{
    const struct portfolio_set *set = portfolio->n_sets > 0 ? portfolio_main_set(portfolio) : NULL;
    bool ran =
        set != NULL && set->result != SIZE_MAX && run->results[set->result].statistics != NULL;
    return ran ? set : NULL;
}

void write_portfolio(struct text *out, const struct report_run *run,
                     const struct portfolio_result *portfolio, size_t width)
{
    if (portfolio->n_sets == 0) {
        return;
    }
    const struct page page = page_of(out, run, portfolio, width);
    write_title(&page);
    for (size_t part = 0; part < N_PARTS; ++part) {
        if (has_part(&page, (enum portfolio_part)part)) {
            part_writers[part](&page);
        }
    }
}

void report_portfolios(struct text *out, const struct report_run *run, enum report_style style,
                       size_t width)
{
    bool words = style == REPORT_TABLE || style == REPORT_MARKDOWN;
    for (size_t i = 0; words && i < run->n_portfolios; ++i) {
        text_append(out, out->n_bytes > 0 ? "\n" : "");
        write_portfolio(out, run, &run->portfolios[i], style == REPORT_MARKDOWN ? 0 : width);
    }
    size_t n_tables = 0;
    const struct portfolio_table *tables = portfolio_tables(&n_tables);
    if (style == REPORT_CSV && run->n_portfolios > 0 && out->n_bytes == 0) {
        tables[0].write(out, run); /* one table of one form a stream */
    }
}
