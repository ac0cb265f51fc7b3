/* From the figures a source reports to natural parameters. method 2.1 to 2.5. */
#include "base/text.h"
#include "evidence/beta.h"
#include "evidence/distribution.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_roots.h>
#include <gsl/gsl_sf_gamma.h>

#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double z975 = 1.959963984540054;

/* What was given, with NAN for what was not. */
struct report {
    struct arena *arena;
    struct diagnostics *diagnostics;
    const struct setting *setting;
    enum distribution_family family;
    double mean, spread, median, mode, low, high, events, n, alpha, beta, shape, scale, mu, sigma,
        lambda;
    double ci_low, ci_high; /* 95 % interval */
    double prior_a, prior_b;
    bool failed;
};

static void refuse(struct report *report, enum diagnostic_code code, const char *key,
                   const char *allowed, const char *remedy, const char *found, ...)
    PRINTF_LIKE(6, 7);

static void refuse(struct report *report, enum diagnostic_code code, const char *key,
                   const char *allowed, const char *remedy, const char *found, ...)
{
    char words[400];
    va_list arguments;
    va_start(arguments, found);
    (void)vsnprintf(words, sizeof words, found, arguments);
    va_end(arguments);
    const struct setting *at = key != NULL ? setting_find(report->setting, key) : NULL;
    report->failed = true;
    setting_complain(report->diagnostics, at != NULL ? at : report->setting, code, allowed, remedy,
                     "%s", words);
}

/* ---- which keys a family knows ---- */

static const char *const family_keys[N_DISTRIBUTION_FAMILIES] = {
    [DISTRIBUTION_NORMAL] = "mean se sd ci95",
    [DISTRIBUTION_TRUNCATED_NORMAL] = "mean se sd ci95 min max",
    [DISTRIBUTION_LOGNORMAL] = "mean median se sd ci95 mu sigma",
    [DISTRIBUTION_BETA] = "mean median se sd ci95 events n prior alpha beta",
    [DISTRIBUTION_GAMMA] = "mean median se sd ci95 shape scale",
    [DISTRIBUTION_WEIBULL] = "mean se sd shape scale",
    [DISTRIBUTION_EXPONENTIAL] = "mean",
    [DISTRIBUTION_UNIFORM] = "min max",
    [DISTRIBUTION_TRIANGULAR] = "min mode max",
    [DISTRIBUTION_PERT] = "min mode max lambda",
    [DISTRIBUTION_EMPIRICAL] = "values",
    [DISTRIBUTION_DISCRETE] = "values weights"};

static bool has_word(const char *words, const char *word)
{
    size_t n = strlen(word);
    for (const char *at = strstr(words, word); at != NULL; at = strstr(at + 1, word)) {
        bool begins = at == words || at[-1] == ' ';
        if (begins && (at[n] == ' ' || at[n] == '\0')) {
            return true;
        }
    }
    return false;
}

static void check_keys(struct report *report)
{
    const char *known = family_keys[report->family];
    for (size_t i = 0; i < report->setting->n_children; ++i) {
        const char *name = report->setting->children[i]->name;
        if (strcmp(name, "dist") != 0 && !has_word(known, name)) {
            refuse(report, DIAGNOSTIC_E401, name,
                   arena_printf(report->arena, "for %s: %s",
                                distribution_family_name(report->family), known),
                   "remove it, or choose another dist", "%s says nothing about a %s distribution",
                   name, distribution_family_name(report->family));
        }
    }
}

static double given(const struct report *report, const char *key)
{
    return setting_number(setting_find(report->setting, key), (double)NAN);
}

static bool is_given(double value)
{
    return !isnan(value);
}

static void read_pair(struct report *report, const char *key, double *first, double *second,
                      bool ascending)
{
    const struct setting *pair = setting_find(report->setting, key);
    *first = *second = (double)NAN;
    if (pair == NULL) {
        return;
    }
    if (pair->n_children != 2) {
        refuse(report, DIAGNOSTIC_E403, key, "two numbers, [low, high]", "give both", "%zu numbers",
               pair->n_children);
        return;
    }
    *first = pair->children[0]->number;
    *second = pair->children[1]->number;
    if (ascending && !(*first < *second)) {
        refuse(report, DIAGNOSTIC_E403, key, "the lower limit first, then the higher",
               "swap the two", "an interval from %g to %g", *first, *second);
    }
}

