/* test-verb-backtest.c: the verb as its owner types it, with files of his own */
#include "kw-verb-backtest.h"

#include "kw-build-data.h"
#include "kw-test.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include <sysexits.h>

#define MAX_ARGS 24

static const gchar given[] =
    "return { name = 'given', timeframe = '1h', startup_candles = 0, stoploss = -0.5,\n"
    "  entry = function(c) return ge(c.extra('enter_long'), 1) end,\n"
    "  exit = function(c) return ge(c.extra('exit_long'), 1) end,\n"
    "  tags = function(c) return c.extra_label('enter_tag') end,\n"
    "  exit_tags = function(c) return c.extra_label('exit_tag') end }\n";

typedef struct {
    gchar *folder, *strategy, *out;
} Fixture;

static GString *printed;

static void
on_print(const gchar *text)
{
    g_string_append(printed, text);
}

/* Everything goes into @printed. @args: ends with NULL */
static int
run(const gchar *const *args)
{
    const gchar *argv[MAX_ARGS] = {"backtest"};
    GPrintFunc usual = g_set_print_handler(on_print);
    GPrintFunc usual_error = g_set_printerr_handler(on_print);
    int argc = 1, status;

    for (; args[argc - 1] != NULL; argc++)
        argv[argc] = args[argc - 1];
    g_string_truncate(printed, 0);
    status = kw_verb_backtest(argc, (char **) argv);
    (void) g_set_print_handler(usual);
    (void) g_set_printerr_handler(usual_error);
    return status;
}

