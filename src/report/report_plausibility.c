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

static void warn_of_returns(struct text *out, const struct report_run *run)
{
    for (size_t i = 0; i < run->n_findings; ++i) {
        const struct plausibility_finding *finding = &run->findings[i];
        if (finding->rule == PLAUSIBILITY_RETURN) {
            char value[48], low[48], high[48];
            text_format_grouped(value, finding->value, 2);
            text_format_grouped(low, finding->low, 2);
            text_format_grouped(high, finding->high, 2);
            text_printf(out,
                        "%s: the %s return of £%s for each £1 lies outside the published £%s to "
                        "£%s (%s); check effect, unit costs and what is left out of the costs\n",
                        finding->result->plan->scenario->id, finding->what, value, low, high,
                        finding->source_id);
        }
    }
}

/* "a, b, c and 9 more" of the scenarios with findings of a rule, each once; false: none has. */
static bool write_scenarios(struct text *words, const struct report_run *run,
                            enum plausibility_rule rule)
{
    enum { NAMED = 4 };

    size_t n = 0;
    const struct scenario_result *last = NULL;
    for (size_t i = 0; i < run->n_findings; ++i) {
        const struct plausibility_finding *finding = &run->findings[i];
        if (finding->rule != rule || finding->result == last) {
            continue;
        }
        last = finding->result;
        if (n++ < NAMED) {
            text_printf(words, "%s%s", n > 1 ? ", " : "", last->plan->scenario->id);
        }
    }
    if (n > NAMED) {
        text_printf(words, " and %zu more", n - NAMED);
    }
    return n > 0;
}

void warn_of_plausibility(struct text *out, const struct report_run *run)
{
    static const struct {
        enum plausibility_rule rule;
        const char *before, *after;
    } lines[] = {
        {PLAUSIBILITY_DEADWEIGHT, "nothing is taken off for what would have happened anyway in ",
         " (deadweight is 0)"},
        {PLAUSIBILITY_SOCIAL_VALUE, "value to residents carries the case of ",
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
            text_printf(out, "%s%s%s; plausibility.csv has each\n", lines[i].before, words.bytes,
                        lines[i].after);
        }
        text_clear(&words);
    }
}
