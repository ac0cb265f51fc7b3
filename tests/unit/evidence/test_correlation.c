/* Correlations: rank to normal scores, factors, repair, and the index of Sobol dimensions. */
#include "evidence/correlation.h"
#include "evidence/dimension.h"
#include "support/assert_close.h"
#include "support/memory_library.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void rank_correlations_become_those_of_normal_scores(void **state)
{
    (void)state;
    for (int i = -20; i <= 20; ++i) {
        double rank = 0.05 * i;
        assert_true(fabs(correlation_from_rank(rank) - 2.0 * sin(acos(-1.0) * rank / 6.0)) < 4e-16);
    }
}

static void a_factor_gives_its_matrix_back(void **state)
{
    (void)state;
    static const double m[9] = {1.0, 0.6, -0.2, 0.6, 1.0, 0.3, -0.2, 0.3, 1.0};
    double factor[9];
    assert_true(correlation_factorise(3, m, 1e-9, factor));
    for (size_t i = 0; i < 3; ++i) {
        for (size_t j = 0; j < 3; ++j) {
            double sum = 0.0;
            for (size_t k = 0; k < 3; ++k) {
                sum += factor[i * 3 + k] * factor[j * 3 + k];
            }
            assert_true(fabs(sum - m[i * 3 + j]) < 1e-15);
            assert_true(j <= i || factor[i * 3 + j] == 0.0);
        }
    }
}

/* Three variables with r = -0.9 each: eigenvalues 1.9, 1.9 and -0.8. The nearest by clipping has r
 * = -0.5. */
static void an_impossible_matrix_is_repaired(void **state)
{
    (void)state;
    static const double m[9] = {1.0, -0.9, -0.9, -0.9, 1.0, -0.9, -0.9, -0.9, 1.0};
    double factor[9], repaired[9];
    assert_false(correlation_factorise(3, m, 1e-9, factor));
    double change = correlation_repair(3, m, 1e-8, repaired);
    assert_true(fabs(change - 0.4) < 1e-7);
    for (size_t i = 0; i < 9; ++i) {
        assert_true(fabs(repaired[i] - (i % 4 == 0 ? 1.0 : -0.5)) < 1e-7);
    }
    assert_true(correlation_factorise(3, repaired, 0.0, factor));
}

static void a_sound_matrix_is_left_as_it_is(void **state)
{
    (void)state;
    static const double m[4] = {1.0, 0.3, 0.3, 1.0};
    double repaired[4];
    assert_true(correlation_repair(2, m, 1e-8, repaired) < 1e-14);
}

/* ---- the index ---- */

struct index_case {
    struct memory_library memory;
    struct document document[2];
};

static const struct dimensions *read_index(struct index_case *test, const char *first,
                                           const char *second)
{
    memory_library_init(&test->memory);
    const char *texts[] = {first, second};
    for (size_t i = 0; i < 2 && texts[i] != NULL; ++i) {
        test->document[i] =
            (struct document){.file = i == 0 ? "models/dimensions.csv" : "layer/dimensions.csv",
                              .bytes = texts[i],
                              .n_bytes = strlen(texts[i])};
        test->memory.documents[test->memory.n_documents++] =
            (struct layered_document){.document = &test->document[i], .layer = i};
    }
    return dimensions_read(&test->memory.arena, test->memory.documents, test->memory.n_documents,
                           &test->memory.diagnostics);
}

static void identities_find_their_dimensions_over_all_layers(void **state)
{
    (void)state;
    struct index_case test;
    const struct dimensions *index =
        read_index(&test, "dimension,identity\n2,b.c\r\n1,a\n3,input:model.eligible\n",
                   "dimension,identity\n1024,own.item\n");
    assert_int_equal(test.memory.diagnostics.n_items, 0);
    assert_int_equal(dimension_of(index, "a"), 1);
    assert_int_equal(dimension_of(index, "b.c"), 2);
    assert_int_equal(dimension_of(index, "input:model.eligible"), 3);
    assert_int_equal(dimension_of(index, "own.item"), 1024);
    assert_int_equal(dimension_of(index, "b"), 0);
    assert_int_equal(dimension_of(NULL, "a"), 0);
    memory_library_clear(&test.memory);
}

static void assert_complains(const char *first, const char *second, const char *code, int line)
{
    struct index_case test;
    (void)read_index(&test, first, second);
    assert_int_equal(test.memory.diagnostics.n_errors, 1);
    assert_string_equal(diagnostic_code_name(test.memory.diagnostics.items[0].code), code);
    assert_int_equal(test.memory.diagnostics.items[0].place.line, line);
    memory_library_clear(&test.memory);
}

static void mistakes_of_an_index_are_named(void **state)
{
    (void)state;
    assert_complains("number,name\n1,a\n", NULL, "E480", 1);
    assert_complains("dimension,identity\n0,a\n", NULL, "E480", 2);
    assert_complains("dimension,identity\n1,a\n2049,b\n", NULL, "E480", 3);
    assert_complains("dimension,identity\n1,a\nx,b\n", NULL, "E480", 3);
    assert_complains("dimension,identity\n1\n", NULL, "E480", 2);
    assert_complains("dimension,identity\n1,\n", NULL, "E480", 2);
    assert_complains("dimension,identity\n1,A b\n", NULL, "E480", 2);
    assert_complains("dimension,identity\n99999999999999999999,a\n", NULL, "E480", 2);
    assert_complains("dimension,identity\n1,a\n1,b\n", NULL, "E481", 3);
    assert_complains("dimension,identity\n1,a\n2,a\n", NULL, "E481", 3);
    assert_complains("dimension,identity\n1,a\n", "dimension,identity\n1,b\n", "E481", 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rank_correlations_become_those_of_normal_scores),
        cmocka_unit_test(a_factor_gives_its_matrix_back),
        cmocka_unit_test(an_impossible_matrix_is_repaired),
        cmocka_unit_test(a_sound_matrix_is_left_as_it_is),
        cmocka_unit_test(identities_find_their_dimensions_over_all_layers),
        cmocka_unit_test(mistakes_of_an_index_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
