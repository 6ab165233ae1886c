/* kw-past.c: a book restored from the ledger, with a desk before it
 *
 * Reports must give the figures that the chat gives, so they come from the same desk. There is
 * neither broker nor order manager: nothing can be decided on such a book. */
#define G_LOG_DOMAIN "kw-engine"

#include "kw-past.h"

#include "kw-desk.h"
#include "kw-restore.h"

struct _KwPast {
    KwBook *book; /* owned */
    KwDesk *desk; /* owned */
};

gint64
kw_past_get_row_us(const KwStoreState *state)
{
    gint64 row_us;

    g_return_val_if_fail(state != NULL, 0);

    /* quiet rows leave no decision, but each day leaves its equity */
    row_us = kw_restore_get_int(state, "row_us", 0);
    if (state->equity->len > 0)
        row_us =
            MAX(row_us,
                g_array_index(state->equity, KwEquityRecord, state->equity->len - 1).time_us);
    return row_us;
}

KwPast *
kw_past_new(const KwPastParts *parts, GError **error)
{
    g_autoptr(KwPast) self = g_new0(KwPast, 1);
    gint64 row_us;

    g_return_val_if_fail(parts != NULL && parts->state != NULL, NULL);

    row_us = kw_past_get_row_us(parts->state);
    self->book = kw_book_new(parts->settings, parts->limits, parts->clock, parts->feed, error);
    if (self->book == NULL || !kw_restore_capital(self->book, parts->state, error) ||
        !kw_restore_book(self->book, parts->state, error))
        return NULL;
    kw_restore_kill(self->book, parts->root, parts->state);
    kw_book_load_history(self->book);
    kw_restore_present(self->book, parts->state, row_us, row_us);
    self->desk = kw_desk_new(self->book, parts->root, NULL, NULL, parts->config);
    return g_steal_pointer(&self);
}

void
kw_past_free(KwPast *self)
{
    if (self == NULL)
        return;
    g_clear_object(&self->desk);
    g_clear_pointer(&self->book, kw_book_free);
    g_free(self);
}

KwQuery *
kw_past_get_query(KwPast *self)
{
    g_return_val_if_fail(self != NULL, NULL);

    return KW_QUERY(self->desk);
}
