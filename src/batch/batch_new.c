#include "batch/batch_private.h"
#include "report/template.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static const struct place no_place = {0};

/* A text inside quotes of the configuration language. */
static void write_quoted(struct text *out, const char *bytes)
{
    text_append(out, "\"");
    for (const char *at = bytes; *at != '\0'; at++) {
        text_append(out, *at == '"' || *at == '\\' ? "\\" : "");
        text_append_span(out, at, 1);
    }
    text_append(out, "\"");
}

static void write_number(struct text *out, double number)
{
    char buffer[32];
    text_format_exact(buffer, number);
    text_append(out, buffer);
    if (strpbrk(buffer, ".e") == NULL) {
        text_append(out, ".0");
    }
}

/* Within the input's limits, so that the file is valid; the comment says to replace it. */
static double example_value(const struct model_input *input)
{
    bool has_min = isfinite(input->min);
    bool has_max = isfinite(input->max);
    if (has_min && has_max) {
        return input->min + (input->max - input->min) / 2;
    }
    if (has_min) {
        return fmax(input->min, 1);
    }
    return has_max ? fmin(input->max, 1) : 1;
}

static void write_input_lines(struct text *out, const struct model *model)
{
    for (size_t item = 0; item < model->n_inputs; item++) {
        const struct model_input *input = &model->inputs[item];
        text_printf(out, "    # %s, in %s", input->label, input->unit);
        if (isfinite(input->min)) {
            text_append(out, "; at least ");
            write_number(out, input->min);
        }
        if (isfinite(input->max)) {
            text_append(out, "; at most ");
            write_number(out, input->max);
        }
        if (input->has_fallback) {
            text_append(out, "\n    # Left out: the model's own value, ");
            text_append(out, input->fallback.reported);
            text_printf(out, ".\n    # %s = ", input->id);
            write_number(out, input->fallback.mean);
        } else {
            text_printf(out,
                        "\n    # Replace this example with your own figure.\n    %s = ", input->id);
            write_number(out, example_value(input));
        }
        text_append(out, ";\n");
    }
}

static bool needs_funding(const struct model *model)
{
    for (size_t item = 0; item < model->n_costs; item++) {
        if (model->costs[item].n_payers == 0) {
            return true;
        }
    }
    return false;
}

static void write_sector_ids(struct text *out, const struct sectors *sectors)
{
    size_t column = 0;
    for (size_t item = 0; item < sectors->n_sectors; item++) {
        size_t length = strlen(sectors->sectors[item].id) + 1;
        if (column == 0 || column + length > 90) {
            text_append(out, column == 0 ? "  #  " : "\n  #  ");
            column = 5;
        }
        text_printf(out, " %s", sectors->sectors[item].id);
        column += length;
    }
    text_append(out, "\n");
}

/* What a place may have figures of its own for: costs and uptake above all. */
static void write_evidence_lines(struct text *out, const struct import_form *form)
{
    if (form->n_evidence == 0) {
        return;
    }
    text_append(out,
                "  # What the model stands on (grade 1 best, 6 an assumption). Costs, wages and "
                "uptake are most often\n  # others here:\n");
    for (size_t i = 0; i < form->n_evidence; i++) {
        const struct parameter *item = form->evidence[i];
        char year[16] = "";
        if (item->price_year != 0) {
            text_format_financial_year(year, item->price_year);
        }
        text_printf(out, "  #   %s: %.6g %s%s%s, grade %d\n", item->identity,
                    item->distribution.mean, item->unit, year[0] != '\0' ? ", prices of " : "",
                    year, item->grade);
    }
}

static void write_scenario(struct text *out, struct arena *arena, const struct library *library,
                           const struct model *model)
{
    const struct sectors *sectors = library->sectors;
    text_printf(out, "# A scenario of the model %s: %s\n", model->id, model->title);
    text_append(out,
                "# `dividend schema scenario` shows every key; `dividend check THIS_FILE` checks "
                "it.\nscenario = {\n  title = ");
    write_quoted(out, model->title);
    text_append(out, ";        # printed with the results: say where and for how long\n");
    text_printf(out, "  model = \"%s\";\n", model->id);
    text_append(out,
                "  # area = \"...\";               # where, in words, or an area of `dividend list "
                "areas`\n"
                "  # question = \"...\";           # the decision this informs\n"
                "  start_year = \"2026-27\";       # financial year of the first delivery\n"
                "  funded_years = 3;             # or \"recurrent\": to the horizon\n"
                "  horizon_years = 10;           # years over which costs and effects count\n");
    if (model->n_inputs > 0) {
        text_append(out, "  inputs = {\n");
        write_input_lines(out, model);
        text_append(out, "  };\n");
    }
    if (model->n_inputs > 0 && model->health == NULL) {
        text_append(
            out, "  # Or count the people of the area for one of these inputs, by age and quintile "
                 "of deprivation:\n"
                 "  # population = { ages = [65, 120]; share = 0.1; input = \"...\"; };\n");
    }
    if (needs_funding(model)) {
        text_append(out,
                    "  # Who pays the costs that name no payer: shares that sum to 1, among\n");
        write_sector_ids(out, sectors);
        const char *first = sectors->n_sectors > 0 ? sectors->sectors[0].id : "";
        text_printf(out, "  # Replace it: as it stands, %s pays everything.\n", first);
        text_printf(out, "  funding = { %s = 1.0; };\n", first);
    }
    write_evidence_lines(out, form_make(arena, library, model, ""));
    text_append(out, "  # Evidence that differs here, each with its reason:\n"
                     "  # override = ( { parameter = \"...\";\n"
                     "  #                value = { dist = \"beta\"; events = 41; n = 60; };\n"
                     "  #                reason = \"local pilot 2025, 41 of 60\"; } );\n"
                     "};\n");
}

