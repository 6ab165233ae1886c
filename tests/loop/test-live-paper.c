/* test-live-paper.c: the whole bot on paper, on live candles of the fake Kraken
 *
 * Clock and exchange are moved together, so an hour passes in seconds. No order may reach the
 * exchange, which has no key to send one with. */
#include "kw-execution.h"
#include "kw-fake-kraken.h"
#include "kw-live-source.h"
#include "kw-rig.h"
#include "kw-test.h"

#include <math.h>
#include <sqlite3.h>
#include <string.h>

#define MINUTE_US (G_GINT64_CONSTANT(60) * G_USEC_PER_SEC)
#define T0_US (KW_TEST_T0_US / MINUTE_US * MINUTE_US)

static const gchar strategy[] =
    "return { name = 'flip', timeframe = '1m', startup_candles = 10, stoploss = -0.10,\n"
    "  minimal_roi = { [0] = 1.0 },\n"
    "  indicators = function(c, p) return { fast = ema(c.close, 2), slow = ema(c.close, 6) } "
    "end,\n"
    "  entry = function(c, i) return crossed_above(i.fast, i.slow) end,\n"
    "  exit = function(c, i) return crossed_below(i.fast, i.slow) end }\n";

typedef struct {
    gchar *folder, *root;
    KwFakeKraken *fake;
    KwFakeClock *clock;
    KwSettings *settings;
    KwLiveSource live;
    KwRig *rig;
} Fixture;

static void
load_settings(Fixture *f)
{
    g_autofree gchar *config = g_build_filename(f->folder, "kurswart.conf", NULL);
    g_autofree gchar *lua = g_build_filename(f->folder, "flip.lua", NULL);
    g_autoptr(GPtrArray) problems = kw_config_problems_new();
    KwSettingsPaths paths = {config, KW_SETTINGS_NO_FILE, f->root};
    g_autofree gchar *text = g_strdup_printf(
        "[feed]\nkind = kraken\n[kraken]\nrest_url = %s\nws_url = %s\nca_file = %s\n"
        "[trading]\npairs = BTC/EUR, ETH/EUR\nstake_currency = EUR\ntimeframe = 1m\n"
        "strategy = %s\n[chat]\nadmin_socket = %s/admin.sock\n",
        kw_fake_kraken_get_rest(f->fake), kw_fake_kraken_get_ws(f->fake),
        kw_fake_kraken_get_ca_file(f->fake), lua, f->folder);

    g_assert_true(g_file_set_contents(lua, strategy, -1, NULL));
    g_assert_true(g_file_set_contents(config, text, -1, NULL));
    f->settings = kw_settings_load(&paths, NULL, NULL, problems);
    g_assert_cmpuint(problems->len, ==, 0);
}

static void
open_bot(Fixture *f)
{
    const gchar *const names[] = {"BTC/EUR", "ETH/EUR", NULL};
    const KwRigOptions options = {.settings = f->settings, .seed = 1, .pace = 1};
    g_autoptr(GError) error = NULL;

    g_assert_true(
        kw_live_source_open(&f->live, f->settings, names, KW_CLOCK(f->clock), &error));
    g_assert_no_error(error);
    f->rig = kw_rig_new_live(KW_CLOCK(f->clock), KW_FEED(f->live.feed), &options, &error);
    g_assert_no_error(error);
    kw_bot_start(f->rig->bot);
}

static void
set_up(Fixture *f, gconstpointer data)
{
    f->folder = kw_test_tmp_dir_new();
    f->root = g_build_filename(f->folder, "root", NULL);
    f->fake = kw_fake_kraken_new(T0_US);
    f->clock = kw_fake_clock_new(T0_US);
    kw_fake_kraken_tell(f->fake, "walk",
                        "{\"pair\":\"XBTEUR\",\"price\":58000,\"per_minute\":12,"
                        "\"step\":0.002,\"history_s\":7200}");
    kw_fake_kraken_tell(f->fake, "walk",
                        "{\"pair\":\"ETHEUR\",\"price\":3000,\"per_minute\":6,"
                        "\"step\":0.002,\"history_s\":7200}");
    load_settings(f);
    open_bot(f);
}

static gboolean
is_idle(gpointer user_data)
{
    return kw_engine_is_idle(kw_bot_get_engine(((Fixture *) user_data)->rig->bot));
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    g_clear_pointer(&f->rig, kw_rig_free);
    kw_live_source_clear(&f->live);
    kw_settings_free(f->settings);
    g_clear_object(&f->clock);
    kw_fake_kraken_free(f->fake);
    g_free(f->root);
    kw_test_tmp_dir_free(f->folder);
}

static void
pass_minutes(Fixture *f, guint minutes)
{
    for (guint i = 0; i < minutes * 60; i++)
        kw_fake_kraken_pass_second(f->fake, f->clock, 2000);
    kw_fake_kraken_wait(is_idle, f, "the engine is idle");
}

static gdouble
ask_store(Fixture *f, const gchar *file, const gchar *sql)
{
    g_autofree gchar *path = g_build_filename(f->root, file, NULL);
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    gdouble value;

    g_assert_cmpint(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_step(stmt), ==, SQLITE_ROW);
    value = sqlite3_column_double(stmt, 0);
    (void) sqlite3_finalize(stmt);
    (void) sqlite3_close(db);
    return value;
}

