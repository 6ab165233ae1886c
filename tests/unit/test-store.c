/* test-store.c: what is acknowledged is there again, exactly, after any end of the process */
#include "kw-db.h"
#include "kw-error.h"
#include "kw-store-rows.h"
#include "kw-test.h"

#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define T0 KW_TEST_T0_US
#define N_NEWEST 200 /* final orders that a start loads */
#define HOUR_US (3600 * (gint64) G_USEC_PER_SEC)

typedef struct {
    gchar *root;
    KwFakeClock *clock;
    KwStore *store;
} Fixture;

static void
open_store(Fixture *f)
{
    g_autoptr(GError) error = NULL;

    f->store = kw_store_open(f->root, KW_CLOCK(f->clock), &error);
    g_assert_no_error(error);
    g_assert_nonnull(f->store);
}

static void
reopen(Fixture *f)
{
    kw_store_close(f->store);
    g_clear_object(&f->store);
    open_store(f);
}

static void
set_up(Fixture *f, gconstpointer unused)
{
    f->root = kw_test_tmp_dir_new();
    f->clock = kw_fake_clock_new(T0);
    open_store(f);
}

static void
tear_down(Fixture *f, gconstpointer unused)
{
    g_clear_object(&f->store);
    g_clear_object(&f->clock);
    kw_test_tmp_dir_free(f->root);
}

static void
append_ok(Fixture *f, KwBatch *batch)
{
    g_autoptr(GError) error = NULL;

    g_assert_true(kw_test_append(f->store, batch, &error));
    g_assert_no_error(error);
}

static void
load(Fixture *f, KwStoreState *out)
{
    g_autoptr(GError) error = NULL;

    g_assert_true(kw_store_load(f->store, KW_MODE_DRYRUN, out, &error));
    g_assert_no_error(error);
}

static void
assert_decimal(KwDecimal value, const gchar *expected)
{
    g_autofree gchar *text = kw_decimal_to_string(value);

    g_assert_cmpstr(text, ==, expected);
}

/* -- contents -- */

static void
test_store_empty(Fixture *f, gconstpointer unused)
{
    g_auto(KwStoreState) state = {0};

    load(f, &state);
    g_assert_false(state.has_start);
    g_assert_cmpuint(state.trades->len, ==, 0);
    g_assert_cmpint(state.next_trade_id, ==, 1);
}

static void
test_store_trade_round_trip(Fixture *f, gconstpointer unused)
{
    KwDecimal cash = kw_test_decimal("1000");
    KwTrade open = kw_test_trade(9, KW_TRADE_STATE_OPEN, T0 + 1);
    g_auto(KwStoreState) state = {0};
    KwBatch *batch = kw_batch_new();
    const KwTrade *trade;

    append_ok(f, kw_test_start_batch(T0));
    kw_batch_add_trade(batch, &open);
    append_ok(f, batch);
    append_ok(f, kw_test_trade_batch(4, T0, &cash));
    reopen(f);
    load(f, &state);

    g_assert_cmpuint(state.trades->len, ==, 2);
    trade = &g_array_index(state.trades, KwTrade, 0); /* closed ones first */
    g_assert_cmpint(trade->id, ==, 4);
    g_assert_cmpint(trade->state, ==, KW_TRADE_STATE_CLOSED);
    g_assert_cmpstr(trade->pair, ==, "BTC/USDT");
    assert_decimal(trade->entry_amount, "0.50000000"); /* digits of the exchange kept */
    assert_decimal(trade->profit_abs, "4.58");
    g_assert_true(isnan(trade->confidence));
    g_assert_cmpfloat(trade->max_rate, ==, 111.5);
    g_assert_cmpstr(trade->regime, ==, "trend");
    g_assert_cmpstr(trade->strategy_hash, ==, "00ff");
    trade = &g_array_index(state.trades, KwTrade, 1);
    g_assert_cmpint(trade->id, ==, 9);
    g_assert_cmpint(state.next_trade_id, ==, 10);
    g_assert_true(state.has_start);
    assert_decimal(state.starting_capital, "1000");
    assert_decimal(state.capital, "1000");
    assert_decimal(state.cash, "1004.58");
}

