/* A filled template, sheet by sheet, to the text of a scenario. */
#include "import/import_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- which template, of which model ---- */

static void complain_template(struct importer *importer, struct place place, const char *found)
{
    diagnostics_add(importer->diagnostics, DIAGNOSTIC_E910, place, NULL,
                    "a filled template of `dividend new scenario NAME --model M --xlsx`",
                    "write a template, fill it in, and import that", "%s", found);
}

static const char *text_beside(struct importer *importer, const struct grid *grid, const char *id,
                               struct entry *entry)
{
    for (size_t row = grid->header + 1; row < grid->n_rows; ++row) {
        struct entry id_field = {.grid = grid, .row = row, .column = COLUMN_ID};
        const struct sheet_cell *cell = entry_cell(&id_field);
        if (cell != NULL && cell->kind == SHEET_TEXT && strcmp(cell->text, id) == 0) {
            *entry = entry_beside(&id_field, COLUMN_VALUE);
            entry->path = id;
            const char *words = NULL;
            return entry_text(importer, entry, &words) == READ_GOOD ? words : "";
        }
    }
    return NULL;
}

static bool check_version(struct importer *importer, const struct grid *grid)
{
    struct entry entry;
    const char *words = text_beside(importer, grid, "form", &entry);
    const char *wanted = arena_printf(importer->arena, "dividend %d", FORM_VERSION);
    if (words == NULL) {
        complain_template(importer,
                          sheet_place(importer->arena, importer->book,
                                      form_sheet_name(FORM_SCENARIO), SIZE_MAX, 0),
                          "this sheet has no row with the id form, by which a template is known");
        return false;
    }
    if (strcmp(words, wanted) != 0) {
        complain_template(importer, entry_place(importer, &entry),
                          arena_printf(importer->arena, "found %s, where \"%s\" stood",
                                       sheet_show(importer->arena, entry_cell(&entry)), wanted));
        return false;
    }
    return true;
}

static const struct model *find_model(struct importer *importer, const struct grid *grid)
{
    struct arena *arena = importer->arena;
    const struct models *models = importer->library->models;
    struct entry entry;
    const char *words = text_beside(importer, grid, "model", &entry);
    if (words == NULL) {
        complain_template(
            importer,
            sheet_place(arena, importer->book, form_sheet_name(FORM_SCENARIO), SIZE_MAX, 0),
            "this sheet has no row with the id model");
        return NULL;
    }
    const struct model *model = model_find(models, words);
    if (model == NULL) {
        const char **ids = arena_array(arena, models->n_models + 1, sizeof *ids);
        for (size_t i = 0; i < models->n_models; ++i) {
            ids[i] = models->models[i].id;
        }
        const char *nearest = text_nearest(words, ids, models->n_models);
        entry_complain(importer, &entry, DIAGNOSTIC_E912, "a model: see `dividend list models`",
                       nearest != NULL
                           ? arena_printf(arena, "did you mean %s?", nearest)
                           : "name the folder that the template was made with: --models DIR",
                       "found %s, which is no model", sheet_show(arena, entry_cell(&entry)));
    }
    return model;
}

/* ---- the sheet Scenario ---- */

struct scenario_cells {
    struct grid *grid;
    size_t rows[FORM_MAX_ROWS];
    double funded_years; /* NaN where not (rightly) given */
};

static struct entry entry_of_row(const struct scenario_cells *cells, const struct form_row *row,
                                 size_t index)
{
    return (struct entry){.grid = cells->grid,
                          .row = cells->rows[index],
                          .column = COLUMN_VALUE,
                          .path = row->id,
                          .unit = row->unit};
}

static void complain_row(struct importer *importer, const struct grid *grid, const char *id)
{
    if (grid->ids_wrong) {
        return;
    }
    diagnostics_add(
        importer->diagnostics, DIAGNOSTIC_E911,
        sheet_place(importer->arena, importer->book, form_sheet_name(grid->which), SIZE_MAX, 0), id,
        "every row of the template that has no default",
        "undo its removal, or copy your figures into a fresh template",
        "the row with the id %s is missing", id);
}

static void begin_key(struct importer *importer, const struct entry *entry, const char *key)
{
    pen_write(&importer->pen, "  ");
    pen_mark(&importer->pen, entry_place(importer, entry));
    pen_printf(&importer->pen, "%s = ", key);
}

