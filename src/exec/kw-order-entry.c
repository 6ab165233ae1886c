/* kw-order-entry.c: made with its order, and the answers that callers get about it */
#include "kw-order-entry.h"

KwOrderEntry *
kw_order_entry_new(const KwOrder *order,
                   KwClock *clock,
                   KwBroker *broker,
                   KwBooker *booker,
                   const KwInquiryEvents *events,
                   GObject *owner)
{
    KwOrderEntry *self = g_new0(KwOrderEntry, 1);

    self->owner = owner;
    self->order = *order;
    self->due_mono_us = G_MAXINT64;
    self->inquiry = kw_inquiry_new(clock, broker, &self->order, events, self, owner);
    self->change = (KwOrderChange){
        .broker = broker, .booker = booker, .inquiry = self->inquiry, .order = &self->order};
    return self;
}

void
kw_order_entry_free(gpointer entry)
{
    KwOrderEntry *self = entry;

    if (self == NULL)
        return;
    g_clear_pointer(&self->inquiry, kw_inquiry_free);
    g_clear_pointer(&self->trade, g_free);
    g_clear_object(&self->submit);
    g_free(self);
}

gboolean
kw_order_entry_may_be_lost(const KwOrderEntry *self, gint64 patience_us)
{
    g_return_val_if_fail(self != NULL, FALSE);

    return self->order.state == KW_ORDER_STATE_UNKNOWN && self->order.venue_id[0] != '\0' &&
           !kw_booker_has_news(self->change.booker, &self->order) &&
           kw_inquiry_is_fruitless(self->inquiry, patience_us);
}

void
kw_order_entry_fill_outcome(const KwOrderEntry *self, KwPortfolio *portfolio, KwOmsOutcome *out)
{
    const KwTrade *trade = kw_portfolio_find_trade(portfolio, self->order.trade_id);

    *out = (KwOmsOutcome){.order = self->order,
                          .was_withdrawn =
                              kw_cancel_notes_has(self->change.notes, self->order.client_id),
                          .was_lost = self->was_lost};
    if (trade != NULL)
        out->trade = *trade;
}

void
kw_order_entry_answer(const KwOrderEntry *self,
                      GTask *task,
                      KwPortfolio *portfolio,
                      KwOrderAnswer answer)
{
    KwOmsOutcome *outcome;

    if (task == NULL)
        return;
    outcome = g_new(KwOmsOutcome, 1);
    kw_order_entry_fill_outcome(self, portfolio, outcome);
    outcome->already_done = answer == KW_ORDER_ANSWER_ALREADY_DONE;
    g_task_return_pointer(task, outcome, g_free);
    g_object_unref(task);
}

gboolean
kw_order_entry_finish(GAsyncResult *result, KwOmsOutcome *out, GError **error)
{
    g_autofree KwOmsOutcome *outcome = NULL;

    g_return_val_if_fail(out != NULL, FALSE);

    outcome = g_task_propagate_pointer(G_TASK(result), error);
    if (outcome == NULL)
        return FALSE;
    *out = *outcome;
    return TRUE;
}
