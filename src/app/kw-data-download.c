/* kw-data-download.c: options, sources and words for kw-download.c */
#include "kw-data-download.h"

#include "kw-binance.h"
#include "kw-data-bridge.h"
#include "kw-data-page.h"
#include "kw-download.h"
#include "kw-error.h"
#include "kw-i18n.h"
#include "kw-json.h"
#include "kw-kraken-directory.h"
#include "kw-timeframe.h"
#include "kw-version.h"

#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#define USER_AGENT "kurswart/" KW_VERSION
#define MAX_DAYS 36500

typedef struct {
    gchar *exchange, *pairs, *timeframe, *root, *url, *ca_file, *config; /* owned; options */
    gint days;
    gboolean is_prepend, is_json;
    KwDataPage *page; /* borrowed */
    KwClock *clock;   /* owned */
    KwMarketStore *store;
    KwKraken *kraken;
    KwKrakenPairs *known;
    KwHttp *http;
    KwMt5Access bridge;
    gint64 timeframe_us;
    gboolean on_terminal;
    const gchar *pair; /* under way */
} Download;

/* -- reaching Kraken -- */

typedef struct {
    GMainLoop *loop;
    Download *download;
    GError *error;
} Wait;

static void
on_directory(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Wait *wait = user_data;

    wait->download->known = kw_kraken_directory_finish(KW_KRAKEN(source), result, &wait->error);
    g_main_loop_quit(wait->loop);
}

static gboolean
reach_kraken(Download *self, GError **error)
{
    const KwKrakenOptions options = {
        .url = self->url, .user_agent = USER_AGENT, .ca_file = self->ca_file};
    Wait wait = {.download = self};

    self->kraken = kw_kraken_new(self->clock, &options, error);
    if (self->kraken == NULL)
        return FALSE;
    wait.loop = g_main_loop_new(NULL, FALSE);
    kw_kraken_directory_async(self->kraken, NULL, on_directory, &wait);
    g_main_loop_run(wait.loop);
    g_main_loop_unref(wait.loop);
    if (wait.error != NULL)
        g_propagate_error(error, wait.error);
    return self->known != NULL;
}

static gboolean
is_bridge(const Download *self)
{
    return strcmp(self->exchange, "mt5") == 0;
}

static gboolean
is_kraken(const Download *self)
{
    return strcmp(self->exchange, "kraken") == 0;
}

static gboolean
reach_exchange(Download *self, GError **error)
{
    if (is_kraken(self))
        return reach_kraken(self, error);
    if (is_bridge(self)) /* it is reached */
        return TRUE;
    self->http = kw_http_new(USER_AGENT, self->ca_file);
    return TRUE;
}

/* -- words -- */

static int
fail_pair(const Download *self, const gchar *pair, const GError *error)
{
    const gchar *cause = _("the exchange cannot be reached; what has come is stored, the same "
                           "command goes on there");
    int status = EX_UNAVAILABLE;
    g_autofree gchar *text = NULL;

    if (error->domain == KW_STORE_ERROR) {
        cause = _("the candles cannot be stored");
        status = EX_IOERR;
    } else if (error->domain == KW_EXCHANGE_ERROR || error->domain == KW_KRAKEN_ERROR) {
        cause = _("the exchange refuses");
    }
    text = g_strdup_printf("%s %s: %s (%s)", self->exchange, pair, cause, error->message);
    return kw_data_page_fail(status, text);
}

static void
on_progress(gint64 reached_us, gint64 until_us, gpointer user_data)
{
    const Download *self = user_data;
    gchar time[KW_UTC_TEXT_SIZE];

    if (self->on_terminal)
        g_printerr("\r%s %s ", self->pair, kw_data_page_minute(reached_us, time));
}

