/* test-inquiry.c: when absence is proof, and how long it is asked */
#include "kw-fake-broker.h"
#include "kw-inquiry.h"
#include "kw-test.h"

#include <string.h>

#define T0_US G_GINT64_CONSTANT(1773187200000000)

typedef struct {
    KwFakeClock *clock;
    KwFakeBroker *broker;
    GObject *owner;
    KwOrder order;
    KwInquiry *inquiry;
    guint n_late, n_reports, n_answered;
    KwOrderState verdict;
    GString *alerts;
} Fixture;

static void
on_late(gpointer entry)
{
    ((Fixture *) entry)->n_late++;
}

static void
on_report(gpointer entry, const KwBrokerReport *report)
{
    ((Fixture *) entry)->n_reports++;
}

static void
on_verdict(gpointer entry, KwOrderState state)
{
    Fixture *f = entry;

    f->verdict = state;
    f->order.state = state;
}

static void
on_alert(gpointer entry, const gchar *code)
{
    g_string_append_printf(((Fixture *) entry)->alerts, "%s ", code);
}

static void
on_answered(gpointer entry)
{
    ((Fixture *) entry)->n_answered++;
}

static const KwInquiryEvents events = {
    .late = on_late,
    .report = on_report,
    .verdict = on_verdict,
    .alert = on_alert,
    .answered = on_answered,
};

static void
set_up(Fixture *f, gconstpointer data)
{
    f->clock = kw_fake_clock_new(T0_US);
    f->broker = kw_fake_broker_new();
    f->owner = g_object_new(G_TYPE_OBJECT, NULL);
    f->alerts = g_string_new(NULL);
    f->order = (KwOrder){.state = KW_ORDER_STATE_SENT, .client_id = "kw1", .pair = "BTC/USDT"};
    f->verdict = KW_ORDER_STATE_INTENT; /* none */
    f->inquiry = kw_inquiry_new(KW_CLOCK(f->clock), KW_BROKER(f->broker), &f->order, &events, f,
                                f->owner);
}

static void
settle(void)
{
    while (g_main_context_iteration(NULL, FALSE))
        continue;
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    settle();
    kw_inquiry_free(f->inquiry);
    g_string_free(f->alerts, TRUE);
    g_object_unref(f->owner);
    g_object_unref(f->broker);
    g_object_unref(f->clock);
}

static void
pass(Fixture *f, gint64 us)
{
    gint64 end_us = kw_clock_now_us(KW_CLOCK(f->clock)) + us;

    settle();
    while (kw_fake_clock_get_next_due_us(f->clock) <= end_us) {
        kw_fake_clock_advance_to(f->clock, kw_fake_clock_get_next_due_us(f->clock));
        settle();
    }
    kw_fake_clock_advance_to(f->clock, end_us);
    settle();
}

static void
test_late_once(Fixture *f, gconstpointer data)
{
    kw_inquiry_await_answer(f->inquiry);
    pass(f, 14 * G_USEC_PER_SEC);
    g_assert_cmpuint(f->n_late, ==, 0);
    pass(f, G_TIME_SPAN_HOUR);
    g_assert_cmpuint(f->n_late, ==, 1);
}

static void
test_answer_in_time(Fixture *f, gconstpointer data)
{
    kw_inquiry_await_answer(f->inquiry);
    kw_inquiry_rest(f->inquiry);
    pass(f, G_TIME_SPAN_HOUR);
    g_assert_cmpuint(f->n_late, ==, 0);
}

/* Not before the venue has had its time, and not from one answer. */
static void
test_absence_takes_time(Fixture *f, gconstpointer data)
{
    kw_inquiry_ask(f->inquiry);
    pass(f, KW_BROKER_SETTLE_US - 1);
    g_assert_cmpuint(f->n_answered, >=, 2);
    g_assert_cmpint(f->verdict, ==, KW_ORDER_STATE_UNKNOWN);
    pass(f, G_TIME_SPAN_MINUTE);
    g_assert_cmpint(f->verdict, ==, KW_ORDER_STATE_LAPSED);
}

