/* kw-limits.h: the hard limits of limits.conf, as values */
#pragma once

#include "kw-decimal.h"

G_BEGIN_DECLS

/**
 * KwLimits:
 *
 * Ratios are 0..1; money is quote currency. A zero means "no such limit" only where said.
 * Where the configuration of the bot names a limit as well, the tighter one wins. A loss that
 * reaches its limit exactly has hit it.
 */
typedef struct {
    guint max_open_trades;          /* 1.. */
    KwDecimal max_exposure_pair;    /* sum of stakes in one pair; zero = none */
    KwDecimal max_exposure_total;   /* sum of stakes; zero = none */
    KwDecimal min_stake, max_stake; /* zero max = none */
    guint max_orders_per_hour;      /* 0 = none */
    guint max_orders_per_minute;    /* 0 = none */
    guint max_losses_in_row;        /* 0 = none */
    KwDecimal max_daily_loss_abs;   /* zero = none */
    gdouble max_daily_loss_ratio;   /* of the reference at the start of the day; 0 = none */
    gdouble max_drawdown_ratio;     /* below the highest equity; 0 = none */
    gdouble max_data_age_candles;   /* age of the newest close in timeframes */
    gdouble max_price_jump_ratio;   /* between two closes, e.g. 0.5 */
    gdouble max_spread_ratio;       /* (ask - bid) / mid */
} KwLimits;

/**
 * kw_limits_check:
 *
 * Returns: %TRUE, or %FALSE with %KW_CONFIG_ERROR_INVALID; the message has a line for every
 *   value that is wrong: key, value, range
 */
gboolean kw_limits_check(const KwLimits *limits, GError **error);

G_END_DECLS
