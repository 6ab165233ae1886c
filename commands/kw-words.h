/* kw-words.h: the owner's words for the fixed names of states, reasons and people */
#pragma once

#include "kw-view.h"

G_BEGIN_DECLS

/* "[TROCKENLAUF]", "[LIVE]"; static */
const gchar *kw_words_mode_tag(KwMode mode);

/* "läuft", "gestoppt": for the middle of a sentence; static */
const gchar *kw_words_state(KwRunState state);

/**
 * kw_words_who:
 * @by: "signal:...", "admin:1000", "engine", "risk": what is stored with a change
 *
 * Returns: (transfer none): "du, Signal", "Limit"; @by itself when it is not known
 */
const gchar *kw_words_who(const gchar *by);

/* "Trailing-Stop" for "trailing_stop_loss"; @reason itself when it is not known */
const gchar *kw_words_exit_reason(const gchar *reason);

/* Where the stops are kept: with the venue, or simulated; static */
const gchar *kw_words_stop_place(KwMode mode, const KwVenueView *venue);

/* "USDT" of "BTC/USDT"; "" when there is none */
const gchar *kw_words_quote(const gchar *pair);

G_END_DECLS
