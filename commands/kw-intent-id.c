#include "kw-intent.h"

#include "kw-error.h"

#include <string.h>

static const struct {
    const gchar *name;
    KwIntentClass class;
    KwDirection direction;
} intents[KW_N_INTENTS] = {
    [KW_INTENT_NONE] = {"none", KW_INTENT_CLASS_META, KW_DIRECTION_NONE},
    [KW_INTENT_STATUS] = {"status", KW_INTENT_CLASS_READ, KW_DIRECTION_NONE},
    [KW_INTENT_OPEN_TRADES] = {"open_trades", KW_INTENT_CLASS_READ, KW_DIRECTION_NONE},
    [KW_INTENT_TRADE_DETAIL] = {"trade_detail", KW_INTENT_CLASS_READ, KW_DIRECTION_NONE},
    [KW_INTENT_TRADE_HISTORY] = {"trade_history", KW_INTENT_CLASS_READ, KW_DIRECTION_NONE},
    [KW_INTENT_PROFIT] = {"profit", KW_INTENT_CLASS_READ, KW_DIRECTION_NONE},
    [KW_INTENT_PAIR_PERFORMANCE] = {"pair_performance", KW_INTENT_CLASS_READ,
                                    KW_DIRECTION_NONE},
    [KW_INTENT_BALANCE] = {"balance", KW_INTENT_CLASS_READ, KW_DIRECTION_NONE},
    [KW_INTENT_DRAWDOWN] = {"drawdown", KW_INTENT_CLASS_READ, KW_DIRECTION_NONE},
    [KW_INTENT_TRADE_STATS] = {"trade_stats", KW_INTENT_CLASS_READ, KW_DIRECTION_NONE},
    [KW_INTENT_RISK_STATUS] = {"risk_status", KW_INTENT_CLASS_READ, KW_DIRECTION_NONE},
    [KW_INTENT_ERRORS] = {"errors", KW_INTENT_CLASS_READ, KW_DIRECTION_NONE},
    [KW_INTENT_HEALTH] = {"health", KW_INTENT_CLASS_READ, KW_DIRECTION_NONE},
    [KW_INTENT_MODEL_INFO] = {"model_info", KW_INTENT_CLASS_READ, KW_DIRECTION_NONE},
    [KW_INTENT_MODEL_HISTORY] = {"model_history", KW_INTENT_CLASS_READ, KW_DIRECTION_NONE},
    [KW_INTENT_BACKTEST] = {"backtest", KW_INTENT_CLASS_READ, KW_DIRECTION_NONE},
    [KW_INTENT_TRAINING_STATUS] = {"training_status", KW_INTENT_CLASS_READ, KW_DIRECTION_NONE},
    [KW_INTENT_SIGNALS] = {"signals", KW_INTENT_CLASS_READ, KW_DIRECTION_NONE},
    [KW_INTENT_PRICE] = {"price", KW_INTENT_CLASS_READ, KW_DIRECTION_NONE},
    [KW_INTENT_CHART] = {"chart", KW_INTENT_CLASS_READ, KW_DIRECTION_NONE},
    [KW_INTENT_OUTLOOK] = {"outlook", KW_INTENT_CLASS_READ, KW_DIRECTION_NONE},
    [KW_INTENT_FEES] = {"fees", KW_INTENT_CLASS_READ, KW_DIRECTION_NONE},
    [KW_INTENT_CONFIG_SHOW] = {"config_show", KW_INTENT_CLASS_READ, KW_DIRECTION_NONE},
    [KW_INTENT_PAIRS] = {"pairs", KW_INTENT_CLASS_READ, KW_DIRECTION_NONE},
    [KW_INTENT_TOKENS] = {"tokens", KW_INTENT_CLASS_READ, KW_DIRECTION_NONE},
    [KW_INTENT_THOUGHTS] = {"thoughts", KW_INTENT_CLASS_READ, KW_DIRECTION_NONE},
    [KW_INTENT_SUMMARY] = {"summary", KW_INTENT_CLASS_READ, KW_DIRECTION_NONE},
    [KW_INTENT_ANALYSIS] = {"analysis", KW_INTENT_CLASS_READ, KW_DIRECTION_NONE},
    [KW_INTENT_VENUE] = {"venue", KW_INTENT_CLASS_READ, KW_DIRECTION_NONE},
    [KW_INTENT_START] = {"start", KW_INTENT_CLASS_CONTROL, KW_DIRECTION_RISK},
    [KW_INTENT_STOP] = {"stop", KW_INTENT_CLASS_CONTROL, KW_DIRECTION_SAFE},
    [KW_INTENT_PAUSE_ENTRIES] = {"pause_entries", KW_INTENT_CLASS_CONTROL, KW_DIRECTION_SAFE},
    [KW_INTENT_SET_THRESHOLD] = {"set_threshold", KW_INTENT_CLASS_CONTROL, KW_DIRECTION_EITHER},
    [KW_INTENT_PAIR_LOCK] = {"pair_lock", KW_INTENT_CLASS_CONTROL, KW_DIRECTION_EITHER},
    [KW_INTENT_ACCEPT] = {"accept", KW_INTENT_CLASS_CONTROL, KW_DIRECTION_RISK},
    [KW_INTENT_CONFIRM] = {"confirm", KW_INTENT_CLASS_CONTROL, KW_DIRECTION_NONE},
    [KW_INTENT_KILL_ON] = {"kill_on", KW_INTENT_CLASS_KILL, KW_DIRECTION_SAFE},
    [KW_INTENT_KILL_OFF] = {"kill_off", KW_INTENT_CLASS_KILL, KW_DIRECTION_RISK},
    [KW_INTENT_RETRAIN] = {"retrain", KW_INTENT_CLASS_MODEL, KW_DIRECTION_RISK},
    [KW_INTENT_DEPLOY] = {"deploy", KW_INTENT_CLASS_MODEL, KW_DIRECTION_RISK},
    [KW_INTENT_ROLLBACK] = {"rollback", KW_INTENT_CLASS_MODEL, KW_DIRECTION_RISK},
    [KW_INTENT_HELP] = {"help", KW_INTENT_CLASS_META, KW_DIRECTION_NONE},
    [KW_INTENT_EXPLAIN] = {"explain", KW_INTENT_CLASS_META, KW_DIRECTION_NONE},
    [KW_INTENT_SMALLTALK] = {"smalltalk", KW_INTENT_CLASS_META, KW_DIRECTION_NONE},
    [KW_INTENT_FOLLOWUP] = {"followup", KW_INTENT_CLASS_META, KW_DIRECTION_NONE},
    [KW_INTENT_DENY] = {"deny", KW_INTENT_CLASS_META, KW_DIRECTION_SAFE},
    [KW_INTENT_NOTIFICATIONS] = {"notifications", KW_INTENT_CLASS_META, KW_DIRECTION_NONE},
    [KW_INTENT_SET_LANGUAGE] = {"set_language", KW_INTENT_CLASS_META, KW_DIRECTION_NONE},
    [KW_INTENT_NO_ACTION] = {"no_action", KW_INTENT_CLASS_META, KW_DIRECTION_NONE},
    [KW_INTENT_UNCLEAR] = {"unclear", KW_INTENT_CLASS_META, KW_DIRECTION_NONE},
    [KW_INTENT_ORDER] = {"order", KW_INTENT_CLASS_REFUSE, KW_DIRECTION_NONE},
    [KW_INTENT_RESTRICTED_CHANGE] = {"restricted_change", KW_INTENT_CLASS_REFUSE,
                                     KW_DIRECTION_NONE},
    [KW_INTENT_ADVICE] = {"advice", KW_INTENT_CLASS_REFUSE, KW_DIRECTION_NONE},
    [KW_INTENT_SECRETS] = {"secrets", KW_INTENT_CLASS_REFUSE, KW_DIRECTION_NONE},
    [KW_INTENT_INJECTION] = {"injection", KW_INTENT_CLASS_REFUSE, KW_DIRECTION_NONE},
};

const gchar *
kw_intent_id_to_string(KwIntentId id)
{
    g_return_val_if_fail((guint) id < KW_N_INTENTS, "none");

    return intents[id].name;
}

gboolean
kw_intent_id_from_string(const gchar *text, KwIntentId *out, GError **error)
{
    g_return_val_if_fail(text != NULL && out != NULL, FALSE);

    for (guint i = 0; i < KW_N_INTENTS; i++) {
        if (strcmp(text, intents[i].name) == 0) {
            *out = (KwIntentId) i;
            return TRUE;
        }
    }
    g_set_error_literal(error, KW_PARSE_ERROR, KW_PARSE_ERROR_SYNTAX, "no intent");
    return FALSE;
}

KwIntentClass
kw_intent_id_get_class(KwIntentId id)
{
    g_return_val_if_fail((guint) id < KW_N_INTENTS, KW_INTENT_CLASS_META);

    return intents[id].class;
}

KwDirection
kw_intent_id_get_direction(KwIntentId id)
{
    g_return_val_if_fail((guint) id < KW_N_INTENTS, KW_DIRECTION_NONE);

    return intents[id].direction;
}
