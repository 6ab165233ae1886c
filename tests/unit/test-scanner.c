/* test-scanner.c: a row for each pair and step, never ahead of the ledger */
#include "kw-db.h"
#include "kw-engine-rig.h"
#include "kw-fake-journal.h"
#include "kw-scanner.h"
#include "kw-store.h"
#include "kw-test.h"

#include <math.h>
#include <string.h>

#define HOUR_US KW_ENGINE_RIG_HOUR_US
#define FIRST_US (G_GINT64_CONSTANT(1709528400) * G_USEC_PER_SEC)
#define N_ROWS 30

static void
set_up(KwEngineRig *rig)
{
    static const gchar text[] =
        "return { name = 'scan', timeframe = '1h', startup_candles = 0, stoploss = -0.10,"
        " indicators = function(c) return { fast = ema(c.close, 3), vol = c.volume } end,"
        " entry = function(c) return eq(c.volume, 1) end,"
        " exit = function(c) return eq(c.volume, 2) end }";
    gdouble closes[N_ROWS];
    GArray *candles;

    for (guint i = 0; i < N_ROWS; i++)
        closes[i] = 100;
    kw_engine_rig_init(rig);
    kw_engine_rig_set_strategy(rig, text);
    candles = kw_engine_rig_add_pair(rig, "BTC/USDT");
    kw_engine_rig_add_rows(candles, FIRST_US, closes, N_ROWS);
    g_array_index(candles, KwCandle, 4).volume = 1;
    kw_engine_rig_add_rows(kw_engine_rig_add_pair(rig, "ETH/USDT"), FIRST_US, closes, N_ROWS);
}

static gint64
count(const KwEngineRig *rig, const gchar *sql)
{
    g_autofree gchar *path = g_build_filename(rig->root, KW_STORE_MARKET_FILE, NULL);
    g_autoptr(sqlite3) db = kw_db_open(path, KW_DB_READONLY, NULL);
    gint64 value = -1;

    g_assert_true(db != NULL && kw_sql_get_int(db, sql, 0, &value, NULL));
    return value;
}

/* Every pair in every step; what was decided stands in the row of its candle. */
static void
test_rows_of_a_run(void)
{
    KwEngineRig rig;

    set_up(&rig);
    kw_engine_rig_start(&rig, FIRST_US);
    kw_engine_rig_run_to(&rig, FIRST_US + 10 * HOUR_US);
    kw_engine_rig_stop(&rig);
    g_assert_cmpint(count(&rig, "SELECT count(*) FROM scan"), ==, 20);
    g_assert_cmpint(count(&rig, "SELECT count(DISTINCT time_us) FROM scan"), ==, 10);
    g_assert_cmpint(count(&rig, "SELECT count(*) FROM scan WHERE has_signal = 1"), ==, 1);
    g_assert_cmpint(count(&rig, "SELECT count(*) FROM scan WHERE action = 'enter'"), ==, 1);
    g_assert_cmpint(count(&rig, "SELECT (SELECT time_us FROM scan WHERE action = 'enter') -"
                                " (SELECT time_us FROM scan WHERE has_signal = 1)"),
                    ==, HOUR_US);
    g_assert_cmpint(
        count(&rig, "SELECT count(*) FROM column_set WHERE names IN ('fast,vol', 'vol,fast')"),
        ==, 1);
    g_assert_cmpint(count(&rig, "SELECT min(length(column_values)) FROM scan"), ==,
                    2 * sizeof(gdouble));
    kw_engine_rig_clear(&rig);
}

