/* Distributions as sources report them: the fit gives the reported figures back, the worked checks
 * of method 2 come out, and every report that no distribution can have is refused with its code, at
 * the figure that is wrong.
 *
 * Tolerances: 1e-12 relative where the fit is a formula (a few roundings of numbers of like size),
 * 1e-8 where it is solved numerically (bisection through GSL's distribution functions, good to some
 * 1e-10). */
#include "base/arena.h"
#include "base/diagnostic.h"
#include "evidence/beta.h"
#include "evidence/distribution.h"
#include "reader/schema.h"
#include "support/assert_close.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_sf_gamma.h>

#include <stdio.h>
#include <string.h>

static const double z975 = 1.959963984540054;
static const double closed = 1e-12, solved = 1e-8;

struct bench {
    struct arena arena;
    struct diagnostics diagnostics;
};

static int begin(void **state)
{
    static struct bench bench;
    gsl_set_error_handler_off();
    arena_init(&bench.arena);
    diagnostics_init(&bench.diagnostics, &bench.arena);
    *state = &bench;
    return 0;
}

static int finish(void **state)
{
    struct bench *bench = *state;
    arena_clear(&bench->arena);
    return 0;
}

/* The setting `v` of "v = FIGURES;", checked against the schema as every caller does first. */
static const struct setting *setting_of(struct bench *bench, const char *figures)
{
    const char *bytes = arena_printf(&bench->arena, "v = %s;\n", figures);
    const struct document *document =
        reader_parse(&bench->arena, &bench->diagnostics, "fit.cfg", bytes, strlen(bytes));
    const struct setting *value = setting_find(document->root, "v");
    if (value == NULL ||
        (setting_is_group(value) && !schema_check(value, "distribution", &bench->diagnostics))) {
        fail_msg("the test's own text is not a distribution: %s", figures);
    }
    return value;
}

static struct distribution fit(void **state, const char *figures)
{
    struct bench *bench = *state;
    struct distribution distribution = {0};
    diagnostics_init(&bench->diagnostics, &bench->arena);
    const struct setting *value = setting_of(bench, figures);
    if (!distribution_read(&bench->arena, value, &distribution, &bench->diagnostics)) {
        fail_msg("%s: %s", figures,
                 diagnostic_render(&bench->diagnostics, &bench->diagnostics.items[0], false));
    }
    assert_int_equal(bench->diagnostics.n_items, 0);
    return distribution;
}

static double median_of(const struct distribution *distribution)
{
    return distribution_quantile_reference(distribution, 0.5);
}

/* ---- reported figures come back ---- */

static void a_plain_number_has_no_uncertainty(void **state)
{
    const char *const numbers[] = {"280.17", "-3", "0.0", "1e6"};
    const double values[] = {280.17, -3.0, 0.0, 1e6};
    for (size_t i = 0; i < 4; ++i) {
        const struct distribution fixed = fit(state, numbers[i]);
        assert_int_equal(fixed.family, DISTRIBUTION_FIXED);
        assert_false(distribution_is_uncertain(&fixed));
        assert_true(fixed.p[0] == values[i] && fixed.mean == values[i] && fixed.sd == 0.0);
        assert_true(fixed.q025 == values[i] && fixed.q975 == values[i]);
    }
}

static void a_normal_takes_mean_with_se_sd_or_interval(void **state)
{
    const char *const spreads[] = {"{ dist = \"normal\"; mean = 280.17; se = 14.0; }",
                                   "{ dist = \"normal\"; sd = 14; mean = 280.17; }"};
    for (size_t i = 0; i < 2; ++i) {
        const struct distribution normal = fit(state, spreads[i]);
        assert_int_equal(normal.family, DISTRIBUTION_NORMAL);
        assert_true(distribution_is_uncertain(&normal));
        assert_close(normal.mean, 280.17, closed);
        assert_close(normal.sd, 14.0, closed);
        assert_close(normal.q025, 280.17 - z975 * 14.0, closed);
        assert_close(normal.q975, 280.17 + z975 * 14.0, closed);
    }
    const struct distribution normal =
        fit(state, "{ dist = \"normal\"; mean = 1.2; ci95 = [0.80, 1.60]; }");
    assert_close(normal.mean, 1.2, closed);
    assert_close(normal.q025, 0.8, closed);
    assert_close(normal.q975, 1.6, closed);
    /* Off the middle the mean stands and the interval gives the width. */
    const struct distribution skewed =
        fit(state, "{ dist = \"normal\"; mean = -1.0; ci95 = [-4.0, 1.0]; }");
    assert_close(skewed.mean, -1.0, closed);
    assert_close(skewed.q975 - skewed.q025, 5.0, closed);
}

