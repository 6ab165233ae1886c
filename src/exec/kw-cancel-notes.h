/* kw-cancel-notes.h: whose hand cancels a stop, also for the next process */
#pragma once

#include "kw-clock.h"
#include "kw-journal.h"

G_BEGIN_DECLS

#define KW_CANCEL_NOTES_META "withdrawn_orders"

/* Main thread; opaque. */
typedef struct _KwCancelNotes KwCancelNotes;

/* @owner: is held while a note is being written */
KwCancelNotes *kw_cancel_notes_new(KwClock *clock, KwJournal *journal, GObject *owner);
void kw_cancel_notes_free(KwCancelNotes *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwCancelNotes, kw_cancel_notes_free)

/**
 * kw_cancel_notes_add:
 * @func: (scope async): may the cancel leave; is called once
 *
 * Notes that the cancel of this order is ours. @func is called when that is durable, and no
 * later than after a second: a cancel makes a way to safety, which a broken disk does not bar.
 */
void kw_cancel_notes_add(KwCancelNotes *self,
                         const gchar *client_id,
                         KwTimerFunc func,
                         gpointer user_data);

gboolean kw_cancel_notes_has(const KwCancelNotes *self, const gchar *client_id);

/* Puts back the row of the meta table of the store. */
void kw_cancel_notes_restore(KwCancelNotes *self, const gchar *text);

G_END_DECLS
