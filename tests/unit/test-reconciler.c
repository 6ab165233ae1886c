/* test-reconciler.c: what is believed, when it is asked, and what waits for it */
#include "kw-oms-rig.h"
#include "kw-reconciler.h"

#include <string.h>

#define BTC "BTC/USDT"
#define SECOND G_USEC_PER_SEC

/* One unit held, with a stop at 90 that works; the venue has what the books say */
typedef struct {
    KwOmsRig *rig;
    KwStopKeeper *keeper;
    KwReconciler *reconciler;
    GString *news; /* "+kind:subject " and "-kind:subject ", alerts as "!code " */
    const gchar *stop_id;
} Fixture;

static void
on_appeared(KwReconciler *reconciler, const KwVenueFinding *finding, Fixture *f)
{
    g_string_append_printf(f->news, "+%s:%s ", kw_finding_kind_to_string(finding->kind),
                           finding->subject);
}

static void
on_gone(KwReconciler *reconciler, const KwVenueFinding *finding, Fixture *f)
{
    g_string_append_printf(f->news, "-%s:%s ", kw_finding_kind_to_string(finding->kind),
                           finding->subject);
}

static void
on_alert(GObject *source, const gchar *code, const gchar *pair, Fixture *f)
{
    g_string_append_printf(f->news, "!%s ", code);
}

static void
set_balance(Fixture *f, const gchar *asset, const gchar *total)
{
    kw_fake_broker_set_balance(f->rig->venue, asset, kw_oms_rig_decimal(total));
}

static void
pass(Fixture *f, gint64 seconds)
{
    kw_oms_rig_pass(f->rig, seconds * SECOND);
}

static guint
get_n_asked(Fixture *f)
{
    return kw_fake_broker_get_n_inspections(f->rig->venue);
}

static void
start(Fixture *f)
{
    KwStopRules rules = {.on_cancelled = KW_STOP_CANCELLED_REPLACE};
    KwOmsRig *rig = f->rig;

    f->keeper = kw_stop_keeper_new(KW_CLOCK(rig->clock), rig->oms, rig->broker, rig->portfolio,
                                   rig->risk, &rules);
    f->reconciler = kw_reconciler_new(KW_CLOCK(rig->clock), rig->oms, rig->broker,
                                      rig->portfolio, "USDT", f->keeper);
    g_signal_connect(f->reconciler, "appeared", G_CALLBACK(on_appeared), f);
    g_signal_connect(f->reconciler, "gone", G_CALLBACK(on_gone), f);
    g_signal_connect(f->reconciler, "alert", G_CALLBACK(on_alert), f);
    g_signal_connect(f->keeper, "alert", G_CALLBACK(on_alert), f);
}

static void
set_up(Fixture *f, gconstpointer data)
{
    f->news = g_string_new(NULL);
    f->rig = kw_oms_rig_new(KW_BROKER(kw_fake_broker_new()));
    (void) kw_oms_rig_buy(f->rig, BTC, 1);
    kw_portfolio_find_open(f->rig->portfolio, BTC)->stop = kw_oms_rig_decimal("90");
    start(f);
    kw_stop_keeper_review(f->keeper);
    pass(f, 1);
    f->stop_id = g_intern_string(kw_fake_broker_get_client_id(f->rig->venue, 1));
    set_balance(f, "BTC", "1");
    set_balance(f, "USDT", "99899.6");
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    KwReconciler *gone = f->reconciler;

    kw_reconciler_stop(f->reconciler);
    kw_fake_broker_release_answers(f->rig->venue);
    kw_oms_rig_run(f->rig);
    g_object_add_weak_pointer(G_OBJECT(gone), (gpointer *) &gone);
    g_clear_object(&f->reconciler);
    g_assert_null(gone);
    g_clear_object(&f->keeper);
    kw_oms_rig_free(f->rig);
    g_string_free(f->news, TRUE);
}

static void
begin(Fixture *f)
{
    kw_reconciler_start(f->reconciler);
    kw_oms_rig_run(f->rig);
}

static void
buy_other(Fixture *f, const gchar *pair)
{
    (void) kw_oms_rig_buy(f->rig, pair, 2);
    kw_portfolio_find_open(f->rig->portfolio, pair)->stop = kw_oms_rig_decimal("80");
}

static void
assert_news(Fixture *f, const gchar *expected)
{
    g_assert_cmpstr(f->news->str, ==, expected);
    g_string_truncate(f->news, 0);
}

