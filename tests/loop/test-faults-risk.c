/* test-faults-risk.c: what must stop entries of the whole engine (F32, F52 to F65), and what an
 * upgrade must not do (F86) */
#include "kw-control.h"
#include "kw-kill-file.h"
#include "kw-tape.h"
#include "kw-test.h"

#include <sqlite3.h>
#include <string.h>

#define N_REJECTED_JUMP "SELECT count(*) FROM signal WHERE reason = 'price_jump'"

static KwDecimal
whole(gint64 value)
{
    return (KwDecimal){.mant = value};
}

static void
test_f32_price_jump(void)
{
    g_autoptr(KwTape) tape = kw_tape_new(KW_TAPE_T0_US, 40, 1);

    kw_tape_price(tape, 0, 13, 1.0); /* -99 % in one candle */
    kw_tape_flag(tape, 0, 12, KW_TAPE_ENTER);
    kw_tape_flag(tape, 0, 14, KW_TAPE_ENTER);
    kw_tape_begin(tape);
    kw_tape_run(tape, 13);
    g_assert_cmpuint(kw_tape_get_n_open(tape), ==, 0);
    g_assert_cmpint(kw_tape_count(tape, N_REJECTED_JUMP), ==, 1);
    kw_tape_run(tape, 15); /* the next candles confirm the price */
    g_assert_cmpuint(kw_tape_get_n_open(tape), ==, 1);
    kw_tape_end(tape);
}

static void
test_f52_capital_changed(void)
{
    g_autoptr(KwTape) tape = kw_tape_new(KW_TAPE_T0_US, 20, 1);

    kw_tape_begin(tape);
    kw_tape_end(tape);
    tape->rig->settings.starting_capital = whole(5000);
    kw_tape_begin(tape);
    g_assert_cmpuint(kw_replay_rig_count(tape->rig, KW_EVENT_CAPITAL), ==, 1);
    g_assert_cmpint(
        kw_decimal_cmp(kw_portfolio_get_cash(kw_replay_rig_get_book(tape->rig)->portfolio),
                       whole(1000)),
        ==, 0);
    kw_tape_end(tape);
}

static void
test_f53_limits_tightened(void)
{
    g_autoptr(KwTape) tape = kw_tape_new(KW_TAPE_T0_US, 40, 1);

    kw_tape_price(tape, 0, 15, 80.0);
    kw_tape_flag(tape, 0, 12, KW_TAPE_ENTER);
    kw_tape_flag(tape, 0, 16, KW_TAPE_EXIT);
    kw_tape_flag(tape, 0, 20, KW_TAPE_ENTER);
    kw_tape_begin(tape);
    kw_tape_run(tape, 18);
    g_assert_cmpint(kw_replay_rig_get_book(tape->rig)->state, ==, KW_RUN_STATE_RUNNING);
    kw_tape_end(tape);

    tape->rig->limits.max_drawdown_ratio = 0.01; /* it is 2 % down already */
    kw_tape_begin(tape);
    g_assert_cmpint(kw_replay_rig_get_book(tape->rig)->state, ==, KW_RUN_STATE_HALTED);
    g_assert_cmpuint(kw_replay_rig_count(tape->rig, KW_EVENT_HALT), ==, 1);
    g_assert_cmpstr(kw_replay_rig_last(tape->rig, KW_EVENT_HALT)->text, ==,
                    "max_drawdown_ratio");
    kw_tape_run(tape, 22);
    g_assert_cmpuint(kw_tape_get_n_open(tape), ==, 0);
    kw_tape_end(tape);
}

/* The pair of an open trade is no longer configured, but its candles are there: the trade is
 * watched and ends as it would have; a signal to enter is no longer for this bot. */
