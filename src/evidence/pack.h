/* Parameter packs: discount schedules and values with a vintage, deflators, optimism-bias grades.
 */
#ifndef DIVIDEND_EVIDENCE_PACK_H
#define DIVIDEND_EVIDENCE_PACK_H

#include "base/diagnostic.h"
#include "reader/reader.h"

struct schedule {
    size_t n_bands;
    const int *from_year; /* year from which the rate holds, ascending, first 0 */
    const double *rate;   /* a year */
};

/* kind = "appraisal" */
struct appraisal_pack {
    const char *id, *label, *vintage, *source_id;
    struct schedule costs;  /* costs and monetised benefits */
    struct schedule health; /* QALYs and life-years */
    double qaly_value_gbp;  /* NaN: none */
    int qaly_value_price_year;
    const double *thresholds_gbp_per_qaly; /* ascending */
    size_t n_thresholds;
    const char *note;
    const struct setting *setting;
};

/* kind = "deflator" */
struct deflator_pack {
    const char *id, *label, *vintage, *source_id;
    int first_year; /* financial year of index[0] */
    size_t n_years;
    const double *index;   /* level, any base */
    int last_outturn_year; /* later ones are forecasts */
    const struct setting *setting;
};

/* kind = "optimism": by evidence grade 1..6 */
struct optimism_pack {
    const char *id, *label, *vintage, *source_id;
    double cost_uplift[6];       /* costs x (1 + uplift) */
    double benefit_reduction[6]; /* benefits x (1 - reduction) */
    const struct setting *setting;
};

struct packs {
    const struct appraisal_pack *const *appraisal;
    size_t n_appraisal;
    const struct deflator_pack *const *deflator;
    size_t n_deflator;
    const struct optimism_pack *const *optimism;
    size_t n_optimism;
};

enum timing { TIMING_START, TIMING_MID, TIMING_END };

/* Discount factor of a flow in model year `year` (0 the first): product over i = 1..n of 1/(1 +
 * r_i), with n = year (start), year + 1 (end); mid: the geometric mean of start and end.
 * method 1.2. */
double pack_discount_factor(const struct schedule *schedule, enum timing timing, size_t year);

/* Discount factor after a time in years >= 0, not necessarily whole: whole years as
 * pack_discount_factor, then 1 / (1 + r)^fraction at the rate of the next. method 1.2. */
double pack_discount_factor_at(const struct schedule *schedule, double years);

/* Index level of a financial year; beyond the last (or before the first) published year the last
 * (first) growth rate is held and *held set true (never set false). method 1.4. */
double pack_deflator_index(const struct deflator_pack *pack, int financial_year, bool *held);

const struct appraisal_pack *pack_find_appraisal(const struct packs *packs, const char *id);
const struct deflator_pack *pack_find_deflator(const struct packs *packs, const char *id);
const struct optimism_pack *pack_find_optimism(const struct packs *packs, const char *id);

struct layered_document;
struct evidence;
/* Gathers `packs` groups of all documents; later layers replace by id (replaces_because required).
 */
const struct packs *pack_read(struct arena *arena, const struct layered_document *documents,
                              size_t n_documents, struct diagnostics *diagnostics);
/* Reports packs whose source is not among the evidence's sources. */
void pack_check_sources(const struct packs *packs, const struct evidence *evidence,
                        struct diagnostics *diagnostics);

#endif
