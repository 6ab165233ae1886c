/* bench-live.c: from market data that can be read to the bytes of an order, over both ways, and
 * a restart of a bot with ten thousand trades, all before the fake Kraken over TLS
 *
 * The whole bot in live mode, as the daemon builds it, its store on disk. Clocks are read in
 * places that the product does not know of: behind poll() of the main context ("readable"),
 * round the fdatasync() of the intent, and where the order is handed to TLS: in SSL_write() of
 * the request that begins with POST AddOrder, or in gnutls_record_send() of the frame that says
 * add_order. What lies between is all that is ours and the kernel's: parsing, strategy, risk,
 * intent, sync, and over REST signature and a connection of its own with its handshake, which a
 * clock at connect() tells apart. A commit of a row that is synced and an echo over a WebSocket
 * are measured in the same run. Minutes pass until there are enough or the time is up, whatever
 * else the machine does. */
#include "kw-fake-kraken.h"
#include "kw-foreground.h"
#include "kw-live-source.h"
#include "kw-rig.h"
#include "kw-store-rows.h"
#include "kw-synth.h"
#include "kw-test.h"
#include "kw-websocket.h"

#include <dlfcn.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MINUTE_US (G_GINT64_CONSTANT(60) * G_USEC_PER_SEC)
#define T0_US (KW_TEST_T0_US / (60 * MINUTE_US) * (60 * MINUTE_US))
#define N_MINUTES 150
#define MAX_PHASE_US (90 * (gint64) G_USEC_PER_SEC)
#define N_PLAIN 200
#define N_TRADES 10000
#define N_YEARS 7

static const gchar strategy[] =
    "return { name = 'often', timeframe = '1m', startup_candles = 10, stoploss = -0.5,\n"
    "  minimal_roi = { [0] = -0.9 },\n"
    "  indicators = function(c, p) return { fast = ema(c.close, 2) } end,\n"
    "  entry = function(c, i) return above(i.fast, 0) end,\n"
    "  exit = function(c, i) return below(i.fast, 0) end }\n";

static const gchar quiet[] =
    "return { name = 'never', timeframe = '1h', startup_candles = 50, stoploss = -0.1,\n"
    "  minimal_roi = { [0] = 1 },\n"
    "  indicators = function(c, p) return { fast = ema(c.close, 9), slow = ema(c.close, 21) } "
    "end,\n"
    "  entry = function(c, i) return below(i.fast, 0) end,\n"
    "  exit = function(c, i) return below(i.fast, 0) end }\n";

/* -- the clocks -- */

static gint64 readable_us; /* main thread */
static gint64 connect_us;  /* main thread: the last connection begun */
/* of the last sync, by the thread that did it: what was readable, and when it began and ended
 */
static gint64 intent_us, sync_begun_us, sync_ended_us;
static GArray *latencies;   /* gdouble, ms: readable to the order's bytes */
static GArray *decisions;   /* gdouble, ms: readable to the sync */
static GArray *syncs;       /* gdouble, ms */
static GArray *ways;        /* gdouble, ms: from the end of the sync to the order's bytes */
static GArray *connections; /* gdouble, ms: from connect() to the order's bytes */

static gint
watch_poll(GPollFD *fds, guint n_fds, gint timeout)
{
    gint n = g_poll(fds, n_fds, timeout);

    if (n > 0)
        readable_us = kw_stopwatch_us();
    return n;
}

int
fdatasync(int fd)
{
    static int (*real)(int fd);
    int result;

    if (real == NULL)
        real = (int (*)(int)) dlsym(RTLD_NEXT, "fdatasync");
    intent_us = readable_us;
    sync_begun_us = kw_stopwatch_us();
    result = real(fd);
    sync_ended_us = kw_stopwatch_us();
    return result;
}

int
connect(int fd, const struct sockaddr *address, socklen_t length)
{
    static int (*real)(int fd, const struct sockaddr *address, socklen_t length);

    if (real == NULL)
        real = (int (*)(int, const struct sockaddr *, socklen_t)) dlsym(RTLD_NEXT, "connect");
    if (address->sa_family == AF_INET)
        connect_us = kw_stopwatch_us();
    return real(fd, address, length);
}

static void
add_ms(GArray *values, gint64 us)
{
    gdouble ms = (gdouble) us / 1000;

    g_array_append_val(values, ms);
}