/* What /thoughts shows is the same after a restart, but for the threshold of then. */
static void
test_cycles_of_a_restart(void)
{
    g_autoptr(GArray) before = NULL;
    g_autoptr(GArray) after = NULL;
    KwEngineRig rig;

    set_up(&rig);
    kw_engine_rig_start(&rig, FIRST_US);
    kw_engine_rig_run_to(&rig, FIRST_US + 10 * HOUR_US);
    before = kw_query_list_steps(kw_engine_get_query(rig.engine), KW_PERIOD_ALL);
    kw_engine_rig_stop(&rig);
    kw_engine_rig_start(&rig, FIRST_US + 10 * HOUR_US);
    after = kw_query_list_steps(kw_engine_get_query(rig.engine), KW_PERIOD_ALL);
    g_assert_cmpuint(before->len, ==, 20);
    g_assert_cmpuint(after->len, ==, 20);
    for (guint i = 0; i < before->len; i++) {
        const KwStepView *a = &g_array_index(before, KwStepView, i);
        const KwStepView *b = &g_array_index(after, KwStepView, i);

        g_assert_cmpuint(a->cycle, ==, b->cycle);
        g_assert_cmpint(a->time_us, ==, b->time_us);
        g_assert_cmpstr(a->pair, ==, b->pair);
        g_assert_cmpstr(a->action, ==, b->action);
        g_assert_cmpstr(a->reason, ==, b->reason);
        g_assert_true(a->has_signal == b->has_signal);
        g_assert_true(a->names == b->names);
        g_assert_cmpuint(a->n_values, ==, b->n_values);
        g_assert_cmpint(memcmp(a->values, b->values, a->n_values * sizeof a->values[0]), ==, 0);
        g_assert_true(isfinite(a->threshold) && isnan(b->threshold));
    }
    kw_engine_rig_clear(&rig);
}

static void
on_done(GObject *source, GAsyncResult *result, gpointer user_data)
{
    (void) kw_journal_append_finish(KW_JOURNAL(source), result, NULL);
    *(gboolean *) user_data = TRUE;
}

static void
on_flushed(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_assert_true(kw_market_store_flush_finish(KW_MARKET_STORE(source), result, NULL));
    *(gboolean *) user_data = TRUE;
}

static void
flush(KwMarketStore *market)
{
    gboolean is_done = FALSE;

    kw_market_store_flush_async(market, NULL, on_flushed, &is_done);
    while (!is_done)
        (void) g_main_context_iteration(NULL, TRUE);
}

/* Rows wait for the decisions that came before them. */
static void
test_waits_for_the_ledger(void)
{
    g_autoptr(KwFakeJournal) ledger = kw_fake_journal_new();
    g_autoptr(KwGroupJournal) group = kw_group_journal_new(KW_JOURNAL(ledger));
    g_autoptr(KwScanner) scanner = NULL;
    gboolean is_done = FALSE;
    KwMarketStore *market;
    KwBatch *batch;
    KwEngineRig rig;
    KwBook *book;

    set_up(&rig);
    kw_engine_rig_start(&rig, FIRST_US + 5 * HOUR_US);
    book = kw_engine_rig_get_book(&rig);
    market = kw_store_get_market(rig.store);
    scanner = kw_scanner_new(book, market, group);
    kw_scanner_set_strategy(scanner);
    kw_fake_journal_hold(ledger);
    batch = kw_batch_new();
    kw_batch_add_meta(batch, "a", "decision", 1);
    kw_journal_append_async(kw_group_journal_get_early(group), batch, NULL, on_done, &is_done);
    kw_scanner_add(scanner, &book->slots[0], "enter", "");
    kw_scanner_commit(scanner);
    while (g_main_context_iteration(NULL, FALSE))
        continue;
    flush(market);
    g_assert_true(is_done);
    g_assert_cmpint(count(&rig, "SELECT count(*) FROM scan"), ==, 0);

    kw_fake_journal_release_all(ledger);
    while (g_main_context_iteration(NULL, FALSE))
        continue;
    flush(market);
    g_assert_cmpint(count(&rig, "SELECT count(*) FROM scan WHERE action = 'enter'"), ==, 1);
    g_clear_pointer(&scanner, kw_scanner_free);
    kw_engine_rig_clear(&rig);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    kw_test_prefer_memory();
    kw_test_quiet_log();
    g_test_add_func("/engine/scanner/run", test_rows_of_a_run);
    g_test_add_func("/engine/scanner/restart", test_cycles_of_a_restart);
    g_test_add_func("/engine/scanner/ledger", test_waits_for_the_ledger);
    return g_test_run();
}
