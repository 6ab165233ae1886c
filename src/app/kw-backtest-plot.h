/* kw-backtest-plot.h: pictures of a finished backtest */
#pragma once

#include "kw-format.h"
#include "kw-lab-input.h"
#include "kw-result.h"

G_BEGIN_DECLS

/**
 * kw_backtest_plot_write:
 * @path: "run.png" gets equity and drawdown; "run-BTC_USDT.png" and so on beside it the last
 *   candles of each pair with its trades
 *
 * Returns: the number of files written; 0 with an error
 */
guint kw_backtest_plot_write(const gchar *path,
                             KwFormat *format,
                             const KwLabInput *input,
                             const KwResult *result,
                             GError **error);

G_END_DECLS