/* Half normal: mean sqrt(2 / pi), variance 1 - 2 / pi; on [-1, 1]: variance 1 - 2 phi(1) / (2
 * Phi(1) - 1). */
static void a_truncated_normal_takes_the_figures_of_its_parent(void **state)
{
    const double pi = 3.14159265358979323846;
    const struct distribution half =
        fit(state, "{ dist = \"truncated_normal\"; mean = 0.0; se = 1.0; min = 0.0; }");
    assert_int_equal(half.family, DISTRIBUTION_TRUNCATED_NORMAL);
    assert_true(half.p[0] == 0.0 && half.p[1] == 1.0 && half.p[2] == 0.0 && isinf(half.p[3]));
    assert_close(half.mean, sqrt(2.0 / pi), closed);
    assert_close(half.sd, sqrt(1.0 - 2.0 / pi), closed);
    assert_close(half.q025, gsl_cdf_ugaussian_Pinv(0.5125), 1e-10);
    assert_close(half.q975, gsl_cdf_ugaussian_Qinv(0.0125), 1e-10);
    const struct distribution mirrored =
        fit(state, "{ dist = \"truncated_normal\"; mean = 7.0; sd = 2.0; max = 7.0; }");
    assert_close(mirrored.mean, 7.0 - 2.0 * sqrt(2.0 / pi), closed);
    assert_close(mirrored.sd, 2.0 * sqrt(1.0 - 2.0 / pi), closed);
    const struct distribution middle =
        fit(state, "{ dist = \"truncated_normal\"; mean = 10; se = 4; min = 6; max = 14; }");
    double inside = gsl_cdf_ugaussian_P(1.0) - gsl_cdf_ugaussian_P(-1.0);
    assert_close(middle.mean, 10.0, closed);
    assert_close(middle.sd, 4.0 * sqrt(1.0 - 2.0 * exp(-0.5) / sqrt(2.0 * pi) / inside), closed);
    const char *const intervals[] = {
        "{ dist = \"truncated_normal\"; mean = 0.3; ci95 = [0.1, 0.5]; min = 0.0; max = 1.0; }",
        "{ dist = \"truncated_normal\"; mean = 0.3; ci95 = [0.1, 0.5]; min = 0.0; }",
        "{ dist = \"truncated_normal\"; mean = 0.3; ci95 = [0.1, 0.5]; max = 1.0; }"};
    for (size_t i = 0; i < 3; ++i) {
        const struct distribution cut = fit(state, intervals[i]);
        assert_close(cut.p[0], 0.3, closed);
        assert_close(cut.p[1], 0.4 / (2.0 * z975), closed);
    }
}

static void a_lognormal_gives_back_what_was_reported(void **state)
{
    const struct distribution natural =
        fit(state, "{ dist = \"lognormal\"; mu = 6.0; sigma = 0.8; }");
    assert_close(natural.mean, exp(6.32), closed);
    assert_close(natural.sd, exp(6.32) * sqrt(expm1(0.64)), closed);
    assert_close(median_of(&natural), exp(6.0), closed);
    const struct distribution moments =
        fit(state, "{ dist = \"lognormal\"; mean = 1900.0; se = 300.0; }");
    assert_close(moments.mean, 1900.0, closed);
    assert_close(moments.sd, 300.0, closed);
    assert_close(exp(moments.p[0] + moments.p[1] * moments.p[1] / 2.0), 1900.0, closed);
    /* The interval is symmetric on the logarithm here, so both limits come back. */
    const struct distribution median =
        fit(state, "{ dist = \"lognormal\"; median = 2.0; ci95 = [0.5, 8.0]; }");
    assert_close(median_of(&median), 2.0, closed);
    assert_close(median.q025, 0.5, closed);
    assert_close(median.q975, 8.0, closed);
    /* Otherwise only its width does; a ratio's `mean` is a point estimate, and so the median. */
    const struct distribution ratio =
        fit(state, "{ dist = \"lognormal\"; mean = 0.8; ci95 = [0.70, 0.92]; }");
    assert_close(median_of(&ratio), 0.8, closed);
    assert_close(ratio.q975 / ratio.q025, 0.92 / 0.70, closed);
}

