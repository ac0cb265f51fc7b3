/* Every way in which sources report a figure gives the distribution that method 2.2 states, and the
 * fit gives the report back. Closed forms within 1e-12 relative; numerical solutions within 1e-8 of
 * the figures reported. */
#include "evidence/evidence.h"
#include "support/assert_close.h"
#include "support/memory_library.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_sf_gamma.h>

static const double z = 1.959963984540054; /* of 97.5 %, 1.959964 in method 2.2 */
static const double pi = 3.14159265358979324;

static bool read(struct memory_library *memory, const char *value, struct distribution *out)
{
    memory_library_init(memory);
    const char *text = arena_printf(&memory->arena, "value = %s;\n", value);
    struct setting const *root =
        reader_parse(&memory->arena, &memory->diagnostics, "value.cfg", text, strlen(text))->root;
    if (root == NULL) {
        fail_msg("%s cannot be read", value);
    }
    /* `value` is no key of a file, which the schema says; the figures are read all the same. */
    memory->diagnostics.n_items = memory->diagnostics.n_errors = 0;
    return distribution_read(&memory->arena, setting_find(root, "value"), out,
                             &memory->diagnostics);
}

struct closed_form {
    const char *value;
    enum distribution_family family;
    double a, b, mean, sd; /* natural parameters and moments by hand */
};

static void closed_forms_are_those_of_the_method(void **state)
{
    (void)state;
    const double log_sigma = sqrt(log(1.0 + 0.25)), se_ratio = log(0.92 / 0.70) / (2.0 * z);
    const struct closed_form rows[] = {
        {"{ dist = \"normal\"; mean = 3.0; se = 0.5; }", DISTRIBUTION_NORMAL, 3.0, 0.5, 3.0, 0.5},
        {"{ dist = \"normal\"; mean = 1.2; ci95 = [0.8, 1.6]; }", DISTRIBUTION_NORMAL, 1.2,
         0.8 / (2.0 * z), 1.2, 0.8 / (2.0 * z)},
        {"{ dist = \"lognormal\"; mean = 2.0; se = 1.0; }", DISTRIBUTION_LOGNORMAL,
         log(2.0) - 0.5 * log(1.25), log_sigma, 2.0, 1.0},
        {"{ dist = \"lognormal\"; median = 0.80; ci95 = [0.70, 0.92]; }", DISTRIBUTION_LOGNORMAL,
         log(0.8), se_ratio, exp(log(0.8) + 0.5 * se_ratio * se_ratio),
         exp(log(0.8) + 0.5 * se_ratio * se_ratio) * sqrt(expm1(se_ratio * se_ratio))},
        {"{ dist = \"beta\"; mean = 0.30; sd = 0.05; }", DISTRIBUTION_BETA, 24.9, 58.1, 0.3, 0.05},
        {"{ dist = \"beta\"; events = 40; n = 100; }", DISTRIBUTION_BETA, 40.0, 60.0, 0.4,
         sqrt(0.4 * 0.6 / 101.0)},
        {"{ dist = \"beta\"; events = 0; n = 20; prior = [0.5, 0.5]; }", DISTRIBUTION_BETA, 0.5,
         20.5, 0.5 / 21.0, sqrt(0.5 * 20.5 / (21.0 * 21.0 * 22.0))},
        {"{ dist = \"gamma\"; mean = 1900.0; sd = 300.0; }", DISTRIBUTION_GAMMA, 361.0 / 9.0,
         900.0 / 19.0, 1900.0, 300.0},
        {"{ dist = \"gamma\"; shape = 4.0; scale = 0.5; }", DISTRIBUTION_GAMMA, 4.0, 0.5, 2.0, 1.0},
        {"{ dist = \"gamma\"; mean = 10.0; ci95 = [6.0, 15.0]; }", DISTRIBUTION_GAMMA,
         100.0 / pow(9.0 / (2.0 * z), 2.0), pow(9.0 / (2.0 * z), 2.0) / 10.0, 10.0,
         9.0 / (2.0 * z)},
        {"{ dist = \"uniform\"; min = 2.0; max = 5.0; }", DISTRIBUTION_UNIFORM, 2.0, 5.0, 3.5,
         3.0 / sqrt(12.0)},
        {"{ dist = \"triangular\"; min = 0.0; mode = 1.0; max = 5.0; }", DISTRIBUTION_TRIANGULAR,
         0.0, 1.0, 2.0, sqrt((25.0 + 1.0 - 5.0) / 18.0)},
        {"{ dist = \"pert\"; min = 20.0; mode = 40.0; max = 80.0; }", DISTRIBUTION_PERT, 20.0, 40.0,
         130.0 / 3.0, 60.0 * sqrt((7.0 / 3.0) * (11.0 / 3.0) / (36.0 * 7.0))},
        {"{ dist = \"exponential\"; mean = 3.0; }", DISTRIBUTION_EXPONENTIAL, 3.0, 0.0, 3.0, 3.0},
        {"{ dist = \"weibull\"; shape = 2.0; scale = 3.0; }", DISTRIBUTION_WEIBULL, 2.0, 3.0,
         3.0 * gsl_sf_gamma(1.5), 3.0 * sqrt(1.0 - pow(gsl_sf_gamma(1.5), 2.0))},
        {"{ dist = \"empirical\"; values = [4.0, 1.0, 7.0]; }", DISTRIBUTION_EMPIRICAL, 0.0, 0.0,
         4.0, sqrt(6.0)},
        {"{ dist = \"discrete\"; values = [1.0, 3.0]; weights = [0.25, 0.75]; }",
         DISTRIBUTION_DISCRETE, 0.0, 0.0, 2.5, sqrt(0.75)},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; ++i) {
        struct memory_library memory;
        struct distribution fit;
        if (!read(&memory, rows[i].value, &fit)) {
            fail_msg("%s is refused", rows[i].value);
        }
        print_message("%s\n", rows[i].value);
        assert_int_equal(fit.family, rows[i].family);
        if (fit.family != DISTRIBUTION_EMPIRICAL && fit.family != DISTRIBUTION_DISCRETE) {
            assert_close(fit.p[0], rows[i].a, 1e-12);
            if (fit.family != DISTRIBUTION_EXPONENTIAL) {
                assert_close(fit.p[1], rows[i].b, 1e-12);
            }
        }
        assert_close(fit.mean, rows[i].mean, 1e-12);
        assert_close(fit.sd, rows[i].sd, 1e-9);
        memory_library_clear(&memory);
    }
}

