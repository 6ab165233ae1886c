/* kw-training-text.h: how a training ended, in words */
#pragma once

#include "kw-event.h"
#include "kw-model-view.h"

G_BEGIN_DECLS

/* Appends the text of a %KW_EVENT_RETRAINED to @out. */
void kw_training_text_append(const KwEvent *event, GString *out);

/* (transfer full): what came of the last training, "boost v1.1.0: not passed (Sortino)" */
gchar *kw_training_text_result(const KwTrainingView *view);

G_END_DECLS