/* What stands for a required cell that is wrong, so that the rest can be checked. */
static void write_stand_in(struct importer *importer, const struct form_row *row,
                           const struct scenario_cells *cells)
{
    switch (row->entry) {
    case ENTRY_TEXT:
        pen_printf(&importer->pen, "  %s = \"...\";\n", row->id);
        break;
    case ENTRY_YEAR:
        pen_printf(&importer->pen, "  %s = \"2026-27\";\n", row->id);
        break;
    case ENTRY_FUNDED_YEARS:
        pen_printf(&importer->pen, "  %s = 1;\n", row->id);
        break;
    case ENTRY_HORIZON:
        pen_printf(&importer->pen, "  %s = %.0f;\n", row->id, fmax(cells->funded_years, 10.0));
        break;
    case ENTRY_LOCKED:
    case ENTRY_NAME:
    case ENTRY_CHOICE:
        break;
    }
}

static enum reading read_years(const struct importer *importer, const struct entry *entry,
                               const char *allowed, double *years)
{
    enum reading reading = entry_number(importer, entry, years);
    if (reading != READ_GOOD) {
        return reading;
    }
    if (*years >= 1.0 && *years <= SCENARIO_MAX_YEARS && *years == floor(*years)) {
        return READ_GOOD;
    }
    entry_complain(importer, entry, DIAGNOSTIC_E926, allowed, "give whole years", "found %s",
                   sheet_show(importer->arena, entry_cell(entry)));
    return READ_BAD;
}

static bool is_word(const struct entry *entry, const char *word)
{
    const struct sheet_cell *cell = entry_cell(entry);
    return cell != NULL && cell->kind == SHEET_TEXT &&
           strncmp(cell->text, word, strlen(word)) == 0 &&
           strspn(cell->text + strlen(word), " ") == strlen(cell->text + strlen(word));
}

static enum reading write_funded_years(struct importer *importer, const struct form_row *row,
                                       const struct entry *entry, struct scenario_cells *cells)
{
    double years = 0.0;
    if (is_word(entry, "recurrent")) {
        begin_key(importer, entry, row->id);
        pen_write(&importer->pen, "\"recurrent\";\n");
        return READ_GOOD;
    }
    enum reading reading = read_years(importer, entry, row->allowed, &years);
    if (reading == READ_GOOD) {
        cells->funded_years = years;
        begin_key(importer, entry, row->id);
        pen_printf(&importer->pen, "%.0f;\n", years);
    }
    return reading;
}

static bool check_funded(const struct importer *importer, const struct scenario_cells *cells,
                         const struct entry *horizon, double years)
{
    if (!(cells->funded_years > years)) {
        return true;
    }
    entry_complain(importer, horizon, DIAGNOSTIC_E926,
                   arena_printf(importer->arena, "at least the %.0f years that are paid for",
                                cells->funded_years),
                   "lengthen the horizon, or pay for fewer years", "found %s",
                   sheet_show(importer->arena, entry_cell(horizon)));
    return false;
}

static enum reading write_horizon(struct importer *importer, const struct form_row *row,
                                  const struct entry *entry, struct scenario_cells *cells)
{
    double years = 0.0;
    bool whole = importer->form->has_ledger;
    enum reading reading = whole ? read_years(importer, entry, row->allowed, &years)
                                 : entry_number(importer, entry, &years);
    if (reading == READ_GOOD && !check_funded(importer, cells, entry, years)) {
        reading = READ_BAD;
    }
    if (reading == READ_GOOD) {
        begin_key(importer, entry, row->id);
        if (whole) {
            pen_printf(&importer->pen, "%.0f", years);
        } else {
            pen_number(&importer->pen, years);
        }
        pen_write(&importer->pen, ";\n");
    }
    return reading;
}

