/* What a results folder says of its run: read back from manifest.json, summary.csv, options.csv and
 * portfolio/ of an earlier run, or from the same texts of a run that is being written. Both sides
 * of a comparison come through this door, so that they are read alike. */
#ifndef DIVIDEND_DIFFERENCE_RESULTS_H
#define DIVIDEND_DIFFERENCE_RESULTS_H

#include "base/diagnostic.h"
#include "base/text.h"

/* A setting of the run, a convention of a scenario or the hash of an input file, as words. */
struct results_setting {
    const char *name, *value;
};

struct results_settings {
    const struct results_setting *items;
    size_t n_items;
};

/* An item of evidence or an input of a scenario, as resolved. Texts are never NULL. */
struct results_value {
    const char *key[2];       /* "evidence" or "input"; its identity */
    const char *unit;         /* "GBP/attendance" */
    const char *distribution; /* in words */
    double mean, sd;          /* NaN none */
    double price_factor;      /* to the run's prices */
    const char *source, *locator;
    const char *override_reason; /* "": not overridden */
};

struct results_scenario {
    const char *id;
    const char *perspective;          /* id of the who of its headlines */
    int start_year;                   /* 2026 for 2026-27; 0 unknown */
    struct results_settings settings; /* title, model, years, draws, conventions */
    const struct results_value *values;
    size_t n_values;
    struct results_settings
        parts; /* of its fingerprint: "evidence a.b" and SHA-256; none of bundles */
};

enum results_key { KEY_SCENARIO, KEY_OPTION, KEY_WHO, KEY_MEASURE, KEY_ITEM, N_RESULTS_KEYS };

/* A row of summary.csv, or of options.csv (then with an option). */
struct results_figure {
    const char *key[N_RESULTS_KEYS]; /* "" where it does not apply */
    const char *who_kind;            /* "" in options.csv */
    const char *unit;
    double value, mc_se; /* as `headline` (options.csv: `mean`); NaN where there is none */
    double p_nonneg;     /* share of draws of at least 0; NaN where none is stated */
    bool in_options;
};

/* Something that a portfolio chose or found, in words: the programmes of a set, a deal's verdict.
 */
struct results_choice {
    const char *key[3]; /* portfolio, set, what */
    const char *words;
};

struct results {
    char digest[65]; /* SHA-256 of manifest.json: which run this is, wherever its folder stands */
    const char *version;
    const char *engine; /* engine_identity() of the program; "" where none is stated */
    struct results_settings settings; /* of the run: seed, draws, sampling ... */
    struct results_settings files;    /* inputs: path and SHA-256 */
    const struct results_scenario *scenarios;
    size_t n_scenarios;
    const struct results_figure *figures; /* in the order of the files */
    size_t n_figures;
    const struct results_choice *choices;
    size_t n_choices;
};

/* The files that are read; all but the first two may be missing. */
enum results_file {
    RESULTS_MANIFEST,
    RESULTS_SUMMARY,
    RESULTS_OPTIONS,
    RESULTS_PROGRAMMES,
    RESULTS_DEALS,
    RESULTS_RUN, /* run_results.json */
    N_RESULTS_FILES
};

const char *results_file_name(enum results_file file); /* "portfolio/deals.csv" */

struct results_text {
    const char *bytes; /* NULL: there is none; else followed by a NUL */
    size_t n_bytes;
    const char *path; /* for messages */
};

/* Everything in `arena`. NULL after an error; all errors of all files are added: E717 a damaged
 * file, E718 a run of a later version of the program than `version`. */
const struct results *results_parse(struct arena *arena, struct diagnostics *diagnostics,
                                    const struct results_text texts[N_RESULTS_FILES],
                                    const char *version);

/* The figures alone of summary.csv and options.csv. NULL after an error. */
const struct results_figure *results_parse_figures(struct arena *arena,
                                                   struct diagnostics *diagnostics,
                                                   const struct results_text texts[N_RESULTS_FILES],
                                                   size_t *n_figures);

/* The same of a folder; E716 where it is none, or holds no results. */
const struct results *results_read(struct arena *arena, struct diagnostics *diagnostics,
                                   const char *directory, const char *version);

#endif
