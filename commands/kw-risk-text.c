/* kw-risk-text.c: the reasons of the risk layer in words
 *
 * Chat sees reasons by their stable names alone, so that what stands here is a table of texts
 * and not a second list of checks. A name that is not known is shown as it is. */
#include "kw-risk-text.h"

#include "kw-i18n.h"

#include <string.h>

static const KwRiskText reasons[] = {
    {"kill_switch", N_("kill switch is on"), KW_RISK_UNIT_NONE, TRUE},
    {"kill_unreadable", N_("state of the kill switch cannot be read, counts as on"),
     KW_RISK_UNIT_NONE, TRUE},
    {"engine_state", N_("entries are switched off"), KW_RISK_UNIT_NONE, FALSE},
    {"venue", N_("books and exchange do not agree"), KW_RISK_UNIT_NONE, FALSE},
    {"data_age", N_("prices are too old"), KW_RISK_UNIT_NONE, TRUE},
    {"price_zero", N_("price is not usable"), KW_RISK_UNIT_NONE, TRUE},
    {"price_jump", N_("price jumped too far"), KW_RISK_UNIT_RATIO, TRUE},
    {"spread", N_("spread is too wide"), KW_RISK_UNIT_RATIO, TRUE},
    {"depth", N_("the order book offers too little"), KW_RISK_UNIT_NONE, TRUE},
    {"pair_unknown", N_("pair is not on the list"), KW_RISK_UNIT_NONE, TRUE},
    {"pair_locked", N_("pair is locked"), KW_RISK_UNIT_NONE, FALSE},
    {"pair_busy", N_("pair already has a trade"), KW_RISK_UNIT_NONE, FALSE},
    {"max_open_trades", N_("all slots are in use"), KW_RISK_UNIT_COUNT, FALSE},
    {"max_exposure_pair", N_("limit of the pair is used up"), KW_RISK_UNIT_MONEY, FALSE},
    {"max_exposure_total", N_("limit of all positions is used up"), KW_RISK_UNIT_MONEY, FALSE},
    {"min_stake", N_("stake is too small"), KW_RISK_UNIT_MONEY, TRUE},
    {"max_stake", N_("stake is too large"), KW_RISK_UNIT_MONEY, TRUE},
    {"cash", N_("free balance is not enough"), KW_RISK_UNIT_MONEY, FALSE},
    {"max_orders_per_minute", N_("too many orders in one minute"), KW_RISK_UNIT_COUNT, TRUE},
    {"max_orders_per_hour", N_("too many orders in one hour"), KW_RISK_UNIT_COUNT, TRUE},
    {"max_losses_in_row", N_("too many losses in a row"), KW_RISK_UNIT_COUNT, TRUE},
    {"max_daily_loss_abs", N_("daily limit is used up"), KW_RISK_UNIT_MONEY, TRUE},
    {"max_daily_loss_ratio", N_("daily limit is used up"), KW_RISK_UNIT_RATIO, TRUE},
    {"max_drawdown_ratio", N_("drawdown limit is reached"), KW_RISK_UNIT_RATIO, TRUE},
    {"equity_unknown", N_("account value is not known"), KW_RISK_UNIT_NONE, TRUE},
    {"confidence", N_("confidence is below the threshold"), KW_RISK_UNIT_RATIO, FALSE},
    {"held", N_("nothing to sell"), KW_RISK_UNIT_NONE, FALSE},
    /* of the last gate before the exchange */
    {"order_without_intent", N_("an order was stopped that nobody had decided"),
     KW_RISK_UNIT_NONE, TRUE},
    {"order_rate", N_("an order was stopped: too many in one minute"), KW_RISK_UNIT_NONE, TRUE},
    {"order_value", N_("an order was stopped: larger than allowed"), KW_RISK_UNIT_NONE, TRUE},
};

const KwRiskText *
kw_risk_text_find(const gchar *reason)
{
    g_return_val_if_fail(reason != NULL, NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(reasons); i++) {
        if (strcmp(reasons[i].name, reason) == 0)
            return &reasons[i];
    }
    return NULL;
}

const gchar *
kw_risk_reason_text(const gchar *reason)
{
    const KwRiskText *row;

    g_return_val_if_fail(reason != NULL, "");

    row = kw_risk_text_find(reason);
    return row != NULL ? _(row->text) : reason;
}
