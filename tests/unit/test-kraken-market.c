/* test-kraken-market.c: recorded and documented answers of the public REST interface */
#include "kw-error.h"
#include "kw-kraken-market.h"
#include "kw-test.h"

#include <string.h>

typedef struct {
    JsonNode *root;
} Fixture;

static void
set_up(Fixture *f, gconstpointer data)
{
    g_autofree gchar *path = kw_test_fixture_path("kraken/rest/doc_style_responses.json");
    g_autofree gchar *text = NULL;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    f->root = kw_json_parse_text(text, -1, NULL);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    g_clear_pointer(&f->root, json_node_unref);
}

static void
parse(const gchar *text, KwKrakenAnswer *out)
{
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
    g_autoptr(GError) error = NULL;

    g_assert_true(kw_kraken_answer_parse(bytes, out, &error));
    g_assert_no_error(error);
}

/* Result of the recorded answer @name */
static JsonObject *
recorded(Fixture *f, const gchar *name, KwKrakenAnswer *out)
{
    JsonObject *entry = json_object_get_object_member(json_node_get_object(f->root), name);
    g_autofree gchar *text = kw_json_to_text(json_object_get_member(entry, "response"));

    parse(text, out);
    return kw_kraken_answer_get_object(out, NULL);
}

static JsonObject *
result_of(const gchar *text, KwKrakenAnswer *out)
{
    g_autofree gchar *whole = g_strdup_printf("{\"error\":[],\"result\":%s}", text);

    parse(whole, out);
    return kw_kraken_answer_get_object(out, NULL);
}

static void
test_envelope(Fixture *f, gconstpointer data)
{
    static const gchar *const bad[] = {
        "<html><body>502 Bad Gateway</body></html>", /* F16 */
        "",
        "{\"error\":[],\"result\":{\"a\"",
        "[]",
        "{\"result\":{}}",
        "{\"error\":[]}",
        "{\"error\":[7],\"result\":{}}",
        "{\"error\":\"EGeneral:Internal error\"}",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GBytes) bytes = g_bytes_new(bad[i], strlen(bad[i]));
        g_autoptr(GError) error = NULL;
        KwKrakenAnswer answer = {.failure = (gchar *) "untouched"};

        g_test_message("%s", bad[i]);
        g_assert_false(kw_kraken_answer_parse(bytes, &answer, &error));
        g_assert_nonnull(error);
        g_assert_cmpstr(answer.failure, ==, "untouched");
    }
    {
        g_auto(KwKrakenAnswer) answer = {0};

        parse("{\"error\":[\"WGeneral:Old\",\"EOrder:Insufficient funds\"]}", &answer);
        g_assert_cmpstr(answer.failure, ==, "EOrder:Insufficient funds");
        g_assert_null(kw_kraken_answer_get_object(&answer, NULL));
    }
    {
        g_auto(KwKrakenAnswer) answer = {0};

        parse("{\"error\":[\"WGeneral:Old\"],\"result\":{}}", &answer);
        g_assert_null(answer.failure);
        g_assert_nonnull(kw_kraken_answer_get_object(&answer, NULL));
    }
}

static void
test_small(Fixture *f, gconstpointer data)
{
    g_auto(KwKrakenAnswer) ticker = {0}, time = {0};
    KwKrakenTicker values;
    gint64 time_us = 0;
    gchar text[KW_DECIMAL_TEXT_SIZE];

    g_assert_true(
        kw_kraken_parse_ticker(recorded(f, "ExchangeData/GetTicker", &ticker), &values, NULL));
    g_assert_cmpstr(kw_decimal_to_text(values.bid, text), ==, "30300.00000");
    g_assert_cmpstr(kw_decimal_to_text(values.ask, text), ==, "30300.10000");
    g_assert_cmpstr(kw_decimal_to_text(values.last, text), ==, "30303.20000");
    g_assert_true(kw_kraken_parse_time(
        result_of("{\"unixtime\":1762820237,\"rfc1123\":\"Tue, 11 Nov 25\"}", &time), &time_us,
        NULL));
    g_assert_cmpint(time_us, ==, G_GINT64_CONSTANT(1762820237000000));
    g_assert_cmpint(kw_kraken_system_from_string("something new"), ==,
                    KW_KRAKEN_SYSTEM_MAINTENANCE);
}

static void
test_ohlc(Fixture *f, gconstpointer data)
{
    g_auto(KwKrakenAnswer) answer = {0};
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) candles = NULL;
    gint64 last_us = 0;
    const KwCandle *first;

    candles =
        kw_kraken_parse_ohlc(recorded(f, "ExchangeData/GetKlines", &answer), &last_us, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(candles->len, ==, 4);
    g_assert_cmpint(last_us, ==, G_GINT64_CONSTANT(1688672160000000));
    first = &g_array_index(candles, KwCandle, 0);
    g_assert_cmpint(first->open_us, ==, G_GINT64_CONSTANT(1688671200000000));
    g_assert_cmpfloat(first->open, ==, 30306.1);
    g_assert_cmpfloat(first->low, ==, 30305.7);
    g_assert_cmpfloat(first->volume, ==, 3.39243896);
}

