/* test-execution.c: what fills and scans say of spread, slippage and delay, and who reads it */
#include "kw-execution.h"

#include "kw-error.h"
#include "kw-friction.h"
#include "kw-json.h"
#include "kw-store-rows.h"
#include "kw-test.h"

#include <math.h>

#define DAY_US (24 * (gint64) G_TIME_SPAN_HOUR)
#define TODAY (KW_TEST_T0_US - KW_TEST_T0_US % DAY_US)
#define NOW (TODAY + 20 * (gint64) G_TIME_SPAN_HOUR)

typedef struct {
    gchar *root;
    KwFakeClock *clock;
    KwStore *store;
    guint n_fills;
} Fixture;

static void
set_up(Fixture *f, gconstpointer unused)
{
    g_autoptr(GError) error = NULL;

    f->root = kw_test_tmp_dir_new();
    f->clock = kw_fake_clock_new(NOW);
    f->store = kw_store_open(f->root, KW_CLOCK(f->clock), &error);
    g_assert_no_error(error);
}

static void
tear_down(Fixture *f, gconstpointer unused)
{
    g_clear_object(&f->store);
    g_clear_object(&f->clock);
    kw_test_tmp_dir_free(f->root);
}

static void
on_appended(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_assert_true(kw_market_store_append_finish(KW_MARKET_STORE(source), result, NULL));
    *(gboolean *) user_data = TRUE;
}

static void
on_flushed(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_assert_true(kw_market_store_flush_finish(KW_MARKET_STORE(source), result, NULL));
    *(gboolean *) user_data = TRUE;
}

/* @n scans, one a minute from @from_us on, with this spread at a price of 100 */
static void
add_scans(Fixture *f, const gchar *pair, gint64 from_us, guint n, gdouble spread)
{
    KwMarketBatch *batch = kw_market_batch_new();
    gboolean is_done = FALSE, is_flushed = FALSE;

    for (guint i = 0; i < n; i++) {
        KwScanRecord scan = {.time_us = from_us + i * G_TIME_SPAN_MINUTE,
                             .mode = KW_MODE_LIVE,
                             .price = 100.0,
                             .spread = spread,
                             .names = "",
                             .action = "none",
                             .confidence = NAN};

        (void) g_strlcpy(scan.pair, pair, sizeof scan.pair);
        kw_market_batch_add_scan(batch, &scan);
    }
    kw_market_store_append_async(kw_store_get_market(f->store), batch, NULL, on_appended,
                                 &is_done);
    kw_market_store_flush_async(kw_store_get_market(f->store), NULL, on_flushed, &is_flushed);
    while (!is_done || !is_flushed)
        (void) g_main_context_iteration(NULL, TRUE);
}

/* An order decided at 100 that is filled at @price a second later */
static void
add_fill(Fixture *f, const gchar *pair, KwSide side, const gchar *price, gint64 time_us)
{
    g_autoptr(KwBatch) batch = kw_batch_new();
    KwOrder order =
        kw_test_order(++f->n_fills, side, KW_ORDER_STATE_INTENT, time_us - G_USEC_PER_SEC);
    KwFill fill = {.side = side, .mode = KW_MODE_LIVE, .time_us = time_us};
    g_autoptr(GError) error = NULL;

    order.mode = KW_MODE_LIVE;
    order.type = KW_ORDER_TYPE_MARKET;
    order.price = kw_test_decimal("100");
    (void) g_strlcpy(order.pair, pair, sizeof order.pair);
    (void) g_snprintf(fill.exec_id, sizeof fill.exec_id, "T%u", f->n_fills);
    (void) g_strlcpy(fill.client_id, order.client_id, sizeof fill.client_id);
    (void) g_strlcpy(fill.pair, pair, sizeof fill.pair);
    fill.price = kw_test_decimal(price);
    fill.amount = order.amount;
    fill.fee = KW_DECIMAL_ZERO;
    kw_batch_add_order(batch, &order);
    kw_batch_add_fill(batch, &fill);
    (void) kw_test_append(f->store, g_steal_pointer(&batch), &error);
    g_assert_no_error(error);
}

