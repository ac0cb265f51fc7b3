#include "cause/shapley.h"

#include "base/arena.h"
#include "base/text.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Mixtures looked at, found again by who is new in them. */
struct memory {
    const struct shapley_game *game;
    bool *players;   /* [n][n_players] */
    double *figures; /* [n][n_figures] */
    size_t n, capacity;
    size_t *slots; /* index + 1; 0 free */
    size_t n_slots;
};

static void memory_start(struct memory *memory, const struct shapley_game *game)
{
    *memory = (struct memory){.game = game, .n_slots = 64};
    memory->slots = memory_array(memory->n_slots, sizeof *memory->slots);
}

static void memory_end(struct memory *memory)
{
    free(memory->players);
    free(memory->figures);
    free(memory->slots);
}

static size_t find_slot(const struct memory *memory, const bool *players)
{
    size_t n_players = memory->game->n_players;
    size_t at = (size_t)text_hash(players, n_players * sizeof *players, TEXT_HASH_START);
    for (at %= memory->n_slots; memory->slots[at] != 0; at = (at + 1) % memory->n_slots) {
        assert(memory->players != NULL); /* a slot that is used has a mixture */
        const bool *known = memory->players + (memory->slots[at] - 1) * n_players;
        if (memcmp(known, players, n_players * sizeof *players) == 0) {
            break;
        }
    }
    return at;
}

static void grow(struct memory *memory)
{
    const struct shapley_game *game = memory->game;
    if (memory->n == memory->capacity) {
        memory->capacity = memory->capacity == 0 ? 32 : 2 * memory->capacity;
        memory->players = memory_realloc(memory->players,
                                         memory->capacity * (game->n_players + 1) * sizeof(bool));
        memory->figures = memory_realloc(memory->figures,
                                         memory->capacity * (game->n_figures + 1) * sizeof(double));
    }
    if (2 * (memory->n + 1) > memory->n_slots) {
        free(memory->slots);
        memory->n_slots *= 2;
        memory->slots = memory_array(memory->n_slots, sizeof *memory->slots);
        for (size_t i = 0; i < memory->n; ++i) {
            memory->slots[find_slot(memory, memory->players + i * game->n_players)] = i + 1;
        }
    }
}

/* *index of the mixture, which is asked for where it is not known yet. */
static enum status look_at(struct memory *memory, const bool *players, size_t *index,
                           struct error *error)
{
    const struct shapley_game *game = memory->game;
    size_t slot = find_slot(memory, players);
    if (memory->slots[slot] == 0) {
        grow(memory);
        slot = find_slot(memory, players);
        memcpy(memory->players + memory->n * game->n_players, players,
               game->n_players * sizeof *players);
        TRY(game->value(game->context, players, memory->figures + memory->n * game->n_figures,
                        error));
        memory->slots[slot] = ++memory->n;
    }
    *index = memory->slots[slot] - 1;
    return STATUS_OK;
}

static const double *figures_of(const struct memory *memory, size_t index)
{
    return memory->figures + index * memory->game->n_figures;
}

/* ---- all mixtures ---- */

/* |S|! (n - |S| - 1)! / n! for each size of S. */
static void weigh(double *weights, size_t n_players)
{
    double weight = 1.0 / (double)n_players;
    for (size_t size = 0; size < n_players; ++size) {
        weights[size] = weight;
        weight *=
            (double)(size + 1) / (double)(n_players - size - 1 > 0 ? n_players - size - 1 : 1);
    }
}

static enum status look_at_all(struct memory *memory, size_t *at, struct error *error)
{
    bool players[SHAPLEY_MOST_EXACT];
    size_t n_players = memory->game->n_players;
    for (size_t set = 0; set < (size_t)1 << n_players; ++set) {
        for (size_t i = 0; i < n_players; ++i) {
            players[i] = ((set >> i) & 1) != 0;
        }
        TRY(look_at(memory, players, &at[set], error));
    }
    return STATUS_OK;
}

