#include "equity/equity.h"

#include "base/vector.h"

#include <assert.h>
#include <float.h>
#include <math.h>

static const double not_a_number = (double)NAN;

static double total_people(size_t n, const double *people)
{
    double total = 0.0;
    for (size_t i = 0; i < n; ++i) {
        assert(people[i] > 0.0);
        total += people[i];
    }
    return total;
}

static double smallest(size_t n, const double *x)
{
    double least = x[0];
    for (size_t i = 1; i < n; ++i) {
        least = x[i] < least ? x[i] : least;
    }
    return least;
}

static double largest(size_t n, const double *x)
{
    double most = x[0];
    for (size_t i = 1; i < n; ++i) {
        most = x[i] > most ? x[i] : most;
    }
    return most;
}

/* Around the first value: the mean of equal values is that value to the last bit. */
double equity_mean(size_t n, const double *people, const double *x)
{
    if (n == 0) {
        return not_a_number;
    }
    double total = total_people(n, people), above_first = 0.0;
    for (size_t i = 1; i < n; ++i) {
        above_first += people[i] / total * (x[i] - x[0]);
    }
    return x[0] + above_first;
}

/* Ranks have mean 1/2 whatever the sizes of the groups. */
double equity_slope_index(size_t n, const double *people, const double *x)
{
    if (n < 2) {
        return not_a_number;
    }
    double total = total_people(n, people), mean = equity_mean(n, people, x);
    double below = 0.0, covariance = 0.0, variance = 0.0;
    for (size_t i = 0; i < n; ++i) {
        double from_middle = (below + 0.5 * people[i]) / total - 0.5;
        covariance += people[i] / total * from_middle * (x[i] - mean);
        variance += people[i] / total * from_middle * from_middle;
        below += people[i];
    }
    return covariance / variance;
}

double equity_relative_index(size_t n, const double *people, const double *x)
{
    double mean = equity_mean(n, people, x);
    return mean > 0.0 ? equity_slope_index(n, people, x) / mean : not_a_number;
}

/* exp(x) - 1 and log(1 + x) keep their digits near 0 by a quotient in which the rounding of
 * exp(x), of 1 + x, cancels (Kahan). Not libm's: its last bits differ between processors. */
static double exp_less_one(double x)
{
    double power = number_exp(x);
    if (power == 1.0) {
        return x;
    }
    return power - 1.0 == -1.0 ? -1.0 : (power - 1.0) * x / number_log(power);
}

/* Mean of exp(z) over people, all z <= 0 and one of them 0, so that nothing overflows and the mean
 * is never 0. Kept twice: as it is, and less one for means near one. */
struct mean_exp {
    double mean, less_one;
};

static void mean_exp_add(struct mean_exp *sum, double share, double z)
{
    sum->mean += share * number_exp(z);
    sum->less_one += share * exp_less_one(z);
}

static double mean_exp_log(const struct mean_exp *sum)
{
    return sum->mean < 0.5 ? number_log(sum->mean) : number_log_one_plus(sum->less_one);
}

/* log(EDE / anchor) = log(mean of (x / anchor)^(1 - e)) / (1 - e); e = 1: mean of log(x / anchor).
 */
static double log_ede_over(size_t n, const double *people, const double *x, double aversion,
                           double anchor)
{
    double total = total_people(n, people), log_anchor = number_log(anchor), mean_log = 0.0;
    struct mean_exp sum = {0};
    for (size_t i = 0; i < n; ++i) {
        double share = people[i] / total, log_ratio = number_log(x[i]) - log_anchor;
        mean_log += share * log_ratio;
        mean_exp_add(&sum, share, (1.0 - aversion) * log_ratio);
    }
    return aversion == 1.0 ? mean_log : mean_exp_log(&sum) / (1.0 - aversion);
}

/* Anchored where the power is largest: at the smallest x above e = 1, at the largest below. */
double equity_atkinson_ede(size_t n, const double *people, const double *x, double aversion)
{
    if (n == 0 || !(aversion >= 0.0)) {
        return not_a_number;
    }
    if (aversion == 0.0) {
        return equity_mean(n, people, x);
    }
    double least = smallest(n, x);
    if (!(least > 0.0)) {
        return not_a_number;
    }
    if (isinf(aversion)) {
        return least;
    }
    double anchor = aversion < 1.0 ? largest(n, x) : least;
    double log_ratio = log_ede_over(n, people, x, aversion, anchor);
    /* In two steps: the ratio itself may be beyond a double where the EDE is not. */
    double half = number_exp(0.5 * log_ratio);
    return anchor * half * half;
}

/* -log(mean of exp(-a x)) / a, around the smallest x. Where a times the range is below rounding the
 * mean is the answer: the two differ by at most a range^2 / 8. */
double equity_kolm_ede(size_t n, const double *people, const double *x, double aversion)
{
    if (n == 0 || !(aversion >= 0.0)) {
        return not_a_number;
    }
    double least = smallest(n, x);
    if (isinf(aversion)) {
        return least;
    }
    if (aversion * (largest(n, x) - least) <= DBL_EPSILON) {
        return equity_mean(n, people, x);
    }
    double total = total_people(n, people);
    struct mean_exp sum = {0};
    for (size_t i = 0; i < n; ++i) {
        mean_exp_add(&sum, people[i] / total, -aversion * (x[i] - least));
    }
    return least - mean_exp_log(&sum) / aversion;
}

double equity_green_book_weight(double income, double reference, double eta)
{
    return income > 0.0 && reference > 0.0 ? number_power(reference / income, eta) : not_a_number;
}

void equity_net_health_benefit(size_t n, const double *qalys, double cost_gbp, double threshold,
                               const double *burden, double *net)
{
    double forgone = cost_gbp / threshold;
    for (size_t i = 0; i < n; ++i) {
        net[i] = qalys[i] - forgone * burden[i];
    }
}

/* Burden a person: `ratio` at the rank of the first group, 1 at the rank of the last, on a straight
 * line between. Distances of ranks are sums of halves of the groups between. */
void equity_burden(size_t n, const double *people, double ratio, double *burden)
{
    if (n == 0) {
        return;
    }
    assert(ratio >= 0.0);
    double span = total_people(n, people) - 0.5 * (people[0] + people[n - 1]);
    double from_first = 0.0, total = 0.0;
    for (size_t i = 0; i < n; ++i) {
        from_first += i > 0 ? 0.5 * (people[i - 1] + people[i]) : 0.0;
        double a_person = n > 1 ? ratio + (1.0 - ratio) * (from_first / span) : 1.0;
        burden[i] = people[i] * a_person;
        total += burden[i];
    }
    for (size_t i = 0; i < n; ++i) {
        burden[i] /= total;
    }
}
