/* kw-live-check.c: kurswart live check, kurswart live gate
 *
 * A bot that trades real money uses the key; a second user of it would disturb its numbers, so
 * then the key is not asked. A bot on paper does not touch it. */
#define G_LOG_DOMAIN "kw-app"

#include "kw-live-parts.h"

#include "kw-cli.h"
#include "kw-error.h"
#include "kw-format.h"
#include "kw-gate-page.h"
#include "kw-gate-proof.h"
#include "kw-go-live.h"
#include "kw-i18n.h"
#include "kw-lock-file.h"
#include "kw-options.h"
#include "kw-probation.h"

#include <math.h>
#include <sysexits.h>

/* -- check -- */

typedef struct {
    KwKrakenAccess kraken;
    KwMt5Access bridge;
} Access;

static void
access_clear(Access *self)
{
    kw_kraken_access_clear(&self->kraken);
    kw_mt5_access_clear(&self->bridge);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Access, access_clear)

static gboolean
may_ask(const KwSettings *settings, GError **error)
{
    if (settings->book.mode == KW_MODE_LIVE && kw_lock_file_get_holder(settings->root) > 0) {
        g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_BUSY,
                            _("the running bot uses it now"));
        return FALSE;
    }
    if (g_mkdir_with_parents(settings->root, 0700) != 0) {
        g_set_error(error, KW_CONFIG_ERROR, KW_CONFIG_ERROR_UNREADABLE, "%s", settings->root);
        return FALSE;
    }
    return TRUE;
}

static void
ask_kraken(Access *access, const KwSettings *settings, KwClock *clock, KwGoLive *go_live)
{
    GError *error = NULL;

    if (may_ask(settings, &error) &&
        kw_kraken_access_open(&access->kraken, settings, KW_KRAKEN_ACCESS_TRADES, clock,
                              &error))
        (void) kw_kraken_access_probe(&access->kraken, &error);
    kw_go_live_take_key(go_live, &access->kraken, error);
}

/* Any number of programs may ask a bridge. */
static void
ask_bridge(Access *access, const KwSettings *settings, KwGoLive *go_live)
{
    const gchar *const *names = kw_config_get_list(settings->bot, "trading", "pairs");
    GError *error = NULL;

    (void) kw_mt5_access_open(&access->bridge, settings, names, &error);
    kw_go_live_take_account(go_live, &access->bridge, error);
}

static void
print_probation(const KwGoLive *go_live, const KwSettings *settings)
{
    g_autoptr(KwFormat) format = kw_format_new(settings->zone, go_live->now_us);
    gint64 end_us = kw_go_live_get_probation_end_us(go_live);

    if (go_live->now_us >= end_us)
        return;
    if (kw_mt5_access_is_wanted(settings))
        g_print(_("Until %s: %d a day at most, and no trade above the smallest order of the "
                  "dearest pair.\n"),
                kw_format_day_full(format, kw_format_date_of(format, end_us)),
                KW_PROBATION_DAILY_LOSS);
    else
        g_print(_("Until %s: %d a day at most, %d to %d a trade (%s).\n"),
                kw_format_day_full(format, kw_format_date_of(format, end_us)),
                KW_PROBATION_DAILY_LOSS, KW_PROBATION_MIN_STAKE, KW_PROBATION_MAX_STAKE,
                kw_config_get_string(settings->bot, "trading", "stake_currency"));
}

static int
check(const KwSettings *settings, gboolean is_json)
{
    g_autoptr(KwSystemClock) clock = kw_system_clock_new();
    gint64 now_us = kw_clock_now_us(KW_CLOCK(clock));
    g_auto(Access) access = {0};
    g_autoptr(KwGoLive) go_live = kw_go_live_new(settings, now_us);
    g_autoptr(KwDoctor) doctor = kw_doctor_new(settings, now_us);
    g_autofree gchar *page = NULL;
    gboolean is_ready;

    if (kw_mt5_access_is_wanted(settings))
        ask_bridge(&access, settings, go_live);
    else
        ask_kraken(&access, settings, KW_CLOCK(clock), go_live);
    kw_go_live_judge(go_live, doctor);
    is_ready = kw_doctor_get_grade(doctor) != KW_DOCTOR_FAULT;
    page = is_json ? kw_doctor_to_json(doctor) : kw_doctor_to_text(doctor);
    g_print("%s%s", page, is_json ? "\n" : "");
    if (!is_json) {
        g_print("%s\n", is_ready ? _("Ready: mode = live in kurswart.conf, then restart.")
                                 : _("Not ready for real money."));
        print_probation(go_live, settings);
    }
    return is_ready ? 0 : KW_EXIT_NO;
}

