/* test-config.c: F51 and its relatives: every fault found at once, nothing half applied */
#include "kw-config-table.h"
#include "kw-error.h"
#include "kw-test.h"

#include <string.h>
#include <unistd.h>

typedef struct {
    gchar *dir;  /* owned */
    gchar *path; /* owned */
    KwConfig *config;
    GPtrArray *problems;
} Fixture;

static void
set_up(Fixture *fixture, gconstpointer unused)
{
    fixture->dir = kw_test_tmp_dir_new();
    fixture->path = g_build_filename(fixture->dir, "kurswart.conf", NULL);
    fixture->config = kw_config_new(kw_config_table_get_bot());
    fixture->problems = kw_config_problems_new();
}

static void
tear_down(Fixture *fixture, gconstpointer unused)
{
    g_clear_pointer(&fixture->problems, g_ptr_array_unref);
    g_clear_pointer(&fixture->config, kw_config_free);
    g_clear_pointer(&fixture->path, g_free);
    g_clear_pointer(&fixture->dir, kw_test_tmp_dir_free);
}

static gboolean
load(Fixture *fixture, const gchar *content, const gchar *const *environment)
{
    (void) unlink(fixture->path);
    g_assert_true(g_file_set_contents_full(fixture->path, content, -1, G_FILE_SET_CONTENTS_NONE,
                                           0600, NULL));
    return kw_config_load(fixture->config, fixture->path, environment, fixture->problems);
}

static const KwConfigProblem *
problem_at(const Fixture *fixture, guint index)
{
    g_assert_cmpuint(index, <, fixture->problems->len);
    return g_ptr_array_index(fixture->problems, index);
}

static void
test_defaults(Fixture *fixture, gconstpointer unused)
{
    KwConfig *config = fixture->config;
    const gchar *const *pairs = kw_config_get_list(config, "trading", "pairs");
    KwDate date;

    g_assert_cmpstr(kw_config_get_string(config, "bot", "mode"), ==, "dryrun");
    g_assert_cmpuint(kw_config_get_choice(config, "bot", "mode"), ==, 0);
    g_assert_cmpint(kw_config_get_minute(config, "chat", "digest_time"), ==, 20 * 60);
    g_assert_cmpfloat(kw_config_get_double(config, "trading", "fee"), ==, 0.004);
    g_assert_true(kw_config_is_word(config, "trading", "stake_amount"));
    g_assert_cmpint(kw_config_get_decimal(config, "trading", "starting_capital").mant, ==,
                    1000);
    g_assert_cmpuint(g_strv_length((gchar **) pairs), ==, 2);
    g_assert_cmpstr(pairs[1], ==, "ETH/USDT");
    g_assert_cmpstr(kw_config_get_string(config, "data", "root"), ==, "");
    g_assert_cmpuint(g_strv_length((gchar **) kw_config_get_list(config, "feed", "path")), ==,
                     0);
    g_assert_false(kw_config_get_date(config, "feed", "from", &date));
    g_assert_true(kw_config_load(config, NULL, NULL, fixture->problems));
    g_assert_cmpint(kw_config_get_source(config, "bot", "mode"), ==, KW_CONFIG_SOURCE_DEFAULT);
}

static void
test_file_then_environment(Fixture *fixture, gconstpointer unused)
{
    static const gchar *const environment[] = {"PATH=/bin", "KURSWART_TRADING_FEE=0.002",
                                               "KURSWART_CONFIG=/etc/x", NULL};
    KwConfig *config = fixture->config;
    KwDate date;

    g_assert_true(load(fixture,
                       "# a comment\n[trading]\n  fee=0.001\r\nstake_amount = 100.50\n"
                       "pairs=BTC/USDT;\namend_last_stake_amount = true\n\n"
                       "[feed]\nfrom = 2025-02-03\npath = /a b, /c\n",
                       environment));
    g_assert_cmpfloat(kw_config_get_double(config, "trading", "fee"), ==, 0.002);
    g_assert_cmpint(kw_config_get_source(config, "trading", "fee"), ==,
                    KW_CONFIG_SOURCE_ENVIRONMENT);
    g_assert_false(kw_config_is_word(config, "trading", "stake_amount"));
    g_assert_cmpint(kw_config_get_decimal(config, "trading", "stake_amount").mant, ==, 10050);
    g_assert_true(kw_config_get_bool(config, "trading", "amend_last_stake_amount"));
    g_assert_cmpint(kw_config_get_source(config, "trading", "pairs"), ==,
                    KW_CONFIG_SOURCE_FILE);
    g_assert_cmpuint(g_strv_length((gchar **) kw_config_get_list(config, "trading", "pairs")),
                     ==, 1);
    g_assert_cmpstr(kw_config_get_list(config, "feed", "path")[0], ==, "/a b");
    g_assert_true(kw_config_get_date(config, "feed", "from", &date));
    g_assert_cmpint(date.day, ==, 3);
}

