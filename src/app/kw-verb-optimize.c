/* kw-verb-optimize.c: kurswart optimize
 *
 * The search sees the first part of the period only; the rest is for the check, window by
 * window. Both stand in the report side by side, with the chance that the best trial is more
 * than luck: a search always finds something. */
#include "kw-verb-optimize.h"

#include "kw-cli.h"
#include "kw-data-page.h"
#include "kw-error.h"
#include "kw-i18n.h"
#include "kw-json.h"
#include "kw-lab-table.h"
#include "kw-search-header.h"
#include "kw-search.h"
#include "kw-slurm.h"

#include <math.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#define N_SHOWN 5
#define N_WINDOWS 3
#define MAX_TRIALS 1000000
#define EXIT_SIGNAL 130 /* as shells say for Ctrl+C */

typedef struct {
    KwLabWish wish;
    gchar *loss, *search, *file, *engine, *shared;
    gchar *served; /* folder of the search that this process serves; NULL: it searches */
    gchar **words; /* owned; the program and what it was called with */
    gint n_trials, n_workers, min_trades, holdout_pct;
    gint64 seed;
    gboolean is_json;
    /* of the run */
    KwDataPage *page;  /* borrowed */
    KwRunLog *steps;   /* owned */
    KwLabInput *input; /* borrowed */
    KwTrialPlan plan;
    KwSearch task;
    GArray *trials; /* owned */
    gint64 last_us; /* of all rows */
    KwWalkWindow windows[N_WINDOWS];
    gint64 elapsed_us;
    gdouble deflated;
} Search;

/* -- while it runs -- */

static void
on_batch(const GArray *trials, gpointer user_data)
{
    Search *self = user_data;
    const KwTrial *best = &g_array_index(trials, KwTrial, 0);
    gboolean is_terminal = isatty(STDERR_FILENO) == 1;
    guint step = MAX((guint) self->n_trials / 10, 1);
    guint before = trials->len > KW_SAMPLER_BATCH ? trials->len - KW_SAMPLER_BATCH : 0;

    if (!is_terminal && trials->len / step == before / step)
        return;
    for (guint i = 1; i < trials->len; i++)
        if (g_array_index(trials, KwTrial, i).loss < best->loss)
            best = &g_array_index(trials, KwTrial, i);
    g_printerr(_("%s%u of %d, best so far: trial %u, %s, %u trades%s"),
               is_terminal ? "\r\033[K" : "", trials->len, self->n_trials, best->index,
               kw_format_percent_signed(self->page->format, best->profit_total), best->n_trades,
               is_terminal && trials->len < (guint) self->n_trials ? "" : "\n");
}

/* -- the report -- */

static const gchar *
day(const Search *self, gint64 time_us)
{
    KwFormat *format = self->page->format;

    return kw_format_day_full(format, kw_format_date_of(format, time_us));
}

static void
add_values(const Search *self, KwLabTable *table, const KwTrial *trial)
{
    guint n = 0;
    const KwStrategyParam *params = kw_strategy_get_params(self->input->strategy, &n);

    for (guint i = 0; i < MIN(n, 4); i++)
        kw_lab_table_add(table, kw_format_number(self->page->format, trial->values[i],
                                                 params[i].is_integer ? 0 : 4));
}

/* @title, figures, and the values of the first four parameters */
static KwLabTable *
make_table(const Search *self, const gchar *title)
{
    const gchar *header[KW_LAB_TABLE_MAX_COLUMNS + 1] = {
        title, _("Loss"), _("Trades"), _("of capital"), _("Drawdown"), _("Hit rate")};
    guint n = 0, used = 6;
    const KwStrategyParam *params = kw_strategy_get_params(self->input->strategy, &n);

    for (guint i = 0; i < MIN(n, 4); i++)
        header[used++] = params[i].name;
    header[used] = NULL;
    return kw_lab_table_new(header);
}

static void
add_trial(const Search *self, KwLabTable *table, const gchar *name, const KwTrial *trial)
{
    KwFormat *format = self->page->format;
    gboolean has_trades = trial->n_trades > 0;

    kw_lab_table_add(table, name);
    kw_lab_table_add(
        table, trial->loss < KW_LOSS_USELESS ? kw_format_number(format, trial->loss, 3) : "–");
    kw_lab_table_add(table, kw_format_decimal(format, kw_decimal_from_int(trial->n_trades), 0));
    kw_lab_table_add(table, kw_format_percent_signed(format, trial->profit_total));
    kw_lab_table_add(table, kw_format_percent(format, trial->drawdown));
    kw_lab_table_add(
        table, kw_format_percent_short(format, has_trades ? trial->winrate : (gdouble) NAN));
    add_values(self, table, trial);
}

