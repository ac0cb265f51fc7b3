/* Units are words to the computation. Here they are read far enough to see that a demand is priced
 * by the cost of something else, or that a figure for a month is used as one for a year. */
#include "base/text.h"
#include "model/model_private.h"

#include <ctype.h>
#include <string.h>

enum { NOUN_SIZE = 96 };

/* ---- demand against unit cost ---- */

/* A person served goes by many names, and a case or a place is one person's. */
static bool is_person(const char *noun)
{
    static const char *const people[] = {"person", "people",  "participant", "client",
                                         "member", "patient", "pupil",       "user",
                                         "case",   "place",   "resident",    "claimant"};
    for (size_t i = 0; i < sizeof people / sizeof people[0]; ++i) {
        if (strcmp(noun, people[i]) == 0) {
            return true;
        }
    }
    return false;
}

static void make_singular(char *noun)
{
    size_t length = strlen(noun);
    if (length > 4 && strcmp(noun + length - 3, "ies") == 0) {
        memcpy(noun + length - 3, "y", 2);
    } else if (length > 2 && noun[length - 1] == 's' && noun[length - 2] != 's' &&
               strcmp(noun + length - 2, "is") != 0) {
        noun[length - 1] = '\0';
    }
}

/* What a unit counts: its part before the first "/" in small letters, singular, without what
 * follows " of "; "GBP" is left out where something is counted behind it. */
static void read_noun(const char *unit, char noun[NOUN_SIZE])
{
    const char *start = strncmp(unit, "GBP/", 4) == 0 ? unit + 4 : unit;
    size_t length = strcspn(start, "/");
    const char *of = strstr(start, " of ");
    length = of != NULL && (size_t)(of - start) < length ? (size_t)(of - start) : length;
    length = length < NOUN_SIZE - 1 ? length : NOUN_SIZE - 1;
    for (size_t i = 0; i < length; ++i) {
        noun[i] = start[i] == '-' ? ' ' : (char)tolower((unsigned char)start[i]);
    }
    noun[length] = '\0';
    make_singular(noun);
    if (is_person(noun)) {
        memcpy(noun, "person", sizeof "person");
    }
}

void model_check_demand_unit(const struct model_reader *reader, const struct demand *demand)
{
    const struct parameter *cost = demand->unit_cost_parameter;
    const struct setting *setting = setting_find(demand->setting, "unit_cost");
    if (cost == NULL || setting == NULL || cost->kind != PARAMETER_COST ||
        strncmp(cost->unit, "GBP/", 4) != 0) {
        return; /* "GBP" alone says nothing about what is counted */
    }
    char counted[NOUN_SIZE], priced[NOUN_SIZE];
    read_noun(demand->unit, counted);
    read_noun(cost->unit, priced);
    if (strcmp(counted, priced) == 0) {
        return;
    }
    setting_complain(reader->diagnostics, setting, DIAGNOSTIC_W823,
                     arena_printf(reader->arena, "a unit cost in GBP/%s", demand->unit),
                     "correct the unit that is wrong, or name the cost of what is counted",
                     "\"%s\" is counted in \"%s\", and its unit cost \"%s\" (%s) is in \"%s\"",
                     demand->id, demand->unit, cost->identity,
                     layer_place_words(reader->arena, cost->setting), cost->unit);
}

/* ---- figures for another time than a year ---- */

static const char *const times[] = {"month", "week", "fortnight", "quarter", "day"};

enum { N_TIMES = sizeof times / sizeof times[0] };

static bool ends_in(const char *text, size_t length, const char *ending)
{
    size_t n = strlen(ending);
    return length >= n && strncmp(text + length - n, ending, n) == 0;
}

/* "month", "person-month", "visits a month", "visits per month": not "bed day". */
static bool names_time(const char *part, size_t length, bool first, const char *time)
{
    size_t n = strlen(time);
    if (!ends_in(part, length, time)) {
        return false;
    }
    size_t before = length - n;
    return (!first && before == 0) || ends_in(part, before, "person-") ||
           ends_in(part, before, " a ") || ends_in(part, before, " per ");
}

/* The time that a unit is per; NULL: none, or a year. */
static const char *time_of(const char *unit)
{
    for (const char *part = unit; part != NULL;) {
        size_t length = strcspn(part, "/");
        for (size_t i = 0; i < N_TIMES; ++i) {
            if (names_time(part, length, part == unit, times[i])) {
                return times[i];
            }
        }
        part = part[length] == '/' ? part + length + 1 : NULL;
    }
    return NULL;
}