static gchar *
measure(Fixture *f, gint64 now_us)
{
    g_autoptr(GError) error = NULL;
    gchar *path = NULL;

    g_assert_true(kw_execution_measure(f->root, now_us, 30, &path, &error));
    g_assert_no_error(error);
    return path;
}

/* The row of @pair and @session in the file */
static JsonObject *
find_row(JsonNode *root, const gchar *pair, const gchar *session)
{
    JsonArray *rows = json_object_get_array_member(json_node_get_object(root), "rows");

    for (guint i = 0; i < json_array_get_length(rows); i++) {
        JsonObject *row = json_array_get_object_element(rows, i);

        if (g_str_equal(json_object_get_string_member(row, "pair"), pair) &&
            g_str_equal(json_object_get_string_member(row, "session"), session))
            return row;
    }
    return NULL;
}

static gdouble
figure(JsonObject *row, const gchar *kind, const gchar *name)
{
    return json_object_get_double_member(json_object_get_object_member(row, kind), name);
}

static JsonNode *
read_file(const gchar *path)
{
    g_autofree gchar *text = NULL;
    JsonNode *root;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    root = kw_json_parse_text(text, -1, NULL);
    g_assert_nonnull(root);
    return root;
}

/* Slippage is what comes on top of half the spread; both sides lose. */
static void
test_figures(Fixture *f, gconstpointer unused)
{
    gint64 night = TODAY - DAY_US + 2 * (gint64) G_TIME_SPAN_HOUR; /* tokyo alone */
    g_autofree gchar *path = NULL;
    g_autoptr(JsonNode) root = NULL;
    JsonObject *row;

    add_scans(f, "BTC/EUR", night, 30, 0.2);
    for (guint i = 0; i < 10; i++) {
        add_fill(f, "BTC/EUR", KW_SIDE_BUY, "100.3", night + (i + 1) * G_TIME_SPAN_MINUTE);
        add_fill(f, "BTC/EUR", KW_SIDE_SELL, i < 8 ? "99.7" : "99",
                 night + (i + 1) * G_TIME_SPAN_MINUTE);
    }
    path = measure(f, NOW);
    root = read_file(path);
    row = find_row(root, "BTC/EUR", "tokyo");
    g_assert_nonnull(row);
    g_assert_cmpfloat_with_epsilon(figure(row, "spread", "p50"), 0.002, 1e-12);
    g_assert_cmpfloat_with_epsilon(figure(row, "slippage", "p50"), 0.002, 1e-9);
    g_assert_cmpfloat_with_epsilon(figure(row, "slippage", "mean"), 0.002 + 2 * 0.007 / 20,
                                   1e-9);
    g_assert_cmpfloat(figure(row, "slippage", "p90"), >, 0.0021);
    g_assert_cmpfloat_with_epsilon(figure(row, "latency_ms", "p90"), 1000.0, 1e-9);
    g_assert_cmpint((gint) figure(row, "slippage", "n"), ==, 20);
    g_assert_null(find_row(root, "BTC/EUR", "new_york"));
}

/* Few samples are not taken for a distribution, and those of today not at all. */
static void
test_thin(Fixture *f, gconstpointer unused)
{
    gint64 night = TODAY - DAY_US + 2 * (gint64) G_TIME_SPAN_HOUR;
    gint64 noon = TODAY - DAY_US + 11 * (gint64) G_TIME_SPAN_HOUR; /* london alone */
    g_autofree gchar *path = NULL;
    g_autoptr(JsonNode) root = NULL;
    JsonObject *row, *spread;

    add_scans(f, "BTC/EUR", night, 40, 0.2);
    add_scans(f, "BTC/EUR", noon, 5, 1.0);
    add_scans(f, "BTC/EUR", TODAY + G_TIME_SPAN_HOUR, 30, 5.0);
    add_fill(f, "BTC/EUR", KW_SIDE_BUY, "101", noon);
    path = measure(f, NOW);
    root = read_file(path);
    row = find_row(root, "BTC/EUR", "london");
    spread = json_object_get_object_member(row, "spread");
    g_assert_cmpstr(json_object_get_string_member(spread, "of"), ==, "BTC/EUR *");
    g_assert_cmpint(json_object_get_int_member(spread, "n"), ==, 5);
    g_assert_cmpfloat_with_epsilon(figure(row, "spread", "p50"), 0.002, 1e-12);
    g_assert_true(json_object_get_null_member(row, "slippage"));
}

