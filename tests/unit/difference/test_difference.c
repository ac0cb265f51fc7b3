/* Two runs compared, against figures worked out by hand; damaged folders. */
#include "difference/difference.h"
#include "support/assert_close.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char head[] =
    "scenario,who,who_kind,measure,item,unit,headline,mean,sd,mc_se,q025,q50,q975,p_nonneg,"
    "p_nonneg_mc_se,n_draws,n_defined\n";

/* A run of one scenario with one item of evidence. */
static const char manifest_form[] =
    "{\"program\": \"dividend\", \"version\": \"%s\", \"seed\": %d, \"draws\": 64, \"sampling\": "
    "\"sobol\", \"scramblings\": 4, \"generator\": \"g\", \"inputs\": [{\"path\": "
    "\"models/a.cfg\", "
    "\"bytes\": 1, \"sha256\": \"aa\"}], \"scenarios\": [{\"id\": \"a\", \"title\": \"A\", "
    "\"model\": \"m\", \"start_year\": \"2026-27\", \"draws\": 64, \"conventions\": "
    "{\"perspective\": \"public_sector\", \"price_year\": \"2024-25\"}, \"values\": [{\"name\": "
    "\"e.cost\", \"what\": \"evidence\", \"unit\": \"GBP\", \"distribution\": \"Gamma(%s)\", "
    "\"mean\": %s, \"sd\": 1.0, \"price_factor\": 1.0, \"source\": \"s\", \"locator\": \"p. 1\", "
    "\"file\": \"models/a.cfg\", \"line\": %d}]}]}\n";

struct side {
    struct arena arena;
    struct diagnostics diagnostics;
    const struct results *results;
};

static void read_texts(struct side *side, const char *manifest, const char *summary,
                       const char *options, const char *deals)
{
    struct results_text texts[N_RESULTS_FILES] = {{0}};
    const char *const bytes[N_RESULTS_FILES] = {[RESULTS_MANIFEST] = manifest,
                                                [RESULTS_SUMMARY] = summary,
                                                [RESULTS_OPTIONS] = options,
                                                [RESULTS_DEALS] = deals};
    arena_init(&side->arena);
    diagnostics_init(&side->diagnostics, &side->arena);
    for (size_t i = 0; i < N_RESULTS_FILES; ++i) {
        texts[i] = (struct results_text){.bytes = bytes[i],
                                         .n_bytes = bytes[i] != NULL ? strlen(bytes[i]) : 0,
                                         .path = results_file_name((enum results_file)i)};
    }
    side->results = results_parse(&side->arena, &side->diagnostics, texts, "0.1.0");
}

static struct side read_run(int seed, const char *mean, const char *rows, int line)
{
    struct side side;
    char manifest[2048], summary[2048];
    snprintf(manifest, sizeof manifest, manifest_form, "0.1.0", seed, mean, mean, line);
    snprintf(summary, sizeof summary, "%s%s", head, rows);
    read_texts(&side, manifest, summary, NULL, NULL);
    assert_non_null(side.results);
    return side;
}

#define ROW(who, kind, measure, value, error)                                                      \
    "a," who "," kind "," measure ",,GBP," value "," value ",1," error ",0,0,0,0,0,64,64\n"

static const struct difference_figure *figure_of(const struct difference *difference,
                                                 const char *who, const char *measure)
{
    for (size_t i = 0; i < difference->n_figures; ++i) {
        const struct difference_figure *figure = &difference->figures[i];
        const struct results_figure *there = figure->now != NULL ? figure->now : figure->old;
        if (strcmp(there->key[KEY_WHO], who) == 0 &&
            strcmp(there->key[KEY_MEASURE], measure) == 0) {
            return figure;
        }
    }
    fail_msg("no figure %s of %s", measure, who);
    return NULL;
}

static const char old_rows[] =
    ROW("nhs", "sector", "net_cash", "-5", "3") ROW("nhs", "sector", "pv_cost", "100", "0")
        ROW("nhs", "sector", "bcr", "", "") ROW("public_sector", "perspective", "net", "100", "3");
static const char now_rows[] = ROW("nhs", "sector", "net_cash", "4", "4")
    ROW("nhs", "sector", "pv_cost", "101", "0") ROW("nhs", "sector", "bcr", "", "")
        ROW("public_sector", "perspective", "net", "80", "4") ROW("icb", "sector", "net", "1", "1");

