/* kw-fake-signal-web.h: the doors of the fake signal-cli that speak HTTP */
#pragma once

#include "kw-fake-signal.h"

G_BEGIN_DECLS

/* A call as JSON-RPC. Returns: (transfer full): the answer, JSON-RPC; NULL: it comes later */
typedef gchar *(*KwFakeSignalCallFunc)(const gchar *request, gpointer user_data);

typedef struct _KwFakeSignalWeb KwFakeSignalWeb;

/* @port: 0: any */
KwFakeSignalWeb *kw_fake_signal_web_new(KwFakeSignalDoor door,
                                        guint port,
                                        KwFakeSignalCallFunc func,
                                        gpointer user_data);
void kw_fake_signal_web_free(KwFakeSignalWeb *self);

guint kw_fake_signal_web_get_port(KwFakeSignalWeb *self);

/* To everybody who listens to what is received: the parameters of a notification */
void kw_fake_signal_web_tell(KwFakeSignalWeb *self, const gchar *params);

/* The late answer to a call */
void kw_fake_signal_web_answer(KwFakeSignalWeb *self, gint64 id, const gchar *answer);

G_END_DECLS