static void
test_nothing(Fixture *f, gconstpointer unused)
{
    g_autoptr(GError) error = NULL;
    g_autofree gchar *latest = NULL;

    add_scans(f, "BTC/EUR", TODAY - DAY_US, 30, NAN);
    g_assert_null(measure(f, NOW));
    latest = kw_execution_dup_latest(f->root);
    g_assert_null(latest);
    g_assert_false(kw_execution_roll_back(f->root, &error));
    g_assert_error(error, KW_STORE_ERROR, KW_STORE_ERROR_OPEN);
}

/* Older files stay; the link goes back by one, and on again with the next night. */
static void
test_files(Fixture *f, gconstpointer unused)
{
    static const gchar *const wanted[] = {"2", "1", "0"};
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) names = NULL;

    add_scans(f, "BTC/EUR", TODAY - DAY_US, 30, 0.2);
    for (guint i = 0; i < 3; i++)
        g_free(measure(f, NOW + i * DAY_US));
    names = kw_execution_list(f->root);
    g_assert_cmpuint(g_strv_length(names), ==, 3);
    for (guint i = 0; i < G_N_ELEMENTS(wanted); i++) {
        g_autofree gchar *latest = kw_execution_dup_latest(f->root);

        g_assert_cmpstr(latest, ==, names[wanted[i][0] - '0']);
        g_assert_cmpint(kw_execution_roll_back(f->root, i < 2 ? &error : NULL), ==, i < 2);
        g_assert_no_error(error);
    }
    g_free(measure(f, NOW + 2 * DAY_US));
    {
        g_autofree gchar *latest = kw_execution_dup_latest(f->root);

        g_assert_cmpstr(latest, ==, names[2]);
    }
}

/* The one reader of both forms takes it by the link. */
static void
test_reader(Fixture *f, gconstpointer unused)
{
    gint64 night = TODAY - DAY_US + 2 * (gint64) G_TIME_SPAN_HOUR;
    const KwFrictionOrder order = {"BTC/EUR", KW_SIDE_BUY, {1, 2}, NOW};
    g_autofree gchar *path = NULL;
    g_autofree gchar *link =
        g_build_filename(f->root, KW_EXECUTION_FOLDER, KW_EXECUTION_LATEST, NULL);
    g_autoptr(KwFriction) friction = NULL;
    g_autoptr(GError) error = NULL;
    KwDecimal price;

    add_scans(f, "BTC/EUR", night, 30, 0.2);
    for (guint i = 0; i < 20; i++) /* better than decided: nothing to rely on */
        add_fill(f, "BTC/EUR", KW_SIDE_BUY, "99.5", night + (i + 1) * G_TIME_SPAN_MINUTE);
    path = measure(f, NOW);
    friction = kw_friction_load(link, 1, 100, &error);
    g_assert_no_error(error);
    g_assert_true(kw_friction_pay(friction, &order, kw_test_decimal("100"), &price, &error));
    g_assert_no_error(error);
    g_assert_cmpint(kw_decimal_cmp(price, kw_test_decimal("100.1")), ==, 0);
}

#define ADD(name, test)                                                                        \
    g_test_add("/store/execution/" name, Fixture, NULL, set_up, test, tear_down)

int
main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    ADD("figures", test_figures);
    ADD("thin", test_thin);
    ADD("nothing", test_nothing);
    ADD("files", test_files);
    ADD("reader", test_reader);
    return g_test_run();
}
