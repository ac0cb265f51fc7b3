/* Who pays: the sheets Funding and Pools. */
#include "import/import_private.h"

#include <math.h>
#include <string.h>

static const double SUM_TOLERANCE = 1e-9; /* as the schema has it for shares */

struct paid {
    const char *id; /* a partner, a group of partners, or a pool */
    double share;
    struct entry payer, amount; /* where they stand */
};

struct payments {
    struct paid *items;
    size_t n_items, capacity;
    bool failed;
};

struct pool_row {
    const char *id, *label;
    struct entry entry;
    struct payments members;
};

struct pool_rows {
    struct pool_row *items;
    size_t n_items, capacity;
};

static struct pool_row *find_pool(const struct pool_rows *pools, const char *words)
{
    for (size_t i = 0; i < pools->n_items; ++i) {
        if (strcmp(pools->items[i].id, words) == 0 || strcmp(pools->items[i].label, words) == 0) {
            return &pools->items[i];
        }
    }
    return NULL;
}

static void complain_payer(const struct importer *importer, const struct entry *entry,
                           const struct pool_rows *pools, const char *words)
{
    struct arena *arena = importer->arena;
    const struct form_choices *payers = &importer->form->lists[LIST_PAYERS];
    size_t n = payers->n_items, n_pools = pools->n_items;
    const char **known = arena_array(arena, 2 * n + n_pools + 1, sizeof *known);
    for (size_t i = 0; i < n; ++i) {
        known[i] = payers->items[i].words;
        known[n + i] = payers->items[i].id;
    }
    for (size_t i = 0; i < n_pools; ++i) {
        known[2 * n + i] = pools->items[i].id;
    }
    const char *nearest = text_nearest(words, known, 2 * n + n_pools);
    entry_complain(importer, entry, DIAGNOSTIC_E927,
                   "a partner of the list, or a pool of the sheet Pools",
                   nearest != NULL ? arena_printf(arena, "did you mean \"%s\"?", nearest)
                                   : "choose one with the arrow beside the cell",
                   "found %s", sheet_show(arena, entry_cell(entry)));
}

/* The id of who pays; pools may pay into nothing but funding. */
static enum reading read_payer(const struct importer *importer, const struct entry *entry,
                               const struct pool_rows *pools, const char **id)
{
    const char *words = NULL;
    enum reading reading = entry_text(importer, entry, &words);
    if (reading != READ_GOOD) {
        return reading;
    }
    const struct pool_row *pool = find_pool(pools, words);
    const struct form_choice *choice = form_find_choice(&importer->form->lists[LIST_PAYERS], words);
    if (pool == NULL && choice == NULL) {
        complain_payer(importer, entry, pools, words);
        return READ_BAD;
    }
    *id = choice != NULL ? choice->id : pool->id;
    return READ_GOOD;
}

static bool check_share(const struct importer *importer, const struct entry *entry, double share)
{
    if (share >= 0.0 && share <= 1.0) {
        return true;
    }
    char percent[32];
    text_format_exact(percent, share / 100.0);
    entry_complain(importer, entry, DIAGNOSTIC_E926, "a share from 0 to 1",
                   share > 1.0 && share <= 100.0
                       ? arena_printf(importer->arena, "%.9g %% is %s, or typed with the sign %%",
                                      share, percent)
                       : "check the share",
                   "found %s", sheet_show(importer->arena, entry_cell(entry)));
    return false;
}

static bool is_repeated(const struct importer *importer, const struct payments *payments,
                        const struct entry *payer, const char *id)
{
    for (size_t i = 0; i < payments->n_items; ++i) {
        if (strcmp(payments->items[i].id, id) == 0) {
            char name[16];
            const struct entry *first = &payments->items[i].payer;
            sheet_cell_name(name, first->row, first->grid->columns[first->column]);
            entry_complain(importer, payer, DIAGNOSTIC_E913, "each payer once",
                           "add the two shares", "found %s, who stands in %s already",
                           sheet_show(importer->arena, entry_cell(payer)), name);
            return true;
        }
    }
    return false;
}