static void write_evidence(struct text *out, const char *name)
{
    text_printf(
        out,
        "# Evidence of your own. An item's name is its path: %s.example_cost is this one; models "
        "may\n"
        "# write example_cost where no other item ends in that name. `dividend schema "
        "evidence_item`\n"
        "# shows every key, `dividend list evidence --models DIR` the distributions as fitted.\n"
        "evidence = {\n"
        "  %s = {\n"
        "    example_cost = {\n"
        "      label = \"Replace: what it is, in words\";\n"
        "      # probability, rate, relative_risk, share, cost, utility, count, duration or "
        "effect\n"
        "      kind = \"cost\";\n"
        "      unit = \"GBP/contact\";\n"
        "      price_year = \"2024-25\";       # money only: the prices the figure is in\n"
        "      # As the source reports it, for example\n"
        "      #   { dist = \"gamma\"; mean = 280.17; se = 14.0; }\n"
        "      #   { dist = \"beta\"; events = 41; n = 60; }\n"
        "      #   { dist = \"lognormal\"; median = 0.80; ci95 = [0.70, 0.92]; }\n"
        "      value = { dist = \"pert\"; min = 50.0; mode = 100.0; max = 200.0; };\n"
        "      # An id in `sources` with a locator (table, page), or \"assumption\" with a reason "
        "and\n"
        "      # grade 6.\n"
        "      source = \"assumption\";\n"
        "      reason = \"Replace: an example value, not a finding\";\n"
        "      grade = 6;\n"
        "      # A unit cost that a demand uses also says who bears it and how much is cash:\n"
        "      # split = { acute = 1.0; };  cashable = 0.10;\n"
        "    };\n"
        "  };\n"
        "};\n"
        "# What a programme changes, with that unit cost (`dividend list demands` shows what is "
        "there):\n"
        "# demand = {\n"
        "#   example_contact = { label = \"Contacts avoided\"; unit = \"contact\"; unit_cost = "
        "\"%s.example_cost\";\n"
        "#                       baseline_per_person = 2.0; };  # a year; for relative effects\n"
        "# };\n"
        "# sources = {\n"
        "#   my_report_2026 = { citation = \"Author (2026) Title. Publisher.\"; url = "
        "\"https://...\";\n"
        "#                      accessed = \"2026-11\"; year = 2026; };\n"
        "# };\n",
        name, name, name);
}

static void write_model(struct text *out, const char *name)
{
    text_printf(
        out,
        "# A programme model; its name is its folder, %s. `dividend schema model` shows every "
        "key.\n"
        "# An amount is a number, or a formula in quotes over inputs and evidence.\n"
        "model = {\n"
        "  kind = \"programme\";\n"
        "  title = \"Replace: name of the programme\";\n"
        "  prevention = \"primary\";               # primary, secondary or tertiary\n"
        "  population_reach = \"population_group\"; # whole_community, population_group or\n"
        "                                        # co_productive_service\n"
        "  # What a scenario must say.\n"
        "  inputs = {\n"
        "    eligible = { label = \"People who could take part\"; unit = \"people\"; min = 0.0; "
        "};\n"
        "    cost_per_participant = { label = \"Cost of one participant\"; unit = \"GBP\"; min = "
        "0.0; };\n"
        "  };\n"
        "  # participants = eligible x reach x uptake x retention; add capacity where there is "
        "one.\n"
        "  funnel = { eligible = \"eligible\"; reach = 1.0; uptake = 1.0; retention = 1.0; };\n"
        "  intake = \"once\";   # the same people throughout; \"yearly\": new people each funded "
        "year\n"
        "  costs = (\n"
        "    { name = \"delivery\"; per = \"participant\"; amount = \"cost_per_participant\"; }\n"
        "  );\n"
        "  # What it avoids: a demand (`dividend list demands`), an effect, what would have "
        "happened\n"
        "  # anyway, and how the effect runs over the years.\n"
        "  # outcomes = (\n"
        "  #   { demand = \"ae_attendance\"; effect_form = \"relative\"; effect = 0.05;\n"
        "  #     deadweight = { form = \"multiplicative\"; value = 0.2; };\n"
        "  #     profile = { lag_years = 0; fade = \"half_life\"; half_life_years = 2.0;\n"
        "  #                 when_funding_stops = \"fade\"; }; }\n"
        "  # );\n"
        "  # Health gained directly.\n"
        "  # qalys = ( { name = \"wellbeing\"; gain = 0.01; duration_years = 1; } );\n"
        "};\n",
        name);
}

