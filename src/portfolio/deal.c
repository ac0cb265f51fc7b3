#include "portfolio/deal.h"

#include <assert.h>
#include <math.h>

static const char *const rule_names[N_DEAL_RULES] = {[DEAL_EQUAL] = "equal",
                                                     [DEAL_BY_BUDGET] = "by_budget",
                                                     [DEAL_BY_SAVING] = "by_saving",
                                                     [DEAL_BY_INVESTMENT] = "by_investment",
                                                     [DEAL_LOSERS_FIRST] = "losers_first",
                                                     [DEAL_SHAPLEY] = "shapley"};

static const char *const rule_labels[N_DEAL_RULES] = {
    [DEAL_EQUAL] = "Equal shares",
    [DEAL_BY_BUDGET] = "In proportion to budgets",
    [DEAL_BY_SAVING] = "In proportion to gross savings",
    [DEAL_BY_INVESTMENT] = "In proportion to investment",
    [DEAL_LOSERS_FIRST] = "Losers made whole first",
    [DEAL_SHAPLEY] = "Shapley value, every payer needed"};

static const char *const verdict_names[] = {[DEAL_GOOD_FOR_ALL] = "good_for_all",
                                            [DEAL_GOOD_WITH_COMPENSATION] =
                                                "good_with_compensation",
                                            [DEAL_NOT_GOOD_ENOUGH] = "not_good_enough"};

static const char *const verdict_labels[] = {[DEAL_GOOD_FOR_ALL] = "Good for every partner",
                                             [DEAL_GOOD_WITH_COMPENSATION] =
                                                 "Good only with compensation",
                                             [DEAL_NOT_GOOD_ENOUGH] = "Not good enough"};

const char *deal_rule_name(enum deal_rule rule)
{
    return rule_names[rule];
}

const char *deal_rule_label(enum deal_rule rule)
{
    return rule_labels[rule];
}

const char *deal_verdict_name(enum deal_verdict verdict)
{
    return verdict_names[verdict];
}

const char *deal_verdict_label(enum deal_verdict verdict)
{
    return verdict_labels[verdict];
}

static double sum_of(size_t n, const double *x)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; ++i) {
        sum += x[i];
    }
    return sum;
}

static double gain(double net)
{
    return net > 0.0 ? net : 0.0;
}

static double loss(double net)
{
    return net < 0.0 ? -net : 0.0;
}

enum deal_verdict deal_judge(const struct deal_position *position, double tolerance)
{
    bool all_whole = true;
    for (size_t i = 0; i < position->n_partners; ++i) {
        all_whole = all_whole && position->net[i] >= -tolerance;
    }
    if (all_whole) {
        return DEAL_GOOD_FOR_ALL;
    }
    double total = sum_of(position->n_partners, position->net);
    return total >= -tolerance ? DEAL_GOOD_WITH_COMPENSATION : DEAL_NOT_GOOD_ENOUGH;
}

static bool share_in_proportion(const struct deal_position *position, const double *base,
                                double *final)
{
    if (base == NULL) {
        return false;
    }
    for (size_t i = 0; i < position->n_partners; ++i) {
        if (!(base[i] >= 0.0)) {
            return false;
        }
    }
    double sum = sum_of(position->n_partners, base);
    if (!(sum > 0.0) || isinf(sum)) {
        return false;
    }
    double total = sum_of(position->n_partners, position->net);
    for (size_t i = 0; i < position->n_partners; ++i) {
        final[i] = total * (base[i] / sum);
    }
    return true;
}

static void share_equally(const struct deal_position *position, double *final)
{
    double total = sum_of(position->n_partners, position->net);
    for (size_t i = 0; i < position->n_partners; ++i) {
        final[i] = total / (double)position->n_partners;
    }
}

static void share_losers_first(const struct deal_position *position, double *final)
{
    deal_smallest_transfers(position, final);
    for (size_t i = 0; i < position->n_partners; ++i) {
        final[i] += position->net[i];
    }
}

/* v is a sum of unanimity games: the investors' own nets need the k investors, who share them
 * equally; another partner's net needs the investors and that partner, k + 1 equal shares. */
static void share_by_shapley(const struct deal_position *position, double *final)
{
    size_t n_investors = 0;
    double of_investors = 0.0, of_others = 0.0;
    for (size_t i = 0; i < position->n_partners; ++i) {
        if (position->investment[i] > 0.0) {
            ++n_investors;
            of_investors += position->net[i];
        } else {
            of_others += position->net[i];
        }
    }
    double k = (double)n_investors;
    for (size_t i = 0; i < position->n_partners; ++i) {
        final[i] = position->investment[i] > 0.0 ? of_investors / k + of_others / (k + 1.0)
                                                 : position->net[i] / (k + 1.0);
    }
}

