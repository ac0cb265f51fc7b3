/* A quantity and how sure it is, from the cells of a row. */
#include "import/import_private.h"

#include <math.h>
#include <string.h>

enum { FIGURE_VALUE, FIGURE_LOW, FIGURE_HIGH, FIGURE_EVENTS, FIGURE_N, N_FIGURES };

static const enum form_column figure_columns[N_FIGURES] = {COLUMN_VALUE, COLUMN_LOW, COLUMN_HIGH,
                                                           COLUMN_EVENTS, COLUMN_OF_N};

/* Which figures each form takes, all of them. */
#define BIT(figure) (1U << (figure))
#define INTERVAL    (BIT(FIGURE_VALUE) | BIT(FIGURE_LOW) | BIT(FIGURE_HIGH))
static const unsigned takes[N_FORM_KINDS] = {[FORM_EXACT] = BIT(FIGURE_VALUE),
                                             [FORM_NORMAL] = INTERVAL,
                                             [FORM_LOGNORMAL] = INTERVAL,
                                             [FORM_GAMMA] = INTERVAL,
                                             [FORM_BETA] = INTERVAL,
                                             [FORM_PERT] = INTERVAL,
                                             [FORM_TRIANGULAR] = INTERVAL,
                                             [FORM_UNIFORM] = BIT(FIGURE_LOW) | BIT(FIGURE_HIGH),
                                             [FORM_EVENTS] = BIT(FIGURE_EVENTS) | BIT(FIGURE_N)};

static const char *const takes_words[N_FORM_KINDS] = {
    [FORM_EXACT] = "exact takes a value alone",
    [FORM_NORMAL] = "normal takes a value with its 95 % interval, low and high",
    [FORM_LOGNORMAL] = "lognormal takes a value with its 95 % interval, low and high",
    [FORM_GAMMA] = "gamma takes a value with its 95 % interval, low and high",
    [FORM_BETA] = "beta takes a value with its 95 % interval, low and high",
    [FORM_PERT] = "pert takes a likely value, the lowest and the highest",
    [FORM_TRIANGULAR] = "triangular takes a likely value, the lowest and the highest",
    [FORM_UNIFORM] = "uniform takes the lowest and the highest, and no value",
    [FORM_EVENTS] = "events of n takes two counts, and nothing else"};

static const char *limits_words(struct arena *arena, const struct wanted *wanted, const char *unit)
{
    char least[32], most[32];
    text_format_exact(least, wanted->least);
    text_format_exact(most, wanted->most);
    const char *in = unit != NULL ? arena_printf(arena, ", in %s", unit) : "";
    if (isinf(wanted->most)) {
        return arena_printf(arena, "at least %s%s", least, in);
    }
    return isinf(wanted->least) ? arena_printf(arena, "at most %s%s", most, in)
                                : arena_printf(arena, "from %s to %s%s", least, most, in);
}

static bool check_limits(const struct importer *importer, const struct entry *entry, double value,
                         const struct wanted *wanted)
{
    if (value >= wanted->least && value <= wanted->most) {
        return true;
    }
    bool percent = wanted->most == 1.0 && value > 1.0 && value <= 100.0;
    char share[32];
    text_format_exact(share, value / 100.0);
    entry_complain(importer, entry, DIAGNOSTIC_E926,
                   limits_words(importer->arena, wanted, entry->unit),
                   percent ? arena_printf(importer->arena, "%s %% is %s, or typed with the sign %%",
                                          sheet_show(importer->arena, entry_cell(entry)), share)
                           : "check the figure and its unit",
                   "found %s", sheet_show(importer->arena, entry_cell(entry)));
    return false;
}

static bool read_values(const struct importer *importer, const struct wanted *wanted,
                        struct figures *figures, unsigned *given)
{
    static const struct wanted counts[] = {
        [FIGURE_EVENTS] = {.least = 0.0, .most = (double)INFINITY},
        [FIGURE_N] = {.least = 1.0, .most = (double)INFINITY}};
    bool good = true;
    *given = 0;
    for (size_t i = 0; i < N_FIGURES; ++i) {
        struct entry *entry = &figures->entries[i];
        figures->values[i] = (double)NAN;
        if (entry->grid->columns[entry->column] == SIZE_MAX) {
            continue;
        }
        enum reading reading = entry_number(importer, entry, &figures->values[i]);
        *given |= reading != READ_BLANK ? BIT(i) : 0;
        const struct wanted *of = i < FIGURE_EVENTS ? wanted : &counts[i];
        good = good &&
               (reading == READ_BLANK ||
                (reading == READ_GOOD && check_limits(importer, entry, figures->values[i], of)));
    }
    return good;
}

/* Every figure that the form takes is there, and none besides. */
static bool check_given(const struct importer *importer, const struct figures *figures,
                        unsigned given)
{
    bool good = true;
    for (size_t i = 0; i < N_FIGURES; ++i) {
        bool is_given = (given & BIT(i)) != 0, is_taken = (takes[figures->kind] & BIT(i)) != 0;
        const struct entry *entry = &figures->entries[i];
        if (is_given == is_taken) {
            continue;
        }
        entry_complain(importer, entry, DIAGNOSTIC_E929, takes_words[figures->kind],
                       is_given ? "clear the cell, or choose another form"
                                : "fill in the cell, or choose another form",
                       "found %s", sheet_show(importer->arena, entry_cell(entry)));
        good = false;
    }
    return good;
}

