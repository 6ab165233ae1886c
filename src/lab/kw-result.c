#include "kw-result.h"

KwResult *
kw_result_new(const KwBacktest *backtest, const KwResultFacts *facts)
{
    KwResult *self = g_new0(KwResult, 1);
    const KwPortfolio *portfolio = kw_backtest_get_portfolio(backtest);

    self->backtest = backtest;
    self->facts = facts;
    self->trades = g_array_new(FALSE, FALSE, sizeof(KwStatsTrade));
    for (guint i = 0; i < kw_portfolio_get_n_closed(portfolio); i++) {
        const KwTrade *trade = kw_portfolio_get_closed(portfolio, i);
        KwStatsTrade sample = {.pair = trade->pair,
                               .enter_tag = trade->enter_tag,
                               .exit_reason = trade->exit_reason,
                               .profit_abs = kw_decimal_to_double(trade->profit_abs),
                               .profit_ratio = trade->profit_ratio,
                               .stake = kw_decimal_to_double(trade->stake),
                               .open_us = trade->open_us,
                               .close_us = trade->close_us};

        g_array_append_val(self->trades, sample);
    }
    self->input = (KwStatsInput){
        .trades = (const KwStatsTrade *) (gconstpointer) self->trades->data,
        .n_trades = self->trades->len,
        .capital = kw_decimal_to_double(kw_portfolio_get_starting_capital(portfolio)),
        .start_us = kw_backtest_get_start_us(backtest),
        .end_us = kw_backtest_get_end_us(backtest),
    };
    kw_backtest_stats_compute(&self->input, &self->stats);
    return self;
}

void
kw_result_free(KwResult *self)
{
    if (self == NULL)
        return;
    g_array_unref(self->trades);
    g_free(self);
}