bool deal_share(const struct deal_position *position, enum deal_rule rule, double *final)
{
    switch (rule) {
    case DEAL_EQUAL:
        share_equally(position, final);
        return true;
    case DEAL_BY_BUDGET:
        return share_in_proportion(position, position->budget, final);
    case DEAL_BY_SAVING:
        return share_in_proportion(position, position->gross_saving, final);
    case DEAL_BY_INVESTMENT:
        return share_in_proportion(position, position->investment, final);
    case DEAL_LOSERS_FIRST:
        share_losers_first(position, final);
        return true;
    case DEAL_SHAPLEY:
        share_by_shapley(position, final);
        return true;
    case N_DEAL_RULES:
    default:
        assert(!"a rule of enum deal_rule");
        return false;
    }
}

/* No less will do: every loser must receive its loss. The charge on a gainer is at most its net
 * even after rounding, and a loser that is made whole ends at exactly 0. */
double deal_smallest_transfers(const struct deal_position *position, double *transfers)
{
    double gains = 0.0, losses = 0.0;
    for (size_t i = 0; i < position->n_partners; ++i) {
        gains += gain(position->net[i]);
        losses += loss(position->net[i]);
    }
    double moved = gains < losses ? gains : losses;
    double charged = moved > 0.0 ? moved / gains : 0.0;
    double made_good = moved > 0.0 ? moved / losses : 0.0;
    for (size_t i = 0; i < position->n_partners; ++i) {
        double net = position->net[i];
        transfers[i] = made_good * loss(net) - charged * gain(net);
    }
    return moved;
}

/* weights[s] = s! (n - 1 - s)! / n!: the chance that, in a random order of n partners, those before
 * a given partner are a given coalition of s. */
static void coalition_weights(size_t n, double *weights)
{
    weights[0] = 1.0 / (double)n;
    for (size_t s = 1; s < n; ++s) {
        weights[s] = weights[s - 1] * (double)s / (double)(n - s);
    }
}

static size_t count_members(size_t n, unsigned long coalition)
{
    size_t count = 0;
    for (size_t i = 0; i < n; ++i) {
        count += (coalition >> i) & 1UL;
    }
    return count;
}

/* added[i][s]: what partner i adds to coalitions of s others. */
static void add_coalition(size_t n, unsigned long coalition, double worth,
                          double added[DEAL_MAX_EXACT_PARTNERS][DEAL_MAX_EXACT_PARTNERS])
{
    size_t n_members = count_members(n, coalition);
    for (size_t i = 0; i < n; ++i) {
        bool member = (coalition >> i & 1UL) != 0;
        added[i][member ? n_members - 1 : n_members] += member ? worth : -worth;
    }
}

double deal_payable_in_cash(double transfer, double cash, bool holds_budget)
{
    if (!(transfer < 0.0)) {
        return NAN;
    }
    return holds_budget ? fmin(-transfer, fmax(cash, 0.0)) : 0.0;
}

/* Summed by size before weighting: a million weighted terms of both signs would leave their
 * rounding. */
void deal_shapley_exact(size_t n_partners, double (*v)(void *context, unsigned long coalition),
                        void *context, double *value)
{
    assert(n_partners <= DEAL_MAX_EXACT_PARTNERS);
    if (n_partners == 0) {
        return;
    }
    double added[DEAL_MAX_EXACT_PARTNERS][DEAL_MAX_EXACT_PARTNERS] = {{0.0}};
    for (unsigned long coalition = 0; coalition >> n_partners == 0; ++coalition) {
        add_coalition(n_partners, coalition, v(context, coalition), added);
    }
    double weights[DEAL_MAX_EXACT_PARTNERS];
    coalition_weights(n_partners, weights);
    for (size_t i = 0; i < n_partners; ++i) {
        value[i] = 0.0;
        for (size_t s = 0; s < n_partners; ++s) {
            value[i] += weights[s] * added[i][s];
        }
    }
}

/* One payer: in proportion to when it saves, at the present value agreed. */
static void schedule_payer(size_t n_years, double transfer, const double *timing,
                           const double *discount, double *payments)
{
    double present = 0.0;
    for (size_t year = 0; year < n_years; ++year) {
        present += timing[year] * discount[year];
    }
    for (size_t year = 0; year < n_years; ++year) {
        payments[year] = present > 0.0 ? transfer * (timing[year] / present) : 0.0;
    }
    if (!(present > 0.0)) {
        payments[0] = transfer / discount[0];
    }
}

/* One year's payments to receivers; the last takes what rounding leaves. */
static void schedule_receivers(size_t n_partners, size_t n_years, const double *transfers,
                               double received, double *payments)
{
    double paid = 0.0, left = 0.0;
    size_t last = 0;
    for (size_t i = 0; i < n_partners; ++i) {
        paid -= transfers[i] < 0.0 ? payments[i * n_years] : 0.0;
    }
    for (size_t i = 0; i < n_partners; ++i) {
        if (transfers[i] > 0.0) {
            payments[i * n_years] = paid * (transfers[i] / received);
            last = i;
        }
        left -= payments[i * n_years];
    }
    payments[last * n_years] += left;
}