static void read_report(struct report *report)
{
    double se = given(report, "se"), sd = given(report, "sd");
    report->mean = given(report, "mean");
    report->median = given(report, "median");
    report->mode = given(report, "mode");
    report->low = given(report, "min");
    report->high = given(report, "max");
    report->events = given(report, "events");
    report->n = given(report, "n");
    report->alpha = given(report, "alpha");
    report->beta = given(report, "beta");
    report->shape = given(report, "shape");
    report->scale = given(report, "scale");
    report->mu = given(report, "mu");
    report->sigma = given(report, "sigma");
    report->lambda = given(report, "lambda");
    read_pair(report, "ci95", &report->ci_low, &report->ci_high, true);
    read_pair(report, "prior", &report->prior_a, &report->prior_b, false);
    report->spread = is_given(se) ? se : sd;
    if (is_given(se) && is_given(sd)) {
        refuse(report, DIAGNOSTIC_E402, "sd", "one of se and sd", "remove one", "both se and sd");
    }
}

static void check_inside(struct report *report, double point, const char *key)
{
    if (is_given(report->ci_low) && !report->failed && is_given(point) &&
        !(report->ci_low < point && point < report->ci_high)) {
        refuse(report, DIAGNOSTIC_E403, key, "a 95 % interval that contains the estimate",
               "check the estimate and the limits; were they swapped?",
               "%s = %g lies outside its interval from %g to %g", key, point, report->ci_low,
               report->ci_high);
    }
}

/* Which of the allowed ways of reporting was used; each is a list of keys. Refuses none and
 * mixtures. */
static size_t choose_form(struct report *report, const char *const *forms, size_t n_forms)
{
    struct text keys;
    text_init(&keys);
    for (size_t i = 0; i < report->setting->n_children; ++i) {
        const char *name = report->setting->children[i]->name;
        if (strcmp(name, "dist") != 0) {
            text_printf(&keys, "%s ", strcmp(name, "sd") == 0 ? "se" : name);
        }
    }
    const char *present = arena_copy_text(report->arena, keys.bytes != NULL ? keys.bytes : "");
    text_clear(&keys);
    struct text words;
    text_init(&words);
    for (size_t form = 0; form < n_forms; ++form) {
        size_t n_words = 0, n_present = 0, n_found = 0;
        for (const char *at = present; *at != '\0'; ++at) {
            n_present += *at == ' ' ? 1 : 0;
        }
        for (const char *at = forms[form]; *at != '\0';) {
            size_t n = strcspn(at, " ");
            const char *word = arena_copy_span(report->arena, at, n);
            ++n_words;
            n_found += has_word(present, word) ? 1 : 0;
            at += n + (at[n] == ' ' ? 1 : 0);
        }
        if (n_words == n_found && n_present == n_found) {
            text_clear(&words);
            return form;
        }
        text_printf(&words, form == 0 ? "%s" : "; or %s", forms[form]);
    }
    if (!report->failed) {
        refuse(report, DIAGNOSTIC_E402, NULL,
               arena_printf(report->arena, "for %s one of: %s (sd may stand for se)",
                            distribution_family_name(report->family), words.bytes),
               "give exactly one of these sets of figures", "%s%s",
               present[0] == '\0' ? "no figures" : "the figures ", present);
    }
    text_clear(&words);
    return SIZE_MAX;
}

#define FORMS(...)                                                                                 \
    (const char *const[])                                                                          \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#define CHOOSE(report, ...)                                                                        \
    choose_form((report), FORMS(__VA_ARGS__), sizeof(FORMS(__VA_ARGS__)) / sizeof(char *))

static void set(struct distribution *out, double a, double b, double c, double d)
{
    out->p[0] = a;
    out->p[1] = b;
    out->p[2] = c;
    out->p[3] = d;
}

/* se from a 95 % interval: width / (2 x 1.96). */
static double spread_of_interval(const struct report *report)
{
    return (report->ci_high - report->ci_low) / (2.0 * z975);
}

/* ---- families ---- */

static void fit_normal(struct report *report, struct distribution *out)
{
    size_t form = CHOOSE(report, "mean se", "mean ci95");
    if (form == 1) {
        report->spread = spread_of_interval(report);
    }
    set(out, report->mean, report->spread, 0.0, 0.0);
    out->mean = report->mean;
    out->sd = report->spread;
}

static double density(double x)
{
    return isfinite(x) ? exp(-0.5 * x * x) * 0.3989422804014327 : 0.0;
}

