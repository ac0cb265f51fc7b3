/* What a deal asks of payers that they cannot pay: of an account without a budget holder, and of
 * partners whose gains are capacity and no cash. For the page, the terminal and report.md. */
#include "report/report_private.h"

#include <math.h>
#include <stdio.h>

enum { LEAST_GBP = 1 }; /* below that nobody asks */

static void deal_pounds(char buffer[64], double gbp)
{
    char number[48];
    text_format_grouped(number, fabs(gbp) >= 999500.0 ? gbp / 1e6 : gbp,
                        fabs(gbp) >= 999500.0 ? 2 : 0);
    (void)snprintf(buffer, 64, fabs(gbp) >= 999500.0 ? "\xC2\xA3%s million" : "\xC2\xA3%s", number);
}

double deal_cash_of(const struct scenario_result *result, size_t who)
{
    const struct column_statistics *paid = result_find(result, MEASURE_PV_COST_CASH, who, 0, 0);
    const struct column_statistics *saved = result_find(result, MEASURE_PV_CASHABLE, who, 0, 0);
    const struct column_statistics *moved = result_find(result, MEASURE_PV_TRANSFER, who, 0, 0);
    return (saved != NULL ? saved->mean : 0.0) + (moved != NULL ? moved->mean : 0.0) -
           (paid != NULL ? paid->mean : 0.0);
}

static double or_nothing(double gbp)
{
    return gbp < LEAST_GBP ? 0.0 : gbp;
}

struct deal_limits deal_limits_of(const struct deal_terms *terms)
{
    struct deal_limits limits = {0};
    for (size_t i = 0; i < terms->n; ++i) {
        bool holds = terms->plan->whos[terms->whos[i]].holds_budget;
        double asked = fmax(-terms->transfers[i], 0.0);
        double payable = deal_payable_in_cash(terms->transfers[i], terms->cash[i], holds);
        limits.asked += asked;
        limits.unallocated += holds ? 0.0 : asked;
        limits.beyond_cash += holds && isfinite(payable) ? asked - payable : 0.0;
        limits.cash_gains += holds ? or_nothing(terms->cash[i]) : 0.0;
        limits.cash_losses += or_nothing(-terms->cash[i]);
        limits.n_cash_losers += -terms->cash[i] >= LEAST_GBP ? 1 : 0;
    }
    limits.asked = or_nothing(limits.asked);
    limits.unallocated = or_nothing(limits.unallocated);
    limits.beyond_cash = or_nothing(limits.beyond_cash);
    limits.payable = or_nothing(limits.asked - limits.unallocated - limits.beyond_cash);
    return limits;
}

/* "Acute hospitals stays down by £12,000 and Public health by £3,400": those who are down in cash,
 * by the share of it that is left. */
static void name_cash_losers(const struct deal_terms *terms, double left, const char *verb,
                             struct text *words)
{
    size_t n = 0, last = 0;
    for (size_t i = 0; i < terms->n; ++i) {
        last = -terms->cash[i] >= LEAST_GBP ? i : last;
    }
    for (size_t i = 0; i < terms->n; ++i) {
        if (-terms->cash[i] >= LEAST_GBP) {
            char amount[64];
            deal_pounds(amount, -terms->cash[i] * left);
            text_printf(words, "%s%s%s by %s",
                        n == 0      ? ""
                        : i == last ? " and "
                                    : ", ",
                        terms->plan->whos[terms->whos[i]].label, n == 0 ? verb : "", amount);
            ++n;
        }
    }
}

static void name_cash_gainers(const struct deal_terms *terms, struct text *words)
{
    bool first = true;
    for (size_t i = 0; i < terms->n; ++i) {
        const struct plan_who *who = &terms->plan->whos[terms->whos[i]];
        if (who->holds_budget && terms->cash[i] >= LEAST_GBP) {
            char amount[64];
            deal_pounds(amount, terms->cash[i]);
            text_printf(words, "%s%s %s", first ? "" : ", ", who->label, amount);
            first = false;
        }
    }
}