static void
test_store_orders(Fixture *f, gconstpointer unused)
{
    static const KwOrderState states[] = {KW_ORDER_STATE_INTENT, KW_ORDER_STATE_UNKNOWN,
                                          KW_ORDER_STATE_LAPSED};
    g_auto(KwStoreState) state = {0};
    const KwFill fill = {.exec_id = "x-10",
                         .client_id = "b-10",
                         .pair = "BTC/USDT",
                         .price = kw_test_decimal("100"),
                         .amount = kw_test_decimal("0.5"),
                         .fee = kw_test_decimal("0.2"),
                         .time_us = T0};
    KwBatch *batch = kw_batch_new();
    KwOrder order;

    for (guint i = 0; i < G_N_ELEMENTS(states); i++) {
        order = kw_test_order(i + 1, KW_SIDE_BUY, states[i], T0 - (gint64) i * HOUR_US);
        kw_batch_add_order(batch, &order);
    }
    order = kw_test_order(1, KW_SIDE_BUY, KW_ORDER_STATE_OPEN, T0 + 5);
    (void) g_strlcpy(order.venue_id, "V1", sizeof order.venue_id);
    kw_batch_add_order(batch, &order);
    for (guint i = 0; i < N_NEWEST; i++) {
        order = kw_test_order(10 + i, KW_SIDE_BUY, KW_ORDER_STATE_FILLED, T0 - 5 * HOUR_US);
        kw_batch_add_order(batch, &order);
    }
    kw_batch_add_fill(batch, &fill);
    append_ok(f, batch);
    reopen(f);
    load(f, &state);

    /* a venue may tell it again, though the order is over */
    g_assert_cmpuint(state.exec_ids->len, ==, 1);
    g_assert_cmpstr(state.exec_ids->pdata[0], ==, "x-10");
    /* LAPSED is final and old; the newest are there whatever their state */
    g_assert_cmpuint(state.orders->len, ==, 2 + N_NEWEST);
    order = g_array_index(state.orders, KwOrder, 2);
    g_assert_cmpstr(order.client_id, ==, "b-10");
    order = g_array_index(state.orders, KwOrder, 0);
    g_assert_cmpstr(order.client_id, ==, "b-1");
    g_assert_cmpstr(order.venue_id, ==, "V1");
    g_assert_cmpint(order.state, ==, KW_ORDER_STATE_OPEN);
    g_assert_cmpint(order.updated_us, ==, T0 + 5);
    assert_decimal(order.price, "100.00");
    order = g_array_index(state.orders, KwOrder, 1);
    g_assert_cmpint(order.state, ==, KW_ORDER_STATE_UNKNOWN);
    g_assert_cmpuint(state.order_times->len, ==, 1); /* the others are an hour old and older */
    g_assert_cmpint(g_array_index(state.order_times, gint64, 0), ==, T0);
}

