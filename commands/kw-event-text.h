/* kw-event-text.h: what the bot tells unasked, in words */
#pragma once

#include "kw-chart-request.h"
#include "kw-dialog.h"
#include "kw-event.h"

G_BEGIN_DECLS

/**
 * kw_event_text:
 * @settings: zone, language and address of the text
 *
 * Returns: (transfer full) (nullable): the message, at most %KW_DIALOG_MAX_BYTES of UTF-8;
 *   %NULL when the owner need not hear of it
 */
gchar *kw_event_text(const KwEvent *event, const KwDialogSettings *settings);

/* The picture that goes with the message; of an event of an earlier run, which has no more than
 * its kind, none of a trade. Returns: %FALSE when there is none */
gboolean kw_event_chart(const KwEvent *event, KwChartRequest *out);

G_END_DECLS
