/* kw-desk.h: KwQuery over the book: every answer from memory */
#pragma once

#include "kw-book.h"
#include "kw-log.h"
#include "kw-query.h"
#include "kw-store.h"

G_BEGIN_DECLS

#define KW_TYPE_DESK (kw_desk_get_type())
G_DECLARE_FINAL_TYPE(KwDesk, kw_desk, KW, DESK, GObject)

/**
 * kw_desk_new:
 * @book: borrowed; outlives the desk
 * @root: data root, where the models are
 * @store: (nullable): %NULL for a book that is only read; a reference is kept
 * @log: (nullable): borrowed; its remembered warnings are what "errors" shows
 * @config: (element-type KwConfigView): settings in force; a reference is kept
 */
KwDesk *
kw_desk_new(KwBook *book, const gchar *root, KwStore *store, KwLog *log, GArray *config);

/* What became of the strategy file: "" when it is in use, else why not */
void kw_desk_set_strategy_note(KwDesk *self, const gchar *note);

/* Another model is in use: the registry is looked through for the next question */
void kw_desk_note_model(KwDesk *self);

/* @rate with as many digits as the pair's tick has */
KwDecimal kw_desk_round_rate(const KwBook *book, const gchar *pair, KwDecimal rate);

/* A trade as chat and events see it, at the last price */
void kw_desk_fill_trade(const KwBook *book, const KwTrade *trade, KwTradeView *out);

/* Realised profit and number of trades closed in @period; closed first, newest last */
KwDecimal kw_desk_sum_closed(const KwBook *book, KwPeriod period, guint *out_n);

G_END_DECLS
