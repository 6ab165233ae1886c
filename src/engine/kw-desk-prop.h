/* kw-desk-prop.h: what the desk says of a prop firm's rules */
#pragma once

#include "kw-book.h"

G_BEGIN_DECLS

/* @out: not set when there are no rules, or the open result is not known */
void kw_desk_prop_fill(const KwBook *book, gint64 now_us, KwPropView *out);

G_END_DECLS
