/* The comparison of programmes on the terminal and as csv, json and markdown. */
#include "report/report_plots.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- scale: one unit for a whole table ---- */

struct scale {
    double divisor;
    const char *unit;
    int decimals;
};

static double largest_amount(const struct report_run *run)
{
    double largest = 0.0;
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct scenario_result *result = &run->results[i];
        for (size_t j = 0; result->statistics != NULL && j < result->plan->n_own_results; ++j) {
            if (result->plan->results[j].measure <= MEASURE_NET_CASH) {
                largest = fmax(largest, fabs(result->statistics[j].mean));
            }
        }
    }
    return largest;
}

static struct scale choose_scale(const struct report_run *run)
{
    double largest = largest_amount(run);
    if (largest >= 1e9) {
        return (struct scale){1e6, "£ million", 1};
    }
    return largest >= 1e5 ? (struct scale){1e3, "£ thousand", 0} : (struct scale){1.0, "£", 0};
}

static void format_money(char buffer[48], const struct scale *scale, double gbp)
{
    if (isnan(gbp) || gbp == 0.0) { /* nothing in it, or nothing of it */
        (void)snprintf(buffer, 48, "-");
        return;
    }
    /* Small amounts in a table of large ones keep two figures. */
    double amount = gbp / scale->divisor, size = fabs(amount);
    int decimals = scale->divisor > 1.0 && size > 0.0 && size < 9.95 ? (size < 0.995 ? 2 : 1) : 0;
    text_format_grouped(buffer, amount, decimals > scale->decimals ? decimals : scale->decimals);
}

/* ---- cells ---- */

/* Pads to `width` characters, or cuts the middle out: scenarios of one model differ at the end.
 * Only ids, which are plain ASCII, are ever longer than their column. */
static void put_left(struct text *out, const char *words, size_t width)
{
    size_t n = text_width(words);
    if (n <= width) {
        text_append(out, words);
        for (; n < width; ++n) {
            text_append(out, " ");
        }
        return;
    }
    size_t tail = width / 2, head = width - tail - 1;
    text_append_span(out, words, head);
    text_append(out, "\xE2\x80\xA6");
    text_append(out, words + strlen(words) - tail);
}

static void put_right(struct text *out, const char *words, size_t width)
{
    for (size_t n = text_width(words); n < width; ++n) {
        text_append(out, " ");
    }
    text_append(out, words);
}

/* The sweep that a row is an instance or a total of, by one of its instances; NULL: none. */
static const struct scenario *family_of(const struct report_run *run, size_t row)
{
    const struct scenario *scenario = run->results[row].plan->scenario;
    const char *dashes = strstr(scenario->id, "--");
    for (size_t i = 0; dashes != NULL && i < run->n_results; ++i) {
        const struct scenario *other = run->results[i].plan->scenario;
        size_t n = (size_t)(dashes - scenario->id);
        if (other->family != NULL && strlen(other->family) == n &&
            strncmp(other->family, scenario->id, n) == 0) {
            return other;
        }
    }
    return NULL;
}

/* Instances and totals of a sweep stand under its name, so that sweeps can be told apart. */
static void put_family(struct text *out, const struct report_run *run, size_t row, size_t width)
{
    const struct scenario *family = family_of(run, row);
    char keys[MAX_CELL], words[MAX_CELL + 256];
    if (family == NULL || (row > 0 && family_of(run, row - 1) == family)) {
        return;
    }
    (void)snprintf(words, sizeof words, "%.200s, by %s", family->family, family_keys(keys, family));
    put_left(out, words, text_width(words) < width ? text_width(words) : width);
    text_append(out, "\n");
}

static void put_name(struct text *out, const struct report_run *run, size_t row, size_t width)
{
    char words[MAX_CELL];
    const struct scenario *scenario = run->results[row].plan->scenario;
    bool under = family_of(run, row) != NULL;
    short_name(words, scenario);
    char *family = strstr(words, " (");
    if (family != NULL && (under || text_width(words) + 1 > width)) {
        *family = '\0'; /* what tells instances apart comes first */
    }
    if (under && scenario->n_keys > 0) {
        instance_values(words, scenario);
    }
    text_append(out, under ? "  " : "");
    put_left(out, words, width - (under ? 2 : 0));
}

