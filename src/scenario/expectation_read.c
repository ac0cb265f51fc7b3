#include "base/text.h"
#include "evidence/layer.h"
#include "scenario/expectation.h"

#include <string.h>

struct expectation_reader {
    struct arena *arena;
    struct diagnostics *diagnostics;
    const struct library *library;
    struct scenario_expectation *items;
    size_t n_items, capacity;
};

static void add(struct expectation_reader *reader, const struct scenario_expectation *item)
{
    reader->items = arena_grow(reader->arena, reader->items, reader->n_items, &reader->capacity,
                               sizeof *reader->items);
    reader->items[reader->n_items++] = *item;
}

static bool cannot_fail(const struct statement *statement)
{
    return statement->is_probability &&
           ((statement->comparison == AT_LEAST && statement->bound <= 0.0) ||
            (statement->comparison == AT_MOST && statement->bound >= 1.0));
}

/* False after a diagnostic. */
static bool read_statement(struct expectation_reader *reader, const struct setting *group,
                           struct scenario_expectation *item)
{
    static const char *const severities[] = {"error", "warn"};
    const struct setting *that = setting_find(group, "that");
    *item = (struct scenario_expectation){.only_warns =
                                              field_choice(group, "severity", severities, 2) == 1,
                                          .reason = field_text(group, "reason", NULL),
                                          .setting = group};
    if (!setting_is_text(that)) {
        return false; /* said by the schema */
    }
    if (!statement_parse(reader->arena, that->text, &item->statement)) {
        setting_complain(reader->diagnostics, that, DIAGNOSTIC_E694,
                         "\"MEASURE >= NUMBER\" (also >, <=, <), or \"prob(MEASURE >= NUMBER) >= "
                         "SHARE\" with a share from 0 to 1",
                         "e.g. \"net.public_sector >= 0\", \"net.police.p05@3 > -10000\" or "
                         "\"prob(net_cash.nhs >= 0) >= 0.5\"",
                         "\"%s\" is no statement about a measure", that->text);
        return false;
    }
    if (cannot_fail(&item->statement)) {
        setting_complain(reader->diagnostics, that, DIAGNOSTIC_W820, "a share that can be missed",
                         "raise the share, or remove the expectation",
                         "\"%s\" holds whatever the run gives", that->text);
    }
    return true;
}

/* Own expectations of a scenario or portfolio. */
static void read_own(struct expectation_reader *reader, const struct setting *group,
                     const struct scenario *scenario, const struct portfolio *portfolio)
{
    const struct setting *list = setting_find(group, "expect");
    for (size_t i = 0; list != NULL && i < list->n_children; ++i) {
        struct scenario_expectation item;
        if (read_statement(reader, list->children[i], &item)) {
            item.scenario = scenario;
            item.portfolio = portfolio;
            add(reader, &item);
        }
    }
}

static const char *nearest_name(const struct expectation_reader *reader, const char *name)
{
    const struct library *library = reader->library;
    size_t n = library->n_scenarios + library->n_portfolios;
    const char **known = arena_array(reader->arena, n + 1, sizeof *known);
    for (size_t i = 0; i < n; ++i) {
        known[i] = i < library->n_scenarios ? library->scenarios[i]->id
                                            : library->portfolios[i - library->n_scenarios]->id;
    }
    return text_nearest(name, known, n);
}

/* One statement of a file: for every scenario and portfolio that `of` names. */
static void read_of(struct expectation_reader *reader, const struct setting *group)
{
    const struct library *library = reader->library;
    const struct setting *of = setting_find(group, "of");
    struct scenario_expectation item;
    size_t n_before = reader->n_items;
    if (!read_statement(reader, group, &item) || !setting_is_text(of)) {
        return;
    }
    for (size_t i = 0; i < library->n_scenarios; ++i) {
        const struct scenario *scenario = library->scenarios[i];
        if (strcmp(scenario->id, of->text) == 0 ||
            (scenario->family != NULL && strcmp(scenario->family, of->text) == 0)) {
            item.scenario = scenario;
            add(reader, &item);
        }
    }
    item.scenario = NULL;
    for (size_t i = 0; i < library->n_portfolios; ++i) {
        if (strcmp(library->portfolios[i]->id, of->text) == 0) {
            item.portfolio = library->portfolios[i];
            add(reader, &item);
        }
    }
    if (reader->n_items == n_before) {
        setting_complain(reader->diagnostics, of, DIAGNOSTIC_E696,
                         "the name of a scenario or portfolio of the run, without .cfg",
                         layer_suggest(reader->arena, nearest_name(reader, of->text),
                                       "correct it, or run the file that it is about as well"),
                         "nothing in this run is named \"%s\"", of->text);
    }
}

void expectations_read(struct arena *arena, struct library *library,
                       const struct document *const *documents, size_t n_documents,
                       struct diagnostics *diagnostics)
{
    struct expectation_reader reader = {
        .arena = arena, .diagnostics = diagnostics, .library = library};
    for (size_t i = 0; i < library->n_scenarios; ++i) {
        read_own(&reader, library->scenarios[i]->setting, library->scenarios[i], NULL);
    }
    for (size_t i = 0; i < library->n_portfolios; ++i) {
        read_own(&reader, library->portfolios[i]->setting, NULL, library->portfolios[i]);
    }
    for (size_t i = 0; i < n_documents; ++i) {
        const struct setting *list =
            documents[i]->root != NULL ? setting_find(documents[i]->root, "expectations") : NULL;
        for (size_t k = 0; list != NULL && k < list->n_children; ++k) {
            read_of(&reader, list->children[k]);
        }
    }
    library->expectations = reader.items;
    library->n_expectations = reader.n_items;
}
