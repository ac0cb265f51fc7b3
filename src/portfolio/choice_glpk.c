/* The linear form by GLPK, which ends the process on some errors and keeps globals: in a child
 * process with limits. Its answer is taken only after our own certificate. */
#include "base/arena.h"
#include "base/clock.h"
#include "portfolio/choice_private.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <glpk.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DEFAULT_MEGABYTES = 2048, MAX_ENTRIES = 4096, MAX_LINEAR_MEMBERS = 10 };

enum answer_state { ANSWER_BEST, ANSWER_GOOD, ANSWER_INFEASIBLE, ANSWER_NONE };

/* What the child writes: smaller than PIPE_BUF, so that it arrives whole. */
struct answer {
    int state, code;
    uint8_t level[CHOICE_MAX_PROGRAMMES];
};

bool choice_is_linear(const struct choice_problem *problem)
{
    for (size_t c = 0; c < problem->n_components; ++c) {
        if (problem->components[c].n_members > MAX_LINEAR_MEMBERS ||
            problem->components[c].n_entries > MAX_ENTRIES) {
            return false;
        }
    }
    return problem->denominator == SIZE_MAX && problem->n_chances == 0;
}

/* ---- in the child: the problem in GLPK's terms ---- */

/* One row at a time; indices and values from 1. */
struct builder {
    const struct choice_problem *problem;
    glp_prob *mip;
    int *first_entry; /* [component]: column of entry 0 */
    int n, *columns;
    double *values;
};

static int level_column(const struct choice_problem *problem, size_t programme, size_t level)
{
    return (int)(problem->first_level[programme] + level);
}

static void put(struct builder *builder, int column, double value)
{
    if (value != 0.0) {
        ++builder->n;
        builder->columns[builder->n] = column;
        builder->values[builder->n] = value;
    }
}

/* type: GLP_UP sum <= limit, GLP_LO >=, GLP_FX ==. Divided by its largest number: GLPK's tolerances
 * are absolute near 0. */
static void end_row(struct builder *builder, int type, double limit)
{
    double size = 0.0;
    for (int k = 1; k <= builder->n; ++k) {
        size = fmax(size, fabs(builder->values[k]));
    }
    size = size > 0.0 ? size : 1.0;
    for (int k = 1; k <= builder->n; ++k) {
        builder->values[k] /= size;
    }
    int row = glp_add_rows(builder->mip, 1);
    glp_set_row_bnds(builder->mip, row, type, limit / size, limit / size);
    glp_set_mat_row(builder->mip, row, builder->n, builder->columns, builder->values);
    builder->n = 0;
}

static void add_columns(struct builder *builder)
{
    const struct choice_problem *problem = builder->problem;
    int next = (int)problem->n_level_indices + 1;
    for (size_t c = 0; c < problem->n_components; ++c) {
        builder->first_entry[c] = next;
        next += (int)problem->components[c].n_entries;
    }
    if (next > 1) {
        glp_add_cols(builder->mip, next - 1);
    }
    for (int column = 1; column < next; ++column) {
        if (column <= (int)problem->n_level_indices) {
            glp_set_col_kind(builder->mip, column, GLP_BV);
        } else {
            /* whole wherever the members' levels are */
            glp_set_col_bnds(builder->mip, column, GLP_DB, 0.0, 1.0);
        }
    }
    size_t n = (size_t)next + 1;
    builder->columns = memory_array(n, sizeof(int));
    builder->values = memory_array(n, sizeof(double));
}

static void add_programmes(struct builder *builder)
{
    const struct choice_problem *problem = builder->problem;
    for (size_t i = 0; i < problem->n_programmes; ++i) {
        for (size_t l = 1; l <= problem->programmes[i].n_levels; ++l) {
            put(builder, level_column(problem, i, l), 1.0);
        }
        end_row(builder, problem->programmes[i].must_have ? GLP_FX : GLP_UP, 1.0);
    }
}