static void
test_store_small_tables(Fixture *f, gconstpointer unused)
{
    KwLock over = {.pair = "ETH/USDT", .until_us = T0 - 8 * G_TIME_SPAN_DAY, .by = "user"};
    KwLock held = {.pair = "BTC/USDT", .until_us = T0 + 9, .by = "user", .reason = "r"};
    KwEquityRecord point = {.time_us = T0, .equity = kw_test_decimal("7.10"), .n_open = 3};
    KwSignalRecord signal = {.pair = "BTC/USDT", .action = "enter", .confidence = 0.5};
    KwSignalRecord refused = {
        .pair = "ETH/USDT", .candle_us = T0, .action = "rejected", .tier = "low"};
    g_auto(KwStoreState) state = {0};
    KwBatch *batch = kw_batch_new();
    const KwOutboxItem *item;

    kw_batch_add_lock(batch, &over);
    kw_batch_add_lock(batch, &held);
    held.until_us = KW_LOCK_FOREVER;
    kw_batch_add_lock(batch, &held);
    kw_batch_add_equity(batch, &point);
    kw_batch_add_signal(batch, &signal);
    kw_batch_add_signal(batch, &refused);
    kw_batch_add_audit(batch, T0, KW_MODE_DRYRUN, "admin:1000", "stop",
                       "x'); DROP TABLE fill;--");
    kw_batch_add_meta(batch, "threshold", "0.6", T0);
    kw_batch_add_meta(batch, "threshold", "0.7", T0);
    kw_batch_add_mark(batch, "digest", "2026-03-11", TRUE, T0);
    kw_batch_add_outbox(batch, "m1", "alert", "Grüße", T0);
    kw_batch_add_outbox(batch, "m1", "alert", "other", T0);
    kw_batch_add_outbox(batch, "m2", "digest", "sent", T0);
    kw_batch_add_outbox(batch, "m2", NULL, NULL, T0);
    append_ok(f, batch);
    reopen(f);
    load(f, &state);

    g_assert_cmpuint(state.signals->len, ==, 1); /* the other one is of 1970 */
    g_assert_cmpstr(g_array_index(state.signals, KwSignalRecord, 0).pair, ==, "ETH/USDT");
    g_assert_cmpstr(g_array_index(state.signals, KwSignalRecord, 0).action, ==, "rejected");
    g_assert_cmpstr(g_array_index(state.signals, KwSignalRecord, 0).tier, ==, "low");
    g_assert_cmpuint(g_hash_table_size(state.refusals), ==, 1);
    g_assert_cmpint(*(gint64 *) g_hash_table_lookup(state.refusals, "ETH/USDT"), ==, T0);
    g_assert_cmpuint(state.locks->len, ==, 1);
    g_assert_cmpint(g_array_index(state.locks, KwLock, 0).until_us, ==, KW_LOCK_FOREVER);
    g_assert_cmpuint(state.equity->len, ==, 1);
    assert_decimal(g_array_index(state.equity, KwEquityRecord, 0).equity, "7.10");
    g_assert_cmpuint(g_array_index(state.equity, KwEquityRecord, 0).n_open, ==, 3);
    g_assert_cmpstr(g_hash_table_lookup(state.meta, "threshold"), ==, "0.7");
    g_assert_cmpstr(g_hash_table_lookup(state.marks, "digest 2026-03-11"), ==, "late");
    g_assert_cmpuint(state.outbox->len, ==, 1);
    item = g_ptr_array_index(state.outbox, 0);
    g_assert_cmpstr(item->text, ==, "Grüße");
    g_assert_cmpstr(item->kind, ==, "alert");
}

/* F88: same time stamp, order by id */
static void
test_store_same_time(Fixture *f, gconstpointer unused)
{
    KwDecimal cash = kw_test_decimal("1000");
    g_auto(KwStoreState) state = {0};

    append_ok(f, kw_test_trade_batch(8, T0, &cash));
    append_ok(f, kw_test_trade_batch(7, T0, &cash));
    load(f, &state);
    g_assert_cmpint(g_array_index(state.trades, KwTrade, 0).id, ==, 7);
    g_assert_cmpint(g_array_index(state.trades, KwTrade, 1).id, ==, 8);
}

/* -- batches -- */

/* A batch that is refused leaves nothing, also in the middle of a group of others. */
static void
test_store_refused_batch(Fixture *f, gconstpointer unused)
{
    KwDecimal cash = kw_test_decimal("1000");
    g_autoptr(GError) error = NULL;
    g_auto(KwStoreState) state = {0};
    KwBatch *batch = kw_batch_new();

    append_ok(f, kw_test_trade_batch(1, T0, &cash));
    kw_batch_add_meta(batch, "before", "x", T0);
    kw_batch_add_audit(batch, T0, KW_MODE_DRYRUN, "engine", "start", "");
    {
        g_autoptr(KwBatch) again = kw_test_trade_batch(1, T0, &cash);
        kw_batch_take_all(batch, again);
    }
    g_assert_false(kw_test_append(f->store, batch, &error));
    g_assert_error(error, KW_STORE_ERROR, KW_STORE_ERROR_EXISTS);
    append_ok(f, kw_test_trade_batch(2, T0, &cash));
    reopen(f); /* verifies the chains */
    load(f, &state);
    g_assert_cmpuint(state.trades->len, ==, 2);
    g_assert_null(g_hash_table_lookup(state.meta, "before"));
}