/* A median with an interval has no closed form: the solution has that median and that width. */
static void medians_with_intervals_are_solved(void **state)
{
    (void)state;
    struct memory_library memory;
    struct distribution fit;
    assert_true(read(&memory, "{ dist = \"gamma\"; median = 9.0; ci95 = [4.0, 17.0]; }", &fit));
    assert_close(gsl_cdf_gamma_Pinv(0.5, fit.p[0], fit.p[1]), 9.0, 1e-8);
    assert_close(gsl_cdf_gamma_Pinv(0.975, fit.p[0], fit.p[1]) -
                     gsl_cdf_gamma_Pinv(0.025, fit.p[0], fit.p[1]),
                 13.0, 1e-8);
    memory_library_clear(&memory);
    assert_true(read(&memory, "{ dist = \"beta\"; median = 0.3; ci95 = [0.2, 0.42]; }", &fit));
    assert_close(gsl_cdf_beta_Pinv(0.5, fit.p[0], fit.p[1]), 0.3, 1e-8);
    assert_close(gsl_cdf_beta_Pinv(0.975, fit.p[0], fit.p[1]) -
                     gsl_cdf_beta_Pinv(0.025, fit.p[0], fit.p[1]),
                 0.22, 1e-8);
    memory_library_clear(&memory);
}