static void
note_order(gint64 begun_us)
{
    gint64 now_us = kw_stopwatch_us();

    if (latencies == NULL)
        return;
    add_ms(latencies, now_us - intent_us);
    add_ms(decisions, sync_begun_us - intent_us);
    add_ms(syncs, sync_ended_us - sync_begun_us);
    add_ms(ways, now_us - sync_ended_us);
    add_ms(connections, now_us - begun_us);
}

int SSL_write(void *ssl, const void *buffer, int size);

int
SSL_write(void *ssl, const void *buffer, int size)
{
    static const gchar head[] = "POST /0/private/AddOrder";
    static int (*real)(void *ssl, const void *buffer, int size);

    if (real == NULL)
        real = (int (*)(void *, const void *, int)) dlsym(RTLD_NEXT, "SSL_write");
    if ((gsize) size > sizeof head && memcmp(buffer, head, sizeof head - 1) == 0 &&
        g_strstr_len(buffer, size, "type=buy") != NULL)
        note_order(connect_us);
    return real(ssl, buffer, size);
}

/* A client's frame is masked: four bytes before the text say with what. */
static gboolean
is_order_frame(const guint8 *bytes, gsize size)
{
    gsize head = size > 2 && (bytes[1] & 127) == 126 ? 4 : 2;
    g_autofree gchar *text = NULL;

    if (size < head + 4 || bytes[0] != 0x81 || (bytes[1] & 128) == 0)
        return FALSE;
    text = g_malloc0(size - head - 4 + 1);
    for (gsize i = head + 4; i < size; i++)
        text[i - head - 4] = (gchar) (bytes[i] ^ bytes[head + i % 4 - head % 4]);
    return strstr(text, "\"add_order\"") != NULL && strstr(text, "\"side\":\"buy\"") != NULL;
}

ssize_t gnutls_record_send(void *session, const void *data, size_t size);

/* GIO loads its TLS by itself, with a scope of its own: but what the program exports wins. */
ssize_t
gnutls_record_send(void *session, const void *data, size_t size)
{
    static ssize_t (*real)(void *session, const void *data, size_t size);

    if (real == NULL)
        real = (ssize_t(*)(void *, const void *, size_t)) dlsym(
            dlopen("libgnutls.so.30", RTLD_NOLOAD | RTLD_LAZY), "gnutls_record_send");
    if (is_order_frame(data, size))
        note_order(kw_stopwatch_us());
    return real(session, data, size);
}

static int
compare(const void *a, const void *b)
{
    gdouble x = *(const gdouble *) a, y = *(const gdouble *) b;

    return x < y ? -1 : x > y;
}

static gdouble
quantile(GArray *values, gdouble share)
{
    if (values->len == 0)
        return -1; /* none */
    g_array_sort(values, compare);
    return g_array_index(values, gdouble, (guint) (share * (values->len - 1)));
}

/* -- the bot -- */

typedef struct {
    gchar *folder, *root;
    KwFakeKraken *fake;
    KwFakeClock *clock;
    KwSettings *settings;
    KwLiveSource live;
    KwRig *rig;
} World;

