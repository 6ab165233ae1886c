/* test-live-bridge.c: the whole bot with a MetaTrader account at the fake bridge: F89 as F03,
 * and what every venue has to do
 *
 * Clock and bridge are moved together; what the account holds is compared with the books. */
#include "kw-fake-mt5.h"
#include "kw-live-watch.h"
#include "kw-rig.h"
#include "kw-test.h"

#include <string.h>

#define T0_US (KW_TEST_T0_US / G_TIME_SPAN_MINUTE * G_TIME_SPAN_MINUTE)

/* Buys with every candle, sells by its stop alone */
static const gchar holder[] =
    "return { name = 'holder', timeframe = '1m', startup_candles = 10, stoploss = -0.05,\n"
    "  minimal_roi = { [0] = 10.0 },\n"
    "  indicators = function(c, p) return { fast = ema(c.close, 2) } end,\n"
    "  entry = function(c, i) return above(i.fast, 0) end,\n"
    "  exit = function(c, i) return below(i.fast, 0) end }\n";

static const gchar *const names[] = {"BTC/USD", NULL};

typedef struct {
    gchar *folder, *root;
    KwFakeMt5 *fake;
    KwFakeClock *clock;
    KwSettings *settings;
    KwLiveSource live;
    KwRig *rig;
    KwLiveWatch *watch;
    KwProbation probation;
    GPtrArray *events; /* KwEvent */
} Fixture;

