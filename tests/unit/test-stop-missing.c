/* test-stop-missing.c: a position without a stop is told before that is too long (F89) */
#include "kw-oms-rig.h"
#include "kw-stop-keeper.h"

#define BTC "BTC/USDT"

/* One unit held, stop at 90; nothing done about it yet */
typedef struct {
    KwOmsRig *rig;
    KwStopKeeper *keeper;
    GString *alerts;
} Fixture;

static void
on_alert(KwStopKeeper *keeper, const gchar *code, const gchar *pair, Fixture *f)
{
    g_string_append_printf(f->alerts, "%s ", code);
}

static void
set_up(Fixture *f, gconstpointer data)
{
    const KwStopRules rules = {
        .terms = {.min_step_ratio = 0.001},
        .on_refused = KW_STOP_REFUSED_ALERT,
        .on_cancelled = KW_STOP_CANCELLED_REPLACE,
        .entry_patience_us = 3 * G_USEC_PER_SEC,
    };

    f->alerts = g_string_new(NULL);
    f->rig = kw_oms_rig_new(KW_BROKER(kw_fake_broker_new()));
    (void) kw_oms_rig_buy(f->rig, BTC, 1);
    kw_portfolio_find_open(f->rig->portfolio, BTC)->stop = kw_oms_rig_decimal("90");
    f->keeper = kw_stop_keeper_new(KW_CLOCK(f->rig->clock), f->rig->oms, f->rig->broker,
                                   f->rig->portfolio, f->rig->risk, &rules);
    g_signal_connect(f->keeper, "alert", G_CALLBACK(on_alert), f);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    kw_fake_journal_kill(f->rig->journal);
    kw_fake_broker_cut(f->rig->venue);
    kw_oms_rig_run(f->rig);
    g_clear_object(&f->keeper);
    kw_oms_rig_free(f->rig);
    g_string_free(f->alerts, TRUE);
}

static void
pass(Fixture *f, gint64 seconds)
{
    kw_oms_rig_pass(f->rig, seconds * G_USEC_PER_SEC);
}

static const gchar *
get_last_id(Fixture *f)
{
    return kw_fake_broker_get_client_id(f->rig->venue,
                                        kw_fake_broker_get_n_orders(f->rig->venue) - 1);
}

/* A bridge that is slow and silent: it is told while there is time, once, and again when it
 * happens again; asked often meanwhile. */
static void
test_missing(Fixture *f, gconstpointer data)
{
    guint n_queries;

    kw_fake_broker_set_answer(f->rig->venue, KW_FAKE_ANSWER_HELD);
    kw_fake_broker_fail_queries(f->rig->venue, 1000);
    kw_stop_keeper_review(f->keeper);
    pass(f, 57);
    g_assert_cmpstr(f->alerts->str, ==, "");
    pass(f, 4);
    g_assert_cmpstr(f->alerts->str, ==, "stop_missing ");
    n_queries = kw_fake_broker_get_n_queries(f->rig->venue);
    pass(f, 120);
    g_assert_cmpuint(kw_fake_broker_get_n_queries(f->rig->venue), >=, n_queries + 11);
    g_assert_cmpuint(kw_fake_broker_get_n_submits(f->rig->venue), ==, 2);
    kw_fake_broker_fail_queries(f->rig->venue, 0);
    pass(f, 10);
    g_assert_true(kw_stop_keeper_is_covered(f->keeper, 1));
    pass(f, 120);
    g_assert_cmpstr(f->alerts->str, ==, "stop_missing ");

    kw_fake_broker_fail_queries(f->rig->venue, 1000);
    kw_fake_broker_cancel_by_venue(f->rig->venue, get_last_id(f));
    kw_fake_broker_tell_state(f->rig->venue, get_last_id(f));
    pass(f, 120);
    g_assert_cmpstr(f->alerts->str, ==, "stop_missing stop_missing ");
}

/* Refused for good, or left to the owner: he knows already. */
static void
test_known(Fixture *f, gconstpointer data)
{
    kw_fake_broker_refuse_orders(f->rig->venue, 1000, KW_FAKE_ANSWER_REJECTED);
    kw_stop_keeper_review(f->keeper);
    pass(f, 300);
    g_assert_cmpstr(f->alerts->str, ==, "stop_refused ");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, func)                                                                        \
    g_test_add("/exec/stop-missing/" name, Fixture, NULL, set_up, func, tear_down)
    ADD("f89/in-doubt", test_missing);
    ADD("known", test_known);
    return g_test_run();
}
