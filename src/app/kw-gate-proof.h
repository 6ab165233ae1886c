/* kw-gate-proof.h: what a judged backtest proves: which strategy, on which candles */
#pragma once

#include "kw-gate-input.h"
#include "kw-settings.h"

G_BEGIN_DECLS

#define KW_GATE_PROOF_DAYS 85 /* a judged result covers at least so many */

/**
 * kw_gate_proof_make_subject:
 * @name, @identity: of the strategy
 * @model: its models; "" without
 *
 * Returns: (transfer full): the subject of the evidence: another text, other parameters or
 *   another model have another one
 */
gchar *kw_gate_proof_make_subject(const gchar *name, const gchar *identity, const gchar *model);

/* Whether @subject is of a strategy of this @name, whatever its text */
gboolean kw_gate_proof_is_of(const gchar *subject, const gchar *name);

/**
 * kw_gate_proof_find_own_subject:
 * @out_name: (out) (transfer full): of the configured strategy; "" when it cannot be loaded
 *
 * Loads it, and the models it asks for. Blocks.
 *
 * Returns: (transfer full): the subject that evidence has to have
 */
gchar *kw_gate_proof_find_own_subject(const KwSettings *settings, gchar **out_name);

/**
 * kw_gate_proof_find_fault:
 * @result: of the last three months
 *
 * Looks at the candles in the data root, not at what the file says of them: each pair that is
 * traded has to be in the result, and its candles of that time have to be of the exchange.
 *
 * Returns: (transfer full) (nullable): why the result proves nothing; %NULL when it does
 */
gchar *kw_gate_proof_find_fault(const KwSettings *settings, const KwGateInput *result);

G_END_DECLS
