/* kw-exit.h: when and at which price a trade ends (facts: backtest semantics, sections 5-6) */
#pragma once

#include "kw-candle.h"
#include "kw-strategy-terms.h"
#include "kw-trade.h"

G_BEGIN_DECLS

/**
 * KwExitSignal: the signals of the row before (shifted), as the row that acts sees them
 */
typedef struct {
    gboolean enter;
    gboolean exit;
} KwExitSignal;

typedef enum {
    KW_EXIT_NONE,
    KW_EXIT_SIGNAL,        /* "exit_signal" */
    KW_EXIT_STOP_LOSS,     /* "stop_loss" */
    KW_EXIT_ROI,           /* "roi" */
    KW_EXIT_TRAILING_STOP, /* "trailing_stop_loss" */
    KW_EXIT_FORCED,        /* "force_exit" */
} KwExitReason;

const gchar *kw_exit_reason_to_string(KwExitReason reason);

/* What the trade is to say: the tag of the strategy for an exit by its signal, if it has one */
const gchar *kw_exit_name_reason(KwExitReason reason, const gchar *exit_tag);

/* First stop of a trade: round_up(price * (1 - |stoploss|), tick); sets stop, initial_stop,
 * stop_ratio, is_trailing. */
gboolean kw_exit_set_initial_stop(KwTrade *trade,
                                  const KwStrategyTerms *terms,
                                  KwDecimal price,
                                  KwDecimal price_tick,
                                  GError **error);

/* The rate at which a trade opened at its open_rate has the profit that its first step asks
 * for, after fees; %FALSE when no step says so. */
gboolean
kw_exit_get_target(const KwTrade *trade, const KwStrategyTerms *terms, gdouble *out_rate);

/**
 * kw_exit_evaluate:
 * @trade: max_rate, min_rate, stop and trailing fields are updated in it
 * @candle: the complete row
 * @out_price: (out caller-allocates): the exit price as a double, when an exit is due
 *
 * Returns: %KW_EXIT_NONE or the reason
 */
KwExitReason kw_exit_evaluate(KwTrade *trade,
                              const KwStrategyTerms *terms,
                              const KwCandle *candle,
                              KwExitSignal signal,
                              KwDecimal price_tick,
                              gdouble *out_price);

/* Highest and lowest rate of the trade's life, by a candle that is not evaluated */
void kw_exit_widen_range(KwTrade *trade, gdouble high, gdouble low);

G_END_DECLS