static void put_line(struct text *out, size_t width)
{
    for (size_t i = 0; i < width; ++i) {
        text_append(out, "-");
    }
    text_append(out, "\n");
}

/* ---- the first table: a row a programme ---- */

enum cell_kind { CELL_MONEY, CELL_REST, CELL_SHARE, CELL_QALYS };

struct column_row {
    const char *top, *bottom,
        *name; /* two heading lines (NULL: the perspective); csv and json name */
    enum measure measure;
    bool headline_perspective; /* else the total */
    enum cell_kind kind;
    size_t width;
    bool only_wide; /* left out of 80 columns */
    bool only_any;  /* left out where no programme has it */
};

struct column_list {
    const struct column_row *columns;
    size_t n;
};

/* Of csv and json. */
static const struct column_row columns[] = {
    {.name = "pv_cost_gbp", .measure = MEASURE_PV_COST},
    {.name = "pv_cashable_gbp", .measure = MEASURE_PV_CASHABLE},
    {.name = "pv_non_cashable_gbp", .measure = MEASURE_PV_NON_CASHABLE},
    {.name = "pv_social_gbp", .measure = MEASURE_PV_SOCIAL},
    {.name = "pv_levered_in_gbp", .measure = MEASURE_PV_LEVERED_IN},
    {.name = "net_gbp", .measure = MEASURE_NET, .headline_perspective = true},
    {.name = "p_net_nonneg",
     .measure = MEASURE_NET,
     .headline_perspective = true,
     .kind = CELL_SHARE},
    {.name = "net_cash_gbp", .measure = MEASURE_NET_CASH, .headline_perspective = true},
    {.name = "p_net_cash_nonneg",
     .measure = MEASURE_NET_CASH,
     .headline_perspective = true,
     .kind = CELL_SHARE},
    {.name = "pv_economic_gbp", .measure = MEASURE_PV_ECONOMIC},
    {.name = "qalys", .measure = MEASURE_QALYS, .kind = CELL_QALYS},
    {.name = "net_all_gbp", .measure = MEASURE_NET},
    {.name = "own_pv_cost_gbp", .measure = MEASURE_PV_COST, .headline_perspective = true},
    {.name = "own_pv_cashable_gbp", .measure = MEASURE_PV_CASHABLE, .headline_perspective = true},
    {.name = "own_pv_non_cashable_gbp",
     .measure = MEASURE_PV_NON_CASHABLE,
     .headline_perspective = true},
    {.name = "own_pv_other_gbp",
     .measure = MEASURE_NET,
     .headline_perspective = true,
     .kind = CELL_REST},
};

/* Of the perspective: cost and every kind of gain beside the net that they add to. */
static const struct column_row own_columns[] = {
    {"cost", NULL, NULL, MEASURE_PV_COST, true, CELL_MONEY, 8, false, false},
    {"cash-", "able", NULL, MEASURE_PV_CASHABLE, true, CELL_MONEY, 8, false, false},
    {"not cash", "-able", NULL, MEASURE_PV_NON_CASHABLE, true, CELL_MONEY, 8, false, false},
    {"other", "value", NULL, MEASURE_NET, true, CELL_REST, 8, false, false},
    {"net", NULL, NULL, MEASURE_NET, true, CELL_MONEY, 8, false, false},
    {"P(net", ">=0)", NULL, MEASURE_NET, true, CELL_SHARE, 5, false, false},
    {"net cash", NULL, NULL, MEASURE_NET_CASH, true, CELL_MONEY, 8, false, false},
    {"P(cash", ">=0)", NULL, MEASURE_NET_CASH, true, CELL_SHARE, 6, true, false},
};

/* The same of everybody, with what is no saving told apart. */
static const struct column_row all_columns[] = {
    {"cost", "(all)", NULL, MEASURE_PV_COST, false, CELL_MONEY, 8, false, false},
    {"cash-", "able", NULL, MEASURE_PV_CASHABLE, false, CELL_MONEY, 8, false, false},
    {"not cash", "-able", NULL, MEASURE_PV_NON_CASHABLE, false, CELL_MONEY, 8, false, false},
    {"economic", "value", NULL, MEASURE_PV_ECONOMIC, false, CELL_MONEY, 8, false, true},
    {"social", "value", NULL, MEASURE_PV_SOCIAL, false, CELL_REST, 8, false, true},
    {"net", "(all)", NULL, MEASURE_NET, false, CELL_MONEY, 8, false, false},
    {"QALYs", "gained", NULL, MEASURE_QALYS, false, CELL_QALYS, 7, false, true},
    {"levered", "in", NULL, MEASURE_PV_LEVERED_IN, false, CELL_MONEY, 8, true, true},
};