static double plain_product(double x, double y)
{
    return isfinite(x) ? x * y : 0.0;
}

static void fit_truncated(struct report *report, struct distribution *out)
{
    size_t form = CHOOSE(report, "mean se min max", "mean se min", "mean se max",
                         "mean ci95 min max", "mean ci95 min", "mean ci95 max");
    if (form == SIZE_MAX) {
        return;
    }
    double sd = form >= 3 ? spread_of_interval(report) : report->spread;
    double low = is_given(report->low) ? report->low : -(double)INFINITY;
    double high = is_given(report->high) ? report->high : (double)INFINITY;
    if (!(low < high)) {
        refuse(report, DIAGNOSTIC_E404, "max", "a min below the max", "swap the two",
               "min %g and max %g", low, high);
        return;
    }
    double a = (low - report->mean) / sd, b = (high - report->mean) / sd;
    double mass = a > 0.0 ? gsl_cdf_ugaussian_Q(a) - gsl_cdf_ugaussian_Q(b)
                          : gsl_cdf_ugaussian_P(b) - gsl_cdf_ugaussian_P(a);
    if (!(mass >= 1e-9)) {
        refuse(report, DIAGNOSTIC_E404, "mean",
               "limits that leave some of the normal distribution between them",
               "mean and sd are those of the parent normal, before the cut: check them",
               "limits that leave nothing of the distribution");
        return;
    }
    set(out, report->mean, sd, low, high);
    double shift = (density(a) - density(b)) / mass;
    double stretch = (plain_product(a, density(a)) - plain_product(b, density(b))) / mass;
    out->mean = report->mean + sd * shift;
    out->sd = sd * sqrt(fmax(0.0, 1.0 + stretch - shift * shift));
}

static bool need_positive(struct report *report, double value, const char *key)
{
    if (report->failed || !is_given(value) || value > 0.0) {
        return !report->failed;
    }
    refuse(report, DIAGNOSTIC_E405, key,
           arena_printf(report->arena, "a number above 0: a %s has no other values",
                        distribution_family_name(report->family)),
           "use a normal distribution if the quantity may be negative", "%s = %g", key, value);
    return false;
}

static void fit_lognormal(struct report *report, struct distribution *out)
{
    size_t form = CHOOSE(report, "mu sigma", "median ci95", "mean ci95", "mean se");
    if (form == SIZE_MAX || !need_positive(report, report->mean, "mean") ||
        !need_positive(report, report->median, "median") ||
        !need_positive(report, report->ci_low, "ci95")) {
        return;
    }
    double mu = report->mu, sigma = report->sigma;
    if (form == 1 || form == 2) {
        /* The point estimate of a ratio is its median; the interval gives only the width. */
        mu = log(form == 1 ? report->median : report->mean);
        sigma = log(report->ci_high / report->ci_low) / (2.0 * z975);
    } else if (form == 3) {
        double ratio = report->spread / report->mean;
        sigma = sqrt(log1p(ratio * ratio));
        mu = log(report->mean) - 0.5 * sigma * sigma;
    }
    set(out, mu, sigma, 0.0, 0.0);
    out->mean = exp(mu + 0.5 * sigma * sigma);
    out->sd = out->mean * sqrt(expm1(sigma * sigma));
}

static void set_beta(struct distribution *out, double alpha, double beta)
{
    double sum = alpha + beta;
    set(out, alpha, beta, 0.0, 0.0);
    out->mean = alpha / sum;
    out->sd = sqrt(alpha * beta / (sum * sum * (sum + 1.0)));
}

static void fit_beta_moments(struct report *report, struct distribution *out, double sd)
{
    double mean = report->mean, variance = sd * sd;
    if (!(mean > 0.0 && mean < 1.0)) {
        refuse(report, DIAGNOSTIC_E405, "mean", "a mean between 0 and 1",
               "a beta is for shares and probabilities: 35 % is 0.35", "mean = %g", mean);
        return;
    }
    if (!(variance < mean * (1.0 - mean))) {
        refuse(report, DIAGNOSTIC_E406, NULL,
               arena_printf(report->arena, "an sd below %g with a mean of %g",
                            sqrt(mean * (1.0 - mean)), mean),
               "check the spread: is it a standard error, and a share?",
               "an sd of %g, more than any share can have", sd);
        return;
    }
    double sum = mean * (1.0 - mean) / variance - 1.0;
    set_beta(out, mean * sum, (1.0 - mean) * sum);
}

