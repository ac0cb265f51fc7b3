/* What a reader should be told before a result is believed: a line a rule, details in
 * plausibility.csv. */
#include "report/report_private.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void write_plausibility_csv(struct text *out, const struct report_run *run)
{
    text_append(out, "scenario,rule,what,value,published_low,published_high,source\n");
    for (size_t i = 0; i < run->n_findings; ++i) {
        const struct plausibility_finding *finding = &run->findings[i];
        csv_text(out, finding->result->plan->scenario->id);
        csv_text(out, plausibility_rule_name(finding->rule));
        csv_text(out, finding->what);
        csv_number(out, finding->value);
        csv_number(out, finding->low);
        csv_number(out, finding->high);
        csv_text(out, finding->source_id);
        csv_end(out);
    }
}

static bool is_same_range(const struct plausibility_finding *a,
                          const struct plausibility_finding *b)
{
    return a->rule == PLAUSIBILITY_RETURN && b->rule == PLAUSIBILITY_RETURN && a->low == b->low &&
           a->high == b->high && strcmp(a->what, b->what) == 0 &&
           strcmp(a->source_id, b->source_id) == 0;
}

/* "£0.85" or "£0.85 to £0.99". */
static void write_range(struct text *words, double low, double high)
{
    char first[48], last[48];
    text_format_grouped(first, low, 2);
    text_format_grouped(last, high, 2);
    text_printf(words, "£%s", first);
    if (strcmp(first, last) != 0) {
        text_printf(words, " to £%s", last);
    }
}

/* The return of the headline's perspective, which the tables show; NaN where there is none. */
static double own_return(const struct plausibility_finding *finding)
{
    static const enum measure measures[N_RETURN_BASES] = {
        [RETURN_CASHABLE] = MEASURE_RETURN_CASHABLE,
        [RETURN_FISCAL] = MEASURE_RETURN_FISCAL,
        [RETURN_PUBLIC_VALUE] = MEASURE_RETURN_PUBLIC_VALUE};
    const struct plan *plan = finding->result->plan;
    for (size_t basis = 0; basis < N_RETURN_BASES; ++basis) {
        if (strcmp(return_basis_name((enum return_basis)basis), finding->what) == 0) {
            const struct column_statistics *ratio =
                result_find(finding->result, measures[basis], headline_index(plan), 0, 0);
            return ratio != NULL ? ratio->headline : (double)NAN;
        }
    }
    return (double)NAN;
}

/* A line for all scenarios whose return lies outside the range that finding `first` names. It is
 * that of everybody's costs and savings; the tables have the perspective's, said where it differs.
 */
static void warn_of_range(struct text *out, const struct report_run *run, size_t first)
{
    const struct plausibility_finding *finding = &run->findings[first];
    double least = (double)INFINITY, most = -(double)INFINITY, apart = 0.0;
    double own_least = (double)INFINITY, own_most = -(double)INFINITY;
    struct text names, values, published, own;
    struct named_scenarios named = {.words = &names};
    text_init(&names);
    text_init(&values);
    text_init(&published);
    for (size_t i = first; i < run->n_findings; ++i) {
        if (is_same_range(finding, &run->findings[i])) {
            name_scenario(&named, run->findings[i].result);
            double value = run->findings[i].value, ratio = own_return(&run->findings[i]);
            least = fmin(least, value);
            most = fmax(most, value);
            own_least = fmin(own_least, ratio);
            own_most = fmax(own_most, ratio);
            apart = fmax(apart, fabs(ratio - value));
        }
    }
    name_rest(&named);
    write_range(&values, least, most);
    write_range(&published, finding->low, finding->high);
    text_init(&own);
    text_append(&own, "");
    if (apart >= 0.005 && isfinite(own_least) && isfinite(own_most)) {
        const struct plan *plan = finding->result->plan;
        text_printf(&own, ", volunteers' and residents' too (of %s alone, as in the tables, it is ",
                    plan->whos[headline_index(plan)].label);
        write_range(&own, own_least, own_most);
        text_append(&own, ")");
    }
    text_printf(out,
                "%s: the %s return of %s for each £1 lies outside the published %s (%s); it is "
                "taken over everybody's costs%s; check effect, unit costs and what is left out of "
                "the costs%s\n",
                names.bytes,
                strcmp(finding->what, "public_value") == 0 ? "public value" : finding->what,
                values.bytes, published.bytes, finding->source_id, own.bytes,
                named.n > N_NAMED_SCENARIOS ? "; plausibility.csv has each" : "");
    text_clear(&own);
    text_clear(&names);
    text_clear(&values);
    text_clear(&published);
}

static void warn_of_returns(struct text *out, const struct report_run *run)
{
    for (size_t i = 0; i < run->n_findings; ++i) {
        bool first = run->findings[i].rule == PLAUSIBILITY_RETURN;
        for (size_t k = 0; first && k < i; ++k) {
            first = !is_same_range(&run->findings[k], &run->findings[i]);
        }
        if (first) {
            warn_of_range(out, run, i);
        }
    }
}