enum {
    N_COLUMNS = sizeof columns / sizeof columns[0],
    N_OWN = sizeof own_columns / sizeof own_columns[0],
    N_ALL = sizeof all_columns / sizeof all_columns[0]
};

static size_t who_of(const struct scenario_result *result, const struct column_row *column)
{
    return column->headline_perspective ? headline_index(result->plan) : result->plan->n_whos - 1;
}

static double mean_of(const struct scenario_result *result, enum measure measure, size_t who)
{
    const struct column_statistics *statistics = result_find(result, measure, who, 0, 0);
    return statistics != NULL ? statistics->mean : 0.0;
}

/* What the net holds beside savings and cost: of the perspective economic and social value, QALYs'
 * value and transfers; of all (MEASURE_PV_SOCIAL) the same without economic value, which has a
 * column. What rounding leaves of a sum is nothing. */
static double rest_of(const struct scenario_result *result, const struct column_row *column)
{
    size_t who = who_of(result, column);
    double cost = mean_of(result, MEASURE_PV_COST, who);
    double net = mean_of(result, MEASURE_NET, who);
    double saved =
        mean_of(result, MEASURE_PV_CASHABLE, who) + mean_of(result, MEASURE_PV_NON_CASHABLE, who);
    double economic =
        column->measure == MEASURE_PV_SOCIAL ? mean_of(result, MEASURE_PV_ECONOMIC, who) : 0.0;
    double rest = net + cost - saved - economic;
    return fabs(rest) <= 1e-9 * (fabs(net) + fabs(cost) + fabs(saved)) ? 0.0 : rest;
}

/* NaN: the programme has none, or failed. */
static double cell_value(const struct scenario_result *result, const struct column_row *column)
{
    if (result->statistics == NULL) {
        return (double)NAN;
    }
    if (column->kind == CELL_REST) {
        return rest_of(result, column);
    }
    const struct column_statistics *statistics =
        result_find(result, column->measure, who_of(result, column), 0, 0);
    return statistics == NULL           ? (double)NAN
           : column->kind == CELL_SHARE ? statistics->p_nonneg
                                        : statistics->mean;
}

/* Nothing in any draw is "-", as what a programme cannot have. */
static void format_cell(char buffer[48], const struct scenario_result *result,
                        const struct column_row *column, const struct scale *scale)
{
    double value = cell_value(result, column);
    if (result->statistics == NULL) {
        (void)snprintf(buffer, 48, "failed");
    } else if (column->kind == CELL_SHARE) {
        (void)snprintf(buffer, 48, "%.2f", value);
    } else if (column->kind == CELL_QALYS && isfinite(value) && value != 0.0) {
        text_format_grouped(buffer, value, fabs(value) < 10.0 ? 2 : fabs(value) < 1000.0 ? 1 : 0);
    } else {
        format_money(buffer, scale, value);
    }
}

/* The first word of the perspective that all programmes have, else that each has its own. */
static const char *perspective_heading(char buffer[16], const struct report_run *run)
{
    const char *first = run->results[0].plan->scenario->conventions.perspective;
    for (size_t i = 1; i < run->n_results; ++i) {
        if (strcmp(run->results[i].plan->scenario->conventions.perspective, first) != 0) {
            return "(own)";
        }
    }
    const struct sectors *sectors = run->library->sectors;
    size_t index = sector_perspective_index(sectors, first);
    const char *label = index == SIZE_MAX ? first : sectors->perspectives[index].label;
    (void)snprintf(buffer, 16, "%.*s", (int)strcspn(label, " "), label);
    return text_width(buffer) <= 8 ? buffer : "headline";
}

static bool has_any(const struct report_run *run, const struct column_row *column)
{
    for (size_t r = 0; r < run->n_results; ++r) {
        double value = cell_value(&run->results[r], column);
        if (isfinite(value) && value != 0.0) {
            return true;
        }
    }
    return false;
}

