/* fuzz-kraken-frame.c: any bytes as a frame of Kraken's WebSocket, read in every way */
#include "kw-fuzz.h"
#include "kw-kraken-book.h"
#include "kw-kraken-frame.h"

static void
read_book(const gchar *text, gsize length)
{
    g_autoptr(KwKrakenBook) book = kw_kraken_book_new(1, 8, 10);
    g_auto(KwKrakenBookFrame) frame = {0};
    KwDecimal bid, ask;

    kw_kraken_book_frame_init(&frame);
    if (!kw_kraken_book_frame_parse(text, length, &frame, NULL))
        return;
    frame.is_snapshot = TRUE;
    (void) kw_kraken_book_apply(book, &frame, NULL);
    g_assert_cmpuint(kw_kraken_book_get_n_levels(book, KW_SIDE_BUY), <=, 10);
    if (kw_kraken_book_get_best(book, KW_SIDE_BUY, &bid))
        g_assert_cmpint(kw_decimal_sign(bid), >, 0);
    if (kw_kraken_book_get_best(book, KW_SIDE_SELL, &ask))
        g_assert_cmpint(kw_decimal_sign(ask), >, 0);
}

static void
read_row(JsonObject *row)
{
    gchar name[KW_PAIR_NAME_SIZE];
    KwKrakenReport report;
    KwKrakenTicker ticker;
    KwKrakenBar bar;
    KwDecimal balance;

    if (kw_kraken_read_bar(row, &bar, NULL))
        g_assert_true(kw_kraken_check_candle(&bar.candle, NULL));
    if (kw_kraken_read_report(row, &report, NULL) && *report.exec_id != '\0')
        g_assert_cmpint(kw_decimal_sign(report.amount), >, 0);
    (void) kw_kraken_read_ticker_row(row, name, &ticker, NULL);
    (void) kw_kraken_read_balance(row, name, &balance, NULL);
}

void
kw_fuzz_one(const guint8 *bytes, gsize length)
{
    g_autofree gchar *text = g_strndup((const gchar *) bytes, length);
    g_autoptr(GBytes) body = g_bytes_new(bytes, length);
    g_auto(KwKrakenFrame) frame = {0};

    read_book(text, length);
    if (!kw_kraken_frame_parse(body, &frame, NULL))
        return;
    for (guint i = 0; frame.rows != NULL && i < json_array_get_length(frame.rows); i++) {
        JsonObject *row = NULL;

        if (kw_json_at_object(frame.rows, i, &row, NULL))
            read_row(row);
    }
}
