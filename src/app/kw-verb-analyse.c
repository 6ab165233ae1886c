#include "kw-verb-analyse.h"

#include "kw-analysis.h"
#include "kw-cli.h"
#include "kw-data-page.h"
#include "kw-i18n.h"
#include "kw-json.h"
#include "kw-lab-input.h"
#include "kw-lab-table.h"
#include "kw-options.h"
#include "kw-timeframe.h"

#include <math.h>
#include <sysexits.h>

#define ENOUGH 1e-3 /* relative error at the start that changes no decision to speak of */

typedef struct {
    KwLabWish wish;
    gboolean is_json;
    KwDataPage *page;  /* borrowed */
    KwLabInput *input; /* borrowed */
    gdouble worst;     /* error of a column at the start */
} Analysis;

static const gchar *
count(const Analysis *self, gsize value)
{
    return kw_format_decimal(self->page->format, kw_decimal_from_int((gint64) value), 0);
}

/* -- text -- */

static void
print_settling(const Analysis *self, const GArray *settlings)
{
    const gchar *const header[] = {_("Column"), _("defined after"), _("settled after"),
                                   _("off at the start"), NULL};
    g_autoptr(KwLabTable) table = kw_lab_table_new(header);

    for (guint i = 0; i < settlings->len; i++) {
        const KwSettling *settling = &g_array_index(settlings, KwSettling, i);

        kw_lab_table_add(table, settling->name);
        kw_lab_table_add(table, count(self, settling->defined));
        kw_lab_table_add(table,
                         settling->settled > 0 ? count(self, settling->settled) : _("never"));
        kw_lab_table_add(table, isinf(settling->error)
                                    ? _("no value")
                                    : kw_format_percent(self->page->format, settling->error));
    }
    kw_lab_table_print(table, self->page->out);
}

static void
print_signals(const Analysis *self, const KwStudyPair *pair)
{
    const gchar *const header[] = {_("Regime"), _("Candles"), _("Entry"), _("Exit"), NULL};
    g_autoptr(KwLabTable) table = kw_lab_table_new(header);
    g_autoptr(GArray) counts = kw_analysis_regimes(pair);
    gint64 timeframe_us = kw_series_get_timeframe_us(kw_frame_get_series(pair->frame));
    KwDrought drought;
    g_autofree gchar *since = NULL;

    for (guint i = 0; i < counts->len; i++) {
        const KwRegimeCount *line = &g_array_index(counts, KwRegimeCount, i);

        kw_lab_table_add(table, line->label[0] != '\0' ? line->label : "–");
        kw_lab_table_add(table, count(self, line->n_rows));
        kw_lab_table_add(table, count(self, line->n_entries));
        kw_lab_table_add(table, count(self, line->n_exits));
    }
    g_string_append_c(self->page->out, '\n');
    kw_lab_table_print(table, self->page->out);
    kw_analysis_droughts(pair, &drought);
    since = g_strdup(kw_format_day_full(
        self->page->format, kw_format_date_of(self->page->format, drought.longest_us)));
    g_string_append_printf(
        self->page->out,
        _("Entry signals begin %s times in %s candles. Longest time without one: %s, from %s; "
          "at the end of the data: %s.\n\n"),
        count(self, drought.n_entries), count(self, drought.n_rows),
        kw_format_duration(self->page->format, (gint64) drought.longest * timeframe_us), since,
        kw_format_duration(self->page->format, (gint64) drought.last * timeframe_us));
}

static void
print_pair(const Analysis *self, const KwStudyPair *pair, const GArray *settlings)
{
    g_string_append_printf(self->page->out, "%s · %s · %s\n\n",
                           kw_strategy_get_name(self->input->strategy), pair->pair.name,
                           kw_timeframe_to_string(self->input->options.terms.timeframe_us));
    print_settling(self, settlings);
    print_signals(self, pair);
}

static void
print_verdict(const Analysis *self)
{
    guint startup = self->input->options.terms.startup_candles;

    if (self->worst > ENOUGH)
        g_string_append_printf(self->page->out,
                               _("startup_candles = %u is not enough: the first trades of a "
                                 "backtest would go by other values than those of a bot that "
                                 "knows the history.\n"),
                               startup);
    else
        g_string_append_printf(self->page->out,
                               _("startup_candles = %u is enough: no column is more than %s "
                                 "off at the start.\n"),
                               startup, kw_format_percent(self->page->format, self->worst));
}

/* -- JSON -- */