/* A row: both cells, or none. */
static void read_payment(const struct importer *importer, const struct entry *payer,
                         const struct pool_rows *pools, struct payments *payments)
{
    struct entry amount = entry_beside(payer, COLUMN_SHARE);
    const char *id = NULL;
    double share = 0.0;
    enum reading who = read_payer(importer, payer, pools, &id);
    enum reading what = entry_number(importer, &amount, &share);
    if (who == READ_BLANK && what == READ_BLANK) {
        return;
    }
    if (who == READ_BLANK) {
        entry_complain_blank(importer, payer, "who pays this share");
    }
    if (what == READ_BLANK) {
        entry_complain_blank(importer, &amount, "a share from 0 to 1");
    }
    bool good = who == READ_GOOD && what == READ_GOOD && check_share(importer, &amount, share) &&
                !is_repeated(importer, payments, payer, id);
    payments->failed = payments->failed || !good;
    if (good) {
        payments->items = arena_grow(importer->arena, payments->items, payments->n_items,
                                     &payments->capacity, sizeof *payments->items);
        payments->items[payments->n_items++] =
            (struct paid){.id = id, .share = share, .payer = *payer, .amount = amount};
    }
}

/* At the last of them: the sum that the sheet shows is no cell of the user's. */
static void check_sum(const struct importer *importer, struct payments *payments, const char *what)
{
    double sum = 0.0;
    if (payments->failed || payments->n_items == 0) {
        return;
    }
    for (size_t i = 0; i < payments->n_items; ++i) {
        sum += payments->items[i].share;
    }
    if (fabs(sum - 1.0) <= SUM_TOLERANCE) {
        return;
    }
    char total[32], rest[32];
    text_format_exact(total, round(sum * 1e9) / 1e9);
    text_format_exact(rest, round((1.0 - sum) * 1e9) / 1e9);
    entry_complain(importer, &payments->items[payments->n_items - 1].amount, DIAGNOSTIC_E928,
                   "shares that add up to 1", "change one of the shares; for thirds type =1/3",
                   "the %zu share%s of %s add%s up to %s: %s is missing", payments->n_items,
                   payments->n_items == 1 ? "" : "s", what, payments->n_items == 1 ? "s" : "",
                   total, rest);
    payments->failed = true;
}

/* ---- pools ---- */

static struct pool_row *read_pool(const struct importer *importer, const struct entry *entry,
                                  struct pool_rows *pools)
{
    const char *id = NULL, *label = NULL;
    struct entry name = entry_beside(entry, COLUMN_LABEL);
    if (entry_text(importer, entry, &id) != READ_GOOD) {
        return NULL;
    }
    if (!text_is_name(id)) {
        entry_complain(importer, entry, DIAGNOSTIC_E931,
                       "small letters, digits and _, beginning with a letter",
                       "write it as better_care_fund; its full name goes beside it", "found %s",
                       sheet_show(importer->arena, entry_cell(entry)));
        return NULL;
    }
    bool named = entry_text(importer, &name, &label) == READ_GOOD;
    struct pool_row *pool = find_pool(pools, id);
    if (pool == NULL) {
        pools->items = arena_grow(importer->arena, pools->items, pools->n_items, &pools->capacity,
                                  sizeof *pools->items);
        pool = &pools->items[pools->n_items++];
        *pool = (struct pool_row){.id = id, .label = id, .entry = *entry};
    }
    if (named && strcmp(pool->label, pool->id) == 0) {
        pool->label = label;
    }
    return pool;
}

