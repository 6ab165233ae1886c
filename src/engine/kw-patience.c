/* kw-patience.c: the end of an entry that nobody fills
 *
 * The age counts from the decision (the candle the order acts in), which is in the ledger: a
 * restart gives no order more time. It is the order manager that cancels; what was filled
 * before the cancellation arrived is booked by it, and is a trade like any other. */
#define G_LOG_DOMAIN "kw-engine"

#include "kw-patience.h"

#include "kw-log.h"

struct _KwPatience {
    KwBook *book;      /* borrowed */
    GObject *owner;    /* borrowed */
    GHashTable *asked; /* owned: set of client ids whose cancellation is under way or done */
};

/* A cancellation under way */
typedef struct {
    KwPatience *patience; /* borrowed; lives as long as the owner */
    GObject *owner;       /* a reference */
    gchar client_id[KW_ID_SIZE];
} Cancel;

static void
on_cancelled(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_autofree Cancel *cancel = user_data;
    G_GNUC_UNUSED g_autoptr(GObject) owner = cancel->owner;
    g_autoptr(GError) error = NULL;
    KwOmsOutcome outcome;

    if (kw_oms_cancel_finish(KW_OMS(source), result, &outcome, &error)) {
        kw_log_message("an entry waited too long and was taken back", "KW_PAIR",
                       outcome.order.pair);
        return;
    }
    kw_log_warning("an entry that waited too long could not be taken back yet", "KW_ERROR",
                   error->message);
    (void) g_hash_table_remove(cancel->patience->asked, cancel->client_id);
}

static void
take_back(KwPatience *self, const KwOrder *order)
{
    Cancel *cancel = g_new0(Cancel, 1);

    cancel->patience = self;
    cancel->owner = g_object_ref(self->owner);
    g_strlcpy(cancel->client_id, order->client_id, sizeof cancel->client_id);
    (void) g_hash_table_add(self->asked, g_strdup(order->client_id));
    kw_oms_cancel_async(self->book->oms, cancel->client_id, NULL, on_cancelled, cancel);
}

void
kw_patience_review(KwPatience *self)
{
    gint64 patience_us, now_us;
    g_autoptr(GPtrArray) live = NULL;

    g_return_if_fail(self != NULL);

    if (self->book->oms == NULL)
        return;
    patience_us = self->book->settings->maker_patience_us;
    now_us = kw_clock_now_us(self->book->clock);
    live = kw_oms_list_live(self->book->oms);
    for (guint i = 0; i < live->len; i++) {
        const KwOrder *order = live->pdata[i];

        if (order->side == KW_SIDE_BUY && order->type == KW_ORDER_TYPE_POST_ONLY &&
            order->state == KW_ORDER_STATE_OPEN && now_us - order->candle_us >= patience_us &&
            !g_hash_table_contains(self->asked, order->client_id))
            take_back(self, order);
    }
}

KwPatience *
kw_patience_new(KwBook *book, GObject *owner)
{
    KwPatience *self = g_new0(KwPatience, 1);

    self->book = book;
    self->owner = owner;
    self->asked = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return self;
}

void
kw_patience_free(KwPatience *self)
{
    if (self == NULL)
        return;
    g_clear_pointer(&self->asked, g_hash_table_unref);
    g_free(self);
}
