/* Moves split over causes: against all orders by brute force, against values known in closed form,
 * and sampled orders that add up all the same. */
#include "cause/shapley.h"
#include "support/assert_close.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_PLAYERS = 7, N_FIGURES = 3 };

/* A game by table: figures of each mixture. */
struct table {
    size_t n_players, n_asked;
    double figures[1 << MOST_PLAYERS][N_FIGURES];
    bool exchanged; /* old for new */
    size_t fails_at;
};

static enum status look_up(void *context, const bool *is_new, double *figures, struct error *error)
{
    struct table *table = context;
    size_t set = 0;
    if (++table->n_asked == table->fails_at) {
        return error_set(error, STATUS_INPUT, "a mixture that is no configuration");
    }
    for (size_t i = 0; i < table->n_players; ++i) {
        set |= is_new[i] != table->exchanged ? (size_t)1 << i : 0;
    }
    memcpy(figures, table->figures[set], sizeof table->figures[set]);
    return STATUS_OK;
}

static struct shapley_game game_of(struct table *table)
{
    return (struct shapley_game){
        .n_players = table->n_players, .n_figures = N_FIGURES, .value = look_up, .context = table};
}

/* Figures of very different sizes, as pounds and ratios are. */
static void fill(struct table *table, size_t n_players, unsigned seed)
{
    *table = (struct table){.n_players = n_players};
    srand(seed);
    for (size_t set = 0; set < (size_t)1 << n_players; ++set) {
        table->figures[set][0] = 1e9 * (double)rand() / RAND_MAX - 5e8;
        table->figures[set][1] = (double)rand() / RAND_MAX;
        table->figures[set][2] = 1e-6 * (double)rand() / RAND_MAX;
    }
}

static struct shapley_result split(struct table *table, const struct shapley_plan *plan)
{
    const struct shapley_game game = game_of(table);
    struct shapley_result result;
    struct error error = {0};
    assert_int_equal(shapley_split(&game, plan, &result, &error), STATUS_OK);
    return result;
}

/* Every order of the players, by Heap's method. */
static void each_order(size_t *order, size_t n, size_t n_players, const struct table *table,
                       double parts[N_FIGURES][MOST_PLAYERS], size_t *n_orders)
{
    if (n == 1) {
        size_t set = 0;
        ++*n_orders;
        for (size_t turn = 0; turn < n_players; ++turn) {
            size_t with = set | (size_t)1 << order[turn];
            for (size_t k = 0; k < N_FIGURES; ++k) {
                parts[k][order[turn]] += table->figures[with][k] - table->figures[set][k];
            }
            set = with;
        }
        return;
    }
    for (size_t i = 0; i < n; ++i) {
        each_order(order, n - 1, n_players, table, parts, n_orders);
        size_t other = n % 2 == 0 ? i : 0, kept = order[other];
        order[other] = order[n - 1];
        order[n - 1] = kept;
    }
}

static void assert_adds_up(const struct shapley_result *result, size_t n_players)
{
    for (size_t k = 0; k < N_FIGURES; ++k) {
        double sum = 0.0, move = result->all_new[k] - result->all_old[k];
        for (size_t i = 0; i < n_players; ++i) {
            sum += result->parts[k * n_players + i];
        }
        assert_true(fabs(sum - move) <= 1e-12 * fabs(move));
    }
}

static void all_mixtures_give_what_all_orders_give(void **state)
{
    (void)state;
    for (size_t n_players = 1; n_players <= MOST_PLAYERS; ++n_players) {
        struct table table;
        double parts[N_FIGURES][MOST_PLAYERS] = {{0}};
        size_t order[MOST_PLAYERS] = {0, 1, 2, 3, 4, 5, 6}, n_orders = 0;
        fill(&table, n_players, (unsigned)n_players);
        each_order(order, n_players, n_players, &table, parts, &n_orders);
        struct shapley_result result = split(&table, &(struct shapley_plan){.exact = true});
        assert_int_equal(result.n_mixtures, (size_t)1 << n_players);
        assert_int_equal(table.n_asked, result.n_mixtures); /* each once */
        for (size_t k = 0; k < N_FIGURES; ++k) {
            double size = k == 0 ? 1e9 : k == 1 ? 1.0 : 1e-6;
            for (size_t i = 0; i < n_players; ++i) {
                double expected = parts[k][i] / (double)n_orders;
                assert_true(fabs(result.parts[k * n_players + i] - expected) <= 1e-12 * size);
                assert_true(isnan(result.errors[k * n_players + i]));
            }
        }
        assert_adds_up(&result, n_players);
        shapley_clear(&result);
    }
}

