/* kw-herald.h: what the engine itself has to say to the owner */
#pragma once

#include "kw-book.h"
#include "kw-event.h"
#include "kw-query.h"

G_BEGIN_DECLS

typedef void (*KwHeraldFunc)(const KwEvent *event, gpointer user_data);

/* Main thread; opaque. */
typedef struct _KwHerald KwHerald;

/**
 * kw_herald_new:
 * @book: borrowed
 * @query: borrowed; asked for the state that goes along with an event
 * @func: gets every event
 */
KwHerald *kw_herald_new(KwBook *book, KwQuery *query, KwHeraldFunc func, gpointer user_data);
void kw_herald_free(KwHerald *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwHerald, kw_herald_free)

/* Passes on what another part has made; adds the state of the bot where the kind needs it. */
void kw_herald_pass(KwHerald *self, KwEvent *event);

/* An event of now that is told by its kind and @text alone */
void kw_herald_tell(KwHerald *self, KwEventKind kind, const gchar *text);

/* @order of @trade is at the venue. */
void kw_herald_tell_placed(KwHerald *self, const KwOrder *order, const KwTrade *trade);

/* @trade was opened; or closed, be it by its stop. */
void kw_herald_tell_opened(KwHerald *self, const KwTrade *trade);
void kw_herald_tell_closed(KwHerald *self, const KwTrade *trade);

/* The order manager's alert @code of @pair */
void kw_herald_tell_order(KwHerald *self, const gchar *code, const gchar *pair);

/* @error NULL: it writes again. */
void kw_herald_tell_store(KwHerald *self, const GError *error);

/* Whether the last good version of the strategy could take over */
typedef enum { KW_HERALD_NO_FALLBACK, KW_HERALD_HAS_FALLBACK } KwHeraldFallback;
void kw_herald_tell_strategy(KwHerald *self, const gchar *message, KwHeraldFallback fallback);

/* Whether the run before ended in order */
typedef enum { KW_HERALD_AFTER_END, KW_HERALD_AFTER_CRASH } KwHeraldStart;
void kw_herald_tell_started(KwHerald *self, KwHeraldStart start);

/* This version has taken over from @before. */
void kw_herald_tell_version(KwHerald *self, const gchar *before);

/* The ledger's starting capital is @recorded and not the configured one. */
void kw_herald_tell_capital(KwHerald *self, KwDecimal recorded);

/* Rows that were once committed are gone. */
void kw_herald_tell_lost_rows(KwHerald *self, guint64 n_lost);

/* Open trades of pairs that are no longer configured: watched, or without prices even that not
 */
void kw_herald_tell_unlisted(KwHerald *self);

/* Trades of the last day again; whoever listens drops what he has heard before. */
void kw_herald_repeat_trades(KwHerald *self);

G_END_DECLS
