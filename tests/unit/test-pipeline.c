#include "kw-control.h"
#include "kw-db.h"
#include "kw-engine-rig.h"
#include "kw-store-rows.h"
#include "kw-test.h"

#define HOUR KW_ENGINE_RIG_HOUR_US
#define T0 (KW_TEST_T0_US - KW_TEST_T0_US % HOUR - 2 * HOUR) /* 11:00 UTC, noon in Vienna */
#define N_ROWS 30
#define BUY 1.0 /* volumes, see kw_engine_rig_set_volume_strategy() */
#define SELL 2.0

static const gdouble flat[N_ROWS] = {
    100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100,
    100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100,
};

static void
fixture_init(KwEngineRig *rig)
{
    kw_engine_rig_init(rig);
    kw_engine_rig_set_volume_strategy(rig, "");
    kw_engine_rig_add_rows(kw_engine_rig_add_pair(rig, "BTC/USDT"), T0, flat, N_ROWS);
    kw_engine_rig_add_rows(kw_engine_rig_add_pair(rig, "ETH/USDT"), T0, flat, N_ROWS);
}

static KwCandle *
row_of(KwEngineRig *rig, guint pair, guint row)
{
    return &g_array_index(rig->candles[pair], KwCandle, row);
}

/* A row that opens and closes at @price */
static void
set_price(KwEngineRig *rig, guint pair, guint row, gdouble price)
{
    KwCandle *candle = row_of(rig, pair, row);

    candle->open = candle->close = price;
    candle->high = price * 1.001;
    candle->low = price * 0.999;
}

/* Runs until row @row is decided; the store is closed when @engine is no longer needed. */
static void
run_rows(KwEngineRig *rig, guint row)
{
    if (rig->engine == NULL)
        kw_engine_rig_start(rig, T0 + HOUR);
    kw_engine_rig_run_to(rig, T0 + (row + 1) * HOUR);
}

static const KwTrade *
closed(KwEngineRig *rig, guint index)
{
    const KwPortfolio *portfolio = kw_engine_rig_get_book(rig)->portfolio;

    g_assert_cmpuint(kw_portfolio_get_n_closed(portfolio), >, index);
    return kw_portfolio_get_closed(portfolio, index);
}

static guint
count_open(KwEngineRig *rig)
{
    return kw_portfolio_get_n_open(kw_engine_rig_get_book(rig)->portfolio);
}

static void
assert_decimal(KwDecimal have, const gchar *want)
{
    gchar text[KW_DECIMAL_TEXT_SIZE];

    g_test_message("%s, wanted %s", kw_decimal_to_text(have, text), want);
    g_assert_cmpint(kw_decimal_cmp(have, kw_test_decimal(want)), ==, 0);
}

/* Both once, in this order */
static void
assert_told_before(KwEngineRig *rig, KwEventKind first, KwEventKind second)
{
    gint at_first = -1, at_second = -1;

    g_assert_cmpuint(kw_engine_rig_count_events(rig, first), ==, 1);
    g_assert_cmpuint(kw_engine_rig_count_events(rig, second), ==, 1);
    for (guint i = 0; i < rig->events->len; i++) {
        const KwEvent *event = rig->events->pdata[i];

        if (event->kind == first)
            at_first = (gint) i;
        else if (event->kind == second)
            at_second = (gint) i;
    }
    g_assert_cmpint(at_first, <, at_second);
}

static void
test_signal_acts_at_next_open(void)
{
    KwEngineRig rig;
    const KwTrade *trade;

    fixture_init(&rig);
    row_of(&rig, 0, 5)->volume = BUY;
    set_price(&rig, 0, 6, 101);
    row_of(&rig, 0, 9)->volume = SELL;
    set_price(&rig, 0, 10, 102);
    run_rows(&rig, 5);
    g_assert_cmpuint(count_open(&rig), ==, 0);
    run_rows(&rig, 6);
    g_assert_cmpuint(count_open(&rig), ==, 1);
    run_rows(&rig, 12);
    trade = closed(&rig, 0);
    g_assert_cmpint(trade->open_us, ==, T0 + 6 * HOUR);
    g_assert_cmpint(trade->close_us, ==, T0 + 10 * HOUR);
    assert_decimal(trade->open_rate, "101");
    assert_decimal(trade->close_rate, "102");
    g_assert_cmpstr(trade->exit_reason, ==, "exit_signal");
    g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_ENTRY), ==, 1);
    g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_EXIT), ==, 1);
    g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_STOP_HIT), ==, 0);
    assert_told_before(&rig, KW_EVENT_ENTRY_ORDER, KW_EVENT_ENTRY);
    assert_told_before(&rig, KW_EVENT_EXIT_ORDER, KW_EVENT_EXIT);
    g_assert_cmpuint(kw_engine_rig_last_event(&rig, KW_EVENT_ENTRY_ORDER)->amount.scale, ==,
                     kw_engine_rig_get_book(&rig)->slots[0].pair.price_tick.scale);
    kw_engine_rig_clear(&rig);
}

