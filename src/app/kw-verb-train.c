#define G_LOG_DOMAIN "kw-app"

#include "kw-verb-train.h"

#include "kw-cli.h"
#include "kw-data-page.h"
#include "kw-error.h"
#include "kw-i18n.h"
#include "kw-train-run.h"

#include <string.h>
#include <sysexits.h>

#define DEFAULT_NAME "boost"
#define DEFAULT_TEST_DAYS 90

typedef struct {
    KwLabWish wish;
    KwTrainRecipe recipe;
    gchar *name, *worker; /* owned */
    gint test_days, seed;
    gboolean resumes, promotes, is_json;
} Options;

static void
options_clear(Options *self)
{
    kw_lab_wish_clear(&self->wish);
    kw_train_recipe_clear(&self->recipe);
    g_free(self->name);
    g_free(self->worker);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static gboolean
parse_options(int argc, char **argv, Options *self, int *out_status)
{
    const GOptionEntry own[] = {
        {"name", 0, 0, G_OPTION_ARG_STRING, &self->name, N_("name of the model (boost)"),
         "NAME"},
        {"test-days", 0, 0, G_OPTION_ARG_INT, &self->test_days,
         N_("last days, kept for judging (90)"), "N"},
        {"seed", 0, 0, G_OPTION_ARG_INT, &self->seed, N_("same seed, same model (1)"), "N"},
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
    kw_train_recipe_add_entries(&self->recipe, entries);
    g_array_append_vals(entries, own, G_N_ELEMENTS(own));
    return kw_cli_parse(&argc, &argv, (const GOptionEntry *) (gconstpointer) entries->data,
                        _("Trains a model on stored candles and judges it on unseen ones."),
                        "kurswart train --pairs BTC/USDT,ETH/USDT --promote-if-passed",
                        out_status);
}

/* Returns: %FALSE after saying what is wrong */
static gboolean
fill_run(Options *self, KwTrainRun *out, int *out_status)
{
    *out_status = KW_EXIT_USAGE;
    out->name = self->name != NULL ? self->name : DEFAULT_NAME;
    if (!kw_registry_is_name(out->name)) {
        (void) kw_cli_fail(KW_EXIT_USAGE, _("--name: small letters, digits and _ only"), NULL);
        return FALSE;
    }
    if (self->test_days < 1) {
        (void) kw_cli_fail(KW_EXIT_USAGE, _("--test-days is at least 1"), NULL);
        return FALSE;
    }
    if (!kw_train_recipe_read(&self->recipe, self->seed, out_status))
        return FALSE;
    out->recipe = &self->recipe;
    out->test_us = self->test_days * G_TIME_SPAN_DAY;
    out->resumes = self->resumes;
    out->wish = self->promotes ? KW_TRAIN_PROMOTE : KW_TRAIN_KEEP;
    return TRUE;
}

static int
complain(const Options *self, const GError *error)
{
    g_autofree gchar *reason = error->domain == KW_MODEL_REFUSAL
                                   ? kw_train_page_refusal_text(error)
                                   : kw_train_recipe_error_text(error);
    g_autofree gchar *text =
        g_strdup_printf(_("no model was made; the one in use stays: %s"), reason);

    if (g_error_matches(error, KW_STORE_ERROR, KW_STORE_ERROR_BUSY))
        return kw_cli_fail(EX_TEMPFAIL, _("a model of this name is being trained already"),
                           "kurswart model stop");
    if (g_error_matches(error, KW_MODEL_ERROR, KW_MODEL_ERROR_ABSENT))
        return kw_cli_fail(EX_UNAVAILABLE, text, "sudo apt install libxgboost0");
    if (strstr(error->message, "bad_alloc") != NULL)
        return kw_cli_fail(EX_OSERR, text,
                           self->recipe.memory > 0
                               ? _("a higher --memory, or fewer candles (--from)")
                               : _("fewer candles (--from), or a shorter feature list"));
    if (strstr(error->message, "No space left") != NULL)
        return kw_cli_fail(EX_IOERR, text,
                           _("make room, then the same command with --resume goes on"));
    if (g_error_matches(error, KW_MODEL_ERROR, KW_MODEL_ERROR_SHORT))
        return kw_cli_fail(EX_DATAERR, text,
                           _("begin earlier (--from), or keep fewer days for the test "
                             "(--test-days)"));
    if (g_error_matches(error, KW_MODEL_ERROR, KW_MODEL_ERROR_TRAINING) ||
        g_error_matches(error, KW_MODEL_ERROR, KW_MODEL_ERROR_CANCELLED))
        return kw_cli_fail(EX_SOFTWARE, text, _("the same command with --resume goes on"));
    return kw_cli_fail(EX_DATAERR, text, NULL);
}

/* What there is to do with a version that is not in use */
static void
append_next(const KwTrainRun *run, const KwTrainOutcome *outcome, GString *out)
{
    g_autofree gchar *name =
        g_str_equal(run->name, DEFAULT_NAME) ? NULL : g_strdup_printf(" --name %s", run->name);
    gchar version[KW_MODEL_VERSION_TEXT_SIZE];

    (void) kw_model_version_to_text(outcome->version, version);
    g_string_append_printf(out, _("To look at it: kurswart model show %s%s\n"), version,
                           name != NULL ? name : "");
    g_string_append_printf(out, _("To use it: kurswart model promote %s%s%s\n"), version,
                           name != NULL ? name : "", outcome->passed ? "" : " --ungated");
}

static int
run_all(Options *self, KwTrainRun *run, KwDataPage *page)
{
    g_autoptr(KwLabInput) input = NULL;
    g_autoptr(KwTraining) training = NULL;
    g_autoptr(GError) error = NULL;
    g_auto(KwTrainOutcome) outcome = {.limits = KW_GATE_LIMITS_USUAL};
    g_autoptr(KwRunLog) steps = NULL;
    g_autofree gchar *text = NULL;
    int status = EX_SOFTWARE;

    run->now_us = page->now_us;
    run->format = page->format;
    if (self->wish.strategy == NULL)
        self->wish.strategy = g_strdup("boost.lua");
    input = kw_lab_input_load(&self->wish, &status);
    if (input == NULL)
        return status;
    run->steps = steps = kw_lab_input_log_steps(input, KW_RUN_TRAIN, page->now_us);
    kw_run_log_set_name(steps, run->name);
    if (!kw_train_run(run, input, &training, &outcome, &error))
        return complain(self, error);
    text = self->is_json ? kw_train_page_to_json(&outcome)
                         : kw_train_page_to_text(&outcome, page->format);
    g_string_append_printf(page->out, "%s%s", text, self->is_json ? "\n" : "");
    if (!self->is_json && !outcome.promoted && !input->is_synthetic)
        append_next(run, &outcome, page->out);
    status = run->wish == KW_TRAIN_KEEP || outcome.promoted ? 0 : KW_EXIT_NO;
    return kw_data_page_end(page, status);
}

int
kw_verb_train(int argc, char **argv)
{
    g_auto(Options) options = {.test_days = DEFAULT_TEST_DAYS, .seed = 1};
    KwTrainRun run = {0};
    g_autoptr(KwDataPage) page = NULL;
    g_autoptr(GError) error = NULL;
    int status = KW_EXIT_USAGE;

    kw_train_recipe_init(&options.recipe);
    if (!parse_options(argc, argv, &options, &status))
        return status;
    if (options.worker != NULL)
        return kw_train_job_work(options.worker, NULL) ? 0 : EX_SOFTWARE;
    if (!fill_run(&options, &run, &status))
        return status;
    page = kw_data_page_new(&error);
    if (page == NULL)
        return kw_cli_fail_as(EX_SOFTWARE, error, NULL);
    return run_all(&options, &run, page);
}