/* The columns of a table that there is something to say in and room for; width 0: markdown. */
static struct column_list list_columns(struct arena *arena, const struct report_run *run,
                                       const struct column_row *table, size_t n, size_t width)
{
    struct column_row *kept = arena_array(arena, n, sizeof *kept);
    size_t n_kept = 0;
    for (size_t i = 0; i < n; ++i) {
        bool room = width == 0 || width >= 100 || !table[i].only_wide;
        if (room && (!table[i].only_any || has_any(run, &table[i]))) {
            kept[n_kept++] = table[i];
        }
    }
    return (struct column_list){kept, n_kept};
}

static const char *heading(const struct column_row *column, int line, const char *perspective)
{
    return line == 0 ? column->top : column->bottom != NULL ? column->bottom : perspective;
}

static void write_columns(struct text *out, const struct report_run *run, const struct scale *scale,
                          const struct column_list *list, size_t width)
{
    char buffer[16];
    const char *perspective = perspective_heading(buffer, run);
    size_t name = width;
    for (size_t i = 0; i < list->n; ++i) {
        name -= list->columns[i].width + 1;
    }
    for (int line = 0; line < 2; ++line) {
        put_left(out, line == 0 ? "" : "programme", name);
        for (size_t i = 0; i < list->n; ++i) {
            text_append(out, " ");
            put_right(out, heading(&list->columns[i], line, perspective), list->columns[i].width);
        }
        text_append(out, "\n");
    }
    put_line(out, width);
    for (size_t r = 0; r < run->n_results; ++r) {
        put_family(out, run, r, width);
        put_name(out, run, r, name);
        for (size_t i = 0; i < list->n; ++i) {
            char cell[48];
            format_cell(cell, &run->results[r], &list->columns[i], scale);
            text_append(out, " ");
            put_right(out, cell, list->columns[i].width);
        }
        text_append(out, "\n");
    }
    put_line(out, width);
}

/* Whose cost and gain the first table is about: "Public sector". */
static const char *perspective_label(const struct report_run *run)
{
    const char *first = run->results[0].plan->scenario->conventions.perspective;
    for (size_t i = 1; i < run->n_results; ++i) {
        if (strcmp(run->results[i].plan->scenario->conventions.perspective, first) != 0) {
            return "each one's perspective";
        }
    }
    const struct sectors *sectors = run->library->sectors;
    size_t index = sector_perspective_index(sectors, first);
    return index == SIZE_MAX ? first : sectors->perspectives[index].label;
}

static void write_programmes(struct text *out, const struct report_run *run,
                             const struct scale *scale, size_t width)
{
    struct arena arena;
    arena_init(&arena);
    const struct column_list own = list_columns(&arena, run, own_columns, N_OWN, width);
    const struct column_list all = list_columns(&arena, run, all_columns, N_ALL, width);
    text_printf(out, "Programmes for %s, present values in %s, means over draws\n",
                perspective_label(run), scale->unit);
    write_columns(out, run, scale, &own, width);
    text_printf(out, "\nThe same for all partners and people, %s\n", scale->unit);
    write_columns(out, run, scale, &all, width);
    arena_clear(&arena);
}

/* ---- how sure, and when ---- */

static void format_ratio(char buffer[48], double ratio)
{
    if (isnan(ratio)) {
        (void)snprintf(buffer, 48, "[z]");
    } else {
        text_format_grouped(buffer, ratio, 2);
    }
}

