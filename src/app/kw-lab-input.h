/* kw-lab-input.h: what the verbs of the laboratory are given: candles, strategy, account */
#pragma once

#include "kw-run-log.h"
#include "kw-settings.h"
#include "kw-study.h"

G_BEGIN_DECLS

/**
 * KwLabWish: options as they were typed; what is not given is %NULL, 0 or FALSE
 * @pairs: "BTC/USDT,ETH/USDT"
 * @data: files and folders, or "demo" for the bundled candles
 * @lead_us, @lead_rows: candles that are read before --from, besides those for the start of
 *   the strategy; both together
 */
typedef struct {
    gchar *config, *root, *strategy, *pairs, *timeframe, *detail, *from, *to, *exchange;
    gchar *entry_order;
    gchar *fee, *wallet, *stake, *max_open;
    gchar **data;
    gboolean fills_gaps, has_protections;
    gint64 lead_us;
    guint lead_rows;
} KwLabWish;

void kw_lab_wish_clear(KwLabWish *self);

/* Appends the entries of these options to @entries (element-type GOptionEntry). */
void kw_lab_wish_add_entries(KwLabWish *self, GArray *entries);

/**
 * KwLabInput:
 * @names: pairs, in order
 * @from_us, @to_us: the period that was asked for; %G_MININT64 and %G_MAXINT64 without
 * @source_us: timeframe of the candles that were read; shorter ones were put together
 * @options: as the settings want them, with the strategy's terms
 */
typedef struct {
    KwSettings *settings;
    KwStrategy *strategy;
    KwStudy *study;
    gchar **names;
    gchar currency[KW_PAIR_NAME_SIZE];
    gint64 from_us, to_us, source_us;
    gboolean is_synthetic;
    gint64 began_us; /* stopwatch, before it was read */
    KwBacktestOptions options;
} KwLabInput;

/**
 * kw_lab_input_load:
 * @out_status: exit status on failure, after saying what is wrong
 *
 * Reads configuration, strategy and candles; the strategy is not built yet.
 *
 * Returns: (transfer full): %NULL on failure
 */
KwLabInput *kw_lab_input_load(const KwLabWish *wish, int *out_status);
void kw_lab_input_free(KwLabInput *self);

/**
 * kw_lab_input_log_steps:
 * @run_us: when the run began
 *
 * Returns: (transfer full): for the steps of a run over @self; the first, "data", is in it
 */
KwRunLog *kw_lab_input_log_steps(const KwLabInput *self, KwRunVerb verb, gint64 run_us);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwLabInput, kw_lab_input_free)

/* (transfer none): the models the strategy uses, once it is built; "" without */
const gchar *kw_lab_input_get_model(const KwLabInput *self);

G_END_DECLS