/* The stop of the row of the entry counts; the row after it may enter again. */
static void
test_stop_in_the_row_of_the_entry(void)
{
    KwEngineRig rig;

    fixture_init(&rig);
    row_of(&rig, 0, 5)->volume = BUY;
    row_of(&rig, 0, 6)->volume = BUY;
    row_of(&rig, 0, 6)->low = 85;
    run_rows(&rig, 7);
    g_assert_cmpstr(closed(&rig, 0)->exit_reason, ==, "stop_loss");
    g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_EXIT), ==, 0);
    assert_told_before(&rig, KW_EVENT_EXIT_ORDER, KW_EVENT_STOP_HIT);
    assert_decimal(closed(&rig, 0)->close_rate, "90");
    g_assert_cmpint(closed(&rig, 0)->close_us, ==, T0 + 6 * HOUR);
    g_assert_cmpuint(count_open(&rig), ==, 1);
    kw_engine_rig_clear(&rig);
}

/* Row 8 closes the trade by its stop while a buy signal of row 7 waits. */
static void
test_no_entry_in_the_row_of_the_exit(void)
{
    KwEngineRig rig;

    fixture_init(&rig);
    row_of(&rig, 0, 5)->volume = BUY;
    row_of(&rig, 0, 7)->volume = BUY;
    row_of(&rig, 0, 8)->low = 85;
    run_rows(&rig, 10);
    g_assert_cmpint(closed(&rig, 0)->close_us, ==, T0 + 8 * HOUR);
    g_assert_cmpuint(count_open(&rig), ==, 0);
    kw_engine_rig_clear(&rig);
}

static void
test_one_place_goes_to_the_first_pair(void)
{
    KwEngineRig rig;
    const KwEvent *event;

    fixture_init(&rig);
    rig.settings.max_open_trades = rig.settings.stake.max_open_trades = 1;
    row_of(&rig, 0, 5)->volume = BUY;
    row_of(&rig, 1, 5)->volume = BUY;
    run_rows(&rig, 6);
    g_assert_cmpuint(count_open(&rig), ==, 1);
    g_assert_nonnull(
        kw_portfolio_find_open(kw_engine_rig_get_book(&rig)->portfolio, "BTC/USDT"));
    event = kw_engine_rig_last_event(&rig, KW_EVENT_REJECTED);
    g_assert_nonnull(event);
    g_assert_cmpstr(event->trade.pair, ==, "ETH/USDT");
    g_assert_cmpstr(event->text, ==, "max_open_trades");
    kw_engine_rig_clear(&rig);
}

/* One of the highest tier that is refused is told with what would have come of it, once while
 * it lasts; what is bought is an entry. */
