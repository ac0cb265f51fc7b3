/* `dividend evidence outdated` and `dividend evidence compare A B`: which evidence has been
 * overtaken, what differs between two versions of it, and which scenarios stand on that. */
#include "batch/batch_private.h"
#include "evidence/comparison.h"
#include "plan/plan.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

static const struct place no_place = {0};

/* ---- who uses what ---- */

struct users {
    const struct library *library;
    const struct plan *const *plans; /* [n_plans] */
    size_t n_plans;
};

/* Instances of one file stand together, and count once. */
static const char *name_of(const struct plan *plan)
{
    const struct scenario *scenario = plan->scenario;
    return scenario->family != NULL ? scenario->family : scenario->id;
}

static const struct plan_use *find_use(const struct plan *plan, const char *identity)
{
    for (size_t i = 0; i < plan->n_uses; ++i) {
        const struct parameter *parameter = plan->uses[i].parameter;
        if (parameter != NULL && strcmp(parameter->identity, identity) == 0) {
            return &plan->uses[i];
        }
    }
    return NULL;
}

/* Scenarios that draw the item as it stands or, with `overridden`, a value of their own in its
 * place; blanks between them. NULL none. */
static const char *users_of(struct session *session, const struct users *users,
                            const char *identity, bool overridden, size_t *n_users)
{
    const char *words = NULL, *last = NULL;
    *n_users = 0;
    for (size_t i = 0; i < users->n_plans; ++i) {
        const struct plan_use *use = find_use(users->plans[i], identity);
        const char *name = name_of(users->plans[i]);
        bool again = last != NULL && strcmp(last, name) == 0;
        if (use != NULL && (use->override != NULL) == overridden && !again) {
            words = words == NULL ? name : arena_printf(&session->arena, "%s %s", words, name);
            last = name;
            ++*n_users;
        }
    }
    return words;
}

/* Plans of the scenarios of the PATHs; of scenarios/ where there is one and no path was given. */
static bool read_users(struct session *session, struct users *users)
{
    bool looks = session->options.words.n_items > 0 || path_is_directory("scenarios");
    *users = (struct users){.library = session_load(session, looks)};
    if (users->library == NULL) {
        return false;
    }
    size_t n = users->library->n_all_scenarios;
    const struct plan **plans = arena_array(&session->arena, n + 1, sizeof(const struct plan *));
    if (!session_plans(session, users->library, users->library->all_scenarios, n, plans)) {
        return false;
    }
    users->plans = plans;
    users->n_plans = n;
    return true;
}

static const char *place_words(struct session *session, const struct setting *setting)
{
    return setting == NULL
               ? NULL
               : arena_printf(&session->arena, "%s:%d", setting->place.file, setting->place.line);
}

static bool is_for_people(const struct session *session)
{
    return session->options.format == FORMAT_TABLE || session->options.format == FORMAT_MD;
}

/* A paragraph below a table: broken at blanks on a terminal, one line in markdown. */
static void write_paragraph(struct session *session, const char *words)
{
    size_t width = terminal_width(session), column = 0;
    bool breaks = session->options.format == FORMAT_TABLE;
    for (const char *at = words; *at != '\0';) {
        size_t length = strcspn(at, " ");
        size_t n_characters = text_width(arena_copy_span(&session->arena, at, length));
        if (breaks && column > 0 && column + 1 + n_characters > width) {
            text_append(&session->out, "\n");
            column = 0;
        }
        if (column > 0) {
            text_append(&session->out, " ");
            column++;
        }
        text_append_span(&session->out, at, length);
        column += n_characters;
        at += length;
        at += strspn(at, " ");
    }
    text_append(&session->out, session->options.format == FORMAT_MD ? "\n\n" : "\n");
}

/* ---- outdated ---- */

static int months_of(const char *month)
{
    return 12 * (int)strtol(month, NULL, 10) + (int)strtol(month + 5, NULL, 10) - 1;
}

/* --as-of, else this month. */
static const char *month_asked(struct session *session)
{
    if (session->options.as_of != NULL) {
        return session->options.as_of;
    }
    time_t now = time(NULL);
    struct tm day = {0};
    (void)gmtime_r(&now, &day);
    return arena_printf(&session->arena, "%04d-%02d", day.tm_year + 1900, day.tm_mon + 1);
}

struct outdated {
    struct listing listing;
    size_t n_items, n_past_review, n_superseded, n_used, n_undated;
    const char **reasons; /* one line for each succession */
    size_t n_reasons, reasons_capacity;
};

