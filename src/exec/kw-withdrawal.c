/* kw-withdrawal.c: cancels several orders and waits until the last one is over
 *
 * Coins that a waiting stop ties up cannot be sold another way, and coins offered twice may be
 * sold twice. So nothing short of "over and booked" counts as taken back: neither the venue's
 * "will be cancelled", nor an answer that is missing, nor news that wait for the journal. */
#define G_LOG_DOMAIN "kw-exec"

#include "kw-withdrawal.h"

#include "kw-error.h"

typedef struct {
    KwWithdrawal *what; /* owned, until it is given back */
    guint n_waiting;
    GError *error; /* owned; the first */
} Run;

void
kw_withdrawal_free(KwWithdrawal *self)
{
    if (self == NULL)
        return;
    kw_batch_free(self->extra);
    g_strfreev(self->client_ids);
    g_clear_object(&self->task);
    g_free(self);
}

static void
run_free(gpointer data)
{
    Run *run = data;

    kw_withdrawal_free(run->what);
    g_clear_error(&run->error);
    g_free(run);
}

static void
on_cancelled(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    Run *run = g_task_get_task_data(task);
    g_autoptr(GError) error = NULL;
    KwOmsOutcome outcome;

    if (kw_oms_cancel_finish(KW_OMS(source), result, &outcome, &error) &&
        !kw_order_state_is_final(outcome.order.state)) {
        g_set_error_literal(&error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_UNKNOWN,
                            "the order is not cancelled yet");
        (void) kw_oms_look_up(KW_OMS(source), outcome.order.client_id);
    }
    if (run->error == NULL)
        run->error = g_steal_pointer(&error);
    if (--run->n_waiting == 0)
        g_task_return_boolean(task, TRUE);
}

void
kw_withdrawal_run_async(KwOms *oms, KwWithdrawal *self, GAsyncReadyCallback callback)
{
    g_autoptr(GTask) task = NULL;
    Run *run;

    g_return_if_fail(KW_IS_OMS(oms) && self != NULL);
    g_return_if_fail(self->client_ids != NULL && self->client_ids[0] != NULL);

    task = g_task_new(oms, NULL, callback, NULL);
    g_task_set_source_tag(task, kw_withdrawal_run_async);
    run = g_new0(Run, 1);
    run->what = self;
    run->n_waiting = g_strv_length(self->client_ids);
    g_task_set_task_data(task, run, run_free);
    for (guint i = 0; self->client_ids[i] != NULL; i++)
        kw_oms_cancel_async(oms, self->client_ids[i], NULL, on_cancelled, g_object_ref(task));
}

gboolean
kw_withdrawal_run_finish(KwOms *oms, GAsyncResult *result, KwWithdrawal **out, GError **error)
{
    Run *run;

    g_return_val_if_fail(g_task_is_valid(result, oms) && out != NULL, FALSE);

    run = g_task_get_task_data(G_TASK(result));
    *out = g_steal_pointer(&run->what);
    if (run->error == NULL)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&run->error));
    return FALSE;
}

const KwOrder *
kw_withdrawal_find_seller(const KwWithdrawal *self, KwOms *oms)
{
    for (guint i = 0; self->client_ids[i] != NULL; i++) {
        const KwOrder *order = kw_oms_find_order(oms, self->client_ids[i]);

        if (kw_decimal_sign(order->filled) > 0)
            return order;
    }
    return kw_oms_find_order(oms, self->client_ids[0]);
}