/* What a reader must know of a model, in the order of the shipped ones. */
static void write_readme(struct text *out, const char *name)
{
    text_printf(
        out,
        "# %s\n\n"
        "**Question.** Replace: whose decision, about what?\n\n"
        "**Population.** Who takes part, and how many there are.\n\n"
        "**Comparator.** What happens without it.\n\n"
        "**Structure.** What it costs, what it changes, for how long.\n\n"
        "**Sourced.** Each figure with its source.\n\n"
        "**Assumed.** Each figure that nobody has measured, and why this width.\n\n"
        "**Published and ours.** What was published of it, what this model gives, and why they "
        "differ.\n\n"
        "**Limits.** What is left out, and which way it would move the answer.\n",
        name);
}

static bool check_name(struct session *session, const char *name)
{
    if (text_is_name(name)) {
        return true;
    }
    diagnostics_add(&session->diagnostics, DIAGNOSTIC_E712, no_place, NULL,
                    "small letters, digits and underscores, starting with a letter, at most 64",
                    NULL, "`%s` is not a name", name);
    return false;
}

static const struct model *find_model(struct session *session, const struct library *library)
{
    const char *name = session->options.model;
    const struct models *models = library->models;
    const struct model *model = name == NULL ? NULL : model_find(models, name);
    if (model != NULL) {
        return model;
    }
    const char **known = arena_array(&session->arena, models->n_models + 1, sizeof *known);
    for (size_t item = 0; item < models->n_models; item++) {
        known[item] = models->models[item].id;
    }
    const char *nearest = name == NULL ? NULL : text_nearest(name, known, models->n_models);
    const char *remedy = nearest == NULL
                             ? "`dividend list models` shows them"
                             : arena_printf(&session->arena, "did you mean `--model %s`?", nearest);
    if (name == NULL) {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E713, no_place, NULL, "--model M", remedy,
                        "a new scenario needs the model that it is for");
    } else {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E713, no_place, NULL, NULL, remedy,
                        "`%s` is not among the %zu models", name, models->n_models);
    }
    return NULL;
}

/* NAME.xlsx, here or in --out DIR; NULL after an error. */
static const char *choose_template(struct session *session, const char *what, const char *name,
                                   const struct import_form **form)
{
    const char *out = session->options.out;
    if (strcmp(what, "scenario") != 0) {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E705, no_place, NULL,
                        "--xlsx goes with `dividend new scenario`", "leave it out",
                        "`dividend new %s` does not take --xlsx", what);
        return NULL;
    }
    const struct library *library = session_load(session, false);
    const struct model *model = library == NULL ? NULL : find_model(session, library);
    if (model == NULL) {
        return NULL;
    }
    *form = form_make(&session->arena, library, model, name);
    return arena_printf(&session->arena, "%s%s%s.xlsx", out == NULL ? "" : out,
                        out == NULL ? "" : "/", name);
}

/* The file to write and its text; NULL after an error. */
static const char *compose(struct session *session, const char *what, const char *name,
                           struct text *text)
{
    struct arena *arena = &session->arena;
    const char *out = session->options.out;
    if (strcmp(what, "scenario") != 0 && session->options.model != NULL) {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E705, no_place, NULL,
                        "--model goes with `dividend new scenario`", "leave it out",
                        "`dividend new %s` does not take --model", what);
        return NULL;
    }
    if (strcmp(what, "evidence") == 0) {
        write_evidence(text, name);
        return arena_printf(arena, "%s/%s.cfg", out == NULL ? "models/evidence" : out, name);
    }
    if (strcmp(what, "model") == 0) {
        write_model(text, name);
        return arena_printf(arena, "%s/%s/model.cfg", out == NULL ? "models" : out, name);
    }
    const struct library *library = session_load(session, false);
    const struct model *model = library == NULL ? NULL : find_model(session, library);
    if (model == NULL) {
        return NULL;
    }
    write_scenario(text, arena, library, model);
    return arena_printf(arena, "%s/%s.cfg", out == NULL ? "scenarios" : out, name);
}

