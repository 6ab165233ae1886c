/* kw-phone-rig.h: the whole bot on the bundled candles, asked from the phone */
#pragma once

#include "kw-fake-signal.h"
#include "kw-fake-telegram.h"
#include "kw-front.h"
#include "kw-rig.h"

G_BEGIN_DECLS

#define KW_PHONE_RIG_READER (KW_FAKE_TELEGRAM_OWNER + 1)
#define KW_PHONE_RIG_SIGNAL_READER "77777777-2222-4333-8444-555555555555"

/**
 * KwPhoneRig:
 * @signal: (nullable): not set up when kw_phone_rig_open() is called: over Telegram alone
 * @clock: real time, as the phones have it
 * @more: (nullable): configuration beside what the channels need
 * @speed: of the pacer
 */
typedef struct {
    gchar *folder;
    KwFakeTelegram *telegram;
    KwFakeSignal *signal;
    KwSettings *settings;
    KwRig *rig;
    KwFront *front;
    KwClock *clock;
    const gchar *more;
    gdouble speed;
} KwPhoneRig;

/* A folder and a Telegram of its own; nothing runs yet. */
void kw_phone_rig_init(KwPhoneRig *self);

/* Reads the configuration and starts the bot; once, then again after a
 * kw_phone_rig_close_bot(). */
void kw_phone_rig_load(KwPhoneRig *self);
void kw_phone_rig_open_bot(KwPhoneRig *self);
void kw_phone_rig_close_bot(KwPhoneRig *self);
void kw_phone_rig_clear(KwPhoneRig *self);

/* Seconds, as a message says them */
gint64 kw_phone_rig_now(KwPhoneRig *self);

/* (transfer none): the answer over Telegram; what the bot tells unasked is passed over */
const gchar *kw_phone_rig_ask(KwPhoneRig *self, gint64 user, const gchar *text, gint64 date);

G_END_DECLS