static void add_budgets(struct builder *builder)
{
    const struct choice_problem *problem = builder->problem;
    for (size_t r = 0; r < problem->n_rows; ++r) {
        if (problem->rows[r].limit == (double)INFINITY) {
            continue;
        }
        for (size_t i = 0; i < problem->n_level_indices; ++i) {
            put(builder, (int)i + 1, problem->rows[r].use[i]);
        }
        end_row(builder, GLP_UP, problem->rows[r].limit);
    }
}

static void put_programme(struct builder *builder, size_t programme, double value)
{
    for (size_t l = 1; l <= builder->problem->programmes[programme].n_levels; ++l) {
        put(builder, level_column(builder->problem, programme, l), value);
    }
}

static void add_rules(struct builder *builder)
{
    const struct choice_problem *problem = builder->problem;
    for (size_t r = 0; r < problem->n_rules; ++r) {
        const struct choice_rule *rule = &problem->rules[r];
        bool excludes = rule->relation == CHOICE_EXCLUDES;
        if (rule->a == rule->b) {
            put_programme(builder, rule->a, excludes ? 1.0 : 0.0);
            end_row(builder, GLP_UP, 0.0);
            continue;
        }
        put_programme(builder, rule->a, 1.0);
        put_programme(builder, rule->b, excludes ? 1.0 : -1.0);
        end_row(builder, GLP_UP, excludes ? 1.0 : 0.0);
    }
}

static void put_linear(struct builder *builder, const struct linear *linear)
{
    const struct choice_problem *problem = builder->problem;
    for (size_t i = 0; i < problem->n_level_indices; ++i) {
        put(builder, (int)i + 1, linear->level[i]);
    }
    for (size_t c = 0; c < problem->n_components; ++c) {
        for (size_t e = 0; e < problem->components[c].n_entries; ++e) {
            put(builder, builder->first_entry[c] + (int)e, linear->entry[c][e]);
        }
    }
}

static void add_bounds(struct builder *builder)
{
    const struct choice_problem *problem = builder->problem;
    for (size_t b = 0; b < problem->n_bounds; ++b) {
        struct linear linear;
        if (problem->bounds[b].bound == -(double)INFINITY) {
            continue;
        }
        linear_of_measure(problem, problem->bounds[b].measure, &linear);
        put_linear(builder, &linear);
        end_row(builder, GLP_LO, problem->bounds[b].bound - linear.constant);
        linear_clear(problem, &linear);
    }
}

/* Entries that have a member at a level add to that level's variable; all add to 1. */
static void add_component(struct builder *builder, size_t component)
{
    const struct choice_problem *problem = builder->problem;
    const struct choice_component *c = &problem->components[component];
    for (size_t e = 0; e < c->n_entries; ++e) {
        put(builder, builder->first_entry[component] + (int)e, 1.0);
    }
    end_row(builder, GLP_FX, 1.0);
    for (size_t k = 0; k < c->n_members; ++k) {
        size_t n_levels = problem->programmes[c->members[k]].n_levels;
        for (size_t l = 1; l <= n_levels; ++l) {
            for (size_t e = 0; e < c->n_entries; ++e) {
                bool is_at_level = e / c->strides[k] % (n_levels + 1) == l;
                put(builder, builder->first_entry[component] + (int)e, is_at_level ? 1.0 : 0.0);
            }
            put(builder, level_column(problem, c->members[k], l), -1.0);
            end_row(builder, GLP_FX, 0.0);
        }
    }
}

static void set_objective(struct builder *builder)
{
    struct linear linear;
    double size = 0.0;
    linear_of_measure(builder->problem, builder->problem->objective, &linear);
    put_linear(builder, &linear);
    for (int k = 1; k <= builder->n; ++k) {
        size = fmax(size, fabs(builder->values[k]));
    }
    for (int k = 1; k <= builder->n; ++k) {
        glp_set_obj_coef(builder->mip, builder->columns[k], builder->values[k] / size);
    }
    builder->n = 0;
    glp_set_obj_dir(builder->mip, GLP_MAX);
    linear_clear(builder->problem, &linear);
}