static void
test_trades(Fixture *f, gconstpointer data)
{
    g_autoptr(JsonNode) truth = NULL;

    pass_minutes(f, 40);
    g_assert_cmpuint(kw_engine_get_n_candles(kw_bot_get_engine(f->rig->bot)), >=, 70);
    g_clear_pointer(&f->rig, kw_rig_free); /* writes what is queued */
    g_assert_cmpfloat(ask_store(f, "ledger.db", "SELECT count(*) FROM fill"), >=, 2);
    g_assert_cmpfloat(ask_store(f, "market.db", "SELECT count(*) FROM scan WHERE spread > 0"),
                      >=, 60);
    g_assert_cmpfloat(
        ask_store(f, "market.db",
                  "SELECT count(*) FROM scan WHERE depth_bid > 0 AND depth_ask > 0"),
        >=, 60);
    truth = kw_fake_kraken_steer(f->fake, "truth", NULL);
    g_assert_cmpuint(json_array_get_length(
                         json_object_get_array_member(json_node_get_object(truth), "orders")),
                     ==, 0);
}

/* F33: nobody goes in while the exchange is not open. */
static void
test_closed_exchange(Fixture *f, gconstpointer data)
{
    kw_fake_kraken_tell(f->fake, "pair", "{\"pair\":\"XBTEUR\",\"status\":\"cancel_only\"}");
    kw_fake_kraken_tell(f->fake, "pair", "{\"pair\":\"ETHEUR\",\"status\":\"post_only\"}");
    pass_minutes(f, 3);
    kw_fake_kraken_tell(f->fake, "pair", "{\"pair\":\"ETHEUR\",\"status\":\"limit_only\"}");
    pass_minutes(f, 25);
    g_clear_pointer(&f->rig, kw_rig_free);
    g_assert_cmpfloat(ask_store(f, "ledger.db", "SELECT count(*) FROM fill"), ==, 0);
}

/* The night measures anew: what it found counts without a start. */
static void
test_measured_at_night(Fixture *f, gconstpointer data)
{
    static const gchar figures[] = "2000-01-01,*,*,0.02,0.02,0.02,0,0,0\n";
    g_autofree gchar *folder = g_build_filename(f->root, KW_EXECUTION_FOLDER, NULL);
    g_autofree gchar *latest = g_build_filename(folder, KW_EXECUTION_LATEST, NULL);
    g_autoptr(GPtrArray) problems = kw_config_problems_new();
    const gchar *sql = "SELECT max(f.price / o.price) FROM fill f JOIN orders o ON"
                       " o.client_id = f.client_id WHERE o.side = 'buy'";

    g_assert_true(
        kw_config_set(f->settings->bot, "trading", "measured_execution", "true", problems));
    pass_minutes(f, 25);
    g_assert_cmpfloat(ask_store(f, "ledger.db", sql), <, 1.001);
    g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
    g_assert_true(g_file_set_contents(latest, figures, -1, NULL));
    g_signal_emit_by_name(kw_bot_get_engine(f->rig->bot), "night-over");
    pass_minutes(f, 25);
    g_assert_cmpfloat(ask_store(f, "ledger.db", sql), >, 1.005);
}

/* Entries that wait: none takes, and some are filled, at their own price and fee; their trades
 * are reckoned with it. */
static void
test_maker(Fixture *f, gconstpointer data)
{
    const gchar *const filled = "SELECT count(*) FROM orders WHERE side = 'buy' AND"
                                " type = 'post_only' AND state = 'filled'";

    f->settings->book.is_maker = TRUE;
    f->settings->book.maker_patience_us = 60 * G_USEC_PER_SEC;
    f->settings->book.maker_fee_ratio = 0.0015;
    pass_minutes(f, 40);
    g_assert_cmpfloat(ask_store(f, "ledger.db", filled), >, 0);
    g_assert_cmpfloat(ask_store(f, "ledger.db",
                                "SELECT count(*) FROM orders WHERE side = 'buy' AND"
                                " type = 'market'"),
                      ==, 0);
    g_assert_cmpfloat(ask_store(f, "ledger.db",
                                "SELECT count(*) FROM fill f JOIN orders o ON o.client_id ="
                                " f.client_id WHERE o.side = 'buy' AND f.price != o.price"),
                      ==, 0);
    g_assert_cmpfloat(
        ask_store(f, "ledger.db", "SELECT max(abs(fee_open_ratio - 0.0015)) FROM trade"), <,
        1e-12);
    g_assert_cmpfloat(
        ask_store(f, "ledger.db", "SELECT max(abs(fee_close_ratio - 0.004)) FROM trade"), <,
        1e-12);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    kw_test_quiet_log();
    g_test_add("/loop/live-paper/trades", Fixture, NULL, set_up, test_trades, tear_down);
    g_test_add("/loop/live-paper/measured-at-night", Fixture, NULL, set_up,
               test_measured_at_night, tear_down);
    g_test_add("/loop/live-paper/maker", Fixture, NULL, set_up, test_maker, tear_down);
    g_test_add("/loop/live-paper/closed-exchange", Fixture, NULL, set_up, test_closed_exchange,
               tear_down);
    return g_test_run();
}