static void
print_best(const Search *self, GString *out)
{
    g_autoptr(KwLabTable) table = make_table(self, _("Search"));
    g_autoptr(GPtrArray) ranked = kw_search_rank(self->trials);

    for (guint i = 0; i < MIN(ranked->len, N_SHOWN); i++) {
        const KwTrial *trial = ranked->pdata[i];
        g_autofree gchar *name = g_strdup_printf(_("trial %u"), trial->index);

        add_trial(self, table, name, trial);
    }
    kw_lab_table_rule(table);
    add_trial(self, table, _("as it stands"), &g_array_index(self->trials, KwTrial, 0));
    kw_lab_table_print(table, out);
    g_string_append_c(out, '\n');
}

static void
print_windows(const Search *self, GString *out)
{
    g_autoptr(KwLabTable) table = make_table(self, _("Check from"));
    KwTrial sum = {.loss = KW_LOSS_USELESS};

    if (self->holdout_pct == 0)
        return;
    for (guint i = 0; i < N_WINDOWS; i++) {
        const KwTrial *trial = &self->windows[i].chosen;

        add_trial(self, table, day(self, self->windows[i].from_us), trial);
        sum.n_trades += trial->n_trades;
        sum.profit_total += trial->profit_total;
    }
    g_string_append_printf(
        out, "%s\n",
        _("On candles that the search has not seen; in each window the best of all before:"));
    kw_lab_table_print(table, out);
    g_string_append_printf(out, _("Together %s in %u trades.\n\n"),
                           kw_format_percent_signed(self->page->format, sum.profit_total),
                           sum.n_trades);
}

static void
print_values(const Search *self, GString *out)
{
    g_autoptr(GPtrArray) ranked = kw_search_rank(self->trials);
    const KwTrial *best = ranked->pdata[0];
    guint n = 0;
    const KwStrategyParam *params = kw_strategy_get_params(self->input->strategy, &n);

    if (!(best->loss < KW_LOSS_USELESS)) {
        g_string_append_printf(out, "%s\n", _("No trial had enough trades (--min-trades)."));
        return;
    }
    g_string_append_printf(out, "%s\n", _("The best, for params of the strategy file:"));
    for (guint i = 0; i < n; i++) {
        gchar value[G_ASCII_DTOSTR_BUF_SIZE], low[G_ASCII_DTOSTR_BUF_SIZE],
            high[G_ASCII_DTOSTR_BUF_SIZE];

        g_string_append_printf(out, "    %s = { default = %s, min = %s, max = %s },\n",
                               params[i].name,
                               g_ascii_formatd(value, sizeof value, "%.6g", best->values[i]),
                               g_ascii_formatd(low, sizeof low, "%.6g", params[i].min),
                               g_ascii_formatd(high, sizeof high, "%.6g", params[i].max));
    }
    if (!isnan(self->deflated))
        g_string_append_printf(
            out, _("\nMore than luck among %u trials (deflated Sharpe ratio): %s\n"),
            self->trials->len,
            kw_format_percent_short(self->page->format, round(self->deflated * 1000) / 1000));
}

static void
print_report(const Search *self, GString *out)
{
    g_autofree gchar *pairs = g_strjoinv(", ", self->input->names);
    gdouble seconds = (gdouble) self->elapsed_us / G_USEC_PER_SEC;

    g_string_append_printf(out, "%s: %s\n\n", _("Optimisation"),
                           kw_strategy_get_name(self->input->strategy));
    kw_lab_table_pair(out, _("Pairs"), pairs);
    g_string_append_printf(out, _("Search: %s, loss %s, seed %d, %u trials in %s s\n"),
                           self->search, self->loss, (gint) self->seed, self->trials->len,
                           kw_format_number(self->page->format, seconds, 1));
    g_string_append_printf(out, _("Searched %s to %s, checked to %s\n\n"),
                           day(self, self->plan.from_us), day(self, self->plan.to_us),
                           day(self, self->last_us));
    print_best(self, out);
    print_windows(self, out);
    print_values(self, out);
}

/* -- as JSON -- */

