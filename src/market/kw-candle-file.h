/* kw-candle-file.h: candles from a CSV file, plain or gzip, and back into one */
#pragma once

#include "kw-candle-layout.h"
#include "kw-cleaner.h"
#include "kw-series.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define KW_CANDLE_FILE_MAX_ROWS 10000000 /* 19 years of minutes */

/**
 * KwCandleFileOptions:
 * @format: %KW_CANDLE_FORMAT_AUTO to recognise it
 * @timeframe_us: 0 to guess it from the rows
 * @now_us: rows that close later are rejected; 0 to let all pass
 */
typedef struct {
    KwCandleFormat format;
    gint64 timeframe_us;
    gint64 now_us;
} KwCandleFileOptions;

/**
 * KwCandleFile:
 * @series: (owned): the valid rows
 * @report: (owned): what was rejected, repaired, noticed
 * @others: (owned): names of the columns that are no part of a candle; they are not read;
 *   safe to show
 * @synthetic: the file says that a generator made it
 */
typedef struct {
    KwSeries *series;
    KwCleanReport *report;
    KwCandleFormat format;
    GPtrArray *others; /* of gchar */
    gboolean synthetic;
} KwCandleFile;

void kw_candle_file_free(KwCandleFile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KwCandleFile, kw_candle_file_free)

/**
 * kw_candle_file_load:
 * @path: file name
 * @options: (nullable): all defaults when %NULL
 *
 * Reads and cleans a whole file; blocks, so only before the loop runs, on a thread or in a
 * verb. The file itself is never changed. Lines that start with '#' are comments; the comment
 * "# synthetic ..." marks generated data.
 *
 * Returns: (transfer full): %NULL with %KW_MARKET_ERROR_IO (cannot be read, broken gzip),
 *   %KW_MARKET_ERROR_FORMAT (no candles), %KW_MARKET_ERROR_EMPTY (not one valid row)
 */
KwCandleFile *
kw_candle_file_load(const gchar *path, const KwCandleFileOptions *options, GError **error);

/* The same from memory and from any stream */
KwCandleFile *
kw_candle_file_load_bytes(GBytes *bytes, const KwCandleFileOptions *options, GError **error);
KwCandleFile *kw_candle_file_load_stream(GInputStream *stream,
                                         const KwCandleFileOptions *options,
                                         GError **error);

/**
 * kw_candle_file_write:
 * @path: replaced when it exists; written as gzip when the name ends in ".gz"
 * @series: prices and volumes below 10^10 are written so that they read back as they are
 * @remark: (nullable): first line after "# "; generated data must say "synthetic ..."
 *
 * Returns: %TRUE, or %FALSE with %KW_MARKET_ERROR_IO
 */
gboolean kw_candle_file_write(const gchar *path,
                              const KwSeries *series,
                              const gchar *remark,
                              GError **error);

G_END_DECLS
