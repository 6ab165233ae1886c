/* kw-candle-layout.h: which column of a text table is what, and rows read by it */
#pragma once

#include "kw-cleaner.h"

G_BEGIN_DECLS

typedef enum {
    KW_CANDLE_FORMAT_AUTO,
    KW_CANDLE_FORMAT_PLAIN,       /* time,open,high,low,close,volume; or named by a header */
    KW_CANDLE_FORMAT_KRAKEN,      /* download: plain columns and number of trades */
    KW_CANDLE_FORMAT_KRAKEN_OHLC, /* API order: time,open,high,low,close,vwap,volume,count */
    KW_CANDLE_FORMAT_BINANCE,     /* kline dump: plain columns, close time and five more */
} KwCandleFormat;

#define KW_CANDLE_LAYOUT_MAX_COLUMNS 64

/**
 * KwCandleLayout:
 * @column: where the field stands, from 0
 * @separator: ',', ';' or a tab
 *
 * Plain value.
 */
typedef struct {
    KwCandleFormat format;
    guint n_columns;
    guint column[KW_N_ROW_FIELDS];
    gchar separator;
} KwCandleLayout;

/**
 * kw_candle_format_from_string:
 * @text: "auto", "plain", "kraken", "kraken-ohlc" or "binance"
 *
 * Returns: %TRUE, or %FALSE with %KW_PARSE_ERROR_SYNTAX; @out untouched then
 */
gboolean kw_candle_format_from_string(const gchar *text, KwCandleFormat *out, GError **error);

/* The names above; static */
const gchar *kw_candle_format_to_string(KwCandleFormat format);

/* TRUE when the first line of a table names columns instead of holding numbers */
gboolean kw_candle_layout_is_header(const gchar *line);

/**
 * kw_candle_layout_init:
 * @line: first line of the table, header or row
 * @format: what the caller says it is; %KW_CANDLE_FORMAT_AUTO to recognise it
 *
 * Returns: %TRUE, or %FALSE with %KW_MARKET_ERROR_FORMAT: no candles, single trades, or not
 *   the columns of @format
 */
gboolean kw_candle_layout_init(KwCandleLayout *self,
                               const gchar *line,
                               KwCandleFormat format,
                               GError **error);

/* (transfer full): names of the columns in the first line @header, "" for those that are part
 * of a candle */
GStrv kw_candle_layout_name_others(const KwCandleLayout *self, const gchar *header);

/**
 * kw_candle_layout_parse:
 * @line: taken apart in place
 * @out: every field but the line number; its reason tells what was wrong
 *
 * Times may be seconds (with a fraction), milliseconds or microseconds since 1970; each row is
 * judged by the size of its number, because exchanges have changed the unit inside a file.
 */
void
kw_candle_layout_parse(const KwCandleLayout *self, gchar *line, gsize length, KwRawRow *out);

G_END_DECLS