static enum reading write_words(struct importer *importer, const struct form_row *row,
                                const struct entry *entry)
{
    const char *words = NULL;
    const struct form_choice *choice = NULL;
    enum reading reading = READ_GOOD;
    if (row->entry == ENTRY_CHOICE) {
        reading = entry_choice(importer, entry, &importer->form->lists[row->list], &choice);
        words = reading == READ_GOOD ? choice->id : NULL;
    } else {
        reading = row->entry == ENTRY_YEAR ? entry_year(importer, entry, &words)
                                           : entry_text(importer, entry, &words);
    }
    if (reading == READ_GOOD) {
        begin_key(importer, entry, row->id);
        if (row->list == LIST_YES_NO) {
            pen_write(&importer->pen, words); /* true or false, from the list of choices */
        } else {
            pen_quote(&importer->pen, words);
        }
        pen_write(&importer->pen, ";\n");
    }
    return reading;
}

static void read_name(struct importer *importer, const struct entry *entry)
{
    const char *words = NULL;
    enum reading reading = entry_text(importer, entry, &words);
    importer->name = "imported";
    if (reading == READ_BLANK) {
        entry_complain_blank(importer, entry, "the name of the scenario");
    } else if (reading == READ_GOOD && !text_is_name(words)) {
        entry_complain(importer, entry, DIAGNOSTIC_E931,
                       "small letters, digits and _, beginning with a letter, at most 64",
                       "write it as preston_befriending", "found %s",
                       sheet_show(importer->arena, entry_cell(entry)));
    } else if (reading == READ_GOOD) {
        importer->name = words;
    }
}

static void write_row(struct importer *importer, const struct form_row *row,
                      const struct entry *entry, struct scenario_cells *cells)
{
    enum reading reading = READ_BLANK;
    switch (row->entry) {
    case ENTRY_LOCKED:
        return;
    case ENTRY_NAME:
        read_name(importer, entry);
        return;
    case ENTRY_FUNDED_YEARS:
        reading = write_funded_years(importer, row, entry, cells);
        break;
    case ENTRY_HORIZON:
        reading = write_horizon(importer, row, entry, cells);
        break;
    case ENTRY_TEXT:
    case ENTRY_YEAR:
    case ENTRY_CHOICE:
        reading = write_words(importer, row, entry);
        break;
    }
    if (reading == READ_BLANK && row->required) {
        entry_complain_blank(importer, entry, row->allowed);
    }
    if (reading != READ_GOOD && row->required) {
        write_stand_in(importer, row, cells);
    }
}

static void write_rows(struct importer *importer, struct scenario_cells *cells, bool conventions)
{
    for (size_t i = 0; i < importer->form->n_rows; ++i) {
        const struct form_row *row = &importer->form->rows[i];
        struct entry entry = entry_of_row(cells, row, i);
        if (row->in_conventions != conventions) {
            continue;
        }
        if (cells->rows[i] == SIZE_MAX) {
            if (row->required) {
                complain_row(importer, cells->grid, row->id);
                write_stand_in(importer, row, cells);
            }
            continue;
        }
        write_row(importer, row, &entry, cells);
    }
}

static bool states_conventions(const struct importer *importer, const struct scenario_cells *cells)
{
    for (size_t i = 0; i < importer->form->n_rows; ++i) {
        struct entry entry = entry_of_row(cells, &importer->form->rows[i], i);
        if (importer->form->rows[i].in_conventions && cells->rows[i] != SIZE_MAX &&
            !entry_is_blank(&entry)) {
            return true;
        }
    }
    return false;
}

static void write_conventions(struct importer *importer, struct scenario_cells *cells)
{
    if (states_conventions(importer, cells)) {
        pen_write(&importer->pen, "  conventions = {\n");
        write_rows(importer, cells, true);
        pen_write(&importer->pen, "  };\n");
    }
}

/* ---- the sheet Inputs ---- */

/* Within the input's limits: stands for a figure that is wrong. */
static double stand_in_of(const struct model_input *input)
{
    if (isfinite(input->min) && isfinite(input->max)) {
        return input->min + (input->max - input->min) / 2;
    }
    return isfinite(input->min) ? fmax(input->min, 1.0) : fmin(input->max, 1.0);
}

