/* test-verb-data.c: the verb from its arguments to its output and exit status */
#include "kw-data-page.h"
#include "kw-test.h"
#include "kw-verb-data.h"

#include <sysexits.h>

/* What the verb printed; g_print has no argument for it. */
static GString *printed;

static void
on_print(const gchar *text)
{
    g_string_append(printed, text);
}

typedef struct {
    gchar *root; /* owned */
} Fixture;

static void
set_up(Fixture *fixture, gconstpointer unused)
{
    fixture->root = kw_test_tmp_dir_new();
    printed = g_string_new(NULL);
    (void) g_set_print_handler(on_print);
    (void) g_set_printerr_handler(on_print);
}

static void
tear_down(Fixture *fixture, gconstpointer unused)
{
    (void) g_set_print_handler(NULL);
    (void) g_set_printerr_handler(NULL);
    g_string_free(printed, TRUE);
    kw_test_tmp_dir_free(fixture->root);
}

/* Runs `data @words` with --root, if @root is not NULL. */
static int
run(const gchar *root, const gchar *words)
{
    g_auto(GStrv) split = g_strsplit(words, " ", -1);
    g_autoptr(GPtrArray) args = g_ptr_array_new();
    g_autofree gchar *option = g_strdup_printf("--root=%s", root);

    g_string_truncate(printed, 0);
    g_ptr_array_add(args, (gpointer) "data");
    for (guint i = 0; split[i] != NULL; i++) {
        if (*split[i] != '\0')
            g_ptr_array_add(args, split[i]);
    }
    if (root != NULL)
        g_ptr_array_add(args, option);
    g_ptr_array_add(args, NULL);
    return kw_verb_data((int) args->len - 1, (char **) args->pdata);
}

static int
import_fixture(const gchar *root, const gchar *name, const gchar *options)
{
    g_autofree gchar *relative = g_build_filename("market", name, NULL);
    g_autofree gchar *path = kw_test_fixture_path(relative);
    g_autofree gchar *words = g_strdup_printf("import %s %s", path, options);

    return run(root, words);
}

static void
assert_printed(const gchar *text)
{
    if (strstr(printed->str, text) == NULL)
        g_error("no '%s' in: %s", text, printed->str);
}

static void
test_import_and_list(Fixture *fixture, gconstpointer unused)
{
    g_assert_cmpint(run(fixture->root, "list"), ==, 0);
    assert_printed("Noch keine Kerzen");

    g_assert_cmpint(
        import_fixture(fixture->root, "binance-BTC_USDT-1m.outages-2018-06.csv.gz", ""), ==, 0);
    assert_printed("BTC/USDT 1m");
    assert_printed("übernommen 320");
    assert_printed("neu 320");

    g_assert_cmpint(run(fixture->root, "list"), ==, 0);
    assert_printed("BTC/USDT 1m: 2018-06-26 00:40");
    assert_printed("binance");

    /* once more: nothing is new, nothing is there twice */
    g_assert_cmpint(
        import_fixture(fixture->root, "binance-BTC_USDT-1m.outages-2018-06.csv.gz", ""), ==, 0);
    assert_printed("neu 0, bekannt 320");
}

static void
test_import_reports_defects(Fixture *fixture, gconstpointer unused)
{
    g_assert_cmpint(import_fixture(fixture->root, "binance-BTC_USDT-1m.offset-2017-12.csv.gz",
                                   "--verbose --dry-run"),
                    ==, 0);
    assert_printed("gelesen 499, übernommen 498 (repariert 239), abgelehnt 1");
    assert_printed("Zeile 62");
    assert_printed("Probelauf");
    g_assert_cmpint(run(fixture->root, "list"), ==, 0);
    assert_printed("Noch keine Kerzen");

    g_assert_cmpint(
        import_fixture(fixture->root, "kraken-ETH_USD-1h.spikes-2015-2017.csv.gz", "--json"),
        ==, 0);
    assert_printed("\"reasons\":{\"jump\":10}");
    assert_printed("\"gap_meaning\":\"no-trade\"");
    assert_printed("\"added\":632");
}

