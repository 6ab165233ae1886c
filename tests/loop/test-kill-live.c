/* test-kill-live.c: SIGKILL on the way into system calls of a real order's path (F01)
 *
 * The whole bot in live mode before the fake Kraken over TLS: candle confirmed, decided, intent
 * synced, AddOrder on a connection of its own, answer and executions booked. The process is
 * killed before one of its system calls, the next one looks after what is left, and then the
 * truth of the exchange is held against the ledger.
 *
 * The bot is this program again, with arguments. A usual run takes a few of the calls, at
 * another offset for each seed; -m thorough takes all of them, which is most of an hour. */
#include "kw-db.h"
#include "kw-fake-kraken.h"
#include "kw-live-source.h"
#include "kw-rig.h"
#include "kw-test.h"
#include "kw-tracer.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MINUTE_US (G_GINT64_CONSTANT(60) * G_USEC_PER_SEC)
#define T0_US (KW_TEST_T0_US / MINUTE_US * MINUTE_US - 10 * G_USEC_PER_SEC)
#define PAUSE_S 11   /* the candle is asked for a second later */
#define WINDOW_S 2   /* in which the order leaves and is executed */
#define SETTLE_S 215 /* absence is proven behind seventy, and looked for in growing pauses */
#define N_USUAL 6

static const gchar holder[] =
    "return { name = 'holder', timeframe = '1m', startup_candles = 10, stoploss = -0.05,\n"
    "  minimal_roi = { [0] = 10.0 },\n"
    "  indicators = function(c, p) return { fast = ema(c.close, 2) } end,\n"
    "  entry = function(c, i) return above(i.fast, 0) end,\n"
    "  exit = function(c, i) return below(i.fast, 0) end }\n";

/* -- the bot, in a process of its own -- */

typedef struct {
    KwFakeKraken *fake;
    KwFakeClock *clock;
    KwLiveSource live;
    KwRig *rig;
} Bot;

static void
say(const gchar *line)
{
    if (write(STDOUT_FILENO, line, strlen(line)) < 0)
        _exit(1);
}

static gint64
get_exchange_us(KwFakeKraken *fake)
{
    g_autoptr(JsonNode) truth = kw_fake_kraken_steer(fake, "truth", NULL);

    return json_object_get_int_member(json_node_get_object(truth), "us");
}

static void
open_bot(Bot *bot, KwSettings *settings)
{
    const gchar *const names[] = {"BTC/EUR", NULL};
    KwRigOptions options = {.settings = settings, .seed = 1, .pace = 1};
    g_autoptr(GError) error = NULL;
    KwControlResult result;

    g_assert_cmpint(g_mkdir_with_parents(settings->root, 0700), ==, 0);
    (void) kw_live_source_open(&bot->live, settings, names, KW_CLOCK(bot->clock), &error);
    g_assert_no_error(error);
    g_assert_true(kw_kraken_access_probe(&bot->live.access, &error));
    g_assert_true(
        kw_live_source_open_broker(&bot->live, settings, KW_CLOCK(bot->clock), &error));
    options.exchange = KW_BROKER(bot->live.broker);
    options.venue = &settings->venue;
    bot->rig = kw_rig_new_live(KW_CLOCK(bot->clock), KW_FEED(bot->live.feed), &options, &error);
    g_assert_no_error(error);
    kw_bot_start(bot->rig->bot);
    kw_control_start(kw_engine_get_control(kw_bot_get_engine(bot->rig->bot)), "test", &result);
}

static void
pass(Bot *bot, guint seconds, gint64 wait_us)
{
    for (guint i = 0; i < seconds; i++) {
        gint64 until_us = kw_stopwatch_us() + wait_us;

        kw_fake_kraken_advance(bot->fake, bot->clock, 1);
        while (kw_stopwatch_us() < until_us)
            if (!g_main_context_iteration(NULL, FALSE))
                g_usleep(200);
    }
}

/* @words: "cycle" or "settle", folder, REST address, file of the certificate */
static int
be_bot(char **words)
{
    g_autofree gchar *config = g_build_filename(words[1], "kurswart.conf", NULL);
    g_autofree gchar *root = g_build_filename(words[1], "root", NULL);
    g_autoptr(GPtrArray) problems = kw_config_problems_new();
    KwSettingsPaths paths = {config, KW_SETTINGS_NO_FILE, root};
    KwSettings *settings = kw_settings_load(&paths, NULL, NULL, problems);
    Bot bot = {0};
    gchar byte;

    kw_test_quiet_log();
    bot.fake = kw_fake_kraken_attach(words[2], words[3]);
    bot.clock = kw_fake_clock_new(get_exchange_us(bot.fake));
    open_bot(&bot, settings);
    if (strcmp(words[0], "cycle") == 0) {
        pass(&bot, PAUSE_S, 2000);
        say("pause\n");
        if (read(STDIN_FILENO, &byte, 1) != 1)
            return 1;
        pass(&bot, WINDOW_S, 30000);
    } else {
        pass(&bot, SETTLE_S, 4000);
        kw_rig_free(bot.rig); /* writes what is queued */
        say("settled\n");
    }
    (void) kill(getpid(), SIGKILL);
    return 1;
}