static void a_beta_gives_back_what_was_reported(void **state)
{
    const struct distribution natural = fit(state, "{ dist = \"beta\"; alpha = 2.0; beta = 3.0; }");
    assert_close(natural.mean, 0.4, closed);
    assert_close(natural.sd, 0.2, closed);
    const struct distribution moments = fit(state, "{ dist = \"beta\"; mean = 0.07; sd = 0.04; }");
    assert_close(moments.mean, 0.07, closed);
    assert_close(moments.sd, 0.04, closed);
    assert_close(gsl_cdf_beta_P(moments.q025, moments.p[0], moments.p[1]), 0.025, 1e-10);
    assert_close(gsl_cdf_beta_Q(moments.q975, moments.p[0], moments.p[1]), 0.025, 1e-10);
    const struct distribution interval =
        fit(state, "{ dist = \"beta\"; mean = 0.30; ci95 = [0.21, 0.41]; }");
    assert_close(interval.mean, 0.30, closed);
    assert_close(interval.sd, 0.20 / (2.0 * z975), closed);
    const struct distribution events = fit(state, "{ dist = \"beta\"; events = 41; n = 60; }");
    assert_true(events.p[0] == 41.0 && events.p[1] == 19.0);
    assert_close(events.mean, 41.0 / 60.0, closed);
    assert_close(events.sd, sqrt(41.0 * 19.0 / 61.0) / 60.0, closed);
    const char *const priors[] = {"{ dist = \"beta\"; events = 0; n = 60; prior = [0.5, 0.5]; }",
                                  "{ dist = \"beta\"; events = 60; n = 60; prior = [1.0, 2.0]; }",
                                  "{ dist = \"beta\"; prior = [1.0, 1.0]; n = 60; events = 6; }"};
    const double shapes[][2] = {{0.5, 60.5}, {61.0, 2.0}, {7.0, 55.0}};
    for (size_t i = 0; i < 3; ++i) {
        const struct distribution beta = fit(state, priors[i]);
        assert_true(beta.p[0] == shapes[i][0] && beta.p[1] == shapes[i][1]);
    }
}

static void a_gamma_gives_back_what_was_reported(void **state)
{
    const struct distribution natural =
        fit(state, "{ dist = \"gamma\"; shape = 4.0; scale = 2.5; }");
    assert_close(natural.mean, 10.0, closed);
    assert_close(natural.sd, 5.0, closed);
    const struct distribution moments = fit(state, "{ dist = \"gamma\"; mean = 280.17; se = 14; }");
    assert_close(moments.mean, 280.17, closed);
    assert_close(moments.sd, 14.0, closed);
    assert_close(gsl_cdf_gamma_P(moments.q025, moments.p[0], moments.p[1]), 0.025, 1e-10);
    assert_close(gsl_cdf_gamma_Q(moments.q975, moments.p[0], moments.p[1]), 0.025, 1e-10);
    const struct distribution interval =
        fit(state, "{ dist = \"gamma\"; mean = 10.0; ci95 = [4.0, 19.0]; }");
    assert_close(interval.mean, 10.0, closed);
    assert_close(interval.sd, 15.0 / (2.0 * z975), closed);
}

/* From nearly normal to very skew, near both ends. */
static void median_and_interval_come_back_from_beta_and_gamma(void **state)
{
    const struct {
        const char *family;
        double median, low, high;
    } reports[] = {{"beta", 0.30, 0.20, 0.41},         {"beta", 0.02, 0.005, 0.06},
                   {"beta", 0.97, 0.90, 0.995},        {"beta", 0.5, 0.06, 0.94},
                   {"beta", 0.25, 0.2499, 0.2502},     {"gamma", 1900.0, 1400.0, 2600.0},
                   {"gamma", 3.0, 0.1, 15.0},          {"gamma", 5e-4, 1e-4, 2e-3},
                   {"gamma", 1e6, 999000.0, 1001500.0}};
    struct bench *bench = *state;
    for (size_t i = 0; i < sizeof reports / sizeof *reports; ++i) {
        double low = reports[i].low, high = reports[i].high;
        const struct distribution fitted =
            fit(state, arena_printf(&bench->arena,
                                    "{ dist = \"%s\"; median = %.17e; ci95 = [%.17e, %.17e]; }",
                                    reports[i].family, reports[i].median, low, high));
        assert_close(median_of(&fitted), reports[i].median, solved);
        assert_close(fitted.q975 - fitted.q025, high - low, solved);
    }
}

/* Sums of binomial probabilities: P(X <= x) of a beta with whole shapes a and b is the chance of at
 * least a successes in a + b - 1 trials. The slow way, beside both branches of beta_cdf. */
static double beta_by_binomials(double x, unsigned a, unsigned b)
{
    double sum = 0.0;
    for (unsigned k = a; k < a + b; ++k) {
        sum += exp(lgamma(a + b) - lgamma(k + 1.0) - lgamma((double)(a + b) - k) + k * log(x) +
                   (a + b - 1.0 - k) * log1p(-x));
    }
    return sum;
}

