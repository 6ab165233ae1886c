/* kw-training-text.h: how a training ended, in words */
#pragma once

#include "kw-event.h"

G_BEGIN_DECLS

/* Appends the text of a %KW_EVENT_RETRAINED to @out. */
void kw_training_text_append(const KwEvent *event, GString *out);

G_END_DECLS
