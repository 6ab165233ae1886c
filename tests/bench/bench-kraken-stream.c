/* bench-kraken-stream.c: what a thousand frames a second cost, with ten books kept and proven
 *
 * The fake sends frames made before, evenly over ten pairs. The same flood is then read by a
 * bare WebSocket that looks at nothing, and both shares of a core are printed. */
#include "kw-fake-kraken.h"
#include "kw-kraken-stream.h"
#include "kw-test.h"
#include "kw-websocket.h"

#include <sys/resource.h>

#define RATE 1000
#define SECONDS 10

static const gchar *const symbols[] = {"BTC/EUR", "BTC/USD", "BTC/USDT", "ETH/EUR", "ETH/USDT",
                                       "ADA/EUR", "SOL/EUR", "XRP/EUR",  "LTC/EUR", "DOT/EUR"};

static const struct {
    const gchar *alt, *price;
} walks[] = {
    {"XBTEUR", "58000"}, {"XBTUSD", "65000"}, {"XBTUSDT", "65000"}, {"ETHEUR", "3000"},
    {"ETHUSDT", "3300"}, {"ADAEUR", "0.5"},   {"SOLEUR", "150"},    {"XRPEUR", "0.6"},
    {"LTCEUR", "80"},    {"DOTEUR", "6"},
};

static guint64 n_books, n_bare;

static void
on_book(KwKrakenStream *stream, const gchar *symbol, const KwKrakenBook *book, gpointer data)
{
    n_books++;
}

static void
on_bare(KwWebsocket *socket, GBytes *text, gpointer data)
{
    n_bare++;
}

static gdouble
cpu_seconds(void)
{
    struct rusage usage;

    (void) getrusage(RUSAGE_SELF, &usage);
    return (gdouble) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (gdouble) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* Seconds of processor time that the flood costs this process */
static gdouble
flood(KwFakeKraken *fake)
{
    g_autoptr(GString) args = g_string_new("{\"symbols\":[");
    gdouble before;

    for (gsize i = 0; i < G_N_ELEMENTS(symbols); i++)
        g_string_append_printf(args, "%s\"%s\"", i > 0 ? "," : "", symbols[i]);
    g_string_append_printf(args, "],\"rate\":%d,\"seconds\":%d}", RATE, SECONDS);
    before = cpu_seconds();
    json_node_unref(kw_fake_kraken_steer(fake, "flood", args->str));
    return cpu_seconds() - before;
}

static gboolean
is_live(gpointer stream)
{
    return kw_kraken_stream_is_live(stream);
}

static gdouble
run_stream(KwFakeKraken *fake, KwClock *clock, KwKrakenPairs *pairs, guint64 *out_mismatches)
{
    const KwKrakenStreamOptions options = {
        .url = kw_fake_kraken_get_ws(fake),
        .user_agent = "kurswart-bench",
        .ca_file = kw_fake_kraken_get_ca_file(fake),
        .pairs = pairs,
        .book_depth = 10,
    };
    g_autoptr(KwKrakenStream) stream = kw_kraken_stream_new(clock, &options, NULL);
    gdouble cost;

    g_signal_connect(stream, "book", G_CALLBACK(on_book), NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(symbols); i++)
        kw_kraken_stream_want(stream, "book", symbols[i], 0);
    kw_kraken_stream_start(stream);
    kw_fake_kraken_wait(is_live, stream, "ten books");
    n_books = 0;
    cost = flood(fake);
    *out_mismatches = kw_kraken_stream_get_counts(stream).n_mismatches;
    return cost;
}

static gboolean
is_open(gpointer socket)
{
    return kw_websocket_is_open(socket);
}

static gdouble
run_bare(KwFakeKraken *fake, KwClock *clock)
{
    const KwWebsocketOptions options = {
        .url = kw_fake_kraken_get_ws(fake),
        .user_agent = "kurswart-bench",
        .ca_file = kw_fake_kraken_get_ca_file(fake),
        .max_bytes = 1 << 20,
        .quiet_us = 60 * G_USEC_PER_SEC,
        .dead_us = 60 * G_USEC_PER_SEC,
    };
    g_autoptr(KwWebsocket) socket = kw_websocket_new(clock, &options, NULL);

    g_signal_connect(socket, "message", G_CALLBACK(on_bare), NULL);
    kw_websocket_start(socket);
    kw_fake_kraken_wait(is_open, socket, "a bare connection");
    n_bare = 0;
    return flood(fake);
}

int
main(void)
{
    g_autoptr(KwFakeKraken) fake = kw_fake_kraken_new(KW_TEST_T0_US);
    g_autoptr(KwFakeClock) clock = kw_fake_clock_new(KW_TEST_T0_US);
    g_autoptr(KwKrakenPairs) pairs = kw_fake_kraken_make_pairs();
    guint64 n_mismatches = 0;
    gdouble ours, bare;

    for (gsize i = 0; i < G_N_ELEMENTS(walks); i++)
        kw_fake_kraken_tell(fake, "walk",
                            "{\"pair\":\"%s\",\"price\":%s,\"history_s\":60,\"until_s\":1}",
                            walks[i].alt, walks[i].price);
    ours = run_stream(fake, KW_CLOCK(clock), pairs, &n_mismatches);
    bare = run_bare(fake, KW_CLOCK(clock));
    g_print("{\"rate\":%d,\"sent\":%d,\"books\":%" G_GUINT64_FORMAT
            ",\"mismatches\":%" G_GUINT64_FORMAT ",\"bare_frames\":%" G_GUINT64_FORMAT
            ",\"core_share\":%.4f,\"bare_share\":%.4f,\"ratio\":%.2f}\n",
            RATE, RATE * SECONDS, n_books, n_mismatches, n_bare, ours / SECONDS, bare / SECONDS,
            ours / bare);
    return 0;
}