static void
add_json_trial(const Search *self, JsonBuilder *b, const KwTrial *trial)
{
    guint n = 0;
    const KwStrategyParam *params = kw_strategy_get_params(self->input->strategy, &n);

    kw_json_add_int(b, "trial", trial->index);
    (void) json_builder_set_member_name(b, "params");
    (void) json_builder_begin_object(b);
    for (guint i = 0; i < n; i++)
        kw_json_add_double(b, params[i].name, trial->values[i]);
    (void) json_builder_end_object(b);
    kw_json_add_double(b, "loss", trial->loss);
    kw_json_add_int(b, "trades", trial->n_trades);
    kw_json_add_double(b, "profit_total", trial->profit_total);
    kw_json_add_double(b, "max_drawdown_account", trial->drawdown);
    kw_json_add_double(b, "winrate", trial->winrate);
}

static void
print_json(const Search *self, GString *out)
{
    g_autoptr(JsonBuilder) b = json_builder_new_immutable();
    g_autoptr(GPtrArray) ranked = kw_search_rank(self->trials);
    g_autofree gchar *text = NULL;

    (void) json_builder_begin_object(b);
    kw_json_add_string(b, "strategy", kw_strategy_get_name(self->input->strategy));
    kw_json_add_string(b, "loss_function", self->loss);
    kw_json_add_string(b, "search", self->search);
    kw_json_add_int(b, "seed", self->seed);
    kw_json_add_int(b, "trials", self->trials->len);
    kw_json_add_double(b, "deflated_sharpe", self->deflated);
    (void) json_builder_set_member_name(b, "best");
    (void) json_builder_begin_object(b);
    add_json_trial(self, b, ranked->pdata[0]);
    (void) json_builder_end_object(b);
    (void) json_builder_set_member_name(b, "walk_forward");
    (void) json_builder_begin_array(b);
    for (guint i = 0; self->holdout_pct > 0 && i < N_WINDOWS; i++) {
        (void) json_builder_begin_object(b);
        kw_json_add_int(b, "from_ts", self->windows[i].from_us / 1000);
        kw_json_add_int(b, "to_ts", self->windows[i].to_us / 1000);
        add_json_trial(self, b, &self->windows[i].chosen);
        (void) json_builder_end_object(b);
    }
    (void) json_builder_end_array(b);
    (void) json_builder_end_object(b);
    text = kw_json_builder_to_text(b);
    g_string_append_printf(out, "%s\n", text);
}

/* -- the run -- */

static gboolean
is_slurm(const Search *self)
{
    return g_strcmp0(self->engine, "slurm") == 0;
}

static int
check_engine(const Search *self)
{
    if (self->engine != NULL && strcmp(self->engine, "local") != 0 && !is_slurm(self))
        return kw_cli_fail(KW_EXIT_USAGE, _("--engine is local or slurm"), NULL);
    if (self->shared != NULL && !is_slurm(self))
        return kw_cli_fail(KW_EXIT_USAGE, _("--shared belongs to --engine slurm"), NULL);
    return 0;
}

static int
check_wish(Search *self)
{
    g_autoptr(GError) error = NULL;
    KwSamplerKind kind;

    if (self->loss == NULL)
        self->loss = g_strdup("sortino");
    if (self->search == NULL)
        self->search = g_strdup("tpe");
    if (!kw_loss_from_string(self->loss, &self->plan.loss, &error) ||
        !kw_sampler_kind_from_string(self->search, &kind, &error))
        return kw_cli_fail_as(KW_EXIT_USAGE, error, NULL);
    if (self->n_trials < 1 || self->n_trials > MAX_TRIALS || self->n_workers < 1 ||
        self->n_workers > KW_CREW_MAX || self->holdout_pct < 0 || self->holdout_pct > 90)
        return kw_cli_fail(KW_EXIT_USAGE,
                           _("--trials is a number from 1 to 1000000, --workers from 1 to 64, "
                             "--holdout from 0 to 90"),
                           NULL);
    return check_engine(self);
}

/* The rows of the search and of the check */
static void
set_plan(Search *self)
{
    gint64 first_us = kw_study_get_first_us(self->input->study);

    self->last_us = kw_study_get_last_us(self->input->study);
    self->plan.options = self->input->options;
    self->plan.min_trades = (guint) MAX(self->min_trades, 1);
    self->plan.from_us = first_us;
    self->plan.to_us = first_us + (self->last_us - first_us) / 100 * (100 - self->holdout_pct);
}