static void write_input(struct importer *importer, const struct grid *grid,
                        const struct model_input *input, size_t row)
{
    struct draft_pen *pen = &importer->pen;
    struct entry entry = {.grid = grid,
                          .row = row,
                          .column = COLUMN_VALUE,
                          .path = arena_printf(importer->arena, "inputs.%s", input->id),
                          .unit = input->unit};
    const struct wanted wanted = {.least = input->min, .most = input->max};
    struct figures figures;
    enum reading reading = READ_BLANK;
    if (row != SIZE_MAX) {
        reading = figures_read(importer, &entry, &wanted, &figures);
    }
    if (reading == READ_BLANK && input->has_fallback) {
        return;
    }
    if (reading == READ_BLANK && row == SIZE_MAX) {
        complain_row(importer, grid, input->id);
    } else if (reading == READ_BLANK) {
        entry_complain_blank(importer, &entry,
                             arena_printf(importer->arena, "%s, in %s", input->label, input->unit));
    }
    pen_printf(pen, "    # %s, in %s\n    ", input->label, input->unit);
    if (reading == READ_GOOD) {
        pen_mark(pen, entry_place(importer, &entry));
        pen_printf(pen, "%s = ", input->id);
        figures_write(pen, importer, &figures);
    } else {
        pen_printf(pen, "%s = ", input->id);
        pen_number(pen, stand_in_of(input));
    }
    pen_write(pen, ";\n");
}

/* The sheet cannot be read, which is said already: what is required stands in for it. */
static void write_stand_ins(struct importer *importer)
{
    const struct model *model = importer->form->model;
    for (size_t i = 0; i < model->n_inputs; ++i) {
        if (!model->inputs[i].has_fallback) {
            pen_printf(&importer->pen, "    %s = ", model->inputs[i].id);
            pen_number(&importer->pen, stand_in_of(&model->inputs[i]));
            pen_write(&importer->pen, ";\n");
        }
    }
}

static void write_inputs(struct importer *importer)
{
    const struct model *model = importer->form->model;
    struct grid grid;
    if (!form_has_sheet(importer->form, FORM_INPUTS)) {
        return;
    }
    if (!form_grid_find(importer, FORM_INPUTS, &grid)) {
        pen_write(&importer->pen, "  inputs = {\n");
        write_stand_ins(importer);
        pen_write(&importer->pen, "  };\n");
        return;
    }
    const char **ids = arena_array(importer->arena, model->n_inputs + 1, sizeof *ids);
    size_t *rows = arena_array(importer->arena, model->n_inputs + 1, sizeof *rows);
    for (size_t i = 0; i < model->n_inputs; ++i) {
        ids[i] = model->inputs[i].id;
    }
    form_grid_rows(importer, &grid, ids, model->n_inputs, rows);
    pen_write(&importer->pen, "  inputs = {\n");
    for (size_t i = 0; i < model->n_inputs; ++i) {
        write_input(importer, &grid, &model->inputs[i], rows[i]);
    }
    pen_write(&importer->pen, "  };\n");
}

/* ---- the sheet Evidence ---- */

struct overrides {
    const struct grid *grid;
    size_t n_written;
};

static void write_override(struct importer *importer, struct overrides *overrides,
                           const struct parameter *parameter, size_t row)
{
    struct draft_pen *pen = &importer->pen;
    struct entry entry = {.grid = overrides->grid,
                          .row = row,
                          .column = COLUMN_VALUE,
                          .path = parameter->identity,
                          .unit = parameter->unit};
    struct entry reason = entry_beside(&entry, COLUMN_REASON);
    struct entry id = entry_beside(&entry, COLUMN_ID);
    struct wanted wanted = {.evidence = true};
    struct figures figures;
    const char *words = NULL;
    parameter_kind_range(parameter->kind, &wanted.least, &wanted.most);
    enum reading reading = figures_read(importer, &entry, &wanted, &figures);
    enum reading why = entry_text(importer, &reason, &words);
    if (reading == READ_BLANK && why != READ_BLANK) {
        entry_complain_blank(importer, &entry, "figures beside the reason; or no reason either");
    }
    if (reading != READ_BLANK && why == READ_BLANK) {
        entry_complain_blank(importer, &reason, "why it differs here, with the source");
    }
    if (reading != READ_GOOD) {
        return;
    }
    pen_write(pen, overrides->n_written++ == 0 ? "  # Evidence that differs here.\n  override = (\n"
                                               : ",\n");
    pen_printf(pen, "    # %s, in %s\n    ", parameter->label, parameter->unit);
    pen_mark(pen, entry_place(importer, &id));
    pen_printf(pen, "{ parameter = \"%s\";\n      ", parameter->identity);
    pen_mark(pen, entry_place(importer, &entry));
    pen_write(pen, "value = ");
    figures_write(pen, importer, &figures);
    pen_write(pen, ";\n      ");
    pen_mark(pen, entry_place(importer, &reason));
    pen_write(pen, "reason = ");
    pen_quote(pen, why == READ_GOOD ? words : "...");
    pen_write(pen, "; }");
}