struct time_search {
    const struct model_reader *reader;
    const char *time;        /* that one of the names is per */
    const char *name, *unit; /* that name */
    const struct setting *declared;
    bool converted;
};

static const char *unit_of(const struct model_reader *reader, const struct expression *node,
                           const struct setting **declared)
{
    struct model_name found = model_resolve_name(reader->model, reader->evidence, node->name);
    if (found.kind == MODEL_NAME_INPUT) {
        *declared = reader->model->inputs[found.input].setting;
        return reader->model->inputs[found.input].unit;
    }
    if (found.kind == MODEL_NAME_PARAMETER) {
        *declared = found.parameter->setting;
        return found.parameter->unit;
    }
    return NULL;
}

static void find_time(const struct expression *node, void *context)
{
    struct time_search *search = context;
    const struct setting *declared = NULL;
    const char *unit = unit_of(search->reader, node, &declared);
    const char *time = unit != NULL ? time_of(unit) : NULL;
    if (time != NULL && search->time == NULL) {
        search->time = time;
        search->name = node->name;
        search->unit = unit;
        search->declared = declared;
    }
}

/* "weeks/match-year" times "GBP/week" is a figure for a year. */
static void find_count_of_time(const struct expression *node, void *context)
{
    struct time_search *search = context;
    const struct setting *declared = NULL;
    const char *unit = unit_of(search->reader, node, &declared);
    search->converted = search->converted ||
                        (unit != NULL && strncmp(unit, search->time, strlen(search->time)) == 0);
}

/* Any number beside the names but 0 and 1 is taken for the conversion, "12 * visits_a_month", and a
 * division for a ratio in which the time cancels. */
static bool may_convert(const struct expression *node)
{
    bool found = node->kind == EXPRESSION_NUMBER && node->number != 0.0 && node->number != 1.0;
    found = found || (node->kind == EXPRESSION_CALL && node->op == OP_DIVIDE);
    for (size_t i = 0; !found && i < node->n_children; ++i) {
        found = may_convert(node->children[i]);
    }
    return found;
}

void model_check_yearly(const struct model_reader *reader, const struct amount *amount)
{
    if (amount->expression == NULL || !setting_is_text(amount->setting)) {
        return;
    }
    struct time_search search = {.reader = reader};
    expression_visit_names(amount->expression, find_time, &search);
    if (search.time == NULL || may_convert(amount->expression)) {
        return;
    }
    expression_visit_names(amount->expression, find_count_of_time, &search);
    if (search.converted) {
        return;
    }
    setting_complain(reader->diagnostics, amount->setting, DIAGNOSTIC_W824, "a figure for a year",
                     arena_printf(reader->arena,
                                  "convert it in the formula, e.g. \"%s * %s\", or give the figure "
                                  "and its unit for a year",
                                  strcmp(search.time, "month") == 0       ? "12"
                                  : strcmp(search.time, "week") == 0      ? "52"
                                  : strcmp(search.time, "fortnight") == 0 ? "26"
                                  : strcmp(search.time, "quarter") == 0   ? "4"
                                                                          : "365",
                                  search.name),
                     "`%s` is for a year, and \"%s\" (%s) is in \"%s\", for a %s",
                     amount->setting->name != NULL ? amount->setting->name : "the amount",
                     search.name, layer_place_words(reader->arena, search.declared), search.unit,
                     search.time);
}

static bool is_yearly(enum per per)
{
    return per == PER_YEAR || per == PER_PARTICIPANT_YEAR;
}

void model_check_units(const struct model_reader *reader, const struct model *model)
{
    for (size_t i = 0; i < model->n_costs; ++i) {
        if (is_yearly(model->costs[i].per)) {
            model_check_yearly(reader, &model->costs[i].amount);
        }
    }
    for (size_t i = 0; i < model->n_outcomes; ++i) {
        if (!model->outcomes[i].relative) {
            model_check_yearly(reader, &model->outcomes[i].effect);
        }
    }
    for (size_t i = 0; i < model->n_levered_in; ++i) {
        if (is_yearly(model->levered_in[i].per)) {
            model_check_yearly(reader, &model->levered_in[i].amount);
        }
    }
    for (size_t i = 0; i < model->n_transfers; ++i) {
        if (is_yearly(model->transfers[i].per)) {
            model_check_yearly(reader, &model->transfers[i].amount);
        }
    }
}
