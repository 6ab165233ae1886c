/* kw-fake-desk.h: KwQuery and KwControl over values that a test sets */
#pragma once

#include "kw-control.h"
#include "kw-query.h"

G_BEGIN_DECLS

#define KW_TYPE_FAKE_DESK (kw_fake_desk_get_type())
G_DECLARE_FINAL_TYPE(KwFakeDesk, kw_fake_desk, KW, FAKE_DESK, GObject)

/**
 * KwFakeDesk: all members may be set; lists are owned
 * @open: KwTradeView; also what the status lists
 * @closed: KwTradeView, newest first
 * @equity: KwEquityView; @candles: KwCandleView, of every pair; @models: KwModelView, and so
 *   on: all empty until a test or the fake day fills them
 * @refusal: when not empty, every action is refused with it
 * @n_actions: calls of KwControl that changed something
 * @last_action: "stop", "threshold 0.8", ...
 * @last_audit: "action detail" of the newest audit row
 * @n_audits: audit rows
 * @all_audits: (nullable): set by a test that wants each row, a line each; its own
 */
struct _KwFakeDesk {
    GObject parent_instance;

    KwStatusView status;
    GArray *equity, *candles, *signals, *steps, *models;
    GArray *differences; /* KwDifferenceView; those that wait count in status.venue */
    gboolean has_gate;
    KwGateView gate;
    KwTrainingView training;
    GHashTable *preferences; /* owned, texts */
    GArray *open, *closed, *pair_results, *errors, *health, *config, *pairs, *prices;
    KwBalanceView balance;
    KwDrawdownView drawdown;
    KwStatsView stats;
    KwRiskView risk;
    KwFeesView fees;
    KwDigestView digest;
    guint64 serial;
    gint64 month_us; /* what a digest takes for the start of the month */
    gchar refusal[KW_VIEW_TEXT_SIZE];
    guint n_actions;
    gchar last_action[KW_VIEW_TEXT_SIZE];
    gint64 last_reminder_us, last_until_us;
    guint n_audits;
    gchar last_audit[KW_VIEW_LONG_SIZE];
    GString *all_audits;
};

/* The value of a number that the test writes down */
KwDecimal kw_fake_decimal(const gchar *text);

G_END_DECLS
