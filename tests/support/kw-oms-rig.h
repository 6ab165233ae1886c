/* kw-oms-rig.h: an order manager between fakes, with a restart */
#pragma once

#include "kw-fake-broker.h"
#include "kw-fake-journal.h"
#include "kw-oms.h"
#include "kw-paper-broker.h"
#include "kw-risk.h"

G_BEGIN_DECLS

#define KW_RIG_CANDLE_US G_GINT64_CONSTANT(3600000000)

/* A submit or cancel and what came of it */
typedef struct {
    gboolean is_done, is_ok;
    GQuark domain;
    gint code;
    KwOmsOutcome outcome;
} KwRigCall;

/**
 * KwOmsRig:
 * @venue: the broker as a fake venue, %NULL with a paper broker
 * @alerts: codes in the order of their coming, each followed by a blank
 * @n_settled: number of "settled" signals
 */
typedef struct {
    KwFakeClock *clock;
    KwFakeJournal *journal;
    KwBroker *broker;
    KwFakeBroker *venue;
    KwKillSwitch *kill_switch;
    KwRisk *risk;
    KwPortfolio *portfolio;
    KwOms *oms;
    GString *alerts;
    guint n_settled;
    GPtrArray *calls; /* owned KwRigCall */
} KwOmsRig;

/* 100,000 of cash, wide limits. @broker: (transfer full): fake or paper */
KwOmsRig *kw_oms_rig_new(KwBroker *broker);
void kw_oms_rig_free(KwOmsRig *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwOmsRig, kw_oms_rig_free)

/* Runs the main loop until nothing is left to do now. */
void kw_oms_rig_run(KwOmsRig *self);

/* Moves the clock in small steps and runs the loop after each. */
void kw_oms_rig_pass(KwOmsRig *self, gint64 delta_us);

/* Kills the process and starts the next from what is in the journal; @broker: (transfer full)
 * (nullable): a new broker, as a paper broker forgets. No reconciliation. */
void kw_oms_rig_restart(KwOmsRig *self, KwBroker *broker);

/* Reconciles. Returns: whether it finished without error */
gboolean kw_oms_rig_reconcile(KwOmsRig *self);

/**
 * KwRigOrder: what to place
 * @candle: number of the candle that decides
 * @price, @amount: decimal text
 * @is_stop: a stop-loss whose trigger is @price
 * @ticket_amount: what the risk checks allow; NULL: @amount
 * @extra: (transfer full) (nullable)
 */
typedef struct {
    const gchar *pair;
    KwSide side;
    gint64 candle;
    const gchar *price;
    const gchar *amount;
    const gchar *ticket_amount;
    gboolean is_stop;
    KwBatch *extra;
    GCancellable *cancellable;
} KwRigOrder;

/* Starts to submit; does not run the loop. A sell is of the open trade of the pair. */
KwRigCall *kw_oms_rig_submit(KwOmsRig *self, const KwRigOrder *what);
KwRigCall *kw_oms_rig_cancel(KwOmsRig *self, const gchar *client_id);
KwRigCall *kw_oms_rig_amend(KwOmsRig *self,
                            const gchar *client_id,
                            const gchar *price,
                            const gchar *amount);

/* Submits and runs the loop: one unit of 100 at candle @candle */
KwRigCall *kw_oms_rig_buy(KwOmsRig *self, const gchar *pair, gint64 candle);

/* The same with all that the open trade holds, for 110 */
KwRigCall *kw_oms_rig_sell(KwOmsRig *self, const gchar *pair, gint64 candle);

KwDecimal kw_oms_rig_decimal(const gchar *text);

/* Base currency held in @pair */
KwDecimal kw_oms_rig_get_held(KwOmsRig *self, const gchar *pair);

/* The ledger adds up, and memory is what the journal would restore */
void kw_oms_rig_assert_sound(KwOmsRig *self);

G_END_DECLS
