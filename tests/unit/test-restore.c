#include "kw-build-data.h"
#include "kw-control.h"
#include "kw-engine-rig.h"
#include "kw-restore.h"
#include "kw-state-hash.h"
#include "kw-store-rows.h"
#include "kw-test.h"

#define HOUR KW_ENGINE_RIG_HOUR_US
#define N_ROWS 500
#define FIRST_ROW 100 /* where trading begins */
#define N_RUNS 4
#define N_STOPS 6

static void
fixture_init(KwEngineRig *rig)
{
    kw_engine_rig_init(rig);
    kw_engine_rig_add_demo_pairs(rig);
    for (guint i = 0; i < rig->n_pairs; i++)
        g_array_set_size(rig->candles[i], N_ROWS);
}

static gint64
time_of(const KwEngineRig *rig, guint row)
{
    return g_array_index(rig->candles[0], KwCandle, row).open_us;
}

typedef struct {
    GArray *closed, *open; /* KwTrade */
    KwDecimal cash, peak;
    gdouble max_drawdown;
    gchar *hash;
    gboolean is_cut; /* in a row: an order may have lapsed and come again, a scan row without
                      * what was done */
} Outcome;

static void
outcome_clear(Outcome *outcome)
{
    g_clear_pointer(&outcome->closed, g_array_unref);
    g_clear_pointer(&outcome->open, g_array_unref);
    g_clear_pointer(&outcome->hash, g_free);
}

static void
take_outcome(KwEngineRig *rig, gboolean is_cut, Outcome *out)
{
    const KwBook *book = kw_engine_rig_get_book(rig);

    g_assert_true(kw_portfolio_check(book->portfolio, NULL));
    *out = (Outcome){
        .closed = g_array_new(FALSE, FALSE, sizeof(KwTrade)),
        .open = g_array_new(FALSE, FALSE, sizeof(KwTrade)),
        .cash = kw_portfolio_get_cash(book->portfolio),
        .peak = book->tracker.peak,
        .max_drawdown = book->tracker.max_drawdown_ratio,
        .is_cut = is_cut,
    };
    for (guint i = 0; i < kw_portfolio_get_n_closed(book->portfolio); i++)
        g_array_append_vals(out->closed, kw_portfolio_get_closed(book->portfolio, i), 1);
    for (guint i = 0; i < kw_portfolio_get_n_open(book->portfolio); i++)
        g_array_append_vals(out->open, kw_portfolio_get_open(book->portfolio, i), 1);
    kw_engine_rig_stop(rig);
    out->hash = kw_state_hash_compute(rig->root, NULL);
}

static void
assert_same_trades(const GArray *have, const GArray *want)
{
    g_assert_cmpuint(have->len, ==, want->len);
    for (guint i = 0; i < have->len; i++) {
        const KwTrade *a = &g_array_index(have, KwTrade, i);
        const KwTrade *b = &g_array_index(want, KwTrade, i);

        g_assert_cmpstr(a->pair, ==, b->pair);
        g_assert_cmpint(a->open_us, ==, b->open_us);
        g_assert_cmpint(a->close_us, ==, b->close_us);
        g_assert_cmpstr(a->exit_reason, ==, b->exit_reason);
        g_assert_cmpint(kw_decimal_cmp(a->profit_abs, b->profit_abs), ==, 0);
        g_assert_cmpint(kw_decimal_cmp(a->stop, b->stop), ==, 0);
        g_assert_cmpfloat(a->max_rate, ==, b->max_rate);
        g_assert_cmpfloat(a->min_rate, ==, b->min_rate);
    }
}

static void
assert_same(const Outcome *have, const Outcome *want)
{
    assert_same_trades(have->closed, want->closed);
    assert_same_trades(have->open, want->open);
    g_assert_cmpint(kw_decimal_cmp(have->cash, want->cash), ==, 0);
    g_assert_cmpint(kw_decimal_cmp(have->peak, want->peak), ==, 0);
    g_assert_cmpfloat_with_epsilon(have->max_drawdown, want->max_drawdown, 1e-9);
    if (!have->is_cut)
        g_assert_cmpstr(have->hash, ==, want->hash);
}

/* The rows in order, a stop at some of them: orderly ends and crashes, and crashes in the
 * middle of a row */
