/* bench-train.c: training beside python3-xgboost, on the same file of rows
 *
 * Both train in processes of their own and take turns, so that a busy machine hurts both; what
 * counts is the middle of the processor time and the most memory that a process had. They read
 * the same file, and both cut at the best round: the models must be the same to the byte, once
 * two attributes are gone that Python's train() adds on its own. The children that train are
 * this program and bench-train.py. */
#include "kw-booster.h"
#include "kw-model-data.h"
#include "kw-test.h"

#include <gio/gio.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define N_ROWS 300000
#define N_VALID 60000
#define N_COLS 60
#define N_ROUNDS 100
#define N_TURNS 3

/* What a child says */
typedef struct {
    gdouble cpu_s, peak_mb;
} Turn;

/* -- the child -- */

static gboolean
read_rows(FILE *file, KwMatrix *matrix)
{
    return fread(matrix->values, sizeof(gfloat), matrix->n_rows * N_COLS, file) ==
               matrix->n_rows * N_COLS &&
           fread(matrix->labels, sizeof(gfloat), matrix->n_rows, file) == matrix->n_rows;
}

/* Trains on the rows at @path and leaves the model at @out */
static int
train(const char *path, const char *out)
{
    g_autoptr(KwMatrix) rows = kw_matrix_new(N_ROWS, N_COLS);
    g_autoptr(KwMatrix) valid = kw_matrix_new(N_VALID, N_COLS);
    KwBoosterParams params = KW_BOOSTER_PARAMS_USUAL;
    g_autoptr(GBytes) model = NULL;
    struct rusage usage = {0};
    FILE *file = fopen(path, "r");
    gdouble took;
    clock_t began;
    KwXgb xgb;

    if (!kw_xgb_open(&xgb, NULL) || file == NULL || !read_rows(file, rows) ||
        !read_rows(file, valid))
        return 1;
    (void) fclose(file);
    params.n_rounds = N_ROUNDS;
    params.patience = 0;
    params.eta = 0.1;
    params.subsample = params.colsample = 1;
    began = clock(); /* processor time: a busy machine must not show */
    model = kw_model_data_train(&xgb, rows, valid, &params);
    took = (gdouble) (clock() - began) / CLOCKS_PER_SEC;
    (void) getrusage(RUSAGE_SELF, &usage);
    g_print("%.3f %.1f\n", took, (gdouble) usage.ru_maxrss / 1024);
    return g_file_set_contents(out, g_bytes_get_data(model, NULL),
                               (gssize) g_bytes_get_size(model), NULL)
               ? 0
               : 1;
}

/* -- the parent -- */

/* Writes the rows for both. Returns: mean of the labels, as the text of the intercept */
static gchar *
write_rows(const gchar *path)
{
    FILE *file = fopen(path, "w");
    gdouble sum = 0;

    for (guint seed = 1; seed <= 2; seed++) {
        gsize n = seed == 1 ? N_ROWS : N_VALID;
        g_autoptr(KwMatrix) rows = kw_model_data_new(n, N_COLS, seed, KW_OBJECTIVE_REGRESSION);

        (void) fwrite(rows->values, sizeof(gfloat), n * N_COLS, file);
        (void) fwrite(rows->labels, sizeof(gfloat), n, file);
        for (gsize i = 0; seed == 1 && i < n; i++)
            sum += rows->labels[i];
    }
    (void) fclose(file);
    return g_strdup_printf("%.9g", sum / N_ROWS);
}

static gboolean
run_child(const gchar *const *argv, Turn *out)
{
    g_autoptr(GSubprocess) child =
        g_subprocess_newv(argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL);
    g_autofree gchar *text = NULL;
    gchar *end = NULL;

    if (child == NULL || !g_subprocess_communicate_utf8(child, NULL, NULL, &text, NULL, NULL) ||
        !g_subprocess_get_successful(child))
        return FALSE;
    out->cpu_s = g_ascii_strtod(text, &end);
    out->peak_mb = g_ascii_strtod(end, &end);
    return out->peak_mb > 0;
}

static gboolean
is_same(const gchar *path_a, const gchar *path_b)
{
    g_autofree gchar *a = NULL;
    g_autofree gchar *b = NULL;
    gsize n_a = 0, n_b = 0;

    return g_file_get_contents(path_a, &a, &n_a, NULL) &&
           g_file_get_contents(path_b, &b, &n_b, NULL) && n_a == n_b && memcmp(a, b, n_a) == 0;
}

static int
compare_turns(const void *a, const void *b)
{
    gdouble x = ((const Turn *) a)->cpu_s, y = ((const Turn *) b)->cpu_s;

    return (x > y) - (x < y);
}

/* Returns: FALSE when the other binding is not there */
static gboolean
take_turns(const gchar *self, const gchar *folder)
{
    g_autofree gchar *rows = g_build_filename(folder, "rows", NULL);
    g_autofree gchar *own_model = g_build_filename(folder, "own.json", NULL);
    g_autofree gchar *other_model = g_build_filename(folder, "other.json", NULL);
    g_autofree gchar *script =
        g_build_filename(g_getenv("KW_SOURCE_ROOT"), "tests/bench/bench-train.py", NULL);
    g_autofree gchar *sizes = g_strdup_printf("%d,%d,%d,%d", N_ROWS, N_VALID, N_COLS, N_ROUNDS);
    g_autofree gchar *intercept = write_rows(rows);
    const gchar *const own_argv[] = {self, rows, own_model, NULL};
    const gchar *const other_argv[] = {"/usr/bin/python3", script,      rows, sizes,
                                       intercept,          other_model, NULL};
    Turn own[N_TURNS], other[N_TURNS];
    const gsize middle = N_TURNS / 2;

    for (gsize i = 0; i < N_TURNS; i++) {
        if (!run_child(own_argv, &own[i]) || !run_child(other_argv, &other[i]))
            return FALSE;
    }
    qsort(own, N_TURNS, sizeof own[0], compare_turns);
    qsort(other, N_TURNS, sizeof other[0], compare_turns);
    g_print("{\"bench\":\"train\",\"rows\":%d,\"cols\":%d,\"rounds\":%d,\"cpu_s\":%.2f,"
            "\"python_cpu_s\":%.2f,\"cpu_ratio\":%.3f,\"limit_cpu_ratio\":1.05,"
            "\"peak_mb\":%.0f,\"python_peak_mb\":%.0f,\"memory_ratio\":%.2f,"
            "\"limit_memory_ratio\":0.8,\"same_bytes\":%s}\n",
            N_ROWS, N_COLS, N_ROUNDS, own[middle].cpu_s, other[middle].cpu_s,
            own[middle].cpu_s / other[middle].cpu_s, own[middle].peak_mb, other[middle].peak_mb,
            own[middle].peak_mb / other[middle].peak_mb,
            is_same(own_model, other_model) ? "true" : "false");
    return TRUE;
}

int
main(int argc, char **argv)
{
    g_autofree gchar *folder = NULL;

    if (argc == 3)
        return train(argv[1], argv[2]);
    folder = kw_test_tmp_dir_new();
    if (!take_turns(argv[0], folder))
        g_print("{\"bench\":\"train\",\"skipped\":\"libxgboost or python3-xgboost\"}\n");
    kw_test_tmp_dir_free(g_steal_pointer(&folder));
    return 0;
}