static void
test_f54_pair_unlisted(void)
{
    static const gchar *const listed[] = {"P00/USDT", NULL};
    g_autoptr(KwTape) tape = kw_tape_new(KW_TAPE_T0_US, 40, 2);
    const KwEvent *event;

    kw_tape_flag(tape, 1, 12, KW_TAPE_ENTER);
    kw_tape_flag(tape, 0, 20, KW_TAPE_ENTER);
    kw_tape_flag(tape, 1, 25, KW_TAPE_EXIT);
    kw_tape_flag(tape, 1, 28, KW_TAPE_ENTER);
    kw_tape_begin(tape);
    kw_tape_run(tape, 15);
    kw_tape_end(tape);

    tape->rig->settings.pairs = listed;
    kw_tape_begin(tape);
    g_assert_cmpuint(kw_replay_rig_count(tape->rig, KW_EVENT_NOTICE), ==, 1);
    event = kw_replay_rig_last(tape->rig, KW_EVENT_NOTICE);
    g_assert_cmpstr(event->text, ==, "pair_unlisted");
    g_assert_cmpstr(event->trade.pair, ==, "P01/USDT");
    kw_tape_run(tape, 23);
    g_assert_cmpuint(kw_tape_get_n_open(tape), ==, 2); /* and entries of the others go on */
    kw_tape_run(tape, 27);
    g_assert_cmpuint(kw_tape_get_n_open(tape), ==, 1);
    kw_tape_run(tape, 35);
    g_assert_cmpuint(kw_tape_get_n_open(tape), ==, 1);
    kw_tape_end(tape);
    g_assert_cmpint(kw_tape_count(tape, "SELECT count(*) FROM trade WHERE pair = 'P01/USDT'"),
                    ==, 1);
}

/* And its candles are not there: its price is missing (F63 as well). */
static void
test_f54_pair_removed(void)
{
    g_autoptr(KwTape) tape = kw_tape_new(KW_TAPE_T0_US, 40, 2);

    kw_tape_flag(tape, 1, 12, KW_TAPE_ENTER);
    kw_tape_flag(tape, 0, 20, KW_TAPE_ENTER);
    kw_tape_begin(tape);
    kw_tape_run(tape, 15);
    g_assert_cmpuint(kw_tape_get_n_open(tape), ==, 1);
    kw_tape_end(tape);

    tape->n_pairs = 1;
    kw_tape_begin(tape);
    g_assert_cmpuint(kw_tape_get_n_open(tape), ==, 1); /* still in the book */
    g_assert_cmpstr(kw_replay_rig_last(tape->rig, KW_EVENT_ORDER)->text, ==, "pair_unwatched");
    kw_tape_run(tape, 22);
    g_assert_cmpuint(kw_tape_get_n_open(tape), ==, 1);
    g_assert_cmpint(
        kw_tape_count(tape, "SELECT count(*) FROM signal WHERE reason = 'equity_unknown'"), ==,
        1);
    kw_tape_end(tape);
}

static void
test_f59_sixty_signals(void)
{
    g_autoptr(KwTape) tape = kw_tape_new(KW_TAPE_T0_US, 20, 60);

    for (guint p = 0; p < 60; p++)
        kw_tape_flag(tape, p, 12, KW_TAPE_ENTER);
    tape->rig->settings.stake.stake_amount = whole(10);
    tape->rig->settings.stake.max_open_trades = tape->rig->settings.max_open_trades = 0;
    tape->rig->limits.max_open_trades = 100;
    tape->rig->limits.max_orders_per_minute = 5;
    kw_tape_begin(tape);
    kw_tape_run(tape, 13);
    g_assert_cmpuint(kw_tape_get_n_open(tape), ==, 5);
    g_assert_cmpint(kw_tape_count(tape, "SELECT count(*) FROM signal WHERE action = 'rejected'"
                                        " AND reason = 'max_orders_per_minute'"),
                    ==, 55);
    kw_tape_end(tape);
}

