/* kw-cancel-notes.c: the newest client ids whose cancel we have asked for, in one meta row
 *
 * The exchange tells that an order was cancelled, and not by whom. A process that dies between
 * the cancel of a stop and the order that takes its place would leave the next one to believe
 * in a stranger's hand: the owner would be told so, and by his rule the stop might even stay
 * away. So the note is durable before the cancel leaves.
 *
 * A state of the order was considered; it would go through all that reads and writes orders,
 * for something that only matters until the order is over. The ids are never used again, so
 * old ones do no harm, and only the newest are kept. */
#define G_LOG_DOMAIN "kw-exec"

#include "kw-cancel-notes.h"

#include "kw-log.h"

#define MAX_NOTES 64
#define PATIENCE_US G_USEC_PER_SEC

struct _KwCancelNotes {
    KwClock *clock;     /* owned */
    KwJournal *journal; /* owned */
    GObject *owner;     /* borrowed */
    GPtrArray *ids;     /* owned, of owned text; the oldest first */
};

/* One on its way into the journal, for a cancel that waits for it */
typedef struct {
    GObject *owner; /* owned */
    KwClock *clock; /* owned */
    KwTimerFunc func;
    gpointer user_data;
    guint timer;
} Note;

KwCancelNotes *
kw_cancel_notes_new(KwClock *clock, KwJournal *journal, GObject *owner)
{
    KwCancelNotes *self;

    g_return_val_if_fail(KW_IS_CLOCK(clock) && KW_IS_JOURNAL(journal), NULL);

    self = g_new0(KwCancelNotes, 1);
    self->clock = g_object_ref(clock);
    self->journal = g_object_ref(journal);
    self->owner = owner;
    self->ids = g_ptr_array_new_with_free_func(g_free);
    return self;
}

void
kw_cancel_notes_free(KwCancelNotes *self)
{
    if (self == NULL)
        return;
    g_ptr_array_unref(self->ids);
    g_object_unref(self->journal);
    g_object_unref(self->clock);
    g_free(self);
}

/* -- the cancel goes -- */

static void
let_go(Note *note)
{
    KwTimerFunc func = note->func;

    note->func = NULL;
    if (func != NULL)
        func(note->user_data);
}

static void
on_patience_over(gpointer user_data)
{
    Note *note = user_data;

    note->timer = 0;
    kw_log_info("a cancel does not wait for its note any longer");
    let_go(note);
}

static void
on_written(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Note *note = user_data;
    g_autoptr(GError) error = NULL;

    if (!kw_journal_append_finish(KW_JOURNAL(source), result, &error))
        kw_log_info("a cancel leaves without its note", "KW_ERROR", error->message);
    kw_clock_cancel(note->clock, note->timer);
    let_go(note);
    g_object_unref(note->clock);
    g_object_unref(note->owner);
    g_free(note);
}

/* -- notes -- */

static gchar *
to_text(const KwCancelNotes *self)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < self->ids->len; i++)
        g_string_append_printf(text, "%s%s", i > 0 ? " " : "",
                               (const gchar *) self->ids->pdata[i]);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static void
keep(KwCancelNotes *self, const gchar *client_id)
{
    if (self->ids->len == MAX_NOTES)
        g_ptr_array_remove_index(self->ids, 0);
    g_ptr_array_add(self->ids, g_strdup(client_id));
}

void
kw_cancel_notes_add(KwCancelNotes *self,
                    const gchar *client_id,
                    KwTimerFunc func,
                    gpointer user_data)
{
    g_autoptr(KwBatch) batch = kw_batch_new();
    g_autofree gchar *text = NULL;
    Note *note;

    g_return_if_fail(self != NULL && client_id != NULL && func != NULL);

    if (!kw_cancel_notes_has(self, client_id))
        keep(self, client_id);
    text = to_text(self);
    kw_batch_add_meta(batch, KW_CANCEL_NOTES_META, text, kw_clock_now_us(self->clock));
    note = g_new(Note, 1);
    *note = (Note){.owner = g_object_ref(self->owner),
                   .clock = g_object_ref(self->clock),
                   .func = func,
                   .user_data = user_data};
    note->timer = kw_clock_call_in(self->clock, PATIENCE_US, on_patience_over, note);
    kw_journal_append_async(self->journal, g_steal_pointer(&batch), NULL, on_written, note);
}

gboolean
kw_cancel_notes_has(const KwCancelNotes *self, const gchar *client_id)
{
    g_return_val_if_fail(self != NULL && client_id != NULL, FALSE);

    return g_ptr_array_find_with_equal_func(self->ids, client_id, g_str_equal, NULL);
}

void
kw_cancel_notes_restore(KwCancelNotes *self, const gchar *text)
{
    g_auto(GStrv) ids = NULL;

    g_return_if_fail(self != NULL && text != NULL);

    ids = g_strsplit(text, " ", -1);
    for (guint i = 0; ids[i] != NULL; i++)
        if (*ids[i] != '\0')
            keep(self, ids[i]);
}
