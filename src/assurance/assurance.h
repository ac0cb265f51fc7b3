/* How far a run can be stood for: who signed for which inputs, what was assumed and what of it
 * matters, which checks of the arithmetic ran and what they found, what is counted for whom, and
 * what is known not to be. Worked out once from the results, before anything is written. method
 * section 10. */
#ifndef DIVIDEND_ASSURANCE_ASSURANCE_H
#define DIVIDEND_ASSURANCE_ASSURANCE_H

#include "plan/fingerprint.h"
#include "portfolio/portfolio.h"

/* ---- who stands for it ---- */

enum sign_state {
    SIGN_NONE,         /* nobody signed */
    SIGN_WITHOUT_HASH, /* signed, without saying for which inputs */
    SIGN_CHANGED,      /* the inputs are no longer those that were signed for */
    SIGN_VALID
};

/* What is signed: a scenario's file (with all that its for_each makes), or a portfolio. */
struct assurance_subject {
    const char *id, *title;
    const struct sign_off *sign_off; /* setting NULL: not signed */
    const struct document *document;
    const struct portfolio *portfolio; /* NULL: a scenario */
    char inputs_sha256[FINGERPRINT_DIGITS + 1];
    enum sign_state state;
};

/* ---- what was assumed ---- */

enum assumption_kind {
    ASSUMED_INPUT,    /* an input of the model: the scenario's own figure, or the model's default */
    ASSUMED_OVERRIDE, /* evidence that the scenario replaces */
    ASSUMED_OUTRIGHT, /* evidence without a source */
    ASSUMED_SOURCED   /* uncertain evidence with a source */
};

const char *assumption_kind_name(enum assumption_kind kind); /* "assumption" */

struct assumption {
    enum assumption_kind kind;
    const char *identity; /* of evidence; inputs: their id */
    const char *label, *unit, *owner;
    const struct plan_use *use;
    /* The headline with it alone at its 2.5 % and 97.5 % point; NaN: certain, it was not moved. */
    double at_low, at_high;
    double swing; /* |at_high - at_low|; NaN as above */
    double share; /* of the sum of all swings of the scenario */
    size_t rank;  /* from 1; 0: certain */
};

/* ---- what was checked ---- */

enum check_outcome { CHECK_PASS, CHECK_WARN, CHECK_FAIL, CHECK_NOT_APPLICABLE };

const char *check_outcome_name(enum check_outcome outcome); /* "pass" */

struct assurance_check {
    const char *id;       /* "sectors_add" */
    const char *compared; /* what with what, in words */
    enum check_outcome outcome;
    size_t n_compared;
    double size, tolerance; /* size NaN: nothing to measure */
    const char *unit;       /* of both */
    bool arithmetic;        /* a failure means that the figures cannot be used */
};

/* ---- what is counted, and what is not ---- */

struct counted_impact {
    const char *effect;    /* "A&E attendances", "coordination" */
    const char *programme; /* of a portfolio; NULL else */
    const char *who;       /* sector id; "" nobody in particular */
    const char *kind;      /* name of a flow_kind, "qalys", or "counted, not monetised" */
    const char *evidence;  /* identity that prices it; NULL none */
    int grade;             /* worst of the evidence it rests on; 0: rests on none */
};

enum gap_origin { GAP_STATED, GAP_FOUND };

struct assurance_gap {
    enum gap_origin origin;
    const char *id; /* "no_qalys"; stated ones "stated" */
    const char *what, *why;
    const char *sector; /* NULL: nobody in particular */
    const char *direction;
};

/* ---- a result ---- */

struct assurance_result {
    const struct plan *plan;
    bool has_lists; /* assumptions, impacts and gaps; of instances of a for_each all have them */
    size_t subject; /* SIZE_MAX: the total of a sweep, which has no file */
    struct fingerprint fingerprint; /* of one programme or health model; empty for bundles */
    const char *headline;           /* measure that influence is about; NULL: no draws, or failed */
    const struct assumption *assumptions; /* by rank, then certain ones by identity */
    size_t n_assumptions;
    const struct assurance_check *checks;
    size_t n_checks;
    const struct counted_impact *impacts;
    size_t n_impacts;
    const struct assurance_gap *gaps;
    size_t n_gaps;
};

struct assurance {
    struct arena arena;
    const struct assurance_subject *subjects; /* in the order of results, portfolios last */
    size_t n_subjects;
    const struct assurance_result *results; /* [n_results] */
    size_t n_results;
    size_t n_signed;           /* subjects with SIGN_VALID */
    size_t n_checks, n_failed; /* of arithmetic */
    size_t n_warned;           /* checks of any kind */
};

void assurance_make(struct assurance *assurance, const struct library *library,
                    const struct scenario_result *results, size_t n_results,
                    const struct portfolio_result *portfolios, size_t n_portfolios);
void assurance_clear(struct assurance *assurance);

/* What a sign-off is worth for inputs of this fingerprint. */
enum sign_state assurance_sign_state(const struct sign_off *sign_off, const char *inputs_sha256);

/* Probability that another seed would turn the sign of the headline's net. method 5.4. */
double assurance_flip_probability(const struct scenario_result *result,
                                  const struct column_statistics *net);

/* Who the headline's perspective is in plan->whos. */
size_t assurance_headline_who(const struct plan *plan);

#endif