static void the_beta_holds_for_any_size(void **state)
{
    (void)state;

    const struct {
        unsigned a, b;
    } shapes[] = {{3, 7}, {400, 100}, {4000, 5900}, {6000, 9000}, {70, 39930}, {30000, 12}};

    const double shares[] = {1e-5, 0.025, 0.5, 0.9, 0.975};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; ++i) {
        for (size_t j = 0; j < sizeof shares / sizeof *shares; ++j) {
            double x = beta_quantile(shares[j], shapes[i].a, shapes[i].b);
            assert_close(beta_cdf(x, shapes[i].a, shapes[i].b), shares[j], 1e-11);
            assert_close(beta_by_binomials(x, shapes[i].a, shapes[i].b), shares[j], 1e-8);
        }
    }
    /* Halves of a symmetrical one, and the mirror image, of evidence on a whole country. */
    assert_close(beta_cdf(0.5, 3e8, 3e8), 0.5, 1e-10);
    assert_close(beta_quantile(0.5, 5e6, 5e6), 0.5, 1e-14);
    assert_close(beta_cdf(0.2501, 2.5e7, 7.5e7) + beta_cdf(0.7499, 7.5e7, 2.5e7), 1.0, 1e-12);
    assert_true(beta_cdf(0.0, 2.0, 3e6) == 0.0 && beta_cdf(1.0, 2.0, 3e6) == 1.0);
}

static void a_weibull_gives_back_what_was_reported(void **state)
{
    const struct distribution natural =
        fit(state, "{ dist = \"weibull\"; shape = 2.0; scale = 3.0; }");
    const double pi = 3.14159265358979323846;
    assert_close(natural.mean, 3.0 * sqrt(pi) / 2.0, closed);
    assert_close(natural.sd, 3.0 * sqrt(1.0 - pi / 4.0), closed);
    assert_close(natural.q975, 3.0 * sqrt(-log(0.025)), closed);

    const struct {
        const char *figures;
        double mean, sd;
    } reports[] = {{"{ dist = \"weibull\"; mean = 10.0; se = 0.5; }", 10.0, 0.5},
                   {"{ dist = \"weibull\"; mean = 10.0; sd = 10.0; }", 10.0, 10.0},
                   {"{ dist = \"weibull\"; mean = 2.0; sd = 9.0; }", 2.0, 9.0}};

    for (size_t i = 0; i < 3; ++i) {
        const struct distribution weibull = fit(state, reports[i].figures);
        double first = gsl_sf_gamma(1.0 + 1.0 / weibull.p[0]);
        double second = gsl_sf_gamma(1.0 + 2.0 / weibull.p[0]);
        assert_close(weibull.mean, reports[i].mean, solved);
        assert_close(weibull.sd, reports[i].sd, solved);
        assert_close(weibull.p[1] * first, reports[i].mean, solved);
        assert_close(weibull.p[1] * sqrt(second - first * first), reports[i].sd, solved);
    }
}

static void exponential_and_uniform_need_no_fit(void **state)
{
    const struct distribution exponential = fit(state, "{ dist = \"exponential\"; mean = 7.25; }");
    assert_true(exponential.mean == 7.25 && exponential.sd == 7.25);
    assert_close(exponential.q025, -7.25 * log(0.975), closed);
    assert_close(exponential.q975, -7.25 * log(0.025), closed);
    const struct distribution uniform =
        fit(state, "{ dist = \"uniform\"; min = -1.0; max = 3.0; }");
    assert_close(uniform.mean, 1.0, closed);
    assert_close(uniform.sd, 4.0 / sqrt(12.0), closed);
    assert_close(uniform.q025, -0.9, closed);
    assert_close(uniform.q975, 2.9, closed);
}

/* PERT (0, 3, 12), lambda 4: mean (0 + 12 + 12) / 6 = 4; it is 12 x Beta(2, 4), sd 12 sqrt(8 / 7)
 * / 6. */
static void triangular_and_pert_take_min_mode_and_max(void **state)
{
    const struct distribution triangular =
        fit(state, "{ dist = \"triangular\"; min = 1.0; mode = 2.0; max = 6.0; }");
    assert_close(triangular.mean, 3.0, closed);
    assert_close(triangular.sd, sqrt(21.0 / 18.0), closed);
    assert_close(triangular.q025, 1.0 + sqrt(0.025 * 5.0), closed);
    assert_close(triangular.q975, 6.0 - sqrt(0.025 * 20.0), closed);
    const struct distribution pert =
        fit(state, "{ dist = \"pert\"; min = 0; mode = 3; max = 12; }");
    assert_true(pert.p[3] == 4.0);
    assert_close(pert.mean, 4.0, closed);
    assert_close(pert.sd, 2.0 * sqrt(8.0 / 7.0), closed);
    assert_close(gsl_cdf_beta_P(pert.q025 / 12.0, 2.0, 4.0), 0.025, 1e-10);
    const struct distribution sharper =
        fit(state, "{ dist = \"pert\"; min = 0; mode = 3; max = 12; lambda = 8.0; }");
    assert_close(sharper.mean, 3.6, closed);
    const char *const edges[] = {"{ dist = \"pert\"; min = 2.0; mode = 2.0; max = 8.0; }",
                                 "{ dist = \"triangular\"; min = 2.0; mode = 8.0; max = 8.0; }"};
    assert_close(fit(state, edges[0]).mean, 3.0, closed);
    assert_close(fit(state, edges[1]).mean, 6.0, closed);
}