static void
print_report(const Download *self, const gchar *pair, const KwDownloadReport *report)
{
    KwDataPage *page = self->page;
    gchar from[KW_UTC_TEXT_SIZE], until[KW_UTC_TEXT_SIZE];

    if (report->from_us == report->until_us) {
        g_string_append_printf(page->out, _("%s %s: nothing new\n"), pair, self->timeframe);
        return;
    }
    g_string_append_printf(page->out, _("%s %s: asked for %s – %s UTC, new %s, known %s\n"),
                           pair, self->timeframe, kw_data_page_minute(report->from_us, from),
                           kw_data_page_minute(report->until_us, until),
                           kw_data_page_count(page, report->count.n_added),
                           kw_data_page_count(page, report->count.n_same));
}

static void
print_report_json(const Download *self, const gchar *pair, const KwDownloadReport *report)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    g_autofree gchar *text = NULL;

    (void) json_builder_begin_object(builder);
    kw_json_add_string(builder, "exchange", self->exchange);
    kw_json_add_string(builder, "pair", pair);
    kw_json_add_string(builder, "timeframe", self->timeframe);
    kw_json_add_int(builder, "from_us", report->from_us);
    kw_json_add_int(builder, "until_us", report->until_us);
    kw_json_add_int(builder, "requests", report->n_requests);
    kw_json_add_int(builder, "added", (gint64) report->count.n_added);
    kw_json_add_int(builder, "same", (gint64) report->count.n_same);
    kw_json_add_int(builder, "different", (gint64) report->count.n_changed);
    (void) json_builder_end_object(builder);
    text = kw_json_builder_to_text(builder);
    g_string_append_printf(self->page->out, "%s\n", text);
}

/* -- the whole -- */

static int
download_one(Download *self, const gchar *name)
{
    const KwMt5Market *market = NULL;
    KwDownloadSource source = {
        .kraken = self->kraken,
        .pairs = self->known,
        .http = self->http,
        .url = self->url != NULL ? self->url : KW_BINANCE_URL,
        .bridge = self->bridge.history,
    };
    KwDownloadOrder order = {
        .source = &source,
        .store = self->store,
        .clock = self->clock,
        .name = self->exchange,
        .timeframe_us = self->timeframe_us,
        .days = (guint) self->days,
        .is_prepend = self->is_prepend,
    };
    g_autoptr(GError) error = NULL;
    KwDownloadReport report;
    KwPair pair;
    gboolean is_done;

    if (!kw_pair_init(&pair, name, &error))
        return kw_data_page_fail_as(KW_DATA_EXIT_USAGE, error);
    order.pair = self->pair = pair.name;
    if (self->known != NULL && kw_kraken_pairs_find(self->known, pair.name) == NULL) {
        g_set_error_literal(&error, KW_EXCHANGE_ERROR, KW_EXCHANGE_ERROR_REFUSED,
                            _("this pair is not traded there"));
        return fail_pair(self, pair.name, error);
    }
    if (source.bridge != NULL)
        market = kw_mt5_directory_find_pair(self->bridge.directory, pair.name);
    source.symbol = market != NULL ? market->symbol.name : NULL;
    is_done = kw_download_run(&order, on_progress, self, &report, &error);
    if (self->on_terminal)
        g_printerr("\r\033[K");
    if (!is_done)
        return fail_pair(self, pair.name, error);
    if (self->is_json)
        print_report_json(self, pair.name, &report);
    else
        print_report(self, pair.name, &report);
    return 0;
}

/* Lengths that all of them know; of a bridge only those up to an hour */
static gboolean
is_offered(const gchar *timeframe)
{
    static const gchar *const offered[] = {"1m", "5m", "15m", "30m", "1h", "4h", "1d", NULL};

    return g_strv_contains(offered, timeframe);
}

static int
check_options(Download *self)
{
    g_autoptr(GError) error = NULL;

    if (self->exchange == NULL ||
        (!is_kraken(self) && !is_bridge(self) && strcmp(self->exchange, "binance") != 0))
        return kw_data_page_fail(KW_DATA_EXIT_USAGE,
                                 _("--exchange must be kraken, binance or mt5"));
    if (self->pairs == NULL)
        return kw_data_page_fail(KW_DATA_EXIT_USAGE, _("--pairs is missing, as in BTC/EUR"));
    if (self->days < 1 || self->days > MAX_DAYS)
        return kw_data_page_fail(KW_DATA_EXIT_USAGE, _("--days must be between 1 and 36500"));
    if (!is_offered(self->timeframe))
        return kw_data_page_fail(KW_DATA_EXIT_USAGE,
                                 _("--timeframe must be one of 1m, 5m, 15m, 30m, 1h, 4h, 1d"));
    return kw_timeframe_parse(self->timeframe, &self->timeframe_us, &error)
               ? 0
               : kw_data_page_fail_as(KW_DATA_EXIT_USAGE, error);
}

