/* report.html: a fair deal between the partners of one programme, at the means: what would have to
 * move so that nobody is worse off. Portfolios have more of it: rules, payments, draws. */
#include "report/html.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Partners are the members of the headline's perspective. */
bool html_deal_make(struct scenario_deal *deal, const struct scenario_result *result)
{
    const struct plan *plan = result->plan;
    const struct plan_who *who = &plan->whos[headline_index(plan)];
    *deal = (struct scenario_deal){.result = result};
    if (who->n_members < 2 || who->n_members > DEAL_MAX_PARTNERS) {
        return false;
    }
    for (size_t i = 0; i < who->n_members; ++i) {
        const struct column_statistics *net =
            result_find(result, MEASURE_NET_FISCAL, who->members[i], 0, 0);
        if (net == NULL || !isfinite(net->mean)) {
            return false;
        }
        if (fabs(net->mean) >= 0.5) { /* whom nothing happens to has nothing to share */
            deal->whos[deal->n] = who->members[i];
            deal->cash[deal->n] = deal_cash_of(result, who->members[i]);
            deal->net[deal->n++] = net->mean;
        }
    }
    const struct deal_position position = {.n_partners = deal->n, .net = deal->net};
    if (deal->n == 0) {
        return false;
    }
    deal->verdict = deal_judge(&position, 0.5);
    deal->moved = deal_smallest_transfers(&position, deal->transfers);
    return true;
}

struct deal_terms html_deal_terms(const struct scenario_deal *deal)
{
    return (struct deal_terms){.plan = deal->result->plan,
                               .whos = deal->whos,
                               .n = deal->n,
                               .transfers = deal->transfers,
                               .cash = deal->cash};
}

void html_deal_headline(char title[256], enum deal_verdict verdict, double moved)
{
    char amount[48];
    html_short_money(amount, moved);
    switch (verdict) {
    case DEAL_GOOD_FOR_ALL:
        (void)snprintf(title, 256, "The fair deal: good for every partner; nothing needs to move");
        break;
    case DEAL_GOOD_WITH_COMPENSATION:
        (void)snprintf(title, 256,
                       "The fair deal: good only with compensation; moving %s is enough", amount);
        break;
    case DEAL_NOT_GOOD_ENOUGH:
        (void)snprintf(title, 256, "The fair deal: not good enough; no transfer makes all whole");
        break;
    }
}

void html_transfers_figure(struct text *out, const struct deal_terms *terms, const double *net)
{
    static const char *const headings[] = {"partner", "net before", "transfer", "net after",
                                           "payable in cash"};
    const struct plan *plan = terms->plan;
    const size_t *whos = terms->whos, n = terms->n;
    const double *transfers = terms->transfers;
    struct bar *bars = memory_array(n + 1, sizeof *bars);
    size_t n_bars = 0;
    for (size_t i = 0; i < n; ++i) {
        if (fabs(transfers[i]) >= 0.5) {
            bars[n_bars++] =
                (struct bar){.label = plan->whos[whos[i]].label,
                             .value = transfers[i],
                             .low = (double)NAN,
                             .high = (double)NAN,
                             .second = (double)NAN,
                             .note = transfers[i] >= 0.0                ? "receives"
                                     : plan->whos[whos[i]].holds_budget ? "pays"
                                                                        : "asked, nobody to pay"};
        }
    }
    if (n_bars > 0) {
        html_bars(out, &(struct bars){.title = "Smallest transfers between partners",
                                      .bars = bars,
                                      .n = n_bars,
                                      .value_name = "receives",
                                      .loss_name = "pays",
                                      .measure = "transfer",
                                      .format = AXIS_GBP});
    }
    html_details_start(out, "The table behind it");
    html_table_start(
        out,
        "Smallest transfers, £, present value; below zero: pays. Payable in cash: what "
        "the payer's own gain in cash covers",
        headings, 5, 1, false);
    for (size_t i = 0; i < n; ++i) {
        html_row(out, plan->whos[whos[i]].label);
        html_number(out, net[i], 0);
        html_number(out, transfers[i], 0);
        html_number(out, net[i] + transfers[i], 0);
        char payable[48];
        write_payable(payable, terms, i);
        html_cell(out, payable);
        html_row_end(out);
    }
    html_table_end(out);
    html_details_end(out);
    free(bars);
}

void html_deal_figure(struct text *out, const struct scenario_result *result)
{
    struct scenario_deal deal;
    char title[256];
    if (!html_deal_make(&deal, result)) {
        return;
    }
    html_deal_headline(title, deal.verdict, deal.moved);
    html_figure_start(out, title,
                      deal.verdict == DEAL_NOT_GOOD_ENOUGH
                          ? "The most that can be made good by transfers at the means: savings, "
                            "cash or not, less costs, present value, £"
                          : "Smallest transfers that leave nobody worse off at the means: savings, "
                            "cash or not, less costs, present value, £",
                      "half");
    const struct deal_terms terms = html_deal_terms(&deal);
    struct text limits;
    text_init(&limits);
    html_transfers_figure(out, &terms, deal.net);
    write_deal_limits(&limits, &terms);
    if (limits.n_bytes > 0) {
        html_element(out, "p", limits.bytes + 1);
    }
    text_clear(&limits);
    html_element(out, "p class=\"s\"",
                 "At the means only: how often a deal holds over the draws, six rules of sharing "
                 "and payments by year are worked out for a portfolio, which can be of one "
                 "programme (dividend portfolio).");
    html_figure_end(out);
}