/* F51: all in one go, each with what is allowed and an example */
static void
test_all_faults_at_once(Fixture *fixture, gconstpointer unused)
{
    static const gchar *const environment[] = {"KURSWART_TRADNG_FEE=1",
                                               "KURSWART_LOG_LEVEL=loud", NULL};
    static const struct {
        KwConfigFault fault;
        const gchar *section, *key;
        guint line;
        const gchar *expected, *suggestion;
    } rows[] = {
        {KW_CONFIG_NO_CHOICE, "bot", "mode", 2, "dryrun | live", NULL},
        {KW_CONFIG_UNKNOWN_ZONE, "bot", "zone", 3, "Area/City", NULL},
        {KW_CONFIG_OUT_OF_RANGE, "trading", "tradable_balance_ratio", 5, "0.01..1", NULL},
        {KW_CONFIG_EMPTY, "trading", "pairs", 6, "BTC/USDT, ETH/USDT", NULL},
        {KW_CONFIG_OUT_OF_RANGE, "trading", "fee", 7, "0..0.1", NULL},
        {KW_CONFIG_UNKNOWN_KEY, "trading", "max_opn_trades", 8, NULL, "max_open_trades"},
        {KW_CONFIG_WRONG_TYPE, "trading", "starting_capital", 9, "1..100000000", NULL},
        {KW_CONFIG_SYNTAX, "trading", NULL, 10, NULL, NULL},
        {KW_CONFIG_WRONG_TYPE, "trading", "threshold", 11, "0..1", NULL},
        {KW_CONFIG_TWICE, "trading", "threshold", 12, NULL, NULL},
        {KW_CONFIG_UNKNOWN_KEY, "trading", "mode", 13, NULL, "[bot] mode"},
        {KW_CONFIG_UNKNOWN_SECTION, "chatt", NULL, 14, NULL, "chat"},
        {KW_CONFIG_WRONG_TYPE, "chat", "digest_time", 17, "HH:MM", NULL},
        {KW_CONFIG_UNKNOWN_KEY, NULL, "KURSWART_TRADNG_FEE", 0, NULL, "KURSWART_TRADING_FEE"},
        {KW_CONFIG_NO_CHOICE, "log", "level", 0, "debug | info | message | warning | critical",
         NULL},
    };

    g_assert_false(
        load(fixture,
             "[bot]\nmode = lve\nzone = Europe/Wien\n"
             "[trading]\ntradable_balance_ratio = 99\npairs =\nfee = -0.1\n"
             "max_opn_trades = 3\nstarting_capital = 1,5\nnonsense\nthreshold = 6e-1\n"
             "threshold = 0.5\nmode = live\n"
             "[chatt]\nany = thing\n[chat]\ndigest_time = 25 Uhr\n",
             environment));
    g_assert_cmpuint(fixture->problems->len, ==, G_N_ELEMENTS(rows));
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        const KwConfigProblem *problem = problem_at(fixture, i);
        g_autofree gchar *text = kw_config_problem_to_string(problem);

        g_test_message("%s", text);
        g_assert_cmpint(problem->fault, ==, rows[i].fault);
        g_assert_cmpstr(problem->section, ==, rows[i].section);
        g_assert_cmpstr(problem->key, ==, rows[i].key);
        g_assert_cmpuint(problem->line, ==, rows[i].line);
        g_assert_cmpstr(problem->expected, ==, rows[i].expected);
        g_assert_cmpstr(problem->suggestion, ==, rows[i].suggestion);
        g_assert_true((problem->expected != NULL) == (problem->example != NULL));
    }
    /* nothing half applied */
    g_assert_cmpstr(kw_config_get_string(fixture->config, "bot", "mode"), ==, "dryrun");
    g_assert_cmpfloat(kw_config_get_double(fixture->config, "trading", "threshold"), ==, 0.6);
}