enum {
    OUTDATED_ID,
    OUTDATED_WHY,
    OUTDATED_REVIEW_BY,
    OUTDATED_SOURCE,
    OUTDATED_SUPERSEDED_BY,
    OUTDATED_USED_BY,
    OUTDATED_AS_OF,
    OUTDATED_BECAUSE,
    OUTDATED_OVERRIDDEN_IN,
    OUTDATED_VERSION,
    OUTDATED_GRADE,
    OUTDATED_OWNER,
    OUTDATED_LABEL,
    OUTDATED_PLACE,
    N_OUTDATED
};

static void note_reason(struct session *session, struct outdated *outdated, const char *reason)
{
    for (size_t i = 0; i < outdated->n_reasons; ++i) {
        if (strcmp(outdated->reasons[i], reason) == 0) {
            return;
        }
    }
    outdated->reasons = arena_grow(&session->arena, (void *)outdated->reasons, outdated->n_reasons,
                                   &outdated->reasons_capacity, sizeof *outdated->reasons);
    outdated->reasons[outdated->n_reasons++] = reason;
}

static void judge_item(struct session *session, const struct users *users, const char *as_of,
                       const struct parameter *parameter, struct outdated *outdated)
{
    const struct supersession *why = NULL;
    const struct source *successor = evidence_successor(users->library->evidence, parameter, &why);
    bool past = parameter->review_by != NULL && strlen(parameter->review_by) == 7 &&
                months_of(parameter->review_by) < months_of(as_of);
    outdated->n_undated += parameter->review_by == NULL ? 1 : 0;
    if (!past && successor == NULL) {
        return;
    }
    size_t n_users = 0, n_overridden = 0;
    const char **row = listing_add_row(session, &outdated->listing);
    row[OUTDATED_ID] = parameter->identity;
    row[OUTDATED_WHY] = !past               ? "source superseded"
                        : successor == NULL ? "review date passed"
                                            : "source superseded, review date passed";
    row[OUTDATED_REVIEW_BY] = parameter->review_by;
    row[OUTDATED_SOURCE] = parameter->source_id;
    row[OUTDATED_SUPERSEDED_BY] = successor != NULL ? successor->id : NULL;
    row[OUTDATED_USED_BY] = users_of(session, users, parameter->identity, false, &n_users);
    row[OUTDATED_AS_OF] = as_of;
    row[OUTDATED_BECAUSE] = why != NULL ? why->because : NULL;
    row[OUTDATED_OVERRIDDEN_IN] =
        users_of(session, users, parameter->identity, true, &n_overridden);
    row[OUTDATED_VERSION] = parameter->version;
    row[OUTDATED_GRADE] = arena_printf(&session->arena, "%d", parameter->grade);
    row[OUTDATED_OWNER] = parameter->owner;
    row[OUTDATED_LABEL] = parameter->label;
    row[OUTDATED_PLACE] = place_words(session, parameter->setting);
    outdated->n_items++;
    outdated->n_past_review += past ? 1 : 0;
    outdated->n_superseded += successor != NULL ? 1 : 0;
    outdated->n_used += n_users > 0 ? 1 : 0;
    if (successor != NULL && why != NULL) {
        note_reason(session, outdated,
                    arena_printf(&session->arena, "%s takes the place of %s: %s.", successor->id,
                                 parameter->source_id, why->because));
    }
}

/* What the rows come to, in words; on standard error where the rows are for machines. */
static void say_outdated(struct session *session, const struct outdated *outdated,
                         const struct users *users, const char *as_of)
{
    const char *clock = session->options.as_of == NULL ? " (this month, by the clock)" : "";
    struct text words;
    text_init(&words);
    text_printf(&words, "As of %s%s: ", as_of, clock);
    if (outdated->n_items == 0) {
        text_append(&words, "no evidence is outdated.");
    } else {
        text_printf(&words,
                    "%zu of %zu evidence items %s outdated, %zu with a superseded source, "
                    "%zu past review; ",
                    outdated->n_items, users->library->evidence->n_parameters,
                    outdated->n_items == 1 ? "is" : "are", outdated->n_superseded,
                    outdated->n_past_review);
        if (users->n_plans == 0) {
            text_append(&words, "no scenarios were looked at.");
        } else {
            text_printf(&words, "%zu %s used by a scenario as it stands.", outdated->n_used,
                        outdated->n_used == 1 ? "is" : "are");
        }
    }
    if (outdated->n_undated > 0) {
        text_printf(&words, " %zu item%s no review date.", outdated->n_undated,
                    outdated->n_undated == 1 ? " has" : "s have");
    }
    if (is_for_people(session)) {
        text_append(&session->out, outdated->n_items > 0 ? "\n" : "");
        for (size_t i = 0; i < outdated->n_reasons; ++i) {
            write_paragraph(session, outdated->reasons[i]);
        }
        write_paragraph(session, words.bytes);
    } else if (!session->options.quiet) {
        terminal_say("%s", words.bytes);
    }
    text_clear(&words);
}