void deal_schedule(size_t n_partners, size_t n_years, const double *transfers, const double *timing,
                   const double *discount, double *payments)
{
    double paid = 0.0, received = 0.0;
    for (size_t i = 0; i < n_partners; ++i) {
        paid += loss(transfers[i]);
        received += gain(transfers[i]);
    }
    for (size_t cell = 0; cell < n_partners * n_years; ++cell) {
        payments[cell] = 0.0;
    }
    if (n_years == 0 || !(paid > 0.0) || !(received > 0.0)) {
        return; /* nobody to pay, or nobody to be paid */
    }
    for (size_t i = 0; i < n_partners; ++i) {
        if (transfers[i] < 0.0) {
            schedule_payer(n_years, transfers[i], timing + i * n_years, discount,
                           payments + i * n_years);
        }
    }
    for (size_t year = 0; year < n_years; ++year) {
        schedule_receivers(n_partners, n_years, transfers, received, payments + year);
    }
}

/* One draw: `net` before and `transfers` of this draw. Counts, until record_close. */
static void record_draw(size_t n, const double *net, const double *transfers,
                        struct deal_record *record)
{
    double at_stake = 0.0, total = 0.0;
    for (size_t i = 0; i < n; ++i) {
        at_stake += fabs(net[i]) + fabs(transfers[i]);
        total += net[i];
    }
    double zero = -DEAL_ROUNDING * at_stake;
    bool all = true, all_before = true;
    for (size_t i = 0; i < n; ++i) {
        bool whole = net[i] + transfers[i] >= zero;
        record->p_whole[i] += whole;
        all = all && whole;
        all_before = all_before && net[i] >= zero;
    }
    record->p_all_whole += all;
    record->p_all_whole_before += all_before;
    record->p_total_nonneg += total >= zero;
}

static void record_close(size_t n_partners, size_t n_draws, struct deal_record *record)
{
    double n = (double)n_draws;
    record->p_all_whole /= n;
    record->p_all_whole_before /= n;
    record->p_total_nonneg /= n;
    for (size_t i = 0; i < n_partners; ++i) {
        record->p_whole[i] /= n;
    }
}

static void take_draw(size_t n_partners, const double *columns, size_t stride, size_t draw,
                      double *out)
{
    for (size_t i = 0; i < n_partners; ++i) {
        out[i] = columns[i * stride + draw];
    }
}

void deal_over_draws(size_t n_partners, size_t n_draws, const double *nets, size_t stride,
                     const double *transfers, struct deal_record *record)
{
    assert(n_partners <= DEAL_MAX_PARTNERS);
    *record = (struct deal_record){0};
    for (size_t draw = 0; draw < n_draws; ++draw) {
        double net[DEAL_MAX_PARTNERS];
        take_draw(n_partners, nets, stride, draw, net);
        record_draw(n_partners, net, transfers, record);
    }
    record_close(n_partners, n_draws, record);
}

/* Transfers of one draw; none where the rule does not apply. */
static bool transfers_of(const struct deal_position *position, enum deal_rule rule,
                         double *transfers)
{
    bool applies = deal_share(position, rule, transfers);
    for (size_t i = 0; i < position->n_partners; ++i) {
        transfers[i] = applies ? transfers[i] - position->net[i] : 0.0;
    }
    return applies;
}

void deal_shared_over_draws(size_t n_partners, size_t n_draws, const double *nets,
                            const double *investment, const double *gross_saving, size_t stride,
                            const double *budget, enum deal_rule rule, double *mean_transfers,
                            size_t *n_not_applied, struct deal_record *record)
{
    assert(n_partners <= DEAL_MAX_PARTNERS);
    *record = (struct deal_record){0};
    *n_not_applied = 0;
    for (size_t i = 0; i < n_partners; ++i) {
        mean_transfers[i] = 0.0;
    }
    for (size_t draw = 0; draw < n_draws; ++draw) {
        double net[DEAL_MAX_PARTNERS], invested[DEAL_MAX_PARTNERS], saved[DEAL_MAX_PARTNERS];
        double transfers[DEAL_MAX_PARTNERS];
        take_draw(n_partners, nets, stride, draw, net);
        take_draw(n_partners, investment, stride, draw, invested);
        take_draw(n_partners, gross_saving, stride, draw, saved);
        const struct deal_position position = {n_partners, net, invested, saved, budget};
        *n_not_applied += !transfers_of(&position, rule, transfers);
        for (size_t i = 0; i < n_partners; ++i) {
            mean_transfers[i] += transfers[i];
        }
        record_draw(n_partners, net, transfers, record);
    }
    record_close(n_partners, n_draws, record);
    for (size_t i = 0; i < n_partners; ++i) {
        mean_transfers[i] /= (double)n_draws;
    }
}
