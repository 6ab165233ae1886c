/* kw-risk-text.h: the reasons of the risk layer in words */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What value and limit of a reason are */
typedef enum {
    KW_RISK_UNIT_NONE,
    KW_RISK_UNIT_MONEY,
    KW_RISK_UNIT_RATIO,
    KW_RISK_UNIT_COUNT,
} KwRiskUnit;

/**
 * KwRiskText:
 * @name: the stable name of the reason
 * @text: message id
 * @is_told: one refused entry is worth a message
 */
typedef struct {
    const gchar *name;
    const gchar *text;
    KwRiskUnit unit;
    gboolean is_told;
} KwRiskText;

/* (nullable) (transfer none): the row of @reason, static */
const KwRiskText *kw_risk_text_find(const gchar *reason);

/**
 * kw_risk_reason_text:
 * @reason: "max_open_trades", "kill_switch", ...: the stable name of a risk reason
 *
 * Returns: (transfer none): the reason in the owner's language, static; @reason itself when it
 *   is not known
 */
const gchar *kw_risk_reason_text(const gchar *reason);

G_END_DECLS
