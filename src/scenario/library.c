/* The library of a run: all documents, read in the order of the modules and checked. */
#include "base/text.h"
#include "reader/schema.h"
#include "scenario/expectation.h"
#include "scenario/scenario_private.h"

#include <stdlib.h>
#include <string.h>

/* What a document is for; each top-level key belongs to one kind. */
enum role { ROLE_MODELS, ROLE_SCENARIO, ROLE_RUN, ROLE_EXPECTATIONS };

struct role_words {
    const char *key;  /* that the document must or may hold */
    const char *home; /* where such keys belong */
};

static const struct role_words roles[] = {
    [ROLE_MODELS] = {NULL, "a directory of models (models/, or a layer given with --models)"},
    [ROLE_SCENARIO] = {"scenario", "a scenario file under scenarios/"},
    [ROLE_RUN] = {"run", "the run file, scenarios/run.cfg"},
    [ROLE_EXPECTATIONS] = {"expectations", "a file of expectations (--expect FILE)"},
};

static enum role role_of_key(const char *key)
{
    if (strcmp(key, "scenario") == 0 || strcmp(key, "portfolio") == 0) {
        return ROLE_SCENARIO;
    }
    return strcmp(key, "run") == 0            ? ROLE_RUN
           : strcmp(key, "expectations") == 0 ? ROLE_EXPECTATIONS
                                              : ROLE_MODELS;
}

static bool is_known_key(const char *key)
{
    const struct schema_group *group = schema_group_find("document");
    for (size_t i = 0; group != NULL && i < group->n_keys; ++i) {
        if (strcmp(group->keys[i].name, key) == 0) {
            return true;
        }
    }
    return false;
}

static void complain_missing_key(struct diagnostics *diagnostics, const struct document *document,
                                 enum role role)
{
    const struct setting *root = document->root;
    const char *holds = root->n_children > 0 ? root->children[0]->name : NULL;
    struct place place = {.file = document->file, .line = 1};
    const char *found =
        holds == NULL
            ? "nothing"
            : arena_printf(diagnostics->arena, "`%s`, which belongs in %s", holds,
                           is_known_key(holds) ? roles[role_of_key(holds)].home : "no file");
    diagnostics_add(
        diagnostics, DIAGNOSTIC_E602, place, NULL,
        arena_printf(diagnostics->arena, "%s = { ... };", roles[role].key),
        role == ROLE_SCENARIO
            ? "start from `dividend new scenario`, or pass this file's folder with --models"
        : role == ROLE_RUN
            ? "write run = { seed = 1; draws = 16384; };"
            : "write expectations = ( { of = \"SCENARIO\"; that = \"net.total >= 0\"; } );",
        "this file has no `%s`; it holds %s", roles[role].key, found);
}

/* Every top-level key of the document belongs to its role, and a scenario or run file has its own.
 */
static void check_role(struct diagnostics *diagnostics, const struct document *document,
                       enum role role)
{
    const struct setting *root = document->root;
    if (root == NULL) {
        return;
    }
    bool is_portfolio = role == ROLE_SCENARIO && setting_find(root, "portfolio") != NULL;
    if (roles[role].key != NULL && setting_find(root, roles[role].key) == NULL && !is_portfolio) {
        complain_missing_key(diagnostics, document, role);
        return;
    }
    for (size_t i = 0; i < root->n_children; ++i) {
        const struct setting *child = root->children[i];
        if (is_known_key(child->name) && role_of_key(child->name) != role) {
            layer_complain(
                diagnostics, child, role == ROLE_MODELS ? DIAGNOSTIC_E603 : DIAGNOSTIC_E604,
                roles[role].key != NULL ? arena_printf(diagnostics->arena, "only `%s`",
                                                       is_portfolio ? "portfolio" : roles[role].key)
                                        : "evidence, sources, packs, sectors, demands and models",
                arena_printf(diagnostics->arena, "move it to %s",
                             roles[role_of_key(child->name)].home),
                "`%s` does not belong in %s", child->name,
                role == ROLE_MODELS ? "a directory of models" : roles[role].home);
        }
    }
}

static void check_document(struct diagnostics *diagnostics, const struct document *document,
                           enum role role)
{
    if (document == NULL || document->root == NULL) {
        return;
    }
    (void)schema_check_document(document, diagnostics);
    check_role(diagnostics, document, role);
}

static int compare_scenarios(const void *left, const void *right)
{
    const struct scenario *const *a = left, *const *b = right;
    int by_id = strcmp((*a)->id, (*b)->id);
    return by_id != 0 ? by_id : strcmp((*a)->document->file, (*b)->document->file);
}

