#include "kw-verb-backtest.h"

#include "kw-backtest-extras.h"
#include "kw-backtest-page.h"
#include "kw-backtest-plot.h"
#include "kw-backtest-walk.h"
#include "kw-cli.h"
#include "kw-data-page.h"
#include "kw-i18n.h"
#include "kw-options.h"
#include "kw-result-file.h"
#include "kw-result-json.h"
#include "kw-timeframe.h"
#include "kw-walk-page.h"

#include <sysexits.h>

#define USUAL_LATENCY_MS 100
#define LATENCY_UNSET G_MININT

typedef struct {
    KwLabWish wish;
    KwBacktestWalk forward;
    gchar *export, *plot, *friction_path;
    gint64 seed;
    gint latency_ms;
    KwFriction *friction; /* owned; NULL: orders fill at the price of the rules */
    gboolean is_json;
    KwDataPage *page; /* borrowed */
    KwRunLog *steps;  /* owned */
} Run;

/* What failed is told before this. */
static int
fail_step(const Run *run, const gchar *step, const GError *error)
{
    kw_run_log_fail(run->steps, step, error->message);
    return kw_cli_fail_as(EX_DATAERR, error, NULL);
}

static void
end_trading(const Run *run, const KwResult *result)
{
    const KwBacktestStats *stats = &result->stats;
    g_autofree gchar *text =
        g_strdup_printf("trades=%u profit=%.6f sortino=%.4f drawdown=%.6f", stats->n,
                        stats->profit_total, stats->sortino, stats->drawdown.account);

    kw_run_log_end(run->steps, "backtest", text);
}

static int
print_result(const Run *run, const KwLabInput *input, const KwResult *result)
{
    const KwBacktestExtras extras = {.study = input->study,
                                     .options = &input->options,
                                     .result = result,
                                     .currency = input->currency,
                                     .seed = (guint64) run->seed};

    if (run->is_json) {
        g_autoptr(JsonNode) root = kw_result_to_json(result);
        g_autofree gchar *text = NULL;

        if (run->forward.walk != NULL)
            json_object_set_member(json_node_get_object(root), "walk_forward",
                                   kw_walk_page_to_json(run->forward.walk));
        text = json_to_string(root, FALSE);
        g_string_append_printf(run->page->out, "%s\n", text);
    } else {
        kw_backtest_page_print(run->page->out, run->page->format, input, result);
        if (run->forward.walk != NULL) {
            g_string_append_c(run->page->out, '\n');
            kw_walk_page_print(run->forward.walk, run->page->out, run->page->format);
        }
        kw_backtest_extras_print(&extras, run->page->out, run->page->format);
    }
    if (run->export != NULL) {
        g_autoptr(GError) error = NULL;
        g_autofree gchar *path = kw_result_export(result, run->export, &error);

        if (path == NULL)
            return kw_cli_fail_as(EX_CANTCREAT, error, NULL);
        if (!run->is_json)
            g_string_append_printf(run->page->out, _("\nwritten: %s\n"), path);
    }
    if (run->plot != NULL) {
        g_autoptr(GError) error = NULL;
        guint n = kw_backtest_plot_write(run->plot, run->page->format, input, result, &error);

        if (n == 0)
            return kw_cli_fail_as(EX_CANTCREAT, error, NULL);
        if (!run->is_json)
            g_string_append_printf(run->page->out, _("\ndrawn: %s and %u more\n"), run->plot,
                                   n - 1);
    }
    return kw_data_page_end(run->page, 0);
}

/* (transfer full): "20240101-20240601" as the reference writes it */
static gchar *
make_timerange(const KwLabWish *wish)
{
    g_auto(GStrv) from = g_strsplit(wish->from != NULL ? wish->from : "", "-", -1);
    g_auto(GStrv) to = g_strsplit(wish->to != NULL ? wish->to : "", "-", -1);
    g_autofree gchar *first = g_strjoinv("", from);
    g_autofree gchar *last = g_strjoinv("", to);

    if (wish->from == NULL && wish->to == NULL)
        return g_strdup("");
    return g_strconcat(first, "-", last, NULL);
}