static int evidence_outdated(struct session *session)
{
    static const char *const names[N_OUTDATED] = {
        "id",      "why",           "review_by", "source", "superseded_by", "used_by", "as_of",
        "because", "overridden_in", "version",   "grade",  "owner",         "label",   "place"};
    static const char *const labels[N_OUTDATED] = {
        "Evidence", "Why",           "Review by", "Source", "Superseded by", "Used by", "As of",
        "Because",  "Overridden in", "Version",   "Grade",  "Owner",         "Label",   "Place"};
    static const bool numbers[N_OUTDATED] = {[OUTDATED_GRADE] = true};
    struct users users;
    if (!read_users(session, &users)) {
        return EXIT_BAD_INPUT;
    }
    struct outdated outdated = {.listing = {.names = names,
                                            .labels = labels,
                                            .is_number = numbers,
                                            .n_columns = N_OUTDATED,
                                            .n_shown = OUTDATED_USED_BY + 1}};
    const char *as_of = month_asked(session);
    for (size_t i = 0; i < users.library->evidence->n_parameters; ++i) {
        judge_item(session, &users, as_of, users.library->evidence->parameters[i], &outdated);
    }
    if (outdated.n_items > 0 || !is_for_people(session)) {
        listing_write(&session->out, &outdated.listing, session->options.format,
                      terminal_width(session));
    }
    say_outdated(session, &outdated, &users, as_of);
    bool fails =
        session->options.strict && (users.n_plans > 0 ? outdated.n_used > 0 : outdated.n_items > 0);
    return fails ? EXIT_EXPECTATION_FAILED : EXIT_DONE;
}

/* ---- compare ---- */

/* Is there `replaces_because` in the group or below? Then its folder or file is a layer. */
static bool holds_replacement(const struct setting *group)
{
    for (size_t i = 0; group != NULL && i < group->n_children; ++i) {
        const struct setting *child = group->children[i];
        bool here = child->name != NULL && strcmp(child->name, "replaces_because") == 0;
        if (here || (setting_is_group(child) && holds_replacement(child))) {
            return true;
        }
    }
    return false;
}

/* Looks at one side alone: whether it has evidence or sources at all, and whether it is a layer. */
static bool look_at(struct session *session, const char *path, bool *is_layer)
{
    size_t n_errors = session->diagnostics.n_errors, n_documents = 0;
    if (!path_exists(path)) {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E972, no_place, NULL,
                        "a folder of models, or a file with evidence or sources", NULL,
                        "`%s` does not exist", path);
        return false;
    }
    const struct layered_document *documents =
        library_documents_of(&session->arena, &path, 1, &session->diagnostics, &n_documents);
    bool holds = false;
    *is_layer = false;
    for (size_t i = 0; i < n_documents; ++i) {
        const struct setting *root = documents[i].document->root;
        const struct setting *evidence = setting_find(root, "evidence");
        const struct setting *sources = setting_find(root, "sources");
        holds = holds || evidence != NULL || sources != NULL;
        *is_layer = *is_layer || holds_replacement(evidence) || holds_replacement(sources);
    }
    if (!holds && session->diagnostics.n_errors == n_errors) {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E972, no_place, NULL,
                        "a folder of models, or a file with evidence or sources", NULL,
                        "`%s` has neither evidence nor sources", path);
    }
    return session->diagnostics.n_errors == n_errors;
}

static const struct evidence *read_side(struct session *session, const struct word_list *paths)
{
    size_t n_errors = session->diagnostics.n_errors, n_documents = 0;
    const struct layered_document *documents = library_documents_of(
        &session->arena, paths->items, paths->n_items, &session->diagnostics, &n_documents);
    const struct evidence *evidence =
        evidence_read(&session->arena, documents, n_documents, &session->diagnostics);
    return session->diagnostics.n_errors > n_errors ? NULL : evidence;
}

struct sides {
    const struct evidence *earlier, *later;
    const char *words; /* what is compared with what */
    bool over_models;  /* the later is a layer over the models that scenarios stand on */
};

