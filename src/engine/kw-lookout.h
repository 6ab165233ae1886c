/* kw-lookout.h: notices that no candles come */
#pragma once

#include "kw-book.h"
#include "kw-event.h"

G_BEGIN_DECLS

typedef void (*KwLookoutFunc)(KwEvent *event, gpointer user_data);

/* Main thread; opaque. */
typedef struct _KwLookout KwLookout;

/**
 * kw_lookout_new:
 * @book: borrowed
 * @max_age_candles: age of the newest row from which entries are refused
 * @func: hears KW_EVENT_DATA, once when rows stay away and once when they come again
 */
KwLookout *
kw_lookout_new(KwBook *book, gdouble max_age_candles, KwLookoutFunc func, gpointer user_data);
void kw_lookout_free(KwLookout *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwLookout, kw_lookout_free)

/* Rows that close at @close_us are there; from now on the next ones are waited for. */
void kw_lookout_note_row(KwLookout *self, gint64 close_us);

/* The data are over, or the engine ends: nothing is waited for. */
void kw_lookout_stop(KwLookout *self);

G_END_DECLS
