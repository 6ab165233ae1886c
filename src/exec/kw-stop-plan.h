/* kw-stop-plan.h: what has to be done so that a trade's stop and target at the venue fit it */
#pragma once

#include "kw-trade.h"

G_BEGIN_DECLS

#define KW_STOP_MAX_TARGET_SHARE 0.5

/**
 * KwStopTerms:
 * @min_step_ratio: of the price: a stop is trailed by no smaller steps, >= 0
 * @target_ratio: above the open rate; 0 = no target waits at the venue
 * @target_share: of what was bought, that the target sells;
 *   0..%KW_STOP_MAX_TARGET_SHARE, as what the target offers the stop cannot offer
 */
typedef struct {
    gdouble min_step_ratio;
    gdouble target_ratio;
    gdouble target_share;
} KwStopTerms;

/**
 * KwStopStepKind:
 * @KW_STOP_STEP_NONE: all is as it should be
 * @KW_STOP_STEP_WAIT: an order of the trade is on its way: ask again when it is settled
 * @KW_STOP_STEP_END_ENTRY: cancel the entry, it is part filled and still works
 * @KW_STOP_STEP_CANCEL: cancel a stop or target
 * @KW_STOP_STEP_AMEND: change it
 * @KW_STOP_STEP_PLACE_STOP, @KW_STOP_STEP_PLACE_TARGET: a new order
 * @KW_STOP_STEP_TOO_SMALL: what is held is below the minimum of the market: it cannot be
 *   protected
 */
typedef enum {
    KW_STOP_STEP_NONE,
    KW_STOP_STEP_WAIT,
    KW_STOP_STEP_END_ENTRY,
    KW_STOP_STEP_CANCEL,
    KW_STOP_STEP_AMEND,
    KW_STOP_STEP_PLACE_STOP,
    KW_STOP_STEP_PLACE_TARGET,
    KW_STOP_STEP_TOO_SMALL,
} KwStopStepKind;

/**
 * KwStopStep:
 * @client_id: of the order to change or cancel, "" otherwise
 * @price, @amount: as the order shall be; of an amend with what is filled already
 *
 * Plain value.
 */
typedef struct {
    KwStopStepKind kind;
    gchar client_id[KW_ID_SIZE];
    KwDecimal price, amount;
} KwStopStep;

/**
 * KwStopFacts: all borrowed
 * @trade_id: what it is about
 * @trade: (nullable): the trade, if it is not over
 * @orders: (array length=n_orders): orders that are not over, of any trade
 * @may_target: %FALSE once a stop of the trade has sold something, or its target was refused
 * @is_rigid: the venue changes no amount of a working order: one that offers too much is
 *   cancelled, and another one takes its place
 */
typedef struct {
    gint64 trade_id;
    const KwTrade *trade;
    const KwOrder *const *orders;
    guint n_orders;
    const KwPair *pair;
    const KwStopTerms *terms;
    gboolean may_target, is_rigid;
} KwStopFacts;

/* What is of @trade and smaller than this, no stop can protect: a rest below the step of @pair,
 * or all of it, when an order over all of it, at its stop, is below the minimum (a trade
 * without a stop price is not judged) */
KwDecimal kw_stop_plan_get_dust(const KwTrade *trade, const KwPair *pair);

/* Whether all that @trade holds can be sold at @price; what is below the minimum of @pair waits
 */
gboolean kw_stop_plan_is_sellable(const KwTrade *trade, const KwPair *pair, KwDecimal price);

/* The next step, by what is there; after it is settled, ask again. */
KwStopStep kw_stop_plan_next(const KwStopFacts *facts);

G_END_DECLS