static void
test_lost_signal_is_told_once(void)
{
    KwEngineRig rig;
    const KwEvent *event;

    fixture_init(&rig);
    kw_engine_rig_set_volume_strategy(
        &rig, "minimal_roi = { [0] = 0.05 },"
              " confidence = function(c) return c.close * 0 + 0.8 end,");
    rig.settings.max_open_trades = rig.settings.stake.max_open_trades = 1;
    row_of(&rig, 0, 5)->volume = BUY;
    row_of(&rig, 1, 5)->volume = row_of(&rig, 1, 6)->volume = BUY;
    row_of(&rig, 1, 12)->volume = BUY;
    run_rows(&rig, 8);
    g_assert_cmpuint(count_open(&rig), ==, 1);
    g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_REJECTED), ==, 2);
    g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_SIGNAL), ==, 1);
    event = kw_engine_rig_last_event(&rig, KW_EVENT_SIGNAL);
    g_assert_cmpstr(event->trade.pair, ==, "ETH/USDT");
    g_assert_cmpstr(event->text, ==, "max_open_trades");
    g_assert_cmpfloat(event->trade.confidence, ==, 0.8);
    assert_decimal(event->trade.open_rate, "100");
    assert_decimal(event->trade.stop, "90");
    g_assert_cmpfloat(kw_decimal_to_double(event->amount), >, 105);
    g_assert_cmpfloat(kw_decimal_to_double(event->amount), <, 106);

    run_rows(&rig, 13);
    g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_SIGNAL), ==, 2);
    kw_engine_rig_clear(&rig);
}

/* An open trade comes first, so that its exit frees the place for the other pair. */
static void
test_open_trades_come_first(void)
{
    KwEngineRig rig;

    fixture_init(&rig);
    rig.settings.max_open_trades = rig.settings.stake.max_open_trades = 1;
    row_of(&rig, 1, 5)->volume = BUY;
    row_of(&rig, 1, 9)->volume = SELL;
    row_of(&rig, 0, 9)->volume = BUY;
    run_rows(&rig, 10);
    g_assert_cmpstr(closed(&rig, 0)->pair, ==, "ETH/USDT");
    g_assert_nonnull(
        kw_portfolio_find_open(kw_engine_rig_get_book(&rig)->portfolio, "BTC/USDT"));
    kw_engine_rig_clear(&rig);
}

/* One text column of the first row of @sql, "" without a row */
static gchar *
query_text(const KwEngineRig *rig, const gchar *sql)
{
    g_autofree gchar *path = g_build_filename(rig->root, "ledger.db", NULL);
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    gchar *text = g_strdup("");

    g_assert_cmpint(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), ==, SQLITE_OK);
    if (sqlite3_step(stmt) == SQLITE_ROW) {
        g_free(text);
        text = g_strdup((const gchar *) sqlite3_column_text(stmt, 0));
    }
    (void) sqlite3_finalize(stmt);
    (void) sqlite3_close(db);
    return text;
}

static void
test_rejected_signal_is_recorded(void)
{
    KwEngineRig rig;
    KwControlResult result;
    g_autofree gchar *row = NULL;

    fixture_init(&rig);
    row_of(&rig, 0, 5)->volume = BUY;
    run_rows(&rig, 4);
    kw_control_pause(kw_engine_get_control(rig.engine), "test", 0, &result);
    run_rows(&rig, 8);
    g_assert_cmpuint(count_open(&rig), ==, 0);
    kw_engine_rig_crash(&rig);
    row = query_text(&rig, "SELECT action || ' ' || reason || ' ' || candle_us FROM signal");
    g_assert_true(g_str_has_prefix(row, "rejected engine_state "));
    g_assert_cmpint(g_ascii_strtoll(strrchr(row, ' '), NULL, 10), ==, T0 + 5 * HOUR);
    kw_engine_rig_clear(&rig);
}

static void
test_kill_switch_stops_entries_alone(void)
{
    KwEngineRig rig;
    KwControlResult result;

    fixture_init(&rig);
    row_of(&rig, 0, 5)->volume = BUY;
    row_of(&rig, 0, 9)->volume = SELL;
    row_of(&rig, 1, 9)->volume = BUY;
    run_rows(&rig, 7);
    kw_control_kill_on(kw_engine_get_control(rig.engine), "test", &result);
    run_rows(&rig, 12);
    g_assert_cmpstr(closed(&rig, 0)->pair, ==, "BTC/USDT");
    g_assert_cmpuint(count_open(&rig), ==, 0);
    g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_KILLED_SIGNAL), ==, 1);
    g_assert_cmpstr(kw_engine_rig_last_event(&rig, KW_EVENT_KILLED_SIGNAL)->trade.pair, ==,
                    "ETH/USDT");
    g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_REJECTED), ==, 0);
    kw_engine_rig_clear(&rig);
}

