/* Shared by the readers of scenario/. */
#ifndef DIVIDEND_SCENARIO_SCENARIO_PRIVATE_H
#define DIVIDEND_SCENARIO_SCENARIO_PRIVATE_H

#include "evidence/layer.h"
#include "scenario/scenario.h"

enum convention {
    CONVENTION_APPRAISAL,
    CONVENTION_DEFLATOR,
    CONVENTION_OPTIMISM,
    CONVENTION_TIMING,
    CONVENTION_PRICE_YEAR,
    CONVENTION_MONETISE_QALYS,
    CONVENTION_PERSPECTIVE,
    N_CONVENTIONS
};

struct scenario_reader {
    struct arena *arena;
    struct diagnostics *diagnostics;
    const struct library *library; /* evidence, packs, sectors, models and run are complete */
    /* Problems of the run's or the built-in conventions are said once, not by every scenario. */
    bool complained[N_CONVENTIONS];
};

/* Run settings of the run file over the built-in ones. */
struct run_settings run_settings_read(const struct document *run_document);

/* The conventions of a scenario: its own over the run's over the built-in ones. */
struct conventions scenario_read_conventions(struct scenario_reader *reader,
                                             const struct setting *scenario);

/* The scenario's `decision`; its model and inputs are complete. */
struct decision_settings scenario_read_decision(struct scenario_reader *reader,
                                                const struct scenario *scenario);

/* One scenario document; NULL where it has no usable scenario. */
const struct scenario *scenario_read(struct scenario_reader *reader,
                                     const struct document *document);

/* Payers of all scenarios' models: sectors, groups or pools. */
void scenario_check_payers(const struct scenario_reader *reader);

#endif