static void fit_beta_events(struct report *report, struct distribution *out)
{
    double r = report->events, n = report->n;
    bool prior = is_given(report->prior_a);
    if (r > n) {
        refuse(report, DIAGNOSTIC_E407, "events", "at most n events", "swap the two?",
               "%g events among %g", r, n);
    } else if (!prior && (r == 0.0 || r == n)) {
        refuse(report, DIAGNOSTIC_E407, "events", "some events, but not all, or a stated prior",
               "state a prior, e.g. prior = [0.5, 0.5];", "%g events among %g", r, n);
    } else {
        set_beta(out, r + (prior ? report->prior_a : 0.0), n - r + (prior ? report->prior_b : 0.0));
    }
}

/* ---- median and interval: two parameters solved numerically ---- */

struct solve {
    struct distribution trial;
    double median, width;
};

/* Brent's method to the last digits; the bracket has a change of sign. */
static double find_root(double (*function)(double, void *), struct solve *solve, double low,
                        double high)
{
    gsl_function wanted = {.function = function, .params = solve};
    gsl_root_fsolver *solver = gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
    double root = 0.5 * (low + high);
    if (solver == NULL) {
        abort(); /* out of memory: as the arena does */
    }
    if (gsl_root_fsolver_set(solver, &wanted, low, high) == GSL_SUCCESS) {
        for (int step = 0; step < 200; ++step) {
            if (gsl_root_fsolver_iterate(solver) != GSL_SUCCESS) {
                break;
            }
            root = gsl_root_fsolver_root(solver);
            if (gsl_root_test_interval(gsl_root_fsolver_x_lower(solver),
                                       gsl_root_fsolver_x_upper(solver), 0.0,
                                       4.0 * DBL_EPSILON) == GSL_SUCCESS) {
                break;
            }
        }
    }
    gsl_root_fsolver_free(solver);
    return root;
}

/* In the logit of the mean, so that shares of one in a million keep their digits. */
static void set_mean(struct solve *solve, double logit)
{
    double size = solve->trial.p[0] + solve->trial.p[1];
    solve->trial.p[0] = size / (1.0 + exp(-logit));
    solve->trial.p[1] = size / (1.0 + exp(logit));
}

static double median_difference(double logit, void *context)
{
    struct solve *solve = context;
    set_mean(solve, logit);
    return 0.5 - beta_cdf(solve->median, solve->trial.p[0], solve->trial.p[1]);
}

/* The distribution of this size (shape of a gamma, alpha + beta of a beta) with the median. */
static void set_trial(struct solve *solve, double log_size)
{
    double size = exp(log_size);
    if (solve->trial.family == DISTRIBUTION_GAMMA) {
        solve->trial.p[0] = size;
        solve->trial.p[1] = 1.0;
        solve->trial.p[1] = solve->median / distribution_quantile_reference(&solve->trial, 0.5);
        return;
    }
    solve->trial.p[0] = solve->trial.p[1] = 0.5 * size;
    set_mean(solve, find_root(median_difference, solve, -20.0, 20.0));
}

static double width_difference(double log_size, void *context)
{
    struct solve *solve = context;
    set_trial(solve, log_size);
    return distribution_quantile_reference(&solve->trial, 0.975) -
           distribution_quantile_reference(&solve->trial, 0.025) - solve->width;
}

/* The width falls as the size grows. */
static bool solve_median(struct report *report, struct distribution *out)
{
    struct solve solve = {.trial = {.family = report->family},
                          .median = report->median,
                          .width = report->ci_high - report->ci_low};
    double low = report->family == DISTRIBUTION_GAMMA ? log(0.05) : log(0.2), high = log(1e9);
    if (!(width_difference(low, &solve) > 0.0) || !(width_difference(high, &solve) < 0.0)) {
        refuse(report, DIAGNOSTIC_E408, "ci95",
               "a median and an interval that the distribution can have",
               "check the figures, or choose another dist", "no %s has this median and this width",
               distribution_family_name(report->family));
        return false;
    }
    set_trial(&solve, find_root(width_difference, &solve, low, high));
    set(out, solve.trial.p[0], solve.trial.p[1], 0.0, 0.0);
    return true;
}

