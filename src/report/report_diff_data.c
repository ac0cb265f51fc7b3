/* A comparison for machines: CSV, a fact a row, and JSON; and its list of inputs. */
#include "report/report_diff_private.h"
#include "report/report_private.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- inputs ---- */

/* "Normal(1.2, 0.2), mean 1.2 GBP/GBP"; a fixed value alone. */
static const char *value_words(struct arena *arena, const char *words, double mean,
                               const char *unit)
{
    double fixed = NAN;
    if (words[0] == '\0' && !isfinite(mean)) {
        return "none";
    }
    if (!isfinite(mean) || unit[0] == '\0') {
        return words;
    }
    return text_read_number(words, &fixed)
               ? arena_printf(arena, "%s %s", words, unit)
               : arena_printf(arena, "%s, mean %.6g %s", words, mean, unit);
}

static struct diff_input make_input(struct arena *arena, const struct difference_input *from)
{
    struct text words;
    struct diff_input input = {
        .kind = from->what, .name = from->name, .n_scenarios = from->n_scenarios, .from = from};
    bool value = strstr(from->aspect, "value") != NULL || strcmp(from->aspect, "setting") == 0 ||
                 strcmp(from->aspect, "added") == 0 || strcmp(from->aspect, "removed") == 0 ||
                 strstr(from->aspect, "price factor") != NULL;
    text_init(&words);
    if (strcmp(from->aspect, "setting") != 0) {
        text_printf(&words, "%s: ", from->aspect);
    }
    if (value) {
        text_printf(&words, "%s -> %s", value_words(arena, from->old, from->old_mean, from->unit),
                    value_words(arena, from->now, from->now_mean, from->unit));
    }
    if (strcmp(from->old_source, from->now_source) != 0) {
        text_printf(&words, "%s%s -> %s", value ? "; source " : "", from->old_source,
                    from->now_source);
    }
    input.words = arena_copy_text(arena, words.bytes != NULL ? words.bytes : "");
    text_clear(&words);
    return input;
}

struct input_list {
    struct diff_input *items;
    size_t n, capacity;
};

static struct diff_input *find_input(const struct input_list *list, const char *kind,
                                     const char *name)
{
    for (size_t i = 0; i < list->n; ++i) {
        if (strcmp(list->items[i].kind, kind) == 0 && strcmp(list->items[i].name, name) == 0) {
            return &list->items[i];
        }
    }
    return NULL;
}

static void add_input(struct arena *arena, struct input_list *list, struct diff_input input)
{
    list->items = arena_grow(arena, list->items, list->n, &list->capacity, sizeof *list->items);
    list->items[list->n++] = input;
}

/* What the manifests do not list, models and demands and packs, from the causes of the moves. */
static void add_causes(struct arena *arena, struct input_list *list, const struct report_diff *diff)
{
    for (size_t i = 0; i < diff->splits->n_items; ++i) {
        const struct cause_split *split = &diff->splits->items[i];
        for (size_t k = 0; k < split->n_causes; ++k) {
            const struct cause_group *cause = &split->causes[k];
            bool input = strcmp(cause->kind, "other") != 0 && strcmp(cause->kind, "program") != 0 &&
                         strcmp(cause->kind, "random_numbers") != 0 &&
                         strcmp(cause->kind, "several") != 0;
            struct diff_input *known = find_input(list, cause->kind, cause->name);
            if (known != NULL && known->from == NULL) {
                ++known->n_scenarios;
            } else if (input && known == NULL) {
                add_input(arena, list,
                          (struct diff_input){.kind = cause->kind,
                                              .name = cause->name,
                                              .words = cause->detail != NULL ? cause->detail : "",
                                              .n_scenarios = 1});
            }
        }
    }
}

const struct diff_input *diff_inputs(struct arena *arena, const struct report_diff *diff, size_t *n)
{
    struct input_list list = {0};
    for (size_t i = 0; i < diff->difference->n_inputs; ++i) {
        const struct difference_input *input = &diff->difference->inputs[i];
        if (diff_shows_input(input)) {
            add_input(arena, &list, make_input(arena, input));
        }
    }
    add_causes(arena, &list, diff);
    *n = list.n;
    return list.items;
}

/* ---- CSV ---- */