static void
add_json_pair(JsonBuilder *b, const KwStudyPair *pair, const GArray *settlings)
{
    g_autoptr(GArray) counts = kw_analysis_regimes(pair);
    KwDrought drought;

    kw_analysis_droughts(pair, &drought);
    (void) json_builder_begin_object(b);
    kw_json_add_string(b, "pair", pair->pair.name);
    (void) json_builder_set_member_name(b, "columns");
    (void) json_builder_begin_array(b);
    for (guint i = 0; i < settlings->len; i++) {
        const KwSettling *settling = &g_array_index(settlings, KwSettling, i);

        (void) json_builder_begin_object(b);
        kw_json_add_string(b, "name", settling->name);
        kw_json_add_int(b, "defined", (gint64) settling->defined);
        kw_json_add_int(b, "settled", (gint64) settling->settled);
        kw_json_add_double(b, "error", settling->error);
        (void) json_builder_end_object(b);
    }
    (void) json_builder_end_array(b);
    (void) json_builder_set_member_name(b, "regimes");
    (void) json_builder_begin_array(b);
    for (guint i = 0; i < counts->len; i++) {
        const KwRegimeCount *line = &g_array_index(counts, KwRegimeCount, i);

        (void) json_builder_begin_object(b);
        kw_json_add_string(b, "label", line->label);
        kw_json_add_int(b, "candles", (gint64) line->n_rows);
        kw_json_add_int(b, "entries", (gint64) line->n_entries);
        kw_json_add_int(b, "exits", (gint64) line->n_exits);
        (void) json_builder_end_object(b);
    }
    (void) json_builder_end_array(b);
    kw_json_add_int(b, "entry_signals", (gint64) drought.n_entries);
    kw_json_add_int(b, "longest_drought_candles", (gint64) drought.longest);
    kw_json_add_int(b, "last_drought_candles", (gint64) drought.last);
    (void) json_builder_end_object(b);
}

/* -- the run -- */

static gboolean
analyse_pair(Analysis *self, const KwStudyPair *pair, JsonBuilder *b, GError **error)
{
    g_autoptr(GArray) settlings = kw_analysis_settle(pair, self->input->strategy, error);

    if (settlings == NULL)
        return FALSE;
    for (guint i = 0; i < settlings->len; i++)
        self->worst = fmax(self->worst, g_array_index(settlings, KwSettling, i).error);
    if (b != NULL)
        add_json_pair(b, pair, settlings);
    else
        print_pair(self, pair, settlings);
    return TRUE;
}

static int
analyse(Analysis *self)
{
    g_autoptr(JsonBuilder) b = self->is_json ? json_builder_new_immutable() : NULL;
    g_autoptr(GError) error = NULL;

    if (!kw_study_build(self->input->study, self->input->strategy, &error))
        return kw_cli_fail_as(EX_DATAERR, error, NULL);
    if (b != NULL)
        (void) json_builder_begin_array(b);
    for (guint i = 0; i < kw_study_get_n_pairs(self->input->study); i++)
        if (!analyse_pair(self, kw_study_get_pair(self->input->study, i), b, &error))
            return kw_cli_fail_as(EX_DATAERR, error, NULL);
    if (b != NULL) {
        g_autofree gchar *text = NULL;

        (void) json_builder_end_array(b);
        text = kw_json_builder_to_text(b);
        g_string_append_printf(self->page->out, "%s\n", text);
    } else {
        print_verdict(self);
    }
    return kw_data_page_end(self->page, self->worst > ENOUGH ? KW_EXIT_NO : 0);
}

/* Options, and the strategy, which needs no option here: there is no analysis without one */
static gboolean
parse_options(Analysis *self, int argc, char **argv, int *out_status)
{
    const GOptionEntry own[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &self->is_json, N_("the result as JSON"), NULL},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(GOptionEntry));
    KwOptionsPage page = {
        .usage = "analyse [STRATEGY]",
        .summary = _("Shows how many candles a strategy needs to start, and when it signals."),
        .example = "kurswart analyse ema_cross.lua --data demo",
        .max_args = 1,
    };

    kw_lab_wish_add_entries(&self->wish, entries);
    g_array_append_vals(entries, own, G_N_ELEMENTS(own));
    page.entries = (const GOptionEntry *) (gconstpointer) entries->data;
    if (!kw_options_parse(&argc, &argv, &page, out_status))
        return FALSE;
    if (argc == 2 && self->wish.strategy != NULL) {
        *out_status = kw_cli_fail(KW_EXIT_USAGE, _("the strategy is named twice"),
                                  "kurswart analyse --help");
        return FALSE;
    }
    if (argc == 2)
        self->wish.strategy = g_strdup(argv[1]);
    return TRUE;
}

int
kw_verb_analyse(int argc, char **argv)
{
    Analysis self = {0};
    g_autoptr(KwDataPage) page = NULL;
    g_autoptr(KwLabInput) input = NULL;
    g_autoptr(GError) error = NULL;
    int status = KW_EXIT_USAGE;

    if (parse_options(&self, argc, argv, &status)) {
        page = kw_data_page_new(&error);
        if (page == NULL)
            status = kw_cli_fail_as(EX_SOFTWARE, error, NULL);
        else
            input = kw_lab_input_load(&self.wish, &status);
        self.page = page;
        self.input = input;
        if (input != NULL)
            status = analyse(&self);
    }
    kw_lab_wish_clear(&self.wish);
    return status;
}
