/* kw-timeframe.h: names of candle lengths ("1h") and their microseconds */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KW_TIMEFRAME_1M_US (G_GINT64_CONSTANT(60) * G_USEC_PER_SEC)
#define KW_TIMEFRAME_1H_US (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)
#define KW_TIMEFRAME_1D_US (G_GINT64_CONSTANT(86400) * G_USEC_PER_SEC)

/**
 * kw_timeframe_parse:
 * @text: "1m", "5m", "15m", "30m", "1h", "4h", "1d" and the like; lower case
 * @out: (out caller-allocates): the length in microseconds; untouched on failure
 *
 * Weeks and months are left out: their openings are no multiples of their length.
 *
 * Returns: %TRUE, or %FALSE with %KW_PARSE_ERROR_SYNTAX, whose message lists all names
 */
gboolean kw_timeframe_parse(const gchar *text, gint64 *out, GError **error);

/* (nullable): static name of @timeframe_us; %NULL when it has none */
const gchar *kw_timeframe_to_string(gint64 timeframe_us);

/**
 * kw_timeframe_guess:
 * @times_us: openings, in any order
 *
 * Returns: the named length that most often lies between two neighbours (forward or
 *   backward); 0 when there is none. Where trades are sparse a gap may be as frequent as a
 *   step, so among equals the shorter wins.
 */
gint64 kw_timeframe_guess(const gint64 *times_us, gsize n_times);

G_END_DECLS