static bool check_words(struct session *session)
{
    static const char *const known[] = {"scenario", "evidence", "model"};
    static const char allowed[] = "new scenario NAME --model M, new evidence NAME, new model NAME";
    const struct word_list *words = &session->options.words;
    if (words->n_items != 2) {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E706, no_place, NULL, allowed, NULL,
                        "`dividend new` needs what to write and its name, but was given %zu word%s",
                        words->n_items, words->n_items == 1 ? "" : "s");
        return false;
    }
    for (size_t item = 0; item < 3; item++) {
        if (strcmp(words->items[0], known[item]) == 0) {
            return check_name(session, words->items[1]);
        }
    }
    const char *nearest = text_nearest(words->items[0], known, 3);
    diagnostics_add(&session->diagnostics, DIAGNOSTIC_E714, no_place, NULL, allowed,
                    nearest == NULL
                        ? NULL
                        : arena_printf(&session->arena, "did you mean `dividend new %s`?", nearest),
                    "`%s` cannot be written", words->items[0]);
    return false;
}

static int write_file(struct session *session, const char *path, const struct text *text)
{
    struct error error = {0};
    assert(path != NULL);
    const char *slash = strrchr(path, '/');
    assert(slash != NULL);
    const char *folder = arena_copy_span(&session->arena, path, (size_t)(slash - path));
    enum status status = paths_make(folder, &error);
    if (status == STATUS_OK) {
        status = path_write_new(path, text, &error);
    }
    if (status != STATUS_OK) {
        terminal_say("%s", error.message);
        return EXIT_RUN_FAILED;
    }
    text_printf(&session->out, "wrote %s\n", path);
    return EXIT_DONE;
}

/* A README beside a new model, where there is none. */
static int add_readme(struct session *session, const char *path, const char *name)
{
    const char *slash = strrchr(path, '/');
    const char *folder = arena_copy_span(&session->arena, path, (size_t)(slash - path));
    const char *file = arena_printf(&session->arena, "%s/README.md", folder);
    struct text text;
    if (path_exists(file)) {
        return EXIT_DONE;
    }
    text_init(&text);
    write_readme(&text, name);
    int exit_code = write_file(session, file, &text);
    text_clear(&text);
    return exit_code;
}

/* What to do with what was written. */
static void say_next(struct session *session, const char *what, const char *path)
{
    if (strcmp(what, "scenario") == 0) {
        text_printf(&session->out,
                    "next:  replace the example values and who pays, then  dividend check %s\n",
                    path);
    } else if (strcmp(what, "evidence") == 0) {
        text_append(&session->out,
                    "next:  replace the example, then  dividend list evidence  shows "
                    "its fit (a folder of your own: with --models DIR)\n");
    } else {
        text_append(&session->out, "next:  `dividend new evidence` for its figures, `dividend list "
                                   "demands` for what it changes, then a scenario and  dividend "
                                   "check\n");
    }
}

static int write_template(struct session *session, const char *path, const struct import_form *form)
{
    struct error error = {0};
    enum status status = paths_make_for(session, path, &error);
    if (status == STATUS_OK) {
        status = template_write(form, path, &error);
    }
    if (status != STATUS_OK) {
        terminal_say("%s", error.message);
        return EXIT_RUN_FAILED;
    }
    text_printf(&session->out,
                "wrote %s\nnext:  fill it in and save it, then  dividend import %s\n", path, path);
    return EXIT_DONE;
}

int command_new(struct session *session)
{
    struct text text;
    text_init(&text);
    const char *path = NULL;
    const struct import_form *form = NULL;
    if (check_words(session)) {
        const struct word_list *words = &session->options.words;
        path = session->options.xlsx
                   ? choose_template(session, words->items[0], words->items[1], &form)
                   : compose(session, words->items[0], words->items[1], &text);
    }
    if (path != NULL && path_exists(path)) {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E711, no_place, NULL,
                        "a name that is free", "choose another name, or --out DIR",
                        "`%s` exists already and is left as it is", path);
    }
    int exit_code = EXIT_BAD_INPUT;
    if (!terminal_print_diagnostics(session, "nothing was written")) {
        const char *const *words = session->options.words.items;
        exit_code =
            form != NULL ? write_template(session, path, form) : write_file(session, path, &text);
        if (form == NULL && exit_code == EXIT_DONE && strcmp(words[0], "model") == 0) {
            exit_code = add_readme(session, path, words[1]);
        }
        if (form == NULL && exit_code == EXIT_DONE) {
            say_next(session, words[0], path);
        }
    }
    text_clear(&text);
    return exit_code;
}