static void
write_file(World *w, const gchar *name, const gchar *text)
{
    g_autofree gchar *path = g_build_filename(w->folder, name, NULL);

    g_assert_true(
        g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

static void
load_settings(World *w, const gchar *lua, const gchar *timeframe, const gchar *channel)
{
    g_autofree gchar *config = g_build_filename(w->folder, "kurswart.conf", NULL);
    g_autofree gchar *limits = g_build_filename(w->folder, "limits.conf", NULL);
    g_autoptr(GPtrArray) problems = kw_config_problems_new();
    g_autoptr(KwSecret) secret = kw_fake_kraken_make_secret();
    KwSettingsPaths paths = {config, limits, w->root};
    g_autofree gchar *text = g_strdup_printf(
        "[bot]\nmode = live\n[feed]\nkind = kraken\n"
        "[kraken]\nrest_url = %s\nws_url = %s\nws_auth_url = %s\nca_file = %s\n"
        "order_channel = %s\n"
        "[secrets]\ndir = %s\n[trading]\npairs = BTC/EUR, ETH/EUR\nstake_currency = EUR\n"
        "timeframe = %s\nstake_amount = 20\nstarting_capital = 500\nthreshold = 0\n"
        "strategy = %s/strategy.lua\n[chat]\nadmin_socket = %s/admin.sock\n",
        kw_fake_kraken_get_rest(w->fake), kw_fake_kraken_get_ws(w->fake),
        kw_fake_kraken_get_ws_auth(w->fake), kw_fake_kraken_get_ca_file(w->fake), channel,
        w->folder, timeframe, w->folder, w->folder);

    write_file(w, "strategy.lua", lua);
    write_file(w, "kraken-key", KW_FAKE_KRAKEN_KEY);
    write_file(w, "kraken-secret", kw_secret_get_bytes(secret, NULL));
    write_file(w, "limits.conf",
               "[limits]\nmax_orders_per_hour = 0\nmax_orders_per_minute = 0\n"
               "max_losses_in_row = 0\nmax_daily_loss_ratio = 0\nmax_daily_loss_abs = 0\n"
               "max_drawdown_ratio = 0\n");
    write_file(w, "kurswart.conf", text);
    w->settings = kw_settings_load(&paths, NULL, NULL, problems);
    g_assert_cmpuint(problems->len, ==, 0);
}

static void
world_init(World *w, const gchar *lua, const gchar *timeframe, const gchar *channel)
{
    *w = (World){0};
    w->folder = kw_test_tmp_dir_new();
    w->root = g_build_filename(w->folder, "root", NULL);
    w->fake = kw_fake_kraken_new(T0_US);
    w->clock = kw_fake_clock_new(T0_US);
    g_assert_cmpint(g_mkdir_with_parents(w->root, 0700), ==, 0);
    kw_fake_kraken_tell(w->fake, "walk",
                        "{\"pair\":\"XBTEUR\",\"price\":58000,\"per_minute\":12,"
                        "\"step\":0.0001,\"history_s\":7200}");
    kw_fake_kraken_tell(w->fake, "walk",
                        "{\"pair\":\"ETHEUR\",\"price\":3000,\"per_minute\":12,"
                        "\"step\":0.0001,\"history_s\":7200}");
    load_settings(w, lua, timeframe, channel);
}

static void
open_bot(World *w)
{
    const gchar *const names[] = {"BTC/EUR", "ETH/EUR", NULL};
    KwRigOptions options = {.settings = w->settings, .seed = 1, .pace = 1};
    g_autoptr(GError) error = NULL;

    (void) kw_live_source_open(&w->live, w->settings, names, KW_CLOCK(w->clock), &error);
    g_assert_no_error(error);
    g_assert_true(kw_kraken_access_probe(&w->live.access, &error));
    g_assert_true(
        kw_live_source_open_broker(&w->live, w->settings, KW_CLOCK(w->clock), &error));
    options.exchange = KW_BROKER(w->live.broker);
    options.venue = &w->settings->venue;
    w->rig = kw_rig_new_live(KW_CLOCK(w->clock), KW_FEED(w->live.feed), &options, &error);
    g_assert_no_error(error);
    kw_bot_start(w->rig->bot);
}

static void
world_clear(World *w)
{
    g_clear_pointer(&w->rig, kw_rig_free);
    kw_live_source_clear(&w->live);
    kw_settings_free(w->settings);
    g_clear_object(&w->clock);
    kw_fake_kraken_free(w->fake);
    kw_test_tmp_dir_free(w->folder);
    g_free(w->root);
}

static gboolean
is_idle(gpointer user_data)
{
    return kw_engine_is_idle(kw_bot_get_engine(((World *) user_data)->rig->bot));
}

/* -- order path -- */

static gboolean
on_time_over(gpointer user_data)
{
    *(gboolean *) user_data = TRUE;
    return G_SOURCE_REMOVE;
}

/* The loop sleeps in poll() as the daemon's does: one that spins is a hog to the scheduler, and
 * waits for its turn when work comes. */
static void
run_for(guint ms)
{
    gboolean is_over = FALSE;

    (void) g_timeout_add(ms, on_time_over, &is_over);
    while (!is_over)
        (void) g_main_context_iteration(NULL, TRUE);
}

static void
pass_minute(World *w)
{
    for (guint second = 0; second < 60; second++) {
        kw_fake_kraken_advance(w->fake, w->clock, 1);
        run_for(second < 8 ? 20 : 1);
    }
}

/* What the minutes gave, which are then forgotten */
static void
emit(const gchar *channel, const gchar *beside, gdouble plain_ms)
{
    gdouble p50 = quantile(latencies, 0.5), connection = quantile(connections, 0.5);

    g_print("{\"bench\":\"live\",\"what\":\"readable to order bytes, %s%s\",\"n\":%u,"
            "\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"limit_p99_ms\":5,\"plain_ms\":%.3f,"
            "\"ratio\":%.2f,\"limit\":2,\"to_sync_p50_ms\":%.3f,\"to_sync_p99_ms\":%.3f,"
            "\"sync_p50_ms\":%.3f,\"sync_p99_ms\":%.3f,\"from_sync_p50_ms\":%.3f,"
            "\"from_sync_p99_ms\":%.3f,\"connection_p50_ms\":%.3f}\n",
            channel, beside, latencies->len, p50, quantile(latencies, 0.99), plain_ms,
            p50 / plain_ms, quantile(decisions, 0.5), quantile(decisions, 0.99),
            quantile(syncs, 0.5), quantile(syncs, 0.99), quantile(ways, 0.5),
            quantile(ways, 0.99), connection);
    g_array_set_size(latencies, 0);
    g_array_set_size(decisions, 0);
    g_array_set_size(syncs, 0);
    g_array_set_size(ways, 0);
    g_array_set_size(connections, 0);
}

static void
pass_minutes(World *w)
{
    gint64 end_us = kw_stopwatch_us() + MAX_PHASE_US;

    for (guint i = 0; i < N_MINUTES && kw_stopwatch_us() < end_us; i++)
        pass_minute(w);
}

/* A row of an intent's size, synced, p50 in ms */
static gdouble
measure_commit(const gchar *folder)
{
    g_autofree gchar *path = g_build_filename(folder, "plain.db", NULL);
    g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(gdouble));
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;

    g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
    (void) sqlite3_exec(db,
                        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                        " CREATE TABLE IF NOT EXISTS t (x BLOB)",
                        NULL, NULL, NULL);
    g_assert_cmpint(
        sqlite3_prepare_v2(db, "INSERT INTO t VALUES (zeroblob(1200))", -1, &stmt, NULL), ==,
        SQLITE_OK);
    for (guint i = 0; i < N_PLAIN; i++) {
        gint64 begun_us = kw_stopwatch_us();
        gdouble ms;

        g_assert_cmpint(sqlite3_step(stmt), ==, SQLITE_DONE);
        (void) sqlite3_reset(stmt);
        ms = (gdouble) (kw_stopwatch_us() - begun_us) / 1000;
        g_array_append_val(times, ms);
    }
    (void) sqlite3_finalize(stmt);
    (void) sqlite3_close(db);
    return quantile(times, 0.5);
}

typedef struct {
    KwWebsocket *socket;
    guint n_back;
} Echo;

static void
on_echo(KwWebsocket *socket, GBytes *text, gpointer user_data)
{
    if (g_strstr_len(g_bytes_get_data(text, NULL), (gssize) g_bytes_get_size(text), "pong") !=
        NULL)
        ((Echo *) user_data)->n_back++;
}

static gboolean
is_open(gpointer socket)
{
    return kw_websocket_is_open(socket);
}

/* A ping over a WebSocket to the fake and back, p50 in ms */
static gdouble
measure_echo(World *w)
{
    const KwWebsocketOptions options = {.url = kw_fake_kraken_get_ws(w->fake),
                                        .user_agent = "kurswart-bench",
                                        .ca_file = kw_fake_kraken_get_ca_file(w->fake),
                                        .max_bytes = 1 << 20,
                                        .quiet_us = 3600 * (gint64) G_USEC_PER_SEC,
                                        .dead_us = 3600 * (gint64) G_USEC_PER_SEC};
    g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(gdouble));
    g_autoptr(KwWebsocket) socket = kw_websocket_new(KW_CLOCK(w->clock), &options, NULL);
    Echo echo = {.socket = socket};

    g_signal_connect(socket, "message", G_CALLBACK(on_echo), &echo);
    kw_websocket_start(socket);
    kw_fake_kraken_wait(is_open, socket, "an echo");
    for (guint i = 0; i < N_PLAIN; i++) {
        gint64 begun_us = kw_stopwatch_us();
        gdouble ms;

        (void) kw_websocket_send(socket, "{\"method\":\"ping\",\"req_id\":1}");
        while (echo.n_back == i)
            (void) g_main_context_iteration(NULL, TRUE);
        ms = (gdouble) (kw_stopwatch_us() - begun_us) / 1000;
        g_array_append_val(times, ms);
    }
    return quantile(times, 0.5);
}