static void
test_store_start_and_mark_once(Fixture *f, gconstpointer unused)
{
    g_autoptr(GError) error = NULL;
    KwBatch *batch = kw_batch_new();

    append_ok(f, kw_test_start_batch(T0));
    g_assert_false(kw_test_append(f->store, kw_test_start_batch(T0 + 1), &error));
    g_assert_error(error, KW_STORE_ERROR, KW_STORE_ERROR_EXISTS);
    g_clear_error(&error);
    kw_batch_add_mark(batch, "digest", "2026-03-11", FALSE, T0);
    append_ok(f, batch);
    batch = kw_batch_new();
    kw_batch_add_mark(batch, "digest", "2026-03-11", TRUE, T0);
    g_assert_false(kw_test_append(f->store, batch, &error));
    g_assert_error(error, KW_STORE_ERROR, KW_STORE_ERROR_EXISTS);
}

typedef struct {
    guint n_done;
    guint n_refused;
} Order;

static void
on_ordered(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Order *order = user_data;

    if (!kw_journal_append_finish(KW_JOURNAL(source), result, NULL)) {
        g_assert_cmpuint(order->n_done % 7, ==, 3); /* answers come in the order of the calls */
        order->n_refused++;
    }
    order->n_done++;
}

static void
test_store_many_in_order(Fixture *f, gconstpointer unused)
{
    KwDecimal cash = kw_test_decimal("1000");
    g_auto(KwStoreState) state = {0};
    Order order = {0};

    append_ok(f, kw_test_trade_batch(1, T0, &cash));
    for (guint i = 0; i < 70; i++) {
        gint64 id = i % 7 == 3 ? 1 : 2 + (gint64) i;
        KwBatch *batch = kw_test_trade_batch(id, T0, &cash);

        kw_journal_append_async(KW_JOURNAL(f->store), batch, NULL, on_ordered, &order);
    }
    g_assert_cmpuint(order.n_done, ==, 0);
    while (order.n_done < 70)
        (void) g_main_context_iteration(NULL, TRUE);
    g_assert_cmpuint(order.n_refused, ==, 10);
    reopen(f);
    load(f, &state);
    g_assert_cmpuint(state.trades->len, ==, 61);
}

/* What is queued when the store is closed is still written. */
static void
test_store_close_writes_queue(Fixture *f, gconstpointer unused)
{
    KwDecimal cash = kw_test_decimal("1000");
    g_auto(KwStoreState) state = {0};
    g_autoptr(GError) error = NULL;
    Order order = {.n_done = 0};

    for (gint64 id = 1; id <= 20; id++)
        kw_journal_append_async(KW_JOURNAL(f->store), kw_test_trade_batch(id, T0, &cash), NULL,
                                on_ordered, &order);
    kw_store_close(f->store);
    g_assert_false(kw_test_append(f->store, kw_test_start_batch(T0), &error));
    g_assert_error(error, KW_STORE_ERROR, KW_STORE_ERROR_OPEN);
    while (order.n_done < 20)
        (void) g_main_context_iteration(NULL, TRUE);
    reopen(f);
    load(f, &state);
    g_assert_cmpuint(state.trades->len, ==, 20);
}

/* -- rows that never change -- */

static void
test_store_rows_never_change(Fixture *f, gconstpointer unused)
{
    static const gchar *const attempts[] = {
        "UPDATE fill SET price = '1'",      "DELETE FROM fill",
        "UPDATE capital SET kind = 'exit'", "DELETE FROM capital",
        "UPDATE audit SET actor = 'x'",     "DELETE FROM audit",
        "UPDATE order_event SET id = 9",    "DELETE FROM order_event",
    };
    g_autofree gchar *path = g_build_filename(f->root, KW_STORE_LEDGER_FILE, NULL);
    KwDecimal cash = kw_test_decimal("1000");
    KwBatch *batch = kw_test_trade_batch(1, T0, &cash);
    g_autoptr(sqlite3) db = NULL;

    kw_batch_add_audit(batch, T0, KW_MODE_DRYRUN, "engine", "start", NULL);
    append_ok(f, batch);
    db = kw_db_open(path, KW_DB_LEDGER, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(attempts); i++) {
        g_autoptr(GError) error = NULL;

        g_test_message("%s", attempts[i]);
        g_assert_false(kw_sql_run(db, attempts[i], &error));
        g_assert_error(error, KW_STORE_ERROR, KW_STORE_ERROR_QUERY);
        g_assert_nonnull(strstr(error->message, "never change"));
    }
}

