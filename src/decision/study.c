/* Data that a study would bring. */
#include "base/vector.h"
#include "decision/decision.h"
#include "evidence/beta.h"

#include <gsl/gsl_cdf.h>

#include <math.h>

/* P(X <= k) of events among n, or in n person-years. */
static double count_cdf(const struct study *study, double n, double value, double k)
{
    if (study->likelihood == LIKELIHOOD_BINOMIAL) {
        return k >= n ? 1.0 : beta_cdf(1.0 - value, n - k, k + 1.0);
    }
    return gsl_cdf_gamma_Q(value * n, k + 1.0, 1.0);
}

/* The smallest count whose probability of not being exceeded reaches u. */
static double draw_count(const struct study *study, double n, double value, double u)
{
    double mean = value * n, low = -1.0;
    double high = study->likelihood == LIKELIHOOD_BINOMIAL ? n : mean + 12.0 * sqrt(mean) + 60.0;
    if (value <= 0.0) {
        return 0.0;
    }
    if (study->likelihood == LIKELIHOOD_BINOMIAL && value >= 1.0) {
        return n;
    }
    high = floor(high);
    while (high - low > 1.0) {
        double middle = floor(0.5 * (low + high));
        if (count_cdf(study, n, value, middle) >= u) {
            high = middle;
        } else {
            low = middle;
        }
    }
    return high;
}

void study_simulate(const struct study *study, double n, const struct uniform_stream *stream,
                    size_t n_draws, const double *values, double *summaries)
{
    sample_uniforms(stream, 0, n_draws, summaries);
    if (study->likelihood == LIKELIHOOD_BINOMIAL || study->likelihood == LIKELIHOOD_POISSON) {
        for (size_t i = 0; i < n_draws; ++i) {
            summaries[i] = draw_count(study, n, values[i], summaries[i]) / n;
        }
        return;
    }
    double error = study->sd / sqrt(n);
    vector_kernels()->normal_quantile(n_draws, summaries, summaries);
    for (size_t i = 0; i < n_draws; ++i) {
        double centre = study->likelihood == LIKELIHOOD_LOGNORMAL
                            ? number_log(values[i] > 1e-300 ? values[i] : 1e-300)
                            : values[i];
        summaries[i] = centre + error * summaries[i];
    }
}