static void listed_values_are_sorted_and_weighted(void **state)
{
    const struct distribution empirical =
        fit(state, "{ dist = \"empirical\"; values = [8.0, -1.0, 2.0, 2.0, 4.0]; }");
    assert_int_equal(empirical.n_values, 5);
    assert_null(empirical.weights);
    for (size_t i = 1; i < 5; ++i) {
        assert_true(empirical.values[i] >= empirical.values[i - 1]);
    }
    assert_close(empirical.mean, 3.0, closed);
    assert_close(empirical.sd, sqrt(8.8), closed);
    assert_true(empirical.q025 == -1.0 && empirical.q975 == 8.0 && median_of(&empirical) == 2.0);
    const struct distribution discrete =
        fit(state, "{ dist = \"discrete\"; values = [40, -50]; weights = [0.7, 0.3]; }");
    assert_true(discrete.values[0] == -50.0 && discrete.values[1] == 40.0);
    assert_close(discrete.weights[0], 0.3, closed);
    assert_true(discrete.weights[1] == 1.0);
    assert_close(discrete.mean, 13.0, closed);
    assert_close(discrete.sd, 90.0 * sqrt(0.21), closed);
}

/* ---- the worked checks of method 2, to the digits printed there ---- */

static void the_worked_fits_of_the_method_come_out(void **state)
{
    const struct distribution beta = fit(state, "{ dist = \"beta\"; mean = 0.30; sd = 0.05; }");
    assert_close(beta.p[0], 24.9, closed);
    assert_close(beta.p[1], 58.1, closed);
    const struct distribution gamma = fit(state, "{ dist = \"gamma\"; mean = 1900; sd = 300; }");
    assert_true(fabs(gamma.p[0] - 40.1111) < 5e-5 && fabs(gamma.p[1] - 47.3684) < 5e-5);
    const struct distribution risk =
        fit(state, "{ dist = \"lognormal\"; median = 0.80; ci95 = [0.70, 0.92]; }");
    assert_true(fabs(risk.p[0] + 0.223144) < 5e-7 && fabs(risk.p[1] - 0.069719) < 5e-7);
    /* POPP: return 1.20, 95 % 0.80 to 1.60 read as normal: P(saving > cost) = .8365. */
    const struct distribution popp =
        fit(state, "{ dist = \"normal\"; mean = 1.20; ci95 = [0.80, 1.60]; }");
    assert_true(fabs(1.0 - distribution_cdf_reference(&popp, 1.0) - 0.8365) < 5e-5);
    /* Normal(100, 250) against 0: P .655422. */
    const struct distribution net = fit(state, "{ dist = \"normal\"; mean = 100; sd = 250; }");
    assert_true(fabs(1.0 - distribution_cdf_reference(&net, 0.0) - 0.655422) < 5e-7);
}

/* ---- shown back ---- */

static void a_fit_is_shown_in_words(void **state)
{
    struct bench *bench = *state;
    const struct distribution beta = fit(state, "{ dist = \"beta\"; mean = 0.30; sd = 0.05; }");
    assert_string_equal(beta.reported, "mean 0.3, sd 0.05");
    assert_string_equal(distribution_describe(&bench->arena, &beta), "Beta(24.9, 58.1)");
    const struct distribution risk =
        fit(state, "{ dist = \"lognormal\"; median = 0.80; ci95 = [0.70, 0.92]; }");
    assert_string_equal(risk.reported, "median 0.8, ci95 0.7 to 0.92");
    const struct distribution fixed = fit(state, "12.5");
    assert_string_equal(fixed.reported, "fixed");
    assert_string_equal(distribution_describe(&bench->arena, &fixed), "12.5");
    const struct distribution listed =
        fit(state, "{ dist = \"empirical\"; values = [1.0, 2.0, 3.0]; }");
    assert_string_equal(distribution_describe(&bench->arena, &listed), "Empirical(3 values)");
}