/* Two files of one name are said once, however many instances they have. */
static void check_scenario_ids(const struct library *library, struct diagnostics *diagnostics)
{
    const char *said = NULL; /* the file of the later ones */
    for (size_t i = 1; i < library->n_scenarios; ++i) {
        const struct scenario *first = library->scenarios[i - 1], *second = library->scenarios[i];
        bool instances = second->document->file == said;
        if (strcmp(first->id, second->id) == 0 && !instances) {
            layer_complain(diagnostics, second->setting, DIAGNOSTIC_E605,
                           "each scenario name once in a run", "rename one of the files",
                           "two scenarios are named \"%s\": the other is %s", second->id,
                           first->document->file);
            said = second->document->file;
        }
    }
}

static void read_scenarios(struct scenario_reader *reader, struct library *library,
                           const struct document *const *documents, size_t n_documents)
{
    struct scenario_list scenarios = {.n_items = 0};
    for (size_t i = 0; i < n_documents; ++i) {
        scenario_read_document(reader, documents[i], &scenarios);
    }
    if (scenarios.n_items > 1) {
        qsort(scenarios.items, scenarios.n_items, sizeof(const struct scenario *),
              compare_scenarios);
    }
    library->all_scenarios = library->scenarios = scenarios.items;
    library->n_all_scenarios = library->n_scenarios = scenarios.n_items;
    check_scenario_ids(library, reader->diagnostics);
    scenario_check_payers(reader);
}

/* Scenarios that were not asked for themselves stay out of the run. */
static void leave_out_unlisted(struct scenario_reader *reader, struct library *library,
                               const struct document *const *unlisted, size_t n_unlisted)
{
    const struct scenario **listed =
        arena_array(reader->arena, library->n_all_scenarios + 1, sizeof *listed);
    library->n_scenarios = 0;
    for (size_t i = 0; i < library->n_all_scenarios; ++i) {
        bool keep = true;
        for (size_t k = 0; k < n_unlisted; ++k) {
            keep = keep && library->all_scenarios[i]->document != unlisted[k];
        }
        if (keep) {
            listed[library->n_scenarios++] = library->all_scenarios[i];
        }
    }
    library->scenarios = listed;
}

static int compare_portfolios(const void *left, const void *right)
{
    const struct portfolio *const *a = left, *const *b = right;
    return strcmp((*a)->id, (*b)->id);
}

static void check_portfolio_ids(const struct library *library, struct diagnostics *diagnostics)
{
    for (size_t i = 0; i < library->n_portfolios; ++i) {
        const struct portfolio *portfolio = library->portfolios[i];
        const struct document *other = NULL;
        if (i > 0 && strcmp(portfolio->id, library->portfolios[i - 1]->id) == 0) {
            other = library->portfolios[i - 1]->document;
        }
        for (size_t k = 0; k < library->n_scenarios; ++k) {
            if (strcmp(portfolio->id, library->scenarios[k]->id) == 0) {
                other = library->scenarios[k]->document;
            }
        }
        if (other != NULL) {
            layer_complain(diagnostics, portfolio->setting, DIAGNOSTIC_E605,
                           "each name of a scenario or portfolio once in a run",
                           other == portfolio->document ? "give the scenario a file of its own"
                                                        : "rename one of the files",
                           "the portfolio \"%s\" has the name of %s", portfolio->id, other->file);
        }
    }
}

static void read_portfolios(struct scenario_reader *reader, struct library *library,
                            const struct document *const *documents, size_t n_documents)
{
    const struct portfolio **portfolios =
        arena_array(reader->arena, n_documents + 1, sizeof *portfolios);
    for (size_t i = 0; i < n_documents; ++i) {
        const struct portfolio *portfolio = portfolio_read(reader, documents[i]);
        if (portfolio != NULL) {
            portfolios[library->n_portfolios++] = portfolio;
        }
    }
    if (library->n_portfolios > 1) {
        qsort(portfolios, library->n_portfolios, sizeof(const struct portfolio *),
              compare_portfolios);
    }
    library->portfolios = portfolios;
    check_portfolio_ids(library, reader->diagnostics);
}

const struct library *library_build(struct arena *arena, const struct layered_document *documents,
                                    size_t n_documents,
                                    const struct document *const *scenario_documents,
                                    size_t n_scenarios, const struct document *run_document,
                                    struct diagnostics *diagnostics)
{
    return library_build_documents(arena,
                                   &(struct library_documents){.models = documents,
                                                               .n_models = n_documents,
                                                               .scenarios = scenario_documents,
                                                               .n_scenarios = n_scenarios,
                                                               .n_listed = n_scenarios,
                                                               .run = run_document},
                                   diagnostics);
}

