/* kw-understand.h: how a message is read, at the time and in the zone of the corpora */
#pragma once

#include "kw-intent.h"

G_BEGIN_DECLS

/* (transfer none): that of the corpora, for as long as the process lives */
KwZone *kw_understand_zone(void);

/* Reads @text in an account in USDT, without anything said before; notes it in the test's log.
 */
void kw_understand(const gchar *text, KwIntent *out);

G_END_DECLS
