/* kw-stop-keeper.h: keeps the protective stop of every open trade at the venue */
#pragma once

#include "kw-oms.h"
#include "kw-risk.h"
#include "kw-stop-news.h"

G_BEGIN_DECLS

#define KW_STOP_BARE_US (90 * (gint64) G_USEC_PER_SEC) /* never longer without a stop */

#define KW_TYPE_STOP_KEEPER (kw_stop_keeper_get_type())
G_DECLARE_FINAL_TYPE(KwStopKeeper, kw_stop_keeper, KW, STOP_KEEPER, GObject)

/**
 * kw_stop_keeper_new:
 * @broker: the one of @oms; where no stops can wait (paper) nothing is ever done
 * @rules: copied
 *
 * References are kept. Acts on every "settled" of @oms; call
 * kw_stop_keeper_review() once after a restart, when what the store holds is back and looked
 * up, and whenever stops of trades have been moved.
 *
 * Signal "refused" (const gchar *pair): the venue refused a stop. It is tried once more in a
 * few seconds: a chance to renew the pair with kw_stop_keeper_set_pair().
 *
 * Signal "alert" (const gchar *code, const gchar *pair), once for each trade and code:
 *   "stop_refused"    refused twice: the position is not protected at the venue
 *   "stop_emergency"  refused twice: it is sold at the market now
 *   "stop_replaced"   somebody has cancelled the stop; it is placed again
 *   "stop_cancelled"  somebody has cancelled the stop; it stays away
 *   "stop_lost"       the venue had it and provably has it no longer; it is placed again (told
 *                     each time)
 *   "stop_missing"    no stop is confirmed at the venue, and soon that is longer than may be
 *                     (told each time)
 *   "stop_too_small"  what is held is below the minimum of the market
 *
 * Returns: (transfer full)
 */
KwStopKeeper *kw_stop_keeper_new(KwClock *clock,
                                 KwOms *oms,
                                 KwBroker *broker,
                                 KwPortfolio *portfolio,
                                 KwRisk *risk,
                                 const KwStopRules *rules);

/* @pair: copied: steps and minima of a market; until then those of kw_pair_init() hold */
void kw_stop_keeper_set_pair(KwStopKeeper *self, const KwPair *pair);

/**
 * kw_stop_keeper_review:
 *
 * Looks at every open trade and takes its next step: places, amends or cancels a stop or
 * target, or waits. Cheap when nothing has changed. Not from inside "settled": there it comes
 * by itself.
 */
void kw_stop_keeper_review(KwStopKeeper *self);

/* The owner says so: what was refused, cancelled or given up is tried anew. */
void kw_stop_keeper_retry(KwStopKeeper *self, gint64 trade_id);

/* (transfer full): how often stops of open trades were refused and placed again, and what was
 * told of them; for the store */
gchar *kw_stop_keeper_dup_counts(KwStopKeeper *self);

/* Puts back what kw_stop_keeper_dup_counts() has told, before the first review. */
void kw_stop_keeper_restore_counts(KwStopKeeper *self, const gchar *text);

/* Of the open trades: stops that were refused, and that were placed again */
void kw_stop_keeper_get_counts(KwStopKeeper *self, guint *out_n_refused, guint *out_n_replaced);

/* kw_stop_plan_get_dust() by the rules of now; zero for a trade that is not known */
KwDecimal kw_stop_keeper_get_dust(KwStopKeeper *self, gint64 trade_id);

/* TRUE if stops and target that work offer all that the trade holds, a rest below the smallest
 * step left out */
gboolean kw_stop_keeper_is_covered(KwStopKeeper *self, gint64 trade_id);

G_END_DECLS
