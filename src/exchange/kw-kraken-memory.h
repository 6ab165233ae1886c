/* kw-kraken-memory.h: what was told of orders before, so that news of them are complete */
#pragma once

#include "kw-broker.h"
#include "kw-kraken-frame.h"

G_BEGIN_DECLS

/**
 * KwKrakenKnown: an order as far as it was told
 * @client_id: "" for somebody else's
 */
typedef struct {
    gchar client_id[KW_ID_SIZE];
    gchar venue_id[KW_ID_SIZE];
    gchar pair[KW_PAIR_NAME_SIZE];
    KwSide side;
    KwOrderState state;
} KwKrakenKnown;

typedef struct _KwKrakenMemory KwKrakenMemory;

/* Remembers some thousands of orders and executions; the oldest are forgotten first. */
KwKrakenMemory *kw_kraken_memory_new(void);
void kw_kraken_memory_free(KwKrakenMemory *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwKrakenMemory, kw_kraken_memory_free)

/* (transfer none): the record of the order, made when there is none; valid until the next call
 */
KwKrakenKnown *kw_kraken_memory_know(KwKrakenMemory *self, const gchar *venue_id);

/* Returns: %TRUE for an execution that was not noted before */
gboolean kw_kraken_memory_note_exec(KwKrakenMemory *self, const gchar *exec_id);

/* Keeps an execution as it was asked for, unless it is not known whose it is. */
void kw_kraken_memory_keep_fill(KwKrakenMemory *self, const KwFill *fill);

/* Returns: (transfer none) (nullable): an execution that is still kept; valid until the next is
 */
const KwFill *kw_kraken_memory_find_fill(const KwKrakenMemory *self, const gchar *exec_id);

/**
 * kw_kraken_memory_complete:
 * @news: of the stream: pair and side are told once, the state may be left out
 *
 * Returns: %FALSE when there is nothing new in it (an execution told before)
 */
gboolean kw_kraken_memory_complete(KwKrakenMemory *self,
                                   const KwKrakenReport *news,
                                   KwBrokerReport *out);

/* Calls @func for each order of ours that is not over. */
void kw_kraken_memory_each_working(KwKrakenMemory *self,
                                   void (*func)(const KwKrakenKnown *known, gpointer user_data),
                                   gpointer user_data);

G_END_DECLS