static gboolean
is_blocked(Fixture *f)
{
    return kw_reconciler_blocks_entries(f->reconciler);
}

/* -- when it is asked -- */

static void
test_agrees(Fixture *f, gconstpointer data)
{
    g_assert_true(is_blocked(f));
    begin(f);
    g_assert_false(is_blocked(f));
    g_assert_cmpuint(get_n_asked(f), ==, 1);
    pass(f, 59);
    g_assert_cmpuint(get_n_asked(f), ==, 1);
    pass(f, 2);
    g_assert_cmpuint(get_n_asked(f), ==, 2);
    kw_reconciler_check_now(f->reconciler);
    kw_oms_rig_run(f->rig);
    g_assert_cmpuint(get_n_asked(f), ==, 3);
    assert_news(f, "");
}

static void
test_asks_more_in_flight(Fixture *f, gconstpointer data)
{
    begin(f);
    kw_fake_broker_set_matching(f->rig->venue, KW_FAKE_MATCHING_BY_HAND);
    buy_other(f, "ETH/USDT");
    pass(f, 31);
    g_assert_cmpuint(get_n_asked(f), ==, 4);
    assert_news(f, "");
}

static void
test_stops(Fixture *f, gconstpointer data)
{
    begin(f);
    kw_reconciler_stop(f->reconciler);
    pass(f, 300);
    g_assert_cmpuint(get_n_asked(f), ==, 1);
}

/* An order settled between question and answer: the answer is of neither time, however often
 * it says the same. */
static void
test_disturbed(Fixture *f, gconstpointer data)
{
    static const gchar *const pairs[] = {"ETH/USDT", "SOL/USDT", "XMR/USDT"};

    begin(f);
    set_balance(f, "USDT", "99000");
    for (guint i = 0; i < G_N_ELEMENTS(pairs); i++) {
        g_autofree gchar *base = g_strndup(pairs[i], 3);

        set_balance(f, "BTC", "0");
        kw_fake_broker_hang_inspections(f->rig->venue, 1);
        kw_reconciler_check_now(f->reconciler);
        buy_other(f, pairs[i]);
        set_balance(f, "BTC", "1");
        set_balance(f, base, "1");
        kw_fake_broker_release_answers(f->rig->venue);
        kw_oms_rig_run(f->rig);
    }
    set_balance(f, "USDT", "99598.4");
    pass(f, 70);
    assert_news(f, "");
    g_assert_false(is_blocked(f));
}

/* -- what is believed -- */

/* F12: coins that are gone; nothing is sold, entries wait until the owner says why. */
static void
test_balance_short(Fixture *f, gconstpointer data)
{
    g_autoptr(GArray) list = NULL;
    const KwReconcilerFinding *row;

    begin(f);
    set_balance(f, "BTC", "0.4");
    kw_reconciler_check_now(f->reconciler);
    kw_oms_rig_run(f->rig);
    assert_news(f, "");
    g_assert_false(is_blocked(f)); /* once is never */
    pass(f, 11);
    assert_news(f, "+holding_short:BTC ");
    g_assert_true(is_blocked(f));
    g_assert_cmpfloat(kw_decimal_to_double(kw_oms_rig_get_held(f->rig, BTC)), ==, 1);

    list = kw_reconciler_list_findings(f->reconciler);
    g_assert_cmpuint(list->len, ==, 1);
    row = &g_array_index(list, KwReconcilerFinding, 0);
    g_assert_cmpfloat(kw_decimal_to_double(row->finding.theirs), ==, 0.4);
    g_assert_false(row->is_accepted);
    g_assert_true(kw_reconciler_accept(f->reconciler, &row->finding));
    g_assert_false(is_blocked(f));
    pass(f, 120);
    assert_news(f, "");

    /* less still: that was not what was accepted */
    set_balance(f, "BTC", "0.3");
    pass(f, 120);
    assert_news(f, "+holding_short:BTC ");
    g_assert_true(is_blocked(f));

    set_balance(f, "BTC", "1");
    pass(f, 61);
    assert_news(f, "-holding_short:BTC ");
    g_assert_false(is_blocked(f));
}