static void
write_text(const gchar *folder, const gchar *name, const gchar *text)
{
    g_autofree gchar *path = g_build_filename(folder, name, NULL);

    g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

/* Enters on row 2 and leaves on row 6, which acts a row later each */
/* @step: hours between two rows */
static void
write_rows(const gchar *folder, const gchar *name, guint step, guint n_rows)
{
    GString *text = g_string_new("time,open,high,low,close,volume,enter_long,exit_long,"
                                 "enter_tag,exit_tag\n");

    for (guint i = 0; i < n_rows; i++)
        g_string_append_printf(text, "%u,%u,%u,%u,%u,5,%d,%d,%s,%s\n",
                               1735689600 + i * 3600 * step, 100 + i, 102 + i, 99 + i, 101 + i,
                               i == 2, i == 6, i == 2 ? "early" : "", i == 6 ? "enough" : "");
    write_text(folder, name, text->str);
    (void) g_string_free(text, TRUE);
}

static void
write_candles(const gchar *folder, const gchar *name, guint step)
{
    write_rows(folder, name, step, 12);
}

static void
set_up(Fixture *f, gconstpointer data)
{
    (void) data;
    f->folder = kw_test_tmp_dir_new();
    f->strategy = g_build_filename(f->folder, "given.lua", NULL);
    f->out = g_build_filename(f->folder, "out.json", NULL);
    write_text(f->folder, "given.lua", given);
    write_candles(f->folder, "BTC_USDT-1h.csv", 1);
    printed = g_string_new(NULL);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
    (void) data;
    kw_test_tmp_dir_free(f->folder);
    g_free(f->strategy);
    g_free(f->out);
    (void) g_string_free(printed, TRUE);
}

static void
test_given_signals(Fixture *f, gconstpointer data)
{
    const gchar *const args[] = {"-s",       f->strategy, "-d",      f->folder,
                                 "--fee",    "0.001",     "--stake", "50",
                                 "--export", f->out,      NULL};
    g_autoptr(JsonParser) parser = json_parser_new();
    JsonObject *block, *trade;

    (void) data;
    g_assert_cmpint(run(args), ==, 0);
    g_assert_nonnull(strstr(printed->str, "given"));
    g_assert_true(json_parser_load_from_file(parser, f->out, NULL));
    block = json_object_get_object_member(
        json_object_get_object_member(json_node_get_object(json_parser_get_root(parser)),
                                      "strategy"),
        "given");
    g_assert_cmpint(json_object_get_int_member(block, "total_trades"), ==, 1);
    trade = json_array_get_object_element(json_object_get_array_member(block, "trades"), 0);
    g_assert_cmpstr(json_object_get_string_member(trade, "enter_tag"), ==, "early");
    g_assert_cmpstr(json_object_get_string_member(trade, "exit_reason"), ==, "enough");
    g_assert_cmpfloat(json_object_get_double_member(trade, "open_rate"), ==, 103.0);
    g_assert_cmpfloat(json_object_get_double_member(trade, "close_rate"), ==, 107.0);
    g_assert_cmpint(json_object_get_int_member(trade, "trade_duration"), ==, 240);
}

/* (transfer full): equity of the given trade over candles up to the day @end */
static GBytes *
plot_until(Fixture *f, const gchar *end)
{
    g_autofree gchar *png = g_build_filename(f->folder, "equity.png", NULL);
    const gchar *const args[] = {"-s",   f->strategy, "-d",     f->folder, "--fee", "0.001",
                                 "--to", end,         "--plot", png,       NULL};
    gchar *content = NULL;
    gsize length = 0;

    g_assert_cmpint(run(args), ==, 0);
    g_assert_true(g_file_get_contents(png, &content, &length, NULL));
    return g_bytes_new_take(content, length);
}

/* The curve goes on to the end of the period, also when nothing is traded there any more. */
static void
test_plot_spans_period(Fixture *f, gconstpointer data)
{
    g_autoptr(GBytes) shorter = NULL;
    g_autoptr(GBytes) longer = NULL;
    g_autoptr(GBytes) again = NULL;

    (void) data;
    write_rows(f->folder, "BTC_USDT-1h.csv", 1, 6 * 24); /* six days, a trade on the first */
    shorter = plot_until(f, "2025-01-05");
    longer = plot_until(f, "2025-01-06");
    again = plot_until(f, "2025-01-06");
    g_assert_true(g_bytes_equal(longer, again));
    g_assert_false(g_bytes_equal(shorter, longer));
}

/* Three trades with a confidence: of two that are won, one is in the highest tier. */
static void
test_tiers(Fixture *f, gconstpointer data)
{
    static const gchar judged[] =
        "return { name = 'judged', timeframe = '1h', startup_candles = 0, stoploss = -0.5,\n"
        "  entry = function(c) return ge(c.extra('enter'), 1) end,\n"
        "  exit = function(c) return ge(c.extra('leave'), 1) end,\n"
        "  confidence = function(c) return c.extra('sure') end }\n";
    static const struct {
        guint price;
        const gchar *enter, *leave, *sure;
    } rows[] = {
        {100, "0", "0", "0.8"}, {100, "1", "0", "0.8"}, {100, "0", "0", "0.8"},
        {120, "0", "1", "0.8"}, {120, "0", "0", "0.8"}, {120, "1", "0", "0.8"},
        {120, "0", "0", "0.8"}, {100, "0", "1", "0.8"}, {100, "0", "0", "0.6"},
        {100, "0", "0", "0.6"}, {100, "1", "0", "0.6"}, {100, "0", "0", "0.6"},
        {120, "0", "1", "0.6"}, {120, "0", "0", "0.6"}, {120, "0", "0", "0.6"},
    };
    g_autofree gchar *strategy = g_build_filename(f->folder, "judged.lua", NULL);
    const gchar *const args[] = {"-s", strategy, "-d", f->folder, "--fee", "0.001", NULL};
    GString *text = g_string_new("time,open,high,low,close,volume,enter,leave,sure\n");
    const gchar *high, *low;

    (void) data;
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
        g_string_append_printf(text, "%u,%u,%u,%u,%u,5,%s,%s,%s\n", 1735689600 + i * 3600,
                               rows[i].price, rows[i].price, rows[i].price, rows[i].price,
                               rows[i].enter, rows[i].leave, rows[i].sure);
    write_text(f->folder, "BTC_USDT-1h.csv", text->str);
    (void) g_string_free(text, TRUE);
    write_text(f->folder, "judged.lua", judged);
    g_assert_cmpint(run(args), ==, 0);
    high = strstr(printed->str, "Stufe hoch");
    low = strstr(printed->str, "Stufe gering");
    g_assert_true(high != NULL && low != NULL);
    g_assert_true(g_regex_match_simple("^Stufe hoch +2 +50.% +50.% ", high, 0, 0));
    g_assert_true(g_regex_match_simple("^Stufe gering +1 +100.% +50.% ", low, 0, 0));
}

static void
test_json_is_one_object(Fixture *f, gconstpointer data)
{
    const gchar *const args[] = {"-s", f->strategy, "-d", f->folder, "--json", NULL};
    g_autoptr(JsonParser) parser = json_parser_new();

    (void) data;
    g_assert_cmpint(run(args), ==, 0);
    g_assert_true(json_parser_load_from_data(parser, printed->str, -1, NULL));
}

/* The column is not there, nor is the period. */
static void
test_refusals(Fixture *f, gconstpointer data)
{
    const gchar *const late[] = {"-s",     f->strategy,  "-d", f->folder,
                                 "--from", "2030-01-01", NULL};
    const gchar *const turned[] = {"-s",         f->strategy, "-d",         f->folder, "--from",
                                   "2025-02-01", "--to",      "2025-01-01", NULL};
    const gchar *const nowhere[] = {"-s", f->strategy, "-d", "/nowhere", NULL};
    const gchar *const fee[] = {"-s", f->strategy, "-d", f->folder, "--fee", "0,4", NULL};

    (void) data;
    g_assert_cmpint(run(late), ==, EX_DATAERR);
    g_assert_nonnull(strstr(printed->str, "BTC/USDT"));
    g_assert_cmpint(run(turned), ==, 2);
    g_assert_cmpint(run(nowhere), !=, 0);
    g_assert_cmpint(run(fee), ==, EX_CONFIG);
    write_text(f->folder, "BTC_USDT-1h.csv", "time,open,high,low,close,volume\n");
    g_assert_cmpint(run(late), ==, EX_DATAERR); /* names the file, and in German */
    g_assert_nonnull(strstr(printed->str, "BTC_USDT-1h.csv"));
    g_assert_nonnull(strstr(printed->str, "in der Datei sind keine Kerzen"));
    write_text(f->folder, "BTC_USDT-1h.csv",
               "time,open,high,low,close,volume\n1735689600,1,2,1,1,1\n1735693200,1,2,1,1,1\n"
               "1735696800,1,2,1,1,1\n");
    {
        const gchar *const plain[] = {"-s", f->strategy, "-d", f->folder, NULL};

        g_assert_cmpint(run(plain), ==, EX_DATAERR);
        g_assert_nonnull(strstr(printed->str, "enter_long"));
    }
}

/* Every third candle is there. */
static void
test_full_of_gaps(Fixture *f, gconstpointer data)
{
    const gchar *const args[] = {"-s", f->strategy, "-d", f->folder, NULL};
    const gchar *const filled[] = {"-s", f->strategy, "-d", f->folder, "--fill-gaps", NULL};

    (void) data;
    write_candles(f->folder, "BTC_USDT-1h.csv", 3);
    g_assert_cmpint(run(args), ==, EX_DATAERR);
    g_assert_nonnull(strstr(printed->str, "22"));
    g_assert_cmpint(run(filled), ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_nonnull(kw_data_get_resource());
    g_test_add("/app/verb-backtest/given", Fixture, NULL, set_up, test_given_signals,
               tear_down);
    g_test_add("/app/verb-backtest/plot-spans-period", Fixture, NULL, set_up,
               test_plot_spans_period, tear_down);
    g_test_add("/app/verb-backtest/tiers", Fixture, NULL, set_up, test_tiers, tear_down);
    g_test_add("/app/verb-backtest/json", Fixture, NULL, set_up, test_json_is_one_object,
               tear_down);
    g_test_add("/app/verb-backtest/refusals", Fixture, NULL, set_up, test_refusals, tear_down);
    g_test_add("/app/verb-backtest/gaps", Fixture, NULL, set_up, test_full_of_gaps, tear_down);
    return g_test_run();
}
