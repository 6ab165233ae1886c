/* kw-event-writers.h: one function for each kind of event; kw-event-text.c has the table */
#pragma once

#include "kw-event-draft.h"

G_BEGIN_DECLS

/* Each appends the text of its kind to the draft; nothing when the owner need not hear of it.
 */
void kw_event_write_placed(KwEventDraft *draft);
void kw_event_write_entry(KwEventDraft *draft);
void kw_event_write_exit(KwEventDraft *draft);
void kw_event_write_rejected(KwEventDraft *draft);
void kw_event_write_signal(KwEventDraft *draft);
void kw_event_write_started(KwEventDraft *draft);
void kw_event_write_stopping(KwEventDraft *draft);
void kw_event_write_state(KwEventDraft *draft);
void kw_event_write_reminder(KwEventDraft *draft);
void kw_event_write_kill_on(KwEventDraft *draft);
void kw_event_write_kill_off(KwEventDraft *draft);
void kw_event_write_killed_signal(KwEventDraft *draft);
void kw_event_write_halt(KwEventDraft *draft);
void kw_event_write_halt_over(KwEventDraft *draft);
void kw_event_write_strategy(KwEventDraft *draft);
void kw_event_write_model(KwEventDraft *draft);
void kw_event_write_model_back(KwEventDraft *draft);
void kw_event_write_retrain(KwEventDraft *draft);
void kw_event_write_retrained(KwEventDraft *draft);
void kw_event_write_version(KwEventDraft *draft);
void kw_event_write_venue(KwEventDraft *draft);
void kw_event_write_old_strategy(KwEventDraft *draft);
void kw_event_write_back(KwEventDraft *draft);
void kw_event_write_store(KwEventDraft *draft);
void kw_event_write_backup(KwEventDraft *draft);
void kw_event_write_lost_rows(KwEventDraft *draft);
void kw_event_write_data(KwEventDraft *draft);
void kw_event_write_order(KwEventDraft *draft);
void kw_event_write_capital(KwEventDraft *draft);
void kw_event_write_end_of_data(KwEventDraft *draft);
void kw_event_write_lock(KwEventDraft *draft);

G_END_DECLS
