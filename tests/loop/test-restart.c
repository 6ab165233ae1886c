/* test-restart.c: what must hold when the whole engine starts again (L1 to L9)
 *
 * Where a rule needs an exchange (L8) or another process (L6) it is proven there as well; the
 * table is in docs/live.md. */
#include "kw-lock-file.h"
#include "kw-tape.h"
#include "kw-test.h"

#include <string.h>
#include <unistd.h>

static KwDecimal
whole(gint64 value)
{
    return (KwDecimal){.mant = value};
}

static KwPortfolio *
portfolio_of(KwTape *tape)
{
    return kw_replay_rig_get_book(tape->rig)->portfolio;
}

static KwRunState
state_of(KwTape *tape)
{
    return kw_replay_rig_get_book(tape->rig)->state;
}

/* A trade that is open since row 13, at 100; then at 110 */
static KwTape *
make_trade(guint n_pairs)
{
    KwTape *tape = kw_tape_new(KW_TAPE_T0_US, 60, n_pairs);

    kw_tape_flag(tape, n_pairs - 1, 12, KW_TAPE_ENTER);
    kw_tape_price(tape, n_pairs - 1, 20, 110.0);
    return tape;
}

/* L1: more money in the configuration is no profit, less no loss: neither before a trade nor
 * while one is open. */
static void
test_l1_capital(void)
{
    g_autoptr(KwTape) tape = make_trade(1);
    KwDecimal cash;

    kw_tape_begin(tape);
    kw_tape_run(tape, 25);
    cash = kw_portfolio_get_cash(portfolio_of(tape));
    kw_tape_end(tape);
    for (gint64 capital = 1; capital <= 1000000; capital *= 1000) {
        tape->rig->settings.starting_capital = whole(capital);
        kw_tape_begin(tape);
        g_assert_cmpint(kw_decimal_cmp(kw_portfolio_get_cash(portfolio_of(tape)), cash), ==, 0);
        g_assert_cmpint(
            kw_decimal_cmp(kw_portfolio_get_capital(portfolio_of(tape)), whole(1000)), ==, 0);
        kw_tape_end(tape);
    }
}

/* L2: halted before the first candle, by what is in the books */
static void
test_l2_halted(void)
{
    g_autoptr(KwTape) tape = make_trade(1);

    kw_tape_price(tape, 0, 22, 80.0);
    kw_tape_begin(tape);
    kw_tape_run(tape, 25);
    kw_tape_end(tape);
    tape->rig->limits.max_drawdown_ratio = 0.01;
    kw_tape_begin(tape);
    g_assert_cmpint(state_of(tape), ==, KW_RUN_STATE_HALTED);
    g_assert_cmpuint(kw_replay_rig_count(tape->rig, KW_EVENT_HALT), ==, 1);
    kw_tape_end(tape);
}

/* L3: told at the start, each time, as long as nobody watches the position */
static void
test_l3_orphan(void)
{
    g_autoptr(KwTape) tape = make_trade(2);

    kw_tape_begin(tape);
    kw_tape_run(tape, 25);
    kw_tape_end(tape);
    tape->n_pairs = 1;
    for (guint i = 1; i <= 2; i++) {
        kw_tape_begin(tape);
        g_assert_cmpuint(kw_replay_rig_count(tape->rig, KW_EVENT_ORDER), ==, i);
        g_assert_cmpstr(kw_replay_rig_last(tape->rig, KW_EVENT_ORDER)->text, ==,
                        "pair_unwatched");
        g_assert_cmpuint(kw_tape_get_n_open(tape), ==, 1);
        kw_tape_end(tape);
    }
}

/* L4: without its file the last good text goes on, and it says so; a root that has never had
 * one decides nothing, and says so. */
static void
test_l4_strategy(void)
{
    g_autoptr(KwTape) tape = make_trade(1);
    g_autoptr(KwTape) fresh = kw_tape_new(KW_TAPE_T0_US, 20, 1);
    g_autofree gchar *before = NULL;

    kw_tape_flag(tape, 0, 30, KW_TAPE_EXIT);
    kw_tape_begin(tape);
    kw_tape_run(tape, 25);
    before = g_strdup(kw_strategy_get_identity(kw_replay_rig_get_book(tape->rig)->strategy));
    kw_tape_end(tape);
    g_free(tape->rig->settings.strategy_path);
    tape->rig->settings.strategy_path = g_strdup("/nowhere/gone.lua");
    kw_tape_begin(tape);
    g_assert_cmpint(state_of(tape), ==, KW_RUN_STATE_RUNNING);
    g_assert_cmpstr(kw_strategy_get_identity(kw_replay_rig_get_book(tape->rig)->strategy), ==,
                    before);
    kw_tape_run(tape, 35);
    g_assert_cmpuint(kw_tape_get_n_open(tape), ==, 0); /* and decides as before */
    kw_tape_end(tape);

    g_free(fresh->rig->settings.strategy_path);
    fresh->rig->settings.strategy_path = g_strdup("/nowhere/gone.lua");
    kw_tape_flag(fresh, 0, 12, KW_TAPE_ENTER);
    kw_tape_begin(fresh);
    g_assert_null(kw_replay_rig_get_book(fresh->rig)->strategy);
    g_assert_cmpuint(kw_replay_rig_count(fresh->rig, KW_EVENT_STRATEGY), ==, 1);
    kw_tape_run(fresh, 15);
    g_assert_cmpuint(kw_tape_get_n_open(fresh), ==, 0);
    kw_tape_end(fresh);
}