static bool has_cells(const struct importer *importer, const struct figures *figures)
{
    if (figures->kind != FORM_EVENTS || figures->form.grid->columns[COLUMN_EVENTS] != SIZE_MAX) {
        return true;
    }
    entry_complain(importer, &figures->form, DIAGNOSTIC_E929, "a form that these columns can tell",
                   "choose beta, and give the share with its 95 % interval",
                   "found \"events of n\", which this sheet has no cells for");
    return false;
}

/* A lone value of an input is exact; of evidence it must be said, as it takes the place of an
 * interval. */
static bool choose_kind(const struct importer *importer, const struct wanted *wanted,
                        struct figures *figures, unsigned given)
{
    const struct form_choices *forms = &importer->form->lists[LIST_FORMS];
    const struct form_choice *choice = NULL;
    enum reading reading = entry_choice(importer, &figures->form, forms, &choice);
    if (reading == READ_GOOD) {
        figures->kind = (enum form_kind)(choice - forms->items);
        return has_cells(importer, figures);
    }
    if (reading == READ_BAD) {
        return false;
    }
    if (given == takes[FORM_EXACT] && !wanted->evidence) {
        figures->kind = FORM_EXACT;
        return true;
    }
    if (given == takes[FORM_EVENTS]) {
        figures->kind = FORM_EVENTS;
        return true;
    }
    entry_complain(importer, &figures->form, DIAGNOSTIC_E929,
                   "a form of the list: how the figures of this row are to be read",
                   given == takes[FORM_EXACT]
                       ? "choose how sure the value is, and give its interval; or choose exact"
                       : "choose one with the arrow beside the cell",
                   "found nothing beside the figures");
    return false;
}

enum reading figures_read(const struct importer *importer, const struct entry *value,
                          const struct wanted *wanted, struct figures *figures)
{
    unsigned given = 0;
    for (size_t i = 0; i < N_FIGURES; ++i) {
        figures->entries[i] = entry_beside(value, figure_columns[i]);
        if (i >= FIGURE_EVENTS) {
            figures->entries[i].unit = NULL;
        }
    }
    figures->form = entry_beside(value, COLUMN_FORM);
    bool good = read_values(importer, wanted, figures, &given);
    if (given == 0 && entry_is_blank(&figures->form)) {
        return READ_BLANK;
    }
    good = choose_kind(importer, wanted, figures, given) && good;
    return good && check_given(importer, figures, given) ? READ_GOOD : READ_BAD;
}

/* ---- out ---- */

static void write_figure(struct draft_pen *pen, const struct importer *importer,
                         const struct figures *figures, size_t figure, const char *before)
{
    pen_mark(pen, entry_place(importer, &figures->entries[figure]));
    pen_write(pen, before);
    pen_number(pen, figures->values[figure]);
}

static void write_dist(struct draft_pen *pen, const struct importer *importer,
                       const struct figures *figures, const char *dist)
{
    pen_mark(pen, entry_place(importer, &figures->form));
    pen_printf(pen, "{ dist = \"%s\"; ", dist);
}

static void write_interval(struct draft_pen *pen, const struct importer *importer,
                           const struct figures *figures, const char *dist, const char *middle)
{
    write_dist(pen, importer, figures, dist);
    write_figure(pen, importer, figures, FIGURE_VALUE, middle);
    write_figure(pen, importer, figures, FIGURE_LOW, "; ci95 = [");
    write_figure(pen, importer, figures, FIGURE_HIGH, ", ");
    pen_write(pen, "]; }");
}

static void write_limits(struct draft_pen *pen, const struct importer *importer,
                         const struct figures *figures, const char *dist)
{
    write_dist(pen, importer, figures, dist);
    write_figure(pen, importer, figures, FIGURE_LOW, "min = ");
    if (figures->kind != FORM_UNIFORM) {
        write_figure(pen, importer, figures, FIGURE_VALUE, "; mode = ");
    }
    write_figure(pen, importer, figures, FIGURE_HIGH, "; max = ");
    pen_write(pen, "; }");
}

void figures_write(struct draft_pen *pen, const struct importer *importer,
                   const struct figures *figures)
{
    switch (figures->kind) {
    case FORM_NORMAL:
        write_interval(pen, importer, figures, "normal", "mean = ");
        break;
    case FORM_LOGNORMAL:
        write_interval(pen, importer, figures, "lognormal", "median = ");
        break;
    case FORM_GAMMA:
        write_interval(pen, importer, figures, "gamma", "mean = ");
        break;
    case FORM_BETA:
        write_interval(pen, importer, figures, "beta", "mean = ");
        break;
    case FORM_PERT:
        write_limits(pen, importer, figures, "pert");
        break;
    case FORM_TRIANGULAR:
        write_limits(pen, importer, figures, "triangular");
        break;
    case FORM_UNIFORM:
        write_limits(pen, importer, figures, "uniform");
        break;
    case FORM_EVENTS:
        write_dist(pen, importer, figures, "beta");
        write_figure(pen, importer, figures, FIGURE_EVENTS, "events = ");
        write_figure(pen, importer, figures, FIGURE_N, "; n = ");
        pen_write(pen, "; }");
        break;
    case FORM_EXACT:
    case N_FORM_KINDS:
        write_figure(pen, importer, figures, FIGURE_VALUE, "");
        break;
    }
}