/* A child that computes backtests until it is killed, or this process has gone */
static GSubprocess *
start_backtests(World *w)
{
    g_autofree gchar *program =
        g_build_filename(g_getenv("KW_BUILD_ROOT"), "src/app/kurswart", NULL);
    g_autofree gchar *sample =
        g_build_filename(g_getenv("KW_SOURCE_ROOT"), "data/strategies/ema_cross.lua", NULL);
    g_autofree gchar *command = g_strdup_printf(
        "while kill -0 %d; do %s backtest -s %s --data demo >/dev/null 2>&1; done",
        (gint) getpid(), program, sample);

    return g_subprocess_new(G_SUBPROCESS_FLAGS_NONE, NULL, "setsid", "sh", "-c", command, NULL);
}

static void
stop_backtests(GSubprocess *child)
{
    pid_t group = (pid_t) g_ascii_strtoll(g_subprocess_get_identifier(child), NULL, 10);

    (void) kill(-group, SIGKILL);
    (void) g_subprocess_wait(child, NULL, NULL);
    g_object_unref(child);
}

/* Each phase has a commit and an echo of its own beside it. */
static void
bench_order_path(const gchar *channel)
{
    GSubprocess *child;
    KwControlResult result;
    World w;

    world_init(&w, strategy, "1m", channel);
    open_bot(&w);
    kw_fake_kraken_wait(is_idle, &w, "the engine is idle");
    kw_control_start(kw_engine_get_control(kw_bot_get_engine(w.rig->bot)), "bench", &result);
    latencies = g_array_new(FALSE, FALSE, sizeof(gdouble));
    decisions = g_array_new(FALSE, FALSE, sizeof(gdouble));
    syncs = g_array_new(FALSE, FALSE, sizeof(gdouble));
    ways = g_array_new(FALSE, FALSE, sizeof(gdouble));
    connections = g_array_new(FALSE, FALSE, sizeof(gdouble));
    pass_minutes(&w);
    emit(channel, "", measure_commit(w.folder) + measure_echo(&w));

    child = start_backtests(&w);
    pass_minutes(&w);
    emit(channel, ", beside backtests", measure_commit(w.folder) + measure_echo(&w));
    stop_backtests(child);
    g_clear_pointer(&latencies, g_array_unref);
    g_clear_pointer(&decisions, g_array_unref);
    g_clear_pointer(&syncs, g_array_unref);
    g_clear_pointer(&ways, g_array_unref);
    g_clear_pointer(&connections, g_array_unref);
    world_clear(&w);
}

