/* kw-difference-text.h: a difference between books and exchange in words */
#pragma once

#include "kw-format.h"
#include "kw-view.h"

G_BEGIN_DECLS

/* (transfer full) (nullable): one sentence without line end; %NULL for a code that is not known
 */
gchar *kw_difference_text(KwFormat *format, const KwDifferenceView *difference);

G_END_DECLS
