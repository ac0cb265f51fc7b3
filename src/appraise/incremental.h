/* Full incremental analysis over mutually exclusive options. method section 4.5. */
#ifndef DIVIDEND_APPRAISE_INCREMENTAL_H
#define DIVIDEND_APPRAISE_INCREMENTAL_H

#include <stddef.h>

enum dominance {
    NOT_DOMINATED,
    DOMINATED,           /* another costs no more and gives no less, and one of both is better */
    EXTENDEDLY_DOMINATED /* a mixture of two others costs no more and gives no less */
};

struct incremental {
    enum dominance dominance;
    size_t rank;         /* on the frontier, 0 the cheapest; SIZE_MAX off it */
    size_t against;      /* the option before it on the frontier; SIZE_MAX: the first, or off it */
    double cost, effect; /* differences from `against`; NaN where there is none */
    double icer;         /* cost / effect, > 0; NaN where there is none */
};

/* Ties: of options with the same cost and effect the first is kept and the others count as
 * dominated. rows[n_options]. No option is compared with a cost or effect that is not finite. */
void incremental_analyse(size_t n_options, const double *costs, const double *effects,
                         struct incremental *rows);

const char *dominance_words(enum dominance dominance);

#endif
