#define G_LOG_DOMAIN "kw-app"

#include "kw-verb-train.h"

#include "kw-cli.h"
#include "kw-data-page.h"
#include "kw-date.h"
#include "kw-error.h"
#include "kw-i18n.h"
#include "kw-train-run.h"

#include <string.h>
#include <sysexits.h>

#define FEATURES_RESOURCE "/kurswart/features/standard.ini"
#define DEFAULT_NAME "boost"
#define DEFAULT_TEST_DAYS 90
#define MEGABYTE (1024 * 1024)

typedef struct {
    KwLabWish wish;
    gchar *features, *name, *label, *worker; /* owned */
    gint horizon, test_days, rounds, depth, seed, threads, memory;
    gdouble eta;
    gboolean resumes, promotes, is_json;
} Options;

static void
options_clear(Options *self)
{
    kw_lab_wish_clear(&self->wish);
    g_free(self->features);
    g_free(self->name);
    g_free(self->label);
    g_free(self->worker);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static gboolean
parse_options(int argc, char **argv, Options *self, int *out_status)
{
    const GOptionEntry own[] = {
        {"features", 0, 0, G_OPTION_ARG_FILENAME, &self->features,
         N_("feature list (the bundled one)"), "FILE"},
        {"name", 0, 0, G_OPTION_ARG_STRING, &self->name, N_("name of the model (boost)"),
         "NAME"},
        {"label", 0, 0, G_OPTION_ARG_STRING, &self->label,
         N_("what is learned: return or direction (return)"), "WORD"},
        {"horizon", 0, 0, G_OPTION_ARG_INT, &self->horizon,
         N_("candles that it looks ahead (12)"), "N"},
        {"test-days", 0, 0, G_OPTION_ARG_INT, &self->test_days,
         N_("last days, kept for judging (90)"), "N"},
        {"rounds", 0, 0, G_OPTION_ARG_INT, &self->rounds, N_("trees at most (300)"), "N"},
        {"depth", 0, 0, G_OPTION_ARG_INT, &self->depth, N_("depth of a tree (6)"), "N"},
        {"eta", 0, 0, G_OPTION_ARG_DOUBLE, &self->eta, N_("weight of a tree (0.05)"), "X"},
        {"seed", 0, 0, G_OPTION_ARG_INT, &self->seed, N_("same seed, same model (1)"), "N"},
        {"threads", 0, 0, G_OPTION_ARG_INT, &self->threads,
         N_("threads (one less than processors)"), "N"},
        {"memory", 0, 0, G_OPTION_ARG_INT, &self->memory,
         N_("memory of the training in MB at most (no limit)"), "N"},
        {"resume", 0, 0, G_OPTION_ARG_NONE, &self->resumes,
         N_("go on with a training that was interrupted"), NULL},
        {"promote-if-passed", 0, 0, G_OPTION_ARG_NONE, &self->promotes,
         N_("put the model to use when it passes the gate"), NULL},
        {"json", 0, 0, G_OPTION_ARG_NONE, &self->is_json, N_("machine-readable output"), NULL},
        {"worker", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_FILENAME, &self->worker, NULL, "DIR"},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(GOptionEntry));

    kw_lab_wish_add_entries(&self->wish, entries);
    g_array_append_vals(entries, own, G_N_ELEMENTS(own));
    return kw_cli_parse(&argc, &argv, (const GOptionEntry *) (gconstpointer) entries->data,
                        _("Trains a model on stored candles and judges it on unseen ones."),
                        "kurswart train --pairs BTC/USDT,ETH/USDT --promote-if-passed",
                        out_status);
}

static guint
default_threads(void)
{
    return (guint) MAX(1, (gint) g_get_num_processors() - 1);
}

/* Returns: %FALSE after saying what is wrong */
static gboolean
fill_run(const Options *self, KwTrainRun *out, int *out_status)
{
    KwBoosterParams params = KW_BOOSTER_PARAMS_USUAL;
    g_autoptr(GError) error = NULL;

    *out_status = KW_EXIT_USAGE;
    out->name = self->name != NULL ? self->name : DEFAULT_NAME;
    if (!kw_registry_is_name(out->name)) {
        (void) kw_cli_fail(KW_EXIT_USAGE, _("--name: small letters, digits and _ only"), NULL);
        return FALSE;
    }
    if (self->label != NULL && !g_str_equal(self->label, "return") &&
        !g_str_equal(self->label, "direction")) {
        (void) kw_cli_fail(KW_EXIT_USAGE, _("--label is return or direction"), NULL);
        return FALSE;
    }
    out->label =
        g_strcmp0(self->label, "direction") == 0 ? KW_LABEL_DIRECTION : KW_LABEL_RETURN;
    params.objective =
        out->label == KW_LABEL_DIRECTION ? KW_OBJECTIVE_CLASSIFIER : KW_OBJECTIVE_REGRESSION;
    params.n_rounds = (guint) self->rounds;
    params.max_depth = (guint) self->depth;
    params.seed = (guint) self->seed;
    params.eta = self->eta;
    params.n_threads = self->threads > 0 ? (guint) self->threads : default_threads();
    if (self->horizon < 1 || self->test_days < 1 || self->memory < 0 ||
        !kw_booster_params_check(&params, &error)) {
        (void) kw_cli_fail(KW_EXIT_USAGE, _("a number is out of range"),
                           error == NULL ? "kurswart train --help" : error->message);
        return FALSE;
    }
    out->params = params;
    out->max_bytes = (guint64) self->memory * MEGABYTE;
    out->test_us = self->test_days * G_TIME_SPAN_DAY;
    out->resumes = self->resumes;
    out->wish = self->promotes ? KW_TRAIN_PROMOTE : KW_TRAIN_KEEP;
    return TRUE;
}

/* (transfer full): text of the feature list; %NULL after saying that it cannot be read */
static GBytes *
load_features(const Options *self, int *out_status)
{
    g_autoptr(GError) error = NULL;
    gchar *text = NULL;
    gsize length = 0;

    if (self->features == NULL || g_str_equal(self->features, "standard"))
        return g_resources_lookup_data(FEATURES_RESOURCE, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    if (g_file_get_contents(self->features, &text, &length, &error))
        return g_bytes_new_take(text, length);
    *out_status = kw_cli_fail(EX_NOINPUT, error->message, NULL);
    return NULL;
}

static int
complain(const GError *error)
{
    g_autofree gchar *reason = kw_train_page_refusal_text(error);
    g_autofree gchar *text =
        g_strdup_printf(_("no model was made; the one in use stays: %s"), reason);

    if (g_error_matches(error, KW_MODEL_ERROR, KW_MODEL_ERROR_ABSENT))
        return kw_cli_fail(EX_UNAVAILABLE, text, "sudo apt install libxgboost0");
    if (g_error_matches(error, KW_MODEL_ERROR, KW_MODEL_ERROR_TRAINING) ||
        g_error_matches(error, KW_MODEL_ERROR, KW_MODEL_ERROR_CANCELLED))
        return kw_cli_fail(EX_SOFTWARE, text, _("the same command with --resume goes on"));
    return kw_cli_fail(EX_DATAERR, text, NULL);
}

/* The day that --to names was read already when the candles were loaded */
static gint64
end_of_period(const KwLabWish *wish)
{
    KwDate date;

    if (wish->to == NULL || !kw_date_parse(wish->to, &date, NULL))
        return G_MAXINT64;
    return kw_date_to_days(date) * KW_US_PER_DAY;
}

static int
run_all(Options *self, KwTrainRun *run, KwDataPage *page)
{
    g_autoptr(KwLabInput) input = NULL;
    g_autoptr(KwTraining) training = NULL;
    g_autoptr(GError) error = NULL;
    KwTrainOutcome outcome = {.limits = KW_GATE_LIMITS_USUAL};
    g_autofree gchar *text = NULL;
    int status = EX_SOFTWARE;

    run->now_us = page->now_us;
    if (self->wish.strategy == NULL)
        self->wish.strategy = g_strdup("boost.lua");
    input = kw_lab_input_load(&self->wish, &status);
    if (input == NULL)
        return status;
    run->until_us = end_of_period(&self->wish);
    run->horizon_us = self->horizon * kw_strategy_get_terms(input->strategy)->timeframe_us;
    if (!kw_train_run(run, input, &training, &outcome, &error)) {
        kw_gate_input_clear(&outcome.result);
        return complain(error);
    }
    text = self->is_json ? kw_train_page_to_json(&outcome)
                         : kw_train_page_to_text(&outcome, page->format);
    g_string_append_printf(page->out, "%s%s", text, self->is_json ? "\n" : "");
    kw_gate_input_clear(&outcome.result);
    g_free(outcome.refusal);
    status = run->wish == KW_TRAIN_KEEP || outcome.promoted ? 0 : KW_EXIT_NO;
    return kw_data_page_end(page, status);
}

int
kw_verb_train(int argc, char **argv)
{
    const KwBoosterParams usual = KW_BOOSTER_PARAMS_USUAL;
    g_auto(Options) options = {.horizon = 12,
                               .test_days = DEFAULT_TEST_DAYS,
                               .rounds = (gint) usual.n_rounds,
                               .depth = (gint) usual.max_depth,
                               .seed = (gint) usual.seed,
                               .eta = usual.eta};
    KwTrainRun run = {0};
    g_autoptr(KwDataPage) page = NULL;
    g_autoptr(GBytes) features = NULL;
    g_autoptr(GError) error = NULL;
    int status = KW_EXIT_USAGE;

    if (!parse_options(argc, argv, &options, &status))
        return status;
    if (options.worker != NULL)
        return kw_train_job_work(options.worker, NULL) ? 0 : EX_SOFTWARE;
    if (!fill_run(&options, &run, &status))
        return status;
    features = load_features(&options, &status);
    if (features == NULL)
        return status;
    run.features = features;
    page = kw_data_page_new(&error);
    if (page == NULL)
        return kw_cli_fail(EX_SOFTWARE, error->message, NULL);
    return run_all(&options, &run, page);
}
