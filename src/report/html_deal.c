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

/* "Public health stays £20k down", "2 partners stay £385k down". */
static void cash_words(char words[160], const struct deal_terms *terms,
                       const struct deal_limits *limits, const char *verb)
{
    char amount[48];
    html_short_money(amount, limits->cash_losses);
    size_t who = 0;
    for (size_t i = 0; i < terms->n; ++i) {
        who = terms->cash[i] < terms->cash[who] ? i : who;
    }
    if (limits->n_cash_losers == 1) {
        (void)snprintf(words, 160, "%.90s %ss %s down in cash",
                       terms->plan->whos[terms->whos[who]].label, verb, amount);
    } else {
        (void)snprintf(words, 160, "%zu partners %s %s down in cash", limits->n_cash_losers, verb,
                       amount);
    }
}

void html_deal_headline(char title[256], const struct deal_terms *terms, enum deal_verdict verdict,
                        double moved)
{
    const struct deal_limits limits = deal_limits_of(terms);
    char amount[48], payable[48], down[160];
    html_short_money(amount, moved);
    html_short_money(payable, limits.payable);
    cash_words(down, terms, &limits, "stay");
    if (limits.cash_gains <= 0.0 && limits.cash_losses > 0.0) {
        (void)snprintf(title, 256, "The fair deal: nobody has cash to give; %s", down);
    } else if (verdict == DEAL_NOT_GOOD_ENOUGH) {
        (void)snprintf(title, 256, "The fair deal: not good enough; no transfer makes all whole");
    } else if (deal_lacks_cash(&limits)) {
        (void)snprintf(
            title, 256,
            "The fair deal: on paper only; nothing of the %s it asks can be paid in cash", amount);
    } else if (limits.unallocated + limits.beyond_cash > 0.0) {
        (void)snprintf(title, 256,
                       "The fair deal: on paper only; %s of the %s it asks can be paid in cash",
                       payable, amount);
    } else if (verdict == DEAL_GOOD_WITH_COMPENSATION) {
        (void)snprintf(title, 256,
                       "The fair deal: good only with compensation; moving %s is enough", amount);
    } else if (limits.cash_losses > 0.0) {
        html_short_money(amount, limits.cash_losses);
        (void)snprintf(title, 256,
                       "The fair deal: good for every partner where capacity counts; in cash %s "
                       "must come from those who gain it",
                       amount);
    } else {
        (void)snprintf(title, 256, "The fair deal: good for every partner; nothing needs to move");
    }
}

static const char *transfer_note(const struct deal_terms *terms, size_t i)
{
    const struct plan_who *who = &terms->plan->whos[terms->whos[i]];
    double payable = deal_payable_in_cash(terms->transfers[i], terms->cash[i], who->holds_budget);
    return terms->transfers[i] >= 0.0             ? "receives"
           : !who->holds_budget                   ? "asked, nobody to pay"
           : payable < 0.5                        ? "asked, gains no cash"
           : payable < -terms->transfers[i] - 0.5 ? "asked, gains less cash"
                                                  : "pays";
}

static void draw_transfers(struct text *out, const struct deal_terms *terms)
{
    struct bar *bars = memory_array(terms->n + 1, sizeof *bars);
    size_t n_bars = 0;
    const struct deal_limits limits = deal_limits_of(terms);
    bool cash = deal_lacks_cash(&limits);
    const double *values = cash ? terms->cash : terms->transfers;
    for (size_t i = 0; i < terms->n; ++i) {
        if (fabs(values[i]) >= 0.5) {
            bars[n_bars++] = (struct bar){.label = terms->plan->whos[terms->whos[i]].label,
                                          .value = values[i],
                                          .low = (double)NAN,
                                          .high = (double)NAN,
                                          .second = (double)NAN,
                                          .note = cash ? NULL : transfer_note(terms, i)};
        }
    }
    if (n_bars > 0) {
        html_bars(out, &(struct bars){.title = cash ? "Net in cash of each partner"
                                                    : "Smallest transfers between partners",
                                      .bars = bars,
                                      .n = n_bars,
                                      .value_name = cash ? "up in cash" : "receives",
                                      .loss_name = cash ? "down in cash" : "is asked to pay",
                                      .measure = cash ? "net in cash" : "transfer",
                                      .format = AXIS_GBP});
    }
    free(bars);
}

void html_transfers_figure(struct text *out, const struct deal_terms *terms, const double *net)
{
    static const char *const headings[] = {"partner",          "net before",      "net in cash",
                                           "asked or offered", "payable in cash", "net after"};
    const struct plan *plan = terms->plan;
    draw_transfers(out, terms);
    html_details_start(out, "The table behind it");
    html_table_start(out,
                     "Smallest transfers on paper, £, present value; asked of a payer: below zero. "
                     "Payable in cash: what the payer's own gain in cash covers. Net after: where "
                     "all were paid",
                     headings, 6, 1, false);
    for (size_t i = 0; i < terms->n; ++i) {
        html_row(out, plan->whos[terms->whos[i]].label);
        html_number(out, net[i], 0);
        html_number(out, terms->cash[i], 0);
        html_number(out, terms->transfers[i], 0);
        char payable[48];
        write_payable(payable, terms, i);
        html_cell(out, payable);
        html_number(out, net[i] + terms->transfers[i], 0);
        html_row_end(out);
    }
    html_table_end(out);
    html_details_end(out);
}

void html_deal_figure(struct text *out, const struct scenario_result *result)
{
    struct scenario_deal deal;
    char title[256];
    if (!html_deal_make(&deal, result)) {
        return;
    }
    const struct deal_terms terms = html_deal_terms(&deal);
    const struct deal_limits deal_limits = deal_limits_of(&terms);
    html_deal_headline(title, &terms, deal.verdict, deal.moved);
    html_figure_start(out, title,
                      deal_lacks_cash(&deal_limits)
                          ? "Net in cash before any transfer, at the means: cashable savings less "
                            "cash costs, present value, £"
                      : deal.verdict == DEAL_NOT_GOOD_ENOUGH
                          ? "The most that can be made good by transfers at the means: savings, "
                            "cash or not, less costs, present value, £"
                          : "Smallest transfers that leave nobody worse off at the means: savings, "
                            "cash or not, less costs, present value, £",
                      "half");
    struct text words;
    text_init(&words);
    write_deal_cash(&words, &terms);
    html_element(out, "p", words.bytes);
    html_transfers_figure(out, &terms, deal.net);
    words.n_bytes = 0;
    write_deal_limits(&words, &terms);
    if (words.n_bytes > 0) {
        html_element(out, "p", words.bytes + 1);
    }
    text_clear(&words);
    html_element(out, "p class=\"s\"",
                 "At the means only: how often a deal holds over the draws, six rules of sharing "
                 "and payments by year are worked out for a portfolio, which can be of one "
                 "programme (dividend portfolio).");
    html_figure_end(out);
}
