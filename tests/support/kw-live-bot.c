/* kw-live-bot.c: settings, account and exchange of a live bot, and what is asked of them */
#include "kw-live-bot.h"

#include "kw-test.h"

#include <string.h>

#define T0_US KW_LIVE_BOT_T0_US
#define ANSWERS_LAST_US 100000 /* real time, in a second of the clock */

/* Buys with every candle, and sells by its stop alone; or the other way. */
static const gchar holder[] =
    "return { name = 'holder', timeframe = '1m', startup_candles = 10, stoploss = -0.05,\n"
    "  minimal_roi = { [0] = 10.0 },\n"
    "  indicators = function(c, p) return { fast = ema(c.close, 2) } end,\n"
    "  entry = function(c, i) return above(i.fast, 0) end,\n"
    "  exit = function(c, i) return below(i.fast, 0) end }\n";

static void
write_file(KwLiveBot *f, const gchar *name, const gchar *text)
{
    g_autofree gchar *path = g_build_filename(f->folder, name, NULL);

    g_assert_true(
        g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

static void
load_settings(KwLiveBot *f)
{
    g_autofree gchar *config = g_build_filename(f->folder, "kurswart.conf", NULL);
    g_autoptr(GPtrArray) problems = kw_config_problems_new();
    g_autoptr(KwSecret) secret = kw_fake_kraken_make_secret();
    KwSettingsPaths paths = {config, KW_SETTINGS_NO_FILE, f->root};
    g_autofree gchar *text =
        g_strdup_printf("[bot]\nmode = live\n[feed]\nkind = kraken\n"
                        "[kraken]\nrest_url = %s\nws_url = %s\nws_auth_url = %s\nca_file = %s\n"
                        "[secrets]\ndir = %s\n"
                        "[trading]\npairs = BTC/EUR\nstake_currency = EUR\ntimeframe = 1m\n"
                        "stake_amount = 50\nstarting_capital = 500\n"
                        "strategy = %s/holder.lua\n[chat]\nadmin_socket = %s/admin.sock\n",
                        kw_fake_kraken_get_rest(f->fake), kw_fake_kraken_get_ws(f->fake),
                        kw_fake_kraken_get_ws_auth(f->fake),
                        kw_fake_kraken_get_ca_file(f->fake), f->folder, f->folder, f->folder);

    write_file(f, "holder.lua", holder);
    write_file(f, "kraken-key", KW_FAKE_KRAKEN_KEY);
    write_file(f, "kraken-secret", kw_secret_get_bytes(secret, NULL));
    write_file(f, "kurswart.conf", text);
    f->settings = kw_settings_load(&paths, NULL, NULL, problems);
    g_assert_cmpuint(problems->len, ==, 0);
}

static void
on_event(KwEngine *engine, const KwEvent *event, KwLiveBot *f)
{
    g_ptr_array_add(f->events, g_memdup2(event, sizeof *event));
}

static void
use_real_money(KwLiveBot *f, KwRigOptions *options)
{
    g_autoptr(GError) error = NULL;

    g_assert_true(kw_kraken_access_probe(&f->live.access, &error));
    g_assert_cmpint(f->live.access.info.flags & KW_KRAKEN_KEY_FATAL, ==, 0);
    g_assert_true(
        kw_live_source_open_broker(&f->live, f->settings, KW_CLOCK(f->clock), &error));
    options->exchange = KW_BROKER(f->live.broker);
    options->venue = &f->settings->venue;
}

void
kw_live_bot_open_bot(KwLiveBot *f)
{
    const gchar *const names[] = {"BTC/EUR", NULL};
    KwRigOptions options = {.settings = f->settings, .seed = 1, .pace = 1};
    g_autoptr(GError) error = NULL;

    g_assert_cmpint(g_mkdir_with_parents(f->root, 0700), ==, 0);
    (void) kw_live_source_open(&f->live, f->settings, names, KW_CLOCK(f->clock), &error);
    g_assert_no_error(error);
    if (f->settings->book.mode == KW_MODE_LIVE)
        use_real_money(f, &options);
    f->rig = kw_rig_new_live(KW_CLOCK(f->clock), KW_FEED(f->live.feed), &options, &error);
    g_assert_no_error(error);
    g_signal_connect(kw_bot_get_engine(f->rig->bot), "event", G_CALLBACK(on_event), f);
    kw_bot_start(f->rig->bot);
    if (options.exchange != NULL)
        f->watch =
            kw_live_watch_new(&(KwLiveWatchOptions){.live = &f->live,
                                                    .names = names,
                                                    .settings = f->settings,
                                                    .clock = KW_CLOCK(f->clock),
                                                    .engine = kw_bot_get_engine(f->rig->bot),
                                                    .probation = &f->probation});
}

static void
on_flushed(GObject *source, GAsyncResult *result, gpointer user_data)
{
    (void) kw_journal_append_finish(KW_JOURNAL(source), result, NULL);
    *(gboolean *) user_data = TRUE;
}

/* What is being written comes back to the order manager. */
static void
flush(KwLiveBot *f)
{
    g_autoptr(KwBatch) batch = kw_batch_new();
    gboolean is_done = FALSE;

    kw_batch_add_meta(batch, "test", "closed", 0);
    kw_journal_append_async(kw_engine_get_journal(kw_bot_get_engine(f->rig->bot)),
                            g_steal_pointer(&batch), NULL, on_flushed, &is_done);
    while (!is_done)
        (void) g_main_context_iteration(NULL, TRUE);
}

/* Answers that are on their way would find nobody; a process just ends. */
void
kw_live_bot_close_bot(KwLiveBot *f)
{
    gint64 until_us = kw_stopwatch_us() + 20 * G_USEC_PER_SEC;

    while (kw_kraken_get_n_waiting(f->live.access.kraken) > 0 && kw_stopwatch_us() < until_us)
        (void) g_main_context_iteration(NULL, FALSE);
    flush(f);
    flush(f); /* what came of the first */
    g_clear_pointer(&f->watch, kw_live_watch_free);
    g_clear_pointer(&f->rig, kw_rig_free);
    kw_live_source_clear(&f->live);
    f->live = (KwLiveSource){0};
}

static void
on_stopped(GObject *source, GAsyncResult *result, gpointer user_data)
{
    kw_engine_stop_finish(KW_ENGINE(source), result);
    *(gboolean *) user_data = TRUE;
}

static gboolean
is_set(gpointer user_data)
{
    return *(gboolean *) user_data;
}

void
kw_live_bot_end_bot(KwLiveBot *f)
{
    gboolean is_over = FALSE;

    kw_engine_stop_async(kw_bot_get_engine(f->rig->bot), on_stopped, &is_over);
    kw_fake_kraken_wait(is_set, &is_over, "the end");
    kw_live_bot_close_bot(f);
}

void
kw_live_bot_set_up(KwLiveBot *f, gconstpointer data)
{
    f->folder = kw_test_tmp_dir_new();
    f->root = g_build_filename(f->folder, "root", NULL);
    f->events = g_ptr_array_new_with_free_func(g_free);
    f->fake = kw_fake_kraken_new(T0_US);
    f->clock = kw_fake_clock_new(T0_US);
    kw_fake_kraken_tell(f->fake, "walk",
                        "{\"pair\":\"XBTEUR\",\"price\":58000,\"per_minute\":12,"
                        "\"step\":0.0001,\"history_s\":7200}");
    load_settings(f);
    kw_live_bot_open_bot(f);
}

void
kw_live_bot_tear_down(KwLiveBot *f, gconstpointer data)
{
    kw_live_bot_end_bot(f);
    kw_settings_free(f->settings);
    g_clear_object(&f->clock);
    kw_fake_kraken_free(f->fake);
    g_ptr_array_unref(f->events);
    g_free(f->root);
    kw_test_tmp_dir_free(f->folder);
}

/* Whether the clock would run ahead of the disk, or of the exchange, which answers soon after
 * @since_us of real time or never */
static gboolean
is_owed(KwLiveBot *f, gint64 since_us)
{
    if (f->rig == NULL) /* between two processes */
        return FALSE;
    return kw_store_owes_answer(f->rig->store) ||
           (kw_kraken_get_n_waiting(f->live.access.kraken) > 0 &&
            kw_stopwatch_us() - since_us < ANSWERS_LAST_US);
}

static void
await_answers(KwLiveBot *f)
{
    gint64 since_us = kw_stopwatch_us();

    while (is_owed(f, since_us)) {
        if (!g_main_context_iteration(NULL, FALSE))
            g_usleep(200);
    }
}

void
kw_live_bot_pass_seconds(KwLiveBot *f, guint seconds)
{
    for (guint i = 0; i < seconds; i++) {
        kw_fake_kraken_pass_second(f->fake, f->clock, 6000);
        await_answers(f);
    }
}

/* The owner's word, which the first start with real money waits for */
void
kw_live_bot_say_start(KwLiveBot *f)
{
    KwControlResult result;

    kw_control_start(kw_engine_get_control(kw_bot_get_engine(f->rig->bot)), "test", &result);
    g_assert_true(result.is_changed);
}

KwBook *
kw_live_bot_book_of(KwLiveBot *f)
{
    return kw_engine_get_book(kw_bot_get_engine(f->rig->bot));
}

guint
kw_live_bot_count_events(KwLiveBot *f, KwEventKind kind)
{
    guint n = 0;

    for (guint i = 0; i < f->events->len; i++)
        n += ((const KwEvent *) f->events->pdata[i])->kind == kind;
    return n;
}

gboolean
kw_live_bot_is_of(JsonObject *order, const gchar *status, const gchar *type)
{
    JsonObject *terms = json_object_get_object_member(order, "descr");
    const gchar *found = json_object_get_string_member(terms, "ordertype");

    return (status == NULL ||
            strcmp(json_object_get_string_member(order, "status"), status) == 0) &&
           (type == NULL || strcmp(found, type) == 0);
}

/* Orders that the exchange has, of @status and @type; NULL: any */
guint
kw_live_bot_count_orders(KwLiveBot *f, const gchar *status, const gchar *type)
{
    g_autoptr(JsonNode) truth = kw_fake_kraken_steer(f->fake, "truth", NULL);
    JsonArray *orders = json_object_get_array_member(json_node_get_object(truth), "orders");
    guint n = 0;

    for (guint i = 0; i < json_array_get_length(orders); i++)
        n += kw_live_bot_is_of(json_array_get_object_element(orders, i), status, type);
    return n;
}

gboolean
kw_live_bot_is_doubtful(KwLiveBot *f)
{
    return kw_live_bot_book_of(f)->is_venue_doubtful;
}

/* Until the exchange has @n orders of @type; three minutes are a failure */
void
kw_live_bot_pass_until_orders(KwLiveBot *f, const gchar *type, guint n)
{
    for (guint i = 0; i < 180 && kw_live_bot_count_orders(f, NULL, type) < n; i++)
        kw_live_bot_pass_seconds(f, 1);
    g_assert_cmpuint(kw_live_bot_count_orders(f, NULL, type), ==, n);
}

/* One trade of 50 EUR, with its stop at the exchange */
const KwTrade *
kw_live_bot_buy_one(KwLiveBot *f)
{
    kw_live_bot_say_start(f);
    kw_live_bot_pass_until_orders(f, "stop-loss", 1);
    g_assert_cmpuint(kw_portfolio_get_n_open(kw_live_bot_book_of(f)->portfolio), ==, 1);
    return kw_portfolio_get_open(kw_live_bot_book_of(f)->portfolio, 0);
}

void
kw_live_bot_trade_at(KwLiveBot *f, gdouble price, const gchar *amount)
{
    kw_fake_kraken_tell(f->fake, "trade",
                        "{\"pair\":\"XBTEUR\",\"price\":\"%.1f\",\"amount\":\"%s\","
                        "\"side\":\"s\"}",
                        price, amount);
}

/* Somebody sells so deep that all stops above @price are reached. */
void
kw_live_bot_sell_down_to(KwLiveBot *f, guint price)
{
    for (guint i = 0; i < 3; i++) {
        kw_live_bot_trade_at(f, price, "1");
        kw_live_bot_pass_seconds(f, 1);
    }
}