static void every_family_is_found_by_its_name(void **state)
{
    (void)state;
    for (int i = 0; i < N_DISTRIBUTION_FAMILIES; ++i) {
        enum distribution_family family = N_DISTRIBUTION_FAMILIES;
        assert_true(distribution_family_find(distribution_family_name((enum distribution_family)i),
                                             &family));
        assert_int_equal(family, i);
    }
    enum distribution_family family = DISTRIBUTION_PERT;
    assert_false(distribution_family_find("Normal", &family));
    assert_false(distribution_family_find("", &family));
    assert_int_equal(family, DISTRIBUTION_PERT);
}

static const char *const one_of_each[] = {
    "{ dist = \"normal\"; mean = 3.0; se = 2.0; }",
    "{ dist = \"truncated_normal\"; mean = 3.0; se = 2.0; min = 1.0; max = 9.0; }",
    "{ dist = \"truncated_normal\"; mean = 0.0; se = 1.0; min = 2.5; }",
    "{ dist = \"lognormal\"; mean = 3.0; se = 2.0; }",
    "{ dist = \"beta\"; alpha = 0.6; beta = 7.0; }",
    "{ dist = \"gamma\"; shape = 0.6; scale = 7.0; }",
    "{ dist = \"weibull\"; shape = 0.6; scale = 7.0; }",
    "{ dist = \"exponential\"; mean = 3.0; }",
    "{ dist = \"uniform\"; min = -3.0; max = 2.0; }",
    "{ dist = \"triangular\"; min = -3.0; mode = 0.0; max = 2.0; }",
    "{ dist = \"pert\"; min = -3.0; mode = 0.0; max = 2.0; }"};

/* 1e-8 relative: one part in a million above a truncation point at 2.5, x itself rounds at 1e-9 of
 * the share; elsewhere GSL's distribution functions are good to about 1e-11. */
static void the_distribution_function_undoes_the_quantile(void **state)
{
    const double shares[] = {1e-6, 0.001, 0.025, 0.3, 0.5, 0.8, 0.975, 0.999};
    for (size_t i = 0; i < sizeof one_of_each / sizeof *one_of_each; ++i) {
        const struct distribution distribution = fit(state, one_of_each[i]);
        double lower = 0.0, upper = 0.0;
        distribution_support(&distribution, &lower, &upper);
        for (size_t j = 0; j < sizeof shares / sizeof *shares; ++j) {
            double x = distribution_quantile_reference(&distribution, shares[j]);
            assert_close(distribution_cdf_reference(&distribution, x), shares[j], 1e-8);
            assert_true(x > lower && x < upper);
        }
        assert_true(distribution_cdf_reference(&distribution, lower) == 0.0);
        assert_true(distribution_cdf_reference(&distribution, upper) == 1.0);
        assert_close(distribution_quantile_reference(&distribution, 0.025), distribution.q025, 0.0);
        assert_close(distribution_quantile_reference(&distribution, 0.975), distribution.q975, 0.0);
    }
}

/* ---- refusals ---- */

struct refusal {
    enum diagnostic_code code;
    const char *at; /* key whose value the message points to; NULL: the whole distribution */
    const char *figures;
};

#define REFUSED(code, at, figures)                                                                 \
    {                                                                                              \
        DIAGNOSTIC_##code, at, "{ dist = " figures " }"                                            \
    }
