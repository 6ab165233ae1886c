/* kw-warden.h: locks of pairs that follow from closed trades, kept in the ledger */
#pragma once

#include "kw-book.h"
#include "kw-event.h"

G_BEGIN_DECLS

typedef void (*KwWardenFunc)(KwEvent *event, gpointer user_data);

/* Main thread; opaque. */
typedef struct _KwWarden KwWarden;

/**
 * kw_warden_new:
 * @book: borrowed; its settings name the protections
 * @journal: a reference is kept; the way of the decisions, so that a lock is in the ledger with
 *   the exit that it follows from, or right behind it
 * @func: hears of new locks, but of the short rest after each trade
 */
KwWarden *
kw_warden_new(KwBook *book, KwJournal *journal, KwWardenFunc func, gpointer user_data);
void kw_warden_free(KwWarden *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwWarden, kw_warden_free)

/* @trade was closed: all protections look at its pair, then at all pairs. */
void kw_warden_look(KwWarden *self, const KwTrade *trade);

/* After a start: the newest trades again, in case the process died between exit and lock. */
void kw_warden_catch_up(KwWarden *self);

G_END_DECLS
