/* kw-command-rig.h: runs a chat command on a known day, and compares its reply with a golden
 * text
 */
#pragma once

#include "kw-command.h"
#include "kw-fake-day.h"
#include "kw-i18n.h"

G_BEGIN_DECLS

typedef struct {
    KwFakeDesk *desk;
    KwZone *zone;
    KwIntent intent;
    KwPending pending;
    KwCommandCtx ctx; /* of the run before; for what a command left in it */
    KwLanguage language;
    KwAddress address;
    gboolean is_confirmed, is_stale, is_synthetic;
} KwCommandRig;

void kw_command_rig_set_up(KwCommandRig *fixture, gconstpointer data);
void kw_command_rig_tear_down(KwCommandRig *fixture, gconstpointer data);
void kw_command_rig_use_empty_desk(KwCommandRig *fixture);

/* Slots without a value; what is set in them goes into the next run */
KwSlots *kw_command_rig_fresh_slots(KwCommandRig *fixture);
void kw_command_rig_set_pair(KwSlots *slots, const gchar *pair);
void kw_command_rig_set_days(KwSlots *slots, KwDate from, KwDate to);

/* (transfer full): the reply */
gchar *kw_command_rig_run(KwCommandRig *fixture, KwIntentId id);

/* Runs, checks what holds for all replies, compares with golden/replies/@name.txt. */
void kw_command_rig_check(KwCommandRig *fixture, KwIntentId id, const gchar *name);

G_END_DECLS
