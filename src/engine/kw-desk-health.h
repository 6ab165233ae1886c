/* kw-desk-health.h: state of the components, for the desk */
#pragma once

#include "kw-book.h"
#include "kw-store.h"

G_BEGIN_DECLS

/* (transfer full) (element-type KwHealthView); @strategy_note: why the strategy file is not in
 * use, "" = it is */
GArray *kw_desk_health_list(const KwBook *book, KwStore *store, const gchar *strategy_note);

/* Close time of the newest candle of all pairs; 0 = none */
gint64 kw_desk_newest_data_us(const KwBook *book);

G_END_DECLS