static bool is_same_folder(const char *left, const char *right)
{
    struct stat a, b;
    return stat(left, &a) == 0 && stat(right, &b) == 0 && a.st_dev == b.st_dev &&
           a.st_ino == b.st_ino;
}

static bool is_in_use(struct session *session, const char *path)
{
    struct library_request request = {0};
    bool found = false;
    (void)paths_models(session, &request);
    for (size_t i = 0; i < request.n_model_directories; ++i) {
        found = found || is_same_folder(request.model_directories[i], path);
    }
    return found;
}

/* Scenarios are read with the later evidence: a layer may hold what they name. */
static void stand_on_later(struct session *session, const struct sides *sides, const char *later)
{
    if (sides->over_models && path_is_directory(later) && !is_in_use(session, later)) {
        word_list_add(session, &session->options.models, later);
    }
}

/* A layer (replaces_because) lies over what it replaces: the later over the earlier; where the
 * earlier is a layer itself, both over the models in use. */
static bool read_sides(struct session *session, const char *earlier, const char *later,
                       struct sides *sides)
{
    bool is_layer[2] = {false, false};
    bool good = look_at(session, earlier, &is_layer[0]);
    good = look_at(session, later, &is_layer[1]) && good;
    struct library_request request = {0};
    if (!good || (is_layer[0] && !paths_models(session, &request))) {
        return false;
    }
    struct word_list paths[2] = {{0}, {0}};
    for (size_t side = 0; side < 2; ++side) {
        for (size_t i = 0; is_layer[0] && is_layer[side] && i < request.n_model_directories; ++i) {
            word_list_add(session, &paths[side], request.model_directories[i]);
        }
    }
    if (is_layer[1] && !is_layer[0]) {
        word_list_add(session, &paths[1], earlier);
    }
    word_list_add(session, &paths[0], earlier);
    word_list_add(session, &paths[1], later);
    sides->words = arena_printf(&session->arena, "Evidence: `%s`%s, then `%s`%s", earlier,
                                is_layer[0] ? " over the models" : "", later,
                                !is_layer[1]  ? ""
                                : is_layer[0] ? " over the models"
                                              : " laid over it");
    sides->over_models = is_layer[1] && (is_layer[0] || is_in_use(session, earlier));
    sides->earlier = read_side(session, &paths[0]);
    sides->later = sides->earlier != NULL ? read_side(session, &paths[1]) : NULL;
    return sides->later != NULL;
}

/* Numbers of more than six figures with four, for the eye. */
static const char *shorten(struct session *session, const char *words)
{
    struct text out;
    if (words == NULL) {
        return NULL;
    }
    text_init(&out);
    for (const char *at = words; *at != '\0';) {
        bool starts = isdigit((unsigned char)*at) &&
                      (at == words || !(isalnum((unsigned char)at[-1]) || at[-1] == '_'));
        size_t length = starts ? strspn(at, "0123456789.") : 1;
        double number = 0.0;
        const char *token = arena_copy_span(&session->arena, at, length);
        if (starts && (at[length] == 'e' || at[length] == 'E')) {
            length += 1 + strspn(at + length + 1, "+-0123456789");
            token = arena_copy_span(&session->arena, at, length);
        }
        if (length > 7 && text_read_number(token, &number)) {
            text_printf(&out, "%.4g", number);
        } else {
            text_append(&out, token);
        }
        at += length;
    }
    const char *copy = arena_copy_text(&session->arena, out.bytes);
    text_clear(&out);
    return copy;
}

enum {
    COMPARED_ID,
    COMPARED_CHANGE,
    COMPARED_FIELD,
    COMPARED_EARLIER,
    COMPARED_LATER,
    COMPARED_USED_BY,
    COMPARED_WHAT,
    COMPARED_MOVES_RESULTS,
    COMPARED_OVERRIDDEN_IN,
    COMPARED_LABEL,
    COMPARED_REASON,
    COMPARED_EARLIER_PLACE,
    COMPARED_LATER_PLACE,
    N_COMPARED
};

/* Words that no figure depends on would drown the rest in a table; the other formats have them. */
static bool is_shown(const struct session *session, const struct evidence_change *change)
{
    static const char *const hidden[] = {"locator", "label", "applies_to", "reason", "owner",
                                         "note",    "url",   "accessed",   "licence"};
    bool shown = session->options.format != FORMAT_TABLE || change->kind != EVIDENCE_CHANGED;
    for (size_t i = 0; !shown && i < sizeof hidden / sizeof hidden[0]; ++i) {
        if (strcmp(change->field, hidden[i]) == 0) {
            return false;
        }
    }
    return true;
}