static const struct results_figure *shown_of(const struct difference_figure *figure)
{
    return figure->now != NULL ? figure->now : figure->old;
}

static double value_of(const struct results_figure *figure)
{
    return figure != NULL ? figure->value : (double)NAN;
}

/* The columns that say which figure a row is about. */
static void csv_figure(struct text *out, const char *row, const struct difference_figure *figure)
{
    const struct results_figure *shown = shown_of(figure);
    csv_text(out, row);
    csv_text(out, shown->key[KEY_SCENARIO]);
    csv_text(out, shown->key[KEY_OPTION]);
    csv_text(out, shown->key[KEY_WHO]);
    csv_text(out, shown->key[KEY_MEASURE]);
    csv_text(out, shown->key[KEY_ITEM]);
    csv_text(out, shown->unit);
}

static void csv_words(struct text *out, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; ++i) {
        csv_text(out, words[i]);
    }
}

static void csv_figure_row(struct text *out, const struct report_diff *diff, size_t index)
{
    static const char *const blank[] = {"", "", "", "", "", ""};
    const struct difference_figure *figure = &diff->difference->figures[index];
    csv_figure(out, "figure", figure);
    csv_number(out, value_of(figure->old));
    csv_number(out, value_of(figure->now));
    csv_number(out, figure->change);
    csv_number(out, figure->relative);
    csv_number(out, figure->in_errors);
    csv_text(out, difference_verdict_name(figure->verdict));
    csv_text(out, diff->beyond[index] ? "yes" : "no");
    csv_words(out, blank, 6);
    csv_end(out);
}

static void csv_cause_rows(struct text *out, const struct difference_figure *figure,
                           const struct cause_split *split, size_t row)
{
    for (size_t i = 0; i < split->n_causes; ++i) {
        csv_figure(out, "cause", figure);
        csv_text(out, "");
        csv_text(out, "");
        csv_number(out, split->parts[row * split->n_causes + i]);
        csv_text(out, "");
        csv_number(out, split->errors[row * split->n_causes + i]);
        csv_text(out, cause_method_name(split->method));
        csv_text(out, "");
        csv_text(out, split->causes[i].kind);
        csv_text(out, split->causes[i].name);
        csv_text(out, split->causes[i].detail);
        csv_text(out, "");
        csv_text(out, "");
        csv_text(out, split->note);
        csv_end(out);
    }
}

static void csv_decisions(struct text *out, const struct difference *difference)
{
    static const char *const blank[] = {"", "", "", "", ""};
    for (size_t i = 0; i < difference->n_decisions; ++i) {
        const struct difference_decision *decision = &difference->decisions[i];
        const char *const words[] = {"decision",
                                     decision->scenario,
                                     "",
                                     decision->who,
                                     decision->what,
                                     "",
                                     isfinite(decision->now_p_nonneg) ? "p_nonneg" : ""};
        csv_words(out, words, 7);
        csv_number(out, decision->old_p_nonneg);
        csv_number(out, decision->now_p_nonneg);
        csv_words(out, blank, 3);
        csv_text(out, difference_verdict_name(decision->verdict));
        csv_text(out, "");
        csv_words(out, blank, 3);
        csv_text(out, decision->old);
        csv_text(out, decision->now);
        csv_text(out, "");
        csv_end(out);
    }
}

/* A row of words alone: inputs, scenarios. */
static void csv_line(struct text *out, const char *row, const char *scenario, const char *verdict,
                     const char *const last[6])
{
    static const char *const blank[] = {"", "", "", "", "", "", "", "", "", ""};
    csv_text(out, row);
    csv_text(out, scenario);
    csv_words(out, blank, 10);
    csv_text(out, verdict);
    csv_text(out, "");
    csv_words(out, last, 6);
    csv_end(out);
}

static void csv_inputs(struct text *out, struct arena *arena, const struct report_diff *diff)
{
    size_t n = 0;
    const struct diff_input *inputs = diff_inputs(arena, diff, &n);
    for (size_t i = 0; i < n; ++i) {
        const struct difference_input *from = inputs[i].from;
        const char *const last[] = {
            inputs[i].kind,
            inputs[i].name,
            inputs[i].words,
            from != NULL ? value_words(arena, from->old, from->old_mean, from->unit) : "",
            from != NULL ? value_words(arena, from->now, from->now_mean, from->unit) : "",
            ""};
        csv_line(out, "input", from != NULL ? from->scenarios : "", "", last);
    }
}