/* v = a b with a 2 -> 3 and b 5 -> 11: of 23 a has (1 5 + 1 11) / 2 = 8, b (6 2 + 6 3) / 2 = 15. */
static void a_product_is_shared_at_the_mean_of_the_other(void **state)
{
    (void)state;
    struct table table = {.n_players = 2};
    const double products[4] = {10.0, 15.0, 22.0, 33.0};
    for (size_t set = 0; set < 4; ++set) {
        table.figures[set][0] = products[set];
    }
    struct shapley_result result = split(&table, &(struct shapley_plan){.exact = true});
    assert_true(result.parts[0] == 8.0 && result.parts[1] == 15.0);
    shapley_clear(&result);
}

static void exchanging_old_and_new_changes_every_sign(void **state)
{
    (void)state;
    const struct shapley_plan plans[] = {{.exact = true}, {.n_pairs = 3, .seed = 11}};
    for (size_t p = 0; p < 2; ++p) {
        struct table table;
        fill(&table, 6, 4);
        struct shapley_result one = split(&table, &plans[p]);
        table.exchanged = true;
        struct shapley_result other = split(&table, &plans[p]);
        for (size_t i = 0; i < 6 * N_FIGURES; ++i) {
            double size = i < 6 ? 1e9 : i < 12 ? 1.0 : 1e-6;
            assert_true(fabs(one.parts[i] + other.parts[i]) <= 1e-12 * size);
        }
        shapley_clear(&one);
        shapley_clear(&other);
    }
}

static void sampled_orders_add_up_and_come_near(void **state)
{
    (void)state;
    struct table table;
    fill(&table, 7, 9);
    struct shapley_result exact = split(&table, &(struct shapley_plan){.exact = true});
    struct shapley_result few = split(&table, &(struct shapley_plan){.n_pairs = 1, .seed = 3});
    struct shapley_result many = split(&table, &(struct shapley_plan){.n_pairs = 2000, .seed = 3});
    assert_adds_up(&few, 7);
    assert_adds_up(&many, 7);
    assert_true(few.n_mixtures <= shapley_mixtures(7, &(struct shapley_plan){.n_pairs = 1}));
    assert_true(isnan(few.errors[0]));
    for (size_t i = 0; i < 7 * N_FIGURES; ++i) {
        assert_true(many.errors[i] > 0.0);
        assert_true(fabs(many.parts[i] - exact.parts[i]) <= 5.0 * many.errors[i]);
    }
    shapley_clear(&exact);
    shapley_clear(&few);
    shapley_clear(&many);
}

static void who_changes_nothing_has_no_part(void **state)
{
    (void)state;
    struct table table;
    fill(&table, 4, 2);
    for (size_t set = 0; set < 16; ++set) {
        memcpy(table.figures[set], table.figures[set & ~(size_t)2], sizeof table.figures[set]);
    }
    struct shapley_result result = split(&table, &(struct shapley_plan){.exact = true});
    for (size_t k = 0; k < N_FIGURES; ++k) {
        assert_true(result.parts[k * 4 + 1] == 0.0);
    }
    shapley_clear(&result);
}

static void a_figure_that_a_mixture_lacks_is_not_split(void **state)
{
    (void)state;
    struct table table;
    fill(&table, 3, 5);
    table.figures[5][1] = NAN;
    struct shapley_result result = split(&table, &(struct shapley_plan){.exact = true});
    assert_true(isnan(result.parts[3]) && isnan(result.parts[4]) && isnan(result.parts[5]));
    assert_true(isfinite(result.parts[0]) && isfinite(result.parts[6]));
    shapley_clear(&result);
}

static void a_mixture_that_fails_fails_the_split(void **state)
{
    (void)state;
    for (size_t at = 1; at <= 8; ++at) {
        struct table table;
        struct shapley_result result;
        struct error error = {0};
        fill(&table, 3, 5);
        table.fails_at = at;
        const struct shapley_game game = game_of(&table);
        assert_int_equal(
            shapley_split(&game, &(struct shapley_plan){.exact = true}, &result, &error),
            STATUS_INPUT);
        assert_null(result.parts);
    }
}

static void nobody_is_no_game(void **state)
{
    (void)state;
    struct table table = {.n_players = 0};
    struct shapley_result result = split(&table, &(struct shapley_plan){.exact = true});
    assert_true(result.all_old[0] == result.all_new[0]);
    shapley_clear(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_mixtures_give_what_all_orders_give),
        cmocka_unit_test(a_product_is_shared_at_the_mean_of_the_other),
        cmocka_unit_test(exchanging_old_and_new_changes_every_sign),
        cmocka_unit_test(sampled_orders_add_up_and_come_near),
        cmocka_unit_test(who_changes_nothing_has_no_part),
        cmocka_unit_test(a_figure_that_a_mixture_lacks_is_not_split),
        cmocka_unit_test(a_mixture_that_fails_fails_the_split),
        cmocka_unit_test(nobody_is_no_game),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
