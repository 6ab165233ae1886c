/* kw-fake-day.h: a desk with the figures of one coherent day */
#pragma once

#include "kw-fake-desk.h"

G_BEGIN_DECLS

/* Wednesday, 11 March 2026, 14:30 in Vienna: running, three open trades, dry run */
KwFakeDesk *kw_fake_desk_new(void);

/* A bot that has never traded */
KwFakeDesk *kw_fake_desk_new_empty(void);

/* A registry: v1.1.0 in service for ten days, v1.2.0 passed the gate, v1.2.1 did not, v1.0.0
 * was there before; no training runs */
void kw_fake_desk_add_models(KwFakeDesk *self);

/* The same day at 20:00, as the digest has it */
void kw_fake_desk_fill_evening(KwDigestView *out);

/* One closed trade more, older than all others */
void kw_fake_desk_add_closed(KwFakeDesk *self, gint64 id, const gchar *profit);

G_END_DECLS