static void build(struct builder *builder)
{
    add_columns(builder);
    add_programmes(builder);
    add_budgets(builder);
    add_rules(builder);
    add_bounds(builder);
    for (size_t c = 0; c < builder->problem->n_components; ++c) {
        add_component(builder, c);
    }
    set_objective(builder);
}

static void read_levels(const struct builder *builder, struct answer *answer)
{
    const struct choice_problem *problem = builder->problem;
    for (size_t i = 0; i < problem->n_programmes; ++i) {
        for (size_t l = 1; l <= problem->programmes[i].n_levels; ++l) {
            if (glp_mip_col_val(builder->mip, level_column(problem, i, l)) > 0.5) {
                answer->level[i] = (uint8_t)l;
            }
        }
    }
}

static int milliseconds(double seconds)
{
    return seconds >= 2e6 ? 2000000000 : seconds <= 0.001 ? 1 : (int)(seconds * 1000.0);
}

static int simplex(glp_prob *mip, double seconds)
{
    glp_smcp options;
    glp_init_smcp(&options);
    options.msg_lev = GLP_MSG_OFF;
    options.tm_lim = milliseconds(seconds);
    return glp_simplex(mip, &options);
}

static void optimise(const struct builder *builder, bool preprocess, double deadline,
                     struct answer *answer)
{
    glp_prob *mip = builder->mip;
    glp_iocp options;
    glp_init_iocp(&options);
    options.msg_lev = GLP_MSG_OFF;
    options.presolve = preprocess ? GLP_ON : GLP_OFF;
    options.mip_gap = 0.0;
    options.tol_obj = 1e-11;
    *answer = (struct answer){.state = ANSWER_NONE};
    answer->code = preprocess ? 0 : simplex(mip, deadline - clock_seconds());
    bool has_none = !preprocess && answer->code == 0 && glp_get_status(mip) == GLP_NOFEAS;
    if (!has_none && answer->code == 0) {
        options.tm_lim = milliseconds(deadline - clock_seconds());
        answer->code = glp_intopt(mip, &options);
    }
    int status = glp_mip_status(mip);
    if (has_none || answer->code == GLP_ENOPFS || (answer->code == 0 && status == GLP_NOFEAS)) {
        answer->state = ANSWER_INFEASIBLE;
    } else if (status == GLP_OPT || status == GLP_FEAS) {
        answer->state = status == GLP_OPT && answer->code == 0 ? ANSWER_BEST : ANSWER_GOOD;
        read_levels(builder, answer);
    }
}

static void solve_in_child(const struct choice_problem *problem, double seconds,
                           struct answer *answer)
{
    /* leaves time to hand over the best so far */
    double deadline = clock_seconds() + 0.8 * seconds;
    struct builder builder = {.problem = problem,
                              .mip = glp_create_prob(),
                              .first_entry = memory_array(problem->n_components + 1, sizeof(int))};
    build(&builder);
    optimise(&builder, true, deadline, answer);
    bool has_levels = answer->state == ANSWER_BEST || answer->state == ANSWER_GOOD;
    if (has_levels && !choice_is_feasible(problem, answer->level)) {
        /* GLPK's preprocessor lets rows be broken by up to a thousandth; its search does not */
        optimise(&builder, false, deadline, answer);
    }
}

/* Limits count from what the process holds already: a parent full of draws leaves its child room,
 * and a sanitizer's shadow memory is not in the way. */
static void limit_memory(size_t megabytes)
{
    char line[64] = "";
    FILE *file = fopen("/proc/self/statm", "r");
    if (file != NULL) {
        char *text = fgets(line, sizeof line, file);
        line[0] = text != NULL ? line[0] : '\0';
        (void)fclose(file);
    }
    unsigned long pages = strtoul(line, NULL, 10);
    rlim_t bytes = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + (rlim_t)megabytes * 1048576;
    (void)setrlimit(RLIMIT_AS, &(struct rlimit){bytes, bytes});
}

