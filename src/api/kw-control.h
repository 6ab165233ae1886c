/* kw-control.h: port: the whole list of what chat may change; no order is among it */
#pragma once

#include "kw-view.h"

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * KwControlResult:
 * @is_changed: FALSE: it was so already
 * @is_refused: a precondition is missing; nothing was changed; @refusal says which
 * @refusal: "kill_switch" (released first), "halted:REASON", "no_strategy", "unknown_pair";
 *   of models "not_set_up", "unknown_model", "gate:FIGURE", "running", "busy", "same"; of
 *   differences "not_set_up" (paper), "changed"
 * @at_us: time of the change, or since when it has been so
 * @by: who had changed it, when !is_changed
 */
typedef struct {
    gboolean is_changed;
    gboolean is_refused;
    gchar refusal[KW_VIEW_TEXT_SIZE];
    gint64 at_us;
    gchar by[KW_VIEW_TEXT_SIZE];
    gdouble old_value, new_value; /* threshold */
    guint n_open;
    KwDecimal open_profit;
} KwControlResult;

#define KW_TYPE_CONTROL (kw_control_get_type())
G_DECLARE_INTERFACE(KwControl, kw_control, KW, CONTROL, GObject)

struct _KwControlInterface {
    GTypeInterface parent_iface;

    void (*start)(KwControl *self, const gchar *by, KwControlResult *out);
    void (*stop)(KwControl *self, const gchar *by, gint64 reminder_us, KwControlResult *out);
    void (*pause)(KwControl *self, const gchar *by, gint64 reminder_us, KwControlResult *out);
    void (*kill_on)(KwControl *self, const gchar *by, KwControlResult *out);
    void (*kill_off)(KwControl *self, const gchar *by, KwControlResult *out);
    void (*set_threshold)(KwControl *self,
                          const gchar *by,
                          gdouble value,
                          KwControlResult *out);
    void (*lock_pair)(KwControl *self,
                      const gchar *by,
                      const gchar *pair,
                      gint64 until_us,
                      KwControlResult *out);
    void (*unlock_pair)(KwControl *self,
                        const gchar *by,
                        const gchar *pair,
                        KwControlResult *out);
    void (*audit)(KwControl *self, const gchar *by, const gchar *action, const gchar *detail);

    /* may be missing: refused as "not_set_up", or forgotten */
    void (*retrain)(KwControl *self, const gchar *by, KwControlResult *out);
    void (*deploy)(KwControl *self, const gchar *by, const gchar *tag, KwControlResult *out);
    void (*rollback)(KwControl *self, const gchar *by, const gchar *tag, KwControlResult *out);
    void (*set_preference)(KwControl *self,
                           const gchar *by,
                           const gchar *key,
                           const gchar *value);
    void (*accept)(KwControl *self, const gchar *by, const gchar *mark, KwControlResult *out);
};

/* All take effect at once in memory and are written down after; @by names channel and sender
 * ("admin:1000"). @reminder_us 0 = none: a reminder asks, it never starts trading again. */
void kw_control_start(KwControl *self, const gchar *by, KwControlResult *out);
void
kw_control_stop(KwControl *self, const gchar *by, gint64 reminder_us, KwControlResult *out);
void
kw_control_pause(KwControl *self, const gchar *by, gint64 reminder_us, KwControlResult *out);
void kw_control_kill_on(KwControl *self, const gchar *by, KwControlResult *out);

/* Leaves the bot stopped. */
void kw_control_kill_off(KwControl *self, const gchar *by, KwControlResult *out);

/* @value 0..1 */
void
kw_control_set_threshold(KwControl *self, const gchar *by, gdouble value, KwControlResult *out);

/* @until_us: last locked instant, or G_MAXINT64 */
void kw_control_lock_pair(
    KwControl *self, const gchar *by, const gchar *pair, gint64 until_us, KwControlResult *out);
void kw_control_unlock_pair(KwControl *self,
                            const gchar *by,
                            const gchar *pair,
                            KwControlResult *out);

/* One row of the audit trail: an inbound message and what was done with it. */
void
kw_control_audit(KwControl *self, const gchar *by, const gchar *action, const gchar *detail);

/* @tag: "v1.2.0", or "" for the newest that passed the gate, resp. the one before */
void kw_control_retrain(KwControl *self, const gchar *by, KwControlResult *out);
void
kw_control_deploy(KwControl *self, const gchar *by, const gchar *tag, KwControlResult *out);
void
kw_control_rollback(KwControl *self, const gchar *by, const gchar *tag, KwControlResult *out);

/* %FALSE: models are put into service at the server only */
gboolean kw_control_can_deploy(KwControl *self);

/* How the owner wants to be told things; never about trading. @value %NULL forgets it. Keys:
 * "language" ("de", "en"), "mute" ("all", "trades"), "mute_until" (UTC microseconds). */
void kw_control_set_preference(KwControl *self,
                               const gchar *by,
                               const gchar *key,
                               const gchar *value);

/**
 * kw_control_accept:
 * @mark: of KwVenueView: of the differences that the owner has seen
 *
 * He has an explanation for them: entries no longer wait for them, as long as none grows.
 * Refused as "changed" when they are not the same any more.
 */
void
kw_control_accept(KwControl *self, const gchar *by, const gchar *mark, KwControlResult *out);

G_END_DECLS
