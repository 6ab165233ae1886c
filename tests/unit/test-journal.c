#include "kw-fake-journal.h"
#include "kw-test.h"

#include <string.h>

static KwOrder
order_of(const gchar *client_id)
{
    KwOrder order = {.pair = "BTC/USDT", .amount = {.mant = 1, .scale = 0}};

    (void) g_strlcpy(order.client_id, client_id, sizeof order.client_id);
    return order;
}

static KwFill
fill_of(const gchar *exec_id)
{
    KwFill fill = {.pair = "BTC/USDT", .amount = {.mant = 1, .scale = 0}};

    (void) g_strlcpy(fill.exec_id, exec_id, sizeof fill.exec_id);
    return fill;
}

static void
test_batch_keeps_order(void)
{
    static const KwRecordKind kinds[] = {
        KW_RECORD_ORDER,   KW_RECORD_FILL, KW_RECORD_TRADE,  KW_RECORD_SIGNAL,
        KW_RECORD_CAPITAL, KW_RECORD_LOCK, KW_RECORD_EQUITY, KW_RECORD_AUDIT,
        KW_RECORD_META,    KW_RECORD_MARK, KW_RECORD_OUTBOX,
    };
    g_autoptr(KwBatch) batch = kw_batch_new();
    KwOrder order = order_of("o1");
    KwFill fill = fill_of("x1");

    kw_batch_add_order(batch, &order);
    kw_batch_add_fill(batch, &fill);
    kw_batch_add_trade(batch, &(KwTrade){.id = 7});
    kw_batch_add_signal(batch, &(KwSignalRecord){.trade_id = 8});
    kw_batch_add_capital(batch, &(KwCapitalRecord){.trade_id = 9});
    kw_batch_add_lock(batch, &(KwLock){.until_us = KW_LOCK_FOREVER});
    kw_batch_add_equity(batch, &(KwEquityRecord){.n_open = 3});
    kw_batch_add_audit(batch, KW_TEST_T0_US, KW_MODE_LIVE, "admin:1000", "stop", "by hand");
    kw_batch_add_meta(batch, "kill", "on", 1);
    kw_batch_add_mark(batch, "digest", "2026-03-11", KW_MARK_LATE, 2);
    kw_batch_add_outbox(batch, "m1", "digest", "Guten Abend", 3);

    g_assert_cmpuint(kw_batch_get_length(batch), ==, G_N_ELEMENTS(kinds));
    for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
        g_assert_cmpint(kw_batch_get(batch, i)->kind, ==, kinds[i]);
    g_assert_cmpstr(kw_batch_get(batch, 0)->u.order.client_id, ==, "o1");
    g_assert_cmpstr(kw_batch_get(batch, 1)->u.fill.exec_id, ==, "x1");
    g_assert_cmpint(kw_batch_get(batch, 2)->u.trade.id, ==, 7);
    g_assert_cmpstr(kw_batch_get(batch, 7)->u.audit.detail, ==, "by hand");
    g_assert_cmpstr(kw_batch_get(batch, 9)->u.pair.extra, ==, "late");
    g_assert_cmpstr(kw_batch_get(batch, 10)->u.pair.value, ==, "Guten Abend");
    g_assert_cmpstr(kw_batch_get(batch, 10)->u.pair.extra, ==, "digest");
}

/* The batch owns copies: what the caller had may go. */
static void
test_batch_copies_text(void)
{
    g_autoptr(KwBatch) batch = kw_batch_new();
    gchar key[] = "key";

    kw_batch_add_meta(batch, key, "value", 1);
    kw_batch_add_mark(batch, "digest", "2026-03-11", KW_MARK_IN_TIME, 2);
    kw_batch_add_outbox(batch, "m1", "digest", NULL, 3);
    key[0] = 'X';

    g_assert_cmpstr(kw_batch_get(batch, 0)->u.pair.key, ==, "key");
    g_assert_null(kw_batch_get(batch, 1)->u.pair.extra);
    g_assert_null(kw_batch_get(batch, 2)->u.pair.value);
}

static void
test_batch_take_all(void)
{
    for (guint n_first = 0; n_first < 20; n_first++) {
        g_autoptr(KwBatch) first = kw_batch_new();
        g_autoptr(KwBatch) second = kw_batch_new();

        for (guint i = 0; i < n_first; i++)
            kw_batch_add_meta(first, "a", "first", i);
        for (guint i = 0; i < 20 - n_first; i++)
            kw_batch_add_meta(second, "b", "second", i);
        kw_batch_take_all(first, second);

        g_assert_cmpuint(kw_batch_get_length(first), ==, 20);
        g_assert_cmpuint(kw_batch_get_length(second), ==, 0);
        for (guint i = 0; i < 20; i++) {
            const KwRecord *record = kw_batch_get(first, i);

            g_assert_cmpstr(record->u.pair.value, ==, i < n_first ? "first" : "second");
            g_assert_cmpint(record->u.pair.time_us, ==, i < n_first ? i : i - n_first);
        }
        kw_batch_add_meta(second, "c", "usable again", 1);
        g_assert_cmpuint(kw_batch_get_length(second), ==, 1);
    }
}