/* In a task of Slurm */
static int
serve(const Search *self, const gchar *header, guint n_params)
{
    g_autoptr(KwTrialPost) post = kw_trial_post_new(self->served, header, n_params);
    g_autoptr(GError) error = NULL;

    if (kw_trial_post_serve(post, self->input->study, self->input->strategy, &self->plan,
                            &error))
        return 0;
    if (g_error_matches(error, KW_MARKET_ERROR, KW_MARKET_ERROR_FORMAT))
        return kw_cli_fail(EX_DATAERR,
                           _("strategy, candles or settings on this machine are not those of "
                             "the machine that started the search"),
                           NULL);
    return kw_cli_fail_as(EX_OSERR, error, NULL);
}

static int
fail_search(const GError *error)
{
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return kw_cli_fail_as(EXIT_SIGNAL, error, NULL);
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
        return kw_cli_fail_as(EX_UNAVAILABLE, error, NULL);
    return kw_cli_fail_as(EX_OSERR, error, NULL);
}

static void
note_search(const Search *self)
{
    g_autoptr(GPtrArray) ranked = kw_search_rank(self->trials);
    const KwTrial *best = ranked->pdata[0];
    g_autofree gchar *text = g_strdup_printf(
        "trials=%u loss=%s best=%u profit=%.6f trades=%u deflated=%.4f", self->trials->len,
        self->loss, best->index, best->profit_total, best->n_trades, self->deflated);

    kw_run_log_end(self->steps, "search", text);
}

static int
search_and_print(Search *self, KwTrialLog *log, const KwSampler *sampler, KwSlurm *slurm)
{
    g_autoptr(GError) error = NULL;
    gint64 start_us = kw_stopwatch_us();

    self->task = (KwSearch){.study = self->input->study,
                            .strategy = self->input->strategy,
                            .plan = &self->plan,
                            .sampler = sampler,
                            .log = log,
                            .n_trials = (guint) self->n_trials,
                            .n_workers = (guint) self->n_workers,
                            .run_batch = slurm != NULL ? kw_slurm_run : NULL,
                            .run_data = slurm,
                            .on_batch = on_batch,
                            .user_data = self};
    self->trials = kw_search_run(&self->task, &error);
    if (self->trials == NULL) {
        kw_run_log_fail(self->steps, "search", error->message);
        return fail_search(error);
    }
    self->elapsed_us = kw_stopwatch_us() - start_us;
    self->deflated = kw_search_deflate(&self->task, self->trials);
    note_search(self);
    if (self->holdout_pct > 0) {
        kw_search_walk_forward(&self->task, self->trials, self->plan.to_us + 1, self->last_us,
                               self->windows, N_WINDOWS);
        kw_run_log_end(self->steps, "check", "");
    }
    if (self->is_json)
        print_json(self, self->page->out);
    else
        print_report(self, self->page->out);
    return kw_data_page_end(self->page, 0);
}

/* Trials under other settings are no trials of this search. */
static int
check_file(const Search *self, const gchar *header)
{
    g_autofree gchar *there = kw_trial_log_read_header(self->file);
    g_autofree gchar *names = NULL;
    g_autofree gchar *text = NULL;

    if (there == NULL || strcmp(there, header) == 0)
        return 0;
    names = kw_search_header_compare(there, header);
    if (names == NULL)
        text = g_strdup_printf(_("%s is no file of kurswart optimize"), self->file);
    else
        text = g_strdup_printf(_("%s belongs to another search; what differs: %s"), self->file,
                               names);
    return kw_cli_fail(EX_DATAERR, text,
                       _("the settings of then, or another file with --file"));
}

static int
prepare_and_search(Search *self)
{
    const KwSearchHeader head = {.input = self->input,
                                 .plan = &self->plan,
                                 .loss = self->loss,
                                 .search = self->search,
                                 .seed = self->seed};
    g_autofree gchar *header = NULL;
    g_autoptr(KwSampler) sampler = NULL;
    g_autoptr(KwTrialLog) log = NULL;
    g_autoptr(KwSlurm) slurm = NULL;
    g_autoptr(GError) error = NULL;
    KwSamplerKind kind = KW_SAMPLER_TPE;
    guint n_params = 0;
    int status;

    (void) kw_strategy_get_params(self->input->strategy, &n_params);
    if (n_params == 0)
        return kw_cli_fail(EX_DATAERR, _("the strategy declares no params to search in"), NULL);
    if (!kw_study_build(self->input->study, self->input->strategy, &error))
        return kw_cli_fail_as(EX_DATAERR, error, NULL);
    set_plan(self);
    (void) kw_sampler_kind_from_string(self->search, &kind, NULL);
    sampler = kw_sampler_new(kind, (guint64) self->seed, self->input->strategy);
    header = kw_search_header_make(&head);
    if (self->served != NULL)
        return serve(self, header, n_params);
    if (is_slurm(self))
        slurm = kw_slurm_new(self->shared != NULL ? self->shared : ".",
                             (const gchar *const *) self->words, (guint) self->n_workers,
                             header, n_params);
    if (self->file != NULL) {
        status = check_file(self, header);
        if (status != 0)
            return status;
        log = kw_trial_log_open(self->file, header, n_params, &error);
        if (log == NULL)
            return kw_cli_fail_as(EX_CANTCREAT, error, NULL);
    }
    return search_and_print(self, log, sampler, slurm);
}