/* -- restart -- */

static void
set_live(KwBatch *batch)
{
    for (guint i = 0; i < kw_batch_get_length(batch); i++) {
        KwRecord *record = (KwRecord *) kw_batch_get(batch, i);

        if (record->kind == KW_RECORD_ORDER)
            record->u.order.mode = KW_MODE_LIVE;
        else if (record->kind == KW_RECORD_FILL)
            record->u.fill.mode = KW_MODE_LIVE;
        else if (record->kind == KW_RECORD_TRADE)
            record->u.trade.mode = KW_MODE_LIVE;
        else if (record->kind == KW_RECORD_CAPITAL)
            record->u.capital.mode = KW_MODE_LIVE;
    }
}

static void
on_ignored(GObject *source, GAsyncResult *result, gpointer user_data)
{
    g_assert_true(kw_journal_append_finish(KW_JOURNAL(source), result, NULL));
}

static void
add_trades(KwStore *store)
{
    KwDecimal cash = kw_test_decimal("1000");
    KwBatch *start = kw_test_start_batch(T0_US - N_YEARS * 365 * G_TIME_SPAN_DAY);

    set_live(start);
    g_assert_true(kw_test_append(store, start, NULL));
    for (gint64 i = 1; i <= N_TRADES; i++) {
        KwBatch *batch =
            kw_test_trade_batch(i, T0_US - (N_TRADES + 1 - i) * 6 * G_TIME_SPAN_HOUR, &cash);

        set_live(batch);
        kw_journal_append_async(KW_JOURNAL(store), batch, NULL, on_ignored, NULL);
        while (i % 500 == 0 && kw_store_owes_answer(store))
            (void) g_main_context_iteration(NULL, TRUE);
    }
    g_assert_true(kw_test_append(store, kw_batch_new(), NULL));
}

