/* kw-fake-signal.h: a signal-cli that keeps what it is told and can fall ill */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define KW_FAKE_SIGNAL_ACCOUNT "+4366012345601"
#define KW_FAKE_SIGNAL_OWNER "11111111-2222-4333-8444-555555555555"
#define KW_FAKE_SIGNAL_NUMBER "+4366012345602" /* the owner's */

/* A call of the bot; @params without the account, which is checked */
typedef struct {
    gint64 id;
    gchar *method;
    JsonObject *params;
} KwFakeSignalCall;

/* What it listens on; the last one is the container around it */
typedef enum {
    KW_FAKE_SIGNAL_UNIX,
    KW_FAKE_SIGNAL_TCP,
    KW_FAKE_SIGNAL_HTTP,
    KW_FAKE_SIGNAL_CONTAINER,
} KwFakeSignalDoor;
#define KW_N_FAKE_SIGNAL_DOORS 4

typedef struct _KwFakeSignal KwFakeSignal;

/* Listens at the socket @path, where an old socket file is in nobody's way */
KwFakeSignal *kw_fake_signal_new(const gchar *path);

/* The same through any door; @path counts for the first one only */
KwFakeSignal *kw_fake_signal_new_at(KwFakeSignalDoor door, const gchar *path);

/* (transfer none): as the configuration has it */
const gchar *kw_fake_signal_get_address(KwFakeSignal *self);
void kw_fake_signal_free(KwFakeSignal *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwFakeSignal, kw_fake_signal_free)

/* All connections end; nobody listens, and the socket file stays, as after a kill. */
void kw_fake_signal_die(KwFakeSignal *self);
void kw_fake_signal_revive(KwFakeSignal *self);

/* Bytes as they are to every client; a line has to bring its end. Through the doors that speak
 * HTTP only whole notifications go, one a line. */
void kw_fake_signal_write(KwFakeSignal *self, const gchar *bytes, gsize length);

/* The owner writes @text at @timestamp (milliseconds); or somebody else does */
void kw_fake_signal_say(KwFakeSignal *self, const gchar *text, gint64 timestamp);
void kw_fake_signal_say_as(KwFakeSignal *self,
                           const gchar *uuid,
                           const gchar *text,
                           gint64 timestamp);

/* The next call of @method is answered by @members ("\"error\":{...}") in place of a success;
 * NULL: not at all, until kw_fake_signal_answer() */
void kw_fake_signal_next(KwFakeSignal *self, const gchar *method, const gchar *members);
void kw_fake_signal_answer(KwFakeSignal *self, gint64 id, const gchar *members);

/* What listIdentities tells of the owner */
void kw_fake_signal_set_key(KwFakeSignal *self, const gchar *fingerprint);

/* (element-type KwFakeSignalCall) */
const GPtrArray *kw_fake_signal_get_calls(KwFakeSignal *self);
guint kw_fake_signal_count(KwFakeSignal *self, const gchar *method);

/* Forgets all calls so far: for long runs */
void kw_fake_signal_forget(KwFakeSignal *self);

/* Runs the main loop until @method was called @n times. Returns: (transfer none): the last one
 */
const KwFakeSignalCall *kw_fake_signal_wait(KwFakeSignal *self, const gchar *method, guint n);

G_END_DECLS