/* A trade that loses 10 of 100 hits the daily limit of 5; midnight in Vienna lifts the halt. */
static void
test_daily_loss_halts_until_midnight(void)
{
    KwEngineRig rig;

    fixture_init(&rig);
    rig.limits.max_daily_loss_abs = kw_test_decimal("5");
    row_of(&rig, 0, 2)->volume = BUY;
    row_of(&rig, 0, 4)->low = 80;
    row_of(&rig, 1, 5)->volume = BUY;
    row_of(&rig, 1, 15)->volume = BUY;
    run_rows(&rig, 8);
    g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_HALT), ==, 1);
    g_assert_cmpstr(kw_engine_rig_last_event(&rig, KW_EVENT_HALT)->text, ==,
                    "max_daily_loss_abs");
    g_assert_cmpint(kw_engine_rig_get_book(&rig)->state, ==, KW_RUN_STATE_HALTED);
    g_assert_cmpuint(count_open(&rig), ==, 0);
    g_assert_cmpstr(kw_engine_rig_last_event(&rig, KW_EVENT_REJECTED)->text, ==,
                    "engine_state");

    run_rows(&rig, 17);
    g_assert_cmpuint(kw_engine_rig_count_events(&rig, KW_EVENT_HALT_OVER), ==, 1);
    g_assert_cmpint(kw_engine_rig_last_event(&rig, KW_EVENT_HALT_OVER)->time_us, ==,
                    T0 + 12 * HOUR);
    g_assert_cmpint(kw_engine_rig_get_book(&rig)->state, ==, KW_RUN_STATE_RUNNING);
    g_assert_cmpuint(count_open(&rig), ==, 1);
    kw_engine_rig_clear(&rig);
}

/* A trailing stop that rose is in the ledger before the row is over. */
static void
test_risen_stop_is_stored(void)
{
    KwEngineRig rig;
    g_autofree gchar *stop = NULL;

    fixture_init(&rig);
    kw_engine_rig_set_volume_strategy(&rig, "trailing_stop = true,");
    row_of(&rig, 0, 5)->volume = BUY;
    set_price(&rig, 0, 7, 120);
    set_price(&rig, 0, 8, 120);
    run_rows(&rig, 8);
    assert_decimal(kw_portfolio_get_open(kw_engine_rig_get_book(&rig)->portfolio, 0)->stop,
                   "108.11");
    kw_engine_rig_crash(&rig);
    stop = query_text(&rig, "SELECT stop FROM trade");
    assert_decimal(kw_test_decimal(stop), "108.11");
    kw_engine_rig_clear(&rig);
}

static void
test_signal_waits_over_a_gap(void)
{
    KwEngineRig rig;

    fixture_init(&rig);
    row_of(&rig, 0, 5)->volume = BUY;
    g_array_remove_range(rig.candles[0], 6, 10); /* the next row is ten hours later */
    run_rows(&rig, 17);
    g_assert_cmpuint(count_open(&rig), ==, 1);
    g_assert_cmpint(kw_portfolio_get_open(kw_engine_rig_get_book(&rig)->portfolio, 0)->open_us,
                    ==, T0 + 16 * HOUR);
    kw_engine_rig_clear(&rig);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    kw_test_prefer_memory();
    kw_test_quiet_log();
    g_test_add_func("/engine/pipeline/next-open", test_signal_acts_at_next_open);
    g_test_add_func("/engine/pipeline/stop-in-entry-row", test_stop_in_the_row_of_the_entry);
    g_test_add_func("/engine/pipeline/no-reentry", test_no_entry_in_the_row_of_the_exit);
    g_test_add_func("/engine/pipeline/one-place", test_one_place_goes_to_the_first_pair);
    g_test_add_func("/engine/pipeline/lost-signal-is-told-once", test_lost_signal_is_told_once);
    g_test_add_func("/engine/pipeline/open-first", test_open_trades_come_first);
    g_test_add_func("/engine/pipeline/rejected", test_rejected_signal_is_recorded);
    g_test_add_func("/engine/pipeline/kill-switch", test_kill_switch_stops_entries_alone);
    g_test_add_func("/engine/pipeline/halt", test_daily_loss_halts_until_midnight);
    g_test_add_func("/engine/pipeline/risen-stop", test_risen_stop_is_stored);
    g_test_add_func("/engine/pipeline/gap", test_signal_waits_over_a_gap);
    return g_test_run();
}
