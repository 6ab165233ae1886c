/* kw-study.h: candles of several pairs and a strategy over them, ready to be backtested */
#pragma once

#include "kw-backtest.h"
#include "kw-strategy.h"

G_BEGIN_DECLS

/**
 * KwStudyPair:
 * @n_missing: candles that are not there between the first and the last
 * @is_synthetic: made by a generator
 */
typedef struct {
    KwPair pair;
    KwFrame *frame;             /* owned */
    KwStrategyColumns *columns; /* owned; NULL before kw_study_build() */
    KwBacktestRange range;
    KwSeries *detail; /* owned; shorter candles, or NULL */
    gsize n_missing;
    gboolean is_synthetic;
} KwStudyPair;

/**
 * KwStudy:
 *
 * The candles are read once; a strategy can be built over them as often as one likes.
 */
typedef struct _KwStudy KwStudy;

/* @from_us, @to_us: rows that open in between are traded in, both included; %G_MININT64 and
 * %G_MAXINT64 for all */
KwStudy *kw_study_new(gint64 from_us, gint64 to_us);
void kw_study_free(KwStudy *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwStudy, kw_study_free)

/**
 * kw_study_add_pair:
 * @series: (transfer full)
 * @extras: (transfer full) (nullable): columns beside the candles, of the same rows
 */
KwStudyPair *
kw_study_add_pair(KwStudy *self, const KwPair *pair, KwSeries *series, KwCandleExtras *extras);

/* @series: (transfer full): candles of a pair that is not traded but looked at by the strategy,
 * of the same timeframe. Before kw_study_build(). */
void kw_study_add_neighbour(KwStudy *self, const gchar *pair, KwSeries *series);

/* @detail: (transfer full): shorter candles for kw_backtest_set_detail() */
void kw_study_set_detail(KwStudyPair *pair, KwSeries *detail);

/* (transfer full): SHA-256 of all candles, shorter ones and those of neighbours included, and
 * of the columns beside them */
gchar *kw_study_hash_candles(const KwStudy *self);

guint kw_study_get_n_pairs(const KwStudy *self);
KwStudyPair *kw_study_get_pair(KwStudy *self, guint index);

/**
 * kw_study_build:
 *
 * Computes the columns of @strategy for all pairs, and the rows to trade in: as many rows as
 * @strategy wants for its start are left out at the beginning of each pair.
 *
 * Returns: %FALSE with %KW_STRATEGY_ERROR, or %KW_MARKET_ERROR_EMPTY when no pair has enough
 *   rows; the message tells how many there are and how many it takes
 */
gboolean kw_study_build(KwStudy *self, const KwStrategy *strategy, GError **error);

/* Narrows the rows to trade in to those that open in between, both included: for windows of a
 * study that is built. Pairs without rows there play no part. */
void kw_study_set_window(KwStudy *self, gint64 from_us, gint64 to_us);

/* First and last opening of the rows that can be traded in; 0 when there are none */
gint64 kw_study_get_first_us(const KwStudy *self);
gint64 kw_study_get_last_us(const KwStudy *self);

/* (transfer full): the backtest after its run; %NULL with %KW_PARSE_ERROR_RANGE */
KwBacktest *kw_study_run(KwStudy *self, const KwBacktestOptions *options, GError **error);

/* Mean change of the pairs' closes over all rows that were read */
gdouble kw_study_get_market_change(const KwStudy *self);

G_END_DECLS
