/* Instances of a sweep, best first: league tables on the terminal, in report.md and league.csv. */
#include "report/report_private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "inputs.eligible" -> "eligible", "funded_years" -> "funded years". */
static void key_words(char words[48], const char *key)
{
    (void)snprintf(words, 48, "%.47s", strncmp(key, "inputs.", 7) == 0 ? key + 7 : key);
    for (char *c = words; *c != '\0'; ++c) {
        *c = (char)(*c == '_' ? ' ' : *c);
    }
}

/* A number alone does not say what it is of. */
static bool is_bare(const struct scenario *scenario)
{
    return scenario->n_keys == 1 &&
           strcspn(scenario->keys[0].value,
                   "abcdefghijklmnopqrstuvwxyz"
                   "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == strlen(scenario->keys[0].value);
}

const char *family_keys(char buffer[MAX_CELL], const struct scenario *scenario)
{
    size_t n = 0;
    buffer[0] = '\0';
    for (size_t i = 0; i < scenario->n_keys && n < MAX_CELL; ++i) {
        char key[48];
        key_words(key, scenario->keys[i].key);
        n += (size_t)snprintf(buffer + n, MAX_CELL - n, "%s%s", i > 0 ? ", " : "", key);
    }
    return buffer;
}

const char *instance_values(char buffer[MAX_CELL], const struct scenario *scenario)
{
    size_t n = 0;
    buffer[0] = '\0';
    for (size_t i = 0; i < scenario->n_keys && n < MAX_CELL; ++i) {
        n += (size_t)snprintf(buffer + n, MAX_CELL - n, "%s%s", i > 0 ? ", " : "",
                              scenario->keys[i].value);
    }
    return buffer;
}

void short_name(char buffer[MAX_CELL], const struct scenario *scenario)
{
    const char *dashes = strstr(scenario->id, "--");
    if (dashes == NULL) {
        (void)snprintf(buffer, MAX_CELL, "%s", scenario->id);
        return;
    }
    char values[MAX_CELL], key[MAX_CELL] = "";
    instance_values(values, scenario);
    if (is_bare(scenario)) {
        family_keys(key, scenario);
    }
    (void)snprintf(buffer, MAX_CELL, "%.40s%s%.54s", key, *key != '\0' ? " " : "", values);
    size_t n = strlen(buffer);
    if (scenario->n_keys == 0) {
        for (const char *c = dashes + 2; *c != 0 && n + 2 < MAX_CELL; ++c) {
            bool gap = c[0] == 0x2D && c[1] == 0x2D;
            n +=
                (size_t)snprintf(buffer + n, MAX_CELL - n, "%s%c", gap ? "," : "", gap ? 0x20 : *c);
            c += gap ? 1 : 0;
        }
    }
    if (n < MAX_CELL) {
        (void)snprintf(buffer + n, MAX_CELL - n, " (%.*s)", (int)(dashes - scenario->id),
                       scenario->id);
    }
}

/* One family's instances by the headline net, largest first; ties by id. */
struct league {
    const struct scenario_result **results;
    size_t n;
};

static double headline_net(const struct scenario_result *result)
{
    const struct column_statistics *net =
        result_find(result, MEASURE_NET, headline_index(result->plan), 0, 0);
    return net != NULL ? net->mean : -(double)INFINITY;
}

static int compare_results(const void *left, const void *right)
{
    const struct scenario_result *a = *(const struct scenario_result *const *)left;
    const struct scenario_result *b = *(const struct scenario_result *const *)right;
    double first = headline_net(a), second = headline_net(b);
    if (first != second) {
        return first > second ? -1 : 1;
    }
    return strcmp(a->plan->scenario->id, b->plan->scenario->id);
}

static bool is_of_family(const struct scenario_result *result, const char *family)
{
    const char *own = result->plan->scenario->family;
    return own != NULL && strcmp(own, family) == 0 && result->plan->health == NULL;
}

/* True where no earlier result is of the same family. */
static bool begins_family(const struct report_run *run, size_t index)
{
    const char *family = run->results[index].plan->scenario->family;
    for (size_t i = 0; family != NULL && i < index; ++i) {
        if (is_of_family(&run->results[i], family)) {
            return false;
        }
    }
    return family != NULL && run->results[index].plan->health == NULL;
}

static struct league gather(const struct report_run *run, const char *family)
{
    struct league league = {
        .results = memory_array(run->n_results + 1, sizeof(const struct scenario_result *))};
    for (size_t i = 0; i < run->n_results; ++i) {
        if (is_of_family(&run->results[i], family)) {
            league.results[league.n++] = &run->results[i];
        }
    }
    qsort((void *)league.results, league.n, sizeof(const struct scenario_result *),
          compare_results);
    return league;
}

static double mean_of(const struct scenario_result *result, enum measure measure, size_t who)
{
    const struct column_statistics *statistics = result_find(result, measure, who, 0, 0);
    return statistics != NULL ? statistics->headline : (double)NAN;
}

static void write_family(struct text *out, const struct league *league, size_t width)
{
    struct grid grid;
    grid_init(&grid, 7, league->n + 1);
    char keys[MAX_CELL];
    const char *const headings[] = {"league",
                                    family_keys(keys, league->results[0]->plan->scenario),
                                    "cost",
                                    "net",
                                    "P(net >= 0)",
                                    "benefit-cost ratio",
                                    "net cash, nominal"};
    for (size_t i = 0; i < 7; ++i) {
        grid_put(&grid, 0, i, headings[i]);
    }
    for (size_t i = 0; i < league->n; ++i) {
        const struct scenario_result *result = league->results[i];
        char words[MAX_CELL];
        (void)snprintf(words, sizeof words, "%zu", i + 1);
        grid_put(&grid, i + 1, 0, words);
        grid_put(&grid, i + 1, 1, instance_values(words, result->plan->scenario));
        if (result->statistics == NULL) {
            continue;
        }
        size_t who = headline_index(result->plan);
        grid_number(&grid, i + 1, 2, mean_of(result, MEASURE_PV_COST, who), 0);
        grid_number(&grid, i + 1, 3, mean_of(result, MEASURE_NET, who), 0);
        grid_number(&grid, i + 1, 4, result_find(result, MEASURE_NET, who, 0, 0)->p_nonneg, 2);
        grid_number(&grid, i + 1, 5, mean_of(result, MEASURE_BCR, who), 2);
        grid_number(&grid, i + 1, 6, mean_of(result, MEASURE_NET_CASH, who), 0);
    }
    grid_write(out, &grid, width);
}

void write_leagues(struct text *out, const struct report_run *run, size_t width)
{
    for (size_t i = 0; i < run->n_results; ++i) {
        if (!begins_family(run, i)) {
            continue;
        }
        const char *family = run->results[i].plan->scenario->family;
        struct league league = gather(run, family);
        const struct plan *plan = run->results[i].plan;
        text_printf(out,
                    width == 0 ? "## League table: %s\n\nBy net of the %s, £.\n\n"
                               : "\nLeague table: %s, by net of the %s, £\n",
                    family, plan->whos[headline_index(plan)].label);
        write_family(out, &league, width);
        text_append(out, "\n");
        free((void *)league.results);
    }
}

void write_league_csv(struct text *out, const struct report_run *run)
{
    text_append(out, "family,rank,scenario,area,cost_gbp,net_gbp,p_net_nonneg,benefit_cost_ratio,"
                     "net_cash_nominal_gbp,qalys\n");
    for (size_t i = 0; i < run->n_results; ++i) {
        if (!begins_family(run, i)) {
            continue;
        }
        struct league league = gather(run, run->results[i].plan->scenario->family);
        for (size_t k = 0; k < league.n; ++k) {
            const struct scenario_result *result = league.results[k];
            const struct scenario *scenario = result->plan->scenario;
            size_t who = headline_index(result->plan), total = result->plan->n_whos - 1;
            if (result->statistics == NULL) {
                continue;
            }
            csv_text(out, scenario->family);
            csv_count(out, k + 1);
            csv_text(out, scenario->id);
            csv_text(out, scenario->area != NULL ? scenario->area : "");
            csv_number(out, mean_of(result, MEASURE_PV_COST, who));
            csv_number(out, mean_of(result, MEASURE_NET, who));
            csv_number(out, result_find(result, MEASURE_NET, who, 0, 0)->p_nonneg);
            csv_number(out, mean_of(result, MEASURE_BCR, who));
            csv_number(out, mean_of(result, MEASURE_NET_CASH, who));
            csv_number(out, mean_of(result, MEASURE_QALYS, total));
            csv_end(out);
        }
        free((void *)league.results);
    }
}