static void write_certainty(struct text *out, const struct report_run *run,
                            const struct scale *scale, size_t width)
{
    size_t name = width - 62;
    text_append(out, "\nHow sure, and when (headline perspective)\n");
    put_left(out, "", name);
    text_append(out, "  net: 95 % interval      return per £1              variance\n");
    put_left(out, "programme", name);
    text_append(out, "    from         to   cashable   fiscal payback     assumed\n");
    put_line(out, width);
    for (size_t r = 0; r < run->n_results; ++r) {
        const struct scenario_result *result = &run->results[r];
        put_family(out, run, r, width);
        put_name(out, run, r, name);
        if (result->statistics == NULL) {
            text_append(out, "  failed\n");
            continue;
        }
        size_t who = headline_index(result->plan);
        const struct column_statistics *net = result_find(result, MEASURE_NET, who, 0, 0);
        const struct column_statistics *cash =
            result_find(result, MEASURE_RETURN_CASHABLE, who, 0, 0);
        const struct column_statistics *fiscal =
            result_find(result, MEASURE_RETURN_FISCAL, who, 0, 0);
        const struct column_statistics *payback =
            result_find(result, MEASURE_PAYBACK_DISCOUNTED, who, 0, 0);
        char low[48], high[48], cells[4][48];
        format_money(low, scale, net->q025);
        format_money(high, scale, net->q975);
        format_ratio(cells[0], cash->headline);
        format_ratio(cells[1], fiscal->headline);
        payback_words(cells[2], result->plan, payback->headline, "none");
        bool doubtful = isfinite(payback->headline) && net->p_nonneg < 0.5;
        strncat(cells[2], doubtful ? "?" : "", sizeof cells[2] - strlen(cells[2]) - 1);
        (void)snprintf(cells[3], 48, isnan(result->assumption_share) ? "-" : "%.0f %%",
                       100.0 * result->assumption_share);
        put_right(out, low, 10);
        put_right(out, high, 11);
        put_right(out, cells[0], 11);
        put_right(out, cells[1], 9);
        put_right(out, cells[2], 9);
        put_right(out, cells[3], 12);
        text_append(out, "\n");
    }
    put_line(out, width);
}

/* ---- the second table: programmes x sectors ---- */

struct sector_list {
    const struct sector **sectors;
    size_t n;
};

static struct sector_list sectors_in_use(struct arena *arena, const struct report_run *run)
{
    const struct sectors *all = run->library->sectors;
    struct sector_list list = {.sectors = arena_array(arena, all->n_sectors, sizeof *list.sectors)};
    for (size_t sector = 0; sector < all->n_sectors; ++sector) {
        bool used = false;
        for (size_t i = 0; i < run->n_results; ++i) {
            used = used || run->results[i].plan->who_of_sector[sector] != SIZE_MAX;
        }
        if (used) {
            list.sectors[list.n++] = &all->sectors[sector];
        }
    }
    return list;
}

static double sector_mean(const struct scenario_result *result, const char *sector,
                          enum measure measure)
{
    const struct column_statistics *statistics =
        result->statistics != NULL ? find_statistics(result, measure, sector) : NULL;
    return statistics != NULL ? statistics->mean : (double)NAN;
}

enum { SECTOR_WIDTH = 9, SECTOR_NAME_WIDTH = 27 };

static void write_sector_block(struct text *out, const struct report_run *run,
                               const struct scale *scale, const struct sector_list *list,
                               size_t first, size_t n, enum measure measure)
{
    size_t width = SECTOR_NAME_WIDTH + n * SECTOR_WIDTH;
    put_left(out, "programme", SECTOR_NAME_WIDTH);
    for (size_t i = 0; i < n; ++i) {
        put_right(out, list->sectors[first + i]->abbreviation, SECTOR_WIDTH);
    }
    text_append(out, "\n");
    put_line(out, width);
    for (size_t r = 0; r < run->n_results; ++r) {
        put_family(out, run, r, width);
        put_name(out, run, r, SECTOR_NAME_WIDTH);
        for (size_t i = 0; i < n; ++i) {
            char cell[48];
            format_money(cell, scale,
                         sector_mean(&run->results[r], list->sectors[first + i]->id, measure));
            put_right(out, cell, SECTOR_WIDTH);
        }
        text_append(out, "\n");
    }
    put_line(out, width);
}

static void write_sector_table(struct text *out, const struct report_run *run,
                               const struct scale *scale, const struct sector_list *list,
                               size_t width, enum measure measure, const char *title)
{
    /* As many blocks as are needed, of as even a width as can be: no column stands alone. */
    size_t most = (width - SECTOR_NAME_WIDTH) / SECTOR_WIDTH;
    size_t n_blocks = list->n > 0 ? (list->n + most - 1) / most : 1;
    size_t fit = (list->n + n_blocks - 1) / n_blocks;
    text_printf(out, "\n%s, %s\n", title, scale->unit);
    for (size_t first = 0; first < list->n; first += fit) {
        size_t n = list->n - first < fit ? list->n - first : fit;
        write_sector_block(out, run, scale, list, first, n, measure);
    }
}

