/* kw-stop-news.c: what an order's change means for the stop of its trade
 *
 * The keeper's next step follows from orders and books by itself; here is what they do not
 * say: that a stop was refused, and how often, that somebody else has cancelled it, that the
 * venue has lost it, that the emergency sale of it has failed. For the first two the owner has
 * a rule. What was told is told once for each trade, but for what nobody wanted. */
#include "kw-stop-news.h"

#define MAX_REFUSALS 2

static void
tell(const KwStopNews *self,
     KwStopGuard *guard,
     KwStopTold what,
     const gchar *code,
     const gchar *pair)
{
    if (kw_stop_guard_may_tell(guard, what))
        self->events->alert(self->owner, code, pair);
}

/* -- refused -- */

static void
on_stop_refused(const KwStopNews *self, KwStopGuard *guard, const KwOrder *order)
{
    kw_stop_guard_pause(guard, kw_clock_monotonic_us(self->clock));
    guard->n_refused++;
    guard->n_refused_all++;
    if (guard->n_refused < MAX_REFUSALS) {
        guard->is_searching = TRUE;
        self->events->refused(self->owner, order->pair);
        return;
    }
    switch (self->rules->on_refused) {
    case KW_STOP_REFUSED_SELL:
        guard->is_emergency = TRUE;
        guard->rest_mono_us = 0;
        tell(self, guard, KW_STOP_TOLD_EMERGENCY, "stop_emergency", order->pair);
        break;
    case KW_STOP_REFUSED_ALERT:
        tell(self, guard, KW_STOP_TOLD_REFUSED, "stop_refused", order->pair);
        break;
    }
}

/* -- cancelled by somebody else -- */

static void
on_stop_cancelled(const KwStopNews *self, KwStopGuard *guard, const KwOrder *order)
{
    gboolean may_replace =
        self->rules->on_cancelled == KW_STOP_CANCELLED_REPLACE && !guard->was_replaced;

    guard->was_replaced = TRUE;
    guard->is_left = !may_replace;
    guard->n_replaced += may_replace ? 1 : 0;
    if (may_replace)
        tell(self, guard, KW_STOP_TOLD_REPLACED, "stop_replaced", order->pair);
    else
        tell(self, guard, KW_STOP_TOLD_CANCELLED, "stop_cancelled", order->pair);
}

/* The venue has lost it: nobody wanted that, so no rule speaks against another one. */
static void
on_stop_lost(const KwStopNews *self, KwStopGuard *guard, const KwOrder *order)
{
    guard->n_replaced++;
    self->events->alert(self->owner, "stop_lost", order->pair);
}

/* -- by kind -- */

static void
take_stop_news(const KwStopNews *self, KwStopGuard *guard, const KwOmsOutcome *outcome)
{
    const KwOrder *order = &outcome->order;

    guard->has_fired = guard->has_fired || kw_decimal_sign(order->filled) > 0;
    if (order->state == KW_ORDER_STATE_OPEN || order->state == KW_ORDER_STATE_PARTIAL) {
        guard->n_refused = guard->n_pauses = 0;
        guard->told &= ~(guint) KW_STOP_TOLD_REFUSED;
    } else if (order->state == KW_ORDER_STATE_REJECTED) {
        on_stop_refused(self, guard, order);
    } else if (outcome->was_lost) {
        on_stop_lost(self, guard, order);
    } else if (order->state == KW_ORDER_STATE_CANCELLED && !outcome->was_withdrawn) {
        on_stop_cancelled(self, guard, order);
    }
}

static void
take_entry_news(KwStopGuard *guard, const KwOrder *order)
{
    if (!kw_order_state_is_final(order->state))
        return;
    guard->is_partial = FALSE;
    guard->rest_mono_us = 0;
}

/* The sale was refused as well: the venue may be closed to all orders. Then the stop has the
 * next attempt, as a position that is protected again need not be sold. */
static void
take_sale_news(const KwStopNews *self, KwStopGuard *guard, const KwOrder *order)
{
    if (!guard->is_emergency || !kw_order_state_is_final(order->state))
        return;
    kw_stop_guard_pause(guard, kw_clock_monotonic_us(self->clock));
    if (order->state != KW_ORDER_STATE_REJECTED)
        return;
    guard->is_emergency = FALSE;
    guard->n_refused = MAX_REFUSALS - 1;
}

void
kw_stop_news_take(const KwStopNews *self, KwStopGuard *guard, const KwOmsOutcome *outcome)
{
    const KwOrder *order = &outcome->order;

    g_return_if_fail(self != NULL && guard != NULL && outcome != NULL);

    if (order->side == KW_SIDE_BUY)
        take_entry_news(guard, order);
    else if (order->type == KW_ORDER_TYPE_STOP_LOSS)
        take_stop_news(self, guard, outcome);
    else if (order->type == KW_ORDER_TYPE_TAKE_PROFIT)
        guard->has_no_target = guard->has_no_target || kw_order_state_is_final(order->state);
    else
        take_sale_news(self, guard, order);
}