static void
write_file(Fixture *f, const gchar *name, const gchar *text)
{
    g_autofree gchar *path = g_build_filename(f->folder, name, NULL);

    g_assert_true(
        g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

static void
load_settings(Fixture *f)
{
    g_autofree gchar *config = g_build_filename(f->folder, "kurswart.conf", NULL);
    g_autoptr(GPtrArray) problems = kw_config_problems_new();
    KwSettingsPaths paths = {config, KW_SETTINGS_NO_FILE, f->root};
    g_autofree gchar *text =
        g_strdup_printf("[bot]\nmode = live\n[feed]\nkind = mt5\n[mt5]\nurl = %s\n"
                        "symbols = BTC/USD=BTCUSD\n[secrets]\ndir = %s\n"
                        "[trading]\npairs = BTC/USD\nstake_currency = USD\ntimeframe = 1m\n"
                        "stake_amount = 700\nstarting_capital = 5000\n"
                        "strategy = %s/holder.lua\n[chat]\nadmin_socket = %s/admin.sock\n",
                        kw_fake_mt5_get_url(f->fake), f->folder, f->folder, f->folder);

    write_file(f, "holder.lua", holder);
    write_file(f, "mt5-token", KW_FAKE_MT5_TOKEN);
    write_file(f, "kurswart.conf", text);
    f->settings = kw_settings_load(&paths, NULL, NULL, problems);
    g_assert_cmpuint(problems->len, ==, 0);
}

static void
on_event(KwEngine *engine, const KwEvent *event, Fixture *f)
{
    g_ptr_array_add(f->events, g_memdup2(event, sizeof *event));
}

static void
open_bot(Fixture *f)
{
    KwRigOptions options = {.settings = f->settings, .seed = 1, .pace = 1};
    g_autoptr(GError) error = NULL;

    g_assert_cmpint(g_mkdir_with_parents(f->root, 0700), ==, 0);
    (void) kw_live_source_open(&f->live, f->settings, names, KW_CLOCK(f->clock), &error);
    g_assert_no_error(error);
    (void) kw_live_source_open_broker(&f->live, f->settings, KW_CLOCK(f->clock), &error);
    g_assert_no_error(error);
    options.exchange = kw_live_source_get_broker(&f->live);
    options.venue = &f->settings->venue;
    f->rig = kw_rig_new_live(KW_CLOCK(f->clock), kw_live_source_get_feed(&f->live), &options,
                             &error);
    g_assert_no_error(error);
    g_signal_connect(kw_bot_get_engine(f->rig->bot), "event", G_CALLBACK(on_event), f);
    kw_bot_start(f->rig->bot);
    f->watch = kw_live_watch_new(&(KwLiveWatchOptions){.live = &f->live,
                                                       .names = names,
                                                       .settings = f->settings,
                                                       .clock = KW_CLOCK(f->clock),
                                                       .engine = kw_bot_get_engine(f->rig->bot),
                                                       .probation = &f->probation});
}

static void
pass_ms(guint ms)
{
    gint64 until_us = kw_stopwatch_us() + ms * G_TIME_SPAN_MILLISECOND;

    while (kw_stopwatch_us() < until_us)
        (void) g_main_context_iteration(NULL, FALSE);
}

/* The clock does not run ahead of the disk. */
static void
pass_seconds(Fixture *f, guint seconds)
{
    for (guint i = 0; i < seconds; i++) {
        kw_fake_clock_advance(f->clock, G_USEC_PER_SEC);
        kw_fake_mt5_set_time(f->fake, kw_clock_now_us(KW_CLOCK(f->clock)));
        pass_ms(8);
        while (f->rig != NULL && kw_store_owes_answer(f->rig->store)) {
            if (!g_main_context_iteration(NULL, FALSE))
                g_usleep(200);
        }
    }
}

static void
on_stopped(GObject *source, GAsyncResult *result, gpointer user_data)
{
    kw_engine_stop_finish(KW_ENGINE(source), result);
    *(gboolean *) user_data = TRUE;
}

static void
end_bot(Fixture *f)
{
    gint64 until_us = kw_stopwatch_us() + 20 * G_USEC_PER_SEC;
    gboolean is_over = FALSE;

    kw_engine_stop_async(kw_bot_get_engine(f->rig->bot), on_stopped, &is_over);
    while (!is_over && kw_stopwatch_us() < until_us)
        (void) g_main_context_iteration(NULL, FALSE);
    g_assert_true(is_over);
    pass_ms(100); /* answers that are on their way would find nobody */
    g_clear_pointer(&f->watch, kw_live_watch_free);
    g_clear_pointer(&f->rig, kw_rig_free);
    kw_live_source_clear(&f->live);
    f->live = (KwLiveSource){0};
    pass_ms(20);
}

static void
set_up(Fixture *f, gconstpointer is_hedging)
{
    f->folder = kw_test_tmp_dir_new();
    f->root = g_build_filename(f->folder, "root", NULL);
    f->events = g_ptr_array_new_with_free_func(g_free);
    f->fake = kw_fake_mt5_new(is_hedging != NULL, T0_US);
    f->clock = kw_fake_clock_new(T0_US);
    load_settings(f);
    open_bot(f);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    end_bot(f);
    kw_settings_free(f->settings);
    g_clear_object(&f->clock);
    kw_fake_mt5_free(f->fake);
    g_ptr_array_unref(f->events);
    g_free(f->root);
    kw_test_tmp_dir_free(f->folder);
}

/* -- questions -- */

static KwBook *
book_of(Fixture *f)
{
    return kw_engine_get_book(kw_bot_get_engine(f->rig->bot));
}

static guint
count_open(Fixture *f)
{
    return kw_portfolio_get_n_open(book_of(f)->portfolio);
}

static guint
count_events(Fixture *f, KwEventKind kind)
{
    guint n = 0;

    for (guint i = 0; i < f->events->len; i++)
        n += ((const KwEvent *) f->events->pdata[i])->kind == kind;
    return n;
}

static gboolean
was_told(Fixture *f, const gchar *text)
{
    for (guint i = 0; i < f->events->len; i++)
        if (strcmp(((const KwEvent *) f->events->pdata[i])->text, text) == 0)
            return TRUE;
    return FALSE;
}

static gdouble
get_volume(Fixture *f)
{
    return kw_fake_mt5_get_volume(f->fake, "BTCUSD");
}

static KwControl *
control_of(Fixture *f)
{
    return kw_engine_get_control(kw_bot_get_engine(f->rig->bot));
}

static void
say_start(Fixture *f)
{
    KwControlResult result;

    kw_control_start(control_of(f), "test", &result);
    g_assert_true(result.is_changed);
}

static void
say_stop(Fixture *f)
{
    kw_control_stop(control_of(f), "test", 0, &(KwControlResult){0});
}

static gboolean
has_position(Fixture *f)
{
    return count_open(f) == 1 &&
           kw_portfolio_get_open(book_of(f)->portfolio, 0)->state == KW_TRADE_STATE_OPEN;
}

/* Until the books have a trade with all that belongs to it */
static void
pass_until_open(Fixture *f)
{
    for (guint i = 0; i < 400 && !has_position(f); i++)
        pass_seconds(f, 1);
    g_assert_true(has_position(f));
    pass_seconds(f, 20);
}

static gboolean
has_no_stops(Fixture *f)
{
    KwStatusView status;

    kw_query_get_status(kw_engine_get_query(kw_bot_get_engine(f->rig->bot)), &status);
    return status.venue.has_no_stops;
}

/* What is told as the target of an entry can be ordered. */
static void
assert_target_on_tick(Fixture *f)
{
    for (guint i = 0; i < f->events->len; i++) {
        const KwEvent *event = f->events->pdata[i];

        if (event->kind == KW_EVENT_ENTRY)
            g_assert_cmpuint(kw_decimal_trim(event->amount).scale, <=, 2);
    }
}

/* -- tests -- */

/* Paused at first; then bought once, seen, protected, and books and account agree. */
static void
test_entry(Fixture *f, gconstpointer data)
{
    pass_seconds(f, 130);
    g_assert_cmpint(book_of(f)->state, ==, KW_RUN_STATE_PAUSED);
    g_assert_false(book_of(f)->is_venue_doubtful);
    g_assert_cmpuint(kw_fake_mt5_count_orders(f->fake), ==, 0);
    say_start(f);
    pass_until_open(f);
    g_assert_cmpfloat(get_volume(f), ==, 0.01);
    g_assert_cmpuint(kw_fake_mt5_count_orders(f->fake), ==, 2); /* and its stop */
    pass_seconds(f, 90);
    g_assert_cmpuint(kw_fake_mt5_count_orders(f->fake), ==, 2);
    g_assert_cmpuint(count_events(f, KW_EVENT_ENTRY), ==, 1);
    assert_target_on_tick(f);
    g_assert_false(has_no_stops(f));
    g_assert_cmpuint(count_events(f, KW_EVENT_VENUE), ==, 0);
    g_assert_false(book_of(f)->is_venue_doubtful);
    g_assert_true(kw_portfolio_check(book_of(f)->portfolio, NULL));
}

/* The stop at the server sells; the books follow. */
static void
test_stop_sells(Fixture *f, gconstpointer data)
{
    say_start(f);
    pass_until_open(f);
    say_stop(f);
    kw_fake_mt5_set_price(f->fake, "BTCUSD", 56000);
    pass_seconds(f, 30);
    g_assert_cmpuint(count_open(f), ==, 0);
    g_assert_cmpuint(count_events(f, KW_EVENT_STOP_HIT), ==, 1);
    g_assert_cmpfloat(get_volume(f), ==, 0);
    g_assert_cmpuint(kw_fake_mt5_count_orders(f->fake), ==, 2);
    g_assert_true(kw_portfolio_check(book_of(f)->portfolio, NULL));
    pass_seconds(f, 90);
    g_assert_false(book_of(f)->is_venue_doubtful);
}

/* No stop can wait at an account that hedges: the bot sells itself, by the position's id, and
 * nothing is opened by that. */
static void
test_hedging(Fixture *f, gconstpointer data)
{
    say_start(f);
    pass_until_open(f);
    g_assert_cmpuint(kw_fake_mt5_count_orders(f->fake), ==, 1);
    g_assert_false(book_of(f)->is_venue_doubtful);
    g_assert_true(has_no_stops(f));
    say_stop(f);
    kw_fake_mt5_set_price(f->fake, "BTCUSD", 56000);
    pass_seconds(f, 30);
    g_assert_cmpuint(count_open(f), ==, 0);
    g_assert_cmpuint(kw_fake_mt5_count_positions(f->fake), ==, 0);
    g_assert_cmpuint(kw_fake_mt5_count_orders(f->fake), ==, 2);
    g_assert_true(kw_portfolio_check(book_of(f)->portfolio, NULL));
}

/* F12: closed by hand at the terminal: believed by nobody but told, and no entry follows. */
static void
test_closed_by_hand(Fixture *f, gconstpointer data)
{
    say_start(f);
    pass_until_open(f);
    kw_fake_mt5_drop_positions(f->fake);
    pass_seconds(f, 150);
    g_assert_true(book_of(f)->is_venue_doubtful);
    g_assert_cmpuint(count_events(f, KW_EVENT_VENUE), ==, 1);
    g_assert_cmpuint(count_open(f), ==, 1);
}

typedef struct {
    const gchar *name;
    KwFakeMt5Fault fault;
    gint number;
    gboolean is_done; /* carried out in spite of it */
} Doubt;

static const Doubt doubts[] = {
    {"f03-lost-answer", KW_FAKE_MT5_DROP_AFTER, 0, TRUE},
    {"f89-disconnected-after", KW_FAKE_MT5_CODE_AFTER, -11, TRUE},
    {"f89-disconnected-before", KW_FAKE_MT5_CODE_BEFORE, -11, FALSE},
    {"f16-bad-gateway-after", KW_FAKE_MT5_STATUS_AFTER, 502, TRUE},
    {"timed-out", KW_FAKE_MT5_CODE_AFTER, 10012, TRUE},
    {"requote", KW_FAKE_MT5_CODE_BEFORE, 10004, FALSE},
    {"not-delivered", KW_FAKE_MT5_CODE_BEFORE, -10, FALSE},
    {"no-money", KW_FAKE_MT5_CODE_BEFORE, 10019, FALSE},
};

/* Whatever the answer was: the order is looked up, never sent again blindly, and in the end the
 * books have what the account has: one position. */
static void
run_doubt(Fixture *f, const Doubt *doubt)
{
    kw_fake_mt5_fail(f->fake, doubt->fault, doubt->number);
    say_start(f);
    for (guint i = 0; i < 130 && kw_fake_mt5_count_trades(f->fake) == 0; i++)
        pass_seconds(f, 1);
    g_assert_cmpuint(kw_fake_mt5_count_trades(f->fake), ==, 1);
    g_assert_cmpfloat(get_volume(f), ==, doubt->is_done ? 0.01 : 0);
    if (doubt->is_done)
        say_stop(f); /* nothing else is bought: what comes into the books is this one */
    pass_until_open(f);
    g_assert_cmpfloat(get_volume(f), ==, 0.01);
    pass_seconds(f, 90);
    g_assert_cmpuint(kw_fake_mt5_count_orders(f->fake), ==, 2); /* purchase and stop */
    g_assert_cmpuint(count_open(f), ==, 1);
    g_assert_false(book_of(f)->is_venue_doubtful);
    g_assert_true(kw_portfolio_check(book_of(f)->portfolio, NULL));
}

static void
test_doubt(gconstpointer data)
{
    Fixture f = {0};

    set_up(&f, NULL);
    run_doubt(&f, data);
    tear_down(&f, NULL);
}

/* The bridge has the order for minutes, and nobody waits for it any more, when it is carried
 * out: it is ours all the same, once, and has its stop. */
static void
test_late(Fixture *f, gconstpointer data)
{
    kw_fake_mt5_fail(f->fake, KW_FAKE_MT5_LATE, 0);
    say_start(f);
    for (guint i = 0; i < 130 && kw_fake_mt5_count_trades(f->fake) == 0; i++)
        pass_seconds(f, 1);
    pass_seconds(f, 200);
    g_assert_cmpuint(kw_fake_mt5_count_trades(f->fake), ==, 1);
    say_stop(f);
    kw_fake_mt5_release(f->fake);
    pass_until_open(f);
    pass_seconds(f, 90);
    g_assert_cmpfloat(get_volume(f), ==, 0.01);
    g_assert_cmpuint(kw_fake_mt5_count_orders(f->fake), ==, 2); /* purchase and stop */
    g_assert_false(book_of(f)->is_venue_doubtful);
    g_assert_true(kw_portfolio_check(book_of(f)->portfolio, NULL));
}

/* The process ends and starts: the trade is the same, nothing is bought or placed again. */
static void
test_restart(Fixture *f, gconstpointer data)
{
    gint64 trade_id;
    guint n_orders;

    say_start(f);
    pass_until_open(f);
    trade_id = kw_portfolio_get_open(book_of(f)->portfolio, 0)->id;
    n_orders = kw_fake_mt5_count_orders(f->fake);
    end_bot(f);
    pass_seconds(f, 20);
    open_bot(f);
    g_assert_true(book_of(f)->is_venue_doubtful);
    pass_seconds(f, 90);
    g_assert_false(book_of(f)->is_venue_doubtful);
    g_assert_cmpuint(count_open(f), ==, 1);
    g_assert_cmpint(kw_portfolio_get_open(book_of(f)->portfolio, 0)->id, ==, trade_id);
    g_assert_cmpuint(kw_fake_mt5_count_orders(f->fake), ==, n_orders);
}

/* (transfer none): what the desk says of @component; @list: owns it */
static const KwHealthView *
find_health(Fixture *f, const gchar *component, GArray **list)
{
    g_clear_pointer(list, g_array_unref);
    *list = kw_query_list_health(kw_engine_get_query(kw_bot_get_engine(f->rig->bot)));
    for (guint i = 0; i < (*list)->len; i++) {
        const KwHealthView *view = &g_array_index(*list, KwHealthView, i);

        if (strcmp(view->component, component) == 0)
            return view;
    }
    g_assert_not_reached();
}

/* A bridge that is frozen is no bridge in order: since when, for prices and for the account. */
static void
test_frozen(Fixture *f, gconstpointer data)
{
    g_autoptr(GArray) list = NULL;
    const KwHealthView *part;
    gint64 frozen_us;

    pass_seconds(f, 130);
    g_assert_true(find_health(f, "feed", &list)->is_ok);
    g_assert_true(find_health(f, "exchange", &list)->is_ok);
    kw_fake_mt5_hold_lists(f->fake);
    frozen_us = kw_clock_now_us(KW_CLOCK(f->clock));
    pass_seconds(f, 70);
    part = find_health(f, "feed", &list);
    g_assert_false(part->is_ok);
    g_assert_cmpstr(part->detail, ==, KW_HEALTH_SILENT);
    g_assert_cmpint(ABS(part->since_us - frozen_us), <, 10 * G_USEC_PER_SEC);
    pass_seconds(f, 90);
    part = find_health(f, "exchange", &list);
    g_assert_false(part->is_ok);
    g_assert_cmpstr(part->detail, ==, KW_HEALTH_SILENT);
    g_assert_cmpint(ABS(part->since_us - frozen_us), <, 70 * G_USEC_PER_SEC);
    kw_fake_mt5_release(f->fake);
    pass_seconds(f, 130);
    g_assert_true(find_health(f, "feed", &list)->is_ok);
    g_assert_true(find_health(f, "exchange", &list)->is_ok);
}

static void
test_token_refused(Fixture *f, gconstpointer data)
{
    pass_seconds(f, 20);
    kw_fake_mt5_revoke(f->fake);
    pass_seconds(f, 10);
    g_assert_true(was_told(f, "token_refused"));
    g_assert_true(book_of(f)->is_venue_doubtful);
}

/* A lot is ten coins now: an order as before would be ten times as large. */
static void
test_symbol_changed(Fixture *f, gconstpointer data)
{
    pass_seconds(f, 20);
    kw_fake_mt5_set_contract(f->fake, "BTCUSD", 10);
    kw_fake_clock_advance(f->clock, G_TIME_SPAN_HOUR);
    pass_seconds(f, 10);
    g_assert_true(was_told(f, "symbol_changed"));
    say_start(f);
    pass_seconds(f, 130);
    g_assert_cmpuint(kw_fake_mt5_count_orders(f->fake), ==, 0);
}

#define HEDGING GINT_TO_POINTER(1)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    kw_test_quiet_log();

#define ADD(name, data, func)                                                                  \
    g_test_add("/loop/live-bridge/" name, Fixture, data, set_up, func, tear_down)
    ADD("entry", NULL, test_entry);
    ADD("stop-sells", NULL, test_stop_sells);
    ADD("hedging", HEDGING, test_hedging);
    ADD("f12-closed-by-hand", NULL, test_closed_by_hand);
    ADD("f12-closed-by-hand-hedging", HEDGING, test_closed_by_hand);
    for (gsize i = 0; i < G_N_ELEMENTS(doubts); i++) {
        g_autofree gchar *path = g_strconcat("/loop/live-bridge/", doubts[i].name, NULL);

        g_test_add_data_func(path, &doubts[i], test_doubt);
    }
    ADD("late", NULL, test_late);
    ADD("restart", NULL, test_restart);
    ADD("frozen", NULL, test_frozen);
    ADD("f22-token-refused", NULL, test_token_refused);
    ADD("symbol-changed", NULL, test_symbol_changed);
#undef ADD

    return g_test_run();
}