static void the_same_run_has_no_difference(void **state)
{
    (void)state;
    /* where a value is written down is no change of it */
    struct side old = read_run(1, "10.5", old_rows, 3), now = read_run(1, "10.5", old_rows, 7);
    const struct difference *difference = difference_make(&now.arena, old.results, now.results);
    assert_true(difference_is_empty(difference));
    assert_int_equal(difference->n_of[VERDICT_SAME], 4);
    arena_clear(&old.arena);
    arena_clear(&now.arena);
}

static void moves_are_judged_by_both_standard_errors(void **state)
{
    (void)state;
    struct side old = read_run(1, "10.5", old_rows, 3), now = read_run(2, "10.5", now_rows, 3);
    const struct difference *difference = difference_make(&now.arena, old.results, now.results);
    const struct difference_figure *net = figure_of(difference, "public_sector", "net");
    assert_false(difference->common_numbers);
    assert_close(net->change, -20.0, 0.0);
    assert_close(net->relative, -0.2, 1e-15);
    assert_close(net->in_errors, 20.0 / sqrt(3.0 * 3.0 + 4.0 * 4.0), 1e-15);
    assert_int_equal(net->verdict, VERDICT_MOVED);
    assert_ptr_equal(net, &difference->figures[0]); /* headlines first */
    assert_int_equal(figure_of(difference, "nhs", "net_cash")->verdict, VERDICT_NOISE); /* 9/5 */
    assert_int_equal(figure_of(difference, "nhs", "pv_cost")->verdict, VERDICT_MOVED);
    assert_int_equal(figure_of(difference, "nhs", "bcr")->verdict, VERDICT_SAME);
    assert_int_equal(figure_of(difference, "icb", "net")->verdict, VERDICT_ADDED);
    assert_int_equal(difference->n_inputs, 1);
    assert_string_equal(difference->inputs[0].name, "seed");
    assert_int_equal(difference->n_decisions, 1);
    assert_string_equal(difference->decisions[0].what, "sign of net cash");
    assert_string_equal(difference->decisions[0].old, "loses");
    assert_string_equal(difference->decisions[0].now, "gains");
    assert_int_equal(difference->decisions[0].verdict, VERDICT_NOISE);
    arena_clear(&old.arena);
    arena_clear(&now.arena);
}

static void with_common_numbers_small_moves_are_moves(void **state)
{
    (void)state;
    struct side old = read_run(1, "10.5", old_rows, 3), now = read_run(1, "11.5", now_rows, 3);
    const struct difference *difference = difference_make(&now.arena, old.results, now.results);
    assert_true(difference->common_numbers);
    assert_int_equal(figure_of(difference, "nhs", "net_cash")->verdict, VERDICT_MOVED_SLIGHTLY);
    assert_int_equal(difference->n_inputs, 1);
    assert_string_equal(difference->inputs[0].name, "e.cost");
    assert_string_equal(difference->inputs[0].aspect, "value");
    assert_string_equal(difference->inputs[0].scenarios, "a");
    assert_close(difference->inputs[0].old_mean, 10.5, 0.0);
    assert_close(difference->inputs[0].now_mean, 11.5, 0.0);
    arena_clear(&old.arena);
    arena_clear(&now.arena);
}

static void turned_round_every_sign_turns(void **state)
{
    (void)state;
    struct side old = read_run(1, "10.5", old_rows, 3), now = read_run(2, "11.5", now_rows, 3);
    const struct difference *there = difference_make(&now.arena, old.results, now.results);
    const struct difference *back = difference_make(&now.arena, now.results, old.results);
    assert_int_equal(there->n_figures, back->n_figures);
    assert_int_equal(there->n_of[VERDICT_ADDED], back->n_of[VERDICT_REMOVED]);
    assert_close(figure_of(there, "nhs", "net_cash")->change,
                 -figure_of(back, "nhs", "net_cash")->change, 0.0);
    assert_int_equal(there->n_inputs, back->n_inputs);
    assert_int_equal(there->n_decisions, back->n_decisions);
    arena_clear(&old.arena);
    arena_clear(&now.arena);
}