static void fit_beta(struct report *report, struct distribution *out)
{
    size_t form = CHOOSE(report, "mean se", "mean ci95", "median ci95", "events n",
                         "events n prior", "alpha beta");
    if (form == 0) {
        fit_beta_moments(report, out, report->spread);
    } else if (form == 1) {
        fit_beta_moments(report, out, spread_of_interval(report));
    } else if (form == 2) {
        if (!(report->median > 0.0 && report->median < 1.0)) {
            refuse(report, DIAGNOSTIC_E405, "median", "a median between 0 and 1",
                   "a beta is for shares and probabilities", "median = %g", report->median);
        } else if (!report->failed && solve_median(report, out)) {
            set_beta(out, out->p[0], out->p[1]);
        }
    } else if (form == 3 || form == 4) {
        fit_beta_events(report, out);
    } else if (form == 5) {
        set_beta(out, report->alpha, report->beta);
    }
}

static void set_gamma(struct distribution *out, double shape, double scale)
{
    set(out, shape, scale, 0.0, 0.0);
    out->mean = shape * scale;
    out->sd = sqrt(shape) * scale;
}

static void fit_gamma(struct report *report, struct distribution *out)
{
    size_t form = CHOOSE(report, "mean se", "mean ci95", "median ci95", "shape scale");
    if (form == SIZE_MAX || !need_positive(report, report->mean, "mean") ||
        !need_positive(report, report->median, "median")) {
        return;
    }
    if (form == 3) {
        set_gamma(out, report->shape, report->scale);
    } else if (form == 2) {
        if (solve_median(report, out)) {
            set_gamma(out, out->p[0], out->p[1]);
        }
    } else {
        double sd = form == 1 ? spread_of_interval(report) : report->spread;
        set_gamma(out, report->mean * report->mean / (sd * sd), sd * sd / report->mean);
    }
}

static double weibull_ratio(double shape)
{
    double first = gsl_sf_lngamma(1.0 + 1.0 / shape), second = gsl_sf_lngamma(1.0 + 2.0 / shape);
    return sqrt(expm1(second - 2.0 * first));
}

static void fit_weibull(struct report *report, struct distribution *out)
{
    size_t form = CHOOSE(report, "shape scale", "mean se");
    if (form == SIZE_MAX || !need_positive(report, report->mean, "mean")) {
        return;
    }
    double shape = report->shape, scale = report->scale;
    if (form == 1) {
        double ratio = report->spread / report->mean, low = log(0.1), high = log(1000.0);
        if (!(ratio < weibull_ratio(0.1) && ratio > weibull_ratio(1000.0))) {
            refuse(report, DIAGNOSTIC_E408, NULL, "an sd that a weibull of this mean can have",
                   "check the figures, or choose another dist", "mean %g with sd %g", report->mean,
                   report->spread);
            return;
        }
        for (int step = 0; step < 100; ++step) {
            double middle = 0.5 * (low + high);
            if (weibull_ratio(exp(middle)) > ratio) {
                low = middle;
            } else {
                high = middle;
            }
        }
        shape = exp(0.5 * (low + high));
        scale = report->mean / exp(gsl_sf_lngamma(1.0 + 1.0 / shape));
    }
    set(out, shape, scale, 0.0, 0.0);
    out->mean = scale * exp(gsl_sf_lngamma(1.0 + 1.0 / shape));
    out->sd = out->mean * weibull_ratio(shape);
}

static void fit_exponential(struct report *report, struct distribution *out)
{
    if (CHOOSE(report, "mean") == SIZE_MAX || !need_positive(report, report->mean, "mean")) {
        return;
    }
    set(out, report->mean, 0.0, 0.0, 0.0);
    out->mean = out->sd = report->mean;
}

static bool check_limits(struct report *report)
{
    if (report->failed) {
        return false;
    }
    if (!(report->low < report->high)) {
        refuse(report, DIAGNOSTIC_E404, "max", "a min below the max", "swap the two",
               "min %g and max %g", report->low, report->high);
        return false;
    }
    if (is_given(report->mode) && !(report->low <= report->mode && report->mode <= report->high)) {
        refuse(report, DIAGNOSTIC_E404, "mode", "a mode between min and max",
               "check the three figures", "mode %g outside %g to %g", report->mode, report->low,
               report->high);
        return false;
    }
    return true;
}

static void fit_uniform(struct report *report, struct distribution *out)
{
    if (CHOOSE(report, "min max") == SIZE_MAX || !check_limits(report)) {
        return;
    }
    set(out, report->low, report->high, 0.0, 0.0);
    out->mean = 0.5 * (report->low + report->high);
    out->sd = (report->high - report->low) / sqrt(12.0);
}