static const struct refusal refusals[] = {
    REFUSED(E401, "alpha", "\"gamma\"; mean = 10.0; se = 2.0; alpha = 3.0;"),
    REFUSED(E401, "mu", "\"normal\"; mean = 0.0; se = 1.0; mu = 1.0;"),
    REFUSED(E401, "se", "\"exponential\"; mean = 10.0; se = 2.0;"),
    REFUSED(E401, "max", "\"gamma\"; mean = 10.0; se = 2.0; max = 30.0;"),
    REFUSED(E401, "weights", "\"empirical\"; values = [1.0]; weights = [1.0];"),
    REFUSED(E402, NULL, "\"normal\";"),
    REFUSED(E402, NULL, "\"normal\"; mean = 1.0;"),
    REFUSED(E402, NULL, "\"normal\"; mean = 1.0; se = 0.5; ci95 = [0.0, 2.0];"),
    REFUSED(E402, "sd", "\"normal\"; mean = 1.0; se = 0.5; sd = 0.5;"),
    REFUSED(E402, NULL, "\"truncated_normal\"; mean = 1.0; se = 0.5;"),
    REFUSED(E402, NULL, "\"lognormal\"; median = 1.0; se = 0.5;"),
    REFUSED(E402, NULL, "\"lognormal\"; mu = 1.0; se = 0.5;"),
    REFUSED(E402, NULL, "\"beta\"; events = 3;"),
    REFUSED(E402, NULL, "\"beta\"; mean = 0.3; n = 100;"),
    REFUSED(E402, NULL, "\"beta\"; alpha = 3.0; beta = 7.0; mean = 0.3;"),
    REFUSED(E402, NULL, "\"gamma\"; shape = 3.0;"),
    REFUSED(E402, NULL, "\"weibull\"; shape = 3.0; se = 2.0;"),
    REFUSED(E402, NULL, "\"exponential\";"),
    REFUSED(E402, NULL, "\"uniform\"; max = 2.0;"),
    REFUSED(E402, NULL, "\"triangular\"; min = 0.0; max = 2.0;"),
    REFUSED(E402, NULL, "\"pert\"; min = 0.0; max = 2.0; lambda = 4.0;"),
    REFUSED(E402, NULL, "\"empirical\";"),
    REFUSED(E402, NULL, "\"discrete\"; values = [1.0, 2.0];"),
    REFUSED(E403, "ci95", "\"normal\"; mean = 1.0; ci95 = [2.0, 0.0];"),
    REFUSED(E403, "ci95", "\"normal\"; mean = 1.0; ci95 = [1.0, 1.0];"),
    REFUSED(E403, "ci95", "\"normal\"; mean = 1.0; ci95 = [0.5];"),
    REFUSED(E403, "ci95", "\"beta\"; median = 0.3; ci95 = [0.1, 0.3, 0.5];"),
    REFUSED(E403, "mean", "\"gamma\"; mean = 20.0; ci95 = [5.0, 15.0];"),
    REFUSED(E403, "median", "\"lognormal\"; median = 0.70; ci95 = [0.70, 0.92];"),
    REFUSED(E404, "max", "\"uniform\"; min = 2.0; max = 1.0;"),
    REFUSED(E404, "max", "\"uniform\"; min = 2.0; max = 2.0;"),
    REFUSED(E404, "mode", "\"triangular\"; min = 0.0; mode = 3.0; max = 2.0;"),
    REFUSED(E404, "mode", "\"pert\"; min = 0.0; mode = -0.5; max = 2.0;"),
    REFUSED(E404, "max", "\"truncated_normal\"; mean = 1.0; se = 1.0; min = 2.0; max = 1.0;"),
    REFUSED(E404, "mean", "\"truncated_normal\"; mean = 1.0; se = 1.0; min = 8.0;"),
    REFUSED(E405, "mean", "\"gamma\"; mean = -10.0; se = 2.0;"),
    REFUSED(E405, "mean", "\"gamma\"; mean = 0.0; se = 2.0;"),
    REFUSED(E405, "median", "\"gamma\"; median = -1.0; ci95 = [-2.0, 2.0];"),
    REFUSED(E405, "mean", "\"lognormal\"; mean = 0.0; se = 1.0;"),
    REFUSED(E405, "ci95", "\"lognormal\"; median = 1.0; ci95 = [-0.5, 2.0];"),
    REFUSED(E405, "ci95", "\"lognormal\"; mean = 1.0; ci95 = [0.0, 2.0];"),
    REFUSED(E405, "mean", "\"weibull\"; mean = -1.0; se = 1.0;"),
    REFUSED(E405, "mean", "\"exponential\"; mean = 0.0;"),
    REFUSED(E405, "mean", "\"beta\"; mean = 35.0; se = 2.0;"),
    REFUSED(E405, "mean", "\"beta\"; mean = 1.0; se = 0.1;"),
    REFUSED(E405, "median", "\"beta\"; median = 1.2; ci95 = [0.9, 1.5];"),
    REFUSED(E406, NULL, "\"beta\"; mean = 0.5; se = 0.5;"),
    REFUSED(E406, NULL, "\"beta\"; mean = 0.02; sd = 0.3;"),
    REFUSED(E406, NULL, "\"beta\"; mean = 0.02; ci95 = [-0.4, 0.4];"),
    REFUSED(E407, "events", "\"beta\"; events = 7; n = 6;"),
    REFUSED(E407, "events", "\"beta\"; events = 0; n = 6;"),
    REFUSED(E407, "events", "\"beta\"; events = 6; n = 6;"),
    REFUSED(E407, "events", "\"beta\"; events = 7; n = 6; prior = [0.5, 0.5];"),
    REFUSED(E408, "ci95", "\"beta\"; median = 0.5; ci95 = [-3.0, 3.0];"),
    REFUSED(E408, "ci95", "\"gamma\"; median = 1.0; ci95 = [0.999999999, 1.000000001];"),
    REFUSED(E408, NULL, "\"weibull\"; mean = 1.0; se = 1.0e-9;"),
    REFUSED(E408, NULL, "\"lognormal\"; mu = 0.0; sigma = 60.0;"),
    REFUSED(E409, "weights", "\"discrete\"; values = [1.0, 2.0]; weights = [0.5, 0.25, 0.25];"),
    REFUSED(E409, "weights", "\"discrete\"; values = [1.0, 2.0]; weights = [0.5, 0.6];"),
    REFUSED(E409, "weights", "\"discrete\"; values = [1.0, 2.0]; weights = [0.0, 0.0];")};