static void
test_import_exit_status(Fixture *fixture, gconstpointer unused)
{
    g_autofree gchar *garbage = g_build_filename(fixture->root, "garbage.csv", NULL);
    g_autofree gchar *words = g_strdup_printf("import %s --pair BTC/USDT", garbage);
    g_autofree gchar *nameless = g_strdup_printf("import %s", garbage);

    g_assert_true(g_file_set_contents(garbage, "Hello\nworld\n", -1, NULL));
    g_assert_cmpint(run(fixture->root, words), ==, EX_DATAERR);
    g_assert_cmpint(run(fixture->root, nameless), ==, 2);
    g_assert_cmpint(run(fixture->root, "import"), ==, 2);
    g_assert_cmpint(run(fixture->root, "import x.csv --pair BTC"), ==, 2);
    g_assert_cmpint(run(fixture->root, "import x.csv --nonsense"), ==, 2);
    g_assert_cmpint(run(fixture->root, "import /nowhere/BTC_USDT-1h.csv"), ==, EX_NOINPUT);
    g_assert_cmpint(
        import_fixture(fixture->root, "kraken-BTC_USDT-trades.csv.gz", "--pair BTC/USDT"), ==,
        EX_DATAERR);
    g_assert_cmpint(run(NULL, ""), ==, 2);
    g_assert_cmpint(run(NULL, "fly"), ==, 2);
    g_assert_cmpint(run(NULL, "--help"), ==, 0);
    assert_printed("synth");
}

static void
test_check(Fixture *fixture, gconstpointer unused)
{
    g_assert_cmpint(run(fixture->root, "check"), ==, 1);

    /* outages: two days with holes */
    g_assert_cmpint(
        import_fixture(fixture->root, "binance-BTC_USDT-1m.outages-2018-06.csv.gz", ""), ==, 0);
    g_assert_cmpint(run(fixture->root, "check --min 99.5"), ==, 1);
    assert_printed("2018-06-26");
    g_assert_cmpint(run(fixture->root, "check --min 1"), ==, 0);
    g_assert_cmpint(run(fixture->root, "check --min 101"), ==, 2);
    g_assert_cmpint(run(fixture->root, "check --min viel"), ==, 2);

    /* nobody traded: no fault of the data, but a whole day without a row is */
    g_assert_cmpint(
        import_fixture(fixture->root, "kraken-ETH_USD-1h.spikes-2015-2017.csv.gz", ""), ==, 0);
    g_assert_cmpint(run(fixture->root, "check --pair ETH/USD --json"), ==, 1);
    assert_printed("\"gap_meaning\":\"no-trade\"");
    assert_printed("{\"day\":\"2016-01-01\",\"rows\":0,\"expected\":24,\"complete\":0.0}");
}

static void
test_check_complete(Fixture *fixture, gconstpointer unused)
{
    g_autofree gchar *out = g_build_filename(fixture->root, "s-ETH_EUR-1h.csv.gz", NULL);
    g_autofree gchar *synth =
        g_strdup_printf("synth --seed 3 --pair ETH/EUR --days 5 --out %s", out);
    g_autofree gchar *import = g_strdup_printf("import %s", out);

    g_assert_cmpint(run(NULL, synth), ==, 0);
    assert_printed("120");
    g_assert_cmpint(run(NULL, synth), ==, EX_CANTCREAT); /* never over a file that is there */
    g_assert_cmpint(run(fixture->root, import), ==, 0);
    assert_printed("künstlich");
    g_assert_cmpint(run(fixture->root, "check --min 100"), ==, 0);
    assert_printed("ETH/EUR 1h: 100,00 %");
    g_assert_cmpint(run(fixture->root, "list --json"), ==, 0);
    assert_printed("\"synthetic\":true");
}