/* The bot ends and starts again: what was accepted stays so, and no more than that. */
static void
restart(Fixture *f)
{
    g_autofree gchar *accepted = kw_reconciler_dup_accepted(f->reconciler);

    kw_reconciler_stop(f->reconciler);
    g_clear_object(&f->reconciler);
    g_clear_object(&f->keeper);
    start(f);
    kw_reconciler_restore_accepted(f->reconciler, accepted);
    begin(f);
}

static void
test_accepted_over_restart(Fixture *f, gconstpointer data)
{
    g_autoptr(GArray) list = NULL;
    g_autofree gchar *none = NULL;

    begin(f);
    set_balance(f, "BTC", "0.4");
    set_balance(f, "USDT", "5");
    pass(f, 75);
    list = kw_reconciler_list_findings(f->reconciler);
    g_assert_cmpuint(list->len, ==, 2);
    for (guint i = 0; i < list->len; i++)
        g_assert_true(kw_reconciler_accept(
            f->reconciler, &g_array_index(list, KwReconcilerFinding, i).finding));
    g_string_truncate(f->news, 0);

    restart(f);
    g_assert_false(is_blocked(f));
    pass(f, 120);
    assert_news(f, "");
    set_balance(f, "USDT", "4.99");
    restart(f);
    pass(f, 11);
    assert_news(f, "+cash_short:USDT ");
    g_assert_true(is_blocked(f));

    /* back in order: forgotten, and the same again is new */
    set_balance(f, "BTC", "1");
    set_balance(f, "USDT", "99899.6");
    pass(f, 61);
    none = kw_reconciler_dup_accepted(f->reconciler);
    g_assert_cmpstr(none, ==, "");
    g_string_truncate(f->news, 0);
    set_balance(f, "BTC", "0.4");
    pass(f, 75);
    assert_news(f, "+holding_short:BTC ");
}

/* An explanation that cannot be read is none. */
static void
test_accepted_illegible(Fixture *f, gconstpointer data)
{
    g_autofree gchar *accepted = NULL;

    g_log_set_always_fatal(G_LOG_FATAL_MASK); /* that is a warning */
    kw_reconciler_restore_accepted(f->reconciler,
                                   "cash_short|USDT||99\nholding_short|BTC||1|0.4\n");
    accepted = kw_reconciler_dup_accepted(f->reconciler);
    g_assert_cmpstr(accepted, ==, "holding_short|BTC||1|0.4\n");
    begin(f);
    g_assert_cmpint(kw_reconciler_get_age_us(f->reconciler), ==, 0);
}

static void
test_accept_nothing(Fixture *f, gconstpointer data)
{
    KwVenueFinding finding = {.kind = KW_FINDING_CASH_SHORT, .subject = "USDT"};

    begin(f);
    g_assert_false(kw_reconciler_accept(f->reconciler, &finding));
    set_balance(f, "USDT", "5");
    kw_reconciler_check_now(f->reconciler);
    kw_oms_rig_run(f->rig);
    g_assert_false(kw_reconciler_accept(f->reconciler, &finding)); /* not believed yet */
    pass(f, 11);
    g_assert_true(kw_reconciler_accept(f->reconciler, &finding));
}

/* At the start nobody knows better: what is new blocks at once. */
static void
test_differs_at_start(Fixture *f, gconstpointer data)
{
    set_balance(f, "USDT", "5");
    begin(f);
    g_assert_true(is_blocked(f));
    pass(f, 11);
    assert_news(f, "+cash_short:USDT ");
    g_assert_true(is_blocked(f));
    set_balance(f, "USDT", "99899.6");
    pass(f, 61);
    assert_news(f, "-cash_short:USDT ");
    g_assert_false(is_blocked(f));
}

/* Seen once, then not, then again: not believed */
static void
test_flicker(Fixture *f, gconstpointer data)
{
    begin(f);
    for (guint i = 0; i < 6; i++) {
        set_balance(f, "BTC", i % 2 == 0 ? "0" : "1");
        kw_reconciler_check_now(f->reconciler);
        kw_oms_rig_run(f->rig);
    }
    assert_news(f, "");
}

/* What cannot be compared, as an order is on its way, is not gone for that. */
static void
test_moving(Fixture *f, gconstpointer data)
{
    begin(f);
    set_balance(f, "USDT", "5");
    pass(f, 75);
    assert_news(f, "+cash_short:USDT ");
    kw_fake_broker_set_matching(f->rig->venue, KW_FAKE_MATCHING_BY_HAND);
    buy_other(f, "ETH/USDT");
    pass(f, 60);
    assert_news(f, "");
    g_assert_true(is_blocked(f));
}