/* In a table what a row shares with the one above it is said once. */
static void blank_repeated(struct session *session, struct listing *listing)
{
    static const size_t shared[] = {COMPARED_ID, COMPARED_CHANGE, COMPARED_USED_BY};
    const char *id = "";
    for (size_t i = 0; session->options.format == FORMAT_TABLE && i < listing->n_rows; ++i) {
        const char **row = listing->cells + i * listing->n_columns;
        bool again = strcmp(row[COMPARED_ID], id) == 0;
        id = row[COMPARED_ID];
        for (size_t k = 0; again && k < sizeof shared / sizeof shared[0]; ++k) {
            row[shared[k]] = NULL;
        }
    }
}

static void add_compared(struct session *session, const struct users *users,
                         const struct evidence_change *change, struct listing *listing)
{
    static const char *const kinds[] = {"added", "removed", "changed"};
    const char **row = listing_add_row(session, listing);
    const char *old_words = change->old_words, *new_words = change->new_words;
    size_t n_users = 0;
    if (is_for_people(session) && change->moves_results) {
        const char *shorter[2] = {shorten(session, old_words), shorten(session, new_words)};
        bool differ =
            shorter[0] == NULL || shorter[1] == NULL || strcmp(shorter[0], shorter[1]) != 0;
        old_words = differ ? shorter[0] : old_words;
        new_words = differ ? shorter[1] : new_words;
    }
    row[COMPARED_ID] = change->id;
    row[COMPARED_CHANGE] = kinds[change->kind];
    row[COMPARED_FIELD] = change->field;
    row[COMPARED_EARLIER] = old_words;
    row[COMPARED_LATER] = new_words;
    row[COMPARED_WHAT] = change->source != NULL ? "source" : "evidence";
    row[COMPARED_MOVES_RESULTS] = change->moves_results ? "yes" : "no";
    row[COMPARED_EARLIER_PLACE] = place_words(session, change->old_setting);
    row[COMPARED_LATER_PLACE] = place_words(session, change->new_setting);
    if (change->parameter != NULL) {
        row[COMPARED_USED_BY] = users_of(session, users, change->id, false, &n_users);
        row[COMPARED_OVERRIDDEN_IN] = users_of(session, users, change->id, true, &n_users);
        row[COMPARED_LABEL] = change->parameter->label;
        row[COMPARED_REASON] = change->parameter->replaces_because;
    } else if (change->source != NULL) {
        row[COMPARED_LABEL] = change->source->citation;
        row[COMPARED_REASON] = change->source->replaces_because;
    }
}

static size_t count_names(const struct users *users)
{
    size_t n = 0;
    for (size_t i = 0; i < users->n_plans; ++i) {
        bool again = i > 0 && strcmp(name_of(users->plans[i]), name_of(users->plans[i - 1])) == 0;
        n += again ? 0 : 1;
    }
    return n;
}

/* Scenarios that draw an item whose figures differ. */
static size_t count_touched(const struct users *users, const struct evidence_comparison *comparison)
{
    size_t n_touched = 0;
    for (size_t i = 0; i < users->n_plans; ++i) {
        bool touched = false;
        for (size_t k = 0; k < comparison->n_changes && !touched; ++k) {
            const struct evidence_change *change = &comparison->changes[k];
            const struct plan_use *use = change->parameter != NULL && change->moves_results
                                             ? find_use(users->plans[i], change->id)
                                             : NULL;
            touched = use != NULL && use->override == NULL;
        }
        bool again = i > 0 && strcmp(name_of(users->plans[i]), name_of(users->plans[i - 1])) == 0;
        n_touched += touched && !again ? 1 : 0;
    }
    return n_touched;
}

