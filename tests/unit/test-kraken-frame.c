/* test-kraken-frame.c: every recorded frame of the WebSocket, and its rows against the JSON */
#include "kw-error.h"
#include "kw-kraken-book.h"
#include "kw-kraken-frame.h"
#include "kw-test.h"

#include <string.h>

static const gchar *const files[] = {"ws/frames.jsonl",     "ws_v2/market.jsonl",
                                     "ws_v2/private.jsonl", "ws_v2/methods.jsonl",
                                     "ws_v2/errors.jsonl",  "ws_v2/admin.jsonl"};

typedef struct {
    guint n_frames, n_of[KW_KRAKEN_FRAME_BALANCES + 1];
    guint n_fills, n_reports, n_balances, n_bars, n_tickers, n_failures;
} Count;

/* The same value as the JSON has; a member that is not told says nothing. */
static void
assert_member(JsonObject *row, const gchar *name, KwDecimal value)
{
    if (!json_object_has_member(row, name))
        return;
    g_assert_cmpfloat_with_epsilon(kw_decimal_to_double(value),
                                   json_object_get_double_member(row, name), 1e-7);
}

static void
read_report(JsonObject *row, Count *count)
{
    g_autoptr(GError) error = NULL;
    KwKrakenReport report;

    g_assert_true(kw_kraken_read_report(row, &report, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(report.order_id, ==, json_object_get_string_member(row, "order_id"));
    g_assert_cmpstr(report.symbol, ==,
                    json_object_get_string_member_with_default(row, "symbol", ""));
    count->n_reports++;
    if (*report.exec_id == '\0')
        return;
    g_assert_cmpstr(report.exec_id, ==, json_object_get_string_member(row, "exec_id"));
    g_assert_cmpint(report.side, ==,
                    strcmp(json_object_get_string_member(row, "side"), "buy") == 0
                        ? KW_SIDE_BUY
                        : KW_SIDE_SELL);
    assert_member(row, "last_qty", report.amount);
    assert_member(row, "last_price", report.price);
    count->n_fills++;
}

static void
read_row(const KwKrakenFrame *frame, JsonObject *row, Count *count)
{
    gchar name[KW_PAIR_NAME_SIZE];
    g_autoptr(GError) error = NULL;
    KwKrakenTicker ticker;
    KwDecimal balance;
    KwKrakenBar bar;

    if (frame->kind == KW_KRAKEN_FRAME_EXECUTIONS) {
        read_report(row, count);
    } else if (frame->kind == KW_KRAKEN_FRAME_BALANCES) {
        g_assert_true(kw_kraken_read_balance(row, name, &balance, &error));
        g_assert_cmpstr(name, ==, json_object_get_string_member(row, "asset"));
        assert_member(row, "balance", balance);
        count->n_balances++;
    } else if (frame->kind == KW_KRAKEN_FRAME_OHLC) {
        g_assert_true(kw_kraken_read_bar(row, &bar, &error));
        g_assert_cmpfloat(bar.candle.close, ==, json_object_get_double_member(row, "close"));
        count->n_bars++;
    } else if (frame->kind == KW_KRAKEN_FRAME_TICKER) {
        g_assert_true(kw_kraken_read_ticker_row(row, name, &ticker, &error));
        g_assert_cmpstr(name, ==, json_object_get_string_member(row, "symbol"));
        count->n_tickers++;
    }
    g_assert_no_error(error);
}

static void
read_frame(const gchar *text, Count *count)
{
    g_autoptr(GBytes) body = g_bytes_new(text, strlen(text));
    g_auto(KwKrakenFrame) frame = {0};
    g_autoptr(GError) error = NULL;

    g_assert_true(kw_kraken_frame_parse(body, &frame, &error));
    g_assert_no_error(error);
    count->n_frames++;
    count->n_of[frame.kind]++;
    if (frame.kind == KW_KRAKEN_FRAME_BOOK) {
        g_auto(KwKrakenBookFrame) book = {0};

        kw_kraken_book_frame_init(&book);
        g_assert_true(kw_kraken_book_frame_parse(text, strlen(text), &book, &error));
        return;
    }
    if (frame.kind == KW_KRAKEN_FRAME_ACK && !frame.is_success) {
        g_assert_cmpstr(frame.failure, !=, "");
        count->n_failures++;
    }
    for (guint i = 0; frame.rows != NULL && i < json_array_get_length(frame.rows); i++)
        read_row(&frame, json_array_get_object_element(frame.rows, i), count);
}

/* Lines are frames as they were, or have them in "frame" with a direction. */
static void
read_line(const gchar *line, Count *count)
{
    g_autoptr(JsonNode) root = kw_json_parse_text(line, -1, NULL);
    JsonObject *object = json_node_get_object(root);
    const gchar *way = json_object_get_string_member_with_default(object, "dir", "in");

    if (strcmp(way, "out") == 0)
        return;
    if (json_object_has_member(object, "frame")) {
        g_autofree gchar *text = json_to_string(json_object_get_member(object, "frame"), FALSE);

        read_frame(text, count);
    } else {
        read_frame(line, count);
    }
}

static void
test_recorded(void)
{
    Count count = {0};

    for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree gchar *name = g_strconcat("kraken/", files[i], NULL);
        g_autofree gchar *path = kw_test_fixture_path(name);
        g_autofree gchar *text = NULL;
        g_auto(GStrv) lines = NULL;

        g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
        lines = g_strsplit(text, "\n", -1);
        for (guint k = 0; lines[k] != NULL; k++)
            if (*lines[k] != '\0')
                read_line(lines[k], &count);
    }
    g_test_message("%u frames, %u reports with %u fills, %u balances, %u bars, %u tickers",
                   count.n_frames, count.n_reports, count.n_fills, count.n_balances,
                   count.n_bars, count.n_tickers);
    for (guint i = KW_KRAKEN_FRAME_HEARTBEAT; i < G_N_ELEMENTS(count.n_of); i++)
        g_assert_cmpuint(count.n_of[i], >, 0);
    g_assert_cmpuint(count.n_fills, >, 0);
    g_assert_cmpuint(count.n_reports, >, count.n_fills);
    g_assert_cmpuint(count.n_failures, >, 0);
}

/* What comes from a proxy in front is no frame, and is told so. */
static void
test_no_json(void)
{
    g_autofree gchar *path = kw_test_fixture_path("kraken/ws_v2/not_json.txt");
    g_autofree gchar *text = NULL;
    g_autoptr(GBytes) body = NULL;
    g_auto(KwKrakenFrame) frame = {0};
    g_autoptr(GError) error = NULL;
    gsize length;

    g_assert_true(g_file_get_contents(path, &text, &length, NULL));
    body = g_bytes_new(text, length);
    g_assert_false(kw_kraken_frame_parse(body, &frame, &error));
    g_assert_true(error != NULL && error->domain == KW_PARSE_ERROR);
}

/* An error that does not say what it answers is one nevertheless. */
static void
test_unnumbered(void)
{
    static const struct {
        const gchar *text;
        KwKrakenFrameKind kind;
        const gchar *method, *failure, *client_id;
    } rows[] = {
        {"{\"method\":\"add_order\",\"success\":false,\"error\":\"E\",\"cl_ord_id\":\"kw1\"}",
         KW_KRAKEN_FRAME_ANSWER, "add_order", "E", "kw1"},
        {"{\"method\":\"cancel_order\",\"req_id\":0,\"success\":true,"
         "\"result\":{\"cl_ord_id\":\"kw2\"}}",
         KW_KRAKEN_FRAME_ANSWER, "cancel_order", "", "kw2"},
        {"{\"error\":\"Malformed request\",\"success\":false}", KW_KRAKEN_FRAME_ANSWER, "",
         "Malformed request", ""},
        {"{\"Error\":\"Exceeded msg rate\"}", KW_KRAKEN_FRAME_ANSWER, "", "Exceeded msg rate",
         ""},
        {"{\"error\":\"E\",\"method\":\"subscribe\"}", KW_KRAKEN_FRAME_ACK, "subscribe", "E",
         ""},
        {"{\"method\":\"pong\",\"time_in\":\"x\"}", KW_KRAKEN_FRAME_PONG, "pong", "", ""},
        {"{\"later\":[1,null]}", KW_KRAKEN_FRAME_OTHER, "", "", ""},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GBytes) text = g_bytes_new_static(rows[i].text, strlen(rows[i].text));
        g_auto(KwKrakenFrame) frame = {0};

        g_test_message("%s", rows[i].text);
        g_assert_true(kw_kraken_frame_parse(text, &frame, NULL));
        g_assert_cmpint(frame.kind, ==, rows[i].kind);
        g_assert_cmpint(frame.request, ==, 0);
        g_assert_cmpstr(frame.method, ==, rows[i].method);
        g_assert_cmpstr(frame.failure, ==, rows[i].failure);
        g_assert_cmpstr(frame.client_id, ==, rows[i].client_id);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/exchange/kraken-frame/recorded", test_recorded);
    g_test_add_func("/exchange/kraken-frame/no-json", test_no_json);
    g_test_add_func("/exchange/kraken-frame/unnumbered", test_unnumbered);
    return g_test_run();
}
