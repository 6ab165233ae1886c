/* kw-front.h: between the bot and its channels: guard in, outbox out */
#pragma once

#include "kw-bot.h"
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
 * kw_front_new:
 * @market_clock: of the bot; market time while candles are replayed
 * @settings: borrowed; outlives the front
 *
 * Opens the channels; start the bot after that.
 *
 * Returns: (transfer full): %NULL with a #KwNetError when the admin socket cannot be opened
 */
KwFront *
kw_front_new(KwBot *bot, KwClock *market_clock, const KwSettings *settings, GError **error);
void kw_front_free(KwFront *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwFront, kw_front_free)

G_END_DECLS