static void assert_refused(struct bench *bench, const struct refusal *refusal)
{
    struct distribution distribution = {0};
    diagnostics_init(&bench->diagnostics, &bench->arena);
    const struct setting *value = setting_of(bench, refusal->figures);
    bool accepted = distribution_read(&bench->arena, value, &distribution, &bench->diagnostics);
    if (accepted || bench->diagnostics.n_errors != 1) {
        fail_msg("%s: %s with %zu errors", refusal->figures, accepted ? "accepted" : "refused",
                 bench->diagnostics.n_errors);
    }
    const struct diagnostic *item = &bench->diagnostics.items[0];
    const struct setting *figure = refusal->at != NULL ? setting_find(value, refusal->at) : NULL;
    const struct place *place = figure != NULL ? &figure->value_place : &value->place;
    if (item->code != refusal->code || item->place.line != 1 ||
        item->place.column != place->column ||
        strcmp(item->path, figure != NULL ? figure->path : "v") != 0) {
        fail_msg("%s: expected %s at column %d, got\n%s", refusal->figures,
                 diagnostic_code_name(refusal->code), place->column,
                 diagnostic_render(&bench->diagnostics, item, false));
    }
    assert_non_null(item->allowed);
    assert_non_null(item->remedy);
    assert_int_equal(distribution.family, DISTRIBUTION_FIXED);
    assert_true(isnan(distribution.p[0]));
}

static void every_impossible_report_is_refused_where_it_is_wrong(void **state)
{
    bool seen[N_DIAGNOSTIC_CODES] = {false};
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; ++i) {
        assert_refused(*state, &refusals[i]);
        seen[refusals[i].code] = true;
    }
    for (int code = DIAGNOSTIC_E401; code <= DIAGNOSTIC_E409; ++code) {
        assert_true(seen[code]);
    }
}

static void each_strange_figure_is_named(void **state)
{
    struct bench *bench = *state;
    struct distribution distribution = {0};
    diagnostics_init(&bench->diagnostics, &bench->arena);
    const struct setting *value =
        setting_of(bench, "{ dist = \"gamma\"; mode = 1.0; mean = 2.0; events = 3; se = 1.0; }");
    assert_false(distribution_read(&bench->arena, value, &distribution, &bench->diagnostics));
    assert_int_equal(bench->diagnostics.n_errors, 2);
    assert_string_equal(bench->diagnostics.items[0].path, "v.mode");
    assert_string_equal(bench->diagnostics.items[1].path, "v.events");
    assert_int_equal(bench->diagnostics.items[0].code, DIAGNOSTIC_E401);
    assert_int_equal(bench->diagnostics.items[1].code, DIAGNOSTIC_E401);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_number_has_no_uncertainty),
        cmocka_unit_test(a_normal_takes_mean_with_se_sd_or_interval),
        cmocka_unit_test(a_truncated_normal_takes_the_figures_of_its_parent),
        cmocka_unit_test(a_lognormal_gives_back_what_was_reported),
        cmocka_unit_test(a_beta_gives_back_what_was_reported),
        cmocka_unit_test(a_gamma_gives_back_what_was_reported),
        cmocka_unit_test(median_and_interval_come_back_from_beta_and_gamma),
        cmocka_unit_test(the_beta_holds_for_any_size),
        cmocka_unit_test(a_weibull_gives_back_what_was_reported),
        cmocka_unit_test(exponential_and_uniform_need_no_fit),
        cmocka_unit_test(triangular_and_pert_take_min_mode_and_max),
        cmocka_unit_test(listed_values_are_sorted_and_weighted),
        cmocka_unit_test(the_worked_fits_of_the_method_come_out),
        cmocka_unit_test(a_fit_is_shown_in_words),
        cmocka_unit_test(every_family_is_found_by_its_name),
        cmocka_unit_test(the_distribution_function_undoes_the_quantile),
        cmocka_unit_test(every_impossible_report_is_refused_where_it_is_wrong),
        cmocka_unit_test(each_strange_figure_is_named)};
    return cmocka_run_group_tests(tests, begin, finish);
}