static void
run_with_stops(KwDurability durability, guint n_stops, Outcome *out)
{
    KwEngineRig rig;
    guint row = FIRST_ROW;
    gboolean is_cut = FALSE;

    fixture_init(&rig);
    rig.durability = durability;
    kw_engine_rig_start(&rig, time_of(&rig, FIRST_ROW) + HOUR);
    for (guint i = 0; i < n_stops; i++) {
        row += (guint) g_test_rand_int_range(1, 60);
        kw_engine_rig_run_to(&rig, time_of(&rig, row) + HOUR);
        switch (g_test_rand_int_range(0, 3)) {
        case 0:
            kw_engine_rig_stop(&rig);
            break;
        case 1:
            is_cut = TRUE;
            kw_fake_clock_advance(rig.clock, HOUR);
            for (gint k = g_test_rand_int_range(0, 6); k > 0; k--)
                (void) g_main_context_iteration(NULL, FALSE);
            kw_engine_rig_crash(&rig);
            break;
        case 2:
            is_cut |= durability == KW_DURABILITY_GROUP;
            kw_engine_rig_crash(&rig);
            break;
        }
        kw_engine_rig_start(&rig, 0);
    }
    kw_engine_rig_run_to(&rig, time_of(&rig, N_ROWS - 1) + HOUR);
    take_outcome(&rig, is_cut, out);
    kw_engine_rig_clear(&rig);
}

/* Property: interrupted at any rows, the run ends as one that was never interrupted. */
static void
test_stops_change_nothing(gconstpointer data)
{
    KwDurability durability = (KwDurability) GPOINTER_TO_INT(data);
    Outcome whole;

    run_with_stops(durability, 0, &whole);
    g_assert_cmpuint(whole.closed->len, >, 5);
    for (guint i = 0; i < N_RUNS; i++) {
        Outcome broken;

        run_with_stops(durability, N_STOPS, &broken);
        assert_same(&broken, &whole);
        outcome_clear(&broken);
    }
    outcome_clear(&whole);
}

static void
test_what_the_owner_set_survives(void)
{
    KwEngineRig rig;
    KwControlResult result;
    KwControl *control;
    KwBook *book;

    fixture_init(&rig);
    kw_engine_rig_start(&rig, time_of(&rig, FIRST_ROW) + HOUR);
    control = kw_engine_get_control(rig.engine);
    kw_control_stop(control, "admin:7", time_of(&rig, 200), &result);
    kw_control_set_threshold(control, "admin:7", 0.7, &result);
    kw_control_lock_pair(control, "admin:7", "ETH/USDT", time_of(&rig, 300), &result);
    kw_control_kill_on(control, "admin:7", &result);
    kw_engine_rig_settle(&rig);
    kw_engine_rig_crash(&rig);

    kw_engine_rig_start(&rig, 0);
    book = kw_engine_rig_get_book(&rig);
    g_assert_cmpint(book->state, ==, KW_RUN_STATE_STOPPED);
    g_assert_cmpstr(book->state_by, ==, "admin:7");
    g_assert_cmpint(book->reminder_us, ==, time_of(&rig, 200));
    g_assert_cmpfloat(book->threshold, ==, 0.7);
    g_assert_true(kw_kill_switch_is_tripped(book->kill));
    g_assert_cmpint(
        kw_lock_list_get_until_us(book->locks, "ETH/USDT", kw_clock_now_us(book->clock)), ==,
        time_of(&rig, 300));
    kw_engine_rig_clear(&rig);
}

static void
write_meta(KwEngineRig *rig, const gchar *key, const gchar *value)
{
    g_autoptr(KwFakeClock) clock = kw_fake_clock_new(rig->from_us);
    g_autoptr(KwStore) store = kw_store_open(rig->root, KW_CLOCK(clock), NULL);
    KwBatch *batch = kw_batch_new();

    kw_batch_add_meta(batch, key, value, 1);
    g_assert_true(kw_test_append(store, batch, NULL));
    kw_store_close(store);
}

static void
test_unreadable_state_counts_as_stop(void)
{
    KwEngineRig rig;

    fixture_init(&rig);
    kw_engine_rig_start(&rig, time_of(&rig, FIRST_ROW) + HOUR);
    kw_engine_rig_stop(&rig);
    write_meta(&rig, "run_state", "rnuning");
    kw_engine_rig_start(&rig, 0);
    g_assert_cmpint(kw_engine_rig_get_book(&rig)->state, ==, KW_RUN_STATE_STOPPED);
    kw_engine_rig_stop(&rig);
    write_meta(&rig, "threshold", "7.5");
    kw_engine_rig_start(&rig, 0);
    g_assert_cmpfloat(kw_engine_rig_get_book(&rig)->threshold, ==, rig.settings.threshold);
    kw_engine_rig_clear(&rig);
}

static void
add_sell(KwBatch *batch, gint64 id, const gchar *exec_id, const gchar *amount, gint64 time_us)
{
    KwFill fill = {.pair = "BTC/USDT",
                   .side = KW_SIDE_SELL,
                   .price = kw_test_decimal("110"),
                   .amount = kw_test_decimal(amount),
                   .fee = kw_test_decimal("0.1"),
                   .time_us = time_us};
    KwOrder order = kw_test_order(id, KW_SIDE_SELL, KW_ORDER_STATE_OPEN, time_us);

    (void) g_strlcpy(fill.exec_id, exec_id, sizeof fill.exec_id);
    (void) g_strlcpy(fill.client_id, order.client_id, sizeof fill.client_id);
    kw_batch_add_order(batch, &order);
    kw_batch_add_fill(batch, &fill);
}