static void
test_f60_kill_while_sending(void)
{
    g_autoptr(KwTape) tape = kw_tape_new(KW_TAPE_T0_US, 20, 2);
    KwBook *book;
    KwControlResult result;

    kw_tape_flag(tape, 0, 12, KW_TAPE_ENTER);
    kw_tape_flag(tape, 1, 12, KW_TAPE_ENTER);
    kw_tape_begin(tape);
    kw_tape_run(tape, 12);
    book = kw_replay_rig_get_book(tape->rig);
    kw_fake_clock_advance(tape->rig->clock, G_TIME_SPAN_HOUR);
    while (!kw_oms_is_busy(book->oms, "P00/USDT"))
        (void) g_main_context_iteration(NULL, TRUE);
    kw_control_kill_on(kw_engine_get_control(tape->rig->engine), "test", &result);
    g_assert_true(kw_kill_switch_is_tripped(book->kill));
    kw_replay_rig_settle(tape->rig);

    g_assert_false(kw_oms_is_busy(book->oms, "P00/USDT")); /* tracked to its end */
    g_assert_cmpint(kw_tape_count(tape, "SELECT count(*) FROM orders"), ==, 1);
    g_assert_cmpint(
        kw_tape_count(tape, "SELECT count(*) FROM signal WHERE reason = 'kill_switch'"), ==, 1);
    kw_tape_end(tape);
}

static void
test_f61_kill_unreadable(void)
{
    g_autoptr(KwTape) tape = kw_tape_new(KW_TAPE_T0_US, 20, 1);
    g_autofree gchar *path = g_build_filename(tape->root, KW_KILL_FILE, NULL);

    kw_tape_flag(tape, 0, 12, KW_TAPE_ENTER);
    g_assert_true(g_file_set_contents(path, "\xff\x00rubbish", 9, NULL));
    kw_tape_begin(tape);
    g_assert_cmpint(kw_kill_switch_get_state(kw_replay_rig_get_book(tape->rig)->kill), ==,
                    KW_KILL_UNREADABLE);
    kw_tape_run(tape, 14);
    g_assert_cmpuint(kw_tape_get_n_open(tape), ==, 0);
    g_assert_cmpint(
        kw_tape_count(tape, "SELECT count(*) FROM signal WHERE reason = 'kill_unreadable'"), ==,
        1);
    kw_tape_end(tape);
}

static void
test_f62_absurd_stake(void)
{
    static const gint64 stakes[] = {50000, -100};

    for (guint i = 0; i < G_N_ELEMENTS(stakes); i++) {
        g_autoptr(KwTape) tape = kw_tape_new(KW_TAPE_T0_US, 20, 1);

        kw_tape_flag(tape, 0, 12, KW_TAPE_ENTER);
        tape->rig->settings.stake.stake_amount = whole(stakes[i]);
        kw_tape_begin(tape);
        kw_tape_run(tape, 14);
        g_assert_cmpuint(kw_tape_get_n_open(tape), ==, 0);
        g_assert_cmpint(
            kw_tape_count(tape, "SELECT count(*) FROM signal WHERE action = 'rejected'"), ==,
            1);
        kw_tape_end(tape);
    }
}

/* Midnight in Vienna is 23:00 UTC, the end of row 22. The loss of the first day floats on. */
static void
test_f65_floating_loss_over_midnight(void)
{
    g_autoptr(KwTape) tape = kw_tape_new(KW_TAPE_T0_US, 60, 1);
    KwBook *book;

    kw_tape_price(tape, 0, 18, 95.0);
    kw_tape_price(tape, 0, 30, 91.0);
    kw_tape_flag(tape, 0, 12, KW_TAPE_ENTER);
    tape->rig->limits.max_daily_loss_abs = whole(8);
    kw_tape_begin(tape);
    book = kw_replay_rig_get_book(tape->rig);
    kw_tape_run(tape, 26);
    g_assert_cmpint(book->state, ==, KW_RUN_STATE_RUNNING); /* 5 of 8 lost */
    kw_tape_run(tape, 31);
    g_assert_cmpint(book->state, ==, KW_RUN_STATE_HALTED); /* 9 of 8, though 4 since midnight */
    kw_tape_run(tape, 45);
    g_assert_cmpuint(kw_replay_rig_count(tape->rig, KW_EVENT_HALT), ==, 1);
    kw_tape_run(tape, 48); /* the next reset judges again at once */
    g_assert_cmpuint(kw_replay_rig_count(tape->rig, KW_EVENT_HALT_OVER), ==, 1);
    g_assert_cmpuint(kw_replay_rig_count(tape->rig, KW_EVENT_HALT), ==, 2);
    g_assert_cmpint(book->state, ==, KW_RUN_STATE_HALTED);
    kw_tape_end(tape);
}

