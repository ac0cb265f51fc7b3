#include "plan/measure_reference.h"

#include "base/text.h"
#include "plan/plan_health.h"

#include <stdlib.h>
#include <string.h>

/* ---- from a column to its name ---- */

static const char *threshold_words(struct arena *arena, const struct plan *plan, size_t item)
{
    char number[32];
    text_format_exact(number, plan->scenario->conventions.appraisal->thresholds_gbp_per_qaly[item]);
    return arena_copy_text(arena, number);
}

static const char *option_words(struct arena *arena, const struct plan *plan,
                                const struct plan_result_column *result)
{
    const struct health_model *model = plan->health->model;
    size_t n_thresholds = plan->scenario->conventions.appraisal->n_thresholds;
    switch ((int)result->measure) {
    case MEASURE_OPTION_CATEGORY_COST:
    case MEASURE_OPTION_CATEGORY_COST_UNDISCOUNTED:
        return arena_printf(arena, ".%s.%s", model->options[result->item / model->n_categories].id,
                            model->categories[result->item % model->n_categories]);
    case MEASURE_OPTION_OUTCOME:
    case MEASURE_OPTION_OUTCOME_UNDISCOUNTED:
    case MEASURE_OPTION_OUTCOME_DIFFERENCE:
        return arena_printf(arena, ".%s.%s", model->options[result->item / model->n_outcomes].id,
                            model->outcomes[result->item % model->n_outcomes].id);
    case MEASURE_OPTION_NMB:
    case MEASURE_OPTION_NMB_DIFFERENCE:
        return arena_printf(arena, ".%s.%s", model->options[result->item / n_thresholds].id,
                            threshold_words(arena, plan, result->item % n_thresholds));
    default:
        return arena_printf(arena, ".%s", model->options[result->item].id);
    }
}

static const char *item_words(struct arena *arena, const struct plan *plan,
                              const struct plan_result_column *result)
{
    if (plan->health != NULL) {
        return option_words(arena, plan, result);
    }
    switch ((int)result->measure) {
    case MEASURE_NMB:
        return arena_printf(arena, ".%s", threshold_words(arena, plan, result->item));
    case MEASURE_VOLUME:
    case MEASURE_VOLUME_YEAR:
    case MEASURE_COST_PER_OUTCOME:
        return arena_printf(arena, ".%s", plan->demands[result->item].demand->id);
    case MEASURE_FLOW_YEAR:
        return arena_printf(arena, ".%s", flow_kind_name((enum flow_kind)result->item));
    case MEASURE_CELL_PARTICIPANTS:
    case MEASURE_CELL_QALYS:
    case MEASURE_CELL_VALUE:
        return arena_printf(arena, ".%s", plan->cells[result->item].id);
    default:
        return "";
    }
}

const char *measure_reference_name(struct arena *arena, const struct plan *plan, size_t column)
{
    const struct plan_result_column *result = &plan->results[column];
    const char *measure = measure_name(result->measure), *year = "";
    switch ((int)result->measure) {
    case MEASURE_NET_AT:
    case MEASURE_NET_UNDISCOUNTED_AT:
    case MEASURE_NET_CASH_AT:
        measure = arena_copy_span(arena, measure, strlen(measure) - strlen("_at"));
        year = arena_printf(arena, "@%zu", result->year);
        break;
    case MEASURE_NET_REAL_YEAR:
    case MEASURE_QALYS_YEAR:
    case MEASURE_VOLUME_YEAR:
    case MEASURE_FLOW_YEAR:
        year = arena_printf(arena, "@%zu", result->year);
        break;
    default:
        break;
    }
    return arena_printf(arena, "%s.%s%s%s", measure, plan->whos[result->who].id,
                        item_words(arena, plan, result), year);
}

/* ---- from a name to its column ---- */

/* "p05", "p5", "p975": the digits after the point. */
static bool read_quantile(const char *word, double *probability)
{
    size_t n_digits = strspn(word + 1, "0123456789");
    if (word[0] != 'p' || n_digits == 0 || n_digits > 6 || word[1 + n_digits] != '\0') {
        return false;
    }
    double scale = 1.0;
    for (size_t i = 0; i < n_digits; ++i) {
        scale *= 10.0;
    }
    *probability = (double)strtoul(word + 1, NULL, 10) / scale;
    return *probability > 0.0;
}

/* Takes a statistic off the end of the name (before its year): returns the name without it. */
static const char *take_statistic(struct arena *arena, const char *name,
                                  struct measure_reference *out)
{
    const char *at = strchr(name, '@'), *end = at != NULL ? at : name + strlen(name);
    const char *head = arena_copy_span(arena, name, (size_t)(end - name));
    const char *dot = strrchr(head, '.');
    out->statistic = STATISTIC_MEAN;
    if (dot == NULL) {
        return name;
    }
    if (strcmp(dot, ".mean") == 0) {
        out->statistic = STATISTIC_MEAN;
    } else if (strcmp(dot, ".sd") == 0) {
        out->statistic = STATISTIC_SD;
    } else if (read_quantile(dot + 1, &out->probability)) {
        out->statistic = STATISTIC_QUANTILE;
    } else {
        return name;
    }
    return arena_printf(arena, "%s%s", arena_copy_span(arena, head, (size_t)(dot - head)), end);
}

/* Names are of small letters: capitals mean the same, and so does a blank for a low line. */
static const char *plain_name(struct arena *arena, const char *name)
{
    char *plain = arena_copy_text(arena, name);
    for (char *c = plain; *c != '\0'; ++c) {
        *c = (char)(*c >= 'A' && *c <= 'Z' ? *c - 'A' + 'a' : *c == ' ' ? '_' : *c);
    }
    return plain;
}

bool measure_reference_find(const struct plan *plan, const char *name,
                            struct measure_reference *out)
{
    struct arena arena;
    bool found = false;
    arena_init(&arena);
    const char *bare = take_statistic(&arena, plain_name(&arena, name), out);
    for (size_t i = 0; i < plan->n_own_results && !found; ++i) {
        if (strncmp(bare, measure_name(plan->results[i].measure), 3) == 0 &&
            strcmp(plain_name(&arena, measure_reference_name(&arena, plan, i)), bare) == 0) {
            out->column = i;
            found = true;
        }
    }
    arena_clear(&arena);
    return found;
}

const char *measure_reference_nearest(struct arena *arena, const struct plan *plan,
                                      const char *name)
{
    const char **names = arena_array(arena, plan->n_own_results + 1, sizeof *names);
    const char *plain = plain_name(arena, name);
    size_t length = strlen(plain);
    for (size_t i = 0; i < plan->n_own_results; ++i) {
        names[i] = measure_reference_name(arena, plan, i);
    }
    /* "net_cash" alone: of those whom the scenario is judged by. */
    const char *headline =
        arena_printf(arena, "%s.%s", plain, plan->scenario->conventions.perspective);
    for (size_t i = 0; i < plan->n_own_results && strchr(plain, '.') == NULL; ++i) {
        if (strcmp(names[i], headline) == 0 ||
            (strncmp(names[i], plain, length) == 0 && strcmp(names[i] + length, ".total") == 0)) {
            return names[i];
        }
    }
    return text_nearest(plain, names, plan->n_own_results);
}