/* L6: the lock names its holder, and the second one gets nothing. */
static void
test_l6_single(void)
{
    g_autoptr(KwTape) tape = kw_tape_new(KW_TAPE_T0_US, 20, 1);
    g_autoptr(GError) error = NULL;
    g_autoptr(KwLockFile) first = NULL;

    kw_tape_begin(tape);
    first = kw_lock_file_take(tape->root, &error);
    g_assert_no_error(error);
    g_assert_null(kw_lock_file_take(tape->root, &error));
    g_assert_nonnull(error);
    g_assert_cmpint(kw_lock_file_get_holder(tape->root), ==, (gint) getpid());
    kw_tape_end(tape);
}

/* L7: cash is what the rows say: capital, less what open trades have cost, plus what closed
 * ones have brought; a process that just dies changes nothing in it. */
static void
test_l7_cash(void)
{
    g_autoptr(KwTape) tape = make_trade(2);
    KwDecimal cash;

    kw_tape_flag(tape, 0, 14, KW_TAPE_ENTER);
    kw_tape_flag(tape, 0, 22, KW_TAPE_EXIT);
    kw_tape_begin(tape);
    kw_tape_run(tape, 30);
    kw_replay_rig_sync(tape->rig);
    cash = kw_portfolio_get_cash(portfolio_of(tape));
    g_assert_cmpuint(kw_portfolio_get_n_closed(portfolio_of(tape)), ==, 1);
    kw_replay_rig_close(tape->rig); /* no orderly end */
    kw_tape_begin(tape);
    g_assert_cmpint(kw_decimal_cmp(kw_portfolio_get_cash(portfolio_of(tape)), cash), ==, 0);
    g_assert_cmpuint(kw_tape_get_n_open(tape), ==, 1);
    g_assert_true(kw_portfolio_check(portfolio_of(tape), NULL));
    kw_tape_end(tape);
}

/* L8: the process dies right behind a purchase: the row that wanted it gives no second one.
 * With orders at an exchange: test-live-real.c and test-live-bridge.c (restart). */
static void
test_l8_orders(void)
{
    g_autoptr(KwTape) tape = make_trade(1);

    kw_tape_begin(tape);
    kw_tape_run(tape, 13);
    kw_replay_rig_sync(tape->rig);
    kw_replay_rig_close(tape->rig);
    kw_tape_begin(tape);
    kw_tape_run(tape, 25);
    kw_tape_end(tape);
    g_assert_cmpint(kw_tape_count(tape, "SELECT count(*) FROM trade"), ==, 1);
    g_assert_cmpint(kw_tape_count(tape, "SELECT count(*) FROM orders WHERE side = 'buy'"), ==,
                    1);
    g_assert_cmpint(kw_tape_count(tape, "SELECT count(*) FROM fill"), ==, 1);
}

/* L9: one report a day, however often it starts */
static void
test_l9_marks(void)
{
    g_autoptr(KwTape) tape = kw_tape_new(KW_TAPE_T0_US, 60, 1);

    for (guint row = 6; row <= 54; row += 6) {
        kw_tape_begin(tape);
        kw_tape_run(tape, row);
        kw_tape_end(tape);
    }
    g_assert_cmpuint(kw_replay_rig_count(tape->rig, KW_EVENT_DIGEST), ==, 2);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    kw_test_quiet_log();
    kw_test_prefer_memory();
    g_test_add_func("/loop/restart/l1-capital", test_l1_capital);
    g_test_add_func("/loop/restart/l2-halted", test_l2_halted);
    g_test_add_func("/loop/restart/l3-orphan", test_l3_orphan);
    g_test_add_func("/loop/restart/l4-strategy", test_l4_strategy);
    g_test_add_func("/loop/restart/l6-single", test_l6_single);
    g_test_add_func("/loop/restart/l7-cash", test_l7_cash);
    g_test_add_func("/loop/restart/l8-orders", test_l8_orders);
    g_test_add_func("/loop/restart/l9-marks", test_l9_marks);
    return g_test_run();
}
