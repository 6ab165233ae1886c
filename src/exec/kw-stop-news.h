/* kw-stop-news.h: judges what happens to the orders of a trade, by the owner's rules */
#pragma once

#include "kw-oms.h"
#include "kw-stop-guard.h"
#include "kw-stop-plan.h"

G_BEGIN_DECLS

/* What to do when the venue has refused a stop twice */
typedef enum {
    KW_STOP_REFUSED_SELL,  /* sell all of it at the market */
    KW_STOP_REFUSED_ALERT, /* tell the owner, and try again now and then */
} KwStopRefusedRule;

/* What to do when somebody else has cancelled a stop */
typedef enum {
    KW_STOP_CANCELLED_REPLACE, /* place it again, once for each trade */
    KW_STOP_CANCELLED_ALERT,   /* tell the owner and leave it */
} KwStopCancelledRule;

/**
 * KwStopRules:
 * @entry_patience_us: how long an entry that is part filled may go on working before it is
 *   cancelled, as nothing can be protected before it is over
 *
 * Plain value.
 */
typedef struct {
    KwStopTerms terms;
    KwStopRefusedRule on_refused;
    KwStopCancelledRule on_cancelled;
    gint64 entry_patience_us;
} KwStopRules;

/* @alert: a person must look; @refused: the venue refused a stop, which is tried once more */
typedef struct {
    void (*alert)(gpointer owner, const gchar *code, const gchar *pair);
    void (*refused)(gpointer owner, const gchar *pair);
} KwStopNewsEvents;

/**
 * KwStopNews: all borrowed
 * @owner: for @events
 *
 * Plain value.
 */
typedef struct {
    KwClock *clock;
    const KwStopRules *rules;
    const KwStopNewsEvents *events;
    gpointer owner;
} KwStopNews;

/* Notes in @guard what @outcome, of an order of its trade, means for the next step. */
void kw_stop_news_take(const KwStopNews *self, KwStopGuard *guard, const KwOmsOutcome *outcome);

G_END_DECLS
