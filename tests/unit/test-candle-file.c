/* test-candle-file.c: dialects, times, bad fields, the recorded defects, random damage */
#include "kw-candle-file.h"
#include "kw-error.h"
#include "kw-gap.h"
#include "kw-test.h"
#include "kw-timeframe.h"

#include <glib/gstdio.h>

#define HOUR KW_TIMEFRAME_1H_US

static KwCandleFile *
load_text(const gchar *text, const KwCandleFileOptions *options, GError **error)
{
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));

    return kw_candle_file_load_bytes(bytes, options, error);
}

static KwCandleFile *
load_fixture(const gchar *name)
{
    g_autofree gchar *relative = g_build_filename("market", name, NULL);
    g_autofree gchar *path = kw_test_fixture_path(relative);
    g_autoptr(GError) error = NULL;
    KwCandleFile *file = kw_candle_file_load(path, NULL, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(file->report->n_read, ==, file->report->n_kept + file->report->n_rejected);
    return file;
}

static void
test_file_dialects(void)
{
    static const struct {
        const gchar *text;
        KwCandleFormat format;
    } rows[] = {
        {"time,open,high,low,close,volume\n1704067200,1.5,2,1,2,7.25\n1704070800,2,2,2,2,0\n",
         KW_CANDLE_FORMAT_PLAIN},
        {"1704067200,1.5,2,1,2,7.25\n1704070800,2,2,2,2,0", KW_CANDLE_FORMAT_PLAIN},
        {"\xef\xbb\xbf\"Volume\";\"Close\";\"Low\";\"High\";\"Open\";\"Timestamp\";\"x\"\r\n"
         "7.25;2;1;2;1.5;1704067200000;9\r\n0;2;2;2;2;1704070800000;9\r\n",
         KW_CANDLE_FORMAT_PLAIN},
        {"1704067200\t1.5\t2\t1\t2\t7.25\n1704070800\t2\t2\t2\t2\t0\n", KW_CANDLE_FORMAT_PLAIN},
        {"1704067200,1.5,2,1,2,7.25,11\n1704070800,2,2,2,2,0,0\n", KW_CANDLE_FORMAT_KRAKEN},
        {"1704067200,1.5,2,1,2,1.9,7.25,11\n1704070800,2,2,2,2,0,0,0\n",
         KW_CANDLE_FORMAT_KRAKEN_OHLC},
        {"1704067200000,1.5,2,1,2,7.25,1704070799999,14.1,11,3.5,6.9,0\n"
         "1704070800000,2,2,2,2,0,1704074399999,0,0,0,0,0\n",
         KW_CANDLE_FORMAT_BINANCE},
        {"# a remark\n1704067200000000,1.5,2,1,2,7.25\n\n1704070800.000,2,2,2,2,0\n",
         KW_CANDLE_FORMAT_PLAIN},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(KwCandleFile) file = load_text(rows[i].text, NULL, &error);
        KwCandle first;

        g_test_message("row %" G_GSIZE_FORMAT, i);
        g_assert_no_error(error);
        g_assert_cmpint(file->format, ==, rows[i].format);
        g_assert_cmpuint(file->report->n_kept, ==, 2);
        g_assert_cmpuint(file->report->notes->len, ==, 0);
        g_assert_cmpint(kw_series_get_timeframe_us(file->series), ==, HOUR);
        g_assert_false(file->synthetic);
        first = kw_series_get(file->series, 0);
        g_assert_cmpint(first.open_us, ==, G_GINT64_CONSTANT(1704067200000000));
        g_assert_cmpfloat(first.open, ==, 1.5);
        g_assert_cmpfloat(first.high, ==, 2);
        g_assert_cmpfloat(first.low, ==, 1);
        g_assert_cmpfloat(first.close, ==, 2);
        g_assert_cmpfloat(first.volume, ==, 7.25);
    }
}

static void
test_file_refuses(void)
{
    static const struct {
        const gchar *text;
        KwMarketError code;
        const gchar *message;
    } rows[] = {
        {"", KW_MARKET_ERROR_EMPTY, "no rows"},
        {"# nothing\n\n", KW_MARKET_ERROR_EMPTY, "no rows"},
        {"time,open,high,low,close,volume\n", KW_MARKET_ERROR_EMPTY, "no rows"},
        {"Hello, world\n", KW_MARKET_ERROR_FORMAT, "no table"},
        {"time,open,high,low,volume\n1,1,1,1,1\n", KW_MARKET_ERROR_FORMAT, "first line"},
        {"1,2,3,4,5\n", KW_MARKET_ERROR_FORMAT, "5 columns"},
        {"time_ms,trade_id,ord_type,side,price,qty\n1700179206662,5504897,market,buy,1,2\n",
         KW_MARKET_ERROR_FORMAT, "single trades"},
        {"1700179206662,5504897,market,buy,1,2\n", KW_MARKET_ERROR_FORMAT, "single trades"},
        {"1700179206.66,36160.9,0.00039906\n", KW_MARKET_ERROR_FORMAT, "single trades"},
        {"1,36160.9,0.1,3616.09,1700179206662,True,True\n", KW_MARKET_ERROR_FORMAT,
         "single trades"},
        {"1704067200,1,1,1,1,1\n", KW_MARKET_ERROR_FORMAT, "timeframe"},
        {"1704067200,1,0,1,1,1\n1704070800,1,0,1,1,1\n", KW_MARKET_ERROR_EMPTY,
         "not one of 2 rows"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;

        g_test_message("row %" G_GSIZE_FORMAT, i);
        g_assert_null(load_text(rows[i].text, NULL, &error));
        g_assert_error(error, KW_MARKET_ERROR, (gint) rows[i].code);
        g_assert_nonnull(strstr(error->message, rows[i].message));
    }
}

static void
test_file_format_by_option(void)
{
    const gchar *text = "1704067200,1,2,1,1.5,1.25,7,1\n1704070800,1,2,1,1.5,1.25,7,1\n";
    KwCandleFileOptions options = {.format = KW_CANDLE_FORMAT_BINANCE};
    g_autoptr(GError) error = NULL;

    g_assert_null(load_text(text, &options, &error));
    g_assert_error(error, KW_MARKET_ERROR, KW_MARKET_ERROR_FORMAT);
    g_clear_error(&error);

    g_assert_true(kw_candle_format_from_string("kraken-ohlc", &options.format, &error));
    g_autoptr(KwCandleFile) file = load_text(text, &options, &error);
    g_assert_no_error(error);
    g_assert_cmpfloat(kw_series_get_volumes(file->series)[0], ==, 7);
}

static const struct {
    const gchar *row;
    KwRowReason reason;
    KwRowField field;
} bad_rows[] = {
    {"1704070800,1,2,1,1e5,3", KW_ROW_SYNTAX, KW_ROW_FIELD_CLOSE},
    {"1704070800,1,2,1,,3", KW_ROW_SYNTAX, KW_ROW_FIELD_CLOSE},
    {"1704070800,+1,2,1,1,3", KW_ROW_SYNTAX, KW_ROW_FIELD_OPEN},
    {"1704070800,1,2.0.0,1,1,3", KW_ROW_SYNTAX, KW_ROW_FIELD_HIGH},
    {"1704070800,1, 2,1,1,3", KW_ROW_SYNTAX, KW_ROW_FIELD_HIGH},
    {"1704070800,1,0x2,1,1,3", KW_ROW_SYNTAX, KW_ROW_FIELD_HIGH},
    {"1704070800,1,.,1,1,3", KW_ROW_SYNTAX, KW_ROW_FIELD_HIGH},
    {"1704070800,1,2,NaN,1,3", KW_ROW_NOT_FINITE, KW_ROW_FIELD_LOW},
    {"1704070800,1,-inf,1,1,3", KW_ROW_NOT_FINITE, KW_ROW_FIELD_HIGH},
    {"1704070800,1,1e308,1,1,3", KW_ROW_SYNTAX, KW_ROW_FIELD_HIGH},
    {"1704070800,1,10000000000000000000000000,1,1,3", KW_ROW_RANGE, KW_ROW_FIELD_HIGH},
    {"1704070800,1.00000000000000000000000000000000000000000000000001,2,1,1,3", KW_ROW_RANGE,
     KW_ROW_FIELD_OPEN},
    {"1704070800,0,2,1,1,3", KW_ROW_PRICE_ZERO, KW_ROW_FIELD_OPEN},
    {"1704070800,1,2,-1,1,3", KW_ROW_NEGATIVE, KW_ROW_FIELD_LOW},
    {"1704070800,1,2,1,1,-3", KW_ROW_NEGATIVE, KW_ROW_FIELD_VOLUME},
    {"1704070800,1,2,1,1,1e", KW_ROW_SYNTAX, KW_ROW_FIELD_VOLUME},
    {"1704070800,1,2,1,1,e1", KW_ROW_SYNTAX, KW_ROW_FIELD_VOLUME},
    {"1704070800,1,2,1,1,1e+", KW_ROW_SYNTAX, KW_ROW_FIELD_VOLUME},
    {"1704070800,1,2,1,1,1e1e1", KW_ROW_SYNTAX, KW_ROW_FIELD_VOLUME},
    {"1704070800,1,2,1,1,1e999", KW_ROW_NOT_FINITE, KW_ROW_FIELD_VOLUME},
    {"1704070800,1,2,1,1,x1e1", KW_ROW_SYNTAX, KW_ROW_FIELD_VOLUME},
    {"1704070800,1,2,1,1,-1e1", KW_ROW_NEGATIVE, KW_ROW_FIELD_VOLUME},
    {"1704070800,1,2,1,3,3", KW_ROW_HIGH_LOW, KW_ROW_FIELD_CLOSE},
    {"1704070800,1,2,1,1", KW_ROW_COLUMNS, KW_ROW_FIELD_NONE},
    {"1704070800,1,2,1,1,3,4", KW_ROW_COLUMNS, KW_ROW_FIELD_NONE},
    {"garbage", KW_ROW_COLUMNS, KW_ROW_FIELD_NONE},
    {"now,1,2,1,1,3", KW_ROW_SYNTAX, KW_ROW_FIELD_TIME},
    {"-1704070800,1,2,1,1,3", KW_ROW_NEGATIVE, KW_ROW_FIELD_TIME},
    {"170407080000000000000,1,2,1,1,3", KW_ROW_RANGE, KW_ROW_FIELD_TIME},
    {"1704070801,1,2,1,1,3", KW_ROW_OFF_GRID, KW_ROW_FIELD_TIME},
};

/* F31 on the way in: the bad row is rejected by reason and field, its neighbours stay. */
static void
test_file_bad_fields(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(bad_rows); i++) {
        KwCandleFileOptions options = {.timeframe_us = HOUR};
        g_autofree gchar *text = g_strdup_printf("1704067200,1,2,1,1,3\n%s\n"
                                                 "1704074400,1,2,1,1,3\n",
                                                 bad_rows[i].row);
        g_autoptr(GError) error = NULL;
        g_autoptr(KwCandleFile) file = load_text(text, &options, &error);
        const KwRowNote *note;

        g_test_message("row '%s'", bad_rows[i].row);
        g_assert_no_error(error);
        g_assert_cmpuint(file->report->n_kept, ==, 2);
        g_assert_cmpuint(file->report->n_rejected, ==, 1);
        note = &g_array_index(file->report->notes, KwRowNote, 0);
        g_assert_cmpuint(note->line, ==, 2);
        g_assert_cmpstr(kw_row_reason_to_string(note->reason), ==,
                        kw_row_reason_to_string(bad_rows[i].reason));
        g_assert_cmpstr(kw_row_field_to_string(note->field), ==,
                        kw_row_field_to_string(bad_rows[i].field));
        g_assert_cmpint(note->fate, ==, KW_ROW_REJECTED);
    }
}

/* Values are the doubles nearest to the digits, however many there are. */
static void
test_file_numbers_exact(void)
{
    for (guint i = 0; i < 2000; i++) {
        gdouble value = g_test_rand_double_range(1e-6, 1e6);
        gint n_digits = g_test_rand_int_range(0, 18);
        gchar format[8], digits[64];
        g_autofree gchar *text = NULL;
        g_autoptr(KwCandleFile) file = NULL;
        KwCandleFileOptions options = {.timeframe_us = HOUR};

        (void) g_snprintf(format, sizeof format, "%%.%df", n_digits);
        (void) g_ascii_formatd(digits, sizeof digits, format, value);
        text = g_strdup_printf("1704067200,1,1,1,1,%s", digits);
        file = load_text(text, &options, NULL);
        g_assert_nonnull(file);
        g_assert_cmpfloat(kw_series_get_volumes(file->series)[0], ==,
                          g_ascii_strtod(digits, NULL));
    }
}

static void
test_file_future(void)
{
    const gchar *text = "1704067200,1,2,1,1,3\n1704070800,1,2,1,1,3\n1704074400,1,2,1,1,3\n";
    KwCandleFileOptions options = {.now_us = G_GINT64_CONSTANT(1704074400) * G_USEC_PER_SEC};
    g_autoptr(KwCandleFile) file = load_text(text, &options, NULL);

    g_assert_cmpuint(file->report->n_kept, ==, 2);
    g_assert_cmpuint(file->report->counts[KW_ROW_FUTURE], ==, 1);
}

/* -- recorded defects -- */

static void
test_file_defect_descending(void)
{
    g_autoptr(KwCandleFile) file = load_fixture("binance-BTC_USDT-1h.descending-2020.csv.gz");
    g_autoptr(GArray) gaps = kw_gap_list(file->series);

    g_assert_cmpuint(file->report->n_kept, ==, 294);
    g_assert_cmpuint(file->report->n_repaired, ==, 294);
    g_assert_cmpuint(file->report->counts[KW_ROW_REVERSED], ==, 294);
    g_assert_cmpuint(gaps->len, ==, 1);
    g_assert_cmpuint(kw_gap_count_missing(gaps), ==, 1);
    g_assert_cmpint(kw_series_get_times(file->series)[293], ==,
                    G_GINT64_CONSTANT(1607562000) * G_USEC_PER_SEC);
    g_assert_cmpfloat(kw_series_get_closes(file->series)[293], ==, 18428.74);
}

static void
test_file_defect_offset(void)
{
    g_autoptr(KwCandleFile) file = load_fixture("binance-BTC_USDT-1m.offset-2017-12.csv.gz");
    const KwCleanReport *report = file->report;

    g_assert_cmpint(kw_series_get_timeframe_us(file->series), ==, KW_TIMEFRAME_1M_US);
    g_assert_cmpuint(report->n_read, ==, 499);
    g_assert_cmpuint(report->counts[KW_ROW_SNAPPED], ==, 240);
    /* the stretch begins with a second row for the minute in which the collector was late */
    g_assert_cmpuint(report->counts[KW_ROW_CONFLICT], ==, 1);
    g_assert_cmpuint(report->n_kept, ==, 498);
    g_assert_cmpuint(report->n_repaired, ==, 239);
    for (gsize i = 0; i < kw_series_get_length(file->series); i++)
        g_assert_cmpint(kw_series_get_times(file->series)[i] % KW_TIMEFRAME_1M_US, ==, 0);
}

/* A round volume may be written with an exponent; see also the bad fields. */
static void
test_file_volume_exponent(void)
{
    static const gchar text[] = "1704067200,1,2,1,1,1E+1\n1704070800,1,2,1,1,25e-1\n"
                                "1704074400,1,2,1,1,2.5E2\n";
    KwCandleFileOptions options = {.timeframe_us = HOUR};
    g_autoptr(GError) error = NULL;
    g_autoptr(KwCandleFile) file = load_text(text, &options, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(file->report->n_rejected, ==, 0);
    g_assert_cmpfloat(kw_series_get_volumes(file->series)[0], ==, 10);
    g_assert_cmpfloat(kw_series_get_volumes(file->series)[1], ==, 2.5);
    g_assert_cmpfloat(kw_series_get_volumes(file->series)[2], ==, 250);
}

static void
test_file_defect_outages(void)
{
    g_autoptr(KwCandleFile) file = load_fixture("binance-BTC_USDT-1m.outages-2018-06.csv.gz");
    g_autoptr(GArray) gaps = kw_gap_list(file->series);

    g_assert_cmpuint(file->report->n_kept, ==, 320);
    g_assert_cmpuint(file->report->n_rejected + file->report->n_repaired, ==, 0);
    g_assert_cmpuint(g_array_index(gaps, KwGap, 0).n_missing, ==, 600);
    g_assert_cmpuint(g_array_index(gaps, KwGap, gaps->len - 1).n_missing, ==, 105);
    g_assert_cmpint(kw_gap_meaning_of_exchange("Binance"), ==, KW_GAP_OUTAGE);
    g_assert_cmpint(kw_gap_meaning_of_exchange("kraken"), ==, KW_GAP_NO_TRADE);
    g_assert_cmpint(kw_gap_meaning_of_exchange(NULL), ==, KW_GAP_OUTAGE);
}

/* F32: real crashes look like errors; they stay, each with a flag. */
static void
test_file_defect_spikes(void)
{
    g_autoptr(KwCandleFile) file = load_fixture("kraken-ETH_USD-1h.spikes-2015-2017.csv.gz");

    /* 45 volumes are written "1E+1" in this source */
    g_assert_cmpuint(file->report->n_rejected, ==, 0);
    g_assert_cmpuint(file->report->n_kept, ==, 632);
    g_assert_cmpuint(file->report->counts[KW_ROW_JUMP], >, 3);
    g_assert_cmpuint(file->report->counts[KW_ROW_JUMP], <, 30);
}

static void
test_file_trades_are_refused(void)
{
    g_autofree gchar *path = kw_test_fixture_path("market/kraken-BTC_USDT-trades.csv.gz");
    g_autoptr(GError) error = NULL;

    g_assert_null(kw_candle_file_load(path, NULL, &error));
    g_assert_error(error, KW_MARKET_ERROR, KW_MARKET_ERROR_FORMAT);
    g_assert_nonnull(strstr(error->message, "trades.csv.gz"));
}

/* -- writing -- */

static void
test_file_round_trip(void)
{
    static const gchar *const names[] = {"a.csv", "a.csv.gz"};
    g_autoptr(KwCandleFile) file = load_fixture("kraken-ETH_USD-1h.spikes-2015-2017.csv.gz");
    gchar *dir = kw_test_tmp_dir_new();

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree gchar *path = g_build_filename(dir, names[i], NULL);
        g_autoptr(GError) error = NULL;
        g_autoptr(KwCandleFile) again = NULL;

        g_assert_true(kw_candle_file_write(path, file->series,
                                           i == 0 ? NULL : "synthetic seed=1", &error));
        g_assert_no_error(error);
        again = kw_candle_file_load(path, NULL, &error);
        g_assert_no_error(error);
        g_assert_cmpint(again->synthetic, ==, i == 1);
        g_assert_cmpuint(kw_series_get_length(again->series), ==, 632);
        for (gsize row = 0; row < 632; row++) {
            KwCandle a = kw_series_get(file->series, row);
            KwCandle b = kw_series_get(again->series, row);
            g_assert_cmpmem(&a, sizeof a, &b, sizeof b);
        }
    }
    kw_test_tmp_dir_free(dir);
}

static void
test_file_write_fails(void)
{
    g_autoptr(KwSeries) series = kw_series_new(HOUR);
    g_autoptr(GError) error = NULL;

    g_assert_false(kw_candle_file_write("/nowhere/at/all.csv", series, NULL, &error));
    g_assert_error(error, KW_MARKET_ERROR, KW_MARKET_ERROR_IO);
}

/* -- damage -- */

static void
damage(GByteArray *bytes)
{
    static const gchar interesting[] = ",,\n\r.-+eE#N0123456789\t;\"\0";
    gint n_edits = g_test_rand_int_range(1, 12);

    for (gint i = 0; i < n_edits && bytes->len > 8; i++) {
        guint at = (guint) g_test_rand_int_range(0, (gint32) bytes->len - 6);

        switch (g_test_rand_int_range(0, 4)) {
        case 0:
            bytes->data[at] = (guint8) g_test_rand_int_range(0, 256);
            break;
        case 1:
            bytes->data[at] =
                (guint8) interesting[g_test_rand_int_range(0, sizeof interesting)];
            break;
        case 2:
            g_byte_array_remove_range(bytes, at, (guint) g_test_rand_int_range(1, 6));
            break;
        default:
            g_byte_array_set_size(bytes, at + 4);
            break;
        }
    }
}

/* Property: no damage to the bytes crashes the reader, and every row is accounted for. */
static void
test_file_random_damage(void)
{
    g_autoptr(GString) text = g_string_new("time,open,high,low,close,volume\n");
    guint n_loaded = 0;

    for (guint i = 0; i < 60; i++)
        g_string_append_printf(text, "%u,10%u.5,120,90,10%u.25,3.%u\n", 1704067200 + i * 3600,
                               i % 10, i % 9, i);
    for (guint round = 0; round < 2000; round++) {
        g_autoptr(GByteArray) bytes = g_byte_array_new();
        g_autoptr(GBytes) input = NULL;
        g_autoptr(GError) error = NULL;
        g_autoptr(KwCandleFile) file = NULL;
        KwCandleFileOptions options = {.timeframe_us = HOUR};

        g_byte_array_append(bytes, (const guint8 *) text->str, (guint) text->len);
        damage(bytes);
        input = g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
        file = kw_candle_file_load_bytes(input, &options, &error);
        g_assert_true((file == NULL) == (error != NULL));
        if (file == NULL)
            continue;
        n_loaded++;
        g_assert_cmpuint(file->report->n_read, ==,
                         file->report->n_kept + file->report->n_rejected);
        g_assert_cmpuint(file->report->n_kept, ==, kw_series_get_length(file->series));
        for (gsize row = 0; row < kw_series_get_length(file->series); row++) {
            KwCandle candle = kw_series_get(file->series, row);
            g_assert_cmpint(kw_cleaner_check_candle(&candle, NULL), ==, KW_ROW_FINE);
        }
    }
    g_assert_cmpuint(n_loaded, >, 1000);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/market/candle-file/dialects", test_file_dialects);
    g_test_add_func("/market/candle-file/refuses", test_file_refuses);
    g_test_add_func("/market/candle-file/format-by-option", test_file_format_by_option);
    g_test_add_func("/market/candle-file/bad-fields", test_file_bad_fields);
    g_test_add_func("/market/candle-file/volume-exponent", test_file_volume_exponent);
    g_test_add_func("/market/candle-file/numbers-exact", test_file_numbers_exact);
    g_test_add_func("/market/candle-file/future", test_file_future);
    g_test_add_func("/market/candle-file/defect-descending", test_file_defect_descending);
    g_test_add_func("/market/candle-file/defect-offset", test_file_defect_offset);
    g_test_add_func("/market/candle-file/defect-outages", test_file_defect_outages);
    g_test_add_func("/market/candle-file/defect-spikes", test_file_defect_spikes);
    g_test_add_func("/market/candle-file/trades-are-refused", test_file_trades_are_refused);
    g_test_add_func("/market/candle-file/round-trip", test_file_round_trip);
    g_test_add_func("/market/candle-file/write-fails", test_file_write_fails);
    g_test_add_func("/market/candle-file/random-damage", test_file_random_damage);
    return g_test_run();
}
