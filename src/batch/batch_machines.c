#include "batch/batch_machines.h"

#include "base/threads.h"
#include "batch/batch_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef DIVIDEND_MPI

bool machines_start(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    const char *n = getenv("OMPI_COMM_WORLD_SIZE"), *rank = getenv("OMPI_COMM_WORLD_RANK");
    if (n == NULL || strtol(n, NULL, 10) < 2) {
        return true;
    }
    if (rank == NULL || strcmp(rank, "0") == 0) {
        terminal_say(
            "this program was built for one process, and mpirun started %s of them; build it with "
            "-DDIVIDEND_MPI=ON, or share the work out by --shard K/N and `dividend merge`",
            n);
    }
    return false;
}

int machines_end(int exit_code)
{
    return exit_code;
}

size_t machines_count(void)
{
    return 1;
}

bool machines_is_helper(void)
{
    return false;
}

void machines_work_alone(void)
{
}

size_t machines_threads(void)
{
    return 0;
}

enum status machines_simulate(struct arena *arena, const struct plan *const *plans, size_t n_plans,
                              const struct simulation_options *options,
                              struct scenario_result *results, struct error *error)
{
    return simulation_run(arena, plans, n_plans, options, results, error);
}

#else

#    include <fcntl.h>
#    include <limits.h>
#    include <mpi.h>
#    include <pthread.h>
#    include <unistd.h>

/* ---- processes ---- */

static struct {
    int rank, n_ranks, n_here; /* n_here: on this machine */
    bool gathered;             /* nobody waits for anybody any more */
} machines = {.n_ranks = 1, .n_here = 1};

static void be_silent(void)
{
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nowhere >= 0) {
        (void)dup2(nowhere, STDOUT_FILENO);
        (void)dup2(nowhere, STDERR_FILENO);
        close(nowhere);
    }
}

bool machines_start(int *argc, char ***argv)
{
    int provided = 0;
    MPI_Comm here = MPI_COMM_NULL;
    if (MPI_Init_thread(argc, argv, MPI_THREAD_FUNNELED, &provided) != MPI_SUCCESS) {
        terminal_say("MPI did not start");
        return false;
    }
    MPI_Comm_rank(MPI_COMM_WORLD, &machines.rank);
    MPI_Comm_size(MPI_COMM_WORLD, &machines.n_ranks);
    if (MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &here) ==
        MPI_SUCCESS) {
        MPI_Comm_size(here, &machines.n_here);
        MPI_Comm_free(&here);
    }
    if (machines.rank > 0) {
        be_silent();
    }
    return true;
}

/* Bad input ends all processes alike, each by itself. Whatever else ends one before the work was
 * brought together would leave the others waiting. */
int machines_end(int exit_code)
{
    bool alone =
        exit_code != EXIT_DONE && exit_code != EXIT_BAD_INPUT && exit_code != EXIT_DIFFERENCE_FOUND;
    if (machines.n_ranks > 1 && !machines.gathered && alone) {
        (void)fflush(NULL);
        MPI_Abort(MPI_COMM_WORLD, exit_code);
    }
    MPI_Finalize();
    return exit_code;
}

size_t machines_count(void)
{
    return (size_t)machines.n_ranks;
}

bool machines_is_helper(void)
{
    return machines.rank > 0;
}

void machines_work_alone(void)
{
    machines.n_ranks = machines.n_here = 1;
}

size_t machines_threads(void)
{
    size_t all = threads_choose(0), here = (size_t)machines.n_here;
    return machines.n_ranks == 1 ? 0 : all / here > 0 ? all / here : 1;
}

/* ---- contributions in memory ---- */

struct gathered {
    struct contribution_key key;
    struct bytes bytes;
};

struct gathering {
    struct gathered *items;
    size_t n_items, capacity;
    bool takes;                              /* contributions are kept; else they are found */
    bool results_alone;                      /* of plans that are dealt out whole */
    const struct contribution_store *behind; /* a checkpoint; NULL none */
    pthread_mutex_t mutex;
};

static int compare_gathered(const void *first, const void *second)
{
    const struct gathered *a = first, *b = second;
    return contribution_compare_keys(&a->key, &b->key);
}

static void pool_add(struct gathering *pool, const struct contribution_key *key, const void *data,
                     size_t n)
{
    if (pool->n_items == pool->capacity) {
        pool->capacity = pool->capacity == 0 ? 64 : 2 * pool->capacity;
        pool->items = memory_realloc(pool->items, pool->capacity * sizeof *pool->items);
    }
    struct gathered *item = &pool->items[pool->n_items++];
    item->key = *key;
    bytes_init(&item->bytes);
    bytes_put_span(&item->bytes, data, n);
}

static bool find(void *context, const struct contribution_key *key, struct bytes *bytes)
{
    const struct gathering *pool = context;
    const struct gathered wanted = {.key = *key};
    const struct gathered *item =
        pool->takes || pool->n_items == 0
            ? NULL
            : bsearch(&wanted, pool->items, pool->n_items, sizeof *item, compare_gathered);
    if (item != NULL) {
        bytes_put_span(bytes, item->bytes.data, item->bytes.n);
        return true;
    }
    return pool->behind != NULL && pool->behind->find(pool->behind->context, key, bytes);
}

static bool takes(const struct gathering *pool, const struct contribution_key *key)
{
    return pool->takes && (!pool->results_alone || key->kind == CONTRIBUTION_RESULT);
}

