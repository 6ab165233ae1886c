/* kw-messenger.h: the messengers that the configuration asks for, ready to start */
#pragma once

#include "kw-channel.h"
#include "kw-log.h"
#include "kw-settings.h"

G_BEGIN_DECLS

/**
 * KwMessenger:
 * @channel: owned; not started
 * @owners, @readers: (array zero-terminated=1): owned; senders, as the channel names them
 */
typedef struct {
    KwChannel *channel;
    gchar **owners;
    gchar **readers;
} KwMessenger;

void kw_messenger_free(KwMessenger *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwMessenger, kw_messenger_free)

/* (transfer none) (nullable): what @name has stored as its mark */
typedef const gchar *(*KwMessengerMarkFunc)(const gchar *name, gpointer user_data);

/**
 * KwMessengerParts:
 * @clock: real time
 * @log: (nullable): what is secret is masked in its lines from now on
 * @get_mark: how far the channel has read in an earlier run
 */
typedef struct {
    const KwSettings *settings;
    KwClock *clock;
    KwLog *log;
    KwMessengerMarkFunc get_mark;
    gpointer user_data;
} KwMessengerParts;

/**
 * kw_messenger_new_telegram:
 *
 * Returns: (transfer full) (nullable): %NULL without an error when it is not configured; with
 *   a #KwConfigError when its token is missing or cannot be read
 */
KwMessenger *kw_messenger_new_telegram(const KwMessengerParts *parts, GError **error);

/* The same for Signal; %KW_PARSE_ERROR_SYNTAX when the address is none */
KwMessenger *kw_messenger_new_signal(const KwMessengerParts *parts, GError **error);

G_END_DECLS