/* The program of before was another: a position is looked after all the same, and the change
 * stands in the books, once. */
static void
test_f86_upgrade(void)
{
    static const gchar n_changes[] =
        "SELECT count(*) FROM audit WHERE action = 'version' AND detail LIKE '0.0.1 -> %'";
    static const gchar sql[] = "UPDATE meta SET value = '0.0.1' WHERE key = 'program_version'";
    g_autoptr(KwTape) tape = kw_tape_new(KW_TAPE_T0_US, 40, 1);
    g_autofree gchar *path = g_build_filename(tape->root, KW_STORE_LEDGER_FILE, NULL);
    sqlite3 *db = NULL;

    kw_tape_flag(tape, 0, 12, KW_TAPE_ENTER);
    kw_tape_flag(tape, 0, 20, KW_TAPE_EXIT);
    kw_tape_begin(tape);
    kw_tape_run(tape, 15);
    g_assert_cmpuint(kw_tape_get_n_open(tape), ==, 1);
    kw_tape_end(tape);
    g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_changes(db), ==, 1);
    (void) sqlite3_close(db);

    kw_tape_begin(tape);
    g_assert_cmpuint(kw_replay_rig_count(tape->rig, KW_EVENT_VERSION), ==, 1);
    g_assert_cmpuint(kw_tape_get_n_open(tape), ==, 1);
    kw_tape_run(tape, 17);
    kw_tape_end(tape);
    kw_tape_begin(tape);
    g_assert_cmpuint(kw_replay_rig_count(tape->rig, KW_EVENT_VERSION), ==, 1);
    kw_tape_run(tape, 25);
    g_assert_cmpuint(kw_tape_get_n_open(tape), ==, 0);
    kw_tape_end(tape);
    g_assert_cmpint(kw_tape_count(tape, n_changes), ==, 1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    kw_test_prefer_memory();
    g_log_set_always_fatal(G_LOG_FATAL_MASK);

    g_test_add_func("/loop/faults-risk/f32-price-jump", test_f32_price_jump);
    g_test_add_func("/loop/faults-risk/f52-capital-changed", test_f52_capital_changed);
    g_test_add_func("/loop/faults-risk/f53-limits-tightened", test_f53_limits_tightened);
    g_test_add_func("/loop/faults-risk/f54-pair-unlisted", test_f54_pair_unlisted);
    g_test_add_func("/loop/faults-risk/f54-f63-pair-removed", test_f54_pair_removed);
    g_test_add_func("/loop/faults-risk/f59-sixty-signals", test_f59_sixty_signals);
    g_test_add_func("/loop/faults-risk/f60-kill-while-sending", test_f60_kill_while_sending);
    g_test_add_func("/loop/faults-risk/f61-kill-unreadable", test_f61_kill_unreadable);
    g_test_add_func("/loop/faults-risk/f62-absurd-stake", test_f62_absurd_stake);
    g_test_add_func("/loop/faults-risk/f65-over-midnight",
                    test_f65_floating_loss_over_midnight);
    g_test_add_func("/loop/faults-risk/f86-upgrade", test_f86_upgrade);
    return g_test_run();
}