static void set_limits(const struct glpk_limits *limits)
{
    rlim_t seconds = (rlim_t)fmin(1e6, fmax(0.0, ceil(limits->seconds))) + 1;
    (void)setrlimit(RLIMIT_CPU, &(struct rlimit){seconds, seconds});
    (void)setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    limit_memory(limits->megabytes);
    /* A parent may catch these; the child has nothing to tidy up. */
    (void)signal(SIGINT, SIG_DFL);
    (void)signal(SIGTERM, SIG_DFL);
}

/* GLPK's last words go nowhere: the parent says what happened. */
static void be_silent(void)
{
    int nowhere = open("/dev/null", O_RDWR);
    if (nowhere >= 0) {
        (void)dup2(nowhere, STDOUT_FILENO);
        (void)dup2(nowhere, STDERR_FILENO);
    }
    glp_term_out(GLP_OFF);
}

static void run_child(const struct choice_problem *problem, const struct glpk_limits *limits,
                      int out)
{
    struct answer answer = {0};
    be_silent();
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* nobody waits for a child whose parent is gone */
    set_limits(limits);
    solve_in_child(problem, limits->seconds, &answer);
    ssize_t written = write(out, &answer, sizeof answer);
    _exit(written == (ssize_t)sizeof answer ? 0 : 1);
}

/* ---- in the parent ---- */

enum wait_result { WAIT_ANSWERED, WAIT_ENDED, WAIT_TOO_LONG };

static enum wait_result await(int in, double seconds, struct answer *answer)
{
    double deadline = clock_seconds() + seconds;
    for (;;) {
        double left = deadline - clock_seconds();
        if (left <= 0.0) {
            return WAIT_TOO_LONG;
        }
        struct pollfd poll_in = {.fd = in, .events = POLLIN};
        if (poll(&poll_in, 1, milliseconds(left)) > 0) {
            ssize_t n = read(in, answer, sizeof *answer);
            if (n >= 0 || errno != EINTR) {
                return n == (ssize_t)sizeof *answer ? WAIT_ANSWERED : WAIT_ENDED;
            }
        }
    }
}

static int reap(pid_t child)
{
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
}

static enum status explain_end(int status, struct error *error)
{
    if (WIFSIGNALED(status)) {
        return error_set(error, STATUS_LIMIT,
                         "GLPK was ended by signal %d (%s): the problem may need more memory or "
                         "time than its limits",
                         WTERMSIG(status), strsignal(WTERMSIG(status)));
    }
    return error_set(error, STATUS_NUMERIC, "GLPK ended with code %d and no answer",
                     WEXITSTATUS(status));
}

static enum status fork_child(const struct choice_problem *problem,
                              const struct glpk_limits *limits, struct answer *answer,
                              struct error *error)
{
    int ends[2];
    if (pipe(ends) != 0) {
        return error_set(error, STATUS_IO, "no pipe to GLPK: %s", strerror(errno));
    }
    pid_t child = fork();
    if (child == 0) {
        (void)close(ends[0]);
        run_child(problem, limits, ends[1]);
    }
    (void)close(ends[1]);
    if (child < 0) {
        int reason = errno;
        (void)close(ends[0]);
        return error_set(error, STATUS_IO, "no process for GLPK: %s", strerror(reason));
    }
    enum wait_result result = await(ends[0], limits->seconds, answer);
    (void)close(ends[0]);
    if (result == WAIT_TOO_LONG) {
        (void)kill(child, SIGKILL);
    }
    int status = reap(child);
    if (result == WAIT_TOO_LONG) {
        return error_set(error, STATUS_LIMIT, "GLPK gave no answer within %g seconds",
                         limits->seconds);
    }
    return result == WAIT_ANSWERED ? STATUS_OK : explain_end(status, error);
}