static void a_weibull_has_the_mean_and_sd_it_was_given(void **state)
{
    (void)state;
    struct memory_library memory;
    struct distribution fit;
    assert_true(read(&memory, "{ dist = \"weibull\"; mean = 5.0; se = 2.0; }", &fit));
    double first = gsl_sf_gamma(1.0 + 1.0 / fit.p[0]), second = gsl_sf_gamma(1.0 + 2.0 / fit.p[0]);
    assert_close(fit.p[1] * first, 5.0, 1e-8);
    assert_close(fit.p[1] * sqrt(second - first * first), 2.0, 1e-8);
    memory_library_clear(&memory);
}

/* The parent's mean and sd are given; those of the cut normal are shown. Half a normal has mean
 * sqrt(2 / pi). */
static void a_truncated_normal_takes_its_parents_moments(void **state)
{
    (void)state;
    struct memory_library memory;
    struct distribution fit;
    assert_true(read(
        &memory, "{ dist = \"truncated_normal\"; mean = 0.0; sd = 1.0; min = 0.0; max = 50.0; }",
        &fit));
    assert_close(fit.mean, sqrt(2.0 / pi), 1e-9);
    assert_close(fit.sd, sqrt(1.0 - 2.0 / pi), 1e-9);
    memory_library_clear(&memory);
}

/* What `dividend list evidence` shows is the distribution's own. */
static void the_interval_shown_is_that_of_the_fit(void **state)
{
    (void)state;
    struct memory_library memory;
    struct distribution fit;
    assert_true(read(&memory, "{ dist = \"gamma\"; mean = 280.0; se = 14.0; }", &fit));
    assert_close(fit.q025, gsl_cdf_gamma_Pinv(0.025, fit.p[0], fit.p[1]), 1e-9);
    assert_close(fit.q975, gsl_cdf_gamma_Pinv(0.975, fit.p[0], fit.p[1]), 1e-9);
    assert_close(distribution_cdf_reference(&fit, fit.q025), 0.025, 1e-9);
    assert_string_equal(fit.reported, "mean 280, se 14");
    memory_library_clear(&memory);
}

static void impossible_reports_are_refused(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"{ dist = \"normal\"; shape = 1.0; mean = 1.0; se = 1.0; }", "E401"},
        {"{ dist = \"normal\"; mean = 1.0; }", "E402"},
        {"{ dist = \"gamma\"; mean = 1.0; se = 0.2; ci95 = [0.5, 1.5]; }", "E402"},
        {"{ dist = \"normal\"; mean = 1.0; ci95 = [1.5, 0.5]; }", "E403"},
        {"{ dist = \"normal\"; mean = 3.0; ci95 = [0.5, 1.5]; }", "E403"},
        {"{ dist = \"uniform\"; min = 1.0; max = 1.0; }", "E404"},
        {"{ dist = \"lognormal\"; mean = -1.0; se = 1.0; }", "E405"},
        {"{ dist = \"beta\"; mean = 0.5; se = 0.5; }", "E406"},
        {"{ dist = \"beta\"; events = 20; n = 20; }", "E407"},
        {"{ dist = \"weibull\"; mean = 1.0; se = 100000.0; }", "E408"},
        {"{ dist = \"discrete\"; values = [1.0, 2.0]; weights = [0.5, 0.6]; }", "E409"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; ++i) {
        struct memory_library memory;
        struct distribution fit;
        if (read(&memory, rows[i][0], &fit)) {
            fail_msg("%s is accepted", rows[i][0]);
        }
        assert_int_equal(memory.diagnostics.n_errors, 1);
        assert_string_equal(diagnostic_code_name(memory.diagnostics.items[0].code), rows[i][1]);
        assert_true(isnan(fit.mean));
        memory_library_clear(&memory);
    }
}

int main(void)
{
    gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(closed_forms_are_those_of_the_method),
        cmocka_unit_test(medians_with_intervals_are_solved),
        cmocka_unit_test(a_weibull_has_the_mean_and_sd_it_was_given),
        cmocka_unit_test(a_truncated_normal_takes_its_parents_moments),
        cmocka_unit_test(the_interval_shown_is_that_of_the_fit),
        cmocka_unit_test(impossible_reports_are_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
