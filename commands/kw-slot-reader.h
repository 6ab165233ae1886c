/* kw-slot-reader.h: fills the slots that an intent takes from the words of a message */
#pragma once

#include "kw-span.h"

G_BEGIN_DECLS

/* Is @word a coin or a pair ("btc", "eth/usdt")? */
gboolean kw_slots_is_pair(const KwLexicon *lexicon, const gchar *word);

/* Exactly four digits, as one word, as four, or spoken ("vier sieben eins eins") */
gboolean kw_slots_read_code(const KwSpanReader *reader, gchar *code);

/**
 * kw_slots_read:
 * @intent: only what this intent takes is read; what is set already stays
 * @quote: what a bare coin is priced in
 */
void kw_slots_read(const KwSpanReader *reader,
                   const KwFinding *finding,
                   KwIntentId intent,
                   const gchar *quote,
                   KwSlots *slots);

G_END_DECLS
