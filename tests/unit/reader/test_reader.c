/* From bytes to settings: what may stand in a file, what libconfig alone would misread, and paths
 * that are no files. Codes with their exact places are in tests/invalid. */
#include "support/assert_close.h"
#include "support/memory_library.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Keys of the text are none of the schema's, which it says; values are read all the same. */
static const struct setting *parse(struct memory_library *memory, const char *text)
{
    memory_library_init(memory);
    return reader_parse(&memory->arena, &memory->diagnostics, "a.cfg", text, strlen(text))->root;
}

static void tricky_texts_keep_their_values(void **state)
{
    (void)state;
    struct memory_library memory;
    const struct setting *root =
        parse(&memory, "# comment with \"quote\n// another { \n/* a\n [ */\n"
                       "a = \"say \\\"hi\\\" // not a comment\";\n"
                       "b : 0x1F, \n"
                       "c = { d = ( 1.5, \"x\" \"y\" ); e = [ true, false ]; };\n"
                       "f = -0.25e-3;\ng = 2147483647;\nh = 3.0e9;\n");
    assert_non_null(root);
    assert_string_equal(setting_text(setting_find(root, "a"), ""), "say \"hi\" // not a comment");
    assert_true(setting_number(setting_find(root, "b"), 0.0) == 31.0);
    const struct setting *list = setting_find(setting_find(root, "c"), "d");
    assert_int_equal(list->n_children, 2);
    assert_true(list->children[0]->number == 1.5);
    assert_string_equal(list->children[1]->text, "xy");
    assert_string_equal(list->children[1]->path, "c.d[1]");
    assert_true(setting_number(setting_find(root, "f"), 0.0) == -0.00025);
    assert_true(setting_number(setting_find(root, "g"), 0.0) == 2147483647.0);
    assert_true(setting_number(setting_find(root, "h"), 0.0) == 3.0e9);
    memory_library_clear(&memory);
}

/* libconfig 1.5 wraps whole numbers beyond 32 bits without a word; here they are themselves or
 * refused. */
static void whole_numbers_are_never_wrapped(void **state)
{
    (void)state;
    struct memory_library memory;
    static const char *const texts[] = {"a = 2147483648;", "a = 3000000000;", "a = -2147483649;",
                                        "a = 4294967297;", "a = 0xFFFFFFFF;"};
    static const double values[] = {2147483648.0, 3e9, -2147483649.0, 4294967297.0, 4294967295.0};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; ++i) {
        const struct setting *root = parse(&memory, texts[i]);
        double value = setting_number(setting_find(root, "a"), NAN);
        assert_true(value == values[i] || memory_find(&memory, "E101") != NULL);
        memory_library_clear(&memory);
    }
}

static void places_count_characters(void **state)
{
    (void)state;
    struct memory_library memory;
    const struct setting *root =
        parse(&memory, "x = 1;\n  /* \xC3\xA9\xC3\xA9 */ name = { inner = 2; };\n");
    const struct setting *inner = setting_find(setting_find(root, "name"), "inner");
    assert_int_equal(inner->place.line, 2);
    assert_int_equal(inner->place.column, 21);
    assert_int_equal(inner->value_place.column, 29);
    memory_library_clear(&memory);
}

static void all_mistakes_of_a_text_are_told_at_once(void **state)
{
    (void)state;
    struct memory_library memory;
    (void)parse(&memory, "a = 1,000;\nb = 3.5%;\nc = \"open;\nd = 12.3.4;\n");
    assert_non_null(memory_find(&memory, "E106"));
    assert_non_null(memory_find(&memory, "E107"));
    assert_non_null(memory_find(&memory, "E103"));
    assert_non_null(memory_find(&memory, "E108"));
    assert_int_equal(memory.diagnostics.n_errors, 4);
    memory_library_clear(&memory);
}

static void paths_that_are_no_files_are_refused(void **state)
{
    (void)state;
    char pipe[] = "/tmp/dividend_fifo_XXXXXX";
    int descriptor = mkstemp(pipe);
    assert_true(descriptor >= 0);
    close(descriptor);
    unlink(pipe);
    assert_int_equal(mkfifo(pipe, 0600), 0);
    const char *const paths[] = {"/tmp", "/no/such/file.cfg", "/dev/null", "/dev/zero", pipe};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; ++i) {
        struct memory_library memory;
        memory_library_init(&memory);
        (void)reader_load(&memory.arena, &memory.diagnostics, paths[i]);
        assert_int_equal(memory.diagnostics.n_errors, 1);
        assert_non_null(memory_find(&memory, "E100"));
        memory_library_clear(&memory);
    }
    unlink(pipe);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(tricky_texts_keep_their_values),
                                       cmocka_unit_test(whole_numbers_are_never_wrapped),
                                       cmocka_unit_test(places_count_characters),
                                       cmocka_unit_test(all_mistakes_of_a_text_are_told_at_once),
                                       cmocka_unit_test(paths_that_are_no_files_are_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
