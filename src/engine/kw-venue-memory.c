/* kw-venue-memory.c: three meta rows for each mode, written when their text has changed
 *
 * Asked every two seconds and after each word of the keeper, so it compares texts instead of
 * being told what has changed: what nobody thought of telling would be lost. */
#define G_LOG_DOMAIN "kw-engine"

#include "kw-venue-memory.h"

#include "kw-log.h"

#include <string.h>

enum { ACCEPTED, STOPS, TOTALS, N_TEXTS };

static const gchar *const names[N_TEXTS] = {
    [ACCEPTED] = KW_BOOK_META_ACCEPTED,
    [STOPS] = KW_BOOK_META_STOPS,
    [TOTALS] = KW_BOOK_META_TOTALS,
};

/* Counted (g_rc_box): the owner holds one reference, each write under way another. */
struct _KwVenueMemory {
    KwBook *book;             /* borrowed */
    KwJournal *journal;       /* owned; these three until kw_venue_memory_free() */
    KwReconciler *reconciler; /* owned */
    KwStopKeeper *keeper;     /* owned */
    gchar *saved[N_TEXTS];    /* owned; as in the store, or on its way; NULL: not known */
    gboolean is_failing;
};

static void
clear_saved(gpointer data)
{
    KwVenueMemory *self = data;

    for (guint i = 0; i < N_TEXTS; i++)
        g_clear_pointer(&self->saved[i], g_free);
}

static gchar *
make_text(const KwVenueMemory *self, guint which)
{
    if (which == STOPS)
        return kw_stop_keeper_dup_counts(self->keeper);
    return which == ACCEPTED ? kw_reconciler_dup_accepted(self->reconciler)
                             : kw_reconciler_dup_totals(self->reconciler);
}

static void
on_written(GObject *source, GAsyncResult *result, gpointer user_data)
{
    KwVenueMemory *self = user_data;
    g_autoptr(GError) error = NULL;
    gboolean is_written = kw_journal_append_finish(KW_JOURNAL(source), result, &error);

    if (!is_written)
        clear_saved(self);
    if (!is_written && !self->is_failing)
        kw_log_warning("what is remembered of the exchange is not stored yet", "KW_ERROR",
                       error->message);
    self->is_failing = !is_written;
    g_rc_box_release_full(self, clear_saved);
}

void
kw_venue_memory_save(KwVenueMemory *self, KwBatch *batch)
{
    g_autoptr(KwBatch) records = batch;
    gint64 now_us;

    g_return_if_fail(self != NULL);

    now_us = kw_clock_now_us(self->book->clock);
    for (guint i = 0; i < N_TEXTS; i++) {
        g_autofree gchar *text = make_text(self, i);
        g_autofree gchar *key = NULL;

        if (g_strcmp0(text, self->saved[i]) == 0)
            continue;
        if (records == NULL)
            records = kw_batch_new();
        key = kw_book_get_meta_key(self->book, names[i]);
        kw_batch_add_meta(records, key, text, now_us);
        g_free(self->saved[i]);
        self->saved[i] = g_steal_pointer(&text);
    }
    if (records != NULL)
        kw_journal_append_async(self->journal, g_steal_pointer(&records), NULL, on_written,
                                g_rc_box_acquire(self));
}

KwVenueMemory *
kw_venue_memory_new(KwBook *book,
                    KwJournal *journal,
                    KwReconciler *reconciler,
                    KwStopKeeper *keeper)
{
    KwVenueMemory *self = g_rc_box_new0(KwVenueMemory);

    self->book = book;
    self->journal = g_object_ref(journal);
    self->reconciler = g_object_ref(reconciler);
    self->keeper = g_object_ref(keeper);
    kw_reconciler_restore_accepted(reconciler, book->venue_accepted);
    kw_stop_keeper_restore_counts(keeper, book->venue_stops);
    kw_reconciler_restore_totals(reconciler, book->venue_totals);
    self->saved[ACCEPTED] = g_strdup(book->venue_accepted);
    self->saved[STOPS] = g_strdup(book->venue_stops);
    self->saved[TOTALS] = g_strdup(book->venue_totals);
    return self;
}

void
kw_venue_memory_free(KwVenueMemory *self)
{
    if (self == NULL)
        return;
    g_clear_object(&self->keeper);
    g_clear_object(&self->reconciler);
    g_clear_object(&self->journal);
    g_rc_box_release_full(self, clear_saved);
}