static void fit_triangular(struct report *report, struct distribution *out)
{
    if (CHOOSE(report, "min mode max") == SIZE_MAX || !check_limits(report)) {
        return;
    }
    double a = report->low, c = report->mode, b = report->high;
    set(out, a, c, b, 0.0);
    out->mean = (a + b + c) / 3.0;
    out->sd = sqrt((a * a + b * b + c * c - a * b - a * c - b * c) / 18.0);
}

static void fit_pert(struct report *report, struct distribution *out)
{
    if (CHOOSE(report, "min mode max", "min mode max lambda") == SIZE_MAX ||
        !check_limits(report)) {
        return;
    }
    double lambda = is_given(report->lambda) ? report->lambda : 4.0;
    double range = report->high - report->low;
    double alpha = 1.0 + lambda * (report->mode - report->low) / range;
    double beta = 1.0 + lambda * (report->high - report->mode) / range;
    set_beta(out, alpha, beta);
    out->mean = report->low + range * out->mean;
    out->sd *= range;
    set(out, report->low, report->mode, report->high, lambda);
}

/* ---- listed values ---- */

struct weighted {
    double value, weight;
};

static int compare_weighted(const void *a, const void *b)
{
    double left = ((const struct weighted *)a)->value, right = ((const struct weighted *)b)->value;
    return (left > right) - (left < right);
}

static void fit_listed(struct report *report, struct distribution *out)
{
    bool discrete = report->family == DISTRIBUTION_DISCRETE;
    size_t form = discrete ? CHOOSE(report, "values weights") : CHOOSE(report, "values");
    const struct setting *values = setting_find(report->setting, "values");
    const struct setting *weights = setting_find(report->setting, "weights");
    if (form == SIZE_MAX) {
        return;
    }
    size_t n = values->n_children;
    if (discrete && weights->n_children != n) {
        refuse(report, DIAGNOSTIC_E409, "weights", "one weight for each value",
               "add or remove some", "%zu values with %zu weights", n, weights->n_children);
        return;
    }
    struct weighted *rows = arena_array(report->arena, n, sizeof *rows);
    double sum = 0.0;
    for (size_t i = 0; i < n; ++i) {
        rows[i].value = values->children[i]->number;
        rows[i].weight = discrete ? weights->children[i]->number : 1.0 / (double)n;
        sum += rows[i].weight;
    }
    if (fabs(sum - 1.0) > 1e-9) {
        refuse(report, DIAGNOSTIC_E409, "weights", "weights that sum to 1",
               "change them so that they do", "weights that sum to %.10g", sum);
        return;
    }
    qsort(rows, n, sizeof *rows, compare_weighted);
    double *sorted = arena_array(report->arena, n, sizeof *sorted);
    double *cumulative = arena_array(report->arena, n, sizeof *cumulative);
    double mean = 0.0, square = 0.0, below = 0.0;
    for (size_t i = 0; i < n; ++i) {
        sorted[i] = rows[i].value;
        mean += rows[i].weight * rows[i].value;
        below += rows[i].weight;
        cumulative[i] = i + 1 == n ? 1.0 : below;
    }
    for (size_t i = 0; i < n; ++i) {
        square += rows[i].weight * (rows[i].value - mean) * (rows[i].value - mean);
    }
    out->values = sorted;
    out->weights = discrete ? cumulative : NULL;
    out->n_values = n;
    out->mean = mean;
    out->sd = sqrt(square);
}

static void (*const fits[N_DISTRIBUTION_FAMILIES])(struct report *, struct distribution *) = {
    [DISTRIBUTION_NORMAL] = fit_normal,
    [DISTRIBUTION_TRUNCATED_NORMAL] = fit_truncated,
    [DISTRIBUTION_LOGNORMAL] = fit_lognormal,
    [DISTRIBUTION_BETA] = fit_beta,
    [DISTRIBUTION_GAMMA] = fit_gamma,
    [DISTRIBUTION_WEIBULL] = fit_weibull,
    [DISTRIBUTION_EXPONENTIAL] = fit_exponential,
    [DISTRIBUTION_UNIFORM] = fit_uniform,
    [DISTRIBUTION_TRIANGULAR] = fit_triangular,
    [DISTRIBUTION_PERT] = fit_pert,
    [DISTRIBUTION_EMPIRICAL] = fit_listed,
    [DISTRIBUTION_DISCRETE] = fit_listed};

