/* kw-event-draft.h: a message while it is written, and the pieces that several share */
#pragma once

#include "kw-event.h"
#include "kw-format.h"
#include "kw-risk-text.h"

G_BEGIN_DECLS

/**
 * KwEventDraft:
 * @event: what is told
 * @status: of the bot then; its time is 0 when it is not known
 * @format: numbers and times of the owner
 * @out: the text so far
 *
 * All borrowed.
 */
typedef struct {
    const KwEvent *event;
    const KwStatusView *status;
    KwFormat *format;
    GString *out;
} KwEventDraft;

/* The quote currency, also where there is no status; "" when nothing tells it. */
const gchar *kw_event_draft_get_quote(const KwEventDraft *draft);

gboolean kw_event_draft_has_status(const KwEventDraft *draft);

/* Appends "[TROCKENLAUF] " and the text. */
void kw_event_draft_open(KwEventDraft *draft, const gchar *format, ...) G_GNUC_PRINTF(2, 3);

/* "1.234,56 USDT" */
void kw_event_draft_add_money(const KwEventDraft *draft, gdouble value);

/* " (5, limit 5)": value and limit of the event in the unit of its reason, when both are known
 */
void kw_event_draft_add_measure(const KwEventDraft *draft, KwRiskUnit unit);

/* " · confidence 81 %", when there is one */
void kw_event_draft_add_confidence(const KwEventDraft *draft);

/* Which positions stay open, and where their stops are */
void kw_event_draft_add_open_trades(const KwEventDraft *draft);

/* The text of the event as the cause, in the owner's language where it is known */
void kw_event_draft_add_fault(KwEventDraft *draft);

G_END_DECLS
