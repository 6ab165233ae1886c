#include "kw-pending.h"

#include <string.h>

void
kw_pending_clear(KwPending *self)
{
    memset(self, 0, sizeof *self);
}

void
kw_pending_set(KwPending *self,
               KwIntentId intent,
               const KwSlots *slots,
               const gchar *sender,
               guint64 serial,
               gint64 until_us)
{
    kw_pending_clear(self);
    self->intent = intent;
    self->slots = *slots;
    self->serial = serial;
    self->until_us = until_us;
    g_strlcpy(self->sender, sender, sizeof self->sender);
}

/* What speaks against any code, right or wrong */
static KwConfirmation
find_obstacle(const KwPending *self, const gchar *sender, guint64 serial, gint64 now_us)
{
    if (self->intent == KW_INTENT_NONE)
        return KW_CONFIRM_NOTHING;
    if (strcmp(self->sender, sender) != 0)
        return KW_CONFIRM_FOREIGN;
    if (now_us > self->until_us)
        return KW_CONFIRM_EXPIRED;
    return serial == self->serial ? KW_CONFIRM_RIGHT : KW_CONFIRM_CHANGED;
}

KwConfirmation
kw_pending_check(KwPending *self,
                 const gchar *code,
                 const gchar *sender,
                 guint64 serial,
                 gint64 now_us,
                 KwPending *out)
{
    KwConfirmation obstacle = find_obstacle(self, sender, serial, now_us);

    if (obstacle == KW_CONFIRM_EXPIRED || obstacle == KW_CONFIRM_CHANGED)
        kw_pending_clear(self);
    if (obstacle != KW_CONFIRM_RIGHT)
        return obstacle;
    if (*code == '\0')
        return KW_CONFIRM_MISSING;
    if (strlen(self->code) != 4 || strcmp(self->code, code) != 0) {
        if (++self->n_wrong < KW_PENDING_MAX_WRONG)
            return KW_CONFIRM_WRONG;
        kw_pending_clear(self);
        return KW_CONFIRM_SPENT;
    }
    *out = *self;
    kw_pending_clear(self); /* single use */
    return KW_CONFIRM_RIGHT;
}