/* The table has the numbers of the vectors, and empty cells where they have them */
static void
test_columns(Fixture *fixture, gconstpointer unused)
{
    g_autofree gchar *path = kw_test_fixture_path("indicators/talib-btc-1h.csv.gz");
    g_autofree gchar *csv =
        g_strdup_printf("columns --list close,ema_9,stoch_slowk_14_3_3 %s", path);
    g_autofree gchar *json = g_strdup_printf("columns --json --list ema_9 %s", path);
    g_auto(GStrv) lines = NULL;

    g_assert_cmpint(run(NULL, csv), ==, 0);
    lines = g_strsplit(printed->str, "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, 1 + 1499 + 1);
    g_assert_cmpstr(lines[0], ==, "time,close,ema_9,stoch_slowk_14_3_3");
    g_assert_cmpstr(lines[1], ==, "1609459200,28995.13,,");
    g_assert_true(g_str_has_prefix(lines[100], "1609815600,31200,31819.161398"));

    g_assert_cmpint(run(NULL, json), ==, 0);
    g_assert_true(g_str_has_prefix(printed->str, "[{\"time\":1609459200,\"ema_9\":null},\n{"));
    g_assert_true(g_str_has_suffix(printed->str, "}]\n"));
}

static void
test_columns_refused(Fixture *fixture, gconstpointer unused)
{
    g_autofree gchar *path = kw_test_fixture_path("indicators/talib-btc-1h.csv.gz");
    g_autofree gchar *wrong = g_strdup_printf("columns --list ema_0,close,foo %s", path);
    g_autofree gchar *both = g_strdup_printf("columns --list close --csv --json %s", path);

    g_assert_cmpint(run(NULL, wrong), ==, KW_DATA_EXIT_USAGE);
    assert_printed("ema_0"); /* both at once */
    assert_printed("foo");
    g_assert_cmpint(run(NULL, both), ==, KW_DATA_EXIT_USAGE);
    g_assert_cmpint(run(NULL, "columns --list close"), ==, KW_DATA_EXIT_USAGE);
    g_assert_cmpint(run(NULL, "columns"), ==, KW_DATA_EXIT_USAGE);
    g_assert_cmpint(run(NULL, "columns --list close /none"), ==, EX_DATAERR);
    g_assert_cmpint(run(NULL, "columns --names"), ==, 0);
    assert_printed("sar_step [0.0001-1; 0.02]_max [0.0001-1; 0.2]");
}

/* Candles to a feature file, looked at; a damaged one and a wrong list are told apart */
static void
test_features(Fixture *fixture, gconstpointer unused)
{
    g_autofree gchar *candles =
        g_build_filename(fixture->root, "synth-BTC_USDT-1h.csv.gz", NULL);
    g_autofree gchar *out = g_build_filename(fixture->root, "a.features", NULL);
    g_autofree gchar *list = g_build_filename(fixture->root, "own.ini", NULL);
    g_autofree gchar *synth = g_strdup_printf("synth --days 60 --out %s", candles);
    g_autofree gchar *good = g_strdup_printf("features --out %s %s", out, candles);
    g_autofree gchar *show = g_strdup_printf("features --json --show %s", out);
    g_autofree gchar *bad = g_strdup_printf("features --features %s %s", list, candles);

    g_assert_cmpint(run(NULL, synth), ==, 0);
    g_assert_cmpint(run(NULL, good), ==, 0);
    assert_printed("88 Merkmale, alle bestimmt ab Zeile 520");
    assert_printed("BTC/USDT 1h, künstlich");
    g_assert_cmpint(run(NULL, show), ==, 0);
    assert_printed("\"rows\":1440,\"features\":88,\"first_whole_row\":519,\"synthetic\":true");

    g_assert_true(g_file_set_contents(out, "KWFEAT", -1, NULL));
    g_assert_cmpint(run(NULL, show), ==, KW_DATA_EXIT_NO);
    assert_printed("keine brauchbare Merkmaldatei");
    g_assert_true(g_file_set_contents(list, "[features]\nnames = rsy\nperods = 3\n", -1, NULL));
    g_assert_cmpint(run(NULL, bad), ==, EX_CONFIG);
    assert_printed("rsi"); /* what may have been meant, of both */
    assert_printed("periods");
    g_assert_true(g_file_set_contents(
        list, "[features]\nnames = rsi\nperiods = 3\npairs = ETH/USDT\n", -1, NULL));
    g_assert_cmpint(run(NULL, bad), ==, KW_DATA_EXIT_USAGE);
    assert_printed("braucht Kerzen von ETH/USDT");
    g_assert_cmpint(run(NULL, "features"), ==, KW_DATA_EXIT_USAGE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/app/verb-data/import-and-list", Fixture, NULL, set_up, test_import_and_list,
               tear_down);
    g_test_add("/app/verb-data/import-reports-defects", Fixture, NULL, set_up,
               test_import_reports_defects, tear_down);
    g_test_add("/app/verb-data/import-exit-status", Fixture, NULL, set_up,
               test_import_exit_status, tear_down);
    g_test_add("/app/verb-data/check", Fixture, NULL, set_up, test_check, tear_down);
    g_test_add("/app/verb-data/check-complete", Fixture, NULL, set_up, test_check_complete,
               tear_down);
    g_test_add("/app/verb-data/columns", Fixture, NULL, set_up, test_columns, tear_down);
    g_test_add("/app/verb-data/columns-refused", Fixture, NULL, set_up, test_columns_refused,
               tear_down);
    g_test_add("/app/verb-data/features", Fixture, NULL, set_up, test_features, tear_down);
    return g_test_run();
}