/* -- kill -9 -- */

static void
run_until_killed(const gchar *root, gint fd)
{
    g_autoptr(KwFakeClock) clock = kw_fake_clock_new(T0);
    KwStore *store = kw_store_open(root, KW_CLOCK(clock), NULL);
    KwDecimal cash = kw_test_decimal("1000");
    KwStoreState state = {0};

    if (store == NULL || !kw_store_load(store, KW_MODE_DRYRUN, &state, NULL))
        _exit(3);
    for (gint64 id = state.next_trade_id;; id++) {
        if (!kw_test_append(store, kw_test_trade_batch(id, T0, &cash), NULL))
            _exit(4);
        if (write(fd, &id, sizeof id) != sizeof id)
            _exit(5);
    }
}

/* Kills after @n_acks answers and a little more. Returns: the last id that was acknowledged */
static gint64
kill_one(const gchar *root, guint n_acks, gulong after_us)
{
    gint64 last = 0, id;
    gint fds[2], status;
    pid_t child;

    g_assert_cmpint(pipe(fds), ==, 0);
    child = fork();
    if (child == 0)
        run_until_killed(root, fds[1]);
    (void) close(fds[1]);
    for (guint i = 0; i < n_acks; i++)
        g_assert_cmpint(read(fds[0], &last, sizeof last), ==, sizeof last);
    g_usleep(after_us);
    (void) kill(child, SIGKILL);
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_true(WIFSIGNALED(status));
    while (read(fds[0], &id, sizeof id) == sizeof id)
        last = id;
    (void) close(fds[0]);
    return last;
}

static void
test_store_random_kills(Fixture *f, gconstpointer unused)
{
    guint n_acknowledged = 0;
    gint64 known = 0;

    kw_store_close(f->store);
    g_clear_object(&f->store);
    for (guint i = 0; i < 40; i++) {
        guint n_acks = (guint) g_test_rand_int_range(0, 6);
        gint64 last = kill_one(f->root, n_acks, (gulong) g_test_rand_int_range(0, 3000));
        g_auto(KwStoreState) state = {0};

        g_assert_true(n_acks == 0 || last > known);
        known = MAX(known, last);
        n_acknowledged += last > 0;
        open_store(f); /* verifies the chains */
        g_assert_cmpuint(kw_store_get_n_lost_rows(f->store), ==, 0);
        load(f, &state);
        g_assert_cmpint(state.trades->len, >=, known);
        g_assert_cmpint(state.trades->len, ==, state.next_trade_id - 1); /* none twice */
        known = state.trades->len;
        g_clear_object(&f->store);
    }
    g_assert_cmpuint(n_acknowledged, >, 5); /* the kills did hit work */
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    kw_test_prefer_memory();
#define ADD(name, func) g_test_add("/store/store/" name, Fixture, NULL, set_up, func, tear_down)
    ADD("empty", test_store_empty);
    ADD("trade-round-trip", test_store_trade_round_trip);
    ADD("orders", test_store_orders);
    ADD("small-tables", test_store_small_tables);
    ADD("same-time", test_store_same_time);
    ADD("refused-batch", test_store_refused_batch);
    ADD("start-and-mark-once", test_store_start_and_mark_once);
    ADD("many-in-order", test_store_many_in_order);
    ADD("close-writes-queue", test_store_close_writes_queue);
    ADD("rows-never-change", test_store_rows_never_change);
    ADD("random-kills", test_store_random_kills);
    return g_test_run();
}