static void
test_error(Fixture *fixture, gconstpointer unused)
{
    g_autoptr(GError) error = NULL;

    g_assert_true(kw_config_problems_to_error(fixture->problems, &error));
    g_assert_no_error(error);
    g_assert_false(load(fixture, "[bot]\nmode = l\x1b[31m\nname =\n", NULL));
    g_assert_false(kw_config_problems_to_error(fixture->problems, &error));
    g_assert_error(error, KW_CONFIG_ERROR, KW_CONFIG_ERROR_INVALID);
    g_test_message("%s", error->message);
    g_assert_nonnull(strstr(error->message, "kurswart.conf:2: [bot] mode = \"l\\x1b[31m\""));
    g_assert_nonnull(strstr(error->message, "\n"));
    g_assert_nonnull(strstr(error->message, "example: mode = dryrun"));
}

static void
test_pairs(Fixture *fixture, gconstpointer unused)
{
    static const struct {
        const gchar *text;
        KwConfigFault fault;
    } rows[] = {
        {"[trading]\npairs = BTCUSDT\n", KW_CONFIG_WRONG_TYPE},
        {"[trading]\npairs = btc/usdt\n", KW_CONFIG_WRONG_TYPE},
        {"[trading]\npairs = BTC/USDT,,ETH/USDT\n", KW_CONFIG_WRONG_TYPE},
        {"[trading]\npairs = BTC/USDT, BTC/USDT\n", KW_CONFIG_TWICE},
        {"[trading]\npairs = BTC/USDT/X\n", KW_CONFIG_WRONG_TYPE},
        {"[trading]\npairs = BTC/EUR\n", KW_CONFIG_CONTRADICTION},
        {"[trading]\nstake_currency = EUR\n", KW_CONFIG_CONTRADICTION},
        {"[trading]\npairs = ,\n", KW_CONFIG_WRONG_TYPE},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("%s", rows[i].text);
        g_assert_false(load(fixture, rows[i].text, NULL));
        g_assert_cmpint(problem_at(fixture, (guint) i)->fault, ==, rows[i].fault);
    }
}

static void
test_broken_files(Fixture *fixture, gconstpointer unused)
{
    g_autofree gchar *huge = g_strnfill(300000, '#');

    g_assert_false(
        kw_config_load(fixture->config, "/nowhere/kurswart.conf", NULL, fixture->problems));
    g_assert_cmpint(problem_at(fixture, 0)->fault, ==, KW_CONFIG_UNREADABLE);
    g_assert_false(load(fixture, huge, NULL));
    g_assert_true(g_file_set_contents(fixture->path, "[bot]\n\0mode=live", 16, NULL));
    g_assert_false(kw_config_load(fixture->config, fixture->path, NULL, fixture->problems));
    g_assert_false(load(fixture, "mode = live\n", NULL));
    g_assert_false(load(fixture, "[bot\nmode = live\n", NULL));
    g_assert_false(load(fixture, "[bot]\nname = \xff\n", NULL));
    g_assert_cmpuint(fixture->problems->len, ==, 6);
}

static void
test_set(Fixture *fixture, gconstpointer unused)
{
    g_assert_true(kw_config_set(fixture->config, "feed", "speed", "3600", fixture->problems));
    g_assert_cmpfloat(kw_config_get_double(fixture->config, "feed", "speed"), ==, 3600);
    g_assert_cmpint(kw_config_get_source(fixture->config, "feed", "speed"), ==,
                    KW_CONFIG_SOURCE_OPTION);
    g_assert_false(kw_config_set(fixture->config, "feed", "speed", "-1", fixture->problems));
    g_assert_cmpfloat(kw_config_get_double(fixture->config, "feed", "speed"), ==, 3600);
    g_assert_cmpuint(fixture->problems->len, ==, 1);
}

/* The printed configuration is a file that gives the same configuration. */
static void
test_text_round_trip(Fixture *fixture, gconstpointer unused)
{
    g_autoptr(KwConfig) again = kw_config_new(kw_config_table_get_bot());
    g_autofree gchar *text = NULL;
    g_autofree gchar *hash = NULL;
    g_autofree gchar *default_hash = kw_config_dup_hash(again);
    g_autofree gchar *again_hash = NULL;

    g_assert_true(load(fixture, "[trading]\nfee = 0.0015\n", NULL));
    text = kw_config_to_text(fixture->config);
    g_assert_nonnull(strstr(text, "# file\nfee = 0.0015\n"));
    g_assert_nonnull(strstr(text, "# default\nmode = dryrun\n"));
    hash = kw_config_dup_hash(fixture->config);
    g_assert_cmpstr(hash, !=, default_hash);
    g_assert_true(g_file_set_contents(fixture->path, text, -1, NULL));
    g_assert_true(kw_config_load(again, fixture->path, NULL, fixture->problems));
    again_hash = kw_config_dup_hash(again);
    g_assert_cmpstr(hash, ==, again_hash);
}