int
kw_live_check(int argc, char **argv)
{
    g_auto(KwLiveOptions) options = {0};
    gboolean is_json = FALSE;
    const GOptionEntry entries[] = {
        KW_LIVE_OPTION_ENTRIES(&options),
        {"json", 0, 0, G_OPTION_ARG_NONE, &is_json, N_("machine-readable output"), NULL},
        G_OPTION_ENTRY_NULL,
    };
    const KwOptionsPage page = {
        .usage = "live check",
        .summary = _("Every condition of a start with real money, and what mends it."),
        .example = "kurswart live check --config /etc/kurswart/kurswart.conf",
        .entries = entries,
    };
    g_autoptr(KwSettings) settings = NULL;
    int status = 0;

    if (!kw_options_parse(&argc, &argv, &page, &status))
        return status;
    settings = kw_live_options_load(&options);
    return settings != NULL ? check(settings, is_json) : EX_CONFIG;
}

/* -- gate -- */

/* (transfer full) (nullable): why the span of the result is not the last three months */
static gchar *
find_span_fault(const KwGateInput *result, gint64 now_us)
{
    gint64 days = (result->end_us - result->start_us) / G_TIME_SPAN_DAY;

    if (result->end_us == 0 || result->start_us == 0)
        return g_strdup(_("the file does not say which time it covers"));
    if (days < KW_GATE_PROOF_DAYS)
        return g_strdup_printf(_("it covers %d days, three months are needed"), (gint) days);
    if (result->end_us < now_us - KW_GO_LIVE_FRESH_US)
        return g_strdup(_("its newest candle is older than two weeks"));
    return NULL;
}

static int
keep_verdict(const KwSettings *settings,
             const KwGateInput *result,
             gboolean has_passed,
             gint64 now_us)
{
    KwEvidence row = {.time_us = now_us, .kind = KW_EVIDENCE_GATE, .is_good = has_passed};
    g_autofree gchar *subject =
        kw_gate_proof_make_subject(result->strategy, result->identity, result->model);
    g_autofree gchar *pairs = g_strjoinv(", ", result->pairs);
    g_autoptr(GError) error = NULL;

    g_strlcpy(row.subject, subject, sizeof row.subject);
    g_snprintf(row.detail, sizeof row.detail, _("%u trades in %d days, drawdown %.1f %%, %s"),
               result->n_trades, (gint) ((result->end_us - result->start_us) / G_TIME_SPAN_DAY),
               isfinite(result->drawdown) ? result->drawdown * 100 : 0.0, pairs);
    if (!kw_evidence_add(settings->root, &row, &error))
        return kw_cli_fail_error(error, _("start the bot once with mode = dryrun"));
    g_print("%s\n", has_passed ? _("Kept as evidence.") : _("Kept as not passed."));
    return has_passed ? 0 : KW_EXIT_NO;
}

static int
judge(const KwSettings *settings, const gchar *path)
{
    const KwGateLimits limits = KW_GATE_LIMITS_USUAL;
    g_autoptr(KwSystemClock) clock = kw_system_clock_new();
    gint64 now_us = kw_clock_now_us(KW_CLOCK(clock));
    g_autoptr(GError) error = NULL;
    g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, &error);
    g_autoptr(GBytes) bytes = file != NULL ? g_mapped_file_get_bytes(file) : NULL;
    g_auto(KwGateInput) result = {0};
    g_autofree gchar *page = NULL, *fault = NULL;
    KwGateLine lines[KW_GATE_N_CRITERIA];
    guint n_lines = 0;
    gboolean has_passed;

    if (bytes == NULL || !kw_gate_input_parse(bytes, NULL, &result, &error))
        return kw_cli_fail_as(
            EX_DATAERR, error,
            _("give the file backtest-result-....json or .zip that the backtest "
              "has written"));
    fault = find_span_fault(&result, now_us);
    if (fault == NULL)
        fault = kw_gate_proof_find_fault(settings, &result);
    if (fault != NULL)
        return kw_cli_fail(EX_DATAERR, fault,
                           kw_mt5_access_is_wanted(settings)
                               ? _("kurswart data download --exchange mt5, then kurswart "
                                   "backtest over the last three months, with --export")
                               : _("kurswart data download --exchange kraken, then kurswart "
                                   "backtest over the last three months, with --export"));
    has_passed = kw_gate_judge(&result, &limits, lines, &n_lines);
    page = kw_gate_page_to_text(&result, lines, n_lines, &limits);
    g_print("%s", page);
    return keep_verdict(settings, &result, has_passed, now_us);
}

int
kw_live_gate(int argc, char **argv)
{
    g_auto(KwLiveOptions) options = {0};
    const GOptionEntry entries[] = {
        KW_LIVE_OPTION_ENTRIES(&options),
        G_OPTION_ENTRY_NULL,
    };
    const KwOptionsPage page = {
        .usage = "live gate FILE",
        .summary =
            _("Judges a backtest result of the last three months and keeps the verdict."),
        .example = "kurswart live gate backtest-result.json",
        .entries = entries,
        .max_args = 1,
    };
    g_autoptr(KwSettings) settings = NULL;
    int status = 0;

    if (!kw_options_parse(&argc, &argv, &page, &status))
        return status;
    if (argc != 2)
        return kw_cli_fail(KW_EXIT_USAGE, _("gate needs the result file"),
                           "kurswart live gate --help");
    settings = kw_live_options_load(&options);
    return settings != NULL ? judge(settings, argv[1]) : EX_CONFIG;
}