void write_wrapped(struct text *out, const char *words, size_t width, size_t indent)
{
    size_t column = 0;
    while (*words != '\0') {
        size_t n = strcspn(words, " ");
        char *word = memory_alloc(n + 1);
        memcpy(word, words, n);
        word[n] = '\0';
        size_t length = text_width(word);
        if (column > 0 && column + 1 + length > width) {
            text_printf(out, "\n%*s", (int)indent, "");
            column = indent;
        } else if (column > 0) {
            text_append(out, " ");
            ++column;
        }
        text_append(out, word);
        column += length;
        free(word);
        words += n + (words[n] == ' ' ? 1 : 0);
    }
    text_append(out, "\n");
}

static void write_legend(struct text *out, const struct sector_list *list, size_t width)
{
    struct text line;
    text_init(&line);
    text_append(&line, "sectors:");
    for (size_t i = 0; i < list->n; ++i) {
        text_printf(&line, " %s = %s%s", list->sectors[i]->abbreviation, list->sectors[i]->label,
                    i + 1 < list->n ? ";" : "");
    }
    write_wrapped(out, line.bytes, width, 2);
    text_clear(&line);
}

static void write_all_conventions(struct text *out, const struct report_run *run, size_t width)
{
    struct text lines;
    text_init(&lines);
    const struct scenario *first = run->results[0].plan->scenario;
    write_conventions(&lines, run, first, "");
    for (char *line = lines.bytes; line != NULL && *line != '\0';) {
        char *end = strchr(line, '\n');
        *end = '\0';
        write_wrapped(out, line, width, 2);
        line = end + 1;
    }
    text_clear(&lines);
    for (size_t i = 1; i < run->n_results; ++i) {
        const struct scenario *scenario = run->results[i].plan->scenario;
        struct text own;
        text_init(&own);
        text_printf(&own, "but %s:", scenario->id);
        if (write_convention_differences(&own, first, scenario)) {
            write_wrapped(out, own.bytes, width, 2);
        }
        text_clear(&own);
    }
}

static void write_reading_guide(struct text *out, size_t width)
{
    write_wrapped(
        out,
        "reading: net = cashable + not cashable + other value - cost, all of the perspective; for "
        "all, other value is economic and social. Cashable savings stop being spent; non-cashable "
        "ones free capacity; economic value is what households, employers and the wider economy "
        "gain, social value goes to residents (with the value of QALYs where they are monetised); "
        "neither is in a fiscal return. Levered in is outside funding, in no net. Net cash is "
        "nominal: cashable savings and transfers less cash cost. - is none of it. Returns are "
        "ratios of means: savings / (cash + redeployed + in-kind cost) of the perspective; [z] "
        "nothing invested. Payback is that of the means, ? where it is more likely than not that "
        "the cost is never made good (P(net >= 0) below .5). Variance assumed: share of the net's "
        "variance that involves assumptions. Means add over sectors; intervals do not.",
        width, 2);
}

static void write_terminal(struct text *out, const struct report_run *run, size_t width)
{
    struct arena arena;
    arena_init(&arena);
    struct scale scale = choose_scale(run);
    struct sector_list list = sectors_in_use(&arena, run);
    write_programmes(out, run, &scale, width);
    write_certainty(out, run, &scale, width);
    write_sector_table(out, run, &scale, &list, width, MEASURE_NET,
                       "Who gains and who pays: net present value by sector");
    write_sector_table(out, run, &scale, &list, width, MEASURE_NET_CASH,
                       "Cash alone: nominal net cash by sector to the horizon");
    write_leagues(out, run, width);
    if (run->plots != REPORT_PLOTS_NONE) {
        plots_programmes(out, run, width);
    }
    text_append(out, "\n");
    write_legend(out, &list, width);
    write_all_conventions(out, run, width);
    write_reading_guide(out, width);
    arena_clear(&arena);
}

/* ---- csv, json, markdown ---- */

static void write_compare_csv(struct text *out, const struct report_run *run)
{
    text_append(out, "scenario,title");
    for (size_t i = 0; i < N_COLUMNS; ++i) {
        text_printf(out, ",%s", columns[i].name);
    }
    text_append(out, ",assumption_share_of_variance\n");
    for (size_t r = 0; r < run->n_results; ++r) {
        csv_text(out, run->results[r].plan->scenario->id);
        csv_text(out, run->results[r].plan->scenario->title);
        for (size_t i = 0; i < N_COLUMNS; ++i) {
            csv_number(out, cell_value(&run->results[r], &columns[i]));
        }
        csv_number(out, run->results[r].assumption_share);
        csv_end(out);
    }
}