static int
download_all(Download *self)
{
    g_auto(GStrv) names = NULL;
    g_autoptr(GError) error = NULL;
    int status = check_options(self);

    if (status == 0 && is_bridge(self))
        status =
            kw_data_bridge_open(&self->bridge, self->config, self->pairs, self->timeframe_us);
    if (status != 0)
        return status;
    self->store = kw_data_page_open_store(self->root, &status);
    if (self->store == NULL)
        return status;
    self->clock = KW_CLOCK(kw_system_clock_new());
    self->on_terminal = isatty(STDERR_FILENO) == 1;
    if (!reach_exchange(self, &error))
        status = fail_pair(self, "", error);
    names = g_strsplit(self->pairs, ",", -1);
    for (guint i = 0; error == NULL && names[i] != NULL; i++) {
        int one = download_one(self, g_strstrip(names[i]));

        status = status != 0 ? status : one;
    }
    kw_market_store_close(self->store);
    return kw_data_page_end(self->page, status);
}

static void
download_clear(Download *self)
{
    g_clear_object(&self->kraken);
    g_clear_pointer(&self->known, kw_kraken_pairs_unref);
    g_clear_object(&self->http);
    kw_mt5_access_clear(&self->bridge);
    g_clear_object(&self->store);
    g_clear_object(&self->clock);
    g_free(self->exchange);
    g_free(self->pairs);
    g_free(self->timeframe);
    g_free(self->root);
    g_free(self->url);
    g_free(self->ca_file);
    g_free(self->config);
}

int
kw_data_download(int argc, char **argv)
{
    Download self = {.days = 30, .timeframe = g_strdup("1h")};
    const GOptionEntry entries[] = {
        {"exchange", 0, 0, G_OPTION_ARG_STRING, &self.exchange, _("kraken, binance or mt5"),
         "NAME"},
        {"pairs", 0, 0, G_OPTION_ARG_STRING, &self.pairs, _("pairs, separated by commas"),
         "BTC/EUR,ETH/EUR"},
        {"timeframe", 0, 0, G_OPTION_ARG_STRING, &self.timeframe, _("length of the candles"),
         "1h"},
        {"days", 0, 0, G_OPTION_ARG_INT, &self.days,
         _("days back when nothing is stored yet; with --prepend days before what is stored"),
         "30"},
        {"prepend", 0, 0, G_OPTION_ARG_NONE, &self.is_prepend,
         _("also what lies before the oldest stored candle"), NULL},
        {"url", 0, 0, G_OPTION_ARG_STRING, &self.url, _("another address of the exchange"),
         "URL"},
        {"ca-file", 0, 0, G_OPTION_ARG_FILENAME, &self.ca_file,
         _("certificates to trust instead of the system's"), "FILE"},
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &self.config,
         _("kurswart.conf with the bridge of --exchange mt5"), "FILE"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &self.is_json, _("one JSON object a pair"), NULL},
        {"root", 0, 0, G_OPTION_ARG_FILENAME, &self.root, _("data folder"), "DIR"},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(KwDataPage) page = kw_data_page_new(&error);
    int status = KW_DATA_EXIT_USAGE;

    if (page == NULL)
        return kw_data_page_fail_as(EX_OSFILE, error);
    self.page = page;
    if (kw_data_page_parse(&argc, &argv, entries, _("download"),
                           "kurswart data download --exchange kraken --pairs BTC/EUR "
                           "--timeframe 1h --days 30",
                           &status))
        status = download_all(&self);
    download_clear(&self);
    return status;
}
