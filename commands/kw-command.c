/* kw-command.c: the table of chat commands
 *
 * Everything that is said about a command is said here once: help, the tool list of a model
 * and the manual are made from these rows. Sorted by intent, which the lookup and a test
        use. */
#include "kw-command.h"

#include "kw-command-runs.h"
#include "kw-i18n.h"

#define READ(intent, slash, max_args, summary, run)                                            \
    {                                                                                          \
        intent, slash, 0, max_args, KW_ACCESS_READ, KW_TOOL_OFFERED, summary, run              \
    }
#define TALK(intent, slash, run)                                                               \
    {                                                                                          \
        intent, slash, 0, 0, KW_ACCESS_READ, KW_TOOL_NONE, "", run                             \
    }

static const KwCommand commands[] = {
    READ(KW_INTENT_STATUS,
         "/status",
         1,
         N_("State, result of the day, open trades"),
         kw_cmd_status),
    READ(KW_INTENT_OPEN_TRADES,
         "/positions /count",
         0,
         N_("Open trades one by one"),
         kw_cmd_open_trades),
    READ(KW_INTENT_TRADE_DETAIL, "/order", 1, N_("One trade in detail"), kw_cmd_trade_detail),
    READ(KW_INTENT_TRADE_HISTORY,
         "/trades",
         1,
         N_("Closed trades, newest first"),
         kw_cmd_trade_history),
    READ(KW_INTENT_PROFIT,
         "/profit /daily /weekly /monthly",
         1,
         N_("Profit and loss of a period"),
         kw_cmd_profit),
    READ(KW_INTENT_PAIR_PERFORMANCE,
         "/performance",
         0,
         N_("Result by pair"),
         kw_cmd_pair_performance),
    READ(KW_INTENT_BALANCE, "/balance", 0, N_("Account value and holdings"), kw_cmd_balance),
    READ(
        KW_INTENT_DRAWDOWN, "/drawdown", 0, N_("Loss from the highest value"), kw_cmd_drawdown),
    READ(KW_INTENT_TRADE_STATS,
         "/stats /entries /exits /mix_tags",
         0,
         N_("Win rate and other figures"),
         kw_cmd_trade_stats),
    READ(KW_INTENT_RISK_STATUS,
         "/risk /ftmo_status /kill_switch",
         0,
         N_("Limits and their use"),
         kw_cmd_risk_status),
    READ(KW_INTENT_ERRORS, "/logs", 1, N_("Errors and warnings"), kw_cmd_errors),
    READ(KW_INTENT_HEALTH,
         "/health /check /version",
         0,
         N_("State of the components"),
         kw_cmd_health),
    READ(KW_INTENT_MODEL_INFO, "/model", 1, N_("Model in service"), kw_cmd_model_info),
    READ(KW_INTENT_MODEL_HISTORY, "/models", 1, N_("Models so far"), kw_cmd_model_history),
    READ(KW_INTENT_BACKTEST, "/backtest", 1, N_("Backtest against the gate"), kw_cmd_backtest),
    READ(KW_INTENT_TRAINING_STATUS,
         "",
         0,
         N_("Training: running, next"),
         kw_cmd_training_status),
    READ(KW_INTENT_SIGNALS, "/signals", 0, N_("Entry signals of the day"), kw_cmd_signals),
    READ(KW_INTENT_PRICE, "/price", 1, N_("Price of a pair"), kw_cmd_price),
    READ(KW_INTENT_CHART,
         "/chart",
         1,
         N_("A picture: account value, drawdown or a pair"),
         kw_cmd_chart),
    READ(KW_INTENT_OUTLOOK, "/outlook", 1, N_("Market view of the night"), kw_cmd_outlook),
    READ(KW_INTENT_FEES, "/fees", 0, N_("Fees paid"), kw_cmd_fees),
    READ(KW_INTENT_CONFIG_SHOW,
         "/show_config /config",
         0,
         N_("Settings in force"),
         kw_cmd_config_show),
    READ(KW_INTENT_PAIRS,
         "/pairs /whitelist /locks",
         0,
         N_("Traded pairs and locks"),
         kw_cmd_pairs),
    TALK(KW_INTENT_TOKENS, "/tokens", kw_cmd_tokens),
    READ(KW_INTENT_THOUGHTS,
         "/thoughts /thought",
         2,
         N_("Cycles: what was seen and decided"),
         kw_cmd_thoughts),
    READ(KW_INTENT_SUMMARY, "/summary", 0, N_("Summary of a day or period"), kw_cmd_summary),
    TALK(KW_INTENT_ANALYSIS, "/ask", kw_cmd_analysis),
    READ(KW_INTENT_VENUE,
         "/abgleich /reconcile",
         0,
         N_("Books and exchange compared"),
         kw_cmd_venue),
    {KW_INTENT_START, "/start /resume", 0, 0, KW_ACCESS_RUN, KW_TOOL_OFFERED,
     N_("Trade again (with a code)"), kw_cmd_start},
    {KW_INTENT_STOP, "/stop", 0, 2, KW_ACCESS_HALT, KW_TOOL_OFFERED, N_("Stop trading at once"),
     kw_cmd_stop},
    {KW_INTENT_PAUSE_ENTRIES, "/pause /stopentry /stopbuy", 0, 2, KW_ACCESS_HALT,
     KW_TOOL_OFFERED, N_("No new entries"), kw_cmd_pause_entries},
    {KW_INTENT_SET_THRESHOLD, "/threshold", 1, 1, KW_ACCESS_RUN, KW_TOOL_OFFERED,
     N_("Confidence that an entry needs (lower: with a code)"), kw_cmd_set_threshold},
    {KW_INTENT_PAIR_LOCK, "/lock /unlock /blacklist /bl_delete", 1, 3, KW_ACCESS_RUN,
     KW_TOOL_OFFERED, N_("Lock a pair, or release it (with a code)"), kw_cmd_pair_lock},
    {KW_INTENT_ACCEPT, "/annehmen /accept", 0, 0, KW_ACCESS_RUN, KW_TOOL_NONE,
     N_("Accept a difference to the exchange (with a code)"), kw_cmd_accept},
    {KW_INTENT_CONFIRM, "/confirm", 1, 1, KW_ACCESS_RUN, KW_TOOL_NONE,
     N_("Carry out what waits for its code"), kw_cmd_confirm},
    {KW_INTENT_KILL_ON, "/kill", 0, 0, KW_ACCESS_HALT, KW_TOOL_OFFERED, N_("Kill switch on"),
     kw_cmd_kill_on},
    {KW_INTENT_KILL_OFF, "/kill_switch", 0, 0, KW_ACCESS_RUN, KW_TOOL_OFFERED,
     N_("Release the kill switch (with a code)"), kw_cmd_kill_off},
    {KW_INTENT_RETRAIN, "/retrain", 0, 0, KW_ACCESS_RUN, KW_TOOL_OFFERED,
     N_("Train a new model (with a code)"), kw_cmd_retrain},
    {KW_INTENT_DEPLOY, "/deploy", 0, 1, KW_ACCESS_RUN, KW_TOOL_OFFERED,
     N_("Put a model into service (with a code)"), kw_cmd_deploy},
    {KW_INTENT_ROLLBACK, "/rollback", 0, 1, KW_ACCESS_RUN, KW_TOOL_OFFERED,
     N_("Back to an earlier model (with a code)"), kw_cmd_rollback},
    {KW_INTENT_HELP, "/help", 0, 0, KW_ACCESS_READ, KW_TOOL_NONE, N_("What can be asked"),
     kw_cmd_help},
    TALK(KW_INTENT_EXPLAIN, "", kw_cmd_explain),
    TALK(KW_INTENT_SMALLTALK, "", kw_cmd_smalltalk),
    TALK(KW_INTENT_FOLLOWUP, "", kw_cmd_unclear), /* one without context; others are resolved */
    {KW_INTENT_DENY, "/cancel", 0, 0, KW_ACCESS_HALT, KW_TOOL_NONE,
     N_("Drop what waits for its code"), kw_cmd_deny},
    TALK(KW_INTENT_NOTIFICATIONS, "/mute /unmute", kw_cmd_notifications),
    TALK(KW_INTENT_SET_LANGUAGE, "/lang", kw_cmd_set_language),
    TALK(KW_INTENT_NO_ACTION, "", kw_cmd_no_action),
    TALK(KW_INTENT_UNCLEAR, "", kw_cmd_unclear),
    TALK(KW_INTENT_ORDER, "", kw_cmd_order),
    TALK(KW_INTENT_RESTRICTED_CHANGE, "", kw_cmd_restricted_change),
    TALK(KW_INTENT_ADVICE, "", kw_cmd_advice),
    TALK(KW_INTENT_SECRETS, "", kw_cmd_secrets),
    TALK(KW_INTENT_INJECTION, "", kw_cmd_injection),
};

G_STATIC_ASSERT(G_N_ELEMENTS(commands) == KW_N_INTENTS - 1);

const KwCommand *
kw_command_find(KwIntentId intent)
{
    if (intent <= KW_INTENT_NONE || intent >= KW_N_INTENTS)
        return NULL;
    return &commands[intent - 1];
}

const KwCommand *
kw_command_list(guint *out_n)
{
    g_return_val_if_fail(out_n != NULL, NULL);

    *out_n = G_N_ELEMENTS(commands);
    return commands;
}
