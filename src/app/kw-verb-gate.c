#define G_LOG_DOMAIN "kw-app"

#include "kw-verb-gate.h"

#include "kw-cli.h"
#include "kw-error.h"
#include "kw-gate-page.h"
#include "kw-i18n.h"
#include "kw-options.h"

#include <gio/gio.h>
#include <math.h>
#include <sysexits.h>

typedef struct {
    gchar *strategy; /* owned */
    gdouble sortino, drawdown, win_rate, accuracy, calibration;
    gint trades;
    gboolean is_json;
} Options;

static void
options_clear(Options *options)
{
    g_clear_pointer(&options->strategy, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static gboolean
parse_options(int *argc, char ***argv, Options *out, int *out_status)
{
    const GOptionEntry entries[] = {
        {"sortino", 0, 0, G_OPTION_ARG_DOUBLE, &out->sortino,
         N_("Sortino ratio at least (1.5)"), "X"},
        {"drawdown", 0, 0, G_OPTION_ARG_DOUBLE, &out->drawdown,
         N_("drawdown of the account at most, in percent (20)"), "X"},
        {"trades", 0, 0, G_OPTION_ARG_INT, &out->trades, N_("trades at least (20)"), "N"},
        {"win-rate", 0, 0, G_OPTION_ARG_DOUBLE, &out->win_rate,
         N_("win rate at least, in percent (45)"), "X"},
        {"accuracy", 0, 0, G_OPTION_ARG_DOUBLE, &out->accuracy,
         N_("classifiers: accuracy at least, in percent (68)"), "X"},
        {"calibration", 0, 0, G_OPTION_ARG_DOUBLE, &out->calibration,
         N_("classifiers: calibration error at most, in points (5)"), "X"},
        {"strategy", 0, 0, G_OPTION_ARG_STRING, &out->strategy,
         N_("which strategy, when the file has several"), "NAME"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &out->is_json, N_("machine-readable output"), NULL},
        G_OPTION_ENTRY_NULL};
    const KwOptionsPage page = {
        .usage = "gate FILE",
        .summary = N_("Judges a backtest result, ours or freqtrade's, also as zip."),
        .example = "kurswart gate backtest-result.json --sortino 1.5 --drawdown 20",
        .entries = entries,
        .max_args = 1,
    };

    if (!kw_options_parse(argc, argv, &page, out_status))
        return FALSE;
    if (*argc != 2) {
        *out_status =
            kw_cli_fail(KW_EXIT_USAGE, _("gate needs the result file"), "kurswart gate --help");
        return FALSE;
    }
    return TRUE;
}

/* Percent as typed to ratios. Returns: %FALSE when a value makes no sense */
static gboolean
make_limits(const Options *options, KwGateLimits *out)
{
    const gdouble percents[] = {options->drawdown, options->win_rate, options->accuracy,
                                options->calibration};

    for (gsize i = 0; i < G_N_ELEMENTS(percents); i++) {
        if (!(percents[i] >= 0 && percents[i] <= 100))
            return FALSE;
    }
    if (!isfinite(options->sortino) || options->trades < 0)
        return FALSE;
    *out = (KwGateLimits){
        .min_sortino = options->sortino,
        .max_drawdown = options->drawdown / 100,
        .min_trades = (guint) options->trades,
        .min_win_rate = options->win_rate / 100,
        .min_accuracy = options->accuracy / 100,
        .max_calibration_error = options->calibration / 100,
    };
    return TRUE;
}

static int
complain(const gchar *path, const GError *error, const Options *options)
{
    g_autofree gchar *name = g_filename_display_basename(path);
    g_autofree gchar *text = NULL;

    if (error->domain != KW_MODEL_ERROR)
        return kw_cli_fail_as(EX_NOINPUT, error, NULL);
    if (error->code == KW_MODEL_ERROR_ABSENT) {
        text = g_strdup_printf(options->strategy == NULL
                                   ? _("%s: which strategy is meant? It has: %s")
                                   : _("%s: there is no such strategy; it has: %s"),
                               name, error->message);
        return kw_cli_fail(KW_EXIT_USAGE, text, "--strategy NAME");
    }
    text = g_strdup_printf(_("%s is no result file of a backtest (%s)"), name, error->message);
    return kw_cli_fail(
        EX_DATAERR, text,
        _("give the file backtest-result-....json or .zip that the backtest has written"));
}

static int
judge(const char *path, const Options *options, const KwGateLimits *limits)
{
    g_autoptr(GMappedFile) file = NULL;
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(GError) error = NULL;
    g_auto(KwGateInput) result = {0};
    KwGateLine lines[KW_GATE_N_CRITERIA];
    g_autofree gchar *text = NULL;
    gboolean passed;
    guint n_lines = 0;

    if (g_file_test(path, G_FILE_TEST_IS_DIR))
        g_set_error(&error, G_FILE_ERROR, G_FILE_ERROR_ISDIR, "%s: Is a directory", path);
    else
        file = g_mapped_file_new(path, FALSE, &error);
    if (file == NULL)
        return complain(path, error, options);
    bytes = g_mapped_file_get_bytes(file);
    if (!kw_gate_input_parse(bytes, options->strategy, &result, &error))
        return complain(path, error, options);
    passed = kw_gate_judge(&result, limits, lines, &n_lines);
    text = options->is_json ? kw_gate_page_to_json(&result, lines, n_lines)
                            : kw_gate_page_to_text(&result, lines, n_lines, limits);
    g_print("%s%s", text, options->is_json ? "\n" : "");
    return passed ? 0 : KW_EXIT_NO;
}

int
kw_verb_gate(int argc, char **argv)
{
    const KwGateLimits usual = KW_GATE_LIMITS_USUAL;
    g_auto(Options) options = {
        .sortino = usual.min_sortino,
        .drawdown = usual.max_drawdown * 100,
        .win_rate = usual.min_win_rate * 100,
        .accuracy = usual.min_accuracy * 100,
        .calibration = usual.max_calibration_error * 100,
        .trades = (gint) usual.min_trades,
    };
    KwGateLimits limits;
    int status = 0;

    if (!parse_options(&argc, &argv, &options, &status))
        return status;
    if (!make_limits(&options, &limits))
        return kw_cli_fail(KW_EXIT_USAGE,
                           _("limits are percentages from 0 to 100, trades "
                             "not below 0"),
                           "kurswart gate --help");
    return judge(argv[1], &options, &limits);
}