/* A position that no stop can be placed for stops no entry; one that has lost its stop does. */
static void
test_dust(Fixture *f, gconstpointer data)
{
    g_autoptr(GArray) list = NULL;
    KwPair pair;

    g_assert_true(kw_pair_init(&pair, "ETH/USDT", NULL));
    pair.min_amount = kw_oms_rig_decimal("2");
    kw_stop_keeper_set_pair(f->keeper, &pair);
    begin(f);
    buy_other(f, "ETH/USDT");
    set_balance(f, "ETH", "1");
    set_balance(f, "USDT", "99799.2");
    pass(f, 150);
    list = kw_reconciler_list_findings(f->reconciler);
    g_assert_cmpuint(list->len, ==, 1);
    g_assert_cmpint(g_array_index(list, KwReconcilerFinding, 0).finding.kind, ==,
                    KW_FINDING_DUST);
    assert_news(f, "!stop_too_small +dust:ETH/USDT ");
    g_assert_false(is_blocked(f));
}

/* F14 */
static void
test_foreign(Fixture *f, gconstpointer data)
{
    KwVenueOrder buy = {.venue_id = "OHAND", .pair = "ETH/USDT", .side = KW_SIDE_BUY};
    KwVenueOrder sell = {.venue_id = "OSELL", .pair = "ETH/USDT", .side = KW_SIDE_SELL};

    buy.price = sell.price = kw_oms_rig_decimal("50");
    buy.amount = sell.amount = kw_oms_rig_decimal("3");
    buy.filled = kw_oms_rig_decimal("1");
    kw_fake_broker_add_foreign(f->rig->venue, &buy);
    kw_fake_broker_add_foreign(f->rig->venue, &sell);
    begin(f);
    pass(f, 11);
    assert_news(f, "+order_foreign:ETH/USDT +order_foreign:ETH/USDT ");
    g_assert_false(is_blocked(f));
    g_assert_cmpfloat(kw_decimal_to_double(kw_reconciler_get_foreign_value(f->reconciler)), ==,
                      100);
}

/* -- what is done -- */

/* The stop has gone, and nobody told: it is looked up and placed again. */
static void
test_stop_missing(Fixture *f, gconstpointer data)
{
    begin(f);
    kw_fake_broker_cancel_by_venue(f->rig->venue, f->stop_id);
    kw_reconciler_check_now(f->reconciler);
    pass(f, 70);
    g_assert_cmpint(kw_oms_find_order(f->rig->oms, f->stop_id)->state, ==,
                    KW_ORDER_STATE_CANCELLED);
    g_assert_true(kw_stop_keeper_is_covered(f->keeper, 1));
    g_assert_false(is_blocked(f));
    assert_news(f, "!stop_replaced ");
}

static KwOrderState
get_stop_state(Fixture *f)
{
    return kw_oms_find_order(f->rig->oms, f->stop_id)->state;
}

/* The venue acknowledged it and no longer knows it. */
static void
lose_stop(Fixture *f)
{
    begin(f);
    kw_fake_broker_hide(f->rig->venue, 1000);
    kw_fake_broker_forget(f->rig->venue, f->stop_id);
    kw_reconciler_check_now(f->reconciler);
}

/* F07: neither open nor closed for minutes, and nothing sold: lost, told, placed again. Before
 * that no verdict, and at no time two of them. */
static void
test_stop_lost(Fixture *f, gconstpointer data)
{
    lose_stop(f);
    pass(f, 170);
    g_assert_true(kw_oms_is_unknown(f->rig->oms, BTC));
    g_assert_nonnull(strstr(f->rig->alerts->str, "order_lost"));
    g_assert_cmpuint(kw_fake_broker_get_n_submits(f->rig->venue), ==, 2);
    assert_news(f, "!stop_missing ");

    pass(f, 100);
    g_assert_cmpint(get_stop_state(f), ==, KW_ORDER_STATE_CANCELLED);
    g_assert_cmpuint(kw_fake_broker_get_n_submits(f->rig->venue), ==, 3);
    g_assert_true(kw_stop_keeper_is_covered(f->keeper, 1));
    g_assert_false(kw_oms_is_busy(f->rig->oms, BTC));
    pass(f, 300);
    assert_news(f, "!stop_lost ");
    g_assert_false(is_blocked(f));
    g_assert_cmpuint(kw_fake_broker_get_n_submits(f->rig->venue), ==, 3);
}