/* 721 rows, of which the last one is running */
static void
test_ohlc_running(Fixture *f, gconstpointer data)
{
    g_autofree gchar *path = kw_test_fixture_path("kraken/rest/synthetic_ohlc_60.json");
    g_auto(KwKrakenAnswer) answer = {0};
    g_autofree gchar *text = NULL;
    g_autoptr(GArray) candles = NULL;
    gint64 last_us = 0;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    parse(text, &answer);
    candles = kw_kraken_parse_ohlc(kw_kraken_answer_get_object(&answer, NULL), &last_us, NULL);
    g_assert_nonnull(candles);
    g_assert_cmpuint(candles->len, ==, 720);
    g_assert_cmpint(g_array_index(candles, KwCandle, 719).open_us, ==, last_us);
}

static void
test_ohlc_bad(Fixture *f, gconstpointer data)
{
    static const struct {
        const gchar *row, *what;
    } rows[] = {
        {"[1,\"0\",\"2\",\"1\",\"1\",\"1\",\"1\",1]", "open"},
        {"[1,\"1\",\"2\",\"1\",\"-1\",\"1\",\"1\",1]", "close"},
        {"[1,\"1\",\"2\",\"1\",\"1\",\"1\",\"-1\",1]", "volume"},
        {"[1,\"3\",\"2\",\"1\",\"1\",\"1\",\"1\",1]", "enclose"},
        {"[1,\"1e5\",\"2\",\"1\",\"1\",\"1\",\"1\",1]", "[1]"},
        {"[1,\"NaN\",\"2\",\"1\",\"1\",\"1\",\"1\",1]", "[1]"},
        {"[1,\"1\",\"2\"]", "[3]"},
        {"[-1,\"1\",\"2\",\"1\",\"1\",\"1\",\"1\",1]", "time"},
        {"{}", "[0]"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree gchar *text = g_strdup_printf("{\"P\":[%s],\"last\":5}", rows[i].row);
        g_auto(KwKrakenAnswer) answer = {0};
        g_autoptr(GError) error = NULL;
        gint64 last_us = 7;

        g_test_message("%s", rows[i].row);
        g_assert_null(kw_kraken_parse_ohlc(result_of(text, &answer), &last_us, &error));
        g_assert_nonnull(error);
        g_assert_nonnull(strstr(error->message, rows[i].what));
        g_assert_cmpint(last_us, ==, 7);
    }
}

static void
test_trades(Fixture *f, gconstpointer data)
{
    g_auto(KwKrakenAnswer) answer = {0}, short_id = {0};
    g_autoptr(GArray) trades = NULL, more = NULL;
    guint64 last = 0;
    const KwKrakenTrade *trade;

    trades = kw_kraken_parse_trades(recorded(f, "ExchangeData/GetTradeHistory", &answer), &last,
                                    NULL);
    g_assert_nonnull(trades);
    g_assert_cmpuint(trades->len, ==, 3);
    g_assert_cmpuint(last, ==, G_GUINT64_CONSTANT(1688671969993150842));
    trade = &g_array_index(trades, KwKrakenTrade, 1);
    g_assert_cmpint(trade->side, ==, KW_SIDE_SELL);
    g_assert_cmpint(trade->id, ==, 61044953);
    g_assert_cmpint(trade->time_us, ==, G_GINT64_CONSTANT(1688669598280411));
    more = kw_kraken_parse_trades(
        result_of("{\"P\":[],\"last\":\"16886719699931508\"}", &short_id), &last, NULL);
    g_assert_cmpuint(more->len, ==, 0);
    g_assert_cmpuint(last, ==, 0);
}

static void
test_instant(Fixture *f, gconstpointer data)
{
    static const struct {
        const gchar *text;
        gint64 us; /* 0: refused */
    } rows[] = {
        {"2024-05-19T16:32:26.777454Z", G_GINT64_CONSTANT(1716136346777454)},
        {"2024-05-17T11:12:00.000000000Z", G_GINT64_CONSTANT(1715944320000000)},
        {"2024-05-03T11:23:45Z", G_GINT64_CONSTANT(1714735425000000)},
        {"2024-02-30T11:23:45Z", 0},
        {"2024-05-03T24:23:45Z", 0},
        {"2024-05-03T11:23:45", 0},
        {"2024-05-03 11:23:45Z", 0},
        {"2024", 0},
        {"", 0},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(JsonObject) object = json_object_new();
        gint64 us = 0;

        g_test_message("%s", rows[i].text);
        json_object_set_string_member(object, "t", rows[i].text);
        g_assert_cmpint(kw_kraken_get_instant(object, "t", &us, NULL), ==, rows[i].us != 0);
        g_assert_cmpint(us, ==, rows[i].us);
    }
}

int
main(int argc, char **argv)
{
#define ADD(name, func)                                                                        \
    g_test_add("/exchange/kraken-market/" name, Fixture, NULL, set_up, func, tear_down)
    g_test_init(&argc, &argv, NULL);
    ADD("envelope", test_envelope);
    ADD("small", test_small);
    ADD("ohlc", test_ohlc);
    ADD("ohlc-running", test_ohlc_running);
    ADD("ohlc-bad", test_ohlc_bad);
    ADD("trades", test_trades);
    ADD("instant", test_instant);
    return g_test_run();
}
