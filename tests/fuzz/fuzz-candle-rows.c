/* fuzz-candle-rows.c: any bytes as a table of candles, and as Binance's answer with some */
#include "kw-binance.h"
#include "kw-candle-layout.h"
#include "kw-fuzz.h"

#include <math.h>
#include <string.h>

static void
read_table(const gchar *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", 200);
    KwCandleLayout layout;

    if (lines[0] == NULL ||
        !kw_candle_layout_init(&layout, lines[0], KW_CANDLE_FORMAT_AUTO, NULL))
        return;
    g_assert_cmpuint(layout.n_columns, <=, KW_CANDLE_LAYOUT_MAX_COLUMNS);
    for (guint i = 0; lines[i] != NULL; i++) {
        KwRawRow row = {0};

        kw_candle_layout_parse(&layout, lines[i], strlen(lines[i]), &row);
        g_assert_cmpint(row.reason, <, KW_N_ROW_REASONS);
        (void) kw_cleaner_check_candle(&row.candle, NULL);
    }
}

void
kw_fuzz_one(const guint8 *bytes, gsize length)
{
    g_autofree gchar *text = g_strndup((const gchar *) bytes, length);
    g_autoptr(GBytes) body = g_bytes_new(bytes, length);
    g_autoptr(GArray) candles =
        kw_binance_parse_klines(body, G_GINT64_CONSTANT(1800000000000000), NULL);

    for (guint i = 0; candles != NULL && i < candles->len; i++) {
        const KwCandle *candle = &g_array_index(candles, KwCandle, i);

        g_assert_true(isfinite(candle->close) && candle->close > 0);
        g_assert_true(i == 0 || candle->open_us > (candle - 1)->open_us);
    }
    read_table(text);
}