static int
run_backtest(const Run *run, const KwLabInput *input)
{
    g_autoptr(GError) error = NULL;
    g_autofree gchar *timerange = make_timerange(&run->wish);
    g_autoptr(KwBacktest) backtest = NULL;
    g_autoptr(KwResult) result = NULL;
    KwResultFacts facts = {
        .strategy = input->options.strategy,
        .identity = input->options.strategy_hash,
        .pairs = (const gchar *const *) input->names,
        .stake_currency = input->currency,
        .timeframe = kw_timeframe_to_string(input->options.terms.timeframe_us),
        .timeframe_detail = run->wish.detail != NULL ? run->wish.detail : "",
        .timerange = timerange,
        .run_start_us = run->page->now_us,
    };

    if (!kw_study_build(input->study, input->strategy, &error))
        return fail_step(run, "columns", error);
    kw_run_log_end(run->steps, "columns", "");
    if (run->forward.walk != NULL)
        kw_study_set_window(input->study, kw_walk_get_span(run->forward.walk).begin_us,
                            input->to_us);
    facts.model = kw_lab_input_get_model(input);
    facts.market_change = kw_study_get_market_change(input->study);
    backtest = kw_study_run(input->study, &input->options, &error);
    if (backtest == NULL)
        return fail_step(run, "backtest", error);
    facts.run_end_us = facts.run_start_us;
    result = kw_result_new(backtest, &facts);
    end_trading(run, result);
    return print_result(run, input, result);
}

static int
load_and_run(Run *run)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KwDataPage) page = kw_data_page_new(&error);
    g_autoptr(KwLabInput) input = NULL;
    int status = EX_SOFTWARE;

    if (page == NULL)
        return kw_cli_fail_as(EX_SOFTWARE, error, NULL);
    run->page = page;
    if (run->latency_ms != LATENCY_UNSET && run->friction_path == NULL)
        return kw_cli_fail(KW_EXIT_USAGE, _("--latency counts with --execution only"), NULL);
    if (run->latency_ms == LATENCY_UNSET)
        run->latency_ms = USUAL_LATENCY_MS;
    if (run->latency_ms < 0)
        return kw_cli_fail(KW_EXIT_USAGE, _("--latency is at least 0"), NULL);
    if (!kw_backtest_walk_check(&run->forward, &run->wish, run->seed, &status))
        return status;
    input = kw_lab_input_load(&run->wish, &status);
    if (input != NULL && run->friction_path != NULL) {
        run->friction = kw_friction_load(run->friction_path, (guint64) run->seed,
                                         (guint) run->latency_ms, &error);
        if (run->friction == NULL)
            return kw_cli_fail_error(error, NULL);
        input->options.friction = run->friction;
    }
    if (input == NULL)
        return status;
    run->steps = kw_lab_input_log_steps(input, KW_RUN_BACKTEST, page->now_us);
    if (!kw_backtest_walk_run(&run->forward, input, page->now_us, &status)) {
        kw_run_log_fail(run->steps, "walk", "");
        return status;
    }
    if (run->forward.walk != NULL)
        kw_run_log_end(run->steps, "walk", "");
    status = run_backtest(run, input);
    if (status == 0)
        kw_run_log_end(run->steps, "report", "");
    return status;
}

int
kw_verb_backtest(int argc, char **argv)
{
    Run run = {.seed = 1, .latency_ms = LATENCY_UNSET};
    const GOptionEntry own[] = {
        {"export", 0, 0, G_OPTION_ARG_FILENAME, &run.export,
         N_("write the result in freqtrade's shape to this file or folder"), "FILE"},
        {"plot", 0, 0, G_OPTION_ARG_FILENAME, &run.plot,
         N_("draw equity, drawdown and the trades on candles into this PNG and others"),
         "FILE"},
        {"execution", 0, 0, G_OPTION_ARG_FILENAME, &run.friction_path,
         N_("spread and slippage from this file of measured figures"), "FILE"},
        {"latency", 0, 0, G_OPTION_ARG_INT, &run.latency_ms,
         N_("milliseconds from candle to order; above 500 bad slippage is paid (100)"), "N"},
        {"seed", 0, 0, G_OPTION_ARG_INT64, &run.seed, N_("of what is drawn by lot (1)"), "N"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &run.is_json, N_("the same on standard output"),
         NULL},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(GOptionEntry));
    int status = KW_EXIT_USAGE;

    kw_backtest_walk_init(&run.forward);
    kw_lab_wish_add_entries(&run.wish, entries);
    kw_backtest_walk_add_entries(&run.forward, entries);
    g_array_append_vals(entries, own, G_N_ELEMENTS(own));
    if (kw_cli_parse(&argc, &argv, (const GOptionEntry *) (gconstpointer) entries->data,
                     _("Runs a strategy over stored candles, by the rules of freqtrade."),
                     "kurswart backtest --strategy ema_cross.lua --data demo", &status))
        status = load_and_run(&run);
    kw_lab_wish_clear(&run.wish);
    kw_backtest_walk_clear(&run.forward);
    g_free(run.export);
    g_free(run.plot);
    g_free(run.friction_path);
    g_clear_pointer(&run.friction, kw_friction_free);
    g_clear_pointer(&run.steps, kw_run_log_free);
    return status;
}