static void add_up(const struct memory *memory, const size_t *at, struct shapley_result *result)
{
    size_t n_players = memory->game->n_players, n_figures = memory->game->n_figures;
    double weights[SHAPLEY_MOST_EXACT];
    weigh(weights, n_players);
    for (size_t set = 0; set < (size_t)1 << n_players; ++set) {
        size_t size = (size_t)__builtin_popcountll((unsigned long long)set);
        for (size_t i = 0; i < n_players; ++i) {
            size_t with = set | (size_t)1 << i;
            const double *before = figures_of(memory, at[set]),
                         *after = figures_of(memory, at[with]);
            for (size_t k = 0; set != with && k < n_figures; ++k) {
                result->parts[k * n_players + i] += weights[size] * (after[k] - before[k]);
            }
        }
    }
}

static enum status split_exactly(struct memory *memory, struct shapley_result *result,
                                 struct error *error)
{
    size_t *at = memory_array((size_t)1 << memory->game->n_players, sizeof *at);
    enum status status = look_at_all(memory, at, error);
    if (status == STATUS_OK) {
        add_up(memory, at, result);
    }
    free(at);
    return status;
}

/* ---- random orders ---- */

/* SplitMix64: of the orders alone, never of a draw. */
static uint64_t next_number(uint64_t *state)
{
    uint64_t number = *state += UINT64_C(0x9E3779B97F4A7C15);
    number = (number ^ (number >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    number = (number ^ (number >> 27)) * UINT64_C(0x94D049BB133111EB);
    return number ^ (number >> 31);
}

static void shuffle(size_t *order, size_t n, uint64_t *state)
{
    for (size_t i = 0; i < n; ++i) {
        order[i] = i;
    }
    for (size_t left = n; left > 1; --left) {
        size_t chosen = (size_t)(next_number(state) % left), kept = order[left - 1];
        order[left - 1] = order[chosen];
        order[chosen] = kept;
    }
}

/* One order: each player's part is what its turn changes. Adds half of it to `pair`. */
static enum status walk(struct memory *memory, const size_t *order, bool backwards, bool *players,
                        double *pair, struct error *error)
{
    size_t n_players = memory->game->n_players, before = 0, after = 0;
    memset(players, 0, n_players * sizeof *players);
    TRY(look_at(memory, players, &before, error));
    for (size_t turn = 0; turn < n_players; ++turn) {
        size_t player = order[backwards ? n_players - 1 - turn : turn];
        players[player] = true;
        TRY(look_at(memory, players, &after, error));
        for (size_t k = 0; k < memory->game->n_figures; ++k) {
            pair[k * n_players + player] +=
                0.5 * (figures_of(memory, after)[k] - figures_of(memory, before)[k]);
        }
        before = after;
    }
    return STATUS_OK;
}

/* Mean and squared deviations of a further pair (Welford). */
static void add_pair(struct shapley_result *result, const double *pair, size_t n_cells,
                     size_t n_pairs)
{
    for (size_t i = 0; i < n_cells; ++i) {
        double from_old = pair[i] - result->parts[i];
        result->parts[i] += from_old / (double)n_pairs;
        result->errors[i] += from_old * (pair[i] - result->parts[i]);
    }
}

static enum status split_by_orders(struct memory *memory, const struct shapley_plan *plan,
                                   struct shapley_result *result, struct error *error)
{
    size_t n_players = memory->game->n_players, n_cells = n_players * memory->game->n_figures;
    size_t *order = memory_array(n_players, sizeof *order);
    bool *players = memory_array(n_players, sizeof *players);
    double *pair = memory_array(n_cells + 1, sizeof *pair);
    uint64_t state = plan->seed;
    enum status status = STATUS_OK;
    memset(result->errors, 0, n_cells * sizeof *result->errors);
    for (size_t i = 0; status == STATUS_OK && i < plan->n_pairs; ++i) {
        shuffle(order, n_players, &state);
        memset(pair, 0, n_cells * sizeof *pair);
        status = walk(memory, order, false, players, pair, error);
        if (status == STATUS_OK) {
            status = walk(memory, order, true, players, pair, error);
        }
        add_pair(result, pair, n_cells, i + 1);
    }
    double n = (double)plan->n_pairs;
    for (size_t i = 0; i < n_cells; ++i) {
        result->errors[i] =
            plan->n_pairs > 1 ? sqrt(result->errors[i] / (n - 1.0) / n) : (double)NAN;
    }
    free(order);
    free(players);
    free(pair);
    return status;
}

/* ---- both ---- */

size_t shapley_mixtures(size_t n_players, const struct shapley_plan *plan)
{
    if (plan->exact) {
        return n_players < 8 * sizeof(size_t) - 1 ? (size_t)1 << n_players : SIZE_MAX;
    }
    return n_players > 1 ? 2 + 2 * plan->n_pairs * (n_players - 1) : 2;
}

static enum status look_at_ends(struct memory *memory, struct shapley_result *result,
                                struct error *error)
{
    size_t n_players = memory->game->n_players, n_figures = memory->game->n_figures, at = 0;
    bool *players = memory_array(n_players + 1, sizeof *players);
    enum status status = look_at(memory, players, &at, error);
    if (status == STATUS_OK && n_figures > 0) {
        memcpy(result->all_old, figures_of(memory, at), n_figures * sizeof(double));
    }
    for (size_t i = 0; i < n_players; ++i) {
        players[i] = true;
    }
    if (status == STATUS_OK) {
        status = look_at(memory, players, &at, error);
    }
    if (status == STATUS_OK && n_figures > 0) {
        memcpy(result->all_new, figures_of(memory, at), n_figures * sizeof(double));
    }
    free(players);
    return status;
}

/* Sums of many terms end some bits beside the move: the largest part takes what is left over. */
static void close_gap(double *parts, size_t n, double move)
{
    size_t largest = 0;
    for (size_t i = 1; i < n; ++i) {
        largest = fabs(parts[i]) > fabs(parts[largest]) ? i : largest;
    }
    for (size_t again = 0; n > 0 && again < 4; ++again) {
        double sum = 0.0;
        for (size_t i = 0; i < n; ++i) {
            sum += parts[i];
        }
        parts[largest] += move - sum;
    }
}

static bool is_complete(const struct memory *memory, size_t figure)
{
    bool complete = true;
    for (size_t i = 0; i < memory->n; ++i) {
        complete = complete && isfinite(figures_of(memory, i)[figure]);
    }
    return complete;
}

static void finish(const struct memory *memory, struct shapley_result *result)
{
    size_t n_players = memory->game->n_players;
    for (size_t k = 0; k < memory->game->n_figures; ++k) {
        double *parts = result->parts + k * n_players;
        if (is_complete(memory, k)) {
            close_gap(parts, n_players, result->all_new[k] - result->all_old[k]);
        } else {
            for (size_t i = 0; i < n_players; ++i) {
                parts[i] = result->errors[k * n_players + i] = NAN;
            }
        }
    }
    result->n_mixtures = memory->n;
}

enum status shapley_split(const struct shapley_game *game, const struct shapley_plan *plan,
                          struct shapley_result *result, struct error *error)
{
    size_t n_cells = game->n_players * game->n_figures;
    struct memory memory;
    assert(!plan->exact || game->n_players <= SHAPLEY_MOST_EXACT);
    assert(plan->exact || (plan->n_pairs >= 1 && plan->n_pairs <= SHAPLEY_MOST_PAIRS));
    *result = (struct shapley_result){
        .parts = memory_array(n_cells + 1, sizeof *result->parts),
        .errors = memory_array(n_cells + 1, sizeof *result->errors),
        .all_old = memory_array(game->n_figures + 1, sizeof *result->all_old),
        .all_new = memory_array(game->n_figures + 1, sizeof *result->all_new)};
    for (size_t i = 0; i < n_cells; ++i) {
        result->errors[i] = NAN;
    }
    memory_start(&memory, game);
    enum status status = look_at_ends(&memory, result, error);
    if (status == STATUS_OK && game->n_players > 0) {
        status = plan->exact ? split_exactly(&memory, result, error)
                             : split_by_orders(&memory, plan, result, error);
    }
    if (status == STATUS_OK) {
        finish(&memory, result);
    }
    memory_end(&memory);
    if (status != STATUS_OK) {
        shapley_clear(result);
    }
    return status;
}

void shapley_clear(struct shapley_result *result)
{
    free(result->parts);
    free(result->errors);
    free(result->all_old);
    free(result->all_new);
    *result = (struct shapley_result){0};
}
