/* kw-run-log.h: what the laboratory did, step by step */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KW_RUN_NAME_SIZE 64
#define KW_RUN_RESULT_SIZE 400
#define KW_RUN_LOG_FILE "runs.csv" /* in the data root: the same rows */

typedef enum {
    KW_RUN_TRAIN,
    KW_RUN_BACKTEST,
    KW_RUN_OPTIMIZE,
} KwRunVerb;
#define KW_N_RUN_VERBS 3

/* "train", "backtest", "optimize"; static; stored */
const gchar *kw_run_verb_to_string(KwRunVerb verb);

/**
 * KwRunStep:
 * @run_us: when the run began: the same in all its rows
 * @name: of the model or strategy
 * @is_good: %FALSE: the step failed; @result says why
 *
 * One row; plain value.
 */
typedef struct {
    gint64 run_us;
    KwRunVerb verb;
    gchar name[KW_RUN_NAME_SIZE];
    gchar step[KW_RUN_NAME_SIZE];
    gint64 took_us;
    gboolean is_good;
    gchar result[KW_RUN_RESULT_SIZE];
} KwRunStep;

typedef enum {
    KW_RUN_IF_STORE, /* candles are stored there, else nothing is made */
    KW_RUN_ALWAYS,
} KwRunKeep;

/**
 * KwRunLog:
 *
 * The rows of one run, each written as its step ends, also beside a running daemon. What
 * cannot be written is logged and no reason for a run to fail. Blocks.
 */
typedef struct _KwRunLog KwRunLog;

/* @root: data root. Time runs from here to the end of the first step. (transfer full): never
 * %NULL */
KwRunLog *kw_run_log_new(const gchar *root, KwRunVerb verb, KwRunKeep keep, gint64 run_us);
void kw_run_log_free(KwRunLog *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwRunLog, kw_run_log_free)

/* The first step has begun before, at @began_us of kw_stopwatch_us(). */
void kw_run_log_set_begin(KwRunLog *self, gint64 began_us);

/* What rows from now on are about */
void kw_run_log_set_name(KwRunLog *self, const gchar *name);

/* The present step has ended as @step with @result; the next one begins. */
void kw_run_log_end(KwRunLog *self, const gchar *step, const gchar *result);

/* It has failed because of @why. */
void kw_run_log_fail(KwRunLog *self, const gchar *step, const gchar *why);

/**
 * kw_run_log_load:
 * @max: rows at most, the newest ones
 *
 * Returns: (transfer full) (element-type KwRunStep): oldest first; empty when there is no
 *   store; %NULL with a #KwStoreError
 */
GArray *kw_run_log_load(const gchar *root, guint max, GError **error);

G_END_DECLS