/* It has sold, and the lists do not say so yet: there is no proof, however long it takes. */
static void
test_stop_lost_sold(Fixture *f, gconstpointer data)
{
    lose_stop(f);
    set_balance(f, "BTC", "0");
    pass(f, 1800);
    g_assert_cmpint(get_stop_state(f), ==, KW_ORDER_STATE_UNKNOWN);
    g_assert_cmpuint(kw_fake_broker_get_n_submits(f->rig->venue), ==, 2);
    g_assert_true(kw_oms_is_busy(f->rig->oms, BTC)); /* no entry of the pair meanwhile */
}

/* Look-ups without an answer are no answer. */
static void
test_stop_lost_unanswered(Fixture *f, gconstpointer data)
{
    begin(f);
    kw_fake_broker_forget(f->rig->venue, f->stop_id);
    kw_fake_broker_fail_queries(f->rig->venue, 1000);
    kw_reconciler_check_now(f->reconciler);
    pass(f, 1800);
    g_assert_cmpint(get_stop_state(f), ==, KW_ORDER_STATE_UNKNOWN);
    g_assert_cmpuint(kw_fake_broker_get_n_submits(f->rig->venue), ==, 2);
}

/* A buy that was executed and dropped from the lists has cost money: no proof, also when the
 * owner has plenty beside. */
static void
test_buy_lost(Fixture *f, gconstpointer data)
{
    const gchar *id;

    set_balance(f, "USDT", "500000");
    begin(f);
    kw_fake_broker_set_matching(f->rig->venue, KW_FAKE_MATCHING_BY_HAND);
    buy_other(f, "ETH/USDT");
    id = g_intern_string(kw_fake_broker_get_client_id(f->rig->venue, 2));
    g_assert_cmpint(kw_oms_find_order(f->rig->oms, id)->state, ==, KW_ORDER_STATE_OPEN);
    pass(f, 30);
    kw_fake_broker_hide(f->rig->venue, 1000);
    kw_fake_broker_forget(f->rig->venue, id);
    set_balance(f, "USDT", "499900");
    pass(f, 1800);
    g_assert_cmpint(kw_oms_find_order(f->rig->oms, id)->state, ==, KW_ORDER_STATE_UNKNOWN);
    set_balance(f, "USDT", "500000");
    pass(f, 120);
    g_assert_cmpint(kw_oms_find_order(f->rig->oms, id)->state, ==, KW_ORDER_STATE_CANCELLED);
}

/* As long as the owner wants to wait */
static void
test_stop_lost_patience(Fixture *f, gconstpointer data)
{
    kw_reconciler_set_lost_patience(f->reconciler, 600 * SECOND);
    lose_stop(f);
    pass(f, 560);
    g_assert_cmpint(get_stop_state(f), ==, KW_ORDER_STATE_UNKNOWN);
    pass(f, 200);
    g_assert_cmpint(get_stop_state(f), ==, KW_ORDER_STATE_CANCELLED);
    g_assert_true(kw_stop_keeper_is_covered(f->keeper, 1));
}

/* Given up, replaced, and there again: ours, so not called foreign, and taken back. */
static void
test_stop_revived(Fixture *f, gconstpointer data)
{
    KwVenueOrder there = {.venue_id = "OAGAIN", .pair = BTC, .side = KW_SIDE_SELL};

    lose_stop(f);
    pass(f, 300);
    g_assert_cmpint(get_stop_state(f), ==, KW_ORDER_STATE_CANCELLED);
    g_string_truncate(f->news, 0);
    g_strlcpy(there.client_id, f->stop_id, sizeof there.client_id);
    there.price = kw_oms_rig_decimal("90");
    there.amount = kw_oms_rig_decimal("1");
    kw_fake_broker_add_foreign(f->rig->venue, &there);
    g_assert_cmpuint(kw_fake_broker_get_n_working(f->rig->venue), ==, 2);
    pass(f, 150);
    assert_news(f, "");
    g_assert_cmpuint(kw_fake_broker_get_n_working(f->rig->venue), ==, 1);
    g_assert_true(kw_stop_keeper_is_covered(f->keeper, 1));
}

