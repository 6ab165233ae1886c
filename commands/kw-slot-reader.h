/* kw-slot-reader.h: fills the slots that an intent takes from the words of a message */
#pragma once

#include "kw-span.h"

G_BEGIN_DECLS

/* Is @word a coin or a pair ("btc", "eth/usdt")? */
gboolean kw_slots_is_pair(const KwLexicon *lexicon, const gchar *word);

/* Exactly four digits, as one word, as four, or spoken ("vier sieben eins eins") */
gboolean kw_slots_read_code(const KwSpanReader *reader, gchar *code);

/* What @words wish for a pair: "wieder handeln" releases, "wieder sperren" does not */
KwSlotAction kw_slots_read_lock_action(const KwFinding *finding, const KwTermSet *words);

/**
 * KwSlotScope:
 * @intent: whose slots are read
 * @clauses: where it may find its pairs: bit n stands for clause n, the last one for all later
 */
typedef struct {
    KwIntentId intent;
    guint64 clauses;
} KwSlotScope;

/**
 * kw_slots_read:
 * @scope: only what its intent takes is read; what is set already stays
 * @quote: what a bare coin is priced in
 */
void kw_slots_read(const KwSpanReader *reader,
                   const KwFinding *finding,
                   const KwSlotScope *scope,
                   const gchar *quote,
                   KwSlots *slots);

G_END_DECLS
