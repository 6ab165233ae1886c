/* test-command-venue.c: replies about books and exchange, accepting what differs, a venue that
 * is silent */
#include "kw-command-rig.h"
#include "kw-test.h"

#include <string.h>

static void
add(KwCommandRig *fixture,
    const gchar *code,
    const gchar *subject,
    const gchar *ours,
    const gchar *theirs)
{
    KwVenueView *venue = &fixture->desk->status.venue;
    KwDifferenceView view = {.blocks = strcmp(code, "order_foreign") != 0 &&
                                       strcmp(code, "dust") != 0};

    g_strlcpy(view.code, code, sizeof view.code);
    g_strlcpy(view.subject, subject, sizeof view.subject);
    view.ours = kw_fake_decimal(ours);
    view.theirs = kw_fake_decimal(theirs);
    g_array_append_val(fixture->desk->differences, view);
    venue->n_waiting += view.blocks ? 1 : 0;
    venue->n_harmless += view.blocks ? 0 : 1;
    venue->is_doubtful = venue->is_doubtful || view.blocks;
    g_snprintf(venue->mark, sizeof venue->mark, "mark%u", venue->n_waiting);
}

static void
use_real_money(KwCommandRig *fixture)
{
    fixture->desk->status.mode = KW_MODE_LIVE;
    fixture->desk->status.venue = (KwVenueView){.is_real = TRUE, .read_us = KW_TEST_T0_US};
}

static void
add_all(KwCommandRig *fixture)
{
    use_real_money(fixture);
    add(fixture, "holding_short", "BTC", "0.5", "0.12");
    add(fixture, "cash_short", "EUR", "512.3", "500");
    add(fixture, "unprotected", "BTC/EUR", "0.5", "0");
    add(fixture, "order_missing", "BTC/EUR", "0.5", "0");
    add(fixture, "dust", "SOL/EUR", "0.003", "0");
    add(fixture, "order_foreign", "ETH/EUR", "0", "3");
    fixture->desk->status.venue.n_refused = 2;
    fixture->desk->status.venue.n_replaced = 1;
}

static void
test_venue(KwCommandRig *fixture, gconstpointer data)
{
    (void) data;
    kw_command_rig_check(fixture, KW_INTENT_VENUE, "venue-paper");
    kw_command_rig_check(fixture, KW_INTENT_ACCEPT, "venue-paper");
    use_real_money(fixture);
    kw_command_rig_check(fixture, KW_INTENT_VENUE, "venue-agrees");
    fixture->desk->status.venue.read_us = 0;
    fixture->desk->status.venue.is_doubtful = TRUE;
    kw_command_rig_check(fixture, KW_INTENT_VENUE, "venue-not-read");
    add_all(fixture);
    kw_command_rig_check(fixture, KW_INTENT_VENUE, "venue-differs");
    kw_command_rig_check(fixture, KW_INTENT_STATUS, "status-differs");
    fixture->desk->status.venue.is_broken = TRUE;
    kw_command_rig_check(fixture, KW_INTENT_VENUE, "venue-broken");
    g_assert_cmpuint(fixture->desk->n_actions, ==, 0);
}

/* An order without an answer: the pair waits, and there is nothing to accept. */
static void
test_unknown(KwCommandRig *fixture, gconstpointer data)
{
    KwDifferenceView view = {
        .code = "order_unknown", .subject = "BTC/EUR", .blocks_pair = TRUE};

    (void) data;
    use_real_money(fixture);
    view.ours = kw_fake_decimal("0.5");
    g_array_append_val(fixture->desk->differences, view);
    fixture->desk->status.venue.n_unknown = 1;
    kw_command_rig_check(fixture, KW_INTENT_VENUE, "venue-unknown");
    kw_command_rig_check(fixture, KW_INTENT_STATUS, "status-unknown");
    kw_command_rig_check(fixture, KW_INTENT_ACCEPT, "accept-unknown");
    g_assert_false(fixture->ctx.wants_code);
}

static void
test_accept(KwCommandRig *fixture, gconstpointer data)
{
    (void) data;
    use_real_money(fixture);
    kw_command_rig_check(fixture, KW_INTENT_ACCEPT, "accept-nothing");
    g_assert_false(fixture->ctx.wants_code);
    add_all(fixture);
    kw_command_rig_check(fixture, KW_INTENT_ACCEPT, "accept-asks");
    g_assert_true(fixture->ctx.wants_code);
    g_assert_cmpstr(fixture->ctx.slots.mark, ==, "mark4");
    g_assert_cmpuint(fixture->desk->n_actions, ==, 0);

    fixture->is_confirmed = TRUE;
    g_strlcpy(kw_command_rig_fresh_slots(fixture)->mark, "mark3", KW_SLOTS_WORD_SIZE);
    kw_command_rig_check(fixture, KW_INTENT_ACCEPT, "accept-changed");
    g_assert_cmpuint(fixture->desk->n_actions, ==, 0);
    g_strlcpy(kw_command_rig_fresh_slots(fixture)->mark, "mark4", KW_SLOTS_WORD_SIZE);
    kw_command_rig_check(fixture, KW_INTENT_ACCEPT, "accept-done");
    g_assert_cmpstr(fixture->desk->last_action, ==, "accept");
    fixture->is_confirmed = FALSE;
    kw_command_rig_check(fixture, KW_INTENT_STATUS, "status-accepted");
}

/* A bridge or a stream that says nothing: since when, and what follows from it */
static void
test_silent(KwCommandRig *fixture, gconstpointer data)
{
    KwVenueView *venue = &fixture->desk->status.venue;
    KwHealthView exchange = {.component = "exchange",
                             .since_us = KW_TEST_T0_US - 3 * G_TIME_SPAN_MINUTE,
                             .detail = KW_HEALTH_SILENT};
    KwHealthView *feed = &g_array_index(fixture->desk->health, KwHealthView, 1);
    g_autofree gchar *reply = NULL;

    (void) data;
    g_assert_cmpstr(feed->component, ==, "feed");
    *feed = exchange;
    g_strlcpy(feed->component, "feed", sizeof feed->component);
    g_array_append_val(fixture->desk->health, exchange);
    *venue = (KwVenueView){.is_real = TRUE};
    kw_command_rig_check(fixture, KW_INTENT_HEALTH, "health-silent");
    venue->is_doubtful = venue->has_no_stops = TRUE;
    reply = kw_command_rig_run(fixture, KW_INTENT_HEALTH);
    g_assert_nonnull(strstr(reply, "keine Einstiege, bis sie antwortet"));
    g_assert_null(strstr(reply, "Stops, die dort liegen"));
}

#define ADD(name, func)                                                                        \
    g_test_add("/commands/command-venue/" name, KwCommandRig, NULL, kw_command_rig_set_up,     \
               func, kw_command_rig_tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("compared", test_venue);
    ADD("accept", test_accept);
    ADD("unknown", test_unknown);
    ADD("silent", test_silent);
    return g_test_run();
}