static void
test_batch_signal_trade(void)
{
    g_autoptr(KwBatch) batch = kw_batch_new();

    kw_batch_add_signal(batch, &(KwSignalRecord){.trade_id = 0});
    kw_batch_add_signal(batch, &(KwSignalRecord){.trade_id = 5});
    kw_batch_add_capital(batch, &(KwCapitalRecord){.trade_id = 0});
    kw_batch_set_signal_trade(batch, 9);

    g_assert_cmpint(kw_batch_get(batch, 0)->u.signal.trade_id, ==, 9);
    g_assert_cmpint(kw_batch_get(batch, 1)->u.signal.trade_id, ==, 5);
    g_assert_cmpint(kw_batch_get(batch, 2)->u.capital.trade_id, ==, 0);
}

/* -- the fake, on which other tests build -- */

typedef struct {
    guint n_ok, n_failed;
    gint last_code;
} Tally;

static void
on_appended(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Tally *tally = user_data;
    g_autoptr(GError) error = NULL;

    if (kw_journal_append_finish(KW_JOURNAL(source), result, &error)) {
        tally->n_ok++;
    } else {
        tally->n_failed++;
        g_assert_true(error->domain == KW_STORE_ERROR);
        tally->last_code = error->code;
    }
}

static void
append_fill(KwFakeJournal *journal, const gchar *exec_id, Tally *tally)
{
    KwBatch *batch = kw_batch_new();
    KwFill fill = fill_of(exec_id);

    kw_batch_add_fill(batch, &fill);
    kw_journal_append_async(KW_JOURNAL(journal), batch, NULL, on_appended, tally);
}

static void
run_loop(void)
{
    while (g_main_context_iteration(NULL, FALSE))
        continue;
}

static void
test_fake_completes_later(void)
{
    g_autoptr(KwFakeJournal) journal = kw_fake_journal_new();
    Tally tally = {0};

    append_fill(journal, "x1", &tally);
    g_assert_cmpuint(tally.n_ok, ==, 0);
    run_loop();
    g_assert_cmpuint(tally.n_ok, ==, 1);
}

static void
test_fake_refuses_known_fill(void)
{
    g_autoptr(KwFakeJournal) journal = kw_fake_journal_new();
    Tally tally = {0};

    append_fill(journal, "x1", &tally);
    append_fill(journal, "x1", &tally);
    run_loop();
    g_assert_cmpuint(tally.n_ok, ==, 1);
    g_assert_cmpuint(tally.n_failed, ==, 1);
    g_assert_cmpint(tally.last_code, ==, KW_STORE_ERROR_EXISTS);
    g_assert_cmpuint(kw_fake_journal_get_n_batches(journal), ==, 1);
}

static void
test_fake_fails_on_demand(void)
{
    g_autoptr(KwFakeJournal) journal = kw_fake_journal_new();
    Tally tally = {0};

    kw_fake_journal_fail(journal, 1, 2, KW_STORE_ERROR_FULL);
    append_fill(journal, "x1", &tally);
    append_fill(journal, "x2", &tally);
    append_fill(journal, "x3", &tally);
    append_fill(journal, "x4", &tally);
    run_loop();
    g_assert_cmpuint(tally.n_ok, ==, 2);
    g_assert_cmpuint(tally.n_failed, ==, 2);
    g_assert_cmpint(tally.last_code, ==, KW_STORE_ERROR_FULL);
    g_assert_cmpuint(kw_fake_journal_count(journal, KW_RECORD_FILL), ==, 2);
}

static void
test_fake_holds(void)
{
    g_autoptr(KwFakeJournal) journal = kw_fake_journal_new();
    Tally tally = {0};

    kw_fake_journal_hold(journal);
    append_fill(journal, "x1", &tally);
    append_fill(journal, "x2", &tally);
    run_loop();
    g_assert_cmpuint(kw_fake_journal_get_n_held(journal), ==, 2);
    g_assert_cmpuint(kw_fake_journal_get_n_batches(journal), ==, 0);

    kw_fake_journal_release_one(journal);
    run_loop();
    g_assert_cmpuint(tally.n_ok, ==, 1);

    kw_fake_journal_kill(journal);
    append_fill(journal, "x3", &tally);
    run_loop();
    g_assert_cmpuint(tally.n_ok, ==, 1);
    g_assert_cmpuint(tally.n_failed, ==, 2);
    g_assert_cmpuint(kw_fake_journal_get_n_batches(journal), ==, 1);

    kw_fake_journal_revive(journal);
    append_fill(journal, "x3", &tally);
    run_loop();
    g_assert_cmpuint(tally.n_ok, ==, 2);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    g_test_add_func("/exec/journal/batch-keeps-order", test_batch_keeps_order);
    g_test_add_func("/exec/journal/batch-copies-text", test_batch_copies_text);
    g_test_add_func("/exec/journal/batch-take-all", test_batch_take_all);
    g_test_add_func("/exec/journal/batch-signal-trade", test_batch_signal_trade);
    g_test_add_func("/exec/journal/fake-completes-later", test_fake_completes_later);
    g_test_add_func("/exec/journal/fake-refuses-known-fill", test_fake_refuses_known_fill);
    g_test_add_func("/exec/journal/fake-fails-on-demand", test_fake_fails_on_demand);
    g_test_add_func("/exec/journal/fake-holds", test_fake_holds);

    return g_test_run();
}