/* -- the test -- */

typedef struct {
    gchar *folder;
    KwFakeKraken *fake;
    guint n_sent, n_filled; /* kills after which the exchange had the order */
} World;

static void
write_file(World *w, const gchar *name, const gchar *text)
{
    g_autofree gchar *path = g_build_filename(w->folder, name, NULL);

    g_assert_true(
        g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

static void
world_open(World *w)
{
    g_autoptr(KwSecret) secret = kw_fake_kraken_make_secret();
    g_autofree gchar *text = NULL;

    w->folder = kw_test_tmp_dir_new();
    w->fake = kw_fake_kraken_new(T0_US);
    kw_fake_kraken_tell(w->fake, "walk",
                        "{\"pair\":\"XBTEUR\",\"price\":58000,\"per_minute\":12,"
                        "\"step\":0.0001,\"history_s\":7200}");
    text = g_strdup_printf(
        "[bot]\nmode = live\n[feed]\nkind = kraken\n"
        "[kraken]\nrest_url = %s\nws_url = %s\nws_auth_url = %s\nca_file = %s\n"
        "[secrets]\ndir = %s\n[trading]\npairs = BTC/EUR\nstake_currency = EUR\n"
        "timeframe = 1m\nstake_amount = 50\nstarting_capital = 500\n"
        "strategy = %s/holder.lua\n[chat]\nadmin_socket = %s/admin.sock\n",
        kw_fake_kraken_get_rest(w->fake), kw_fake_kraken_get_ws(w->fake),
        kw_fake_kraken_get_ws_auth(w->fake), kw_fake_kraken_get_ca_file(w->fake), w->folder,
        w->folder, w->folder);
    write_file(w, "holder.lua", holder);
    write_file(w, "kraken-key", KW_FAKE_KRAKEN_KEY);
    write_file(w, "kraken-secret", kw_secret_get_bytes(secret, NULL));
    write_file(w, "kurswart.conf", text);
}

static void
world_close(World *w)
{
    g_clear_pointer(&w->fake, kw_fake_kraken_free);
    g_clear_pointer(&w->folder, kw_test_tmp_dir_free);
}

typedef struct {
    GPid pid;
    gint input, output;
} Child;

static Child
spawn(World *w, const gchar *what)
{
    const gchar *const argv[] = {"/proc/self/exe",
                                 what,
                                 w->folder,
                                 kw_fake_kraken_get_rest(w->fake),
                                 kw_fake_kraken_get_ca_file(w->fake),
                                 NULL};
    g_autoptr(GError) error = NULL;
    Child child;

    (void) g_spawn_async_with_pipes(NULL, (gchar **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD,
                                    NULL, NULL, &child.pid, &child.input, &child.output, NULL,
                                    &error);
    g_assert_no_error(error);
    return child;
}

/* Until the process says @word; its end before that is a failure */
static void
await(const Child *child, const gchar *word)
{
    g_autoptr(GString) text = g_string_new(NULL);
    gchar buffer[256];

    while (strstr(text->str, word) == NULL) {
        gssize n = read(child->output, buffer, sizeof buffer);

        g_assert_cmpint(n, >, 0);
        g_string_append_len(text, buffer, n);
    }
}

/* Returns: system calls in the window; 0 when tracing is not permitted */
static guint
run_cycle(World *w, guint kill_at)
{
    Child child = spawn(w, "cycle");
    guint n_calls = 0;
    int status = 0;

    await(&child, "pause");
    if (kw_tracer_seize(child.pid)) {
        g_assert_cmpint(write(child.input, "x", 1), ==, 1);
        n_calls = kw_tracer_run(child.pid, kill_at, &status);
    } else {
        (void) kill(child.pid, SIGKILL);
        (void) waitpid(child.pid, &status, 0);
    }
    g_assert_true(WIFSIGNALED(status));
    (void) close(child.input);
    (void) close(child.output);
    return n_calls;
}

static void
run_settle(World *w)
{
    Child child = spawn(w, "settle");
    int status = 0;

    await(&child, "settled");
    (void) waitpid(child.pid, &status, 0);
    (void) close(child.input);
    (void) close(child.output);
}

/* -- truth and ledger -- */

static sqlite3_stmt *
find_row(sqlite3 *db, const gchar *client_id)
{
    static const gchar sql[] = "SELECT state, filled, (SELECT count(*) FROM fill AS f WHERE"
                               " f.client_id = o.client_id) FROM orders AS o"
                               " WHERE client_id = ?1";
    sqlite3_stmt *stmt = NULL;
    gboolean has_row = FALSE;

    g_assert_true(kw_sql_prepare(db, sql, &stmt, NULL));
    sqlite3_bind_text(stmt, 1, client_id, -1, SQLITE_TRANSIENT);
    g_assert_true(kw_sql_step_row(stmt, &has_row, NULL));
    if (!has_row)
        g_clear_pointer(&stmt, sqlite3_finalize);
    return stmt;
}

static void
compare_order(sqlite3 *db, JsonObject *order)
{
    const gchar *client_id = json_object_get_string_member(order, "cl_ord_id");
    const gchar *executed = json_object_get_string_member(order, "vol_exec");
    g_autoptr(sqlite3_stmt) row = find_row(db, client_id);
    KwDecimal ours, theirs;

    g_test_message("%s: %s, %s executed", client_id,
                   json_object_get_string_member(order, "status"), executed);
    g_assert_nonnull(row);
    g_assert_true(kw_decimal_parse((const gchar *) sqlite3_column_text(row, 1), &ours, NULL));
    g_assert_true(kw_decimal_parse(executed, &theirs, NULL));
    g_assert_cmpint(kw_decimal_cmp(ours, theirs), ==, 0);
}

/* Each order of the exchange is one intent, each intent that is not over or has something is
 * there once. */
static guint
compare(World *w)
{
    static const gchar n_meant[] = "SELECT count(*) FROM orders WHERE state NOT IN"
                                   " ('lapsed', 'rejected')";
    static const gchar n_open[] = "SELECT count(*) FROM orders WHERE state IN"
                                  " ('intent', 'sent', 'unknown')";
    g_autofree gchar *path = g_build_filename(w->folder, "root", "ledger.db", NULL);
    g_autoptr(sqlite3) db = kw_db_open(path, KW_DB_READONLY, NULL);
    g_autoptr(JsonNode) truth = kw_fake_kraken_steer(w->fake, "truth", NULL);
    JsonArray *orders = json_object_get_array_member(json_node_get_object(truth), "orders");
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    guint n_orders = json_array_get_length(orders);
    gint64 n = -1;

    for (guint i = 0; i < n_orders; i++) {
        JsonObject *order = json_array_get_object_element(orders, i);

        g_assert_true(g_hash_table_add(
            seen, (gpointer) json_object_get_string_member(order, "cl_ord_id")));
        compare_order(db, order);
    }
    g_assert_true(kw_sql_get_int(db, n_meant, -1, &n, NULL));
    g_assert_cmpint(n, ==, n_orders);
    g_assert_true(kw_sql_get_int(db, n_open, -1, &n, NULL));
    g_assert_cmpint(n, ==, 0);
    return n_orders;
}

static guint
count_orders(World *w)
{
    g_autoptr(JsonNode) truth = kw_fake_kraken_steer(w->fake, "truth", NULL);

    return json_array_get_length(
        json_object_get_array_member(json_node_get_object(truth), "orders"));
}

/* Returns: calls that were made before the kill, see run_cycle() */
static guint
kill_at(World *w, guint index)
{
    guint n_calls;

    world_open(w);
    n_calls = run_cycle(w, index);
    w->n_sent += count_orders(w) > 0;
    g_test_message("before call %u: the exchange had %u orders", index, count_orders(w));
    if (n_calls > 0) {
        run_settle(w);
        g_assert_cmpuint(compare(w), >=, 1); /* the entry came, now or with the next candle */
    }
    world_close(w);
    return n_calls;
}

static void
test_kill_live(void)
{
    World w = {0};
    guint n_calls = kill_at(&w, 0), n_kills = g_test_thorough() ? n_calls : N_USUAL;
    guint step = MAX(1, n_calls / MAX(1, n_kills)), first;

    if (n_calls == 0) {
        g_test_skip("tracing (ptrace) is not permitted here");
        return;
    }
    g_assert_cmpuint(w.n_sent, ==, 1);
    /* the order leaves in the first of the parts, some way from its begin */
    first = 1 + (guint) g_test_rand_int_range(0, (gint) MAX(1, step / 2));
    for (guint i = 0; i < n_kills; i++)
        (void) kill_at(&w, first + i * step);
    g_test_message("%u calls in the window, %u kills, %u after the order had arrived", n_calls,
                   n_kills, w.n_sent - 1);
    g_assert_cmpuint(w.n_sent - 1, <, n_kills);
}

int
main(int argc, char **argv)
{
    if (argc == 5 && argv[1][0] != '-')
        return be_bot(argv + 1);
    kw_test_prefer_memory();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/loop/kill-live/entry", test_kill_live);
    return g_test_run();
}