static void
test_slow_venue(Fixture *f, gconstpointer data)
{
    kw_fake_broker_set_settle_us(f->broker, 70 * G_USEC_PER_SEC);
    kw_inquiry_ask(f->inquiry);
    pass(f, 69 * G_USEC_PER_SEC);
    g_assert_cmpint(f->verdict, ==, KW_ORDER_STATE_UNKNOWN);
    pass(f, 2 * G_TIME_SPAN_MINUTE);
    g_assert_cmpint(f->verdict, ==, KW_ORDER_STATE_LAPSED);
}

/* The refusal and the absence say the same: that is proof before a slow venue is settled. */
static void
test_refused_and_absent(Fixture *f, gconstpointer data)
{
    kw_fake_broker_set_settle_us(f->broker, 70 * G_USEC_PER_SEC);
    kw_inquiry_note_refused(f->inquiry);
    kw_inquiry_ask(f->inquiry);
    pass(f, KW_BROKER_SETTLE_US - 1);
    g_assert_cmpint(f->verdict, ==, KW_ORDER_STATE_UNKNOWN);
    pass(f, 5 * G_USEC_PER_SEC);
    g_assert_cmpint(f->verdict, ==, KW_ORDER_STATE_REJECTED);
}

/* An order that the venue once had is never proven to be gone; the owner is told, and it is
 * asked on with pauses that do not grow beyond a minute. */
static void
test_known_order_is_not_given_up(Fixture *f, gconstpointer data)
{
    g_strlcpy(f->order.venue_id, "V1", sizeof f->order.venue_id);
    kw_inquiry_ask(f->inquiry);
    pass(f, G_TIME_SPAN_HOUR);
    g_assert_cmpint(f->verdict, ==, KW_ORDER_STATE_UNKNOWN);
    g_assert_nonnull(strstr(f->alerts->str, "order_lost "));
    g_assert_nonnull(strstr(f->alerts->str, "order_unknown "));
    g_assert_cmpuint(f->n_answered, >, 55);
    g_assert_cmpuint(f->n_answered, <, 75);
}

/* Two calls are one look-up; look-ups that fail prove nothing. */
static void
test_no_answer_proves_nothing(Fixture *f, gconstpointer data)
{
    kw_fake_broker_fail_queries(f->broker, 1000);
    kw_inquiry_ask(f->inquiry);
    kw_inquiry_ask(f->inquiry);
    g_assert_true(kw_inquiry_is_asking(f->inquiry));
    settle();
    g_assert_cmpuint(kw_fake_broker_get_n_queries(f->broker), ==, 1);
    pass(f, G_TIME_SPAN_HOUR);
    g_assert_cmpint(f->verdict, ==, KW_ORDER_STATE_UNKNOWN);
    g_assert_cmpuint(f->n_reports, ==, 0);
}

/* After an outage the pauses are long, but a venue that answers again is asked again soon: the
 * coins of a sale in doubt lie there without a stop. */
static void
test_answers_again(Fixture *f, gconstpointer data)
{
    kw_fake_broker_fail_queries(f->broker, 10); /* the eleventh comes after 303 seconds */
    kw_inquiry_ask(f->inquiry);
    pass(f, 302 * G_USEC_PER_SEC);
    g_assert_cmpint(f->verdict, ==, KW_ORDER_STATE_UNKNOWN);
    pass(f, 8 * G_USEC_PER_SEC);
    g_assert_cmpint(f->verdict, ==, KW_ORDER_STATE_LAPSED);
}

/* Held: nobody is asked, and what was wanted meanwhile is asked once. */
static void
test_held(Fixture *f, gconstpointer data)
{
    guint hold = kw_inquiry_hold(f->inquiry);

    kw_inquiry_ask(f->inquiry);
    kw_inquiry_ask(f->inquiry);
    settle();
    g_assert_cmpuint(kw_fake_broker_get_n_queries(f->broker), ==, 0);
    g_assert_true(kw_inquiry_is_asking(f->inquiry));

    g_assert_true(kw_inquiry_release(f->inquiry, hold));
    settle();
    g_assert_cmpuint(kw_fake_broker_get_n_queries(f->broker), ==, 1);
    g_assert_false(kw_inquiry_is_asking(f->inquiry));

    hold = kw_inquiry_hold(f->inquiry);
    g_assert_true(kw_inquiry_release(f->inquiry, hold));
    settle();
    g_assert_cmpuint(kw_fake_broker_get_n_queries(f->broker), ==, 1);
}

