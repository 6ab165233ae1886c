/* test-sham-broker.c: each fault of calls does at the exchange and to the caller what it says
 */
#include "kw-error.h"
#include "kw-sham-broker.h"
#include "kw-test.h"

#include <string.h>

#define SECOND ((gint64) G_USEC_PER_SEC)
#define T0 (KW_TEST_T0_US / KW_SHAM_MARKET_CANDLE_US * KW_SHAM_MARKET_CANDLE_US)

typedef struct {
    gchar *folder, *path;
    KwFakeClock *clock;
    KwShamMarket *market;
    KwShamVenue *venue;
    KwFaultPlan plan;
    KwShamBroker *broker;
    guint n_reports;
    gboolean is_done, is_ok;
    KwBrokerReport report;
    gint code;
} World;

static void
on_report(KwBroker *broker, const KwBrokerReport *report, gpointer user_data)
{
    ((World *) user_data)->n_reports++;
}

static void
world_init(World *w)
{
    memset(w, 0, sizeof *w);
    w->folder = kw_test_tmp_dir_new();
    w->path = g_build_filename(w->folder, "exchange", NULL);
    w->clock = kw_fake_clock_new(T0);
    w->market = kw_sham_market_new(5, T0, T0 + G_TIME_SPAN_HOUR);
    w->venue = kw_sham_venue_open(w->path, w->market, T0, kw_decimal_from_int(1000), NULL);
}

static void
begin(World *w)
{
    w->broker = kw_sham_broker_new(KW_CLOCK(w->clock), w->venue, &w->plan, 1);
    g_signal_connect(w->broker, "report", G_CALLBACK(on_report), w);
}

/* One fault from now until @seconds later */
static void
world_open(World *w, KwFaultKind kind, gint64 seconds)
{
    world_init(w);
    w->plan.n_faults = 1;
    w->plan.faults[0] =
        (KwFault){.kind = kind, .from_us = T0, .until_us = T0 + seconds * SECOND};
    begin(w);
}

static void
pass(World *w, gint64 seconds)
{
    gint64 until_us = kw_clock_now_us(KW_CLOCK(w->clock)) + seconds * SECOND;

    while (kw_clock_now_us(KW_CLOCK(w->clock)) < until_us) {
        while (g_main_context_iteration(NULL, FALSE))
            continue;
        kw_fake_clock_advance_to(w->clock,
                                 MIN(until_us, kw_fake_clock_get_next_due_us(w->clock)));
    }
    while (g_main_context_iteration(NULL, FALSE))
        continue;
}

static void
world_close(World *w)
{
    pass(w, 60); /* what is under way holds the broker */
    g_clear_object(&w->broker);
    g_clear_pointer(&w->venue, kw_sham_venue_free);
    g_clear_pointer(&w->market, kw_sham_market_free);
    g_clear_object(&w->clock);
    kw_test_tmp_dir_free(w->folder);
    g_free(w->path);
}

static void
take(World *w, gboolean is_ok, GError *error)
{
    w->is_done = TRUE;
    w->is_ok = is_ok;
    w->code = error != NULL ? error->code : -1;
    g_clear_error(&error);
}

static void
on_submitted(GObject *source, GAsyncResult *result, gpointer user_data)
{
    World *w = user_data;
    GError *error = NULL;
    gboolean is_ok = kw_broker_submit_finish(KW_BROKER(source), result, &w->report, &error);

    take(w, is_ok, error);
}

static void
on_queried(GObject *source, GAsyncResult *result, gpointer user_data)
{
    World *w = user_data;
    GError *error = NULL;
    gboolean is_ok = kw_broker_query_finish(KW_BROKER(source), result, &w->report, &error);

    take(w, is_ok, error);
}

static void
submit(World *w)
{
    KwOrder order = {.client_id = "o",
                     .pair = "ETH/EUR",
                     .side = KW_SIDE_BUY,
                     .type = KW_ORDER_TYPE_MARKET,
                     .amount = {.mant = 6, .scale = 2}};

    w->is_done = FALSE;
    kw_broker_submit_async(KW_BROKER(w->broker), &order, NULL, on_submitted, w);
}