void write_diff_csv(struct text *out, const struct report_diff *diff)
{
    static const char *const blank[] = {"", "", "", "", "", ""};
    const struct difference *difference = diff->difference;
    struct arena arena;
    arena_init(&arena);
    text_append(out, "row,scenario,option,who,measure,item,unit,old,new,difference,relative,"
                     "standard_errors,verdict,beyond_tolerance,cause_kind,cause,detail,old_words,"
                     "new_words,note\n");
    for (size_t i = 0; i < difference->n_figures; ++i) {
        const struct difference_figure *figure = &difference->figures[i];
        size_t row = 0;
        const struct cause_split *split = NULL;
        if (figure->verdict != VERDICT_SAME) {
            csv_figure_row(out, diff, i);
            split = cause_splits_find(diff->splits, figure, &row);
        }
        if (split != NULL) {
            csv_cause_rows(out, figure, split, row);
        }
    }
    csv_decisions(out, difference);
    csv_inputs(out, &arena, diff);
    for (size_t i = 0; i < difference->n_added; ++i) {
        csv_line(out, "scenario", difference->added[i], "added", blank);
    }
    for (size_t i = 0; i < difference->n_removed; ++i) {
        csv_line(out, "scenario", difference->removed[i], "removed", blank);
    }
    arena_clear(&arena);
}

/* ---- JSON ---- */

static json_t *number_or_null(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static void set_number(json_t *object, const char *name, double value)
{
    json_object_set_new(object, name, number_or_null(value));
}

static void set_text(json_t *object, const char *name, const char *words)
{
    json_object_set_new(object, name, json_string(words != NULL ? words : ""));
}

static json_t *describe_causes(const struct cause_split *split, size_t row)
{
    json_t *causes = json_array();
    for (size_t i = 0; i < split->n_causes; ++i) {
        json_t *cause = json_object();
        set_text(cause, "kind", split->causes[i].kind);
        set_text(cause, "name", split->causes[i].name);
        set_text(cause, "detail", split->causes[i].detail);
        set_number(cause, "part", split->parts[row * split->n_causes + i]);
        set_number(cause, "part_se", split->errors[row * split->n_causes + i]);
        json_array_append_new(causes, cause);
    }
    return causes;
}

static json_t *describe_figure(const struct report_diff *diff, size_t index)
{
    const struct difference_figure *figure = &diff->difference->figures[index];
    const struct results_figure *shown = shown_of(figure);
    json_t *item = json_object();
    size_t row = 0;
    const struct cause_split *split = cause_splits_find(diff->splits, figure, &row);
    set_text(item, "scenario", shown->key[KEY_SCENARIO]);
    set_text(item, "option", shown->key[KEY_OPTION]);
    set_text(item, "who", shown->key[KEY_WHO]);
    set_text(item, "measure", shown->key[KEY_MEASURE]);
    set_text(item, "item", shown->key[KEY_ITEM]);
    set_text(item, "unit", shown->unit);
    set_number(item, "old", value_of(figure->old));
    set_number(item, "new", value_of(figure->now));
    set_number(item, "difference", figure->change);
    set_number(item, "relative", figure->relative);
    set_number(item, "standard_errors", figure->in_errors);
    set_text(item, "verdict", difference_verdict_name(figure->verdict));
    json_object_set_new(item, "beyond_tolerance", json_boolean(diff->beyond[index]));
    if (split != NULL) {
        set_text(item, "method", cause_method_name(split->method));
        json_object_set_new(item, "mixtures", json_integer((json_int_t)split->n_mixtures));
        json_object_set_new(item, "orders", json_integer(2 * (json_int_t)split->n_pairs));
        set_text(item, "note", split->note);
        json_object_set_new(item, "causes", describe_causes(split, row));
    }
    return item;
}

static json_t *describe_decisions(const struct difference *difference)
{
    json_t *list = json_array();
    for (size_t i = 0; i < difference->n_decisions; ++i) {
        const struct difference_decision *decision = &difference->decisions[i];
        json_t *item = json_object();
        set_text(item, "scenario", decision->scenario);
        set_text(item, "who", decision->who);
        set_text(item, "what", decision->what);
        set_text(item, "old", decision->old);
        set_text(item, "new", decision->now);
        set_number(item, "old_p_nonneg", decision->old_p_nonneg);
        set_number(item, "new_p_nonneg", decision->now_p_nonneg);
        set_text(item, "verdict", difference_verdict_name(decision->verdict));
        json_array_append_new(list, item);
    }
    return list;
}

static json_t *describe_inputs(struct arena *arena, const struct report_diff *diff)
{
    size_t n = 0;
    const struct diff_input *inputs = diff_inputs(arena, diff, &n);
    json_t *list = json_array();
    for (size_t i = 0; i < n; ++i) {
        const struct difference_input *from = inputs[i].from;
        json_t *item = json_object();
        set_text(item, "kind", inputs[i].kind);
        set_text(item, "name", inputs[i].name);
        set_text(item, "change", inputs[i].words);
        set_text(item, "old", from != NULL ? from->old : "");
        set_text(item, "new", from != NULL ? from->now : "");
        set_number(item, "old_mean", from != NULL ? from->old_mean : (double)NAN);
        set_number(item, "new_mean", from != NULL ? from->now_mean : (double)NAN);
        set_text(item, "old_source", from != NULL ? from->old_source : "");
        set_text(item, "new_source", from != NULL ? from->now_source : "");
        set_text(item, "scenarios", from != NULL ? from->scenarios : "");
        json_array_append_new(list, item);
    }
    return list;
}

static json_t *describe_ids(const char *const *ids, size_t n)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n; ++i) {
        json_array_append_new(list, json_string(ids[i]));
    }
    return list;
}