/* "mean 280.17, se 14" */
static const char *describe_report(struct arena *arena, const struct setting *value)
{
    struct text out;
    char number[32];
    text_init(&out);
    for (size_t i = 0; i < value->n_children; ++i) {
        const struct setting *child = value->children[i];
        if (setting_is_text(child)) {
            continue;
        }
        text_printf(&out, out.n_bytes > 0 ? ", %s" : "%s", child->name);
        for (size_t j = 0; j < child->n_children && j < 4; ++j) {
            text_format_exact(number, child->children[j]->number);
            text_printf(&out, j == 0 ? " %s" : " to %s", number);
        }
        if (child->n_children == 0) {
            text_format_exact(number, child->number);
            text_printf(&out, " %s", number);
        }
    }
    const char *words = arena_copy_text(arena, out.bytes != NULL ? out.bytes : "");
    text_clear(&out);
    return words;
}

/* A figure in quotes: reported by the schema, and no fit can be tried. */
static bool has_words_for_figures(const struct setting *value)
{
    for (size_t i = 0; i < value->n_children; ++i) {
        const struct setting *child = value->children[i];
        if (setting_is_text(child) && strcmp(child->name, "dist") != 0) {
            return true;
        }
    }
    return false;
}

bool distribution_read(struct arena *arena, const struct setting *value, struct distribution *out,
                       struct diagnostics *diagnostics)
{
    if (setting_is_number(value)) {
        *out = distribution_fixed(value->number);
        return true;
    }
    struct report report = {
        .arena = arena, .diagnostics = diagnostics, .setting = value, .failed = false};
    *out = distribution_fixed((double)NAN);
    const char *name = setting_text(setting_find(value, "dist"), NULL);
    if (name != NULL && strcmp(name, "dirichlet") == 0) {
        setting_complain(diagnostics, value, DIAGNOSTIC_E410,
                         "a distribution of one number; dirichlet only as the value of an evidence "
                         "item",
                         "declare the counts as evidence, and use its items by name",
                         "a Dirichlet distribution where one number is wanted");
        return false;
    }
    if (setting_find(value, "counts") != NULL) {
        setting_complain(diagnostics, setting_find(value, "counts"), DIAGNOSTIC_E410,
                         "counts with dist = \"dirichlet\" only", "remove them, or change dist",
                         "`counts` says nothing about this distribution");
        return false;
    }
    if (name == NULL || !distribution_family_find(name, &report.family)) {
        return false; /* reported by the schema */
    }
    check_keys(&report);
    if (report.failed || has_words_for_figures(value)) {
        return false;
    }
    read_report(&report);
    check_inside(&report, report.mean, "mean");
    check_inside(&report, report.median, "median");
    struct distribution fitted = {.family = report.family};
    if (!report.failed) {
        fits[report.family](&report, &fitted);
    }
    if (report.failed) {
        return false;
    }
    if (!isfinite(fitted.mean) || !isfinite(fitted.sd)) {
        refuse(&report, DIAGNOSTIC_E408, NULL, "figures that give a finite mean and sd",
               "check the figures", "a distribution without a finite mean or sd");
        return false;
    }
    fitted.q025 = distribution_quantile_reference(&fitted, 0.025);
    fitted.q975 = distribution_quantile_reference(&fitted, 0.975);
    fitted.reported = describe_report(arena, value);
    *out = fitted;
    return true;
}

static struct distribution finished(struct distribution made)
{
    made.q025 = distribution_quantile_reference(&made, 0.025);
    made.q975 = distribution_quantile_reference(&made, 0.975);
    return made;
}

struct distribution distribution_gamma(double shape, double scale)
{
    return finished((struct distribution){.family = DISTRIBUTION_GAMMA,
                                          .p = {shape, scale},
                                          .mean = shape * scale,
                                          .sd = sqrt(shape) * scale,
                                          .reported = "a count"});
}

struct distribution distribution_beta(double alpha, double beta)
{
    double n = alpha + beta;
    return finished((struct distribution){.family = DISTRIBUTION_BETA,
                                          .p = {alpha, beta},
                                          .mean = alpha / n,
                                          .sd = sqrt(alpha * beta / (n + 1.0)) / n,
                                          .reported = "one of the counts of a Dirichlet"});
}