/* Limits: percentages are shares, no environment widens them, one list for both files */
static void
test_limits(Fixture *fixture, gconstpointer unused)
{
    static const gchar *const environment[] = {"KURSWART_LIMITS_MAX_STAKE=1000000", NULL};
    g_autoptr(KwConfig) limits = kw_config_new(kw_config_table_get_limits());

    g_assert_true(kw_config_load(limits, NULL, environment, fixture->problems));
    g_assert_cmpint(kw_config_get_decimal(limits, "limits", "max_stake").mant, ==, 1000);
    g_assert_false(kw_config_load(fixture->config, NULL, environment, fixture->problems));
    g_assert_cmpuint(fixture->problems->len, ==, 1);
    g_assert_true(g_file_set_contents(
        fixture->path, "[limits]\nmax_drawdown_ratio = 20\nmax_daily_loss_abs = -5\n", -1,
        NULL));
    g_assert_false(kw_config_load(limits, fixture->path, NULL, fixture->problems));
    g_assert_cmpuint(fixture->problems->len, ==, 3);
    g_assert_true(g_file_set_contents(fixture->path, "[limits]\nmin_stake = 2000\n", -1, NULL));
    g_assert_false(kw_config_load(limits, fixture->path, NULL, fixture->problems));
    g_assert_cmpint(problem_at(fixture, 3)->fault, ==, KW_CONFIG_CONTRADICTION);
}

static const KwConfigRow odd_rows[] = {
    {"a", "wait", KW_CONFIG_DURATION, "5m", "30s", "1d", "never", "5m", "d", "e"},
};
static const KwConfigTable odd_table = {.file_name = "odd.conf", .rows = odd_rows, .n_rows = 1};

static void
test_duration(Fixture *fixture, gconstpointer unused)
{
    static const gchar *const bad[] = {"5",   "m",  "1.5h", "-5m", "29s",
                                       "25h", "2d", "5 m",  "5M",  "99999999999999999d"};
    g_autoptr(KwConfig) config = kw_config_new(&odd_table);

    g_assert_cmpint(kw_config_get_duration_us(config, "a", "wait"), ==, 300 * G_USEC_PER_SEC);
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_test_message("%s", bad[i]);
        g_assert_false(kw_config_set(config, "a", "wait", bad[i], fixture->problems));
    }
    g_assert_true(kw_config_set(config, "a", "wait", "24h", fixture->problems));
    g_assert_cmpint(kw_config_get_duration_us(config, "a", "wait"), ==, KW_US_PER_DAY);
    g_assert_true(kw_config_set(config, "a", "wait", "never", fixture->problems));
    g_assert_true(kw_config_is_word(config, "a", "wait"));
}

/* Property: damaged files never crash, and what is refused changes nothing. */
static void
test_damaged(Fixture *fixture, gconstpointer unused)
{
    g_autofree gchar *sample = kw_config_to_text(fixture->config);

    for (guint i = 0; i < 300; i++) {
        g_autofree gchar *text = g_strdup(sample);
        g_autofree gchar *before = kw_config_to_text(fixture->config);
        g_autofree gchar *after = NULL;

        for (gint n = g_test_rand_int_range(1, 6); n > 0; n--)
            text[g_test_rand_int_range(0, (gint32) strlen(sample))] =
                (gchar) g_test_rand_int_range(1, 256);
        if (load(fixture, text, NULL))
            continue;
        g_assert_cmpuint(fixture->problems->len, >, 0);
        g_ptr_array_set_size(fixture->problems, 0);
        after = kw_config_to_text(fixture->config);
        g_assert_cmpstr(before, ==, after);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(path, func) g_test_add(path, Fixture, NULL, set_up, func, tear_down)
    ADD("/base/config/defaults", test_defaults);
    ADD("/base/config/file-then-environment", test_file_then_environment);
    ADD("/base/config/all-faults-at-once", test_all_faults_at_once);
    ADD("/base/config/error", test_error);
    ADD("/base/config/pairs", test_pairs);
    ADD("/base/config/broken-files", test_broken_files);
    ADD("/base/config/set", test_set);
    ADD("/base/config/text-round-trip", test_text_round_trip);
    ADD("/base/config/limits", test_limits);
    ADD("/base/config/duration", test_duration);
    ADD("/base/config/damaged", test_damaged);
    return g_test_run();
}
