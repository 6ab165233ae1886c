#include "kw-control.h"

G_DEFINE_INTERFACE(KwControl, kw_control, G_TYPE_OBJECT)

static void
kw_control_default_init(KwControlInterface *iface)
{
    (void) iface;
}

void
kw_control_start(KwControl *self, const gchar *by, KwControlResult *out)
{
    KW_CONTROL_GET_IFACE(self)->start(self, by, out);
}

void
kw_control_stop(KwControl *self, const gchar *by, gint64 reminder_us, KwControlResult *out)
{
    KW_CONTROL_GET_IFACE(self)->stop(self, by, reminder_us, out);
}

void
kw_control_pause(KwControl *self, const gchar *by, gint64 reminder_us, KwControlResult *out)
{
    KW_CONTROL_GET_IFACE(self)->pause(self, by, reminder_us, out);
}

void
kw_control_kill_on(KwControl *self, const gchar *by, KwControlResult *out)
{
    KW_CONTROL_GET_IFACE(self)->kill_on(self, by, out);
}

void
kw_control_kill_off(KwControl *self, const gchar *by, KwControlResult *out)
{
    KW_CONTROL_GET_IFACE(self)->kill_off(self, by, out);
}

void
kw_control_set_threshold(KwControl *self, const gchar *by, gdouble value, KwControlResult *out)
{
    KW_CONTROL_GET_IFACE(self)->set_threshold(self, by, value, out);
}

void
kw_control_lock_pair(
    KwControl *self, const gchar *by, const gchar *pair, gint64 until_us, KwControlResult *out)
{
    KW_CONTROL_GET_IFACE(self)->lock_pair(self, by, pair, until_us, out);
}

void
kw_control_unlock_pair(KwControl *self,
                       const gchar *by,
                       const gchar *pair,
                       KwControlResult *out)
{
    KW_CONTROL_GET_IFACE(self)->unlock_pair(self, by, pair, out);
}

void
kw_control_audit(KwControl *self, const gchar *by, const gchar *action, const gchar *detail)
{
    KW_CONTROL_GET_IFACE(self)->audit(self, by, action, detail);
}

/* -- what may be missing -- */

static void
refuse(KwControlResult *out)
{
    *out = (KwControlResult){.is_refused = TRUE};
    g_strlcpy(out->refusal, "not_set_up", sizeof out->refusal);
}

void
kw_control_retrain(KwControl *self, const gchar *by, KwControlResult *out)
{
    KwControlInterface *iface = KW_CONTROL_GET_IFACE(self);

    refuse(out);
    if (iface->retrain != NULL)
        iface->retrain(self, by, out);
}

void
kw_control_deploy(KwControl *self, const gchar *by, const gchar *tag, KwControlResult *out)
{
    KwControlInterface *iface = KW_CONTROL_GET_IFACE(self);

    refuse(out);
    if (iface->deploy != NULL)
        iface->deploy(self, by, tag, out);
}

gboolean
kw_control_can_deploy(KwControl *self)
{
    return KW_CONTROL_GET_IFACE(self)->deploy != NULL;
}

void
kw_control_rollback(KwControl *self, const gchar *by, const gchar *tag, KwControlResult *out)
{
    KwControlInterface *iface = KW_CONTROL_GET_IFACE(self);

    refuse(out);
    if (iface->rollback != NULL)
        iface->rollback(self, by, tag, out);
}

void
kw_control_accept(KwControl *self, const gchar *by, const gchar *mark, KwControlResult *out)
{
    KwControlInterface *iface = KW_CONTROL_GET_IFACE(self);

    refuse(out);
    if (iface->accept != NULL)
        iface->accept(self, by, mark, out);
}

void
kw_control_set_preference(KwControl *self,
                          const gchar *by,
                          const gchar *key,
                          const gchar *value)
{
    KwControlInterface *iface = KW_CONTROL_GET_IFACE(self);

    if (iface->set_preference != NULL)
        iface->set_preference(self, by, key, value);
}