static void write_overrides(struct importer *importer)
{
    const struct import_form *form = importer->form;
    struct grid grid;
    struct overrides overrides = {.grid = &grid};
    if (!form_has_sheet(form, FORM_EVIDENCE) || !form_grid_find(importer, FORM_EVIDENCE, &grid)) {
        return;
    }
    const char **ids = arena_array(importer->arena, form->n_evidence + 1, sizeof *ids);
    size_t *rows = arena_array(importer->arena, form->n_evidence + 1, sizeof *rows);
    for (size_t i = 0; i < form->n_evidence; ++i) {
        ids[i] = form->evidence[i]->identity;
    }
    form_grid_rows(importer, &grid, ids, form->n_evidence, rows);
    for (size_t i = 0; i < form->n_evidence; ++i) {
        if (rows[i] != SIZE_MAX) {
            write_override(importer, &overrides, form->evidence[i], rows[i]);
        }
    }
    if (overrides.n_written > 0) {
        pen_write(&importer->pen, "\n  );\n");
    }
}

/* ---- all of it ---- */

static void write_draft(struct importer *importer, struct grid *grid)
{
    const struct import_form *form = importer->form;
    struct scenario_cells cells = {.grid = grid, .funded_years = (double)NAN};
    const char *ids[FORM_MAX_ROWS];
    for (size_t i = 0; i < form->n_rows; ++i) {
        ids[i] = form->rows[i].id;
    }
    form_grid_rows(importer, grid, ids, form->n_rows, cells.rows);
    pen_printf(&importer->pen,
               "# A scenario of the model %s: %s\n"
               "# Made by `dividend import` from a filled template; from now on this file counts.\n"
               "scenario = {\n  model = \"%s\";\n",
               form->model->id, form->model->title, form->model->id);
    write_rows(importer, &cells, false);
    write_inputs(importer);
    if (form->has_funding) {
        import_funding(importer);
    }
    write_overrides(importer);
    write_conventions(importer, &cells);
    pen_write(&importer->pen, "};\n");
}

static const struct import_draft *make_draft(struct importer *importer)
{
    struct import_draft *draft = arena_alloc(importer->arena, sizeof *draft);
    *draft =
        (struct import_draft){.name = importer->name,
                              .book = importer->book,
                              .bytes = arena_copy_span(importer->arena, importer->pen.text.bytes,
                                                       importer->pen.text.n_bytes),
                              .n_bytes = importer->pen.text.n_bytes,
                              .marks = importer->pen.marks,
                              .n_marks = importer->pen.n_marks};
    return draft;
}

const struct import_draft *import_read(struct arena *arena, const struct library *library,
                                       const struct sheet_book *book,
                                       struct diagnostics *diagnostics)
{
    struct importer importer = {.arena = arena,
                                .diagnostics = diagnostics,
                                .library = library,
                                .book = book,
                                .name = "imported",
                                .pen = {.arena = arena, .line = 1, .column = 1}};
    struct grid grid;
    if (sheet_find(book, form_sheet_name(FORM_SCENARIO)) == NULL) {
        complain_template(&importer, (struct place){.file = book->file},
                          "the workbook has no sheet Scenario");
        return NULL;
    }
    if (!form_grid_find(&importer, FORM_SCENARIO, &grid) || !check_version(&importer, &grid)) {
        return NULL;
    }
    const struct model *model = find_model(&importer, &grid);
    if (model == NULL) {
        return NULL;
    }
    importer.form = form_make(arena, library, model, "imported");
    text_init(&importer.pen.text);
    write_draft(&importer, &grid);
    const struct import_draft *draft = make_draft(&importer);
    text_clear(&importer.pen.text);
    return draft;
}