static void options_and_deals_flip(void **state)
{
    static const char options[] =
        "scenario,option,who,measure,item,unit,undiscounted_mean,mean,sd,mc_se,q025,q50,q975\n"
        "a,usual,public_sector,net_monetary_benefit,20000,GBP,,%d,1,1,0,0,0\n"
        "a,fresh,public_sector,net_monetary_benefit,20000,GBP,,%d,1,1,0,0,0\n";
    static const char deals[] = "portfolio,set,basis,rule,partner,verdict\n"
                                "p,p,fiscal,none,nhs,%s\np,p,fiscal,none,icb,%s\n";
    char manifest[2048], option_rows[2][512], deal_rows[2][256];
    struct side sides[2];
    (void)state;
    snprintf(manifest, sizeof manifest, manifest_form, "0.1.0", 1, "10.5", "10.5", 1);
    for (int i = 0; i < 2; ++i) {
        const char *verdict = i == 0 ? "good_with_compensation" : "not_good";
        snprintf(option_rows[i], sizeof option_rows[i], options, 50, i == 0 ? 40 : 60);
        snprintf(deal_rows[i], sizeof deal_rows[i], deals, verdict, verdict);
        read_texts(&sides[i], manifest, head, option_rows[i], deal_rows[i]);
        assert_non_null(sides[i].results);
    }
    const struct difference *difference =
        difference_make(&sides[1].arena, sides[0].results, sides[1].results);
    assert_int_equal(difference->n_decisions, 2);
    assert_string_equal(difference->decisions[0].what, "best option at 20000 GBP per QALY");
    assert_string_equal(difference->decisions[0].old, "usual");
    assert_string_equal(difference->decisions[0].now, "fresh");
    assert_string_equal(difference->decisions[1].who, "p");
    assert_string_equal(difference->decisions[1].now, "not_good");
    arena_clear(&sides[0].arena);
    arena_clear(&sides[1].arena);
}

/* ---- what cannot be compared ---- */

static void assert_refused(const char *manifest, const char *summary, enum diagnostic_code code)
{
    struct side side;
    read_texts(&side, manifest, summary, NULL, NULL);
    assert_null(side.results);
    assert_int_equal(side.diagnostics.n_errors, 1);
    assert_int_equal(side.diagnostics.items[0].code, code);
    arena_clear(&side.arena);
}

static void damaged_files_are_refused(void **state)
{
    char manifest[2048], later[2048], summary[2048];
    (void)state;
    snprintf(manifest, sizeof manifest, manifest_form, "0.1.0", 1, "10.5", "10.5", 1);
    snprintf(summary, sizeof summary, "%s%s", head, old_rows);
    const size_t n = strlen(manifest);
    for (size_t cut = 0; cut + 2 < n; cut += 7) { /* wherever a manifest breaks off */
        char broken[2048];
        snprintf(broken, sizeof broken, "%.*s", (int)cut, manifest);
        assert_refused(broken, summary, DIAGNOSTIC_E717);
    }
    snprintf(later, sizeof later, manifest_form, "0.10.0", 1, "10.5", "10.5", 1);
    assert_refused(later, summary, DIAGNOSTIC_E718);
    snprintf(later, sizeof later, manifest_form, "tomorrow", 1, "10.5", "10.5", 1);
    assert_refused(later, summary, DIAGNOSTIC_E717);
    assert_refused("[]\n", summary, DIAGNOSTIC_E717);
    assert_refused(manifest, "", DIAGNOSTIC_E717);
    assert_refused(manifest, "scenario,who\n", DIAGNOSTIC_E717);
    summary[strlen(summary) - 1] = '\0'; /* the last line does not end */
    assert_refused(manifest, summary, DIAGNOSTIC_E717);
    snprintf(summary, sizeof summary, "%s%s", head,
             "a,nhs,sector,net,,GBP,many,1,1,1,1,1,1,1,1,1,1\n");
    assert_refused(manifest, summary, DIAGNOSTIC_E717);
    snprintf(summary, sizeof summary, "%s%s", head, "a,nhs,sector,net\n");
    assert_refused(manifest, summary, DIAGNOSTIC_E717);
    snprintf(summary, sizeof summary, "%s%s%s", head, ROW("nhs", "sector", "net", "1", "1"),
             ROW("nhs", "sector", "net", "2", "1"));
    assert_refused(manifest, summary, DIAGNOSTIC_E717);
    snprintf(summary, sizeof summary, "%s%s", head,
             "b,nhs,sector,net,,GBP,1,1,1,1,1,1,1,1,1,1,1\n");
    assert_refused(manifest, summary, DIAGNOSTIC_E717);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_same_run_has_no_difference),
                                       cmocka_unit_test(moves_are_judged_by_both_standard_errors),
                                       cmocka_unit_test(with_common_numbers_small_moves_are_moves),
                                       cmocka_unit_test(turned_round_every_sign_turns),
                                       cmocka_unit_test(options_and_deals_flip),
                                       cmocka_unit_test(damaged_files_are_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
