/* Who pays, who gains, and what is a fair deal? Transfers between partners that leave a portfolio's
 * total as it is. Pure. method section 7.
 *
 * All money is GBP present value unless said; positive is a gain. Partners come in a fixed order
 * (id order), arrays are [n_partners]. At most DEAL_MAX_PARTNERS. */
#ifndef DIVIDEND_PORTFOLIO_DEAL_H
#define DIVIDEND_PORTFOLIO_DEAL_H

#include <stdbool.h>
#include <stddef.h>

enum { DEAL_MAX_PARTNERS = 64, DEAL_MAX_EXACT_PARTNERS = 20 };

/* Rounding is no loss: after transfers a net counts as >= 0 down to minus this share of all the
 * money at stake in the draw (the sum of absolute nets and transfers). Sums of 64 doubles err by
 * less than 1e-14 of it. */
#define DEAL_ROUNDING 1e-12

enum deal_rule {
    DEAL_EQUAL,         /* every partner ends with the same net */
    DEAL_BY_BUDGET,     /* in proportion to stated baseline budgets */
    DEAL_BY_SAVING,     /* in proportion to gross savings */
    DEAL_BY_INVESTMENT, /* in proportion to what each invests */
    DEAL_LOSERS_FIRST,  /* losers to 0, charged to gainers in proportion to their nets */
    DEAL_SHAPLEY,       /* v(S) = sum of nets of S if S holds every investor, else 0 */
    N_DEAL_RULES
};

enum deal_verdict {
    DEAL_GOOD_FOR_ALL,           /* no partner loses */
    DEAL_GOOD_WITH_COMPENSATION, /* the total is not negative, and some lose */
    DEAL_NOT_GOOD_ENOUGH         /* the total is negative: no transfer can make all whole */
};

/* One portfolio (or one draw of it). net = gross_saving - investment, up to rounding and to what is
 * neither (transfers between partners); the rules read each as stated. budget may be NULL. */
struct deal_position {
    size_t n_partners;
    const double *net;
    const double *investment;   /* >= 0 */
    const double *gross_saving; /* may be < 0 for a partner that is harmed */
    const double *budget;       /* >= 0; NULL: DEAL_BY_BUDGET does not apply */
};

const char *deal_rule_name(enum deal_rule rule);  /* "equal", "by_budget", ... */
const char *deal_rule_label(enum deal_rule rule); /* "Equal shares", ... in words for a board */
const char *deal_verdict_name(enum deal_verdict verdict);
const char *deal_verdict_label(enum deal_verdict verdict);

/* Nets within `tolerance` of zero count as zero, and so does the total. */
enum deal_verdict deal_judge(const struct deal_position *position, double tolerance);

/* False where the rule does not apply (its base sums to 0 or has a negative entry; no budgets);
 * else final[n_partners], which add to the total net: transfer = final - net. Where the total is
 * negative, equal and proportional shares share the loss, and losers first takes all that gainers
 * have: what is missing stays with the losers in proportion to their losses. Where it is not, every
 * rule but Shapley's leaves all whole. Shapley: an investor has investment > 0; without any,
 * every partner keeps its own net. */
bool deal_share(const struct deal_position *position, enum deal_rule rule, double *final);

/* The smallest sum of money moved that leaves none worse off, and one way to do it: transfers
 * [n_partners] (negative: pays). With a negative total, the most that can be made good. Returns the
 * sum moved (half of the sum of absolute transfers). */
double deal_smallest_transfers(const struct deal_position *position, double *transfers);

/* What a payer can pay of a transfer (negative: pays) out of what it gains in cash: 0 where nobody
 * holds a budget there, NaN for whoever pays nothing. cash: net in cash, PV GBP. */
double deal_payable_in_cash(double transfer, double cash, bool holds_budget);

/* By the definition, over all coalitions: n_partners <= DEAL_MAX_EXACT_PARTNERS. v is called for
 * bit sets of partners. The general form, used to check DEAL_SHAPLEY's closed form (an investor i
 * and a non-investor j: with k investors, unanimity games over {investors} and {investors + j}). */
void deal_shapley_exact(size_t n_partners, double (*v)(void *context, unsigned long coalition),
                        void *context, double *value);

/* How transfers are paid over financial years. Payers pay in the years in which they save: in
 * proportion to timing[payer][year] (>= 0; a payer whose timing is all 0 pays in year 0), so that
 * the present value of what each pays at discount[year] is its agreed transfer; receivers share
 * each year's payments in proportion to their agreed receipts. timing and payments are
 * [partner][year], discount[year] > 0; payments in real GBP (negative: pays); every year sums to 0
 * over partners up to rounding, which the last receiver takes up. The agreed transfers sum to 0;
 * where nobody pays or nobody receives, nothing is paid. */
void deal_schedule(size_t n_partners, size_t n_years, const double *transfers, const double *timing,
                   const double *discount, double *payments);

/* What of a deal holds over draws. nets is [partner][draw] with `stride` between partners. >= 0 up
 * to DEAL_ROUNDING; no draws: NaN; a draw whose net is NaN counts as not whole. */
struct deal_record {
    double p_all_whole;                /* share of draws in which every final net is >= 0 */
    double p_whole[DEAL_MAX_PARTNERS]; /* of each partner */
    double p_all_whole_before;         /* without any transfer */
    double p_total_nonneg;
};

/* A fixed deal: the same transfers in every draw. */
void deal_over_draws(size_t n_partners, size_t n_draws, const double *nets, size_t stride,
                     const double *transfers, struct deal_record *record);

/* Risk shared: the rule is applied anew to each draw's own outcome (transfers depend on what
 * happened). investment and gross_saving are [partner][draw] like nets; budget is [partner] or
 * NULL. Draws to which the rule does not apply are left without transfers and counted in
 * *n_not_applied. mean_transfers [n_partners]. Transfers of every draw sum to zero up to rounding.
 */
void deal_shared_over_draws(size_t n_partners, size_t n_draws, const double *nets,
                            const double *investment, const double *gross_saving, size_t stride,
                            const double *budget, enum deal_rule rule, double *mean_transfers,
                            size_t *n_not_applied, struct deal_record *record);

#endif
