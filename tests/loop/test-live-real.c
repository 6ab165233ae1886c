/* test-live-real.c: the whole bot with an account at the fake Kraken: real orders, as far as it
 * can tell
 *
 * Clock and exchange are moved together. The truth of the exchange is compared with the books.
 */
#include "kw-fake-kraken.h"
#include "kw-live-source.h"
#include "kw-rig.h"
#include "kw-test.h"

#include <sqlite3.h>
#include <string.h>

#define MINUTE_US (G_GINT64_CONSTANT(60) * G_USEC_PER_SEC)
#define T0_US (KW_TEST_T0_US / MINUTE_US * MINUTE_US)

/* Buys with every candle, and sells by its stop alone; or the other way. */
static const gchar holder[] =
    "return { name = 'holder', timeframe = '1m', startup_candles = 10, stoploss = -0.05,\n"
    "  minimal_roi = { [0] = 10.0 },\n"
    "  indicators = function(c, p) return { fast = ema(c.close, 2) } end,\n"
    "  entry = function(c, i) return above(i.fast, 0) end,\n"
    "  exit = function(c, i) return below(i.fast, 0) end }\n";

typedef struct {
    gchar *folder, *root;
    KwFakeKraken *fake;
    KwFakeClock *clock;
    KwSettings *settings;
    KwLiveSource live;
    KwRig *rig;
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
on_event(KwEngine *engine, const KwEvent *event, Fixture *f)
{
    g_ptr_array_add(f->events, g_memdup2(event, sizeof *event));
}

static void
open_bot(Fixture *f)
{
    const gchar *const names[] = {"BTC/EUR", NULL};
    KwRigOptions options = {.settings = f->settings, .seed = 1, .pace = 1};
    g_autoptr(GError) error = NULL;

    g_assert_cmpint(g_mkdir_with_parents(f->root, 0700), ==, 0);
    (void) kw_live_source_open(&f->live, f->settings, names, KW_CLOCK(f->clock), &error);
    g_assert_no_error(error);
    g_assert_true(kw_kraken_access_probe(&f->live.access, &error));
    g_assert_cmpint(f->live.access.info.flags & KW_KRAKEN_KEY_FATAL, ==, 0);
    g_assert_true(
        kw_live_source_open_broker(&f->live, f->settings, KW_CLOCK(f->clock), &error));
    options.exchange = KW_BROKER(f->live.broker);
    options.venue = &f->settings->venue;
    f->rig = kw_rig_new_live(KW_CLOCK(f->clock), KW_FEED(f->live.feed), &options, &error);
    g_assert_no_error(error);
    g_signal_connect(kw_bot_get_engine(f->rig->bot), "event", G_CALLBACK(on_event), f);
    kw_bot_start(f->rig->bot);
}

static void
close_bot(Fixture *f)
{
    g_clear_pointer(&f->rig, kw_rig_free);
    kw_live_source_clear(&f->live);
    f->live = (KwLiveSource){0};
}

static void
set_up(Fixture *f, gconstpointer data)
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
    open_bot(f);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    close_bot(f);
    kw_settings_free(f->settings);
    g_clear_object(&f->clock);
    kw_fake_kraken_free(f->fake);
    g_ptr_array_unref(f->events);
    g_free(f->root);
    kw_test_tmp_dir_free(f->folder);
}

static void
pass_seconds(Fixture *f, guint seconds)
{
    for (guint i = 0; i < seconds; i++) {
        gint64 until_us = kw_stopwatch_us() + 6000;

        kw_fake_kraken_advance(f->fake, f->clock, 1);
        while (kw_stopwatch_us() < until_us)
            (void) g_main_context_iteration(NULL, FALSE);
    }
}

/* The owner's word, which the first start with real money waits for */
static void
say_start(Fixture *f)
{
    KwControlResult result;

    kw_control_start(kw_engine_get_control(kw_bot_get_engine(f->rig->bot)), "test", &result);
    g_assert_true(result.is_changed);
}

static KwBook *
book_of(Fixture *f)
{
    return kw_engine_get_book(kw_bot_get_engine(f->rig->bot));
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
is_of(JsonObject *order, const gchar *status, const gchar *type)
{
    JsonObject *terms = json_object_get_object_member(order, "descr");
    const gchar *found = json_object_get_string_member(terms, "ordertype");

    return (status == NULL ||
            strcmp(json_object_get_string_member(order, "status"), status) == 0) &&
           (type == NULL || strcmp(found, type) == 0);
}

/* Orders that the exchange has, of @status and @type; NULL: any */
static guint
count_orders(Fixture *f, const gchar *status, const gchar *type)
{
    g_autoptr(JsonNode) truth = kw_fake_kraken_steer(f->fake, "truth", NULL);
    JsonArray *orders = json_object_get_array_member(json_node_get_object(truth), "orders");
    guint n = 0;

    for (guint i = 0; i < json_array_get_length(orders); i++)
        n += is_of(json_array_get_object_element(orders, i), status, type);
    return n;
}

/* Nothing is bought before the owner has said so; then once, and the books have what the
 * exchange has. */
static void
test_entry(Fixture *f, gconstpointer data)
{
    const KwTrade *trade;

    pass_seconds(f, 130);
    g_assert_cmpint(book_of(f)->state, ==, KW_RUN_STATE_PAUSED);
    g_assert_cmpuint(count_orders(f, NULL, NULL), ==, 0);
    say_start(f);
    pass_seconds(f, 90);
    g_assert_cmpuint(count_events(f, KW_EVENT_ENTRY), ==, 1);
    g_assert_cmpuint(count_orders(f, "closed", "market"), ==, 1);
    g_assert_cmpuint(kw_portfolio_get_n_open(book_of(f)->portfolio), ==, 1);
    trade = kw_portfolio_get_open(book_of(f)->portfolio, 0);
    g_assert_cmpint(trade->mode, ==, KW_MODE_LIVE);
    g_assert_cmpint(trade->state, ==, KW_TRADE_STATE_OPEN);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    kw_test_quiet_log();
    g_test_add("/loop/live-real/entry", Fixture, NULL, set_up, test_entry, tear_down);
    return g_test_run();
}
