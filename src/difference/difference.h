/* Two runs compared: figures moved, inputs changed, decisions flipped. Pure: no file is read or
 * written. docs/method.md, "Comparing two runs". */
#ifndef DIVIDEND_DIFFERENCE_DIFFERENCE_H
#define DIVIDEND_DIFFERENCE_DIFFERENCE_H

#include "difference/results.h"

enum difference_verdict {
    VERDICT_SAME,
    VERDICT_MOVED, /* by more than DIFFERENCE_ERRORS standard errors, or figures without one */
    /* less than that, but both runs drew the same random numbers: an effect of the inputs */
    VERDICT_MOVED_SLIGHTLY,
    VERDICT_NOISE, /* less than that, and other random numbers: what another seed would do */
    VERDICT_ADDED, /* no such figure, or none with a value, in the earlier run */
    VERDICT_REMOVED,
    N_VERDICTS
};

/* Standard errors of the difference beyond which a move is no noise: with noise alone one figure in
 * 370 would be beyond. */
extern const double DIFFERENCE_ERRORS;

const char *difference_verdict_name(enum difference_verdict verdict); /* "moved_slightly" */

enum difference_rank {
    RANK_HEADLINE,    /* net and net cash of the scenario's perspective */
    RANK_PERSPECTIVE, /* its cost, returns, payback, QALYs; options: cost, outcomes, net benefit */
    RANK_PARTNER,     /* net and net cash of each sector */
    RANK_OTHER,
    N_RANKS
};

struct difference_figure {
    const struct results_figure *old, *now; /* not both NULL */
    enum difference_rank rank;
    enum difference_verdict verdict;
    double change;    /* now less old; NaN where one has no value */
    double relative;  /* of the old value's size; NaN where that is 0 */
    double in_errors; /* of the standard errors of both together; NaN where there is none */
};

/* Something that the run stands on. The same change in several scenarios is one. */
struct difference_input {
    const char *what;          /* "evidence", "input", "scenario", "run", "file" */
    const char *name, *unit;   /* unit "": none */
    const char *aspect;        /* what of it: "value; source" */
    const char *old, *now;     /* in words; "" where it was, or is, not there */
    double old_mean, now_mean; /* NaN: not a number */
    const char *old_source, *now_source;
    const char *override_reason; /* of the new run, else of the old; "" none */
    const char *scenarios;       /* "befriending; falls", "" of the whole run */
    size_t n_scenarios;
};

struct difference_decision {
    const char *scenario; /* or portfolio */
    const char *who;      /* partner, perspective, set of a portfolio */
    const char *what;     /* "sign of net", "best option at 20000 GBP per QALY" */
    const char *old, *now;
    double old_p_nonneg, now_p_nonneg; /* of a sign: how likely it is not a loss; NaN else */
    enum difference_verdict verdict;   /* of the figure behind it: noise flips, too */
};

struct difference {
    const struct results *old, *now;
    bool common_numbers;                     /* the same seed, sampling, scramblings and version */
    const struct difference_figure *figures; /* by rank, then as in the files */
    size_t n_figures, n_of[N_VERDICTS];
    const struct difference_input *inputs;
    size_t n_inputs;
    const struct difference_decision *decisions;
    size_t n_decisions;
    const char *const *added, *const *removed; /* ids of scenarios */
    size_t n_added, n_removed;
};

/* Everything in `arena`; `old` and `now` must outlive it. */
const struct difference *difference_make(struct arena *arena, const struct results *old,
                                         const struct results *now);

/* Nothing moved, nothing flipped, no input changed. */
bool difference_is_empty(const struct difference *difference);

const struct results_scenario *results_scenario_find(const struct results *results, const char *id);
/* "" where there is no such setting. */
const char *results_setting_find(const struct results_settings *settings, const char *name);

#endif