static void
add_candles(KwStore *store, const gchar *name)
{
    const KwSynthOptions options = {.seed = 1,
                                    .timeframe_us = G_TIME_SPAN_HOUR,
                                    .from_us = T0_US - N_YEARS * 365 * G_TIME_SPAN_DAY,
                                    .n_rows = N_YEARS * 365 * 24};
    KwMarketStore *market = kw_store_get_market(store);
    const KwCandleOrigin origin = {.source = "kraken"};
    g_autoptr(KwSeries) series = NULL;
    KwPair pair;

    g_assert_true(kw_pair_init(&pair, name, NULL));
    series = kw_synth_generate(&pair, &options);
    for (gsize i = 0; i < kw_series_get_length(series);) {
        KwMarketBatch *batch = kw_market_batch_new();

        for (guint n = 0; n < 1000 && i < kw_series_get_length(series); n++, i++) {
            KwCandle candle = kw_series_get(series, i);

            kw_market_batch_add_candle(batch, name, G_TIME_SPAN_HOUR, &candle, &origin);
        }
        kw_market_store_append_async(market, batch, NULL, NULL, NULL);
        while (kw_market_store_get_backlog(market) > KW_MARKET_STORE_MAX_BACKLOG / 2)
            (void) g_main_context_iteration(NULL, FALSE);
    }
}

static void
fill_root(World *w)
{
    KwStore *store = kw_store_open(w->root, KW_CLOCK(w->clock), NULL);

    g_assert_nonnull(store);
    add_trades(store);
    add_candles(store, "BTC/EUR");
    add_candles(store, "ETH/EUR");
    kw_store_close(store);
    g_object_unref(store);
}

/* In a process of its own: opens the bot that lies in @folder, and says when it is ready. */
static int
restart(const gchar *folder)
{
    g_autoptr(GPtrArray) problems = kw_config_problems_new();
    g_autofree gchar *config = g_build_filename(folder, "kurswart.conf", NULL);
    g_autofree gchar *limits = g_build_filename(folder, "limits.conf", NULL);
    World w = {.root = g_build_filename(folder, "root", NULL),
               .clock = kw_fake_clock_new(T0_US)};
    KwSettingsPaths paths = {config, limits, w.root};

    w.settings = kw_settings_load(&paths, NULL, NULL, problems);
    g_assert_nonnull(w.settings);
    open_bot(&w);
    kw_fake_kraken_wait(is_idle, &w, "the bot is ready");
    g_print("ready\n");
    (void) kill(getpid(), SIGKILL);
    return 0;
}

static gdouble
time_restart(const World *w)
{
    g_autoptr(GDataInputStream) lines = NULL;
    g_autoptr(GSubprocess) child = NULL;
    g_autofree gchar *line = NULL;
    gint64 begun_us = kw_stopwatch_us();

    child = g_subprocess_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                             NULL, "/proc/self/exe", w->folder, NULL);
    lines = g_data_input_stream_new(g_subprocess_get_stdout_pipe(child));
    line = g_data_input_stream_read_line(lines, NULL, NULL, NULL);
    g_assert_cmpstr(line, ==, "ready");
    (void) g_subprocess_wait(child, NULL, NULL);
    return (gdouble) (kw_stopwatch_us() - begun_us) / 1000;
}

static void
bench_restart(void)
{
    g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(gdouble));
    World w;

    world_init(&w, quiet, "1h", "socket");
    fill_root(&w);
    for (guint i = 0; i < 7; i++) {
        gdouble ms = time_restart(&w);

        g_array_append_val(times, ms);
    }
    g_print("{\"bench\":\"live\",\"what\":\"restart, %d trades, %d years of 1h, 2 pairs: exec "
            "to ready and reconciled\",\"n\":%u,\"p50_ms\":%.1f,\"max_ms\":%.1f,"
            "\"target_ms\":1000}\n",
            N_TRADES, N_YEARS, times->len, quantile(times, 0.5), quantile(times, 1));
    world_clear(&w);
}

int
main(int argc, char **argv)
{
    g_main_context_set_poll_func(NULL, watch_poll);
    if (argc > 1)
        return restart(argv[1]);
    (void) kw_foreground_enter(); /* as the daemon does */
    bench_order_path("socket");
    bench_order_path("rest");
    bench_restart();
    return 0;
}