static int
load_and_search(Search *self)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(KwDataPage) page = kw_data_page_new(&error);
    g_autoptr(KwLabInput) input = NULL;
    int status = check_wish(self);

    if (status != 0)
        return status;
    if (page == NULL)
        return kw_cli_fail_as(EX_SOFTWARE, error, NULL);
    self->page = page;
    input = kw_lab_input_load(&self->wish, &status);
    self->input = input;
    if (input != NULL) {
        if (self->served == NULL)
            self->steps = kw_lab_input_log_steps(input, KW_RUN_OPTIMIZE, page->now_us);
        status = prepare_and_search(self);
        g_clear_pointer(&self->steps, kw_run_log_free);
    }
    g_clear_pointer(&self->trials, g_array_unref);
    return status;
}

/* (transfer full): this program and its words, before the options are taken out of them */
static gchar **
dup_words(char **argv)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_autofree gchar *program = g_file_read_link("/proc/self/exe", NULL);

    g_strv_builder_add(builder, program != NULL ? program : "kurswart");
    g_strv_builder_addv(builder, (const gchar **) argv);
    return g_strv_builder_end(builder);
}

int
kw_verb_optimize(int argc, char **argv)
{
    Search self = {.n_trials = 200,
                   .n_workers = (gint) MIN(g_get_num_processors(), KW_CREW_MAX),
                   .min_trades = 20,
                   .holdout_pct = 30,
                   .seed = 1,
                   .words = dup_words(argv)};
    const GOptionEntry own[] = {
        {"trials", 'e', 0, G_OPTION_ARG_INT, &self.n_trials, N_("parameter sets to try (200)"),
         "N"},
        {"workers", 'j', 0, G_OPTION_ARG_INT, &self.n_workers,
         N_("processes (one for each processor); the result is the same"), "N"},
        {"engine", 0, 0, G_OPTION_ARG_STRING, &self.engine,
         N_("local, or slurm: the workers are a job array on a cluster (local)"), "NAME"},
        {"shared", 0, 0, G_OPTION_ARG_FILENAME, &self.shared,
         N_("for slurm: a folder that all its machines see (the working folder)"), "DIR"},
        {"slurm-task", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_FILENAME, &self.served, NULL,
         NULL},
        {"loss", 0, 0, G_OPTION_ARG_STRING, &self.loss,
         N_("sharpe, sortino, calmar, profit-drawdown or multi (sortino)"), "NAME"},
        {"search", 0, 0, G_OPTION_ARG_STRING, &self.search, N_("tpe or random (tpe)"), "NAME"},
        {"seed", 0, 0, G_OPTION_ARG_INT64, &self.seed, N_("same seed, same trials (1)"), "N"},
        {"min-trades", 0, 0, G_OPTION_ARG_INT, &self.min_trades,
         N_("fewer trades make a trial useless (20)"), "N"},
        {"holdout", 0, 0, G_OPTION_ARG_INT, &self.holdout_pct,
         N_("percent of the period, at its end, that only the check sees (30)"), "N"},
        {"file", 0, 0, G_OPTION_ARG_FILENAME, &self.file,
         N_("keep the trials in this file; a search goes on from it"), "FILE"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &self.is_json, N_("the result as JSON"), NULL},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(GOptionEntry));
    int status = KW_EXIT_USAGE;

    kw_lab_wish_add_entries(&self.wish, entries);
    g_array_append_vals(entries, own, G_N_ELEMENTS(own));
    if (kw_cli_parse(&argc, &argv, (const GOptionEntry *) (gconstpointer) entries->data,
                     _("Searches the ranges that a strategy declares for better values."),
                     "kurswart optimize --strategy ema_cross.lua --data demo --trials 500",
                     &status))
        status = load_and_search(&self);
    kw_lab_wish_clear(&self.wish);
    g_free(self.loss);
    g_free(self.search);
    g_free(self.file);
    g_free(self.engine);
    g_free(self.shared);
    g_free(self.served);
    g_strfreev(self.words);
    return status;
}