/* A hold that nobody releases ends with a look-up, and a late release is not of the next. */
static void
test_held_too_long(Fixture *f, gconstpointer data)
{
    guint hold = kw_inquiry_hold(f->inquiry);
    guint next;

    pass(f, 14 * G_USEC_PER_SEC);
    g_assert_cmpuint(kw_fake_broker_get_n_queries(f->broker), ==, 0);
    g_assert_true(kw_inquiry_is_held(f->inquiry));
    pass(f, G_USEC_PER_SEC);
    g_assert_cmpuint(kw_fake_broker_get_n_queries(f->broker), ==, 1);
    g_assert_false(kw_inquiry_is_held(f->inquiry));

    next = kw_inquiry_hold(f->inquiry);
    g_assert_false(kw_inquiry_release(f->inquiry, hold));
    g_assert_true(kw_inquiry_is_held(f->inquiry));
    g_assert_true(kw_inquiry_release(f->inquiry, next));
}

/* F47: the wall clock is stepped while an answer is waited for, and while it is looked up. */
static void
test_clock_stepped(Fixture *f, gconstpointer data)
{
    const gint64 step_us = GPOINTER_TO_INT(data) * G_TIME_SPAN_HOUR;
    guint hold;

    kw_inquiry_await_answer(f->inquiry);
    pass(f, 5 * G_USEC_PER_SEC);
    kw_fake_clock_step(f->clock, step_us);
    pass(f, 9 * G_USEC_PER_SEC);
    g_assert_cmpuint(f->n_late, ==, 0);
    pass(f, G_USEC_PER_SEC);
    g_assert_cmpuint(f->n_late, ==, 1);

    hold = kw_inquiry_hold(f->inquiry);
    kw_fake_clock_step(f->clock, step_us);
    pass(f, 14 * G_USEC_PER_SEC);
    g_assert_true(kw_inquiry_is_held(f->inquiry));
    pass(f, G_USEC_PER_SEC);
    g_assert_false(kw_inquiry_release(f->inquiry, hold));
    g_assert_cmpuint(kw_fake_broker_get_n_queries(f->broker), ==, 1);

    kw_fake_clock_step(f->clock, -step_us);
    pass(f, G_USEC_PER_SEC);
    g_assert_cmpuint(kw_fake_broker_get_n_queries(f->broker), ==, 2);
    g_assert_cmpint(f->verdict, ==, KW_ORDER_STATE_LAPSED);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/exec/inquiry/late", Fixture, NULL, set_up, test_late_once, tear_down);
    g_test_add("/exec/inquiry/in-time", Fixture, NULL, set_up, test_answer_in_time, tear_down);
    g_test_add("/exec/inquiry/absent", Fixture, NULL, set_up, test_absence_takes_time,
               tear_down);
    g_test_add("/exec/inquiry/refused", Fixture, NULL, set_up, test_refused_and_absent,
               tear_down);
    g_test_add("/exec/inquiry/known", Fixture, NULL, set_up, test_known_order_is_not_given_up,
               tear_down);
    g_test_add("/exec/inquiry/silent", Fixture, NULL, set_up, test_no_answer_proves_nothing,
               tear_down);
    g_test_add("/exec/inquiry/answers-again", Fixture, NULL, set_up, test_answers_again,
               tear_down);
    g_test_add("/exec/inquiry/held", Fixture, NULL, set_up, test_held, tear_down);
    g_test_add("/exec/inquiry/held-too-long", Fixture, NULL, set_up, test_held_too_long,
               tear_down);
    g_test_add("/exec/inquiry/f47-back", Fixture, GINT_TO_POINTER(-1), set_up,
               test_clock_stepped, tear_down);
    g_test_add("/exec/inquiry/f47-forth", Fixture, GINT_TO_POINTER(1), set_up,
               test_clock_stepped, tear_down);
    g_test_add("/exec/inquiry/slow-venue", Fixture, NULL, set_up, test_slow_venue, tear_down);
    return g_test_run();
}