static void
query(World *w)
{
    w->is_done = FALSE;
    kw_broker_query_async(KW_BROKER(w->broker), "o", NULL, on_queried, w);
}

/* @n_there: orders at the exchange when the answer is there, and a quarter of a minute later */
typedef struct {
    KwFaultKind kind;
    gboolean is_ok;
    gint code;
    gint64 after_s; /* the answer is there by then */
    guint n_there, n_later;
    KwOrderState state; /* at the exchange in the end */
} Row;

static const Row rows[] = {
    {KW_FAULT_LOST, FALSE, KW_EXCHANGE_ERROR_UNKNOWN, 11, 1, 1, KW_ORDER_STATE_FILLED},
    {KW_FAULT_RESET, FALSE, KW_EXCHANGE_ERROR_UNKNOWN, 1, 1, 1, KW_ORDER_STATE_FILLED},
    {KW_FAULT_NOT_REACHED, FALSE, KW_EXCHANGE_ERROR_UNKNOWN, 11, 0, 0, 0},
    {KW_FAULT_LATE, FALSE, KW_EXCHANGE_ERROR_UNKNOWN, 10, 0, 1, KW_ORDER_STATE_FILLED},
    {KW_FAULT_REFUSED, FALSE, KW_EXCHANGE_ERROR_REFUSED, 1, 0, 0, 0},
    {KW_FAULT_REFUSED_WRONGLY, FALSE, KW_EXCHANGE_ERROR_REFUSED, 1, 1, 1,
     KW_ORDER_STATE_FILLED},
    {KW_FAULT_PARTS, TRUE, -1, 1, 1, 1, KW_ORDER_STATE_FILLED},
    {KW_FAULT_PART_ONLY, TRUE, -1, 1, 1, 1, KW_ORDER_STATE_CANCELLED},
    {KW_FAULT_HIDDEN, FALSE, KW_EXCHANGE_ERROR_UNKNOWN, 1, 1, 1, KW_ORDER_STATE_FILLED},
    {KW_FAULT_BLACK_HOLE, FALSE, KW_EXCHANGE_ERROR_UNKNOWN, 11, 0, 0, 0},
    {KW_FAULT_RESTART_LOST, FALSE, KW_EXCHANGE_ERROR_UNKNOWN, 1, 0, 0, 0},
    {KW_FAULT_MAINTENANCE, FALSE, KW_EXCHANGE_ERROR_REFUSED, 1, 0, 0, 0},
};

static void
test_submit(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        const Row *row = &rows[i];
        World w;

        g_test_message("%s", kw_fault_kind_to_string(row->kind));
        world_open(&w, row->kind, 40);
        submit(&w);
        if (row->after_s > 1) {
            pass(&w, row->after_s - 2);
            g_assert_false(w.is_done);
            pass(&w, 2);
        } else {
            pass(&w, 1);
        }
        g_assert_true(w.is_done);
        g_assert_cmpint(w.is_ok, ==, row->is_ok);
        g_assert_cmpint(w.code, ==, row->code);
        g_assert_cmpuint(kw_sham_venue_get_n_orders(w.venue), ==, row->n_there);
        pass(&w, 15);
        g_assert_cmpuint(kw_sham_venue_get_n_orders(w.venue), ==, row->n_later);
        if (row->n_later > 0)
            g_assert_cmpint(kw_sham_venue_get_order(w.venue, 0)->order.state, ==, row->state);
        g_assert_cmpuint(kw_sham_venue_get_memory(w.venue)->n_happened[row->kind], ==, 1);
        world_close(&w);
    }
}

/* A look-up misses it for some seconds, then does not. */
static void
test_hidden(void)
{
    World w;

    world_open(&w, KW_FAULT_HIDDEN, 40);
    submit(&w);
    pass(&w, 1);
    query(&w);
    pass(&w, 1);
    g_assert_cmpint(w.code, ==, KW_EXCHANGE_ERROR_ABSENT);
    pass(&w, 6);
    query(&w);
    pass(&w, 1);
    g_assert_true(w.is_ok);
    g_assert_cmpint(w.report.state, ==, KW_ORDER_STATE_FILLED);
    world_close(&w);
}