static void read_pools(struct importer *importer, const struct grid *grid, struct pool_rows *pools)
{
    static const struct pool_rows none = {0};
    for (size_t row = grid->header + 1; row < grid->n_rows; ++row) {
        struct entry entry = {.grid = grid, .row = row, .column = COLUMN_POOL, .path = "pools"};
        struct entry payer = entry_beside(&entry, COLUMN_PAYER);
        struct entry share = entry_beside(&entry, COLUMN_SHARE);
        bool blank = entry_is_blank(&payer) && entry_is_blank(&share);
        if (blank && entry_is_blank(&entry)) {
            continue;
        }
        if (entry_is_blank(&entry)) {
            entry_complain_blank(importer, &entry, "the pool that this share goes into");
            continue;
        }
        struct pool_row *pool = read_pool(importer, &entry, pools);
        if (pool != NULL && blank) {
            entry_complain_blank(importer, &payer, "who puts money into the pool");
            pool->members.failed = true;
        } else if (pool != NULL) {
            read_payment(importer, &payer, &none, &pool->members);
        }
    }
    for (size_t i = 0; i < pools->n_items; ++i) {
        check_sum(importer, &pools->items[i].members,
                  arena_printf(importer->arena, "the pool %s", pools->items[i].id));
    }
}

/* ---- out ---- */

/* A stand-in where shares are wrong: never written to a file. */
static void write_shares(struct importer *importer, const struct payments *payments)
{
    struct draft_pen *pen = &importer->pen;
    if (payments->failed || payments->n_items == 0) {
        const struct form_choices *payers = &importer->form->lists[LIST_PAYERS];
        pen_printf(pen, "{ %s = 1.0; }", payers->n_items > 0 ? payers->items[0].id : "nobody");
        return;
    }
    pen_write(pen, "{ ");
    for (size_t i = 0; i < payments->n_items; ++i) {
        const struct paid *paid = &payments->items[i];
        pen_mark(pen, entry_place(importer, &paid->payer));
        pen_printf(pen, "%s = ", paid->id);
        pen_mark(pen, entry_place(importer, &paid->amount));
        pen_number(pen, paid->share);
        pen_write(pen, "; ");
    }
    pen_write(pen, "}");
}

static void write_pools(struct importer *importer, const struct pool_rows *pools)
{
    struct draft_pen *pen = &importer->pen;
    if (pools->n_items == 0) {
        return;
    }
    pen_write(pen, "  pools = {\n");
    for (size_t i = 0; i < pools->n_items; ++i) {
        const struct pool_row *pool = &pools->items[i];
        struct entry label = entry_beside(&pool->entry, COLUMN_LABEL);
        pen_write(pen, "    ");
        pen_mark(pen, entry_place(importer, &pool->entry));
        pen_printf(pen, "%s = { ", pool->id);
        pen_mark(pen, entry_place(importer, &label));
        pen_write(pen, "label = ");
        pen_quote(pen, pool->label);
        pen_write(pen, "; members = ");
        write_shares(importer, &pool->members);
        pen_write(pen, "; };\n");
    }
    pen_write(pen, "  };\n");
}

void import_funding(struct importer *importer)
{
    struct grid funding, pooled;
    struct pool_rows pools = {0};
    struct payments payments = {0};
    bool has_funding = form_grid_find(importer, FORM_FUNDING, &funding);
    if (form_grid_find(importer, FORM_POOLS, &pooled)) {
        read_pools(importer, &pooled, &pools);
    }
    for (size_t row = funding.header + 1; has_funding && row < funding.n_rows; ++row) {
        struct entry payer = {
            .grid = &funding, .row = row, .column = COLUMN_PAYER, .path = "funding"};
        read_payment(importer, &payer, &pools, &payments);
    }
    if (has_funding && payments.n_items == 0 && !payments.failed) {
        struct entry payer = {
            .grid = &funding, .row = funding.header + 1, .column = COLUMN_PAYER, .path = "funding"};
        entry_complain_blank(importer, &payer, "at least one partner, with a share");
    }
    check_sum(importer, &payments, "the funding");
    write_pools(importer, &pools);
    pen_write(&importer->pen, "  # Who pays the costs that name no payer.\n  funding = ");
    write_shares(importer, &payments);
    pen_write(&importer->pen, ";\n");
}
