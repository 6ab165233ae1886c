/* kw-stop-guard.h: what is remembered of the stop of each trade, beyond orders and books */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Things that are told once for each trade; bits */
typedef enum {
    KW_STOP_TOLD_REFUSED = 1 << 0,
    KW_STOP_TOLD_EMERGENCY = 1 << 1,
    KW_STOP_TOLD_REPLACED = 1 << 2,
    KW_STOP_TOLD_CANCELLED = 1 << 3,
    KW_STOP_TOLD_TOO_SMALL = 1 << 4,
    KW_STOP_TOLD_MISSING = 1 << 5, /* each time it is */
} KwStopTold;

/**
 * KwStopGuard: of one trade
 * @call: number of the one that has no answer; 0: none; given up at @due_mono_us
 * @rest_mono_us: nothing is tried before; 0: now; @n_pauses: in a row
 * @partial_mono_us: since when the entry is part filled, if @is_partial
 * @bare_mono_us: since when no stop is confirmed for it, if @is_bare
 * @is_searching: old orders have to be looked for
 * @is_emergency: sell it
 * @n_refused: stops that the venue has refused, in a row
 * @n_refused_all, @n_replaced: refused, and placed again after somebody else had cancelled
 *   one, in the life of the trade
 * @is_left: the stop was cancelled by hand, and stays away
 * @told: of #KwStopTold
 */
typedef struct {
    gint64 trade_id;
    guint call;
    gint64 due_mono_us, rest_mono_us, partial_mono_us, bare_mono_us;
    guint n_pauses;
    gboolean is_partial, is_bare, is_searching, is_emergency;
    guint n_refused, n_refused_all, n_replaced;
    gboolean was_replaced, is_left, has_fired, has_no_target;
    guint told;
} KwStopGuard;

/* Main thread; opaque. */
typedef struct _KwStopGuards KwStopGuards;

KwStopGuards *kw_stop_guards_new(void);
void kw_stop_guards_free(KwStopGuards *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwStopGuards, kw_stop_guards_free)

/* (nullable) (transfer none) */
KwStopGuard *kw_stop_guards_find(const KwStopGuards *self, gint64 trade_id);

/* (transfer none): a new one if there is none */
KwStopGuard *kw_stop_guards_get(KwStopGuards *self, gint64 trade_id);

/* (transfer full) (element-type KwStopGuard): borrowed, by trade; as long as none is dropped */
GPtrArray *kw_stop_guards_list(const KwStopGuards *self);

void kw_stop_guards_drop(KwStopGuards *self, gint64 trade_id);

/* Nothing is tried for some seconds, longer with each time in a row */
void kw_stop_guard_pause(KwStopGuard *self, gint64 now_mono_us);

/* TRUE the first time for @what */
gboolean kw_stop_guard_may_tell(KwStopGuard *self, KwStopTold what);

/* (transfer full): the counts and what was told, a line for each trade that has any; "" = none
 */
gchar *kw_stop_guards_to_text(const KwStopGuards *self);

/* Puts back what kw_stop_guards_to_text() has told. Returns: how many lines were not legible;
 * they count as nothing */
guint kw_stop_guards_restore(KwStopGuards *self, const gchar *text);

G_END_DECLS