static void json_text(struct text *out, const char *words)
{
    text_append(out, "\"");
    for (; *words != '\0'; ++words) {
        text_append(out, *words == '"' || *words == '\\' ? "\\" : "");
        text_append_span(out, words, 1);
    }
    text_append(out, "\"");
}

static void json_value(struct text *out, double value)
{
    char number[32] = "null";
    if (isfinite(value)) {
        text_format_exact(number, value);
    }
    text_append(out, number);
}

static void write_compare_json(struct text *out, const struct report_run *run)
{
    text_append(out, "[\n");
    for (size_t r = 0; r < run->n_results; ++r) {
        text_append(out, "  {\"scenario\": ");
        json_text(out, run->results[r].plan->scenario->id);
        text_append(out, ", \"title\": ");
        json_text(out, run->results[r].plan->scenario->title);
        for (size_t i = 0; i < N_COLUMNS; ++i) {
            text_printf(out, ", \"%s\": ", columns[i].name);
            json_value(out, cell_value(&run->results[r], &columns[i]));
        }
        text_append(out, ", \"assumption_share_of_variance\": ");
        json_value(out, run->results[r].assumption_share);
        text_append(out, r + 1 < run->n_results ? "},\n" : "}\n");
    }
    text_append(out, "]\n");
}

static void write_markdown_columns(struct text *out, const struct report_run *run,
                                   const struct scale *scale, const struct column_list *list)
{
    char buffer[16];
    const char *perspective = perspective_heading(buffer, run);
    text_append(out, "| programme |");
    for (size_t i = 0; i < list->n; ++i) {
        text_printf(out, " %s %s |", list->columns[i].top,
                    heading(&list->columns[i], 1, perspective));
    }
    text_append(out, "\n|---|");
    for (size_t i = 0; i < list->n; ++i) {
        text_append(out, "---:|");
    }
    text_append(out, "\n");
    for (size_t r = 0; r < run->n_results; ++r) {
        text_printf(out, "| %s |", run->results[r].plan->scenario->id);
        for (size_t i = 0; i < list->n; ++i) {
            char cell[48];
            format_cell(cell, &run->results[r], &list->columns[i], scale);
            text_printf(out, " %s |", cell);
        }
        text_append(out, "\n");
    }
}

static void write_compare_markdown(struct text *out, const struct report_run *run)
{
    struct arena arena;
    struct scale scale = choose_scale(run);
    arena_init(&arena);
    const struct column_list own = list_columns(&arena, run, own_columns, N_OWN, 0);
    const struct column_list all = list_columns(&arena, run, all_columns, N_ALL, 0);
    text_printf(out, "For %s: present values in %s, means over draws.\n\n", perspective_label(run),
                scale.unit);
    write_markdown_columns(out, run, &scale, &own);
    text_append(out, "\nFor all partners and people:\n\n");
    write_markdown_columns(out, run, &scale, &all);
    arena_clear(&arena);
}

static void compare_programmes(struct text *out, const struct report_run *run,
                               enum report_style style, size_t width)
{
    if (run->n_results == 0) {
        return;
    }
    switch (style) {
    case REPORT_TABLE:
        write_terminal(out, run, width);
        return;
    case REPORT_CSV:
        write_compare_csv(out, run);
        return;
    case REPORT_JSON:
        write_compare_json(out, run);
        return;
    case REPORT_MARKDOWN:
        write_compare_markdown(out, run);
        return;
    }
}

/* Programmes first; health models have tables of their own, and as CSV and JSON their files. */
void report_compare(struct text *out, const struct report_run *run, enum report_style style,
                    size_t width)
{
    struct arena arena;
    arena_init(&arena);
    const struct report_run programmes = report_part(&arena, run, false);
    const struct report_run health = report_part(&arena, run, true);
    if (programmes.n_results > 0 || health.n_results == 0) {
        compare_programmes(out, &programmes, style, width);
    }
    /* One table of one form a stream: CSV and JSON of a mixed run are of the programmes, and the
     * options stand in incremental.csv. */
    bool streams = style == REPORT_TABLE || programmes.n_results == 0;
    if (health.n_results > 0 && streams) {
        text_append(out, programmes.n_results > 0 ? "\n" : "");
        report_options(out, &health, style, width);
    }
    arena_clear(&arena);
}
