/* kw-front.h: between the bot and its channels: guard in, outbox out */
#pragma once

#include "kw-bot.h"
#include "kw-guard.h"
#include "kw-settings.h"

G_BEGIN_DECLS

/**
 * KwFront:
 *
 * Owns the channels. What comes in passes the guard, is answered by the bot and goes back to
 * where it came from; what the bot tells goes through the outbox. Main thread.
 */
typedef struct _KwFront KwFront;

/**
 * KwFrontOptions:
 * @market_clock: of the bot; market time while candles are replayed
 * @settings: borrowed; outlives the front
 * @log: (nullable): borrowed; outlives the front
 */
typedef struct {
    KwBot *bot;
    KwClock *market_clock;
    const KwSettings *settings;
    KwLog *log;
} KwFrontOptions;

/**
 * kw_front_new:
 *
 * Opens the channels; start the bot after that. A messenger that cannot be opened is logged and
 * left out.
 *
 * Returns: (transfer full): %NULL with a #KwNetError when the admin socket cannot be opened
 */
KwFront *kw_front_new(const KwFrontOptions *options, GError **error);
void kw_front_free(KwFront *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwFront, kw_front_free)

/* Messages of @channel ("admin", "telegram") with this verdict since the start */
guint64 kw_front_get_count(const KwFront *self, const gchar *channel, KwGuardVerdict verdict);

G_END_DECLS