static enum status certify(const struct choice_problem *problem, const struct answer *answer,
                           struct choice_solution *solution, struct error *error)
{
    if (!choice_is_feasible(problem, answer->level)) {
        return error_set(error, STATUS_NUMERIC,
                         "GLPK's portfolio breaks a budget, rule or bound when it is checked");
    }
    double *values = memory_array(problem->n_measures + 1, sizeof *values);
    choice_evaluate(problem, answer->level, values);
    solution->found = true;
    solution->exact = answer->state == ANSWER_BEST;
    solution->value = choice_objective(problem, values);
    solution->bound = solution->exact ? solution->value : (double)INFINITY;
    memcpy(solution->level, answer->level, problem->n_programmes);
    free(values);
    return STATUS_OK;
}

static bool has_impossible_limit(const struct choice_problem *problem)
{
    for (size_t r = 0; r < problem->n_rows; ++r) {
        if (problem->rows[r].limit == -(double)INFINITY) {
            return true;
        }
    }
    for (size_t b = 0; b < problem->n_bounds; ++b) {
        if (problem->bounds[b].bound == (double)INFINITY) {
            return true;
        }
    }
    return false;
}

enum status choice_glpk_run(const struct choice_problem *problem, const struct glpk_limits *limits,
                            struct choice_solution *solution, struct error *error)
{
    *solution = (struct choice_solution){.value = NAN, .bound = INFINITY};
    if (!choice_is_linear(problem)) {
        return error_set(error, STATUS_LIMIT,
                         "GLPK takes neither ratios, chances nor components of more than %d "
                         "programmes or %d combinations",
                         MAX_LINEAR_MEMBERS, MAX_ENTRIES);
    }
    struct answer answer = {.state = ANSWER_INFEASIBLE};
    if (!has_impossible_limit(problem)) {
        TRY(fork_child(problem, limits, &answer, error));
    }
    if (answer.state == ANSWER_NONE) {
        return error_set(error, answer.code == GLP_ETMLIM ? STATUS_LIMIT : STATUS_NUMERIC,
                         "GLPK found no portfolio and no proof that there is none (code %d)",
                         answer.code);
    }
    if (answer.state == ANSWER_INFEASIBLE) {
        solution->exact = true;
        solution->bound = -INFINITY;
        return STATUS_OK;
    }
    return certify(problem, &answer, solution, error);
}

enum status choice_solve_glpk(const struct choice_problem *problem, double time_limit_seconds,
                              struct choice_solution *solution, struct error *error)
{
    return choice_glpk_run(problem, &(struct glpk_limits){time_limit_seconds, DEFAULT_MEGABYTES},
                           solution, error);
}

enum status choice_solve_any(const struct choice_problem *problem, uint64_t node_limit,
                             struct choice_solution *solution, struct error *error)
{
    choice_solve(problem, node_limit, solution);
    if (solution->exact || !choice_is_linear(problem)) {
        return STATUS_OK;
    }
    struct choice_solution other;
    enum status status = choice_solve_glpk(problem, CHOICE_GLPK_SECONDS, &other, error);
    if (status != STATUS_OK) {
        /* a proven bound and a portfolio stand, with or without GLPK */
        return solution->found ? STATUS_OK : status;
    }
    if (solution->found &&
        (!other.found || other.value < solution->value - 1e-9 * fabs(solution->value))) {
        /* what GLPK missed it cannot have proved */
        return STATUS_OK;
    }
    double bound = fmin(solution->bound, other.bound);
    uint64_t n_visited = solution->n_visited;
    if (other.found && (!solution->found || other.value > solution->value)) {
        *solution = other;
    }
    solution->exact = other.exact;
    solution->n_visited = n_visited;
    solution->bound = solution->found && other.exact ? solution->value : bound;
    return STATUS_OK;
}