/* A stop that has sold: all of it is explained by its fills. */
static void
test_stop_filled(Fixture *f, gconstpointer data)
{
    begin(f);
    kw_fake_broker_fill(f->rig->venue, f->stop_id, kw_oms_rig_decimal("1"));
    set_balance(f, "BTC", "0");
    set_balance(f, "USDT", "99989.24");
    kw_reconciler_check_now(f->reconciler);
    pass(f, 70);
    g_assert_null(kw_portfolio_find_open(f->rig->portfolio, BTC));
    g_assert_false(is_blocked(f));
    assert_news(f, "");
}

/* -- no answer -- */

static void
test_fails(Fixture *f, gconstpointer data)
{
    begin(f);
    kw_fake_broker_fail_inspections(f->rig->venue, 6);
    pass(f, 60 + 41);
    assert_news(f, "!venue_unreadable ");
    g_assert_false(is_blocked(f)); /* two minutes old */
    pass(f, 20);
    assert_news(f, "!venue_readable ");
}

static void
test_stale(Fixture *f, gconstpointer data)
{
    begin(f);
    kw_fake_broker_fail_inspections(f->rig->venue, 1000);
    pass(f, 299);
    g_assert_false(is_blocked(f));
    pass(f, 2);
    g_assert_true(is_blocked(f));
    kw_fake_broker_fail_inspections(f->rig->venue, 0);
    pass(f, 11);
    g_assert_false(is_blocked(f));
}

/* An answer that never comes is given up; when it comes late it counts for nothing. */
static void
test_hangs(Fixture *f, gconstpointer data)
{
    kw_fake_broker_hang_inspections(f->rig->venue, 1);
    begin(f);
    g_assert_true(is_blocked(f));
    pass(f, 41);
    g_assert_cmpuint(get_n_asked(f), ==, 2);
    g_assert_false(is_blocked(f));
    kw_fake_broker_release_answers(f->rig->venue);
    kw_oms_rig_run(f->rig);
    g_assert_false(is_blocked(f));
}

static void
test_paper(void)
{
    g_autoptr(KwOmsRig) rig = kw_oms_rig_new(KW_BROKER(kw_paper_broker_new(0.004)));
    g_autoptr(KwReconciler) reconciler = kw_reconciler_new(
        KW_CLOCK(rig->clock), rig->oms, rig->broker, rig->portfolio, "USDT", NULL);

    kw_reconciler_start(reconciler);
    g_assert_cmpint(kw_fake_clock_get_next_due_us(rig->clock), ==, G_MAXINT64);
    g_assert_false(kw_reconciler_blocks_entries(reconciler));
}

static void
add(const gchar *path, void (*test)(Fixture *, gconstpointer))
{
    g_test_add(path, Fixture, NULL, set_up, test, tear_down);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    add("/exec/reconciler/agrees", test_agrees);
    add("/exec/reconciler/asks-more-in-flight", test_asks_more_in_flight);
    add("/exec/reconciler/stops", test_stops);
    add("/exec/reconciler/disturbed", test_disturbed);
    add("/exec/reconciler/f12-balance-short", test_balance_short);
    add("/exec/reconciler/accepted-over-restart", test_accepted_over_restart);
    add("/exec/reconciler/accepted-illegible", test_accepted_illegible);
    add("/exec/reconciler/accept-nothing", test_accept_nothing);
    add("/exec/reconciler/differs-at-start", test_differs_at_start);
    add("/exec/reconciler/flicker", test_flicker);
    add("/exec/reconciler/moving", test_moving);
    add("/exec/reconciler/dust", test_dust);
    add("/exec/reconciler/f14-foreign", test_foreign);
    add("/exec/reconciler/stop-missing", test_stop_missing);
    add("/exec/reconciler/f07-stop-lost", test_stop_lost);
    add("/exec/reconciler/f07-stop-lost-sold", test_stop_lost_sold);
    add("/exec/reconciler/f07-stop-lost-unanswered", test_stop_lost_unanswered);
    add("/exec/reconciler/f07-buy-lost", test_buy_lost);
    add("/exec/reconciler/f07-stop-lost-patience", test_stop_lost_patience);
    add("/exec/reconciler/f07-stop-revived", test_stop_revived);
    add("/exec/reconciler/stop-filled", test_stop_filled);
    add("/exec/reconciler/fails", test_fails);
    add("/exec/reconciler/stale", test_stale);
    add("/exec/reconciler/hangs", test_hangs);
    g_test_add_func("/exec/reconciler/paper", test_paper);

    return g_test_run();
}
