/* kw-command-runs.h: the functions behind the rows of the command table */
#pragma once

#include "kw-command.h"

G_BEGIN_DECLS

/* questions */
void kw_cmd_status(KwCommandCtx *ctx);
void kw_cmd_open_trades(KwCommandCtx *ctx);
void kw_cmd_trade_detail(KwCommandCtx *ctx);
void kw_cmd_trade_history(KwCommandCtx *ctx);
void kw_cmd_profit(KwCommandCtx *ctx);
void kw_cmd_pair_performance(KwCommandCtx *ctx);
void kw_cmd_balance(KwCommandCtx *ctx);
void kw_cmd_drawdown(KwCommandCtx *ctx);
void kw_cmd_trade_stats(KwCommandCtx *ctx);
void kw_cmd_risk_status(KwCommandCtx *ctx);
void kw_cmd_errors(KwCommandCtx *ctx);
void kw_cmd_health(KwCommandCtx *ctx);
void kw_cmd_price(KwCommandCtx *ctx);
void kw_cmd_fees(KwCommandCtx *ctx);
void kw_cmd_config_show(KwCommandCtx *ctx);
void kw_cmd_pairs(KwCommandCtx *ctx);
void kw_cmd_summary(KwCommandCtx *ctx);
void kw_cmd_signals(KwCommandCtx *ctx);
void kw_cmd_venue(KwCommandCtx *ctx);

/* actions */
void kw_cmd_start(KwCommandCtx *ctx);
void kw_cmd_stop(KwCommandCtx *ctx);
void kw_cmd_pause_entries(KwCommandCtx *ctx);
void kw_cmd_set_threshold(KwCommandCtx *ctx);
void kw_cmd_pair_lock(KwCommandCtx *ctx);
void kw_cmd_accept(KwCommandCtx *ctx);
void kw_cmd_kill_on(KwCommandCtx *ctx);
void kw_cmd_kill_off(KwCommandCtx *ctx);
void kw_cmd_confirm(KwCommandCtx *ctx);
void kw_cmd_deny(KwCommandCtx *ctx);

/* talk */
void kw_cmd_help(KwCommandCtx *ctx);
void kw_cmd_explain(KwCommandCtx *ctx);
void kw_cmd_smalltalk(KwCommandCtx *ctx);
void kw_cmd_no_action(KwCommandCtx *ctx);
void kw_cmd_unclear(KwCommandCtx *ctx);

/* what is refused, and what is not set up */
void kw_cmd_order(KwCommandCtx *ctx);
void kw_cmd_restricted_change(KwCommandCtx *ctx);
void kw_cmd_advice(KwCommandCtx *ctx);
void kw_cmd_secrets(KwCommandCtx *ctx);
void kw_cmd_injection(KwCommandCtx *ctx);
void kw_cmd_model_info(KwCommandCtx *ctx);
void kw_cmd_model_history(KwCommandCtx *ctx);
void kw_cmd_training_status(KwCommandCtx *ctx);
void kw_cmd_retrain(KwCommandCtx *ctx);
void kw_cmd_deploy(KwCommandCtx *ctx);
void kw_cmd_rollback(KwCommandCtx *ctx);
void kw_cmd_backtest(KwCommandCtx *ctx);
void kw_cmd_chart(KwCommandCtx *ctx);
void kw_cmd_outlook(KwCommandCtx *ctx);
void kw_cmd_thoughts(KwCommandCtx *ctx);
void kw_cmd_tokens(KwCommandCtx *ctx);
void kw_cmd_analysis(KwCommandCtx *ctx);
void kw_cmd_notifications(KwCommandCtx *ctx);
void kw_cmd_set_language(KwCommandCtx *ctx);

G_END_DECLS