/* Two trades bought on the first day, a part of each sold on it; on the second the rest of one.
 * 0.5 were bought at 100 with a fee of 0.20. */
static void
write_parts(KwEngineRig *rig, gint64 first_us, gint64 second_us)
{
    g_autoptr(KwFakeClock) clock = kw_fake_clock_new(second_us);
    g_autoptr(KwStore) store = kw_store_open(rig->root, KW_CLOCK(clock), NULL);
    KwTrade trade = kw_test_trade(7, KW_TRADE_STATE_OPEN, first_us);
    KwCapitalRecord capital = {.kind = "entry", .amount = kw_test_decimal("-23.7")};
    KwBatch *batch = kw_batch_new();

    add_sell(batch, 7, "a", "0.2", first_us + HOUR);
    trade.amount = kw_test_decimal("0.3");
    trade.close_rate = kw_test_decimal("110");
    trade.proceeds = kw_test_decimal("21.9");
    kw_batch_add_trade(batch, &trade);
    add_sell(batch, 8, "b", "0.1", first_us + HOUR);
    add_sell(batch, 8, "c", "0.4", second_us);
    trade = kw_test_trade(8, KW_TRADE_STATE_CLOSED, first_us);
    trade.close_us = second_us;
    trade.proceeds = kw_test_decimal("54.8");
    trade.profit_abs = kw_test_decimal("4.6");
    kw_batch_add_trade(batch, &trade);
    kw_batch_add_capital(batch, &capital);
    g_assert_true(kw_test_append(store, batch, NULL));
    kw_store_close(store);
}

/* What parts of trades brought belongs to the day of their sale, also after a restart. */
static void
test_parts_survive(void)
{
    KwEngineRig rig;
    KwRiskView risk;
    KwDecimal equity;
    KwBook *book;
    KwPart part;

    fixture_init(&rig);
    rig.settings.prop = (KwPropRules){.initial = {1000, 0}, .daily_ratio = 0.05};
    rig.settings.prop_zone = g_strdup("UTC");
    kw_engine_rig_start(&rig, time_of(&rig, FIRST_ROW) + HOUR);
    kw_engine_rig_stop(&rig);
    write_parts(&rig, time_of(&rig, FIRST_ROW + 2), time_of(&rig, FIRST_ROW + 26));
    rig.now_us = time_of(&rig, FIRST_ROW + 27);
    g_assert_true(kw_engine_rig_build(&rig, 0, NULL));

    book = kw_engine_rig_get_book(&rig);
    g_assert_cmpuint(kw_portfolio_get_n_parts(book->portfolio), ==, 2);
    g_assert_true(kw_portfolio_get_part(book->portfolio, 0, &part, NULL));
    g_assert_cmpfloat(kw_decimal_to_double(part.profit), ==, 1.82);
    g_assert_cmpint(part.close_us, ==, 0);
    kw_query_get_risk(kw_engine_get_query(rig.engine), &risk);
    /* 1.82 and 0.86, and the fees of what was still held: 0.12 and 0.16 */
    g_assert_cmpfloat(kw_decimal_to_double(risk.prop.midnight), ==, 1002.4);
    g_assert_cmpfloat(kw_decimal_to_double(risk.prop.profit), ==, 6.42);

    kw_book_find_slot(book, "BTC/USDT")->price = 120;
    kw_restore_equity_at(book, kw_clock_now_us(book->clock));
    g_assert_true(kw_portfolio_get_equity(book->portfolio, kw_book_get_rate, book, &equity));
    g_assert_cmpint(kw_decimal_cmp(book->tracker.equity, equity), ==, 0);
    kw_engine_rig_clear(&rig);
    g_free(rig.settings.prop_zone);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_nonnull(kw_data_get_resource());
    kw_test_prefer_memory();
    kw_test_quiet_log();
    g_test_add_data_func("/engine/restore/stops-change-nothing",
                         GINT_TO_POINTER(KW_DURABILITY_STEP), test_stops_change_nothing);
    g_test_add_data_func("/engine/restore/stops-change-nothing-in-groups",
                         GINT_TO_POINTER(KW_DURABILITY_GROUP), test_stops_change_nothing);
    g_test_add_func("/engine/restore/owner", test_what_the_owner_set_survives);
    g_test_add_func("/engine/restore/parts", test_parts_survive);
    g_test_add_func("/engine/restore/unreadable", test_unreadable_state_counts_as_stop);
    return g_test_run();
}
