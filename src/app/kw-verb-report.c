/* kw-verb-report.c: figures and picture from the ledger, whether the bot runs or not
 *
 * Only read: the daemon may hold the ledger at the same time. The present of the report is the
 * last row that was decided on, so a ledger that has rested for a month reports as it was left.
 */
#define G_LOG_DOMAIN "kw-app"

#include "kw-verb-report.h"

#include "kw-cli.h"
#include "kw-i18n.h"
#include "kw-past.h"
#include "kw-report-page.h"
#include "kw-sketch.h"
#include "kw-source.h"

#include <string.h>
#include <sysexits.h>

typedef struct {
    gchar *config, *limits, *root, *from, *to, *plot, *picture, *pair; /* owned */
    gboolean is_json;
} Options;

static void
options_clear(Options *self)
{
    gchar *texts[] = {self->config, self->limits,  self->root, self->from,
                      self->to,     self->picture, self->plot, self->pair};

    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

typedef struct {
    const Options *options;
    KwSettings *settings; /* owned */
    KwStoreState state;
    KwFakeClock *clock; /* owned */
    KwFeed *feed;       /* owned */
    GArray *config;     /* owned */
    KwPast *past;       /* owned */
    KwSpan span;
} Report;

static void
report_clear(Report *self)
{
    g_clear_pointer(&self->past, kw_past_free);
    g_clear_pointer(&self->config, g_array_unref);
    g_clear_object(&self->feed);
    g_clear_object(&self->clock);
    kw_store_state_clear(&self->state);
    g_clear_pointer(&self->settings, kw_settings_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Report, report_clear)

static gboolean
parse_options(int *argc, char ***argv, Options *out, int *out_status)
{
    const GOptionEntry entries[] = {
        {"from", 0, 0, G_OPTION_ARG_STRING, &out->from, N_("first day (the start)"), "DATE"},
        {"to", 0, 0, G_OPTION_ARG_STRING, &out->to, N_("last day (today)"), "DATE"},
        {"plot", 0, 0, G_OPTION_ARG_FILENAME, &out->plot, N_("a picture, as PNG"), "FILE"},
        {"picture", 0, 0, G_OPTION_ARG_STRING, &out->picture,
         N_("equity (default), drawdown, days, pairs or candles"), "KIND"},
        {"pair", 0, 0, G_OPTION_ARG_STRING, &out->pair, N_("of the candles"), "PAIR"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &out->is_json, N_("machine-readable output"), NULL},
        {"config", 0, 0, G_OPTION_ARG_FILENAME, &out->config, N_("kurswart.conf to read"),
         "FILE"},
        {"limits", 0, 0, G_OPTION_ARG_FILENAME, &out->limits, N_("limits.conf to read"),
         "FILE"},
        {"root", 0, 0, G_OPTION_ARG_FILENAME, &out->root, N_("data root"), "DIR"},
        G_OPTION_ENTRY_NULL};

    return kw_cli_parse(argc, argv, entries, _("profit, trades and fees from the ledger"),
                        "kurswart report --from 2024-01-01 --plot konto.png", out_status);
}

/* -- what is asked -- */

static gboolean
read_day(const gchar *text, KwDate fallback, KwDate *out)
{
    g_autofree gchar *complaint = NULL;

    *out = fallback;
    if (text == NULL || kw_date_parse(text, out, NULL))
        return TRUE;
    complaint =
        g_strdup_printf("\"%s\": %s", text, _("not a date; it looks like this: 2024-03-01"));
    (void) kw_cli_fail(KW_EXIT_USAGE, complaint, NULL);
    return FALSE;
}

static gboolean
read_span(Report *self)
{
    const Options *options = self->options;
    KwDate today =
        kw_zone_get_date(self->settings->zone, kw_clock_now_us(KW_CLOCK(self->clock)));

    self->span.kind = KW_SPAN_ALL;
    if (options->from == NULL && options->to == NULL)
        return TRUE;
    self->span.kind = KW_SPAN_DAYS;
    if (!read_day(options->from, (KwDate){2000, 1, 1}, &self->span.from) ||
        !read_day(options->to, today, &self->span.to))
        return FALSE;
    if (kw_date_to_days(self->span.from) <= kw_date_to_days(self->span.to))
        return TRUE;
    (void) kw_cli_fail(KW_EXIT_USAGE, _("--from must not be after --to"), NULL);
    return FALSE;
}

static gboolean
find_kind(const gchar *name, KwChartKind *out)
{
    for (guint i = KW_CHART_NONE + 1; i < KW_N_CHART_KINDS; i++) {
        if (i == KW_CHART_CALIBRATION || strcmp(kw_chart_kind_to_string(i), name) != 0)
            continue;
        *out = (KwChartKind) i;
        return TRUE;
    }
    return FALSE;
}

static int
check_picture(const Options *options, KwChartKind *out)
{
    *out = KW_CHART_EQUITY;
    if (options->plot == NULL && (options->picture != NULL || options->pair != NULL))
        return kw_cli_fail(KW_EXIT_USAGE, _("--picture and --pair need --plot"), NULL);
    if (options->picture != NULL && !find_kind(options->picture, out))
        return kw_cli_fail(KW_EXIT_USAGE, _("there is no such picture"),
                           "--picture equity|drawdown|days|pairs|candles");
    if ((*out == KW_CHART_CANDLES) != (options->pair != NULL))
        return kw_cli_fail(KW_EXIT_USAGE,
                           _("--pair belongs to --picture candles, and it to it"),
                           "--picture candles --pair BTC/USDT");
    return 0;
}

/* -- what is there -- */

/* Prices of what is open come from stored candles; without any, the ledger still has the
 * results. */
static gboolean
open_feed(Report *self, GError **error)
{
    g_auto(GStrv) names = NULL;
    KwReplayPair pairs[KW_FEED_MAX_PAIRS] = {0};
    KwReplayFeed *feed = kw_source_open(self->settings, KW_CLOCK(self->clock), NULL);
    guint n = 0;

    if (feed == NULL) {
        names = kw_source_list_pairs(self->settings);
        for (; names[n] != NULL && n < KW_FEED_MAX_PAIRS; n++) {
            if (!kw_pair_init(&pairs[n].pair, names[n], error))
                return FALSE;
            pairs[n].series = kw_series_new(G_TIME_SPAN_HOUR);
        }
        feed = kw_replay_feed_new(KW_CLOCK(self->clock), pairs, n, error);
    }
    if (feed != NULL)
        self->feed = KW_FEED(feed);
    return feed != NULL;
}

/* What is loaded depends on the present, and that stands in what is loaded. */
static gboolean
read_state(Report *self, gint64 now_us, GError **error)
{
    const KwSettings *settings = self->settings;
    gint64 row_us;

    if (!kw_store_read(settings->root, settings->book.mode, now_us, &self->state, error))
        return FALSE;
    row_us = kw_past_get_row_us(&self->state);
    kw_store_state_clear(&self->state);
    if (!kw_store_read(settings->root, settings->book.mode, row_us > 0 ? row_us : now_us,
                       &self->state, error))
        return FALSE;
    row_us = kw_past_get_row_us(&self->state); /* days of equity may follow the decision */
    self->clock = kw_fake_clock_new(row_us > 0 ? row_us : now_us);
    return TRUE;
}

static gboolean
open_ledger(Report *self, GError **error)
{
    const KwSettings *settings = self->settings;
    g_autoptr(KwSystemClock) system = kw_system_clock_new();
    gint64 now_us = kw_clock_now_us(KW_CLOCK(system));
    KwPastParts parts = {.root = settings->root,
                         .settings = &settings->book,
                         .limits = &settings->hard,
                         .state = &self->state};

    if (!read_state(self, now_us, error) || !open_feed(self, error))
        return FALSE;
    self->config = kw_settings_list(settings);
    parts.clock = KW_CLOCK(self->clock);
    parts.feed = self->feed;
    parts.config = self->config;
    self->past = kw_past_new(&parts, error);
    return self->past != NULL;
}

/* -- what is told -- */

static int
plot(const Report *self, const KwReportPage *page, KwChartKind kind)
{
    KwChartRequest request = {.kind = kind, .period = kw_report_page_get_period(page)};
    g_autoptr(KwSketch) sketch = NULL;
    g_autoptr(GBytes) png = NULL;
    g_autoptr(GError) error = NULL;
    KwChartMarks marks;
    gsize size = 0;

    if (self->options->pair != NULL)
        g_strlcpy(request.pair, self->options->pair, sizeof request.pair);
    sketch = kw_sketch_new(page->query, page->zone, self->settings->paper, &request);
    if (sketch == NULL)
        return kw_cli_fail(KW_EXIT_NO, _("there is too little for a picture"),
                           _("a longer period, or later"));
    png = kw_sketch_draw(sketch, &marks, &error);
    if (png == NULL || !g_file_set_contents(self->options->plot, g_bytes_get_data(png, &size),
                                            (gssize) g_bytes_get_size(png), &error))
        return kw_cli_fail_as(EX_CANTCREAT, error, NULL);
    return 0;
}

static int
tell(const Report *self, KwChartKind kind)
{
    const KwReportPage page = {kw_past_get_query(self->past), self->settings->zone,
                               &self->span};
    g_autofree gchar *text =
        self->options->is_json ? kw_report_page_to_json(&page) : kw_report_page_to_text(&page);

    g_print("%s%s", text, self->options->is_json ? "\n" : "");
    return self->options->plot != NULL ? plot(self, &page, kind) : 0;
}

int
kw_verb_report(int argc, char **argv)
{
    g_auto(Options) options = {0};
    g_auto(Report) report = {.options = &options};
    g_autoptr(GPtrArray) problems = kw_config_problems_new();
    g_auto(GStrv) environment = g_get_environ();
    g_autoptr(GError) error = NULL;
    g_autofree gchar *ledger = NULL;
    KwSettingsPaths paths;
    KwChartKind kind;
    int status = 0;

    if (!parse_options(&argc, &argv, &options, &status))
        return status;
    status = check_picture(&options, &kind);
    if (status != 0)
        return status;
    paths = (KwSettingsPaths){options.config, options.limits, options.root};
    report.settings =
        kw_settings_load(&paths, (const gchar *const *) environment, NULL, problems);
    if (report.settings == NULL)
        return kw_cli_report_problems(problems);
    ledger = g_build_filename(report.settings->root, KW_STORE_LEDGER_FILE, NULL);
    if (!kw_cli_is_there(ledger))
        return EX_NOINPUT;
    if (!open_ledger(&report, &error))
        return kw_cli_fail_error(error, "kurswart doctor");
    if (!read_span(&report))
        return KW_EXIT_USAGE;
    return tell(&report, kind);
}