/* Said only behind a programme of which some effects have none. */
static const char all_of_a_programme[] = "all of ";

/* Where only some effects of a programme have no deadweight, which: "\"Fares saved\" of ". */
static void write_effects(struct text *words, const struct report_run *run,
                          const struct scenario_result *result)
{
    enum { NAMED = 2 };

    const struct model *model = result->plan->scenario->model;
    size_t n_all = model->n_outcomes + model->n_qalys + model->n_health_gains, n = 0;
    for (size_t i = 0; i < run->n_findings; ++i) {
        n += run->findings[i].rule == PLAUSIBILITY_DEADWEIGHT && run->findings[i].result == result;
    }
    if (n == n_all) {
        text_append(words, all_of_a_programme);
        return;
    }
    size_t k = 0;
    for (size_t i = 0; i < run->n_findings; ++i) {
        const struct plausibility_finding *finding = &run->findings[i];
        if (finding->rule == PLAUSIBILITY_DEADWEIGHT && finding->result == result && k++ < NAMED) {
            text_printf(words, "%s\"%s\"", k == 1 ? "" : n > NAMED ? ", " : " and ", finding->what);
        }
    }
    if (n > NAMED) {
        text_printf(words, " and %zu more", n - NAMED);
    }
    text_append(words, " of ");
}

/* The scenarios with findings of a rule, each once; false: none has. */
static bool write_scenarios(struct text *words, const struct report_run *run,
                            enum plausibility_rule rule)
{
    struct named_scenarios named = {.words = words};
    const struct scenario_result *last = NULL;
    struct text earlier; /* effects of the scenario before: of several with the same, said once */
    text_init(&earlier);
    for (size_t i = 0; i < run->n_findings; ++i) {
        const struct plausibility_finding *finding = &run->findings[i];
        if (finding->rule == rule && finding->result != last) {
            last = finding->result;
            struct text effects;
            text_init(&effects);
            if (rule == PLAUSIBILITY_DEADWEIGHT) {
                write_effects(&effects, run, last);
            }
            const char *before = effects.n_bytes > 0 ? effects.bytes : "";
            bool again =
                strcmp(before, earlier.n_bytes > 0 ? earlier.bytes : all_of_a_programme) == 0;
            named.before = again ? NULL : before;
            name_scenario(&named, last);
            text_clear(&earlier);
            earlier = effects;
        }
    }
    text_clear(&earlier);
    name_rest(&named);
    return named.n > 0;
}

static double other_value(const struct scenario_result *result, size_t who)
{
    static const enum measure kinds[] = {MEASURE_PV_ECONOMIC, MEASURE_PV_SOCIAL,
                                         MEASURE_PV_QALY_VALUE};

    double sum = 0.0;
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; ++k) {
        const struct column_statistics *value = result_find(result, kinds[k], who, 0, 0);
        sum += value != NULL ? value->mean : 0.0;
    }
    return sum;
}

/* "value to Employers, Residents": who has the value that is no saving, over all findings of the
 * rule, in the order of sectors. */
static void name_who_gains(struct text *words, const struct report_run *run)
{
    const struct sectors *sectors = run->library->sectors;
    bool any = false;
    text_append(words, "value to ");
    for (size_t s = 0; s < sectors->n_sectors; ++s) {
        bool gains = false;
        for (size_t i = 0; i < run->n_findings; ++i) {
            const struct scenario_result *result = run->findings[i].result;
            size_t who = result->plan->who_of_sector[s];
            gains = gains || (run->findings[i].rule == PLAUSIBILITY_SOCIAL_VALUE &&
                              who != SIZE_MAX && other_value(result, who) > 0.0);
        }
        if (gains) {
            text_printf(words, "%s%s", any ? ", " : "", sectors->sectors[s].label);
            any = true;
        }
    }
    text_append(words, any ? "" : "people");
}

void warn_of_plausibility(struct text *out, const struct report_run *run)
{
    static const struct {
        enum plausibility_rule rule;
        const char *before, *after;
    } lines[] = {
        {PLAUSIBILITY_DEADWEIGHT, "nothing is taken off for what would have happened anyway in ",
         " (deadweight is 0)"},
        {PLAUSIBILITY_SOCIAL_VALUE, " that is no saving carries the case of ",
         ": savings do not cover the costs"},
        {PLAUSIBILITY_WEAK_EVIDENCE,
         "over half of the benefits rest on evidence of grade 5 or 6 in ", ""},
        {PLAUSIBILITY_OLD_COST, "a unit cost is in prices of more than ten years ago in ", ""},
    };

    warn_of_returns(out, run);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; ++i) {
        struct text words;
        text_init(&words);
        if (write_scenarios(&words, run, lines[i].rule)) {
            if (lines[i].rule == PLAUSIBILITY_SOCIAL_VALUE) {
                name_who_gains(out, run);
            }
            text_printf(out, "%s%s%s; plausibility.csv has each\n", lines[i].before, words.bytes,
                        lines[i].after);
        }
        text_clear(&words);
    }
}