/* Two pieces of news of a market order: taken in, executed. */
static void
test_news(void)
{
    static const struct {
        KwFaultKind kind;
        guint n_reports;
    } cases[] = {
        {KW_FAULT_KILL_AFTER, 0}, /* nobody is left to be told */
        {KW_FAULT_REFUSED_WRONGLY, 2},
        {KW_FAULT_REPEATED, 4},
        {KW_FAULT_REORDERED, 2},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        World w;

        g_test_message("%s", kw_fault_kind_to_string(cases[i].kind));
        world_open(&w, cases[i].kind, 40);
        submit(&w);
        pass(&w, 20);
        g_assert_cmpuint(kw_sham_venue_get_n_orders(w.venue), ==, 1);
        g_assert_cmpuint(w.n_reports, ==, cases[i].n_reports);
        g_assert_cmpint(kw_sham_broker_is_dying(w.broker), ==,
                        cases[i].kind == KW_FAULT_KILL_AFTER);
        world_close(&w);
    }
}

/* News of the time of a restart come when it is over, or the order is looked up. */
static void
test_restart(void)
{
    for (guint i = 0; i < 2; i++) {
        KwOrder order = {.pair = "ETH/EUR",
                         .side = KW_SIDE_BUY,
                         .type = KW_ORDER_TYPE_MARKET,
                         .amount = {.mant = 6, .scale = 2}};
        World w;

        world_open(&w, i == 0 ? KW_FAULT_RESTART_KEPT : KW_FAULT_RESTART_LOST, 40);
        g_assert_nonnull(kw_sham_venue_place(w.venue, &order, KW_SHAM_MATCHING_WHOLE, NULL));
        pass(&w, 39);
        g_assert_cmpuint(w.n_reports, ==, 0);
        pass(&w, 5);
        g_assert_cmpuint(w.n_reports, ==, i == 0 ? 2 : 1);
        world_close(&w);
    }
}

static void
test_hand(void)
{
    World w;

    world_open(&w, KW_FAULT_HAND_BALANCE, 40);
    pass(&w, 1);
    g_assert_cmpint(
        kw_decimal_cmp(kw_sham_venue_get_total(w.venue, "EUR"), kw_decimal_from_int(400)), ==,
        0);
    pass(&w, 45);
    g_assert_cmpint(
        kw_decimal_cmp(kw_sham_venue_get_total(w.venue, "EUR"), kw_decimal_from_int(1000)), ==,
        0);
    world_close(&w);

    world_open(&w, KW_FAULT_HAND_ORDER, 40);
    pass(&w, 1);
    g_assert_true(kw_sham_venue_get_order(w.venue, 0)->is_foreign);
    g_assert_cmpuint(w.n_reports, ==, 0);
    world_close(&w);
}

/* Healed: what was planned does not happen any more. */
static void
test_heal(void)
{
    World w;

    world_open(&w, KW_FAULT_REFUSED, 40);
    kw_sham_broker_heal(w.broker);
    submit(&w);
    pass(&w, 1);
    g_assert_true(w.is_ok);
    g_assert_cmpuint(kw_sham_venue_get_memory(w.venue)->n_happened[KW_FAULT_REFUSED], ==, 0);
    world_close(&w);
}

int
main(int argc, char **argv)
{
    kw_test_prefer_memory();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lab/sham-broker/submit", test_submit);
    g_test_add_func("/lab/sham-broker/hidden", test_hidden);
    g_test_add_func("/lab/sham-broker/news", test_news);
    g_test_add_func("/lab/sham-broker/restart", test_restart);
    g_test_add_func("/lab/sham-broker/hand", test_hand);
    g_test_add_func("/lab/sham-broker/heal", test_heal);
    return g_test_run();
}