void write_deal_cash(struct text *words, const struct deal_terms *terms)
{
    const struct deal_limits limits = deal_limits_of(terms);
    char amounts[2][64];
    if (limits.cash_losses <= 0.0) {
        text_append(words, "In cash nobody is down: nothing needs to move.");
        return;
    }
    if (limits.cash_gains <= 0.0) {
        text_append(words, "Nobody has cash to give: in cash ");
        name_cash_losers(terms, 1.0, " stays down", words);
        text_append(words, ".");
        return;
    }
    deal_pounds(amounts[0], limits.cash_gains);
    deal_pounds(amounts[1], limits.cash_losses);
    text_printf(words, "In cash there is %s to give (", amounts[0]);
    name_cash_gainers(terms, words);
    if (limits.cash_gains >= limits.cash_losses) {
        text_append(words, "), enough for those who are down: ");
        name_cash_losers(terms, 1.0, "", words);
        text_append(words, ".");
    } else {
        text_printf(words, "), for %s that others are down by; with all of it shared, ",
                    amounts[1]);
        name_cash_losers(terms, 1.0 - limits.cash_gains / limits.cash_losses, " stays down", words);
        text_append(words, ".");
    }
}

void write_deal_payable(struct text *words, const struct deal_terms *terms)
{
    const struct deal_limits limits = deal_limits_of(terms);
    char amounts[2][64];
    deal_pounds(amounts[0], limits.payable);
    deal_pounds(amounts[1], limits.asked);
    if (limits.asked <= 0.0) {
        return;
    }
    if (limits.payable <= 0.0) {
        text_append(words, " None of it can be paid in cash.");
    } else if (limits.unallocated + limits.beyond_cash > 0.0) {
        text_printf(words, " Of the %s, %s can be paid in cash.", amounts[1], amounts[0]);
    } else {
        text_append(words, " All of it can be paid in cash.");
    }
    write_deal_limits(words, terms);
}

bool deal_lacks_cash(const struct deal_limits *limits)
{
    return limits->asked > 0.0 && limits->payable <= 0.0;
}

/* The payers of one sort, with what is asked of each beyond what they can pay. */
static void name_payers(const struct deal_terms *terms, bool holds, struct text *words)
{
    bool first = true;
    for (size_t i = 0; i < terms->n; ++i) {
        const struct plan_who *who = &terms->plan->whos[terms->whos[i]];
        double payable =
            deal_payable_in_cash(terms->transfers[i], terms->cash[i], who->holds_budget);
        double beyond = isfinite(payable) ? -terms->transfers[i] - payable : 0.0;
        if (who->holds_budget == holds && beyond >= LEAST_GBP) {
            char amount[64];
            deal_pounds(amount, beyond);
            text_printf(words, "%s%s of %s", first ? "" : ", ", amount, who->label);
            first = false;
        }
    }
}

void write_deal_limits(struct text *words, const struct deal_terms *terms)
{
    struct deal_limits limits = deal_limits_of(terms);
    if (limits.unallocated > 0.0) {
        text_append(words, " Not allocated to a budget holder: ");
        name_payers(terms, false, words);
        text_append(words, ". Nobody can pay from that account; agree first whose gain it is.");
    }
    if (limits.beyond_cash > 0.0) {
        text_append(words, " Not payable in cash: ");
        name_payers(terms, true, words);
        text_append(words, ", which gain capacity and no cash to that extent: it would come out of "
                           "other budgets.");
    }
}

void write_payable(char cell[48], const struct deal_terms *terms, size_t i)
{
    const struct plan_who *who = &terms->plan->whos[terms->whos[i]];
    double payable = deal_payable_in_cash(terms->transfers[i], terms->cash[i], who->holds_budget);
    if (!who->holds_budget) {
        (void)snprintf(cell, 48, "not allocated");
    } else if (!isfinite(payable)) {
        (void)snprintf(cell, 48, "-");
    } else {
        text_format_grouped(cell, payable, 0);
    }
}
