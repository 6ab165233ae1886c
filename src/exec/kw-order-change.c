/* kw-order-change.c: cancel and amend
 *
 * Both end in the order as the venue has it, which is booked like any other report. An answer
 * that is missing is no verdict: the order is looked up, and a look-up tells state and terms.
 *
 * The new terms are journaled after the venue has them and not before. A smaller amount that
 * is not booked yet only makes the books more careful: as much as before counts as offered.
 *
 * That holds only if the books never learn of terms that do not hold any more. So amends,
 * look-ups and the booking of what they said come one after the other, order by order: an amend
 * is refused while one of them is under way, and look-ups wait for an amend. One that hangs is
 * given up after a while, and its late answer is no news but a reason to look the order up. */
#define G_LOG_DOMAIN "kw-exec"

#include "kw-order-change.h"

#include "kw-error.h"
#include "kw-order-rules.h"

static void
fail(KwOrderChange *self, GTask *task, GError *error)
{
    if (!kw_order_state_is_final(self->order->state))
        kw_inquiry_ask(self->inquiry);
    g_task_return_error(task, error);
}

/* -- cancel -- */

static void
on_cancelled(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    KwOrderChange *self = g_task_get_task_data(task);
    GError *error = NULL;
    KwBrokerReport report;

    if (!kw_broker_cancel_finish(KW_BROKER(source), result, &report, &error)) {
        fail(self, task, error);
        return;
    }
    /* it does not wait for an amend, so what it says of the terms may be of before */
    if (report.state != KW_ORDER_STATE_FILLED)
        report.price = report.amount = KW_DECIMAL_ZERO;
    kw_booker_add(self->booker, self->order, &report, g_steal_pointer(&task));
}

static void
send_cancel(gpointer user_data)
{
    GTask *task = user_data;
    KwOrderChange *self = g_task_get_task_data(task);

    kw_broker_cancel_async(self->broker, self->order->client_id, NULL, on_cancelled, task);
}

void
kw_order_change_cancel(KwOrderChange *self, GTask *task)
{
    g_return_if_fail(self != NULL && G_IS_TASK(task));

    g_task_set_task_data(task, self, NULL);
    if (kw_order_type_is_trigger(self->order->type))
        kw_cancel_notes_add(self->notes, self->order->client_id, send_cancel, task);
    else
        send_cancel(task);
}

/* -- amend -- */

/* An amend under way; data of its task */
typedef struct {
    KwOrderChange *change; /* borrowed */
    guint hold;            /* of the look-ups */
} Amend;

static void
on_amended(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autoptr(GTask) task = user_data;
    const Amend *amend = g_task_get_task_data(task);
    KwOrderChange *self = amend->change;
    gboolean is_late = !kw_inquiry_release(self->inquiry, amend->hold);
    GError *error = NULL;
    KwBrokerReport report;

    if (!kw_broker_amend_finish(KW_BROKER(source), result, &report, &error)) {
        if (is_late || !g_error_matches(error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_REFUSED))
            fail(self, task, error);
        else
            g_task_return_error(task, error);
    } else if (is_late) {
        fail(self, task,
             g_error_new_literal(KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_UNKNOWN,
                                 "the answer came too late"));
    } else {
        kw_booker_add(self->booker, self->order, &report, g_steal_pointer(&task));
    }
}

static gboolean
may_amend(const KwOrderChange *self, KwDecimal price, KwDecimal amount, GError **error)
{
    const gchar *why = NULL;

    if (kw_inquiry_is_held(self->inquiry) || kw_inquiry_is_asking(self->inquiry) ||
        kw_booker_has_news(self->booker, self->order))
        why = "a change or a look-up of the order is under way";
    else if (!kw_broker_is_real(self->broker))
        why = "the venue changes no orders";
    if (why == NULL)
        return kw_order_rules_check_change(self->order, price, amount, error);
    g_set_error_literal(error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_REFUSED, why);
    return FALSE;
}

void
kw_order_change_amend(KwOrderChange *self, KwDecimal price, KwDecimal amount, GTask *task)
{
    g_autoptr(GTask) owned = task;
    Amend *amend;
    KwOrder wanted;
    GError *error = NULL;

    g_return_if_fail(self != NULL && G_IS_TASK(task));

    if (!may_amend(self, price, amount, &error)) {
        g_task_return_error(task, error);
        return;
    }
    wanted = *self->order;
    wanted.price = price;
    wanted.amount = amount;
    amend = g_new(Amend, 1);
    *amend = (Amend){self, kw_inquiry_hold(self->inquiry)};
    g_task_set_task_data(task, amend, g_free);
    kw_broker_amend_async(self->broker, &wanted, NULL, on_amended, g_steal_pointer(&owned));
}