static json_t *describe_side(const char *name, const char *is, const struct results *results)
{
    json_t *side = json_object();
    set_text(side, "name", name);
    set_text(side, "is", is);
    set_text(side, "version", results->version);
    set_text(side, "manifest_sha256", results->digest);
    set_text(side, "seed", results_setting_find(&results->settings, "seed"));
    set_text(side, "draws", results_setting_find(&results->settings, "draws"));
    return side;
}

enum status write_diff_json(struct text *out, const struct report_diff *diff, struct error *error)
{
    const struct difference *difference = diff->difference;
    struct arena arena;
    arena_init(&arena);
    json_t *root = json_object(), *tolerance = json_object(), *figures = json_array();
    json_object_set_new(root, "old", describe_side(diff->old_name, diff->old_is, difference->old));
    json_object_set_new(root, "new", describe_side(diff->now_name, diff->now_is, difference->now));
    json_object_set_new(root, "empty", json_boolean(diff_is_empty(difference)));
    json_object_set_new(root, "difference_found", json_boolean(diff->found));
    set_text(root, "fail_on", diff->fail_on);
    json_object_set_new(root, "common_random_numbers", json_boolean(difference->common_numbers));
    set_number(tolerance, "absolute", diff->tolerance.absolute);
    set_number(tolerance, "relative", diff->tolerance.relative);
    set_number(tolerance, "standard_errors", diff->tolerance.standard_errors);
    json_object_set_new(root, "tolerance", tolerance);
    json_object_set_new(root, "figures_compared", json_integer((json_int_t)difference->n_figures));
    json_object_set_new(root, "figures_beyond", json_integer((json_int_t)diff->n_beyond));
    for (size_t i = 0; i < difference->n_figures; ++i) {
        if (difference->figures[i].verdict != VERDICT_SAME) {
            json_array_append_new(figures, describe_figure(diff, i));
        }
    }
    json_object_set_new(root, "figures", figures);
    json_object_set_new(root, "decisions", describe_decisions(difference));
    json_object_set_new(root, "inputs", describe_inputs(&arena, diff));
    json_object_set_new(root, "scenarios_added",
                        describe_ids(difference->added, difference->n_added));
    json_object_set_new(root, "scenarios_removed",
                        describe_ids(difference->removed, difference->n_removed));
    char *bytes = json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(17) | JSON_PRESERVE_ORDER);
    json_decref(root);
    arena_clear(&arena);
    if (bytes == NULL) {
        return error_set(error, STATUS_NUMERIC, "the comparison could not be written as JSON");
    }
    text_append(out, bytes);
    text_append(out, "\n");
    free(bytes);
    return STATUS_OK;
}