static void say_compared(struct session *session, const struct users *users,
                         const struct evidence_comparison *comparison, const char *looked_at,
                         size_t n_hidden)
{
    struct text words;
    size_t n_touched = count_touched(users, comparison);
    text_init(&words);
    if (comparison->n_changes == 0) {
        text_printf(&words, "No difference in %zu evidence items.", comparison->n_same);
    } else {
        text_printf(&words,
                    "Evidence items: %zu changed, %zu added, %zu removed, %zu as before. Sources: "
                    "%zu changed, %zu added, %zu removed. ",
                    comparison->n_changed, comparison->n_added, comparison->n_removed,
                    comparison->n_same, comparison->n_sources_changed, comparison->n_sources_added,
                    comparison->n_sources_removed);
        if (users->n_plans == 0) {
            text_append(&words, "No scenarios were looked at.");
        } else {
            text_printf(&words, "Of %zu in %s, %zu scenario%s on figures that differ.",
                        count_names(users), looked_at, n_touched,
                        n_touched == 1 ? " stands" : "s stand");
        }
        if (n_hidden > 0) {
            text_printf(&words,
                        " In words alone (labels, notes, places) %zu field%s too: see "
                        "--format md, csv or json.",
                        n_hidden, n_hidden == 1 ? " differs" : "s differ");
        }
    }
    if (is_for_people(session)) {
        text_append(&session->out, comparison->n_changes > 0 ? "\n" : "");
        write_paragraph(session, words.bytes);
    } else if (!session->options.quiet) {
        terminal_say("%s", words.bytes);
    }
    text_clear(&words);
}

static int evidence_compare_sides(struct session *session)
{
    static const char *const names[N_COMPARED] = {
        "id",      "change",        "field",         "earlier",       "later",
        "used_by", "what",          "moves_results", "overridden_in", "label",
        "reason",  "earlier_place", "later_place"};
    static const char *const labels[N_COMPARED] = {
        "Evidence",      "Change",        "Field", "Earlier", "Later",         "Used by",    "What",
        "Moves results", "Overridden in", "Label", "Reason",  "Earlier place", "Later place"};
    struct word_list *words = &session->options.words;
    if (words->n_items < 2) {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E706, no_place, NULL,
                        "the earlier and the later folder or file",
                        "for example `dividend evidence compare models our_evidence`",
                        "`dividend evidence compare` needs two, and was given %zu", words->n_items);
        return EXIT_BAD_INPUT;
    }
    const char *earlier = words->items[0], *later = words->items[1];
    words->items += 2;
    words->n_items -= 2;
    struct sides sides;
    struct users users;
    if (!read_sides(session, earlier, later, &sides)) {
        return EXIT_BAD_INPUT;
    }
    stand_on_later(session, &sides, later);
    const char *looked_at = words->n_items > 0 ? words->items[0] : "scenarios/";
    if (!read_users(session, &users)) {
        return EXIT_BAD_INPUT;
    }
    struct listing listing = {.title = sides.words,
                              .names = names,
                              .labels = labels,
                              .n_columns = N_COMPARED,
                              .n_shown = COMPARED_USED_BY + 1};
    struct evidence_comparison comparison =
        evidence_compare(&session->arena, sides.earlier, sides.later);
    size_t n_hidden = 0;
    for (size_t i = 0; i < comparison.n_changes; ++i) {
        if (is_shown(session, &comparison.changes[i])) {
            add_compared(session, &users, &comparison.changes[i], &listing);
        } else {
            n_hidden++;
        }
    }
    blank_repeated(session, &listing);
    if (listing.n_rows > 0 || !is_for_people(session)) {
        listing_write(&session->out, &listing, session->options.format, terminal_width(session));
    }
    say_compared(session, &users, &comparison, looked_at, n_hidden);
    bool fails = session->options.strict && comparison.n_changes > 0;
    return fails ? EXIT_DIFFERENCE_FOUND : EXIT_DONE;
}

int command_evidence(struct session *session)
{
    struct word_list *words = &session->options.words;
    const char *subject = words->n_items > 0 ? words->items[0] : "";
    bool compares = strcmp(subject, "compare") == 0;
    int exit_code = EXIT_BAD_INPUT;
    if (compares || strcmp(subject, "outdated") == 0) {
        words->items++;
        words->n_items--;
        exit_code = compares ? evidence_compare_sides(session) : evidence_outdated(session);
    } else {
        static const char *const known[] = {"outdated", "compare"};
        const char *nearest = text_nearest(subject, known, 2);
        diagnostics_add(
            &session->diagnostics, words->n_items == 0 ? DIAGNOSTIC_E706 : DIAGNOSTIC_E714,
            no_place, NULL, "outdated or compare",
            nearest == NULL
                ? "for example `dividend evidence outdated`"
                : arena_printf(&session->arena, "did you mean `dividend evidence %s`?", nearest),
            words->n_items == 0 ? "`dividend evidence` needs to know what to do%s"
                                : "`%s` is nothing that evidence can be asked",
            subject);
    }
    return terminal_print_diagnostics(session, "nothing was looked at") ? EXIT_BAD_INPUT
                                                                        : exit_code;
}
