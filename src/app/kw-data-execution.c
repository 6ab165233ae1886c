#include "kw-data-execution.h"

#include "kw-data-page.h"
#include "kw-execution.h"
#include "kw-i18n.h"
#include "kw-json.h"
#include "kw-lab-table.h"
#include "kw-store.h"

#include <string.h>
#include <sysexits.h>

#define N_DAYS 30

typedef struct {
    gchar *root; /* owned; option, then the data root */
    gboolean is_json, measures, goes_back;
    KwDataPage *page; /* borrowed */
} Execution;

/* -- the table -- */

/* "0,031 %", or "-" when it was not measured */
static void
add_percent(Execution *self, KwLabTable *table, JsonObject *figure, const gchar *name)
{
    gdouble value = 0;
    g_autofree gchar *text = NULL;

    if (figure != NULL && kw_json_get_double(figure, name, &value, NULL))
        text = g_strdup_printf("%s %%", kw_format_number(self->page->format, value * 100, 3));
    kw_lab_table_add(table, text != NULL ? text : "-");
}

static void
add_row(Execution *self, KwLabTable *table, JsonObject *row)
{
    static const gchar *const kinds[] = {"spread", "slippage"};
    const gchar *pair = "", *session = "";
    JsonObject *figure = NULL;
    gdouble ms = 0;
    gint64 n = 0;

    (void) kw_json_get_string(row, "pair", &pair, NULL);
    (void) kw_json_get_string(row, "session", &session, NULL);
    kw_lab_table_add(table, strcmp(pair, "*") == 0 ? _("all") : pair);
    kw_lab_table_add(table, strcmp(session, "*") == 0 ? _("all") : session);
    for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
        figure = NULL;
        n = 0;
        if (kw_json_get_object(row, kinds[i], &figure, NULL))
            (void) kw_json_get_int(figure, "n", &n, NULL);
        kw_lab_table_add(table, kw_data_page_count(self->page, (guint64) MAX(n, 0)));
        add_percent(self, table, figure, "p50");
        add_percent(self, table, figure, "p90");
    }
    figure = NULL;
    if (kw_json_get_object(row, "latency_ms", &figure, NULL) &&
        kw_json_get_double(figure, "p90", &ms, NULL))
        kw_lab_table_add(table, kw_format_number(self->page->format, ms, 0));
    else
        kw_lab_table_add(table, "-");
}

static gboolean
print_table(Execution *self, const gchar *text, GError **error)
{
    const gchar *const header[] = {_("pair"),      _("session"), _("scans"),    _("spread"),
                                   _("90 %"),      _("fills"),   _("slippage"), _("90 %"),
                                   _("ms (90 %)"), NULL};
    g_autoptr(KwLabTable) table = kw_lab_table_new(header);
    g_autoptr(JsonNode) root = kw_json_parse_text(text, -1, error);
    JsonObject *object = root != NULL ? kw_json_root_object(root, error) : NULL, *row = NULL;
    JsonArray *rows = NULL;
    const gchar *date = NULL;
    KwDate day;

    if (object == NULL || !kw_json_get_string(object, "date", &date, error) ||
        !kw_json_get_array(object, "rows", &rows, error))
        return FALSE;
    for (guint i = 0; i < json_array_get_length(rows); i++) {
        if (kw_json_at_object(rows, i, &row, error))
            add_row(self, table, row);
    }
    if (kw_date_parse(date, &day, NULL))
        date = kw_format_day_full(self->page->format, day);
    g_string_append_printf(self->page->out, _("Measured until the begin of %s (UTC)\n"), date);
    kw_lab_table_print(table, self->page->out);
    return TRUE;
}

/* -- the work -- */

static int
show(Execution *self)
{
    g_autofree gchar *latest =
        g_build_filename(self->root, KW_EXECUTION_FOLDER, KW_EXECUTION_LATEST, NULL);
    g_autofree gchar *text = NULL;
    g_autoptr(GError) error = NULL;

    if (!g_file_test(latest, G_FILE_TEST_EXISTS))
        return kw_data_page_fail(
            KW_DATA_EXIT_NO,
            _("nothing was measured yet: the nightly work of `kurswart run` does it once there "
              "are live prices, `kurswart data execution --measure` does it now"));
    if (!g_file_get_contents(latest, &text, NULL, &error))
        return kw_data_page_fail_as(EX_IOERR, error);
    if (self->is_json)
        g_string_append_printf(self->page->out, "%s\n", text);
    else if (!print_table(self, text, &error))
        return kw_data_page_fail_as(EX_IOERR, error);
    return kw_data_page_end(self->page, 0);
}

static int
run(Execution *self)
{
    g_autofree gchar *ledger = g_build_filename(self->root, KW_STORE_LEDGER_FILE, NULL);
    g_autoptr(GError) error = NULL;

    if (self->measures && !g_file_test(ledger, G_FILE_TEST_EXISTS))
        return kw_data_page_fail(KW_DATA_EXIT_NO,
                                 _("there is nothing to measure: no bot has run here yet"));
    if (self->measures &&
        !kw_execution_measure(self->root, self->page->now_us, N_DAYS, NULL, &error))
        return kw_data_page_fail_as(EX_IOERR, error);
    if (self->goes_back) {
        g_auto(GStrv) names = kw_execution_list(self->root);

        if (g_strv_length(names) < 2)
            return kw_data_page_fail(KW_DATA_EXIT_NO, _("there are no earlier figures"));
        if (!kw_execution_roll_back(self->root, &error))
            return kw_data_page_fail_as(KW_DATA_EXIT_NO, error);
    }
    return show(self);
}

int
kw_data_execution(int argc, char **argv)
{
    Execution self = {0};
    const GOptionEntry entries[] = {
        {"measure", 0, 0, G_OPTION_ARG_NONE, &self.measures,
         _("measure now instead of waiting for the night"), NULL},
        {"back", 0, 0, G_OPTION_ARG_NONE, &self.goes_back,
         _("let the figures before the present ones count, until the next night"), NULL},
        {"json", 0, 0, G_OPTION_ARG_NONE, &self.is_json, _("as JSON"), NULL},
        {"root", 0, 0, G_OPTION_ARG_FILENAME, &self.root, _("data folder"), "DIR"},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(KwDataPage) page = kw_data_page_new(&error);
    int status = KW_DATA_EXIT_USAGE;

    if (page == NULL)
        return kw_data_page_fail_as(EX_OSFILE, error);
    self.page = page;
    if (kw_data_page_parse(&argc, &argv, entries, "execution", "kurswart data execution --json",
                           &status)) {
        gchar *root = kw_data_page_dup_root(self.root);

        g_free(self.root);
        self.root = root;
        status = run(&self);
    }
    g_free(self.root);
    return status;
}