static void check_documents(const struct library_documents *documents,
                            struct diagnostics *diagnostics)
{
    for (size_t i = 0; i < documents->n_models; ++i) {
        check_document(diagnostics, documents->models[i].document, ROLE_MODELS);
    }
    for (size_t i = 0; i < documents->n_scenarios; ++i) {
        check_document(diagnostics, documents->scenarios[i], ROLE_SCENARIO);
    }
    check_document(diagnostics, documents->run, ROLE_RUN);
    for (size_t i = 0; i < documents->n_expectations; ++i) {
        check_document(diagnostics, documents->expectations[i], ROLE_EXPECTATIONS);
    }
}

/* What models/ holds, in the order of the modules. */
static void read_models(struct arena *arena, struct library *library,
                        struct diagnostics *diagnostics)
{
    const struct layered_document *documents = library->documents;
    size_t n_documents = library->n_documents;
    library->evidence = evidence_read(arena, documents, n_documents, diagnostics);
    evidence_check(library->evidence, diagnostics);
    library->correlations =
        correlations_read(arena, documents, n_documents, library->evidence, diagnostics);
    library->dimensions = dimensions_read(arena, documents, n_documents, diagnostics);
    library->packs = pack_read(arena, documents, n_documents, diagnostics);
    pack_check_sources(library->packs, library->evidence, diagnostics);
    library->tables = tables_read(arena, documents, n_documents, library->evidence, diagnostics);
    library->sectors = sector_read(arena, documents, n_documents, diagnostics);
    sector_check_evidence(library->sectors, library->evidence, diagnostics);
    library->models = model_read(arena, documents, n_documents, library->evidence, library->tables,
                                 library->sectors, diagnostics);
    library->populations =
        populations_read(arena, documents, n_documents, library->evidence, diagnostics);
    areas_read(arena, documents, n_documents, library, diagnostics);
}

/* ---- what only follows from a file that cannot be read ---- */

static bool cannot_be_read(const struct document *document)
{
    return document != NULL && document->root == NULL && !text_has_ending(document->file, ".csv");
}

/* Names that a file of models, or of scenarios, would have declared had it been read. */
static void hold_back_consequences(const struct library_documents *documents,
                                   struct diagnostics *diagnostics)
{
    static const enum diagnostic_code of_models[] = {
        DIAGNOSTIC_E432, DIAGNOSTIC_E444, DIAGNOSTIC_E454, DIAGNOSTIC_E475, DIAGNOSTIC_E501,
        DIAGNOSTIC_E502, DIAGNOSTIC_E510, DIAGNOSTIC_E517, DIAGNOSTIC_E532, DIAGNOSTIC_E606,
        DIAGNOSTIC_E611, DIAGNOSTIC_E612, DIAGNOSTIC_E615, DIAGNOSTIC_E630, DIAGNOSTIC_E640,
        DIAGNOSTIC_E643, DIAGNOSTIC_E655, DIAGNOSTIC_W825};

    static const enum diagnostic_code of_scenarios[] = {DIAGNOSTIC_E670, DIAGNOSTIC_E675,
                                                        DIAGNOSTIC_E696};

    bool models = false, scenarios = false;
    for (size_t i = 0; i < documents->n_models; ++i) {
        models = models || cannot_be_read(documents->models[i].document);
    }
    for (size_t i = 0; i < documents->n_scenarios; ++i) {
        scenarios = scenarios || cannot_be_read(documents->scenarios[i]);
    }
    if (models) {
        diagnostics_hold_back(diagnostics, of_models, sizeof of_models / sizeof of_models[0]);
    }
    if (models || scenarios) {
        diagnostics_hold_back(diagnostics, of_scenarios,
                              sizeof of_scenarios / sizeof of_scenarios[0]);
    }
}

const struct library *library_build_documents(struct arena *arena,
                                              const struct library_documents *documents,
                                              struct diagnostics *diagnostics)
{
    struct library *library = arena_alloc(arena, sizeof *library);
    check_documents(documents, diagnostics);
    library->documents = documents->models;
    library->n_documents = documents->n_models;
    read_models(arena, library, diagnostics);
    library->run = run_settings_read(documents->run);
    library->run_document = documents->run;
    library->expectation_documents = documents->expectations;
    library->n_expectation_documents = documents->n_expectations;

    struct scenario_reader reader = {
        .arena = arena, .diagnostics = diagnostics, .library = library};
    read_scenarios(&reader, library, documents->scenarios, documents->n_scenarios);
    leave_out_unlisted(&reader, library, documents->scenarios + documents->n_listed,
                       documents->n_scenarios - documents->n_listed);
    read_portfolios(&reader, library, documents->scenarios, documents->n_listed);
    expectations_read(arena, library, documents->expectations, documents->n_expectations,
                      diagnostics);
    library_check_unused(&reader);
    hold_back_consequences(documents, diagnostics);
    return library;
}
