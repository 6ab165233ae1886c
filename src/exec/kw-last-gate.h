/* kw-last-gate.h: between the order manager and a real venue: nothing leaves that was not meant
 */
#pragma once

#include "kw-broker.h"
#include "kw-clock.h"
#include "kw-journal.h"

G_BEGIN_DECLS

/**
 * KwLastGateLimits:
 * @max_buys_per_minute: 0 = none; twice as many sells may leave, so that entries never use up
 *   what exits need
 * @max_buy_value: quote currency, price times amount of one buy; zero = none
 */
typedef struct {
    guint max_buys_per_minute;
    KwDecimal max_buy_value;
} KwLastGateLimits;

#define KW_TYPE_LAST_GATE (kw_last_gate_get_type())
G_DECLARE_FINAL_TYPE(KwLastGate, kw_last_gate, KW, LAST_GATE, GObject)

/**
 * kw_last_gate_new:
 * @journal, @broker: the real ones; references are kept
 *
 * Implements KwJournal and KwBroker; hand it to the order manager as both. It sees every intent
 * become durable and lets each of them leave once: an order without a durable intent, or one
 * that leaves a second time, is stopped here, whatever the parts above have done.
 *
 * What it stops is a breach: from the first one on no buy leaves any more, in this process.
 * Sells go on, each with its intent and within their rate.
 *
 * Signal "breach" (const gchar *code, const KwOrder *): "order_without_intent", "order_rate" or
 * "order_value"; told for each order that is stopped, but for buys after the first breach.
 *
 * Returns: (transfer full)
 */
KwLastGate *kw_last_gate_new(KwClock *clock,
                             KwJournal *journal,
                             KwBroker *broker,
                             const KwLastGateLimits *limits);

/* (nullable): code of the first breach; static */
const gchar *kw_last_gate_get_breach(KwLastGate *self);

G_END_DECLS
