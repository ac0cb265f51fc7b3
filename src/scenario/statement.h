/* What a user holds of a figure: "net.public_sector >= 0", "prob(net_cash.police >= 0) >= 0.6".
 * Constraints of portfolios and expectations are written so. */
#ifndef DIVIDEND_SCENARIO_STATEMENT_H
#define DIVIDEND_SCENARIO_STATEMENT_H

#include "base/arena.h"

#include <stdbool.h>

enum comparison { AT_LEAST, ABOVE, AT_MOST, BELOW };

struct statement {
    const char *words;   /* as written */
    const char *measure; /* up to the comparison, not looked up */
    bool is_probability; /* prob(measure INNER threshold) COMPARISON bound */
    enum comparison inner;
    double threshold;
    enum comparison comparison;
    double bound;
};

/* Reads all of `words`; false where they are no statement. A probability is compared with a number
 * from 0 to 1. Texts go into the arena. */
bool statement_parse(struct arena *arena, const char *words, struct statement *out);

/* False for NaN, which keeps to nothing. */
bool comparison_holds(enum comparison comparison, double value, double bound);
const char *comparison_sign(enum comparison comparison); /* ">=" */

#endif