static bool wants(void *context, const struct contribution_key *key)
{
    const struct gathering *pool = context;
    return takes(pool, key) ||
           (pool->behind != NULL && pool->behind->wants(pool->behind->context, key));
}

static void keep(void *context, const struct contribution_key *key, const struct bytes *bytes)
{
    struct gathering *pool = context;
    if (takes(pool, key)) {
        pthread_mutex_lock(&pool->mutex);
        pool_add(pool, key, bytes->data, bytes->n);
        pthread_mutex_unlock(&pool->mutex);
    }
    if (pool->behind != NULL && pool->behind->wants(pool->behind->context, key)) {
        pool->behind->keep(pool->behind->context, key, bytes);
    }
}

static void pool_clear(struct gathering *pool)
{
    for (size_t i = 0; i < pool->n_items; ++i) {
        bytes_clear(&pool->items[i].bytes);
    }
    free(pool->items);
    pthread_mutex_destroy(&pool->mutex);
}

/* ---- from the helpers to the first ---- */

enum { TAG_HEAD = 1, TAG_MESSAGE = 2, TAG_KEY = 3, TAG_BYTES = 4 };

static void send_all(const struct gathering *pool, enum status status, const struct error *error)
{
    uint64_t head[2] = {(uint64_t)status, status == STATUS_OK ? pool->n_items : 0};
    MPI_Send(head, 2, MPI_UINT64_T, 0, TAG_HEAD, MPI_COMM_WORLD);
    MPI_Send(error->message, (int)sizeof error->message, MPI_CHAR, 0, TAG_MESSAGE, MPI_COMM_WORLD);
    for (size_t i = 0; i < head[1]; ++i) {
        const struct gathered *item = &pool->items[i];
        uint64_t key[6] = {(uint64_t)item->key.kind, item->key.plan,    item->key.round,
                           item->key.unit,           item->key.n_draws, item->bytes.n};
        MPI_Send(key, 6, MPI_UINT64_T, 0, TAG_KEY, MPI_COMM_WORLD);
        for (size_t at = 0; at < item->bytes.n; at += INT_MAX) {
            size_t n = item->bytes.n - at < INT_MAX ? item->bytes.n - at : INT_MAX;
            MPI_Send(item->bytes.data + at, (int)n, MPI_BYTE, 0, TAG_BYTES, MPI_COMM_WORLD);
        }
    }
}

static void receive_item(struct gathering *pool, int rank)
{
    uint64_t words[6];
    MPI_Recv(words, 6, MPI_UINT64_T, rank, TAG_KEY, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    const struct contribution_key key = {.kind = (enum contribution_kind)words[0],
                                         .plan = (uint32_t)words[1],
                                         .round = (uint32_t)words[2],
                                         .unit = (uint32_t)words[3],
                                         .n_draws = words[4]};
    uint8_t *data = memory_array((size_t)words[5] + 1, 1);
    for (size_t at = 0; at < words[5]; at += INT_MAX) {
        size_t n = words[5] - at < INT_MAX ? (size_t)words[5] - at : INT_MAX;
        MPI_Recv(data + at, (int)n, MPI_BYTE, rank, TAG_BYTES, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    }
    pool_add(pool, &key, data, (size_t)words[5]);
    free(data);
}

/* Hears all helpers to their end, also where one failed: the first failure is the run's. */
static enum status receive_all(struct gathering *pool, enum status status, struct error *error)
{
    for (int rank = 1; rank < machines.n_ranks; ++rank) {
        uint64_t head[2];
        struct error theirs = {0};
        MPI_Recv(head, 2, MPI_UINT64_T, rank, TAG_HEAD, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        MPI_Recv(theirs.message, (int)sizeof theirs.message, MPI_CHAR, rank, TAG_MESSAGE,
                 MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        for (uint64_t i = 0; i < head[1]; ++i) {
            receive_item(pool, rank);
        }
        if (status == STATUS_OK && head[0] != STATUS_OK) {
            status = (enum status)head[0];
            *error = theirs;
        }
    }
    machines.gathered = true;
    return status;
}

_Noreturn static void end_helper(void)
{
    MPI_Finalize();
    _exit(EXIT_DONE);
}

enum status machines_simulate(struct arena *arena, const struct plan *const *plans, size_t n_plans,
                              const struct simulation_options *options,
                              struct scenario_result *results, struct error *error)
{
    if (machines.n_ranks == 1) {
        return simulation_run(arena, plans, n_plans, options, results, error);
    }
    struct gathering pool = {.takes = true, .behind = options->store};
    pthread_mutex_init(&pool.mutex, NULL);
    const struct contribution_store store = {
        .context = &pool, .find = find, .wants = wants, .keep = keep};
    struct simulation_options part = *options;
    part.store = &store;
    part.part = (struct simulation_part){
        .index = (size_t)machines.rank,
        .n_parts = machines_count(),
        .whole_plans = options->precision.of != NULL ||
                       simulation_deals_whole_plans(n_plans, machines_count())};
    pool.results_alone = part.part.whole_plans;
    enum status status = simulation_run(arena, plans, n_plans, &part, results, error);
    if (machines_is_helper()) {
        send_all(&pool, status, error);
        end_helper();
    }
    simulation_clear(results, n_plans);
    status = receive_all(&pool, status, error);
    if (status == STATUS_OK) {
        pool.takes = false;
        qsort(pool.items, pool.n_items, sizeof *pool.items, compare_gathered);
        struct simulation_options whole = *options;
        whole.store = &store;
        status = simulation_run(arena, plans, n_plans, &whole, results, error);
    }
    pool_clear(&pool);
    return status;
}

#endif
